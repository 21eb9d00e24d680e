//! The journal of one article: a file that always holds the way from what is on the disk to what is unsaved.
//!
//! It is never repaired in place. When it has to start over, because the set was saved, because it has grown too
//! long or because writing failed, what is unsaved is worked out from the sets themselves and written to a new
//! file, which takes the old one's name when it is on the disk: whenever the program ends, one of the two is
//! there, whole. So no record of a change made after the snapshot of a save can be lost with the old file, and
//! no failed write has to be repeated on a file of which nobody knows what the disk has kept.

use super::{
    JournalStart, Saved,
    place::{JOURNAL, Place, UNFINISHED, known_path},
};
use crate::{
    annotation::{AnnotationSet, Article, IdSource},
    edit::{Change, difference},
    files::{
        Action, Disk, FileError, FileErrorKind, Identity, Recovery, SystemIds,
        disk::Clock,
        fs::{Fs, FsFile, Lock},
        machine,
    },
    format::{
        journal::{Encoder, TooLong},
        ron::journal::{BaseFile, Header},
    },
};
use imbl::OrdMap;
use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

/// Largest annotation file, in bytes, that a journal holds a copy of: about 5,000 annotations. With it, unsaved
/// work can be recovered whole even if the file is lost; without it, record by record onto what is there.
const MAX_BASE_BYTES: u64 = 4 << 20;
/// When a journal starts over.
const LIMITS: Limits = Limits {
    n_bytes: 64 << 20,
    n_changes: 100_000,
};
/// Between two times that the file is put on the disk.
const SYNC_EVERY: Duration = Duration::from_secs(1);
/// Until another file is tried after a first failure; twice as long after each further one.
const RETRY_AFTER: Duration = Duration::from_secs(10);
/// After so many failures the time until the next trial grows no longer: five minutes.
const MAX_DOUBLINGS: u32 = 5;

/// How long a journal grows.
#[derive(Clone, Copy)]
struct Limits {
    /// In bytes; or twice as long as it began, if that is more.
    n_bytes: u64,
    /// In changes.
    n_changes: usize,
}

/// The journal of one article.
pub(super) struct Keeper {
    fs: Arc<dyn Fs>,
    clock: Clock,
    folder: PathBuf,
    article: PathBuf,
    annotations: PathBuf,
    base_file: Option<BaseFile>,
    /// What is on the disk.
    base: AnnotationSet,
    /// What the window has.
    present: AnnotationSet,
    /// Changes that are in `present` and not yet in the file.
    pending: Vec<Change>,
    /// The name of the file, with its lock; kept when writing fails, because the old file has it.
    name: Option<Name>,
    file: Option<OpenJournal>,
    /// When to try again, after a failure.
    retry_at: Option<Instant>,
    n_failures: u32,
    limits: Limits,
    /// Earlier journals whose work is among the changes, to be removed when those are on the disk.
    recovered: Vec<Recovery>,
}

struct Name {
    place: Place,
    /// `None` on systems without locks.
    _lock: Option<Box<dyn Lock>>,
}

struct OpenJournal {
    path: PathBuf,
    file: Box<dyn FsFile>,
    encoder: Encoder,
    n_bytes: u64,
    n_changes: usize,
    /// The length at which it starts over.
    limit: u64,
    is_synced: bool,
    synced_at: Instant,
}

impl Keeper {
    pub(super) fn new(disk: Disk, folder: PathBuf, start: JournalStart) -> Self {
        Self {
            folder,
            article: start.article,
            annotations: start.annotations,
            base_file: start.identity.as_ref().map(base_file),
            base: start.set.clone(),
            present: start.set,
            pending: Vec::new(),
            name: None,
            file: None,
            retry_at: None,
            n_failures: 0,
            limits: LIMITS,
            recovered: Vec::new(),
            fs: disk.fs,
            clock: disk.clock,
        }
    }

    pub(super) fn article(&self) -> &Path {
        &self.article
    }

    pub(super) fn is_failing(&self) -> bool {
        self.retry_at.is_some()
    }

    pub(super) fn take(&mut self, change: Change) {
        change.replay(&mut self.present);
        self.pending.push(change);
    }

