//! Conflicts: a field that sides have changed differently, kept in the file until a person chooses.
//!
//! Meanwhile the record has one of the values, so that the file opens, is checked and is saved like any other.

use super::{ConflictId, Fingerprint, Kept, RecordRef, Tombstone};
use crate::anchor::Selector;

/// The value of one field, whatever its type in the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// The value has no content but is present: a tag among an annotation's tags; in files of version 1.1, a record as
    /// a whole.
    Present,
    /// A record as a whole, with all its fields as they are.
    Record(Fingerprint),
    /// A text, word, id, colour or time, as a file writes it.
    Text(String),
    /// Several of them in their order.
    List(Vec<String>),
    /// The stretches that an annotation covers.
    Segments(Vec<Selector>),
}

impl FieldValue {
    /// Unambiguous bytes: equal for equal values only. They name conflicts and put values in an order.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::Present => out.push(0),
            Self::Text(text) => {
                out.push(1);
                encode_text(&mut out, text);
            }
            Self::List(texts) => {
                out.push(2);
                for text in texts {
                    encode_text(&mut out, text);
                }
            }
            Self::Segments(segments) => {
                out.push(3);
                for segment in segments {
                    encode_segment(&mut out, segment);
                }
            }
            Self::Record(fingerprint) => {
                out.push(4);
                out.extend_from_slice(fingerprint.as_bytes());
            }
        }
        out
    }
}

pub(super) fn encode_text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&(text.len() as u64).to_be_bytes());
    out.extend_from_slice(text.as_bytes());
}

fn encode_segment(out: &mut Vec<u8>, segment: &Selector) {
    for offset in [segment.position.start, segment.position.end] {
        out.extend_from_slice(&(offset.get() as u64).to_be_bytes());
    }
    let quote = &segment.quote;
    for text in [&quote.exact, &quote.prefix, &quote.suffix] {
        encode_text(out, text);
    }
    out.extend_from_slice(&(segment.kept.iter().count() as u64).to_be_bytes());
    for (name, value) in segment.kept.iter() {
        encode_text(out, name);
        encode_text(out, value);
    }
}

/// What one side made of the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The name of the side: a person, a branch, a file. Several with the same value are joined by commas.
    pub name: String,
    /// The value; `None` when the side emptied the field or removed the record.
    pub value: Option<FieldValue>,
    /// Fields of a newer version.
    pub kept: Kept,
}

/// One field of one record that sides have changed differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Made from everything but the names of the sides: one disagreement has one id wherever it is found. Only
    /// a question that is asked again after it was answered or dropped gets another.
    pub id: ConflictId,
    /// The record.
    pub record: RecordRef,
    /// The field, such as `note` or `attribution/speaker`; empty for the record as a whole.
    pub field: String,
    /// The value before both changes; `None` if the field was empty, or the value is unknown.
    pub base: Option<FieldValue>,
    /// The values of the sides, at least two of them different.
    pub sides: Vec<Side>,
    /// Fields of a newer version.
    pub kept: Kept,
}

impl Conflict {
    /// Returns a conflict with the id that its content gives it.
    pub fn new(
        record: RecordRef,
        field: String,
        base: Option<FieldValue>,
        sides: Vec<Side>,
    ) -> Self {
        let mut bytes = Vec::new();
        encode_text(&mut bytes, record.kind.noun());
        encode_text(&mut bytes, &record.id);
        encode_text(&mut bytes, &field);
        let encoded = |value: &Option<FieldValue>| value.as_ref().map(FieldValue::encode);
        let mut values: Vec<Option<Vec<u8>>> =
            sides.iter().map(|side| encoded(&side.value)).collect();
        values.sort();
        for value in std::iter::once(encoded(&base)).chain(values) {
            match value {
                None => bytes.push(0),
                Some(value) => {
                    bytes.push(1);
                    bytes.extend_from_slice(&(value.len() as u64).to_be_bytes());
                    bytes.extend_from_slice(&value);
                }
            }
        }
        Self {
            id: ConflictId::of_content(&bytes),
            record,
            field,
            base,
            sides,
            kept: Kept::default(),
        }
    }

    /// Returns the same question with another id, because people have answered it differently or dropped it. None of
    /// `answers` counts for it.
    pub fn asked_again<'a>(self, answers: impl Iterator<Item = &'a Tombstone>) -> Self {
        let mut bytes = self.id.as_u128().to_be_bytes().to_vec();
        let record = RecordRef::from(&self.id);
        for answer in answers {
            let seen: Vec<Fingerprint> = answer.seen.iter().copied().collect();
            let answer = Fingerprint::of_removal(&record, (answer.when, answer.who), &seen);
            bytes.extend_from_slice(answer.as_bytes());
        }
        Self {
            id: ConflictId::of_content(&bytes),
            ..self
        }
    }

    /// Returns whether the conflict is about the whole record: one side changed it, another removed it.
    pub fn of_whole_record(&self) -> bool {
        self.field.is_empty()
    }
}
