//! The words of a terminal for records and numbers.

use super::output::one_line;
use crate::annotation::{AnnotationSet, Names};

/// Longest quotation, name or value that is shown, in code points.
const SHOWN_CHARS: usize = 60;

/// Longest value where it is the news, in code points.
const FULL_CHARS: usize = 1_000;

/// What the records of `set` are called.
pub fn names(set: Option<&AnnotationSet>) -> Names<'_> {
    Names::new(set, |text| one_line(text, SHOWN_CHARS))
}

/// The same, with values long enough for a whole note.
pub fn names_in_full(set: Option<&AnnotationSet>) -> Names<'_> {
    Names::new(set, |text| one_line(text, FULL_CHARS))
}

/// The same without an end, for what is read line by line.
pub fn names_without_end(set: Option<&AnnotationSet>) -> Names<'_> {
    Names::new(set, |text| one_line(text, usize::MAX))
}

/// Small numbers as words.
pub fn number(n: usize) -> String {
    let words = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    words
        .get(n)
        .map_or_else(|| n.to_string(), |word| (*word).to_owned())
}
