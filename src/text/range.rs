//! A half-open stretch of a text in bytes: start included, end excluded, as `[Som]e text` is `0..3`.

use super::ByteOffset;
use std::fmt;

/// A half-open byte range of a text: `start` is included, `end` is not; `start <= end` always holds.
///
/// A range says nothing about character boundaries: [`SourceText::slice`](super::SourceText::slice) checks those.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextRange {
    start: ByteOffset,
    end: ByteOffset,
}

impl TextRange {
    /// Returns the stretch between two places, in whichever order they are given (a person drags both ways).
    pub fn new(one: ByteOffset, other: ByteOffset) -> Self {
        Self {
            start: one.min(other),
            end: one.max(other),
        }
    }

    /// Returns the range between two plain byte counts.
    pub fn from_bytes(range: std::ops::Range<usize>) -> Self {
        Self::new(ByteOffset::new(range.start), ByteOffset::new(range.end))
    }

    /// Returns the empty range at `offset`.
    pub fn empty(offset: ByteOffset) -> Self {
        Self {
            start: offset,
            end: offset,
        }
    }

    /// Returns the first place inside the range.
    pub fn start(self) -> ByteOffset {
        self.start
    }

    /// Returns the place just after the range.
    pub fn end(self) -> ByteOffset {
        self.end
    }

    /// Returns the length in UTF-8 bytes.
    pub fn len(self) -> usize {
        self.end.get() - self.start.get()
    }

    /// Returns whether the range is empty.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns the range as plain byte counts, for slicing a `str`.
    pub fn bytes(self) -> std::ops::Range<usize> {
        self.start.get()..self.end.get()
    }

    /// Returns whether the character that begins at `offset` is inside; the end itself does not.
    pub fn contains(self, offset: ByteOffset) -> bool {
        self.start <= offset && offset < self.end
    }

    /// Returns whether every byte of `other` is inside; an empty `other` may be on either end.
    pub fn encloses(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns whether both ranges share at least one byte; ranges that only touch do not.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Returns the bytes that both have, or `None` when they share none.
    pub fn intersection(self, other: Self) -> Option<Self> {
        self.overlaps(other).then(|| Self {
            start: self.start.max(other.start),
            end: self.end.min(other.end),
        })
    }

    /// Returns the shortest range that encloses both.
    pub fn cover(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

impl fmt::Display for TextRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bytes {}..{}", self.start.get(), self.end.get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: usize, end: usize) -> TextRange {
        TextRange::from_bytes(start..end)
    }

    #[test]
    fn a_backward_drag_is_the_same_range() {
        assert_eq!(
            TextRange::new(ByteOffset::new(9), ByteOffset::new(2)),
            range(2, 9)
        );
    }

    #[test]
    fn ranges_that_only_touch_do_not_overlap() {
        assert!(!range(0, 3).overlaps(range(3, 5)));
        assert!(range(0, 4).overlaps(range(3, 5)));
        assert_eq!(range(0, 4).intersection(range(3, 5)), Some(range(3, 4)));
        assert_eq!(range(0, 3).intersection(range(3, 5)), None);
        assert_eq!(range(0, 3).cover(range(5, 6)), range(0, 6));
    }

    #[test]
    fn the_end_is_excluded() {
        assert!(range(1, 3).contains(ByteOffset::new(1)));
        assert!(!range(1, 3).contains(ByteOffset::new(3)));
        assert!(range(1, 3).encloses(TextRange::empty(ByteOffset::new(3))));
    }
}
