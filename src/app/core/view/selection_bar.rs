//! The bar beside a selection: the tags with their keys, one press away from the pointer too.

use crate::{
    annotation::TagId,
    app::{
        base::{
            theme::Theme,
            widgets::{Icon, TagRow, icon_button, tag_chip},
        },
        core::command::{AppCommand, CommandSender},
    },
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
    /// Tags the selected passage has already.
    pub chosen_tags: &'a [TagId],
    /// Theme.
    pub theme: &'a Theme,
}

/// Most tags in the bar; the others are in the tool bar.
const MAX_TAGS: usize = 6;

/// Draws the bar, below the selection or above it where there is no room below.
pub fn show(ctx: &egui::Context, data: &Data<'_>, sender: &CommandSender) {
    let id = Id::unique("selection bar");
    let size = egui::AreaState::load(ctx, id)
        .and_then(|state| state.size)
        .unwrap_or(vec2(420.0, 44.0));
    let below = data.selection.bottom() + 8.0;
    let top = if below + size.y > data.page.bottom() - 8.0 {
        data.selection.top() - size.y - 8.0
    } else {
        below
    };
    let left = (data.selection.center().x - size.x / 2.0)
        .min(data.page.right() - size.x - 16.0)
        .max(data.page.left() + 8.0);
    Area::new(id)
        .order(Order::Middle)
        .fixed_pos(pos2(left, top.max(data.page.top() + 4.0)))
        .constrain_to(data.page)
        .accessible_name("Tag the selection")
        .show(ctx, |ui| {
            Frame::popup(ui.style())
                .inner_margin(Margin::same(6))
                .show(ui, |ui| {
                    ui.horizontal(|ui| {
                        ui.spacing_mut().item_spacing.x = 4.0;
                        for tag in data.tags.iter().take(MAX_TAGS) {
                            if tag_chip(ui, tag, data.chosen_tags.contains(&tag.id), data.theme)
                                .clicked()
                            {
                                sender.send(AppCommand::Tag(tag.id.clone()));
                            }
                        }
                        ui.separator();
                        if icon_button(ui, Icon::Marker, "Highlight without tag (H)").clicked() {
                            sender.send(AppCommand::Highlight);
                        }
                        if icon_button(ui, Icon::Note, "Highlight and write a note (Enter)")
                            .clicked()
                        {
                            sender.send(AppCommand::FocusNote);
                        }
                    });
                });
        });
}
