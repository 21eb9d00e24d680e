//! Decorations: what the pane paints over and under the text, whatever it means to the caller.

use crate::text::TextRange;
use egui::Color32;

/// Names a decorated thing to the caller; the pane only hands it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DecorationKey(pub u128);

/// How an underline is drawn, so that looks differ without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LineStyle {
    /// One solid line.
    Solid,
    /// Two thin lines.
    Double,
    /// Dashes.
    Dashed,
    /// Dots.
    Dotted,
    /// A wave.
    Wavy,
}

/// One look: a tag, to the caller.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Behind the text; light enough on a light page, dark enough on a dark one, to read on.
    pub fill: Color32,
    /// Underline, margin bar and label.
    pub ink: Color32,
    /// Style of underline and margin bar.
    pub line: LineStyle,
    /// Word in the margin.
    pub label: String,
}

/// One stretch of text to decorate with one or more looks.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoration {
    /// The thing that it decorates. Several decorations may share a key: the segments of one annotation.
    pub key: DecorationKey,
    /// Which of the key's stretches this is, from 0.
    pub segment: u32,
    /// The range in the text.
    pub range: TextRange,
    /// Positions in [`Decorations::looks`]; empty for a plain highlight.
    pub looks: Vec<u16>,
}

/// A stretch of text with a box around it, such as a hit of a search: it is drawn over the decorations.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    /// The range in the text.
    pub range: TextRange,
    /// Colour of the box.
    pub ink: Color32,
    /// Behind the text, for the one box that stands out: its lines are thicker too.
    pub ground: Option<Color32>,
}

/// Where the pane gets its decorations: asked only for the paragraphs in sight, and again only when
/// [`revision`](Self::revision) has changed.
pub trait Decorations {
    /// Appends the decorations that share at least one byte with `range`, in order of their start.
    fn touching(&self, range: TextRange, out: &mut Vec<Decoration>);
    /// Returns the looks that decorations point to.
    fn looks(&self) -> &[Look];
    /// Returns a number that changes whenever the other methods may answer differently.
    fn revision(&self) -> u64;
    /// Returns the look of a decoration without looks.
    fn plain(&self) -> &Look;
    /// Appends the outlines that share at least one byte with `range`.
    fn outlined(&self, _range: TextRange, _out: &mut Vec<Outline>) {}
}

/// A text in which nothing is marked.
#[derive(Clone, Debug)]
pub struct Undecorated {
    /// The look that would be a plain highlight's.
    pub plain: Look,
}

impl Decorations for Undecorated {
    fn touching(&self, _: TextRange, _: &mut Vec<Decoration>) {}

    fn looks(&self) -> &[Look] {
        &[]
    }

    fn revision(&self) -> u64 {
        0
    }

    fn plain(&self) -> &Look {
        &self.plain
    }
}

/// One tick in the map beside the scroll bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MapTick {
    /// Place in the text, in bytes.
    pub offset: crate::text::ByteOffset,
    /// Column of the map, from 0, so that looks are side by side; or [`Self::ACROSS`].
    pub column: u8,
    /// Colour.
    pub ink: Color32,
}

impl MapTick {
    /// The column of a thin tick that goes over the whole width of the map.
    pub const ACROSS: u8 = u8::MAX;
}
