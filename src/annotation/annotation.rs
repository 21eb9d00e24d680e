//! One mark: which stretches of the article, what is said of them, by whom, when.

use super::{AgentId, AnnotationId, Attribution, ClaimStance, CommentId, Kept, TagId, Timestamp};
use crate::anchor::Selector;
use std::collections::BTreeMap;

/// A passage with what was recorded about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// Its name, given once.
    pub id: AnnotationId,
    /// The stretches it stands on, in the order of reading; at least one. A statement that goes on after
    /// "he said" has two.
    pub segments: Vec<Selector>,
    /// Its tags, sorted, each once. None at all is a plain highlight.
    pub tags: Vec<TagId>,
    /// What the annotator wrote; empty for nothing.
    pub note: String,
    /// What others wrote below it, oldest first.
    pub comments: Vec<Comment>,
    /// Whose statement it is.
    pub attribution: Attribution,
    /// The claims it takes a side on.
    pub claims: Vec<ClaimStance>,
    /// Optional attributes of the codebook by name (`certainty`, `kind`, `case`, …).
    pub attributes: BTreeMap<String, String>,
    /// Who made it.
    pub creator: AgentId,
    /// Who else made the very same mark, independently; sorted, each once.
    pub also_by: Vec<AgentId>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub modified: Timestamp,
    /// Fields of a newer version.
    pub kept: Kept,
}

impl Annotation {
    /// Whether it carries `tag`.
    pub fn has_tag(&self, tag: &TagId) -> bool {
        self.tags.binary_search(tag).is_ok()
    }

    /// Its wording; several segments are joined by ` … `.
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
    /// Its name, given once.
    pub id: CommentId,
    /// Who wrote it.
    pub author: AgentId,
    /// When.
    pub created: Timestamp,
    /// What.
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
    /// Its name, given once and kept in the person's settings.
    pub id: AgentId,
    /// What to call them.
    pub name: String,
    /// Person or program.
    pub kind: AgentKind,
    /// Fields of a newer version.
    pub kept: Kept,
}
