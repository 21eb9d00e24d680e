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
        Open "Open…" "Choose articles to open." [cmd(Key::O)];
        OpenByPath "Open by path…" "Type where the article is." [cmd_shift(Key::O)];
    }
    File "" 1 {
        Save "Save" "Save the annotations beside the article." [cmd(Key::S)];
        SaveAs "Save annotations as…" "Save the annotations in a file of your choice." [cmd_shift(Key::S)];
        SaveAll "Save all" "Save the annotations of all open articles." [cmd_alt(Key::S)];
    }
    File "" 2 {
        ArticleDetails "Article details…" "Title, author, publisher and date of this article." [cmd(Key::I)];
        Encoding "Encoding…" "Read the article again in another encoding." [];
        Salvage "Rescue what can be read…" "See what can be read of the damaged annotation file, and open it as a copy." [];
        UnsavedWork "Unsaved work…" "Work that was not saved because the program ended." [];
        EarlierVersions "Earlier versions…" "What the annotation file held before, and what differs." [];
        CompareTheirs "Compare with the disk…" "See what somebody else has saved while you had unsaved annotations, and choose." [];
        TryLock "Try to edit again" "See whether nobody else has these annotations open any more." [];
        LookForChanges "Look for changes" "See whether somebody else has changed the open files." [plain(Key::F5)];
        AdoptText "Adopt this text" "Take the text as it is now as the one the annotations stand on." [];
    }
    File "" 3 {
        CloseArticle "Close article" "Close this article." [cmd(Key::W)];
        Quit "Quit" "Close all articles and the program." [cmd(Key::Q)];
    }

    Edit "" 0 {
        Undo "Undo" "Take the last step back." [cmd(Key::Z)];
        Redo "Redo" "Carry the step out again that was taken back." [cmd_shift(Key::Z), cmd(Key::Y)];
    }
    Edit "" 1 {
        Copy "Copy" "Copy the selected text, without hidden characters that deceive." [cmd(Key::C)];
        CopyExactly "Copy with hidden characters" "Copy the selected text exactly as it stands in the article." [cmd_shift(Key::C)];
        SelectAll "Select all" "Select the whole article." [cmd(Key::A)];
        GrowSelection "Grow selection" "From the word to the sentence, the paragraph, the article." [alt(Key::ArrowUp)];
        ShrinkSelection "Shrink selection" "Back to the smaller selection." [alt(Key::ArrowDown)];
    }
    Edit "" 2 {
        Preferences "Preferences…" "Your name, the theme, the text." [cmd(Key::Comma)];
    }

    Annotate "" 0 {
        Highlight "Highlight without tag" "Mark the selection and decide later what it is." [plain(Key::H)];
        Marker "Marker" "With the marker in hand every finished selection is tagged at once." [plain(Key::M)];
    }
    Annotate "" 1 {
        EditNote "Edit note" "Write a note on the chosen annotation." [plain(Key::Enter)];
        SetSpeaker "Set speaker" "Say whose statement it is." [plain(Key::S)];
        AddPart "Add selection to annotation" "The chosen annotation goes on at the selection, as a statement goes on after “he said”." [plain(Key::A)];
        RemovePart "Remove part" "The chosen annotation loses the part at the caret." [];
        Remove "Remove annotation" "Remove the chosen annotation; undo brings it back." [plain(Key::Delete), plain(Key::Backspace)];
    }
    Annotate "Move ends" 2 {
        EndForward "End one word on" "The chosen annotation ends one word later." [alt(Key::ArrowRight)];
        EndBack "End one word back" "The chosen annotation ends one word earlier." [alt(Key::ArrowLeft)];
        StartForward "Start one word on" "The chosen annotation starts one word later." [alt_shift(Key::ArrowRight)];
        StartBack "Start one word back" "The chosen annotation starts one word earlier." [alt_shift(Key::ArrowLeft)];
    }
    Annotate "" 3 {
        NewTag "New tag…" "Add a tag of your own." [cmd(Key::T)];
        CompanionTags "Add companion tags" "Add the further tags of the codebook: finding, rule, no comment, evidence and others." [];
        Guideline "Tag guideline" "When to use the tag of the chosen annotation." [cmd(Key::G)];
    }
    Annotate "" 4 {
        Conflicts "Conflicts…" "What a merge left open: see what both sides have, and choose." [];
    }

    View "" 0 {
        LeftPanel "Articles and tags" "Show or hide the left panel." [plain(Key::F9)];
        RightPanel "Annotations" "Show or hide the right panel." [plain(Key::F10)];
    }
    View "Theme" 1 {
        ThemeSystem "Like the system" "Light or dark, as the system says." [];
        ThemeLight "Light" "Dark text on white paper." [];
        ThemeSepia "Sepia" "Dark text on warm paper." [];
        ThemeDark "Dark" "Light text on dark paper." [];
    }
    View "Text" 1 {
        TextLarger "Larger" "Set the article in larger type." [cmd(Key::Equals), cmd(Key::Plus)];
        TextSmaller "Smaller" "Set the article in smaller type." [cmd(Key::Minus)];
        TextReset "Usual size" "Set the article in the usual size." [cmd(Key::Num0)];
        MeasureWider "Longer lines" "Let the lines be longer." [cmd(Key::CloseBracket)];
        MeasureNarrower "Shorter lines" "Let the lines be shorter." [cmd(Key::OpenBracket)];
        FaceSerif "Serif" "Set the article in Literata." [];
        FaceSans "Sans serif" "Set the article in Inter." [];
    }
    View "Numbers" 1 {
        NumberNothing "None" "No numbers in the margin." [];
        NumberParagraphs "Paragraphs" "Number the paragraphs in the margin." [];
        NumberLines "Lines" "Number the lines of the file in the margin." [];
    }
    View "" 2 {
        RevealDeceptive "Show characters that deceive" "Name overrides, zero-width and control characters where they stand, and mark words of mixed alphabets." [plain(Key::F7)];
        RevealAll "Show all hidden characters" "Name also the joiners, direction marks and soft hyphens that a script needs." [shift(Key::F7)];
    }

    Go "" 0 {
        NextAnnotation "Next annotation" "Go to the next annotation in the text." [plain(Key::N)];
        PreviousAnnotation "Previous annotation" "Go to the annotation before." [plain(Key::P)];
        Back "Back" "To where the eye was before the last jump." [plain(Key::B)];
        NextHidden "Next hidden character" "Go to the next character that deceives, or word of mixed alphabets." [plain(Key::F8)];
        PreviousHidden "Previous hidden character" "Go to the one before." [shift(Key::F8)];
        CycleOverlapping "Next of overlapping" "Choose the next annotation among those that overlap here." [plain(Key::O)];
    }
    Go "" 1 {
        NextArticle "Next article" "Show the next open article." [ctrl(Key::Tab), cmd(Key::PageDown)];
        PreviousArticle "Previous article" "Show the open article before." [ctrl_shift(Key::Tab), cmd(Key::PageUp)];
        OtherPane "To the other pane" "From the text to the list of annotations and back." [plain(Key::F6)];
    }
    Go "" 2 {
        Palette "Find a command…" "All commands, found by their names." [cmd_shift(Key::P), cmd(Key::K)];
        Cancel "Cancel" "Put the marker down, drop the selection, choose nothing." [plain(Key::Escape)];
    }

    Help "" 0 {
        Help "Keys and help" "All keys, and how to begin." [plain(Key::F1)];
        About "About Sourcemark" "What this program is." [];
    }
}
