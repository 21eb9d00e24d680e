//! A link from one annotation to another.

use super::{AgentId, AnnotationId, Kept, LinkId, Timestamp};

/// How the first annotation relates to the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// The first annotation answers the second, as a denial answers an allegation.
    RespondsTo,
    /// The first annotation gives a reason for the second.
    Supports,
    /// The first annotation is the same statement at another place.
    SameStatement,
    /// A kind of a newer version, as written.
    Kept(String),
}

/// A link between two annotations. An end that no longer exists is kept and reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The id, which never changes.
    pub id: LinkId,
    /// The annotation that links.
    pub from: AnnotationId,
    /// The annotation that is linked to.
    pub to: AnnotationId,
    /// How the first relates to the second.
    pub kind: LinkKind,
    /// Who made the link.
    pub creator: AgentId,
    /// The time at which the link was made.
    pub created: Timestamp,
    /// Fields of a newer version.
    pub kept: Kept,
}
