//! Records, fields and values in words that a person reads.

use super::output::one_line;
use crate::{
    anchor::Selector,
    annotation::{
        AgentId, AnnotationId, AnnotationSet, ClaimId, FieldValue, Fields, RecordKind, RecordRef,
        SpeakerId, TagId,
    },
};

/// Longest quotation, name or value that is shown, in code points.
const SHOWN_CHARS: usize = 60;

/// Knows what the records of one file are called. Where that is not known, ids are.
pub struct Names<'a>(pub &'a AnnotationSet);

impl Names<'_> {
    /// What to call a record whose fields are `fields`: an annotation by its wording, others by their names.
    pub fn record(&self, record: &RecordRef, fields: &Fields) -> String {
        let text = |name: &str| match fields.get(name) {
            Some(FieldValue::Text(text)) => Some(quoted(text)),
            _ => None,
        };
        let named = |name: Option<String>| match name {
            Some(name) => format!("{} {name}", record.kind.noun()),
            None => one_line(&record.to_string(), SHOWN_CHARS),
        };
        match (&record.kind, fields.get("segments")) {
            (RecordKind::File | RecordKind::Article, _) if record.id.is_empty() => {
                format!("the {}", record.kind.noun())
            }
            (RecordKind::Annotation, Some(FieldValue::Segments(segments))) => {
                quoted(&wording(segments))
            }
            (RecordKind::Claim, _) => named(text("text")),
            (RecordKind::Link, _) => {
                let end = |name: &str| match fields.get(name) {
                    Some(FieldValue::Text(id)) => self.annotation(id),
                    _ => "nothing".to_owned(),
                };
                format!("link from {} to {}", end("from"), end("to"))
            }
            _ => named(text("name")),
        }
    }

    /// What to call a field.
    pub fn field(&self, field: &str) -> String {
        let (first, rest) = field.split_once('/').unwrap_or((field, ""));
        match (first, rest) {
            ("", _) => "record".to_owned(),
            ("segments", _) => "ends".to_owned(),
            ("tags", tag) => format!("tag {}", self.tag(tag)),
            ("comments", _) => "comment".to_owned(),
            ("claims", claim) => format!("side on the claim {}", self.claim(claim)),
            ("attribution", "speaker") => "speaker".to_owned(),
            ("attribution", "cue") => "cue".to_owned(),
            ("attribution", "mode") => "mode of quotation".to_owned(),
            ("attribution", "reported_by") => "reporters".to_owned(),
            ("attributes" | "kept", name) => format!("`{}`", one_line(name, SHOWN_CHARS)),
            ("text", _) => "text".to_owned(),
            ("file_name", _) => "file name".to_owned(),
            (other, _) => one_line(other, SHOWN_CHARS),
        }
    }

    /// A value of a field.
    pub fn value(&self, field: &str, value: Option<&FieldValue>) -> String {
        match (field, value) {
            ("", None) => "removed".to_owned(),
            (_, None) => "nothing".to_owned(),
            ("", Some(_)) => "kept, as it stands in the file".to_owned(),
            (_, Some(FieldValue::Present)) => "given".to_owned(),
            ("attribution/speaker", Some(FieldValue::Text(id))) => self.speaker(id),
            ("creator", Some(FieldValue::Text(id))) => self.agent(id),
            ("from" | "to", Some(FieldValue::Text(id))) => self.annotation(id),
            (_, Some(FieldValue::Text(text))) => quoted(text),
            (_, Some(FieldValue::Segments(segments))) => quoted(&wording(segments)),
            (field, Some(FieldValue::List(texts))) if field.starts_with("comments/") => {
                let [author, _, text, ..] = texts.as_slice() else {
                    return quoted(&texts.join(", "));
                };
                format!("{} by {}", quoted(text), self.agent(author))
            }
            ("attribution/reported_by", Some(FieldValue::List(ids))) => {
                let names: Vec<String> = ids.iter().map(|id| self.speaker(id)).collect();
                names.join(", ")
            }
            ("text", Some(FieldValue::List(texts))) => {
                let [hash, n_chars, ..] = texts.as_slice() else {
                    return quoted(&texts.join(", "));
                };
                let hash: String = hash.chars().take(15).collect();
                format!(
                    "{} with {n_chars} code points",
                    one_line(&hash, SHOWN_CHARS)
                )
            }
            (_, Some(FieldValue::List(texts))) => quoted(&texts.join(", ")),
        }
    }

    /// The name of the tag with this id.
    pub fn tag(&self, id: &str) -> String {
        let tag = TagId::parse(id);
        let name = tag.as_ref().map(|tag| self.0.tag_name(tag));
        one_line(name.unwrap_or(id), SHOWN_CHARS)
    }

    /// The wording of the annotation with this id; the id itself when it is not there.
    pub fn annotation(&self, id: &str) -> String {
        let annotation = AnnotationId::parse(id).and_then(|id| self.0.annotations.get(&id));
        match annotation {
            Some(annotation) => quoted(&wording(&annotation.segments)),
            None => one_line(id, SHOWN_CHARS),
        }
    }

    fn speaker(&self, id: &str) -> String {
        let speaker = SpeakerId::parse(id).and_then(|id| self.0.speakers.get(&id));
        quoted(speaker.map_or(id, |speaker| &speaker.name))
    }

    fn claim(&self, id: &str) -> String {
        let claim = ClaimId::parse(id).and_then(|id| self.0.claims.get(&id));
        quoted(claim.map_or(id, |claim| &claim.text))
    }

    /// The name of the annotator with this id.
    pub fn agent(&self, id: &str) -> String {
        let agent = AgentId::parse(id).and_then(|id| self.0.agents.get(&id));
        one_line(agent.map_or(id, |agent| &agent.name), SHOWN_CHARS)
    }
}

/// A text in quotation marks, on one line and shortened.
pub fn quoted(text: &str) -> String {
    format!("“{}”", one_line(text, SHOWN_CHARS))
}

fn wording(segments: &[Selector]) -> String {
    let parts: Vec<&str> = segments
        .iter()
        .map(|segment| &*segment.quote.exact)
        .collect();
    parts.join(" … ")
}

/// Small numbers as words.
pub fn number(n: usize) -> String {
    let words = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    words
        .get(n)
        .map_or_else(|| n.to_string(), |word| (*word).to_owned())
}
