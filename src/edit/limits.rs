//! Refuses a change that would write a name too long, or one record too many, into a file.
//!
//! Only new values are checked: a file of an earlier version may contain more, and is unchanged while something else
//! in it is edited.

use super::{Change, Diff, EditError, Slot};
use crate::{
    annotation::{
        Annotation, AnnotationSet, Article, MAX_ADDRESS_CHARS, MAX_NAME_CHARS, MAX_NAMED_RECORDS,
        MAX_TEXT_BYTES, Speaker,
    },
    text::is_longer,
};

/// Refuses `change`, which is about to be made to `set`, if it contains too much. Takes time in proportion to the change.
///
/// # Errors
/// [`EditError::TooLong`] and [`EditError::TooMany`].
pub fn check(set: &AnnotationSet, change: &Change) -> Result<(), EditError> {
    let (mut tags, mut speakers, mut agents) = (0, 0, 0);
    for diff in &change.diffs {
        match diff {
            Diff::Tag(slot) => {
                tags += count(slot);
                name(slot, |tag| &tag.name, "the name of the tag")?;
                text(slot, |tag| &tag.guideline, "the guideline")?;
            }
            Diff::Speaker(slot) => {
                speakers += count(slot);
                speaker(slot)?;
            }
            Diff::Agent(slot) => {
                agents += count(slot);
                name(slot, |agent| &agent.name, "the name of the annotator")?;
            }
            Diff::Claim(slot) => {
                text(slot, |claim| &claim.text, "the claim")?;
                text(slot, |claim| &claim.note, "the note")?;
            }
            Diff::Annotation(slot) => annotation(slot)?,
            Diff::Article { before, after } => article(before, after)?,
            Diff::Link(_)
            | Diff::Tombstone(_)
            | Diff::Conflict(_)
            | Diff::Decision(_)
            | Diff::Kept { .. } => {}
        }
    }
    at_most(set.tags.len(), tags, "tags")?;
    at_most(set.speakers.len(), speakers, "speakers")?;
    at_most(set.agents.len(), agents, "annotators")
}

/// Returns 1 for a record that is added, -1 for one that is removed.
fn count<K, V>(slot: &Slot<K, V>) -> isize {
    match (&slot.before, &slot.after) {
        (None, Some(_)) => 1,
        (Some(_), None) => -1,
        _ => 0,
    }
}

fn at_most(n_now: usize, n_more: isize, what: &'static str) -> Result<(), EditError> {
    let found = n_now.saturating_add_signed(n_more);
    if n_more <= 0 || found <= MAX_NAMED_RECORDS {
        return Ok(());
    }
    Err(EditError::TooMany {
        what,
        found,
        most: MAX_NAMED_RECORDS,
    })
}

/// Checks a field of a record, if it differs from before.
fn changed<K, V>(slot: &Slot<K, V>, field: fn(&V) -> &String) -> Option<&String> {
    let after = field(slot.after.as_deref()?);
    let is_same = slot
        .before
        .as_deref()
        .is_some_and(|before| field(before) == after);
    (!is_same).then_some(after)
}

fn name<K, V>(
    slot: &Slot<K, V>,
    field: fn(&V) -> &String,
    what: &'static str,
) -> Result<(), EditError> {
    changed(slot, field).map_or(Ok(()), |value| short(value, MAX_NAME_CHARS, what))
}

fn text<K, V>(
    slot: &Slot<K, V>,
    field: fn(&V) -> &String,
    what: &'static str,
) -> Result<(), EditError> {
    changed(slot, field).map_or(Ok(()), |value| fits(value, what))
}

/// Refuses a name of more than `most` code points.
fn short(value: &str, most: usize, what: &'static str) -> Result<(), EditError> {
    if !is_longer(value, most) {
        return Ok(());
    }
    Err(EditError::TooLong {
        what,
        found: value.chars().count(),
        most,
        unit: "characters",
    })
}

/// Refuses a text that could be written but not read again.
fn fits(value: &str, what: &'static str) -> Result<(), EditError> {
    if value.len() <= MAX_TEXT_BYTES {
        return Ok(());
    }
    Err(EditError::TooLong {
        what,
        found: value.len(),
        most: MAX_TEXT_BYTES,
        unit: "bytes",
    })
}

fn speaker<K>(slot: &Slot<K, Speaker>) -> Result<(), EditError> {
    name(slot, |speaker| &speaker.name, "the name of the speaker")?;
    name(slot, |speaker| &speaker.role, "the role of the speaker")?;
    name(slot, |speaker| &speaker.side, "the side of the speaker")?;
    let Some(after) = &slot.after else {
        return Ok(());
    };
    let known = slot.before.as_ref().map_or(&[][..], |it| &it.aliases);
    for alias in after.aliases.iter().filter(|alias| !known.contains(alias)) {
        short(alias, MAX_NAME_CHARS, "the alias of the speaker")?;
    }
    Ok(())
}

fn annotation<K>(slot: &Slot<K, Annotation>) -> Result<(), EditError> {
    text(slot, |annotation| &annotation.note, "the note")?;
    name(slot, |annotation| &annotation.attribution.cue, "the cue")?;
    let Some(after) = &slot.after else {
        return Ok(());
    };
    let before = slot.before.as_deref();
    let known = before.map_or(&[][..], |it| &it.comments);
    if known != after.comments.as_slice() {
        for comment in &after.comments {
            fits(&comment.text, "the comment")?;
        }
    }
    if before.map(|it| &it.attributes) != Some(&after.attributes) {
        for (key, value) in &after.attributes {
            let is_known = before.is_some_and(|it| it.attributes.contains_key(key));
            if !is_known {
                short(key, MAX_NAME_CHARS, "the name of the attribute")?;
            }
            fits(value, "the attribute")?;
        }
    }
    Ok(())
}

fn article(before: &Article, after: &Article) -> Result<(), EditError> {
    let names = [
        (&before.file_name, &after.file_name, "the file name"),
        (&before.title, &after.title, "the title"),
        (&before.publisher, &after.publisher, "the publisher"),
        (&before.author, &after.author, "the author"),
        (&before.date, &after.date, "the date"),
    ];
    for (before, after, what) in names {
        if before != after {
            short(after, MAX_NAME_CHARS, what)?;
        }
    }
    if before.url != after.url {
        short(&after.url, MAX_ADDRESS_CHARS, "the address")?;
    }
    Ok(())
}
