//! The disk as the shells see it: articles, annotation files, settings.

use super::{
    ANNOTATIONS_SUFFIX, Action, AnnotationsFile, ArticleFile, ConflictCopy, EarlierVersion,
    Expected, FileError, FileErrorKind, Identity, Loaded, LockOutcome, Look, SaveOptions,
    SavedFile, Settings, SystemClock, backups,
    compare::{self, folder_of},
    conflict_copies,
    fs::{Fs, RealFs, Stat},
    journal::place::known_path,
    leftovers, lock, open, paths, read, write,
};
use crate::{
    annotation::{AnnotationSet, Article, Timestamp},
    format::ron::Salvaged,
};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// A file system, and the folder on it where this program keeps what is under way. A clone is the same disk.
#[derive(Clone)]
pub struct Disk {
    pub(super) fs: Arc<dyn Fs>,
    state: Option<PathBuf>,
    pub(super) clock: Clock,
}

/// What tells the time.
pub(super) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

impl Disk {
    /// The machine's, with its folder for what is under way.
    pub fn of_this_machine() -> Self {
        Self::new(Arc::new(RealFs), super::state_dir())
    }

    /// The machine's, with no folder for what is under way: no earlier versions, no locks.
    pub fn plain() -> Self {
        Self::new(Arc::new(RealFs), None)
    }

    /// Any file system; `state` is the folder for what is under way.
    pub fn new(fs: Arc<dyn Fs>, state: Option<PathBuf>) -> Self {
        Self {
            fs,
            state,
            clock: Arc::new(|| SystemClock.now()),
        }
    }

    /// The same with another clock.
    pub fn with_clock(self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self {
            clock: Arc::new(clock),
            ..self
        }
    }

    /// The folder for what is under way: journals, locks, earlier versions.
    pub fn state(&self) -> Option<&Path> {
        self.state.as_deref()
    }

    /// The one path of the file at `path`, there or not, by whatever links it is reached: what tells whether two
    /// paths lead to one file. As it is given when its folder cannot be reached.
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

    /// What the file system knows of the article at `path` now, to compare with what it knew when it was read.
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

    /// Reads the annotation file at `path`. What killed programs left in its folder is cleared away first; where
    /// that is a whole annotation file, it becomes an earlier version of the one it was meant for.
    pub fn read_annotations(&self, path: &Path) -> Loaded {
        if let Some(state) = &self.state {
            let now = (self.clock)();
            leftovers::clean(&*self.fs, folder_of(path), now, &mut |leftover| {
                self.adopt(state, leftover, now)
            });
        }
        read::read_annotations(&*self.fs, path)
    }

    /// What can still be read of the damaged annotation file at `path`, for a copy under another name: the file
    /// itself is not to be written over, and there is no [`Identity`] here to write over it with.
    ///
    /// # Errors
    /// When the file cannot be read at all, or there is nothing of an annotation file in it.
    pub fn salvage_annotations(&self, path: &Path) -> Result<Salvaged, FileError> {
        read::salvage_annotations(&*self.fs, path)
    }

    /// Which version of the annotation file at `path` is there, whether it can be read as one or not: to write over
    /// what is known to be elsewhere as well.
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

    /// Whether the file at `leftover` holds nothing, or nothing any more, that is not kept elsewhere.
    fn adopt(&self, state: &Path, leftover: &Path, now: Timestamp) -> bool {
        let file = match read::try_read(&*self.fs, leftover, Action::OpenAnnotations) {
            Ok(file) => file,
            // Unless it was read and is none, nothing is known of it.
            Err(error) => return matches!(error.kind, FileErrorKind::Format(_)),
        };
        let Some(article) = Path::new(&file.set.article.file_name).file_name() else {
            return true;
        };
        let mut name = article.to_owned();
        name.push(ANNOTATIONS_SUFFIX);
        let meant_for = leftover.with_file_name(name);
        let is_there = compare::holds(&*self.fs, &meant_for, &file.identity);
        if is_there.is_ok_and(|is_there| is_there) {
            return true;
        }
        let (fs, identity) = (&*self.fs, &file.identity);
        let is_kept = backups::adopt(fs, state, leftover, &meant_for, identity, now).is_ok();
        if is_kept {
            backups::thin(fs, state, &meant_for, now);
        }
        is_kept
    }

    /// Writes `set` to `path` and returns the identity of the new file, for the next save, with what did not go
    /// as usual.
    ///
    /// The new version is put on the disk under another name, read back, and takes the old one's place in one
    /// step; the old one is kept as an earlier version. A link is followed: the file it leads to is replaced,
    /// the link stays. Permissions, owner and extended attributes are kept as far as the system lets us. After
    /// an error another call begins anew, with another file.
    ///
    /// # Errors
    /// [`super::FileErrorKind::ChangedOnDisk`] when the file is not the one expected;
    /// [`super::FileErrorKind::NewerVersion`] for records of a newer major version; else what the system says.
    /// The old file is as it was then, except after [`super::FileErrorKind::Torn`] and
    /// [`super::FileErrorKind::Displaced`], which say where it is.
    pub fn save_annotations(
        &self,
        path: &Path,
        set: &AnnotationSet,
        expected: &Expected,
        options: &SaveOptions,
    ) -> Result<SavedFile, FileError> {
        let (fs, now) = (&*self.fs, (self.clock)());
        let Some(state) = self.state() else {
            return write::save_annotations(fs, path, set, expected, options, &mut |_, _| Ok(None));
        };
        let mut keep =
            |old: &Path, identity: &Identity| backups::keep(fs, state, old, identity, now);
        let saved = write::save_annotations(fs, path, set, expected, options, &mut keep)?;
        backups::thin(fs, state, path, now);
        Ok(saved)
    }

    /// Compares the annotation file at `path` with what was loaded or saved last, `None` for no file. Cheap
    /// enough to be asked every second: the file is read only when the file system says that it was touched.
    pub fn look(&self, path: &Path, known: Option<&Identity>) -> Look {
        compare::look(&*self.fs, path, known)
    }

    /// The earlier versions of the annotation file at `path`, which need not be there any more, the latest
    /// first. None where there is no folder for what is under way.
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
    /// [`super::FileErrorKind::DamagedVersion`] when it is not as it was put away; else what the system says.
    pub fn read_version(&self, version: &EarlierVersion) -> Result<AnnotationsFile, FileError> {
        backups::read_version(&*self.fs, version)
    }

    /// Shows other processes of this machine that `who` has the annotation file at `path` open, or tells who
    /// else has. The file need not be there yet. Two paths to one file are one.
    ///
    /// # Errors
    /// When the folder that the file lies in cannot be reached. That nothing can be told is no error.
    pub fn lock(&self, path: &Path, who: &str) -> Result<LockOutcome, FileError> {
        lock::lock(&*self.fs, self.state(), path, who, (self.clock)())
    }

    /// The path that a file in `folder`, such as a collection, names as `written`, with `/` between its parts; `None`
    /// when it leads out of the folder and must not be followed.
    pub fn inside(&self, folder: &Path, written: &str) -> Option<PathBuf> {
        paths::inside(&*self.fs, folder, written)
    }

    /// What synchronising programs left beside the annotation file at `path` when two people changed it at
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

    /// Writes down what went wrong inside the program, in `reports` in the folder for what is under way. Nothing
    /// sends it anywhere.
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

    /// The settings in `folder`, with a note for each thing that was not as it should be. Never fails: what
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
