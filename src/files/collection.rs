//! Reads and writes collections, by the rules of annotation files.

use super::{
    Action, Expected, FileError, FileErrorKind, Identity, MAX_ANNOTATIONS_BYTES, SaveOptions,
    compare::{check_expected, follow},
    fs::RealFs,
    open::read_file,
    place::Over,
    write::{nothing_to_keep, replace},
};
use crate::{
    annotation::Collection,
    format::{
        FormatError, FormatErrorKind,
        ron::{ReadCollection, WriteOptions, read_collection as read, write_collection},
    },
};
use std::path::Path;

/// What a collection's file is called.
pub const COLLECTION_NAME: &str = "collection.ron";

/// Reads the collection at `path`; also says which version of the file was read.
///
/// # Errors
/// See [`FileErrorKind`].
pub fn read_collection(path: &Path) -> Result<(ReadCollection, Identity), FileError> {
    let action = Action::OpenAnnotations;
    let content = read_file(&RealFs, path, MAX_ANNOTATIONS_BYTES, action)?;
    let not_text = FormatError::foreign("a file that is not UTF-8 text");
    let text = std::str::from_utf8(&content.bytes).map_err(|_| not_text);
    let found = text
        .and_then(read)
        .map_err(|error| FileError::new(action, path, error))?;
    Ok((found, Identity::of(&content.bytes, &content.stat)))
}

/// Writes `collection` to `path`, over the file that is `expected` there; of `options`, line endings and sources
/// count.
///
/// # Errors
/// [`FileErrorKind::ChangedOnDisk`] when the file is not the one expected; else what the system says.
pub fn save_collection(
    path: &Path,
    collection: &Collection,
    expected: &Expected,
    options: &SaveOptions,
) -> Result<Identity, FileError> {
    let fail = |kind: FileErrorKind| FileError::new(Action::SaveAnnotations, path, kind);
    let target = follow(&RealFs, path).map_err(fail)?;
    check_expected(&RealFs, &target, expected).map_err(fail)?;
    let write = WriteOptions {
        crlf: options.crlf,
        ..WriteOptions::default()
    };
    let text = write_collection(collection, write);
    let over = match expected {
        Expected::New => Over::Nothing,
        Expected::Same(identity) => Over::Exactly(identity),
    };
    let placed = replace(
        &RealFs,
        &target,
        text.as_bytes(),
        over,
        &options.sources,
        &mut nothing_to_keep,
    );
    Ok(placed.map_err(fail)?.identity)
}

/// Whether a file that could not be read as annotations is a collection.
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
