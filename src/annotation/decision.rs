//! How a difference between annotators was settled: which marks there were, which of them were taken, by whom and
//! why.
//!
//! A decision is kept in the file with the agreed marks. Marks that were not taken are not in that file; the
//! decision names them, and the annotators' own files still have them.

use super::{AgentId, AnnotationId, DecisionId, Kept, StateId, TagId, Timestamp};

/// A settled difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Made from the state of all its marks: the decision answers for what it saw and for nothing else.
    pub id: DecisionId,
    /// When.
    pub when: Timestamp,
    /// By whom; `None` when they did not say.
    pub who: Option<AgentId>,
    /// Why; empty when nobody said.
    pub reason: String,
    /// The marks that there were, sorted by id.
    pub marks: Vec<DecidedMark>,
    /// Fields of a newer version.
    pub kept: Kept,
}

/// One mark that a decision was about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedMark {
    /// The annotation in the annotator's file, and of the agreed mark if it was taken.
    pub id: AnnotationId,
    /// Who made it.
    pub creator: AgentId,
    /// What it said.
    pub state: StateId,
    /// Its wording.
    pub quote: String,
    /// Its tags.
    pub tags: Vec<TagId>,
    /// Whether it was taken.
    pub taken: bool,
    /// Fields of a newer version.
    pub kept: Kept,
}

impl Decision {
    /// The marks that were taken.
    pub fn taken(&self) -> impl Iterator<Item = &DecidedMark> {
        self.marks.iter().filter(|mark| mark.taken)
    }
}
