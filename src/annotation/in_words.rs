//! Describes records, fields, values and conflicts for people, in the same words everywhere.

use super::{
    AgentId, AnnotationId, AnnotationSet, ClaimId, Conflict, FieldValue, Fields, LinkId,
    RecordKind, RecordRef, Side, SpeakerId, TagId, settle::WRITTEN_SINCE, unify::living,
};
use crate::anchor::Selector;

/// Makes text of a file safe to show: on one line, cut, without deceptive characters.
pub type OneLine = fn(&str) -> String;

/// The names of the records of one file; ids where a name is unknown.
pub struct Names<'a> {
    set: Option<&'a AnnotationSet>,
    one_line: OneLine,
}

/// A conflict in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConflictWords {
    /// The record.
    pub record: String,
    /// The field, or what happened to the whole record.
    pub about: String,
    /// The value before both changes, if known.
    pub before: Option<String>,
    /// The values of the sides.
    pub sides: Vec<SideWords>,
}

/// A side of a conflict in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideWords {
    /// `ours` or `theirs`, of more than two `side 3`; `written since` for what is in the file instead by now.
    pub role: String,
    /// The name of the side; empty if it adds nothing to the role.
    pub name: String,
    /// The side's value.
    pub value: String,
}

impl ConflictWords {
    /// Returns record and field: `“The firm denied it”: the note`.
    pub fn what(&self) -> String {
        format!("{}: {}", self.record, self.about)
    }
}

impl SideWords {
    /// Returns role and name: `ours (Ana)`.
    pub fn whose(&self) -> String {
        match self.name.as_str() {
            "" => self.role.clone(),
            name => format!("{} ({name})", self.role),
        }
    }
}

impl<'a> Names<'a> {
    /// Returns the names in `set`, or none.
    pub fn new(set: Option<&'a AnnotationSet>, one_line: OneLine) -> Self {
        Self { set, one_line }
    }
}

