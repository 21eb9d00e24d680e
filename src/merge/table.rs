//! What several versions of one map of records make together, record by record: which are there, which were
//! removed, and what became of removals that were not seen by all.

use super::{
    fields::{self, Version},
    ledger::Ledger,
};
use crate::annotation::{
    Conflict, FieldValue, Fields, Fingerprint, Kept, Record, RecordKind, RecordRef, Side,
    Timestamp, Tombstone,
};
use imbl::OrdMap;
use std::sync::Arc;

type Map<R> = OrdMap<<R as Record>::Id, Arc<R>>;

/// Merges one map of records of all sides; `base` is their common ancestor, if there is one.
pub(super) fn merge<R: Record>(
    ledger: &mut Ledger<'_>,
    base: Option<&Map<R>>,
    sides: &[&Map<R>],
) -> Map<R> {
    let Some(first) = sides.first() else {
        return Map::<R>::new();
    };
    let mut merged = (*first).clone();
    for (idx, map) in sides.iter().enumerate() {
        for id in map.keys() {
            let earlier = sides.iter().take(idx);
            if earlier.copied().any(|map| map.contains_key(id)) {
                continue;
            }
            let row = Row::of(base, sides, id);
            // Nearly all records of nearly all merges are the same everywhere.
            if row.is_same_everywhere() {
                continue;
            }
            match row.merge(ledger) {
                Some(record) => merged.insert(id.clone(), record),
                None => merged.remove(id),
            };
        }
    }
    merged
}

/// What the sides that have the record called `id` make of it, whoever removed it.
pub(super) fn keep<R: Record>(
    ledger: &mut Ledger<'_>,
    base: Option<&Map<R>>,
    sides: &[&Map<R>],
    id: &R::Id,
) -> Option<Arc<R>> {
    let row = Row::<R>::of(base, sides, id);
    let live = row.sides(|version| version.is_some());
    row.combine(ledger, &R::reference(id), &live)
}

/// One record on all sides.
struct Row<'a, R: Record> {
    id: &'a R::Id,
    base: Option<&'a Arc<R>>,
    versions: Vec<Option<&'a Arc<R>>>,
}

impl<'a, R: Record> Row<'a, R> {
    fn of(base: Option<&'a Map<R>>, sides: &[&'a Map<R>], id: &'a R::Id) -> Self {
        Self {
            id,
            base: base.and_then(|base| base.get(id)),
            versions: sides.iter().map(|map| map.get(id)).collect(),
        }
    }

    fn is_same_everywhere(&self) -> bool {
        let Some(Some(first)) = self.versions.first() else {
            return false;
        };
        let is_first = |version: &Option<&Arc<R>>| {
            version.is_some_and(|other| Arc::ptr_eq(other, first) || other == *first)
        };
        self.versions.iter().all(is_first)
    }

    /// The record as it is in the end; `None` when it is not there any more.
    fn merge(&self, ledger: &mut Ledger<'_>) -> Option<Arc<R>> {
        let record = R::reference(self.id);
        let live: Vec<usize> = self.sides(|version| version.is_some());
        let removed: Vec<usize> = self
            .sides(|version| version.is_none())
            .into_iter()
            .filter(|side| {
                !ledger.layers && (self.base.is_some() || ledger.has_removed(*side, &record))
            })
            .collect();
        if !removed.is_empty() && !self.survives(ledger, &record, &live, &removed) {
            return None;
        }
        self.combine(ledger, &record, &live)
    }

    fn sides(&self, is_meant: impl Fn(&Option<&Arc<R>>) -> bool) -> Vec<usize> {
        let numbered = self.versions.iter().enumerate();
        numbered
            .filter(|(_, version)| is_meant(version))
            .map(|(side, _)| side)
            .collect()
    }

    fn version(&self, side: usize) -> Option<&Arc<R>> {
        self.versions.get(side).copied().flatten()
    }

    /// Whether a record that some sides removed is there all the same. A change beats a removal, and both are
    /// remembered as a conflict.
    fn survives(
        &self,
        ledger: &mut Ledger<'_>,
        record: &RecordRef,
        live: &[usize],
        removed: &[usize],
    ) -> bool {
        let latest = removed
            .iter()
            .filter_map(|side| ledger.tombstone(*side, record))
            .map(|tombstone| tombstone.when)
            .max();
        let is_changed = |side: &&usize| match (self.base, self.version(**side)) {
            (Some(base), Some(version)) => base != version || ledger.settled_any(**side, record),
            // Without a base the times must say it. A record that has none was not changed.
            (None, Some(version)) => version.modified() > latest,
            _ => false,
        };
        let knows = |side: &&usize| {
            let seen = ledger.tombstone(**side, record).map(|seen| seen.when);
            seen.is_some() && seen >= latest
        };
        let changed: Vec<usize> = match self.base {
            // Known to have been overruled, whatever the times say.
            None => live
                .iter()
                .filter(|side| is_changed(side) || knows(side))
                .copied()
                .collect(),
            Some(_) => live.iter().filter(is_changed).copied().collect(),
        };
        if changed.is_empty() {
            return false;
        }
        if changed.iter().any(|side| knows(&side)) {
            return true;
        }
        let conflict = self.conflict(ledger, record, &changed, removed);
        let answer = |sides: &[usize]| {
            let answers = sides
                .iter()
                .filter_map(|side| ledger.answered(*side, &conflict));
            answers.max()
        };
        let conflict = match (answer(&changed), answer(removed)) {
            (Some(_), None) => return true,
            (None, Some(_)) => return false,
            (Some(kept), Some(removed)) => conflict.asked_again(kept.max(removed)),
            (None, None) => conflict,
        };
        ledger.add(conflict);
        true
    }

    /// That these sides changed the record and those removed it. What they changed it to is part of the question.
    fn conflict(
        &self,
        ledger: &Ledger<'_>,
        record: &RecordRef,
        changed: &[usize],
        removed: &[usize],
    ) -> Conflict {
        let state =
            |version: &Arc<R>| FieldValue::Record(Fingerprint::of_record(&version.fields()));
        let mut all: Vec<usize> = changed.iter().chain(removed).copied().collect();
        all.sort_unstable();
        let mut values: Vec<(Option<FieldValue>, Vec<usize>)> = Vec::new();
        for side in all {
            let value = self.version(side).map(state);
            match values.iter_mut().find(|(known, _)| *known == value) {
                Some((_, sides)) => sides.push(side),
                None => values.push((value, vec![side])),
            }
        }
        let sides = values.into_iter().map(|(value, sides)| Side {
            name: ledger.names_of(&sides),
            value,
            kept: Kept::default(),
        });
        Conflict::new(
            record.clone(),
            String::new(),
            self.base.map(state),
            sides.collect(),
        )
    }

    /// What the versions that are there make together.
    fn combine(
        &self,
        ledger: &mut Ledger<'_>,
        record: &RecordRef,
        live: &[usize],
    ) -> Option<Arc<R>> {
        let versions: Vec<(usize, &Arc<R>)> = live
            .iter()
            .filter_map(|side| Some((*side, self.version(*side)?)))
            .collect();
        let (_, first) = *versions.first()?;
        if versions.iter().all(|(_, version)| *version == first) {
            return Some(Arc::clone(first));
        }
        if let Some(base) = self.base {
            // A side that has answered a question has said something, even if its record is that of the base.
            let has_news = |(side, version): &&(usize, &Arc<R>)| {
                *version != base || ledger.settled_any(*side, record)
            };
            let mut changed = versions.iter().filter(has_news);
            if let Some((_, one)) = changed.next()
                && changed.all(|(_, other)| other == one)
            {
                return Some(Arc::clone(one));
            }
        }
        let base = self.base.map(|base| base.fields());
        let parts: Vec<(usize, Fields, Option<Timestamp>)> = versions
            .iter()
            .map(|(side, version)| (*side, version.fields(), version.modified()))
            .collect();
        let merged = merge_fields(ledger, record, base.as_ref(), &parts);
        // The values come from records of this kind, so they fit.
        let newest = versions
            .iter()
            .max_by_key(|(_, version)| version.modified());
        let (_, newest) = newest?;
        Some(
            newest
                .with_fields(merged)
                .map_or_else(|_| Arc::clone(newest), Arc::new),
        )
    }
}

