//! The tags of the article: how many passages each has, which are shown.

use crate::app::{
    base::{
        short,
        theme::Theme,
        widgets::{Icon, TagRow, count, empty_state, icon_button, icon_toggle, paint_icon, swatch},
    },
    core::{
        command::{AppCommand, CommandSender},
        view::article_list::heading,
    },
    session::{event::DialogKind, tags::Tags},
};
use egui::{
    Align2, FontId, Rect, Sense, Ui, UiBuilder, Vec2, WidgetInfo, accesskit::Role, pos2, vec2,
};

/// What the list shows.
pub struct Data<'a> {
    /// The tags; `None` when no article is open.
    pub tags: Option<Tags<'a>>,
    /// Whether tags may be added.
    pub is_editable: bool,
    /// Theme.
    pub theme: &'a Theme,
}

/// Longest guideline in a tooltip, in code points; the whole is in a dialog.
const GUIDELINE_CHARS: usize = 600;

/// Draws heading and list.
pub fn show(ui: &mut Ui, data: &Data<'_>, sender: &CommandSender) {
    heading(ui, "Tags", data.theme, |ui| {
        ui.add_enabled_ui(data.is_editable, |ui| {
            if icon_button(ui, Icon::Plus, "New tag").clicked() {
                sender.send(AppCommand::Show(DialogKind::NewTag));
            }
        });
    });
    let Some(tags) = data.tags else {
        empty_state(
            ui,
            "Tags of the article",
            "Open an article to use allegation, denial, expert opinion and precedent.",
            data.theme,
        );
        return;
    };
    if tags.is_empty() {
        empty_state(ui, "No tags", "Add one with the plus button.", data.theme);
        return;
    }
    ui.spacing_mut().item_spacing.y = 1.0;
    egui::ScrollArea::vertical()
        .id_salt("tags")
        .auto_shrink([false, false])
        .show_rows(ui, row_height(data.theme), tags.len(), |ui, in_sight| {
            for tag in in_sight.filter_map(|idx| tags.row(idx)) {
                ui.push_id(&tag.id, |ui| show_row(ui, &tag, data.theme, sender));
            }
        });
}

fn row_height(theme: &Theme) -> f32 {
    theme.sizes.row + 4.0
}

fn show_row(ui: &mut Ui, tag: &TagRow, theme: &Theme, sender: &CommandSender) {
    let colours = &theme.colours;
    let sizes = &theme.sizes;
    let size = vec2(ui.available_width(), row_height(theme));
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| {
        WidgetInfo::selected(
            Role::ListItem,
            true,
            tag.is_only,
            match &tag.warning {
                Some(warning) => {
                    format!("{}, {} annotations. {warning}", tag.name, tag.n_annotations)
                }
                None => format!("{}, {} annotations", tag.name, tag.n_annotations),
            },
        )
    });
    let is_hovered = ui.rect_contains_pointer(rect);
    let radius = f32::from(sizes.radius);
    if tag.is_only {
        ui.painter()
            .rect_filled(rect, radius, colours.accent_ground);
    } else if is_hovered {
        ui.painter().rect_filled(rect, radius, colours.hover);
    }
    if response.has_focus() || tag.is_only {
        let width = if response.has_focus() { 2.0 } else { 1.0 };
        let stroke = egui::Stroke::new(width, colours.accent);
        ui.painter()
            .rect_stroke(rect, radius, stroke, egui::StrokeKind::Inside);
    }
    let mut painter = ui.painter().clone();
    if !tag.is_shown {
        painter.multiply_opacity(0.45);
    }
    let y = rect.center().y;
    let card = Rect::from_center_size(pos2(rect.left() + 18.0, y), Vec2::splat(16.0));
    swatch(&painter, card, &tag.look);
    let eye_room = 30.0;
    let mut right = rect.right() - eye_room;
    if let Some(key) = tag.key {
        let key = key.to_uppercase().to_string();
        let cap = crate::app::base::widgets::paint_key_at(&painter, pos2(right, y), &key, theme);
        right = cap.left() - 8.0;
    } else {
        right -= 26.0;
    }
    let number = painter.text(
        pos2(right, y),
        Align2::RIGHT_CENTER,
        count(tag.n_annotations),
        FontId::proportional(sizes.small),
        colours.muted,
    );
    let left = card.right() + 10.0;
    let mut end = number.left();
    if tag.warning.is_some() {
        let sign = Rect::from_center_size(pos2(end - 14.0, y), Vec2::splat(14.0));
        paint_icon(&painter, sign, Icon::Warning, colours.warning);
        end = sign.left();
    }
    let mut job = egui::text::LayoutJob::single_section(
        tag.name.clone(),
        egui::TextFormat::simple(FontId::proportional(sizes.body), colours.text),
    );
    job.wrap = egui::text::TextWrapping::truncate_at_width((end - left - 6.0).max(20.0));
    let galley = painter.layout_job(job);
    painter.galley(pos2(left, y - galley.size().y / 2.0), galley, colours.text);

    if is_hovered || !tag.is_shown {
        let corner = Rect::from_center_size(pos2(rect.right() - 15.0, y), Vec2::splat(24.0));
        let mut buttons = ui.new_child(UiBuilder::new().max_rect(corner));
        let (icon, label) = if tag.is_shown {
            (Icon::Eye, format!("Hide {} in the text", tag.name))
        } else {
            (Icon::EyeOff, format!("Show {} in the text", tag.name))
        };
        if icon_toggle(&mut buttons, icon, &label, false).clicked() {
            sender.send(AppCommand::ToggleTagShown(tag.id.clone()));
        }
    }
    if response.clicked() {
        sender.send(AppCommand::FilterTag(tag.id.clone()));
    }
    response.context_menu(|ui| {
        let entries = [
            ("Edit tag…", DialogKind::EditTag(tag.id.clone())),
            ("Guideline…", DialogKind::Guideline(tag.id.clone())),
        ];
        for (text, dialog) in entries {
            if ui.button(text).clicked() {
                sender.send(AppCommand::Show(dialog));
                ui.close();
            }
        }
    });
    response.on_hover_ui(|ui| {
        ui.strong(&tag.name);
        if let Some(warning) = &tag.warning {
            ui.colored_label(theme.colours.warning, warning);
        }
        if !tag.guideline.is_empty() {
            ui.label(short::paragraph(&tag.guideline, GUIDELINE_CHARS));
        }
        ui.weak("Click: show only this tag. Right click: edit it.");
    });
}
