//! Whether the annotation file on the disk is still the one that was read or saved last.
//!
//! Lengths and times alone do not say: a file can be written twice within one tick of the clock, and programs
//! set times as they like. So before a save the bytes count, unless the file is large and nothing at all about
//! it differs, the time of change included, which no program can set.

use super::{
    Action, Changed, FileError, FileErrorKind, Identity,
    fs::{Fs, Kind, Stat},
    open::{missing_link, read_file},
    read::MAX_ANNOTATIONS_BYTES,
};
use std::{
    io,
    path::{Path, PathBuf},
};

/// Files up to this size are compared by their bytes whatever the file system says of them.
const ALWAYS_HASH_BYTES: u64 = 20 << 20;

/// What is at the path before a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Nothing.
    New,
    /// The file that was loaded or last saved.
    Same(Identity),
}

/// What a look at an annotation file found.
#[derive(Debug)]
pub enum Look {
    /// The file is unchanged.
    Same,
    /// The file has changed.
    Changed(Changed),
    /// The file cannot be examined at the moment.
    Unknown(FileError),
}

/// Compares the file at `path` with what was loaded or saved last; `None` for nothing. Reads it only when the
/// file system says that something about it differs.
pub(super) fn look(fs: &dyn Fs, path: &Path, known: Option<&Identity>) -> Look {
    let unknown = |kind| Look::Unknown(FileError::new(Action::Compare, path, kind));
    let stat = match fs.stat(path) {
        Ok(stat) => stat,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return match known {
                // An empty mount point or an unplugged stick: the file is not gone, its disk is.
                Some(_) if folder_is_missing(fs, path) => unknown(FileErrorKind::FolderGone),
                Some(_) => Look::Changed(Changed::Gone),
                None => Look::Same,
            };
        }
        Err(error) => return unknown(FileErrorKind::out_of_sight(fs, path, error)),
    };
    let Some(known) = known else {
        return Look::Changed(Changed::Appeared);
    };
    if known.agrees_with(&stat) {
        return Look::Same;
    }
    match holds(fs, path, known) {
        Ok(true) => Look::Same,
        Ok(false) => Look::Changed(Changed::Content),
        Err(kind) => unknown(kind),
    }
}

fn folder_is_missing(fs: &dyn Fs, path: &Path) -> bool {
    fs.stat(folder_of(path))
        .is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// Returns the folder of `path`.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Returns where `path` leads to in the end, when it is a link.
pub(super) fn follow(fs: &dyn Fs, path: &Path) -> Result<PathBuf, FileErrorKind> {
    // A link that is not seen as one would be replaced.
    match fs.link_stat(path) {
        Ok(stat) if stat.kind == Kind::Link => {}
        Ok(_) => return Ok(path.to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(path.to_owned()),
        Err(error) => return Err(FileErrorKind::out_of_sight(fs, path, error)),
    }
    if missing_link(fs, path) {
        return Err(FileErrorKind::DanglingLink);
    }
    Ok(fs.canonical(path)?)
}

/// Returns what the file system knows of the file at `path`, which is the one expected; `None` when none is there and
/// none was expected.
pub(super) fn check_expected(
    fs: &dyn Fs,
    path: &Path,
    expected: &Expected,
) -> Result<Option<Stat>, FileErrorKind> {
    let now = match fs.link_stat(path) {
        Ok(now) => Some(now),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(FileErrorKind::out_of_sight(fs, path, error)),
    };
    let (identity, now) = match (expected, now) {
        (Expected::New, None) => return Ok(None),
        (Expected::New, Some(_)) => {
            return Err(FileErrorKind::ChangedOnDisk(Changed::Appeared));
        }
        (Expected::Same(_), None) if folder_is_missing(fs, path) => {
            return Err(FileErrorKind::FolderGone);
        }
        (Expected::Same(_), None) => return Err(FileErrorKind::ChangedOnDisk(Changed::Gone)),
        (Expected::Same(identity), Some(now)) => (identity, now),
    };
    if now.read_only {
        return Err(FileErrorKind::WriteProtected);
    }
    if is_unchanged(fs, path, identity, &now)? {
        Ok(Some(now))
    } else {
        Err(FileErrorKind::ChangedOnDisk(Changed::Content))
    }
}

/// Returns whether the file at `path`, of which the file system says `now`, is the one with `identity`.
fn is_unchanged(
    fs: &dyn Fs,
    path: &Path,
    identity: &Identity,
    now: &Stat,
) -> Result<bool, FileErrorKind> {
    if now.len > ALWAYS_HASH_BYTES && identity.agrees_with(now) {
        return Ok(true);
    }
    holds(fs, path, identity)
}

/// Returns whether the file at `path` has the bytes of `identity`.
pub(super) fn holds(fs: &dyn Fs, path: &Path, identity: &Identity) -> Result<bool, FileErrorKind> {
    if fs.stat(path)?.len != identity.len {
        return Ok(false);
    }
    let content =
        read_file(fs, path, MAX_ANNOTATIONS_BYTES, Action::Compare).map_err(|error| error.kind)?;
    Ok(identity.is_of(&content.bytes))
}
