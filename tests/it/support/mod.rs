//! What several subjects share.

pub mod sets;
#[cfg(feature = "gui")]
pub mod soft_renderer;
