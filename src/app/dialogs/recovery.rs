//! Unsaved work of a program that has ended: where there is some, and what it would change.

use super::{Data, primary, scrolled, title};
use crate::{
    annotation::Timestamp,
    app::{
        command::{AppCommand, ArticleKey, CommandSender},
        comparison::Row,
        dialogs::comparison::show_row,
        recovery::UnsavedId,
        state::{shown_file_name, shown_path},
        theme::Theme,
        widgets::local_time,
    },
    files::Base,
    reader::TextEngine,
};
use egui::{Align, Button, Label, Layout, RichText, Ui, vec2};
use std::path::PathBuf;

/// One article with unsaved work.
pub struct Found {
    /// Names it.
    pub id: UnsavedId,
    /// The article.
    pub article: PathBuf,
    /// When the last of it was written down.
    pub written: Option<Timestamp>,
    /// How many changes.
    pub n_changes: usize,
}

/// What the work on one article would change.
pub struct View {
    /// Names the work.
    pub id: UnsavedId,
    /// The article, which is open.
    pub key: ArticleKey,
    /// What it would change.
    pub effect: Effect,
}

/// What unsaved work comes to.
pub struct Effect {
    /// How the annotation file stands to the one the work was done on.
    pub base: Base,
    /// Whether a last change is lost.
    pub is_torn: bool,
    /// When the last of it was written down.
    pub written: Option<Timestamp>,
    /// All of it in a few words.
    pub summary: String,
    /// What can be recovered without losing anything.
    pub would_change: Vec<Row>,
    /// What others have changed since.
    pub left_out: Vec<Row>,
}

/// Draws the list of articles.
pub fn show_list(ui: &mut Ui, data: &Data<'_>, sender: &CommandSender) {
    let theme = data.theme;
    title(ui, "Unsaved work was found", theme);
    let text = "Sourcemark ended before this work was saved. Review what it would change, then restore or discard it.";
    ui.add(Label::new(text).wrap());
    ui.add_space(8.0);
    scrolled(ui, |ui| {
        for found in &data.unsaved_work {
            ui.push_id(found.id.0, |ui| show_found(ui, found, data, sender));
            ui.separator();
        }
    });
    ui.add_space(12.0);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let later = Button::new("Decide later").min_size(vec2(88.0, 32.0));
        if ui
            .add(later)
            .on_hover_text("Keep the backup and ask again next time.")
            .clicked()
        {
            sender.send(AppCommand::CloseDialog);
        }
    });
}

fn show_found(ui: &mut Ui, found: &Found, data: &Data<'_>, sender: &CommandSender) {
    let theme = data.theme;
    let name = shown_file_name(&found.article);
    // From the top: aligned to the middle the row would take all the height there is.
    ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
        let look = ui.add(Button::new("Review…").min_size(vec2(72.0, 28.0)));
        look.widget_info(|| {
            let label = format!("Review the unsaved work on {name}");
            egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, label)
        });
        if look.clicked() {
            sender.send(AppCommand::LookAtUnsavedWork(found.id));
        }
        let discard = Button::new(RichText::new("Discard").color(theme.colours.danger));
        let discard = ui.add(discard.min_size(vec2(72.0, 28.0)));
        discard.widget_info(|| {
            let label = format!("Discard the unsaved work on {name}");
            egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, label)
        });
        if discard.clicked() {
            sender.send(AppCommand::DiscardUnsavedWork(found.id));
        }
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            ui.add(Label::new(RichText::new(&name).font(Theme::bold(theme.sizes.body))).truncate())
                .on_hover_text(shown_path(&found.article));
            let changes = match found.n_changes {
                1 => "1 change".to_owned(),
                n => format!("{} changes", crate::app::widgets::count(n)),
            };
            let when = found.written.map_or_else(String::new, |written| {
                format!(", last on {}", local_time(written, data.zone))
            });
            ui.label(
                RichText::new(format!("{changes}{when}"))
                    .size(theme.sizes.small)
                    .color(theme.colours.muted),
            );
        });
    });
}

/// Draws what the work on one article would change.
pub fn show(
    ui: &mut Ui,
    data: &Data<'_>,
    view: &View,
    engine: &mut TextEngine,
    sender: &CommandSender,
) {
    let theme = data.theme;
    let effect = &view.effect;
    title(ui, "Restore unsaved work?", theme);
    ui.add(Label::new(explanation(effect, data)).wrap());
    ui.add_space(8.0);
    let summary = format!("It contains: {}.", effect.summary);
    ui.add(Label::new(RichText::new(summary).font(Theme::bold(theme.sizes.body))).wrap());
    ui.add_space(8.0);
    scrolled(ui, |ui| {
        for row in &effect.would_change {
            show_row(ui, row, data, engine);
        }
        if !effect.left_out.is_empty() {
            ui.add_space(8.0);
            let text = "Somebody else has changed these since. “Restore all” replaces their version with yours:";
            ui.add(Label::new(RichText::new(text).color(theme.colours.warning)).wrap());
            for row in &effect.left_out {
                show_row(ui, row, data, engine);
            }
        }
    });
    ui.add_space(12.0);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let recover = ui.add_enabled(!effect.would_change.is_empty(), primary("Restore", theme));
        if recover.clicked() {
            sender.send(AppCommand::Recover(view.id, view.key, false));
        }
        if !effect.left_out.is_empty()
            && ui
                .add(Button::new("Restore all").min_size(vec2(88.0, 32.0)))
                .clicked()
        {
            sender.send(AppCommand::Recover(view.id, view.key, true));
        }
        if ui
            .add(Button::new("Decide later").min_size(vec2(88.0, 32.0)))
            .clicked()
        {
            sender.send(AppCommand::CloseDialog);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let discard = Button::new(RichText::new("Discard").color(theme.colours.danger));
            if ui.add(discard.min_size(vec2(88.0, 32.0))).clicked() {
                sender.send(AppCommand::DiscardUnsavedWork(view.id));
            }
        });
    });
}

fn explanation(effect: &Effect, data: &Data<'_>) -> String {
    let when = effect.written.map_or_else(String::new, |written| {
        format!(" on {}", local_time(written, data.zone))
    });
    let base = match effect.base {
        Base::Same => "The annotation file has not changed since.",
        Base::SavedSince => "Part of this work is already saved.",
        Base::Changed => "Somebody else has changed the annotation file since.",
        Base::Gone => "The annotation file of this work no longer exists.",
        Base::Appeared => "Since then, an annotation file was created.",
        Base::Unreadable => "The annotation file cannot be read.",
    };
    let torn = if effect.is_torn {
        " The very last change was not written down completely and is lost."
    } else {
        ""
    };
    format!(
        "This work was written down{when}, and the program ended before it was saved. {base}{torn}"
    )
}
