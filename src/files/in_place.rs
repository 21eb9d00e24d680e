//! Overwrites a file in place: only if it cannot be replaced, because it is mounted by itself, or where it
//! has other names, which a replacement would not have.
//!
//! The old version is put on the disk under a temporary name first. A power cut in between leaves a file that is
//! neither old nor new, and that old version beside it.

use super::{
    Action, Changed, FileErrorKind, Identity,
    compare::folder_of,
    fs::{Fs, Stat},
    open::read_file,
    place::Over,
    read::MAX_ANNOTATIONS_BYTES,
    temporary::{Dress, Temporary, Trade, reads_as},
};
use std::path::{Path, PathBuf};

/// Writes `bytes` into the file at `path`. `links` are further names of it under which the old version is kept:
/// they become files of their own first. `keep` is called with
/// where the old version is when the new one is written. Returns what the file system knows of the file then.
pub(super) fn overwrite(
    fs: &dyn Fs,
    path: &Path,
    bytes: &[u8],
    over: Over<'_>,
    links: &[PathBuf],
    keep: &mut dyn FnMut(&Path),
) -> Result<Stat, FileErrorKind> {
    let old = read_file(fs, path, MAX_ANNOTATIONS_BYTES, Action::SaveAnnotations)
        .map_err(|error| error.kind)?
        .bytes;
    if let Over::Exactly(identity) = over
        && !identity.is_of(&old)
    {
        return Err(FileErrorKind::ChangedOnDisk(Changed::Content));
    }
    for link in links {
        let mut copy = Temporary::create(fs, folder_of(link), true)?;
        copy.fill(&old, Dress::Like(path))?;
        fs.rename(copy.path(), link)?;
        copy.leave();
        fs.sync_folder(folder_of(link)).ok();
    }
    let mut kept = Temporary::create(fs, folder_of(path), true)?;
    let stat = kept.fill(&old, Dress::Like(path))?;
    // Whoever finds it after a crash sees by its name what it is.
    kept.prepare(&Trade::new(path, &Identity::of(&old, &stat), bytes))?;
    // As above: a name that is not on the disk keeps nothing. Where folders cannot be synced, this is all that
    // can be had.
    fs.sync_folder(folder_of(path)).ok();
    let kind = match write_over(fs, path, bytes) {
        Ok(stat) => {
            keep(kept.path());
            return Ok(stat);
        }
        Err(kind) => kind,
    };
    if write_over(fs, path, &old).is_err() {
        kept.leave();
        return Err(FileErrorKind::Torn {
            kept: kept.path().to_owned(),
        });
    }
    Err(kind)
}

fn write_over(fs: &dyn Fs, path: &Path, bytes: &[u8]) -> Result<Stat, FileErrorKind> {
    let mut file = fs.open_in_place(path)?;
    file.clear()?;
    file.write_all(bytes)?;
    file.sync()?;
    let stat = file.stat()?;
    match reads_as(fs, path, bytes)? {
        true => Ok(stat),
        false => Err(FileErrorKind::NotKept),
    }
}
