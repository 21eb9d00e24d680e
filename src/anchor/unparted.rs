//! Text that two changed stretches share at their ends although it is divided into different words.
//!
//! Scripts without spaces between words (Thai, Khmer, Chinese) are divided by a dictionary, and what was inserted
//! beside a word changes the words that the dictionary finds.

use std::ops::Range;
use unicode_script::{Script, UnicodeScript};

/// A stretch of a text with its words, as byte ranges of the text from `base` on.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// The text that the stretch is in.
    pub text: &'a str,
    /// Where the ranges count from.
    pub base: usize,
    /// The words.
    pub words: &'a [Range<usize>],
}

impl Words<'_> {
    /// Returns the bytes from the start of the first word to the end of the last one.
    fn bytes(&self) -> Option<Range<usize>> {
        Some(self.base + self.words.first()?.start..self.base + self.words.last()?.end)
    }
}

/// Returns the stretches that `old` and `new` share at their beginning and at their end: old range and new range, up
/// to two. They are whole words of `old`, and begin and end in `new` where a word may without a space. `is_whole` says
/// whether a byte of the new text is a boundary between characters as a reader sees them.
pub fn unparted(
    old: Words<'_>,
    new: Words<'_>,
    is_whole: impl Fn(usize) -> bool,
) -> Vec<(Range<usize>, Range<usize>)> {
    let (Some(was), Some(is)) = (old.bytes(), new.bytes()) else {
        return Vec::new();
    };
    let shorter = was.len().min(is.len());
    let same = |old_range: Range<usize>, new_range: Range<usize>| {
        old.text.as_bytes().get(old_range) == new.text.as_bytes().get(new_range)
    };
    let may_part = |at: usize| may_part(new.text, at) && is_whole(at);
    let (mut front, mut back) = (0, 0);
    for len in old.words.iter().map(|word| old.base + word.end - was.start) {
        if len > shorter || !same(was.start..was.start + len, is.start..is.start + len) {
            break;
        }
        if may_part(is.start + len) {
            front = len;
        }
    }
    let starts = old.words.iter().rev();
    for len in starts.map(|word| was.end - (old.base + word.start)) {
        if front + len > shorter || !same(was.end - len..was.end, is.end - len..is.end) {
            break;
        }
        if may_part(is.end - len) {
            back = len;
        }
    }
    let ends = [
        (was.start..was.start + front, is.start..is.start + front),
        (was.end - back..was.end, is.end - back..is.end),
    ];
    ends.into_iter()
        .filter(|(was, _)| !was.is_empty())
        .collect()
}

/// Returns whether a word may begin or end at the byte `at` of `text` although no space is there.
fn may_part(text: &str, at: usize) -> bool {
    let sets_no_spaces = |c: char| {
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
    let Some((before, after)) = text.split_at_checked(at) else {
        return false;
    };
    before.chars().next_back().is_none_or(sets_no_spaces)
        && after.chars().next().is_none_or(sets_no_spaces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anchor::words::words;

    #[track_caller]
    fn check(old: &str, new: &str, expected: &[&str]) {
        let (old_words, new_words) = (words(old), words(new));
        let stretch = |text, words| Words {
            text,
            base: 0,
            words,
        };
        let found = unparted(stretch(old, &old_words), stretch(new, &new_words), |_| true);
        let found: Vec<&str> = found.into_iter().map(|(was, _)| &old[was]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn words_without_spaces_are_found_beside_an_insertion() {
        check("研究", "研究生", &["研究"]);
        check("研究", "正研究", &["研究"]);
    }

    #[test]
    fn a_word_is_no_part_of_a_longer_one() {
        check("cat", "cats", &[]);
        check("he", "she", &[]);
        check("", "she", &[]);
    }
}
