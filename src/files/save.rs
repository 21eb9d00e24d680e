//! Saves annotation files and collections: only over the version that was read, one saver after the other.
//!
//! Written is the new version before the lock is asked for, so that others wait for no more than a comparison and two
//! names. Whoever gets the lock compares once more.

use super::{
    Action, Expected, FileError, FileErrorKind, Identity, MAX_ANNOTATIONS_BYTES, backups,
    compare::{check_expected, follow},
    error::shown_path,
    fs::Fs,
    paths::article_of,
    place::{OldFile, Over},
    save_lock::{PATIENCE, SaveLock},
    write::{KeptOld, link_or_copy, replace},
};
use crate::{
    annotation::{AnnotationSet, Collection, Timestamp},
    format::ron::{VERSION, WriteOptions, check_fits, version_of, write, write_collection},
};
use std::{
    fmt,
    path::{Path, PathBuf},
};

/// Options for writing an annotation file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaveOptions {
    /// Whether its lines end with CR LF.
    pub crlf: bool,
    /// For a file of an older version of the format: the old file stays beside the new one, with this added to
    /// its name (`.v1.bak`). A file that has that name already is left as it is, and is enough.
    pub keep_original_as: Option<String>,
    /// The files that the content comes from. A new file gets no more permissions than any of them has, nor than
    /// the article beside it.
    pub sources: Vec<PathBuf>,
}

/// An annotation file that was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedFile {
    /// Which version it is, for the next save.
    pub identity: Identity,
    /// What did not go as it usually does.
    pub notes: Vec<SaveNote>,
}

/// What a person may want to know of a save that succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveNote {
    /// The file could not be replaced and was overwritten in place.
    InPlace,
    /// The file has other names and was overwritten in place, so that all of them have the new version.
    HardLinked,
    /// What came out of the file in the moment of saving was not the version expected: another program wrote it, or it
    /// could not be read.
    Displaced {
        /// Where it is now.
        kept: PathBuf,
    },
    /// The file is whole, but its name may not survive a power cut in the next seconds; with the reason.
    FolderNotSynced(String),
    /// The version before was not kept as an earlier version; with the reason.
    NoEarlierVersion(String),
}

impl fmt::Display for SaveNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InPlace => f.write_str(
                "saved by overwriting the file, which cannot be replaced; a power cut during a save may damage it",
            ),
            Self::HardLinked => f.write_str(
                "saved by overwriting the file, which has several names (hard links); a power cut during a save may damage it",
            ),
            Self::Displaced { kept } => write!(
                f,
                "saved, but another program changed the file at the same time; compare and merge its version, which is kept in `{}`",
                shown_path(kept)
            ),
            Self::FolderNotSynced(why) => write!(
                f,
                "saved, but this disk does not confirm that the file survives a power cut: {why}"
            ),
            Self::NoEarlierVersion(why) => {
                write!(f, "saved, but the previous version was not kept: {why}")
            }
        }
    }
}

/// What a save needs beside what is saved.
pub(super) struct Saver<'a> {
    pub(super) fs: &'a dyn Fs,
    /// The folder for what is under way, if there is one.
    pub(super) state: Option<&'a Path>,
    pub(super) now: Timestamp,
    /// A lock that the caller has already.
    pub(super) held: Option<&'a SaveLock>,
}

