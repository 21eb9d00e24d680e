//! The table itself: every command with its menu, words and keys.

use egui::{Key, KeyboardShortcut, Modifiers};

/// Where a command stands in the menu bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    /// Files and the program.
    File,
    /// History and clipboard.
    Edit,
    /// Marks.
    Annotate,
    /// How it looks.
    View,
    /// Where the eye goes.
    Go,
    /// Explanations.
    Help,
}

impl Menu {
    /// All menus from left to right.
    pub const ALL: [Self; 6] = [
        Self::File,
        Self::Edit,
        Self::Annotate,
        Self::View,
        Self::Go,
        Self::Help,
    ];

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::Annotate => "Annotate",
            Self::View => "View",
            Self::Go => "Go",
            Self::Help => "Help",
        }
    }
}

/// What the table says of one command.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The menu it stands in.
    pub menu: Menu,
    /// The submenu, or empty.
    pub submenu: &'static str,
    /// Commands of one group stand together; a line parts them from the next.
    pub group: u8,
    /// What it is called.
    pub text: &'static str,
    /// What it does, in one sentence.
    pub tooltip: &'static str,
    /// Its keys, the one to show first.
    pub keys: &'static [KeyboardShortcut],
}

macro_rules! table {
    ($($menu:ident $submenu:literal $group:literal {
        $($name:ident $text:literal $tooltip:literal $keys:expr;)*
    })*) => {
        /// One thing a person can ask for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum UiCommand {
            $($(#[doc = $tooltip] $name,)*)*
        }

        impl UiCommand {
            /// All commands in the order of the menus.
            pub const ALL: &'static [Self] = &[$($(Self::$name,)*)*];

            /// What the table says of it.
            pub fn row(self) -> Row {
                match self {
                    $($(Self::$name => Row {
                        menu: Menu::$menu,
                        submenu: $submenu,
                        group: $group,
                        text: $text,
                        tooltip: $tooltip,
                        keys: const { &$keys },
                    },)*)*
                }
            }
        }
    };
}

const fn plain(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

const fn shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::SHIFT, key)
}

const fn cmd(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

const fn cmd_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

const fn cmd_alt(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::ALT), key)
}

const fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::CTRL, key)
}

const fn ctrl_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::CTRL.plus(Modifiers::SHIFT), key)
}

const fn alt(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::ALT, key)
}

const fn alt_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::ALT.plus(Modifiers::SHIFT), key)
}

