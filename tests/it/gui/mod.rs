//! The window and the reading pane, driven as a person would, without a display, a GPU or a font.

#[cfg(unix)]
mod ending;
mod find;
mod hidden;
mod marking;
mod merging;
mod opening;
mod order;
mod other_hands;
mod pane;
mod panels;
mod recovery;
mod saving;
mod scripts;
mod size;
mod unmerged;
mod window;
