//! Writes files so that at every moment either the old or the new content is there, whole.
//!
//! The new content goes into a file of another name in the same folder, is put on the disk, read back, and takes
//! the old one's place in one step ([`super::place`]). The old one is compared with what was loaded and kept as
//! an earlier version: whoever else wrote it in the meantime does not lose anything. A new file never takes the
//! place of one that appeared meanwhile.

use super::{
    Action, Changed, FileError, FileErrorKind, Identity, MAX_ANNOTATIONS_BYTES,
    compare::{folder_of, follow},
    fs::{Fs, Kind},
    open::read_file,
    place::{OldFile, Over, Placed, place},
    temporary::{Dress, Temporary},
};
use std::{
    io::{self, Read},
    path::{Path, PathBuf},
};

/// What became of keeping an old version: the further name it was given, if it was, and not copied.
pub(super) type KeptOld = Result<Option<PathBuf>, FileErrorKind>;

/// Gives the file at `from`, which has `identity`, the further name `to`, which is free; where that cannot be,
/// `to` becomes a copy.
pub(super) fn link_or_copy(fs: &dyn Fs, from: &Path, to: &Path, identity: &Identity) -> KeptOld {
    if fs.hard_link(from, to).is_ok() {
        return Ok(Some(to.to_owned()));
    }
    copy(fs, from, to, identity, Dress::Like(from)).map(|()| None)
}

/// Copies the file at `from`, which has `identity`, to `to`, which is free and gets the permissions that `dress` says.
pub(super) fn copy(
    fs: &dyn Fs,
    from: &Path,
    to: &Path,
    identity: &Identity,
    dress: Dress<'_>,
) -> Result<(), FileErrorKind> {
    let content = read_file(fs, from, MAX_ANNOTATIONS_BYTES, Action::SaveAnnotations)
        .map_err(|error| error.kind)?;
    if !identity.is_of(&content.bytes) {
        return Err(FileErrorKind::ChangedOnDisk(Changed::Content));
    }
    let mut copy = Temporary::create(fs, folder_of(to), true)?;
    copy.fill(&content.bytes, dress)?;
    let (bytes, over) = (&content.bytes, Over::Nothing);
    place(fs, copy, to, bytes, over, &OldFile::default(), &mut |_| {})?;
    Ok(())
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
    replace(
        fs,
        &target,
        bytes,
        over,
        sources,
        &mut nothing_known,
        &mut |_| {},
    )
    .map_err(fail)?;
    Ok(())
}

/// Returns whether the file at `path` begins as a PNG picture does; an empty one holds nothing to lose.
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
    replace(fs, path, bytes, over, &[], &mut nothing_known, &mut |_| {})?;
    Ok(())
}

fn nothing_known() -> Result<OldFile, FileErrorKind> {
    Ok(OldFile::default())
}

/// Puts `bytes`, which come from the files `sources`, at `path`, in the place of what `over` says. `look` is called when they are on the disk under another
/// name and the old file still in its place; it returns what there is to know of that. `keep` is called with where the
/// old version is, when that can be kept.
pub(super) fn replace(
    fs: &dyn Fs,
    path: &Path,
    bytes: &[u8],
    over: Over<'_>,
    sources: &[PathBuf],
    look: &mut dyn FnMut() -> Result<OldFile, FileErrorKind>,
    keep: &mut dyn FnMut(&Path),
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
        let old = look()?;
        place(fs, temporary, path, bytes, over, &old, keep).inspect_err(|kind| {
            // The file that stays must not have a second name, through which others would write what is kept.
            // After a half-written one they are files of their own, and needed.
            if !matches!(kind, FileErrorKind::Torn { .. }) {
                for link in &old.links {
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
        FileErrorKind::SizeLimit { .. } => FileErrorKind::SizeLimit {
            needed: Some(needed),
        },
        // Not the file, which need not be there: its folder.
        FileErrorKind::NotFound => FileErrorKind::FolderGone,
        kind => kind,
    })
}
