//! Whether something that some sides have and others removed is there in the end: a record, or a comment in one.
//!
//! A removal counts for what was seen by whoever removed, and for nothing else. Where a side has something that was
//! not seen, it stays and people are asked.

use super::ledger::Ledger;
use crate::annotation::{Fields, Fingerprint, RecordRef};

/// What is there on some sides.
pub(super) struct Matter<'a> {
    /// What tombstones call it.
    pub name: &'a RecordRef,
    /// The record and field that conflicts about it are about.
    pub question: (&'a RecordRef, &'a str),
    /// What the sides have that have it.
    pub held: Vec<Held>,
    /// The sides that have removed it.
    pub removed: Vec<usize>,
}

/// What one side has.
pub(super) struct Held {
    pub side: usize,
    /// Its state, as tombstones say that they have seen it.
    pub state: Fingerprint,
    /// The same, as answers do.
    pub value: Fingerprint,
    /// The fields as they stand in the side's file, where questions about single fields may have been answered.
    pub fields: Fields,
    /// Whether the side has done something to it since the base.
    pub is_changed: bool,
}

/// What becomes of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// All that is left of it was seen and removed.
    Gone,
    /// It is there.
    Kept {
        /// The sides whose state was not seen and overruled by another.
        by: Vec<usize>,
        /// Who changed and who removed it, if that is to be asked.
        asked: Option<(Vec<usize>, Vec<usize>)>,
    },
}

impl Matter<'_> {
    pub(super) fn fate(&self, ledger: &Ledger<'_>) -> Fate {
        let left: Vec<&Held> = self
            .held
            .iter()
            .filter(|held| !self.is_overruled(ledger, held))
            .collect();
        let by = |held: &[&Held]| -> Vec<usize> { held.iter().map(|held| held.side).collect() };
        if self.removed.is_empty() {
            let all: Vec<&Held> = self.held.iter().collect();
            let by = by(if left.is_empty() { &all } else { &left });
            return Fate::Kept { by, asked: None };
        }
        let changed: Vec<usize> = left
            .iter()
            .filter(|held| held.is_changed)
            .map(|held| held.side)
            .collect();
        if changed.is_empty() {
            return Fate::Gone;
        }
        let unknown: Vec<usize> = self
            .removed
            .iter()
            .filter(|side| !left.iter().any(|held| self.knows(ledger, held, **side)))
            .copied()
            .collect();
        Fate::Kept {
            by: by(&left),
            asked: (!unknown.is_empty()).then_some((changed, unknown)),
        }
    }

    /// Whether another side has seen what this one has, and removed it, or something else in its place.
    fn is_overruled(&self, ledger: &Ledger<'_>, held: &Held) -> bool {
        let by_removal = self.removed.iter().any(|side| {
            self.has_seen(ledger, *side, held)
                && !self.insists(ledger, held, *side)
                && !self.asks_more(ledger, held, *side)
        });
        let by_other = || {
            self.held.iter().any(|other| {
                other.state != held.state
                    && self.has_seen(ledger, other.side, held)
                    && !self.has_seen(ledger, held.side, other)
                    && !self.asks_more(ledger, held, other.side)
                    && !self.has_answered(ledger, held, other)
            })
        };
        by_removal || by_other()
    }

    /// Whether the side of `held` has answered questions about single fields of which `other` does not know: its
    /// record may look like one that was removed, but is what it chose.
    fn has_answered(&self, ledger: &Ledger<'_>, held: &Held, other: &Held) -> bool {
        let (record, _) = self.question;
        if !ledger.has_answers(held.side) {
            return false;
        }
        let mut names = held.fields.keys().chain(other.fields.keys());
        names.any(|name| {
            let mut values = [held, other].into_iter().map(|it| it.fields.get(name));
            values.any(|value| {
                let value = Fingerprint::of_value(record, name, value);
                ledger.overrules(held.side, (record, name), &value, other.side)
            })
        })
    }

    /// Whether `side` has seen what `held` has and said no to it, and whoever has it does not know that.
    fn has_seen(&self, ledger: &Ledger<'_>, side: usize, held: &Held) -> bool {
        if side == held.side {
            return false;
        }
        let removal = ledger.removal(side, self.name).filter(|_| !ledger.layers);
        let by_removal = removal.is_some_and(|removal| {
            let here = ledger.tombstone(held.side, self.name);
            removal.seen.contains(&held.state) && !here.is_some_and(|here| here.knows(removal))
        });
        by_removal || ledger.overrules(side, self.question, &held.value, held.side)
    }

    /// Whether `held` was kept by an answer of which `side` does not know.
    fn insists(&self, ledger: &Ledger<'_>, held: &Held, side: usize) -> bool {
        let (record, field) = self.question;
        let removed = Fingerprint::of_value(record, field, None);
        ledger.overrules(held.side, self.question, &removed, side)
    }

    /// Whether there are questions about it open of which `side` does not know: their values are nowhere else.
    fn asks_more(&self, ledger: &Ledger<'_>, held: &Held, side: usize) -> bool {
        let (record, field) = self.question;
        ledger.asks_more(
            held.side,
            record,
            Some(field).filter(|it| !it.is_empty()),
            side,
        )
    }

    /// Whether whoever has it knows that `side` removed it, and has it all the same.
    fn knows(&self, ledger: &Ledger<'_>, held: &Held, side: usize) -> bool {
        match ledger.removal(side, self.name) {
            Some(removal) => {
                let here = ledger.tombstone(held.side, self.name);
                here.is_some_and(|here| here.knows(removal))
            }
            None => {
                let (record, field) = self.question;
                let open = ledger.asked(held.side, record, field);
                open.into_iter().any(|conflict| {
                    !ledger.is_in_base(conflict)
                        && !ledger.is_settled(conflict)
                        && conflict.sides.iter().any(|side| side.value.is_none())
                })
            }
        }
    }
}
