//! What several versions of one record make together, field by field.

use super::{
    ledger::Ledger,
    prose,
    removal::{Fate, Held, Matter},
    segments,
    values::distinct,
};
use crate::annotation::{
    Conflict, FieldValue, Fields, Fingerprint, RecordKind, RecordRef, Timestamp, comment_fields,
    comment_name,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

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

/// Returns the fields of the merged record, and the open questions about them; `values` has the rule.
pub(super) fn merge(
    ledger: &Ledger<'_>,
    record: &RecordRef,
    base: Option<&Fields>,
    versions: &[Version<'_>],
) -> (Fields, Vec<Arc<Conflict>>) {
    let asked = versions
        .iter()
        .flat_map(|version| ledger.asked_fields(version.side, record));
    let names: BTreeSet<&str> = base
        .into_iter()
        .chain(versions.iter().map(|version| version.fields))
        .flat_map(BTreeMap::keys)
        .map(String::as_str)
        .chain(asked)
        .collect();
    let mut merged = Fields::new();
    let mut questions = Vec::new();
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
            Outcome::Open { open, shown } => {
                questions.extend(open);
                shown
            }
        };
        if let Some(value) = value {
            merged.insert(name.to_owned(), value);
        }
    }
    (merged, questions)
}

/// What becomes of a field.
pub(super) enum Outcome {
    Agreed(Option<FieldValue>),
    Open {
        open: Vec<Arc<Conflict>>,
        shown: Option<FieldValue>,
    },
}

/// One field of all versions of one record.
pub(super) struct Field<'a> {
    pub ledger: &'a Ledger<'a>,
    pub record: &'a RecordRef,
    pub name: &'a str,
    /// `None` without a base, `Some(None)` when the field was empty in it.
    pub base: Option<Option<&'a FieldValue>>,
    pub versions: &'a [Version<'a>],
}

/// The value of a field; `None` when it is empty.
pub(super) type Value<'a> = Option<&'a FieldValue>;

impl<'a> Field<'a> {
    pub(super) fn value(&self, version: &'a Version<'a>) -> Value<'a> {
        version.fields.get(self.name)
    }

    pub(super) fn in_file(&self, version: &'a Version<'a>) -> Option<Value<'a>> {
        let in_file = version.in_file.as_ref();
        in_file.map(|fields| fields.get(self.name))
    }

    pub(super) fn questions(&self, version: &Version<'_>) -> Vec<&'a Arc<Conflict>> {
        self.ledger.asked(version.side, self.record, self.name)
    }

    fn merge(&self) -> Outcome {
        let all: Vec<&'a Version<'a>> = self.versions.iter().collect();
        let has_some = all.iter().any(|it| self.value(it).is_some());
        let has_none = all.iter().any(|it| self.value(it).is_none());
        match comment_name(self.name) {
            Some(name) if has_some && has_none => self.merge_comment(&name, &all),
            _ => self.merge_values(&all),
        }
    }

    /// What these versions make together.
    fn merge_values(&self, versions: &[&'a Version<'a>]) -> Outcome {
        let is_asked = versions.iter().any(|it| !self.questions(it).is_empty());
        let mut values = versions.iter().map(|it| self.value(it));
        if !is_asked
            && let Some(first) = values.next()
            && values.all(|value| value == first)
        {
            return Outcome::Agreed(first.cloned());
        }
        let left = self.left(versions);
        let agreed = match left.as_slice() {
            [one] => Some(one.cloned()),
            _ => self.together(versions, &left),
        };
        match agreed.filter(|_| !is_asked) {
            Some(value) => Outcome::Agreed(value),
            None => self.open(versions, &left),
        }
    }

    /// A comment, which some sides do not have: they removed it, or never had it.
    fn merge_comment(&self, name: &RecordRef, versions: &[&'a Version<'a>]) -> Outcome {
        let in_base = self.base.flatten().is_some();
        let (live, without): (Vec<&'a Version<'a>>, Vec<&'a Version<'a>>) = versions
            .iter()
            .copied()
            .partition(|version| self.value(version).is_some());
        let has_removed = |version: &&&'a Version<'a>| {
            let says_so = || self.ledger.removal(version.side, name).is_some();
            !self.ledger.layers && (in_base || says_so())
        };
        let removed: Vec<&'a Version<'a>> = without.iter().filter(has_removed).copied().collect();
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
        let of = |sides: &[usize]| -> Vec<&'a Version<'a>> {
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
                let versions = of(&sides);
                let values = distinct(versions.iter().flat_map(|it| self.held(it)));
                self.open(&versions, &values)
            }
        }
    }

    pub(super) fn fingerprint(&self, value: Value<'_>) -> Fingerprint {
        Fingerprint::of_value(self.record, self.name, value)
    }

    /// Whether the side has done something to the field since the base.
    fn has_news(&self, version: &'a Version<'a>) -> bool {
        let Some(base) = self.base else {
            return true;
        };
        let mut questions = self.questions(version).into_iter();
        self.value(version) != base
            || self.has_chosen(version)
            || questions.any(|question| !self.ledger.is_in_base(question))
    }

    /// Whether the side has answered a question about the field.
    fn has_chosen(&self, version: &Version<'_>) -> bool {
        if !self.ledger.has_answers(version.side) {
            return false;
        }
        let values = self.versions.iter().map(|version| self.value(version));
        let mut values = values.chain(self.base);
        values.any(|value| {
            let value = self.fingerprint(value);
            let question = (self.record, self.name);
            self.ledger.has_answered(version.side, question, &value)
        })
    }

    /// What different values make together, if they can be put together.
    fn together(
        &self,
        versions: &[&'a Version<'a>],
        left: &[Value<'a>],
    ) -> Option<Option<FieldValue>> {
        let is_left = |version: &&&'a Version<'a>| left.contains(&self.value(version));
        let changed: Vec<&'a Version<'a>> = versions.iter().filter(is_left).copied().collect();
        let values = left.to_vec();
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
        let is_choice = |version: &&'a Version<'a>| {
            Some(self.value(version)) == self.base || self.has_chosen(version)
        };
        if changed.iter().any(is_choice) {
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
