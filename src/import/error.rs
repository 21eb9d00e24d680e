//! Why bytes could not be read as a text.

use super::Foreign;

/// Bytes that are no text, or not in the encoding asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The file is of a known kind that is not plain text.
    #[error("this is {0}")]
    Foreign(Foreign),
    /// The file holds bytes that no text has.
    #[error(
        "this does not look like text: it has a NUL byte at byte {at}; if it is text, choose its encoding"
    )]
    Binary {
        /// The offset of the first NUL, in bytes from 0.
        at: usize,
    },
    /// The encoding is unknown.
    #[error(
        "unknown encoding `{label}`; use a WHATWG name such as `UTF-8`, `windows-1252` or `Shift_JIS`"
    )]
    UnknownEncoding {
        /// The name asked for, shortened.
        label: String,
    },
}
