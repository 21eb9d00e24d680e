//! The pane itself: what it is given, what it gives back, and the order of one frame.

mod paint;
mod pointer;

use super::{
    DecorationKey, Decorations, MapTick, PageStyle, accessibility,
    caret::Caret,
    engine::{TextEngine, han_language},
    handles::HandleDrag,
    motion,
    quad::QuadMesh,
    sheet::Sheet,
    strip::{self, MapCache},
    style::Numbering,
    view::{CaretPlace, InSight, View},
};
use crate::text::{ByteOffset, ParagraphCount, SourceText, TextRange, boundary};
use egui::{Event, EventFilter, Pos2, Rect, Response, Sense, Ui};
use parley::fontique::Language;

/// What the pane is given each frame.
pub struct ReaderInput<'a> {
    /// How the page is set.
    pub style: &'a PageStyle,
    /// What to paint over the text.
    pub decorations: &'a dyn Decorations,
    /// The thing that stands out and has handles at its ends.
    pub chosen: Option<DecorationKey>,
    /// Whether its ends can be moved.
    pub editable: bool,
    /// Ticks for the map beside the scroll bar.
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
        /// What is there.
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
    /// The system's key for copying was pressed.
    CopyAsked,
}

/// What the pane says back each frame.
#[derive(Default)]
pub struct ReaderOutput {
    /// What happened, in order.
    pub events: Vec<ReaderEvent>,
    /// Where the selection is on the screen, as far as it is in sight, for a bar beside it.
    pub selection_rect: Option<Rect>,
    /// Where the chosen thing's first line in sight is on the screen.
    pub chosen_rect: Option<Rect>,
    /// Things under the pointer, innermost first.
    pub hovered: Vec<DecorationKey>,
    /// What is hidden under the pointer, or not what it looks like, in words for people.
    pub explanation: Option<String>,
    /// Whether the pane has the keyboard.
    pub has_focus: bool,
    /// The response of the page, for a context menu.
    pub response: Option<Response>,
}

/// What the pointer is doing while its button is down.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Press {
    #[default]
    None,
    /// On the text; whether it has moved far enough to be a drag.
    Selecting { from: Pos2, moved: bool },
}

/// Where the eye is in one article's pane, independent of how the text is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    piece: usize,
    share: f32,
}

/// One article's pane: where the eye is, what is selected.
pub struct Reader {
    view: View,
    caret: Caret,
    language: Option<Language>,
    count: Option<ParagraphCount>,
    press: Press,
    clicks: (u32, f64, Pos2),
    handle: Option<HandleDrag>,
    map: MapCache,
    in_sight: Vec<InSight>,
    reveal: Option<TextRange>,
    returning: Option<Place>,
    keep_caret_in_sight: bool,
    wants_focus: bool,
    /// Where the pointer was when the text last moved under it by keyboard or command: as long as it rests
    /// there, nothing is pointed at.
    passed_under: Option<Pos2>,
}

impl Reader {
    /// Returns a pane at the start of `text`. One pass over the line index.
    pub fn new(text: SourceText) -> Self {
        Self {
            language: han_language(text.as_str()),
            view: View::new(text),
            caret: Caret::new(),
            count: None,
            press: Press::None,
            clicks: (0, f64::MIN, Pos2::ZERO),
            handle: None,
            map: MapCache::default(),
            in_sight: Vec::new(),
            reveal: None,
            returning: None,
            keep_caret_in_sight: false,
            wants_focus: false,
            passed_under: None,
        }
    }

    /// Returns the selection as a person would mean it: trimmed of blanks, cutting no grapheme cluster; `None` when
    /// nothing but blanks is selected.
    pub fn selection(&self) -> Option<TextRange> {
        let range = boundary::trim(self.view.text(), self.caret.range());
        (!range.is_empty()).then_some(range)
    }

    /// Selects `range` (empty: puts the caret there) without scrolling.
    pub fn select(&mut self, range: TextRange) {
        self.caret.select(boundary::snap(self.view.text(), range));
    }

    /// Returns what is between the two ends of the selection, blanks and all.
    pub fn range(&self) -> TextRange {
        self.caret.range()
    }

    /// Returns the moving end of the selection.
    pub fn caret(&self) -> ByteOffset {
        self.caret.focus
    }

    /// Returns the text in sight, as of the last frame; whole pieces.
    pub fn visible(&self) -> TextRange {
        let pieces = self.view.pieces();
        match (self.in_sight.first(), self.in_sight.last()) {
            (Some(first), Some(last)) => pieces.range(first.piece).cover(pieces.range(last.piece)),
            _ => TextRange::default(),
        }
    }

