//! What this program is.

use crate::app::{
    base::form::title,
    core::{
        command::{AppCommand, CommandSender},
        view::scene::Scene,
    },
};
use egui::{RichText, Ui};

/// Draws the page.
pub fn show(ui: &mut Ui, data: &Scene<'_>, sender: &CommandSender) {
    let theme = data.theme;
    title(ui, "Sourcemark", theme);
    ui.label(
        RichText::new(format!("Version {}", env!("CARGO_PKG_VERSION"))).color(theme.colours.muted),
    );
    ui.add_space(8.0);
    for text in [
        "Open an article, mark who alleges, who denies, who judges and which case is called on, \
         and keep the marks in a plain file beside it.",
        "Articles and annotations stay on this computer. Sourcemark never connects to a network.",
        "Typefaces: Inter and Literata, under the SIL Open Font License.",
    ] {
        ui.add(egui::Label::new(RichText::new(text).color(theme.colours.text)).wrap());
        ui.add_space(6.0);
    }
    ui.add_space(8.0);
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        if ui
            .add(crate::app::base::form::primary("Close", theme))
            .clicked()
        {
            sender.send(AppCommand::CloseDialog);
        }
    });
}
