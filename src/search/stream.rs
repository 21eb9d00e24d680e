//! The folded view of a text as it goes by: a stretch of it with the way back to the text.

use super::letters::Letters;
use crate::text::{is_ignored, is_set_without_blanks};
use std::ops::Range;

/// Bytes of ASCII prose that are examined together.
const LANES: usize = 16;

/// A stretch of the folded view. The source goes along with each call, always the same one.
///
/// Offsets in the view count from where the view begins, not from where the stretch does.
pub struct Stream {
    letters: Letters,
    keeps_case: bool,
    /// Where in the source the view begins.
    origin: usize,
    /// How much of the source is folded.
    at: usize,
    /// UTF-8.
    text: Vec<u8>,
    /// Bytes of the view before `text`.
    dropped: usize,
    /// Where one byte here is not one byte of the source, ascending in both; of those before the stretch, the last.
    pieces: Vec<Piece>,
    run: Run,
}

/// A stretch that was rewritten: it can only be mapped as a whole.
#[derive(Clone, Copy, Debug)]
struct Piece {
    folded: usize,
    folded_end: usize,
    source_end: usize,
    source: usize,
}

/// The run of white space that was examined last: a million soft hyphens must not be searched a million times.
#[derive(Clone, Copy, Default)]
struct Run {
    start: usize,
    end: usize,
    /// Where the last line in it ends.
    last_break: Option<usize>,
}

/// Returns `text` folded: what a query and a place in the text must have in common. Case and accents are kept when
/// `keeps_case`.
///
/// ```
/// use sourcemark::search::fold;
/// assert_eq!(fold("“Só-\nlo”", false), "\"solo\"");
/// assert_eq!(fold("“Só-\nlo”", true), "\"So\u{301}lo\"");
/// ```
pub fn fold(text: &str, keeps_case: bool) -> String {
    let mut stream = Stream::new(0, keeps_case);
    stream.fold_to(text, text.len());
    String::from_utf8(stream.text).unwrap_or_default()
}

impl Stream {
    /// Returns the view from the byte `origin` of the source on.
    pub fn new(origin: usize, keeps_case: bool) -> Self {
        Self {
            letters: Letters::new(keeps_case),
            keeps_case,
            origin,
            at: origin,
            text: Vec::new(),
            dropped: 0,
            pieces: Vec::new(),
            run: Run::default(),
        }
    }

    /// Returns how much of the source is folded.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Returns where the folded stretch ends.
    pub fn end(&self) -> usize {
        self.dropped + self.text.len()
    }

    /// Returns what is folded from `offset` on.
    pub fn since(&self, offset: usize) -> &[u8] {
        let offset = offset.saturating_sub(self.dropped);
        self.text.get(offset..).unwrap_or_default()
    }

    /// Returns the nearest end of a character at or before `offset`.
    pub fn floor_char(&self, offset: usize) -> usize {
        let mut place = offset.saturating_sub(self.dropped).min(self.text.len());
        let is_inside = |byte: &u8| byte & 0xC0 == 0x80;
        while place > 0 && self.text.get(place).is_some_and(is_inside) {
            place -= 1;
        }
        self.dropped + place
    }

    /// Forgets what is before `offset`.
    pub fn forget_before(&mut self, offset: usize) {
        let n_bytes = offset.saturating_sub(self.dropped).min(self.text.len());
        self.text.drain(..n_bytes);
        self.dropped += n_bytes;
        let n_before = self.n_pieces_to(self.dropped);
        self.pieces.drain(..n_before.saturating_sub(1));
    }

    /// Returns where in the source the character at `offset` begins.
    pub fn source_start(&self, offset: usize) -> usize {
        match self.piece_at(offset) {
            None => self.origin + offset,
            Some(piece) if offset < piece.folded_end => piece.source,
            Some(piece) => piece.source_end + (offset - piece.folded_end),
        }
    }

