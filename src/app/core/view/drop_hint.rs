//! What the window says while files are held over it.

use crate::app::base::theme::Theme;
use egui::{Align2, Context, FontId, Id, LayerId, Order, Stroke, StrokeKind, vec2};

/// Covers the window with a sheet that says where the files go.
pub fn show(ctx: &Context, n_files: usize, theme: &Theme) {
    let colours = &theme.colours;
    let painter = ctx.layer_painter(LayerId::new(Order::Foreground, Id::unique("drop hint")));
    let window = ctx.content_rect();
    painter.rect_filled(window, 0.0, colours.backdrop);
    let card = egui::Rect::from_center_size(window.center(), vec2(380.0, 120.0));
    painter.rect_filled(card, 12.0, colours.raised);
    painter.rect_stroke(
        card,
        12.0,
        Stroke::new(2.0, colours.accent),
        StrokeKind::Inside,
    );
    let text = if n_files == 1 {
        "Drop to open this article".to_owned()
    } else {
        format!("Drop to open {n_files} articles")
    };
    painter.text(
        card.center() - vec2(0.0, 10.0),
        Align2::CENTER_CENTER,
        text,
        Theme::bold(theme.sizes.heading),
        colours.text,
    );
    painter.text(
        card.center() + vec2(0.0, 18.0),
        Align2::CENTER_CENTER,
        "Text and Markdown files, or a folder of them",
        FontId::proportional(theme.sizes.body),
        colours.muted,
    );
}
