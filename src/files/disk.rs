//! The disk as the shells see it: articles, annotation files, settings.

use super::{
    Action, AnnotationsFile, ArticleFile, ConflictCopy, EarlierVersion, Expected, FileError,
    Identity, Loaded, LockOutcome, Look, SaveOptions, SavedFile, Settings, SystemClock, backups,
    collection, compare, conflict_copies,
    fs::{Fs, RealFs, Stat},
    journal::place::known_path,
    leftovers, lock, open, paths, read,
    save::Saver,
    save_lock::{PATIENCE_OVERTAKEN, SaveLock},
    write,
};
use crate::{
    annotation::{AnnotationSet, Article, Collection, Timestamp},
    format::ron::{ReadCollection, Salvaged},
};
use std::{
    io, mem,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// A file system, and its state folder for journals, locks and earlier versions. A clone is the same disk.
#[derive(Clone)]
pub struct Disk {
    pub(super) fs: Arc<dyn Fs>,
    state: Option<PathBuf>,
    pub(super) clock: Clock,
    /// The lock that this program holds for longer than one save.
    held: Option<Arc<SaveLock>>,
    /// Versions of others that were found in leftovers and set aside.
    set_aside: Arc<Mutex<Vec<PathBuf>>>,
}

/// The clock.
pub(super) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

impl Disk {
    /// Opens the machine's disk with its state folder.
    pub fn of_this_machine() -> Self {
        Self::new(Arc::new(RealFs), super::state_dir())
    }

    /// Opens the machine's disk without a state folder: no earlier versions, no locks.
    pub fn plain() -> Self {
        Self::new(Arc::new(RealFs), None)
    }

    /// Opens any file system; `state` is the state folder.
    pub fn new(fs: Arc<dyn Fs>, state: Option<PathBuf>) -> Self {
        Self {
            fs,
            state,
            clock: Arc::new(|| SystemClock.now()),
            held: None,
            set_aside: Arc::default(),
        }
    }

    /// Returns the same with another clock.
    pub fn with_clock(self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self {
            clock: Arc::new(clock),
            ..self
        }
    }

    /// Returns the state folder: journals, locks, earlier versions.
    pub fn state(&self) -> Option<&Path> {
        self.state.as_deref()
    }

    /// Returns the one path of the file at `path`, there or not, by whatever links it is reached: what tells whether
    /// two paths lead to one file. As it is given when its folder cannot be reached.
    pub fn one_path(&self, path: &Path) -> PathBuf {
        known_path(&*self.fs, path)
    }

    /// Reads the article at `path`, in the encoding with the label `forced_encoding` or in the one found out.
    ///
    /// # Errors
    /// See [`super::FileErrorKind`]; a file that is no text is called by its name.
    pub fn read_article(
        &self,
        path: &Path,
        forced_encoding: Option<&str>,
    ) -> Result<ArticleFile, FileError> {
        read::read_article(&*self.fs, path, forced_encoding)
    }

    /// Returns what the file system knows of the article at `path` now, to compare with what it knew when it was
    /// read.
    ///
    /// # Errors
    /// What the system says.
    pub fn article_stat(&self, path: &Path) -> Result<Stat, FileError> {
        self.fs
            .stat(path)
            .map_err(|error| FileError::new(Action::OpenArticle, path, error))
    }

    /// Reads the article at `path` in the encoding that its annotation file records, if that gives the very
    /// text that was annotated. For articles whose encoding is only a guess.
    pub fn read_as_recorded(&self, path: &Path, recorded: &Article) -> Option<ArticleFile> {
        read::read_as_recorded(&*self.fs, path, recorded)
    }

    /// Reads the annotation file at `path`, after removing what killed programs left in its folder.
    pub fn read_annotations(&self, path: &Path) -> Loaded {
        self.clear_leftovers(path);
        read::read_annotations(&*self.fs, path)
    }

    /// Reads the collection at `path`, after removing what killed programs left in its folder. Also returns which
    /// version of the file was read.
    ///
    /// # Errors
    /// See [`super::FileErrorKind`].
    pub fn read_collection(&self, path: &Path) -> Result<(ReadCollection, Identity), FileError> {
        self.clear_leftovers(path);
        collection::read_collection(&*self.fs, path)
    }

    /// Removes what killed programs left in the folder of the file at `path`. A version that was about to be replaced
    /// becomes an earlier version, one that is nowhere else a conflict copy. Does nothing on a disk without a state
    /// folder.
    fn clear_leftovers(&self, path: &Path) {
        let Some(state) = &self.state else { return };
        let found = leftovers::clear(&*self.fs, state, path, (self.clock)());
        let mut set_aside = self
            .set_aside
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        set_aside.extend(found);
    }

    /// Returns the conflict copies that reading has made of what killed programs left, since this was asked last.
    pub fn take_set_aside(&self) -> Vec<PathBuf> {
        mem::take(
            &mut *self
                .set_aside
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// Returns the same disk with the lock that every save of the file at `path` takes, held until the last clone of
    /// this disk is dropped: what is read and saved by it in between, no other saver of this machine can change.
    /// Where nothing can be locked, it holds nothing.
    ///
    /// # Errors
    /// [`super::FileErrorKind::SaveUnderWay`] when others have it for too long; what the system says of a link.
    pub fn locked(&self, path: &Path) -> Result<Self, FileError> {
        let fail = |kind| FileError::new(Action::SaveAnnotations, path, kind);
        let (fs, held) = (&*self.fs, self.held.as_deref());
        let target = compare::follow(fs, path).map_err(fail)?;
        let lock = SaveLock::take(fs, self.state(), &target, held, PATIENCE_OVERTAKEN);
        Ok(Self {
            held: Some(Arc::new(lock.map_err(fail)?)),
            ..self.clone()
        })
    }

    /// Returns what can still be read of the damaged annotation file at `path`, for a copy under another name: the
    /// file itself is not to be written over, and there is no [`Identity`] here to write over it with.
    ///
    /// # Errors
    /// When the file cannot be read at all, or there is nothing of an annotation file in it.
    pub fn salvage_annotations(&self, path: &Path) -> Result<Salvaged, FileError> {
        read::salvage_annotations(&*self.fs, path)
    }

    /// Returns which version of the annotation file at `path` is there, whether it can be read as one or not: to
    /// write over what is known to be elsewhere as well.
    ///
    /// # Errors
    /// When the file cannot be read at all.
    pub fn identity(&self, path: &Path) -> Result<Identity, FileError> {
        let content = open::read_file(
            &*self.fs,
            path,
            read::MAX_ANNOTATIONS_BYTES,
            Action::OpenAnnotations,
        )?;
        Ok(Identity::of(&content.bytes, &content.stat))
    }

    /// Writes `set` to `path` and returns the identity of the new file, for the next save, with what did not go
    /// as usual.
    ///
    /// The new version is put on the disk under another name, read back, and takes the old one's place in one
    /// step; the old one is kept as an earlier version. Programs of this machine do so one after the other. A link is
    /// followed: the file it leads to is replaced, the link stays; a file with several names is overwritten, so that
    /// they stay names of one file. Permissions, owner and extended attributes are kept as far as the system lets us. After
    /// an error another call starts over, with another file.
    ///
    /// # Errors
    /// [`super::FileErrorKind::ChangedOnDisk`] when the file is not the one expected;
    /// [`super::FileErrorKind::SaveUnderWay`] when other programs were saving for too long;
    /// [`super::FileErrorKind::NewerVersion`] for records of a newer major version; else what the system says.
    /// The old file is as it was then, except after [`super::FileErrorKind::Torn`], which says where it is.
    pub fn save_annotations(
        &self,
        path: &Path,
        set: &AnnotationSet,
        expected: &Expected,
        options: &SaveOptions,
    ) -> Result<SavedFile, FileError> {
        // What exists was read before, and its folder cleared.
        if *expected == Expected::New {
            self.clear_leftovers(path);
        }
        self.saver().save_annotations(path, set, expected, options)
    }

    /// Writes `collection` to `path`, by the rules of [`Self::save_annotations`], but for earlier versions. Of
    /// `options`, line endings and sources count.
    ///
    /// # Errors
    /// As there.
    pub fn save_collection(
        &self,
        path: &Path,
        collection: &Collection,
        expected: &Expected,
        options: &SaveOptions,
    ) -> Result<SavedFile, FileError> {
        if *expected == Expected::New {
            self.clear_leftovers(path);
        }
        self.saver()
            .save_collection(path, collection, expected, options)
    }

    fn saver(&self) -> Saver<'_> {
        Saver {
            fs: &*self.fs,
            state: self.state(),
            now: (self.clock)(),
            held: self.held.as_deref(),
        }
    }

    /// Compares the annotation file at `path` with what was loaded or saved last, `None` for no file. Cheap
    /// enough to be asked every second: the file is read only when the file system says that it was touched.
    pub fn look(&self, path: &Path, known: Option<&Identity>) -> Look {
        compare::look(&*self.fs, path, known)
    }

    /// Returns the earlier versions of the annotation file at `path`, which may no longer exist, the latest
    /// first. None where there is no state folder.
    ///
    /// # Errors
    /// What the system says.
    pub fn earlier_versions(&self, path: &Path) -> Result<Vec<EarlierVersion>, FileError> {
        match &self.state {
            Some(state) => backups::earlier_versions(&*self.fs, state, path),
            None => Ok(Vec::new()),
        }
    }

    /// Reads an earlier version. Its path and identity are those of the kept file, not of the one it is a
    /// version of: going back to it is a save of its set over the present file.
    ///
    /// # Errors
    /// [`super::FileErrorKind::DamagedVersion`] when it has changed since it was kept; else what the system says.
    pub fn read_version(&self, version: &EarlierVersion) -> Result<AnnotationsFile, FileError> {
        backups::read_version(&*self.fs, version)
    }

    /// Shows other processes of this machine that `who` has the annotation file at `path` open, or tells who
    /// else has. The file need not be there yet. Two paths to one file are one.
    ///
    /// # Errors
    /// When the folder of the file cannot be reached. An unknown holder is not an error.
    pub fn lock(&self, path: &Path, who: &str) -> Result<LockOutcome, FileError> {
        lock::lock(&*self.fs, self.state(), path, who, (self.clock)())
    }

    /// Returns the path that a file in `folder`, such as a collection, names as `written`, with `/` between its
    /// parts; `None` when it leads out of the folder and must not be followed.
    pub fn inside(&self, folder: &Path, written: &str) -> Option<PathBuf> {
        paths::inside(&*self.fs, folder, written)
    }

    /// Returns what synchronising programs left beside the annotation file at `path` when two people changed it at
    /// once, by name. None when the folder cannot be listed.
    pub fn conflict_copies(&self, path: &Path) -> Vec<ConflictCopy> {
        conflict_copies::find(&*self.fs, path)
    }

    /// Writes the PNG picture `bytes` to `path`, over an older picture if there is one. A new file gets no more
    /// permissions than any of the files `sources`, which it shows.
    ///
    /// # Errors
    /// [`super::FileErrorKind::NotAPicture`] when a file of another kind is there, an article for instance;
    /// else what the system says.
    pub fn save_picture(
        &self,
        path: &Path,
        bytes: &[u8],
        sources: &[PathBuf],
    ) -> Result<(), FileError> {
        write::save_picture(&*self.fs, path, bytes, sources)
    }

    /// Writes `text` to `path`, where there must be nothing yet: somebody may have filled in what is there. The file gets
    /// no more permissions than any of the files `sources`, which it quotes.
    ///
    /// # Errors
    /// What the system says.
    pub fn save_new_text(
        &self,
        path: &Path,
        text: &str,
        sources: &[PathBuf],
    ) -> Result<(), FileError> {
        let fail = |error: io::Error| FileError::new(Action::SaveTable, path, error);
        let mut file = self.fs.create_new(path, true).map_err(fail)?;
        file.write_all(text.as_bytes()).map_err(fail)?;
        // Some network drives know no permissions.
        file.dress_within(sources).ok();
        file.sync().map_err(fail)
    }

    /// Creates a folder that only its owner can enter, unless it exists.
    ///
    /// # Errors
    /// What the system says.
    pub fn create_folder(&self, path: &Path) -> Result<(), FileError> {
        let fail = |error: io::Error| FileError::new(Action::CreateFolder, path, error);
        self.fs.create_folder(path).map_err(fail)
    }

    /// Writes a report of an internal error to `reports` in the state folder. Nothing sends it anywhere.
    ///
    /// # Errors
    /// What the system says; [`super::FileErrorKind::NotFound`] when there is no such folder.
    pub fn write_report(&self, now: Timestamp, text: &str) -> Result<PathBuf, FileError> {
        let state = self.state().unwrap_or_else(|| Path::new(""));
        let folder = state.join("reports");
        let name = format!("{}-{}.txt", now.unix_seconds(), std::process::id());
        let path = folder.join(name);
        let fail = |error: io::Error| FileError::new(Action::WriteReport, &path, error);
        if self.state.is_none() {
            return Err(fail(io::ErrorKind::NotFound.into()));
        }
        self.fs.create_folder(&folder).map_err(fail)?;
        let mut file = self.fs.create_new(&path, true).map_err(fail)?;
        file.write_all(text.as_bytes()).map_err(fail)?;
        file.sync().map_err(fail)?;
        Ok(path)
    }

    /// Returns the settings in `folder`, with a note for each thing that was not as it should be. Never fails: what
    /// cannot be read has its default, and a file that is there but damaged is copied aside.
    pub fn load_settings(&self, folder: &Path) -> (Settings, Vec<String>) {
        Settings::load(&*self.fs, folder)
    }

    /// Writes `settings` to `folder`, which is made if need be. The last program to write wins.
    ///
    /// # Errors
    /// What the system says; the old settings are as they were then.
    pub fn save_settings(&self, settings: &Settings, folder: &Path) -> Result<(), FileError> {
        settings.save(&*self.fs, folder)
    }
}