/// Merges the fields of one record; `parts` are side, fields and time of change of each version.
pub(super) fn merge_fields(
    ledger: &mut Ledger<'_>,
    record: &RecordRef,
    base: Option<&Fields>,
    parts: &[(usize, Fields, Option<Timestamp>)],
) -> Fields {
    let seen = &*ledger;
    let settled: Vec<_> = parts
        .iter()
        .map(|(side, ..)| move |field: &str| seen.has_settled(*side, record, field))
        .collect();
    let removed: Vec<_> = parts
        .iter()
        .map(|(side, ..)| {
            move |field: &str| match inner_record(field) {
                Some(inner) => !seen.layers && seen.has_removed(*side, &inner),
                None => false,
            }
        })
        .collect();
    let answered: Vec<_> = parts
        .iter()
        .map(|(side, ..)| move |conflict: &Conflict| seen.answered(*side, conflict))
        .collect();
    let told = settled.iter().zip(&removed).zip(&answered);
    let versions: Vec<Version<'_>> = parts
        .iter()
        .zip(told)
        .map(
            |((side, fields, modified), ((settled, removed), answered))| Version {
                name: seen.name(*side),
                fields,
                modified: *modified,
                settled,
                removed,
                answered,
            },
        )
        .collect();
    let (merged, conflicts) = fields::merge(record, base, &versions);
    for conflict in conflicts {
        ledger.add(conflict);
    }
    merged
}

/// The record that a field of another holds: a comment.
fn inner_record(field: &str) -> Option<RecordRef> {
    let id = field.strip_prefix("comments/")?;
    let id = id.split('#').next().unwrap_or_default();
    Some(RecordRef {
        kind: RecordKind::Comment,
        id: id.into(),
    })
}

/// What all sides together know of removals: with a base, what one side forgot stays forgotten; of two about
/// one record, the later.
pub(super) fn merge_tombstones(
    base: Option<&OrdMap<RecordRef, Arc<Tombstone>>>,
    sides: &[&OrdMap<RecordRef, Arc<Tombstone>>],
) -> OrdMap<RecordRef, Arc<Tombstone>> {
    let mut merged: OrdMap<RecordRef, Arc<Tombstone>> = OrdMap::new();
    for (record, tombstone) in sides.iter().flat_map(|side| side.iter()) {
        let old = base.and_then(|base| base.get(record));
        let is_old = old == Some(tombstone);
        let forgotten = sides.iter().any(|side| !side.contains_key(record));
        if is_old && forgotten {
            continue;
        }
        // With a base, the side that differs from it has the news.
        let news = sides.iter().filter_map(|side| side.get(record));
        let news = news.filter(|other| Some(*other) != old);
        let news = news
            .map(|it| Tombstone::clone(it))
            .reduce(|a, b| a.together(&b));
        merged.insert(
            record.clone(),
            news.map_or_else(|| Arc::clone(tombstone), Arc::new),
        );
    }
    merged
}
