//! What could be read of a damaged annotation file, and what could not.

use super::{Data, primary, scrolled, title};
use crate::app::{
    command::{AppCommand, ArticleKey, CommandSender, Salvage},
    short,
    theme::Theme,
    widgets::count,
};
use egui::{Align, Button, Label, Layout, RichText, Ui, vec2};

/// Draws the list of losses and the question. The copy is taken out when it is to be opened.
pub fn show(
    ui: &mut Ui,
    data: &Data<'_>,
    key: ArticleKey,
    salvage: &mut Option<Box<Salvage>>,
    sender: &CommandSender,
) {
    let theme = data.theme;
    title(ui, "Recover damaged file", theme);
    let Some(known) = salvage.as_deref() else {
        return;
    };
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
    let mut is_wanted = false;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        is_wanted = ui.add(primary("Open as a copy", theme)).clicked();
        if ui
            .add(Button::new("Cancel").min_size(vec2(88.0, 32.0)))
            .clicked()
        {
            sender.send(AppCommand::CloseDialog);
        }
    });
    if is_wanted && let Some(salvage) = salvage.take() {
        sender.send(AppCommand::OpenSalvaged(key, salvage));
    }
}
