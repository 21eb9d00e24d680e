//! The upper rungs of the ladder: those that need no search of the text, because its hash, the stored offsets or a
//! comparison with the old text say where a passage is.

use super::{
    Candidate, Missing, Remap, Resolution, Rung, Selector,
    clusters::cuts_cluster,
    context::context_share,
    quotes::MAX_PLACES,
    resolve::{LONG_QUOTE_CHARS, MIN_CONTEXT, Origin},
};
use crate::text::{Folded, Folding, SourceText, TextRange, boundary, fold};

/// Share of a passage's bytes that must be left, by comparing the texts, for it to be the same passage.
const MIN_KEPT: f32 = 0.15;

/// Returns what these rungs find for a passage; `None` where it must be searched for.
pub fn without_search(
    text: &SourceText,
    origin: Origin<'_>,
    selector: &Selector,
) -> Option<Resolution> {
    if selector.quote.exact.is_empty() {
        return Some(Resolution::Orphan {
            missing: Missing::NoQuote,
            best: None,
        });
    }
    if let Origin::Known(remap) = origin {
        // Selectors that are not of the old text are left to the search.
        return by_comparison(remap, selector, stored_range(remap.old(), selector)?);
    }
    let range = stored_range(text, selector)?;
    let is_own = matches!(origin, Origin::This);
    if is_own && has_neighbours(text, range, selector) {
        return Some(Resolution::Exact {
            range,
            rung: Rung::Position,
        });
    }
    let is_certain = context_share(text, range, selector) >= MIN_CONTEXT
        && (is_own || !cuts_cluster(text, range, selector));
    is_certain.then_some(Resolution::Exact {
        range,
        rung: Rung::SamePlace,
    })
}

/// Returns the stored offsets as a range, if they are in the text and the wording there is the stored one.
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

/// Returns whether the stored prefix and suffix are around `range`. In the text it was marked on they are, unless the
/// passage was not found when a newer text was adopted: then its offsets belong to an older one.
fn has_neighbours(text: &SourceText, range: TextRange, selector: &Selector) -> bool {
    let bytes = text.as_str().as_bytes();
    let before = bytes.get(..range.start().get()).unwrap_or_default();
    let after = bytes.get(range.end().get()..).unwrap_or_default();
    before.ends_with(selector.quote.prefix.as_bytes())
        && after.starts_with(selector.quote.suffix.as_bytes())
}

/// Returns what comparing the texts says; `None` where the passage was removed and may be elsewhere.
fn by_comparison(remap: &Remap, selector: &Selector, old: TextRange) -> Option<Resolution> {
    let text = remap.new_text();
    let mapped = remap.map(old)?;
    let is_cut = cuts_cluster(text, mapped.range, selector);
    let best = Candidate {
        // What is proposed can be accepted as it is.
        range: if is_cut {
            boundary::snap(text, mapped.range)
        } else {
            mapped.range
        },
        rung: Rung::Comparison,
        wording: mapped.n_kept as f32 / old.len().max(mapped.range.len()) as f32,
        context: context_share(text, mapped.range, selector),
    };
    if text.slice_or_empty(mapped.range) != &*selector.quote.exact {
        let reprints = reprints(remap, selector, old);
        let reprints: Vec<Candidate> = reprints
            .into_iter()
            .filter(|range| !cuts_cluster(text, *range, selector))
            .map(|range| Candidate {
                range,
                rung: Rung::Folded,
                wording: 1.0,
                context: context_share(text, range, selector),
            })
            .collect();
        match reprints.as_slice() {
            [] => {}
            [only] => {
                return Some(Resolution::Moved {
                    range: only.range,
                    rung: only.rung,
                    context: only.context,
                });
            }
            _ => {
                return Some(Resolution::Ambiguous {
                    candidates: reprints,
                });
            }
        }
        let kept = mapped.n_kept as f32 / old.len() as f32;
        return (kept >= MIN_KEPT).then_some(Resolution::Changed { best });
    }
    if let Some(others) = remap.rivals(old, mapped.range) {
        return Some(ambiguous(text, selector, best, &others));
    }
    // A single word between others may have been inserted.
    let is_certain =
        !is_cut && (mapped.unbroken >= LONG_QUOTE_CHARS || best.context >= MIN_CONTEXT);
    Some(match is_certain {
        false => Resolution::Changed { best },
        true if text.to_char(mapped.range.start()).ok() == Some(selector.position.start) => {
            Resolution::Exact {
                range: mapped.range,
                rung: Rung::Comparison,
            }
        }
        true => Resolution::Moved {
            range: mapped.range,
            rung: Rung::Comparison,
            context: best.context,
        },
    })
}

/// Returns the resolution for several equally good comparisons, which lead to `best` or to `others`.
fn ambiguous(
    text: &SourceText,
    selector: &Selector,
    best: Candidate,
    others: &[TextRange],
) -> Resolution {
    let others = others.iter().map(|range| Candidate {
        range: *range,
        context: context_share(text, *range, selector),
        ..best
    });
    let mut candidates: Vec<Candidate> = others.chain([best]).collect();
    candidates.sort_by_key(|candidate| candidate.range);
    candidates.dedup_by_key(|candidate| candidate.range);
    candidates.truncate(MAX_PLACES);
    Resolution::Ambiguous { candidates }
}

/// Returns where the passage is in another printing of the same words, between its old neighbours: the first two
/// places.
fn reprints(remap: &Remap, selector: &Selector, old: TextRange) -> Vec<TextRange> {
    let wide = remap.map_widely(old);
    // A printing is not much longer; and inserted text is not to be folded for every mark beside it.
    if wide.len() > 2 * old.len() + 64 {
        return Vec::new();
    }
    let folded = Folded::new(remap.new_text().slice_or_empty(wide), Folding::Typography);
    let wanted = fold(&selector.quote.exact, Folding::Typography);
    let wanted = wanted.trim();
    if wanted.is_empty() {
        return Vec::new();
    }
    let places = folded.as_str().match_indices(wanted).take(2);
    places
        .map(|(at, _)| {
            let found = folded.to_source(at..at + wanted.len());
            let start = wide.start().get();
            TextRange::from_bytes(start + found.start..start + found.end)
        })
        // A part of what was rewritten is mapped as the whole of it.
        .filter(|range| {
            let there = remap.new_text().slice_or_empty(*range);
            fold(there, Folding::Typography).trim() == wanted
        })
        .collect()
}
