//! Reads collections, by the rules of annotation files.

use super::{
    Action, FileError, FileErrorKind, Identity, MAX_ANNOTATIONS_BYTES, fs::Fs, open::read_file,
};
use crate::format::{
    FormatError, FormatErrorKind,
    ron::{ReadCollection, read_collection as read},
};
use std::path::Path;

/// What a collection's file is called.
pub const COLLECTION_NAME: &str = "collection.ron";

/// Reads the collection at `path`. Also returns which version of the file was read.
///
/// # Errors
/// See [`FileErrorKind`].
pub(super) fn read_collection(
    fs: &dyn Fs,
    path: &Path,
) -> Result<(ReadCollection, Identity), FileError> {
    let action = Action::OpenAnnotations;
    let content = read_file(fs, path, MAX_ANNOTATIONS_BYTES, action)?;
    let not_text = FormatError::foreign("a file that is not UTF-8 text");
    let text = std::str::from_utf8(&content.bytes).map_err(|_| not_text);
    let found = text
        .and_then(read)
        .map_err(|error| FileError::new(action, path, error))?;
    Ok((found, Identity::of(&content.bytes, &content.stat)))
}

/// Returns whether a file that could not be read as annotations is a collection.
pub fn is_collection(error: &FileError) -> bool {
    let FileErrorKind::Format(format) = &error.kind else {
        return false;
    };
    match &format.kind {
        FormatErrorKind::OtherFormat { found, .. } => {
            *found == crate::format::ron::COLLECTION_FORMAT
        }
        _ => false,
    }
}
