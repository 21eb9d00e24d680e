//! Tombstones and conflicts in the file, there and back: what version 1.1 added, and 1.2 to them.

use super::{
    record::{FieldName, List, Parsed, Text, Unknown, Word, record},
    v1::SegmentRecord,
    write::Emitter,
};
use crate::{
    anchor::{Kept, Selector},
    annotation::{
        AgentId, Conflict, ConflictId, FieldValue, Fingerprint, RecordKind, RecordRef, Side,
        Timestamp, Tombstone, Vocabulary,
    },
};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use std::{fmt, sync::Arc};

record! {
    /// A removal.
    TombstoneRecord as "Tombstone" {
        required { kind: Word<RecordKind>, id: Text, when: Parsed<Timestamp>, }
        optional {
            who: Option<Parsed<AgentId>>,
            instead: Option<Text>,
            seen: List<Parsed<Fingerprint>, Fingerprint>,
        }
    }
}

/// A tombstone with the record it is of.
pub(super) struct Named {
    pub(super) record: RecordRef,
    pub(super) tombstone: Tombstone,
}

impl From<TombstoneRecord> for Arc<Named> {
    fn from(record: TombstoneRecord) -> Self {
        Self::new(Named::from(record))
    }
}

impl From<TombstoneRecord> for Named {
    fn from(record: TombstoneRecord) -> Self {
        Self {
            record: RecordRef {
                kind: record.kind.0,
                id: record.id.0.into(),
            },
            tombstone: Tombstone {
                when: record.when.0,
                who: record.who.map(|who| who.0),
                instead: record.instead.map(|instead| instead.0.into()),
                seen: record.seen.0.into_iter().collect(),
                kept: record.kept,
            },
        }
    }
}

record! {
    /// A conflict.
    ConflictRecord as "Conflict" {
        required { id: Parsed<ConflictId>, kind: Word<RecordKind>, sides: List<SideRecord, Side>, }
        optional { record: Text, field: Text, base: SideRecord, }
    }
}

/// Distinguishes the unknown fields of `base` from the conflict's own: no field's name has a `/`.
const IN_BASE: &str = "base/";

impl From<ConflictRecord> for Arc<Conflict> {
    fn from(record: ConflictRecord) -> Self {
        let base = Side::from(record.base);
        let own = record
            .kept
            .iter()
            .map(|(name, value)| (name.to_owned(), value));
        let in_base = base.kept.iter();
        let in_base = in_base.map(|(name, value)| (format!("{IN_BASE}{name}"), value));
        let kept = own.chain(in_base);
        let kept = kept.map(|(name, value)| (name, value.to_owned())).collect();
        Self::new(Conflict {
            id: record.id.0,
            record: RecordRef {
                kind: record.kind.0,
                id: record.record.0.into(),
            },
            field: record.field.0,
            base: base.value,
            sides: record.sides.0,
            kept: Kept::new(kept),
        })
    }
}

record! {
    /// What one side has: one value, or none when it emptied the field.
    #[derive(Default)]
    SideRecord as "Side" {
        required {}
        optional {
            name: Text,
            present: bool,
            record: Option<Parsed<Fingerprint>>,
            text: Option<String>,
            list: Option<List<String, String>>,
            segments: Option<List<SegmentRecord, Selector>>,
        }
    }
}

impl From<SideRecord> for Side {
    fn from(record: SideRecord) -> Self {
        let text = record.text.map(FieldValue::Text);
        let list = record.list.map(|list| FieldValue::List(list.0));
        let segments = record
            .segments
            .map(|segments| FieldValue::Segments(segments.0));
        let whole = record.record.map(|it| FieldValue::Record(it.0));
        let present = record.present.then_some(FieldValue::Present);
        Self {
            name: record.name.0,
            value: text.or(list).or(segments).or(whole).or(present),
            kept: record.kept,
        }
    }
}

impl Emitter {
    pub(super) fn tombstone(&mut self, (record, tombstone): (&RecordRef, &Tombstone)) {
        self.bare("kind", record.kind.written());
        self.text("id", &record.id);
        self.shown("when", tombstone.when);
        if let Some(who) = tombstone.who {
            self.bare("who", format_args!("Some(\"{who}\")"));
        }
        if let Some(instead) = &tombstone.instead {
            self.some("instead", |e| e.quoted(instead));
        }
        self.texts("seen", tombstone.seen.iter().map(ToString::to_string));
        self.kept(&tombstone.kept, "");
    }

    pub(super) fn conflict(&mut self, conflict: &Conflict) {
        self.shown("id", conflict.id);
        self.bare("kind", conflict.record.kind.written());
        self.text_if_any("record", &conflict.record.id);
        self.text_if_any("field", &conflict.field);
        let has_base = conflict
            .kept
            .iter()
            .any(|(name, _)| name.starts_with(IN_BASE));
        if conflict.base.is_some() || has_base {
            self.record("base", |e| {
                e.value(conflict.base.as_ref());
                e.kept(&conflict.kept, IN_BASE);
            });
        }
        if conflict.sides.is_empty() {
            self.bare("sides", "[]");
        }
        self.list("sides", conflict.sides.iter(), Self::side);
        self.kept(&conflict.kept, "");
    }

    fn side(&mut self, side: &Side) {
        self.text_if_any("name", &side.name);
        self.value(side.value.as_ref());
        self.kept(&side.kept, "");
    }

    fn value(&mut self, value: Option<&FieldValue>) {
        match value {
            None => {}
            Some(FieldValue::Present) => self.bare("present", true),
            Some(FieldValue::Record(fingerprint)) => {
                // To a program that knows version 1.1 only, it is there.
                self.bare("present", true);
                self.bare("record", format_args!("Some(\"{fingerprint}\")"));
            }
            Some(FieldValue::Text(text)) => self.some("text", |e| e.quoted(text)),
            Some(FieldValue::List(texts)) => self.some("list", |e| e.quoted_list(texts.iter())),
            Some(FieldValue::Segments(segments)) => self.some("segments", |e| {
                e.records(segments.iter(), Self::segment);
            }),
        }
    }
}
