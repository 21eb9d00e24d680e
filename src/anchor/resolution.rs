//! The result of looking for a passage, with the evidence for it.

use super::{Selector, WordChange, word_diff};
use crate::text::{SourceText, TextRange};

/// The rung of the ladder that found a passage, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
    /// The wording is at the stored offset of the text it was marked on.
    Position,
    /// The old text is available, and comparing the two texts leads there.
    Comparison,
    /// The text has changed, but the wording is at the stored offset between the stored neighbours.
    SamePlace,
    /// The wording was found to the letter.
    Quote,
    /// The wording was found but for blanks, quotation marks, dashes, hyphens and the like.
    Folded,
    /// Parts of the wording were found, in order, and of its neighbours.
    Parts,
    /// The neighbours of the passage were found, and this is between them.
    Bracket,
    /// The stretch of text that resembles the passage most.
    Resemblance,
}

impl Rung {
    /// Returns one word or two for lists and exports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Position => "position",
            Self::Comparison => "comparison",
            Self::SamePlace => "same-place",
            Self::Quote => "quote",
            Self::Folded => "folded",
            Self::Parts => "parts",
            Self::Bracket => "bracket",
            Self::Resemblance => "resemblance",
        }
    }
}

/// A place where a passage may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// The place in the present text.
    pub range: TextRange,
    /// The rung that found it.
    pub rung: Rung,
    /// How much of the wording is the same, 0 to 1: one less the edit distance for each character, both wordings
    /// folded; for `Comparison` and `Parts` the share of the bytes of the longer one that both have.
    pub wording: f32,
    /// How much of the stored neighbours is around it, 0 to 1.
    pub context: f32,
}

impl Candidate {
    /// Returns wording and context in one number, 0 to 1: the wording weighs a little more.
    pub fn score(&self) -> f32 {
        0.55 * self.wording + 0.45 * self.context
    }
}

/// Why a passage has no place in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The file has no wording for the passage.
    NoQuote,
    /// The wording does not occur in the text, and nothing there resembles it enough.
    NotInText,
    /// The old text is available, and comparing the two shows that it was removed.
    Removed,
}

/// The result for one passage. Only the first two are ever accepted without a person.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolution {
    /// The passage is where it was marked.
    Exact {
        /// The place in the present text.
        range: TextRange,
        /// The rung that found it.
        rung: Rung,
    },
    /// The passage is elsewhere, and its place is certain.
    Moved {
        /// The place in the present text.
        range: TextRange,
        /// The rung that found it.
        rung: Rung,
        /// Share of the stored context found around it, 0 to 1.
        context: f32,
    },
    /// The wording has changed; this is very likely the new one.
    Changed {
        /// The place, and how much it resembles the passage.
        best: Candidate,
    },
    /// The passage may be in any of these places.
    Ambiguous {
        /// The places, in text order; at most 64.
        candidates: Vec<Candidate>,
    },
    /// The passage is not in the text.
    Orphan {
        /// The reason.
        missing: Missing,
        /// The place that resembles the passage most, if any: too little to be called the same passage.
        best: Option<Candidate>,
    },
}

impl Resolution {
    /// Returns where the passage is, if that is certain.
    pub fn range(&self) -> Option<TextRange> {
        match self {
            Self::Exact { range, .. } | Self::Moved { range, .. } => Some(*range),
            Self::Changed { .. } | Self::Ambiguous { .. } | Self::Orphan { .. } => None,
        }
    }

    /// Returns one word for lists and exports: `exact`, `moved`, `changed`, `ambiguous` or `orphan`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Exact { .. } => "exact",
            Self::Moved { .. } => "moved",
            Self::Changed { .. } => "changed",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Orphan { .. } => "orphan",
        }
    }

    /// Returns how much there is to decide, for finding the weakest of several: 0 for exact to 4 for an orphan.
    pub fn weakness(&self) -> u8 {
        match self {
            Self::Exact { .. } => 0,
            Self::Moved { .. } => 1,
            Self::Changed { .. } => 2,
            Self::Ambiguous { .. } => 3,
            Self::Orphan { .. } => 4,
        }
    }

    /// Returns the places a person may choose from; none where the passage is certain.
    pub fn candidates(&self) -> &[Candidate] {
        match self {
            Self::Exact { .. } | Self::Moved { .. } => &[],
            Self::Changed { best } => std::slice::from_ref(best),
            Self::Ambiguous { candidates } => candidates,
            Self::Orphan { best, .. } => best.as_slice(),
        }
    }

    /// Returns the word diff from the stored wording to the one proposed; `None` unless it is `Changed`, or an
    /// `Orphan` with something like it.
    pub fn diff(&self, text: &SourceText, selector: &Selector) -> Option<Vec<WordChange>> {
        let candidate = match self {
            Self::Changed { best }
            | Self::Orphan {
                best: Some(best), ..
            } => best,
            _ => return None,
        };
        Some(word_diff(
            &selector.quote.exact,
            text.slice_or_empty(candidate.range),
        ))
    }
}
