//! A box to tick, in the colours of running text: egui's own looks as if it were switched off.

use crate::app::base::theme::Theme;
use egui::{Response, Ui};

/// Draws the box with its label.
pub fn checkbox(ui: &mut Ui, on: &mut bool, label: &str, theme: &Theme) -> Response {
    ui.scope(|ui| {
        let widgets = &mut ui.visuals_mut().widgets;
        for look in [
            &mut widgets.inactive,
            &mut widgets.hovered,
            &mut widgets.active,
        ] {
            look.fg_stroke.color = theme.colours.text;
        }
        ui.checkbox(on, label)
    })
    .inner
}
