//! Byte offset to code point and back, in a text of any size, at the cost of a short scan.
//!
//! The number of code points before every 256th byte is kept (4 bytes for each 256 of the text). A text of
//! ASCII alone needs no samples: there the two counts are the same.

use super::{ByteOffset, CharOffset};

/// Bytes between two samples: short enough that the scan costs about as much as the look-up.
const STEP: usize = 256;

/// Samples of the code point count along a text.
#[derive(Clone, Debug)]
pub struct CharIndex {
    /// Code points that begin before byte `i * STEP`; empty when the text is ASCII.
    samples: Vec<u32>,
    n_chars: usize,
}

impl CharIndex {
    /// Counts `text` once; linear, several gigabytes a second.
    pub fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self {
                samples: Vec::new(),
                n_chars: text.len(),
            };
        }
        let mut samples = Vec::with_capacity(text.len() / STEP + 1);
        let mut n_chars = 0usize;
        for chunk in text.as_bytes().chunks(STEP) {
            samples.push(u32::try_from(n_chars).unwrap_or(u32::MAX));
            n_chars += count_starts(chunk);
        }
        Self { samples, n_chars }
    }

    /// Returns the length of the text in code points.
    pub fn n_chars(&self) -> usize {
        self.n_chars
    }

    /// Returns the number of code points that begin before `offset`, which must be a character boundary of `text` (the
    /// text indexed).
    pub fn to_char(&self, text: &str, offset: ByteOffset) -> CharOffset {
        let byte = offset.get().min(text.len());
        let Some(sample) = self.samples.get(byte / STEP) else {
            // ASCII, or the end of a text whose length is a multiple of the step.
            return CharOffset::new(if self.samples.is_empty() {
                byte
            } else {
                self.n_chars
            });
        };
        let scanned = text
            .as_bytes()
            .get(byte / STEP * STEP..byte)
            .map_or(0, count_starts);
        CharOffset::new(*sample as usize + scanned)
    }

    /// Returns the byte at which code point `offset` begins, the length of the text for one past the last, else
    /// `None`.
    pub fn to_byte(&self, text: &str, offset: CharOffset) -> Option<ByteOffset> {
        let wanted = offset.get();
        if wanted >= self.n_chars {
            return (wanted == self.n_chars).then(|| ByteOffset::new(text.len()));
        }
        if self.samples.is_empty() {
            return Some(ByteOffset::new(wanted));
        }
        let sample_idx = self
            .samples
            .partition_point(|before| *before as usize <= wanted)
            .checked_sub(1)?;
        let mut remaining = wanted - *self.samples.get(sample_idx)? as usize;
        let from = sample_idx * STEP;
        for (idx, byte) in text.as_bytes().get(from..)?.iter().enumerate() {
            if is_start(*byte) {
                if remaining == 0 {
                    return Some(ByteOffset::new(from + idx));
                }
                remaining -= 1;
            }
        }
        None
    }
}

/// Returns whether a UTF-8 byte begins a code point (continuation bytes are 10xxxxxx).
fn is_start(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

/// Counts the code points that start in `bytes`; a plain sum, so that the compiler turns it into vector code.
fn count_starts(bytes: &[u8]) -> usize {
    bytes.iter().map(|byte| usize::from(is_start(*byte))).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_every_place(text: &str) {
        let index = CharIndex::new(text);
        assert_eq!(index.n_chars(), text.chars().count());
        let places = text
            .char_indices()
            .map(|(byte, _)| byte)
            .chain([text.len()]);
        for (n, byte) in places.enumerate() {
            assert_eq!(
                index.to_char(text, ByteOffset::new(byte)),
                CharOffset::new(n)
            );
            assert_eq!(
                index.to_byte(text, CharOffset::new(n)),
                Some(ByteOffset::new(byte))
            );
        }
        assert_eq!(
            index.to_byte(text, CharOffset::new(text.chars().count() + 1)),
            None
        );
    }

    #[test]
    fn every_place_of_texts_around_the_sampling_step() {
        check_every_place("");
        check_every_place("plain ASCII");
        for n in [STEP - 1, STEP, STEP + 1, 3 * STEP] {
            check_every_place(&"a".repeat(n));
            check_every_place(&"é".repeat(n));
            check_every_place(&format!("x{}", "漢😀".repeat(n / 4)));
        }
    }
}
