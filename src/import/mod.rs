//! Floor 6, import: from the bytes of a file to the text of an article.
//!
//! Plain text only: [`decode`] determines the encoding and reports whether that was a guess, [`sniff`] says what a
//! file is that is no text at all. Nothing here opens a file, and nothing is normalised: what the bytes say is
//! what the annotations refer to.

mod error;
mod plain_text;
mod sniff;

pub use error::ImportError;
pub use plain_text::{Decoded, decode, encodings};
pub use sniff::{Foreign, sniff};
