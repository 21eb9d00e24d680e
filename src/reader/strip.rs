//! The strip at the right edge: scroll bar, and beside it the map of where the marks are in the whole article.

use super::{
    decoration::MapTick,
    quad::{Quad, QuadMesh},
    style::PageColours,
    view::View,
};
use egui::{Rect, Sense, Ui, Vec2, pos2};

/// Width of the map in points.
const MAP_WIDTH: f32 = 14.0;
/// Width of the scroll bar in points.
const BAR_WIDTH: f32 = 12.0;
/// Width of both in points.
pub const STRIP_WIDTH: f32 = MAP_WIDTH + BAR_WIDTH;
/// Shortest thumb in points: still easy to catch.
const MIN_THUMB: f32 = 28.0;
/// A click this near to a tick, in points, goes to the tick.
const CATCH: f32 = 4.0;

/// The ticks as they were last drawn: computed again only when one of the numbers differs.
#[derive(Default)]
pub struct MapCache {
    key: (u64, i64, i32, usize),
    quads: Vec<Quad>,
}

/// Shows the strip in `rect` (points) and scrolls the view.
pub fn show(
    ui: &mut Ui,
    view: &mut View,
    cache: &mut MapCache,
    rect: Rect,
    (map, revision): (&[MapTick], u64),
    colours: &PageColours,
    mesh: &mut QuadMesh,
) {
    let scale = ui.ctx().pixels_per_point();
    let map_rect = Rect::from_min_size(rect.min, Vec2::new(MAP_WIDTH, rect.height()));
    let bar_rect = Rect::from_min_max(pos2(rect.max.x - BAR_WIDTH, rect.min.y), rect.max);

    let map_response = ui.interact(
        map_rect,
        ui.scope_id().with("mark map"),
        Sense::click_and_drag(),
    );
    map_response.widget_info(|| {
        egui::WidgetInfo::labeled(
            egui::Role::ScrollBar,
            true,
            "Map of the marks in the whole article",
        )
    });
    if let Some(pointer) = map_response.interact_pointer_pos() {
        jump(
            view,
            map,
            (pointer.y - map_rect.min.y) / map_rect.height(),
            CATCH / map_rect.height(),
        );
    }
    let total = view.heights().total();
    let height = (map_rect.height() * scale).round() as i32;
    let key = (revision, total >> 6, height, map.len());
    if cache.key != key {
        cache.key = key;
        cache.quads = ticks(view, map, height as f32, scale);
    }
    let origin = Vec2::new(
        (map_rect.min.x * scale).round(),
        (map_rect.min.y * scale).round(),
    );
    mesh.add(
        &[Quad::flat(
            0.0,
            0.0,
            (MAP_WIDTH * scale).round(),
            height as f32,
            colours.track,
        )],
        origin,
        colours.text,
    );
    mesh.add(&cache.quads, origin, colours.text);

    scroll_bar(ui, view, bar_rect, colours, mesh);
}

fn ticks(view: &View, map: &[MapTick], height: f32, scale: f32) -> Vec<Quad> {
    let total = view.heights().total().max(1) as f64;
    let width = (3.0 * scale).round();
    let thick = (2.0 * scale).round();
    map.iter()
        .map(|tick| {
            let share = place(view, tick) as f64 / total;
            let y = (share as f32 * (height - thick)).round();
            if tick.column == MapTick::ACROSS {
                let across = (MAP_WIDTH * scale).round();
                return Quad::flat(0.0, y, across, scale.round().max(1.0), tick.ink);
            }
            let x = (scale + f32::from(tick.column.min(3)) * (width + 0.0)).round();
            Quad::flat(x, y, width, thick, tick.ink)
        })
        .collect()
}

/// Pixels from the top of the article to a tick: its piece, and its share of the piece's text.
fn place(view: &View, tick: &MapTick) -> i64 {
    let piece = view.pieces().at(tick.offset);
    let range = view.pieces().range(piece);
    let (top, next) = (view.heights().top(piece), view.heights().top(piece + 1));
    let inside =
        (tick.offset.get().saturating_sub(range.start().get())) as f64 / range.len().max(1) as f64;
    top + ((next - top) as f64 * inside.min(1.0)) as i64
}

fn jump(view: &mut View, map: &[MapTick], share: f32, catch: f32) {
    let total = view.heights().total();
    let wanted = (f64::from(share.clamp(0.0, 1.0)) * total as f64) as i64;
    let near = map
        .iter()
        .map(|tick| place(view, tick))
        .min_by_key(|y| (y - wanted).abs());
    let target = near
        .filter(|y| (y - wanted).abs() as f64 <= f64::from(catch) * total as f64)
        .unwrap_or(wanted);
    view.scroll_to_y(target - (view.height() / 3.0) as i64);
}

fn scroll_bar(
    ui: &mut Ui,
    view: &mut View,
    rect: Rect,
    colours: &PageColours,
    mesh: &mut QuadMesh,
) {
    let scale = ui.ctx().pixels_per_point();
    let response = ui.interact(
        rect,
        ui.scope_id().with("scroll bar"),
        Sense::click_and_drag(),
    );
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ScrollBar, true, "Scroll bar of the article")
    });
    let total = view.heights().total() as f64;
    let room = (total - f64::from(view.height())).max(1.0);
    let thumb = ((f64::from(view.height()) / total.max(1.0)) as f32 * rect.height())
        .max(MIN_THUMB)
        .min(rect.height());
    if let Some(pointer) = response.interact_pointer_pos() {
        let share = (pointer.y - rect.min.y - thumb / 2.0) / (rect.height() - thumb).max(1.0);
        view.scroll_to_y((f64::from(share.clamp(0.0, 1.0)) * room) as i64);
    }
    if total <= f64::from(view.height()) {
        return;
    }
    let share = (view.top_y() as f64 / room).clamp(0.0, 1.0) as f32;
    let y = rect.min.y + share * (rect.height() - thumb);
    let origin = Vec2::new(((rect.min.x + 3.0) * scale).round(), (y * scale).round());
    let strength = if response.dragged() || response.hovered() {
        0.75
    } else {
        0.4
    };
    let colour = colours.faint.gamma_multiply(strength);
    mesh.add(
        &[Quad::flat(
            0.0,
            0.0,
            (6.0 * scale).round(),
            (thumb * scale).round(),
            colour,
        )],
        origin,
        colours.text,
    );
}
