//! How much of what was around a passage is still around a place.

use super::{Selector, approx::Pattern};
use crate::text::{SourceText, TextRange};

/// Returns the share of the stored prefix and suffix, 0 to 1, that is directly around `range` to the letter. No stored
/// context at all (a quotation that was the whole text, or a foreign file without any) counts as nothing: 0.
pub fn context_share(text: &SourceText, range: TextRange, selector: &Selector) -> f32 {
    let before = text.as_str().get(..range.start().get()).unwrap_or_default();
    let after = text.as_str().get(range.end().get()..).unwrap_or_default();
    let quote = &selector.quote;
    let same_before = before
        .chars()
        .rev()
        .zip(quote.prefix.chars().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let same_after = after
        .chars()
        .zip(quote.suffix.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let stored = quote.prefix.chars().count() + quote.suffix.chars().count();
    if stored == 0 {
        0.0
    } else {
        (same_before + same_after) as f32 / stored as f32
    }
}

/// The stored neighbours of a passage, folded, ready to be compared with many places.
pub struct Neighbours {
    /// The prefix backwards: it is compared from the passage outwards.
    prefix: Pattern,
    suffix: Pattern,
}

impl Neighbours {
    /// Makes a context from the folded prefix and suffix.
    pub fn new(prefix: &[char], suffix: &[char]) -> Self {
        let backwards: Vec<char> = prefix.iter().rev().copied().collect();
        Self {
            prefix: Pattern::new(&backwards),
            suffix: Pattern::new(suffix),
        }
    }

    /// Returns how alike the neighbours of `start..end` in `text` (folded) are, 0 to 1: one less the edit distance for
    /// each stored character. 0 when nothing is stored.
    pub fn likeness(&self, text: &[char], start: usize, end: usize) -> f32 {
        let stored = self.prefix.len() + self.suffix.len();
        let before = text.get(..start).unwrap_or_default().iter().rev().copied();
        let after = text.get(end..).unwrap_or_default().iter().copied();
        // Only as far as the neighbours can reach, with room for insertions.
        let (_, prefix) = self
            .prefix
            .best_beginning(before.take(2 * self.prefix.len()));
        let (_, suffix) = self
            .suffix
            .best_beginning(after.take(2 * self.suffix.len()));
        if stored == 0 {
            0.0
        } else {
            1.0 - (prefix + suffix) as f32 / stored as f32
        }
    }
}
