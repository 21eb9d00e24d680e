//! An annotation as fields.

use super::{Fields, KEPT, Misfit, Record, Taker, misfit, put_kept, put_list, put_text};
use crate::annotation::{
    AgentId, Annotation, AnnotationId, Attribution, ClaimId, ClaimStance, Comment, CommentId,
    FieldValue, Fingerprint, Kept, RecordKind, RecordRef, SpeakerId, TagId, Timestamp, Vocabulary,
};
use std::collections::BTreeMap;

const ATTRIBUTION_KEPT: &str = "attribution/kept/";
const TAGS: &str = "tags/";
const COMMENTS: &str = "comments/";
const ALSO_BY: &str = "also_by/";
const CLAIMS: &str = "claims/";
const ATTRIBUTES: &str = "attributes/";

impl Record for Annotation {
    type Id = AnnotationId;

    fn reference(id: &AnnotationId) -> RecordRef {
        id.into()
    }

    fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        if !self.segments.is_empty() {
            let segments = FieldValue::Segments(self.segments.clone());
            fields.insert("segments".to_owned(), segments);
        }
        for tag in &self.tags {
            fields.insert(format!("{TAGS}{tag}"), FieldValue::Present);
        }
        put_text(&mut fields, "note", &self.note);
        for comment in &self.comments {
            let value = comment_value(comment);
            insert_once_more(&mut fields, COMMENTS, &comment.id.to_string(), value);
        }
        put_attribution(&mut fields, &self.attribution);
        for stance in &self.claims {
            let mut parts = vec![stance.stance.written().to_owned()];
            push_kept(&mut parts, &stance.kept);
            let value = FieldValue::List(parts);
            insert_once_more(&mut fields, CLAIMS, &stance.claim.to_string(), value);
        }
        for (name, value) in &self.attributes {
            fields.insert(
                format!("{ATTRIBUTES}{name}"),
                FieldValue::Text(value.clone()),
            );
        }
        put_text(&mut fields, "creator", &self.creator.to_string());
        for agent in &self.also_by {
            fields.insert(format!("{ALSO_BY}{agent}"), FieldValue::Present);
        }
        put_text(&mut fields, "created", &self.created.to_string());
        put_text(&mut fields, "modified", &self.modified.to_string());
        put_kept(&mut fields, KEPT, &self.kept);
        fields
    }

    fn with_fields(&self, fields: Fields) -> Result<Self, Misfit> {
        let mut taker = Taker(fields);
        let segments = match taker.0.remove("segments") {
            None => Vec::new(),
            Some(FieldValue::Segments(segments)) => segments,
            Some(_) => return Err(misfit("segments")),
        };
        let mut tags = Vec::new();
        for (word, value) in taker.below(TAGS) {
            let tag = TagId::parse(&word).filter(|_| value == FieldValue::Present);
            tags.push(tag.ok_or_else(|| misfit(&format!("{TAGS}{word}")))?);
        }
        tags.sort();
        let mut comments = Vec::new();
        for (name, value) in taker.below(COMMENTS) {
            let comment = comment_of(&name, value);
            comments.push(comment.ok_or_else(|| misfit(&format!("{COMMENTS}{name}")))?);
        }
        comments.sort_by_key(|comment| (comment.created, comment.id));
        let mut claims = Vec::new();
        for (name, value) in taker.below(CLAIMS) {
            let stance = stance_of(&name, value);
            claims.push(stance.ok_or_else(|| misfit(&format!("{CLAIMS}{name}")))?);
        }
        let mut also_by = Vec::new();
        for (id, value) in taker.below(ALSO_BY) {
            let agent = AgentId::parse(&id).filter(|_| value == FieldValue::Present);
            also_by.push(agent.ok_or_else(|| misfit(&format!("{ALSO_BY}{id}")))?);
        }
        also_by.sort();
        let annotation = Self {
            id: self.id,
            segments,
            tags,
            note: taker.text("note")?,
            comments,
            attribution: take_attribution(&mut taker)?,
            claims,
            attributes: taker.texts_below(ATTRIBUTES)?,
            creator: taker.parsed("creator", AgentId::parse)?,
            also_by,
            created: taker.parsed("created", Timestamp::parse)?,
            modified: taker.parsed("modified", Timestamp::parse)?,
            kept: taker.kept(KEPT)?,
        };
        taker.end()?;
        Ok(annotation)
    }

    fn modified(&self) -> Option<Timestamp> {
        Some(self.modified)
    }
}

