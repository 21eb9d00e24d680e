//! What happened: a list of records before and after. Swapping the sides undoes it.

use crate::annotation::{
    Agent, AgentId, Annotation, AnnotationId, AnnotationSet, Article, Claim, ClaimId, Conflict,
    ConflictId, Decision, DecisionId, Kept, Link, LinkId, RecordRef, Speaker, SpeakerId, Tag,
    TagId, Tombstone,
};
use imbl::OrdMap;
use std::sync::Arc;

/// One record before and after: `None` before means it was added, `None` after that it was removed.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot<K, V> {
    /// The record's name.
    pub key: K,
    /// The state before the change.
    pub before: Option<Arc<V>>,
    /// The state after the change.
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

    fn rebased(&self, records: &OrdMap<K, Arc<V>>) -> Option<Self>
    where
        V: PartialEq,
    {
        let before = records.get(&self.key);
        (before != self.after.as_ref()).then(|| Self {
            key: self.key.clone(),
            before: before.cloned(),
            after: self.after.clone(),
        })
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
    /// A tombstone.
    Tombstone(Slot<RecordRef, Tombstone>),
    /// A conflict.
    Conflict(Slot<ConflictId, Conflict>),
    /// A decision about a difference between annotators.
    Decision(Slot<DecisionId, Decision>),
    /// The article's record.
    Article {
        /// The state before the change.
        before: Arc<Article>,
        /// The state after the change.
        after: Arc<Article>,
    },
    /// The file's fields of a newer format version.
    Kept {
        /// The state before the change.
        before: Kept,
        /// The state after the change.
        after: Kept,
    },
}

/// The effect of one edit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// The records that the edit touched, each once, in the order of the changes.
    pub diffs: Vec<Diff>,
}

impl Change {
    /// Returns whether nothing would differ.
    pub fn is_empty(&self) -> bool {
        self.diffs.is_empty()
    }

    /// Returns the change that undoes this one.
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
            Diff::Decision(slot) => Diff::Decision(slot.invert()),
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

    /// Applies the change: every record becomes what it is `after`. O(log n) for each record.
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
                Diff::Decision(slot) => slot.replay(&mut set.decisions),
                Diff::Article { after, .. } => set.article = Article::clone(after),
                Diff::Kept { after, .. } => set.kept.clone_from(after),
            }
        }
    }

    /// Returns the change with the same effect on `set`, which need not be the set that it was made on: `before` is what is
    /// there, and records that would not differ are left out.
    pub fn rebased(&self, set: &AnnotationSet) -> Self {
        let diffs = self.diffs.iter().filter_map(|diff| match diff {
            Diff::Annotation(slot) => slot.rebased(&set.annotations).map(Diff::Annotation),
            Diff::Tag(slot) => slot.rebased(&set.tags).map(Diff::Tag),
            Diff::Agent(slot) => slot.rebased(&set.agents).map(Diff::Agent),
            Diff::Speaker(slot) => slot.rebased(&set.speakers).map(Diff::Speaker),
            Diff::Claim(slot) => slot.rebased(&set.claims).map(Diff::Claim),
            Diff::Link(slot) => slot.rebased(&set.links).map(Diff::Link),
            Diff::Tombstone(slot) => slot.rebased(&set.tombstones).map(Diff::Tombstone),
            Diff::Conflict(slot) => slot.rebased(&set.conflicts).map(Diff::Conflict),
            Diff::Decision(slot) => slot.rebased(&set.decisions).map(Diff::Decision),
            Diff::Article { after, .. } => (**after != set.article).then(|| Diff::Article {
                before: Arc::new(set.article.clone()),
                after: Arc::clone(after),
            }),
            Diff::Kept { after, .. } => (*after != set.kept).then(|| Diff::Kept {
                before: set.kept.clone(),
                after: after.clone(),
            }),
        });
        Self {
            diffs: diffs.collect(),
        }
    }

    /// Returns whether the article's record changed.
    pub fn of_article(&self) -> bool {
        let is_article = |diff: &Diff| matches!(diff, Diff::Article { .. });
        self.diffs.iter().any(is_article)
    }

    /// Returns the annotations that the change touched, before and after.
    pub fn annotations(&self) -> impl Iterator<Item = &Slot<AnnotationId, Annotation>> {
        self.diffs.iter().filter_map(|diff| match diff {
            Diff::Annotation(slot) => Some(slot),
            _ => None,
        })
    }
}
