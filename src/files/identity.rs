//! Which version of a file was read: enough to see, before writing over it, that it is still the same.

use super::fs::Stat;
use std::time::SystemTime;

/// The identity of a file's content at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its length in bytes.
    pub len: u64,
    /// When it was last written, if the file system says so. Programs can set it to anything.
    pub modified: Option<SystemTime>,
    /// When anything about it last changed, in nanoseconds since 1970, where there is such a time. No program
    /// can set it.
    pub changed: Option<i128>,
    /// Device and inode, where there are such things.
    pub id: Option<(u64, u64)>,
    /// BLAKE3 of its bytes.
    pub hash: [u8; 32],
}

impl Identity {
    pub(super) fn of(bytes: &[u8], stat: &Stat) -> Self {
        Self {
            len: bytes.len() as u64,
            modified: stat.modified,
            changed: stat.changed,
            id: stat.id,
            hash: *blake3::hash(bytes).as_bytes(),
        }
    }

    /// Returns whether `other` has the same bytes, whenever they were written.
    pub fn same_content(&self, other: &Self) -> bool {
        self.len == other.len && self.hash == other.hash
    }

    /// Returns whether these are the very bytes.
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        self.len == bytes.len() as u64 && self.hash == *blake3::hash(bytes).as_bytes()
    }

    /// Returns whether a file with `stat` was not touched since, as far as can be said without reading it.
    pub(super) fn agrees_with(&self, stat: &Stat) -> bool {
        self.len == stat.len
            && self.modified == stat.modified
            && self.changed == stat.changed
            && self.id == stat.id
    }
}
