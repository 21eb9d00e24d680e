//! How much a file may hold: enough for any article that people annotate, and no more than memory bears.
//!
//! A file is data from anywhere. Its size is limited by whoever reads it from the disk; these limits hold for
//! what can be small in the file and large in memory. Quotations and the article's own text may be as long as
//! the file, because a passage may be a whole book.

use serde::de::Error;
use std::cell::Cell;

/// Deepest nesting of brackets. The records need ten levels; a million would overflow the stack.
pub(super) const MAX_DEPTH: usize = 48;
/// Most records of one kind in a file.
pub(super) const MAX_RECORDS: usize = 1_000_000;
/// Most parts of one kind in a record: segments, tags, comments, attributes, ….
pub(super) const MAX_PARTS: usize = 10_000;
/// Most records and parts in all. A segment takes 27 bytes in a file and 72 in memory.
pub(super) const MAX_IN_ALL: usize = 5_000_000;
/// Longest string that is neither a quotation nor the article's text, in bytes.
pub(super) const MAX_STRING_BYTES: usize = 16 << 20;
/// Most unknown fields that one record carries along. A file with more is no newer version but a mistake.
pub(super) const MAX_FIELDS: usize = 64;
/// Longest value of an unknown field, in bytes.
pub(super) const MAX_VALUE_BYTES: usize = 1 << 20;

thread_local! {
    /// Records and parts read since the parser began. `Deserialize` has no way to hand anything to the
    /// elements of a list, and a parser stays on its thread from its start to its end.
    static N_READ: Cell<usize> = const { Cell::new(0) };
}

/// Begins to count anew.
pub(super) fn start_counting() {
    N_READ.set(0);
}

/// Counts one record or part more, where `n_here` of its list are there already and `max_here` may be.
///
/// # Errors
/// When that is one too many.
pub(super) fn count_one<E: Error>(n_here: usize, max_here: usize) -> Result<(), E> {
    if n_here >= max_here {
        return Err(E::custom(format!(
            "there are more than {max_here} entries in one list"
        )));
    }
    let n_read = N_READ.get() + 1;
    N_READ.set(n_read);
    if n_read > MAX_IN_ALL {
        return Err(E::custom(format!(
            "there are more than {MAX_IN_ALL} records and entries in the file"
        )));
    }
    Ok(())
}

/// How the message about a string that is too long begins. Its place is where the string begins.
pub(super) const TOO_LONG: &str = "the string has ";

/// Refuses a string that is too long.
///
/// # Errors
/// When it has more than [`MAX_STRING_BYTES`].
pub(super) fn admit_string<E: Error>(text: &str) -> Result<(), E> {
    if text.len() > MAX_STRING_BYTES {
        return Err(E::custom(format!(
            "{TOO_LONG}{} bytes, and at most {MAX_STRING_BYTES} can be read here",
            text.len()
        )));
    }
    Ok(())
}
