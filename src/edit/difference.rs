//! Computes the change between two states of a set, and the effect of a sequence of changes on a set
//! that others have changed since.

use super::{Change, Diff, Slot};
use crate::annotation::{
    Agent, AgentId, Annotation, AnnotationId, AnnotationSet, Article, Claim, ClaimId, Conflict,
    ConflictId, Decision, DecisionId, Kept, Link, LinkId, RecordRef, Speaker, SpeakerId, Tag,
    TagId, Tombstone,
};
use imbl::{OrdMap, ordmap::DiffItem};
use std::{collections::BTreeMap, sync::Arc};

/// Returns the change from `from` to `to`: each record that differs, once. What the two share in memory is not
/// examined, so that the difference between a set and a few edits of it costs what the edits cost.
pub fn difference(from: &AnnotationSet, to: &AnnotationSet) -> Change {
    let mut diffs = Vec::new();
    if from.article != to.article {
        diffs.push(Diff::Article {
            before: Arc::new(from.article.clone()),
            after: Arc::new(to.article.clone()),
        });
    }
    compare(&from.agents, &to.agents, Diff::Agent, &mut diffs);
    compare(&from.tags, &to.tags, Diff::Tag, &mut diffs);
    compare(&from.speakers, &to.speakers, Diff::Speaker, &mut diffs);
    compare(&from.claims, &to.claims, Diff::Claim, &mut diffs);
    compare(
        &from.annotations,
        &to.annotations,
        Diff::Annotation,
        &mut diffs,
    );
    compare(&from.links, &to.links, Diff::Link, &mut diffs);
    compare(
        &from.tombstones,
        &to.tombstones,
        Diff::Tombstone,
        &mut diffs,
    );
    compare(&from.conflicts, &to.conflicts, Diff::Conflict, &mut diffs);
    compare(&from.decisions, &to.decisions, Diff::Decision, &mut diffs);
    if from.kept != to.kept {
        diffs.push(Diff::Kept {
            before: from.kept.clone(),
            after: to.kept.clone(),
        });
    }
    Change { diffs }
}

fn compare<K: Ord + Clone, V: PartialEq>(
    from: &OrdMap<K, Arc<V>>,
    to: &OrdMap<K, Arc<V>>,
    kind: impl Fn(Slot<K, V>) -> Diff,
    diffs: &mut Vec<Diff>,
) {
    let slots = from.diff(to).filter_map(|item| {
        let (key, before, after) = match item {
            DiffItem::Add(key, after) => (key, None, Some(after)),
            DiffItem::Remove(key, before) => (key, Some(before), None),
            DiffItem::Update {
                old: (key, before),
                new: (_, after),
            } => (key, Some(before), Some(after)),
        };
        (before != after).then(|| Slot {
            key: key.clone(),
            before: before.cloned(),
            after: after.cloned(),
        })
    });
    diffs.extend(slots.map(kind));
}

/// The effect of a sequence of changes on a set that they were not made on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fitted {
    /// The change that can be applied without losing anything: `before` is what the set has, `after` the state after
    /// the last change.
    pub change: Change,
    /// The records that somebody else has changed meanwhile: `before` is what the set has, `after` what the changes
    /// would make of it. Applying this change overrides the others' work.
    pub left_out: Change,
}

