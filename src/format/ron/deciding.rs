//! Decisions about differences between annotators in the file, there and back: what version 1.2 added.

use super::{
    record::{FieldName, List, Parsed, Text, Unknown, record},
    write::Emitter,
};
use crate::{
    anchor::Kept,
    annotation::{
        AgentId, AnnotationId, DecidedMark, Decision, DecisionId, StateId, TagId, Timestamp,
    },
};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use std::{fmt, sync::Arc};

record! {
    /// A settled difference.
    DecisionRecord as "Decision" {
        required {
            id: Parsed<DecisionId>,
            when: Parsed<Timestamp>,
            marks: List<MarkRecord, DecidedMark>,
        }
        optional { who: Option<Parsed<AgentId>>, reason: Text, }
    }
}

impl From<DecisionRecord> for Arc<Decision> {
    fn from(record: DecisionRecord) -> Self {
        Self::new(Decision {
            id: record.id.0,
            when: record.when.0,
            who: record.who.map(|who| who.0),
            reason: record.reason.0,
            marks: record.marks.0,
            kept: record.kept,
        })
    }
}

record! {
    /// A mark that it was about.
    MarkRecord as "Mark" {
        required {
            id: Parsed<AnnotationId>,
            creator: Parsed<AgentId>,
            state: Parsed<StateId>,
        }
        optional { quote: Text, tags: List<Parsed<TagId>, TagId>, taken: bool, }
    }
}

impl From<MarkRecord> for DecidedMark {
    fn from(record: MarkRecord) -> Self {
        Self {
            id: record.id.0,
            creator: record.creator.0,
            state: record.state.0,
            quote: record.quote.0,
            tags: record.tags.0,
            taken: record.taken,
            kept: record.kept,
        }
    }
}

impl Emitter {
    pub(super) fn decision(&mut self, decision: &Decision) {
        self.shown("id", decision.id);
        self.shown("when", decision.when);
        if let Some(who) = decision.who {
            self.bare("who", format_args!("Some(\"{who}\")"));
        }
        self.text_if_any("reason", &decision.reason);
        if decision.marks.is_empty() {
            self.bare("marks", "[]");
        }
        self.list("marks", decision.marks.iter(), Self::decided_mark);
        self.kept(&decision.kept, "");
    }

    fn decided_mark(&mut self, mark: &DecidedMark) {
        self.shown("id", mark.id);
        self.shown("creator", mark.creator);
        self.shown("state", mark.state);
        self.text_if_any("quote", &mark.quote);
        self.texts("tags", mark.tags.iter().map(TagId::as_str));
        if mark.taken {
            self.bare("taken", true);
        }
        self.kept(&mark.kept, "");
    }
}
