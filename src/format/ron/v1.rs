//! The records of version 1 as they are in the file and in the program.
//!
//! Frozen once released: a minor version adds optional fields and words, and nothing else. These types only
//! read; the writer goes straight from the domain's.

use super::{
    deciding::DecisionRecord,
    merging::{ConflictRecord, Named, TombstoneRecord},
    record::{FieldName, Given, List, Parsed, StringMap, Table, Text, Unknown, Word, record},
    values::Key,
};
use crate::{
    anchor::{Kept, Selector, TextPositionSelector, TextQuoteSelector},
    annotation::{
        Agent, AgentId, AgentKind, Annotation, AnnotationId, Article, Attribution, Claim, ClaimId,
        ClaimStance, Comment, CommentId, Conflict, Decision, Link, LinkId, LinkKind, Pattern,
        QuoteMode, Rgb8, Speaker, SpeakerId, Stance, Tag, TagId, Timestamp,
    },
    text::{CharOffset, EditionId, Newline},
};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use std::{collections::BTreeMap, fmt, sync::Arc};

record! {
    /// The whole file.
    #[expect(dead_code, reason = "format and version are read with the header, before the records")]
    File as "File" {
        required {
            format: Text,
            version: (u16, u16),
            article: ArticleRecord,
        }
        optional {
            writer: Text,
            agents: Table<AgentRecord, Arc<Agent>>,
            tags: Table<TagRecord, Arc<Tag>>,
            speakers: Table<SpeakerRecord, Arc<Speaker>>,
            claims: Table<ClaimRecord, Arc<Claim>>,
            links: Table<LinkRecord, Arc<Link>>,
            annotations: Table<AnnotationRecord, Arc<Annotation>>,
            tombstones: Table<TombstoneRecord, Named>,
            conflicts: Table<ConflictRecord, Arc<Conflict>>,
            decisions: Table<DecisionRecord, Arc<Decision>>,
        }
    }
}

record! {
    /// Which text was annotated.
    ArticleRecord as "Article" {
        required {
            file_name: Text,
            hash: Parsed<EditionId>,
        }
        optional {
            length_code_points: u64,
            length_bytes: u64,
            encoding: Given<Text>,
            newline: Parsed<Newline>,
            title: Text,
            url: Text,
            publisher: Text,
            author: Text,
            date: Text,
            text: Option<String>,
        }
    }
}

impl From<ArticleRecord> for Article {
    fn from(record: ArticleRecord) -> Self {
        Self {
            file_name: record.file_name.0,
            edition: record.hash.0,
            n_chars: count(record.length_code_points),
            n_bytes: count(record.length_bytes),
            encoding: record
                .encoding
                .0
                .map_or_else(|| "UTF-8".to_owned(), |text| text.0),
            newline: record.newline.0,
            title: record.title.0,
            url: record.url.0,
            publisher: record.publisher.0,
            author: record.author.0,
            date: record.date.0,
            embedded_text: record.text.map(Arc::from),
            kept: record.kept,
        }
    }
}

record! {
    /// A person or program that annotates.
    AgentRecord as "Agent" {
        required { id: Parsed<AgentId>, }
        optional { name: Text, kind: Word<AgentKind>, }
    }
}

impl From<AgentRecord> for Arc<Agent> {
    fn from(record: AgentRecord) -> Self {
        Self::new(Agent {
            id: record.id.0,
            name: record.name.0,
            kind: record.kind.0,
            kept: record.kept,
        })
    }
}

record! {
    /// A category.
    TagRecord as "Tag" {
        required { id: Parsed<TagId>, }
        optional {
            name: Given<Text>,
            colour: Parsed<Rgb8>,
            pattern: Word<Pattern>,
            key: Option<Parsed<Key>>,
            guideline: Text,
        }
    }
}

impl From<TagRecord> for Arc<Tag> {
    fn from(record: TagRecord) -> Self {
        let id = record.id.0;
        Self::new(Tag {
            name: record
                .name
                .0
                .map_or_else(|| id.as_str().to_owned(), |text| text.0),
            id,
            colour: record.colour.0,
            pattern: record.pattern.0,
            key: record.key.map(|key| key.0.0),
            guideline: record.guideline.0,
            kept: record.kept,
        })
    }
}

record! {
    /// Somebody whose statements are reported.
    SpeakerRecord as "Speaker" {
        required { id: Parsed<SpeakerId>, }
        optional { name: Text, aliases: List<Text, String>, role: Text, side: Text, }
    }
}

impl From<SpeakerRecord> for Arc<Speaker> {
    fn from(record: SpeakerRecord) -> Self {
        Self::new(Speaker {
            id: record.id.0,
            name: record.name.0,
            aliases: record.aliases.0,
            role: record.role.0,
            side: record.side.0,
            kept: record.kept,
        })
    }
}

record! {
    /// An assertion.
    ClaimRecord as "Claim" {
        required { id: Parsed<ClaimId>, }
        optional { text: Text, note: Text, }
    }
}

impl From<ClaimRecord> for Arc<Claim> {
    fn from(record: ClaimRecord) -> Self {
        Self::new(Claim {
            id: record.id.0,
            text: record.text.0,
            note: record.note.0,
            kept: record.kept,
        })
    }
}

record! {
    /// What one annotation is to another.
    LinkRecord as "Link" {
        required {
            id: Parsed<LinkId>,
            from: Parsed<AnnotationId>,
            to: Parsed<AnnotationId>,
            kind: Word<LinkKind>,
            creator: Parsed<AgentId>,
            created: Parsed<Timestamp>,
        }
        optional {}
    }
}

