//! Floor 4, edit: every change, and the way back.
//!
//! A person means an [`Edit`]; [`apply`] works out what it comes to, a [`Change`] of records before and after;
//! the [`Workspace`] carries it out, remembers it and can take it back. Whatever must remember, revert or
//! combine edits speaks `Change`, so no command needs undo code of its own.

mod apply;
mod change;
#[expect(
    clippy::module_inception,
    reason = "the room is named after its main type, and so is that type's file"
)]
mod edit;
mod error;
mod history;
mod settle;
mod workspace;

pub use apply::{Stamp, apply};
pub use change::{Change, Diff, Slot};
pub use edit::{Edit, SpeakerName};
pub use error::EditError;
pub use history::{History, Point, Step};
pub use workspace::Workspace;
