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

mod accessibility;
mod atlas;
mod caret;
mod cost;
mod decoration;
mod edge;
mod engine;
mod handles;
mod heights;
mod margins;
mod marking;
mod motion;
mod pane;
mod pieces;
mod quad;
mod reveal;
mod sheet;
mod small_text;
mod strip;
mod style;
mod view;

pub use decoration::{
    Decoration, DecorationKey, Decorations, LineStyle, Look, MapTick, Outline, Undecorated,
};
pub use engine::TextEngine;
pub use motion::{Motion, PANE_KEYS};
pub use pane::{Place, Reader, ReaderEvent, ReaderInput, ReaderOutput};
pub use strip::STRIP_WIDTH;
pub use style::{Face, Numbering, PageColours, PageStyle};
