//! What several subjects share.

pub mod any_set;
pub mod desk;
pub mod edits;
#[cfg(unix)]
pub mod faulty_fs;
pub mod machine;
#[cfg(unix)]
pub mod memory_fs;
pub mod repo;
#[cfg(unix)]
pub mod scheduler;
pub mod sets;
#[cfg(feature = "gui")]
pub mod soft_renderer;
