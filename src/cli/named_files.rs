//! Finds the annotation files that an argument names: a file, an article with an annotation file, a folder or a collection.

use super::{CliError, check::annotations_path, check_files::all_files, output};
use crate::files::{Disk, is_annotations, try_list_folder};
use std::path::{Component, Path, PathBuf};

/// Returns the annotation files that `file` names: those of a folder in the order of their names, those of a
/// collection in its order. A file that cannot be read is named too, and says so when it is read.
///
/// # Errors
/// When a folder cannot be listed or has no annotation file, or a collection names files outside its folder.
pub fn annotation_files(disk: &Disk, file: &Path) -> Result<Vec<PathBuf>, CliError> {
    if file.is_dir() {
        let mut inside: Vec<PathBuf> = try_list_folder(file)?
            .into_iter()
            .filter(|path| is_annotations(path))
            .collect();
        if inside.is_empty() {
            return Err(CliError::NothingToCollect {
                folder: output::path(file),
            });
        }
        inside.sort();
        return Ok(inside);
    }
    let path = annotations_path(disk, file);
    // The head of the file shows whether it is a collection, so an annotation file is not parsed here.
    let Ok((found, _)) = disk.read_collection(&path) else {
        return Ok(vec![path]);
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut paths = Vec::new();
    for member in found.collection.articles.values() {
        let inside = Path::new(&member.annotations);
        let is_plain = |part| matches!(part, Component::Normal(_));
        if !inside.components().all(is_plain) {
            return Err(CliError::OutsideFolder {
                path: output::path(&path),
            });
        }
        paths.push(folder.join(inside));
    }
    Ok(paths)
}

/// Returns [`annotation_files`], and where a folder has no such file itself, those in the folders in it: a class.
///
/// # Errors
/// As there.
pub fn annotation_files_below(disk: &Disk, file: &Path) -> Result<Vec<PathBuf>, CliError> {
    let error = match annotation_files(disk, file) {
        Err(error @ CliError::NothingToCollect { .. }) => error,
        found => return found,
    };
    let below = all_files(disk, &[file.to_owned()]);
    // A folder that cannot be looked into may hold a pupil's work.
    for (folder, _) in &below.passed_over {
        try_list_folder(folder)?;
    }
    let files: Vec<PathBuf> = below
        .files
        .into_iter()
        .filter(|path| is_annotations(path))
        .collect();
    match files.is_empty() {
        true => Err(error),
        false => Ok(files),
    }
}
