//! Laws of searching, for any text: what is found is what was looked for, nothing is missed, slices change nothing.

use super::{EXACT, FOLDED, REGEX, WHOLE, pattern, search};
use crate::support::{any_set::any_text, sets::source};
use proptest::{collection::vec, prelude::*, sample::select};
use sourcemark::{
    search::{Options, Search, fold},
    text::{ByteOffset, Folding, SourceText, TextRange, boundary, fold as fold_print},
};

/// Pieces of which both texts and queries are made, so that there are hits.
const PIECES: &[&str] = &[
    "a", "A", "b", "ab", "e", "é", "e\u{301}", "E", "ß", "ss", "s", "ﬁ", "f", "i", "İ", " ", "  ",
    "\n", "\r\n", "-", "-\n", "\u{AD}", "\u{200B}", "“", "\"", "’", "…", ".", "人", "都",
    "\u{3000}", "Ａ", "ｶﾞ", "ガ", "カ", "ｶ", "한", "하", "и", "й", "\u{306}", "أ", "ا", "ب", "ِ",
    "ـ", "שׁ", "ש", "क", "ि", "्", "👩", "\u{200D}", "🚀", "🇮", "🇳", "\u{A0}", "\t", "Ł", "l",
];

fn any_piece_text(max: usize) -> impl Strategy<Value = String> {
    vec(select(PIECES), 0..max).prop_map(|pieces| pieces.concat())
}

fn any_options() -> impl Strategy<Value = Options> {
    select(vec![FOLDED, EXACT, WHOLE, REGEX])
}

/// Ends of grapheme clusters, from the start of the text to its end.
fn boundaries(text: &SourceText) -> Vec<usize> {
    let mut found = vec![0];
    let mut at = ByteOffset::ZERO;
    while at < text.end() {
        at = boundary::next_grapheme(text, at);
        found.push(at.get());
    }
    found
}

/// Where each prefix of the text ends in its folded view. The prefixes are folded one by one, so this knows nothing of
/// how a search finds its way back.
fn folded_prefixes(text: &SourceText, ends: &[usize], keeps_case: bool) -> Vec<usize> {
    let whole = fold(text.as_str(), keeps_case);
    let rest_of = |end: usize| fold(&text.as_str()[end..], keeps_case);
    let suffix_len = |end: usize| {
        let rest = rest_of(end);
        if whole.ends_with(&rest) {
            rest.len()
        } else {
            0
        }
    };
    ends.iter()
        .map(|end| whole.len() - suffix_len(*end))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_hit_is_what_was_looked_for(
        text in any_piece_text(40), words in any_piece_text(4), options in any_options()
    ) {
        prop_assume!(!options.is_regex);
        let text = source(&text);
        let hits = search(&text, &words, options);
        let mut last = ByteOffset::ZERO;
        for hit in hits.ranges() {
            prop_assert!(!hit.is_empty() && last <= hit.start());
            last = hit.end();
            prop_assert_eq!(boundary::snap(&text, *hit), *hit, "cuts a letter");
            let found = text.slice(*hit).unwrap();
            // At its ends a stretch that is cut out may have lost what it was folded with.
            let before = text.as_str()[..hit.start().get()].chars().next_back();
            let context: String = before.into_iter().collect();
            let alone = fold(found, options.is_exact);
            let beside = fold(&(context.clone() + found), options.is_exact);
            let wanted = fold(&words, options.is_exact);
            prop_assert!(alone == wanted || beside.ends_with(&wanted), "{found:?} for {words:?}");
        }
    }

    #[test]
    fn nothing_is_missed(text in any_piece_text(24), words in any_piece_text(3), is_exact in any::<bool>()) {
        let text = source(&text);
        let wanted = fold(&words, is_exact);
        prop_assume!(!wanted.is_empty());
        let options = Options { is_exact, ..FOLDED };
        let hits = search(&text, &words, options);
        let ends = boundaries(&text);
        let whole = fold(text.as_str(), is_exact);
        let folded = folded_prefixes(&text, &ends, is_exact);
        // A hit begins with something that can be seen: an accent without a letter is part of none.
        let begins = |at: usize| {
            let first = text.as_str()[at..].chars().next();
            first.is_some_and(|first| !fold(first.encode_utf8(&mut [0; 4]), is_exact).is_empty())
        };
        for (i, start) in ends.iter().enumerate().filter(|(_, start)| begins(**start)) {
            for (j, end) in ends.iter().enumerate().skip(i + 1) {
                let alone = fold(&text.as_str()[*start..*end], is_exact);
                let within = whole.get(folded[i]..folded[j].max(folded[i])).unwrap_or_default();
                if alone == wanted && within == wanted {
                    let range = TextRange::from_bytes(*start..*end);
                    let is_known = hits.ranges().iter().any(|hit| hit.overlaps(range));
                    prop_assert!(is_known, "{:?} at {}", &text.as_str()[*start..*end], start);
                }
            }
        }
    }

    #[test]
    fn slices_change_nothing(
        text in any_piece_text(60), words in any_piece_text(3), options in any_options(), slice in 1_usize..9
    ) {
        let text = source(&text);
        let words = if options.is_regex { words.replace(['.', '-'], "[^b]") } else { words };
        if let Some(pattern) = pattern(&words, options) {
            let begin = || Search::new(&text, pattern.clone(), ByteOffset::ZERO);
            let whole = begin().finish(usize::MAX / 2, &|| true).unwrap();
            let sliced = begin().finish(slice, &|| true).unwrap();
            prop_assert_eq!(whole, sliced);
        }
    }

    #[test]
    fn where_the_reader_is_changes_nothing(
        text in any_piece_text(40), words in "[abe ]{1,2}|é|人", at in 0_usize..60
    ) {
        let text = source(&text);
        let begin = |at| Search::new(&text, pattern(&words, FOLDED).unwrap(), ByteOffset::new(at));
        let from_start = begin(0).finish(7, &|| true).unwrap();
        let from_there = begin(at.min(text.len())).finish(7, &|| true).unwrap();
        // Where hits could overlap, which of them are taken depends on the first.
        let overlap = words.chars().count() > 1 && words.chars().all(|c| words.starts_with(c));
        prop_assert!(overlap || from_start == from_there, "{from_start:?} {from_there:?}");
    }

    #[test]
    fn any_text_is_searched(text in any_text(60), words in any_text(3), options in any_options()) {
        let text = source(&text);
        let words = if options.is_regex { words.replace(|c: char| !c.is_alphanumeric(), ".") } else { words };
        for hit in search(&text, &words, options).ranges() {
            prop_assert_eq!(boundary::snap(&text, *hit), *hit);
        }
    }

    #[test]
    fn printings_that_anchoring_takes_for_one_are_one_here(one in any_piece_text(8), other in any_piece_text(8)) {
        if fold_print(&one, Folding::Typography) == fold_print(&other, Folding::Typography) {
            prop_assert_eq!(fold(&one, true), fold(&other, true));
        }
        if fold(&one, true) == fold(&other, true) {
            prop_assert_eq!(fold(&one, false), fold(&other, false));
        }
    }
}
