//! The open articles: which are unsaved, which is shown.

use crate::{
    app::{
        base::{
            theme::Theme,
            widgets::{Icon, count, empty_state, icon_button, words_line},
        },
        core::command::{AppCommand, CommandSender, PickPurpose},
        session::article::ArticleKey,
    },
    reader::TextEngine,
    text::hidden::isolated,
};
use egui::{FontId, Rect, Sense, Ui, UiBuilder, Vec2, WidgetInfo, accesskit::Role, pos2, vec2};

/// One article.
#[derive(Clone, Debug)]
pub struct Row {
    /// The article.
    pub key: ArticleKey,
    /// Headline or file name.
    pub title: String,
    /// File name.
    pub file_name: String,
    /// Whole path, for the tooltip.
    pub path: String,
    /// Unsaved.
    pub is_unsaved: bool,
    /// Shown.
    pub is_active: bool,
    /// Its marks are still looked for.
    pub is_loading: bool,
    /// Number of annotations.
    pub n_annotations: usize,
}

/// What the list shows.
pub struct Data<'a> {
    /// The articles.
    pub rows: &'a [Row],
    /// Theme.
    pub theme: &'a Theme,
}

const ROW_HEIGHT: f32 = 46.0;

/// Draws heading and list.
pub fn show(ui: &mut Ui, data: &Data<'_>, engine: &mut TextEngine, sender: &CommandSender) {
    heading(ui, "Articles", data.theme, |ui| {
        if icon_button(ui, Icon::Plus, "Open articles").clicked() {
            sender.send(AppCommand::PickFiles(PickPurpose::Open));
        }
    });
    if data.rows.is_empty() {
        empty_state(
            ui,
            "No article is open",
            "Open one with the plus button, or drop text files on the window.",
            data.theme,
        );
        return;
    }
    ui.spacing_mut().item_spacing.y = 2.0;
    egui::ScrollArea::vertical()
        .id_salt("articles")
        .auto_shrink([false, true])
        .show_rows(ui, ROW_HEIGHT, data.rows.len(), |ui, visible| {
            for row in data.rows.get(visible).unwrap_or_default() {
                ui.push_id(row.key, |ui| show_row(ui, row, data.theme, engine, sender));
            }
        });
}

/// A heading over a list, with buttons at its right.
pub fn heading(ui: &mut Ui, title: &str, theme: &Theme, buttons: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        let title = egui::RichText::new(title)
            .font(Theme::bold(theme.sizes.body))
            .color(theme.colours.text);
        ui.label(title);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), buttons);
    });
}

fn show_row(
    ui: &mut Ui,
    row: &Row,
    theme: &Theme,
    engine: &mut TextEngine,
    sender: &CommandSender,
) {
    let colours = &theme.colours;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::click());
    response.widget_info(|| {
        let state = if row.is_unsaved { ", unsaved" } else { "" };
        WidgetInfo::selected(
            Role::ListItem,
            true,
            row.is_active,
            format!("{}{state}", row.title),
        )
    });
    let is_hovered = ui.rect_contains_pointer(rect);
    let ground = if row.is_active {
        colours.accent_ground
    } else if is_hovered {
        colours.hover
    } else {
        egui::Color32::TRANSPARENT
    };
    ui.painter()
        .rect_filled(rect, theme.sizes.radius as f32, ground);
    if response.has_focus() || row.is_active {
        let width = if response.has_focus() { 2.0 } else { 1.0 };
        let stroke = egui::Stroke::new(width, colours.accent);
        ui.painter().rect_stroke(
            rect,
            theme.sizes.radius as f32,
            stroke,
            egui::StrokeKind::Inside,
        );
    }
    let right = rect.right() - if is_hovered { 34.0 } else { 10.0 };
    let words = Rect::from_min_max(
        pos2(rect.left() + 10.0, rect.top()),
        pos2(right, rect.bottom()),
    );
    let mut left = words.left();
    if row.is_unsaved {
        ui.painter()
            .circle_filled(pos2(left + 3.0, rect.top() + 15.0), 3.5, colours.accent);
        left += 12.0;
    }
    let title_font = if row.is_active {
        Theme::bold(theme.sizes.body)
    } else {
        FontId::proportional(theme.sizes.body)
    };
    let place =
        |left: f32, y: f32| Rect::from_min_max(pos2(left, y - 9.0), pos2(words.right(), y + 9.0));
    let title = place(left, rect.top() + 15.0);
    words_line(ui, engine, title, &row.title, title_font, colours.text);
    let below = if row.is_loading {
        format!("{} · reading annotations…", isolated(&row.file_name))
    } else {
        format!(
            "{} · {}",
            isolated(&row.file_name),
            count(row.n_annotations)
        )
    };
    let small = FontId::proportional(theme.sizes.small);
    let second = place(words.left(), rect.top() + 33.0);
    words_line(ui, engine, second, &below, small, colours.muted);
    if response.clicked() {
        sender.send(AppCommand::Activate(row.key));
    }
    if response.middle_clicked() {
        sender.send(AppCommand::Close(row.key));
    }
    response.context_menu(|ui| {
        let item = |ui: &mut Ui, text: &str, command: AppCommand| {
            if ui.button(text).clicked() {
                sender.send(command);
                ui.close();
            }
        };
        item(ui, "Show", AppCommand::Activate(row.key));
        item(ui, "Save", AppCommand::Save(row.key));
        let save_as = PickPurpose::SaveAs(row.key);
        item(ui, "Save annotations as…", AppCommand::PickFiles(save_as));
        ui.separator();
        item(ui, "Close article", AppCommand::Close(row.key));
    });
    if is_hovered {
        let corner = Rect::from_center_size(
            pos2(rect.right() - 18.0, rect.center().y),
            Vec2::splat(24.0),
        );
        let mut buttons = ui.new_child(UiBuilder::new().max_rect(corner));
        if icon_button(
            &mut buttons,
            Icon::Close,
            &format!("Close {}", row.file_name),
        )
        .clicked()
        {
            sender.send(AppCommand::Close(row.key));
        }
    }
    response.on_hover_text(&row.path);
}
