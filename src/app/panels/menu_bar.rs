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
use egui::{Button, Response, RichText, Shape, Stroke, Ui, WidgetInfo, accesskit::Role, vec2};
use std::path::PathBuf;

/// What the menus show.
pub struct Data<'a> {
    /// What is possible now.
    pub environment: &'a Environment,
    /// The first tags, for the menu Annotate.
    pub tags: &'a [TagRow],
    /// How many there are in all.
    pub n_tags: usize,
    /// Recently opened files.
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
            submenu(ui, row.submenu, |ui| {
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
    let button = Button::new(format!("{TICK_ROOM}{label}")).shortcut_text(key);
    let response = ui.add_enabled(resolved.is_some(), button);
    let is_on = command.is_on(data.environment);
    response.widget_info(|| match is_on {
        Some(is_on) => {
            WidgetInfo::selected(Role::MenuItemCheckBox, resolved.is_some(), is_on, &label)
        }
        None => WidgetInfo::labeled(Role::MenuItem, resolved.is_some(), &label),
    });
    if is_on == Some(true) {
        tick(ui, &response, data.theme);
    }
    let response = response.on_hover_text(row.tooltip);
    if response.clicked() {
        sender.send_some(resolved);
        ui.close();
    }
}

/// Room for a tick before the text of an item, as wide for items without one.
const TICK_ROOM: &str = "\u{2003}\u{2002}";

/// Paints the tick of a switch that is on.
fn tick(ui: &Ui, item: &Response, theme: &Theme) {
    let middle = item.rect.left_center() + vec2(12.0, 0.0);
    let line = [vec2(-4.5, 0.5), vec2(-1.5, 3.5), vec2(4.5, -3.5)];
    let line = line.map(|offset| middle + offset).to_vec();
    let stroke = Stroke::new(1.6, theme.colours.text);
    ui.painter().add(Shape::line(line, stroke));
}

/// A menu in a menu.
fn submenu(ui: &mut Ui, text: &str, add: impl FnOnce(&mut Ui)) {
    let menu = ui.menu_button(format!("{TICK_ROOM}{text}"), add);
    let is_enabled = menu.response.enabled();
    menu.response
        .widget_info(|| WidgetInfo::labeled(Role::MenuItem, is_enabled, text));
}

fn recent_menu(ui: &mut Ui, data: &Data<'_>, sender: &CommandSender) {
    ui.add_enabled_ui(!data.recent.is_empty(), |ui| {
        submenu(ui, "Open recent", |ui| {
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
        submenu(ui, "Tag as", |ui| {
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
