//! What to do with annotations that are not saved when their article is closed.

use crate::app::{
    base::form::title,
    core::{
        command::{AppCommand, CommandSender},
        view::scene::Scene,
    },
    session::article::ArticleKey,
};
use egui::{Align, Button, Layout, RichText, Ui, vec2};

/// Most names listed.
const MAX_NAMES: usize = 10;

/// Draws the question.
pub fn show(
    ui: &mut Ui,
    data: &Scene<'_>,
    keys: &[ArticleKey],
    is_quitting: bool,
    sender: &CommandSender,
) {
    let theme = data.theme;
    let articles = data.session.articles.iter();
    let unsaved = articles.filter(|article| article.is_unsaved() && keys.contains(&article.key));
    let names: Vec<String> = unsaved
        .map(|article| data.session.name_of(article))
        .collect();
    let heading = if keys.len() == 1 {
        "Save the annotations?"
    } else {
        "Save the annotations of these articles?"
    };
    title(ui, heading, theme);
    for name in names.iter().take(MAX_NAMES) {
        ui.label(RichText::new(name).color(theme.colours.text));
    }
    if names.len() > MAX_NAMES {
        ui.label(format!("and {} more", names.len() - MAX_NAMES));
    }
    ui.add_space(4.0);
    let consequence = if is_quitting {
        "Unsaved changes will be lost when Sourcemark quits."
    } else {
        "Unsaved changes will be lost when the article closes."
    };
    ui.label(consequence);
    ui.add_space(16.0);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let save = ui.add(crate::app::base::form::primary("Save", theme));
        if ui.memory(|memory| memory.focused().is_none()) {
            save.request_focus();
        }
        if save.clicked() {
            sender.send(AppCommand::CloseDialog);
            sender.send(AppCommand::SaveAndClose(keys.to_vec(), is_quitting));
        }
        if ui
            .add(Button::new("Cancel").min_size(vec2(88.0, 32.0)))
            .clicked()
        {
            sender.send(AppCommand::CloseDialog);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let discard = Button::new(RichText::new("Don’t save").color(theme.colours.danger))
                .min_size(vec2(96.0, 32.0));
            if ui.add(discard).clicked() {
                sender.send(AppCommand::CloseDialog);
                sender.send(AppCommand::Discard(keys.to_vec(), is_quitting));
            }
        });
    });
}
