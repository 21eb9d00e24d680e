//! The two W3C selectors that describe a passage, always kept together.
//!
//! <https://www.w3.org/TR/annotation-model/#text-position-selector> and `#text-quote-selector`.

use super::Kept;
use crate::text::CharOffset;

/// The position of a passage: Unicode code points from 0, start included, end excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextPositionSelector {
    /// Code points before the passage.
    pub start: CharOffset,
    /// Code points up to and including its last one.
    pub end: CharOffset,
}

/// What a passage says, and what is just before and after it. All three exactly as in the text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextQuoteSelector {
    /// The passage itself.
    pub exact: Box<str>,
    /// Up to 32 code points before it; fewer only at the start of the text.
    pub prefix: Box<str>,
    /// Up to 32 code points after it; fewer only at the end of the text.
    pub suffix: Box<str>,
}

/// One stretch of text as evidence: never rewritten by a mere guess, whatever becomes of the article.
///
/// In order of their places, as in a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Selector {
    /// The position of the passage.
    pub position: TextPositionSelector,
    /// What it said.
    pub quote: TextQuoteSelector,
    /// Fields of a newer version; gone when the passage is described again.
    pub kept: Kept,
}
