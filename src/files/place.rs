//! Gives a temporary file its final name.
//!
//! Where none may be, none is replaced. Where the old version is, the two trade names in one step, and only then is
//! the old one looked at once more: if another program wrote it in the last moment, its version becomes a conflict copy
//! beside the file. It is not put back: by then somebody may have read the new version, or saved over it, and an old
//! version would take the place of one that nobody here knows. Systems that cannot trade names compare first and
//! replace then; what somebody writes between the two is lost there.

use super::{
    Changed, FileErrorKind, Identity, SaveNote,
    compare::{folder_of, holds},
    conflict_copies::set_aside,
    fs::Fs,
    in_place,
    temporary::{Temporary, Trade},
};
use crate::annotation::Timestamp;
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

/// What is known of the old file when the new one is ready.
#[derive(Default)]
pub(super) struct OldFile {
    /// Further names that it was given, to keep it.
    pub(super) links: Vec<PathBuf>,
    /// Whether it has other names still, which are to stay names of one file.
    pub(super) is_linked: bool,
    /// The moment, for the name of a conflict copy.
    pub(super) now: Option<Timestamp>,
}

/// Moves the file called `temporary`, which holds `bytes`, to `path`. `keep` is called with where the version that was
/// expected is: under a temporary name after it was replaced, so that what is at `path` never has a second name that
/// others count; or at `path`, before, where names cannot be traded.
pub(super) fn place(
    fs: &dyn Fs,
    mut temporary: Temporary<'_>,
    path: &Path,
    bytes: &[u8],
    over: Over<'_>,
    old: &OldFile,
    keep: &mut dyn FnMut(&Path),
) -> Result<Placed, FileErrorKind> {
    let mut notes = Vec::new();
    let written = temporary.stat()?;
    let result = match over {
        Over::Exactly(_) if old.is_linked => Err(Refused::Cannot),
        Over::Nothing => place_new(fs, &mut temporary, path),
        Over::Anything => replace(fs, &mut temporary, path),
        Over::Exactly(identity) => {
            let trade = Trade::new(path, identity, bytes);
            exchange(fs, &mut temporary, path, identity, &trade, keep)
        }
    };
    let traded = match result {
        Ok(traded) => Some(traded),
        Err(Refused::Cannot) => None,
        Err(Refused::Kind(kind)) => return Err(kind),
    };
    let Some(traded) = traded else {
        let stat = in_place::overwrite(fs, path, bytes, over, &old.links, keep)?;
        notes.push(match old.is_linked {
            true => SaveNote::HardLinked,
            false => SaveNote::InPlace,
        });
        return Ok(Placed {
            identity: Identity::of(bytes, &stat),
            notes,
        });
    };
    if traded == Traded::Unknown {
        let aside = match old.now {
            Some(now) => set_aside(fs, temporary.path(), path, now),
            None => Err(io::ErrorKind::NotFound.into()),
        };
        temporary.leave();
        // What cannot be renamed has a name that says what it is; whoever opens the file next sets it aside.
        let kept = aside.unwrap_or_else(|_| temporary.path().to_owned());
        notes.push(SaveNote::Displaced { kept });
    }
    // Before the old version goes, which may have the temporary name now.
    if let Err(error) = fs.sync_folder(folder_of(path)) {
        notes.push(SaveNote::FolderNotSynced(error.to_string()));
    }
    // Renaming was a change of its own. If anything else has changed already, the time before it is the right
    // one: somebody else has written.
    let stat = match temporary.stat() {
        Ok(now) if now.len == written.len && now.modified == written.modified => now,
        _ => written,
    };
    if traded == Traded::Expected {
        keep(temporary.path());
        temporary.remove_old();
    }
    Ok(Placed {
        identity: Identity::of(bytes, &stat),
        notes,
    })
}

/// What has the temporary name when the new file is in its place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Traded {
    /// Nothing but the new file, if anything.
    Nothing,
    /// The version that was expected.
    Expected,
    /// Another one, or one that cannot be read at the moment.
    Unknown,
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

/// Returns whether the system says that the file cannot be replaced: a file that was mounted by
/// itself, as containers do.
fn is_mounted(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices
    )
}

fn place_new(fs: &dyn Fs, temporary: &mut Temporary<'_>, path: &Path) -> Result<Traded, Refused> {
    let appeared = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => FileErrorKind::ChangedOnDisk(Changed::Appeared),
        _ => error.into(),
    };
    match fs.rename_new(temporary.path(), path) {
        // Elsewhere a second name does it: it is refused when it is taken, and the first one goes afterwards.
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {
            match fs.hard_link(temporary.path(), path) {
                Ok(()) => return Ok(Traded::Nothing),
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
    Ok(Traded::Nothing)
}

fn replace(fs: &dyn Fs, temporary: &mut Temporary<'_>, path: &Path) -> Result<Traded, Refused> {
    match fs.rename(temporary.path(), path) {
        Ok(()) => {
            temporary.leave();
            Ok(Traded::Nothing)
        }
        Err(error) if is_mounted(&error) => Err(Refused::Cannot),
        Err(error) => Err(error.into()),
    }
}

/// Lets the new and the old file trade names. Afterwards the old one has the temporary name.
fn exchange(
    fs: &dyn Fs,
    temporary: &mut Temporary<'_>,
    path: &Path,
    identity: &Identity,
    trade: &Trade,
    keep: &mut dyn FnMut(&Path),
) -> Result<Traded, Refused> {
    temporary.prepare(trade)?;
    match fs.exchange(temporary.path(), path) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {
            keep(path);
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
    Ok(match holds(fs, temporary.path(), identity) {
        Ok(true) => Traded::Expected,
        Ok(false) | Err(_) => Traded::Unknown,
    })
}
