//! From the selectors of a file back to a range of the text, or to an honest "no".
//!
//! The rungs, strongest first: the wording stands where the file says; it stands at the same offset of a
//! changed text between the same neighbours; it is found once, with its context. What is below that is
//! reported, not guessed. The two thresholds come from measurements on really edited texts: a quotation of
//! under 24 characters matches by accident too often to be taken without its context, and algorithms that take
//! the best of several equal places without a margin anchor a third of all deleted passages to a look-alike.

use super::Selector;
use crate::text::{ByteOffset, SourceText, TextRange};
use aho_corasick::AhoCorasick;

/// A quotation of at least this many code points may be taken without its context when it occurs once.
const LONG_QUOTE_CHARS: usize = 24;
/// Share of the stored context that must still stand around a short quotation.
const MIN_CONTEXT: f32 = 0.4;
/// By how much the best place's share of context must exceed the second best.
const MIN_MARGIN: f32 = 0.25;
/// Places of one quotation that are looked at; more make it ambiguous in any case.
const MAX_CANDIDATES: usize = 64;
/// Quotations searched in one pass, so that the automaton stays in the cache and small.
const PATTERNS_PER_PASS: usize = 2_000;

/// Which rung held a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    /// The wording stands at the stored offset of the text it was marked on.
    Position,
    /// The text has changed, but the wording stands at the stored offset between the stored neighbours.
    SamePlace,
    /// Found by its quotation, at another offset.
    Quote,
}

/// Why a passage was not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The file keeps no wording for it.
    NoQuote,
    /// The wording does not occur in the text.
    NotInText,
}

/// What became of one stretch of text.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolution {
    /// It stands where it was marked.
    Exact {
        /// Where, in the present text.
        range: TextRange,
        /// What held it: `Position` or `SamePlace`.
        rung: Rung,
    },
    /// It stands elsewhere, and there is no doubt where.
    Moved {
        /// Where, in the present text.
        range: TextRange,
        /// Share of the stored context found around it, 0 to 1.
        context: f32,
    },
    /// It may stand in any of these places; a person must say.
    Ambiguous {
        /// The places, in text order; at most 64.
        candidates: Vec<TextRange>,
    },
    /// It is not in the text.
    NotFound {
        /// Why not.
        missing: Missing,
    },
}

impl Resolution {
    /// Where the passage stands, if that is beyond doubt.
    pub fn range(&self) -> Option<TextRange> {
        match self {
            Self::Exact { range, .. } | Self::Moved { range, .. } => Some(*range),
            Self::Ambiguous { .. } | Self::NotFound { .. } => None,
        }
    }

    /// One word for lists and exports: `exact`, `moved`, `ambiguous` or `not-found`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Exact { .. } => "exact",
            Self::Moved { .. } => "moved",
            Self::Ambiguous { .. } => "ambiguous",
            Self::NotFound { .. } => "not-found",
        }
    }
}

/// Finds one passage. `same_edition` says that the text is the very one it was marked on.
///
/// O(log n) when it stands where it was marked; else a scan of the text. For many use [`resolve_all`].
pub fn resolve(text: &SourceText, selector: &Selector, same_edition: bool) -> Resolution {
    resolve_in_place(text, selector, same_edition)
        .unwrap_or_else(|| decide(text, selector, occurrences(text, &selector.quote.exact)))
}

/// Finds many passages; the answers are in the order of `selectors`. Those that moved cost one pass over the
/// text for each two thousand of them, not one each. `go_on` is asked between passes and may stop the work:
/// what was not looked for by then is reported as `NotFound`, so a caller that stops must not keep the answer.
pub fn resolve_all(
    text: &SourceText,
    selectors: &[&Selector],
    same_edition: bool,
    go_on: &dyn Fn() -> bool,
) -> Vec<Resolution> {
    let mut found: Vec<Resolution> = Vec::with_capacity(selectors.len());
    let mut wanted: Vec<usize> = Vec::new();
    for (idx, selector) in selectors.iter().enumerate() {
        let in_place = resolve_in_place(text, selector, same_edition);
        if in_place.is_none() {
            wanted.push(idx);
        }
        found.push(in_place.unwrap_or(Resolution::NotFound {
            missing: Missing::NotInText,
        }));
    }
    for batch in wanted.chunks(PATTERNS_PER_PASS) {
        if !go_on() {
            break;
        }
        let quotes: Vec<&str> = batch
            .iter()
            .filter_map(|idx| selectors.get(*idx))
            .map(|selector| &*selector.quote.exact)
            .collect();
        for (idx, places) in batch.iter().zip(occurrences_of_many(text, &quotes)) {
            if let (Some(slot), Some(selector)) = (found.get_mut(*idx), selectors.get(*idx)) {
                *slot = decide(text, selector, places);
            }
        }
    }
    found
}

