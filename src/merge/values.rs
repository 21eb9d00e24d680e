//! The values that the sides of a merge hold of one field: which of them are left, and the question which it is.
//!
//! A side holds the value that its record has and every value in its open questions. A value is overruled where another
//! side does not hold it and has discarded it: by an answer that has seen it and of which the holder does not know, or
//! by no longer holding what the base holds. What nobody overrules is left: one value, or one question.
//!
//! The merged file holds exactly the values that are left, and has all answers. Merged once more with one of the sides,
//! it knows every answer of that side, and what it does not hold is overruled by the same answers and by the same base as
//! before. So the outcome is the same. What a question asks about again counts as asked anew because its id is not in the
//! base: `Ledger::anew` sees to that.

use super::{
    fields::{Field, Outcome, Value, Version},
    questions::by_the_way,
};
use crate::annotation::{Conflict, ConflictId, FieldValue, Kept, Side, Timestamp};
use std::{cmp::Reverse, sync::Arc};

impl<'a> Field<'a> {
    /// The values that a side shows or asks about.
    pub(super) fn held(&self, version: &'a Version<'a>) -> Vec<Value<'a>> {
        let questions = self.questions(version);
        std::iter::once(self.value(version))
            .chain(values_of(&questions))
            .collect()
    }

    fn holds(&self, version: &'a Version<'a>, value: Value<'_>) -> bool {
        self.in_file(version) == Some(value) || self.held(version).contains(&value)
    }

    /// Whether the base asks about the value.
    fn is_asked_in_base(&self, value: Value<'_>) -> bool {
        let asked = self.ledger.asked_in_base(self.record, self.name);
        self.base.is_some() && values_of(&asked).any(|it| it == value)
    }

    /// The values that some version holds and no other side overrules; what is shown, if that leaves none.
    pub(super) fn left(&self, versions: &[&'a Version<'a>]) -> Vec<Value<'a>> {
        let is_overruled = |version: &'a Version<'a>, value: Value<'a>| {
            (0..self.ledger.n_sides()).any(|side| {
                let other = versions.iter().find(|other| other.side == side);
                match other {
                    Some(other) => self.overrules(other, version, value),
                    // Somebody who has removed the record has answered all the same.
                    None => {
                        self.has_answered(side, version.side, value)
                            && !self.has_answered(version.side, side, value)
                    }
                }
            })
        };
        let held = versions.iter().flat_map(|version| {
            let held = self.held(version).into_iter();
            held.filter(|value| !is_overruled(version, *value))
        });
        let left = distinct(held);
        match left.is_empty() {
            true => distinct(versions.iter().map(|version| self.value(version))),
            false => left,
        }
    }

    /// Whether `one` has said no to a value that `other` holds.
    fn overrules(&self, one: &'a Version<'a>, other: &'a Version<'a>, value: Value<'a>) -> bool {
        if self.holds(one, value) {
            return false;
        }
        let insists = || {
            let mut held = self.held(one).into_iter();
            held.any(|it| !self.holds(other, it) && self.has_answered(other.side, one.side, it))
        };
        let by_answer = self.has_answered(one.side, other.side, value) && !insists();
        by_answer
            || (self.base == Some(value) || self.is_asked_in_base(value))
                && !self.asks_anew(other, value)
                && !self.has_answered(other.side, one.side, value)
    }

    /// Whether `side` has answered a question in which the value was, and `other` does not know of it.
    fn has_answered(&self, side: usize, other: usize, value: Value<'a>) -> bool {
        if !self.ledger.has_answers(side) {
            return false;
        }
        let shown = self.versions.iter().filter(|it| self.value(it) == value);
        let in_file = shown.filter_map(|it| self.in_file(it));
        let question = (self.record, self.name);
        std::iter::once(value).chain(in_file).any(|value| {
            let value = self.fingerprint(value);
            self.ledger.overrules(side, question, &value, other)
        })
    }

    /// Whether the version has the value in a question that the base does not have.
    fn asks_anew(&self, version: &'a Version<'a>, value: Value<'_>) -> bool {
        let mut questions = self.questions(version).into_iter();
        questions.any(|question| {
            !self.ledger.is_in_base(question) && values_of(&[question]).any(|it| it == value)
        })
    }

    /// The question which of these values it is: as a side has it, if one asks about all of them and nothing else; else
    /// a new one.
    pub(super) fn open(&self, versions: &[&'a Version<'a>], left: &[Value<'a>]) -> Outcome {
        let n_asked = |questions: &[&'a Arc<Conflict>]| -> usize {
            let is_asked = |value: &&Value<'a>| values_of(questions).any(|it| it == **value);
            left.iter().filter(is_asked).count()
        };
        let whole = versions.iter().filter(|version| {
            let held = self.held(version);
            held.iter().all(|value| left.contains(value))
                && left.iter().all(|value| held.contains(value))
        });
        let whole = whole.map(|version| (version.side, self.questions(version)));
        let known = whole.filter(|(side, questions)| {
            let mut questions = questions.iter();
            questions.all(|question| self.ledger.is_open(*side, question))
        });
        let known = known.map(|(_, questions)| questions);
        let known = known.max_by_key(|questions| {
            let ids: Vec<ConflictId> = questions.iter().map(|it| it.id).collect();
            let more: Vec<_> = questions.iter().map(|it| by_the_way(it)).collect();
            (n_asked(questions), ids.len(), Reverse(ids), more)
        });
        let Some(questions) = known else {
            if let [one] = left {
                return Outcome::Agreed(one.cloned());
            }
            return Outcome::Open {
                open: vec![self.question(versions, left)],
                shown: self.shown(versions, left).cloned(),
            };
        };
        // One value may have been written since, and is nowhere else.
        let mut since = left.iter();
        let since = since.find(|value| !values_of(&questions).any(|it| it == **value));
        let shown = since.map_or_else(|| self.shown(versions, left), |value| *value);
        Outcome::Open {
            open: questions.into_iter().cloned().collect(),
            shown: shown.cloned(),
        }
    }

    /// A question that no side has yet.
    fn question(&self, versions: &[&'a Version<'a>], left: &[Value<'a>]) -> Arc<Conflict> {
        let asked: Vec<&Arc<Conflict>> =
            versions.iter().flat_map(|it| self.questions(it)).collect();
        let sides = left.iter().map(|value| {
            let sides = asked.iter().flat_map(|it| &it.sides);
            let known = sides.filter(|side| side.value.as_ref() == *value);
            let known = known.max_by_key(|side| (&side.kept, &side.name));
            known.cloned().unwrap_or_else(|| {
                let by = versions.iter().filter(|it| self.value(it) == *value);
                let by: Vec<usize> = by.map(|it| it.side).collect();
                Side {
                    name: self.ledger.names_of(&by),
                    value: value.cloned(),
                    kept: Kept::default(),
                }
            })
        });
        let encoded = |base: &Option<FieldValue>| base.as_ref().map(FieldValue::encode);
        let bases = asked.iter().map(|it| it.base.clone());
        let base = bases.min_by_key(encoded);
        let base = base.unwrap_or_else(|| self.base.flatten().cloned());
        let (record, field) = (self.record.clone(), self.name.to_owned());
        let kept = asked.iter().map(|it| it.kept.clone()).max();
        let conflict = Conflict {
            kept: kept.unwrap_or_default(),
            ..Conflict::new(record, field, base, sides.collect())
        };
        self.ledger.anew(Arc::new(conflict))
    }

    /// Which of several values is shown while people are asked: that of a side that knows the others', else one that is
    /// not empty, that somebody put in place of the base's, and of several the latest.
    fn shown(&self, versions: &[&'a Version<'a>], left: &[Value<'a>]) -> Value<'a> {
        let knows = |one: &&'a Version<'a>, other: &&'a Version<'a>| {
            self.holds(one, self.value(other)) && !self.holds(other, self.value(one))
        };
        let live = |it: &&&'a Version<'a>| left.contains(&self.value(it));
        let known = versions.iter().filter(live);
        let latest: Vec<&'a Version<'a>> = known
            .filter(|it| !versions.iter().filter(live).any(|other| knows(other, it)))
            .copied()
            .collect();
        // Who knows all the values has chosen none of them by writing later.
        let is_known = |value: Value<'a>| latest.iter().all(|it| self.holds(it, value));
        let shown = latest.iter().map(|it| {
            let value = self.value(it);
            (value, it.modified.filter(|_| !is_known(value)))
        });
        let weight = |(value, modified): &(Value<'a>, Option<Timestamp>)| {
            let is_new = Some(*value) != self.base;
            let encoded = value.map(FieldValue::encode);
            (value.is_some(), is_new, *modified, encoded)
        };
        let asked = left.iter().map(|value| (*value, None));
        let shown = shown
            .max_by_key(weight)
            .or_else(|| asked.max_by_key(weight));
        shown.and_then(|(value, _)| value)
    }
}

/// The values in these questions.
fn values_of<'a>(questions: &[&'a Arc<Conflict>]) -> impl Iterator<Item = Value<'a>> {
    let sides = questions.iter().flat_map(|question| &question.sides);
    sides.map(|side| side.value.as_ref())
}

/// Each value once, in the order in which they come.
pub(super) fn distinct<'a>(values: impl Iterator<Item = Value<'a>>) -> Vec<Value<'a>> {
    let mut distinct: Vec<Value<'a>> = Vec::new();
    for value in values {
        if !distinct.contains(&value) {
            distinct.push(value);
        }
    }
    distinct
}
