//! Fingerprints of values, by which a tombstone names the states that were seen.

use super::{AgentId, FieldValue, Fields, RecordRef, Timestamp, Vocabulary, conflict::encode_text};
use std::fmt;

/// BLAKE3-256 of an unambiguous encoding, the one described in `docs/FILE-FORMAT.md`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Returns the fingerprint of a record, of all its fields, those of newer versions included.
    pub fn of_record(fields: &Fields) -> Self {
        let mut bytes = Vec::new();
        for (name, value) in fields {
            encode_text(&mut bytes, name);
            encode_bytes(&mut bytes, &value.encode());
        }
        Self::of(&bytes)
    }

    /// Returns the fingerprint of one value of one field of one record; an empty field has one as well.
    pub fn of_value(record: &RecordRef, field: &str, value: Option<&FieldValue>) -> Self {
        let mut bytes = encode_record(record);
        encode_text(&mut bytes, field);
        match value {
            None => bytes.push(0),
            Some(value) => {
                bytes.push(1);
                encode_bytes(&mut bytes, &value.encode());
            }
        }
        Self::of(&bytes)
    }

    /// Returns the fingerprint of one removal, which distinguishes it from every other removal of the same record.
    pub(super) fn of_removal(
        record: &RecordRef,
        (when, who): (Timestamp, Option<AgentId>),
        seen: &[Self],
    ) -> Self {
        let mut bytes = encode_record(record);
        encode_text(&mut bytes, &when.to_string());
        encode_text(
            &mut bytes,
            &who.map(|who| who.to_string()).unwrap_or_default(),
        );
        for fingerprint in seen {
            bytes.extend_from_slice(&fingerprint.0);
        }
        Self::of(&bytes)
    }

    /// Returns the bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads `blake3:` and 64 hexadecimal digits; `None` for anything else.
    pub fn parse(written: &str) -> Option<Self> {
        let digits = written.strip_prefix("blake3:")?;
        let hash = blake3::Hash::from_hex(digits).ok()?;
        Some(Self(*hash.as_bytes()))
    }

    fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }
}

fn encode_record(record: &RecordRef) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode_text(&mut bytes, record.kind.written());
    encode_text(&mut bytes, &record.id);
    bytes
}

fn encode_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
    out.extend_from_slice(bytes);
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "blake3:{}", blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn different_records_and_values_have_different_fingerprints() {
        let text = |text: &str| FieldValue::Text(text.to_owned());
        let record = |pairs: &[(&str, &str)]| {
            let fields: Fields = pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), text(value)))
                .collect::<BTreeMap<_, _>>();
            Fingerprint::of_record(&fields)
        };
        let all = [
            record(&[]),
            record(&[("note", "a")]),
            record(&[("note", "b")]),
            record(&[("note", "a"), ("text", "")]),
            record(&[("note", "a"), ("kept/x", "1")]),
        ];
        let of = |field, value| Fingerprint::of_value(&RecordRef::article(), field, value);
        let values = [
            of("note", None),
            of("note", Some(&text(""))),
            of("note", Some(&FieldValue::Present)),
            of("title", None),
            Fingerprint::of_value(&RecordRef::file(), "note", None),
        ];
        let mut distinct: Vec<Fingerprint> = all.into_iter().chain(values).collect();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), all.len() + values.len());
        let written = values[0].to_string();
        assert_eq!(Fingerprint::parse(&written), Some(values[0]));
        assert_eq!(Fingerprint::parse("blake3:00"), None);
    }
}
