//! A long text, to be read: a note, a comment or a guideline that is too long for a panel. Laid out by the reading
//! pane, which only looks at what is in sight.

use crate::{
    app::{
        base::{
            form::{primary, title},
            short,
            widgets::count,
        },
        core::{
            command::{AppCommand, CommandSender},
            view::scene::Scene,
        },
    },
    reader::{Numbering, Reader, ReaderEvent, ReaderInput, TextEngine, Undecorated},
    text::SourceText,
};
use egui::{Align, Button, Layout, RichText, Ui, UiBuilder, vec2};

/// What is read.
pub struct View {
    title: String,
    text: SourceText,
    n_chars: usize,
    reader: Reader,
}

impl View {
    /// `text` under `title`; `None` when it is longer than any text that can be shown.
    pub fn new(title: &str, text: String) -> Option<Self> {
        let text = SourceText::new(text).ok()?;
        let mut reader = Reader::new(text.clone());
        reader.take_focus();
        Some(Self {
            title: short::line(title, 2 * short::NAME_CHARS).into_owned(),
            n_chars: text.as_str().chars().count(),
            text,
            reader,
        })
    }
}

/// Draws the text and what can be done with it.
pub fn show(
    ui: &mut Ui,
    data: &Scene<'_>,
    view: &mut View,
    engine: &mut TextEngine,
    sender: &CommandSender,
) {
    let theme = data.theme;
    title(ui, &view.title, theme);
    let room = ui.ctx().content_rect().height() - 260.0;
    let size = vec2(ui.available_width(), room.max(160.0));
    let (place, _) = ui.allocate_exact_size(size, egui::Sense::hover());
    let mut page = ui.new_child(UiBuilder::new().max_rect(place));
    page.set_clip_rect(place.intersect(ui.clip_rect()));
    pane(&mut page, data, view, engine);
    ui.add_space(12.0);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if ui.add(primary("Close", theme)).clicked() {
            sender.send(AppCommand::CloseDialog);
        }
        let copy = Button::new("Copy all").min_size(vec2(88.0, 32.0));
        if ui.add(copy).clicked() {
            ui.ctx().copy_text(view.text.as_str().to_owned());
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let text = format!("{} characters", count(view.n_chars));
            ui.label(
                RichText::new(text)
                    .size(theme.sizes.small)
                    .color(theme.colours.muted),
            );
        });
    });
}

fn pane(ui: &mut Ui, data: &Scene<'_>, view: &mut View, engine: &mut TextEngine) {
    let mut style = data.session.page_style();
    style.numbering = Numbering::None;
    style.margin_labels = false;
    let input = ReaderInput {
        style: &style,
        decorations: &Undecorated {
            plain: data.theme.plain_look(),
        },
        chosen: None,
        editable: false,
        map: &[],
        marker: false,
        name: &view.title,
    };
    let output = view.reader.show(ui, engine, &input);
    if output.events.contains(&ReaderEvent::CopyAsked) {
        let range = view.reader.range();
        let text = view.text.slice_or_empty(range);
        if !text.is_empty() {
            ui.ctx().copy_text(text.to_owned());
        }
    }
}