    pub(super) fn take_recovered(&mut self, change: Change, recovery: Recovery) {
        if !change.is_empty() {
            self.take(change);
        }
        self.recovered.push(recovery);
    }

    /// Goes on from what was saved.
    pub(super) fn saved(&mut self, saved: Saved, now: Instant) -> Result<(), FileError> {
        self.annotations = saved.annotations;
        self.base_file = Some(base_file(&saved.identity));
        self.base = saved.set;
        self.begin_anew(now)
    }

    /// Goes on from nothing: all there is counts as added.
    pub(super) fn unsaved(&mut self, now: Instant) -> Result<(), FileError> {
        self.base_file = None;
        self.base = nothing(&self.present.article);
        self.begin_anew(now)
    }

    /// Writes what is pending. After a failure nothing is tried before its time.
    pub(super) fn write(&mut self, now: Instant) -> Result<(), FileError> {
        match (self.retry_at, &mut self.file) {
            (Some(at), _) if now < at => return Ok(()),
            (Some(_), _) => return self.begin_anew(now),
            (None, _) if self.pending.is_empty() => return Ok(()),
            (None, None) => {
                let changes = std::mem::take(&mut self.pending);
                return self.start(&changes, now);
            }
            (None, Some(file)) => {
                let changes = std::mem::take(&mut self.pending);
                let result = file.append(&changes);
                let is_full = file.n_bytes > file.limit || file.n_changes > self.limits.n_changes;
                let path = file.path.clone();
                self.after(result, &path, now)?;
                if !is_full {
                    return Ok(());
                }
            }
        }
        self.begin_anew(now)
    }

    /// Puts what was written on the disk, if it is time to or `at_once`.
    pub(super) fn sync(&mut self, now: Instant, at_once: bool) -> Result<(), FileError> {
        if let Some(file) = &mut self.file
            && self.retry_at.is_none()
            && !file.is_synced
            && (at_once || now >= file.synced_at + SYNC_EVERY)
        {
            let result = file.sync();
            (file.is_synced, file.synced_at) = (result.is_ok(), now);
            let path = file.path.clone();
            self.after(result, &path, now)?;
        }
        self.let_go_of_recovered();
        Ok(())
    }

    /// Puts everything on the disk now, even if it could not be done a moment ago.
    pub(super) fn flush(&mut self, now: Instant) -> Result<(), FileError> {
        if self.retry_at.is_some() {
            self.begin_anew(now)?;
        }
        self.write(now)?;
        self.sync(now, true)
    }

    /// Returns when [`write`](Self::write) and [`sync`](Self::sync) have something to do again.
    pub(super) fn due(&self) -> Option<Instant> {
        let unsynced = self.file.as_ref().filter(|file| !file.is_synced);
        self.retry_at
            .or_else(|| unsynced.map(|file| file.synced_at + SYNC_EVERY))
    }

    /// Removes the journal's file.
    pub(super) fn end(mut self) {
        self.remove_file();
        // Their work is in the file that was saved, or was thrown away knowingly.
        self.discard_recovered();
    }

    /// Makes a new file of what is unsaved, or removes the old one when nothing is.
    fn begin_anew(&mut self, now: Instant) -> Result<(), FileError> {
        self.pending.clear();
        let change = difference(&self.base, &self.present);
        if change.is_empty() {
            self.remove_file();
            self.discard_recovered();
            let folder = self.folder.clone();
            return self.after(Ok(()), &folder, now);
        }
        self.start(&[change], now)
    }

    fn start(&mut self, changes: &[Change], now: Instant) -> Result<(), FileError> {
        // Closed first: some systems give no file the name of one that is open.
        self.file = None;
        let (result, path) = match self.claim_name() {
            Ok(place) => (self.fill(&place, changes, now), place.file(JOURNAL)),
            Err(kind) => (Err(kind), self.folder.clone()),
        };
        let result = result.map(|file| self.file = Some(file));
        self.after(result, &path, now)
    }

