//! A warning sign with its sentence, wrapped beside it.

use crate::app::base::widgets::{Icon, paint_icon};
use egui::{Align, Color32, Label, Layout, Rect, RichText, Sense, Ui, Vec2, vec2};

/// Draws the sign and the sentence in `colour`, in the width that is left.
pub fn warning(ui: &mut Ui, text: &str, colour: Color32) {
    ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 28.0), Sense::hover());
        let square = Rect::from_center_size(rect.center(), Vec2::splat(16.0));
        paint_icon(ui.painter(), square, Icon::Warning, colour);
        ui.add_space(2.0);
        ui.vertical(|ui| {
            ui.add_space(6.0);
            ui.add(Label::new(RichText::new(text).color(colour)).wrap());
        });
    });
}
