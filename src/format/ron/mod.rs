//! The program's own format: `<article>.annotations.ron`, described in `docs/FILE-FORMAT.md`.
//!
//! [`read`] goes through the `ron` crate into disk types of its own (`v1`), never into `ron::Value`, which
//! loses data. [`write`] is an emitter of its own, for three reasons: `ron`'s serializer escapes every
//! combining mark, so that Hindi or Thai cannot be read in the file; it wants names known at compile time,
//! which fields of a newer version do not have; and it cannot put out the same bytes for the same content
//! whatever its own version. One document in two versions differs in the lines that differ.

mod check;
mod read;
mod record;
mod v1;
mod write;

pub use check::{Finding, Trouble};
pub use read::{ReadFile, Trailer, read, read_bytes};
pub use write::{WriteOptions, write};

/// What the first field of every file says.
pub const FORMAT: &str = "sourcemark-annotations";
/// The version this program writes, and the newest major version that it reads.
pub const VERSION: (u16, u16) = (1, 0);
/// How the last line begins.
const TRAILER: &str = "// end blake3:";
/// Name under which a set carries the version of a newer file along, among its kept fields.
const VERSION_FIELD: &str = "version";
