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
type OpenByRecord<'a> = BTreeMap<&'a RecordRef, Vec<&'a Arc<Conflict>>>;
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
    open: OpenByRecord<'a>,
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
    /// The questions of the base, by record.
    open_in_base: OpenByRecord<'a>,
    books: Vec<Book<'a>>,
    /// What was asked about records as a whole.
    made: Vec<Conflict>,
    /// The questions about fields of the records that were merged field by field.
    decided: BTreeMap<RecordRef, Vec<Arc<Conflict>>>,
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
            .map(|(name, set)| Book {
                name,
                tombstones: set.tombstones(),
                conflicts: set.conflicts(),
                open: by_record(set.conflicts()),
                answers: answers(set.tombstones(), base_tombstones),
                fields_of: Box::new(|record| set.fields_of(record)),
            })
            .collect();
        let mut ledger = Self {
            layers,
            base: base.map(Records::conflicts),
            base_tombstones,
            open_in_base: base
                .map(|base| by_record(base.conflicts()))
                .unwrap_or_default(),
            books,
            made: Vec::new(),
            decided: BTreeMap::new(),
        };
        ledger.find_settled(base);
        ledger
    }

    /// Files before version 1.2, and those in which removals were forgotten, do not say what an answer has seen: a
    /// side has settled what it says it has settled while another has it open, and of a record as a whole what it
    /// had in the base and has no more. It has seen what is in the conflict, and in the base.
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
                let is_meant = match tombstone {
                    Some(tombstone) => tombstone.seen.is_empty(),
                    None => {
                        in_base.is_some() && conflict.of_whole_record() && !book.absorbs(conflict)
                    }
                };
                if book.conflicts.contains_key(&id) || !is_meant {
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

    pub(super) fn n_sides(&self) -> usize {
        self.books.len()
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

    /// Whether `side` has given an answer about the field of the record that has seen `value`.
    pub(super) fn has_answered(
        &self,
        side: usize,
        question: (&RecordRef, &str),
        value: &Fingerprint,
    ) -> bool {
        let book = self.books.get(side);
        book.is_some_and(|book| book.answers_to(question, value).next().is_some())
    }

    /// Whether `side` has given such an answer, and `other` does not know of it.
    pub(super) fn overrules(
        &self,
        side: usize,
        question: (&RecordRef, &str),
        value: &Fingerprint,
        other: usize,
    ) -> bool {
        let Some((book, other)) = self.books.get(side).zip(self.books.get(other)) else {
            return false;
        };
        let mut answers = book.answers_to(question, value);
        answers.any(|answer| !other.knows(answer))
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

    /// The questions about the field that stand in the file of `side`.
    pub(super) fn asked(
        &self,
        side: usize,
        record: &RecordRef,
        field: &str,
    ) -> Vec<&'a Arc<Conflict>> {
        let open = self.books.get(side).and_then(|book| book.open.get(record));
        let open = open.into_iter().flatten().copied();
        open.filter(|conflict| conflict.field == field).collect()
    }

    /// The fields of the record about which `side` has questions open.
    pub(super) fn asked_fields(&self, side: usize, record: &RecordRef) -> Vec<&'a str> {
        let open = self.books.get(side).and_then(|book| book.open.get(record));
        let open = open.into_iter().flatten().copied();
        let fields = open.filter(|conflict| !conflict.of_whole_record());
        fields.map(|conflict| conflict.field.as_str()).collect()
    }

    /// The questions about the field that stand in the base.
    pub(super) fn asked_in_base(&self, record: &RecordRef, field: &str) -> Vec<&'a Arc<Conflict>> {
        let open = self.open_in_base.get(record).into_iter().flatten().copied();
        open.filter(|conflict| conflict.field == field).collect()
    }

    /// Whether any side has questions about fields of the record open.
    pub(super) fn is_asked(&self, record: &RecordRef) -> bool {
        (0..self.books.len()).any(|side| !self.asked_fields(side, record).is_empty())
    }

    /// Whether all sides have the same questions open.
    pub(super) fn is_asked_the_same(&self) -> bool {
        let mut all = self.books.windows(2);
        all.all(
            |pair| matches!(pair, [one, other] if one.conflicts.keys().eq(other.conflicts.keys())),
        )
    }

    /// Whether all sides have the same questions about the record open.
    pub(super) fn asks_the_same(&self, record: &RecordRef) -> bool {
        let mut asked = self.books.iter().map(|book| {
            let open = book.open.get(record).into_iter().flatten();
            open.map(|conflict| conflict.id)
        });
        let first = asked.next();
        first.is_none_or(|first| asked.all(|it| it.eq(first.clone())))
    }

    /// Whether another side has answered a question that `side` has open, and that does not know of it.
    fn is_answered_elsewhere(&self, side: usize, conflict: &Conflict) -> bool {
        let record = RecordRef::from(&conflict.id);
        let here = self.tombstone(side, &record);
        let mut answers = self.answers_to(conflict);
        answers.any(|answer| !here.is_some_and(|here| here.knows(answer)))
    }

    /// The questions about fields of the record, which was merged field by field, that are open in the end.
    pub(super) fn decide(&mut self, record: &RecordRef, open: Vec<Arc<Conflict>>) {
        self.decided.insert(record.clone(), open);
    }

    /// Whether the base has a question about the field open as `side` has it.
    pub(super) fn is_in_base(&self, conflict: &Conflict) -> bool {
        self.base
            .is_some_and(|base| base.contains_key(&conflict.id))
    }

    /// Whether any side has answered a question that another has open. The question stays where a side that has it
    /// open knows of that.
    pub(super) fn is_settled(&self, conflict: &Conflict) -> bool {
        let holders = self.books.iter().enumerate();
        let mut holders = holders.filter(|(_, book)| book.conflicts.contains_key(&conflict.id));
        !holders.any(|(side, _)| self.is_open(side, conflict))
    }

    /// Whether a question that `side` has open is open in the end: no other side has answered it without `side` knowing
    /// of that, or dropped it without a word.
    pub(super) fn is_open(&self, side: usize, conflict: &Conflict) -> bool {
        let mut books = self.books.iter();
        let is_dropped =
            self.is_in_base(conflict) && books.any(|it| self.has_dropped(it, conflict));
        !is_dropped && !self.is_answered_elsewhere(side, conflict)
    }

    /// Whether `book` says nothing of what became of a question that is open elsewhere.
    fn has_dropped(&self, book: &Book<'_>, conflict: &Conflict) -> bool {
        let says = book.tombstones.contains_key(&RecordRef::from(&conflict.id));
        let is_open = book.conflicts.contains_key(&conflict.id);
        if says || is_open || conflict.of_whole_record() && book.absorbs(conflict) {
            return false;
        }
        // One that went with its record is open where the record is.
        let is_there = |book: &Book<'_>| (book.fields_of)(&conflict.record).is_some();
        is_there(book) || !self.books.iter().any(is_there)
    }

    /// The answers to a question by those who do not have it open.
    fn answers_to<'s>(
        &'s self,
        conflict: &'s Conflict,
    ) -> impl Iterator<Item = &'a Tombstone> + 's {
        let books = self.books.iter();
        let books = books.filter(|book| !book.conflicts.contains_key(&conflict.id));
        books.filter_map(|book| {
            let answer = self.answer(book, &RecordRef::from(&conflict.id))?;
            let fell = book.fell((&conflict.record, &conflict.field), conflict.id, answer);
            (!fell).then_some(answer)
        })
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
        let open = open.filter(|it| it.of_whole_record() || !self.decided.contains_key(&it.record));
        let open = open.filter(|conflict| !self.is_settled(conflict)).cloned();
        let made = self.made.iter().cloned().map(Arc::new);
        let files = self.books.iter().map(|book| book.conflicts);
        let all = questions::together(open.chain(made), files).into_iter();
        let all = all.map(|conflict| self.anew(conflict));
        let all: Conflicts = all
            .chain(self.decided.values().flatten().cloned())
            .filter(|conflict| !is_gone(&conflict.record))
            .map(|conflict| (conflict.id, conflict))
            .collect();
        let is_new = |id: &ConflictId| {
            let mut files = self.books.iter().map(|book| book.conflicts);
            !files.any(|file| file.contains_key(id))
        };
        let new = all.keys().copied().filter(is_new).collect();
        (all, new)
    }

    /// A question that no side asks so far, under another id when that of its content was given before, and answered
    /// or dropped: what was said then does not count for it, or it would not be asked.
    pub(super) fn anew(&self, mut conflict: Arc<Conflict>) -> Arc<Conflict> {
        loop {
            let books = self.books.iter().enumerate();
            let holders = books.filter(|(_, book)| book.conflicts.contains_key(&conflict.id));
            let mut open = holders.map(|(side, _)| !self.is_answered_elsewhere(side, &conflict));
            let answers: BTreeSet<&Tombstone> = self.answers_to(&conflict).collect();
            let is_new = answers.is_empty() && !self.is_in_base(&conflict);
            if is_new || open.any(|is_open| is_open) {
                return conflict;
            }
            conflict = Arc::new(Conflict::clone(&conflict).asked_again(answers.into_iter()));
        }
    }
}

