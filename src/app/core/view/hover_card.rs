//! The card over marks: every annotation under the pointer with its tags, speaker and note.

use crate::{
    annotation::{AnnotationId, AnnotationSet},
    app::{
        base::{
            short,
            theme::Theme,
            widgets::{tag_label, words_line},
        },
        core::view::annotation_list::MAX_LOOKS,
        session::shown::Looks,
    },
    reader::{Look, TextEngine},
};
use egui::{FontId, Frame, Margin, Response, RichText, Sense, Tooltip, Ui, vec2};

/// Characters of a note that are shown.
const NOTE_CHARS: usize = 300;
/// Most annotations on one card.
const MAX_SHOWN: usize = 5;

/// One annotation.
#[derive(Clone, Debug)]
pub struct Row {
    /// Looks of its tags.
    pub looks: Vec<Look>,
    /// Who says it; may be empty.
    pub speaker: String,
    /// The note, cut; may be empty.
    pub note: String,
    /// Number of comments.
    pub n_comments: usize,
}

/// What the card shows.
pub struct Data<'a> {
    /// The annotations, innermost first.
    pub rows: Vec<Row>,
    /// How many more there are.
    pub n_more: usize,
    /// What is hidden at the pointer, or not what it looks like.
    pub explanation: Option<String>,
    /// Theme.
    pub theme: &'a Theme,
}

impl<'a> Data<'a> {
    /// Looks the annotations up.
    pub fn new(ids: &[AnnotationId], set: &AnnotationSet, looks: &Looks, theme: &'a Theme) -> Self {
        let rows = ids
            .iter()
            .take(MAX_SHOWN)
            .filter_map(|id| set.annotations.get(id))
            .map(|annotation| Row {
                looks: annotation
                    .tags
                    .iter()
                    .filter_map(|tag| looks.of(tag).cloned())
                    .take(MAX_LOOKS)
                    .collect(),
                speaker: short::name(set.speaker_name(annotation)).into_owned(),
                note: short::paragraph(&annotation.note, NOTE_CHARS).into_owned(),
                n_comments: annotation.comments.len(),
            })
            .collect();
        Self {
            rows,
            n_more: ids.len().saturating_sub(MAX_SHOWN),
            explanation: None,
            theme,
        }
    }
}

/// Draws the card at the pointer, once it has rested over `page`.
pub fn show(page: &Response, data: &Data<'_>, engine: &mut TextEngine) {
    if data.rows.is_empty() && data.explanation.is_none() {
        return;
    }
    let mut card = Tooltip::for_enabled(page)
        .at_pointer()
        .gap(14.0)
        .width(data.theme.sizes.tooltip);
    let frame = Frame::popup(&page.ctx.global_style()).inner_margin(Margin::symmetric(14, 10));
    card.popup = card.popup.frame(frame).accessible_name("Annotations here");
    card.show(|ui| {
        if let Some(explanation) = &data.explanation {
            let colours = &data.theme.colours;
            engine.label(ui, explanation, data.theme.sizes.body, colours.warning, 8);
        }
        for (idx, row) in data.rows.iter().enumerate() {
            if idx > 0 || data.explanation.is_some() {
                ui.separator();
            }
            show_row(ui, row, data.theme, engine);
        }
        if data.n_more > 0 {
            ui.weak(format!("and {} more", data.n_more));
        }
    });
}

fn show_row(ui: &mut Ui, row: &Row, theme: &Theme, engine: &mut TextEngine) {
    let colours = &theme.colours;
    let width = ui.available_width().min(theme.sizes.tooltip);
    let (rect, _) = ui.allocate_exact_size(vec2(width, 20.0), Sense::hover());
    let mut left = rect.left();
    if row.looks.is_empty() {
        let words = ui.painter().text(
            rect.left_center(),
            egui::Align2::LEFT_CENTER,
            "Highlight",
            Theme::bold(theme.sizes.body),
            colours.muted,
        );
        left = words.right() + 12.0;
    }
    for look in &row.looks {
        let at = egui::pos2(left, rect.center().y);
        left = tag_label(ui.painter(), at, look, theme.sizes.body) + 12.0;
    }
    if !row.speaker.is_empty() {
        let place = egui::Rect::from_min_max(egui::pos2(left, rect.top()), rect.max);
        let font = FontId::proportional(theme.sizes.body);
        words_line(ui, engine, place, &row.speaker, font, colours.muted);
    }
    if !row.note.is_empty() {
        engine.label(ui, &row.note, theme.sizes.body, colours.text, 8);
    }
    if row.n_comments > 0 {
        let text = if row.n_comments == 1 {
            "1 comment".to_owned()
        } else {
            format!("{} comments", row.n_comments)
        };
        ui.label(
            RichText::new(text)
                .size(theme.sizes.small)
                .color(colours.muted),
        );
    }
}