impl Saver<'_> {
    /// Writes `set` to `path`; see [`super::Disk::save_annotations`].
    pub(super) fn save_annotations(
        &self,
        path: &Path,
        set: &AnnotationSet,
        expected: &Expected,
        options: &SaveOptions,
    ) -> Result<SavedFile, FileError> {
        let fail = |kind: FileErrorKind| FileError::new(Action::SaveAnnotations, path, kind);
        let found = version_of(set);
        if found.0 > VERSION.0 {
            return Err(fail(FileErrorKind::NewerVersion { found }));
        }
        // What is written must be read again.
        check_fits(set).map_err(|error| fail(error.into()))?;
        let target = follow(self.fs, path).map_err(fail)?;
        check_expected(self.fs, &target, expected).map_err(fail)?;
        let text = write(
            set,
            WriteOptions {
                crlf: options.crlf,
                ..WriteOptions::default()
            },
        );
        let size = text.len() as u64;
        if size > MAX_ANNOTATIONS_BYTES {
            let limit = MAX_ANNOTATIONS_BYTES;
            return Err(fail(FileErrorKind::TooMuchToSave { size, limit }));
        }
        let mut note = None;
        let mut sources = options.sources.clone();
        sources.extend(article_of(&target));
        let saved = self.save(
            &target,
            text.as_bytes(),
            expected,
            &sources,
            &mut || match (expected, &options.keep_original_as) {
                (Expected::Same(identity), Some(suffix)) => {
                    keep_beside(self.fs, &target, suffix, identity)
                }
                _ => Ok(None),
            },
            &mut |old| {
                if let (Expected::Same(identity), Some(state)) = (expected, self.state)
                    && let Err(kind) =
                        backups::keep(self.fs, state, old, &target, identity, self.now)
                {
                    note = Some(SaveNote::NoEarlierVersion(kind.to_string()));
                }
            },
        );
        let mut saved = saved.map_err(fail)?;
        saved.notes.extend(note);
        if let Some(state) = self.state {
            backups::thin(self.fs, state, path, self.now);
        }
        Ok(saved)
    }

    /// Writes `collection` to `path`; see [`super::Disk::save_collection`].
    pub(super) fn save_collection(
        &self,
        path: &Path,
        collection: &Collection,
        expected: &Expected,
        options: &SaveOptions,
    ) -> Result<SavedFile, FileError> {
        let fail = |kind: FileErrorKind| FileError::new(Action::SaveAnnotations, path, kind);
        let target = follow(self.fs, path).map_err(fail)?;
        check_expected(self.fs, &target, expected).map_err(fail)?;
        let write = WriteOptions {
            crlf: options.crlf,
            ..WriteOptions::default()
        };
        let text = write_collection(collection, write);
        let (bytes, sources) = (text.as_bytes(), &options.sources);
        self.save(
            &target,
            bytes,
            expected,
            sources,
            &mut || Ok(None),
            &mut |_| {},
        )
        .map_err(fail)
    }

    /// Puts `bytes`, which come from the files `sources`, at `target`, over the file that is `expected` there. `link` is called when nobody else can save and
    /// the old file is still there, and says what further name it has given that; `keep` with where the old version is,
    /// when that can be kept.
    fn save(
        &self,
        target: &Path,
        bytes: &[u8],
        expected: &Expected,
        sources: &[PathBuf],
        link: &mut dyn FnMut() -> KeptOld,
        keep: &mut dyn FnMut(&Path),
    ) -> Result<SavedFile, FileErrorKind> {
        let fs = self.fs;
        let over = match expected {
            Expected::New => Over::Nothing,
            Expected::Same(identity) => Over::Exactly(identity),
        };
        let mut lock = None;
        let mut look = || {
            lock = Some(SaveLock::take(fs, self.state, target, self.held, PATIENCE)?);
            // Others may have saved while this version was written.
            let n_names = check_expected(fs, target, expected)?.map_or(1, |stat| stat.n_names);
            let link = link()?;
            // The further name may have been there before: a save that was killed has left it then.
            let n_names = match &link {
                Some(_) => fs.link_stat(target).map_or(n_names, |stat| stat.n_names),
                None => n_names,
            };
            Ok(OldFile {
                is_linked: n_names > 1 + u64::from(link.is_some()),
                links: link.into_iter().collect(),
                now: Some(self.now),
            })
        };
        let placed = replace(fs, target, bytes, over, sources, &mut look, keep);
        // Until here: the folder is synced, and the next saver replaces a version that survives a power cut.
        drop(lock);
        let placed = placed?;
        Ok(SavedFile {
            identity: placed.identity,
            notes: placed.notes,
        })
    }
}

/// Keeps the file at `path` beside itself, with `suffix` added to its name.
fn keep_beside(fs: &dyn Fs, path: &Path, suffix: &str, identity: &Identity) -> KeptOld {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    let beside = PathBuf::from(name);
    if let Ok(there) = fs.link_stat(&beside) {
        // A save that was killed may have left it as a second name of the very file.
        let is_link = there.id.is_some() && fs.link_stat(path)?.id == there.id;
        return Ok(is_link.then_some(beside));
    }
    link_or_copy(fs, path, &beside, identity)
}
