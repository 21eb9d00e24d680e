//! `diff`: describes the differences between two annotation files.

use super::{
    CliError, Env, Exit, Output,
    change_words::{changed_words, moved},
    merge_args::DiffArgs,
    record_words::{names, names_in_full},
    several::{AnyRecords, OpenFile},
};
use crate::{
    annotation::{AnnotationSet, FieldValue, Names, RecordKind},
    merge::{Difference, FieldChange, collection_differences, differences},
};
use serde_json::{Value, json};

/// Prints one line for each record that differs.
///
/// # Errors
/// When a file cannot be read, the two are of different kinds, or the output is closed.
pub fn run(args: &DiffArgs, output: &mut Output<'_>, env: &Env) -> Result<Exit, CliError> {
    let before = OpenFile::open(&env.disk, &args.before)?.records;
    let after = OpenFile::open(&env.disk, &args.after)?.records;
    let comparison = Comparison::of(&before, &after)?;
    comparison.print(args.json, output)?;
    if comparison.found.is_empty() && !args.json {
        output.remark(format_args!("no differences"));
    }
    Ok(match comparison.found.is_empty() {
        true => Exit::Done,
        false => Exit::Differences,
    })
}

/// What is different between two files, with what each calls its records.
pub struct Comparison {
    /// The differences.
    pub found: Vec<Difference>,
    before: AnnotationSet,
    after: AnnotationSet,
}

impl Comparison {
    /// Compares two files.
    ///
    /// # Errors
    /// When one is an annotation file and the other a collection.
    pub fn of(before: &AnyRecords, after: &AnyRecords) -> Result<Self, CliError> {
        let found = match (before, after) {
            (AnyRecords::Annotations(before), AnyRecords::Annotations(after)) => {
                differences(before, after)
            }
            (AnyRecords::Collection(before), AnyRecords::Collection(after)) => {
                collection_differences(before, after)
            }
            _ => return Err(CliError::MixedKinds),
        };
        Ok(Self {
            found,
            before: before.names()?,
            after: after.names()?,
        })
    }

    /// Returns one sentence for each.
    pub fn sentences(&self) -> impl Iterator<Item = String> {
        self.found
            .iter()
            .map(|difference| sentence(difference, &self.before, &self.after))
    }

    /// Prints a sentence for each, or one JSON array.
    ///
    /// # Errors
    /// When the output is closed.
    pub fn print(&self, json: bool, output: &mut Output<'_>) -> Result<(), CliError> {
        if json {
            return output.json_value(&self.json());
        }
        for sentence in self.sentences() {
            output.line(format_args!("{sentence}"))?;
        }
        Ok(())
    }

    fn json(&self) -> Vec<Value> {
        self.found
            .iter()
            .map(|difference| as_json(difference, &self.before, &self.after))
            .collect()
    }
}

/// Returns what became of one record.
fn sentence(difference: &Difference, before: &AnnotationSet, after: &AnnotationSet) -> String {
    let (old, new) = (names(Some(before)), names(Some(after)));
    let record = difference.record();
    let is_annotation = record.kind == RecordKind::Annotation;
    match difference {
        Difference::Added { fields, .. } if is_annotation => {
            let tags = tags(&new, fields.keys());
            let tags = if tags.is_empty() {
                String::new()
            } else {
                format!(" as {tags}")
            };
            format!("{}: marked{tags}", new.record(record, fields))
        }
        Difference::Removed { fields, .. } if is_annotation => {
            let tags = tags(&old, fields.keys());
            let tags = if tags.is_empty() {
                String::new()
            } else {
                format!(" ({tags})")
            };
            format!("{}: removed the mark{tags}", old.record(record, fields))
        }
        Difference::Added { fields, .. } => format!("{}: added", new.record(record, fields)),
        Difference::Removed { fields, .. } => format!("{}: removed", old.record(record, fields)),
        Difference::Changed {
            fields, changes, ..
        } => {
            let (old, in_full) = (names_in_full(Some(before)), names_in_full(Some(after)));
            let phrases = phrases(&old, &in_full, changes).join("; ");
            format!("{}: {phrases}", new.record(record, fields))
        }
        Difference::Conflict {
            conflict,
            fields,
            is_open,
        } => {
            let names = if *is_open { &new } else { &old };
            let state = if *is_open { "is open" } else { "is settled" };
            let about = match conflict.of_whole_record() {
                true => "its removal".to_owned(),
                false => format!("the {}", names.field(&conflict.field)),
            };
            format!(
                "{}: the conflict about {about} {state}",
                names.record(record, fields)
            )
        }
    }
}

fn tags<'a>(names: &Names<'_>, fields: impl Iterator<Item = &'a String>) -> String {
    let tags: Vec<String> = fields
        .filter_map(|field| field.strip_prefix("tags/"))
        .map(|tag| names.tag(tag))
        .collect();
    tags.join(", ")
}

