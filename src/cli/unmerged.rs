//! Annotation files and collections that git has not merged.

use super::{
    opened::text_of,
    several::{AnyRecords, OpenFile},
};
use crate::{
    annotation::{AnnotationSet, Collection},
    files::{
        Disk, FileError, article_of,
        unmerged::{MergeLeft, Unmerged, annotations_in, collection_in, unmerged_in},
        wordings,
    },
    merge::Stages,
    text::SourceText,
};
use std::{
    collections::HashMap,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

/// Asks git once for each folder.
#[derive(Default)]
pub struct UnmergedFiles {
    folders: HashMap<PathBuf, Vec<Unmerged>>,
}

impl UnmergedFiles {
    /// Returns the file at `path`, if git has not merged it, or somebody has added it since.
    pub fn get(&mut self, path: &Path) -> Option<&Unmerged> {
        let name = path.file_name()?;
        let folder = folder_of(path);
        let known = self.folders.entry(folder.to_owned());
        let files = known.or_insert_with(|| unmerged_in(folder));
        files.iter().find(|file| file.path.as_os_str() == name)
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Returns what is left to do about a file that git has not merged.
///
/// # Errors
/// When the file in the folder cannot be read.
pub fn left(disk: &Disk, file: &Unmerged, path: &Path) -> Result<MergeLeft, FileError> {
    Ok(match &OpenFile::on(disk, path)?.records {
        AnyRecords::Annotations(set) => {
            let texts = |stages: &Stages<AnnotationSet>| texts_of(path, stages, Some(set));
            file.left::<AnnotationSet>(set, annotations_in, texts)
        }
        AnyRecords::Collection(it) => file.left::<Collection>(it, collection_in, |_| Vec::new()),
    })
}

/// Returns the wordings of the article that the versions of the file at `path` were made on.
pub fn texts_of(
    path: &Path,
    stages: &Stages<AnnotationSet>,
    here: Option<&AnnotationSet>,
) -> Vec<SourceText> {
    let sides = [&stages.ours, &stages.theirs];
    let sets: Vec<&AnnotationSet> = here.into_iter().chain(&stages.base).chain(sides).collect();
    let beside = || text_of(path, here.unwrap_or(&stages.ours)).ok().flatten();
    let article = article_of(path);
    let name = article.as_deref().and_then(Path::file_name);
    let mut object = OsString::from("./");
    object.push(name.unwrap_or(OsStr::new("")));
    wordings(&sets, beside, (folder_of(path), &object))
}
