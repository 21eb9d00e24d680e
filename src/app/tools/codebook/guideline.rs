//! When to use a tag.

use crate::{
    annotation::TagId,
    app::{
        base::{form::scrolled, short, theme::Theme, widgets::swatch},
        core::{
            command::{AppCommand, CommandSender},
            view::scene::Scene,
        },
        session::event::DialogKind,
    },
    text::is_longer,
};
use egui::{Button, RichText, Sense, Ui, Vec2, vec2};

/// Draws the guideline.
pub fn show(ui: &mut Ui, data: &Scene<'_>, tag: &TagId, sender: &CommandSender) {
    let theme = data.theme;
    let Some(row) = data.all_tags().and_then(|tags| tags.of(tag)) else {
        sender.send(AppCommand::CloseDialog);
        return;
    };
    ui.horizontal(|ui| {
        let (card, _) = ui.allocate_exact_size(Vec2::splat(22.0), Sense::hover());
        swatch(ui.painter(), card, &row.look);
        let name = RichText::new(&row.name)
            .font(Theme::bold(theme.sizes.heading))
            .color(theme.colours.text);
        ui.add(egui::Label::new(name).wrap());
    });
    ui.add_space(12.0);
    scrolled(ui, |ui| {
        let text = if row.guideline.is_empty() {
            "No guideline has been written for this tag. Edit the tag to write one."
        } else {
            &row.guideline
        };
        ui.add(egui::Label::new(RichText::new(text).color(theme.colours.text)).wrap());
        let whole = data.all_tags().and_then(|tags| tags.guideline(tag));
        if let Some(whole) = whole.filter(|whole| is_longer(whole, short::TEXT_CHARS))
            && ui.button("Read all…").clicked()
        {
            let title = format!("Guideline of “{}”", row.name);
            sender.send(AppCommand::Show(DialogKind::LongText(
                title,
                whole.to_owned(),
            )));
        }
    });
    ui.add_space(12.0);
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        if ui
            .add(crate::app::base::form::primary("Close", theme))
            .clicked()
        {
            sender.send(AppCommand::CloseDialog);
        }
        if ui
            .add(Button::new("Edit tag…").min_size(vec2(88.0, 32.0)))
            .clicked()
        {
            sender.send(AppCommand::Show(DialogKind::EditTag(tag.clone())));
        }
    });
}
