//! Floor 6, format: the annotation file as text, there and back.
//!
//! [`ron`] is the program's own (`docs/FILE-FORMAT.md` describes it for other programs); [`csv`] is written for
//! spreadsheets; [`journal`] is the record of unsaved work, which is no document and is read by this program alone.
//! Text goes in and text comes out; the disk is another floor's business. What a newer version of the format added
//! is carried along, and what would be lost is an error with its line and column.

pub mod csv;
mod error;
mod escape;
pub mod journal;
pub mod ron;

pub use error::{FormatError, FormatErrorKind};
pub use escape::{escape_json, shown};