    /// Returns the journal's name; a new one, with its lock, when it has none.
    fn claim_name(&mut self) -> Result<Place, FileErrorKind> {
        if let Some(name) = &self.name {
            return Ok(name.place.clone());
        }
        if self.fs.stat(&self.folder).is_err() {
            self.fs.create_folder(&self.folder)?;
            // What is safe in a folder whose own name is not on the disk is lost with it.
            for above in self.folder.ancestors().skip(1) {
                self.fs.sync_folder(above).ok();
            }
        }
        let article = known_path(&*self.fs, &self.article);
        loop {
            let random = SystemIds.next_uuid().as_u128() as u32;
            let place = Place::new(&self.folder, &article, std::process::id(), random);
            let lock = match place.lock(&*self.fs) {
                Ok(Some(lock)) if place.has_lock(&*self.fs) => Some(lock),
                // Whoever clears up after the dead took it for one of theirs, just as it was made.
                Ok(_) => continue,
                Err(error) if error.kind() == io::ErrorKind::Unsupported => None,
                Err(error) => return Err(error.into()),
            };
            self.name = Some(Name {
                place: place.clone(),
                _lock: lock,
            });
            return Ok(place);
        }
    }

    fn fill(
        &self,
        place: &Place,
        changes: &[Change],
        now: Instant,
    ) -> Result<OpenJournal, FileErrorKind> {
        let mut encoder = Encoder::default();
        let mut bytes = Vec::new();
        encoder
            .header(&self.header(), &mut bytes)
            .map_err(too_long)?;
        if self.base_file.is_none_or(|base| base.len <= MAX_BASE_BYTES) {
            encoder.base(&self.base, &mut bytes).map_err(too_long)?;
        }
        for change in changes {
            encoder.change(change, &mut bytes).map_err(too_long)?;
        }
        let (unfinished, path) = (place.file(UNFINISHED), place.file(JOURNAL));
        let file = self.place(&unfinished, &path, &bytes).inspect_err(|_| {
            // It may be what fills the disk.
            self.fs.remove(&unfinished).ok();
        })?;
        let n_bytes = bytes.len() as u64;
        Ok(OpenJournal {
            path,
            file,
            encoder,
            n_bytes,
            n_changes: changes.len(),
            limit: self.limits.n_bytes.max(n_bytes.saturating_mul(2)),
            is_synced: true,
            synced_at: now,
        })
    }

    /// Puts `bytes` on the disk, and then in the place of the file at `path`.
    fn place(
        &self,
        unfinished: &Path,
        path: &Path,
        bytes: &[u8],
    ) -> Result<Box<dyn FsFile>, FileErrorKind> {
        match self.fs.remove(unfinished) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let mut file = self.fs.create_new(unfinished, true)?;
        file.write_all(bytes)?;
        put_on_disk(&*file, bytes.len() as u64)?;
        self.fs.rename(unfinished, path)?;
        // Some file systems cannot; then the name is there a little later.
        self.fs.sync_folder(&self.folder).ok();
        Ok(file)
    }

    fn header(&self) -> Header {
        Header {
            writer: concat!("sourcemark ", env!("CARGO_PKG_VERSION")).to_owned(),
            article: known_path(&*self.fs, &self.article),
            annotations: known_path(&*self.fs, &self.annotations),
            base: self.base_file,
            edition: self.present.article.edition,
            pid: std::process::id(),
            host: machine::host(),
            started: (self.clock)(),
        }
    }

    /// Notes whether the journal can be written.
    fn after(
        &mut self,
        result: Result<(), FileErrorKind>,
        path: &Path,
        now: Instant,
    ) -> Result<(), FileError> {
        self.n_failures = match result {
            Ok(()) => 0,
            Err(_) => self.n_failures.saturating_add(1),
        };
        self.retry_at = self.n_failures.checked_sub(1).map(|n_before| {
            let n_doublings = n_before.min(MAX_DOUBLINGS);
            now + RETRY_AFTER * 2_u32.saturating_pow(n_doublings)
        });
        result.map_err(|kind| FileError::new(Action::KeepJournal, path, kind))
    }

    fn remove_file(&mut self) {
        self.file = None;
        if let Some(name) = self.name.take() {
            // What stays behind is seen to hold nothing that is unsaved, at the next start.
            name.place.remove(&*self.fs).ok();
        }
    }

    fn let_go_of_recovered(&mut self) {
        let is_safe = self.retry_at.is_none()
            && self.pending.is_empty()
            && self.file.as_ref().is_none_or(|file| file.is_synced);
        if is_safe {
            self.discard_recovered();
        }
    }

