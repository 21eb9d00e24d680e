//! The hits of a search.

use crate::text::{ByteOffset, TextRange};

/// Most hits that are kept. Nobody goes through more one by one, and a single letter has as many in a megabyte.
pub const MAX_HITS: usize = 100_000;

/// The hits of one search, ascending, not overlapping, none of them empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    pub(super) ranges: Vec<TextRange>,
    pub(super) is_capped: bool,
}

impl Hits {
    /// Returns the number of hits.
    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    /// Returns whether there are no hits.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Returns whether the text has more hits than are kept.
    pub fn is_capped(&self) -> bool {
        self.is_capped
    }

    /// Returns all hits, in the order of the text.
    pub fn ranges(&self) -> &[TextRange] {
        &self.ranges
    }

    /// Returns the hit with index `idx`, from 0.
    pub fn get(&self, idx: usize) -> Option<TextRange> {
        self.ranges.get(idx).copied()
    }

    /// Returns the first hit that begins at or after `place`; past the last one, the first of all. `None` without
    /// hits.
    pub fn from_place(&self, place: ByteOffset) -> Option<usize> {
        let idx = self.ranges.partition_point(|range| range.start() < place);
        (!self.is_empty()).then(|| idx % self.len())
    }

    /// Returns the hits that share at least one byte with `range`, with the number of the first.
    pub fn touching(&self, range: TextRange) -> (usize, &[TextRange]) {
        let start = self
            .ranges
            .partition_point(|hit| hit.end() <= range.start());
        let end = self.ranges.partition_point(|hit| hit.start() < range.end());
        (
            start,
            self.ranges.get(start..end.max(start)).unwrap_or_default(),
        )
    }
}
