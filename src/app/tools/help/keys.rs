//! How to begin, and all keys: written from the command table, so it cannot be out of date.

use crate::{
    app::{
        base::{
            action::{Menu, pane_key_text},
            form::{scrolled, title},
            theme::Theme,
            widgets::{count, key_cap},
        },
        core::{
            command::{AppCommand, CommandSender},
            view::scene::Scene,
        },
    },
    reader::PANE_KEYS,
};
use egui::{Align, Layout, RichText, Ui};

/// Draws the page.
pub fn show(ui: &mut Ui, data: &Scene<'_>, sender: &CommandSender) {
    let theme = data.theme;
    title(ui, "Keys and help", theme);
    scrolled(ui, |ui| {
        let steps = [
            "Open an article: drop a text file on the window, or use Open.",
            "Select a passage: drag, double-click a word, or hold Shift and use the arrow keys.",
            "Press a tag's number. Several numbers add several tags; the same number again removes the tag.",
            "Press Enter for a note, S for the speaker, N for the next annotation.",
            "Save. Annotations are kept in a text file beside the article. The article itself is never changed.",
        ];
        for (idx, step) in steps.iter().enumerate() {
            ui.horizontal_top(|ui| {
                ui.label(RichText::new(format!("{}.", idx + 1)).color(theme.colours.faint));
                ui.add(egui::Label::new(RichText::new(*step).color(theme.colours.text)).wrap());
            });
        }
        if !data.tags.is_empty() {
            section(ui, "Tags", theme);
            for tag in data.tags {
                let key = tag.key.map(|key| key.to_uppercase().to_string());
                line(ui, &format!("Tag as {}", tag.name), "", key, theme);
            }
            let n_all = data.all_tags().map_or(0, |tags| tags.len());
            let n_more = n_all.saturating_sub(data.tags.len());
            if n_more > 0 {
                ui.weak(format!("and {} more in the tag list", count(n_more)));
            }
        }
        for menu in Menu::ALL {
            let rows = data.actions.all().iter().map(|action| action.row);
            let mut rows = rows
                .filter(|row| row.menu == menu && !row.keys.is_empty())
                .peekable();
            if rows.peek().is_some() {
                section(ui, menu.title(), theme);
            }
            for row in rows {
                let keys = row.key_texts(data.is_mac);
                line(ui, row.text, row.tooltip, keys, theme);
            }
        }
        section(ui, "In the text (add Shift to select)", theme);
        for (key, with_command, _, does) in PANE_KEYS {
            let key = pane_key_text(key, with_command, data.is_mac);
            line(ui, does, "", Some(key), theme);
        }
    });
    ui.add_space(12.0);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if ui
            .add(crate::app::base::form::primary("Close", theme))
            .clicked()
        {
            sender.send(AppCommand::CloseDialog);
        }
    });
}

fn section(ui: &mut Ui, name: &str, theme: &Theme) {
    ui.add_space(14.0);
    ui.label(
        RichText::new(name)
            .font(Theme::bold(theme.sizes.body))
            .color(theme.colours.accent),
    );
    ui.add_space(2.0);
}

fn line(
    ui: &mut Ui,
    text: &str,
    tooltip: &str,
    keys: impl IntoIterator<Item = String>,
    theme: &Theme,
) {
    ui.horizontal(|ui| {
        let label = ui.label(RichText::new(text).color(theme.colours.text));
        if !tooltip.is_empty() {
            label.on_hover_text(tooltip);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(12.0);
            let keys: Vec<String> = keys.into_iter().collect();
            for key in keys.iter().rev() {
                key_cap(ui, key, theme);
            }
        });
    });
}
