//! The identity of one wording of an article: a BLAKE3 hash over its text.

use std::fmt;

/// BLAKE3-256 of a text as UTF-8, after decoding and with its newlines as they were read.
///
/// Two texts with one id have the same wording to the last byte, so offsets into one are offsets into the other.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EditionId([u8; 32]);

impl EditionId {
    /// The id of no text: of an article whose own id was lost.
    pub const UNKNOWN: Self = Self([0; 32]);

    /// Returns the id of `text`. About 0.3 ms for a megabyte.
    pub fn of(text: &str) -> Self {
        Self(*blake3::hash(text.as_bytes()).as_bytes())
    }

    /// Returns the id written as `blake3:` and 64 hexadecimal digits of either case; `None` for anything else.
    pub fn parse(written: &str) -> Option<Self> {
        let digits = written.strip_prefix("blake3:")?;
        blake3::Hash::from_hex(digits)
            .ok()
            .map(|hash| Self(*hash.as_bytes()))
    }
}

impl fmt::Display for EditionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "blake3:{}", blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for EditionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read_back_it_is_the_same() {
        let id = EditionId::of("naïve");
        assert_eq!(EditionId::parse(&id.to_string()), Some(id));
        assert_eq!(EditionId::parse("sha256:00"), None);
        assert_eq!(EditionId::parse("blake3:00"), None);
    }
}
