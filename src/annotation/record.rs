//! Names of records of any kind, and tombstones, which refer to them.

use super::{
    AgentId, AnnotationId, ClaimId, CommentId, Conflict, ConflictId, DecisionId, FieldValue,
    Fields, Fingerprint, Kept, LinkId, SpeakerId, TagId, Timestamp,
};
use std::{collections::BTreeSet, fmt};

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
    /// Returns the noun for a record of this kind.
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
    /// The kind of the record.
    pub kind: RecordKind,
    /// The id of the record as written; empty where a file has one record of the kind.
    pub id: Box<str>,
}

impl RecordRef {
    /// Returns the file as a whole.
    pub fn file() -> Self {
        Self {
            kind: RecordKind::File,
            id: "".into(),
        }
    }

    /// Returns the article of an annotation file.
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

/// The record of a removal: a file that still has the removed record is older, not richer.
///
/// A tombstone beside the living record says that the removal was seen and overruled.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tombstone {
    /// The time of the removal.
    pub when: Timestamp,
    /// Who removed the record; `None` if unknown.
    pub who: Option<AgentId>,
    /// The record of the same kind that replaces it now: its id is an alias of that one's.
    pub instead: Option<Box<str>>,
    /// The states that were seen when the record was removed, or the values of a conflict that was settled, each
    /// with [`Fingerprint::of_value`]. One more names the removal itself. Empty in files before version 1.2.
    pub seen: BTreeSet<Fingerprint>,
    /// Fields of a newer version.
    pub kept: Kept,
}

impl Tombstone {
    /// Returns the removal of `record`, by somebody who saw these values. `old` is the tombstone that was beside the
    /// record: what was seen then has been seen now.
    pub fn new(
        record: &RecordRef,
        (when, who): (Timestamp, Option<AgentId>),
        values: impl IntoIterator<Item = Fingerprint>,
        old: Option<&Self>,
    ) -> Self {
        let seen = old.into_iter().flat_map(|old| old.seen.iter().copied());
        let mut seen: BTreeSet<Fingerprint> = seen.chain(values).collect();
        let all: Vec<Fingerprint> = seen.iter().copied().collect();
        seen.insert(Fingerprint::of_removal(record, (when, who), &all));
        Self {
            when,
            who,
            instead: None,
            seen,
            kept: Kept::default(),
        }
    }

    /// Returns what two tombstones of one record say together: the later removal, the alias if either gives one, and
    /// what either saw.
    pub fn together(&self, other: &Self) -> Self {
        let (earlier, later) = if self <= other {
            (self, other)
        } else {
            (other, self)
        };
        let instead = later.instead.clone().or_else(|| earlier.instead.clone());
        Self {
            instead,
            seen: later.seen.union(&earlier.seen).copied().collect(),
            ..later.clone()
        }
    }

    /// Returns whether whoever wrote this knew of the removal `other` of the same record. No clock is compared.
    pub fn knows(&self, other: &Self) -> bool {
        self == other || !other.seen.is_empty() && other.seen.is_subset(&self.seen)
    }
}

impl RecordRef {
    /// Returns the fingerprint of this record with these fields, as tombstones list it.
    pub fn state(&self, fields: &Fields) -> Fingerprint {
        let state = FieldValue::Record(Fingerprint::of_record(fields));
        Fingerprint::of_value(self, "", Some(&state))
    }
}

impl ConflictId {
    /// Returns the fingerprint that the tombstone of a conflict lists when somebody answered it, and not when it went
    /// with its record.
    pub fn answered(&self) -> Fingerprint {
        Fingerprint::of_value(&RecordRef::from(self), "", None)
    }

    /// Returns whether nobody has answered this conflict about a field: `gone`, the tombstone of the conflict, says
    /// only that it went with its record, by `removal`. No clock is compared.
    pub fn fell(&self, gone: &Tombstone, removal: &Tombstone) -> bool {
        !gone.seen.contains(&self.answered()) && !gone.seen.is_disjoint(&removal.seen)
    }
}

impl Conflict {
    /// Returns the values in it as tombstones say that they have seen them.
    pub fn seen(&self) -> Vec<Fingerprint> {
        // Nobody knows whether a base that is not recorded was empty.
        let base = self.base.as_ref().map(Some);
        let values = self.sides.iter().map(|side| side.value.as_ref());
        values
            .chain(base)
            .map(|value| Fingerprint::of_value(&self.record, &self.field, value))
            .collect()
    }

    /// Returns the same as [`seen`](Self::seen), and the value that the record has meanwhile in a file where it has
    /// `fields`; `None` when it is not there.
    pub fn seen_in(&self, fields: Option<&Fields>) -> Vec<Fingerprint> {
        let mut seen = self.seen();
        let whole = fields.map(|fields| FieldValue::Record(Fingerprint::of_record(fields)));
        let shown = match self.of_whole_record() {
            true => whole.as_ref(),
            false => fields.and_then(|fields| fields.get(&self.field)),
        };
        seen.push(Fingerprint::of_value(&self.record, &self.field, shown));
        seen
    }
}
