//! Finds what two editions of an article have in common, to the byte.
//!
//! Long lines that are unique in each edition are compared first, then the words between them ([`chain`]).

use super::{
    chain::chain,
    common::Common,
    frequencies::Frequencies,
    heaviest::{Stretch, heaviest},
    unparted::{Words, unparted},
    words::{slices, words},
};
use crate::text::{ByteOffset, SourceText, boundary};
use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

/// A line separates two changed stretches only when it has this many bytes besides white space. Empty lines and lone
/// brackets are the same everywhere.
const MIN_ANCHOR_BYTES: usize = 24;

/// A stretch of this many bytes that was removed in one place and inserted in another was moved.
const MOVED_BYTES: usize = 24;
/// The least distance between two such stretches that are searched for, and the most of them in a large text.
const MOVED_STEP: usize = 8;
const MAX_MOVED: usize = 1_000_000;
/// The comparison of all words replaces that of lines first when it keeps this many more bytes.
const MIN_GAIN: usize = 24;

/// A run of bytes that both texts contain. Blocks ascend in both texts, and no two are adjacent in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// First byte in the old text.
    pub old: usize,
    /// First byte in the new text.
    pub new: usize,
    /// How many bytes.
    pub len: usize,
}

/// Compares two editions. Linear where they agree, and little more where they do not.
pub fn align(old: &SourceText, new: &SourceText) -> Vec<Block> {
    let mut by_lines = Aligner {
        old,
        new,
        blocks: Vec::new(),
        frequencies: None,
    };
    by_lines.compare_lines();
    if !by_lines.leaves_what_moved() {
        return by_lines.blocks;
    }
    // A copy of a paragraph that was inserted before an edited original may have been matched instead of it.
    let mut by_words = Aligner {
        blocks: Vec::new(),
        frequencies: by_lines.frequencies.take(),
        ..by_lines
    };
    by_words.compare_words(0..old.len(), 0..new.len());
    if by_words.n_kept() >= by_lines.n_kept() + MIN_GAIN {
        by_words.blocks
    } else {
        by_lines.blocks
    }
}

struct Aligner<'a> {
    old: &'a SourceText,
    new: &'a SourceText,
    blocks: Vec<Block>,
    /// Counted when first needed: equal texts need none.
    frequencies: Option<Frequencies>,
}

