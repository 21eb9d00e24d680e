//! The door for older versions of the format.
//!
//! Version 1.0 is the oldest, and every minor version since reads as it is: what a minor version adds may
//! be missing. The first new major version gets a step here that turns the records of the one before it into
//! its own, and keeps the types of that version (`v1`) for reading. A file of each version stays among the
//! tests for ever.

use super::VERSION;

/// Returns what the name of the untouched original is to end with, when a file that was read as version `read` is
/// written over for the first time: `.v1.bak`. `None` when its major version is not older than what is written: a
/// minor version only adds, so nothing is migrated.
pub fn original_suffix(read: (u16, u16)) -> Option<String> {
    suffix_before(read, VERSION)
}

fn suffix_before(read: (u16, u16), written: (u16, u16)) -> Option<String> {
    (read.0 < written.0).then(|| format!(".v{}.bak", read.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn originals_of_older_versions_are_kept() {
        assert_eq!(suffix_before((1, 9), (2, 0)).as_deref(), Some(".v1.bak"));
        assert_eq!(suffix_before((1, 0), (1, 1)), None);
        assert_eq!(suffix_before((1, 1), (1, 1)), None);
        assert_eq!(suffix_before((1, 2), (1, 1)), None);
        assert_eq!(original_suffix(VERSION), None);
    }
}