impl Names<'_> {
    /// Returns a conflict, as [`super::as_asked`] has it, about a record whose fields are `fields`.
    pub fn conflict(&self, conflict: &Conflict, fields: &Fields) -> ConflictWords {
        let field = conflict.field.as_str();
        let is_whole = conflict.of_whole_record();
        let is_since = |side: &Side| side.name == WRITTEN_SINCE;
        let n_sides = conflict.sides.iter().filter(|it| !is_since(it)).count();
        let values = self.told_apart(conflict);
        let sides = conflict
            .sides
            .iter()
            .zip(values)
            .enumerate()
            .map(|(n, (side, value))| {
                let role = match (n, n_sides) {
                    _ if is_since(side) => WRITTEN_SINCE.to_owned(),
                    (0, 2) => "ours".to_owned(),
                    (1, 2) => "theirs".to_owned(),
                    _ => format!("side {}", n + 1),
                };
                let name = self.one_line(&side.name);
                SideWords {
                    name: if name == role { String::new() } else { name },
                    value,
                    role,
                }
            });
        let before = conflict.base.as_ref().filter(|_| !is_whole);
        ConflictWords {
            record: self.record(&conflict.record, fields),
            about: match is_whole {
                true => "changed by one side, removed by another".to_owned(),
                false => format!("the {}", self.field(field)),
            },
            before: before.map(|base| self.value(field, Some(base))),
            sides: sides.collect(),
        }
    }

    /// Returns the values of the sides. Where two that differ would read the same, because only their beginnings are
    /// shown, they begin shortly before the first difference; the same wording at two places has its place.
    fn told_apart(&self, conflict: &Conflict) -> Vec<String> {
        let field = conflict.field.as_str();
        let values = || conflict.sides.iter().map(|side| side.value.as_ref());
        let plain: Vec<String> = values().map(|value| self.value(field, value)).collect();
        if !has_twice(&plain) {
            return plain;
        }
        if matches!(field, "attribution/speaker" | "creator" | "from" | "to") {
            let with_id = values().zip(plain).map(|(value, plain)| match value {
                Some(FieldValue::Text(id)) => format!("{plain} ({})", self.one_line(id)),
                _ => plain,
            });
            return with_id.collect();
        }
        let texts: Vec<Option<String>> = values().map(readable).collect();
        let n_common = common_chars(texts.iter().flatten());
        let from_difference = values()
            .zip(&texts)
            .zip(plain)
            .map(|((value, text), plain)| {
                let place = match value {
                    Some(FieldValue::Segments(segments)) => place_of(segments),
                    _ => String::new(),
                };
                match text {
                    Some(text) if n_common > CHARS_BEFORE => {
                        let rest: String = text.chars().skip(n_common - CHARS_BEFORE).collect();
                        format!("“…{}”{place}", self.one_line(&rest))
                    }
                    _ => format!("{plain}{place}"),
                }
            });
        from_difference.collect()
    }

    /// Returns the name of a record whose fields are `fields`: an annotation by its wording, others by their names.
    pub fn record(&self, record: &RecordRef, fields: &Fields) -> String {
        let text = |name: &str| match fields.get(name) {
            Some(FieldValue::Text(text)) => Some(self.quoted(text)),
            _ => None,
        };
        let named = |name: Option<String>| match name {
            Some(name) => format!("{} {name}", record.kind.noun()),
            None => self.one_line(&record.to_string()),
        };
        match (&record.kind, fields.get("segments")) {
            (RecordKind::File | RecordKind::Article, _) if record.id.is_empty() => {
                format!("the {}", record.kind.noun())
            }
            (RecordKind::Annotation, Some(FieldValue::Segments(segments))) => {
                self.quoted(&wording(segments))
            }
            (RecordKind::Claim, _) => named(text("text")),
            (RecordKind::Decision, _) => named(self.decided(fields)),
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

    /// Returns the name of a field.
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
            ("attributes" | "kept", name) => format!("`{}`", self.one_line(name)),
            ("also_by", agent) => format!("second annotator {}", self.agent(agent)),
            ("marks", mark) => format!("mark {}", self.one_line(mark)),
            ("text", _) => "text".to_owned(),
            ("file_name", _) => "file name".to_owned(),
            (other, _) => self.one_line(other),
        }
    }

    /// Returns a value of a field.
    pub fn value(&self, field: &str, value: Option<&FieldValue>) -> String {
        match (field, value) {
            ("", None) => "removed".to_owned(),
            (_, None) => "nothing".to_owned(),
            ("", Some(_)) => "kept as it is in the file".to_owned(),
            (_, Some(FieldValue::Present | FieldValue::Record(_))) => "given".to_owned(),
            ("attribution/speaker", Some(FieldValue::Text(id))) => self.speaker(id),
            ("creator", Some(FieldValue::Text(id))) => self.agent(id),
            ("from" | "to", Some(FieldValue::Text(id))) => self.annotation(id),
            (_, Some(FieldValue::Text(text))) => self.quoted(text),
            (_, Some(FieldValue::Segments(segments))) => self.quoted(&wording(segments)),
            (field, Some(FieldValue::List(texts))) if field.starts_with("comments/") => {
                let [author, _, text, ..] = texts.as_slice() else {
                    return self.quoted(&texts.join(", "));
                };
                format!("{} by {}", self.quoted(text), self.agent(author))
            }
            ("attribution/reported_by", Some(FieldValue::List(ids))) => {
                let names: Vec<String> = ids.iter().map(|id| self.speaker(id)).collect();
                names.join(", ")
            }
            ("text", Some(FieldValue::List(texts))) => {
                let [hash, n_chars, ..] = texts.as_slice() else {
                    return self.quoted(&texts.join(", "));
                };
                let hash: String = hash.chars().take(15).collect();
                format!("{} with {n_chars} code points", self.one_line(&hash))
            }
            ("answer", Some(FieldValue::List(texts))) => self.answer(texts),
            (field, Some(FieldValue::List(texts))) if field.starts_with("marks/") => {
                let [creator, _, quote, tags, ..] = texts.as_slice() else {
                    return self.quoted(&texts.join(", "));
                };
                let tags: Vec<String> = tags.split_whitespace().map(|tag| self.tag(tag)).collect();
                let (whose, tags) = (self.agent(creator), tags.join(", "));
                format!("{} as {tags} by {whose}", self.quoted(quote))
            }
            (_, Some(FieldValue::List(texts))) => self.quoted(&texts.join(", ")),
        }
    }

    /// Returns the wording of the first mark that a decision with these fields was about.
    fn decided(&self, fields: &Fields) -> Option<String> {
        let mut marks = fields.iter().filter(|(name, _)| name.starts_with("marks/"));
        let (_, FieldValue::List(parts)) = marks.next()? else {
            return None;
        };
        Some(format!("about {}", self.quoted(parts.get(2)?)))
    }

    /// Returns which marks were chosen, by whom, why.
    fn answer(&self, parts: &[String]) -> String {
        let [_, who, reason, taken @ ..] = parts else {
            return self.quoted(&parts.join(", "));
        };
        let what = match taken {
            [] => "none of the marks".to_owned(),
            taken => {
                let marks: Vec<String> = taken.iter().map(|id| self.annotation(id)).collect();
                marks.join(" and ")
            }
        };
        let who = match who.as_str() {
            "" => String::new(),
            who => format!(", said {}", self.agent(who)),
        };
        match reason.as_str() {
            "" => format!("{what}{who}"),
            reason => format!("{what}{who}: {}", self.quoted(reason)),
        }
    }

    /// Returns the name of the tag with this id.
    pub fn tag(&self, id: &str) -> String {
        let tag = TagId::parse(id);
        let name = self
            .set
            .zip(tag.as_ref())
            .map(|(set, tag)| set.tag_name(tag));
        self.one_line(name.unwrap_or(id))
    }

    /// Returns the wording of the annotation with this id; the id itself when it is not there.
    pub fn annotation(&self, id: &str) -> String {
        let annotation = AnnotationId::parse(id).and_then(|id| self.set?.annotations.get(&id));
        match annotation {
            Some(annotation) => self.quoted(&wording(&annotation.segments)),
            None => self.one_line(id),
        }
    }

    /// Returns what the link with this id leads from and to; `None` when it is not there.
    pub fn link_ends(&self, id: LinkId) -> Option<[String; 2]> {
        let link = self.set?.links.get(&id)?;
        Some([link.from, link.to].map(|id| self.annotation(&id.to_string())))
    }

    /// Returns a text in quotation marks, on one line and shortened.
    pub fn quoted(&self, text: &str) -> String {
        format!("“{}”", self.one_line(text))
    }

    /// Returns a text of the file, on one line and shortened.
    pub fn one_line(&self, text: &str) -> String {
        (self.one_line)(text)
    }

    fn speaker(&self, id: &str) -> String {
        let id = &*self.living(RecordKind::Speaker, id);
        let speaker = SpeakerId::parse(id).and_then(|id| self.set?.speakers.get(&id));
        self.quoted(speaker.map_or(id, |speaker| &speaker.name))
    }

    /// Returns the id of the record that `id` is an alias of, or `id` itself.
    fn living(&self, kind: RecordKind, id: &str) -> Box<str> {
        match self.set {
            Some(set) => living(set, kind, id),
            None => id.into(),
        }
    }

    fn claim(&self, id: &str) -> String {
        let id = &*self.living(RecordKind::Claim, id);
        let claim = ClaimId::parse(id).and_then(|id| self.set?.claims.get(&id));
        self.quoted(claim.map_or(id, |claim| &claim.text))
    }

    /// Returns the name of the annotator with this id.
    pub fn agent(&self, id: &str) -> String {
        let id = &*self.living(RecordKind::Agent, id);
        let agent = AgentId::parse(id).and_then(|id| self.set?.agents.get(&id));
        self.one_line(agent.map_or(id, |agent| &agent.name))
    }
}

