//! Errors of files: what was tried, on which file, why it failed, and what a person can do.

use super::{compare::folder_of, fs::Fs};
use crate::{
    format::{FormatError, journal::JournalError, ron::TooMuch, shown},
    import::ImportError,
    text::TextError,
};
use std::{
    fmt, io,
    path::{Path, PathBuf},
};

/// The action that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Reading an article.
    OpenArticle,
    /// Reading an annotation file.
    OpenAnnotations,
    /// Writing an annotation file.
    SaveAnnotations,
    /// Reading the settings.
    ReadSettings,
    /// Writing the settings.
    SaveSettings,
    /// Writing a picture of an article.
    SavePicture,
    /// Writing a table to fill in.
    SaveTable,
    /// Making a folder for annotation files.
    CreateFolder,
    /// Listing the annotation files in a folder.
    ListFolder,
    /// Changing `.gitattributes`.
    ChangeAttributes,
    /// Checking whether an annotation file has changed since it was read.
    Compare,
    /// Listing or reading earlier versions of an annotation file.
    ReadEarlier,
    /// Locking an annotation file.
    Lock,
    /// Writing a report of an internal error.
    WriteReport,
    /// Writing unsaved work to a journal.
    KeepJournal,
    /// Recovering unsaved work.
    ReadJournal,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OpenArticle => "cannot open the article",
            Self::OpenAnnotations => "cannot open the annotations",
            Self::SaveAnnotations => "cannot save the annotations",
            Self::ReadSettings => "cannot read the settings",
            Self::SaveSettings => "cannot save the settings",
            Self::SavePicture => "cannot save the picture",
            Self::SaveTable => "cannot write the table",
            Self::CreateFolder => "cannot create the folder",
            Self::ListFolder => "cannot list the folder",
            Self::ChangeAttributes => "cannot change .gitattributes",
            Self::Compare => "cannot check whether the annotations have changed",
            Self::ReadEarlier => "cannot read earlier versions of the annotations",
            Self::Lock => "cannot check who else has the annotations open",
            Self::WriteReport => "cannot write the report",
            Self::KeepJournal => "cannot write unsaved work to the journal",
            Self::ReadJournal => "cannot recover unsaved work",
        })
    }
}

