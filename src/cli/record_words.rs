//! Names of records and numbers for the terminal.

use super::output::one_line;
use crate::annotation::{AnnotationSet, Names};

/// Longest quotation, name or value that is shown, in columns of a terminal.
const SHOWN_COLUMNS: usize = 60;

/// Longest value that is shown where the value itself has changed, in columns.
const FULL_COLUMNS: usize = 1_000;

/// Returns what the records of `set` are called.
pub fn names(set: Option<&AnnotationSet>) -> Names<'_> {
    Names::new(set, |text| one_line(text, SHOWN_COLUMNS))
}

/// Returns the same, with values long enough for a whole note.
pub fn names_in_full(set: Option<&AnnotationSet>) -> Names<'_> {
    Names::new(set, |text| one_line(text, FULL_COLUMNS))
}

/// Returns the same without an end, for what is read line by line.
pub fn names_without_end(set: Option<&AnnotationSet>) -> Names<'_> {
    Names::new(set, |text| one_line(text, usize::MAX))
}

/// Returns small numbers as words.
pub fn number(n: usize) -> String {
    let words = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    words
        .get(n)
        .map_or_else(|| n.to_string(), |word| (*word).to_owned())
}
