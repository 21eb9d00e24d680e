//! Limits on the length and the number of names, for edits and checks.
//!
//! Files of earlier versions may exceed these limits, and are read and written unchanged.

/// Longest name in code points: of a tag, speaker or annotator, an alias, a role, a side, a cue, the name of an
/// attribute, the file name, title, author, publisher or date of an article.
pub const MAX_NAME_CHARS: usize = 1_000;
/// Longest address of an article, in code points.
pub const MAX_ADDRESS_CHARS: usize = 4_000;
/// Most tags, most speakers and most annotators in a file.
pub const MAX_NAMED_RECORDS: usize = 10_000;
/// Longest text that is no name (note, comment, guideline, claim), in bytes.
pub const MAX_TEXT_BYTES: usize = 16 << 20;
