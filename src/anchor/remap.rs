//! Where the passages of one wording stand in another, when both are at hand: by what the two have in common.
//!
//! First the lines are compared, then, between lines that agree, the words. The left end of a passage leans to
//! the right and the right end to the left: what was inserted at its edge, or put in place of its first or last
//! word, is not part of it. No string is searched for, so nothing can be taken for what it only resembles.

use super::common::common_tokens;
use super::words::{slices, words};
use crate::text::{SourceText, TextRange};
use std::ops::Range;

/// Lines that agree part two changed stretches only when they hold this many bytes besides blanks: blank lines
/// and lone brackets agree with any other.
const MIN_ANCHOR_BYTES: usize = 24;

/// What two editions of an article have in common.
#[derive(Clone, Debug)]
pub struct Remap {
    old: SourceText,
    new: SourceText,
    blocks: Vec<Block>,
}

/// Bytes that stand in both texts, ascending in both; no two blocks touch in both.
#[derive(Clone, Copy, Debug)]
struct Block {
    old: usize,
    new: usize,
    len: usize,
}

/// Where a passage went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mapped {
    /// From the first to the last of its words that are still there.
    pub range: TextRange,
    /// Bytes of it that are still there.
    pub n_kept: usize,
    /// Bytes around and with the passage that stand unchanged in one piece; 0 when the passage itself does not.
    pub unbroken: usize,
}

impl Remap {
    /// Compares two editions. Linear where they agree; changed stretches cost the number of their words times
    /// the number of differences in them at worst.
    pub fn new(old: &SourceText, new: &SourceText) -> Self {
        let mut remap = Self {
            old: old.clone(),
            new: new.clone(),
            blocks: Vec::new(),
        };
        let (old_lines, new_lines) = (lines(old.as_str()), lines(new.as_str()));
        let common = common_tokens(
            slices(old.as_str(), &old_lines),
            slices(new.as_str(), &new_lines),
        );
        let (mut old_at, mut new_at) = (0, 0);
        for part in common {
            let bytes = |lines: &[Range<usize>], first: usize| -> Option<Range<usize>> {
                let last = lines.get(first + part.n_tokens.checked_sub(1)?)?;
                Some(lines.get(first)?.start..last.end)
            };
            let (Some(old_lines), Some(new_lines)) =
                (bytes(&old_lines, part.old), bytes(&new_lines, part.new))
            else {
                continue;
            };
            let unchanged = old.as_str().get(old_lines.clone()).unwrap_or_default();
            let n_ink: usize = unchanged
                .split_whitespace()
                .map(str::len)
                .take(MIN_ANCHOR_BYTES)
                .sum();
            if n_ink < MIN_ANCHOR_BYTES {
                continue;
            }
            remap.compare_words(old_at..old_lines.start, new_at..new_lines.start);
            remap.add(old_lines.start, new_lines.start, old_lines.len());
            (old_at, new_at) = (old_lines.end, new_lines.end);
        }
        remap.compare_words(old_at..old.len(), new_at..new.len());
        remap
    }

    fn compare_words(&mut self, old: Range<usize>, new: Range<usize>) {
        if old.is_empty() || new.is_empty() {
            return;
        }
        let (old_text, new_text) = (self.old.clone(), self.new.clone());
        let old_text = old_text.as_str().get(old.clone()).unwrap_or_default();
        let new_text = new_text.as_str().get(new.clone()).unwrap_or_default();
        let (old_words, new_words) = (words(old_text), words(new_text));
        for part in common_tokens(slices(old_text, &old_words), slices(new_text, &new_words)) {
            for idx in 0..part.n_tokens {
                if let (Some(was), Some(is)) =
                    (old_words.get(part.old + idx), new_words.get(part.new + idx))
                {
                    self.add(old.start + was.start, new.start + is.start, was.len());
                }
            }
        }
    }

    /// Appends a block; one that the same bytes part from the last is one with it.
    fn add(&mut self, old: usize, new: usize, len: usize) {
        if let Some(last) = self.blocks.last_mut() {
            let between_old = self.old.as_str().get(last.old + last.len..old);
            let between_new = self.new.as_str().get(last.new + last.len..new);
            if between_old.is_some() && between_old == between_new {
                last.len = old + len - last.old;
                return;
            }
        }
        self.blocks.push(Block { old, new, len });
    }

    /// The text the passages were marked in.
    pub fn old(&self) -> &SourceText {
        &self.old
    }

    /// The text they are mapped into.
    pub fn new_text(&self) -> &SourceText {
        &self.new
    }

