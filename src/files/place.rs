//! Gives a new file, written under a passing name, the name it is meant for.
//!
//! Where none may be, none is replaced. Where the old version stands, the two trade names in one step, and only
//! then is the old one looked at once more: if somebody wrote it in the last moment, they trade back, and
//! nothing is lost. Systems that cannot trade names compare first and replace then; what somebody writes
//! between the two is lost there.

use super::{
    Changed, FileErrorKind, Identity, SaveNote,
    compare::{folder_of, holds},
    fs::Fs,
    in_place,
    temporary::Temporary,
};
use std::{
    io,
    path::{Path, PathBuf},
};

/// What the new file may take the place of.
#[derive(Clone, Copy)]
pub(super) enum Over<'a> {
    /// Nothing.
    Nothing,
    /// Whatever file is there.
    Anything,
    /// The file with this identity.
    Exactly(&'a Identity),
}

/// Moves the file called `temporary`, which holds `bytes`, to `path`. `links` are further names that were given
/// to the old file, to keep it.
pub(super) fn place(
    fs: &dyn Fs,
    mut temporary: Temporary<'_>,
    path: &Path,
    bytes: &[u8],
    over: Over<'_>,
    links: &[PathBuf],
) -> Result<Placed, FileErrorKind> {
    let mut notes = Vec::new();
    let written = temporary.stat()?;
    let result = match over {
        Over::Nothing => place_new(fs, &mut temporary, path),
        Over::Anything => replace(fs, &mut temporary, path),
        Over::Exactly(identity) => exchange(fs, &mut temporary, path, identity),
    };
    let is_renamed = match result {
        Ok(()) => true,
        Err(Refused::Cannot) => false,
        Err(Refused::Kind(kind)) => return Err(kind),
    };
    if !is_renamed {
        let stat = in_place::overwrite(fs, path, bytes, over, links)?;
        notes.push(SaveNote::InPlace);
        return Ok(Placed {
            identity: Identity::of(bytes, &stat),
            notes,
        });
    }
    // Before the old version goes, which may have the passing name now.
    if let Err(error) = fs.sync_folder(folder_of(path)) {
        notes.push(SaveNote::FolderNotSynced(error.to_string()));
    }
    // Renaming was a change of its own. If anything else has changed already, the time before it is the right
    // one: somebody else has written.
    let stat = match temporary.stat() {
        Ok(now) if now.len == written.len && now.modified == written.modified => now,
        _ => written,
    };
    Ok(Placed {
        identity: Identity::of(bytes, &stat),
        notes,
    })
}

/// A file in its place.
pub(super) struct Placed {
    pub(super) identity: Identity,
    pub(super) notes: Vec<SaveNote>,
}

/// Why a name could not be given.
enum Refused {
    /// Files cannot be replaced there, only written in place.
    Cannot,
    Kind(FileErrorKind),
}

impl<T: Into<FileErrorKind>> From<T> for Refused {
    fn from(kind: T) -> Self {
        Self::Kind(kind.into())
    }
}

/// Whether the system says that the file at hand is not one that can be replaced: a file that was mounted by
/// itself, as containers do.
fn is_mounted(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices
    )
}

fn place_new(fs: &dyn Fs, temporary: &mut Temporary<'_>, path: &Path) -> Result<(), Refused> {
    let appeared = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => FileErrorKind::ChangedOnDisk(Changed::Appeared),
        _ => error.into(),
    };
    match fs.rename_new(temporary.path(), path) {
        // Elsewhere a second name does it: it is refused when it is taken, and the first one goes afterwards.
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {
            match fs.hard_link(temporary.path(), path) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    return Err(appeared(error).into());
                }
                Err(_) => {}
            }
            // File systems that cannot do that either: the name is claimed with an empty file first.
            drop(fs.create_new(path, false).map_err(appeared)?);
            if let Err(error) = fs.rename(temporary.path(), path) {
                fs.remove(path).ok();
                return Err(error.into());
            }
        }
        result => result.map_err(appeared)?,
    }
    temporary.leave();
    Ok(())
}

fn replace(fs: &dyn Fs, temporary: &mut Temporary<'_>, path: &Path) -> Result<(), Refused> {
    match fs.rename(temporary.path(), path) {
        Ok(()) => {
            temporary.leave();
            Ok(())
        }
        Err(error) if is_mounted(&error) => Err(Refused::Cannot),
        Err(error) => Err(error.into()),
    }
}

/// Lets the new and the old file trade names. Afterwards the old one has the passing name, and goes with it.
fn exchange(
    fs: &dyn Fs,
    temporary: &mut Temporary<'_>,
    path: &Path,
    identity: &Identity,
) -> Result<(), Refused> {
    match fs.exchange(temporary.path(), path) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {
            if !holds(fs, path, identity)? {
                return Err(FileErrorKind::ChangedOnDisk(Changed::Content).into());
            }
            return replace(fs, temporary, path);
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(FileErrorKind::ChangedOnDisk(Changed::Gone).into());
        }
        Err(error) if is_mounted(&error) => return Err(Refused::Cannot),
        Err(error) => return Err(error.into()),
    }
    match holds(fs, temporary.path(), identity) {
        Ok(true) => Ok(()),
        Ok(false) => {
            put_back(fs, temporary, path)?;
            Err(FileErrorKind::ChangedOnDisk(Changed::Content).into())
        }
        Err(kind) => {
            put_back(fs, temporary, path)?;
            Err(kind.into())
        }
    }
}

/// Gives what was displaced its name again.
fn put_back(fs: &dyn Fs, temporary: &mut Temporary<'_>, path: &Path) -> Result<(), FileErrorKind> {
    let displaced = |temporary: &mut Temporary<'_>| {
        temporary.leave();
        Err(FileErrorKind::Displaced {
            kept: temporary.path().to_owned(),
        })
    };
    if fs.exchange(temporary.path(), path).is_ok() {
        let ours = temporary.stat().map(|stat| stat.id);
        let back = fs.link_stat(temporary.path()).map(|stat| stat.id);
        return match (ours, back) {
            (Ok(ours), Ok(back)) if ours == back => Ok(()),
            // Written a third time meanwhile: what came back is not ours to remove.
            _ => displaced(temporary),
        };
    }
    // Ours is in memory still, theirs nowhere else.
    if fs.rename(temporary.path(), path).is_ok() {
        temporary.leave();
        return Ok(());
    }
    displaced(temporary)
}
