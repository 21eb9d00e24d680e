//! What git leaves of one file that it could not merge: the versions in its index, and the file in the folder, which
//! may be one of them, the outcome of a merge, or work that went on from either.

use super::{
    Difference, Merged, collection_differences, differences, merge::Mergeable, three_way,
    without_base,
};
use crate::{
    annotation::{AnnotationSet, Collection, RecordRef},
    text::SourceText,
};

/// A file of records that can be compared with another of its kind.
pub trait Comparable: Mergeable + PartialEq {
    /// What is different from `self` to `after`.
    fn differences_to(&self, after: &Self) -> Vec<Difference>;
}

impl Comparable for AnnotationSet {
    fn differences_to(&self, after: &Self) -> Vec<Difference> {
        differences(self, after)
    }
}

impl Comparable for Collection {
    fn differences_to(&self, after: &Self) -> Vec<Difference> {
        collection_differences(self, after)
    }
}

/// The versions of a file that is not merged.
#[derive(Clone, Debug)]
pub struct Stages<S> {
    /// What both sides began from; `None` where nobody knows, or it cannot be read: where lines have crossed, git
    /// merges the two beginnings first, and without a driver leaves markers in what it got.
    pub base: Option<S>,
    /// Our side.
    pub ours: S,
    /// Their side.
    pub theirs: S,
}

impl<S: Comparable> Stages<S> {
    /// Both sides with the file in the folder, `here`, if that can be read. It may be ours alone, theirs alone, or work
    /// that went on from either: what it has is kept. One that holds both already stays as it is.
    pub fn merged(
        &self,
        here: Option<&S>,
        names: [&str; 2],
        texts: &[SourceText],
    ) -> Option<Merged<S>> {
        let two = |ours: (&str, &S), theirs: (&str, &S)| match &self.base {
            Some(base) => Some(three_way(base, ours, theirs, texts)),
            None => without_base(&[ours, theirs], texts),
        };
        let [our_name, their_name] = names;
        let Some(here) = here else {
            return two((our_name, &self.ours), (their_name, &self.theirs));
        };
        if self.n_missing(here, texts) == 0 {
            return Some(Merged {
                set: here.clone(),
                new_conflicts: Vec::new(),
                notes: Vec::new(),
            });
        }
        let mut merged = two((our_name, here), (their_name, &self.theirs))?;
        if *here != self.ours {
            let more = two(("this file", &merged.set), (our_name, &self.ours))?;
            merged.notes.extend(more.notes);
            merged.set = more.set;
        }
        merged.notes.sort();
        merged.notes.dedup();
        let is_new = |id: &_| !here.conflicts().contains_key(id);
        let ids = merged.set.conflicts().keys().copied();
        merged.new_conflicts = ids.filter(is_new).collect();
        Some(merged)
    }

    /// How many changes of the sides are not in the file in the folder, and were not taken back in it either.
    pub fn n_missing(&self, here: &S, texts: &[SourceText]) -> usize {
        let Some(merged) = self.merged(None, ["ours", "theirs"], texts) else {
            return 0;
        };
        let n_missing = |side: &S| {
            let changes = side.differences_to(&merged.set);
            changes
                .iter()
                .filter(|change| !is_in(change, side, here))
                .count()
        };
        n_missing(&self.ours).max(n_missing(&self.theirs))
    }

    /// The same of a file that was added since, and may have been worked on: only what cannot have been removed by
    /// anybody counts. Our side to the letter, or a record of theirs that is neither there nor remembered as removed.
    pub fn n_lost(&self, here: &S, texts: &[SourceText]) -> usize {
        let is_ours = here.differences_to(&self.ours).is_empty();
        let is_lost = |difference: &Difference| match difference {
            Difference::Added { record, .. } => {
                let in_base = self.base.as_ref().and_then(|base| base.fields_of(record));
                in_base.is_none() && !is_removed_since(record, &self.ours, here)
            }
            _ => false,
        };
        match is_ours || here.differences_to(&self.theirs).iter().any(is_lost) {
            true => self.n_missing(here, texts),
            false => 0,
        }
    }
}

/// Whether `here` says that a record was removed, and `side` does not say the same.
fn is_removed_since<S: Comparable>(record: &RecordRef, side: &S, here: &S) -> bool {
    let known = side.tombstones().get(record);
    let found = here.tombstones().get(record);
    found.is_some() && found != known
}

/// Whether a change of `side` was taken over in `here`, or something else has been done about it there.
fn is_in<S: Comparable>(change: &Difference, side: &S, here: &S) -> bool {
    let fields_here = here.fields_of(change.record());
    match change {
        Difference::Added { record, .. } => {
            // A removal that the side knew before is no answer to what was added since.
            fields_here.is_some() || is_removed_since(record, side, here)
        }
        Difference::Removed { record, .. } => {
            fields_here.is_none() || here.tombstones().get(record) != side.tombstones().get(record)
        }
        Difference::Changed { changes, .. } => fields_here.is_none_or(|fields| {
            changes.iter().all(|change| {
                let value = fields.get(&change.field);
                value == change.after.as_ref() || value != change.before.as_ref()
            })
        }),
        Difference::Conflict {
            conflict, is_open, ..
        } => {
            let is_answered = here
                .tombstones()
                .contains_key(&RecordRef::from(&conflict.id));
            here.conflicts().contains_key(&conflict.id) == *is_open || is_answered
        }
    }
}