/// How much is shown before the first difference of two long values, in code points.
const CHARS_BEFORE: usize = 20;

fn has_twice(texts: &[String]) -> bool {
    let mut others = texts.iter();
    while let Some(text) = others.next() {
        if others.clone().any(|other| other == text) {
            return true;
        }
    }
    false
}

/// Returns the readable part of a value that is a text or a passage.
fn readable(value: Option<&FieldValue>) -> Option<String> {
    match value? {
        FieldValue::Text(text) => Some(text.clone()),
        FieldValue::List(texts) => Some(texts.join(", ")),
        FieldValue::Segments(segments) => Some(wording(segments)),
        FieldValue::Present | FieldValue::Record(_) => None,
    }
}

/// Returns how many code points all texts begin with.
fn common_chars<'a>(texts: impl Iterator<Item = &'a String> + Clone) -> usize {
    let Some(first) = texts.clone().next() else {
        return 0;
    };
    let with_first = |other: &String| {
        let pairs = first.chars().zip(other.chars());
        pairs.take_while(|(a, b)| a == b).count()
    };
    texts.map(with_first).min().unwrap_or(0)
}

/// Returns where segments are: ` (characters 3 to 9, 12 to 20)`.
fn place_of(segments: &[Selector]) -> String {
    let places = segments.iter().map(|segment| {
        let position = segment.position;
        format!("{} to {}", position.start.get(), position.end.get())
    });
    format!(" (characters {})", places.collect::<Vec<_>>().join(", "))
}

fn wording(segments: &[Selector]) -> String {
    let parts: Vec<&str> = segments
        .iter()
        .map(|segment| &*segment.quote.exact)
        .collect();
    parts.join(" … ")
}
