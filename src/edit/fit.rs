//! From a row of changes to what they come to on a set that has gone its own way since.

use super::{Change, Diff, Slot};
use crate::annotation::{
    Agent, AgentId, Annotation, AnnotationId, AnnotationSet, Article, Claim, ClaimId, Kept, Link,
    LinkId, Speaker, SpeakerId, Tag, TagId,
};
use imbl::OrdMap;
use std::{collections::BTreeMap, sync::Arc};

/// What a row of changes comes to on a set that they were not made on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fitted {
    /// What can be carried out without losing anything: `before` is what the set has, `after` the end of the row.
    pub change: Change,
    /// The records that somebody else has changed meanwhile: `before` is what the set has, `after` what the row
    /// would make of it. Carrying this out overrides them.
    pub left_out: Change,
}

/// What `changes`, made one after the other on another state of the set, come to on `set`.
///
/// A record fits when the set has it in any state that it went through in the row, the one before the first
/// change included: then nothing is in it that the row does not know of, and it becomes what it is at the row's
/// end. What the set has in another state is left out.
pub fn fit(changes: &[Change], set: &AnnotationSet) -> Fitted {
    let mut rows = Rows::default();
    for diff in changes.iter().flat_map(|change| &change.diffs) {
        rows.add(diff);
    }
    let mut fitted = Fitted::default();
    fitted.rows(rows.agents, &set.agents, Diff::Agent);
    fitted.rows(rows.tags, &set.tags, Diff::Tag);
    fitted.rows(rows.speakers, &set.speakers, Diff::Speaker);
    fitted.rows(rows.claims, &set.claims, Diff::Claim);
    fitted.rows(rows.annotations, &set.annotations, Diff::Annotation);
    fitted.rows(rows.links, &set.links, Diff::Link);
    let article = Arc::new(set.article.clone());
    fitted.row(&rows.article, &article, |before, after| Diff::Article {
        before,
        after,
    });
    fitted.row(&rows.kept, &set.kept, |before, after| Diff::Kept {
        before,
        after,
    });
    fitted
}

/// The states that one record went through.
type Row<'a, K, V> = BTreeMap<&'a K, Vec<&'a Slot<K, V>>>;

/// The rows of all records, kind by kind.
#[derive(Default)]
struct Rows<'a> {
    article: Vec<[&'a Arc<Article>; 2]>,
    kept: Vec<[&'a Kept; 2]>,
    agents: Row<'a, AgentId, Agent>,
    tags: Row<'a, TagId, Tag>,
    speakers: Row<'a, SpeakerId, Speaker>,
    claims: Row<'a, ClaimId, Claim>,
    annotations: Row<'a, AnnotationId, Annotation>,
    links: Row<'a, LinkId, Link>,
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
            Diff::Article { before, after } => self.article.push([before, after]),
            Diff::Kept { before, after } => self.kept.push([before, after]),
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

    /// The row of what a set has once.
    fn row<V: Clone + PartialEq>(
        &mut self,
        row: &[[&V; 2]],
        present: &V,
        kind: impl Fn(V, V) -> Diff,
    ) {
        let Some([_, last]) = row.last() else { return };
        if *last != present {
            let is_known = row.iter().flatten().any(|state| *state == present);
            self.take(is_known, kind(present.clone(), V::clone(last)));
        }
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