/// How a file differs from the one that was loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Another program wrote it.
    Content,
    /// The file no longer exists.
    Gone,
    /// There was none, and now there is one.
    Appeared,
}

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileErrorKind {
    /// There is no such file.
    #[error("no such file; it may have been moved or renamed")]
    NotFound,
    /// The path is a link to something that is not there.
    #[error("the link leads to a file that does not exist")]
    DanglingLink,
    /// The person may not read or write it.
    #[error(
        "permission denied; check the permissions of the file and its folder, or use another folder"
    )]
    Denied,
    /// The person may not enter this folder above the file, or not create anything in it.
    #[error(
        "permission denied in the folder `{}`; check its permissions, or use another folder",
        shown_path(.0)
    )]
    FolderDenied(PathBuf),
    /// The path is a folder.
    #[error("this is a folder; choose a file in it")]
    Folder,
    /// The path is a pipe, device or socket, from which no text can be read to its end.
    #[error("this is {0}, not a regular file; copy its content into a file first")]
    Special(&'static str),
    /// The file is larger than this program reads.
    #[error("the file has {}, and Sourcemark opens at most {}; split the file", megabytes(*.size), megabytes(*.limit))]
    TooLarge {
        /// Its size in bytes.
        size: u64,
        /// The largest size in bytes.
        limit: u64,
    },
    /// Something in the set is more than a file may hold.
    #[error("{0}; shorten it or remove some of it, then save again")]
    TooMuch(#[from] TooMuch),
    /// The file would be larger than this program reads.
    #[error("the file would have {}, and Sourcemark opens at most {}; divide the annotations among several files", megabytes(*.size), megabytes(*.limit))]
    TooMuchToSave {
        /// Its size in bytes.
        size: u64,
        /// The largest size in bytes.
        limit: u64,
    },
    /// There is not enough memory for it.
    #[error("the file has {}, and the machine has not enough free memory; close other programs and try again", megabytes(*.size))]
    NoMemory {
        /// Its size in bytes.
        size: u64,
    },
    /// The disk gave less than there is, or the file shrank while it was read.
    #[error(
        "only {n_read} of {size} bytes could be read; try again when no other program writes the file"
    )]
    CutShort {
        /// What was read, in bytes.
        n_read: u64,
        /// Its size in bytes.
        size: u64,
    },
    /// The file is not text.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The file has more text than can be counted.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The file is no annotation file, or a damaged one.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The file is no journal, a damaged one, or one of a newer version.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The file is not what was loaded or expected; writing over it would lose what is there.
    #[error("{}", match .0 {
        Changed::Content => "another program changed the file after it was opened; reload the file, or save under another name",
        Changed::Gone => "the file no longer exists; save again, or save under another name",
        Changed::Appeared => "a file of this name has appeared; open it, or save under another name",
    })]
    ChangedOnDisk(Changed),
    /// A picture would take the place of something else.
    #[error("the existing file is not a PNG picture; choose another name")]
    NotAPicture,
    /// The records come from a file of a newer major version.
    #[error("the annotations have format version {}.{}, which this Sourcemark can show but not write; use a newer Sourcemark", found.0, found.1)]
    NewerVersion {
        /// Their version, major and minor.
        found: (u16, u16),
    },
    /// The file is protected from writing.
    #[error("the file is read-only; make it writable, or save under another name")]
    WriteProtected,
    /// The disk is full.
    #[error("the disk is full{}; free some space, or save to another folder", room(*needed, *free))]
    DiskFull {
        /// What the save needs, in bytes, if known.
        needed: Option<u64>,
        /// What the disk still takes, in bytes, if it says so.
        free: Option<u64>,
    },
    /// The person has used up their share of the disk.
    #[error("your disk quota is used up{}; free some space, or save to another folder", room(*needed, None))]
    QuotaFull {
        /// What the save needs, in bytes, if known.
        needed: Option<u64>,
    },
    /// The disk is mounted for reading only.
    #[error("the disk is read-only; save to another disk")]
    ReadOnlyDisk,
    /// The folder to save in is not there.
    #[error("the folder no longer exists; reconnect its disk, or save to another folder")]
    FolderGone,
    /// The drive or network share no longer responds.
    #[error(
        "the disk or network share no longer responds ({0}); reconnect it, or use another folder"
    )]
    Vanished(#[source] io::Error),
    /// The disk reports a failure of its own.
    #[error("the disk reports an error ({0}) and may be failing; save to another disk")]
    Failing(#[source] io::Error),
    /// What was read back is not what was written.
    #[error("the disk did not store what was written; save to another disk")]
    NotKept,
    /// The name is longer than the disk takes.
    #[error("the name is too long for this disk; use a shorter name")]
    NameTooLong,
    /// The program or the system has too many files open.
    #[error("too many files are open; close some articles or other programs and try again")]
    TooManyOpen,
    /// Another program holds the file.
    #[error(
        "another program is using the file; close it there and try again, or save under another name"
    )]
    Busy,
    /// Other programs were saving for too long.
    #[error(
        "another program is still saving in this folder; wait or close that program, then save again"
    )]
    SaveUnderWay,
    /// The system lets this program write no file as large as this.
    #[error("the file would be larger than this session or disk allows (`ulimit -f`){}; raise the limit, or save to another folder", room(*.needed, None))]
    SizeLimit {
        /// What the save needs, in bytes, if known.
        needed: Option<u64>,
    },
    /// The file had to be overwritten in place, and that ended half way.
    #[error(
        "the file is only partly written, and the previous version is kept in `{}`; save to another folder",
        shown_path(kept)
    )]
    Torn {
        /// Where the version before is, whole.
        kept: PathBuf,
    },
    /// An earlier version has changed since it was kept.
    #[error("this earlier version is damaged; choose another")]
    DamagedVersion,
    /// A bug in the program.
    #[error("Sourcemark failed while reading the file because of an internal error")]
    Crashed,
    /// Anything else the system says.
    #[error("{0}")]
    Io(#[source] io::Error),
}

impl FileErrorKind {
    /// Makes the error for something in `folder` that could not be listed or created. If the folder itself cannot be
    /// reached, names the nearest folder above it that denies access.
    pub(super) fn in_folder(fs: &dyn Fs, folder: &Path, error: io::Error) -> Self {
        if error.kind() != io::ErrorKind::PermissionDenied {
            return error.into();
        }
        let is_seen = |folder: &&Path| fs.stat(folder).is_ok();
        let denied = folder.ancestors().find(is_seen).unwrap_or(folder);
        // `.` names none.
        let named = (denied == Path::new(".")).then(|| fs.canonical(denied).ok());
        Self::FolderDenied(named.flatten().unwrap_or_else(|| denied.to_owned()))
    }

