//! Limits of a file: enough for any article that people annotate, and little enough for the memory.
//!
//! A file is data from anywhere. Its size is limited by whoever reads it from the disk; these limits hold for
//! what can be small in the file and large in memory. Quotations and the article's own text may be as long as
//! the file, because a passage may be a whole book.

use crate::{
    annotation::{AnnotationSet, Conflict, FieldValue, MAX_TEXT_BYTES},
    format::shown,
};
use serde::de::Error;
use std::cell::Cell;

/// Deepest nesting of brackets. The records need ten levels; a million would overflow the stack.
pub(super) const MAX_DEPTH: usize = 48;
/// Most records of one kind in a file.
pub(super) const MAX_RECORDS: usize = 1_000_000;
/// Most parts of one kind in a record: segments, tags, comments, attributes, ….
pub(super) const MAX_PARTS: usize = 10_000;
/// Most records and parts in all. A segment takes 27 bytes in a file and 72 in memory.
pub(super) const MAX_IN_ALL: usize = 5_000_000;
/// Longest string that is neither a quotation nor the article's text, in bytes.
pub(super) const MAX_STRING_BYTES: usize = MAX_TEXT_BYTES;
/// Most unknown fields that one record carries along. A file with more is no newer version but a mistake.
pub(super) const MAX_FIELDS: usize = 64;
/// Longest value of an unknown field, in bytes.
pub(super) const MAX_VALUE_BYTES: usize = 1 << 20;

thread_local! {
    /// Records and parts read since the parser began. `Deserialize` has no way to hand anything to the
    /// elements of a list, and a parser stays on its thread from its start to its end.
    static N_READ: Cell<usize> = const { Cell::new(0) };
}

/// Starts to count from 0.
pub(super) fn start_counting() {
    N_READ.set(0);
}

/// Counts one record or part more, where `n_here` of its list are there already and `max_here` may be.
///
/// # Errors
/// When that is one too many.
pub(super) fn count_one<E: Error>(n_here: usize, max_here: usize) -> Result<(), E> {
    if n_here >= max_here {
        return Err(E::custom(format!(
            "there are more than {max_here} entries in one list"
        )));
    }
    let n_read = N_READ.get() + 1;
    N_READ.set(n_read);
    if n_read > MAX_IN_ALL {
        return Err(E::custom(format!(
            "there are more than {MAX_IN_ALL} records and entries in the file"
        )));
    }
    Ok(())
}

/// How the message about a string that is too long begins. Its place is where the string begins.
pub(super) const TOO_LONG: &str = "the string has ";

/// Refuses a string that is too long.
///
/// # Errors
/// When it has more than [`MAX_STRING_BYTES`].
pub(super) fn admit_string<E: Error>(text: &str) -> Result<(), E> {
    if text.len() > MAX_STRING_BYTES {
        return Err(E::custom(format!(
            "{TOO_LONG}{} bytes, and at most {MAX_STRING_BYTES} can be read here",
            text.len()
        )));
    }
    Ok(())
}

/// What in a set is more than a file may hold: it could be written, and not be read again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place} has {found} {what}, and a file may hold {most}")]
pub struct TooMuch {
    /// The record, with how its passage begins.
    pub place: String,
    /// Of what there is too much.
    pub what: &'static str,
    /// How much there is.
    pub found: usize,
    /// How much there may be.
    pub most: usize,
}

