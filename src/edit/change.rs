//! What happened: a list of records before and after. Swapping the sides takes it back.

use crate::annotation::{
    Agent, AgentId, Annotation, AnnotationId, AnnotationSet, Article, Claim, ClaimId, Conflict,
    ConflictId, Kept, Link, LinkId, RecordRef, Speaker, SpeakerId, Tag, TagId, Tombstone,
};
use imbl::{OrdMap, ordmap::DiffItem};
use std::sync::Arc;

/// One record before and after: `None` before means it was added, `None` after that it was removed.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot<K, V> {
    /// The record's name.
    pub key: K,
    /// What it was.
    pub before: Option<Arc<V>>,
    /// What it became.
    pub after: Option<Arc<V>>,
}

impl<K: Ord + Clone, V: Clone> Slot<K, V> {
    fn invert(self) -> Self {
        Self {
            key: self.key,
            before: self.after,
            after: self.before,
        }
    }

    fn replay(&self, records: &mut OrdMap<K, Arc<V>>) {
        match &self.after {
            Some(after) => records.insert(self.key.clone(), Arc::clone(after)),
            None => records.remove(&self.key),
        };
    }
}

/// One record of one kind before and after.
#[derive(Clone, Debug, PartialEq)]
pub enum Diff {
    /// An annotation.
    Annotation(Slot<AnnotationId, Annotation>),
    /// A tag.
    Tag(Slot<TagId, Tag>),
    /// An annotator.
    Agent(Slot<AgentId, Agent>),
    /// A speaker.
    Speaker(Slot<SpeakerId, Speaker>),
    /// A claim.
    Claim(Slot<ClaimId, Claim>),
    /// A link.
    Link(Slot<LinkId, Link>),
    /// What is said about a removal.
    Tombstone(Slot<RecordRef, Tombstone>),
    /// A conflict.
    Conflict(Slot<ConflictId, Conflict>),
    /// What is known about the article.
    Article {
        /// What it was.
        before: Arc<Article>,
        /// What it became.
        after: Arc<Article>,
    },
    /// The file's fields of a newer version.
    Kept {
        /// What they were.
        before: Kept,
        /// What they became.
        after: Kept,
    },
}

/// The effect of one edit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// The records it touched, each once, in the order they were made.
    pub diffs: Vec<Diff>,
}

impl Change {
    /// Whether nothing would differ.
    pub fn is_empty(&self) -> bool {
        self.diffs.is_empty()
    }

    /// What leads from one set to another: for whatever is easier done to a set than told record by record.
    /// Costs as much as they differ when the second was made from the first.
    pub fn between(before: &AnnotationSet, after: &AnnotationSet) -> Self {
        let mut diffs = Vec::new();
        push_all(&mut diffs, &before.agents, &after.agents, Diff::Agent);
        push_all(&mut diffs, &before.tags, &after.tags, Diff::Tag);
        push_all(&mut diffs, &before.speakers, &after.speakers, Diff::Speaker);
        push_all(&mut diffs, &before.claims, &after.claims, Diff::Claim);
        push_all(&mut diffs, &before.links, &after.links, Diff::Link);
        push_all(
            &mut diffs,
            &before.annotations,
            &after.annotations,
            Diff::Annotation,
        );
        push_all(
            &mut diffs,
            &before.tombstones,
            &after.tombstones,
            Diff::Tombstone,
        );
        push_all(
            &mut diffs,
            &before.conflicts,
            &after.conflicts,
            Diff::Conflict,
        );
        if before.article != after.article {
            diffs.push(Diff::Article {
                before: Arc::new(before.article.clone()),
                after: Arc::new(after.article.clone()),
            });
        }
        if before.kept != after.kept {
            diffs.push(Diff::Kept {
                before: before.kept.clone(),
                after: after.kept.clone(),
            });
        }
        Self { diffs }
    }

    /// The change that takes this one back.
    pub fn invert(&self) -> Self {
        let diffs = self.diffs.iter().rev().cloned().map(|diff| match diff {
            Diff::Annotation(slot) => Diff::Annotation(slot.invert()),
            Diff::Tag(slot) => Diff::Tag(slot.invert()),
            Diff::Agent(slot) => Diff::Agent(slot.invert()),
            Diff::Speaker(slot) => Diff::Speaker(slot.invert()),
            Diff::Claim(slot) => Diff::Claim(slot.invert()),
            Diff::Link(slot) => Diff::Link(slot.invert()),
            Diff::Tombstone(slot) => Diff::Tombstone(slot.invert()),
            Diff::Conflict(slot) => Diff::Conflict(slot.invert()),
            Diff::Article { before, after } => Diff::Article {
                before: after,
                after: before,
            },
            Diff::Kept { before, after } => Diff::Kept {
                before: after,
                after: before,
            },
        });
        Self {
            diffs: diffs.collect(),
        }
    }

    /// Carries the change out: every record becomes what it is `after`. O(log n) for each record.
    pub fn replay(&self, set: &mut AnnotationSet) {
        for diff in &self.diffs {
            match diff {
                Diff::Annotation(slot) => slot.replay(&mut set.annotations),
                Diff::Tag(slot) => slot.replay(&mut set.tags),
                Diff::Agent(slot) => slot.replay(&mut set.agents),
                Diff::Speaker(slot) => slot.replay(&mut set.speakers),
                Diff::Claim(slot) => slot.replay(&mut set.claims),
                Diff::Link(slot) => slot.replay(&mut set.links),
                Diff::Tombstone(slot) => slot.replay(&mut set.tombstones),
                Diff::Conflict(slot) => slot.replay(&mut set.conflicts),
                Diff::Article { after, .. } => set.article = Article::clone(after),
                Diff::Kept { after, .. } => set.kept = after.clone(),
            }
        }
    }

    /// Whether what is known about the article changed.
    pub fn of_article(&self) -> bool {
        let is_article = |diff: &Diff| matches!(diff, Diff::Article { .. });
        self.diffs.iter().any(is_article)
    }

    /// The annotations it touched, before and after.
    pub fn annotations(&self) -> impl Iterator<Item = &Slot<AnnotationId, Annotation>> {
        self.diffs.iter().filter_map(|diff| match diff {
            Diff::Annotation(slot) => Some(slot),
            _ => None,
        })
    }
}

/// One diff for each record that is not the same in both.
fn push_all<K: Ord + Clone, V: PartialEq>(
    diffs: &mut Vec<Diff>,
    before: &OrdMap<K, Arc<V>>,
    after: &OrdMap<K, Arc<V>>,
    diff: impl Fn(Slot<K, V>) -> Diff,
) {
    for item in before.diff(after) {
        let (key, before, after) = match item {
            DiffItem::Add(key, after) => (key, None, Some(after)),
            DiffItem::Update { old, new } => (old.0, Some(old.1), Some(new.1)),
            DiffItem::Remove(key, before) => (key, Some(before), None),
        };
        diffs.push(diff(Slot {
            key: key.clone(),
            before: before.cloned(),
            after: after.cloned(),
        }));
    }
}
