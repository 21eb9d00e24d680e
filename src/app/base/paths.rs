//! Names of files and whole paths, for people.

use crate::app::base::short;
use std::path::Path;

/// File name without folders, or the path when it has none.
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// [`file_name`] for people: what cannot be seen in it is named.
pub fn shown_file_name(path: &Path) -> String {
    short::name(&file_name(path)).into_owned()
}

/// Longest path that is shown, in code points. No system opens a longer one.
const PATH_CHARS: usize = 4_096;

/// A whole path for people.
pub fn shown_path(path: &Path) -> String {
    short::line(&path.display().to_string(), PATH_CHARS).into_owned()
}