/// Refuses a set that would not be read again when it was written.
///
/// # Errors
/// The first thing of which there is too much. What a newer version wrote is not looked at: it came out of a file.
pub fn check_fits(set: &AnnotationSet) -> Result<(), TooMuch> {
    let file = || "the file".to_owned();
    at_most(set.annotations.len(), MAX_RECORDS, "annotations", file)?;
    at_most(set.tags.len(), MAX_RECORDS, "tags", file)?;
    at_most(set.speakers.len(), MAX_RECORDS, "speakers", file)?;
    at_most(set.claims.len(), MAX_RECORDS, "claims", file)?;
    at_most(set.links.len(), MAX_RECORDS, "links", file)?;
    at_most(set.agents.len(), MAX_RECORDS, "annotators", file)?;
    at_most(set.tombstones.len(), MAX_RECORDS, "tombstones", file)?;
    at_most(set.conflicts.len(), MAX_RECORDS, "conflicts", file)?;
    at_most(set.decisions.len(), MAX_RECORDS, "decisions", file)?;
    let mut n_in_all = set.annotations.len() + set.tags.len() + set.speakers.len();
    n_in_all += set.claims.len() + set.links.len() + set.agents.len();
    n_in_all += set.tombstones.len() + set.conflicts.len() + set.decisions.len();
    for decision in set.decisions.values() {
        let place = || format!("the decision {}", decision.id);
        at_most(decision.marks.len(), MAX_PARTS, "marks", place)?;
        strings([&decision.reason], place)?;
        strings(decision.marks.iter().map(|mark| &mark.quote), place)?;
        for mark in &decision.marks {
            at_most(mark.tags.len(), MAX_PARTS, "tags", place)?;
            n_in_all += 1 + mark.tags.len();
        }
    }
    for conflict in set.conflicts.values() {
        n_in_all += conflict_parts(conflict)?;
    }
    for (record, tombstone) in &set.tombstones {
        let place = || format!("the removal of {record}");
        at_most(tombstone.seen.len(), MAX_PARTS, "seen values", place)?;
        n_in_all += tombstone.seen.len();
    }
    let article = &set.article;
    let details = [
        &article.file_name,
        &article.title,
        &article.url,
        &article.publisher,
        &article.author,
        &article.date,
    ];
    strings(details, || "the article".to_owned())?;
    for agent in set.agents.values() {
        strings([&agent.name], || "an annotator".to_owned())?;
    }
    for tag in set.tags.values() {
        strings([&tag.name, &tag.guideline], || {
            format!("the tag {}", tag.id)
        })?;
    }
    for speaker in set.speakers.values() {
        let place = || "a speaker".to_owned();
        at_most(speaker.aliases.len(), MAX_PARTS, "aliases", place)?;
        strings([&speaker.name, &speaker.role, &speaker.side], place)?;
        strings(&speaker.aliases, place)?;
        n_in_all += speaker.aliases.len();
    }
    for claim in set.claims.values() {
        strings([&claim.text, &claim.note], || "a claim".to_owned())?;
    }
    for annotation in set.annotations.values() {
        let place = || format!("the annotation “{}”", shown(&annotation.quote(), 40));
        at_most(annotation.segments.len(), MAX_PARTS, "segments", place)?;
        at_most(annotation.tags.len(), MAX_PARTS, "tags", place)?;
        at_most(annotation.also_by.len(), MAX_PARTS, "makers", place)?;
        at_most(annotation.comments.len(), MAX_PARTS, "comments", place)?;
        at_most(annotation.claims.len(), MAX_PARTS, "claims", place)?;
        at_most(annotation.attributes.len(), MAX_PARTS, "attributes", place)?;
        let reporters = &annotation.attribution.reported_by;
        at_most(reporters.len(), MAX_PARTS, "reporters", place)?;
        strings([&annotation.note, &annotation.attribution.cue], place)?;
        strings(
            annotation.comments.iter().map(|comment| &comment.text),
            place,
        )?;
        strings(
            annotation
                .attributes
                .iter()
                .flat_map(|(name, value)| [name, value]),
            place,
        )?;
        n_in_all += annotation.segments.len() + annotation.tags.len() + annotation.also_by.len();
        n_in_all += annotation.comments.len() + annotation.claims.len();
        n_in_all += annotation.attributes.len() + reporters.len();
    }
    at_most(n_in_all, MAX_IN_ALL, "records and entries", file)
}

/// Returns how many parts a conflict has.
fn conflict_parts(conflict: &Conflict) -> Result<usize, TooMuch> {
    let place = || format!("the conflict {}", conflict.id);
    at_most(conflict.sides.len(), MAX_PARTS, "sides", place)?;
    strings([&conflict.field], place)?;
    strings(conflict.sides.iter().map(|side| &side.name), place)?;
    let values = conflict.sides.iter().filter_map(|side| side.value.as_ref());
    let mut n_parts = conflict.sides.len();
    for value in values.chain(&conflict.base) {
        let n_here = match value {
            FieldValue::Present | FieldValue::Record(_) | FieldValue::Text(_) => 0,
            FieldValue::List(texts) => texts.len(),
            FieldValue::Segments(segments) => segments.len(),
        };
        at_most(n_here, MAX_PARTS, "entries", place)?;
        n_parts += n_here;
    }
    Ok(n_parts)
}

fn at_most(
    found: usize,
    most: usize,
    what: &'static str,
    place: impl FnOnce() -> String,
) -> Result<(), TooMuch> {
    if found <= most {
        return Ok(());
    }
    Err(TooMuch {
        place: place(),
        what,
        found,
        most,
    })
}

fn strings<'a>(
    texts: impl IntoIterator<Item = &'a String>,
    place: impl FnOnce() -> String,
) -> Result<(), TooMuch> {
    let longest = texts.into_iter().map(String::len).max().unwrap_or(0);
    at_most(longest, MAX_STRING_BYTES, "bytes in one field", place)
}
