//! What several versions of one record make together, field by field.

use super::{
    ledger::Ledger,
    prose,
    removal::{Fate, Held, Matter},
    segments,
};
use crate::annotation::{
    Conflict, FieldValue, Fields, Fingerprint, Kept, RecordKind, RecordRef, Side, Timestamp,
    comment_fields, comment_name,
};
use std::collections::{BTreeMap, BTreeSet};

/// One side's version of a record.
pub(super) struct Version<'a> {
    /// Whose it is.
    pub side: usize,
    /// Its fields.
    pub fields: &'a Fields,
    /// The same as they stand in the side's file, where passages or references were led elsewhere since.
    pub in_file: Option<Fields>,
    /// When it was last changed, where records say so.
    pub modified: Option<Timestamp>,
}

/// The fields of the merged record, and the conflicts about them.
///
/// With a base a field that one side left alone is the other's. Without, whatever differs is a conflict, for
/// nobody knows who changed it; only comments, which have names and tombstones, are simply put together. A value that
/// was seen by whoever answered a question about the field yields to the answer; any other is a question anew.
pub(super) fn merge(
    ledger: &Ledger<'_>,
    record: &RecordRef,
    base: Option<&Fields>,
    versions: &[Version<'_>],
) -> (Fields, Vec<Conflict>) {
    let names: BTreeSet<&String> = base
        .into_iter()
        .chain(versions.iter().map(|version| version.fields))
        .flat_map(BTreeMap::keys)
        .collect();
    let mut merged = Fields::new();
    let mut conflicts = Vec::new();
    for name in names {
        let field = Field {
            ledger,
            record,
            name,
            base: base.map(|base| base.get(name)),
            versions,
        };
        let value = match field.merge() {
            Outcome::Agreed(value) => value,
            Outcome::Open { conflict, shown } => {
                conflicts.push(conflict);
                shown
            }
        };
        if let Some(value) = value {
            merged.insert(name.clone(), value);
        }
    }
    (merged, conflicts)
}

enum Outcome {
    Agreed(Option<FieldValue>),
    Open {
        conflict: Conflict,
        shown: Option<FieldValue>,
    },
}

struct Field<'a> {
    ledger: &'a Ledger<'a>,
    record: &'a RecordRef,
    name: &'a str,
    /// `None` without a base, `Some(None)` when the field was empty in it.
    base: Option<Option<&'a FieldValue>>,
    versions: &'a [Version<'a>],
}

type Value<'a> = Option<&'a FieldValue>;

