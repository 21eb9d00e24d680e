//! The pieces an article is laid out in: its lines, the very long ones cut.
//!
//! A paragraph of a hundred megabytes without a line ending must not be laid out as one. It is cut after a
//! sentence where there is one in reach, else after a blank, else between two characters, so a cut shows as no
//! more than a paragraph that ends early. Shaping does not cross a cut.

use super::cost;
use crate::text::{ByteOffset, SourceText, TextRange, boundary};

/// Longest piece in bytes: about two pages, laid out in some two milliseconds.
const MAX_BYTES: usize = 8 * 1024;

/// What laying out a piece may cost, see [`cost`]: some five milliseconds.
const MAX_COST: usize = 24_000;
/// Lines up to this length, in bytes, are not examined for what they cost.
const MIN_COSTLY: usize = 256;

/// Where the pieces begin.
pub struct Pieces {
    text: SourceText,
    /// Starts of the pieces, when some line had to be cut; else the pieces are the lines.
    starts: Option<Vec<u32>>,
}

impl Pieces {
    /// Finds the pieces in one pass over the lines, not over the text.
    pub fn new(text: SourceText) -> Self {
        let n_lines = text.lines().n_lines();
        let is_long = |line: usize| text.line(line).is_some_and(|range| is_long(&text, range));
        let starts = (0..n_lines).any(is_long).then(|| {
            let mut starts = Vec::with_capacity(n_lines + text.len() / MAX_BYTES);
            for range in (0..n_lines).filter_map(|line| text.line(line)) {
                cut(&text, range, &mut starts);
            }
            starts
        });
        Self { text, starts }
    }

    /// Returns the number of pieces, at least 1.
    pub fn len(&self) -> usize {
        self.starts
            .as_ref()
            .map_or_else(|| self.text.lines().n_lines(), Vec::len)
    }

    /// Returns the text of a piece without its line ending; empty past the last.
    pub fn range(&self, piece: usize) -> TextRange {
        let Some(starts) = &self.starts else {
            return self
                .text
                .line(piece)
                .unwrap_or(TextRange::empty(self.text.end()));
        };
        let Some(start) = starts.get(piece) else {
            return TextRange::empty(self.text.end());
        };
        let start = ByteOffset::new(*start as usize);
        let line = self
            .text
            .line(self.text.lines().line_at(start))
            .unwrap_or(TextRange::empty(start));
        let next = starts
            .get(piece + 1)
            .map_or(self.text.end(), |next| ByteOffset::new(*next as usize));
        TextRange::new(start, line.end().min(next))
    }

    /// Returns the piece that holds `offset`; a line's ending belongs to its last piece.
    pub fn at(&self, offset: ByteOffset) -> usize {
        match &self.starts {
            None => self.text.lines().line_at(offset),
            Some(starts) => starts
                .partition_point(|start| *start as usize <= offset.get())
                .saturating_sub(1),
        }
    }

    /// Returns whether a piece is the first of its line.
    pub fn begins_line(&self, piece: usize) -> bool {
        if self.starts.is_none() {
            return true;
        }
        let start = self.range(piece).start();
        self.text.lines().start(self.text.lines().line_at(start)) == Some(start)
    }

    /// Returns whether a piece is the last of its line.
    pub fn ends_line(&self, piece: usize) -> bool {
        piece + 1 >= self.len() || self.begins_line(piece + 1)
    }
}

/// Returns whether what is left of a line has to be cut: it is long, or full of what is laid out slowly.
fn is_long(text: &SourceText, rest: TextRange) -> bool {
    if rest.len() > MAX_BYTES {
        return true;
    }
    let slice = text.slice_or_empty(rest);
    // All that costs much more than its bytes begins with this byte.
    rest.len() > MIN_COSTLY
        && memchr::memchr(0xF0, slice.as_bytes()).is_some()
        && cost::of(slice) > MAX_COST
}

fn cut(text: &SourceText, line: TextRange, starts: &mut Vec<u32>) {
    let mut start = line.start().get();
    let end = line.end().get();
    starts.push(u32::try_from(start).unwrap_or(u32::MAX));
    while is_long(text, TextRange::from_bytes(start..end)) {
        start = cut_place(text, start, end);
        starts.push(u32::try_from(start).unwrap_or(u32::MAX));
    }
}

