//! Floor 6, format: the annotation file as text, there and back.
//!
//! One format so far: [`ron`], the program's own (`docs/FILE-FORMAT.md` describes it for other programs); and
//! [`journal`], the record of unsaved work, which is no document and is read by this program alone. [`csv`] writes
//! tables for spreadsheets. Text goes in and text comes out; the disk is another floor's business. What a newer
//! version of the format added is carried along, and what would be lost is an error with its line and column.

pub mod csv;
mod error;
mod escape;
pub mod journal;
pub mod ron;

pub use error::{FormatError, FormatErrorKind};
pub use escape::shown;
