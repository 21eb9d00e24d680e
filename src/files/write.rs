//! Writes files so that at every moment either the old or the new content is there, whole.
//!
//! The new content goes into a file of another name in the same folder, is put on the disk, and takes the old
//! one's place in one step. Before that the old one is compared with what was loaded: whoever else wrote it in
//! the meantime does not lose anything. A new file never takes the place of one that appeared meanwhile.

use super::{
    Action, Changed, FileError, FileErrorKind, Identity,
    open::{missing_link, read_file},
    read::MAX_ANNOTATIONS_BYTES,
};
use crate::{
    annotation::AnnotationSet,
    format::ron::{VERSION, WriteOptions, version_of, write},
};
use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

/// Files up to this size are compared by their bytes even when length and time agree: a file may be written
/// twice within one tick of the clock.
const ALWAYS_HASH_BYTES: u64 = 8 << 20;

/// What stands at the path before a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Nothing.
    New,
    /// The file that was loaded or last saved.
    Same(Identity),
}

/// Writes `set` to `path` and returns the identity of the new file, for the next save.
///
/// A link is followed: the file it leads to is replaced, the link stays. The old file's permissions are kept.
/// That the folder itself could not be put on the disk at once is no failure.
///
/// # Errors
/// [`FileErrorKind::ChangedOnDisk`] when the file is not the one expected; [`FileErrorKind::NewerVersion`] for
/// records of a newer major version; else what the system says. The old
/// file is as it was then.
pub fn save_annotations(
    path: &Path,
    set: &AnnotationSet,
    expected: Expected,
    crlf: bool,
) -> Result<Identity, FileError> {
    let fail = |kind: FileErrorKind| FileError::new(Action::SaveAnnotations, path, kind);
    let found = version_of(set);
    if found.0 > VERSION.0 {
        return Err(fail(FileErrorKind::NewerVersion { found }));
    }
    let target = follow(path).map_err(fail)?;
    let old = check_expected(&target, &expected).map_err(fail)?;
    let options = WriteOptions {
        crlf,
        ..WriteOptions::default()
    };
    let text = write(set, options);
    // Once more: writing out a large set takes a while.
    if let Some(old) = &old
        && !fs::metadata(&target).is_ok_and(|now| is_untouched(old, &now))
    {
        return Err(fail(FileErrorKind::ChangedOnDisk(Changed::Content)));
    }
    replace(&target, text.as_bytes(), old.as_ref()).map_err(fail)
}

/// Writes the PNG picture `bytes` to `path`, over an older picture if there is one.
///
/// # Errors
/// [`FileErrorKind::NotAPicture`] when a file of another kind is there, an article for instance; else what the
/// system says.
pub fn save_picture(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let fail = |kind: FileErrorKind| FileError::new(Action::SavePicture, path, kind);
    let target = follow(path).map_err(fail)?;
    let old = match fs::symlink_metadata(&target) {
        Ok(old) if old.is_dir() => return Err(fail(FileErrorKind::Folder)),
        Ok(old) if !old.is_file() => return Err(fail(FileErrorKind::NotAPicture)),
        Ok(old) if old.permissions().readonly() => return Err(fail(FileErrorKind::WriteProtected)),
        Ok(old) => Some(old),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(fail(error.into())),
    };
    if old.is_some() && !is_png(&target).map_err(|error| fail(error.into()))? {
        return Err(fail(FileErrorKind::NotAPicture));
    }
    replace(&target, bytes, old.as_ref()).map_err(fail)?;
    Ok(())
}

/// Whether the file at `path` begins as a PNG picture does; an empty one holds nothing to lose.
fn is_png(path: &Path) -> io::Result<bool> {
    const MARK: &[u8] = b"\x89PNG\r\n\x1A\n";
    let mut start = Vec::new();
    File::open(path)?
        .take(MARK.len() as u64)
        .read_to_end(&mut start)?;
    Ok(start.is_empty() || start == MARK)
}

/// Puts `bytes` at `path`: over the file whose metadata are `old`, or, without, where no file may be.
pub(super) fn replace(
    path: &Path,
    bytes: &[u8],
    old: Option<&Metadata>,
) -> Result<Identity, FileErrorKind> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let temporary = Temporary::create(folder, old)?;
    let metadata = temporary.fill(bytes, old)?;
    match old {
        Some(_) => fs::rename(&temporary.path, path)?,
        None => place_new(&temporary.path, path)?,
    }
    temporary.mark_placed();
    sync_folder(folder);
    // The very inode that was written: whoever writes after us has another time or length.
    Ok(Identity::of(bytes, &metadata))
}