/// Returns the best place for a cut in the last half of a full piece that begins at `start`.
fn cut_place(text: &SourceText, start: usize, end: usize) -> usize {
    let most = text.floor_char(ByteOffset::new(end.min(start + MAX_BYTES)));
    let longest = TextRange::from_bytes(start..most.get());
    let length = cost::prefix_within(text.slice_or_empty(longest), MAX_COST);
    let from = text.floor_char(ByteOffset::new(start + length / 2)).get();
    let limit = boundary::floor_grapheme(text, ByteOffset::new(start + length)).get();
    let window = text.slice_or_empty(TextRange::from_bytes(from..limit));
    let after_sentence = ['.', '!', '?', '…', '"', '”'].iter().filter_map(|mark| {
        let with_blank = format!("{mark} ");
        window.rfind(&with_blank).map(|at| at + with_blank.len())
    });
    let cjk = window
        .rfind(['。', '！', '？'])
        .map(|at| at + '。'.len_utf8());
    let found = after_sentence
        .chain(cjk)
        .max()
        .or_else(|| window.rfind(' ').map(|at| at + 1));
    match found {
        Some(at) => from + at,
        None if limit > start => limit,
        // One grapheme cluster longer than a piece: cut it rather than never end.
        None => start + length,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Pieces {
        Pieces::new(SourceText::new(text.to_owned()).unwrap())
    }

    #[track_caller]
    fn check_tiling(text: &str) -> Pieces {
        let pieces = pieces(text);
        let mut end = 0;
        for piece in 0..pieces.len() {
            let range = pieces.range(piece).bytes();
            assert!(range.len() <= MAX_BYTES, "{range:?}");
            assert!(
                text[end..range.start]
                    .chars()
                    .all(|c| c == '\n' || c == '\r'),
                "nothing is left out"
            );
            assert_eq!(pieces.at(ByteOffset::new(range.start)), piece);
            end = range.end;
        }
        assert!(text[end..].chars().all(|c| c == '\n' || c == '\r'));
        pieces
    }

    #[test]
    fn short_lines_are_pieces() {
        let pieces = check_tiling("one\r\ntwo\n\nthree\n");
        assert_eq!(pieces.len(), 5);
        assert!(pieces.begins_line(2) && pieces.ends_line(2));
    }

    #[test]
    fn a_long_line_is_cut_after_a_sentence() {
        let pieces = check_tiling(&format!(
            "first\n{}\nlast",
            "A sentence of words. ".repeat(2_000)
        ));
        assert!(pieces.len() > 5);
        assert!(pieces.begins_line(1) && !pieces.ends_line(1) && !pieces.begins_line(2));
        assert!(
            pieces
                .text
                .slice(pieces.range(1))
                .unwrap()
                .ends_with("words. ")
        );
    }

    #[test]
    fn no_cluster_is_cut_where_there_is_no_blank() {
        let pieces = check_tiling(&"👩‍👩‍👧‍👦".repeat(2_000));
        for piece in 0..pieces.len() {
            assert_eq!(pieces.range(piece).len() % "👩‍👩‍👧‍👦".len(), 0);
        }
        check_tiling(&format!("e{}", "\u{301}".repeat(20_000)));
    }

    #[test]
    fn a_line_that_is_laid_out_slowly_is_cut_sooner() {
        let faces = "😀".repeat(1_000);
        let pieces = check_tiling(&format!("{faces}\nshort\n{}\n", "😀 ".repeat(1_000)));
        for piece in 0..pieces.len() {
            let slice = pieces.text.slice_or_empty(pieces.range(piece));
            assert!(cost::of(slice) <= MAX_COST, "{}", slice.len());
        }
        assert!(pieces.len() > 40);
        // One cluster that never ends.
        check_tiling(&"👩\u{200D}".repeat(5_000));
        // A line with an emoji now and then is one piece.
        assert_eq!(check_tiling(&"He said so. 😀 ".repeat(40)).len(), 1);
    }
}
