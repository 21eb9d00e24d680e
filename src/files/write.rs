//! Writes files so that at every moment either the old or the new content is there, whole.
//!
//! The new content goes into a file of another name in the same folder, is put on the disk, read back, and takes
//! the old one's place in one step ([`super::place`]). The old one is compared with what was loaded and kept as
//! an earlier version: whoever else wrote it in the meantime does not lose anything. A new file never takes the
//! place of one that appeared meanwhile.

use super::{
    Action, Changed, Expected, FileError, FileErrorKind, Identity, MAX_ANNOTATIONS_BYTES,
    compare::{check_expected, folder_of, follow},
    fs::{Fs, Kind},
    open::read_file,
    paths::article_of,
    place::{Over, Placed, place},
    temporary::{Dress, Temporary},
};
use crate::{
    annotation::AnnotationSet,
    format::ron::{VERSION, WriteOptions, check_fits, version_of, write},
};
use std::{
    fmt,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// How an annotation file is to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaveOptions {
    /// Whether its lines end with CR LF.
    pub crlf: bool,
    /// For a file of an older version of the format: the old file stays beside the new one, with this added to
    /// its name (`.v1.bak`). A file that has that name already is left as it is, and is enough.
    pub keep_original_as: Option<String>,
    /// The files that the content comes from. A new file gets no more permissions than any of them has, nor than
    /// the article beside it.
    pub sources: Vec<PathBuf>,
}

/// An annotation file that was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedFile {
    /// Which version it is, for the next save.
    pub identity: Identity,
    /// What did not go as it usually does.
    pub notes: Vec<SaveNote>,
}

/// What a person may want to know of a save that succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveNote {
    /// The file could not be replaced and was overwritten where it stands.
    InPlace,
    /// The file is whole, but its name may not survive a power cut in the next seconds; with the reason.
    FolderNotSynced(String),
    /// The version before was not kept as an earlier version; with the reason.
    NoEarlierVersion(String),
}

impl fmt::Display for SaveNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InPlace => f.write_str(
                "the file cannot be replaced where it is, and was overwritten; a power cut during a save may damage it",
            ),
            Self::FolderNotSynced(why) => write!(
                f,
                "saved, but this disk does not say when the file is safe from a power cut: {why}"
            ),
            Self::NoEarlierVersion(why) => {
                write!(f, "saved, but the version before was not kept: {why}")
            }
        }
    }
}

/// Writes `set` to `path`; see [`super::Disk::save_annotations`]. `keep` is called when the new version is on the
/// disk and the old one, with this identity, still in its place.
pub(super) fn save_annotations(
    fs: &dyn Fs,
    path: &Path,
    set: &AnnotationSet,
    expected: &Expected,
    options: &SaveOptions,
    keep: &mut dyn FnMut(&Path, &Identity) -> KeptOld,
) -> Result<SavedFile, FileError> {
    let fail = |kind: FileErrorKind| FileError::new(Action::SaveAnnotations, path, kind);
    let found = version_of(set);
    if found.0 > VERSION.0 {
        return Err(fail(FileErrorKind::NewerVersion { found }));
    }
    // What is written must be read again.
    check_fits(set).map_err(|error| fail(error.into()))?;
    let target = follow(fs, path).map_err(fail)?;
    check_expected(fs, &target, expected).map_err(fail)?;
    let text = write(
        set,
        WriteOptions {
            crlf: options.crlf,
            ..WriteOptions::default()
        },
    );
    let size = text.len() as u64;
    if size > MAX_ANNOTATIONS_BYTES {
        let limit = MAX_ANNOTATIONS_BYTES;
        return Err(fail(FileErrorKind::TooMuchToSave { size, limit }));
    }
    let mut note = None;
    let over = match expected {
        Expected::New => Over::Nothing,
        Expected::Same(identity) => Over::Exactly(identity),
    };
    let mut sources = options.sources.clone();
    sources.extend(article_of(&target));
    let placed = replace(fs, &target, text.as_bytes(), over, &sources, &mut || {
        let Expected::Same(identity) = expected else {
            return Ok(Vec::new());
        };
        let mut links = Vec::new();
        if let Some(suffix) = &options.keep_original_as {
            links.extend(keep_beside(fs, &target, suffix, identity)?);
        }
        match keep(&target, identity) {
            Ok(link) => links.extend(link),
            Err(kind) => note = Some(SaveNote::NoEarlierVersion(kind.to_string())),
        }
        Ok(links)
    })
    .map_err(fail)?;
    let mut notes = placed.notes;
    notes.extend(note);
    Ok(SavedFile {
        identity: placed.identity,
        notes,
    })
}

/// What became of keeping an old version: the further name it was given, if it was, and not copied.
pub(super) type KeptOld = Result<Option<PathBuf>, FileErrorKind>;

/// Keeps the file at `path` beside itself, with `suffix` added to its name.
fn keep_beside(fs: &dyn Fs, path: &Path, suffix: &str, identity: &Identity) -> KeptOld {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    let beside = PathBuf::from(name);
    if fs.link_stat(&beside).is_ok() {
        return Ok(None);
    }
    link_or_copy(fs, path, &beside, identity)
}

