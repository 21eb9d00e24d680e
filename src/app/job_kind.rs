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
    /// Searches its text.
    Find(ArticleKey),
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
    /// Returns the name of the job's thread.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open(_) => "open",
            Self::Save(_) => "save",
            Self::Look(_) => "look",
            Self::Lock(_) => "lock",
            Self::Salvage(_) => "salvage",
            Self::Versions(_) => "versions",
            Self::Merge(_) => "merge",
            Self::Find(_) => "find",
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

    /// Returns what did not happen when the job failed, as a sentence without full stop. `article` is the name of its
    /// article.
    pub fn not_done(self, article: &str) -> String {
        match self {
            Self::Open(_) => format!("{article} was not opened"),
            Self::Save(_) => format!("The annotations of {article} were not saved"),
            Self::Look(_) => format!("{article} was not checked for changes"),
            Self::Lock(_) => format!("Sourcemark does not know who else has {article} open"),
            Self::Salvage(_) => format!("The annotations of {article} were not recovered"),
            Self::Versions(_) => format!("Other versions of {article} were not read"),
            Self::Merge(_) => format!("The versions of {article} were not merged"),
            Self::Find(_) => format!("{article} was not searched"),
            Self::ListFolder => "The folder was not listed".to_owned(),
            Self::Preferences => "Preferences were not saved".to_owned(),
            Self::FindUnsavedWork => "Sourcemark did not look for unsaved work".to_owned(),
            Self::DiscardUnsavedWork => "The unsaved work was not discarded".to_owned(),
            Self::Journal => "Unsaved changes are no longer backed up".to_owned(),
            Self::FileDialog => "The file dialog did not open".to_owned(),
            Self::Watch => "External changes are reported late".to_owned(),
            Self::Signals => "Sourcemark does not react to signals".to_owned(),
        }
    }

    /// Returns what the person can do about it, as one or two sentences.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Save(_) => "Your annotations are still open: save again, or under another name.",
            Self::Look(_) | Self::Watch => {
                "Press F5 to check for changes. Saving never overwrites changes by others."
            }
            Self::Lock(_) => "Saving never overwrites changes by others.",
            Self::Journal => "A crash would lose them: save now, then restart Sourcemark.",
            Self::FileDialog => "Use “File → Open by path…” instead.",
            Self::Preferences => "They apply until Sourcemark quits. Change one to try again.",
            Self::Signals => "Close the window to quit.",
            _ => "Try again.",
        }
    }
}

impl JobFailure {
    /// Returns the reason as one sentence.
    pub fn reason(&self) -> String {
        match self {
            Self::NoThread(error) => {
                format!("The system could not start a thread: {error}.")
            }
            Self::Panicked => "Sourcemark had an internal error.".to_owned(),
        }
    }
}
