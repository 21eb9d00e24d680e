//! Sourcemark: open an article, mark who alleges, who denies, who judges and which case is called on, and keep
//! the marks in a plain file beside it.
//!
//! # The floors, from the ground up
//!
//! A floor uses only floors below it; rooms on one floor do not know each other (`tests/it/tidy.rs` checks it).
//!
//! 1. [`text`]: the article as read; offsets, lines, boundaries
//! 2. [`anchor`]: how a passage is described and found again
//! 3. [`annotation`]: what is recorded
//! 4. [`edit`]: how it changes, and how that is undone
//! 5. [`agreement`]: how far annotators agree; [`editions`]: what a publisher did to annotated statements;
//!    [`merge`]: several people's files in one; [`search`]: words in the text of an article; [`settling`]: one agreed set
//!    out of several annotators' (claims, teaching: not built yet)
//! 6. [`format`] and [`import`]: bytes to values and back, without a disk
//! 7. [`files`]: the disk
//! 8. `reader` and `softpaint` (feature `gui`): the reading pane; a renderer without a GPU
//! 9. `app` (feature `gui`) and [`cli`]: two shells over the same floors

pub mod text;

pub mod anchor;

pub mod annotation;

pub mod edit;

pub mod agreement;
pub mod editions;
pub mod merge;
pub mod search;
pub mod settling;

pub mod format;

pub mod import;

pub mod files;

#[cfg(feature = "gui")]
pub mod reader;

#[cfg(feature = "gui")]
pub mod softpaint;

#[cfg(feature = "gui")]
pub mod app;

pub mod cli;
