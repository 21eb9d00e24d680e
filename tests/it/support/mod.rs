//! What several subjects share.

pub mod any_set;
pub mod edits;
pub mod repo;
pub mod sets;
#[cfg(feature = "gui")]
pub mod soft_renderer;