impl<'a> Field<'a> {
    fn value(&self, version: &Version<'a>) -> Value<'a> {
        version.fields.get(self.name)
    }

    fn merge(&self) -> Outcome {
        let all: Vec<&Version<'a>> = self.versions.iter().collect();
        match comment_name(self.name) {
            Some(name) if all.iter().any(|version| self.value(version).is_none()) => {
                self.merge_comment(&name, &all)
            }
            _ => self.merge_values(&all),
        }
    }

    /// What these versions make together.
    fn merge_values(&self, versions: &[&Version<'a>]) -> Outcome {
        let news: Vec<&Version<'a>> = versions
            .iter()
            .copied()
            .filter(|version| self.has_news(version))
            .collect();
        let left = self.not_overruled(&news);
        let Some(first) = left.first() else {
            return Outcome::Agreed(self.base.flatten().cloned());
        };
        let first = self.value(first);
        if left.iter().all(|version| self.value(version) == first) {
            return Outcome::Agreed(first.cloned());
        }
        if self.is_asked(&left) {
            return Outcome::Agreed(self.shown(&left));
        }
        match self.together(&left) {
            Some(value) => Outcome::Agreed(value),
            None => self.conflict(&left),
        }
    }

    /// Whether a side has a question open in which the values of all these are.
    fn is_asked(&self, versions: &[&Version<'a>]) -> bool {
        let sides = self.versions.iter().map(|version| version.side);
        let mut open = sides.flat_map(|side| self.ledger.open(side, self.record, self.name));
        open.any(|conflict| {
            let is_in = |version: &&Version<'a>| {
                let mut sides = conflict.sides.iter();
                sides.any(|side| side.value.as_ref() == self.value(version))
            };
            versions.iter().all(is_in)
        })
    }

    /// Which of several values is shown while people are asked: one that is not empty, that somebody put in place of
    /// the base's, and of several the latest.
    fn shown(&self, versions: &[&Version<'a>]) -> Option<FieldValue> {
        let weight = |version: &&&Version<'a>| {
            let value = self.value(version);
            let encoded = value.map(FieldValue::encode);
            let is_new = Some(value) != self.base;
            (value.is_some(), is_new, version.modified, encoded)
        };
        let shown = versions.iter().max_by_key(weight);
        shown.and_then(|version| self.value(version)).cloned()
    }

    /// A comment, which some sides do not have: they removed it, or never had it.
    fn merge_comment(&self, name: &RecordRef, versions: &[&Version<'a>]) -> Outcome {
        let in_base = self.base.flatten().is_some();
        let (live, without): (Vec<&Version<'a>>, Vec<&Version<'a>>) = versions
            .iter()
            .copied()
            .partition(|version| self.value(version).is_some());
        let has_removed = |version: &&&Version<'a>| {
            let says_so = || self.ledger.removal(version.side, name).is_some();
            !self.ledger.layers && (in_base || says_so())
        };
        let removed: Vec<&Version<'a>> = without.iter().filter(has_removed).copied().collect();
        if live.is_empty() {
            return Outcome::Agreed(None);
        }
        let held = live.iter().map(|version| {
            let fields = self.value(version).map(comment_fields).unwrap_or_default();
            Held {
                side: version.side,
                state: name.state(&fields),
                value: self.fingerprint(self.value(version)),
                // A comment has no fields of its own to ask about.
                fields: Fields::new(),
                is_changed: self.has_news(version),
            }
        });
        let matter = Matter {
            name,
            question: (self.record, self.name),
            held: held.collect(),
            removed: removed.iter().map(|version| version.side).collect(),
        };
        let of = |sides: &[usize]| -> Vec<&Version<'a>> {
            let versions = versions.iter().copied();
            versions
                .filter(|version| sides.contains(&version.side))
                .collect()
        };
        match matter.fate(self.ledger) {
            Fate::Gone => Outcome::Agreed(None),
            Fate::Kept { by, asked: None } => self.merge_values(&of(&by)),
            Fate::Kept {
                asked: Some((changed, removed)),
                ..
            } => {
                let mut sides = changed;
                sides.extend(removed);
                self.conflict(&of(&sides))
            }
        }
    }

    fn fingerprint(&self, value: Value<'_>) -> Fingerprint {
        Fingerprint::of_value(self.record, self.name, value)
    }

    /// Whether the side has done something to the field since the base.
    fn has_news(&self, version: &Version<'a>) -> bool {
        let Some(base) = self.base else {
            return true;
        };
        self.value(version) != base || self.has_answered(version) || self.asks_anew(version)
    }

    /// Whether the side has answered a question about the field.
    fn has_answered(&self, version: &Version<'a>) -> bool {
        if !self.ledger.has_answers(version.side) {
            return false;
        }
        let values = self.versions.iter().map(|version| self.value(version));
        let mut values = values.chain(self.base);
        values.any(|value| {
            let value = self.fingerprint(value);
            self.ledger.has_answered(version.side, &value)
        })
    }

    /// Whether the side has a question about the field open that the base does not have.
    fn asks_anew(&self, version: &Version<'a>) -> bool {
        let open = self.ledger.open(version.side, self.record, self.name);
        open.into_iter()
            .any(|conflict| !self.ledger.is_in_base(conflict))
    }

    /// The versions whose values nobody else has seen and put another in place of; all, if that leaves none.
    fn not_overruled<'v>(&self, versions: &[&'v Version<'a>]) -> Vec<&'v Version<'a>> {
        let is_overruled = |version: &&&Version<'a>| {
            versions.iter().any(|other| {
                self.value(other) != self.value(version)
                    && self.overrules(other, version)
                    && !self.overrules(version, other)
            })
        };
        let left: Vec<&Version<'a>> = versions
            .iter()
            .filter(|version| !is_overruled(version))
            .copied()
            .collect();
        if left.is_empty() {
            return versions.to_vec();
        }
        left
    }

    /// Whether `one` has seen the value of `other`: in a question that it answered, or that it has open.
    fn overrules(&self, one: &Version<'a>, other: &Version<'a>) -> bool {
        let value = self.value(other);
        let in_file = other.in_file.as_ref().map(|fields| fields.get(self.name));
        let mut values = std::iter::once(value).chain(in_file);
        let question = (self.record, self.name);
        let answered = self.ledger.has_answers(one.side)
            && !self.ledger.had_open(one.side, question, value)
            && values.any(|value| {
                let value = self.fingerprint(value);
                self.ledger.overrules(one.side, &value, other.side)
            });
        let is_side = |conflict: &Conflict| {
            let mut sides = conflict.sides.iter();
            sides.any(|side| side.value.as_ref() == value)
        };
        let open = || self.ledger.open(one.side, self.record, self.name);
        answered || open().into_iter().any(|conflict| is_side(conflict))
    }

    /// What different values make together, if they can be put together.
    fn together(&self, changed: &[&Version<'a>]) -> Option<Option<FieldValue>> {
        let values: Vec<Value<'a>> = changed.iter().map(|version| self.value(version)).collect();
        if self.name == "modified" {
            // Written in UTC and to the second, so the later one is the greater text within four-digit years.
            let latest = changed.iter().max_by_key(|version| version.modified)?;
            return Some(self.value(latest).cloned());
        }
        if self.record.kind == RecordKind::File && self.name == "kept/version" {
            let newest = values
                .into_iter()
                .flatten()
                .max_by_key(|value| version(value));
            return Some(newest.cloned());
        }
        // Who has chosen has chosen: nothing is mixed into an answer.
        let is_choice = |version: &&&Version<'a>| {
            Some(self.value(version)) == self.base || self.has_answered(version)
        };
        if changed.iter().any(|version| is_choice(&version)) {
            return None;
        }
        let all: Vec<&FieldValue> = values.into_iter().collect::<Option<_>>()?;
        let [ours, theirs] = all.as_slice() else {
            return None;
        };
        let base = self.base?;
        let together = match (base, ours, theirs) {
            (base, FieldValue::Segments(ours), FieldValue::Segments(theirs)) => {
                let base: &[_] = match base {
                    Some(FieldValue::Segments(base)) => base,
                    _ => &[],
                };
                FieldValue::Segments(segments::three_way(base, ours, theirs)?)
            }
            (Some(FieldValue::Text(base)), FieldValue::Text(ours), FieldValue::Text(theirs))
                if PROSE.contains(&self.name) =>
            {
                FieldValue::Text(prose::three_way(base, ours, theirs)?)
            }
            (Some(FieldValue::List(base)), FieldValue::List(ours), FieldValue::List(theirs)) => {
                FieldValue::List(self.lists(base, ours, theirs)?)
            }
            _ => return None,
        };
        Some(Some(together))
    }

    fn lists(&self, base: &[String], ours: &[String], theirs: &[String]) -> Option<Vec<String>> {
        if self.name == "aliases" {
            unordered(base, ours, theirs)
        } else if self.name.starts_with(COMMENTS) {
            comment(base, ours, theirs)
        } else {
            None
        }
    }

    fn conflict(&self, changed: &[&Version<'a>]) -> Outcome {
        let mut sides: Vec<Side> = Vec::new();
        for version in changed {
            let value = self.value(version).cloned();
            match sides.iter_mut().find(|side| side.value == value) {
                Some(same) => {
                    same.name.push_str(", ");
                    same.name.push_str(self.ledger.name(version.side));
                }
                None => sides.push(Side {
                    name: self.ledger.name(version.side).to_owned(),
                    value,
                    kept: Kept::default(),
                }),
            }
        }
        let base = self.base.flatten().cloned();
        let conflict = Conflict::new(self.record.clone(), self.name.to_owned(), base, sides);
        Outcome::Open {
            shown: self.shown(changed),
            conflict,
        }
    }
}

