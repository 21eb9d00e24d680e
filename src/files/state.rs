//! The files of one annotation file in the state folder.

use super::{compare::folder_of, fs::Fs};
use std::{
    io,
    path::{Path, PathBuf},
};

/// Name of the folder of earlier versions.
pub(super) const BACKUPS: &str = "backups";
/// Name of the folder of journals of unsaved work.
pub(super) const JOURNALS: &str = "journal";
/// Name of the folder of locks.
pub(super) const LOCKS: &str = "locks";

/// Returns the one path of the file at `path`, which need not be there, by whatever links it is reached.
///
/// # Errors
/// What the system says of its folder.
pub(super) fn one_path(fs: &dyn Fs, path: &Path) -> io::Result<PathBuf> {
    match fs.canonical(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = fs.canonical(folder_of(path))?;
            Ok(path
                .file_name()
                .map_or_else(|| folder.clone(), |name| folder.join(name)))
        }
        result => result,
    }
}

/// Returns a name for what belongs to the file at `one_path`: 32 hexadecimal digits.
pub(super) fn key_of(one_path: &Path) -> String {
    let hash = blake3::hash(one_path.as_os_str().as_encoded_bytes()).to_hex();
    hash.chars().take(32).collect()
}
