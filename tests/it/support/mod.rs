//! What several subjects share.

#[cfg(feature = "gui")]
pub mod soft_renderer;
