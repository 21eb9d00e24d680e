//! The menu bar, generated from the rows of all actions.

use crate::{
    app::{
        base::{
            action::{ActionView, Menu},
            paths::shown_path,
            theme::Theme,
            widgets::count,
        },
        core::{
            command::{AppCommand, CommandSender},
            view::scene::Scene,
        },
        session::event::DialogKind,
    },
    text::cut,
};
use egui::{Button, Response, RichText, Shape, Stroke, Ui, WidgetInfo, accesskit::Role, vec2};

/// Longest entry, in code points.
const LABEL_CHARS: usize = 43;

/// Draws the bar.
pub fn show(ui: &mut Ui, scene: &Scene<'_>) {
    egui::MenuBar::new().ui(ui, |ui| {
        for menu in Menu::ALL {
            ui.menu_button(menu.title(), |ui| {
                ui.set_min_width(232.0);
                show_menu(ui, menu, scene);
            });
        }
    });
}

fn show_menu(ui: &mut Ui, menu: Menu, scene: &Scene<'_>) {
    let mut group = None;
    let mut submenus: Vec<&str> = Vec::new();
    let actions = || {
        let all = scene.actions.all().iter();
        all.filter(move |action| action.row.menu == menu)
    };
    for action in actions() {
        let row = action.row;
        if group.is_some_and(|before| before != row.group) {
            ui.separator();
        }
        group = Some(row.group);
        if row.submenu.is_empty() {
            item(ui, action, scene);
        } else if !submenus.contains(&row.submenu) {
            submenus.push(row.submenu);
            submenu(ui, row.submenu, |ui| {
                ui.set_min_width(200.0);
                for action in actions().filter(|other| other.row.submenu == row.submenu) {
                    item(ui, action, scene);
                }
            });
        }
        match row.name {
            "OpenByPath" => recent_menu(ui, scene),
            "Highlight" => tag_menu(ui, scene),
            _ => {}
        }
    }
}

fn item(ui: &mut Ui, action: &ActionView, scene: &Scene<'_>) {
    let (row, is_enabled) = (action.row, action.is_enabled);
    let label = cut(&action.label, LABEL_CHARS).into_owned();
    let key = RichText::new(row.key_text(scene.is_mac)).color(scene.theme.colours.faint);
    let button = Button::new(format!("{TICK_ROOM}{label}")).shortcut_text(key);
    let response = ui.add_enabled(is_enabled, button);
    let is_on = action.is_on;
    response.widget_info(|| match is_on {
        Some(is_on) => WidgetInfo::selected(Role::MenuItemCheckBox, is_enabled, is_on, &label),
        None => WidgetInfo::labeled(Role::MenuItem, is_enabled, &label),
    });
    if is_on == Some(true) {
        tick(ui, &response, scene.theme);
    }
    let needs = match row.needs {
        "" => row.tooltip,
        needs => needs,
    };
    let response = response
        .on_hover_text(row.tooltip)
        .on_disabled_hover_text(needs);
    if response.clicked() {
        scene.act.send(action.id);
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

fn recent_menu(ui: &mut Ui, scene: &Scene<'_>) {
    ui.add_enabled_ui(!scene.session.preferences.recent.is_empty(), |ui| {
        submenu(ui, "Open recent", |ui| {
            ui.set_min_width(260.0);
            for path in &scene.session.preferences.recent {
                let name = scene.session.preferences.known_as(path);
                let response = ui
                    .button(cut(&name, LABEL_CHARS))
                    .on_hover_text(shown_path(path));
                if response.clicked() {
                    scene.core.send(AppCommand::OpenPaths(vec![path.clone()]));
                    ui.close();
                }
            }
        });
    });
}

fn tag_menu(ui: &mut Ui, scene: &Scene<'_>) {
    let can_tag = scene
        .environment
        .editable()
        .is_some_and(|article| article.has_selection || article.chosen.is_some());
    ui.add_enabled_ui(!scene.tags.is_empty(), |ui| {
        submenu(ui, "Tag as", |ui| {
            ui.set_min_width(220.0);
            for tag in scene.tags {
                let key = tag
                    .key
                    .map_or_else(String::new, |key| key.to_uppercase().to_string());
                let button = Button::new(&tag.name)
                    .shortcut_text(RichText::new(key).color(scene.theme.colours.faint));
                if ui.add_enabled(can_tag, button).clicked() {
                    scene.core.send(AppCommand::Tag(tag.id.clone()));
                    ui.close();
                }
            }
            more_tags(ui, scene.n_tags(), scene.tags.len(), scene.core);
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
