//! Searches for folded words.

use super::{
    edges::{is_between_clusters, is_between_words},
    pattern::Plain,
    run::Slice,
    stream::Stream,
};
use crate::text::{ByteOffset, SourceText, TextRange, boundary, is_ignored};
use std::ops::Range;

/// Bytes of the text that are folded before they are searched: they fit the processor's own memory.
const STRETCH_BYTES: usize = 64 << 10;

/// A search for folded words on its way through a text.
pub struct PlainSearch {
    stream: Stream,
    /// Where in the view the next hit may begin.
    from: usize,
}

impl PlainSearch {
    /// Returns a search from the byte `start` of the text on.
    pub fn new(words: &Plain, start: usize) -> Self {
        Self {
            stream: Stream::new(start, words.keeps_case),
            from: 0,
        }
    }

    /// Returns where in the text the next hit may begin.
    pub fn at(&self) -> usize {
        if self.from < self.stream.end() {
            self.stream.source_start(self.from)
        } else {
            self.stream.at()
        }
    }

    /// Returns how much of the text is folded; more than [`at`](Self::at), while a hit may continue.
    pub fn folded(&self) -> usize {
        self.stream.at()
    }

    /// Continues until the slice is folded; stops early when `may_go_on` says no.
    pub fn go_on(
        &mut self,
        words: &Plain,
        slice: &Slice<'_>,
        hits: &mut Vec<TextRange>,
        may_go_on: &dyn Fn() -> bool,
    ) {
        while self.stream.at() < slice.until && hits.len() < slice.most && may_go_on() {
            let next = (self.stream.at() + STRETCH_BYTES).min(slice.until);
            self.stream.fold_to(slice.text.as_str(), next);
            self.look(words, slice, hits);
            self.stream.forget_before(self.from);
        }
    }

    fn look(&mut self, words: &Plain, slice: &Slice<'_>, hits: &mut Vec<TextRange>) {
        let text = slice.text;
        let is_end = self.stream.at() >= text.len();
        let (length, first) = words.lens;
        while hits.len() < slice.most {
            let rest = self.stream.since(self.from);
            let Some(found) = words.finder.find(rest) else {
                // The beginning of a hit may be the end of what is folded.
                let tail = self.stream.end().saturating_sub(length.saturating_sub(1));
                let tail = self.stream.floor_char(tail);
                self.from = if is_end {
                    self.stream.end()
                } else {
                    tail.max(self.from)
                };
                return;
            };
            let start = self.from + found;
            let end = start + length;
            if end >= self.stream.end() && !is_end {
                // What follows may belong to the last letter.
                self.from = start;
                return;
            }
            let range = self.range(text, start..end).filter(|range| {
                !slice.whole_words
                    || (is_between_words(text, range.start().get())
                        && is_between_words(text, range.end().get()))
            });
            self.from = if range.is_some() { end } else { start + first };
            hits.extend(range);
        }
    }

    /// Returns the stretch of the text that the `folded` one represents, with the points and accents that follow its
    /// last letter; `None` when it would cut a grapheme cluster.
    fn range(&self, text: &SourceText, folded: Range<usize>) -> Option<TextRange> {
        let next = folded.end;
        let Range { start, mut end } = self.stream.to_source(folded)?;
        if !is_between_clusters(text, start) {
            return None;
        }
        if !is_between_clusters(text, end) {
            let limit = if next < self.stream.end() {
                self.stream.source_start(next)
            } else {
                text.len()
            };
            let place = ByteOffset::new(end);
            let (floor, next) = (
                boundary::floor_grapheme(text, place).get(),
                boundary::next_grapheme(text, place).get(),
            );
            let over = text.as_str().get(floor..end).unwrap_or_default();
            end = if next <= limit {
                next
            } else if floor > start && over.chars().all(is_ignored) {
                // Invisible characters behind a blank may belong to the letter after it.
                floor
            } else {
                return None;
            };
        }
        Some(TextRange::from_bytes(start..end))
    }
}
