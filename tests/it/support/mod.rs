//! What several subjects share.

pub mod any_set;
pub mod sets;
#[cfg(feature = "gui")]
pub mod soft_renderer;
