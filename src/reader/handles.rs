//! The chosen thing: its frame, and the two handles that move its ends.

use super::{
    ReaderEvent,
    decoration::DecorationKey,
    marking::fill_band,
    sheet::Sheet,
    style::PageColours,
    view::{CaretPlace, InSight, View},
};
use crate::text::{ByteOffset, TextRange, boundary};
use egui::{CursorIcon, Pos2, Rect, Sense, Ui, Vec2};

/// A handle being dragged: one end moves, the other stays.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HandleDrag {
    pub key: DecorationKey,
    pub segment: u32,
    pub fixed: ByteOffset,
    pub moving: ByteOffset,
}

impl HandleDrag {
    /// Returns the range as it would be if the handle were let go now.
    pub fn range(&self) -> TextRange {
        TextRange::new(self.fixed, self.moving)
    }
}

/// Returns the stretches of the chosen thing that are in sight, each once.
pub fn chosen_stretches(
    view: &View,
    in_sight: &[InSight],
    chosen: DecorationKey,
) -> Vec<(u32, TextRange)> {
    let markings = in_sight
        .iter()
        .filter_map(|seen| view.kept(seen.piece)?.marking.as_ref());
    let mut found: Vec<(u32, TextRange)> = markings
        .flat_map(|marking| &marking.decorations)
        .filter(|decoration| decoration.key == chosen)
        .map(|decoration| (decoration.segment, decoration.range))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Frames the rectangles of a stretch, one box a line.
pub fn frame(
    view: &View,
    in_sight: &[InSight],
    range: TextRange,
    sheet: &Sheet,
    colours: &PageColours,
    painter: &egui::Painter,
) {
    let stroke = egui::Stroke::new(1.5, colours.accent);
    for (rect, baseline) in view.range_rects(in_sight, range) {
        let (top, bottom) = fill_band(baseline, sheet.setting.size);
        let band = Rect::from_min_max(Pos2::new(rect.min.x, top), Pos2::new(rect.max.x, bottom));
        painter.rect_stroke(
            sheet.to_screen(band),
            2.0,
            stroke,
            egui::StrokeKind::Outside,
        );
    }
}

/// Shows the handles of one stretch and follows them. `drag` is the drag under way, if any.
#[expect(
    clippy::too_many_arguments,
    reason = "one call site; a struct of these would be made for it alone"
)]
pub fn show(
    ui: &mut Ui,
    view: &View,
    in_sight: &[InSight],
    (key, segment, range): (DecorationKey, u32, TextRange),
    sheet: &Sheet,
    colours: &PageColours,
    drag: &mut Option<HandleDrag>,
    events: &mut Vec<ReaderEvent>,
) {
    for is_start in [true, false] {
        let (offset, fixed) = if is_start {
            (range.start(), range.end())
        } else {
            (range.end(), range.start())
        };
        let mine =
            drag.filter(|drag| drag.key == key && drag.segment == segment && drag.fixed == fixed);
        let shown = mine.map_or(offset, |drag| drag.moving);
        // The id does not hold the offset: the handle must stay the same while its end moves.
        let id = ui.scope_id().with(("handle", key, segment, is_start));
        let place = CaretPlace {
            offset: shown,
            upstream: !is_start,
        };
        let caret = view.caret_rect(in_sight, place);
        let grip = caret.map(|caret| sheet.to_screen(caret).expand2(Vec2::new(7.0, 5.0)));
        // A handle that was dragged out of sight must still be followed.
        let Some(grip) = grip.or_else(|| {
            mine.map(|_| Rect::from_center_size(sheet.page.center(), Vec2::splat(1.0)))
        }) else {
            continue;
        };
        let response = ui
            .interact(grip, id, Sense::click_and_drag())
            .on_hover_cursor(CursorIcon::ResizeHorizontal);
        let label = if is_start {
            "Start of the annotation"
        } else {
            "End of the annotation"
        };
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Slider, true, label));
        if let Some(pointer) = response
            .interact_pointer_pos()
            .filter(|_| response.dragged())
        {
            let hit = view.hit(in_sight, sheet.to_column(pointer));
            let moving = boundary::floor_grapheme(view.text(), hit.place.offset);
            if moving != fixed {
                *drag = Some(HandleDrag {
                    key,
                    segment,
                    fixed,
                    moving,
                });
            }
        }
        if response.drag_stopped() {
            if let Some(done) = mine {
                let range = boundary::trim(view.text(), done.range());
                if !range.is_empty() {
                    events.push(ReaderEvent::EndMoved {
                        key,
                        segment,
                        range,
                    });
                }
            }
            *drag = None;
        }
        if let Some(caret) = caret {
            knob(
                ui,
                sheet.to_screen(caret),
                is_start,
                colours,
                response.hovered() || mine.is_some(),
            );
        }
    }
}

fn knob(ui: &Ui, caret: Rect, is_start: bool, colours: &PageColours, strong: bool) {
    let painter = ui.painter();
    let radius = if strong { 5.5 } else { 4.5 };
    let x = caret.center().x;
    painter.vline(x, caret.y_range(), egui::Stroke::new(2.0, colours.accent));
    let centre = Pos2::new(x, if is_start { caret.min.y } else { caret.max.y });
    painter.circle(
        centre,
        radius,
        colours.accent,
        egui::Stroke::new(1.5, colours.page),
    );
}
