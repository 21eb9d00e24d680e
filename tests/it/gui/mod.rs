//! The window and the reading pane, driven as a person would, without a display, a GPU or a font.

mod other_hands;
mod pane;
mod scripts;
mod window;
