//! What several versions of one map of records make together, record by record: which are there, which were
//! removed, and what became of removals that were not seen by all.

use super::{
    fields::{self, Version},
    ledger::Ledger,
    removal::{Fate, Held, Matter},
};
use crate::annotation::{
    Conflict, FieldValue, Fields, Fingerprint, Kept, Record, RecordRef, Side, Timestamp, Tombstone,
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
    let asks_the_same = ledger.is_asked_the_same();
    for (idx, map) in sides.iter().enumerate() {
        for id in map.keys() {
            let earlier = sides.iter().take(idx);
            if earlier.copied().any(|map| map.contains_key(id)) {
                continue;
            }
            let row = Row::of(base, sides, id);
            // Nearly all records of nearly all merges are the same everywhere.
            let is_asked_the_same = || asks_the_same || ledger.asks_the_same(&R::reference(id));
            if row.is_same_everywhere() && is_asked_the_same() {
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
                let says_so = || ledger.removal(*side, &record).is_some();
                !ledger.layers && (self.base.is_some() || says_so())
            })
            .collect();
        let was_removed = |side: &usize| ledger.removal(*side, &record).is_some();
        if removed.is_empty() && !live.iter().any(was_removed) {
            return self.combine(ledger, &record, &live);
        }
        let matter = Matter {
            name: &record,
            question: (&record, ""),
            held: live
                .iter()
                .map(|side| self.held(ledger, &record, *side))
                .collect(),
            removed,
        };
        match matter.fate(ledger) {
            Fate::Gone => None,
            Fate::Kept { by, asked } => {
                if let Some((changed, removed)) = asked {
                    let conflict = self.conflict(ledger, &record, &changed, &removed);
                    ledger.add(conflict);
                }
                self.combine(ledger, &record, &by)
            }
        }
    }

    fn held(&self, ledger: &Ledger<'_>, record: &RecordRef, side: usize) -> Held {
        let fields = self.fields_in_file(ledger, record, side);
        let state = record.state(&fields);
        let kept = Fingerprint::of_value(record, "", None);
        let is_changed = self.base != self.version(side)
            || ledger.asks_anew(side, record)
            || ledger.has_answered(side, (record, ""), &kept);
        Held {
            side,
            state,
            value: state,
            fields,
            is_changed,
        }
    }

    /// The fields as they stand in the side's file, before its passages and references were led elsewhere.
    fn fields_in_file(&self, ledger: &Ledger<'_>, record: &RecordRef, side: usize) -> Fields {
        let here = || self.version(side).map(|version| version.fields());
        ledger
            .fields_of(side, record)
            .or_else(here)
            .unwrap_or_default()
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

    /// That these sides changed the record and those removed it. What they changed it to is part of the question.
    fn conflict(
        &self,
        ledger: &Ledger<'_>,
        record: &RecordRef,
        changed: &[usize],
        removed: &[usize],
    ) -> Conflict {
        let state = |fields: &Fields| FieldValue::Record(Fingerprint::of_record(fields));
        let mut all: Vec<usize> = changed.iter().chain(removed).copied().collect();
        all.sort_unstable();
        let mut values: Vec<(Option<FieldValue>, Vec<usize>)> = Vec::new();
        for side in all {
            let value = self
                .version(side)
                .map(|_| state(&self.fields_in_file(ledger, record, side)));
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
            self.base.map(|base| state(&base.fields())),
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
        let is_asked = ledger.is_asked(record);
        if !is_asked && versions.iter().all(|(_, version)| *version == first) {
            return Some(Arc::clone(first));
        }
        if let Some(base) = self.base.filter(|_| !is_asked) {
            // A side that has answered a question has said something, even if its record is that of the base.
            let has_news = |(side, version): &&(usize, &Arc<R>)| {
                *version != base || ledger.has_answers(*side) || ledger.asks_anew(*side, record)
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
    let has_answers = parts.iter().any(|(side, ..)| ledger.has_answers(*side));
    let versions: Vec<Version<'_>> = parts
        .iter()
        .map(|(side, fields, modified)| {
            let in_file = has_answers
                .then(|| ledger.fields_of(*side, record))
                .flatten();
            Version {
                side: *side,
                fields,
                in_file: in_file.filter(|in_file| in_file != fields),
                modified: *modified,
            }
        })
        .collect();
    let (merged, open) = fields::merge(ledger, record, base, &versions);
    ledger.decide(record, open);
    merged
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