/// The rungs that need no search.
fn resolve_in_place(
    text: &SourceText,
    selector: &Selector,
    same_edition: bool,
) -> Option<Resolution> {
    if selector.quote.exact.is_empty() {
        return Some(Resolution::NotFound {
            missing: Missing::NoQuote,
        });
    }
    let range = stored_range(text, selector)?;
    if same_edition {
        return Some(Resolution::Exact {
            range,
            rung: Rung::Position,
        });
    }
    (context_share(text, range, selector) >= MIN_CONTEXT).then_some(Resolution::Exact {
        range,
        rung: Rung::SamePlace,
    })
}

/// The stored offsets as a range, if they lie in the text and the wording there is the stored one.
fn stored_range(text: &SourceText, selector: &Selector) -> Option<TextRange> {
    let start = text.to_byte(selector.position.start).ok()?.get();
    let range = TextRange::from_bytes(start..start + selector.quote.exact.len());
    let agrees = text.as_str().get(range.bytes()) == Some(&*selector.quote.exact);
    let n_chars = selector
        .position
        .end
        .get()
        .checked_sub(selector.position.start.get())?;
    // Bytes are compared first: counting the characters of a wrong place would be wasted.
    (agrees && selector.quote.exact.chars().count() == n_chars).then_some(range)
}

/// Chooses among the places where the wording occurs, or refuses to.
fn decide(text: &SourceText, selector: &Selector, places: Vec<TextRange>) -> Resolution {
    let mut scored: Vec<(f32, TextRange)> = places
        .iter()
        .map(|range| (context_share(text, *range, selector), *range))
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let is_long = selector
        .quote
        .exact
        .chars()
        .nth(LONG_QUOTE_CHARS - 1)
        .is_some();
    match scored.as_slice() {
        [] => Resolution::NotFound {
            missing: Missing::NotInText,
        },
        [(context, range)] if is_long || *context >= MIN_CONTEXT => Resolution::Moved {
            range: *range,
            context: *context,
        },
        [(best, range), (second, _), ..]
            if *best >= MIN_CONTEXT
                && best - second >= MIN_MARGIN
                && places.len() < MAX_CANDIDATES =>
        {
            Resolution::Moved {
                range: *range,
                context: *best,
            }
        }
        _ => Resolution::Ambiguous { candidates: places },
    }
}

