//! A strip over the text: something that must be known, and what can be done about it.

use crate::app::base::{theme::Theme, widgets::warning};
use egui::{Align, Frame, Layout, Margin, Ui};

/// In a strip narrower than this, in points, the button stands below the words: beside it they would be a column.
const NARROW: f32 = 420.0;

/// Draws a strip with `text` and, if there is something to do, a button. Returns whether that was pressed.
pub fn strip(ui: &mut Ui, text: &str, button: Option<&str>, theme: &Theme) -> bool {
    let colours = &theme.colours;
    let mut is_pressed = false;
    Frame::NONE
        .fill(colours.warning_ground)
        .inner_margin(Margin::symmetric(16, 6))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let words = |ui: &mut Ui| warning(ui, text, colours.warning);
            let mut offer = |ui: &mut Ui| {
                is_pressed = button.is_some_and(|button| ui.button(button).clicked());
            };
            if ui.available_width() < NARROW {
                ui.with_layout(Layout::left_to_right(Align::Min), words);
                ui.with_layout(Layout::right_to_left(Align::Min), offer);
            } else {
                ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                    offer(ui);
                    words(ui);
                });
            }
        });
    is_pressed
}
