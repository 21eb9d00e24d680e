//! Whether git has merged an annotation file, in words for the person who opens it.

use crate::{
    annotation::AnnotationSet,
    files::{
        Disk, Loaded,
        unmerged::{MergeLeft, annotations_in, unmerged},
        wordings,
    },
    text::SourceText,
};
use std::{ffi::OsString, path::Path};

/// What is left to do about the annotation file at `path`, which marks `text`; `None` when git waits for nothing. Asks
/// git, so it belongs into a job.
pub fn merge_left(disk: &Disk, path: &Path, text: &SourceText) -> Option<String> {
    let file = unmerged(path)?;
    let left = match disk.read_annotations(path) {
        Loaded::New => return None,
        Loaded::Unreadable(_) if file.has_two_sides() => MergeLeft::Damaged,
        Loaded::Unreadable(_) => return None,
        Loaded::Loaded(here) => file.left(&here.set, annotations_in, |stages| {
            let sides = [&here.set, &stages.ours, &stages.theirs];
            let sets: Vec<&AnnotationSet> = sides.into_iter().chain(&stages.base).collect();
            let article = crate::files::article_of(path).unwrap_or_else(|| path.to_owned());
            let mut object = OsString::from("./");
            object.push(article.file_name().unwrap_or_default());
            let folder = path.parent().unwrap_or(Path::new("."));
            wordings(&sets, || Some(text.clone()), (folder, &object))
        }),
    };
    let name = crate::app::base::paths::shown_file_name(path);
    let words = left.in_words(&format!("\"{name}\""))?;
    Some(crate::app::session::notices::sentence(&words))
}