/// Gives the file at `from`, which has `identity`, the further name `to`, which is free; where that cannot be,
/// `to` becomes a copy.
pub(super) fn link_or_copy(fs: &dyn Fs, from: &Path, to: &Path, identity: &Identity) -> KeptOld {
    if fs.hard_link(from, to).is_ok() {
        return Ok(Some(to.to_owned()));
    }
    let content = read_file(fs, from, MAX_ANNOTATIONS_BYTES, Action::SaveAnnotations)
        .map_err(|error| error.kind)?;
    if !identity.is_of(&content.bytes) {
        return Err(FileErrorKind::ChangedOnDisk(Changed::Content));
    }
    let mut copy = Temporary::create(fs, folder_of(to), true)?;
    copy.fill(&content.bytes, Dress::Like(from))?;
    place(fs, copy, to, &content.bytes, Over::Nothing, &[])?;
    Ok(None)
}

/// Writes the PNG picture `bytes` of what is in the files `sources` to `path`, over an older picture if there is one.
///
/// # Errors
/// [`FileErrorKind::NotAPicture`] when a file of another kind is there, an article for instance; else what the
/// system says.
pub(super) fn save_picture(
    fs: &dyn Fs,
    path: &Path,
    bytes: &[u8],
    sources: &[PathBuf],
) -> Result<(), FileError> {
    let fail = |kind: FileErrorKind| FileError::new(Action::SavePicture, path, kind);
    let target = follow(fs, path).map_err(fail)?;
    let over = match fs.link_stat(&target) {
        Ok(old) if old.kind == Kind::Folder => return Err(fail(FileErrorKind::Folder)),
        Ok(old) if old.kind != Kind::File => return Err(fail(FileErrorKind::NotAPicture)),
        Ok(old) if old.read_only => return Err(fail(FileErrorKind::WriteProtected)),
        Ok(_) => Over::Anything,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Over::Nothing,
        Err(error) => return Err(fail(error.into())),
    };
    let is_over = matches!(over, Over::Anything);
    if is_over && !is_png(fs, &target).map_err(|error| fail(error.into()))? {
        return Err(fail(FileErrorKind::NotAPicture));
    }
    replace(fs, &target, bytes, over, sources, &mut nothing_to_keep).map_err(fail)?;
    Ok(())
}

/// Whether the file at `path` begins as a PNG picture does; an empty one holds nothing to lose.
fn is_png(fs: &dyn Fs, path: &Path) -> io::Result<bool> {
    const MARK: &[u8] = b"\x89PNG\r\n\x1A\n";
    let mut start = Vec::new();
    fs.open(path)?
        .take(MARK.len() as u64)
        .read_to_end(&mut start)?;
    Ok(start.is_empty() || start == MARK)
}

/// Puts `bytes` at `path`, in the place of whatever file is there.
pub(super) fn write_file(fs: &dyn Fs, path: &Path, bytes: &[u8]) -> Result<(), FileErrorKind> {
    let over = match fs.link_stat(path) {
        Ok(_) => Over::Anything,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Over::Nothing,
        Err(error) => return Err(error.into()),
    };
    replace(fs, path, bytes, over, &[], &mut nothing_to_keep)?;
    Ok(())
}

pub(super) fn nothing_to_keep() -> Result<Vec<PathBuf>, FileErrorKind> {
    Ok(Vec::new())
}

/// Puts `bytes`, which come from the files `sources`, at `path`, in the place of what `over` says. `keep` is called when they are on the disk under
/// another name and the old file still in its place; it tells what further names it has given the old file.
pub(super) fn replace(
    fs: &dyn Fs,
    path: &Path,
    bytes: &[u8],
    over: Over<'_>,
    sources: &[PathBuf],
    keep: &mut dyn FnMut() -> Result<Vec<PathBuf>, FileErrorKind>,
) -> Result<Placed, FileErrorKind> {
    let folder = folder_of(path);
    let needed = bytes.len() as u64;
    let dress = match over {
        Over::Nothing => Dress::Within(sources),
        Over::Anything | Over::Exactly(_) => Dress::Like(path),
    };
    // For the owner alone until it has its permissions: those may be narrower than usual.
    let written = Temporary::create(fs, folder, dress.is_private()).and_then(|mut temporary| {
        temporary.fill(bytes, dress)?;
        Ok(temporary)
    });
    let placed = written.and_then(|temporary| {
        let links = keep()?;
        place(fs, temporary, path, bytes, over, &links).inspect_err(|kind| {
            // The file that stays must not have a second name, through which others would write what is kept.
            // After a half-written one they are files of their own, and needed.
            if !matches!(kind, FileErrorKind::Torn { .. }) {
                for link in &links {
                    fs.remove(link).ok();
                }
            }
        })
    });
    placed.map_err(|kind| match kind {
        FileErrorKind::DiskFull { .. } => FileErrorKind::DiskFull {
            needed: Some(needed),
            free: fs.free_bytes(folder).ok(),
        },
        FileErrorKind::QuotaFull { .. } => FileErrorKind::QuotaFull {
            needed: Some(needed),
        },
        // Not the file, which need not be there: the folder it is to stand in.
        FileErrorKind::NotFound => FileErrorKind::FolderGone,
        kind => kind,
    })
}
