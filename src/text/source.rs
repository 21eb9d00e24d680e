//! The article text as read: immutable, indexed, cheap to clone.

use super::{
    ByteOffset, CharIndex, CharOffset, EditionId, LineIndex, Newline, TextError, TextRange,
};
use std::{
    fmt,
    sync::{Arc, OnceLock},
};

/// A place as people say it: both counts are 0-based here and 1-based when displayed (`12:5`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineCol {
    /// Lines before this one.
    pub line: usize,
    /// Code points before this place on its line.
    pub column: usize,
}

impl fmt::Display for LineCol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line + 1, self.column + 1)
    }
}

/// An article's text with its indexes. Cloning copies one pointer.
///
/// Lines are indexed at once, because nothing can be shown without them; the code point samples and the
/// [`EditionId`] are made when first asked for, so that a hundred megabytes can be read before they exist.
#[derive(Clone)]
pub struct SourceText(Arc<Inner>);

struct Inner {
    text: String,
    lines: LineIndex,
    chars: OnceLock<CharIndex>,
    edition: OnceLock<EditionId>,
}

impl SourceText {
    /// Longest text that can be held, in bytes.
    pub const MAX_BYTES: usize = u32::MAX as usize - 1;

    /// Makes a source text of `text`, unchanged: line endings are kept, nothing is normalised.
    ///
    /// # Errors
    /// [`TextError::TooLong`] when the text has more than [`Self::MAX_BYTES`] bytes.
    pub fn new(text: String) -> Result<Self, TextError> {
        if text.len() > Self::MAX_BYTES {
            return Err(TextError::TooLong {
                length: text.len(),
                limit: Self::MAX_BYTES,
            });
        }
        let lines = LineIndex::new(&text);
        Ok(Self(Arc::new(Inner {
            text,
            lines,
            chars: OnceLock::new(),
            edition: OnceLock::new(),
        })))
    }

    /// Returns the whole text.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// Returns the length in bytes.
    pub fn len(&self) -> usize {
        self.0.text.len()
    }