/// Returns what became of each field. One removed and one added tag is a change of the tag.
fn phrases(old: &Names<'_>, new: &Names<'_>, changes: &[FieldChange]) -> Vec<String> {
    let tag_changes = |given: bool| -> Vec<&str> {
        changes
            .iter()
            .filter(|change| change.after.is_some() == given)
            .filter_map(|change| change.field.strip_prefix("tags/"))
            .collect()
    };
    let mut phrases = Vec::new();
    let (taken, given) = (tag_changes(false), tag_changes(true));
    match (taken.as_slice(), given.as_slice()) {
        ([from], [to]) => {
            phrases.push(format!(
                "changed the tag from {} to {}",
                old.tag(from),
                new.tag(to)
            ));
        }
        _ => {
            let took = taken
                .iter()
                .map(|tag| format!("removed the tag {}", old.tag(tag)));
            phrases.extend(took);
            let gave = given
                .iter()
                .map(|tag| format!("added the tag {}", new.tag(tag)));
            phrases.extend(gave);
        }
    }
    let others = changes
        .iter()
        .filter(|change| !change.field.starts_with("tags/"));
    phrases.extend(others.map(|change| phrase(old, new, change)));
    phrases
}

fn phrase(old: &Names<'_>, new: &Names<'_>, change: &FieldChange) -> String {
    let field = change.field.as_str();
    let article = if field.starts_with("comments/") {
        "a"
    } else {
        "the"
    };
    let name = new.field(field);
    match (&change.before, &change.after) {
        (Some(FieldValue::Segments(before)), Some(FieldValue::Segments(after))) => {
            moved(before, after)
        }
        (Some(FieldValue::Text(before)), Some(FieldValue::Text(after)))
            if is_prose(field, [before, after]) =>
        {
            match changed_words(before, after) {
                Some(words) => format!("changed {article} {name}: “{words}”"),
                None => format!("changed white space in {article} {name}"),
            }
        }
        (None, Some(after)) if field == "note" => {
            format!("added a note: {}", new.value(field, Some(after)))
        }
        (None, Some(after)) if field.starts_with("comments/") => {
            format!("added a comment: {}", new.value(field, Some(after)))
        }
        (None, Some(after)) => format!("set {article} {name} to {}", new.value(field, Some(after))),
        (Some(before), None) => format!(
            "removed {article} {name}: {}",
            old.value(field, Some(before))
        ),
        (before, after) => format!(
            "changed {article} {name} from {} to {}",
            old.value(field, before.as_ref()),
            new.value(field, after.as_ref())
        ),
    }
}

/// Returns whether two values of a field are compared word by word: running text, and whatever is too long to be read
/// twice.
fn is_prose(field: &str, values: [&String; 2]) -> bool {
    /// Longest value that is shown as it was and as it is, in code points.
    const SHORT_CHARS: usize = 60;
    let is_long = |value: &String| value.chars().count() > SHORT_CHARS;
    // An id is nothing to be read.
    let is_id = matches!(field, "attribution/speaker" | "creator" | "from" | "to");
    !is_id && (["note", "guideline", "text"].contains(&field) || values.into_iter().any(is_long))
}

fn as_json(difference: &Difference, before: &AnnotationSet, after: &AnnotationSet) -> Value {
    let record = difference.record();
    let (kind, id) = (record.kind.noun(), record.id.to_string());
    let (kind, id, change, fields) = match difference {
        Difference::Added { .. } => (kind, id, "added", Vec::new()),
        Difference::Removed { .. } => (kind, id, "removed", Vec::new()),
        Difference::Changed { changes, .. } => (
            kind,
            id,
            "changed",
            changes.iter().map(field_json).collect(),
        ),
        Difference::Conflict {
            conflict, is_open, ..
        } => {
            let change = if *is_open { "added" } else { "removed" };
            (
                RecordKind::Conflict.noun(),
                conflict.id.to_string(),
                change,
                Vec::new(),
            )
        }
    };
    json!({
        "kind": kind,
        "id": id,
        "change": change,
        "fields": fields,
        "words": sentence(difference, before, after),
    })
}

fn field_json(change: &FieldChange) -> Value {
    let value = |value: &Option<FieldValue>| match value {
        None => Value::Null,
        Some(FieldValue::Present | FieldValue::Record(_)) => json!(true),
        Some(FieldValue::Text(text)) => json!(text),
        Some(FieldValue::List(texts)) => json!(texts),
        Some(FieldValue::Segments(segments)) => segments
            .iter()
            .map(|segment| {
                json!({
                    "start": segment.position.start.get(),
                    "end": segment.position.end.get(),
                    "quote": &*segment.quote.exact,
                })
            })
            .collect(),
    };
    json!({
        "field": change.field,
        "before": value(&change.before),
        "after": value(&change.after),
    })
}
