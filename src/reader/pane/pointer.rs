//! The pane under the pointer: clicks in a row, drags, scrolling at the edges, and what is under it.

use super::{Press, Reader, ReaderEvent, ReaderInput, ReaderOutput};
use crate::{
    reader::{
        DecorationKey,
        engine::TextEngine,
        sheet::Sheet,
        view::{Hit, InSight},
    },
    text::{ByteOffset, SourceText},
};
use egui::{CursorIcon, Event, PointerButton, Pos2, Response, Ui, Vec2};

/// Two presses within this time (seconds) and distance (points) count as one more click.
const CLICK_SECONDS: f64 = 0.45;
const CLICK_DISTANCE: f32 = 5.0;
/// A press that moves less than this, in points, is a click and no drag.
const DRAG_DISTANCE: f32 = 3.0;
/// Speed of scrolling while the pointer is dragged out of the pane: pages a second for each pane height beyond.
const AUTO_SCROLL: f32 = 8.0;

impl Reader {
    /// Follows the pointer; says whether it has scrolled the page.
    pub(super) fn pointer(
        &mut self,
        ui: &Ui,
        engine: &mut TextEngine,
        response: &Response,
        sheet: &Sheet,
        in_sight: &[InSight],
        output: &mut ReaderOutput,
    ) -> bool {
        let (pressed_at, path, released, pointer, time, shift) = ui.input(|input| {
            (
                // Where the button went down: by the end of a slow frame the pointer is elsewhere.
                input.events.iter().find_map(pressed_at),
                path_of(&input.events),
                input.pointer.primary_released(),
                input.pointer.interact_pos(),
                input.time,
                input.modifiers.shift,
            )
        });
        let Some(pointer) = pointer else { return false };
        let is_down = response.is_pointer_button_down_on();
        // A quick click, or a quick drag in a slow frame, may come and go within one frame.
        let is_over = released && (response.clicked() || response.drag_stopped());
        let text = self.view.text().clone();
        if let Some(origin) = pressed_at.filter(|_| is_down || is_over) {
            response.request_focus();
            self.press_at(
                &text,
                self.view.hit(in_sight, sheet.to_column(origin)),
                origin,
                time,
                shift,
            );
        }
        let Press::Selecting { from, moved } = self.press else {
            return false;
        };
        // Out and back is a drag as well.
        let far = |at: &Pos2| from.distance(*at) > DRAG_DISTANCE;
        let moved = moved || far(&pointer) || path.iter().any(far);
        self.press = Press::Selecting { from, moved };
        let scrolled = moved && is_down && self.auto_scroll(ui, engine, pointer, sheet);
        let sight = if scrolled {
            self.view.in_sight(engine)
        } else {
            in_sight.to_vec()
        };
        if moved {
            let hit = self.view.hit(&sight, sheet.to_column(pointer));
            self.drag_to(&text, hit);
        }
        if released || !is_down {
            self.press = Press::None;
            self.release(sheet.to_column(pointer), &sight, moved, output);
        }
        scrolled
    }

    /// Handles a press on `hit`: sets the caret, extends the selection with Shift, selects a unit after more clicks.
    fn press_at(&mut self, text: &SourceText, hit: Hit, origin: Pos2, time: f64, shift: bool) {
        if shift {
            self.drag_to(text, hit);
        } else {
            self.count_click(origin, time);
            let is_single = self.clicks.0 <= 1;
            let at = if is_single {
                hit.place.offset
            } else {
                hit.cluster
            };
            self.caret.press(text, at, self.clicks.0);
            self.caret.upstream = is_single && hit.place.upstream && self.caret.focus == at;
        }
        self.press = Press::Selecting {
            from: origin,
            moved: shift,
        };
    }

    pub(super) fn drag_to(&mut self, text: &SourceText, hit: Hit) {
        if self.caret.is_by_cluster() {
            self.caret.drag(text, hit.place.offset);
            self.caret.upstream = hit.place.upstream && self.caret.focus == hit.place.offset;
        } else {
            self.caret.drag(text, hit.cluster);
        }
    }

    pub(super) fn count_click(&mut self, at: Pos2, time: f64) {
        let (n, last_time, last_at) = self.clicks;
        let again = time - last_time < CLICK_SECONDS && at.distance(last_at) < CLICK_DISTANCE;
        self.clicks = (if again { n + 1 } else { 1 }, time, at);
    }

    pub(super) fn release(
        &mut self,
        at: Vec2,
        in_sight: &[InSight],
        moved: bool,
        output: &mut ReaderOutput,
    ) {
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

    pub(super) fn auto_scroll(
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

    /// Returns the decorated things at a place in sight, innermost first.
    pub(super) fn keys_at(&self, in_sight: &[InSight], offset: ByteOffset) -> Vec<DecorationKey> {
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

    /// Returns what is hidden at a place that is laid out, or not what it looks like.
    fn explanation_at(&self, offset: ByteOffset) -> Option<String> {
        let idx = self.view.pieces().at(offset);
        let range = self.view.pieces().range(idx);
        let text = self.view.text().slice_or_empty(range);
        let piece = self.view.kept(idx)?;
        piece
            .revealed
            .explain(text, offset.get() - range.start().get())
    }

    pub(super) fn hover(
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
        if self.passed_under == Some(pointer) {
            return;
        }
        if let Some(offset) = self.view.hit_exact(in_sight, at) {
            output.hovered = self.keys_at(in_sight, offset);
            output.explanation = self.explanation_at(offset);
        }
    }
}

/// Returns where the pointer went since the first button went down, or since these events began.
fn path_of(events: &[Event]) -> Vec<Pos2> {
    let since = events
        .iter()
        .rev()
        .take_while(|event| pressed_at(event).is_none());
    since
        .filter_map(|event| match event {
            Event::PointerMoved(at) => Some(*at),
            _ => None,
        })
        .collect()
}

/// Returns where the first button went down, if this event says so.
fn pressed_at(event: &Event) -> Option<Pos2> {
    match event {
        Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed: true,
            ..
        } => Some(*pos),
        _ => None,
    }
}
