//! What a job does: so that one that fails resets what waited for it, and nothing else.

use super::command::ArticleKey;

/// What a job does, and for which article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// Opens an article.
    Open(ArticleKey),
    /// Saves its annotations.
    Save(ArticleKey),
    /// Looks whether its files were changed by others.
    Look(ArticleKey),
    /// Asks who has its annotations open.
    Lock(ArticleKey),
    /// Recovers what can be read of its damaged annotations.
    Salvage(ArticleKey),
    /// Lists its earlier versions, or reads one of them or a copy.
    Versions(ArticleKey),
    /// Merges another version into it.
    Merge(ArticleKey),
    /// Lists a folder.
    ListFolder,
    /// Writes the preferences.
    Preferences,
    /// Looks for unsaved work of a program that has ended.
    FindUnsavedWork,
    /// Removes such work.
    DiscardUnsavedWork,
    /// Writes unsaved work down.
    Journal,
    /// Waits for the system's file dialog.
    FileDialog,
    /// Hears from the system which files were changed.
    Watch,
    /// Hears from the system that the program is to end.
    Signals,
}

/// Why a job did not get to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobFailure {
    /// The system gave no thread for it: in its words.
    NoThread(String),
    /// The program made a mistake.
    Panicked,
}

impl JobKind {
    /// What its thread is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open(_) => "open",
            Self::Save(_) => "save",
            Self::Look(_) => "look",
            Self::Lock(_) => "lock",
            Self::Salvage(_) => "salvage",
            Self::Versions(_) => "versions",
            Self::Merge(_) => "merge",
            Self::ListFolder => "list a folder",
            Self::Preferences => "preferences",
            Self::FindUnsavedWork => "unsaved work",
            Self::DiscardUnsavedWork => "discard",
            Self::Journal => "journal",
            Self::FileDialog => "file dialog",
            Self::Watch => "watch",
            Self::Signals => "signals",
        }
    }

    /// What has not been done when it fails, as a whole sentence without full stop; `article` is the name of the
    /// article that it is about.
    pub fn not_done(self, article: &str) -> String {
        match self {
            Self::Open(_) => format!("{article} could not be opened"),
            Self::Save(_) => format!("The annotations of {article} were not saved"),
            Self::Look(_) => format!("The files of {article} could not be checked for changes"),
            Self::Lock(_) => format!("Who else has {article} open could not be checked"),
            Self::Salvage(_) => format!("The annotations of {article} could not be recovered"),
            Self::Versions(_) => format!("Other versions of {article} could not be read"),
            Self::Merge(_) => format!("Nothing was merged into {article}"),
            Self::ListFolder => "The folder could not be listed".to_owned(),
            Self::Preferences => "Your preferences were not saved".to_owned(),
            Self::FindUnsavedWork => "Unsaved work could not be looked for".to_owned(),
            Self::DiscardUnsavedWork => "The unsaved work could not be removed".to_owned(),
            Self::Journal => "Unsaved changes are no longer backed up".to_owned(),
            Self::FileDialog => "The file dialog could not be opened".to_owned(),
            Self::Watch => "Changes by others are noticed late".to_owned(),
            Self::Signals => "The program cannot be told to end".to_owned(),
        }
    }

    /// What the person can do when it fails.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Save(_) => "What you marked is still here. Save again, or save to another place.",
            Self::Look(_) | Self::Watch => {
                "Press F5 to check for changes. Saving never overwrites what others have written."
            }
            Self::Lock(_) => "Saving never overwrites what others have written.",
            Self::Journal => "A crash would lose them. Save now, then restart the program.",
            Self::FileDialog => "Type the path instead: File, Open by path.",
            Self::Preferences => "They hold until the program ends. Change one to try again.",
            Self::Signals => "Close the window to end it.",
            _ => "Try again.",
        }
    }
}

impl JobFailure {
    /// Why, as a whole sentence.
    pub fn reason(&self) -> String {
        match self {
            Self::NoThread(error) => {
                format!("The system is too busy to start a thread ({error}).")
            }
            Self::Panicked => "The program made a mistake.".to_owned(),
        }
    }
}
