//! The page on the screen: where the column, its two margins and the strip are.

use super::{
    engine::{Setting, TextEngine},
    strip::STRIP_WIDTH,
    style::{Numbering, PageStyle},
};
use egui::{Rect, Vec2, pos2};
use parley::fontique::Language;

/// Left margin in points, with numbers and without.
const NUMBERED: f32 = 62.0;
const UNNUMBERED: f32 = 28.0;
/// Right margin in points, with tag labels and with bars alone.
const LABELLED: f32 = 136.0;
const BARS_ONLY: f32 = 36.0;
/// Narrowest column in points beside which labels still have room.
const MIN_LABELLED_COLUMN: f32 = 340.0;

/// Places on the screen; those in pixels are whole physical pixels, so that glyphs stay crisp.
pub struct Sheet {
    /// Everything but the strip, in points.
    pub page: Rect,
    /// The strip, in points.
    pub strip: Rect,
    /// Top left corner of the column in physical pixels of the screen.
    pub origin: Vec2,
    /// Height of the pane in physical pixels.
    pub height: f32,
    /// How the text is set: its width is the column's.
    pub setting: Setting,
    /// Whether labels have room in the right margin.
    pub labels: bool,
    /// Physical pixels per point.
    pub scale: f32,
}

impl Sheet {
    /// Divides `rect` (points) for an article in `language`.
    pub fn new(
        rect: Rect,
        scale: f32,
        style: &PageStyle,
        language: Option<Language>,
        engine: &mut TextEngine,
    ) -> Self {
        let page = Rect::from_min_max(rect.min, pos2(rect.max.x - STRIP_WIDTH, rect.max.y));
        let strip = Rect::from_min_max(pos2(page.max.x, rect.min.y), rect.max);
        let size = (style.size * scale).round();
        let wanted = engine.average_advance(size, style.face) * style.measure_chars;
        let left = if style.numbering == Numbering::None {
            UNNUMBERED
        } else {
            NUMBERED
        };
        let labels = style.margin_labels && page.width() >= left + MIN_LABELLED_COLUMN + LABELLED;
        let right = if labels { LABELLED } else { BARS_ONLY };
        let room = ((page.width() - left - right) * scale).max(size * 4.0);
        let width = wanted.min(room).floor();
        let block = width + (left + right) * scale;
        let spare = (page.width() * scale - block).max(0.0);
        let origin = Vec2::new(
            (page.min.x * scale + spare / 2.0 + left * scale).round(),
            (page.min.y * scale).round(),
        );
        let setting = Setting {
            size,
            leading: style.leading,
            face: style.face,
            width,
            language,
            reveal: style.reveal,
        };
        Self {
            page,
            strip,
            origin,
            height: (page.height() * scale).round(),
            setting,
            labels,
            scale,
        }
    }

    /// Returns a point of the screen as physical pixels from the column's corner.
    pub fn to_column(&self, point: egui::Pos2) -> Vec2 {
        point.to_vec2() * self.scale - self.origin
    }

    /// Returns a rectangle in physical pixels from the column's corner as points of the screen.
    pub fn to_screen(&self, rect: Rect) -> Rect {
        rect.translate(self.origin) / self.scale
    }

    /// Returns the left edge of the right margin, from the column's left edge.
    pub fn right_margin(&self) -> f32 {
        self.setting.width + (10.0 * self.scale).round()
    }
}
