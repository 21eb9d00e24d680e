//! The messages over the window, and what their buttons do.

use crate::app::{
    base::{
        theme::Theme,
        widgets::{Icon, icon_button},
    },
    core::command::{AppCommand, CommandSender, PickPurpose},
    session::{
        event::DialogKind,
        notices::{Notification, Offer, Weight},
    },
};

/// What the button of an offer does.
fn command(offer: &Offer) -> AppCommand {
    match offer {
        Offer::Save(key) => AppCommand::Save(*key),
        Offer::SaveAs(key) => AppCommand::PickFiles(PickPurpose::SaveAs(*key)),
        Offer::SaveOver(key) => AppCommand::SaveOver(*key),
        Offer::Conflicts(key) => AppCommand::Show(DialogKind::Conflicts(*key)),
        Offer::Undo => AppCommand::Undo,
        Offer::CopyRange(range) => AppCommand::CopyRange(*range),
    }
}

/// Draws the messages at the lower left, where the lists rarely reach and no note is being typed.
pub fn show(ctx: &egui::Context, shown: &[Notification], theme: &Theme, sender: &CommandSender) {
    if shown.is_empty() {
        return;
    }
    egui::Area::new(egui::Id::unique("notifications"))
        .anchor(egui::Align2::LEFT_BOTTOM, [16.0, -40.0])
        .order(egui::Order::Foreground)
        .role(egui::accesskit::Role::Alert)
        .accessible_name("Notifications")
        .show(ctx, |ui| {
            for notification in shown {
                show_one(ui, notification, theme, sender);
            }
        });
}

fn show_one(ui: &mut egui::Ui, notification: &Notification, theme: &Theme, sender: &CommandSender) {
    let colours = &theme.colours;
    let bar = match notification.weight {
        Weight::Info => colours.accent,
        Weight::Warning => colours.warning,
        Weight::Problem => colours.danger,
    };
    let response = egui::Frame::popup(ui.style())
        .inner_margin(egui::Margin::symmetric(16, 12))
        .show(ui, |ui| {
            ui.set_width(340.0);
            // The button first: a long title goes on below beside it, not under it.
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Min), |ui| {
                if icon_button(ui, Icon::Close, "Close message").clicked() {
                    sender.send(AppCommand::Dismiss(notification.id));
                }
                ui.with_layout(egui::Layout::top_down(egui::Align::Min), |ui| {
                    ui.add_space(3.0);
                    let title = egui::RichText::new(&notification.title)
                        .font(Theme::bold(theme.sizes.body))
                        .color(colours.text);
                    ui.add(egui::Label::new(title).wrap());
                });
            });
            if !notification.text.is_empty() {
                ui.add(egui::Label::new(&notification.text).wrap());
            }
            if !notification.offers.is_empty() {
                ui.add_space(4.0);
                ui.horizontal(|ui| {
                    for offer in &notification.offers {
                        if ui.button(offer.text()).clicked() {
                            sender.send(command(offer));
                            sender.send(AppCommand::Dismiss(notification.id));
                        }
                    }
                });
            }
        })
        .response;
    let mut edge = response.rect;
    edge.set_width(4.0);
    ui.painter().rect_filled(
        edge,
        egui::CornerRadius {
            nw: 6,
            sw: 6,
            ne: 0,
            se: 0,
        },
        bar,
    );
    ui.add_space(8.0);
}
