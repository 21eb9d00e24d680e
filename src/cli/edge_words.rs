//! Describes how two marks on one passage differ at their ends, by the words that only one of them has.

use super::output;
use crate::text::{CharOffset, SourceText, TextRange};

/// Code points of a quotation that are shown.
pub const QUOTE_COLUMNS: usize = 60;

/// One end at which a mark differs from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EdgeShift {
    /// Whether it is the start.
    pub at_start: bool,
    /// Whether the mark has words there that the other has not; else it lacks some.
    pub has_more: bool,
    /// Code points of these words.
    pub span: (usize, usize),
}

impl EdgeShift {
    /// Returns the words, if the text is there.
    pub fn words<'a>(&self, text: Option<&'a SourceText>) -> Option<&'a str> {
        let text = text?;
        let byte = |offset| text.to_byte(CharOffset::new(offset)).ok();
        let range = TextRange::new(byte(self.span.0)?, byte(self.span.1)?);
        Some(text.slice_or_empty(range))
    }

    /// Returns the shift in words: `begins without “The”`.
    fn sentence(&self, text: Option<&SourceText>) -> String {
        let words = match self.words(text) {
            // Quoted, it would be nothing.
            Some(words) if words.trim().is_empty() => "white space".to_owned(),
            Some(words) => quoted(words),
            None => output::count(self.span.1 - self.span.0, "code point"),
        };
        let verb = match self.at_start {
            true => "begins",
            false => "ends",
        };
        match self.has_more {
            true => format!("{verb} with {words} more"),
            false => format!("{verb} without {words}"),
        }
    }
}

/// Returns how the ends of `other` differ from those of `first`. Marks are stretches of code points, (start, end), in
/// order.
pub fn shifts(first: &[(usize, usize)], other: &[(usize, usize)]) -> Vec<EdgeShift> {
    let (Some((a_start, a_end)), Some((b_start, b_end))) = (ends(first), ends(other)) else {
        return Vec::new();
    };
    let shift = |at_start, has_more, from, to| EdgeShift {
        at_start,
        has_more,
        span: (from, to),
    };
    let mut shifts = Vec::new();
    if b_start < a_start {
        shifts.push(shift(true, true, b_start, a_start.min(b_end)));
    } else if b_start > a_start {
        shifts.push(shift(true, false, a_start, b_start.min(a_end)));
    }
    if b_end > a_end {
        shifts.push(shift(false, true, a_end.max(b_start), b_end));
    } else if b_end < a_end {
        shifts.push(shift(false, false, b_end.max(a_start), a_end));
    }
    shifts
}

/// Returns how `other` differs from `first`, in the words it has more and less; empty when both are on the same text.
pub fn edges(
    first: &[(usize, usize)],
    other: &[(usize, usize)],
    text: Option<&SourceText>,
) -> String {
    if first == other {
        return String::new();
    }
    if ends(first).is_none() || ends(other).is_none() {
        return "no place in the text".to_owned();
    }
    let sentences: Vec<String> = shifts(first, other)
        .iter()
        .map(|shift| shift.sentence(text))
        .collect();
    match sentences.is_empty() {
        true => "leaves out other parts in between".to_owned(),
        false => sentences.join(" and "),
    }
}

/// Returns the beginning of a text in quotation marks, on one line.
pub fn quoted(text: &str) -> String {
    format!("“{}”", output::one_line(text, QUOTE_COLUMNS))
}

fn ends(stretches: &[(usize, usize)]) -> Option<(usize, usize)> {
    let start = stretches.first().map(|(start, _)| *start);
    start.zip(stretches.last().map(|(_, end)| *end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_differ_by_words() {
        let text = SourceText::new("Yes: the firm denied it again, they say.".to_owned()).unwrap();
        let firm = [(5, 23)];
        for (other, with_text, without) in [
            (vec![(5, 23)], "", ""),
            (
                vec![(0, 29)],
                "begins with “Yes:” more and ends with “again” more",
                "begins with 5 code points more and ends with 6 code points more",
            ),
            (
                vec![(9, 23)],
                "begins without “the”",
                "begins without 4 code points",
            ),
            (
                vec![(4, 16)],
                "begins with white space more and ends without “nied it”",
                "begins with 1 code point more and ends without 7 code points",
            ),
            (
                vec![(5, 13), (20, 23)],
                "leaves out other parts in between",
                "leaves out other parts in between",
            ),
            (
                vec![(30, 39)],
                "begins without “the firm denied it” and ends with “they say” more",
                "begins without 18 code points and ends with 9 code points more",
            ),
            (Vec::new(), "no place in the text", "no place in the text"),
        ] {
            assert_eq!(edges(&firm, &other, Some(&text)), with_text, "{other:?}");
            assert_eq!(edges(&firm, &other, None), without, "{other:?}");
        }
    }
}
