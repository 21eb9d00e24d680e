//! Where there is unsaved work, and what it would change.

use crate::{
    app::{
        base::{
            form::{primary, scrolled, title},
            paths::{shown_file_name, shown_path},
            theme::Theme,
            widgets::{self, count, local_time},
        },
        core::view::difference::show_row,
        tools::{
            recovery::{Message, Unsaved, UnsavedId, work::Effect},
            tool::ViewCx,
        },
    },
    files::Base,
};
use egui::{Align, Button, Label, Layout, RichText, Ui, vec2};

/// Draws the strip over an article on which there is some.
pub fn strip(ui: &mut Ui, id: UnsavedId, cx: &ViewCx<'_, '_, Message>) {
    let text = "This article has unsaved work from before the program ended.";
    if widgets::strip(ui, text, Some("Review…"), cx.scene.theme) {
        cx.send(Message::LookAt(id));
    }
}

/// Draws the list of articles.
pub fn list(ui: &mut Ui, all: &[Unsaved], cx: &ViewCx<'_, '_, Message>) {
    let theme = cx.scene.theme;
    title(ui, "Unsaved work was found", theme);
    let text = "Sourcemark ended before this work was saved. Review what it would change, then restore or discard it.";
    ui.add(Label::new(text).wrap());
    ui.add_space(8.0);
    scrolled(ui, |ui| {
        for found in all {
            ui.push_id(found.id.0, |ui| show_found(ui, found, cx));
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
            cx.close();
        }
    });
}

fn show_found(ui: &mut Ui, found: &Unsaved, cx: &ViewCx<'_, '_, Message>) {
    let theme = cx.scene.theme;
    let name = shown_file_name(&found.article);
    // From the top: aligned to the middle the row would take all the height there is.
    ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
        let look = ui.add(Button::new("Review…").min_size(vec2(72.0, 28.0)));
        look.widget_info(|| {
            let label = format!("Review the unsaved work on {name}");
            egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, label)
        });
        if look.clicked() {
            cx.send(Message::LookAt(found.id));
        }
        let discard = Button::new(RichText::new("Discard").color(theme.colours.danger));
        let discard = ui.add(discard.min_size(vec2(72.0, 28.0)));
        discard.widget_info(|| {
            let label = format!("Discard the unsaved work on {name}");
            egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, label)
        });
        if discard.clicked() {
            cx.send(Message::Discard(found.id));
        }
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            ui.add(Label::new(RichText::new(&name).font(Theme::bold(theme.sizes.body))).truncate())
                .on_hover_text(shown_path(&found.article));
            let changes = match found.n_changes {
                1 => "1 change".to_owned(),
                n => format!("{} changes", count(n)),
            };
            let when = found.written.map_or_else(String::new, |written| {
                format!(", last on {}", local_time(written, &cx.scene.session.zone))
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
pub fn effect(ui: &mut Ui, effect: &Effect, cx: &mut ViewCx<'_, '_, Message>) {
    let theme = cx.scene.theme;
    title(ui, "Restore unsaved work?", theme);
    ui.add(Label::new(explanation(effect, cx)).wrap());
    ui.add_space(8.0);
    let summary = format!("It contains: {}.", effect.summary);
    ui.add(Label::new(RichText::new(summary).font(Theme::bold(theme.sizes.body))).wrap());
    ui.add_space(8.0);
    scrolled(ui, |ui| {
        for row in &effect.would_change {
            show_row(ui, row, theme, cx.engine);
        }
        if !effect.left_out.is_empty() {
            ui.add_space(8.0);
            let text = "Somebody else has changed these since. “Restore all” replaces their version with yours:";
            ui.add(Label::new(RichText::new(text).color(theme.colours.warning)).wrap());
            for row in &effect.left_out {
                show_row(ui, row, theme, cx.engine);
            }
        }
    });
    ui.add_space(12.0);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let recover = ui.add_enabled(!effect.would_change.is_empty(), primary("Restore", theme));
        if recover.clicked() {
            cx.send(Message::Restore(effect.id, false));
        }
        if !effect.left_out.is_empty()
            && ui
                .add(Button::new("Restore all").min_size(vec2(88.0, 32.0)))
                .clicked()
        {
            cx.send(Message::Restore(effect.id, true));
        }
        if ui
            .add(Button::new("Decide later").min_size(vec2(88.0, 32.0)))
            .clicked()
        {
            cx.close();
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let discard = Button::new(RichText::new("Discard").color(theme.colours.danger));
            if ui.add(discard.min_size(vec2(88.0, 32.0))).clicked() {
                cx.send(Message::Discard(effect.id));
            }
        });
    });
}

fn explanation(effect: &Effect, cx: &ViewCx<'_, '_, Message>) -> String {
    let when = effect.written.map_or_else(String::new, |written| {
        format!(" on {}", local_time(written, &cx.scene.session.zone))
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
