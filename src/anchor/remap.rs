//! Where the passages of one wording stand in another, when both are at hand: by what the two have in common.
//!
//! First the lines are compared, then, between lines that agree, the words. The left end of a passage leans to
//! the right and the right end to the left: what was inserted at its edge, or put in place of its first or last
//! word, is not part of it. No string is searched for, so nothing can be taken for what it only resembles.

use super::common::{Common, common_tokens};
use super::words::{slices, words};
use crate::text::{ByteOffset, SourceText, TextRange, boundary};
use std::ops::Range;
use unicode_script::{Script, UnicodeScript};

/// Lines that agree part two changed stretches only when they hold this many bytes besides blanks: blank lines
/// and lone brackets agree with any other.
const MIN_ANCHOR_BYTES: usize = 24;
/// Blocks on each side of a passage that are tried for another comparison as good as this one.
const MAX_NEIGHBOURS: usize = 8;
/// And so far from it, in bytes: only a text that repeats itself has so long a stretch twice.
const MAX_SLIDE: usize = 64 * 1024;

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
        let common = common_tokens(slices(old_text, &old_words), slices(new_text, &new_words));
        let end = Common {
            old: old_words.len(),
            new: new_words.len(),
            n_tokens: 0,
        };
        let (mut old_idx, mut new_idx) = (0, 0);
        for part in common.into_iter().chain([end]) {
            if let (Some(old_gap), Some(new_gap)) = (
                old_words.get(old_idx..part.old),
                new_words.get(new_idx..part.new),
            ) {
                self.add_unparted((old.start, old_gap), (new.start, new_gap));
            }
            (old_idx, new_idx) = (part.old + part.n_tokens, part.new + part.n_tokens);
            for idx in 0..part.n_tokens {
                if let (Some(was), Some(is)) =
                    (old_words.get(part.old + idx), new_words.get(part.new + idx))
                {
                    self.add(old.start + was.start, new.start + is.start, was.len());
                }
            }
        }
    }

    /// Adds the words at the two ends of a changed stretch that stand there to the letter, but were parted in another
    /// way: where words are set without blanks, a dictionary finds them, and what was put in beside a word changes
    /// what it finds. Each list of words comes with where its text begins.
    fn add_unparted(
        &mut self,
        (old_base, old_words): (usize, &[Range<usize>]),
        (new_base, new_words): (usize, &[Range<usize>]),
    ) {
        let whole = |base: usize, words: &[Range<usize>]| {
            Some(base + words.first()?.start..base + words.last()?.end)
        };
        let (Some(old), Some(new)) = (whole(old_base, old_words), whole(new_base, new_words))
        else {
            return;
        };
        let shorter = old.len().min(new.len());
        let (mut front, mut back) = (0, 0);
        let (old_bytes, new_bytes) = (self.old.as_str().as_bytes(), self.new.as_str().as_bytes());
        for len in old_words.iter().map(|word| old_base + word.end - old.start) {
            let there = new.start..new.start + len;
            if len > shorter || old_bytes.get(old.start..old.start + len) != new_bytes.get(there) {
                break;
            }
            if self.may_part(new.start + len) {
                front = len;
            }
        }
        let starts = old_words.iter().rev();
        for len in starts.map(|word| old.end - (old_base + word.start)) {
            if front + len > shorter
                || old_bytes.get(old.end - len..old.end) != new_bytes.get(new.end - len..new.end)
            {
                break;
            }
            if self.may_part(new.end - len) {
                back = len;
            }
        }
        for (old, new, len) in [
            (old.start, new.start, front),
            (old.end - back, new.end - back, back),
        ] {
            if len > 0 {
                self.add(old, new, len);
            }
        }
    }

    /// Whether a word may end or begin at the byte `at` of the new text though no blank stands there.
    fn may_part(&self, at: usize) -> bool {
        let sets_no_blanks = |c: char| {
            !c.is_alphanumeric()
                || matches!(
                    c.script(),
                    Script::Han
                        | Script::Hiragana
                        | Script::Katakana
                        | Script::Khmer
                        | Script::Lao
                        | Script::Myanmar
                        | Script::Thai
                )
        };
        let Some((before, after)) = self.new.as_str().split_at_checked(at) else {
            return false;
        };
        let place = ByteOffset::new(at);
        before.chars().next_back().is_none_or(sets_no_blanks)
            && after.chars().next().is_none_or(sets_no_blanks)
            && boundary::floor_grapheme(&self.new, place) == place
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

    /// Where the bytes of `range`, in the old text, stand in the new one; `None` when none of them does. O(log n),
    /// the number of changes in the passage, and its length where it is changed.
    pub fn map(&self, range: TextRange) -> Option<Mapped> {
        let mapped = self.map_by_blocks(range)?;
        if mapped.n_kept == range.len() {
            return Some(mapped);
        }
        Some(self.slide(range).unwrap_or(mapped))
    }

    /// Where the passage stands to the letter if the block that has most of it is continued at the cost of its
    /// neighbours.
    ///
    /// Of "The A. [The B]." without "The A." a comparison may keep the first "The" and lose the one in the passage:
    /// as many words are kept either way, but only one way leaves the passage whole.
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
        // An accent behind the last letter makes it another letter.
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

    /// The blocks that have bytes of `range`, in the old text.
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

    /// Where else the passage `old` may stand, or which place other words of the old text may have as well as it:
    /// `None` when this comparison leaves no doubt that it went to `new`, where its very words stand.
    ///
    /// A comparison of "p X q" with "p X r X q" keeps as many words when the block before `r` ends with X as when
    /// the block after it begins with X, and which of the two was put in is nowhere written. So it is seen
    /// whether a block close by, continued to the letter towards the passage, covers it whole. The same with the
    /// texts the other way round: then one of two was taken out, and the place may be the other's; the answer
    /// is an empty list of other places. O(passage) and the number of blocks that are tried.
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

    /// Maps what stands in brackets in `old`: how many other places there are for it, if there is any doubt.
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
        // One of two was taken out, and the diff says the second.
        check_rivals(&format!("{p}[{x}]\n{x}{q}"), &format!("{p}{x}{q}"), Some(0));
    }

    #[test]
    fn what_stood_there_before_is_known() {
        let remap = Remap::new(&source("one two three"), &source("one two new three"));
        assert_eq!(remap.share_known(TextRange::from_bytes(0..7)), 1.0);
        assert_eq!(remap.share_known(TextRange::from_bytes(8..11)), 0.0);
    }
}
