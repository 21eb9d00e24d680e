//! The words of a terminal for records and numbers.

use super::output::one_line;
use crate::annotation::{AnnotationSet, Names};

/// Longest quotation, name or value that is shown, in code points.
const SHOWN_CHARS: usize = 60;

/// What the records of `set` are called.
pub fn names(set: Option<&AnnotationSet>) -> Names<'_> {
    Names::new(set, |text| one_line(text, SHOWN_CHARS))
}

/// A text in quotation marks, on one line and shortened.
pub fn quoted(text: &str) -> String {
    names(None).quoted(text)
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
