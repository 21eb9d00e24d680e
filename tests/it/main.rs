//! The integration tests: one binary, one module for each subject.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test makes the files it reads, and may fail by panicking, in its helpers too"
)]

/// How far annotators agree.
mod agreement;
/// Finding passages again.
mod anchor;
/// Finding passages again after the edits of real articles.
mod anchor_edits;
/// Finding passages again, in many scripts.
mod anchor_scripts;
/// Files that are not as they should be.
mod bad_inputs;
/// The command line.
mod cli;
/// Earlier versions of annotation files.
#[cfg(unix)]
mod earlier;
/// Disks that fail, lie, lose power and are shared.
#[cfg(unix)]
mod faults;
/// The disk: opening, saving, settings.
mod files;
/// The annotation file.
mod format;
/// Annotation files under git.
mod git;
/// The window and the reading pane, by keyboard and pointer, painted on the processor.
#[cfg(feature = "gui")]
mod gui;
/// Unsaved work and its recovery.
mod journal;
/// Laws that hold for whatever is put in.
mod laws;
/// How much a file may hold.
mod limits;
/// Several people's files in one.
mod merge;
/// Laws of merging.
mod merge_laws;
/// Commands that save one file at once.
#[cfg(unix)]
mod racing;
/// Damaged annotation files.
mod salvage;
/// Words in the text of an article.
mod search;
/// Several annotators' work, agreed on.
mod settling;
/// Others who have the same file open, or left something beside it.
#[cfg(unix)]
mod sharing;
/// What several subjects share.
mod support;
/// Two people's work on the samples, put together.
mod team;
/// Rules of the house.
mod tidy;
