//! Which files to look at where files and folders are named.

use super::check::annotations_path;
use crate::files::{COLLECTION_NAME, is_annotations, list_folder};
use std::path::{Path, PathBuf};

/// The files that the arguments name; for a folder, the annotation files and collections in it and below. Also the
/// folders that have none: nobody names a folder to have nothing looked at.
pub fn all_files(given: &[PathBuf]) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let (mut files, mut empty) = (Vec::new(), Vec::new());
    for path in given {
        let file = annotations_path(path);
        // A folder where an annotation file belongs is a mistake.
        if file == *path || !path.is_dir() {
            files.push(file);
            continue;
        }
        let n_before = files.len();
        add_folder(path, &mut files);
        if files.len() == n_before {
            empty.push(path.clone());
        }
    }
    (files, empty)
}

fn add_folder(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut inside = list_folder(folder);
    inside.sort();
    for path in inside {
        let name = path.file_name().unwrap_or_default();
        let is_hidden = name.as_encoded_bytes().starts_with(b".");
        // A link to a folder may lead in a circle.
        if path.is_dir() && !path.is_symlink() && !is_hidden {
            add_folder(&path, files);
        } else if path.is_file()
            && (is_annotations(&path)
                // Not an article of that name.
                || name == COLLECTION_NAME && annotations_path(&path) == path)
        {
            files.push(path);
        }
    }
}
