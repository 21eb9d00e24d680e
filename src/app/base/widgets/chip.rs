//! A tag as people see it: colour, pattern, name, key.

use crate::{
    annotation::TagId,
    app::base::theme::Theme,
    reader::{LineStyle, Look},
};
use egui::{
    Align2, Color32, FontId, Painter, Pos2, Rect, Response, Sense, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, accesskit::Role, pos2, vec2,
};

/// One tag with all that panels show of it.
#[derive(Clone, Debug, PartialEq)]
pub struct TagRow {
    /// The tag.
    pub id: TagId,
    /// Its name as it is shown.
    pub name: String,
    /// What is odd about its name.
    pub warning: Option<String>,
    /// Its key.
    pub key: Option<char>,
    /// How it looks in the text.
    pub look: Look,
    /// How many annotations carry it.
    pub n_annotations: usize,
    /// When to use it, the first page.
    pub guideline: String,
    /// Whether it is painted in the text.
    pub is_shown: bool,
    /// Whether only it is shown.
    pub is_only: bool,
}

/// Paints a line in a tag's pattern.
pub fn pattern_line(painter: &Painter, from: Pos2, width: f32, line: LineStyle, colour: Color32) {
    let stroke = Stroke::new(1.5, colour);
    let (x0, x1, y) = (from.x, from.x + width, from.y);
    match line {
        LineStyle::Solid => {
            painter.hline(x0..=x1, y, Stroke::new(2.0, colour));
        }
        LineStyle::Double => {
            let thin = Stroke::new(1.0, colour);
            painter.hline(x0..=x1, y - 1.5, thin);
            painter.hline(x0..=x1, y + 1.5, thin);
        }
        LineStyle::Dashed => painter.extend(egui::Shape::dashed_line(
            &[pos2(x0, y), pos2(x1, y)],
            Stroke::new(2.0, colour),
            4.0,
            3.0,
        )),
        LineStyle::Dotted => painter.extend(egui::Shape::dotted_line(
            &[pos2(x0 + 1.0, y), pos2(x1, y)],
            colour,
            3.5,
            1.1,
        )),
        LineStyle::Wavy => {
            let n_steps = (width / 1.5).ceil().max(2.0) as usize;
            let points = (0..=n_steps)
                .map(|step| {
                    let x = x0 + width * step as f32 / n_steps as f32;
                    pos2(x, y + 1.5 * ((x - x0) * std::f32::consts::TAU / 6.0).sin())
                })
                .collect();
            painter.line(points, stroke);
        }
    }
}

/// Paints a tag's colour and pattern as a small card.
pub fn swatch(painter: &Painter, rect: Rect, look: &Look) {
    painter.rect_filled(rect, 3.0, look.fill);
    painter.rect_stroke(
        rect,
        3.0,
        Stroke::new(1.0, look.ink.gamma_multiply(0.45)),
        StrokeKind::Inside,
    );
    let line = pos2(rect.left() + 2.5, rect.bottom() - 4.0);
    pattern_line(painter, line, rect.width() - 5.0, look.line, look.ink);
}

/// Paints a key as a small cap, right-aligned at `right`. Returns its rectangle.
pub fn paint_key(painter: &Painter, right: Pos2, key: &str, theme: &Theme) -> Rect {
    let galley = painter.layout_no_wrap(
        key.to_owned(),
        FontId::proportional(theme.sizes.tiny),
        theme.colours.muted,
    );
    let size = vec2((galley.size().x + 8.0).max(18.0), 18.0);
    let rect = Rect::from_min_size(pos2(right.x - size.x, right.y - size.y / 2.0), size);
    painter.rect_filled(rect, 4.0, theme.colours.raised);
    painter.rect_stroke(
        rect,
        4.0,
        Stroke::new(1.0, theme.colours.strong_border),
        StrokeKind::Inside,
    );
    painter.galley(
        rect.center() - galley.size() / 2.0,
        galley,
        theme.colours.muted,
    );
    rect
}

/// A key as a small cap, where the cursor is.
pub fn key_cap(ui: &mut Ui, key: &str, theme: &Theme) {
    let galley = ui.painter().layout_no_wrap(
        key.to_owned(),
        FontId::proportional(theme.sizes.tiny),
        theme.colours.muted,
    );
    let size = vec2((galley.size().x + 8.0).max(18.0), 18.0);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    paint_key(ui.painter(), rect.right_center(), key, theme);
}

/// A tag to click on: card, name, key.
pub fn tag_chip(ui: &mut Ui, tag: &TagRow, is_on: bool, theme: &Theme) -> Response {
    let colours = &theme.colours;
    let galley = ui.painter().layout_no_wrap(
        tag.name.clone(),
        FontId::proportional(theme.sizes.body),
        colours.text,
    );
    let key = tag.key.map(|key| key.to_uppercase().to_string());
    let key_width = if key.is_some() { 24.0 } else { 0.0 };
    let size = vec2(8.0 + 14.0 + 6.0 + galley.size().x + key_width + 8.0, 28.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let is_enabled = ui.is_enabled();
    response.widget_info(|| {
        let name = format!("Tag as {}", tag.name);
        if is_on {
            WidgetInfo::selected(Role::Button, is_enabled, true, name)
        } else {
            WidgetInfo::labeled(Role::Button, is_enabled, name)
        }
    });
    if ui.is_rect_visible(rect) {
        let ground = if is_on {
            tag.look.fill
        } else if response.hovered() {
            colours.hover
        } else {
            Color32::TRANSPARENT
        };
        let edge = if response.has_focus() {
            Stroke::new(2.0, colours.accent)
        } else if is_on {
            Stroke::new(1.0, tag.look.ink)
        } else {
            Stroke::new(1.0, colours.strong_border)
        };
        let mut painter = ui.painter().clone();
        if !is_enabled {
            painter.multiply_opacity(0.5);
        }
        painter.rect_filled(rect, 6.0, ground);
        painter.rect_stroke(rect, 6.0, edge, StrokeKind::Inside);
        let card = Rect::from_min_size(
            pos2(rect.left() + 8.0, rect.center().y - 7.0),
            Vec2::splat(14.0),
        );
        swatch(&painter, card, &tag.look);
        let words = pos2(card.right() + 6.0, rect.center().y - galley.size().y / 2.0);
        painter.galley(words, galley, colours.text);
        if let Some(key) = key {
            paint_key(
                &painter,
                pos2(rect.right() - 6.0, rect.center().y),
                &key,
                theme,
            );
        }
    }
    response
}

/// A tag's name in its own ink with its pattern before it, painted at `from`. Returns where it ends.
pub fn tag_label(painter: &Painter, from: Pos2, look: &Look, size: f32) -> f32 {
    let card = Rect::from_min_size(pos2(from.x, from.y - 5.0), vec2(10.0, 10.0));
    swatch(painter, card, look);
    let words = painter.text(
        pos2(card.right() + 4.0, from.y),
        Align2::LEFT_CENTER,
        &look.label,
        Theme::bold(size),
        look.ink,
    );
    words.right()
}
