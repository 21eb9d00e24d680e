//! Which version of a file was read: enough to see, before writing over it, that it is still the same.

use super::fs::Stat;
use std::time::SystemTime;

/// The identity of a file's content at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its length in bytes.
    pub len: u64,
    /// When it was last written, if the file system says so.
    pub modified: Option<SystemTime>,
    /// BLAKE3 of its bytes.
    pub hash: [u8; 32],
}

impl Identity {
    pub(super) fn of(bytes: &[u8], stat: &Stat) -> Self {
        Self {
            len: bytes.len() as u64,
            modified: stat.modified,
            hash: *blake3::hash(bytes).as_bytes(),
        }
    }

    /// Whether `other` has the same bytes, whenever they were written.
    pub fn same_content(&self, other: &Self) -> bool {
        self.len == other.len && self.hash == other.hash
    }

    /// Whether length and time alone already say that a file with `stat` may be the same.
    pub(super) fn agrees_with(&self, stat: &Stat) -> bool {
        self.len == stat.len && self.modified == stat.modified
    }
}
