//! Maps passages of one edition to another, when both texts are available.
//!
//! Lines are compared first, then the words between lines that are the same. A passage maps to the stretch from its
//! first to its last word that is still there: text inserted at its edge, or in place of its first or last word, is not
//! part of it. Nothing is searched for, so nothing is mistaken for the passage because it resembles it.

use super::align::{Block, align};
use crate::text::{ByteOffset, SourceText, TextRange, boundary};
use std::ops::Range;

/// Blocks on each side of a passage that are tried for another comparison as good as this one.
const MAX_NEIGHBOURS: usize = 8;
/// How far from the passage, in bytes. Only a text that repeats itself has a longer stretch twice.
const MAX_SLIDE: usize = 64 * 1024;

/// What two editions of an article have in common.
#[derive(Clone, Debug)]
pub struct Remap {
    old: SourceText,
    new: SourceText,
    blocks: Vec<Block>,
}

/// The new place of a passage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mapped {
    /// From the first to the last of its words that are still there.
    pub range: TextRange,
    /// Bytes of it that are still there.
    pub n_kept: usize,
    /// Length of the unchanged stretch that contains the passage, in bytes; 0 when the passage itself changed.
    pub unbroken: usize,
}

impl Remap {
    /// Compares two editions. Linear where they agree, and little more where they do not.
    pub fn new(old: &SourceText, new: &SourceText) -> Self {
        Self {
            old: old.clone(),
            new: new.clone(),
            blocks: align(old, new),
        }
    }

    /// Returns the text the passages were marked in.
    pub fn old(&self) -> &SourceText {
        &self.old
    }

    /// Returns the text they are mapped into.
    pub fn new_text(&self) -> &SourceText {
        &self.new
    }

    /// Returns where `range` of the old text is in the new one: from the first to the last of its bytes that are still
    /// there. `None` when none is. O(log n), plus the number of changes in the passage, plus its length if it changed.
    pub fn map(&self, range: TextRange) -> Option<Mapped> {
        let mapped = self.map_by_blocks(range)?;
        if mapped.n_kept == range.len() {
            return Some(mapped);
        }
        Some(self.slide(range).unwrap_or(mapped))
    }

    /// Returns the place where the passage is unchanged, if the block that has most of it can be extended to cover it
    /// at the cost of the neighbouring blocks.
    ///
    /// When "The A." is removed from "The A. [The B].", a comparison may keep the first "The" and lose the one in the
    /// passage. Either way keeps as many words, but only one keeps the passage whole.
    fn slide(&self, range: TextRange) -> Option<Mapped> {
        let (start, end) = (range.start().get(), range.end().get());
        if range.len() > MAX_SLIDE {
            return None;
        }
        let most = self.blocks_in(range).max_by_key(|block| {
            let (from, to) = (start.max(block.old), end.min(block.old + block.len));
            (to - from, std::cmp::Reverse(block.old))
        })?;
        let new_start = (most.new + start).checked_sub(most.old)?;
        let new = new_start..new_start + range.len();
        let (old_bytes, new_bytes) = (self.old.as_str().as_bytes(), self.new.as_str().as_bytes());
        let (wording, there) = (old_bytes.get(start..end)?, new_bytes.get(new.clone())?);
        // A combining accent after the last letter makes it another letter.
        let is_whole = |at: usize| {
            let at = ByteOffset::new(at);
            boundary::floor_grapheme(&self.new, at) == at
        };
        let is_there = wording == there && is_whole(new.start) && is_whole(new.end);
        is_there.then(|| Mapped {
            range: TextRange::from_bytes(new),
            n_kept: range.len(),
            unbroken: end.max(most.old + most.len) - start.min(most.old),
        })
    }

    /// Returns the blocks that overlap `range` in the old text.
    fn blocks_in(&self, range: TextRange) -> impl Iterator<Item = &Block> {
        let (start, end) = (range.start().get(), range.end().get());
        let first = self
            .blocks
            .partition_point(|block| block.old + block.len <= start);
        let from = self.blocks.get(first..).unwrap_or_default();
        from.iter().take_while(move |block| block.old < end)
    }

    fn map_by_blocks(&self, range: TextRange) -> Option<Mapped> {
        let (start, end) = (range.start().get(), range.end().get());
        let (mut mapped, mut n_kept): (Option<Range<usize>>, usize) = (None, 0);
        for block in self.blocks_in(range) {
            let (from, to) = (start.max(block.old), end.min(block.old + block.len));
            let shifted = |at: usize| block.new + (at - block.old);
            n_kept += to - from;
            mapped = Some(mapped.map_or(shifted(from), |range| range.start)..shifted(to));
        }
        let first = self.blocks_in(range).next();
        let unbroken = first
            .filter(|block| block.old <= start && end <= block.old + block.len)
            .map_or(0, |block| block.len);
        mapped.map(|range| Mapped {
            range: TextRange::from_bytes(range),
            n_kept,
            unbroken,
        })
    }

