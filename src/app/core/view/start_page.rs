//! What is shown when no article is open: how to begin.

use crate::{
    annotation::standard_tags,
    app::{
        base::{paths::shown_path, theme::Theme, widgets::key_cap},
        core::command::{AppCommand, CommandSender, PickPurpose},
        session::preferences::Preferences,
    },
};
use egui::{Align, Button, Layout, Rect, RichText, Sense, Stroke, StrokeKind, Ui, pos2, vec2};
use std::path::PathBuf;

/// What the page shows.
pub struct Data<'a> {
    /// What is remembered: recent files and their headlines.
    pub preferences: &'a Preferences,
    /// The folder with sample articles, if it is there.
    pub samples: Option<&'a PathBuf>,
    /// Something is being opened.
    pub is_opening: bool,
    /// The key of "Open…".
    pub open_key: &'a str,
    /// Theme.
    pub theme: &'a Theme,
}

/// Width of the column in the middle.
const WIDTH: f32 = 440.0;

/// Draws the page.
pub fn show(ui: &mut Ui, data: &Data<'_>, sender: &CommandSender) {
    let theme = data.theme;
    let colours = &theme.colours;
    egui::ScrollArea::vertical()
        .auto_shrink([false, false])
        .show(ui, |ui| {
            let n_recent = data.preferences.recent.len().min(6) as f32;
            let height = 430.0 + n_recent * 32.0;
            ui.add_space(((ui.available_height() - height) / 2.6).max(32.0));
            ui.vertical_centered(|ui| {
                ui.set_max_width(WIDTH);
                logo(ui, theme);
                ui.add_space(20.0);
                ui.label(
                    RichText::new("See who alleges what, who denies it, and on what evidence")
                        .font(Theme::bold(theme.sizes.title))
                        .color(colours.text),
                );
                ui.add_space(8.0);
                ui.add(
                    egui::Label::new(
                        RichText::new(
                            "Open an article, select what somebody alleges, denies, judges or compares, \
                             and press a number. The annotations are kept in a plain file beside the article.",
                        )
                        .color(colours.muted),
                    )
                    .wrap(),
                );
                ui.add_space(24.0);
                ui.allocate_ui_with_layout(vec2(WIDTH, 36.0), Layout::left_to_right(Align::Center), |ui| {
                    let buttons = if data.samples.is_some() { 168.0 + 8.0 + 132.0 } else { 168.0 };
                    let half = (ui.available_width() - buttons) / 2.0;
                    ui.add_space(half.max(0.0));
                    let open = Button::new(
                        RichText::new("Open an article…")
                            .font(Theme::bold(theme.sizes.body))
                            .color(colours.on_accent),
                    )
                    .fill(colours.accent)
                    .min_size(vec2(168.0, 36.0));
                    if ui.add(open).clicked() {
                        sender.send(AppCommand::PickFiles(PickPurpose::Open));
                    }
                    if let Some(samples) = data.samples {
                        let button = Button::new("Sample articles").min_size(vec2(132.0, 36.0));
                        if ui.add(button).clicked() {
                            sender.send(AppCommand::OpenPaths(vec![samples.clone()]));
                        }
                    }
                });
                ui.add_space(12.0);
                let hint = if data.is_opening {
                    "Opening…"
                } else {
                    "or drop text files anywhere on this window"
                };
                ui.label(RichText::new(hint).size(theme.sizes.small).color(colours.muted));
                ui.add_space(4.0);
                key_cap(ui, data.open_key, theme);
                if !data.preferences.recent.is_empty() {
                    ui.add_space(32.0);
                    recent(ui, data, sender);
                }
                ui.add_space(24.0);
            });
        });
}

/// The sheet of the program's icon: four passages in four colours.
fn logo(ui: &mut Ui, theme: &Theme) {
    let (rect, _) = ui.allocate_exact_size(vec2(64.0, 76.0), Sense::hover());
    let colours = &theme.colours;
    let painter = ui.painter();
    painter.rect_filled(rect, 8.0, colours.raised);
    let edge = Stroke::new(1.5, colours.strong_border);
    painter.rect_stroke(rect, 8.0, edge, StrokeKind::Inside);
    let lines = [(0.0, 0.62), (0.22, 1.0), (0.0, 0.9), (0.36, 1.0)];
    let inner = rect.shrink2(vec2(11.0, 14.0));
    for (tag, (idx, (from, to))) in standard_tags().iter().zip(lines.iter().enumerate()) {
        let y = inner.top() + (idx as f32 + 0.5) * inner.height() / 4.0;
        let line = Rect::from_min_max(
            pos2(inner.left() + from * inner.width(), y - 3.5),
            pos2(inner.left() + to * inner.width(), y + 3.5),
        );
        painter.rect_filled(line, 3.0, theme.ink(tag.colour));
    }
}

fn recent(ui: &mut Ui, data: &Data<'_>, sender: &CommandSender) {
    let theme = data.theme;
    ui.with_layout(Layout::top_down(Align::Min), |ui| {
        ui.horizontal(|ui| {
            ui.label(
                RichText::new("Recent")
                    .font(Theme::bold(theme.sizes.small))
                    .color(theme.colours.muted),
            );
        });
        ui.add_space(4.0);
        for path in data.preferences.recent.iter().take(6) {
            let folder = path.parent().map(shown_path).unwrap_or_default();
            let button = Button::new(data.preferences.known_as(path))
                .right_text(
                    RichText::new(shorten(&folder))
                        .size(theme.sizes.small)
                        .color(theme.colours.faint),
                )
                .frame_when_inactive(false)
                .min_size(vec2(ui.available_width(), 30.0));
            let response = ui.add(button).on_hover_text(shown_path(path));
            if response.clicked() {
                sender.send(AppCommand::OpenPaths(vec![path.clone()]));
            }
            response.context_menu(|ui| {
                if ui.button("Remove from list").clicked() {
                    sender.send(AppCommand::ForgetRecent(path.clone()));
                    ui.close();
                }
            });
        }
    });
}

/// The end of a long folder name, where the difference is.
fn shorten(folder: &str) -> String {
    const MAX_CHARS: usize = 36;
    let n_chars = folder.chars().count();
    if n_chars <= MAX_CHARS {
        return folder.to_owned();
    }
    let tail: String = folder.chars().skip(n_chars - MAX_CHARS + 1).collect();
    format!("…{tail}")
}