    /// Makes the error for a file that could not be examined: if permission is missing, a folder above it is the reason.
    pub(super) fn out_of_sight(fs: &dyn Fs, path: &Path, error: io::Error) -> Self {
        // What a link leads to may be elsewhere.
        let is_denied = |error: io::Error| error.kind() == io::ErrorKind::PermissionDenied;
        match fs.link_stat(path).is_err_and(is_denied) {
            true => Self::in_folder(fs, folder_of(path), error),
            false => error.into(),
        }
    }
}

impl From<io::Error> for FileErrorKind {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind as Kind;
        match error.kind() {
            Kind::NotFound => Self::NotFound,
            Kind::PermissionDenied => Self::Denied,
            Kind::IsADirectory => Self::Folder,
            Kind::StorageFull => Self::DiskFull {
                needed: None,
                free: None,
            },
            Kind::FileTooLarge => Self::SizeLimit { needed: None },
            Kind::QuotaExceeded => Self::QuotaFull { needed: None },
            Kind::ReadOnlyFilesystem => Self::ReadOnlyDisk,
            Kind::InvalidFilename => Self::NameTooLong,
            Kind::ResourceBusy | Kind::ExecutableFileBusy => Self::Busy,
            Kind::NotConnected
            | Kind::StaleNetworkFileHandle
            | Kind::HostUnreachable
            | Kind::NetworkUnreachable
            | Kind::NetworkDown
            | Kind::TimedOut
            | Kind::ConnectionAborted
            | Kind::ConnectionReset => Self::Vanished(error),
            _ => match unnamed(&error) {
                Some(Unnamed::Vanished) => Self::Vanished(error),
                Some(Unnamed::Failing) => Self::Failing(error),
                Some(Unnamed::TooManyOpen) => Self::TooManyOpen,
                Some(Unnamed::Held) => Self::Busy,
                None => Self::Io(error),
            },
        }
    }
}

/// What the system says in numbers that the standard library has no names for.
enum Unnamed {
    Vanished,
    Failing,
    TooManyOpen,
    #[cfg_attr(
        unix,
        expect(dead_code, reason = "only Windows keeps others from open files")
    )]
    Held,
}

#[cfg(unix)]
fn unnamed(error: &io::Error) -> Option<Unnamed> {
    use rustix::io::Errno;
    match Errno::from_io_error(error)? {
        Errno::NODEV | Errno::NXIO | Errno::HOSTDOWN => Some(Unnamed::Vanished),
        Errno::IO => Some(Unnamed::Failing),
        Errno::MFILE | Errno::NFILE => Some(Unnamed::TooManyOpen),
        _ => None,
    }
}

/// Returns the numbers are those of `winerror.h`.
#[cfg(windows)]
fn unnamed(error: &io::Error) -> Option<Unnamed> {
    match error.raw_os_error()? {
        // Not ready, no such network path, device or name, network gone, device not connected.
        21 | 53 | 55 | 64 | 67 | 1167 | 1231 => Some(Unnamed::Vanished),
        // Bad checksum, read or write fault, general failure, I/O device error.
        23 | 29 | 30 | 31 | 1117 => Some(Unnamed::Failing),
        4 => Some(Unnamed::TooManyOpen),
        32 | 33 => Some(Unnamed::Held),
        _ => None,
    }
}

#[cfg(not(any(unix, windows)))]
fn unnamed(_error: &io::Error) -> Option<Unnamed> {
    None
}

/// An action on a file that failed.
#[derive(Debug, thiserror::Error)]
#[error("{action}: {kind}: `{}`", shown_path(path))]
pub struct FileError {
    /// The action that failed.
    pub action: Action,
    /// The file.
    pub path: PathBuf,
    /// Why not.
    #[source]
    pub kind: FileErrorKind,
}

impl FileError {
    pub(super) fn new(action: Action, path: &Path, kind: impl Into<FileErrorKind>) -> Self {
        Self {
            action,
            path: path.to_owned(),
            kind: kind.into(),
        }
    }
}