    /// Brings `range` into sight, a third from the top, if its start is not.
    pub fn reveal(&mut self, range: TextRange) {
        self.reveal = Some(range);
    }

    /// Lays out the whole page in each frame, however long that takes: for pictures. In a window a page that takes long
    /// appears in several frames.
    pub fn be_patient(&mut self) {
        self.view.be_patient();
    }

    /// Gives back what was laid out: another article is shown for a while.
    pub fn rest(&mut self) {
        self.view.rest();
        self.in_sight = Vec::new();
        self.map = MapCache::default();
    }

    /// Returns where the eye is, to come back to it.
    pub fn place(&self) -> Place {
        let (piece, share) = self.view.place();
        Place { piece, share }
    }

    /// Goes back to a place in the next frame.
    pub fn return_to(&mut self, place: Place) {
        self.returning = Some(place);
    }

    /// Selects the next larger unit: word, sentence, paragraph, whole text.
    pub fn grow_selection(&mut self) {
        let text = self.view.text().clone();
        self.caret.grow(&text);
    }

    /// Reverts the last [`grow_selection`](Self::grow_selection).
    pub fn shrink_selection(&mut self) {
        let text = self.view.text().clone();
        self.caret.shrink(&text);
    }

    /// Asks for the keyboard in the next frame.
    pub fn take_focus(&mut self) {
        self.wants_focus = true;
    }

    /// Puts the place at `share` (0 to 1) of the article's height at the top edge.
    pub fn scroll_to_share(&mut self, share: f64) {
        let total = self.view.heights().total() as f64;
        self.view
            .scroll_to_y((share.clamp(0.0, 1.0) * total) as i64);
    }

    /// Returns the height of the whole article in physical pixels, by what is known so far; for exports.
    pub fn total_height(&self) -> i64 {
        self.view.heights().total()
    }