    /// Where the bytes of `range`, in the old text, stand in the new one; `None` when none of them does. O(log n)
    /// and the number of changes in the passage.
    pub fn map(&self, range: TextRange) -> Option<Mapped> {
        let (start, end) = (range.start().get(), range.end().get());
        let first = self
            .blocks
            .partition_point(|block| block.old + block.len <= start);
        let inside = self
            .blocks
            .get(first..)?
            .iter()
            .take_while(|block| block.old < end);
        let (mut mapped, mut n_kept): (Option<Range<usize>>, usize) = (None, 0);
        for block in inside {
            let (from, to) = (start.max(block.old), end.min(block.old + block.len));
            let shifted = |at: usize| block.new + (at - block.old);
            n_kept += to - from;
            mapped = Some(mapped.map_or(shifted(from), |range| range.start)..shifted(to));
        }
        let unbroken = self
            .blocks
            .get(first)
            .filter(|block| block.old <= start && end <= block.old + block.len)
            .map_or(0, |block| block.len);
        mapped.map(|range| Mapped {
            range: TextRange::from_bytes(range),
            n_kept,
            unbroken,
        })
    }

    /// The most that may stand in the new text for `range` of the old one: from what stands before it in both to what
    /// stands after it in both.
    pub fn map_widely(&self, range: TextRange) -> TextRange {
        let (start, end) = (range.start().get(), range.end().get());
        let n_before = self.blocks.partition_point(|block| block.old < start);
        let before = n_before.checked_sub(1).and_then(|idx| self.blocks.get(idx));
        let low = before.map_or(0, |block| block.new + block.len.min(start - block.old));
        let first_after = self
            .blocks
            .partition_point(|block| block.old + block.len <= end);
        let after = self.blocks.get(first_after);
        let high = after.map_or(self.new.len(), |block| {
            block.new + end.saturating_sub(block.old)
        });
        TextRange::from_bytes(low..high.max(low))
    }

    /// Share, 0 to 1, of the bytes of `range`, in the new text, that came from the old one at the place where
    /// they stand: such text is no candidate for a passage that went from somewhere else.
    pub fn share_known(&self, range: TextRange) -> f32 {
        let (start, end) = (range.start().get(), range.end().get());
        let first = self
            .blocks
            .partition_point(|block| block.new + block.len <= start);
        let inside = self.blocks.get(first..).unwrap_or_default();
        let n_known: usize = inside
            .iter()
            .take_while(|block| block.new < end)
            .map(|block| end.min(block.new + block.len) - start.max(block.new))
            .sum();
        n_known as f32 / range.len().max(1) as f32
    }
}

fn lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut found = Vec::new();
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1) {
        found.push(start..end);
        start = end;
    }
    if start < text.len() {
        found.push(start..text.len());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> SourceText {
        SourceText::new(text.to_owned()).unwrap()
    }

    /// Maps what stands in brackets in `old`; the result must be what stands in brackets in `new`, or nothing.
    #[track_caller]
    fn check(old: &str, new: &str) {
        let range = |text: &str| {
            let start = text.find('[')?;
            Some(TextRange::from_bytes(start..text.find(']')? - 1))
        };
        let plain = |text: &str| source(&text.replace(['[', ']'], ""));
        let remap = Remap::new(&plain(old), &plain(new));
        let mapped = remap.map(range(old).unwrap()).map(|mapped| mapped.range);
        assert_eq!(mapped, range(new), "{old} → {new}");
    }

    #[test]
    fn ends_lean_inwards() {
        check(
            "He [denied it] today.",
            "He firmly [denied it] again today.",
        );
        check("He [denied it] today.", "He [denied all of it] today.");
        check("He [never denied it] today.", "He has [denied it] today.");
        check("He [denied it all] today.", "He [denied it] today.");
        check("He [denied it]. Then he left.", "He left.");
        check("公司[否认指控]。", "公司昨天[否认指控]。");
        check("אתמול [הכחיש השר] הכול.", "אתמול בערב [הכחיש השר] הכול.");
    }

    #[test]
    fn blank_lines_do_not_hold_texts_together() {
        check(
            "One thing happened.\n\nAnother [one was denied].\n\nEnd.",
            "A new start, long and wordy.\n\nOne thing occurred.\n\nAnother [one was indeed denied].\n\nEnd.",
        );
    }

    #[test]
    fn what_stood_there_before_is_known() {
        let remap = Remap::new(&source("one two three"), &source("one two new three"));
        assert_eq!(remap.share_known(TextRange::from_bytes(0..7)), 1.0);
        assert_eq!(remap.share_known(TextRange::from_bytes(8..11)), 0.0);
    }
}
