//! The integration tests: one binary, one module for each subject.

/// The window and the reading pane, by keyboard and pointer, painted on the processor.
#[cfg(feature = "gui")]
mod gui;
/// What several subjects share.
mod support;
/// Rules of the house.
mod tidy;
