//! Finds where in a text parts of a passage may still be: searches for short pieces of it, all at once.
//!
//! An edit destroys the pieces it touches and leaves the others, so a passage that is still there in part has
//! pieces there to the letter (the filter of approximate matching by exact pieces; Wu and Manber, "Fast text
//! searching allowing errors", CACM 35 (1992)). Pieces are eight bytes of the folded text, in long texts up to
//! sixteen. They are counted in a first pass; the second looks only for the rarest of each passage: a piece that
//! is everywhere says nothing.

use super::{
    chunks::{Chunk, search_chunks},
    progress::{Progress, part},
};
use crate::text::{Folded, Folding, SourceText};
use std::sync::atomic::{AtomicU32, Ordering};

/// Most bytes of a piece.
const MAX_SEED_BYTES: usize = 16;
/// Bytes from one piece of a passage to the next: a stretch of two bytes more than a piece that survived holds one.
const STEP: usize = 3;
/// Pieces of one passage that are searched for.
const MAX_SEEDS: usize = 24;
/// A passage's pieces are taken, the rarest first, until they occur so often together.
const MAX_HITS: u32 = 256;
/// The rarest pieces of a passage are searched for though they occur more often than that, up to this.
const MAX_HITS_OF_RAREST: u32 = 4_096;

/// A place of a piece of a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// Where the passage would begin, in bytes of the text, had nothing changed before the piece; may be before
    /// the text.
    pub origin: i64,
    /// Which piece it is: its offset in the passage.
    pub offset: u32,
}

/// Returns for each of `passages` (folded) the places in `text` of its rarest pieces, sorted. `None`
/// when `progress` said no. Two passes over the text, whatever the number of passages.
pub fn find_seeds(
    text: &SourceText,
    passages: &[&str],
    progress: Progress<'_>,
) -> Option<Vec<Vec<Hit>>> {
    let seeds = Seeds::for_text(text.len());
    let all = Table::new(seeds, passages.iter().flat_map(|passage| seeds.of(passage)));
    let counts: Vec<AtomicU32> = all.keys.iter().map(|_| AtomicU32::new(0)).collect();
    // `hit` gets the number of the key and where it is in the folded piece of the text.
    let scan = |chunk: &Chunk, table: &Table, hit: &mut dyn FnMut(&Folded, usize, usize)| {
        let searched = text.as_str().get(chunk.bytes.clone()).unwrap_or_default();
        let folded = Folded::new(searched, Folding::Typography);
        let own_end = folded.to_folded(chunk.own_end - chunk.bytes.start);
        table.scan(folded.as_str().as_bytes(), &mut |idx, at| {
            if at < own_end {
                hit(&folded, idx, at);
            }
        });
    };
    let overlap = 8 * MAX_SEED_BYTES;
    search_chunks(text.as_str(), overlap, &part(progress, 0.0, 0.5), |chunk| {
        scan(&chunk, &all, &mut |_, idx, _| {
            // Beyond the limit the number says nothing more, and the threads need not fight for it.
            if let Some(count) = counts.get(idx)
                && count.load(Ordering::Relaxed) <= MAX_HITS_OF_RAREST
            {
                count.fetch_add(1, Ordering::Relaxed);
            }
        });
    })?;
    let chosen: Vec<Vec<(u32, u64)>> = passages
        .iter()
        .map(|passage| rarest(passage, seeds, &all, &counts))
        .collect();
    let rare = Table::new(seeds, chosen.iter().flatten().copied());
    let found = search_chunks(text.as_str(), overlap, &part(progress, 0.5, 1.0), |chunk| {
        let mut hits: Vec<(usize, usize)> = Vec::new();
        scan(&chunk, &rare, &mut |folded, idx, at| {
            hits.push((idx, chunk.bytes.start + folded.to_source(at..at).start));
        });
        hits
    })?;
    let mut places: Vec<Vec<usize>> = vec![Vec::new(); rare.keys.len()];
    for (idx, at) in found.into_iter().flatten() {
        if let Some(list) = places.get_mut(idx) {
            list.push(at);
        }
    }
    let hits_of = |seeds: &Vec<(u32, u64)>| {
        let mut hits: Vec<Hit> = seeds
            .iter()
            .filter_map(|(offset, key)| Some((*offset, places.get(rare.find(*key)?)?)))
            .flat_map(|(offset, places)| {
                places.iter().map(move |at| Hit {
                    origin: *at as i64 - i64::from(offset),
                    offset,
                })
            })
            .collect();
        hits.sort_unstable();
        hits
    };
    Some(chosen.iter().map(hits_of).collect())
}

/// How a text is cut into pieces.
#[derive(Clone, Copy, Debug)]
struct Seeds {
    n_bytes: usize,
}

impl Seeds {
    /// Returns the longer the text, the longer a piece must be to say where it is.
    fn for_text(n_bytes: usize) -> Self {
        let n_bytes = match n_bytes {
            0..=500_000 => 8,
            500_001..=8_000_000 => 12,
            _ => MAX_SEED_BYTES,
        };
        Self { n_bytes }
    }

