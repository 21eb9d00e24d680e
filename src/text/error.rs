//! Errors about places in a text. Values only; the sentences for people are made by the shells.

use super::{ByteOffset, CharOffset};

/// A place that the text does not have, or cannot be cut at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// The place is past the end of the text.
    #[error("{offset} is past the end of the text, which has {length} bytes")]
    OutOfBounds {
        /// The place asked for.
        offset: ByteOffset,
        /// Length of the text in bytes.
        length: usize,
    },
    /// The place, given in code points, is past the end of the text.
    #[error("{offset} is past the end of the text, which has {length} code points")]
    CharOutOfBounds {
        /// The place asked for.
        offset: CharOffset,
        /// Length of the text in code points.
        length: usize,
    },
    /// The place is inside a character's UTF-8 bytes.
    #[error("{offset} is inside a character")]
    NotBoundary {
        /// The place asked for.
        offset: ByteOffset,
    },
    /// The text is longer than the offsets can count.
    #[error("the text has {length} bytes, more than the {limit} that can be counted")]
    TooLong {
        /// Length of the text in bytes.
        length: usize,
        /// The largest length, in bytes.
        limit: usize,
    },
}
