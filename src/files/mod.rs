//! Floor 7, files: the disk, the clock and the random numbers.
//!
//! Articles are read, never written. An annotation file is written beside its article, whole and under another
//! name first, and only over the very file that was loaded; what it replaces is kept for a while. Nothing here
//! decides what to do about a problem:
//! a [`FileError`] says what happened to which file, and the shells ask the person.

mod backups;
mod collection;
mod compare;
mod config;
mod conflict_copies;
mod disk;
mod error;
pub mod fs;
pub mod git;
mod git_commands;
mod identity;
mod in_place;
mod journal;
mod leftovers;
mod lock;
mod machine;
mod open;
mod paths;
mod place;
mod read;
mod recent;
mod recovery;
mod save;
mod save_lock;
mod settings;
mod state;
mod system;
mod temporary;
pub mod unmerged;
mod user_name;
mod wordings;
mod write;

pub use backups::EarlierVersion;
pub use collection::{COLLECTION_NAME, is_collection};
pub use compare::{Expected, Look};
pub use config::{config_dir, config_dir_from, state_dir, state_dir_from};
pub use conflict_copies::{ConflictCopy, ConflictKind, conflict_copies};
pub use disk::Disk;
pub use error::{Action, Changed, FileError, FileErrorKind};
pub use git_commands::{GitCommands, program_of};
pub use identity::Identity;
pub use journal::{
    JournalEvent, JournalNews, JournalSender, JournalStart, JournalWriter, Journals,
};
pub use lock::{FileLock, Holder, LockOutcome};
pub use paths::{ANNOTATIONS_SUFFIX, annotations_beside, article_of, is_annotations};
pub use read::{AnnotationsFile, ArticleFile, Loaded, MAX_ANNOTATIONS_BYTES, MAX_ARTICLE_BYTES};
pub use recent::RecentFiles;
pub use recovery::{Base, Recoverable, Recovered, Recovery};
pub use save::{SaveNote, SaveOptions, SavedFile};
pub use settings::{HiddenCharacters, Me, Numbering, Panels, Settings, Theme, WindowPlace};
pub use system::{SystemClock, SystemIds, survive_size_limits, time_zone};
pub use user_name::{CREATOR_VARIABLE, NameSource, UserName, creator_variable, user_name};
pub use wordings::wordings;

use crate::{
    annotation::{AnnotationSet, Article},
    format::ron::Salvaged,
};
use std::path::{Path, PathBuf};

/// Returns [`Disk::read_article`] of the machine's disk.
///
/// # Errors
/// As there.
pub fn read_article(path: &Path, forced_encoding: Option<&str>) -> Result<ArticleFile, FileError> {
    Disk::plain().read_article(path, forced_encoding)
}

/// Returns [`Disk::read_as_recorded`] of the machine's disk.
pub fn read_as_recorded(path: &Path, recorded: &Article) -> Option<ArticleFile> {
    Disk::plain().read_as_recorded(path, recorded)
}

/// Returns [`Disk::read_annotations`] of the machine's disk.
pub fn read_annotations(path: &Path) -> Loaded {
    Disk::plain().read_annotations(path)
}

/// Returns [`Disk::salvage_annotations`] of the machine's disk.
///
/// # Errors
/// As there.
pub fn salvage_annotations(path: &Path) -> Result<Salvaged, FileError> {
    Disk::plain().salvage_annotations(path)
}

/// Returns the bytes of the annotation file at `path` as they are written, for what is said about its lines.
///
/// # Errors
/// What the system says; a file of more than [`MAX_ANNOTATIONS_BYTES`] is too large.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, FileError> {
    let action = Action::OpenAnnotations;
    let content = open::read_file(&fs::RealFs, path, MAX_ANNOTATIONS_BYTES, action)?;
    Ok(content.bytes)
}

/// Returns the paths of all that is in a folder, in any order; none when it cannot be listed.
pub fn list_folder(folder: &Path) -> Vec<PathBuf> {
    try_list_folder(folder).unwrap_or_default()
}

/// Returns the paths of all that is in a folder, in any order.
///
/// # Errors
/// When it cannot be listed.
pub fn try_list_folder(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let fs = &fs::RealFs;
    fs::Fs::list(fs, folder).map_err(|error| {
        let kind = FileErrorKind::in_folder(fs, folder, error);
        FileError::new(Action::ListFolder, folder, kind)
    })
}

/// Returns [`Disk::save_annotations`] of the machine's disk.
///
/// # Errors
/// As there.
pub fn save_annotations(
    path: &Path,
    set: &AnnotationSet,
    expected: Expected,
    crlf: bool,
) -> Result<SavedFile, FileError> {
    let options = SaveOptions {
        crlf,
        ..SaveOptions::default()
    };
    Disk::plain().save_annotations(path, set, &expected, &options)
}
