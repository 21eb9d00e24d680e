//! What could be read of a damaged annotation file, and what could not.

use crate::app::{
    base::{
        form::{primary, scrolled, title},
        short,
        theme::Theme,
        widgets::count,
    },
    tools::{
        salvage::{Message, Salvaged},
        tool::ViewCx,
    },
};
use egui::{Align, Button, Label, Layout, RichText, Ui, vec2};

/// Draws the list of losses and the question.
pub fn show(ui: &mut Ui, known: &Salvaged, cx: &ViewCx<'_, '_, Message>) {
    let theme = cx.scene.theme;
    title(ui, "Recover damaged file", theme);
    let summary = format!(
        "{} can be recovered. {} found.",
        match known.n_annotations {
            1 => "1 annotation".to_owned(),
            n => format!("{} annotations", count(n)),
        },
        match known.n_losses {
            0 => "No damage was".to_owned(),
            1 => "1 damaged place was".to_owned(),
            n => format!("{} damaged places were", count(n)),
        }
    );
    ui.add(Label::new(RichText::new(summary).font(Theme::bold(theme.sizes.body))).wrap());
    let text = "Recovered annotations open as a copy with a file of its own; the damaged file is not changed. “File → Earlier versions…” may have an older, undamaged version.";
    ui.add(Label::new(text).wrap());
    ui.add_space(8.0);
    scrolled(ui, |ui| {
        for loss in &known.losses {
            ui.add(Label::new(RichText::new(short::page(loss)).size(theme.sizes.small)).wrap());
        }
        let n_untold = known.n_losses.saturating_sub(known.losses.len());
        if n_untold > 0 {
            ui.label(format!("And {} more.", count(n_untold)));
        }
    });
    ui.add_space(12.0);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if ui.add(primary("Open as a copy", theme)).clicked() {
            cx.send(Message::Open);
        }
        if ui
            .add(Button::new("Cancel").min_size(vec2(88.0, 32.0)))
            .clicked()
        {
            cx.close();
        }
    });
}
