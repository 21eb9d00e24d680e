//! How any record is named, whatever its kind: for what is said about records, such as that one was removed.

use super::{
    AgentId, AnnotationId, ClaimId, CommentId, ConflictId, DecisionId, LinkId, SpeakerId, TagId,
    Timestamp,
};
use std::fmt;

/// The kinds of records of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// The file as a whole; there is one.
    File,
    /// An article: the one of an annotation file, or one of a collection.
    Article,
    /// An annotation.
    Annotation,
    /// A comment on an annotation.
    Comment,
    /// A tag.
    Tag,
    /// An annotator.
    Agent,
    /// A speaker.
    Speaker,
    /// A claim.
    Claim,
    /// A link.
    Link,
    /// A conflict.
    Conflict,
    /// A decision about a difference between annotators.
    Decision,
    /// A kind of a newer version, as written.
    Kept(String),
}

impl RecordKind {
    /// What to call one of it in a sentence.
    pub fn noun(&self) -> &str {
        match self {
            Self::File => "file",
            Self::Article => "article",
            Self::Annotation => "annotation",
            Self::Comment => "comment",
            Self::Tag => "tag",
            Self::Agent => "annotator",
            Self::Speaker => "speaker",
            Self::Claim => "claim",
            Self::Link => "link",
            Self::Conflict => "conflict",
            Self::Decision => "decision",
            Self::Kept(written) => written,
        }
    }
}

/// Names one record of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordRef {
    /// What it is.
    pub kind: RecordKind,
    /// Its id as written; empty where there is one of the kind.
    pub id: Box<str>,
}

impl RecordRef {
    /// The file as a whole.
    pub fn file() -> Self {
        Self {
            kind: RecordKind::File,
            id: "".into(),
        }
    }

    /// The article of an annotation file.
    pub fn article() -> Self {
        Self {
            kind: RecordKind::Article,
            id: "".into(),
        }
    }
}

impl fmt::Display for RecordRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.noun())?;
        if self.id.is_empty() {
            return Ok(());
        }
        write!(f, " {}", self.id)
    }
}

macro_rules! named {
    ($($kind:ident: $id:ty,)*) => {
        $(impl From<&$id> for RecordRef {
            fn from(id: &$id) -> Self {
                Self { kind: RecordKind::$kind, id: id.to_string().into() }
            }
        })*
    };
}

named! {
    Annotation: AnnotationId,
    Comment: CommentId,
    Tag: TagId,
    Agent: AgentId,
    Speaker: SpeakerId,
    Claim: ClaimId,
    Link: LinkId,
    Conflict: ConflictId,
    Decision: DecisionId,
}

/// Says that a record was removed, so that a file which still has it is known to be older, not richer.
///
/// One that stands beside the living record says that the removal was seen and overruled.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tombstone {
    /// When.
    pub when: Timestamp,
    /// By whom; `None` when they did not say.
    pub who: Option<AgentId>,
    /// The record of the same kind that stands for it now: its id is an alias of that one's.
    pub instead: Option<Box<str>>,
    /// Fields of a newer version.
    pub kept: super::Kept,
}

impl Tombstone {
    /// What two of one record say together: the later removal, and the alias if either gives one.
    pub fn together(&self, other: &Self) -> Self {
        let (earlier, later) = if self <= other {
            (self, other)
        } else {
            (other, self)
        };
        let instead = later.instead.clone().or_else(|| earlier.instead.clone());
        Self {
            instead,
            ..later.clone()
        }
    }
}