fn is_untouched(before: &Metadata, now: &Metadata) -> bool {
    before.len() == now.len() && before.modified().ok() == now.modified().ok()
}

/// Where `path` leads to in the end, when it is a link.
pub(super) fn follow(path: &Path) -> Result<PathBuf, FileErrorKind> {
    if !path.is_symlink() {
        return Ok(path.to_owned());
    }
    if missing_link(path) {
        return Err(FileErrorKind::DanglingLink);
    }
    Ok(fs::canonicalize(path)?)
}

/// The metadata of the file at `path`, which is the one expected; `None` when none is and none was expected.
pub(super) fn check_expected(
    path: &Path,
    expected: &Expected,
) -> Result<Option<Metadata>, FileErrorKind> {
    let now = match fs::symlink_metadata(path) {
        Ok(now) => Some(now),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error.into()),
    };
    let (identity, now) = match (expected, now) {
        (Expected::New, None) => return Ok(None),
        (Expected::New, Some(_)) => {
            return Err(FileErrorKind::ChangedOnDisk(Changed::Appeared));
        }
        (Expected::Same(_), None) => return Err(FileErrorKind::ChangedOnDisk(Changed::Gone)),
        (Expected::Same(identity), Some(now)) => (identity, now),
    };
    if now.permissions().readonly() {
        return Err(FileErrorKind::WriteProtected);
    }
    let changed = FileErrorKind::ChangedOnDisk(Changed::Content);
    if now.len() != identity.len {
        return Err(changed);
    }
    if now.len() > ALWAYS_HASH_BYTES && identity.agrees_with(&now) {
        return Ok(Some(now));
    }
    let content = read_file(path, MAX_ANNOTATIONS_BYTES, Action::SaveAnnotations)
        .map_err(|error| error.kind)?;
    if identity.same_content(&Identity::of(&content.bytes, &now)) {
        Ok(Some(now))
    } else {
        Err(changed)
    }
}

/// A file of a passing name that is removed unless it was put in place.
struct Temporary {
    path: PathBuf,
    file: File,
    placed: bool,
}

impl Temporary {
    fn create(folder: &Path, old: Option<&Metadata>) -> Result<Self, FileErrorKind> {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        if old.is_some() {
            use std::os::unix::fs::OpenOptionsExt;
            // For the owner alone until it has the old file's permissions: those may be narrower than usual.
            options.mode(0o600);
        }
        #[cfg(not(unix))]
        let _unused = old;
        loop {
            let number = COUNTER.fetch_add(1, Ordering::Relaxed);
            let name = format!(".sourcemark-{}-{number}.tmp", std::process::id());
            let path = folder.join(name);
            match options.open(&path) {
                Ok(file) => {
                    return Ok(Self {
                        path,
                        file,
                        placed: false,
                    });
                }
                // Left behind by a program of the same number that was killed: the next name is free.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Writes everything and puts it on the disk.
    fn fill(&self, bytes: &[u8], old: Option<&Metadata>) -> Result<Metadata, FileErrorKind> {
        let mut file = &self.file;
        file.write_all(bytes)?;
        if let Some(old) = old {
            // Some network drives know no permissions; that is no reason not to save.
            drop(file.set_permissions(old.permissions()));
        }
        file.sync_all()?;
        let metadata = file.metadata()?;
        if metadata.len() != bytes.len() as u64 {
            return Err(FileErrorKind::DiskFull);
        }
        Ok(metadata)
    }

    fn mark_placed(mut self) {
        self.placed = true;
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.placed {
            // Nothing better can be done about a file that cannot be removed than to leave it.
            drop(fs::remove_file(&self.path));
        }
    }
}

/// Gives the file at `temporary` the name `path`, which must be free; of two programs only one succeeds.
fn place_new(temporary: &Path, path: &Path) -> Result<(), FileErrorKind> {
    let appeared = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => FileErrorKind::ChangedOnDisk(Changed::Appeared),
        _ => error.into(),
    };
    match fs::hard_link(temporary, path) {
        Ok(()) => {
            drop(fs::remove_file(temporary));
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(appeared(error)),
        // File systems without links (FAT, some network drives): claim the name with an empty file first.
        Err(_) => {
            OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(path)
                .map_err(appeared)?;
            fs::rename(temporary, path).map_err(|error| {
                drop(fs::remove_file(path));
                error.into()
            })
        }
    }
}

/// Puts the new name on the disk. Some file systems cannot; then the name is there a little later.
fn sync_folder(folder: &Path) {
    #[cfg(unix)]
    if let Ok(folder) = File::open(folder) {
        drop(folder.sync_all());
    }
    #[cfg(not(unix))]
    let _unused = folder;
}
