//! Finds out who has an annotation file open on this machine.
//!
//! A lock is a file in the folder for what is under way, held by the system for as long as the process lives,
//! however it ends; a file beside it describes the holder. One lock is for the path without links
//! and one for the file itself, so that two names of one file meet. It is information, no protection: what a
//! person on another computer does in a shared folder is seen only by the comparison before each save.

use super::{
    Action, FileError, FileErrorKind,
    fs::{Fs, Lock},
    machine,
    open::read_file,
    state::{LOCKS, key_of, one_path},
    write::write_file,
};
use crate::annotation::Timestamp;
use ron::Options;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Longest note that is read, in bytes.
const MAX_NOTE_BYTES: u64 = 64 << 10;
/// Deepest nesting that is read.
const MAX_DEPTH: usize = 16;

/// What became of asking for a lock.
#[derive(Debug)]
pub enum LockOutcome {
    /// Nobody else has the file open.
    Held(FileLock),
    /// Somebody has.
    Other(Holder),
    /// The holder is unknown; with the reason.
    Unavailable(String),
}

/// Shows others that the file is open, until it is dropped or the process ends.
pub struct FileLock {
    _locks: Vec<Box<dyn Lock>>,
}

impl std::fmt::Debug for FileLock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileLock")
    }
}

/// Who has a file open, as far as known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// The person's name; may be empty.
    pub name: String,
    /// The number of their process.
    pub pid: Option<u32>,
    /// The name of the machine, which several may share a home folder with; may be empty.
    pub host: String,
    /// Since when.
    pub since: Option<Timestamp>,
}

/// What a holder says of itself, as it is written down.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Note {
    name: String,
    pid: Option<u32>,
    host: String,
    since: String,
    /// The file's one path, if it can be written.
    path: Option<String>,
}

/// Takes the locks of the file at `path`, which need not be there yet, for `who`.
///
/// # Errors
/// When the folder of the file cannot be reached.
pub(super) fn lock(
    fs: &dyn Fs,
    state: Option<&Path>,
    path: &Path,
    who: &str,
    now: Timestamp,
) -> Result<LockOutcome, FileError> {
    let fail = |kind: FileErrorKind| FileError::new(Action::Lock, path, kind);
    let Some(state) = state else {
        let why = "this system names no folder for what is under way";
        return Ok(LockOutcome::Unavailable(why.to_owned()));
    };
    let one_path = one_path(fs, path).map_err(|error| {
        fail(match error.kind() {
            std::io::ErrorKind::NotFound => FileErrorKind::FolderGone,
            _ => error.into(),
        })
    })?;
    let note = Note {
        name: who.to_owned(),
        pid: Some(std::process::id()),
        host: machine::host(),
        since: now.to_string(),
        path: one_path.to_str().map(str::to_owned),
    };
    Ok(try_lock(fs, &state.join(LOCKS), &one_path, &note)
        .unwrap_or_else(|kind| LockOutcome::Unavailable(kind.to_string())))
}

fn try_lock(
    fs: &dyn Fs,
    folder: &Path,
    one_path: &Path,
    note: &Note,
) -> Result<LockOutcome, FileErrorKind> {
    fs.create_folder(folder)?;
    let by_path = Place::new(folder, &key_of(one_path));
    let Some(first) = fs.try_lock(&by_path.lock)? else {
        return Ok(LockOutcome::Other(by_path.holder(fs)));
    };
    let mut locks = vec![first];
    let mut places = vec![by_path];
    // Without such a number, the path alone has to do.
    if let Some((device, inode)) = fs.stat(one_path).ok().and_then(|stat| stat.id) {
        let by_file = Place::new(folder, &format!("{device:x}-{inode:x}"));
        match fs.try_lock(&by_file.lock)? {
            Some(second) => {
                locks.push(second);
                places.push(by_file);
            }
            None if by_file.is_of(fs, (device, inode)) => {
                return Ok(LockOutcome::Other(by_file.holder(fs)));
            }
            // Each save makes a new file, and the system gives the old one's number to any other.
            None => {}
        }
    }
    for place in &places {
        // The lock works without it; others see an outdated name, or none.
        place.write(fs, note).ok();
    }
    Ok(LockOutcome::Held(FileLock { _locks: locks }))
}

/// The paths of a lock and the note of its holder. They are never removed: whoever removes a lock that another is
/// just taking, takes it away.
struct Place {
    lock: PathBuf,
    note: PathBuf,
}

impl Place {
    fn new(folder: &Path, name: &str) -> Self {
        Self {
            lock: folder.join(format!("{name}.lock")),
            note: folder.join(format!("{name}.ron")),
        }
    }

    fn write(&self, fs: &dyn Fs, note: &Note) -> Result<(), FileErrorKind> {
        let text = ron::to_string(note)
            .map_err(|error| FileErrorKind::Io(std::io::Error::other(error)))?;
        write_file(fs, &self.note, text.as_bytes())
    }

    fn read(&self, fs: &dyn Fs) -> Note {
        let Ok(content) = read_file(fs, &self.note, MAX_NOTE_BYTES, Action::Lock) else {
            return Note::default();
        };
        let options = Options::default().with_recursion_limit(MAX_DEPTH);
        options.from_bytes(&content.bytes).unwrap_or_default()
    }

    fn holder(&self, fs: &dyn Fs) -> Holder {
        let note = self.read(fs);
        Holder {
            name: note.name,
            pid: note.pid,
            host: note.host,
            since: Timestamp::parse(&note.since),
        }
    }

    /// Returns whether the file that the holder has open still is the one with the number `id`. Unless it is known to
    /// be another, it is.
    fn is_of(&self, fs: &dyn Fs, id: (u64, u64)) -> bool {
        let path = self.read(fs).path;
        path.is_none_or(|path| {
            fs.stat(Path::new(&path))
                .is_ok_and(|stat| stat.id == Some(id))
        })
    }
}
