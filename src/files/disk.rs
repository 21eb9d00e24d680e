//! The disk as the shells see it: articles, annotation files, settings.

use super::{
    ArticleFile, Expected, FileError, Identity, Loaded, Settings,
    fs::{Fs, RealFs},
    read, write,
};
use crate::annotation::{AnnotationSet, Article};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// A file system, and the folder on it where this program keeps what is under way. A clone is the same disk.
#[derive(Clone)]
pub struct Disk {
    pub(super) fs: Arc<dyn Fs>,
    state: Option<PathBuf>,
}

impl Disk {
    /// The machine's, with its folder for what is under way.
    pub fn of_this_machine() -> Self {
        Self::new(Arc::new(RealFs), super::state_dir())
    }

    /// The machine's, with no folder for what is under way.
    pub fn plain() -> Self {
        Self::new(Arc::new(RealFs), None)
    }

    /// Any file system; `state` is the folder for what is under way.
    pub fn new(fs: Arc<dyn Fs>, state: Option<PathBuf>) -> Self {
        Self { fs, state }
    }

    /// The folder for what is under way: journals, locks, earlier versions.
    pub fn state(&self) -> Option<&Path> {
        self.state.as_deref()
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

    /// Reads the article at `path` in the encoding that its annotation file records, if that gives the very
    /// text that was annotated. For articles whose encoding is only a guess.
    pub fn read_as_recorded(&self, path: &Path, recorded: &Article) -> Option<ArticleFile> {
        read::read_as_recorded(&*self.fs, path, recorded)
    }

    /// Reads the annotation file at `path`.
    pub fn read_annotations(&self, path: &Path) -> Loaded {
        read::read_annotations(&*self.fs, path)
    }

    /// Writes `set` to `path` and returns the identity of the new file, for the next save.
    ///
    /// A link is followed: the file it leads to is replaced, the link stays. The old file's permissions are
    /// kept. That the folder itself could not be put on the disk at once is no failure.
    ///
    /// # Errors
    /// [`super::FileErrorKind::ChangedOnDisk`] when the file is not the one expected;
    /// [`super::FileErrorKind::NewerVersion`] for records of a newer major version; else what the system says.
    /// The old file is as it was then.
    pub fn save_annotations(
        &self,
        path: &Path,
        set: &AnnotationSet,
        expected: Expected,
        crlf: bool,
    ) -> Result<Identity, FileError> {
        write::save_annotations(&*self.fs, path, set, expected, crlf)
    }

    /// Writes the PNG picture `bytes` to `path`, over an older picture if there is one.
    ///
    /// # Errors
    /// [`super::FileErrorKind::NotAPicture`] when a file of another kind is there, an article for instance;
    /// else what the system says.
    pub fn save_picture(&self, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
        write::save_picture(&*self.fs, path, bytes)
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
