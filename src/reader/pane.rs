//! The pane itself.

use super::{DecorationKey, Decorations, MapTick, PageStyle};
use crate::text::{ByteOffset, SourceText, TextRange};

/// Fonts, layout scratch and glyph atlas; one for the whole program, shared by all panes.
pub struct TextEngine {}

impl TextEngine {
    /// With the bundled fonts, and the system's when `system_fonts` is set (tests and exports leave them out
    /// to be the same on every machine).
    pub fn new(system_fonts: bool) -> Self {
        let _ = system_fonts;
        Self {}
    }

    /// A short text in any script as a label of at most `n_lines` lines, elided at the end with `…`: what
    /// egui's own labels cannot do for Arabic and Hebrew. Returns the response of its area.
    pub fn label(
        &mut self,
        ui: &mut egui::Ui,
        text: &str,
        size: f32,
        colour: egui::Color32,
        n_lines: usize,
    ) -> egui::Response {
        let _ = (size, n_lines);
        ui.colored_label(colour, text)
    }
}

/// What the pane is given each frame.
pub struct ReaderInput<'a> {
    /// How the page is set.
    pub style: &'a PageStyle,
    /// What to paint over the text.
    pub decorations: &'a dyn Decorations,
    /// The thing that stands out and has handles at its ends.
    pub chosen: Option<DecorationKey>,
    /// Ticks for the map beside the scroll bar, in text order.
    pub map: &'a [MapTick],
    /// A marker is in hand: the pointer says so.
    pub marker: bool,
    /// Name of the pane for screen readers, such as the article's file name.
    pub name: &'a str,
}

/// What happened in the pane.
#[derive(Clone, Debug, PartialEq)]
pub enum ReaderEvent {
    /// A plain click. `keys` are the decorated things there, innermost (shortest) first.
    Clicked {
        /// Where in the text.
        at: ByteOffset,
        /// What lies there.
        keys: Vec<DecorationKey>,
    },
    /// A selection made by the pointer is complete (button released).
    Selected {
        /// The selection, trimmed of blanks, cutting no grapheme cluster.
        range: TextRange,
    },
    /// A handle of the chosen thing was dragged and let go.
    EndMoved {
        /// The chosen thing.
        key: DecorationKey,
        /// Which stretch of it.
        segment: u32,
        /// Its new place.
        range: TextRange,
    },
    /// A double click on a decorated thing's margin label or the like asks for its note.
    OpenNote {
        /// The thing.
        key: DecorationKey,
    },
}

/// What the pane says back each frame.
#[derive(Default)]
pub struct ReaderOutput {
    /// What happened, in order.
    pub events: Vec<ReaderEvent>,
    /// Where the selection is on the screen (its last visible line), for a bar beside it.
    pub selection_rect: Option<egui::Rect>,
    /// Where the chosen thing is on the screen, if it is in sight.
    pub chosen_rect: Option<egui::Rect>,
    /// Things under the pointer, innermost first, when it has rested there.
    pub hovered: Vec<DecorationKey>,
    /// Whether the pane has the keyboard.
    pub has_focus: bool,
}

/// One article's pane: where the eye is, what is selected.
pub struct Reader {
    text: SourceText,
}

impl Reader {
    /// A pane at the start of `text`. One pass over the line index.
    pub fn new(text: SourceText) -> Self {
        Self { text }
    }

    /// Shows the pane in all the space there is.
    pub fn show(
        &mut self,
        ui: &mut egui::Ui,
        engine: &mut TextEngine,
        input: &ReaderInput<'_>,
    ) -> ReaderOutput {
        let _ = (engine, input, &self.text);
        ui.allocate_space(ui.available_size());
        ReaderOutput::default()
    }

    /// The selection as a person would mean it: trimmed, cutting no cluster; `None` when nothing but blanks.
    pub fn selection(&self) -> Option<TextRange> {
        None
    }

    /// Selects `range` (empty: puts the caret there) without scrolling.
    pub fn select(&mut self, range: TextRange) {
        let _ = range;
    }

    /// The caret.
    pub fn caret(&self) -> ByteOffset {
        ByteOffset::ZERO
    }

    /// The places around the caret that the person can see, as a range of the text.
    pub fn visible(&self) -> TextRange {
        TextRange::default()
    }

    /// Brings `range` into sight, a third from the top, if it is not.
    pub fn reveal(&mut self, range: TextRange) {
        let _ = range;
    }

    /// Word → sentence → paragraph → whole text around the selection.
    pub fn grow_selection(&mut self) {}

    /// The way back of [`grow_selection`](Self::grow_selection).
    pub fn shrink_selection(&mut self) {}

    /// Asks for the keyboard in the next frame.
    pub fn take_focus(&mut self) {}
}

/// The keys that move the caret in the pane: (key as shown to people, what it does). They are the pane's own;
/// shortcuts of the window must leave them alone.
pub const PANE_KEYS: &[(&str, &str)] = &[];
