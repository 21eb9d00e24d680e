//! Finds quotations to the letter: one pass over the text for all of them.

use super::{
    chunks::{Chunk, search_chunks},
    progress::{Progress, part},
};
use crate::text::{SourceText, TextRange};
use aho_corasick::AhoCorasick;

/// Places of one quotation that are examined; more make it ambiguous in any case.
pub const MAX_PLACES: usize = 64;
/// Quotations searched in one pass, so that the automaton stays in the cache and small.
const PATTERNS_PER_PASS: usize = 2_000;
/// Fewer are found faster one by one than with an automaton.
const MIN_PATTERNS: usize = 8;

/// Returns for each of `quotes` the first [`MAX_PLACES`] places where it is, in text order; none for an empty one.
/// `None` when `progress` said no. One pass over the text for each two thousand different quotes.
pub fn find_quotes(
    text: &SourceText,
    quotes: &[&str],
    progress: Progress<'_>,
) -> Option<Vec<Vec<TextRange>>> {
    // Each wording once: "he said" marked two thousand times would be found two thousand times at each place.
    let mut distinct = quotes.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.retain(|quote| !quote.is_empty());
    let mut places = Vec::with_capacity(distinct.len());
    let n_passes = distinct.len().div_ceil(PATTERNS_PER_PASS).max(1) as f32;
    for (pass, batch) in distinct.chunks(PATTERNS_PER_PASS).enumerate() {
        let progress = part(
            progress,
            pass as f32 / n_passes,
            (pass as f32 + 1.0) / n_passes,
        );
        places.extend(one_pass(text, batch, &progress)?);
    }
    let of = |quote: &&str| {
        let idx = distinct.binary_search(quote).ok();
        let found: Option<&Vec<TextRange>> = idx.and_then(|idx| places.get(idx));
        found.cloned().unwrap_or_default()
    };
    Some(quotes.iter().map(of).collect())
}

fn one_pass(
    text: &SourceText,
    quotes: &[&str],
    progress: Progress<'_>,
) -> Option<Vec<Vec<TextRange>>> {
    let overlap = quotes.iter().map(|quote| quote.len()).max().unwrap_or(0);
    // An automaton that cannot be built (too large) is no reason to fail.
    let automaton = if quotes.len() > MIN_PATTERNS {
        AhoCorasick::new(quotes).ok()
    } else {
        None
    };
    let found = search_chunks(text.as_str(), overlap, progress, |chunk| match &automaton {
        Some(automaton) => search_together(text, &chunk, automaton, quotes.len()),
        None => quotes
            .iter()
            .map(|quote| search_alone(text, &chunk, quote))
            .collect(),
    })?;
    let mut places = vec![Vec::new(); quotes.len()];
    for in_chunk in found {
        for (all, more) in places.iter_mut().zip(in_chunk) {
            let n_free = MAX_PLACES - all.len().min(MAX_PLACES);
            all.extend(more.into_iter().take(n_free));
        }
    }
    Some(places)
}

fn search_alone(text: &SourceText, chunk: &Chunk, quote: &str) -> Vec<TextRange> {
    let bytes = text
        .as_str()
        .as_bytes()
        .get(chunk.bytes.clone())
        .unwrap_or_default();
    memchr::memmem::find_iter(bytes, quote.as_bytes())
        .map(|at| chunk.bytes.start + at)
        .take_while(|at| *at < chunk.own_end)
        .take(MAX_PLACES)
        .map(|at| TextRange::from_bytes(at..at + quote.len()))
        .collect()
}

/// Ends early when each quotation has as many places as are examined.
fn search_together(
    text: &SourceText,
    chunk: &Chunk,
    automaton: &AhoCorasick,
    n_patterns: usize,
) -> Vec<Vec<TextRange>> {
    let mut places = vec![Vec::new(); n_patterns];
    let mut n_full = 0;
    let searched = text.as_str().get(chunk.bytes.clone()).unwrap_or_default();
    for hit in automaton.find_overlapping_iter(searched) {
        let at = chunk.bytes.start + hit.start();
        if let Some(list) = places.get_mut(hit.pattern().as_usize())
            && list.len() < MAX_PLACES
            && at < chunk.own_end
        {
            list.push(TextRange::from_bytes(at..chunk.bytes.start + hit.end()));
            n_full += usize::from(list.len() == MAX_PLACES);
            if n_full == n_patterns {
                break;
            }
        }
    }
    places
}