/// Returns `: 1.4 MB are needed and 3 bytes are free`, as far as it is known.
fn room(needed: Option<u64>, free: Option<u64>) -> String {
    match (needed, free) {
        // A disk may be out of names, or keep the rest for the administrator.
        (Some(needed), Some(free)) if free < needed => {
            format!(": {} needed, {} free", megabytes(needed), megabytes(free))
        }
        (Some(needed), _) => format!(": {} needed", megabytes(needed)),
        (None, _) => String::new(),
    }
}

pub(super) fn shown_path(path: &Path) -> String {
    shown(&path.to_string_lossy(), 300)
}

/// Returns a size for people: `3 bytes`, `1.4 MB`, `2.0 GB`.
fn megabytes(bytes: u64) -> String {
    let shown = bytes as f64;
    match bytes {
        0..1_000_000 => format!("{bytes} bytes"),
        1_000_000..1_000_000_000 => format!("{:.1} MB", shown / 1e6),
        _ => format!("{:.1} GB", shown / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn every_error_of_a_disk_says_what_to_do() {
        use rustix::io::Errno;
        for (errno, why, advice) in [
            (Errno::NOSPC, "the disk is full", "save to another folder"),
            (
                Errno::DQUOT,
                "your disk quota is used up",
                "save to another folder",
            ),
            (
                Errno::FBIG,
                "larger than this session or disk allows",
                "save to another folder",
            ),
            (Errno::ROFS, "the disk is read-only", "save to another disk"),
            (Errno::ACCESS, "permission denied", "use another folder"),
            (Errno::PERM, "permission denied", "use another folder"),
            (
                Errno::IO,
                "the disk reports an error",
                "save to another disk",
            ),
            (
                Errno::NOTCONN,
                "no longer responds",
                "reconnect it, or use another folder",
            ),
            (
                Errno::NODEV,
                "no longer responds",
                "reconnect it, or use another folder",
            ),
            (
                Errno::NXIO,
                "no longer responds",
                "reconnect it, or use another folder",
            ),
            (
                Errno::STALE,
                "no longer responds",
                "reconnect it, or use another folder",
            ),
            (
                Errno::TIMEDOUT,
                "no longer responds",
                "reconnect it, or use another folder",
            ),
            (
                Errno::HOSTDOWN,
                "no longer responds",
                "reconnect it, or use another folder",
            ),
            (Errno::MFILE, "too many files are open", "try again"),
            (Errno::NFILE, "too many files are open", "try again"),
            (
                Errno::NAMETOOLONG,
                "the name is too long",
                "use a shorter name",
            ),
            (
                Errno::BUSY,
                "another program is using the file",
                "under another name",
            ),
            (
                Errno::TXTBSY,
                "another program is using the file",
                "under another name",
            ),
        ] {
            let system = io::Error::from_raw_os_error(errno.raw_os_error());
            let error = FileError::new(Action::SaveAnnotations, Path::new("/a"), system);
            let said = error.to_string();
            assert!(said.starts_with("cannot save the annotations: "), "{said}");
            assert!(said.contains(why) && said.contains(advice), "{said}");
            assert!(!said.contains('\n') && said.ends_with("`/a`"), "{said}");
        }
    }

    #[test]
    fn a_full_disk_says_how_much_is_missing() {
        let said = |needed, free| FileErrorKind::DiskFull { needed, free }.to_string();
        assert_eq!(
            said(Some(1_400_000), Some(3)),
            "the disk is full: 1.4 MB needed, 3 bytes free; free some space, or save to another folder"
        );
        // Out of names, not of room.
        assert!(said(Some(20), Some(5_000)).starts_with("the disk is full: 20 bytes needed; "));
        assert!(said(None, None).starts_with("the disk is full; "));
    }

    #[test]
    fn a_message_says_what_why_and_which() {
        let kind = FileErrorKind::TooLarge {
            size: 2_000_000_000,
            limit: 1 << 30,
        };
        let error = FileError::new(Action::OpenArticle, Path::new("/tmp/a\u{1b}\nb"), kind);
        assert_eq!(
            error.to_string(),
            "cannot open the article: the file has 2.0 GB, and Sourcemark opens at most 1.1 GB; split the file: `/tmp/a\\u{1b}\\nb`"
        );
    }
}
