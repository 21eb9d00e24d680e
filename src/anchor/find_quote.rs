//! Finds a wording that a person typed or copied: white space counts as one blank, all else is compared to the
//! letter.
//!
//! A quotation copied from a page has its line breaks in other places than the article, so any run of white
//! space in it matches any run of white space in the text. Nothing else is forgiven: what was mistyped is
//! reported, not guessed.

use crate::text::{Folded, Folding, SourceText, TextRange};

/// Returns the places of `quote` in `text`, in text order, none overlapping the one before it; none at all for a quote
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
            let wanted = words.join(" ");
            let folded = Folded::new(text.as_str(), Folding::WhiteSpace);
            memchr::memmem::find_iter(folded.as_str().as_bytes(), wanted.as_bytes())
                .map(|at| TextRange::from_bytes(folded.to_source(at..at + wanted.len())))
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks that `quote` finds just the places that brackets mark in `text`.
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
