//! What a job does: so that one that fails resets what waited for it, and nothing else.

use crate::app::{
    base::jobs::{Job, JobFailure},
    core::command::AppCommand,
    session::article::ArticleKey,
};

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
    /// Writes the preferences.
    Preferences,
    /// Writes unsaved work down.
    Journal,
    /// Waits for the system's file dialog.
    FileDialog,
    /// Hears from the system which files were changed.
    Watch,
    /// Hears from the system that the program is to end.
    Signals,
}

impl Job for JobKind {
    type Message = AppCommand;

    fn name(self) -> &'static str {
        match self {
            Self::Open(_) => "open",
            Self::Save(_) => "save",
            Self::Look(_) => "look",
            Self::Lock(_) => "lock",
            Self::Preferences => "preferences",
            Self::Journal => "journal",
            Self::FileDialog => "file dialog",
            Self::Watch => "watch",
            Self::Signals => "signals",
        }
    }

    fn failed(self, failure: JobFailure) -> AppCommand {
        AppCommand::JobFailed(self, failure)
    }
}

impl JobKind {
    /// Returns what did not happen when the job failed, as a sentence without full stop. `article` is the name of its
    /// article.
    pub fn not_done(self, article: &str) -> String {
        match self {
            Self::Open(_) => format!("{article} was not opened"),
            Self::Save(_) => format!("The annotations of {article} were not saved"),
            Self::Look(_) => format!("{article} was not checked for changes"),
            Self::Lock(_) => format!("Sourcemark does not know who else has {article} open"),
            Self::Preferences => "Preferences were not saved".to_owned(),
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
