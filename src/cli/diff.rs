//! `diff`: what is different between two annotation files, in words.

use super::{
    CliError, Exit, Output,
    merge_args::DiffArgs,
    record_words::{names, number, quoted},
    several::{AnyRecords, OpenFile},
};
use crate::{
    anchor::Selector,
    annotation::{AnnotationSet, FieldValue, Names, RecordKind},
    merge::{Difference, FieldChange, collection_differences, differences},
};
use serde_json::{Value, json};

/// Prints one line for each record that differs.
///
/// # Errors
/// When a file cannot be read, the two are of different kinds, or the output is closed.
pub fn run(args: &DiffArgs, output: &mut Output<'_>) -> Result<Exit, CliError> {
    let before = OpenFile::open(&args.before)?.records;
    let after = OpenFile::open(&args.after)?.records;
    let comparison = Comparison::of(&before, &after)?;
    if args.json {
        let text = serde_json::to_string_pretty(&comparison.json());
        output.text(&text.map_err(std::io::Error::from)?)?;
        output.text("\n")?;
    } else {
        for sentence in comparison.sentences() {
            output.line(format_args!("{sentence}"))?;
        }
        if comparison.found.is_empty() {
            output.remark(format_args!("no difference"));
        }
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

    /// One sentence for each.
    pub fn sentences(&self) -> impl Iterator<Item = String> {
        self.found
            .iter()
            .map(|difference| sentence(difference, &self.before, &self.after))
    }

    fn json(&self) -> Vec<Value> {
        self.found
            .iter()
            .map(|difference| as_json(difference, &self.before, &self.after))
            .collect()
    }
}

/// What became of one record.
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
        } => format!(
            "{}: {}",
            new.record(record, fields),
            phrases(&old, &new, changes).join("; ")
        ),
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

/// What became of each field. One tag that went and one that came is a change of the tag.
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
                .map(|tag| format!("took off the tag {}", old.tag(tag)));
            phrases.extend(took);
            let gave = given
                .iter()
                .map(|tag| format!("gave the tag {}", new.tag(tag)));
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

/// How the ends have moved, in words of the text where one wording is part of the other.
fn moved(before: &[Selector], after: &[Selector]) -> String {
    let ([old], [new]) = (before, after) else {
        return match after.len().cmp(&before.len()) {
            std::cmp::Ordering::Greater => "let it go on at another place".to_owned(),
            std::cmp::Ordering::Less => "took a part of it away".to_owned(),
            std::cmp::Ordering::Equal => "moved the ends of its parts".to_owned(),
        };
    };
    let (old, new) = (&*old.quote.exact, &*new.quote.exact);
    if old == new {
        return "moved it to another place with the same wording".to_owned();
    }
    let words = |text: &str| {
        let n = text.split_whitespace().count();
        let s = if n == 1 { "" } else { "s" };
        match text.trim().chars().any(char::is_alphanumeric) {
            true => format!("{} word{s}", number(n)),
            false => "a mark".to_owned(),
        }
    };
    if let Some(more) = new.strip_prefix(old) {
        format!("moved its end on by {}", words(more))
    } else if let Some(more) = old.strip_prefix(new) {
        format!("moved its end back by {}", words(more))
    } else if let Some(more) = new.strip_suffix(old) {
        format!("moved its start back by {}", words(more))
    } else if let Some(more) = old.strip_suffix(new) {
        format!("moved its start on by {}", words(more))
    } else {
        format!("moved both ends; it stood on {}", quoted(old))
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        anchor::describe,
        text::{SourceText, TextRange},
    };

    #[track_caller]
    fn check(before: &str, after: &str, expected: &str) {
        let text = "On Monday the firm denied it again, they say.";
        let source = SourceText::new(text.to_owned()).unwrap();
        let segment = |quote: &str| {
            let at = text.find(quote).unwrap();
            vec![describe(&source, TextRange::from_bytes(at..at + quote.len())).unwrap()]
        };
        assert_eq!(moved(&segment(before), &segment(after)), expected);
    }

    #[test]
    fn ends_move_by_words() {
        check(
            "firm denied",
            "firm denied it again",
            "moved its end on by two words",
        );
        check(
            "firm denied it",
            "firm denied",
            "moved its end back by one word",
        );
        check(
            "the firm",
            "Monday the firm",
            "moved its start back by one word",
        );
        check("again", "again,", "moved its end on by a mark");
        check(
            "Monday the",
            "they say",
            "moved both ends; it stood on “Monday the”",
        );
    }
}
