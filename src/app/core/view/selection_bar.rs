//! The bar beside a selection: the tags with their keys, one press away from the pointer too.

use crate::app::{
    base::{
        short,
        theme::Theme,
        widgets::{Icon, TagRow, icon_button, tag_chip},
    },
    core::command::{AppCommand, CommandSender},
};
use egui::{Area, Frame, Id, Margin, Order, Rect, pos2, vec2};

/// What the bar shows.
pub struct Data<'a> {
    /// Where the selection is.
    pub selection: Rect,
    /// Where the bar may be.
    pub page: Rect,
    /// The tags.
    pub tags: &'a [TagRow],
    /// Whose statement may go on at the selection; empty when nobody knows who makes it, `None` when none may.
    pub continues: Option<&'a str>,
    /// Theme.
    pub theme: &'a Theme,
}

/// Most tags in the bar; the others are in the tool bar.
const MAX_TAGS: usize = 6;

/// Longest name of a speaker in the bar, in code points.
const MAX_NAME: usize = 24;

fn id() -> Id {
    Id::unique("selection bar")
}

/// Returns where the bar was drawn last; `None` before it was.
pub fn rect(ctx: &egui::Context) -> Option<Rect> {
    egui::AreaState::load(ctx, id()).map(|state| state.rect())
}

/// Draws the bar above the selection, where the text has been read, or below it where there is no room above.
pub fn show(ctx: &egui::Context, data: &Data<'_>, sender: &CommandSender) {
    let size = egui::AreaState::load(ctx, id())
        .and_then(|state| state.size)
        .unwrap_or(vec2(420.0, 44.0));
    let above = data.selection.top() - size.y - 8.0;
    let top = if above < data.page.top() + 4.0 {
        data.selection.bottom() + 8.0
    } else {
        above
    };
    let left = (data.selection.center().x - size.x / 2.0)
        .min(data.page.right() - size.x - 16.0)
        .max(data.page.left() + 8.0);
    Area::new(id())
        .order(Order::Middle)
        .fixed_pos(pos2(left, top.max(data.page.top() + 4.0)))
        .constrain_to(data.page)
        .accessible_name("Tag the selection")
        .show(ctx, |ui| {
            Frame::popup(ui.style())
                .inner_margin(Margin::same(6))
                .show(ui, |ui| {
                    ui.set_max_width(data.page.width() - 40.0);
                    ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
                    ui.horizontal_wrapped(|ui| {
                        for tag in data.tags.iter().take(MAX_TAGS) {
                            if tag_chip(ui, tag, false, data.theme).clicked() {
                                sender.send(AppCommand::Tag(tag.id.clone()));
                            }
                        }
                        // Both go to the next row together.
                        ui.horizontal(|ui| buttons(ui, sender));
                    });
                    if let Some(speaker) = data.continues {
                        let text = match short::paragraph(speaker, MAX_NAME) {
                            name if name.is_empty() => "Continue statement (A)".to_owned(),
                            name => format!("Continue {name}’s statement (A)"),
                        };
                        if ui.button(text).clicked() {
                            sender.send(AppCommand::AddPart);
                        }
                    }
                });
        });
}

fn buttons(ui: &mut egui::Ui, sender: &CommandSender) {
    if icon_button(ui, Icon::Marker, "Highlight without tag (H)").clicked() {
        sender.send(AppCommand::Highlight);
    }
    if icon_button(ui, Icon::Note, "Highlight and write a note (Enter)").clicked() {
        sender.send(AppCommand::FocusNote);
    }
}
