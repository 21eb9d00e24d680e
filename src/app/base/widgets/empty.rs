//! What a list without entries says: what it would hold, and what to do next.

use crate::app::base::theme::Theme;
use egui::{RichText, Ui};

/// A quiet heading with a sentence below it.
pub fn empty_state(ui: &mut Ui, heading: &str, advice: &str, theme: &Theme) {
    ui.add_space(16.0);
    ui.vertical_centered(|ui| {
        let heading = RichText::new(heading)
            .font(Theme::bold(theme.sizes.body))
            .color(theme.colours.muted);
        ui.label(heading);
        let advice = RichText::new(advice)
            .size(theme.sizes.small)
            .color(theme.colours.muted);
        ui.add(egui::Label::new(advice).wrap());
    });
    ui.add_space(16.0);
}
