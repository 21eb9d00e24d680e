//! The menu bar, generated from the command table.

use crate::{
    app::{
        command::{AppCommand, CommandSender, DialogKind, Environment, Menu, UiCommand},
        state::{shown_file_name, shown_path},
        theme::Theme,
        widgets::{TagRow, count},
    },
    text::cut,
};
use egui::{Button, RichText, Ui};
use std::path::PathBuf;

/// What the menus show.
pub struct Data<'a> {
    /// What is possible now.
    pub environment: &'a Environment,
    /// The first tags, for the menu Annotate.
    pub tags: &'a [TagRow],
    /// How many there are in all.
    pub n_tags: usize,
    /// Files opened lately.
    pub recent: &'a [PathBuf],
    /// Whether keys are named as on a Mac.
    pub is_mac: bool,
    /// Theme.
    pub theme: &'a Theme,
}

/// Longest entry, in code points.
const LABEL_CHARS: usize = 43;

/// Draws the bar.
pub fn show(ui: &mut Ui, data: &Data<'_>, sender: &CommandSender) {
    egui::MenuBar::new().ui(ui, |ui| {
        for menu in Menu::ALL {
            ui.menu_button(menu.title(), |ui| {
                ui.set_min_width(232.0);
                show_menu(ui, menu, data, sender);
            });
        }
    });
}

fn show_menu(ui: &mut Ui, menu: Menu, data: &Data<'_>, sender: &CommandSender) {
    let mut group = None;
    let mut submenus: Vec<&str> = Vec::new();
    let commands = || {
        UiCommand::ALL
            .iter()
            .copied()
            .filter(move |command| command.row().menu == menu)
    };
    for command in commands() {
        let row = command.row();
        if group.is_some_and(|before| before != row.group) {
            ui.separator();
        }
        group = Some(row.group);
        if row.submenu.is_empty() {
            item(ui, command, data, sender);
        } else if !submenus.contains(&row.submenu) {
            submenus.push(row.submenu);
            ui.menu_button(row.submenu, |ui| {
                ui.set_min_width(200.0);
                for command in commands().filter(|other| other.row().submenu == row.submenu) {
                    item(ui, command, data, sender);
                }
            });
        }
        match command {
            UiCommand::OpenByPath => recent_menu(ui, data, sender),
            UiCommand::Highlight => tag_menu(ui, data, sender),
            _ => {}
        }
    }
}

fn item(ui: &mut Ui, command: UiCommand, data: &Data<'_>, sender: &CommandSender) {
    let row = command.row();
    let label = cut(&command.label(data.environment), LABEL_CHARS).into_owned();
    let resolved = command.resolve(data.environment);
    let key = RichText::new(command.key_text(data.is_mac)).color(data.theme.colours.faint);
    let button = match command.is_on(data.environment) {
        Some(is_on) => Button::selectable(is_on, label),
        None => Button::new(label),
    };
    let response = ui
        .add_enabled(resolved.is_some(), button.shortcut_text(key))
        .on_hover_text(row.tooltip);
    if response.clicked() {
        sender.send_some(resolved);
        ui.close();
    }
}

fn recent_menu(ui: &mut Ui, data: &Data<'_>, sender: &CommandSender) {
    ui.add_enabled_ui(!data.recent.is_empty(), |ui| {
        ui.menu_button("Open recent", |ui| {
            ui.set_min_width(260.0);
            for path in data.recent {
                let response = ui
                    .button(shown_file_name(path))
                    .on_hover_text(shown_path(path));
                if response.clicked() {
                    sender.send(AppCommand::OpenPaths(vec![path.clone()]));
                    ui.close();
                }
            }
        });
    });
}

fn tag_menu(ui: &mut Ui, data: &Data<'_>, sender: &CommandSender) {
    let can_tag = data
        .environment
        .editable()
        .is_some_and(|article| article.has_selection || article.chosen.is_some());
    ui.add_enabled_ui(!data.tags.is_empty(), |ui| {
        ui.menu_button("Tag as", |ui| {
            ui.set_min_width(220.0);
            for tag in data.tags {
                let key = tag
                    .key
                    .map_or_else(String::new, |key| key.to_uppercase().to_string());
                let button = Button::new(&tag.name)
                    .shortcut_text(RichText::new(key).color(data.theme.colours.faint));
                if ui.add_enabled(can_tag, button).clicked() {
                    sender.send(AppCommand::Tag(tag.id.clone()));
                    ui.close();
                }
            }
            more_tags(ui, data.n_tags, data.tags.len(), sender);
        });
    });
}

/// What a menu has below the tags that fit in it: the way to all others.
pub fn more_tags(ui: &mut Ui, n_all: usize, n_shown: usize, sender: &CommandSender) {
    let n_more = n_all.saturating_sub(n_shown);
    if n_more == 0 {
        return;
    }
    let button = ui.button(format!("{} more…", count(n_more)));
    if button.on_hover_text("Find any tag by its name.").clicked() {
        sender.send(AppCommand::Show(DialogKind::Palette));
        ui.close();
    }
}
