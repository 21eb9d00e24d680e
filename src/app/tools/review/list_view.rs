//! The versions of an annotation file that were saved before.

use crate::{
    app::{
        base::{
            form::{scrolled, title},
            widgets::{bytes, local_time},
        },
        session::article::ArticleKey,
        tools::{review::Message, tool::ViewCx},
    },
    files::EarlierVersion,
};
use egui::{Align, Button, Label, Layout, RichText, Ui, vec2};

/// What is shown.
pub struct View {
    /// Whose annotations.
    pub key: ArticleKey,
    /// The versions, the latest first.
    pub versions: Vec<EarlierVersion>,
}

/// Draws the list.
pub fn show(ui: &mut Ui, view: &View, cx: &ViewCx<'_, '_, Message>) {
    let theme = cx.scene.theme;
    title(ui, "Earlier versions", theme);
    let text = if view.versions.is_empty() {
        "No earlier versions yet. Each save keeps the previous version here: the last ten, and one a day for two weeks."
    } else {
        "Each save keeps the previous version of the annotation file. Compare a version with the open annotations; nothing changes until you restore it."
    };
    ui.add(Label::new(text).wrap());
    ui.add_space(8.0);
    scrolled(ui, |ui| {
        for version in &view.versions {
            ui.push_id(version.number, |ui| {
                let room = vec2(ui.available_width(), 32.0);
                ui.allocate_ui_with_layout(room, Layout::right_to_left(Align::Center), |ui| {
                    let time = local_time(version.saved, &cx.scene.session.zone);
                    let look = ui.add(Button::new("Compare…").min_size(vec2(72.0, 28.0)));
                    look.widget_info(|| {
                        let label = format!("Compare with the version of {time}");
                        egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, label)
                    });
                    if look.clicked() {
                        cx.send(Message::LookAt(view.key, version.clone()));
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        ui.label(RichText::new(&time).color(theme.colours.text));
                        ui.label(
                            RichText::new(bytes(version.size))
                                .size(theme.sizes.small)
                                .color(theme.colours.muted),
                        );
                    });
                });
            });
            ui.separator();
        }
    });
    ui.add_space(12.0);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if ui
            .add(Button::new("Close").min_size(vec2(88.0, 32.0)))
            .clicked()
        {
            cx.close();
        }
    });
}
