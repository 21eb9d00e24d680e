//! Your name, the theme, the text.

use crate::{
    annotation::MAX_NAME_CHARS,
    app::{
        base::{
            form::{Pressed, buttons, caption, field, is_entered, title},
            widgets::checkbox,
        },
        core::{
            command::{AppCommand, CommandSender},
            view::scene::Scene,
        },
        session::preferences::{MEASURES, Preferences, TEXT_SIZES, ThemeChoice},
    },
    reader::{Face, Numbering},
    text::hidden::Reveal,
};
use egui::{RichText, Slider, Ui};

/// What is being chosen.
pub struct View {
    preferences: Preferences,
}

impl View {
    /// The preferences as they are.
    pub fn new(preferences: &Preferences) -> Self {
        Self {
            preferences: preferences.clone(),
        }
    }
}

/// Draws the form.
pub fn show(ui: &mut Ui, data: &Scene<'_>, view: &mut View, sender: &CommandSender) {
    let theme = data.theme;
    let chosen = &mut view.preferences;
    title(ui, "Preferences", theme);
    field(
        ui,
        "Your name",
        &mut chosen.me.name,
        "Signs your annotations",
        MAX_NAME_CHARS,
        theme,
    );
    ui.add(
        egui::Label::new(
            RichText::new("Your annotations carry this name, so that others know who made them.")
                .size(theme.sizes.small)
                .color(theme.colours.muted),
        )
        .wrap(),
    );
    ui.add_space(8.0);
    caption(ui, "Theme", theme);
    ui.horizontal(|ui| {
        for (choice, name) in [
            (ThemeChoice::System, "System"),
            (ThemeChoice::Light, "Light"),
            (ThemeChoice::Sepia, "Sepia"),
            (ThemeChoice::Dark, "Dark"),
        ] {
            ui.selectable_value(&mut chosen.theme, choice, name);
        }
    });
    ui.add_space(8.0);
    caption(ui, "Article", theme);
    ui.horizontal(|ui| {
        ui.selectable_value(&mut chosen.face, Face::Serif, "Serif");
        ui.selectable_value(&mut chosen.face, Face::Sans, "Sans serif");
    });
    ui.add(
        Slider::new(&mut chosen.text_size, TEXT_SIZES.0..=TEXT_SIZES.2)
            .step_by(1.0)
            .fixed_decimals(0)
            .text("Text size"),
    );
    ui.add(
        Slider::new(&mut chosen.measure, MEASURES.0..=MEASURES.2)
            .step_by(4.0)
            .fixed_decimals(0)
            .text("Characters per line"),
    );
    ui.add_space(8.0);
    caption(ui, "Numbers in the margin", theme);
    ui.horizontal(|ui| {
        ui.selectable_value(&mut chosen.numbering, Numbering::None, "None");
        ui.selectable_value(&mut chosen.numbering, Numbering::Paragraphs, "Paragraphs");
        ui.selectable_value(&mut chosen.numbering, Numbering::Lines, "Lines");
    });
    ui.add_space(8.0);
    caption(ui, "Hidden characters", theme);
    ui.horizontal(|ui| {
        ui.selectable_value(&mut chosen.reveal, Reveal::Nothing, "Hide");
        ui.selectable_value(&mut chosen.reveal, Reveal::Deceptive, "Deceptive only");
        ui.selectable_value(&mut chosen.reveal, Reveal::All, "All");
    });
    checkbox(
        ui,
        &mut chosen.margin_labels,
        "Show tag names in the margin",
        theme,
    );
    let is_ready = !chosen.me.name.trim().is_empty();
    let is_entered = is_entered(ui);
    let pressed = buttons(ui, "Save", is_ready, theme);
    if pressed == Pressed::Cancel {
        sender.send(AppCommand::CloseDialog);
    }
    if pressed == Pressed::Done || (is_ready && is_entered) {
        chosen.me.name = chosen.me.name.trim().to_owned();
        sender.send(AppCommand::CloseDialog);
        sender.send(AppCommand::SetPreferences(Box::new(chosen.clone())));
    }
}
