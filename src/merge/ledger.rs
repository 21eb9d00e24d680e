//! What the sides of one merge say about their records, and what the merge finds out: removals, questions that
//! are open, questions that were answered.
//!
//! Nobody's clock is believed. An answer or a removal counts against a side for exactly what was seen by whoever gave
//! it, and only where that side does not know of it.

use super::questions;
use crate::annotation::{
    Conflict, ConflictId, FieldValue, Fields, Fingerprint, RecordKind, RecordRef, Records,
    Tombstone,
};
use imbl::OrdMap;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// The fields of a record as a side has it.
type FieldsOf<'a> = Box<dyn Fn(&RecordRef) -> Option<Fields> + 'a>;
pub(super) type Conflicts = OrdMap<ConflictId, Arc<Conflict>>;
type Tombstones = OrdMap<RecordRef, Arc<Tombstone>>;
/// Record and field.
pub(super) type Question = (RecordRef, String);

/// An answer that a side gave and the base does not know.
struct Answer<'a> {
    conflict: ConflictId,
    /// `None` when it was forgotten.
    tombstone: Option<&'a Tombstone>,
}

/// One side's own records about records.
struct Book<'a> {
    name: &'a str,
    tombstones: &'a Tombstones,
    conflicts: &'a Conflicts,
    /// The open conflicts by record.
    open: BTreeMap<&'a RecordRef, Vec<&'a Arc<Conflict>>>,
    /// The answers by the values that they have seen.
    answers: HashMap<Fingerprint, Vec<Answer<'a>>>,
    /// The fields of a record as they stand in the side's file.
    fields_of: FieldsOf<'a>,
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
    /// `base` and `sides` as they stand in their files.
    pub(super) fn new<S: Records>(
        base: Option<&'a S>,
        sides: &'a [(&'a str, S)],
        layers: bool,
    ) -> Self {
        let base_tombstones = base.map(Records::tombstones);
        let books: Vec<Book<'a>> = sides
            .iter()
            .map(|(name, set)| {
                let mut open: BTreeMap<_, Vec<_>> = BTreeMap::new();
                for conflict in set.conflicts().values() {
                    open.entry(&conflict.record).or_default().push(conflict);
                }
                Book {
                    name,
                    tombstones: set.tombstones(),
                    conflicts: set.conflicts(),
                    open,
                    answers: answers(set.tombstones(), base_tombstones),
                    fields_of: Box::new(|record| set.fields_of(record)),
                }
            })
            .collect();
        let mut ledger = Self {
            layers,
            base: base.map(Records::conflicts),
            base_tombstones,
            books,
            made: Vec::new(),
        };
        ledger.find_settled(base);
        ledger
    }

    /// Files before version 1.2, and those in which removals were forgotten, do not say what an answer has seen: a
    /// side has settled what it had in the base and has no more, or what it says it has settled while another has
    /// it open. It has seen what is in the conflict, and in the base.
    fn find_settled<S: Records>(&mut self, base: Option<&'a S>) {
        let open: BTreeMap<ConflictId, &'a Arc<Conflict>> = self
            .base
            .into_iter()
            .chain(self.books.iter().map(|book| book.conflicts))
            .flat_map(|conflicts| conflicts.iter())
            .map(|(id, conflict)| (*id, conflict))
            .collect();
        for (id, conflict) in open {
            let in_base = base.filter(|base| base.conflicts().contains_key(&id));
            for book in &mut self.books {
                let tombstone = book.tombstones.get(&RecordRef::from(&id)).map(|it| &**it);
                let says_more = tombstone.is_some_and(|tombstone| !tombstone.seen.is_empty());
                let went_on = || book.absorbs(conflict) || book.fell_with_its_record(conflict);
                let is_open = book.conflicts.contains_key(&id) || tombstone.is_none() && went_on();
                if is_open || says_more || in_base.is_none() && tombstone.is_none() {
                    continue;
                }
                let seen = match in_base {
                    Some(base) => conflict.seen_in(base.fields_of(&conflict.record).as_ref()),
                    None => conflict.seen(),
                };
                for fingerprint in seen {
                    let answers = book.answers.entry(fingerprint).or_default();
                    answers.push(Answer {
                        conflict: id,
                        tombstone,
                    });
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

    /// The fields of a record as they stand in the file of `side`.
    pub(super) fn fields_of(&self, side: usize, record: &RecordRef) -> Option<Fields> {
        (self.books.get(side)?.fields_of)(record)
    }

    pub(super) fn tombstone(&self, side: usize, record: &RecordRef) -> Option<&'a Tombstone> {
        self.books.get(side)?.tombstones.get(record).map(|it| &**it)
    }

    /// What `side` says of the removal of a record, if the base did not say so already.
    pub(super) fn removal(&self, side: usize, record: &RecordRef) -> Option<&'a Tombstone> {
        let old = self.base_tombstones.and_then(|base| base.get(record));
        let here = self.tombstone(side, record)?;
        (Some(here) != old.map(|it| &**it)).then_some(here)
    }

    /// Whether `side` has given any answer that the base does not know.
    pub(super) fn has_answers(&self, side: usize) -> bool {
        self.books
            .get(side)
            .is_some_and(|book| !book.answers.is_empty())
    }

    /// Whether `side` has given an answer that has seen `value`.
    pub(super) fn has_answered(&self, side: usize, value: &Fingerprint) -> bool {
        self.books
            .get(side)
            .is_some_and(|book| book.answers.contains_key(value))
    }

    /// Whether `side` has given an answer that has seen `value`, and `other` does not know of it.
    pub(super) fn overrules(&self, side: usize, value: &Fingerprint, other: usize) -> bool {
        let Some((book, other)) = self.books.get(side).zip(self.books.get(other)) else {
            return false;
        };
        let answers = book.answers.get(value).into_iter().flatten();
        answers.into_iter().any(|answer| !other.knows(answer))
    }

    /// Whether `side` has a question about the record open that the base does not have.
    pub(super) fn asks_anew(&self, side: usize, record: &RecordRef) -> bool {
        let open = self.books.get(side).and_then(|book| book.open.get(record));
        let is_old = |id: &ConflictId| self.base.is_some_and(|base| base.contains_key(id));
        open.is_some_and(|open| open.iter().any(|conflict| !is_old(&conflict.id)))
    }

    /// Whether `side` has a question about a field of the record open, this field or any, of which `other` does not
    /// know.
    pub(super) fn asks_more(
        &self,
        side: usize,
        record: &RecordRef,
        field: Option<&str>,
        other: usize,
    ) -> bool {
        let Some((book, other)) = self.books.get(side).zip(self.books.get(other)) else {
            return false;
        };
        let is_known = |id: &ConflictId| {
            let is_answered = || self.answer(other, &RecordRef::from(id)).is_some();
            other.conflicts.contains_key(id) || is_answered()
        };
        let open = book.open.get(record).into_iter().flatten();
        let is_meant = |conflict: &Conflict| match field {
            Some(field) => conflict.field == field,
            None => !conflict.of_whole_record(),
        };
        let mut open = open.into_iter().filter(|conflict| is_meant(conflict));
        open.any(|conflict| !is_known(&conflict.id))
    }

    /// The questions about the field that `side` has open and nobody has answered.
    pub(super) fn open(
        &self,
        side: usize,
        record: &RecordRef,
        field: &str,
    ) -> Vec<&'a Arc<Conflict>> {
        self.in_file(side, record, field)
            .filter(|conflict| !self.is_settled(conflict))
            .collect()
    }

    /// Whether `side` has the value in a question that it has open and another has answered: the question goes, and
    /// nothing says that the side has decided against the value.
    pub(super) fn had_open(
        &self,
        side: usize,
        (record, field): (&RecordRef, &str),
        value: Option<&FieldValue>,
    ) -> bool {
        self.in_file(side, record, field).any(|conflict| {
            let mut sides = conflict.sides.iter();
            sides.any(|it| it.value.as_ref() == value) && self.is_settled(conflict)
        })
    }

    /// The questions about the field that stand in the file of `side`.
    fn in_file<'s>(
        &'s self,
        side: usize,
        record: &RecordRef,
        field: &'s str,
    ) -> impl Iterator<Item = &'a Arc<Conflict>> + use<'s, 'a> {
        let open = self.books.get(side).and_then(|book| book.open.get(record));
        let open = open.into_iter().flatten().copied();
        open.filter(move |conflict| conflict.field == field)
    }

    /// Whether the base has a question about the field open as `side` has it.
    pub(super) fn is_in_base(&self, conflict: &Conflict) -> bool {
        self.base
            .is_some_and(|base| base.contains_key(&conflict.id))
    }

    /// Whether any side has answered a question that another has open, or has made it part of another.
    fn is_settled(&self, conflict: &Conflict) -> bool {
        self.is_answered(conflict)
            || self.is_in_base(conflict)
                && self.books.iter().any(|book| {
                    let says = book.tombstones.contains_key(&RecordRef::from(&conflict.id));
                    !book.conflicts.contains_key(&conflict.id)
                        && !says
                        && !self.went_into_answered(book, conflict)
                        && !book.fell_with_its_record(conflict)
                })
    }

    /// Whether a side says that it has answered a question that another has open.
    fn is_answered(&self, conflict: &Conflict) -> bool {
        let record = RecordRef::from(&conflict.id);
        let is_open = |book: &&Book<'_>| book.conflicts.contains_key(&conflict.id);
        let answers = self.books.iter().filter(|book| !is_open(book));
        let answers = answers.filter(|book| !book.fell_with_its_record(conflict));
        let answers = answers.filter_map(|book| self.answer(book, &record));
        // Asked again, in spite of that answer.
        let is_known = |answer: &Tombstone| {
            let mut holders = self.books.iter().filter(is_open);
            holders.any(|holder| {
                let here = holder.tombstones.get(&record);
                here.is_some_and(|here| here.knows(answer))
            })
        };
        let mut answers = answers.filter(|answer| !is_known(answer));
        answers.next().is_some()
    }

    /// The tombstone of a question in `book`, unless a side has forgotten what the base knew: then it is asked anew.
    fn answer(&self, book: &Book<'a>, record: &RecordRef) -> Option<&'a Tombstone> {
        let here = book.tombstones.get(record)?;
        let is_old = self.base_tombstones.and_then(|base| base.get(record)) == Some(here);
        let is_forgotten = || {
            let mut books = self.books.iter();
            books.any(|book| !book.tombstones.contains_key(record))
        };
        (!(is_old && is_forgotten())).then_some(here)
    }

    /// Whether the question has become part of others in `book` that were answered elsewhere: by somebody who has
    /// it open all the same.
    fn went_into_answered(&self, book: &Book<'_>, conflict: &Conflict) -> bool {
        book.absorbs(conflict)
            && book.open.get(&conflict.record).is_some_and(|open| {
                let mut same = open.iter().filter(|it| it.field == conflict.field);
                same.all(|it| self.is_answered(it))
            })
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
        let open = self.books.iter().flat_map(|book| book.conflicts.values());
        let open = open.filter(|conflict| !self.is_settled(conflict)).cloned();
        let made = self.made.iter().cloned().map(Arc::new);
        let files = self.books.iter().map(|book| book.conflicts);
        let all = questions::together(open.chain(made), files);
        let all: Conflicts = all
            .into_iter()
            .filter(|conflict| !is_gone(&conflict.record))
            .map(|conflict| self.asked(conflict))
            .map(|conflict| (conflict.id, conflict))
            .collect();
        let is_new = |id: &ConflictId| {
            let mut files = self.books.iter().map(|book| book.conflicts);
            !files.any(|file| file.contains_key(id))
        };
        let new = all.keys().copied().filter(is_new).collect();
        (all, new)
    }

    /// The conflict, under another id when it was answered before: the answers do not count for it, or it would not
    /// be asked.
    fn asked(&self, mut conflict: Arc<Conflict>) -> Arc<Conflict> {
        loop {
            let record = RecordRef::from(&conflict.id);
            let is_open = |book: &&Book<'_>| book.conflicts.contains_key(&conflict.id);
            let answers: BTreeSet<&Tombstone> = self
                .books
                .iter()
                .filter(|book| !is_open(book) && !book.fell_with_its_record(&conflict))
                .filter_map(|book| self.answer(book, &record))
                .collect();
            let holders = self.books.iter().filter(is_open);
            let known = holders.filter_map(|book| book.tombstones.get(&record));
            if known
                .into_iter()
                .any(|known| answers.iter().all(|answer| known.knows(answer)))
                || answers.is_empty()
            {
                return conflict;
            }
            conflict = Arc::new(Conflict::clone(&conflict).asked_again(answers.into_iter()));
        }
    }
}

