//! The lock of a save: only its holder compares, replaces and verifies an annotation file.
//!
//! The system's lock on the folder that the file is in is seen by everybody who can list the folder, whichever state
//! folder they have. Where folders cannot be locked (Windows, most network drives), a file in the state folder stands
//! for the path without links: it is seen by all programs of one person on one machine. A file with several names is
//! locked itself as well, so that two of its names meet. Where none of these can be had, saves go without: what
//! [`super::place`] does loses nothing then either.

use super::{
    FileErrorKind,
    compare::folder_of,
    fs::{Fs, Lock},
    state::{LOCKS, key_of, one_path},
};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// How long a save waits for the saves of others.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// How long a command waits that was overtaken once and now holds the lock from reading to saving. So may those before
/// it.
pub(super) const PATIENCE_OVERTAKEN: Duration = Duration::from_secs(60);

/// Keeps other savers away from one file until it is dropped or the process ends.
pub(super) struct SaveLock {
    locks: Vec<(PathBuf, Box<dyn Lock>)>,
}

impl SaveLock {
    /// Takes the locks of the file at `target`, which need not be there and is no link. What `held` has already is not
    /// asked for: a lock cannot be had twice, not even by one process.
    ///
    /// # Errors
    /// [`FileErrorKind::SaveUnderWay`] when somebody else holds one of them for longer than `patience`.
    pub(super) fn take(
        fs: &dyn Fs,
        state: Option<&Path>,
        target: &Path,
        held: Option<&Self>,
        patience: Duration,
    ) -> Result<Self, FileErrorKind> {
        let mut lock = Self { locks: Vec::new() };
        let one_path = one_path(fs, target).unwrap_or_else(|_| target.to_owned());
        // Always in this order, so that two who want the same locks do not wait for each other.
        if let Some(state) = state {
            let path = state
                .join(LOCKS)
                .join(format!("{}.save", key_of(&one_path)));
            // It is made when it is not there; whether it is free is asked below.
            let is_there = fs.create_folder(&state.join(LOCKS)).is_ok()
                && !held.is_some_and(|held| held.has(&path))
                // Somebody else may make it between the first look and our attempt. Without it here and with it when
                // this program saves, the folder would be held while its lock is waited for, against the order.
                && (fs.link_stat(&path).is_ok()
                    || fs.create_new(&path, true).is_ok()
                    || fs.link_stat(&path).is_ok());
            if is_there {
                lock.add(fs, path, held, patience)?;
            }
        }
        lock.add(fs, folder_of(&one_path).to_owned(), held, patience)?;
        if fs.link_stat(target).is_ok_and(|stat| stat.n_names > 1) {
            lock.add(fs, one_path, held, patience)?;
        }
        Ok(lock)
    }

    fn has(&self, path: &Path) -> bool {
        self.locks.iter().any(|(other, _)| other == path)
    }

    fn add(
        &mut self,
        fs: &dyn Fs,
        path: PathBuf,
        held: Option<&Self>,
        patience: Duration,
    ) -> Result<(), FileErrorKind> {
        if held.is_some_and(|held| held.has(&path)) {
            return Ok(());
        }
        match fs.lock_existing(&path, patience) {
            Ok(Some(lock)) => self.locks.push((path, lock)),
            Ok(None) => return Err(FileErrorKind::SaveUnderWay),
            // Not everything can be locked everywhere.
            Err(_) => {}
        }
        Ok(())
    }
}
