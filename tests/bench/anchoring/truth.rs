//! What really became of a passage in the next version of a real text: by a diff of all the words, without lines,
//! made on its own, because it is what the program is held to.

use sourcemark::{
    anchor::words,
    text::{Folding, SourceText, TextRange, fold},
};
use std::ops::Range;

/// Code points of context that, with a passage, say that it is the very one.
const NEIGHBOUR_CHARS: usize = 32;
/// Shorter wordings stand in two places by accident too often for one to say that a passage was moved.
const MIN_MOVED_CHARS: usize = 24;
/// Places with the same words that are looked at, in each version.
const MAX_OTHERS: usize = 8;

/// What two versions have in common.
pub struct Truth {
    /// Bytes of a word in both, ascending in both.
    kept: Vec<(Range<usize>, Range<usize>)>,
}

/// What really became of a passage.
pub struct Fate {
    /// Share of its bytes, blanks left out, that is still there.
    pub survives: f64,
    /// Where the first of its bytes may stand: one place when it is still there, else anything between what
    /// stands before and what stands after.
    pub start: Range<usize>,
    /// The same of its end.
    pub end: Range<usize>,
    /// Whether each end is the end of a word, or inside one, that is still there.
    pub ends_survive: (bool, bool),
}

impl Fate {
    /// From the first to the last byte that is still there.
    pub fn shortest(&self) -> Range<usize> {
        self.start.end..self.end.start.max(self.start.end)
    }
}

/// Why a place that has the passage's words is right although the diff sees them elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excuse {
    /// A diff leads there that is as short as the shortest: no word more is put in or taken out. So it is when
    /// something was put in between the passage and its neighbour: which side of the cut it is on, no diff can know.
    EquallyShort,
    /// A diff knows no moves. The passage is not where it was, and its words stand once in both versions, here.
    Moved,
    /// Its words together with all that stood before it, or after it, stand once in both versions, here.
    WithNeighbour,
}

impl Truth {
    /// Compares two versions.
    pub fn new(old: &str, new: &str) -> Self {
        let (old_words, new_words) = (words(old), words(new));
        let diff = diff(
            imara_diff::Algorithm::Histogram,
            (old, &old_words),
            (new, &new_words),
        );
        let mut kept = Vec::new();
        let mut new_idx = 0_u32;
        for (old_idx, word) in old_words.iter().enumerate() {
            if diff.is_removed(old_idx as u32) {
                continue;
            }
            while diff.is_added(new_idx) {
                new_idx += 1;
            }
            kept.push((word.clone(), new_words[new_idx as usize].clone()));
            new_idx += 1;
        }
        Self { kept }
    }

    /// What became of `passage`, in bytes of the old version.
    pub fn fate(&self, old: &str, new: &str, passage: TextRange) -> Fate {
        let (start, end) = (passage.start().get(), passage.end().get());
        let first = self.kept.partition_point(|(word, _)| word.end <= start);
        let last = self.kept.partition_point(|(word, _)| word.start < end);
        let n_kept: usize = self.kept[first.min(last)..last]
            .iter()
            .map(|(word, _)| word.end.min(end) - word.start.max(start))
            .sum();
        let n_ink: usize = old[passage.bytes()].split_whitespace().map(str::len).sum();
        let (start_place, start_survives) = self.place(new, start);
        let (end_place, end_survives) = self.place(new, end);
        Fate {
            survives: n_kept as f64 / n_ink.max(1) as f64,
            start: start_place,
            end: end_place,
            ends_survive: (
                start_survives
                    && self
                        .kept
                        .get(first)
                        .is_some_and(|(word, _)| word.start <= start),
                end_survives && last > 0 && self.kept[last - 1].0.end >= end,
            ),
        }
    }

    /// Where the place `at` between two bytes of the old version is in the new one, and whether there is only one
    /// answer.
    fn place(&self, new: &str, at: usize) -> (Range<usize>, bool) {
        let next = self.kept.partition_point(|(word, _)| word.end < at);
        if let Some((word, there)) = self.kept.get(next)
            && word.start <= at
        {
            let place = there.start + (at - word.start);
            return (place..place, true);
        }
        let after_last = next.checked_sub(1).map_or(0, |last| self.kept[last].1.end);
        let before_next = self
            .kept
            .get(next)
            .map_or(new.len(), |(_, there)| there.start);
        (after_last..before_next.max(after_last), false)
    }
}