/// Returns the effect on `set` of `changes` that were made one after the other on another state of it.
///
/// A record fits if the set has it in any state that it went through, the one before the first
/// change included: then it contains nothing that the changes do not know of, and gets its state after the last
/// change. A record in another state is left out.
pub fn fit(changes: &[Change], set: &AnnotationSet) -> Fitted {
    let mut rows = Rows::default();
    for diff in changes.iter().flat_map(|change| &change.diffs) {
        rows.add(diff);
    }
    let mut fitted = Fitted::default();
    if let Some((_, last)) = rows.article.last() {
        let mut states = rows.article.iter().flat_map(|(from, to)| [from, to]);
        let is_known = states.any(|state| ***state == set.article);
        if ***last != set.article {
            fitted.take(
                is_known,
                Diff::Article {
                    before: Arc::new(set.article.clone()),
                    after: Arc::clone(last),
                },
            );
        }
    }
    fitted.rows(rows.agents, &set.agents, Diff::Agent);
    fitted.rows(rows.tags, &set.tags, Diff::Tag);
    fitted.rows(rows.speakers, &set.speakers, Diff::Speaker);
    fitted.rows(rows.claims, &set.claims, Diff::Claim);
    fitted.rows(rows.annotations, &set.annotations, Diff::Annotation);
    fitted.rows(rows.links, &set.links, Diff::Link);
    fitted.rows(rows.tombstones, &set.tombstones, Diff::Tombstone);
    fitted.rows(rows.conflicts, &set.conflicts, Diff::Conflict);
    fitted.rows(rows.decisions, &set.decisions, Diff::Decision);
    if let Some((_, last)) = rows.kept.last() {
        let mut states = rows.kept.iter().flat_map(|(from, to)| [from, to]);
        let is_known = states.any(|state| **state == set.kept);
        if **last != set.kept {
            fitted.take(
                is_known,
                Diff::Kept {
                    before: set.kept.clone(),
                    after: Kept::clone(last),
                },
            );
        }
    }
    fitted
}

/// The states that one record went through.
type Row<'a, K, V> = BTreeMap<&'a K, Vec<&'a Slot<K, V>>>;

/// The states of all records, by kind.
#[derive(Default)]
struct Rows<'a> {
    article: Vec<(&'a Arc<Article>, &'a Arc<Article>)>,
    kept: Vec<(&'a Kept, &'a Kept)>,
    agents: Row<'a, AgentId, Agent>,
    tags: Row<'a, TagId, Tag>,
    speakers: Row<'a, SpeakerId, Speaker>,
    claims: Row<'a, ClaimId, Claim>,
    annotations: Row<'a, AnnotationId, Annotation>,
    links: Row<'a, LinkId, Link>,
    tombstones: Row<'a, RecordRef, Tombstone>,
    conflicts: Row<'a, ConflictId, Conflict>,
    decisions: Row<'a, DecisionId, Decision>,
}

impl<'a> Rows<'a> {
    fn add(&mut self, diff: &'a Diff) {
        match diff {
            Diff::Annotation(slot) => self.annotations.entry(&slot.key).or_default().push(slot),
            Diff::Tag(slot) => self.tags.entry(&slot.key).or_default().push(slot),
            Diff::Agent(slot) => self.agents.entry(&slot.key).or_default().push(slot),
            Diff::Speaker(slot) => self.speakers.entry(&slot.key).or_default().push(slot),
            Diff::Claim(slot) => self.claims.entry(&slot.key).or_default().push(slot),
            Diff::Link(slot) => self.links.entry(&slot.key).or_default().push(slot),
            Diff::Tombstone(slot) => self.tombstones.entry(&slot.key).or_default().push(slot),
            Diff::Conflict(slot) => self.conflicts.entry(&slot.key).or_default().push(slot),
            Diff::Decision(slot) => self.decisions.entry(&slot.key).or_default().push(slot),
            Diff::Article { before, after } => self.article.push((before, after)),
            Diff::Kept { before, after } => self.kept.push((before, after)),
        }
    }
}

impl Fitted {
    fn take(&mut self, fits: bool, diff: Diff) {
        let change = if fits {
            &mut self.change
        } else {
            &mut self.left_out
        };
        change.diffs.push(diff);
    }

    fn rows<K: Ord + Clone, V: PartialEq>(
        &mut self,
        rows: Row<'_, K, V>,
        records: &OrdMap<K, Arc<V>>,
        kind: impl Fn(Slot<K, V>) -> Diff,
    ) {
        for (key, row) in rows {
            let Some(last) = row.last() else { continue };
            let present = records.get(key);
            if present == last.after.as_ref() {
                continue;
            }
            let is_known = |slot: &&Slot<K, V>| {
                [&slot.before, &slot.after]
                    .iter()
                    .any(|state| state.as_ref() == present)
            };
            let slot = Slot {
                key: key.clone(),
                before: present.cloned(),
                after: last.after.clone(),
            };
            self.take(row.iter().any(is_known), kind(slot));
        }
    }
}
