//! The questions of all sides about one field as one question.

use super::ledger::{Conflicts, Question};
use crate::annotation::{Conflict, ConflictId, FieldValue, Kept, Side};
use std::{collections::BTreeMap, sync::Arc};

/// Makes several conflicts about one field, of different sides, one with all their values. What one of `files` has as
/// several stays so.
pub(super) fn together<'a>(
    conflicts: impl Iterator<Item = Arc<Conflict>>,
    files: impl Iterator<Item = &'a Conflicts> + Clone,
) -> Vec<Arc<Conflict>> {
    let mut open: BTreeMap<Question, BTreeMap<ConflictId, Arc<Conflict>>> = BTreeMap::new();
    for conflict in conflicts {
        let question = (conflict.record.clone(), conflict.field.clone());
        let same = open.entry(question).or_default();
        let known = same
            .entry(conflict.id)
            .or_insert_with(|| Arc::clone(&conflict));
        // The same but for names and what a newer version keeps: the one that says more, whichever side is
        // asked first.
        if by_the_way(&conflict) > by_the_way(known) {
            *known = conflict;
        }
    }
    let mut all = Vec::new();
    for same in open.into_values() {
        let in_one_file = files
            .clone()
            .any(|file| same.keys().all(|id| file.contains_key(id)));
        if same.len() < 2 || in_one_file {
            all.extend(same.into_values());
        } else if let Some(one) = unite(same.values()) {
            // It may be one of them.
            let known = same.get(&one.id);
            let known = known.filter(|known| by_the_way(known) > by_the_way(&one));
            all.push(known.map_or_else(|| Arc::new(one), Arc::clone));
        }
    }
    all
}

/// What two conflicts of one id may differ in.
pub(super) fn by_the_way(conflict: &Conflict) -> (&Kept, Vec<(&Kept, &str)>) {
    let sides = conflict.sides.iter();
    let sides = sides.map(|side| (&side.kept, side.name.as_str()));
    (&conflict.kept, sides.collect())
}

/// One conflict out of several about one field, the same in whatever order they come.
fn unite<'a>(conflicts: impl Iterator<Item = &'a Arc<Conflict>>) -> Option<Conflict> {
    let encoded = |value: &Option<FieldValue>| value.as_ref().map(FieldValue::encode);
    let conflicts: Vec<&Arc<Conflict>> = conflicts.collect();
    let mut sides: Vec<Side> = Vec::new();
    for side in conflicts.iter().flat_map(|conflict| &conflict.sides) {
        match sides.iter_mut().find(|known| known.value == side.value) {
            None => sides.push(side.clone()),
            Some(known) if (&side.kept, &side.name) > (&known.kept, &known.name) => {
                *known = side.clone();
            }
            Some(_) => {}
        }
    }
    // One that has all values already goes on, above all one that is asked again: it would have to be asked again anew.
    let is_first_time = |conflict: &Conflict| {
        let Conflict {
            record,
            field,
            base,
            sides,
            ..
        } = conflict.clone();
        Conflict::new(record, field, base, sides).id == conflict.id
    };
    let whole = conflicts.iter().filter(|it| it.sides.len() == sides.len());
    if let Some(whole) = whole.min_by_key(|it| (is_first_time(it), it.id)) {
        return Some(Conflict::clone(whole));
    }
    sides.sort_by_cached_key(|side| (encoded(&side.value), side.name.clone()));
    let first = conflicts
        .iter()
        .min_by_key(|conflict| encoded(&conflict.base))?;
    let kept = conflicts.iter().map(|conflict| &conflict.kept).max()?;
    Some(Conflict {
        kept: kept.clone(),
        ..Conflict::new(
            first.record.clone(),
            first.field.clone(),
            first.base.clone(),
            sides,
        )
    })
}
