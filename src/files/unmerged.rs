//! What git has not merged: which files, and the versions of each that it keeps in its index until somebody says
//! which one is right.

use super::{
    FileErrorKind,
    git::{GitError, path_of},
    read::on_parser_stack,
};
use crate::{
    annotation::{AnnotationSet, Collection},
    format::ron::{read_bytes, read_collection},
    merge::{Comparable, Stages},
    text::SourceText,
};
use std::{
    collections::BTreeMap,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A file that git could not merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmerged {
    /// Its path, as seen from the folder that was asked about.
    pub path: PathBuf,
    /// Whether somebody has added the file since: git remembers its versions for a while.
    pub is_added: bool,
    folder: PathBuf,
    /// The names of the blobs: the common version, ours, theirs.
    blobs: [Option<String>; 3],
}

/// What is left to do about a file that git could not merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeLeft {
    /// One side has removed the file, or given it another name.
    OneSide,
    /// The file in the folder cannot be read, and git has both sides.
    Damaged,
    /// A side cannot be read as the file of records that the one in the folder is.
    Unreadable,
    /// Some changes of the sides are not in the file in the folder.
    Missing {
        /// How many.
        n_changes: usize,
        /// Whether the file was added since.
        is_added: bool,
    },
    /// Nothing but to add the file.
    Whole,
}

impl MergeLeft {
    /// Returns what happened and what to do, about a file that is typed as `file`; `None` when all is well.
    pub fn in_words(self, file: &str) -> Option<String> {
        match self {
            Self::OneSide => Some(format!(
                "git has not merged this file, because one side removed or renamed it; keep it with `git add {file}`, or remove it with `git rm {file}`"
            )),
            Self::Damaged => Some(format!(
                "git has not merged this file; `sourcemark git resolve {file}` merges it from the versions that git keeps"
            )),
            Self::Unreadable => Some(format!(
                "git has not merged this file, and one side cannot be read; `git show :2:./{file}` and `git show :3:./{file}` show both"
            )),
            Self::Missing {
                n_changes,
                is_added: false,
            } => Some(format!(
                "git has not merged this file: {} missing in it, and `git add` would drop them; `sourcemark git resolve {file}` merges them",
                changes(n_changes)
            )),
            Self::Missing {
                n_changes,
                is_added: true,
            } => Some(format!(
                "the last merge in git kept one side only: {} missing in this file; `sourcemark git resolve {file}` adds them, and `git update-index --clear-resolve-undo` hides this notice if you meant to drop them",
                changes(n_changes)
            )),
            Self::Whole => None,
        }
    }
}

fn changes(n: usize) -> String {
    match n {
        1 => "1 change of the other side is".to_owned(),
        n => format!("{n} changes of the other side are"),
    }
}

/// Reads the bytes of one version.
pub type Reader<S> = fn(&[u8]) -> Result<S, FileErrorKind>;

/// Why a version of a file that git keeps cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum VersionError {
    /// git does not give it.
    #[error(transparent)]
    Git(#[from] GitError),
    /// The version is not an annotation file or a collection.
    #[error(transparent)]
    Format(#[from] FileErrorKind),
}

/// Which version of a file that is not merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The one that both sides began from.
    Base,
    /// Ours.
    Ours,
    /// Theirs.
    Theirs,
}

impl Unmerged {
    /// Returns the bytes of one version; `None` when git has none: one side has removed the file, or both have made
    /// it.
    ///
    /// # Errors
    /// When git cannot be started, or no longer has it.
    pub fn bytes(&self, stage: Stage) -> Result<Option<Vec<u8>>, GitError> {
        let [base, ours, theirs] = &self.blobs;
        let blob = match stage {
            Stage::Base => base,
            Stage::Ours => ours,
            Stage::Theirs => theirs,
        };
        let Some(blob) = blob else {
            return Ok(None);
        };
        read_only(&self.folder, &["cat-file", "blob", blob]).map(Some)
    }

    /// Returns the versions as `read` reads them; `None` when git does not have both sides. A common version that
    /// cannot be read is as good as none.
    ///
    /// # Errors
    /// When a side cannot be read.
    pub fn stages<S>(&self, read: Reader<S>) -> Result<Option<Stages<S>>, VersionError> {
        let (Some(ours), Some(theirs)) = (self.bytes(Stage::Ours)?, self.bytes(Stage::Theirs)?)
        else {
            return Ok(None);
        };
        let base = self.bytes(Stage::Base)?;
        Ok(Some(Stages {
            base: base.and_then(|base| read(&base).ok()),
            ours: read(&ours)?,
            theirs: read(&theirs)?,
        }))
    }

    /// Returns what is left to do, now that the file in the folder is `here`; `texts` gives the wordings of the
    /// article for versions that were made on several.
    pub fn left<S: Comparable>(
        &self,
        here: &S,
        read: Reader<S>,
        texts: impl FnOnce(&Stages<S>) -> Vec<SourceText>,
    ) -> MergeLeft {
        let stages = match self.stages(read) {
            Ok(Some(stages)) => stages,
            Ok(None) if self.is_added => return MergeLeft::Whole,
            Ok(None) => return MergeLeft::OneSide,
            Err(_) if self.is_added => return MergeLeft::Whole,
            Err(_) => return MergeLeft::Unreadable,
        };
        let texts = texts(&stages);
        let n_changes = match self.is_added {
            true => stages.n_lost(here, &texts),
            false => stages.n_missing(here, &texts),
        };
        match n_changes {
            0 => MergeLeft::Whole,
            _ => MergeLeft::Missing {
                n_changes,
                is_added: self.is_added,
            },
        }
    }

