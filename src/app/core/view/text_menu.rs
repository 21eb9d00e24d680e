//! The menu of the secondary button over the text.

use super::scene::Scene;
use crate::app::{base::action::ActionView, core::command::AppCommand};
use egui::{Button, Response, RichText, Ui};

/// Actions on what is selected or chosen, by their rows; an empty name is a line between groups.
const ACTIONS: [&str; 10] = [
    "Copy",
    "Find",
    "",
    "Highlight",
    "EditNote",
    "SetSpeaker",
    "AddPart",
    "RemovePart",
    "",
    "Remove",
];

/// Shows the menu when the text was clicked with the secondary button.
pub fn show(response: &Response, scene: &Scene<'_>) {
    response.context_menu(|ui| {
        ui.set_min_width(220.0);
        tags(ui, scene);
        for name in ACTIONS {
            match scene.actions.get(name) {
                Some(action) => item(ui, action, scene),
                None => {
                    ui.separator();
                }
            }
        }
    });
}

/// The tags, where there is something to tag.
fn tags(ui: &mut Ui, scene: &Scene<'_>) {
    let editable = scene.environment.editable();
    let can_tag = editable.is_some_and(|it| it.has_selection || it.chosen.is_some());
    if !can_tag {
        return;
    }
    for tag in scene.tags.iter().take(MAX_TAGS) {
        let key = tag
            .key
            .map_or_else(String::new, |key| key.to_uppercase().to_string());
        let key = RichText::new(key).color(scene.theme.colours.faint);
        let button = Button::new(format!("Tag as {}", tag.name)).shortcut_text(key);
        if ui.add(button).clicked() {
            scene.core.send(AppCommand::Tag(tag.id.clone()));
            ui.close();
        }
    }
    ui.separator();
}

/// Most tags in the menu; the others are in the tool bar.
const MAX_TAGS: usize = 6;

fn item(ui: &mut Ui, action: &ActionView, scene: &Scene<'_>) {
    let key = RichText::new(action.row.key_text(scene.is_mac)).color(scene.theme.colours.faint);
    let button = Button::new(&*action.label).shortcut_text(key);
    let response = ui.add_enabled(action.is_enabled, button);
    if response.clicked() {
        scene.act.send(action.id);
        ui.close();
    }
}