    /// Shows the pane in all the space there is.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        engine: &mut TextEngine,
        input: &ReaderInput<'_>,
    ) -> ReaderOutput {
        engine.begin_pass(ui.ctx());
        let scale = ui.ctx().pixels_per_point();
        let rect = ui.available_rect_before_wrap();
        ui.allocate_rect(rect, Sense::hover());
        let sheet = Sheet::new(rect, scale, input.style, self.language, engine);
        let size = self.view.setting().map(|setting| setting.size);
        if size.is_some_and(|size| size != sheet.setting.size) {
            engine.atlas.shrink();
        }
        self.view.begin_frame(&sheet.setting, sheet.height);
        if input.style.numbering == Numbering::Paragraphs && self.count.is_none() {
            self.count = Some(ParagraphCount::new(self.view.text()));
        }
        let mut output = ReaderOutput::default();
        let builder = egui::UiBuilder::new()
            .id_salt("article page")
            .max_rect(rect)
            .accessibility_role(egui::accesskit::Role::Document);
        ui.scope_builder(builder, |ui| {
            self.page(ui, engine, input, &sheet, &mut output)
        });
        output
    }

    fn page(
        &mut self,
        ui: &mut Ui,
        engine: &mut TextEngine,
        input: &ReaderInput<'_>,
        sheet: &Sheet,
        output: &mut ReaderOutput,
    ) {
        let id = ui.unique_id();
        let response = ui.interact(sheet.page, id.with("text"), Sense::click_and_drag());
        self.focus(ui, &response);
        output.has_focus = response.has_focus();
        if output.has_focus {
            self.keyboard(ui, engine, output);
        }
        self.scroll(ui, engine, sheet);
        let mut in_sight = self.view.in_sight(engine);
        if self.pointer(ui, engine, &response, sheet, &in_sight, output) {
            in_sight = self.view.in_sight(engine);
        }
        if let Some(range) = accessibility::asked_selection(ui, id, &self.view, &in_sight) {
            self.select(range);
        }
        self.hover(ui, &response, sheet, &in_sight, input, output);

        let painter = ui.painter_at(sheet.page.union(sheet.strip));
        painter.rect_filled(sheet.page.union(sheet.strip), 0.0, input.style.colours.page);
        self.prepare(engine, input, &in_sight, sheet);
        let texture_size = engine.atlas.size();
        let texture = engine.atlas.upload(ui.ctx());
        let mut mesh = QuadMesh::new(texture, sheet.scale, texture_size);
        self.paint(engine, input, &in_sight, sheet, output.has_focus, &mut mesh);
        let map = (input.map, input.decorations.revision());
        strip::show(
            ui,
            &mut self.view,
            &mut self.map,
            sheet.strip,
            map,
            &input.style.colours,
            &mut mesh,
        );
        mesh.paint(&painter);
        // Numbers and labels may have drawn new glyphs while the mesh was made.
        engine.atlas.upload(ui.ctx());

        self.chosen(ui, input, &in_sight, sheet, output);
        let selection = self.view.range_rects(&in_sight, self.caret.range());
        let rows = selection.iter().map(|(rect, _)| sheet.to_screen(*rect));
        output.selection_rect = rows.reduce(|all, row| all | row);
        let ends = (self.caret.anchor, self.caret.focus);
        accessibility::tell(
            ui,
            id,
            input.name,
            &self.view,
            &in_sight,
            sheet.origin,
            ends,
        );
        let source = input.decorations;
        accessibility::tell_marks(ui, id, &self.view, &in_sight, sheet.origin, source);
        accessibility::tell_revealed(ui, id, &self.view, &in_sight, sheet.origin);
        if self.view.is_unfinished() {
            ui.ctx().request_repaint();
        }
        self.in_sight = in_sight;
        output.response = Some(response);
    }

    fn focus(&mut self, ui: &Ui, response: &Response) {
        if std::mem::take(&mut self.wants_focus) {
            response.request_focus();
        }
        if response.has_focus() {
            let filter = EventFilter {
                horizontal_arrows: true,
                vertical_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        }
    }

    fn keyboard(&mut self, ui: &Ui, engine: &mut TextEngine, output: &mut ReaderOutput) {
        for event in ui.input(|input| input.events.clone()) {
            match event {
                Event::Copy => output.events.push(ReaderEvent::CopyAsked),
                Event::Key {
                    key,
                    pressed: true,
                    modifiers,
                    ..
                } => {
                    let Some(motion) = motion::motion_of(key, modifiers) else {
                        continue;
                    };
                    let goal = self.caret.goal_x;
                    let from = self.caret.place();
                    // Left and right leave a selection at its edge, as in every text field.
                    let selected = if modifiers.shift {
                        TextRange::default()
                    } else {
                        self.caret.range()
                    };
                    let moved = motion::leave(&mut self.view, engine, motion, selected)
                        .unwrap_or_else(|| {
                            motion::carry_out(&mut self.view, engine, motion, from, goal)
                        });
                    let (text, offset) = (self.view.text(), moved.place.offset);
                    // Forward means past the cluster, or a cluster in two fonts would hold the caret for ever.
                    let snapped = if offset > from.offset {
                        boundary::ceil_grapheme(text, offset)
                    } else {
                        boundary::floor_grapheme(text, offset)
                    };
                    self.caret.move_to(snapped, modifiers.shift);
                    self.caret.upstream = moved.place.upstream && snapped == offset;
                    self.caret.goal_x = moved.goal_x;
                    self.keep_caret_in_sight = true;
                }
                _ => {}
            }
        }
    }

    fn scroll(&mut self, ui: &Ui, engine: &mut TextEngine, sheet: &Sheet) {
        let pane = sheet.page.union(sheet.strip);
        if ui.rect_contains_pointer(pane) {
            let wheel = ui.input(|input| input.smooth_scroll_delta().y);
            if wheel != 0.0 {
                self.view.scroll_by(engine, -wheel * sheet.scale);
            }
        }
        if self.returning.is_some() || self.reveal.is_some() || self.keep_caret_in_sight {
            self.passed_under = ui.input(|input| input.pointer.latest_pos());
        }
        if let Some(place) = self.returning.take() {
            self.view.return_to(engine, place.piece, place.share);
        }
        if let Some(range) = self.reveal.take() {
            let in_sight = self.view.in_sight(engine);
            let start = CaretPlace {
                offset: range.start(),
                upstream: false,
            };
            let caret = self.view.caret_rect(&in_sight, start);
            let fully =
                caret.is_some_and(|rect| rect.min.y >= 0.0 && rect.max.y <= sheet.height * 0.9);
            if !fully {
                self.view.scroll_to(engine, range.start(), 1.0 / 3.0);
            }
        }
        if std::mem::take(&mut self.keep_caret_in_sight) {
            self.follow_caret(engine, sheet);
        }
    }

    /// Scrolls just as far as it takes to see the caret with a line to spare.
    fn follow_caret(&mut self, engine: &mut TextEngine, sheet: &Sheet) {
        let line = sheet.setting.size * sheet.setting.leading;
        let in_sight = self.view.in_sight(engine);
        match self.view.caret_rect(&in_sight, self.caret.place()) {
            None => self.view.scroll_to(engine, self.caret.focus, 0.5),
            Some(rect) if rect.min.y < line => self.view.scroll_by(engine, rect.min.y - line),
            Some(rect) if rect.max.y > sheet.height - line => {
                self.view
                    .scroll_by(engine, rect.max.y - (sheet.height - line));
            }
            Some(_) => {}
        }
    }
}