/// Share of the stored prefix and suffix, 0 to 1, that stands directly around `range`. No stored context at
/// all (a quotation that was the whole text, or a foreign file without any) counts as nothing: 0.
fn context_share(text: &SourceText, range: TextRange, selector: &Selector) -> f32 {
    let before = text.as_str().get(..range.start().get()).unwrap_or_default();
    let after = text.as_str().get(range.end().get()..).unwrap_or_default();
    let quote = &selector.quote;
    let same_before = before
        .chars()
        .rev()
        .zip(quote.prefix.chars().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let same_after = after
        .chars()
        .zip(quote.suffix.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let stored = quote.prefix.chars().count() + quote.suffix.chars().count();
    if stored == 0 {
        0.0
    } else {
        (same_before + same_after) as f32 / stored as f32
    }
}

fn occurrences(text: &SourceText, quote: &str) -> Vec<TextRange> {
    memchr::memmem::find_iter(text.as_str().as_bytes(), quote.as_bytes())
        .take(MAX_CANDIDATES)
        .map(|at| TextRange::new(ByteOffset::new(at), ByteOffset::new(at + quote.len())))
        .collect()
}

fn occurrences_of_many(text: &SourceText, quotes: &[&str]) -> Vec<Vec<TextRange>> {
    // A handful is found faster one by one; and an automaton that cannot be built (too large) is no reason
    // to fail.
    // Each wording once: "he said" marked two thousand times would be found two thousand times at each place.
    let mut distinct = quotes.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let automaton = if distinct.len() > 8 {
        AhoCorasick::new(&distinct).ok()
    } else {
        None
    };
    let places: Vec<Vec<TextRange>> = match automaton {
        Some(automaton) => search(text, &automaton, distinct.len()),
        None => distinct
            .iter()
            .map(|quote| occurrences(text, quote))
            .collect(),
    };
    quotes
        .iter()
        .map(|quote| {
            let idx = distinct.binary_search(quote).ok();
            idx.and_then(|idx| places.get(idx))
                .cloned()
                .unwrap_or_default()
        })
        .collect()
}

/// One pass for all patterns; ends early when each has as many places as are looked at.
fn search(text: &SourceText, automaton: &AhoCorasick, n_patterns: usize) -> Vec<Vec<TextRange>> {
    let mut places = vec![Vec::new(); n_patterns];
    let mut n_full = 0;
    for hit in automaton.find_overlapping_iter(text.as_str()) {
        if let Some(list) = places.get_mut(hit.pattern().as_usize())
            && list.len() < MAX_CANDIDATES
        {
            list.push(TextRange::from_bytes(hit.range()));
            n_full += usize::from(list.len() == MAX_CANDIDATES);
            if n_full == n_patterns {
                break;
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anchor::describe;

    fn source(text: &str) -> SourceText {
        SourceText::new(text.to_owned()).unwrap()
    }

    /// Marks the text between `[` and `]` in `old`, looks for it in `new`, and shows the answer in one line.
    #[track_caller]
    fn check(old: &str, new: &str, expected: &str) {
        let (start, end) = (old.find('[').unwrap(), old.find(']').unwrap() - 1);
        let old = source(&old.replace(['[', ']'], ""));
        let selector = describe(&old, TextRange::from_bytes(start..end)).unwrap();
        let new = source(new);
        let same = old.edition() == new.edition();
        let alone = resolve(&new, &selector, same);
        let shown = |r: &Resolution| match r.range() {
            Some(range) => format!("{} {}", r.word(), range.start().get()),
            None => r.word().to_owned(),
        };
        assert_eq!(shown(&alone), expected);
        let many = vec![&selector; 10];
        for found in resolve_all(&new, &many, same, &|| true) {
            assert_eq!(found, alone, "one by one and many at once must agree");
        }
    }

    #[test]
    fn the_same_text_gives_the_same_place() {
        check("He [denied] it.", "He denied it.", "exact 3");
    }

    #[test]
    fn a_change_elsewhere_moves_it() {
        check(
            "He [denied] it, she said.",
            "Yesterday he denied it, she said.",
            "moved 13",
        );
        check(
            "Start. He [denied] it, she said. End.",
            "Start. He denied it, she said. Fin.",
            "exact 10",
        );
    }

    #[test]
    fn a_deleted_passage_is_not_found_though_a_lookalike_stands_elsewhere() {
        check(
            "They [denied the charge] at once.",
            "They said nothing at once.",
            "not-found",
        );
        check(
            "The lawyer [denied] it.",
            "Nothing. Others denied everything.",
            "ambiguous",
        );
    }

    #[test]
    fn two_equal_places_are_not_chosen_between() {
        check(
            "[no comment], he said",
            "So: no comment, he said; no comment, he said",
            "ambiguous",
        );
    }

    #[test]
    fn context_decides_between_two_places() {
        check(
            "Ana said [no], Ben said yes.",
            "Ben said no, nobody asked. Ana said no, Ben said yes.",
            "moved 36",
        );
    }

    #[test]
    fn a_wrong_offset_in_a_file_does_not_mislead() {
        let text = source("He denied it and she denied that.");
        let mut selector = describe(&text, TextRange::from_bytes(21..27)).unwrap();
        selector.position.start = crate::text::CharOffset::new(4_000_000_000);
        assert_eq!(
            resolve(&text, &selector, true),
            Resolution::Moved {
                range: TextRange::from_bytes(21..27),
                context: 1.0
            }
        );
    }

    #[test]
    fn one_word_marked_thousands_of_times_is_searched_once() {
        let old = source(&format!("x{}", "e".repeat(5_000)));
        let selectors: Vec<Selector> = (1..2_000)
            .map(|at| describe(&old, TextRange::from_bytes(at..at + 1)).unwrap())
            .chain(
                ["ab", "cd", "fg", "hi", "jk", "lm", "no", "pq", "rs"].map(|absent| {
                    let text = source(absent);
                    describe(&text, text.full_range()).unwrap()
                }),
            )
            .collect();
        let selectors: Vec<&Selector> = selectors.iter().collect();
        let new = source(&format!("yy{}", "ezz".repeat(2_000_000)));
        let found = resolve_all(&new, &selectors, false, &|| true);
        assert!(found.iter().all(|found| found.range().is_none()));
    }
}