    /// Returns the stretch of the source that `range` was made of, without what was left out at its ends; `None` when
    /// an end is inside what can only be mapped as a whole.
    pub fn to_source(&self, range: Range<usize>) -> Option<Range<usize>> {
        let is_inside = |offset: usize| {
            let piece = self.piece_at(offset);
            piece.is_some_and(|piece| piece.folded < offset && offset < piece.folded_end)
        };
        let last = range.end.checked_sub(1).filter(|_| !range.is_empty())?;
        if is_inside(range.start) || is_inside(range.end) {
            return None;
        }
        let end = match self.piece_at(last) {
            None => self.origin + last + 1,
            Some(piece) if last < piece.folded_end => piece.source_end,
            Some(piece) => piece.source_end + (last - piece.folded_end) + 1,
        };
        Some(self.source_start(range.start)..end)
    }

    fn n_pieces_to(&self, offset: usize) -> usize {
        self.pieces.partition_point(|piece| piece.folded <= offset)
    }

    fn piece_at(&self, offset: usize) -> Option<&Piece> {
        self.pieces.get(self.n_pieces_to(offset).checked_sub(1)?)
    }

    /// Folds on until the byte `until` of the source, or a little further.
    pub fn fold_to(&mut self, source: &str, until: usize) {
        let until = until.min(source.len());
        while self.at < until {
            self.fold_common(source, until);
            let Some(c) = rest(source, self.at).chars().next() else {
                return;
            };
            if self.at < until {
                self.fold_one(source, c);
            }
        }
    }

    /// Folds what nearly all text is made of: ASCII prose, and characters that were folded a moment ago. Stops at
    /// anything else.
    fn fold_common(&mut self, source: &str, until: usize) {
        let bytes = source.as_bytes();
        while self.at < until {
            self.copy_lanes(bytes, until);
            for _ in 0..LANES {
                let byte = bytes.get(self.at).filter(|_| self.at < until);
                let Some(byte) = byte.copied() else {
                    return;
                };
                // What follows the end of the text is like a line's end: the slow way decides.
                let next = bytes.get(self.at + 1).copied().unwrap_or(b'\n');
                if byte >= 0x80 {
                    if !self.fold_known(source) {
                        return;
                    }
                } else if byte == b'\n' && is_ink(next) {
                    self.text.push(b' ');
                    self.at += 1;
                } else if is_special(byte, next) {
                    return;
                } else {
                    self.text.push(if self.keeps_case {
                        byte
                    } else {
                        byte.to_ascii_lowercase()
                    });
                    self.at += 1;
                }
            }
        }
    }

    /// Copies ASCII prose that is the same in the view, but for its case, as many lanes as there are.
    fn copy_lanes(&mut self, bytes: &[u8], until: usize) {
        let end = until - n_rest(bytes, self.at, until);
        let plain = bytes.get(self.at..end).unwrap_or_default();
        let start = self.text.len();
        self.text.extend_from_slice(plain);
        if !self.keeps_case
            && let Some(copy) = self.text.get_mut(start..)
        {
            copy.make_ascii_lowercase();
        }
        self.at += plain.len();
    }

    /// Folds a character beyond ASCII, if it was folded a moment ago.
    fn fold_known(&mut self, source: &str) -> bool {
        let Some(c) = rest(source, self.at).chars().next() else {
            return false;
        };
        let Some(folded) = self.letters.known(c) else {
            return false;
        };
        let start = self.at;
        let (n_folded, is_one) = (folded.len(), is_one_character(folded, c.len_utf8()));
        self.text.extend_from_slice(folded);
        self.at += c.len_utf8();
        if !is_one {
            self.map(start, self.end() - n_folded);
        }
        true
    }

    /// Records that the view from `folded` on replaces the source from `start` on.
    fn map(&mut self, source: usize, folded: usize) {
        self.pieces.push(Piece {
            folded,
            folded_end: self.end(),
            source_end: self.at,
            source,
        });
    }

    fn fold_one(&mut self, source: &str, c: char) {
        let start = self.at;
        let next = start + c.len_utf8();
        match c {
            _ if c.is_whitespace() => self.fold_run(source),
            '-' | '\u{AD}' | '\u{2010}' if let Some(end) = self.joined(source, next) => {
                self.replace(end, "");
            }
            '-' | '\u{2010}' => self.replace(next, "-"),
            _ if is_ignored(c) => self.replace(next, ""),
            _ => {
                let before = rest_before(source, start).chars().next_back();
                let from = self.end();
                let folded = self.letters.fold(c, before);
                let is_one = is_one_character(folded, next - start);
                self.text.extend_from_slice(folded);
                self.at = next;
                if !is_one {
                    self.map(start, from);
                }
            }
        }
    }

