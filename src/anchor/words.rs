//! Words as the units of comparison, and the word diff of two wordings.
//!
//! Words are those of UAX #29 as ICU4X finds them, with its dictionaries for Chinese, Japanese, Thai and their
//! neighbours; a punctuation mark is a word of its own, and the blanks between words are none.

use super::common::{Common, common_tokens};
use icu_segmenter::{WordSegmenter, options::WordBreakInvariantOptions};
use std::ops::Range;

/// Returns the words of `text` as byte ranges, in order; blanks are left out.
pub fn words(text: &str) -> Vec<Range<usize>> {
    let segmenter = WordSegmenter::new_auto(WordBreakInvariantOptions::default());
    let mut found = Vec::with_capacity(text.len() / 5);
    let mut start = 0;
    for end in segmenter.segment_str(text) {
        let word = text.get(start..end).unwrap_or_default();
        if !word.trim_start().is_empty() {
            found.push(start..end);
        }
        start = end;
    }
    found
}

/// One stretch of a word diff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WordChange {
    /// Words of both, as the new wording has them.
    Kept(String),
    /// Words of the old wording only.
    Removed(String),
    /// Words of the new wording only.
    Added(String),
}

/// Returns what became of the words of `old` in `new`, in order; where words were replaced, the removed come first.
/// The blanks between words go with the word before them, and whether they changed is not reported.
pub fn word_diff(old: &str, new: &str) -> Vec<WordChange> {
    let (old_words, new_words) = (words(old), words(new));
    let common = common_tokens(slices(old, &old_words), slices(new, &new_words));
    let end = Common {
        old: old_words.len(),
        new: new_words.len(),
        n_tokens: 0,
    };
    let mut changes = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    for part in common.into_iter().chain([end]) {
        let mut add = |make: fn(String) -> WordChange,
                       text: &str,
                       words: &[Range<usize>],
                       of: Range<usize>| {
            if let (Some(first), Some(last)) =
                (words.get(of.start), words.get(of.end.wrapping_sub(1)))
                && !of.is_empty()
            {
                changes.push(make(
                    text.get(first.start..last.end)
                        .unwrap_or_default()
                        .to_owned(),
                ));
            }
        };
        add(WordChange::Removed, old, &old_words, old_at..part.old);
        add(WordChange::Added, new, &new_words, new_at..part.new);
        add(
            WordChange::Kept,
            new,
            &new_words,
            part.new..part.new + part.n_tokens,
        );
        (old_at, new_at) = (part.old + part.n_tokens, part.new + part.n_tokens);
    }
    changes
}

/// Returns the words themselves.
pub fn slices<'a>(text: &'a str, words: &'a [Range<usize>]) -> impl Iterator<Item = &'a str> {
    words
        .iter()
        .map(|word| text.get(word.clone()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: &str, new: &str, expected: &str) {
        let shown: Vec<String> = word_diff(old, new)
            .into_iter()
            .map(|change| match change {
                WordChange::Kept(words) => words,
                WordChange::Removed(words) => format!("[-{words}-]"),
                WordChange::Added(words) => format!("{{+{words}+}}"),
            })
            .collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn words_are_compared_whole() {
        check(
            "He denied it.",
            "He never denied it.",
            "He {+never+} denied it.",
        );
        check(
            "He denies it.",
            "He denied it.",
            "He [-denies-] {+denied+} it.",
        );
        check("He denied  it", "He denied\nit", "He denied\nit");
        check("", "new", "{+new+}");
        check("", "", "");
    }

    #[test]
    fn scripts_without_blanks_have_words_too() {
        check(
            "公司否认指控。",
            "公司承认指控。",
            "公司 [-否认-] {+承认+} 指控。",
        );
        check(
            "הוא הכחיש הכול.",
            "הוא אישר הכול.",
            "הוא [-הכחיש-] {+אישר+} הכול.",
        );
    }
}