/// Lists an element under its name, or under its name and a number when there is one of that name already: a
/// file written by hand may have two, and none is lost.
fn insert_once_more(fields: &mut Fields, prefix: &str, name: &str, value: FieldValue) {
    let mut key = format!("{prefix}{name}");
    let mut number = 1;
    while fields.contains_key(&key) {
        number += 1;
        key = format!("{prefix}{name}#{number}");
    }
    fields.insert(key, value);
}

/// Returns the name without the number.
fn first_name(name: &str) -> &str {
    name.split('#').next().unwrap_or_default()
}

/// Returns a comment as one value: author, time, text, then the kept fields as name, value, name, value.
fn comment_value(comment: &Comment) -> FieldValue {
    let mut parts = vec![
        comment.author.to_string(),
        comment.created.to_string(),
        comment.text.clone(),
    ];
    push_kept(&mut parts, &comment.kept);
    FieldValue::List(parts)
}

/// Returns the fields of one comment, given the value that [`comment_value`] made of it; empty for any other value.
pub(crate) fn comment_fields(value: &FieldValue) -> Fields {
    let mut fields = Fields::new();
    if let FieldValue::List(parts) = value
        && let [author, created, text, kept @ ..] = parts.as_slice()
    {
        put_text(&mut fields, "author", author);
        put_text(&mut fields, "created", created);
        put_text(&mut fields, "text", text);
        put_kept(&mut fields, KEPT, &kept_from(kept));
    }
    fields
}

/// Returns the comment that the field `field` of an annotation holds; `None` if it holds no comment.
pub(crate) fn comment_name(field: &str) -> Option<RecordRef> {
    let name = field.strip_prefix(COMMENTS)?;
    Some(RecordRef {
        kind: RecordKind::Comment,
        id: first_name(name).into(),
    })
}

impl Comment {
    /// Returns the fingerprint of the comment as it is, for tombstones.
    pub fn state(&self) -> Fingerprint {
        RecordRef::from(&self.id).state(&comment_fields(&comment_value(self)))
    }
}

fn comment_of(name: &str, value: FieldValue) -> Option<Comment> {
    let FieldValue::List(parts) = value else {
        return None;
    };
    let [author, created, text, kept @ ..] = parts.as_slice() else {
        return None;
    };
    Some(Comment {
        id: CommentId::parse(first_name(name))?,
        author: AgentId::parse(author)?,
        created: Timestamp::parse(created)?,
        text: text.clone(),
        kept: kept_from(kept),
    })
}

fn stance_of(name: &str, value: FieldValue) -> Option<ClaimStance> {
    let FieldValue::List(parts) = value else {
        return None;
    };
    let [stance, kept @ ..] = parts.as_slice() else {
        return None;
    };
    Some(ClaimStance {
        claim: ClaimId::parse(first_name(name))?,
        stance: Vocabulary::of_word(stance),
        kept: kept_from(kept),
    })
}

fn push_kept(parts: &mut Vec<String>, kept: &Kept) {
    for (name, value) in kept.iter() {
        parts.push(name.to_owned());
        parts.push(value.to_owned());
    }
}

fn kept_from(parts: &[String]) -> Kept {
    let pairs = parts.chunks_exact(2).filter_map(|pair| match pair {
        [name, value] => Some((name.clone(), value.clone())),
        _ => None,
    });
    Kept::new(pairs.collect::<BTreeMap<_, _>>())
}

fn put_attribution(fields: &mut Fields, attribution: &Attribution) {
    if let Some(speaker) = attribution.speaker {
        put_text(fields, "attribution/speaker", &speaker.to_string());
    }
    put_text(fields, "attribution/cue", &attribution.cue);
    if let Some(mode) = &attribution.mode {
        put_text(fields, "attribution/mode", mode.written());
    }
    let reporters = attribution.reported_by.iter().map(ToString::to_string);
    put_list(fields, "attribution/reported_by", reporters.collect());
    put_kept(fields, ATTRIBUTION_KEPT, &attribution.kept);
}

fn take_attribution(taker: &mut Taker) -> Result<Attribution, Misfit> {
    let reporters = taker.list("attribution/reported_by")?;
    let reported_by: Option<Vec<SpeakerId>> =
        reporters.iter().map(|id| SpeakerId::parse(id)).collect();
    Ok(Attribution {
        speaker: taker.parsed_if_any("attribution/speaker", SpeakerId::parse)?,
        cue: taker.text("attribution/cue")?,
        mode: taker.parsed_if_any("attribution/mode", |word| Some(Vocabulary::of_word(word)))?,
        reported_by: reported_by.ok_or_else(|| misfit("attribution/reported_by"))?,
        kept: taker.kept(ATTRIBUTION_KEPT)?,
    })
}
