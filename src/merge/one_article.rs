//! Whether files are about one article at all, before anybody's marks are put together.
//!
//! An article may be renamed, retitled and reworded between two copies of its annotation file, so none of these
//! must agree: one thing in common is enough. Files without any are about different articles, and merging them
//! would mix up what belongs to each, or take what is not in the other for removed.

use crate::annotation::{AnnotationSet, Article, RecordKind, Records};

/// The articles of two of the files that have nothing in common, neither with each other nor by way of the others;
/// `None` when all are about one article.
pub fn other_articles<'a>(sets: &[&'a AnnotationSet]) -> Option<(&'a Article, &'a Article)> {
    let (first, mut apart) = sets
        .split_first()
        .map(|(first, rest)| (*first, rest.to_vec()))?;
    let mut together = vec![first];
    loop {
        let (joined, left): (Vec<_>, Vec<_>) = apart.into_iter().partition(|set| {
            together
                .iter()
                .any(|known| have_something_in_common(known, set))
        });
        let other = left.first()?;
        if joined.is_empty() {
            return Some((&first.article, &other.article));
        }
        together.extend(joined);
        apart = left;
    }
}

fn have_something_in_common(one: &AnnotationSet, other: &AnnotationSet) -> bool {
    let (a, b) = (&one.article, &other.article);
    let same = |a: &str, b: &str| !a.is_empty() && a == b;
    a.edition == b.edition
        || same(&a.file_name, &b.file_name)
        || same(&a.title, &b.title)
        || same(&a.url, &b.url)
        || share_an_annotation(one, other)
        || share_an_annotation(other, one)
}

/// Ids of annotations are never given twice, and those of removed ones are remembered.
fn share_an_annotation(one: &AnnotationSet, other: &AnnotationSet) -> bool {
    let is_known = |id| other.annotations.contains_key(id);
    let mut removed = one.tombstones.keys();
    one.annotations.keys().any(is_known)
        || removed.any(|record| {
            record.kind == RecordKind::Annotation
                && (other.fields_of(record).is_some() || other.tombstones.contains_key(record))
        })
}
