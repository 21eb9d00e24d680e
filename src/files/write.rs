//! Writes files so that at every moment either the old or the new content is there, whole.
//!
//! The new content goes into a file of another name in the same folder, is put on the disk, and takes the old
//! one's place in one step. Before that the old one is compared with what was loaded: whoever else wrote it in
//! the meantime does not lose anything. A new file never takes the place of one that appeared meanwhile.

use super::{
    Action, Changed, FileError, FileErrorKind, Identity,
    fs::{Fs, FsFile, Kind, Stat},
    open::{missing_link, read_file},
    read::MAX_ANNOTATIONS_BYTES,
};
use crate::{
    annotation::AnnotationSet,
    format::ron::{VERSION, WriteOptions, version_of, write},
};
use std::{
    io::{self, Read},
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
pub(super) fn save_annotations(
    fs: &dyn Fs,
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
    let target = follow(fs, path).map_err(fail)?;
    let old = check_expected(fs, &target, &expected).map_err(fail)?;
    let options = WriteOptions {
        crlf,
        ..WriteOptions::default()
    };
    let text = write(set, options);
    // Once more: writing out a large set takes a while.
    if let Some(old) = &old
        && !fs.stat(&target).is_ok_and(|now| is_untouched(old, &now))
    {
        return Err(fail(FileErrorKind::ChangedOnDisk(Changed::Content)));
    }
    replace(fs, &target, text.as_bytes(), old.as_ref()).map_err(fail)
}

/// Writes the PNG picture `bytes` to `path`, over an older picture if there is one.
///
/// # Errors
/// [`FileErrorKind::NotAPicture`] when a file of another kind is there, an article for instance; else what the
/// system says.
pub(super) fn save_picture(fs: &dyn Fs, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let fail = |kind: FileErrorKind| FileError::new(Action::SavePicture, path, kind);
    let target = follow(fs, path).map_err(fail)?;
    let old = match fs.link_stat(&target) {
        Ok(old) if old.kind == Kind::Folder => return Err(fail(FileErrorKind::Folder)),
        Ok(old) if old.kind != Kind::File => return Err(fail(FileErrorKind::NotAPicture)),
        Ok(old) if old.read_only => return Err(fail(FileErrorKind::WriteProtected)),
        Ok(old) => Some(old),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(fail(error.into())),
    };
    if old.is_some() && !is_png(fs, &target).map_err(|error| fail(error.into()))? {
        return Err(fail(FileErrorKind::NotAPicture));
    }
    replace(fs, &target, bytes, old.as_ref()).map_err(fail)?;
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

/// Puts `bytes` at `path`: over the file whose metadata are `old`, or, without, where no file may be.
pub(super) fn replace(
    fs: &dyn Fs,
    path: &Path,
    bytes: &[u8],
    old: Option<&Stat>,
) -> Result<Identity, FileErrorKind> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut temporary = Temporary::create(fs, folder, old)?;
    let stat = temporary.fill(bytes, old.map(|_| path))?;
    match old {
        Some(_) => fs.rename(&temporary.path, path)?,
        None => place_new(fs, &temporary.path, path)?,
    }
    temporary.placed = true;
    // Some file systems cannot; then the name is there a little later.
    fs.sync_folder(folder).ok();
    // The very inode that was written: whoever writes after us has another time or length.
    Ok(Identity::of(bytes, &stat))
}

fn is_untouched(before: &Stat, now: &Stat) -> bool {
    before.len == now.len && before.modified == now.modified
}

/// Where `path` leads to in the end, when it is a link.
fn follow(fs: &dyn Fs, path: &Path) -> Result<PathBuf, FileErrorKind> {
    if !fs.link_stat(path).is_ok_and(|stat| stat.kind == Kind::Link) {
        return Ok(path.to_owned());
    }
    if missing_link(fs, path) {
        return Err(FileErrorKind::DanglingLink);
    }
    Ok(fs.canonical(path)?)
}

/// The metadata of the file at `path`, which is the one expected; `None` when none is and none was expected.
fn check_expected(
    fs: &dyn Fs,
    path: &Path,
    expected: &Expected,
) -> Result<Option<Stat>, FileErrorKind> {
    let now = match fs.link_stat(path) {
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
    if now.read_only {
        return Err(FileErrorKind::WriteProtected);
    }
    let changed = FileErrorKind::ChangedOnDisk(Changed::Content);
    if now.len != identity.len {
        return Err(changed);
    }
    if now.len > ALWAYS_HASH_BYTES && identity.agrees_with(&now) {
        return Ok(Some(now));
    }
    let content = read_file(fs, path, MAX_ANNOTATIONS_BYTES, Action::SaveAnnotations)
        .map_err(|error| error.kind)?;
    if identity.same_content(&Identity::of(&content.bytes, &now)) {
        Ok(Some(now))
    } else {
        Err(changed)
    }
}

/// A file of a passing name that is removed unless it was put in place.
struct Temporary<'a> {
    fs: &'a dyn Fs,
    path: PathBuf,
    file: Box<dyn FsFile>,
    placed: bool,
}

impl<'a> Temporary<'a> {
    fn create(fs: &'a dyn Fs, folder: &Path, old: Option<&Stat>) -> Result<Self, FileErrorKind> {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        loop {
            let number = COUNTER.fetch_add(1, Ordering::Relaxed);
            let name = format!(".sourcemark-{}-{number}.tmp", std::process::id());
            let path = folder.join(name);
            // For the owner alone until it has the old file's permissions: those may be narrower than usual.
            match fs.create_new(&path, old.is_some()) {
                Ok(file) => {
                    return Ok(Self {
                        fs,
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

    /// Writes everything and puts it on the disk; `old` is the file it will stand for.
    fn fill(&mut self, bytes: &[u8], old: Option<&Path>) -> Result<Stat, FileErrorKind> {
        self.file.write_all(bytes)?;
        if let Some(old) = old {
            // Some network drives know no permissions; that is no reason not to save.
            self.file.dress_like(old).ok();
        }
        self.file.sync()?;
        let stat = self.file.stat()?;
        if stat.len != bytes.len() as u64 {
            return Err(FileErrorKind::DiskFull);
        }
        Ok(stat)
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.placed {
            // Nothing better can be done about a file that cannot be removed than to leave it.
            self.fs.remove(&self.path).ok();
        }
    }
}

/// Gives the file at `temporary` the name `path`, which must be free; of two programs only one succeeds.
fn place_new(fs: &dyn Fs, temporary: &Path, path: &Path) -> Result<(), FileErrorKind> {
    let appeared = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => FileErrorKind::ChangedOnDisk(Changed::Appeared),
        _ => error.into(),
    };
    match fs.rename_new(temporary, path) {
        // File systems that cannot (some network drives): claim the name with an empty file first.
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {
            drop(fs.create_new(path, false).map_err(appeared)?);
            fs.rename(temporary, path).map_err(|error| {
                fs.remove(path).ok();
                error.into()
            })
        }
        result => result.map_err(appeared),
    }
}
