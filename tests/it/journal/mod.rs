//! Unsaved work: what a journal holds after a crash, and what a later start makes of it.

/// Crashes at every moment that matters.
mod crashes;
/// An article that is edited, saved, and left in a crash.
mod desk;
