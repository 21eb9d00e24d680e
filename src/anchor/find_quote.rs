//! Where a wording stands that a person typed or copied: white space is counted as one blank, all else to the
//! letter.
//!
//! A quotation copied from a page has its line breaks in other places than the article, so any run of white
//! space in it matches any run of white space in the text. Nothing else is forgiven: what was mistyped is
//! reported, not guessed.

use crate::text::{SourceText, TextRange};

/// The places of `quote` in `text`, in text order, none overlapping the one before it; none at all for a quote
/// of nothing but blanks. White space at the ends of the quote is passed over.
///
/// Linear in the text and the quote. A quote of several words takes a second copy of the text for that long.
pub fn find_quote(text: &SourceText, quote: &str) -> Vec<TextRange> {
    let words: Vec<&str> = quote.split_whitespace().collect();
    match words.as_slice() {
        [] => Vec::new(),
        [word] => memchr::memmem::find_iter(text.as_str().as_bytes(), word.as_bytes())
            .map(|at| TextRange::from_bytes(at..at + word.len()))
            .collect(),
        _ => {
            let (wanted, folded) = (words.join(" "), Folded::new(text.as_str()));
            memchr::memmem::find_iter(folded.text.as_bytes(), wanted.as_bytes())
                .map(|at| folded.source_range(at, at + wanted.len()))
                .collect()
        }
    }
}

/// A text with every run of white space as one blank, and the way back.
struct Folded {
    text: String,
    /// For each run that is not one byte long: the byte after it here and in the source, ascending.
    shifts: Vec<(usize, usize)>,
}

impl Folded {
    fn new(source: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(source.len()),
            shifts: Vec::new(),
        };
        let mut rest = source;
        while let Some(at) = rest.find(char::is_whitespace) {
            let (before, from_run) = rest.split_at(at);
            let after = from_run.trim_start();
            folded.text.push_str(before);
            folded.text.push(' ');
            if from_run.len() - after.len() != 1 {
                folded
                    .shifts
                    .push((folded.text.len(), source.len() - after.len()));
            }
            rest = after;
        }
        folded.text.push_str(rest);
        folded
    }

    /// The source's range of a stretch that begins and ends with something else than a blank.
    fn source_range(&self, start: usize, end: usize) -> TextRange {
        let last = end.saturating_sub(1);
        TextRange::from_bytes(self.to_source(start)..self.to_source(last) + 1)
    }

    fn to_source(&self, at: usize) -> usize {
        let n_before = self.shifts.partition_point(|(here, _)| *here <= at);
        let shift = n_before.checked_sub(1).and_then(|idx| self.shifts.get(idx));
        shift.map_or(at, |(here, source)| source + (at - here))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The places are marked in `text` with brackets; `quote` must find just these.
    #[track_caller]
    fn check(text: &str, quote: &str) {
        let plain = SourceText::new(text.replace(['[', ']'], "")).unwrap();
        let mut marked = plain.as_str().to_owned();
        for range in find_quote(&plain, quote).into_iter().rev() {
            marked.insert(range.end().get(), ']');
            marked.insert(range.start().get(), '[');
        }
        assert_eq!(marked, text, "{quote:?}");
    }

    #[test]
    fn any_run_of_white_space_is_one_blank() {
        check("He [denied it] at once.", "denied it");
        check("He [denied\r\n   it] at once.", "denied it");
        check("He [denied it] at once.", "  denied\n\n it\t");
        check(
            "\n\nA\u{A0}[ser-\nvice  en\u{3000}trance]\n",
            "ser- vice en trance",
        );
        check("  [a  b]  [a\nb] ab a  ", "a b");
    }

    #[test]
    fn all_else_is_to_the_letter() {
        check("He denied it.", "Denied it");
        check("He denied\u{2019}it.", "denied'it");
        check("deni ed", "denied");
        check("朔瀾は[否定した]。再び[否定した]。", "否定した");
        check("قال [إن دنمير\n«تتهم غيرها»]", "إن دنمير «تتهم غيرها»");
    }

    #[test]
    fn nothing_is_nowhere() {
        check("a b", "");
        check("a b", " \n");
        check("", "a b");
    }

    #[test]
    fn places_do_not_overlap() {
        check("[aa]a", "aa");
        check("[a a] a", "a a");
    }
}