/// Why `there`, in the new version, is right all the same for `passage` of the old one; `None` when it is wrong.
/// `is_deleted`: the diff sees nothing of the passage any more.
pub fn excuse(
    old: &SourceText,
    new: &SourceText,
    passage: TextRange,
    there: TextRange,
    is_deleted: bool,
) -> Option<Excuse> {
    if let Some(excuse) = equally_short(old, new, passage, there) {
        return Some(excuse);
    }
    let (old, new) = (old.as_str(), new.as_str());
    let was = passage.bytes();
    let folded = |text: &str| fold(text, Folding::Typography);
    let wording = folded(&old[was.clone()]).trim().to_owned();
    if folded(&new[there.bytes()]).trim() != wording {
        return None;
    }
    let (all_old, all_new) = (folded(old), folded(new));
    let is_one = |wanted: &str| {
        all_old.match_indices(wanted).count() == 1 && all_new.match_indices(wanted).count() == 1
    };
    if is_deleted && wording.chars().count() >= MIN_MOVED_CHARS && is_one(&wording) {
        return Some(Excuse::Moved);
    }
    let before: usize = old[..was.start]
        .chars()
        .rev()
        .take(NEIGHBOUR_CHARS)
        .map(char::len_utf8)
        .sum();
    let after: usize = old[was.end..]
        .chars()
        .take(NEIGHBOUR_CHARS)
        .map(char::len_utf8)
        .sum();
    [was.start - before..was.end, was.start..was.end + after]
        .into_iter()
        .filter(|whole| whole.len() > was.len())
        .any(|whole| is_one(folded(&old[whole]).trim()))
        .then_some(Excuse::WithNeighbour)
}

/// [`Excuse::EquallyShort`], or nothing.
pub fn equally_short(
    old: &SourceText,
    new: &SourceText,
    passage: TextRange,
    there: TextRange,
) -> Option<Excuse> {
    let folded = |text: &str| fold(text.trim(), Folding::Typography);
    let is_same = folded(old.slice_or_empty(passage)) == folded(new.slice_or_empty(there));
    let is_short =
        || is_equally_short(old.as_str(), new.as_str(), &passage.bytes(), &there.bytes());
    (is_same && is_short()).then_some(Excuse::EquallyShort)
}

/// Whether `passage` might as well stand at another place than `there`, or other words of the old version at `there`:
/// whether a diff that is as short as the shortest leads there. Then only a person can know, and neither is to be taken.
pub fn is_undecided(
    old: &SourceText,
    new: &SourceText,
    passage: TextRange,
    there: TextRange,
) -> bool {
    let (was, is) = (passage.bytes(), there.bytes());
    let wording = old.slice_or_empty(passage);
    let others = |text: &SourceText, but: &Range<usize>| -> Vec<Range<usize>> {
        let places = text.as_str().match_indices(wording);
        places
            .map(|(at, _)| at..at + wording.len())
            .filter(|place| place.end <= but.start || but.end <= place.start)
            .take(MAX_OTHERS)
            .collect()
    };
    let (other_was, other_is) = (others(old, &was), others(new, &is));
    let short = |was: &Range<usize>, is: &Range<usize>| {
        is_equally_short(old.as_str(), new.as_str(), was, is)
    };
    !(other_was.is_empty() && other_is.is_empty())
        && short(&was, &is)
        && (other_is.iter().any(|other| short(&was, other))
            || other_was.iter().any(|other| short(other, &is)))
}

/// Whether the shortest diff that takes `was` to `is` is as short as the shortest of all.
fn is_equally_short(old: &str, new: &str, was: &Range<usize>, is: &Range<usize>) -> bool {
    let (old_words, new_words) = (words(old), words(new));
    // Whole words, those that the ends cut too.
    let touched = |words: &[Range<usize>], place: &Range<usize>| {
        words.partition_point(|word| word.end <= place.start)
            ..words.partition_point(|word| word.start < place.end)
    };
    let (a, b) = (touched(&old_words, was), touched(&new_words, is));
    let shortest = |a: &[Range<usize>], b: &[Range<usize>]| {
        let diff = diff(imara_diff::Algorithm::MyersMinimal, (old, a), (new, b));
        diff.count_additions() + diff.count_removals()
    };
    let through = shortest(&old_words[..a.start], &new_words[..b.start])
        + shortest(&old_words[a.clone()], &new_words[b.clone()])
        + shortest(&old_words[a.end..], &new_words[b.end..]);
    through == shortest(&old_words, &new_words)
}

fn diff(
    algorithm: imara_diff::Algorithm,
    (old, old_words): (&str, &[Range<usize>]),
    (new, new_words): (&str, &[Range<usize>]),
) -> imara_diff::Diff {
    let mut input = imara_diff::InternedInput::default();
    input.update_before(old_words.iter().map(|word| &old[word.clone()]));
    input.update_after(new_words.iter().map(|word| &new[word.clone()]));
    imara_diff::Diff::compute(algorithm, &input)
}
