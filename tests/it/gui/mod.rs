//! The window and the reading pane, driven as a person would, without a display, a GPU or a font.

mod pane;
mod scripts;
mod window;
