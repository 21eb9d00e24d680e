//! The tool bar: undo, the marker, the tags, the panels.

use crate::{
    annotation::TagId,
    app::{
        command::{AppCommand, CommandSender, Environment, UiCommand},
        panels::menu_bar::more_tags,
        theme::Theme,
        widgets::{Icon, TagRow, icon_toggle, tag_chip},
    },
    text::beginning,
};
use egui::{Align, Layout, ScrollArea, Sense, Ui, vec2};

/// What the bar shows.
pub struct Data<'a> {
    /// What is possible now.
    pub environment: &'a Environment,
    /// The first tags of the active article.
    pub tags: &'a [TagRow],
    /// How many there are in all.
    pub n_tags: usize,
    /// Tags of the chosen annotation.
    pub chosen_tags: &'a [TagId],
    /// The tag of the marker in hand.
    pub marker: Option<&'a TagId>,
    /// Whether keys are named as on a Mac.
    pub is_mac: bool,
    /// Theme.
    pub theme: &'a Theme,
}

/// Draws the bar.
pub fn show(ui: &mut Ui, data: &Data<'_>, sender: &CommandSender) {
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        command(ui, Icon::Undo, UiCommand::Undo, data, sender);
        command(ui, Icon::Redo, UiCommand::Redo, data, sender);
        divider(ui);
        command(ui, Icon::Marker, UiCommand::Marker, data, sender);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            command(ui, Icon::PanelRight, UiCommand::RightPanel, data, sender);
            command(ui, Icon::PanelLeft, UiCommand::LeftPanel, data, sender);
            command(ui, Icon::Command, UiCommand::Palette, data, sender);
            command(ui, Icon::Search, UiCommand::Find, data, sender);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ScrollArea::horizontal()
                    .id_salt("tag chips")
                    .auto_shrink([false, true])
                    .show(ui, |ui| tags(ui, data, sender));
            });
        });
    });
}

fn command(ui: &mut Ui, icon: Icon, command: UiCommand, data: &Data<'_>, sender: &CommandSender) {
    let resolved = command.resolve(data.environment);
    let key = command.key_text(data.is_mac);
    let label = if key.is_empty() {
        command.label(data.environment)
    } else {
        format!("{} ({key})", command.label(data.environment))
    };
    let is_on = command.is_on(data.environment).unwrap_or(false);
    ui.add_enabled_ui(resolved.is_some(), |ui| {
        if icon_toggle(ui, icon, &label, is_on).clicked() {
            sender.send_some(resolved);
        }
    });
}

/// A short line between groups.
fn divider(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(17.0, 20.0), Sense::hover());
    let stroke = ui.visuals().widgets.noninteractive.bg_stroke;
    ui.painter().vline(rect.center().x, rect.y_range(), stroke);
}

/// With a selection or a chosen annotation a chip tags; without either it takes that tag's marker in hand.
fn tags(ui: &mut Ui, data: &Data<'_>, sender: &CommandSender) {
    let editable = data.environment.editable();
    let can_tag = editable.is_some_and(|article| article.has_selection || article.chosen.is_some());
    ui.add_enabled_ui(editable.is_some(), |ui| {
        ui.horizontal(|ui| {
            for tag in data.tags {
                let is_on = if data.environment.marker {
                    data.marker == Some(&tag.id)
                } else {
                    data.chosen_tags.contains(&tag.id)
                };
                let response = tag_chip(ui, tag, is_on, data.theme);
                let response = response.on_hover_ui(|ui| {
                    let does = if can_tag && !data.environment.marker {
                        "Tag the selection"
                    } else {
                        "Turn on its marker"
                    };
                    ui.strong(format!("{}: {does}", tag.name));
                    ui.label(first_sentences(&tag.guideline));
                });
                if response.clicked() {
                    sender.send(if can_tag && !data.environment.marker {
                        AppCommand::Tag(tag.id.clone())
                    } else {
                        AppCommand::TakeMarker(tag.id.clone())
                    });
                }
            }
            more_tags(ui, data.n_tags, data.tags.len(), sender);
        });
    });
}

/// The first sentences of a guideline: a tooltip is no manual.
fn first_sentences(guideline: &str) -> String {
    const MAX_CHARS: usize = 240;
    let kept = beginning(guideline, MAX_CHARS);
    if kept.len() == guideline.len() {
        return guideline.to_owned();
    }
    let end = kept.rfind(". ").map_or(kept.len(), |at| at + 1);
    format!("{} …", kept.get(..end).unwrap_or(kept))
}
