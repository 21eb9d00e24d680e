//! The three ways to merge, the same for every kind of file.

use super::{Merged, Note, ledger::Ledger, table::merge_tombstones};
use crate::{
    annotation::{RecordRef, Records},
    text::SourceText,
};

/// A file of records that can be merged.
pub trait Mergeable: Records {
    /// Brings the sides to common terms before their records are compared, and says what that took. `texts` are
    /// the wordings of the article that are at hand.
    fn prepare(sides: &mut Sides<'_, Self>, texts: &[SourceText]) -> Vec<Note>;

    /// The merged records, without tombstones and conflicts, in a file of the kind of this one, which is one of
    /// the sides.
    fn merge_records(&self, ledger: &mut Ledger<'_>, base: Option<&Self>, sides: &[&Self]) -> Self;

    /// Takes back removals of what another side has begun to use, and says which.
    fn keep_used(
        &mut self,
        ledger: &mut Ledger<'_>,
        base: Option<&Self>,
        sides: &[&Self],
    ) -> Vec<Note>;

    /// What else is to be said about the merged file.
    fn notes(&self) -> Vec<Note>;
}

/// The files that are merged.
pub struct Sides<'a, S> {
    /// What the sides began from.
    pub base: Option<S>,
    /// Names and files.
    pub named: Vec<(&'a str, S)>,
    /// Whether they are independent layers.
    pub layers: bool,
}

/// Merges what two sides made of `base`. Each side has a name, for the conflicts.
///
/// O(n log n) in the number of records; only records that differ are looked into.
pub fn three_way<S: Mergeable>(
    base: &S,
    ours: (&str, &S),
    theirs: (&str, &S),
    texts: &[SourceText],
) -> Merged<S> {
    merge(
        Sides {
            base: Some(base.clone()),
            named: vec![(ours.0, ours.1.clone()), (theirs.0, theirs.1.clone())],
            layers: false,
        },
        ours.1,
        texts,
    )
}

/// Merges files of which nobody knows what they began from, in any order. A field that differs is a conflict,
/// in which the latest change is shown meanwhile; what has a tombstone on one side, which has seen what another has, is
/// removed.
pub fn without_base<S: Mergeable>(sides: &[(&str, &S)], texts: &[SourceText]) -> Option<Merged<S>> {
    put_together(sides, false, texts)
}

/// Puts the files of independent annotators side by side, in any order: nobody's removal takes away what
/// another has, and nothing of two people becomes one.
pub fn layers<S: Mergeable>(sides: &[(&str, &S)], texts: &[SourceText]) -> Option<Merged<S>> {
    put_together(sides, true, texts)
}

/// `None` without any side.
fn put_together<S: Mergeable>(
    sides: &[(&str, &S)],
    layers: bool,
    texts: &[SourceText],
) -> Option<Merged<S>> {
    let mut named: Vec<(&str, S)> = sides
        .iter()
        .map(|(name, set)| (*name, (*set).clone()))
        .collect();
    named.sort_by_key(|(name, _)| *name);
    let (_, first) = sides.first()?;
    let sides = Sides {
        base: None,
        named,
        layers,
    };
    Some(merge(sides, first, texts))
}

fn merge<S: Mergeable>(mut sides: Sides<'_, S>, one: &S, texts: &[SourceText]) -> Merged<S> {
    // What was seen was seen in the files as they are.
    let (base_file, files) = (sides.base.clone(), sides.named.clone());
    let mut notes = S::prepare(&mut sides, texts);
    let named: Vec<(&str, &S)> = sides.named.iter().map(|(name, set)| (*name, set)).collect();
    let sets: Vec<&S> = named.iter().map(|(_, set)| *set).collect();
    let base = sides.base.as_ref();
    let mut ledger = Ledger::new(base_file.as_ref(), &files, sides.layers);
    let mut merged = one.merge_records(&mut ledger, base, &sets);
    notes.extend(merged.keep_used(&mut ledger, base, &sets));
    let tombstones: Vec<_> = sets.iter().map(|set| set.tombstones()).collect();
    *merged.tombstones_mut() = merge_tombstones(base.map(Records::tombstones), &tombstones);
    let was_there = |record: &RecordRef| sets.iter().any(|set| set.fields_of(record).is_some());
    let is_gone = |record: &RecordRef| merged.fields_of(record).is_none() && was_there(record);
    let (conflicts, new_conflicts) = ledger.close(&is_gone);
    *merged.conflicts_mut() = conflicts;
    notes.extend(merged.notes());
    Merged {
        set: merged,
        new_conflicts,
        notes,
    }
}