const COMMENTS: &str = "comments/";
/// Where the text stands in a comment's value, after author and time.
const COMMENT_TEXT: usize = 2;
/// Fields of running text.
const PROSE: [&str; 3] = ["note", "guideline", "text"];

/// A list whose order says nothing: what stands in the base and was taken out by neither, then what either
/// added, sorted.
fn unordered(base: &[String], ours: &[String], theirs: &[String]) -> Option<Vec<String>> {
    let stays = |text: &&String| ours.contains(text) && theirs.contains(text);
    let mut all: Vec<String> = base.iter().filter(stays).cloned().collect();
    let added: BTreeSet<&String> = ours
        .iter()
        .chain(theirs)
        .filter(|text| !base.contains(text))
        .collect();
    all.extend(added.into_iter().cloned());
    // Emptied by both together: as if neither had left anything.
    (!all.is_empty()).then_some(all)
}

/// A comment, of which only the text may have changed on both sides.
fn comment(base: &[String], ours: &[String], theirs: &[String]) -> Option<Vec<String>> {
    let split = |parts: &[String]| -> Option<(Vec<String>, String)> {
        let mut rest = parts.to_vec();
        let text = std::mem::take(rest.get_mut(COMMENT_TEXT)?);
        Some((rest, text))
    };
    let (base_rest, base) = split(base)?;
    let (our_rest, ours) = split(ours)?;
    let (their_rest, theirs) = split(theirs)?;
    if our_rest != base_rest || their_rest != base_rest {
        return None;
    }
    let mut merged = base_rest;
    *merged.get_mut(COMMENT_TEXT)? = prose::three_way(&base, &ours, &theirs)?;
    Some(merged)
}

/// A version as it is kept, `(1, 9)`, as numbers; anything else is older than all.
fn version(value: &FieldValue) -> Option<(u16, u16)> {
    let FieldValue::Text(written) = value else {
        return None;
    };
    let inner = written.strip_prefix('(')?.strip_suffix(')')?;
    let (major, minor) = inner.split_once(", ")?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
