//! One search through one text, slice by slice.

use super::{Hits, MAX_HITS, Pattern, pattern::Kind, plain::PlainSearch, regular::RegularSearch};
use crate::text::{ByteOffset, SourceText, TextRange, is_ignored};
use std::sync::Arc;

/// Bytes of the text that a slice has: some milliseconds of work.
pub const SLICE_BYTES: usize = 4 << 20;

/// A search under way. It begins at the line where the reader is, so that what is nearest comes first, and continues
/// from the start of the text.
pub struct Search {
    text: SourceText,
    pattern: Arc<Pattern>,
    /// Where the first half begins and the second ends.
    seam: usize,
    is_second: bool,
    walk: Walk,
    /// Hits from the seam on, and before it.
    after: Vec<TextRange>,
    before: Vec<TextRange>,
    most: usize,
    is_done: bool,
}

/// How far a search may go at a time.
pub struct Slice<'a> {
    pub text: &'a SourceText,
    /// The byte at which it ends, at most the length of the text.
    pub until: usize,
    pub whole_words: bool,
    /// Most hits, those known before among them.
    pub most: usize,
}

enum Walk {
    Plain(PlainSearch),
    Regular(RegularSearch),
}

impl Search {
    /// Returns a search for `pattern` in all of `text`, which looks first from the line of `place` on.
    pub fn new(text: &SourceText, pattern: Arc<Pattern>, place: ByteOffset) -> Self {
        let seam = seam(text, &pattern, place);
        Self {
            walk: Walk::new(&pattern, seam),
            text: text.clone(),
            pattern,
            seam,
            is_second: false,
            after: Vec::new(),
            before: Vec::new(),
            most: MAX_HITS,
            is_done: false,
        }
    }

    /// Returns the same search with room for `most` hits.
    pub fn with_most(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// Returns whether all of the text was searched, or the hits are full.
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// Searches about `n_bytes` more of the text; less when `may_go_on` says no, and can be continued then.
    pub fn step(&mut self, n_bytes: usize, may_go_on: &dyn Fn() -> bool) {
        if self.is_done {
            return;
        }
        let end = if self.is_second {
            self.seam
        } else {
            self.text.len()
        };
        let others = self.n_hits();
        let hits = if self.is_second {
            &mut self.before
        } else {
            &mut self.after
        };
        let mut slice = Slice {
            text: &self.text,
            until: 0,
            whole_words: self.pattern.whole_words,
            // One more than is kept, to know whether there are more.
            most: hits.len() + (self.most + 1).saturating_sub(others),
        };
        let at = match (&mut self.walk, &self.pattern.kind) {
            (Walk::Plain(search), Kind::Plain(words)) => {
                // A hit that begins before the seam may end behind it.
                slice.until = (search.folded() + n_bytes.max(1)).min(self.text.len());
                search.go_on(words, &slice, hits, may_go_on);
                search.at()
            }
            (Walk::Regular(search), Kind::Regular(expression)) => {
                slice.until = (search.at() + n_bytes.max(1)).min(end);
                search.go_on(expression, &slice, hits, may_go_on);
                search.at()
            }
            _ => end,
        };
        if at >= end || self.n_hits() > self.most {
            self.end_half();
        }
    }

    fn end_half(&mut self) {
        if self.is_second || self.seam == 0 || self.n_hits() > self.most {
            self.is_done = true;
        } else {
            self.is_second = true;
            self.walk = Walk::new(&self.pattern, 0);
        }
        let seam = ByteOffset::new(self.seam);
        let reach = self.after.first().map(|hit| hit.start());
        self.before
            .retain(|hit| hit.start() < seam && reach.is_none_or(|reach| hit.end() <= reach));
    }

    fn n_hits(&self) -> usize {
        self.before.len() + self.after.len()
    }

    /// Returns the hits so far.
    pub fn hits(&self) -> Hits {
        let mut ranges = self.before.clone();
        ranges.extend(&self.after);
        let is_capped = ranges.len() > self.most;
        ranges.truncate(self.most);
        Hits { ranges, is_capped }
    }

    /// Returns the first hit at or after where the search began, as soon as it is found.
    pub fn first(&self) -> Option<TextRange> {
        self.after.first().copied()
    }

    /// Searches all of the text in slices; `None` when `may_go_on` said no.
    pub fn finish(mut self, slice_bytes: usize, may_go_on: &dyn Fn() -> bool) -> Option<Hits> {
        while !self.is_done {
            if !may_go_on() {
                return None;
            }
            self.step(slice_bytes, may_go_on);
        }
        Some(self.hits())
    }
}

impl Walk {
    fn new(pattern: &Pattern, start: usize) -> Self {
        match &pattern.kind {
            Kind::Plain(words) => Self::Plain(PlainSearch::new(words, start)),
            Kind::Regular(_) => Self::Regular(RegularSearch::new(start)),
        }
    }
}

/// Returns where a search that is to find what is near `place` may begin: no hit extends over it.
fn seam(text: &SourceText, pattern: &Pattern, place: ByteOffset) -> usize {
    let lines = text.lines();
    let start_of = |line: usize| lines.start(line).map_or(0, ByteOffset::get);
    let mut line = lines.line_at(text.floor_char(place));
    let Kind::Regular(_) = pattern.kind else {
        // A run of white space is one blank, with what is invisible in it.
        let is_blank = |c: char| c.is_whitespace() || is_ignored(c);
        let rest = text.as_str().get(start_of(line)..).unwrap_or_default();
        return text.len() - rest.trim_start_matches(is_blank).len();
    };
    let is_blank = |line: usize| {
        text.line(line)
            .is_none_or(|line| text.slice_or_empty(line).trim().is_empty())
    };
    for _ in 0..MAX_LINES_BACK {
        let Some(before) = line.checked_sub(1) else {
            break;
        };
        if !is_blank(line) && is_blank(before) {
            return start_of(line);
        }
        line = before;
    }
    0
}

/// Lines that are looked back through for the start of a paragraph.
const MAX_LINES_BACK: usize = 1_000;
