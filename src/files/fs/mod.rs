//! The one door to the disk: what this program asks of a file system, small enough to be imitated.
//!
//! [`RealFs`] is the machine's. Tests bring their own: one that fails at the nth operation, and one in memory
//! that loses and reorders what was not synced, as a power cut does. Nothing else in the program may call
//! `std::fs`; a test holds that.

#[cfg(unix)]
mod dress;
mod real;

pub use real::RealFs;

use std::{
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// The kind of file that a name leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An ordinary file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link; only [`Fs::link_stat`] sees one.
    Link,
    /// What has no end or no place: in words, such as `a pipe`.
    Special(&'static str),
}

/// What the file system knows of a file without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stat {
    /// What it is.
    pub kind: Kind,
    /// Its length in bytes.
    pub len: u64,
    /// When its content was last written, if the file system says so. Programs can set it to anything.
    pub modified: Option<SystemTime>,
    /// When anything about it last changed, in nanoseconds since 1970: cannot be set, but not every system
    /// has it.
    pub changed: Option<i128>,
    /// Device and inode, where there are such things.
    pub id: Option<(u64, u64)>,
    /// How many names it has; 1 where that is not known.
    pub n_names: u64,
    /// Whether it is protected from writing.
    pub read_only: bool,
}

/// A file that is open.
pub trait FsFile: Read + Write + Send {
    /// Returns what the file system knows of it now.
    ///
    /// # Errors
    /// What the system says.
    fn stat(&self) -> io::Result<Stat>;

    /// Puts its content and length on the disk. After an error the content may be lost even if another call
    /// succeeds: write a new file from memory.
    ///
    /// # Errors
    /// What the system says.
    fn sync(&self) -> io::Result<()>;

    /// Gives it the permissions, the owner and the extended attributes of the file at `old`, as far as the
    /// system lets us.
    ///
    /// # Errors
    /// When the permissions could not be given. Owner and attributes are given if that is possible.
    fn dress_like(&self, old: &Path) -> io::Result<()>;

    /// Gives it the usual permissions of a new file, and no more than any of the files at `sources` has, group and
    /// access control list included. A source that does not exist is skipped. Its owner can always read and write it.
    ///
    /// # Errors
    /// When the permissions could not be set; nobody but the owner can read it then.
    fn dress_within(&self, sources: &[PathBuf]) -> io::Result<()>;

    /// Makes it empty, to be written from its start: for files that cannot be replaced.
    ///
    /// # Errors
    /// What the system says.
    fn clear(&mut self) -> io::Result<()>;
}

/// What holds a lock; letting go of it, or the end of the process however it comes, frees it.
pub trait Lock: Send + Sync {}

/// What is asked of a file system. Paths are as the system takes them, and follow symbolic links unless the
/// method says otherwise.
pub trait Fs: Send + Sync {
    /// Returns what `path` leads to.
    ///
    /// # Errors
    /// What the system says; `NotFound` also for a link that leads nowhere.
    fn stat(&self, path: &Path) -> io::Result<Stat>;

    /// Returns what is at `path` itself, a link included.
    ///
    /// # Errors
    /// What the system says.
    fn link_stat(&self, path: &Path) -> io::Result<Stat>;

    /// Returns the path without links, from the root.
    ///
    /// # Errors
    /// What the system says.
    fn canonical(&self, path: &Path) -> io::Result<PathBuf>;

    /// Opens a file for reading. Never waits, not even for a pipe.
    ///
    /// # Errors
    /// What the system says.
    fn open(&self, path: &Path) -> io::Result<Box<dyn FsFile>>;

    /// Makes a file that was not there, for reading and writing. `private` ones only their owner may read.
    ///
    /// # Errors
    /// `AlreadyExists`, or what the system says.
    fn create_new(&self, path: &Path, private: bool) -> io::Result<Box<dyn FsFile>>;

    /// Opens a file that is there, for writing in place.
    ///
    /// # Errors
    /// What the system says.
    fn open_in_place(&self, path: &Path) -> io::Result<Box<dyn FsFile>>;

    /// Gives the file at `from` the name `to`, in one step, over whatever file has that name.
    ///
    /// # Errors
    /// What the system says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Gives the file at `from` the name `to`, which must be free; of two programs only one succeeds.
    ///
    /// # Errors
    /// `AlreadyExists`, `Unsupported` on file systems that cannot, or what the system says.
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Lets two files trade names in one step.
    ///
    /// # Errors
    /// `Unsupported` on systems that cannot, or what the system says.
    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()>;

    /// Gives the file at `from` the further name `to`, which must be free.
    ///
    /// # Errors
    /// `AlreadyExists`, `Unsupported` on file systems that cannot, or what the system says.
    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Lets only its owner read and write the file at `path`, where the system has permissions.
    ///
    /// # Errors
    /// What the system says: a file of somebody else, above all.
    fn make_private(&self, path: &Path) -> io::Result<()>;

    /// Takes a file away.
    ///
    /// # Errors
    /// What the system says.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Puts the names in a folder on the disk.
    ///
    /// # Errors
    /// What the system says; many network drives cannot.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;

    /// Makes a folder and those above it, for their owner alone where they were not there.
    ///
    /// # Errors
    /// What the system says.
    fn create_folder(&self, path: &Path) -> io::Result<()>;

    /// Returns the paths of all that is in a folder, in any order.
    ///
    /// # Errors
    /// What the system says.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;

    /// Returns how many bytes this person may still write to the disk of `path`.
    ///
    /// # Errors
    /// `Unsupported` on systems that do not say, or what the system says.
    fn free_bytes(&self, path: &Path) -> io::Result<u64>;

    /// Takes the lock of the file at `path`, which is created if it does not exist; `None` when another
    /// process or another part of this one has it. The file's content is not touched: some systems let nobody
    /// else read a locked file.
    ///
    /// # Errors
    /// What the system says; `Unsupported` on network drives without locks.
    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn Lock>>>;

    /// Takes the lock of the file or folder at `path`, which must exist, waiting at most `patience` for whoever has
    /// it; `None` when the wait was in vain. Only programs that ask for the lock too are held up.
    ///
    /// # Errors
    /// What the system says; `Unsupported` where this cannot be locked.
    fn lock_existing(&self, path: &Path, patience: Duration) -> io::Result<Option<Box<dyn Lock>>>;
}
