//! The window and the reading pane, driven as a person would, without a display, a GPU or a font.

#[cfg(unix)]
mod ending;
mod hidden;
mod merging;
mod order;
mod other_hands;
mod pane;
mod recovery;
mod scripts;
mod size;
mod unmerged;
mod window;
