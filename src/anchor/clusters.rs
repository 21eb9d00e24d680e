//! Checks whether a place that has a passage's code points also has its characters: what a reader sees as one character may
//! be several code points, and "e" is no part of "é" that is written as two.

use super::Selector;
use crate::text::{ByteOffset, SourceText, TextRange, boundary};
use icu_segmenter::GraphemeClusterSegmenter;

/// No code point below this one joins with its neighbour, but for a line feed after a carriage return.
const FIRST_JOINING: char = '\u{300}';

/// Returns whether an end of `range` is inside a grapheme cluster (UAX #29) though the passage ended between two
/// when it was described. One that was cut already then (by another program) is left as it is.
pub fn cuts_cluster(text: &SourceText, range: TextRange, selector: &Selector) -> bool {
    (is_inside(text, range.start()) || is_inside(text, range.end())) && !was_cut(selector)
}

fn is_inside(text: &SourceText, at: ByteOffset) -> bool {
    let around = text.as_str().split_at_checked(at.get());
    let neighbours = around
        .and_then(|(before, after)| Some((before.chars().next_back()?, after.chars().next()?)));
    match neighbours {
        None => false,
        Some((before, after)) if before.max(after) < FIRST_JOINING && after != '\n' => false,
        Some(_) => boundary::floor_grapheme(text, at) != at,
    }
}

fn was_cut(selector: &Selector) -> bool {
    let stored = &selector.quote;
    let whole = [&*stored.prefix, &*stored.exact, &*stored.suffix].concat();
    let (start, end) = (
        stored.prefix.len(),
        stored.prefix.len() + stored.exact.len(),
    );
    let ends = GraphemeClusterSegmenter::new().segment_str(&whole);
    ends.filter(|at| *at == start || *at == end).count() < 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anchor::describe;

    /// Checks the passage in the brackets of `old` at the place of the brackets in `new`.
    #[track_caller]
    fn check(old: &str, new: &str, expected: bool) {
        let marked = |text: &str| {
            let range = text.find('[').unwrap()..text.find(']').unwrap() - 1;
            let text = SourceText::new(text.replace(['[', ']'], "")).unwrap();
            (text, TextRange::from_bytes(range))
        };
        let ((old, range), (new, place)) = (marked(old), marked(new));
        let selector = describe(&old, range).unwrap();
        assert_eq!(cuts_cluster(&new, place, &selector), expected);
    }

    #[test]
    fn a_letter_is_no_part_of_another() {
        check("[cafe] noir", "[cafe]\u{301} noir", true);
        check("[cafe] noir", "un [cafe] noir", false);
        check("ดู[กา]แฟ", "ดู[กา]\u{E48}แฟ", true);
        check("👩[🚀]", "👩\u{200D}[🚀]", true);
        check("[一\r]二", "[一\r]\n二", true);
        check("[whole]", "[whole]", false);
    }

    #[test]
    fn what_was_cut_before_stays_so() {
        check("caf[e]\u{301}", "Un caf[e]\u{301}", false);
    }
}
