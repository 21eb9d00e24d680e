//! A link from one annotation to another.

use super::{AgentId, AnnotationId, Kept, LinkId, Timestamp};

/// What the first annotation is to the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// It answers it: a denial the allegation.
    RespondsTo,
    /// It gives a reason for it.
    Supports,
    /// It is the same statement at another place.
    SameStatement,
    /// A kind of a newer version, as written.
    Kept(String),
}

/// A link between two annotations. An end that does not exist any more stays written and is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its name, given once.
    pub id: LinkId,
    /// The annotation that links.
    pub from: AnnotationId,
    /// The annotation that is linked to.
    pub to: AnnotationId,
    /// What the one is to the other.
    pub kind: LinkKind,
    /// Who made it.
    pub creator: AgentId,
    /// When.
    pub created: Timestamp,
    /// Fields of a newer version.
    pub kept: Kept,
}
