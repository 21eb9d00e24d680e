//! Unsaved work of a program that has ended, while the person has not decided about it.

use crate::files::Recovery;

/// Names it while the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnsavedId(pub u64);

/// The work on one article.
#[derive(Debug)]
pub struct Unsaved {
    /// Names it.
    pub id: UnsavedId,
    /// The work.
    pub recovery: Recovery,
}
