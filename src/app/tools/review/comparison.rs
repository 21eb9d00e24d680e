//! Two versions of one article's annotations side by side: the one that is open, and another.

use crate::{
    annotation::AnnotationSet,
    app::{
        core::differences::{Counts, Row, Wording, rows},
        session::article::ArticleKey,
    },
    edit::difference,
    files::{AnnotationsFile, EarlierVersion},
};
use std::path::PathBuf;

/// Where the other version comes from.
#[derive(Clone, Debug)]
pub enum Other {
    /// Somebody wrote the file while it was open here.
    OnDisk,
    /// A copy that a synchronising service laid beside it.
    Copy(PathBuf),
    /// One of the versions that were saved before.
    Earlier(EarlierVersion),
}

/// What lies between two versions.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The article.
    pub key: ArticleKey,
    /// Where the other version comes from.
    pub other: Other,
    /// The other version.
    pub file: AnnotationsFile,
    /// The differences, first those of annotations, in the order of the text.
    pub rows: Vec<Row>,
    /// How many there are of each kind.
    pub counts: Counts,
}

impl Comparison {
    /// Compares `ours` with the version in `file`.
    pub fn new(key: ArticleKey, other: Other, ours: &AnnotationSet, file: AnnotationsFile) -> Self {
        let change = difference(ours, &file.set);
        let (rows, counts) = rows(&change, ours, &file.set, Wording::TwoVersions);
        Self {
            key,
            other,
            file,
            rows,
            counts,
        }
    }

    /// Whether the two are the same.
    pub fn is_empty(&self) -> bool {
        self.counts == Counts::default()
    }
}
