//! What must be known about the article before anything is done to it: a strip over the text.

use crate::app::{
    command::{AppCommand, CommandSender},
    theme::Theme,
    widgets::{Icon, paint_icon},
};
use egui::{Frame, Margin, RichText, Sense, Ui, Vec2};

/// What a strip says.
pub enum Data {
    /// Nothing may be changed, and why.
    ReadOnly(String),
    /// The text is another one than the annotations were made on.
    TextChanged {
        /// How many annotations stand where they were marked.
        n_found: usize,
        /// How many stand elsewhere.
        n_moved: usize,
        /// How many were not found, or in several places.
        n_unplaced: usize,
    },
}

/// Draws one strip.
pub fn show(ui: &mut Ui, data: &Data, theme: &Theme, sender: &CommandSender) {
    let colours = &theme.colours;
    Frame::NONE
        .fill(colours.warning_ground)
        .inner_margin(Margin::symmetric(16, 8))
        .show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                let (rect, _) = ui.allocate_exact_size(Vec2::splat(16.0), Sense::hover());
                paint_icon(ui.painter(), rect, Icon::Warning, colours.warning);
                let (text, offers_adoption) = match data {
                    Data::ReadOnly(reason) => (format!("Read-only. {reason}"), false),
                    Data::TextChanged {
                        n_found,
                        n_moved,
                        n_unplaced,
                    } => (
                        format!(
                            "This article has changed since it was annotated: {n_found} passages stand where they were, {n_moved} have moved, {n_unplaced} need a look."
                        ),
                        true,
                    ),
                };
                ui.add(egui::Label::new(RichText::new(text).color(colours.warning)).wrap());
                if offers_adoption && ui.button("Adopt this text").clicked() {
                    sender.send(AppCommand::AdoptText);
                }
            });
        });
}
