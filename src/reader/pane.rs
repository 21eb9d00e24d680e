//! The pane itself: one frame of input, layout and paint.

use super::{
    DecorationKey, Decorations, MapTick, PageStyle, accessibility,
    caret::Caret,
    engine::{TextEngine, han_language},
    handles::{self, HandleDrag},
    margins::{Margins, ParagraphCount},
    marking::{Marking, fill_band},
    motion,
    quad::{Quad, QuadMesh},
    sheet::Sheet,
    strip::{self, MapCache},
    style::Numbering,
    view::{CaretPlace, Hit, InSight, View},
};
use crate::text::{ByteOffset, SourceText, TextRange, boundary};
use egui::{CursorIcon, Event, EventFilter, Pos2, Rect, Response, Sense, Ui, Vec2};
use parley::fontique::Language;

/// Two presses within this time (seconds) and distance (points) count as one more click.
const CLICK_SECONDS: f64 = 0.45;
const CLICK_DISTANCE: f32 = 5.0;
/// A press that moves less than this, in points, is a click and no drag.
const DRAG_DISTANCE: f32 = 3.0;
/// Speed of scrolling while the pointer is dragged out of the pane: pages a second for each pane height beyond.
const AUTO_SCROLL: f32 = 8.0;

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
}

/// What the pane says back each frame.
#[derive(Default)]
pub struct ReaderOutput {
    /// What happened, in order.
    pub events: Vec<ReaderEvent>,
    /// Where the selection's last line in sight is on the screen, for a bar beside it.
    pub selection_rect: Option<Rect>,
    /// Where the chosen thing's first line in sight is on the screen.
    pub chosen_rect: Option<Rect>,
    /// Things under the pointer, innermost first.
    pub hovered: Vec<DecorationKey>,
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
}

