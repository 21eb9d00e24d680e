//! The actions of the core: every one with its menu, words and keys. Tools have lists of their own.

use crate::app::base::action::{
    MIDDLE, Menu, Row, alt, alt_shift, cmd, cmd_alt, cmd_shift, ctrl, ctrl_shift, plain, shift,
};
use egui::{Key, KeyboardShortcut};

macro_rules! table {
    ($($menu:ident $submenu:literal $group:literal {
        $($name:ident $text:literal $tooltip:literal $keys:expr $(=> $needs:literal)?;)*
    })*) => {
        /// One thing that a person can ask of the core.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum UiCommand {
            $($(#[doc = $tooltip] $name,)*)*
        }

        impl UiCommand {
            /// All of them in the order of the menus.
            pub const ALL: &'static [Self] = &[$($(Self::$name,)*)*];

            /// Returns what the table says of it.
            pub fn row(self) -> &'static Row {
                match self {
                    $($(Self::$name => {
                        const KEYS: &[KeyboardShortcut] = &$keys;
                        const ROW: Row = Row {
                            name: stringify!($name),
                            menu: Menu::$menu,
                            submenu: $submenu,
                            group: $group,
                            order: MIDDLE,
                            text: $text,
                            tooltip: $tooltip,
                            keys: KEYS,
                            needs: concat!($($needs)?),
                        };
                        &ROW
                    })*)*
                }
            }
        }
    };
}

table! {
    File "" 0 {
        Open "Open…" "Open articles." [cmd(Key::O)];
    }
    File "" 1 {
        Save "Save" "Save the annotations in a file beside the article." [cmd(Key::S)];
        SaveAs "Save annotations as…" "Save the annotations in another file." [cmd_shift(Key::S)];
        SaveAll "Save all" "Save the annotations of all open articles." [cmd_alt(Key::S)];
    }
    File "" 2 {
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

    Annotate "" 0 {
        Highlight "Highlight without tag" "Mark the selection now and choose a tag later." [plain(Key::H)] => "Select a passage first.";
        Marker "Marker" "Tag every passage as soon as you have selected it." [plain(Key::M)];
    }
    Annotate "" 1 {
        EditNote "Edit note" "Write a note on the selected annotation." [plain(Key::Enter)] => "Select a passage or an annotation first.";
        SetSpeaker "Set speaker" "Enter who makes this statement." [plain(Key::S)] => "Select a passage or an annotation first.";
        AddPart "Add selection to annotation" "Continue the selected annotation at the selected text, for a statement interrupted by “he said”." [plain(Key::A)] => "Select an annotation, then the passage where it continues.";
        RemovePart "Remove part" "Remove the part at the caret from the selected annotation." [];
        Remove "Remove annotation" "Remove the selected annotation. Undo restores it." [plain(Key::Delete), plain(Key::Backspace)] => "Select an annotation first.";
    }
    Annotate "Move ends" 2 {
        EndForward "Extend end by a word" "Move the end of the selected annotation one word forward." [alt(Key::ArrowRight)] => "Select an annotation first.";
        EndBack "Shorten end by a word" "Move the end of the selected annotation one word back." [alt(Key::ArrowLeft)] => "Select an annotation first.";
        StartForward "Shorten start by a word" "Move the start of the selected annotation one word forward." [alt_shift(Key::ArrowRight)] => "Select an annotation first.";
        StartBack "Extend start by a word" "Move the start of the selected annotation one word back." [alt_shift(Key::ArrowLeft)] => "Select an annotation first.";
    }
    Annotate "" 3 {
        CompanionTags "Add companion tags" "Add further tags: finding, rule, no comment, evidence and others." [];
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
        NextAnnotation "Next annotation" "Go to the next annotation in the text." [plain(Key::N)] => "This article has no annotations yet.";
        PreviousAnnotation "Previous annotation" "Go to the previous annotation in the text." [plain(Key::P)] => "This article has no annotations yet.";
        Back "Back" "Return to where you were before the last jump." [plain(Key::B)] => "There was no jump to return from.";
        NextHidden "Next hidden character" "Go to the next deceptive character or word of mixed alphabets." [plain(Key::F8)] => "No hidden characters were found in this article.";
        PreviousHidden "Previous hidden character" "Go to the previous deceptive character or word of mixed alphabets." [shift(Key::F8)] => "No hidden characters were found in this article.";
        CycleOverlapping "Next overlapping annotation" "Select the next of the annotations that overlap here." [plain(Key::O)] => "This article has no annotations yet.";
    }
    Go "" 1 {
        NextArticle "Next article" "Show the next open article." [ctrl(Key::Tab), cmd(Key::PageDown)];
        PreviousArticle "Previous article" "Show the previous open article." [ctrl_shift(Key::Tab), cmd(Key::PageUp)];
        OtherPane "Switch pane" "Move between the text and the list of annotations." [plain(Key::F6)];
    }
    Go "" 2 {
        Cancel "Cancel" "Put the marker down, clear the selection, select no annotation." [plain(Key::Escape)];
    }
}
