//! The tool bar: undo, the marker, the tags, the panels.

use crate::{
    annotation::TagId,
    app::{
        base::widgets::{Icon, icon_toggle, tag_chip},
        core::{
            command::AppCommand,
            view::{menu_bar::more_tags, scene::Scene},
        },
        session::article::OpenArticle,
    },
    text::beginning,
};
use egui::{Align, Layout, ScrollArea, Sense, Ui, vec2};

/// Draws the bar.
pub fn show(ui: &mut Ui, scene: &Scene<'_>) {
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        command(ui, Icon::Undo, "Undo", scene);
        command(ui, Icon::Redo, "Redo", scene);
        divider(ui);
        command(ui, Icon::Marker, "Marker", scene);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            command(ui, Icon::PanelRight, "RightPanel", scene);
            command(ui, Icon::PanelLeft, "LeftPanel", scene);
            command(ui, Icon::Command, "Palette", scene);
            command(ui, Icon::Search, "Find", scene);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ScrollArea::horizontal()
                    .id_salt("tag chips")
                    .auto_shrink([false, true])
                    .show(ui, |ui| tags(ui, scene));
            });
        });
    });
}

/// The button of the action whose row is called `name`.
fn command(ui: &mut Ui, icon: Icon, name: &str, scene: &Scene<'_>) {
    let Some(action) = scene.actions.get(name) else {
        return;
    };
    let key = action.row.key_text(scene.is_mac);
    let label = if key.is_empty() {
        action.label.clone().into_owned()
    } else {
        format!("{} ({key})", action.label)
    };
    let is_on = action.is_on.unwrap_or(false);
    ui.add_enabled_ui(action.is_enabled, |ui| {
        if icon_toggle(ui, icon, &label, is_on).clicked() {
            scene.act.send(action.id);
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
fn tags(ui: &mut Ui, scene: &Scene<'_>) {
    let article = scene.session.article();
    let chosen = article.and_then(OpenArticle::chosen_annotation);
    let chosen_tags: &[TagId] = chosen.map_or(&[], |annotation| &annotation.tags);
    let marker = scene.session.marker.as_ref().and_then(Option::as_ref);
    let editable = scene.environment.editable();
    let can_tag = editable.is_some_and(|article| article.has_selection || article.chosen.is_some());
    ui.add_enabled_ui(editable.is_some(), |ui| {
        ui.horizontal(|ui| {
            for tag in scene.tags {
                let is_on = if scene.environment.marker {
                    marker == Some(&tag.id)
                } else {
                    chosen_tags.contains(&tag.id)
                };
                let response = tag_chip(ui, tag, is_on, scene.theme);
                let response = response.on_hover_ui(|ui| {
                    let does = if can_tag && !scene.environment.marker {
                        "Tag the selection"
                    } else {
                        "Turn on its marker"
                    };
                    ui.strong(format!("{}: {does}", tag.name));
                    ui.label(first_sentences(&tag.guideline));
                });
                if response.clicked() {
                    scene.core.send(if can_tag && !scene.environment.marker {
                        AppCommand::Tag(tag.id.clone())
                    } else {
                        AppCommand::TakeMarker(tag.id.clone())
                    });
                }
            }
            more_tags(ui, scene.n_tags(), scene.tags.len(), scene.core);
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