    /// Returns whether git has both sides.
    pub fn has_two_sides(&self) -> bool {
        let [_, ours, theirs] = &self.blobs;
        ours.is_some() && theirs.is_some()
    }
}

/// Returns the file at `path`, if git has not merged it, or somebody has added it since.
pub fn unmerged(path: &Path) -> Option<Unmerged> {
    let name = path.file_name()?;
    let folder = match path.parent()? {
        here if here.as_os_str().is_empty() => Path::new("."),
        folder => folder,
    };
    let found = listed(folder, Some(name));
    found.into_iter().find(|file| file.path.as_os_str() == name)
}

/// Returns the files in `folder` and below that git has not merged, or that somebody has added since. None where
/// there is no repository or no git.
pub fn unmerged_in(folder: &Path) -> Vec<Unmerged> {
    listed(folder, None)
}

fn listed(folder: &Path, name: Option<&OsStr>) -> Vec<Unmerged> {
    if !is_in_repository(folder) {
        return Vec::new();
    }
    let list = |option: &str, is_added: bool| {
        let mut args = vec![OsStr::new("ls-files"), OsStr::new("-z"), OsStr::new(option)];
        args.push(OsStr::new("--"));
        args.extend(name);
        let said = read_only(folder, &args).unwrap_or_default();
        files_of(&said, folder, is_added)
    };
    let mut found = list("--unmerged", false);
    let open: Vec<PathBuf> = found.iter().map(|file| file.path.clone()).collect();
    let added = list("--resolve-undo", true).into_iter();
    found.extend(added.filter(|file| !open.contains(&file.path)));
    found
}

/// Reads `<mode> <blob> <stage>\t<path>\0` again and again.
fn files_of(said: &[u8], folder: &Path, is_added: bool) -> Vec<Unmerged> {
    let mut files: BTreeMap<PathBuf, [Option<String>; 3]> = BTreeMap::new();
    for line in said.split(|byte| *byte == 0) {
        let Some(tab) = line.iter().position(|byte| *byte == b'\t') else {
            continue;
        };
        let (fields, path) = line.split_at(tab);
        let fields = String::from_utf8_lossy(fields);
        let mut fields = fields.split(' ').skip(1);
        let (Some(blob), Some(stage)) = (fields.next(), fields.next()) else {
            continue;
        };
        let path = path_of(path.get(1..).unwrap_or_default().to_owned());
        let idx = stage.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        if let Some(slot) = idx.and_then(|idx| files.entry(path).or_default().get_mut(idx)) {
            *slot = Some(blob.to_owned());
        }
    }
    let files = files.into_iter();
    files
        .map(|(path, blobs)| Unmerged {
            path,
            is_added,
            folder: folder.to_owned(),
            blobs,
        })
        .collect()
}

/// Returns whether there is a repository around `folder`, without starting git: most folders have none.
fn is_in_repository(folder: &Path) -> bool {
    if std::env::var_os("GIT_DIR").is_some() {
        return true;
    }
    let Ok(folder) = folder.canonicalize() else {
        return false;
    };
    folder.ancestors().any(|above| above.join(".git").exists())
}

/// Asks git something that changes nothing, and lets the repository's configuration start no other program: the
/// folder may have come from anywhere.
fn read_only<S: AsRef<OsStr>>(folder: &Path, args: &[S]) -> Result<Vec<u8>, GitError> {
    let asked = Command::new("git")
        .args(["--literal-pathspecs", "--no-optional-locks"])
        .args(["-c", "core.fsmonitor=false"])
        .arg("-C")
        .arg(folder)
        .args(args)
        .env("GIT_NO_LAZY_FETCH", "1")
        .stdin(Stdio::null())
        .output();
    let output = asked.map_err(GitError::NotThere)?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(GitError::Failed {
            command: args
                .iter()
                .map(|arg| arg.as_ref().to_string_lossy())
                .collect::<Vec<_>>()
                .join(" "),
            said: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        }),
    }
}

/// Returns the annotations in the bytes of a file that git keeps.
///
/// # Errors
/// When they are no annotation file.
pub fn annotations_in(bytes: &[u8]) -> Result<AnnotationSet, FileErrorKind> {
    let (file, ()) = on_parser_stack(|| read_bytes(bytes), || ())?;
    Ok(file?.set)
}

/// Returns the collection in the bytes of a file that git keeps.
///
/// # Errors
/// When they are no collection.
pub fn collection_in(bytes: &[u8]) -> Result<Collection, FileErrorKind> {
    let text = String::from_utf8_lossy(bytes);
    let (found, ()) = on_parser_stack(|| read_collection(&text), || ())?;
    Ok(found?.collection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_lists_is_read() {
        let said = b"100644 aa 1\ta b.ron\x00100644 bb 2\ta b.ron\x00100644 cc 3\tx\ty\x00";
        let files = files_of(said, Path::new("."), false);
        let blobs: Vec<_> = files.iter().map(|it| (&it.path, &it.blobs)).collect();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            blobs,
            [
                (&PathBuf::from("a b.ron"), &[some("aa"), some("bb"), None]),
                (&PathBuf::from("x\ty"), &[None, None, some("cc")]),
            ]
        );
        for odd in [
            &b""[..],
            b"\0\0",
            b"100644 aa\tx\0",
            b"100644 aa 9\tx\0",
            b"\t\0",
        ] {
            assert_eq!(
                files_of(odd, Path::new("."), false)
                    .iter()
                    .filter(|it| it.has_two_sides())
                    .count(),
                0
            );
        }
    }
}
