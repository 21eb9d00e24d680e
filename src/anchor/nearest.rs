//! Finds stretches of a text that resemble each of many passages: pieces of a passage lead to stretches of the text,
//! and what fits best there is a candidate.

use super::{
    Selector,
    frequencies::Frequencies,
    passage::{Found, Passage, Region, whole},
    progress::{Progress, part},
    resolution::Candidate,
    seeds::{Hit, find_seeds},
};
use crate::text::{Folded, SourceText};
use std::ops::Range;

/// Stretches of the text that are compared with one passage: those with most of its pieces.
const MAX_REGIONS: usize = 6;
/// How far from a part of a passage the rest of it is searched for, in bytes. Nine of ten passages that were split
/// apart, in the tune half of the revisions, had less than 1,500 inserted, and all less than 6,400; farther away,
/// words of other sentences are found more often than the rest.
const MAX_INSERTED: i64 = 4_096;
/// Within this distance, in bytes, the rest is searched for even if no piece of it is known there.
const ALWAYS_SEARCHED: i64 = 1_000;
/// The rest of a passage counts as found when it has this many bytes: a word.
const MIN_REST: usize = 10;

/// What resembles a passage in a text.
#[derive(Default)]
pub struct Nearest {
    /// The places that are most like it as a whole, best first, none overlapping a better one.
    pub alike: Vec<Candidate>,
    /// What is left of it in parts, and the next best place that has as many of them.
    pub in_parts: Vec<Found>,
}

/// Returns what resembles each of `selectors`. `None` when `progress` said no.
pub fn find_nearest(
    text: &SourceText,
    selectors: &[&Selector],
    progress: Progress<'_>,
) -> Option<Vec<Nearest>> {
    let folded: Vec<Folded> = selectors.iter().map(|selector| whole(selector)).collect();
    let passages: Vec<&str> = folded.iter().map(Folded::as_str).collect();
    let hits = find_seeds(text, &passages, &part(progress, 0.0, 0.7))?;
    let n = selectors.len().max(1) as f32;
    let mut frequencies = None;
    let mut found = Vec::with_capacity(selectors.len());
    for (idx, (selector, hits)) in selectors.iter().zip(&hits).enumerate() {
        if !progress(0.7 + 0.3 * idx as f32 / n) {
            return None;
        }
        if hits.is_empty() {
            found.push(Nearest::default());
            continue;
        }
        let frequencies = frequencies.get_or_insert_with(|| Frequencies::of(text.as_str()));
        found.push(nearest(text, &Passage::new(selector), hits, frequencies));
    }
    Some(found)
}

fn nearest(
    text: &SourceText,
    passage: &Passage,
    hits: &[Hit],
    frequencies: &Frequencies,
) -> Nearest {
    let mut alike: Vec<Candidate> = Vec::new();
    let mut in_parts: Vec<(Group, Found)> = Vec::new();
    let groups = groups(passage, hits);
    let most = groups.first().map_or(0, |group| group.n_pieces);
    for group in groups {
        let Some(region) = Region::new(text, group.region(text, passage)) else {
            continue;
        };
        alike.extend(passage.best_in(text, &region));
        // Groups of few pieces are chance nearly always, and comparing words is what costs most here.
        if 2 * group.n_pieces >= most {
            let found = passage.parts_in(&region, frequencies);
            in_parts.extend(found.map(|found| (group, found)));
        }
    }
    alike.sort_by(|a, b| b.score().total_cmp(&a.score()));
    let mut kept: Vec<Candidate> = Vec::with_capacity(alike.len());
    for candidate in alike {
        if !kept
            .iter()
            .any(|better| better.range.overlaps(candidate.range))
        {
            kept.push(candidate);
        }
    }
    in_parts.sort_by_key(|(_, found)| std::cmp::Reverse(found.n_bytes()));
    let mut parts: Vec<Found> = Vec::new();
    if let Some((group, best)) = in_parts.first()
        && best.reach.lost_before.max(best.reach.lost_after) >= MIN_REST
        && let wide = group.with_rest(hits)
        && let Some(region) = Region::new(text, wide.region(text, passage))
        && let Some(found) = passage.parts_in(&region, frequencies)
        && found.reach.n_kept >= best.reach.n_kept + MIN_REST
        && found.n_bytes() >= best.n_bytes()
    {
        parts.push(found);
    }
    for (_, found) in in_parts {
        let range = found.candidate.range;
        let overlaps = |known: &Found| known.candidate.range.overlaps(range);
        if !parts.iter().any(overlaps) && parts.len() < 2 {
            parts.push(found);
        }
    }
    Nearest {
        alike: kept,
        in_parts: parts,
    }
}

