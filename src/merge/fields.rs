//! What several versions of one record make together, field by field.

use super::{prose, segments};
use crate::annotation::{
    Conflict, FieldValue, Fields, Kept, RecordKind, RecordRef, Side, Timestamp,
};
use std::collections::{BTreeMap, BTreeSet};

/// One side's version of a record.
pub(super) struct Version<'a> {
    /// Whose it is.
    pub name: &'a str,
    /// Its fields.
    pub fields: &'a Fields,
    /// When it was last changed, where records say so.
    pub modified: Option<Timestamp>,
    /// Fields in which the side has chosen, while others still have the conflict.
    pub settled: &'a dyn Fn(&str) -> bool,
    /// Whether the side says of a record inside this one, such as a comment, that it was removed.
    pub removed: &'a dyn Fn(&str) -> bool,
    /// When the side settled a conflict, if it has done so before.
    pub answered: &'a dyn Fn(&Conflict) -> Option<Timestamp>,
}

/// The fields of the merged record, and the conflicts about them.
///
/// With a base a field that one side left alone is the other's. Without, whatever differs is a conflict, for
/// nobody knows who changed it; only comments, which have names and tombstones, are simply put together.
pub(super) fn merge(
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
        // Whoever has chosen while others still have the question open is right about it.
        let chosen: Vec<&Version<'a>> = self
            .versions
            .iter()
            .filter(|version| (version.settled)(self.name))
            .collect();
        let asked: Vec<&Version<'a>> = match chosen.is_empty() {
            true => self.versions.iter().collect(),
            false => chosen,
        };
        let mut changed: Vec<&Version<'a>> = asked.clone();
        if let Some(base) = self.base {
            changed.retain(|version| self.value(version) != base || (version.settled)(self.name));
        }
        let Some(first) = changed.first() else {
            return Outcome::Agreed(self.base.flatten().cloned());
        };
        let first = self.value(first);
        if changed.iter().all(|version| self.value(version) == first) {
            if self.base.flatten().is_none() && first.is_some() && self.is_removed() {
                return Outcome::Agreed(None);
            }
            return Outcome::Agreed(first.cloned());
        }
        // Who has chosen the value of the base has chosen all the same.
        let is_choice = |version: &&Version<'a>| Some(self.value(version)) == self.base;
        let together = match changed.iter().any(is_choice) {
            true => None,
            false => self.together(&changed),
        };
        match together {
            Some(value) => Outcome::Agreed(value),
            None => self.conflict(&changed),
        }
    }

    /// Whether a side says of this comment that it was removed.
    fn is_removed(&self) -> bool {
        self.name.starts_with(COMMENTS)
            && self
                .versions
                .iter()
                .any(|version| self.value(version).is_none() && (version.removed)(self.name))
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
        if self.name.starts_with(COMMENTS) && self.base.flatten().is_none() {
            // Written or not written: put together, unless one side says that it was removed.
            let mut written: Vec<&FieldValue> = values.iter().copied().flatten().collect();
            written.dedup();
            if let [one] = written.as_slice() {
                return Some((!self.is_removed()).then(|| (*one).clone()));
            }
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
                    same.name.push_str(version.name);
                }
                None => sides.push(Side {
                    name: version.name.to_owned(),
                    value,
                    kept: Kept::default(),
                }),
            }
        }
        let base = self.base.flatten().cloned();
        let conflict = Conflict::new(self.record.clone(), self.name.to_owned(), base, sides);
        let weight = |version: &&&Version<'a>| {
            let value = self.value(version);
            (
                value.is_some(),
                version.modified,
                value.map(FieldValue::encode),
            )
        };
        // A question that was answered before is not asked again, unless there are several answers.
        let answers: Vec<(Timestamp, Value<'a>)> = changed
            .iter()
            .filter_map(|version| Some(((version.answered)(&conflict)?, self.value(version))))
            .collect();
        let latest = answers.iter().map(|(when, _)| *when).max();
        if let Some((_, answer)) = answers.first()
            && answers.iter().all(|(_, other)| other == answer)
        {
            return Outcome::Agreed(answer.cloned());
        }
        let conflict = match latest {
            Some(latest) => conflict.asked_again(latest),
            None => conflict,
        };
        let shown = changed.iter().max_by_key(weight);
        Outcome::Open {
            shown: shown.and_then(|version| self.value(version)).cloned(),
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
