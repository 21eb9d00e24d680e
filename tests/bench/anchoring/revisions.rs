//! Real texts in consecutive versions, and what became in the next version of passages of the one before.

use crate::data::Numbers;
use sourcemark::{
    anchor::words,
    text::{SourceText, TextRange},
};
use std::{ops::Range, path::Path};

/// Two consecutive versions of one text.
pub struct Revision {
    /// The folder it is in: revisions of one text are told apart from those of others.
    pub article: String,
    /// The version before.
    pub old: SourceText,
    /// The version after.
    pub new: SourceText,
}

/// All revisions below `corpus`, in the order of their names. Nothing when the folder cannot be read.
pub fn revisions(corpus: &Path) -> Vec<Revision> {
    let mut found = Vec::new();
    for article in names(corpus) {
        let folder = corpus.join(&article);
        let mut versions = names(&folder);
        versions.retain(|name| name.ends_with(".txt"));
        versions.sort_by_key(|name| name.split('.').next().and_then(|n| n.parse::<u32>().ok()));
        let texts: Vec<SourceText> = versions
            .iter()
            .filter_map(|name| std::fs::read(folder.join(name)).ok())
            .filter_map(|bytes| SourceText::new(String::from_utf8_lossy(&bytes).into_owned()).ok())
            .collect();
        for pair in texts.windows(2) {
            if let [old, new] = pair
                && old.as_str() != new.as_str()
            {
                found.push(Revision {
                    article: article.clone(),
                    old: old.clone(),
                    new: new.clone(),
                });
            }
        }
    }
    found
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// A passage of 12 to 240 code points somewhere in `text`, as it falls: in the middle of words too. `None` where
/// the text is too short, or the passage is nothing but blanks.
pub fn passage(text: &SourceText, numbers: &mut Numbers) -> Option<TextRange> {
    let n_chars = 12 + numbers.below(229);
    let start = numbers.below(text.n_chars().checked_sub(n_chars)?);
    let place = |chars: usize| text.to_byte(sourcemark::text::CharOffset::new(chars)).ok();
    let range = TextRange::new(place(start)?, place(start + n_chars)?);
    let is_blank = text.slice(range).ok()?.trim().is_empty();
    (!is_blank).then_some(range)
}

/// What two versions have in common by a diff of all their words, without lines: made on its own, because it is
/// what the program is held to.
pub struct Truth {
    /// Bytes of a word or of a blank in both, ascending in both.
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

impl Truth {
    /// Compares two versions.
    pub fn new(old: &str, new: &str) -> Self {
        let (old_words, new_words) = (words(old), words(new));
        let mut input = imara_diff::InternedInput::default();
        input.update_before(old_words.iter().map(|word| &old[word.clone()]));
        input.update_after(new_words.iter().map(|word| &new[word.clone()]));
        let diff = imara_diff::Diff::compute(imara_diff::Algorithm::Histogram, &input);
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