    /// Returns the other places that the passage `old` may have gone to instead of `new`, where its words are
    /// unchanged; `None` when `new` is beyond doubt. The list is empty when the place is in doubt but no other one is
    /// known.
    ///
    /// A comparison of "p X q" with "p X r X q" keeps as many words when the block before `r` ends with X as when the
    /// block after it begins with X, and nothing says which X was inserted. So each block close by is extended towards
    /// the passage as far as both texts are the same; if it then covers the passage, there is another comparison as
    /// good as this one. In the opposite case one of two was removed, and `new` may be the other one: the list is
    /// empty then. O(passage), plus the number of blocks tried.
    pub fn rivals(&self, old: TextRange, new: TextRange) -> Option<Vec<TextRange>> {
        let shift = |old: usize, new: usize| new as i64 - old as i64;
        let own = shift(old.start().get(), new.start().get());
        let n_before = self
            .blocks
            .partition_point(|block| block.old + block.len <= old.start().get());
        let first_after = self
            .blocks
            .partition_point(|block| block.old < old.end().get());
        let before = self.blocks.get(..n_before)?.iter().rev();
        let after = self.blocks.get(first_after..)?.iter();
        let (old_bytes, new_bytes) = (self.old.as_str().as_bytes(), self.new.as_str().as_bytes());
        let continued_forwards = before.take(MAX_NEIGHBOURS).filter(|block| {
            let (from_old, from_new) = (block.old + block.len, block.new + block.len);
            let old_len = old.end().get().saturating_sub(from_old);
            let n_bytes = old_len.min(new.end().get().saturating_sub(from_new));
            n_bytes <= MAX_SLIDE
                && old_bytes.get(from_old..from_old + n_bytes)
                    == new_bytes.get(from_new..from_new + n_bytes)
        });
        let continued_backwards = after.take(MAX_NEIGHBOURS).filter(|block| {
            let old_len = block.old.saturating_sub(old.start().get());
            let n_bytes = old_len.min(block.new.saturating_sub(new.start().get()));
            n_bytes <= MAX_SLIDE
                && old_bytes.get(block.old - n_bytes..block.old)
                    == new_bytes.get(block.new - n_bytes..block.new)
        });
        let mut others = None;
        for block in continued_forwards.chain(continued_backwards) {
            let other = shift(block.old, block.new);
            if other == own {
                continue;
            }
            let others = others.get_or_insert_with(Vec::new);
            let at = |old: usize| usize::try_from(old as i64 + other).ok();
            if let (Some(start), Some(end)) = (at(old.start().get()), at(old.end().get()))
                && new_bytes.get(start..end) == old_bytes.get(old.bytes())
            {
                others.push(TextRange::from_bytes(start..end));
            }
        }
        others
    }

    /// Returns the longest stretch of the new text that may have replaced `range`: from the end of the block before it
    /// to the start of the block after it.
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

    /// Returns the share, 0 to 1, of the bytes of `range` in the new text that were already in the old one. Such text
    /// is no candidate for a passage that moved there from elsewhere.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> SourceText {
        SourceText::new(text.to_owned()).unwrap()
    }

    /// Maps what is in brackets in `old`; the result must be what is in brackets in `new`, or nothing.
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
    fn a_word_that_what_was_taken_out_began_with_as_well_stays_in_the_passage() {
        check(
            "It rained. The clerk signed. [The owner denies it].",
            "It rained. [The owner denies it].",
        );
        check(
            "Χθες έβρεχε. Ο υπάλληλος υπέγραψε. [Ο ιδιοκτήτης αρνείται].",
            "Χθες έβρεχε. [Ο ιδιοκτήτης αρνείται].",
        );
        check(
            "[He said it was late]. She said it was late. End.",
            "[He said it was late]. End.",
        );
    }

    #[test]
    fn words_that_a_dictionary_parts_in_another_way_are_the_same() {
        let remap = Remap::new(&source("ตากลม ๆ"), &source("ตากกลม ๆ"));
        assert_eq!(
            remap.map(TextRange::from_bytes(0..6)).map(|to| to.n_kept),
            None,
            "a part of a word is not the word"
        );
        check("他[研究]生命。", "他[研究]生生命。");
        check("He [has a] cat.", "He [has a] cats.");
    }

    #[test]
    fn blank_lines_do_not_hold_texts_together() {
        check(
            "One thing happened.\n\nAnother [one was denied].\n\nEnd.",
            "A new start, long and wordy.\n\nOne thing occurred.\n\nAnother [one was indeed denied].\n\nEnd.",
        );
    }

    /// Maps what is in brackets in `old`: how many other places there are for it, if there is any doubt.
    #[track_caller]
    fn check_rivals(old: &str, new: &str, expected: Option<usize>) {
        let range = TextRange::from_bytes(old.find('[').unwrap()..old.find(']').unwrap() - 1);
        let old_text = source(&old.replace(['[', ']'], ""));
        let remap = Remap::new(&old_text, &source(new));
        let mapped = remap.map(range).unwrap().range;
        assert_eq!(
            source(new).slice_or_empty(mapped),
            old_text.slice_or_empty(range)
        );
        let rivals = remap.rivals(range, mapped);
        assert_eq!(rivals.map(|others| others.len()), expected, "{old} → {new}");
    }

    #[test]
    fn of_two_equally_good_comparisons_neither_is_believed() {
        let (p, x, q) = ("It began. ", "The ministry denied it.", " It ended.");
        let one = format!("{p}[{x}]{q}");
        check_rivals(&one, &format!("{p}{x} Then, {x}{q}"), Some(1));
        check_rivals(&one, &format!("{p}{x}\n{x}{q}"), Some(1));
        check_rivals(&one, &format!("{p}{x} Then, nothing.{q}"), None);
        check_rivals(&one, &format!("{p}{x}{q} Again: {x}"), None);
        check_rivals(&one, &format!("Once: {x} {p}{x}{q}"), None);
        check_rivals("公司[否认指控]。", "公司否认指控，否认指控。", Some(1));
        // One of two was removed, and the diff says the second.
        check_rivals(&format!("{p}[{x}]\n{x}{q}"), &format!("{p}{x}{q}"), Some(0));
    }

    #[test]
    fn what_stood_there_before_is_known() {
        let remap = Remap::new(&source("one two three"), &source("one two new three"));
        assert_eq!(remap.share_known(TextRange::from_bytes(0..7)), 1.0);
        assert_eq!(remap.share_known(TextRange::from_bytes(8..11)), 0.0);
    }
}
