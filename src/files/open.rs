//! Opens a file for reading, if it is one: no folder, pipe, device or socket, and not too large.
//!
//! The size is looked at before anything is read, and opening never waits: a pipe without a writer would hold
//! the program up for ever, a device could go on without end.

use super::{Action, FileError, FileErrorKind};
use std::{
    fs::{File, FileType, Metadata, OpenOptions},
    io::Read,
    path::Path,
};

/// What was read, and the file's metadata as of then.
pub(super) struct Content {
    pub(super) bytes: Vec<u8>,
    pub(super) metadata: Metadata,
}

/// The bytes of the ordinary file at `path`, which has at most `limit` of them.
pub(super) fn read_file(path: &Path, limit: u64, action: Action) -> Result<Content, FileError> {
    let fail = |kind: FileErrorKind| FileError::new(action, path, kind);
    // Before opening too: opening alone makes some devices do things.
    let before = std::fs::metadata(path).map_err(|error| match missing_link(path) {
        true => fail(FileErrorKind::DanglingLink),
        false => fail(error.into()),
    })?;
    refuse_special(before.file_type()).map_err(fail)?;
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(libc::O_NONBLOCK | libc::O_CLOEXEC);
    }
    let mut file = options.open(path).map_err(|error| fail(error.into()))?;
    let metadata = file.metadata().map_err(|error| fail(error.into()))?;
    refuse_special(metadata.file_type()).map_err(fail)?;
    let size = metadata.len();
    if size > limit {
        return Err(fail(FileErrorKind::TooLarge { size, limit }));
    }
    let bytes = read_to_end(&mut file, size, limit).map_err(fail)?;
    Ok(Content { bytes, metadata })
}

fn read_to_end(file: &mut File, size: u64, limit: u64) -> Result<Vec<u8>, FileErrorKind> {
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
    Ok(bytes)
}

/// Whether `path` itself is there, though what it leads to is not.
pub(super) fn missing_link(path: &Path) -> bool {
    path.is_symlink() && !path.exists()
}

fn refuse_special(kind: FileType) -> Result<(), FileErrorKind> {
    if kind.is_file() {
        return Ok(());
    }
    if kind.is_dir() {
        return Err(FileErrorKind::Folder);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return Err(FileErrorKind::Special("a pipe"));
        }
        if kind.is_socket() {
            return Err(FileErrorKind::Special("a socket"));
        }
    }
    Err(FileErrorKind::Special("a device"))
}
