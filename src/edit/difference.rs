//! What lies between two sets, as a change: for taking over what was made elsewhere in one step.

use super::{Change, Diff, Slot};
use crate::annotation::AnnotationSet;
use imbl::{OrdMap, ordmap::DiffItem};
use std::sync::Arc;

/// The change that makes `to` of `from`. What the two share in memory is not looked at, so that the difference
/// between a set and a few edits of it costs what the edits cost.
pub fn difference(from: &AnnotationSet, to: &AnnotationSet) -> Change {
    let mut diffs = Vec::new();
    // Records before what refers to them, as a reader of the list would want it.
    diffs.extend(slots(&from.agents, &to.agents).map(Diff::Agent));
    diffs.extend(slots(&from.tags, &to.tags).map(Diff::Tag));
    diffs.extend(slots(&from.speakers, &to.speakers).map(Diff::Speaker));
    diffs.extend(slots(&from.claims, &to.claims).map(Diff::Claim));
    diffs.extend(slots(&from.annotations, &to.annotations).map(Diff::Annotation));
    diffs.extend(slots(&from.links, &to.links).map(Diff::Link));
    if from.article != to.article {
        diffs.push(Diff::Article {
            before: Arc::new(from.article.clone()),
            after: Arc::new(to.article.clone()),
        });
    }
    if from.kept != to.kept {
        diffs.push(Diff::Kept {
            before: from.kept.clone(),
            after: to.kept.clone(),
        });
    }
    Change { diffs }
}

fn slots<'a, K: Ord + Clone, V: PartialEq>(
    from: &'a OrdMap<K, Arc<V>>,
    to: &'a OrdMap<K, Arc<V>>,
) -> impl Iterator<Item = Slot<K, V>> + 'a {
    from.diff(to).map(|item| match item {
        DiffItem::Add(key, after) => Slot {
            key: key.clone(),
            before: None,
            after: Some(Arc::clone(after)),
        },
        DiffItem::Update { old, new } => Slot {
            key: old.0.clone(),
            before: Some(Arc::clone(old.1)),
            after: Some(Arc::clone(new.1)),
        },
        DiffItem::Remove(key, before) => Slot {
            key: key.clone(),
            before: Some(Arc::clone(before)),
            after: None,
        },
    })
}