impl Aligner<'_> {
    fn compare_lines(&mut self) {
        let (old, new) = (self.old.as_str(), self.new.as_str());
        let (old_lines, new_lines) = (lines(old), lines(new));
        let pairs = known_lines((old, &old_lines), (new, &new_lines));
        let same = |i: usize, j: usize| {
            let line = old_lines.get(i).and_then(|line| old.get(line.clone()));
            let there = new_lines.get(j).and_then(|line| new.get(line.clone()));
            line.is_some() && line == there
        };
        let (mut old_at, mut new_at) = (0, 0);
        let (mut old_byte, mut new_byte) = (0, 0);
        for (i, j) in pairs {
            // The stretch around the line before already covers this line.
            if i < old_at || j < new_at {
                continue;
            }
            let (mut first, mut n) = ((i, j), 1);
            while first.0 > old_at && first.1 > new_at && same(first.0 - 1, first.1 - 1) {
                first = (first.0 - 1, first.1 - 1);
                n += 1;
            }
            while same(first.0 + n, first.1 + n) {
                n += 1;
            }
            let bytes = |list: &[Range<usize>], at: usize| -> Option<Range<usize>> {
                Some(list.get(at)?.start..list.get(at + n - 1)?.end)
            };
            let (Some(was), Some(is)) = (bytes(&old_lines, first.0), bytes(&new_lines, first.1))
            else {
                continue;
            };
            self.compare_words(old_byte..was.start, new_byte..is.start);
            self.add(was.start, is.start, was.len());
            (old_at, new_at) = (first.0 + n, first.1 + n);
            (old_byte, new_byte) = (was.end, is.end);
        }
        self.compare_words(old_byte..old.len(), new_byte..new.len());
    }

    fn n_kept(&self) -> usize {
        self.blocks.iter().map(|block| block.len).sum()
    }

    /// Returns whether text that was removed was inserted elsewhere: it was moved, or the comparison matched something
    /// else in its place.
    fn leaves_what_moved(&self) -> bool {
        let (old, new) = (self.old.as_str().as_bytes(), self.new.as_str().as_bytes());
        let (mut old_gaps, mut new_gaps) = (Vec::new(), Vec::new());
        let (mut old_at, mut new_at) = (0, 0);
        let end = Block {
            old: old.len(),
            new: new.len(),
            len: 0,
        };
        for block in self.blocks.iter().chain([&end]) {
            old_gaps.extend(old.get(old_at..block.old));
            new_gaps.extend(new.get(new_at..block.new));
            (old_at, new_at) = (block.old + block.len, block.new + block.len);
        }
        let n_bytes: usize = old_gaps.iter().map(|gap| gap.len()).sum();
        let step = MOVED_STEP.max(n_bytes / MAX_MOVED);
        let stretches = || {
            let gaps = old_gaps.iter();
            gaps.flat_map(|gap| gap.windows(MOVED_BYTES).step_by(step))
        };
        let removed: HashSet<&[u8]> = stretches().collect();
        // Most stretches of the new text are none of these; eight of their bytes show that faster than all 24.
        let mut may_be = vec![false; (16 * removed.len()).next_power_of_two()];
        let mask = may_be.len() - 1;
        for stretch in stretches() {
            if let Some(slot) = may_be.get_mut(first_eight(stretch) & mask) {
                *slot = true;
            }
        }
        let mut stretches = new_gaps.iter().flat_map(|gap| gap.windows(MOVED_BYTES));
        stretches.any(|stretch| {
            may_be.get(first_eight(stretch) & mask) == Some(&true) && removed.contains(stretch)
        })
    }

    fn compare_words(&mut self, old: Range<usize>, new: Range<usize>) {
        if old.is_empty() || new.is_empty() {
            return;
        }
        let (all_old, all_new) = (self.old.as_str(), self.new.as_str());
        let old_text = all_old.get(old.clone()).unwrap_or_default();
        let new_text = all_new.get(new.clone()).unwrap_or_default();
        let (old_words, new_words) = (words(old_text), words(new_text));
        let frequencies = self
            .frequencies
            .get_or_insert_with(|| Frequencies::of(all_old));
        let common = chain((old_text, &old_words), (new_text, &new_words), frequencies);
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

    /// Adds what two changed stretches share at their ends although it is divided into different words. Each list of
    /// words comes with the byte that its ranges count from.
    fn add_unparted(
        &mut self,
        (old_base, old_words): (usize, &[Range<usize>]),
        (new_base, new_words): (usize, &[Range<usize>]),
    ) {
        let (old, new) = (self.old.as_str(), self.new.as_str());
        let is_whole = |at: usize| {
            let at = ByteOffset::new(at);
            boundary::floor_grapheme(self.new, at) == at
        };
        let old = Words {
            text: old,
            base: old_base,
            words: old_words,
        };
        let new = Words {
            text: new,
            base: new_base,
            words: new_words,
        };
        for (was, is) in unparted(old, new, is_whole) {
            self.add(was.start, is.start, was.len());
        }
    }

    /// Appends a block. It is merged with the last one when the bytes between the two are the same in both texts.
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
}

/// Returns a hash of the first eight bytes.
fn first_eight(bytes: &[u8]) -> usize {
    /// An odd number without a pattern, from the golden ratio.
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let number = bytes
        .first_chunk()
        .map_or(0, |eight| u64::from_le_bytes(*eight));
    (number.wrapping_mul(FACTOR) >> 32) as usize
}

/// Returns the long lines that are unique in each text, as pairs of indices: those in the same order in both, with as
/// many bytes as possible.
fn known_lines(
    (old, old_lines): (&str, &[Range<usize>]),
    (new, new_lines): (&str, &[Range<usize>]),
) -> Vec<(usize, usize)> {
    let (in_old, in_new) = (once_each(old, old_lines), once_each(new, new_lines));
    let pairs: Vec<(usize, usize)> = slices(old, old_lines)
        .enumerate()
        .filter_map(|(idx, line)| {
            let at = (*in_old.get(line)?)?;
            (at == idx).then_some((idx, (*in_new.get(line)?)?))
        })
        .collect();
    let stretches: Vec<Stretch> = pairs
        .iter()
        .map(|(i, j)| Stretch {
            old: *i..*i + 1,
            new: *j..*j + 1,
            weight: old_lines.get(*i).map_or(0, ExactSizeIterator::len) as f32,
        })
        .collect();
    let best = heaviest(&stretches, new_lines.len());
    best.into_iter()
        .filter_map(|idx| pairs.get(idx).copied())
        .collect()
}

/// Returns where each long line is; `None` for those that the text has more than once.
fn once_each<'a>(text: &'a str, lines: &[Range<usize>]) -> HashMap<&'a str, Option<usize>> {
    let is_long = |line: &str| {
        let ink = line.split_whitespace().map(str::len);
        ink.take(MIN_ANCHOR_BYTES).sum::<usize>() >= MIN_ANCHOR_BYTES
    };
    let mut found = HashMap::with_capacity(lines.len());
    for (idx, line) in lines.iter().enumerate() {
        let line = text.get(line.clone()).unwrap_or_default();
        if is_long(line) {
            found
                .entry(line)
                .and_modify(|at| *at = None)
                .or_insert(Some(idx));
        }
    }
    found
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
