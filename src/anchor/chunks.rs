//! A long text, searched in pieces: on all processors, with a chance to stop between two pieces.

use super::progress::Progress;
use std::{
    ops::Range,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

/// Bytes of a piece: a thread has its own copies of what it searches, so this times the threads is what a search
/// takes besides the text; and a search can be stopped as often.
const CHUNK_BYTES: usize = 4 << 20;
/// More threads than this gain nothing: the memory is the limit.
const MAX_THREADS: usize = 8;

/// A piece of a text, in bytes of that text, cut between characters.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// What to search, reaching over into the next piece by as much as was asked for.
    pub bytes: Range<usize>,
    /// What begins here or later is found in the next piece too.
    pub own_end: usize,
}

/// Calls `work` for each piece of `text`; the answers are in the order of the pieces. Neighbours overlap by at
/// least `overlap` bytes, so that what is at most that long is whole in one. `None` when `progress` said no.
pub fn search_chunks<T: Send>(
    text: &str,
    overlap: usize,
    progress: Progress<'_>,
    work: impl Fn(Chunk) -> T + Sync,
) -> Option<Vec<T>> {
    let n_chunks = text.len().div_ceil(CHUNK_BYTES).max(1);
    let chunk = |idx: usize| {
        let place = |at: usize| text.floor_char_boundary(at.min(text.len()));
        let own_end = place((idx + 1) * CHUNK_BYTES);
        Chunk {
            bytes: place(idx * CHUNK_BYTES)
                ..place(own_end.saturating_add(overlap).saturating_add(3)),
            own_end,
        }
    };
    if !progress(0.0) {
        return None;
    }
    let (next, n_done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let stopped = AtomicBool::new(false);
    let answers = Mutex::new(Vec::with_capacity(n_chunks));
    let take_one = || {
        let idx = next.fetch_add(1, Ordering::Relaxed);
        if idx >= n_chunks || stopped.load(Ordering::Relaxed) {
            return false;
        }
        let answer = work(chunk(idx));
        let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.push((idx, answer));
        n_done.fetch_add(1, Ordering::Relaxed);
        true
    };
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 1..n_threads.min(MAX_THREADS).min(n_chunks) {
            scope.spawn(|| while take_one() {});
        }
        loop {
            let has_more = take_one();
            if !progress(n_done.load(Ordering::Relaxed) as f32 / n_chunks as f32) {
                stopped.store(true, Ordering::Relaxed);
            }
            if !has_more {
                break;
            }
        }
    });
    if stopped.into_inner() {
        return None;
    }
    let mut answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner);
    answers.sort_by_key(|(idx, _)| *idx);
    Some(answers.into_iter().map(|(_, answer)| answer).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_somebodys_own() {
        let text = "né".repeat(3_000_000);
        let chunks = search_chunks(&text, 10, &|_| true, |chunk| chunk).unwrap();
        assert_eq!(chunks.len(), 3);
        let mut at = 0;
        for chunk in &chunks {
            assert_eq!(chunk.bytes.start, at);
            assert!(text.get(chunk.bytes.clone()).is_some());
            assert!(chunk.bytes.end >= (chunk.own_end + 10).min(text.len()));
            at = chunk.own_end;
        }
        assert_eq!(at, text.len());
    }

    #[test]
    fn a_search_can_be_stopped() {
        let text = "x".repeat(9 << 20);
        assert!(search_chunks(&text, 0, &|_| false, |_| ()).is_none());
        assert!(search_chunks(&text, 0, &|share| share == 0.0, |_| ()).is_none());
        assert_eq!(search_chunks("", 0, &|_| true, |_| ()).unwrap().len(), 1);
    }
}
