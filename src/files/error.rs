//! What can go wrong with a file: what was tried, on which file, why not, and what a person can do.

use crate::{
    format::{FormatError, shown},
    import::ImportError,
    text::TextError,
};
use std::{
    fmt, io,
    path::{Path, PathBuf},
};

/// What was tried.
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
    /// Telling git about annotation files.
    ChangeAttributes,
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
            Self::ChangeAttributes => "cannot change the attributes of the repository",
        })
    }
}

/// How a file differs from the one that was loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Another program wrote it.
    Content,
    /// It is not there any more.
    Gone,
    /// There was none, and now there is one.
    Appeared,
}

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileErrorKind {
    /// There is no such file.
    #[error("there is no such file; it may have been moved or renamed")]
    NotFound,
    /// The path is a link to something that is not there.
    #[error("it is a link to a file that is not there")]
    DanglingLink,
    /// The person may not read or write it.
    #[error("permission denied; check who may read and write the file and its folder")]
    Denied,
    /// It is a folder.
    #[error("it is a folder; choose a file inside it")]
    Folder,
    /// It is a pipe, device or socket, from which no text can be read to its end.
    #[error("it is {0}, not an ordinary file; copy its content into a file first")]
    Special(&'static str),
    /// It is larger than this program reads.
    #[error("it has {} and at most {} can be opened; split it", megabytes(*.size), megabytes(*.limit))]
    TooLarge {
        /// Its size in bytes.
        size: u64,
        /// The largest size in bytes.
        limit: u64,
    },
    /// There is not enough memory for it.
    #[error("there is not enough memory for its {}", megabytes(*.size))]
    NoMemory {
        /// Its size in bytes.
        size: u64,
    },
    /// It is not text.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// It has more text than can be counted.
    #[error(transparent)]
    Text(#[from] TextError),
    /// It is no annotation file, or a damaged one.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// It is not what was loaded or expected; writing over it would lose what is there.
    #[error("{}", match .0 {
        Changed::Content => "another program has changed the file since it was opened; save under another name, or open it again",
        Changed::Gone => "the file is not there any more; save under another name, or save anew",
        Changed::Appeared => "there is a file of this name now that was not there before; open it, or save under another name",
    })]
    ChangedOnDisk(Changed),
    /// A picture would take the place of something else.
    #[error("there is a file of this name that is no PNG picture; choose another name")]
    NotAPicture,
    /// The records come from a file of a newer major version.
    #[error("the annotations are of version {}.{} of the format, which this program can show but not write; use a newer Sourcemark", found.0, found.1)]
    NewerVersion {
        /// Their version, major and minor.
        found: (u16, u16),
    },
    /// It is protected from writing.
    #[error("the file is write-protected; take the protection off or save under another name")]
    WriteProtected,
    /// The disk is full.
    #[error("the disk is full; make room and save again")]
    DiskFull,
    /// The disk is mounted for reading only.
    #[error("the disk is read-only; save to another place")]
    ReadOnlyDisk,
    /// The program stumbled over its content.
    #[error("the program failed while reading it, which is a mistake in the program")]
    Crashed,
    /// Anything else the system says.
    #[error("{0}")]
    Io(#[source] io::Error),
}

impl From<io::Error> for FileErrorKind {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::PermissionDenied => Self::Denied,
            io::ErrorKind::IsADirectory => Self::Folder,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnlyDisk,
            _ => Self::Io(error),
        }
    }
}

/// What could not be done with which file, and why.
#[derive(Debug, thiserror::Error)]
#[error("{action}: {kind}: `{}`", shown(&.path.to_string_lossy(), 300))]
pub struct FileError {
    /// What was tried.
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

/// A size for people: `3 bytes`, `1.4 MB`, `2.0 GB`.
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

    #[test]
    fn a_message_says_what_why_and_which() {
        let kind = FileErrorKind::TooLarge {
            size: 2_000_000_000,
            limit: 1 << 30,
        };
        let error = FileError::new(Action::OpenArticle, Path::new("/tmp/a\u{1b}\nb"), kind);
        assert_eq!(
            error.to_string(),
            "cannot open the article: it has 2.0 GB and at most 1.1 GB can be opened; split it: `/tmp/a\\u{1b}\\nb`"
        );
    }
}
