//! Opening, saving, external changes, marking, reading: they call each other and are one subject, with one list of
//! commands.

pub mod command;
pub mod differences;
pub mod dispatch;
pub mod edits;
mod failed;
mod file_dialog;
pub mod go;
mod job_kind;
mod journal;
pub mod keys;
mod look;
pub mod open;
mod open_job;
pub mod outside;
pub mod resolve;
pub mod save;
mod save_job;
pub mod signals;
pub mod table;
mod tag_all;
mod unmerged;
pub mod view;
pub mod watch;

pub use job_kind::JobKind;
