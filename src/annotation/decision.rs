//! How a difference between annotators was settled: which marks were compared, which were chosen, by whom and
//! why.
//!
//! A decision is kept in the file with the agreed marks. Marks that were not chosen are not in that file; the
//! decision names them, and the annotators' own files still have them.

use super::{AgentId, AnnotationId, DecisionId, Kept, StateId, TagId, Timestamp};

/// A settled difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The id, a hash of the states of all marks: the decision counts for these states only.
    pub id: DecisionId,
    /// The time of the decision.
    pub when: Timestamp,
    /// Who decided; `None` if unknown.
    pub who: Option<AgentId>,
    /// The reason; empty if none was given.
    pub reason: String,
    /// The marks that were compared, sorted by id.
    pub marks: Vec<DecidedMark>,
    /// Fields of a newer version.
    pub kept: Kept,
}

/// One mark that a decision was about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedMark {
    /// The annotation in the annotator's file, and of the agreed mark if it was chosen.
    pub id: AnnotationId,
    /// Who made the mark.
    pub creator: AgentId,
    /// The state of the mark.
    pub state: StateId,
    /// The wording of the passage.
    pub quote: String,
    /// The tags of the mark.
    pub tags: Vec<TagId>,
    /// Whether the mark was chosen.
    pub taken: bool,
    /// Fields of a newer version.
    pub kept: Kept,
}

impl Decision {
    /// Returns the marks that were chosen.
    pub fn taken(&self) -> impl Iterator<Item = &DecidedMark> {
        self.marks.iter().filter(|mark| mark.taken)
    }
}