impl Book<'_> {
    /// Whether the questions about the field that are open here have all values of this one, which went into them: it is
    /// not answered by that.
    fn absorbs(&self, conflict: &Conflict) -> bool {
        let open = self.open.get(&conflict.record).into_iter().flatten();
        let open: Vec<_> = open.filter(|it| it.field == conflict.field).collect();
        let has = |value: &Option<FieldValue>| {
            let mut sides = open.iter().flat_map(|it| &it.sides);
            sides.any(|side| side.value == *value)
        };
        !open.is_empty() && conflict.sides.iter().all(|side| has(&side.value))
    }

    /// Whether nobody here has answered the question: it went when its record was removed. Where the record stays all
    /// the same, the question does too.
    fn fell_with_its_record(&self, conflict: &Conflict) -> bool {
        let removal = self.tombstones.get(&conflict.record);
        let Some(removal) = removal.filter(|_| !conflict.of_whole_record()) else {
            return false;
        };
        if let Some(gone) = self.tombstones.get(&RecordRef::from(&conflict.id)) {
            return conflict.id.fell(gone, removal);
        }
        // It became part of another question, and that one fell.
        let values = conflict.seen();
        let values = values.get(..conflict.sides.len()).unwrap_or_default();
        let answers = values.first().and_then(|first| self.answers.get(first));
        let mut answers = answers
            .into_iter()
            .flatten()
            .filter_map(|answer| Some((answer.conflict, answer.tombstone?)))
            .filter(|(_, gone)| values.iter().all(|value| gone.seen.contains(value)))
            .peekable();
        !self.conflicts.contains_key(&conflict.id)
            && answers.peek().is_some()
            && answers.all(|(id, gone)| id.fell(gone, removal))
    }

    fn knows(&self, answer: &Answer<'_>) -> bool {
        let here = self.tombstones.get(&RecordRef::from(&answer.conflict));
        match (here, answer.tombstone) {
            (Some(here), Some(answer)) => here.knows(answer),
            _ => false,
        }
    }
}

/// What a side says it has settled and the base does not, by the values that were seen.
fn answers<'a>(
    tombstones: &'a Tombstones,
    base: Option<&Tombstones>,
) -> HashMap<Fingerprint, Vec<Answer<'a>>> {
    let mut answers: HashMap<Fingerprint, Vec<Answer<'a>>> = HashMap::new();
    for (record, tombstone) in tombstones {
        let is_answer = record.kind == RecordKind::Conflict;
        let is_old = || base.is_some_and(|base| base.get(record) == Some(tombstone));
        let id = ConflictId::parse(&record.id).filter(|_| is_answer && !is_old());
        let Some(conflict) = id else {
            continue;
        };
        for fingerprint in &tombstone.seen {
            answers.entry(*fingerprint).or_default().push(Answer {
                conflict,
                tombstone: Some(tombstone),
            });
        }
    }
    answers
}
