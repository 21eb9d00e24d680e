//! In which encoding to read the article.

use crate::{
    app::{
        base::form::{scrolled, title},
        core::{
            command::{AppCommand, CommandSender},
            view::scene::Scene,
        },
    },
    import,
};
use egui::{Button, RichText, Ui, vec2};

/// Draws the list.
pub fn show(ui: &mut Ui, data: &Scene<'_>, sender: &CommandSender) {
    let theme = data.theme;
    title(ui, "Encoding", theme);
    let article = data.session.article();
    let Some((key, present)) = article.map(|it| (it.key, it.encoding)) else {
        sender.send(AppCommand::CloseDialog);
        return;
    };
    ui.add(
        egui::Label::new(
            RichText::new("If letters look wrong, choose the encoding of the file. Sourcemark reloads it and does not change it.")
                .color(theme.colours.muted),
        )
        .wrap(),
    );
    ui.add_space(8.0);
    scrolled(ui, |ui| {
        for encoding in import::encodings().iter().copied() {
            let is_present = encoding == present;
            let button = Button::selectable(is_present, encoding)
                .min_size(vec2(ui.available_width(), theme.sizes.row));
            if ui.add(button).clicked() {
                sender.send(AppCommand::CloseDialog);
                if !is_present {
                    sender.send(AppCommand::Reopen(key, encoding));
                }
            }
        }
    });
}
