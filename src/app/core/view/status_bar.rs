//! The strip at the bottom: where, how much, saved or not.

use crate::{
    app::{
        base::{theme::Theme, widgets::count},
        core::command::{AppCommand, CommandSender, Step},
        session::{article::ArticleKey, event::DialogKind},
    },
    text::{SourceText, Survey, TextRange, count_words},
};
use egui::{Align, Button, Layout, RichText, Ui};

/// Whether the annotations are on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveState {
    /// All annotations are on the disk.
    Saved,
    /// Some are not.
    Unsaved,
    /// They soon will be.
    Saving,
    /// They may not be changed.
    ReadOnly,
    /// The annotations are being read.
    Loading,
}

/// The active article.
pub struct ArticleData<'a> {
    /// The text.
    pub text: &'a SourceText,
    /// The caret's line and column, as people count.
    pub position: String,
    /// The selection.
    pub selection: Option<TextRange>,
    /// Words of the whole article, once they are counted.
    pub n_words: Option<usize>,
    /// Number of annotations.
    pub n_annotations: usize,
    /// Number of conflicts that are open, and of what article.
    pub conflicts: (usize, ArticleKey),
    /// What of the text is not what it looks like.
    pub survey: &'a Survey,
    /// Saved or not.
    pub save: SaveState,
    /// Encoding and line ending.
    pub encoding: String,
}

/// What the bar shows.
pub struct Data<'a> {
    /// The active article.
    pub article: Option<ArticleData<'a>>,
    /// Names of what is being opened.
    pub opening: Vec<String>,
    /// What the marker in hand gives; empty for a plain highlight.
    pub marker: Option<String>,
    /// What the last key needs that did nothing.
    pub hint: Option<&'a str>,
    /// Theme.
    pub theme: &'a Theme,
}

/// The words of the selection, counted once.
#[derive(Default)]
pub struct View {
    counted: Option<(SourceText, TextRange, String)>,
}

/// Longest selection whose words are counted, in bytes.
const MAX_COUNTED: usize = 4_000_000;

/// Draws the bar.
pub fn show(ui: &mut Ui, data: &Data<'_>, view: &mut View, sender: &CommandSender) {
    let theme = data.theme;
    let colours = &theme.colours;
    let quiet = |text: &str| {
        RichText::new(text)
            .size(theme.sizes.small)
            .color(colours.muted)
    };
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        if let Some(article) = &data.article {
            ui.label(quiet(&article.position))
                .on_hover_text("Line and column of the caret");
            if let Some(range) = article.selection {
                ui.label(quiet(&counted(article.text, range, view)));
            } else if let Some(n_words) = article.n_words {
                let plural = if n_words == 1 { "" } else { "s" };
                ui.label(quiet(&format!("{} word{plural}", count(n_words))));
            }
        }
        if let Some(marker) = &data.marker {
            let text = if marker.is_empty() {
                "Marker on · Esc turns it off".to_owned()
            } else {
                format!("Marker: {marker} · Esc turns it off")
            };
            ui.label(
                RichText::new(text)
                    .size(theme.sizes.small)
                    .color(colours.accent),
            );
        }
        if let Some(hint) = data.hint {
            let hint = RichText::new(hint)
                .size(theme.sizes.small)
                .color(colours.accent);
            let response = ui.label(hint);
            let node = |node: &mut egui::accesskit::Node| {
                node.set_live(egui::accesskit::Live::Polite);
            };
            ui.ctx().accesskit_node_builder(response.id, node);
        }
        if let Some(first) = data.opening.first() {
            let text = if data.opening.len() == 1 {
                format!("Opening {first}…")
            } else {
                format!("Opening {} articles…", data.opening.len())
            };
            ui.label(quiet(&text));
            if ui.small_button("Cancel").clicked() {
                sender.send(AppCommand::CancelOpening);
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 16.0;
            let Some(article) = &data.article else {
                return;
            };
            let encoding = Button::new(quiet(&article.encoding)).frame_when_inactive(false);
            if ui
                .add(encoding)
                .on_hover_text(
                    "Encoding and line breaks of the article. Click to change the encoding.",
                )
                .clicked()
            {
                sender.send(AppCommand::Show(DialogKind::Encoding));
            }
            let (text, colour) = match article.save {
                SaveState::Saved => ("Saved", colours.good),
                SaveState::Unsaved => ("Unsaved", colours.accent),
                SaveState::Saving => ("Saving…", colours.muted),
                SaveState::ReadOnly => ("Read-only", colours.warning),
                SaveState::Loading => ("Reading annotations…", colours.muted),
            };
            ui.label(RichText::new(text).size(theme.sizes.small).color(colour));
            if !article.survey.is_clean() {
                let text = RichText::new(found(article.survey))
                    .size(theme.sizes.small)
                    .color(colours.warning);
                if ui
                    .add(Button::new(text).frame_when_inactive(false))
                    .on_hover_text(
                        "Characters that cannot be seen or that turn the text around, and words of mixed \
                         alphabets. Click to go from one to the next.",
                    )
                    .clicked()
                {
                    sender.send(AppCommand::CycleHidden(Step::Forward));
                }
            }
            if let (n @ 1.., key) = article.conflicts {
                let text = match n {
                    1 => "1 conflict".to_owned(),
                    _ => format!("{} conflicts", count(n)),
                };
                let text = RichText::new(text)
                    .size(theme.sizes.small)
                    .color(colours.warning);
                if ui
                    .add(Button::new(text).frame_when_inactive(false))
                    .on_hover_text(
                        "A merge could not combine some changes. Click to choose.",
                    )
                    .clicked()
                {
                    sender.send(AppCommand::Show(DialogKind::Conflicts(key)));
                }
            }
            let n = article.n_annotations;
            let shown = if n == 1 {
                "1 annotation".to_owned()
            } else {
                format!("{} annotations", count(n))
            };
            ui.label(quiet(&shown));
        });
    });
}

/// `3 hidden characters, 1 mixed word`.
fn found(survey: &Survey) -> String {
    let parts = [
        (survey.n_hidden, "hidden character"),
        (survey.n_mixed, "mixed word"),
    ];
    let parts = parts.iter().filter(|(n, _)| *n > 0);
    let parts: Vec<String> = parts
        .map(|(n, what)| format!("{} {what}{}", count(*n), if *n == 1 { "" } else { "s" }))
        .collect();
    parts.join(", ")
}

fn counted(text: &SourceText, range: TextRange, view: &mut View) -> String {
    if let Some((known_text, known, words)) = &view.counted
        && *known == range
        && known_text.is_same(text)
    {
        return words.clone();
    }
    let words = if range.len() > MAX_COUNTED {
        format!("{:.1} MB selected", range.len() as f64 / 1e6)
    } else {
        let slice = text.slice_or_empty(range);
        let n_words = count_words(slice);
        let n_chars = slice.chars().count();
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        format!(
            "{} word{}, {} character{} selected",
            count(n_words),
            plural(n_words),
            count(n_chars),
            plural(n_chars)
        )
    };
    view.counted = Some((text.clone(), range, words.clone()));
    words
}