impl Reader {
    /// A pane at the start of `text`. One pass over the line index.
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
        }
    }

    /// The selection as a person would mean it: trimmed of blanks, cutting no grapheme cluster; `None` when
    /// nothing but blanks is selected.
    pub fn selection(&self) -> Option<TextRange> {
        let range = boundary::trim(self.view.text(), self.caret.range());
        (!range.is_empty()).then_some(range)
    }

    /// Selects `range` (empty: puts the caret there) without scrolling.
    pub fn select(&mut self, range: TextRange) {
        self.caret.select(boundary::snap(self.view.text(), range));
    }

    /// The moving end of the selection.
    pub fn caret(&self) -> ByteOffset {
        self.caret.focus
    }

    /// The text in sight, as of the last frame; whole pieces.
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

    /// Where the eye is, to come back to it.
    pub fn place(&self) -> Place {
        let (piece, share) = self.view.place();
        Place { piece, share }
    }

    /// Goes back to a place in the next frame.
    pub fn return_to(&mut self, place: Place) {
        self.returning = Some(place);
    }

    /// Word, sentence, paragraph, whole text: selects the next larger one.
    pub fn grow_selection(&mut self) {
        let text = self.view.text().clone();
        self.caret.grow(&text);
    }

    /// The way back of [`grow_selection`](Self::grow_selection).
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

    /// Height of the whole article in physical pixels, by what is known so far; for exports.
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
            self.keyboard(ui, engine);
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
        output.selection_rect = selection.last().map(|(rect, _)| sheet.to_screen(*rect));
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

    fn keyboard(&mut self, ui: &Ui, engine: &mut TextEngine) {
        for event in ui.input(|input| input.events.clone()) {
            match event {
                Event::Copy => {
                    let copied = self.view.text().slice_or_empty(self.caret.range());
                    if !copied.is_empty() {
                        ui.ctx().copy_text(copied.to_owned());
                    }
                }
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

    /// Follows the pointer; says whether it has scrolled the page.
    fn pointer(
        &mut self,
        ui: &Ui,
        engine: &mut TextEngine,
        response: &Response,
        sheet: &Sheet,
        in_sight: &[InSight],
        output: &mut ReaderOutput,
    ) -> bool {
        let (pressed, released, pointer, time, shift) = ui.input(|input| {
            let pointer = &input.pointer;
            (
                pointer.primary_pressed(),
                pointer.primary_released(),
                pointer.interact_pos(),
                input.time,
                input.modifiers.shift,
            )
        });
        let Some(pointer) = pointer else { return false };
        let text = self.view.text().clone();
        // A quick click may come and go within one frame.
        let is_click = released && response.clicked();
        if pressed && (is_click || response.is_pointer_button_down_on()) {
            response.request_focus();
            let hit = self.view.hit(in_sight, sheet.to_column(pointer));
            if shift {
                self.drag_to(&text, hit);
            } else {
                self.count_click(pointer, time);
                let is_single = self.clicks.0 <= 1;
                let at = if is_single {
                    hit.place.offset
                } else {
                    hit.cluster
                };
                self.caret.press(&text, at, self.clicks.0);
                self.caret.upstream = is_single && hit.place.upstream && self.caret.focus == at;
            }
            if is_click {
                self.release(sheet.to_column(pointer), in_sight, shift, output);
            } else {
                self.press = Press::Selecting {
                    from: pointer,
                    moved: shift,
                };
            }
            return false;
        }
        let Press::Selecting { from, moved } = self.press else {
            return false;
        };
        let moved = moved || from.distance(pointer) > DRAG_DISTANCE;
        self.press = Press::Selecting { from, moved };
        if released || !response.is_pointer_button_down_on() {
            self.press = Press::None;
            self.release(sheet.to_column(pointer), in_sight, moved, output);
            return false;
        }
        if !moved {
            return false;
        }
        let scrolled = self.auto_scroll(ui, engine, pointer, sheet);
        let sight = if scrolled {
            self.view.in_sight(engine)
        } else {
            in_sight.to_vec()
        };
        let hit = self.view.hit(&sight, sheet.to_column(pointer));
        self.drag_to(&text, hit);
        scrolled
    }

    fn drag_to(&mut self, text: &SourceText, hit: Hit) {
        if self.caret.is_by_cluster() {
            self.caret.drag(text, hit.place.offset);
            self.caret.upstream = hit.place.upstream && self.caret.focus == hit.place.offset;
        } else {
            self.caret.drag(text, hit.cluster);
        }
    }

    fn count_click(&mut self, at: Pos2, time: f64) {
        let (n, last_time, last_at) = self.clicks;
        let again = time - last_time < CLICK_SECONDS && at.distance(last_at) < CLICK_DISTANCE;
        self.clicks = (if again { n + 1 } else { 1 }, time, at);
    }

    fn release(&mut self, at: Vec2, in_sight: &[InSight], moved: bool, output: &mut ReaderOutput) {
        if let Some(range) = self.selection().filter(|_| moved || self.clicks.0 > 1) {
            output.events.push(ReaderEvent::Selected { range });
        } else if self.clicks.0 == 1 {
            let under = self.view.hit_exact(in_sight, at);
            let keys = under
                .map(|offset| self.keys_at(in_sight, offset))
                .unwrap_or_default();
            output.events.push(ReaderEvent::Clicked {
                at: self.caret.focus,
                keys,
            });
        }
    }

    fn auto_scroll(
        &mut self,
        ui: &Ui,
        engine: &mut TextEngine,
        pointer: Pos2,
        sheet: &Sheet,
    ) -> bool {
        let beyond =
            (pointer.y - sheet.page.max.y).max(0.0) + (pointer.y - sheet.page.min.y).min(0.0);
        if beyond == 0.0 {
            return false;
        }
        let seconds = ui.input(|input| input.stable_dt).min(0.1);
        self.view
            .scroll_by(engine, beyond * sheet.scale * AUTO_SCROLL * seconds);
        ui.ctx().request_repaint();
        true
    }

    /// The decorated things at a place in sight, innermost first.
    fn keys_at(&self, in_sight: &[InSight], offset: ByteOffset) -> Vec<DecorationKey> {
        let piece = self.view.pieces().at(offset);
        let seen = in_sight.iter().any(|seen| seen.piece == piece);
        let marking = self
            .view
            .kept(piece)
            .and_then(|piece| piece.marking.as_ref())
            .filter(|_| seen);
        let Some(marking) = marking else {
            return Vec::new();
        };
        let mut here: Vec<_> = marking
            .decorations
            .iter()
            .filter(|d| d.range.contains(offset))
            .collect();
        here.sort_by_key(|decoration| (decoration.range.len(), decoration.key));
        let mut keys: Vec<DecorationKey> = Vec::new();
        for decoration in here {
            if !keys.contains(&decoration.key) {
                keys.push(decoration.key);
            }
        }
        keys
    }

    fn hover(
        &self,
        ui: &Ui,
        response: &Response,
        sheet: &Sheet,
        in_sight: &[InSight],
        input: &ReaderInput<'_>,
        output: &mut ReaderOutput,
    ) {
        let Some(pointer) = response.hover_pos().filter(|_| self.press == Press::None) else {
            return;
        };
        let at = sheet.to_column(pointer);
        let over_column = at.x > -20.0 && at.x < sheet.setting.width + 20.0;
        if over_column {
            ui.ctx().set_cursor_icon(if input.marker {
                CursorIcon::Crosshair
            } else {
                CursorIcon::Text
            });
        }
        if let Some(offset) = self.view.hit_exact(in_sight, at) {
            output.hovered = self.keys_at(in_sight, offset);
        }
    }

    /// Sees to it that all pieces in sight have their quads and a marking of the present revision.
    fn prepare(
        &mut self,
        engine: &mut TextEngine,
        input: &ReaderInput<'_>,
        in_sight: &[InSight],
        sheet: &Sheet,
    ) {
        let generation = engine.atlas.generation();
        let revision = input.decorations.revision();
        for seen in in_sight {
            let range = self.view.pieces().range(seen.piece);
            let Some(piece) = self.view.piece(engine, seen.piece) else {
                continue;
            };
            if piece
                .quads
                .as_ref()
                .is_none_or(|(made, _)| *made != generation)
            {
                piece.quads = Some((generation, engine.quads(&piece.layout)));
            }
            if piece
                .marking
                .as_ref()
                .is_none_or(|marking| marking.revision != revision)
            {
                piece.marking = Some(Marking::new(
                    input.decorations,
                    range,
                    &piece.layout,
                    sheet.setting.size,
                ));
            }
        }
    }

    fn paint(
        &mut self,
        engine: &mut TextEngine,
        input: &ReaderInput<'_>,
        in_sight: &[InSight],
        sheet: &Sheet,
        has_focus: bool,
        mesh: &mut QuadMesh,
    ) {
        let colours = &input.style.colours;
        let pieces: Vec<_> = in_sight
            .iter()
            .filter_map(|seen| Some((seen, self.view.kept(seen.piece)?)))
            .collect();
        let corner = |seen: &InSight, top: i32| sheet.origin + Vec2::new(0.0, seen.y + top as f32);
        for (seen, piece) in &pieces {
            if let Some(marking) = &piece.marking {
                mesh.add(&marking.fills, corner(seen, piece.top), colours.text);
            }
        }
        self.paint_selection(in_sight, sheet, colours, mesh);
        for (seen, piece) in &pieces {
            if let Some(marking) = &piece.marking {
                mesh.add(&marking.underlines, corner(seen, piece.top), colours.text);
            }
            if let Some((_, quads)) = &piece.quads {
                mesh.add(quads, corner(seen, piece.top), colours.text);
            }
        }
        let margins = Margins {
            sheet,
            colours,
            numbering: input.style.numbering,
            count: self.count.as_ref(),
        };
        for (seen, piece) in &pieces {
            margins.number(engine, &self.view, seen, mesh);
            if let Some(marking) = &piece.marking {
                let first = piece.layout.lines().next();
                let baseline = first.map_or(0.0, |line| line.metrics().baseline);
                let down = seen.y + piece.top as f32;
                margins.marks(engine, marking, baseline, down, mesh);
            }
        }
        if has_focus && let Some(caret) = self.view.caret_rect(in_sight, self.caret.place()) {
            let width = (1.5 * sheet.scale).round();
            let quad = Quad::flat(
                caret.min.x.round(),
                caret.min.y.round(),
                width,
                caret.height().round(),
                colours.accent,
            );
            mesh.add(&[quad], sheet.origin, colours.accent);
        }
    }

    /// The selection, or what a handle under way would make of the chosen thing.
    fn paint_selection(
        &self,
        in_sight: &[InSight],
        sheet: &Sheet,
        colours: &super::PageColours,
        mesh: &mut QuadMesh,
    ) {
        let range = self.handle.map_or(self.caret.range(), |drag| drag.range());
        let mut quads = Vec::new();
        for (rect, baseline) in self.view.range_rects(in_sight, range) {
            let (top, bottom) = fill_band(baseline, sheet.setting.size);
            let (left, right) = (rect.min.x.round(), rect.max.x.round());
            quads.push(Quad::flat(
                left,
                top,
                right - left,
                bottom - top,
                colours.selection,
            ));
        }
        mesh.add(&quads, sheet.origin, colours.text);
    }

    fn chosen(
        &mut self,
        ui: &mut Ui,
        input: &ReaderInput<'_>,
        in_sight: &[InSight],
        sheet: &Sheet,
        output: &mut ReaderOutput,
    ) {
        let Some(key) = input.chosen else {
            self.handle = None;
            return;
        };
        let colours = &input.style.colours;
        for (segment, range) in handles::chosen_stretches(&self.view, in_sight, key) {
            let rects = self.view.range_rects(in_sight, range);
            let first = rects.first().map(|(rect, _)| sheet.to_screen(*rect));
            output.chosen_rect = output.chosen_rect.or(first);
            handles::frame(&self.view, in_sight, range, sheet, colours, ui.painter());
            if input.editable {
                let stretch = (key, segment, range);
                handles::show(
                    ui,
                    &self.view,
                    in_sight,
                    stretch,
                    sheet,
                    colours,
                    &mut self.handle,
                    &mut output.events,
                );
            }
        }
        // Let go while its stretch was scrolled out of sight: nothing was there to notice.
        if !ui.input(|input| input.pointer.any_down()) {
            self.handle = None;
        }
    }
}