impl From<LinkRecord> for Arc<Link> {
    fn from(record: LinkRecord) -> Self {
        Self::new(Link {
            id: record.id.0,
            from: record.from.0,
            to: record.to.0,
            kind: record.kind.0,
            creator: record.creator.0,
            created: record.created.0,
            kept: record.kept,
        })
    }
}

record! {
    /// A mark.
    AnnotationRecord as "Annotation" {
        required {
            id: Parsed<AnnotationId>,
            segments: List<SegmentRecord, Selector>,
            creator: Parsed<AgentId>,
            created: Parsed<Timestamp>,
        }
        optional {
            tags: List<Parsed<TagId>, TagId>,
            note: Text,
            comments: List<CommentRecord, Comment>,
            attribution: AttributionRecord,
            claims: List<StanceRecord, ClaimStance>,
            attributes: StringMap,
            also_by: List<Parsed<AgentId>, AgentId>,
            modified: Given<Parsed<Timestamp>>,
        }
    }
}

impl From<AnnotationRecord> for Arc<Annotation> {
    fn from(record: AnnotationRecord) -> Self {
        let mut tags = record.tags.0;
        tags.sort();
        tags.dedup();
        let mut also_by = record.also_by.0;
        also_by.sort();
        also_by.dedup();
        Self::new(Annotation {
            id: record.id.0,
            segments: record.segments.0,
            tags,
            note: record.note.0,
            comments: record.comments.0,
            attribution: record.attribution.into(),
            claims: record.claims.0,
            attributes: record.attributes.0,
            creator: record.creator.0,
            also_by,
            created: record.created.0,
            modified: record.modified.0.map_or(record.created.0, |time| time.0),
            kept: record.kept,
        })
    }
}

record! {
    /// One stretch of text.
    SegmentRecord as "Segment" {
        required { position: PositionRecord, }
        optional { quote: QuoteRecord, }
    }
}

record! {
    /// Its position: code points from 0, end excluded.
    PositionRecord as "Position" {
        required { start: u64, end: u64, }
        optional {}
    }
}

record! {
    /// What it said.
    #[derive(Default)]
    QuoteRecord as "Quote" {
        required {}
        optional { exact: Box<str>, prefix: Text, suffix: Text, }
    }
}

impl From<SegmentRecord> for Selector {
    fn from(record: SegmentRecord) -> Self {
        let SegmentRecord {
            position,
            quote,
            kept,
        } = record;
        Self {
            position: TextPositionSelector {
                start: CharOffset::new(count(position.start)),
                end: CharOffset::new(count(position.end)),
            },
            quote: TextQuoteSelector {
                exact: quote.exact,
                prefix: quote.prefix.into(),
                suffix: quote.suffix.into(),
            },
            kept: join_kept(kept, &position.kept, &quote.kept),
        }
    }
}

/// Distinguishes the kept fields of the two inner records from the segment's own: no field's name has a `/`.
pub(super) const IN_POSITION: &str = "position/";
pub(super) const IN_QUOTE: &str = "quote/";

/// Returns a segment carries the unknown fields of its two inner records along with its own.
fn join_kept(own: Kept, position: &Kept, quote: &Kept) -> Kept {
    if position.is_empty() && quote.is_empty() {
        return own;
    }
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    for (prefix, kept) in [("", &own), (IN_POSITION, position), (IN_QUOTE, quote)] {
        for (name, value) in kept.iter() {
            all.insert(format!("{prefix}{name}"), value.to_owned());
        }
    }
    Kept::new(all)
}

record! {
    /// A remark.
    CommentRecord as "Comment" {
        required {
            id: Parsed<CommentId>,
            author: Parsed<AgentId>,
            created: Parsed<Timestamp>,
        }
        optional { text: Text, }
    }
}

impl From<CommentRecord> for Comment {
    fn from(record: CommentRecord) -> Self {
        Self {
            id: record.id.0,
            author: record.author.0,
            created: record.created.0,
            text: record.text.0,
            kept: record.kept,
        }
    }
}

record! {
    /// Whose statement it is.
    #[derive(Default)]
    AttributionRecord as "Attribution" {
        required {}
        optional {
            speaker: Option<Parsed<SpeakerId>>,
            cue: Text,
            mode: Option<Word<QuoteMode>>,
            reported_by: List<Parsed<SpeakerId>, SpeakerId>,
        }
    }
}

impl From<AttributionRecord> for Attribution {
    fn from(record: AttributionRecord) -> Self {
        Self {
            speaker: record.speaker.map(|id| id.0),
            cue: record.cue.0,
            mode: record.mode.map(|mode| mode.0),
            reported_by: record.reported_by.0,
            kept: record.kept,
        }
    }
}

record! {
    /// The side taken on a claim.
    StanceRecord as "ClaimStance" {
        required { claim: Parsed<ClaimId>, stance: Word<Stance>, }
        optional {}
    }
}

impl From<StanceRecord> for ClaimStance {
    fn from(record: StanceRecord) -> Self {
        Self {
            claim: record.claim.0,
            stance: record.stance.0,
            kept: record.kept,
        }
    }
}

/// Returns a count that fits this machine; a larger one becomes the largest, which no text reaches.
fn count(written: u64) -> usize {
    usize::try_from(written).unwrap_or(usize::MAX)
}
