//! Floor 4, edit: edits, their changes, and undo.
//!
//! An [`Edit`] says what a person wants; [`apply`] computes its effect, a [`Change`] of records before and after;
//! the [`Workspace`] applies it, remembers it and can undo it. Whatever must remember, revert or
//! combine edits uses `Change`, so no command needs undo code of its own.

mod apply;
mod change;
mod difference;
#[expect(
    clippy::module_inception,
    reason = "the room is named after its main type, and so is that type's file"
)]
mod edit;
mod error;
mod history;
mod limits;
mod settle;
mod summary;
mod workspace;

pub use apply::{Stamp, apply};
pub use change::{Change, Diff, Slot};
pub use difference::{Fitted, difference, fit};
pub use edit::{Edit, SpeakerName};
pub use error::EditError;
pub use history::{History, Point, Step};
pub use summary::{Fate, Kind, Line, Summary};
pub use workspace::Workspace;
