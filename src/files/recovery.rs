//! Finds the unsaved work of programs that ended without saving, and applies it to the present file.
//!
//! Nothing here changes an annotation file. What a journal holds becomes a change to the set that the window has
//! loaded, which a person looks at and accepts as one step that can be undone, or not. A record that somebody
//! else has changed since is never overridden: it is left out and listed.

use super::{
    Action, Disk, FileError, FileErrorKind, Loaded,
    fs::{Fs, Lock},
    journal::place::{DAMAGED, JOURNAL, LOCK, Place, folder, known_path},
    machine,
    open::{Content, read_file},
    read::{MAX_ANNOTATIONS_BYTES, on_parser_stack, read_annotations},
    state::key_of,
    system::moment,
};
use crate::{
    annotation::{AnnotationSet, Timestamp},
    edit::{Change, Fitted, difference, fit},
    format::{
        journal::{Journal, JournalError, read_bytes},
        ron::journal::{BaseFile, Header},
    },
};
use std::{
    collections::BTreeSet,
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Longest journal that is read, in bytes.
const MAX_JOURNAL_BYTES: u64 = 1 << 30;
/// Most journals that are looked at.
const MAX_JOURNALS: usize = 1_000;

/// How the annotation file relates to the one that a journal starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// The file is the same, or did not and does not exist.
    Same,
    /// The file holds a part of the work that is in the journal, and nothing else is new in it: the program ended
    /// just after saving.
    SavedSince,
    /// Another program has written it since.
    Changed,
    /// The file no longer exists.
    Gone,
    /// There was none, and now there is one.
    Appeared,
    /// The file cannot be read.
    Unreadable,
}

/// The unsaved work of a program that has ended. Nobody else is offered it while this one has it.
pub struct Recovery {
    /// The article.
    pub article: PathBuf,
    /// The annotation file that it would have been saved in.
    pub annotations: PathBuf,
    /// How that file relates to the one the work was done on.
    pub base: Base,
    /// When the work was started, or last saved.
    pub started: Timestamp,
    /// When the last of it was written down, if the system says so.
    pub last_written: Option<Timestamp>,
    /// The machine it was done on.
    pub host: String,
    /// Changes that can be recovered: edits, undone steps and redone steps.
    pub n_changes: usize,
    /// Whether a last change was being written when the program ended, and is lost.
    pub is_torn: bool,
    fs: Arc<dyn Fs>,
    place: Place,
    _lock: Option<Box<dyn Lock>>,
    base_set: Option<AnnotationSet>,
    changes: Vec<Change>,
}

/// What unsaved work comes to on a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Recovered {
    /// The set after the change.
    pub set: AnnotationSet,
    /// What can be recovered without losing anything of the set.
    pub change: Change,
    /// Records that both the work and somebody else have changed: `before` is what the set has, `after` what the
    /// work would make of it. Nothing of this is in `change`; carrying it out too overrides the set's.
    pub left_out: Change,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Recoverable {
    /// Unsaved work, oldest first.
    pub found: Vec<Recovery>,
    /// Journals that could not be read. A damaged one has been renamed, and is reported only this once.
    pub problems: Vec<FileError>,
}

impl Recovery {
    /// Returns what the work comes to on `set`, the one that was loaded for its article now.
    pub fn apply_to(&self, set: &AnnotationSet) -> Recovered {
        let Fitted { change, left_out } = fit(&self.changes, set);
        let mut set = set.clone();
        change.replay(&mut set);
        Recovered {
            set,
            change,
            left_out,
        }
    }

    /// Returns the set as the program that ended had it, whatever the annotation file holds now; `None` when the
    /// journal does not hold what it starts from, because that was a file of more than 4 MB.
    pub fn whole(&self) -> Option<AnnotationSet> {
        let mut set = self.base_set.clone()?;
        for change in &self.changes {
            change.replay(&mut set);
        }
        Some(set)
    }

    /// Removes the journal: the work is on the disk elsewhere, or is not wanted.
    ///
    /// # Errors
    /// What the system says.
    pub fn discard(self) -> Result<(), FileError> {
        let path = self.place.file(JOURNAL);
        let removed = self.place.remove(&*self.fs);
        removed.map_err(|error| FileError::new(Action::ReadJournal, &path, error))
    }
}

impl fmt::Debug for Recovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recovery")
            .field("article", &self.article)
            .field("annotations", &self.annotations)
            .field("base", &self.base)
            .field("n_changes", &self.n_changes)
            .field("is_torn", &self.is_torn)
            .finish_non_exhaustive()
    }
}

impl Disk {
    /// Returns the unsaved work on any article. Journals of programs that run are passed over, and those that hold
    /// nothing unsaved are removed.
    pub fn recoverable(&self) -> Recoverable {
        self.find_journals(None)
    }

    /// Returns the unsaved work on the article at `article`.
    pub fn recoverable_for(&self, article: &Path) -> Recoverable {
        let key = key_of(&known_path(&*self.fs, article));
        self.find_journals(Some(&key))
    }