table! {
    File "" 0 {
        Open "Open…" "Open articles." [cmd(Key::O)];
        OpenByPath "Open by path…" "Open an article by typing its path." [cmd_shift(Key::O)];
    }
    File "" 1 {
        Save "Save" "Save the annotations in a file beside the article." [cmd(Key::S)];
        SaveAs "Save annotations as…" "Save the annotations in another file." [cmd_shift(Key::S)];
        SaveAll "Save all" "Save the annotations of all open articles." [cmd_alt(Key::S)];
    }
    File "" 2 {
        ArticleDetails "Article details…" "Edit the title, author, publisher and date of this article." [cmd(Key::I)];
        Encoding "Encoding…" "Reload the article in another character encoding." [];
        Salvage "Recover damaged file…" "Recover what can be read of the damaged annotation file, as a copy." [];
        UnsavedWork "Unsaved work…" "Restore work that was not saved when the program ended." [];
        EarlierVersions "Earlier versions…" "Compare with an earlier version of the annotations, or restore it." [];
        CompareTheirs "Compare with file on disk…" "Compare your unsaved annotations with what somebody else saved, and choose." [];
        TryLock "Retry editing" "Check whether anybody else still has these annotations open." [];
        LookForChanges "Check for changes on disk" "Check whether another program or person changed the open files." [plain(Key::F5)];
        AdoptText "Use this version" "Attach the annotations to the article as it is now." [];
    }
    File "" 3 {
        CloseArticle "Close article" "Close this article." [cmd(Key::W)];
        Quit "Quit" "Close all articles and quit Sourcemark." [cmd(Key::Q)];
    }

    Edit "" 0 {
        Undo "Undo" "Undo the last step." [cmd(Key::Z)];
        Redo "Redo" "Redo the last undone step." [cmd_shift(Key::Z), cmd(Key::Y)];
    }
    Edit "" 1 {
        Copy "Copy" "Copy the selected text without deceptive hidden characters." [cmd(Key::C)];
        CopyExactly "Copy with hidden characters" "Copy the selected text exactly as it is in the article." [cmd_shift(Key::C)];
        SelectAll "Select all" "Select the whole article." [cmd(Key::A)];
        GrowSelection "Expand selection" "Expand the selection to the word, sentence, paragraph, article." [alt(Key::ArrowUp)];
        ShrinkSelection "Shrink selection" "Return to the smaller selection." [alt(Key::ArrowDown)];
    }
    Edit "" 2 {
        Find "Find in article…" "Find words in the text of the article." [cmd(Key::F)];
        FindNext "Find next" "Go to the next match." [plain(Key::F3)];
        FindPrevious "Find previous" "Go to the previous match." [shift(Key::F3)];
    }
    Edit "" 3 {
        Preferences "Preferences…" "Change your name, the theme and how articles are shown." [cmd(Key::Comma)];
    }

    Annotate "" 0 {
        Highlight "Highlight without tag" "Mark the selection now and choose a tag later." [plain(Key::H)];
        Marker "Marker" "Tag every passage as soon as you have selected it." [plain(Key::M)];
    }
    Annotate "" 1 {
        EditNote "Edit note" "Write a note on the selected annotation." [plain(Key::Enter)];
        SetSpeaker "Set speaker" "Enter who makes this statement." [plain(Key::S)];
        AddPart "Add selection to annotation" "Continue the selected annotation at the selected text, for a statement interrupted by “he said”." [plain(Key::A)];
        RemovePart "Remove part" "Remove the part at the caret from the selected annotation." [];
        Remove "Remove annotation" "Remove the selected annotation. Undo restores it." [plain(Key::Delete), plain(Key::Backspace)];
    }
    Annotate "Move ends" 2 {
        EndForward "Extend end by a word" "Move the end of the selected annotation one word forward." [alt(Key::ArrowRight)];
        EndBack "Shorten end by a word" "Move the end of the selected annotation one word back." [alt(Key::ArrowLeft)];
        StartForward "Shorten start by a word" "Move the start of the selected annotation one word forward." [alt_shift(Key::ArrowRight)];
        StartBack "Extend start by a word" "Move the start of the selected annotation one word back." [alt_shift(Key::ArrowLeft)];
    }
    Annotate "" 3 {
        NewTag "New tag…" "Add a tag of your own." [cmd(Key::T)];
        CompanionTags "Add companion tags" "Add further tags: finding, rule, no comment, evidence and others." [];
        Guideline "Tag guideline" "Show when to use the tag of the selected annotation." [cmd(Key::G)];
    }
    Annotate "" 4 {
        Conflicts "Resolve conflicts…" "Choose between values that a merge could not combine." [];
    }

    View "" 0 {
        LeftPanel "Articles and tags" "Show or hide the left panel." [plain(Key::F9)];
        RightPanel "Annotations" "Show or hide the right panel." [plain(Key::F10)];
    }
    View "Theme" 1 {
        ThemeSystem "Follow system" "Use the light or dark theme, like the system." [];
        ThemeLight "Light" "Dark text on a white page." [];
        ThemeSepia "Sepia" "Dark text on a warm page." [];
        ThemeDark "Dark" "Light text on a dark page." [];
    }
    View "Text" 1 {
        TextLarger "Larger" "Enlarge the text of the article." [cmd(Key::Equals), cmd(Key::Plus)];
        TextSmaller "Smaller" "Reduce the text of the article." [cmd(Key::Minus)];
        TextReset "Actual size" "Show the text of the article at its default size." [cmd(Key::Num0)];
        MeasureWider "Longer lines" "Show more characters on a line." [cmd(Key::CloseBracket)];
        MeasureNarrower "Shorter lines" "Show fewer characters on a line." [cmd(Key::OpenBracket)];
        FaceSerif "Serif" "Show the article in Literata." [];
        FaceSans "Sans serif" "Show the article in Inter." [];
    }
    View "Numbers" 1 {
        NumberNothing "None" "Show no numbers in the margin." [];
        NumberParagraphs "Paragraphs" "Number the paragraphs in the margin." [];
        NumberLines "Lines" "Number the lines of the file in the margin." [];
    }
    View "" 2 {
        RevealDeceptive "Show deceptive characters" "Label direction overrides, zero-width and control characters, and mark words of mixed alphabets." [plain(Key::F7)];
        RevealAll "Show all hidden characters" "Also label the joiners, direction marks and soft hyphens that some scripts need." [shift(Key::F7)];
    }

    Go "" 0 {
        NextAnnotation "Next annotation" "Go to the next annotation in the text." [plain(Key::N)];
        PreviousAnnotation "Previous annotation" "Go to the previous annotation in the text." [plain(Key::P)];
        Back "Back" "Return to where you were before the last jump." [plain(Key::B)];
        NextHidden "Next hidden character" "Go to the next deceptive character or word of mixed alphabets." [plain(Key::F8)];
        PreviousHidden "Previous hidden character" "Go to the previous deceptive character or word of mixed alphabets." [shift(Key::F8)];
        CycleOverlapping "Next overlapping annotation" "Select the next of the annotations that overlap here." [plain(Key::O)];
    }
    Go "" 1 {
        NextArticle "Next article" "Show the next open article." [ctrl(Key::Tab), cmd(Key::PageDown)];
        PreviousArticle "Previous article" "Show the previous open article." [ctrl_shift(Key::Tab), cmd(Key::PageUp)];
        OtherPane "Switch pane" "Move between the text and the list of annotations." [plain(Key::F6)];
    }
    Go "" 2 {
        Palette "Find a command…" "Find any command by its name." [cmd_shift(Key::P), cmd(Key::K)];
        Cancel "Cancel" "Put the marker down, clear the selection, select no annotation." [plain(Key::Escape)];
    }

    Help "" 0 {
        Help "Keys and help" "Show all keyboard shortcuts and how to start." [plain(Key::F1)];
        About "About Sourcemark" "Show the version, licence and credits." [];
    }
}
