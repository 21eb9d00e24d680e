//! Finds the files to check in the files and folders that are named.

use super::check::annotations_path;
use crate::files::{COLLECTION_NAME, Disk, is_annotations, try_list_folder};
use std::path::{Path, PathBuf};

/// What there is to look at.
#[derive(Default)]
pub struct Named {
    /// The files.
    pub files: Vec<PathBuf>,
    /// Folders in which no file was checked, and why. Naming such a folder is probably a mistake.
    pub passed_over: Vec<(PathBuf, String)>,
}

/// Returns the files that the arguments name; for a folder, the annotation files and collections in it and below.
pub fn all_files(disk: &Disk, given: &[PathBuf]) -> Named {
    let mut named = Named::default();
    for path in given {
        let file = annotations_path(disk, path);
        // A folder where an annotation file belongs is a mistake.
        if file == *path || !path.is_dir() {
            named.files.push(file);
            continue;
        }
        let n_before = (named.files.len(), named.passed_over.len());
        add_folder(disk, path, &mut named);
        if (named.files.len(), named.passed_over.len()) == n_before {
            let why = "no annotation file in this folder".to_owned();
            named.passed_over.push((path.clone(), why));
        }
    }
    named
}

fn add_folder(disk: &Disk, folder: &Path, named: &mut Named) {
    let mut inside = match try_list_folder(folder) {
        Ok(inside) => inside,
        Err(error) => {
            let why = format!("{}: {}", error.action, error.kind);
            named.passed_over.push((folder.to_owned(), why));
            return;
        }
    };
    inside.sort();
    for path in inside {
        let name = path.file_name().unwrap_or_default();
        let is_hidden = name.as_encoded_bytes().starts_with(b".");
        // A link to a folder may lead in a circle.
        if path.is_dir() && !path.is_symlink() && !is_hidden {
            add_folder(disk, &path, named);
        } else if path.is_file()
            && (is_annotations(&path)
                // Not an article of that name.
                || name == COLLECTION_NAME && annotations_path(disk, &path) == path)
        {
            named.files.push(path);
        }
    }
}
