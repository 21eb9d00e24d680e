//! An annotation: its stretches of the article, what was recorded about them, by whom and when.

use super::{AgentId, AnnotationId, Attribution, ClaimStance, CommentId, Kept, TagId, Timestamp};
use crate::anchor::Selector;
use std::collections::BTreeMap;

/// A passage with what was recorded about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// The id, which never changes.
    pub id: AnnotationId,
    /// The stretches that the annotation covers, in reading order; at least one. A statement that continues after
    /// "he said" has two.
    pub segments: Vec<Selector>,
    /// The tags, sorted, each once. An annotation without tags is a plain highlight.
    pub tags: Vec<TagId>,
    /// What the annotator wrote; empty for nothing.
    pub note: String,
    /// The comments, oldest first.
    pub comments: Vec<Comment>,
    /// Whose statement the passage is.
    pub attribution: Attribution,
    /// The claims that the passage takes a side on.
    pub claims: Vec<ClaimStance>,
    /// Optional attributes of the codebook by name (`certainty`, `kind`, `case`, …).
    pub attributes: BTreeMap<String, String>,
    /// Who made the annotation.
    pub creator: AgentId,
    /// Who else made exactly the same annotation, independently; sorted, each once.
    pub also_by: Vec<AgentId>,
    /// The time at which the annotation was made.
    pub created: Timestamp,
    /// The time of the last change.
    pub modified: Timestamp,
    /// Fields of a newer version.
    pub kept: Kept,
}

impl Annotation {
    /// Returns whether the annotation has `tag`.
    pub fn has_tag(&self, tag: &TagId) -> bool {
        self.tags.binary_search(tag).is_ok()
    }

    /// Returns the wording of the annotation; several segments are joined by ` … `.
    pub fn quote(&self) -> String {
        let parts: Vec<&str> = self
            .segments
            .iter()
            .map(|segment| &*segment.quote.exact)
            .collect();
        parts.join(" … ")
    }
}

/// A remark of one person on an annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The id, which never changes.
    pub id: CommentId,
    /// Who wrote the comment.
    pub author: AgentId,
    /// The time of the comment.
    pub created: Timestamp,
    /// The text.
    pub text: String,
    /// Fields of a newer version.
    pub kept: Kept,
}

/// Whether an annotator is a person or a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentKind {
    /// A person.
    Person,
    /// A program.
    Software,
    /// A kind of a newer version, as written.
    Kept(String),
}

/// Somebody who annotates: W3C's *creator*, the "coder" of agreement measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// The id, kept in the person's settings; it never changes.
    pub id: AgentId,
    /// The person's name.
    pub name: String,
    /// Person or program.
    pub kind: AgentKind,
    /// Fields of a newer version.
    pub kept: Kept,
}
