//! One difference between two versions, drawn.

use crate::{
    app::{
        base::{short, theme::Theme},
        core::differences::Row,
    },
    reader::TextEngine,
};
use egui::{Label, RichText, Ui};

/// Longest description of a difference, in code points.
const WHAT_CHARS: usize = 400;

/// Draws one difference.
pub fn show_row(ui: &mut Ui, row: &Row, theme: &Theme, engine: &mut TextEngine) {
    ui.add_space(2.0);
    let what = RichText::new(short::line(&row.what, WHAT_CHARS))
        .size(theme.sizes.small)
        .color(theme.colours.muted);
    ui.add(Label::new(what).wrap());
    if !row.quote.is_empty() {
        engine.label(ui, &row.quote, theme.sizes.quote, theme.colours.text, 2);
    }
    ui.add_space(4.0);
    ui.separator();
}