    fn find_journals(&self, key: Option<&str>) -> Recoverable {
        let mut recoverable = Recoverable::default();
        let Some(folder) = folder(self) else {
            return recoverable;
        };
        let paths = match self.fs.list(&folder) {
            Ok(paths) => paths,
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    let error = FileError::new(Action::ReadJournal, &folder, error);
                    recoverable.problems.push(error);
                }
                return recoverable;
            }
        };
        let places = paths.iter().filter_map(|path| Place::of(path));
        let wanted = places.filter(|place| key.is_none() || place.key() == key);
        let places: BTreeSet<Place> = wanted.take(MAX_JOURNALS * 3).collect();
        for place in places.into_iter().take(MAX_JOURNALS) {
            match self.look_at(place) {
                Ok(Some(recovery)) => recoverable.found.push(recovery),
                Ok(None) => {}
                Err(error) => recoverable.problems.push(error),
            }
        }
        recoverable
            .found
            .sort_by_key(|found| (found.last_written, found.started));
        recoverable
    }

    /// Returns the work in one journal; `None` when its program is running, or when it holds nothing.
    fn look_at(&self, place: Place) -> Result<Option<Recovery>, FileError> {
        let path = place.file(JOURNAL);
        let fail = |kind| FileError::new(Action::ReadJournal, &path, kind);
        let lock = match place.lock(&*self.fs) {
            Ok(Some(lock)) => Some(lock),
            Ok(None) => return Ok(None),
            // Without locks, the number of the process has to do.
            Err(_) if place.pid().is_none_or(machine::is_dead) => None,
            Err(_) => return Ok(None),
        };
        let content = match read_file(&*self.fs, &path, MAX_JOURNAL_BYTES, Action::ReadJournal) {
            Ok(content) => content,
            Err(error) if matches!(error.kind, FileErrorKind::NotFound) => {
                // A lock without a journal: the program had nothing unsaved.
                place.remove(&*self.fs).ok();
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let bytes = content.bytes;
        let (read, ()) = on_parser_stack(|| read_bytes(&bytes), || ()).map_err(fail)?;
        let journal = match read {
            Ok(journal) if place.key() == Some(&key_of(&journal.header.article)) => journal,
            Err(error @ JournalError::Newer { .. }) => return Err(fail(error.into())),
            Ok(_) | Err(JournalError::Damaged) => {
                return Err(self.put_aside(&place));
            }
        };
        if journal.changes.is_empty() {
            if journal.n_torn_bytes > 0 {
                return Err(self.put_aside(&place));
            }
            place.remove(&*self.fs).ok();
            return Ok(None);
        }
        let (base, present) = compare(&*self.fs, &journal);
        if let Some(present) = present {
            let Fitted { change, left_out } = fit(&journal.changes, &present);
            if change.is_empty() && left_out.is_empty() {
                place.remove(&*self.fs).ok();
                return Ok(None);
            }
        }
        let Journal {
            header,
            base: base_set,
            changes,
            n_torn_bytes,
        } = journal;
        let Header {
            article,
            annotations,
            started,
            host,
            ..
        } = header;
        Ok(Some(Recovery {
            article,
            annotations,
            base,
            started,
            last_written: content.stat.modified.map(moment),
            host,
            n_changes: changes.len(),
            is_torn: n_torn_bytes > 0,
            fs: Arc::clone(&self.fs),
            place,
            _lock: lock,
            base_set,
            changes,
        }))
    }

    /// Renames a journal of which nothing can be used, so that it is reported once and kept.
    fn put_aside(&self, place: &Place) -> FileError {
        let aside = place.file(DAMAGED);
        let renamed = self.fs.rename(&place.file(JOURNAL), &aside);
        self.fs.remove(&place.file(LOCK)).ok();
        match renamed {
            Ok(()) => FileError::new(Action::ReadJournal, &aside, JournalError::Damaged),
            Err(error) => FileError::new(Action::ReadJournal, &place.file(JOURNAL), error),
        }
    }
}

/// Returns how the annotation file relates to the one the journal starts from, and its records if that is certain and
/// cheap: when nobody else has written it and the journal holds a copy of what it starts from.
fn compare(fs: &dyn Fs, journal: &Journal) -> (Base, Option<AnnotationSet>) {
    let path = &journal.header.annotations;
    let found = match read_file(fs, path, MAX_ANNOTATIONS_BYTES, Action::OpenAnnotations) {
        Ok(Content { bytes, .. }) => Some(BaseFile {
            len: bytes.len() as u64,
            hash: *blake3::hash(&bytes).as_bytes(),
        }),
        Err(error) if matches!(error.kind, FileErrorKind::NotFound) => None,
        Err(_) => return (Base::Unreadable, None),
    };
    match (&journal.header.base, &found) {
        (before, now) if before == now => return (Base::Same, journal.base.clone()),
        (Some(_), None) => return (Base::Gone, None),
        _ => {}
    }
    if let Some(base) = &journal.base
        && let Loaded::Loaded(file) = read_annotations(fs, path)
        && is_own_work(base, &journal.changes, &file.set)
    {
        return (Base::SavedSince, Some(file.set));
    }
    match journal.header.base {
        Some(_) => (Base::Changed, None),
        None => (Base::Appeared, None),
    }
}

/// Returns whether everything in `present` is from `base` or from `changes`: then the changes lead to the same end
/// from there as from `base`.
fn is_own_work(base: &AnnotationSet, changes: &[Change], present: &AnnotationSet) -> bool {
    let Fitted { change, left_out } = fit(changes, present);
    let (mut from_present, mut from_base) = (present.clone(), base.clone());
    change.replay(&mut from_present);
    for change in changes {
        change.replay(&mut from_base);
    }
    left_out.is_empty() && difference(&from_present, &from_base).is_empty()
}