impl<'a> Book<'a> {
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

    /// Whether nobody here has answered a question about the field: it went when its record was removed. Where the
    /// record stays all the same, the question does too.
    fn fell(&self, (record, field): (&RecordRef, &str), id: ConflictId, gone: &Tombstone) -> bool {
        let removal = self.tombstones.get(record).filter(|_| !field.is_empty());
        removal.is_some_and(|removal| id.fell(gone, removal))
    }

    /// The answers to questions about the field that have seen `value`.
    fn answers_to<'s>(
        &'s self,
        question: (&'s RecordRef, &'s str),
        value: &Fingerprint,
    ) -> impl Iterator<Item = &'s Answer<'a>> {
        let answers = self.answers.get(value).into_iter().flatten();
        answers.filter(move |answer| {
            let mut gone = answer.tombstone.into_iter();
            !gone.any(|gone| self.fell(question, answer.conflict, gone))
        })
    }

    fn knows(&self, answer: &Answer<'_>) -> bool {
        let here = self.tombstones.get(&RecordRef::from(&answer.conflict));
        match (here, answer.tombstone) {
            (Some(here), Some(answer)) => here.knows(answer),
            _ => false,
        }
    }
}

fn by_record(conflicts: &Conflicts) -> OpenByRecord<'_> {
    let mut open = OpenByRecord::new();
    for conflict in conflicts.values() {
        open.entry(&conflict.record).or_default().push(conflict);
    }
    open
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
