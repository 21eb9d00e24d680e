//! The places of journals, and how to find out whether the program that keeps one is still running.
//!
//! `<state>/journal/<article>-<process>-<random>.jnl`, with a file of the same name ending in `.lock`, which the
//! writer holds locked until it ends, however it ends. The journal itself is not locked: some systems would let
//! nobody read it then.

use crate::files::{
    Disk,
    fs::{Fs, Lock},
    state::{JOURNALS, key_of, one_path},
};
use std::{
    io,
    path::{Path, PathBuf},
};

/// How the names of journals end.
pub(in crate::files) const JOURNAL: &str = "jnl";
/// How the names of locks end.
pub(in crate::files) const LOCK: &str = "lock";
/// How the names of journals end that are being made.
pub(in crate::files) const UNFINISHED: &str = "tmp";
/// How the names of journals end of which nothing could be read.
pub(in crate::files) const DAMAGED: &str = "damaged";

/// The folder of the journals of `disk`, if it has one for what is under way.
pub(in crate::files) fn folder(disk: &Disk) -> Option<PathBuf> {
    disk.state().map(|state| state.join(JOURNALS))
}

/// The one path of a file; the given path if its folder cannot be reached.
pub(in crate::files) fn known_path(fs: &dyn Fs, path: &Path) -> PathBuf {
    one_path(fs, path).unwrap_or_else(|_| path.to_owned())
}

/// The files of one journal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::files) struct Place {
    /// The path of all of them, without what their names end with.
    stem: PathBuf,
}

impl Place {
    /// Makes a new place in `folder` for the article at `one_path`.
    pub(super) fn new(folder: &Path, one_path: &Path, pid: u32, random: u32) -> Self {
        let name = format!("{}-{pid}-{random:08x}", key_of(one_path));
        Self {
            stem: folder.join(name),
        }
    }

    /// The place that one of its files at `path` belongs to, if that is what the file is.
    pub(in crate::files) fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?;
        let place = Self {
            stem: path.with_extension(""),
        };
        let is_ours = [JOURNAL, LOCK, UNFINISHED].contains(&ending) && place.pid().is_some();
        is_ours.then_some(place)
    }

    /// The article's key.
    pub(in crate::files) fn key(&self) -> Option<&str> {
        Some(self.parts()?.0)
    }

    /// The number of the process.
    pub(in crate::files) fn pid(&self) -> Option<u32> {
        Some(self.parts()?.1)
    }

    fn parts(&self) -> Option<(&str, u32)> {
        let mut parts = self.stem.file_name()?.to_str()?.split('-');
        let (key, pid, random) = (parts.next()?, parts.next()?, parts.next()?);
        let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let fits = key.len() == 32 && is_hex(key) && random.len() == 8 && is_hex(random);
        let pid = pid.parse().ok()?;
        (fits && parts.next().is_none()).then_some((key, pid))
    }

    /// The path of the file that ends with `ending`.
    pub(in crate::files) fn file(&self, ending: &str) -> PathBuf {
        self.stem.with_extension(ending)
    }

    /// Takes the lock; `None` when somebody has it.
    pub(in crate::files) fn lock(&self, fs: &dyn Fs) -> io::Result<Option<Box<dyn Lock>>> {
        fs.try_lock(&self.file(LOCK))
    }

    /// Returns whether the file that the lock is on is still there by its name.
    pub(super) fn has_lock(&self, fs: &dyn Fs) -> bool {
        fs.stat(&self.file(LOCK)).is_ok()
    }

    /// Removes the journal and all that belongs to it; the lock last, which the caller has.
    pub(in crate::files) fn remove(&self, fs: &dyn Fs) -> io::Result<()> {
        for ending in [JOURNAL, UNFINISHED, LOCK] {
            match fs.remove(&self.file(ending)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        // Else a power cut could bring back what is saved, undone and saved again by then. Many network drives
        // cannot.
        if let Some(folder) = self.stem.parent() {
            fs.sync_folder(folder).ok();
        }
        Ok(())
    }
}
