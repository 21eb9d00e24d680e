//! A journal as bytes: its header, the set it starts from, and one change after the other.
//!
//! Each record is its length in bytes (`u32`, little endian), eight bytes of a BLAKE3 hash, a letter for its kind
//! and its text in RON. The hash is over the hash of the record before, the length, the letter and the text, so
//! that a record proves all before it. Reading stops at the first record that is not whole, which is how a
//! journal ends when the program or the machine did; everything before it is certain.

use super::{
    FormatError, FormatErrorKind,
    ron::{
        self, WriteOptions,
        journal::{Header, read_change, read_header, write_change, write_header},
    },
};
use crate::{annotation::AnnotationSet, edit::Change};

/// Longest record, in bytes: all annotations of the largest file at once.
const MAX_RECORD_BYTES: usize = 512 << 20;
/// Most changes that are read from one journal. The writer starts a new journal long before.
pub const MAX_CHANGES: usize = 1_000_000;
/// Length and hash.
const FRAME_BYTES: usize = 12;
/// What the first record's hash begins with in place of the record before it.
const SEED: [u8; 8] = *b"journal1";

/// Kinds of records, by their letters.
const HEADER: u8 = b'h';
const BASE: u8 = b'b';
const CHANGE: u8 = b'c';

/// A record that is too long for a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a change of {n_bytes} bytes is too large for the journal; save instead")]
pub struct TooLong {
    /// Its length in bytes.
    pub n_bytes: usize,
}

/// Turns the records of one journal into bytes, in their order.
#[derive(Clone, Debug)]
pub struct Encoder {
    chain: [u8; 8],
}

impl Default for Encoder {
    fn default() -> Self {
        Self { chain: SEED }
    }
}

impl Encoder {
    /// Appends the first record to `out`.
    ///
    /// # Errors
    /// [`TooLong`], as for the other records; nothing is appended then.
    pub fn header(&mut self, header: &Header, out: &mut Vec<u8>) -> Result<(), TooLong> {
        self.record(HEADER, &write_header(header), out)
    }

    /// Appends the set that the changes go on from.
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn base(&mut self, set: &AnnotationSet, out: &mut Vec<u8>) -> Result<(), TooLong> {
        self.record(BASE, &ron::write(set, WriteOptions::default()), out)
    }

    /// Appends a change.
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn change(&mut self, change: &Change, out: &mut Vec<u8>) -> Result<(), TooLong> {
        self.record(CHANGE, &write_change(change), out)
    }

    fn record(&mut self, kind: u8, text: &str, out: &mut Vec<u8>) -> Result<(), TooLong> {
        let n_bytes = text.len() + 1;
        let length = match u32::try_from(n_bytes) {
            Ok(length) if n_bytes <= MAX_RECORD_BYTES => length.to_le_bytes(),
            _ => return Err(TooLong { n_bytes }),
        };
        self.chain = link(self.chain, length, kind, text.as_bytes());
        out.reserve(FRAME_BYTES + n_bytes);
        out.extend_from_slice(&length);
        out.extend_from_slice(&self.chain);
        out.push(kind);
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

/// Returns the hash of a record that comes after one with the hash `before`.
fn link(before: [u8; 8], length: [u8; 4], kind: u8, text: &[u8]) -> [u8; 8] {
    let mut hasher = blake3::Hasher::new();
    hasher
        .update(&before)
        .update(&length)
        .update(&[kind])
        .update(text);
    let hash = hasher.finalize();
    let mut link = [0; 8];
    for (to, from) in link.iter_mut().zip(hash.as_bytes()) {
        *to = *from;
    }
    link
}

/// What was in a journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Journal {
    /// What it is about.
    pub header: Header,
    /// The set that the changes go on from, if the journal holds it.
    pub base: Option<AnnotationSet>,
    /// The changes that are whole, in the order in which they were made.
    pub changes: Vec<Change>,
    /// Bytes behind the last whole record: an unfinished one, or damage.
    pub n_torn_bytes: usize,
}

/// Why nothing of a journal can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// Its first record is not whole, or no journal's.
    #[error("the journal is damaged at its start")]
    Damaged,
    /// A newer program wrote the journal, and can read it.
    #[error("the journal has version {}.{}; use a newer Sourcemark", found.0, found.1)]
    Newer {
        /// Its version, major and minor.
        found: (u16, u16),
    },
}

/// Reads a journal as far as it is whole. Takes any bytes; needs the stack of [`ron::read`].
///
/// # Errors
/// See [`JournalError`]: when not even the first record can be used.
pub fn read_bytes(bytes: &[u8]) -> Result<Journal, JournalError> {
    let mut records = Records {
        rest: bytes,
        chain: SEED,
    };
    let Some((HEADER, text)) = records.next() else {
        return Err(JournalError::Damaged);
    };
    let header = read_header(text).map_err(|error| match error {
        FormatError {
            kind: FormatErrorKind::Version { found },
            ..
        } => JournalError::Newer { found },
        _ => JournalError::Damaged,
    })?;
    let mut journal = Journal {
        header,
        base: None,
        changes: Vec::new(),
        n_torn_bytes: records.rest.len(),
    };
    while journal.changes.len() < MAX_CHANGES
        && let Some((kind, text)) = records.next()
    {
        match kind {
            BASE if journal.base.is_none() && journal.changes.is_empty() => match ron::read(text) {
                Ok(file) => journal.base = Some(file.set),
                Err(_) => break,
            },
            CHANGE => match read_change(text) {
                Ok(change) => journal.changes.push(change),
                Err(_) => break,
            },
            _ => break,
        }
        journal.n_torn_bytes = records.rest.len();
    }
    Ok(journal)
}

/// The records of a journal as far as they are whole.
struct Records<'a> {
    rest: &'a [u8],
    chain: [u8; 8],
}

impl<'a> Records<'a> {
    /// Returns kind and text of the next record; `None` at the end and at the first that is not whole.
    fn next(&mut self) -> Option<(u8, &'a str)> {
        let (length, rest) = self.rest.split_first_chunk::<4>()?;
        let (hash, rest) = rest.split_first_chunk::<8>()?;
        let n_bytes = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        if n_bytes > MAX_RECORD_BYTES {
            return None;
        }
        let (record, rest) = rest.split_at_checked(n_bytes)?;
        let (kind, text) = record.split_first()?;
        if link(self.chain, *length, *kind, text) != *hash {
            return None;
        }
        let text = std::str::from_utf8(text).ok()?;
        (self.rest, self.chain) = (rest, *hash);
        Some((*kind, text))
    }
}
