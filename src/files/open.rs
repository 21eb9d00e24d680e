//! Opens a file for reading, if it is one: no folder, pipe, device or socket, and not too large.
//!
//! The size is looked at before anything is read, and opening never waits: a pipe without a writer would hold
//! the program up for ever, a device could go on without end.

use super::{
    Action, FileError, FileErrorKind,
    fs::{Fs, FsFile, Kind, Stat},
};
use std::{
    io::{self, Read},
    path::Path,
};

/// What was read, and what the file system knew of it then.
pub(super) struct Content {
    pub(super) bytes: Vec<u8>,
    pub(super) stat: Stat,
}

/// Returns the bytes of the ordinary file at `path`, which has at most `limit` of them.
pub(super) fn read_file(
    fs: &dyn Fs,
    path: &Path,
    limit: u64,
    action: Action,
) -> Result<Content, FileError> {
    let fail = |kind: FileErrorKind| FileError::new(action, path, kind);
    // Before opening too: opening alone makes some devices do things.
    let before = fs
        .stat(path)
        .map_err(|error| match missing_link(fs, path) {
            true => fail(FileErrorKind::DanglingLink),
            false => fail(FileErrorKind::out_of_sight(fs, path, error)),
        })?;
    refuse_special(before.kind).map_err(fail)?;
    let mut file = fs.open(path).map_err(|error| fail(error.into()))?;
    let stat = file.stat().map_err(|error| fail(error.into()))?;
    refuse_special(stat.kind).map_err(fail)?;
    let size = stat.len;
    if size > limit {
        return Err(fail(FileErrorKind::TooLarge { size, limit }));
    }
    let bytes = read_to_end(&mut *file, size, limit).map_err(fail)?;
    Ok(Content { bytes, stat })
}

fn read_to_end(file: &mut dyn FsFile, size: u64, limit: u64) -> Result<Vec<u8>, FileErrorKind> {
    let mut bytes = Vec::new();
    // One byte more than it has, so that the end is seen without another allocation.
    let capacity = usize::try_from(size)
        .unwrap_or(usize::MAX)
        .saturating_add(1);
    bytes
        .try_reserve_exact(capacity)
        .map_err(|_| FileErrorKind::NoMemory { size })?;
    file.take(limit + 1).read_to_end(&mut bytes)?;
    // It may have grown while it was read.
    let n_read = bytes.len() as u64;
    if n_read > limit {
        return Err(FileErrorKind::TooLarge {
            size: n_read,
            limit,
        });
    }
    // Half a file looks like a damaged one, and that might be thrown away.
    if n_read < size {
        return Err(FileErrorKind::CutShort { n_read, size });
    }
    Ok(bytes)
}

/// Returns whether `path` itself is there, though what it leads to is not.
pub(super) fn missing_link(fs: &dyn Fs, path: &Path) -> bool {
    let is_link = fs.link_stat(path).is_ok_and(|stat| stat.kind == Kind::Link);
    let leads_nowhere = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    is_link && fs.stat(path).is_err_and(|error| leads_nowhere(&error))
}

fn refuse_special(kind: Kind) -> Result<(), FileErrorKind> {
    match kind {
        Kind::File | Kind::Link => Ok(()),
        Kind::Folder => Err(FileErrorKind::Folder),
        Kind::Special(what) => Err(FileErrorKind::Special(what)),
    }
}