/// Pieces of a passage that agree on where it begins.
#[derive(Clone, Copy, Debug)]
struct Group {
    n_pieces: usize,
    /// The first and the last place where the passage would begin.
    first: i64,
    last: i64,
    /// Its first and its last piece, by their place in the passage.
    first_piece: u32,
    last_piece: u32,
}

impl Group {
    /// Returns the bytes of the text in which the passage may be.
    fn region(&self, text: &SourceText, passage: &Passage) -> Range<usize> {
        let place = |at: i64| {
            let at = usize::try_from(at.max(0)).unwrap_or_default();
            text.as_str().floor_char_boundary(at.min(text.len()))
        };
        let (length, slack) = (passage.len() as i64, slack(passage));
        place(self.first - slack - 64)..place(self.last + length + length / 4 + slack + 64)
    }

    /// Returns a group that reaches farther: to where later pieces of the passage come after it and earlier ones before
    /// it. Only rare pieces are known, so a little farther in any case.
    fn with_rest(&self, hits: &[Hit]) -> Self {
        let mut wide = Self {
            first: self.first - ALWAYS_SEARCHED,
            last: self.last + ALWAYS_SEARCHED,
            ..*self
        };
        for hit in hits {
            if hit.offset > self.last_piece && hit.origin - self.last <= MAX_INSERTED {
                wide.last = wide.last.max(hit.origin);
            }
            if hit.offset < self.first_piece && self.first - hit.origin <= MAX_INSERTED {
                wide.first = wide.first.min(hit.origin);
            }
        }
        wide
    }
}

/// Pieces of one passage agree when no more was inserted or removed between them than this, in bytes.
fn slack(passage: &Passage) -> i64 {
    (64 + passage.quote_len()).min(1_024) as i64
}

/// Returns the groups of `hits` that have most pieces, most first.
fn groups(passage: &Passage, hits: &[Hit]) -> Vec<Group> {
    let slack = slack(passage);
    // A piece that recurs would chain a whole table to one stretch.
    let longest = 2 * (passage.len() as i64 + slack);
    let mut groups: Vec<Group> = Vec::new();
    let mut offsets: Vec<u32> = Vec::new();
    for hit in hits {
        match groups.last_mut() {
            Some(group)
                if hit.origin - group.last <= slack && hit.origin - group.first <= longest =>
            {
                group.last = hit.origin;
                if !offsets.contains(&hit.offset) {
                    offsets.push(hit.offset);
                    group.n_pieces += 1;
                }
                group.first_piece = group.first_piece.min(hit.offset);
                group.last_piece = group.last_piece.max(hit.offset);
            }
            _ => {
                offsets = vec![hit.offset];
                groups.push(Group {
                    n_pieces: 1,
                    first: hit.origin,
                    last: hit.origin,
                    first_piece: hit.offset,
                    last_piece: hit.offset,
                });
            }
        }
    }
    groups.sort_by(|a, b| b.n_pieces.cmp(&a.n_pieces).then(a.first.cmp(&b.first)));
    groups.truncate(MAX_REGIONS);
    groups
}
