//! Two kinds of places in a text that must never be mixed: bytes (inside the program) and code points (in files).
//!
//! Neither converts into the other without a [`SourceText`](super::SourceText), because only the text knows how.

use std::fmt;

/// A place in a text, counted in UTF-8 bytes from 0. The place just after the last byte is valid too.
///
/// Four bytes wide: a text holds at most `u32::MAX` bytes, and a hundred thousand marks stay small.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteOffset(u32);

impl ByteOffset {
    /// The start of every text.
    pub const ZERO: Self = Self(0);

    /// Returns an offset of `bytes` UTF-8 bytes; saturates at `u32::MAX`, which no text reaches.
    pub fn new(bytes: usize) -> Self {
        Self(u32::try_from(bytes).unwrap_or(u32::MAX))
    }

    /// Returns the number of bytes before this place, for slicing.
    pub fn get(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for ByteOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}", self.0)
    }
}

/// A place in a text, counted in Unicode code points from 0: the unit of the W3C selectors and of our files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CharOffset(u32);

impl CharOffset {
    /// Returns an offset of `code_points` Unicode code points; saturates at `u32::MAX`.
    pub fn new(code_points: usize) -> Self {
        Self(u32::try_from(code_points).unwrap_or(u32::MAX))
    }

    /// Returns the number of code points before this place.
    pub fn get(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for CharOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "code point {}", self.0)
    }
}
