//! What the sides of one merge say about their records, and what the merge finds out: removals, questions that
//! are open, questions that were answered.

use crate::annotation::{
    Conflict, ConflictId, FieldValue, Kept, RecordRef, Records, Side, Timestamp, Tombstone,
};
use imbl::OrdMap;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

type Conflicts = OrdMap<ConflictId, Arc<Conflict>>;
type Tombstones = OrdMap<RecordRef, Arc<Tombstone>>;
/// Record and field.
type Question = (RecordRef, String);

/// One side's own records about records.
struct Book<'a> {
    name: &'a str,
    tombstones: &'a Tombstones,
    conflicts: &'a Conflicts,
    /// Questions that others have open and this side has answered.
    settled: BTreeSet<Question>,
}

/// The books of all sides.
pub struct Ledger<'a> {
    /// Whether the sides are layers, which do not remove from each other.
    pub layers: bool,
    base: Option<&'a Conflicts>,
    base_tombstones: Option<&'a Tombstones>,
    books: Vec<Book<'a>>,
    made: Vec<Conflict>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new<S: Records>(
        base: Option<&'a S>,
        sides: &[(&'a str, &'a S)],
        layers: bool,
    ) -> Self {
        let base_conflicts = base.map(Records::conflicts);
        let books: Vec<Book<'a>> = sides
            .iter()
            .map(|(name, set)| Book {
                name,
                tombstones: set.tombstones(),
                conflicts: set.conflicts(),
                settled: BTreeSet::new(),
            })
            .collect();
        let mut ledger = Self {
            layers,
            base: base_conflicts,
            base_tombstones: base.map(Records::tombstones),
            books,
            made: Vec::new(),
        };
        ledger.find_settled();
        ledger
    }

    /// A side has settled what it had in the base and has no more, or what it says it has settled while
    /// another has it open.
    fn find_settled(&mut self) {
        let open: BTreeMap<ConflictId, &Arc<Conflict>> = self
            .base
            .into_iter()
            .chain(self.books.iter().map(|book| book.conflicts))
            .flat_map(|conflicts| conflicts.iter())
            .map(|(id, conflict)| (*id, conflict))
            .collect();
        for (id, conflict) in open {
            let in_base = self.base.is_some_and(|base| base.contains_key(&id));
            let question = (conflict.record.clone(), conflict.field.clone());
            for book in &mut self.books {
                let says_so = book.tombstones.contains_key(&RecordRef::from(&id));
                if !book.conflicts.contains_key(&id) && (in_base || says_so) {
                    book.settled.insert(question.clone());
                }
            }
        }
    }

    pub(super) fn name(&self, side: usize) -> &'a str {
        self.books.get(side).map_or("", |book| book.name)
    }

    pub(super) fn names_of(&self, sides: &[usize]) -> String {
        let names: Vec<&str> = sides.iter().map(|side| self.name(*side)).collect();
        names.join(", ")
    }

    pub(super) fn tombstone(&self, side: usize, record: &RecordRef) -> Option<&Tombstone> {
        self.books.get(side)?.tombstones.get(record).map(|it| &**it)
    }

    /// Whether `side` says of a record that it was removed, and the base did not say so already.
    pub(super) fn has_removed(&self, side: usize, record: &RecordRef) -> bool {
        let old = self.base_tombstones.and_then(|base| base.get(record));
        let here = self.tombstone(side, record);
        here.is_some() && here != old.map(|it| &**it)
    }

    /// Whether `side` has answered a question about the field that others still have open.
    pub(super) fn has_settled(&self, side: usize, record: &RecordRef, field: &str) -> bool {
        let Some(book) = self.books.get(side) else {
            return false;
        };
        !book.settled.is_empty() && book.settled.contains(&(record.clone(), field.to_owned()))
    }

    /// Whether `side` has answered any question about the record that others still have open.
    pub(super) fn settled_any(&self, side: usize, record: &RecordRef) -> bool {
        let Some(book) = self.books.get(side) else {
            return false;
        };
        book.settled.iter().any(|(of, _)| of == record)
    }

    /// When `side` settled this very conflict, if it has.
    pub(super) fn answered(&self, side: usize, conflict: &Conflict) -> Option<Timestamp> {
        let record = RecordRef::from(&conflict.id);
        self.tombstone(side, &record)
            .map(|tombstone| tombstone.when)
    }

    pub(super) fn add(&mut self, conflict: Conflict) {
        self.made.push(conflict);
    }

    /// All conflicts of the merged file, and which of them no side had.
    ///
    /// One that is open on a side stays open unless another side has settled it. Several about one field, of
    /// different sides, become one with all their values. `is_gone` says of a record that it was there and is
    /// there no more.
    pub(super) fn close(
        self,
        is_gone: &dyn Fn(&RecordRef) -> bool,
    ) -> (Conflicts, Vec<ConflictId>) {
        let mut open: BTreeMap<Question, BTreeMap<ConflictId, Arc<Conflict>>> = BTreeMap::new();
        let mut put = |conflict: &Arc<Conflict>| {
            let question = (conflict.record.clone(), conflict.field.clone());
            let same = open.entry(question).or_default();
            let known = same
                .entry(conflict.id)
                .or_insert_with(|| Arc::clone(conflict));
            // The same but for names and what a newer version keeps: the one that says more, whichever side is
            // asked first.
            if by_the_way(conflict) > by_the_way(known) {
                *known = Arc::clone(conflict);
            }
        };
        for conflict in self.books.iter().flat_map(|book| book.conflicts.values()) {
            let is_settled = |book: &Book<'_>| {
                let in_base = self
                    .base
                    .is_some_and(|base| base.contains_key(&conflict.id));
                let record = RecordRef::from(&conflict.id);
                !book.conflicts.contains_key(&conflict.id)
                    && (in_base || book.tombstones.contains_key(&record))
            };
            if !self.books.iter().any(is_settled) {
                put(conflict);
            }
        }
        for conflict in self.made {
            put(&Arc::new(conflict));
        }
        let mut all = Conflicts::new();
        for ((record, _), same) in open {
            if is_gone(&record) {
                continue;
            }
            let together = self.books.iter().any(|book| {
                let has = |id: &ConflictId| book.conflicts.contains_key(id);
                same.keys().all(has)
            });
            if same.len() < 2 || together {
                all.extend(same);
            } else if let Some(one) = unite(same.values()) {
                // It may be one of them.
                let known = same.get(&one.id);
                let known = known.filter(|known| by_the_way(known) > by_the_way(&one));
                let one = known.map_or_else(|| Arc::new(one), Arc::clone);
                all.insert(one.id, one);
            }
        }
        let is_new = |id: &ConflictId| {
            !self
                .books
                .iter()
                .any(|book| book.conflicts.contains_key(id))
        };
        let new = all.keys().copied().filter(is_new).collect();
        (all, new)
    }
}

/// What two conflicts of one id may differ in.
fn by_the_way(conflict: &Conflict) -> (&Kept, Vec<(&Kept, &str)>) {
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
