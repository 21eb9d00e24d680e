//! Floor 8, reader: the reading pane. It lays an article out, paints it with its decorations, and turns pointer
//! and keyboard into selections.
//!
//! egui has no bidirectional text and its character indices are wrong for Arabic and Hebrew, so the article is
//! laid out by parley, one paragraph at a time and only what is in sight, and painted from a glyph atlas of our
//! own ([`TextEngine`]). Heights are integers in physical pixels, the scroll position is (paragraph, offset in
//! it), and no coordinate is ever measured from the top of the article in `f32`: that is what makes a hundred
//! megabytes scroll like one page.
//!
//! The pane knows egui but not eframe, ranges and looks but no tags or annotations.

mod decoration;
mod pane;
mod style;

pub use decoration::{Decoration, DecorationKey, Decorations, LineStyle, Look, MapTick};
pub use pane::{PANE_KEYS, Reader, ReaderEvent, ReaderInput, ReaderOutput, TextEngine};
pub use style::{Face, Numbering, PageColours, PageStyle};
