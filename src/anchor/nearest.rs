//! Where in a text something like each of many passages stands: pieces of a passage lead to stretches of the text,
//! and what fits best there is a candidate.

use super::{
    Selector,
    passage::{Passage, whole},
    progress::{Progress, part},
    resolution::Candidate,
    seeds::{Hit, find_seeds},
};
use crate::text::{Folded, SourceText};
use std::ops::Range;

/// Stretches of the text that are compared with one passage: those with most of its pieces.
const MAX_REGIONS: usize = 6;

/// The places that resemble each of `selectors`, best first, none overlapping a better one. `None` when
/// `progress` said no.
pub fn find_nearest(
    text: &SourceText,
    selectors: &[&Selector],
    progress: Progress<'_>,
) -> Option<Vec<Vec<Candidate>>> {
    let folded: Vec<Folded> = selectors.iter().map(|selector| whole(selector)).collect();
    let passages: Vec<&str> = folded.iter().map(Folded::as_str).collect();
    let hits = find_seeds(text, &passages, &part(progress, 0.0, 0.7))?;
    let n = selectors.len().max(1) as f32;
    let mut found = Vec::with_capacity(selectors.len());
    for (idx, (selector, hits)) in selectors.iter().zip(&hits).enumerate() {
        if !progress(0.7 + 0.3 * idx as f32 / n) {
            return None;
        }
        found.push(candidates(text, &Passage::new(selector), hits));
    }
    Some(found)
}

fn candidates(text: &SourceText, passage: &Passage, hits: &[Hit]) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = regions(text, passage, hits)
        .into_iter()
        .filter_map(|region| passage.best_in(text, region))
        .collect();
    found.sort_by(|a, b| b.score().total_cmp(&a.score()));
    let mut kept: Vec<Candidate> = Vec::with_capacity(found.len());
    for candidate in found {
        if !kept
            .iter()
            .any(|better| better.range.overlaps(candidate.range))
        {
            kept.push(candidate);
        }
    }
    kept
}

/// The stretches of the text in which the passage may stand: where most of its pieces agree.
fn regions(text: &SourceText, passage: &Passage, hits: &[Hit]) -> Vec<Range<usize>> {
    // Pieces of one passage agree when no more was put in or taken out between them than this.
    let slack = (64 + passage.quote_len()).min(1_024) as i64;
    // A piece that comes again and again would chain a whole table to one stretch.
    let longest = 2 * (passage.len() as i64 + slack);
    let mut groups: Vec<(usize, i64, i64)> = Vec::new();
    let mut offsets: Vec<u32> = Vec::new();
    let mut last: Option<i64> = None;
    for hit in hits {
        match (groups.last_mut(), last) {
            (Some(group), Some(last))
                if hit.origin - last <= slack && hit.origin - group.1 <= longest =>
            {
                group.2 = hit.origin;
                if !offsets.contains(&hit.offset) {
                    offsets.push(hit.offset);
                    group.0 += 1;
                }
            }
            _ => {
                offsets = vec![hit.offset];
                groups.push((1, hit.origin, hit.origin));
            }
        }
        last = Some(hit.origin);
    }
    groups.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    groups
        .into_iter()
        .take(MAX_REGIONS)
        .map(|(_, first, last)| {
            let place = |at: i64| {
                let at = usize::try_from(at.max(0)).unwrap_or_default();
                text.as_str().floor_char_boundary(at.min(text.len()))
            };
            let length = passage.len() as i64;
            place(first - slack - 64)..place(last + length + length / 4 + slack + 64)
        })
        .collect()
}
