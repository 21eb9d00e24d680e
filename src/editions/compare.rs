//! Finds what a publisher did to the annotated statements in the next edition.

use super::softening;
use crate::{
    anchor::{
        Candidate, Missing, Origin, Progress, Remap, Resolution, Selector, WordChange, describe,
        resolve_all, word_diff,
    },
    annotation::{AnnotationId, Marks},
    text::{SourceText, TextRange, boundary},
};

/// What the publisher did to a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// The words are still in the article, here or elsewhere, and the sentence is no softer.
    Kept,
    /// The sentence asserts less than before, by the rule of [`softening`].
    Softened,
    /// The words have changed in some other way, or parts of the passage are gone.
    Changed,
    /// The passage is no longer in the article.
    Removed,
}

impl Fate {
    /// Returns one word for lists and exports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Softened => "softened",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }
}

/// An annotated statement in two editions.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The annotation.
    pub id: AnnotationId,
    /// Where its segments are in the old text.
    pub old: Vec<TextRange>,
    /// Where each of them is, or most likely is, in the new one; `None` for what was removed.
    pub new: Vec<Option<TextRange>>,
    /// What the publisher did to the statement.
    pub fate: Fate,
    /// The words that make the statement softer; empty unless it is softer.
    pub signs: Vec<&'static str>,
    /// The changes, word by word, for each segment that is there with other words.
    pub diffs: Vec<Vec<WordChange>>,
}

/// Follows the annotations that are in the old text (`marks` are their places in it) into `new`, in the order of
/// the old text. Those that are not there beyond doubt are left out. `None` when `progress` said no.
pub fn compare(marks: &Marks, new: &SourceText, progress: Progress<'_>) -> Option<Vec<Statement>> {
    let old = marks.text();
    let remap = Remap::new(old, new);
    let mut statements: Vec<(AnnotationId, Vec<TextRange>)> = marks
        .order()
        .iter()
        .filter_map(|mark| {
            let placement = marks.placement(mark.id)?;
            let ranges = placement.ranges().map(|(_, range)| range).collect();
            placement.is_whole().then_some((mark.id, ranges))
        })
        .collect();
    statements.sort_by_key(|(id, ranges)| (ranges.iter().min().copied(), *id));
    let selectors: Vec<Selector> = statements
        .iter()
        .flat_map(|(_, ranges)| ranges)
        .filter_map(|range| describe(old, *range).ok())
        .collect();
    let selectors: Vec<&Selector> = selectors.iter().collect();
    let found = resolve_all(new, Origin::Known(&remap), &selectors, progress)?;
    let mut found = found.into_iter();
    let follow = |(id, ranges): (AnnotationId, Vec<TextRange>)| {
        let found: Vec<Resolution> = found.by_ref().take(ranges.len()).collect();
        follow_one(id, ranges, &found, old, new)
    };
    Some(statements.into_iter().map(follow).collect())
}

fn follow_one(
    id: AnnotationId,
    old_ranges: Vec<TextRange>,
    found: &[Resolution],
    old: &SourceText,
    new: &SourceText,
) -> Statement {
    let places: Vec<Option<TextRange>> = found.iter().map(place).collect();
    let (mut fates, mut signs, mut diffs) = (Vec::new(), Vec::new(), Vec::new());
    for (was, is) in old_ranges.iter().zip(&places) {
        let Some(is) = is else {
            fates.push(Fate::Removed);
            continue;
        };
        let (old_words, new_words) = (old.slice_or_empty(*was), new.slice_or_empty(*is));
        let diff = word_diff(old_words, new_words);
        let is_same = diff
            .iter()
            .all(|change| matches!(change, WordChange::Kept(_)));
        let softer = softening(
            old.slice_or_empty(sentences(old, *was)),
            new.slice_or_empty(sentences(new, *is)),
        );
        fates.push(match (softer.is_empty(), is_same) {
            (false, _) => Fate::Softened,
            (true, true) => Fate::Kept,
            (true, false) => Fate::Changed,
        });
        signs.extend(softer);
        if !is_same {
            diffs.push(diff);
        }
    }
    let n_removed = fates.iter().filter(|fate| **fate == Fate::Removed).count();
    let fate = match fates.iter().max() {
        Some(Fate::Removed) if n_removed < fates.len() => Fate::Changed,
        Some(worst) => *worst,
        None => Fate::Removed,
    };
    signs.sort_unstable();
    signs.dedup();
    if fate != Fate::Softened {
        signs.clear();
    }
    Statement {
        id,
        old: old_ranges,
        new: places,
        fate,
        signs,
        diffs,
    }
}

/// Returns where the words are, or what they have very likely become. Of several places the one that fits best: which
/// of them it is does not matter to what was done to the words.
fn place(found: &Resolution) -> Option<TextRange> {
    match found {
        Resolution::Exact { range, .. } | Resolution::Moved { range, .. } => Some(*range),
        Resolution::Changed { best } => Some(best.range),
        Resolution::Ambiguous { candidates } => {
            let best = candidates
                .iter()
                .max_by(|a, b| a.score().total_cmp(&b.score()));
            best.map(|best: &Candidate| best.range)
        }
        Resolution::Orphan { missing, .. } => {
            debug_assert!(
                *missing != Missing::NoQuote,
                "a passage of the old text has words"
            );
            None
        }
    }
}

/// Returns the sentences that a passage is in: what softens a passage is often beside it.
fn sentences(text: &SourceText, range: TextRange) -> TextRange {
    let first = boundary::sentence_at(text, range.start());
    let last = boundary::sentence_at(text, boundary::last_ink(text, range.end()));
    first.cover(last).cover(range)
}