    /// Writes `with` for the source up to `end`.
    fn replace(&mut self, end: usize, with: &str) {
        let (start, folded) = (self.at, self.end());
        self.text.extend_from_slice(with.as_bytes());
        self.at = end;
        if end - start != 1 || with.len() != 1 {
            self.map(start, folded);
        }
    }

    /// Folds a run of white space, with what is invisible in it, to one blank, or to nothing between Chinese or
    /// Japanese lines.
    fn fold_run(&mut self, source: &str) {
        let (end, breaks_line) = self.run_from(source, self.at);
        let before = rest_before(source, self.at).chars().next_back();
        let after = rest(source, end).chars().next();
        let is_joined = breaks_line
            && before.is_some_and(is_set_without_blanks)
            && after.is_some_and(is_set_without_blanks);
        self.replace(end, if is_joined { "" } else { " " });
    }

    /// Returns where the word continues that a hyphen cuts at the end of a line, if it does; `next` is behind the
    /// hyphen.
    fn joined(&mut self, source: &str, next: usize) -> Option<usize> {
        let before = rest_before(source, self.at).chars().next_back()?;
        let (end, breaks_line) = self.run_from(source, next);
        let after = rest(source, end).chars().next()?;
        (breaks_line && before.is_alphabetic() && after.is_lowercase()).then_some(end)
    }

    /// Returns the end of the white space from `at` on, with the invisible characters in it, and whether a line ends
    /// there.
    fn run_from(&mut self, source: &str, at: usize) -> (usize, bool) {
        if !(self.run.start..self.run.end).contains(&at) {
            self.run = Run {
                start: at,
                end: at,
                last_break: None,
            };
            for c in rest(source, at).chars() {
                match c {
                    '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                        self.run.last_break = Some(self.run.end);
                    }
                    _ if c.is_whitespace() || is_ignored(c) => {}
                    _ => break,
                }
                self.run.end += c.len_utf8();
            }
        }
        let breaks_line = self.run.last_break.is_some_and(|place| place >= at);
        (self.run.end, breaks_line)
    }
}

fn rest(source: &str, at: usize) -> &str {
    source.get(at..).unwrap_or_default()
}

fn rest_before(source: &str, at: usize) -> &str {
    source.get(..at).unwrap_or_default()
}

/// Returns whether `folded` is one character of `length` bytes: then offsets in it need no map.
fn is_one_character(folded: &[u8], length: usize) -> bool {
    let is_first = |byte: &&u8| **byte & 0xC0 != 0x80;
    folded.len() == length && folded.iter().filter(is_first).count() == 1
}

/// Returns how much is left of `bytes` from `at` to `until` behind the lanes that the view has as they are.
fn n_rest(bytes: &[u8], mut at: usize, until: usize) -> usize {
    while at + LANES <= until {
        let here = bytes.get(at..at + LANES);
        let next = bytes.get(at + 1..at + 1 + LANES);
        let (Some(here), Some(next)) = (here, next) else {
            break;
        };
        let mut is_any = false;
        for (byte, next) in here.iter().zip(next) {
            is_any |= is_special(*byte, *next);
        }
        if is_any {
            break;
        }
        at += LANES;
    }
    until - at
}

/// Returns whether the view may have something else for an ASCII byte: it may belong to a run of white space, or be a
/// hyphen at the end of a line. Without branches, so that the compiler looks at many bytes at once.
fn is_special(byte: u8, next: u8) -> bool {
    let is_line_white = byte.wrapping_sub(b'\t') < 5;
    let may_go_on = (byte == b' ') | (byte == b'-');
    (byte >= 0x80) | is_line_white | (may_go_on & !is_ink(next))
}

/// Returns whether an ASCII byte is to be seen.
fn is_ink(byte: u8) -> bool {
    byte.wrapping_sub(0x21) < 0x5F
}