    fn discard_recovered(&mut self) {
        for recovery in self.recovered.drain(..) {
            // It is offered once more, and then changes nothing.
            recovery.discard().ok();
        }
    }
}

impl OpenJournal {
    fn append(&mut self, changes: &[Change]) -> Result<(), FileErrorKind> {
        let mut bytes = Vec::new();
        for change in changes {
            self.encoder.change(change, &mut bytes).map_err(too_long)?;
        }
        self.is_synced = false;
        self.file.write_all(&bytes)?;
        self.n_bytes += bytes.len() as u64;
        self.n_changes += changes.len();
        Ok(())
    }

    fn sync(&self) -> Result<(), FileErrorKind> {
        put_on_disk(&*self.file, self.n_bytes)
    }
}

/// Puts the file on the disk, which must then have so many bytes: what comes behind a gap could not be read.
fn put_on_disk(file: &dyn FsFile, n_bytes: u64) -> Result<(), FileErrorKind> {
    file.sync()?;
    if file.stat()?.len == n_bytes {
        Ok(())
    } else {
        Err(FileErrorKind::NotKept)
    }
}

fn base_file(identity: &Identity) -> BaseFile {
    BaseFile {
        len: identity.len,
        hash: identity.hash,
    }
}

fn too_long(error: TooLong) -> FileErrorKind {
    FileErrorKind::Io(io::Error::other(error))
}

/// Returns a set without any record on the article.
fn nothing(article: &Article) -> AnnotationSet {
    AnnotationSet {
        tags: OrdMap::new(),
        ..AnnotationSet::new(article.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        annotation::TagId,
        edit::{Diff, Slot},
        files::fs::RealFs,
        format::journal::read_bytes,
        text::SourceText,
    };

    /// Returns the change that renames the first tag.
    fn rename_tag(set: &AnnotationSet, name: &str) -> Change {
        let key = TagId::parse("denial").unwrap();
        let before = set.tags.get(&key).cloned();
        let mut tag = (**before.as_ref().unwrap()).clone();
        tag.name = name.to_owned();
        let after = Some(Arc::new(tag));
        let diff = Diff::Tag(Slot { key, before, after });
        Change { diffs: vec![diff] }
    }

    #[track_caller]
    fn check(limits: Limits, n_renamed: usize, n_changes: usize) {
        let folder = tempfile::tempdir().unwrap();
        let text = SourceText::new("A text.".to_owned()).unwrap();
        let start = JournalStart {
            article: folder.path().join("a.txt"),
            annotations: folder.path().join("a.txt.annotations.ron"),
            identity: None,
            set: AnnotationSet::new(Article::describe(&text, "a.txt", "UTF-8")),
        };
        let disk = Disk::new(Arc::new(RealFs), None);
        let mut keeper = Keeper::new(disk, folder.path().join("journal"), start);
        keeper.limits = limits;
        for n in 0..n_renamed {
            keeper.take(rename_tag(&keeper.present, &format!("Name {n}")));
            keeper.write(Instant::now()).unwrap();
        }
        let path = &keeper.file.as_ref().unwrap().path;
        let journal = read_bytes(&std::fs::read(path).unwrap()).unwrap();
        assert_eq!(journal.changes.len(), n_changes);
        let mut set = journal.base.unwrap();
        for change in &journal.changes {
            change.replay(&mut set);
        }
        assert_eq!(set, keeper.present);
        keeper.end();
        assert_eq!(
            std::fs::read_dir(folder.path().join("journal"))
                .unwrap()
                .count(),
            0
        );
    }

    #[test]
    fn a_journal_that_grew_too_long_begins_anew_with_one_change() {
        check(LIMITS, 9, 9);
        let n_changes = 3;
        check(
            Limits {
                n_changes,
                ..LIMITS
            },
            3,
            3,
        );
        check(
            Limits {
                n_changes,
                ..LIMITS
            },
            4,
            1,
        );
        check(
            Limits {
                n_changes,
                ..LIMITS
            },
            6,
            3,
        );
        // Twice the length it began with, of which the copy of the base is the most.
        let n_bytes = 0;
        check(Limits { n_bytes, ..LIMITS }, 3, 3);
        check(Limits { n_bytes, ..LIMITS }, 5, 1);
    }
}