    /// Returns whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.text.is_empty()
    }

    /// Returns the place just after the last character.
    pub fn end(&self) -> ByteOffset {
        ByteOffset::new(self.len())
    }

    /// Returns the whole text as a range.
    pub fn full_range(&self) -> TextRange {
        TextRange::new(ByteOffset::ZERO, self.end())
    }

    /// Returns the text of `range`.
    ///
    /// # Errors
    /// [`TextError::OutOfBounds`] past the end, [`TextError::NotBoundary`] inside a character.
    pub fn slice(&self, range: TextRange) -> Result<&str, TextError> {
        self.check(range.start())?;
        self.check(range.end())?;
        self.0
            .text
            .get(range.bytes())
            .ok_or(TextError::NotBoundary {
                offset: range.start(),
            })
    }

    /// Returns the text of `range`, or the empty string where [`slice`](Self::slice) would fail: for what is only
    /// shown.
    pub fn slice_or_empty(&self, range: TextRange) -> &str {
        self.0.text.get(range.bytes()).unwrap_or_default()
    }

    fn check(&self, offset: ByteOffset) -> Result<(), TextError> {
        if offset.get() > self.len() {
            return Err(TextError::OutOfBounds {
                offset,
                length: self.len(),
            });
        }
        if !self.0.text.is_char_boundary(offset.get()) {
            return Err(TextError::NotBoundary { offset });
        }
        Ok(())
    }

    /// Returns the nearest character boundary at or before `offset`; places past the end become the end.
    pub fn floor_char(&self, offset: ByteOffset) -> ByteOffset {
        ByteOffset::new(
            self.0
                .text
                .floor_char_boundary(offset.get().min(self.len())),
        )
    }

    /// Returns the length in code points. Counts the text the first time it is asked.
    pub fn n_chars(&self) -> usize {
        self.chars().n_chars()
    }

    /// Returns how many code points begin before `offset`.
    ///
    /// # Errors
    /// [`TextError::OutOfBounds`] past the end, [`TextError::NotBoundary`] inside a character.
    pub fn to_char(&self, offset: ByteOffset) -> Result<CharOffset, TextError> {
        self.check(offset)?;
        Ok(self.chars().to_char(&self.0.text, offset))
    }

    /// Returns where code point `offset` begins; one past the last gives the end of the text. O(log n) plus a short
    /// scan.
    ///
    /// # Errors
    /// [`TextError::CharOutOfBounds`] further than that.
    pub fn to_byte(&self, offset: CharOffset) -> Result<ByteOffset, TextError> {
        let found = self.chars().to_byte(&self.0.text, offset);
        found.ok_or_else(|| TextError::CharOutOfBounds {
            offset,
            length: self.n_chars(),
        })
    }

    fn chars(&self) -> &CharIndex {
        self.0.chars.get_or_init(|| CharIndex::new(&self.0.text))
    }

    /// Returns the identity of this wording. Hashes the text the first time it is asked.
    pub fn edition(&self) -> EditionId {
        *self.0.edition.get_or_init(|| EditionId::of(&self.0.text))
    }

    /// Returns the line index.
    pub fn lines(&self) -> &LineIndex {
        &self.0.lines
    }

    /// Returns how the lines end.
    pub fn newline(&self) -> Newline {
        self.0.lines.newline()
    }

    /// Returns the 0-based line `line_idx` without its ending, or `None` past the last.
    pub fn line(&self, line_idx: usize) -> Option<TextRange> {
        let start = self.0.lines.start(line_idx)?.get();
        let next = self
            .0
            .lines
            .start(line_idx + 1)
            .map_or(self.len(), ByteOffset::get);
        let mut end = next;
        if self.0.lines.start(line_idx + 1).is_some() {
            let bytes = self.0.text.as_bytes();
            if end > start && bytes.get(end - 1) == Some(&b'\n') {
                end -= 1;
            }
            if end > start && bytes.get(end - 1) == Some(&b'\r') {
                end -= 1;
            }
        }
        Some(TextRange::from_bytes(start..end))
    }

    /// Returns line and column of `offset`, which is moved back to a character boundary first.
    pub fn line_col(&self, offset: ByteOffset) -> LineCol {
        let offset = self.floor_char(offset);
        let line = self.0.lines.line_at(offset);
        let start = self.0.lines.start(line).unwrap_or_default();
        let chars = self.chars();
        let column =
            chars.to_char(&self.0.text, offset).get() - chars.to_char(&self.0.text, start).get();
        LineCol { line, column }
    }

    /// Returns whether two values are the very same text in memory; cheap, and enough to keep a cache.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for SourceText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "SourceText({} bytes, {} lines)",
            self.len(),
            self.0.lines.n_lines()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> SourceText {
        SourceText::new(text.to_owned()).unwrap()
    }

    #[test]
    fn a_line_leaves_its_ending_out() {
        let text = source("one\r\ntwo\rthree\n");
        let lines: Vec<_> = (0..5)
            .map(|line| text.line(line).map(|range| text.slice(range).unwrap()))
            .collect();
        assert_eq!(
            lines,
            [Some("one"), Some("two"), Some("three"), Some(""), None]
        );
    }

    #[test]
    fn columns_count_code_points_and_display_from_one() {
        let text = source("naïve\n漢字 word");
        assert_eq!(
            text.line_col(ByteOffset::new(text.len())).to_string(),
            "2:8"
        );
        assert_eq!(text.line_col(ByteOffset::new(4)).to_string(), "1:4");
    }

    #[test]
    fn a_place_inside_a_character_is_refused() {
        let text = source("é");
        let inside = ByteOffset::new(1);
        assert_eq!(
            text.slice(TextRange::empty(inside)),
            Err(TextError::NotBoundary { offset: inside })
        );
        assert!(matches!(
            text.to_char(ByteOffset::new(3)),
            Err(TextError::OutOfBounds { .. })
        ));
        assert!(matches!(
            text.to_byte(CharOffset::new(2)),
            Err(TextError::CharOutOfBounds { .. })
        ));
        assert_eq!(text.to_byte(CharOffset::new(1)), Ok(ByteOffset::new(2)));
    }
}
