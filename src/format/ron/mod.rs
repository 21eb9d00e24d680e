//! The program's own format: `<article>.annotations.ron`, described in `docs/FILE-FORMAT.md`.
//!
//! [`read`] goes through the `ron` crate into disk types of its own (`v1`), never into `ron::Value`, which
//! loses data. [`write()`] is an emitter of its own, for three reasons: `ron`'s serializer escapes every
//! combining mark, so that Hindi or Thai cannot be read in the file; it wants names known at compile time,
//! which fields of a newer version do not have; and it cannot put out the same bytes for the same content
//! whatever its own version. One document in two versions differs in the lines that differ.

use crate::annotation::{AnnotationSet, Conflict, ConflictId, FieldValue, RecordRef, Tombstone};
use imbl::OrdMap;
use std::sync::Arc;

mod beside;
mod check;
mod collection;
mod conflict;
mod deciding;
pub mod journal;
mod limits;
mod merging;
mod migrate;
mod read;
mod record;
mod salvage;
mod size;
mod v1;
mod values;
mod write;

pub use check::{Finding, Trouble};
pub use collection::{COLLECTION_FORMAT, ReadCollection, read_collection, write_collection};
pub use conflict::ConflictLines;
pub use limits::{TooMuch, check_fits};
pub use migrate::original_suffix;
pub use read::{ReadFile, Trailer, read, read_bytes};
pub use salvage::{Loss, LossKind, Salvaged, salvage};
pub use write::{WriteOptions, write};

/// What the first field of every file says.
pub const FORMAT: &str = "sourcemark-annotations";
/// The newest version that this program knows.
pub const VERSION: (u16, u16) = (1, 2);
/// The version of files that use nothing newer, so that files under version control change with their content
/// and not with the program.
const FIRST_VERSION: (u16, u16) = (1, 0);

/// Returns the version that `set` is written as: the oldest that has what is in it, or a newer one than this
/// program's own if it was read from such a file.
pub fn version_of(set: &AnnotationSet) -> (u16, u16) {
    let carried = set.kept.iter().find(|(name, _)| *name == VERSION_FIELD);
    let numbers = carried.and_then(|(_, written)| {
        let inner = written.strip_prefix('(')?.strip_suffix(')')?;
        let (major, minor) = inner.split_once(", ")?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    });
    numbers.unwrap_or_else(|| oldest_version_for(set))
}

/// Tombstones and conflicts came with version 1.1, what removals saw and decisions with 1.2.
fn oldest_version_for(set: &AnnotationSet) -> (u16, u16) {
    if tells_of_decisions(set) || tells_what_was_seen(&set.tombstones, &set.conflicts) {
        VERSION
    } else if !set.tombstones.is_empty() || !set.conflicts.is_empty() {
        (1, 1)
    } else {
        FIRST_VERSION
    }
}

/// Returns whether differences between annotators were settled in it.
fn tells_of_decisions(set: &AnnotationSet) -> bool {
    let mut annotations = set.annotations.values();
    !set.decisions.is_empty() || annotations.any(|annotation| !annotation.also_by.is_empty())
}

/// Returns whether a removal says what it saw, or a conflict of a whole record what was changed.
fn tells_what_was_seen(
    tombstones: &OrdMap<RecordRef, Arc<Tombstone>>,
    conflicts: &OrdMap<ConflictId, Arc<Conflict>>,
) -> bool {
    let is_whole = |conflict: &Arc<Conflict>| {
        let sides = conflict.sides.iter().map(|side| &side.value);
        sides
            .chain([&conflict.base])
            .any(|value| matches!(value, Some(FieldValue::Record(_))))
    };
    tombstones.values().any(|it| !it.seen.is_empty()) || conflicts.values().any(is_whole)
}

/// How the last line begins.
const TRAILER: &str = "// end blake3:";
/// Name under which a set carries the version of a newer file along, among its kept fields.
const VERSION_FIELD: &str = "version";