    /// Returns the pieces of a passage: offset and key.
    fn of(self, passage: &str) -> impl Iterator<Item = (u32, u64)> {
        let windows = passage.as_bytes().windows(self.n_bytes).enumerate();
        windows.step_by(STEP).map(move |(offset, bytes)| {
            let word = bytes.iter().fold(0, |word, byte| push(word, *byte));
            (u32::try_from(offset).unwrap_or(u32::MAX), self.key(word))
        })
    }

    /// Returns one number for the bytes of a piece, the last of `word`, with its bits well mixed. That two pieces have
    /// one key happens once in 2⁶⁴ and costs a look at the wrong place.
    fn key(self, word: u128) -> u64 {
        let bytes = word << (8 * (MAX_SEED_BYTES - self.n_bytes));
        let folded = (bytes >> 64) as u64 ^ (bytes as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
        folded.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}

/// Returns the last sixteen bytes as one word, one byte further.
fn push(word: u128, byte: u8) -> u128 {
    (word << 8) | u128::from(byte)
}

/// Returns the pieces of `passage` that say most about where it is: those that occur, the rarest first.
fn rarest(passage: &str, seeds: Seeds, table: &Table, counts: &[AtomicU32]) -> Vec<(u32, u64)> {
    let mut present: Vec<(u32, u32, u64)> = seeds
        .of(passage)
        .filter_map(|(offset, key)| {
            let count = counts.get(table.find(key)?)?.load(Ordering::Relaxed);
            (count > 0 && count <= MAX_HITS_OF_RAREST).then_some((count, offset, key))
        })
        .collect();
    present.sort_unstable();
    let mut n_hits = 0;
    present
        .into_iter()
        .take(MAX_SEEDS)
        .take_while(|(count, ..)| {
            let is_first = n_hits == 0;
            n_hits += count;
            is_first || n_hits <= MAX_HITS
        })
        .map(|(_, offset, key)| (offset, key))
        .collect()
}

/// A set of keys that can be asked for every byte of a long text.
struct Table {
    seeds: Seeds,
    /// The keys, sorted; an index into them names a key.
    keys: Vec<u64>,
    /// A filter: one bit for each value of the top bits of a key.
    filter: Vec<u64>,
    filter_shift: u32,
    /// For each value of the top 16 bits, where the keys with it begin.
    starts: Vec<u32>,
}

impl Table {
    fn new(seeds: Seeds, pieces: impl Iterator<Item = (u32, u64)>) -> Self {
        let mut keys: Vec<u64> = pieces.map(|(_, key)| key).collect();
        keys.sort_unstable();
        keys.dedup();
        // Sixteen bits for each key: one foreign byte of the text in sixteen passes the filter.
        let filter_bits = (keys.len() * 16)
            .next_power_of_two()
            .clamp(1 << 12, 1 << 24)
            .ilog2();
        let mut filter = vec![0; (1_usize << filter_bits) / 64];
        let filter_shift = 64 - filter_bits;
        let mut starts = vec![0; (1 << 16) + 1];
        for key in &keys {
            let bit = key >> filter_shift;
            if let Some(word) = filter.get_mut((bit / 64) as usize) {
                *word |= 1 << (bit % 64);
            }
            if let Some(count) = starts.get_mut((key >> 48) as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Self {
            seeds,
            keys,
            filter,
            filter_shift,
            starts,
        }
    }

    fn find(&self, key: u64) -> Option<usize> {
        let top = (key >> 48) as usize;
        let (from, to) = (
            *self.starts.get(top)? as usize,
            *self.starts.get(top + 1)? as usize,
        );
        let found = self.keys.get(from..to)?.binary_search(&key).ok()?;
        Some(from + found)
    }

    /// Calls `hit` with each key found and where it begins.
    fn scan(&self, bytes: &[u8], hit: &mut dyn FnMut(usize, usize)) {
        let mut word = 0;
        for (idx, byte) in bytes.iter().enumerate() {
            word = push(word, *byte);
            let key = self.seeds.key(word);
            let bit = key >> self.filter_shift;
            let bits = self.filter.get((bit / 64) as usize).copied().unwrap_or(0);
            if bits & (1 << (bit % 64)) == 0 {
                continue;
            }
            if let Some(found) = self.find(key)
                && let Some(at) = (idx + 1).checked_sub(self.seeds.n_bytes)
            {
                hit(found, at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_that_survived_lead_to_the_passage() {
        let text = SourceText::new(
            "Before. The ministry has firmly denied the allegation today.".to_owned(),
        )
        .unwrap();
        let hits = find_seeds(
            &text,
            &["The ministry denied the allegation", "nowhere at all"],
            &|_| true,
        )
        .unwrap();
        assert!(hits[0].iter().any(|hit| hit.origin == 8));
        assert!(
            hits[0]
                .iter()
                .any(|hit| hit.origin == 8 + "has firmly ".len() as i64)
        );
        assert!(hits[1].is_empty());
    }

    #[test]
    fn every_piece_is_found_where_it_stands() {
        let bytes = b"abcdefghijklmnop";
        let seeds = Seeds::for_text(bytes.len());
        let table = Table::new(seeds, seeds.of("cdefghijklmno"));
        let mut found = Vec::new();
        table.scan(bytes, &mut |_, at| found.push(at));
        assert_eq!(found, [2, 5]);
    }
}
