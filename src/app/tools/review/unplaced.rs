//! Annotations whose passage has changed, stands in several places or was not found: what each said, and what to do.

use super::Message;
use crate::{
    anchor::Resolution,
    annotation::AnnotationId,
    app::{
        base::{
            quotes::short_quote,
            theme::Theme,
            widgets::{count, tag_label, warning},
        },
        core::{
            command::{AppCommand, CommandSender},
            view::annotation_list::MAX_LOOKS,
        },
        session::shown::Looks,
        tools::tool::ViewCx,
    },
    edit::{Edit, Workspace},
    reader::{Look, TextEngine},
    text::TextRange,
};
use egui::{
    Align, CornerRadius, Frame, Layout, Margin, RichText, ScrollArea, Sense, Ui, pos2, vec2,
};

/// Most of them that are looked up at once; placing one makes room for the next.
const MAX_SHOWN: usize = 50;
/// Most places offered for one.
const MAX_CANDIDATES: usize = 12;

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The annotation.
    pub id: AnnotationId,
    /// Which of its segments.
    pub segment: usize,
    /// Looks of its tags.
    pub looks: Vec<Look>,
    /// What it said.
    pub quote: String,
    /// What to do about it.
    pub advice: &'static str,
    /// Where it may stand, with the line in words; empty when nothing in the text resembles it.
    pub candidates: Vec<(TextRange, String)>,
}

/// What is shown.
pub struct Data<'a> {
    /// How many there are in all.
    pub n_all: usize,
    /// The first of them.
    pub rows: Vec<Row>,
    /// Whether something is selected, to be placed on.
    pub has_selection: bool,
    /// Theme.
    pub theme: &'a Theme,
}

impl<'a> Data<'a> {
    /// Looks the first ones up, if they are shown.
    pub fn new(
        workspace: &Workspace,
        looks: &Looks,
        has_selection: bool,
        view: &View,
        theme: &'a Theme,
    ) -> Self {
        let marks = workspace.marks();
        let n_shown = if view.is_open { MAX_SHOWN } else { 0 };
        let rows = marks
            .unplaced()
            .iter()
            .take(n_shown)
            .filter_map(|id| {
                let annotation = workspace.set().annotations.get(id)?;
                let placement = marks.placement(*id)?;
                let (segment, resolution) = placement
                    .segments
                    .iter()
                    .enumerate()
                    .find(|(_, segment)| segment.range().is_none())?;
                let candidates = resolution
                    .candidates()
                    .iter()
                    .take(MAX_CANDIDATES)
                    .map(|candidate| {
                        let place = workspace.text().line_col(candidate.range.start());
                        (candidate.range, format!("Line {}", place.line + 1))
                    })
                    .collect();
                Some(Row {
                    id: *id,
                    segment,
                    looks: annotation
                        .tags
                        .iter()
                        .filter_map(|tag| looks.of(tag).cloned())
                        .take(MAX_LOOKS)
                        .collect(),
                    quote: short_quote(annotation, 160),
                    advice: advice(resolution),
                    candidates,
                })
            })
            .collect();
        Self {
            n_all: marks.unplaced().len(),
            rows,
            has_selection,
            theme,
        }
    }
}

fn advice(resolution: &Resolution) -> &'static str {
    match resolution {
        Resolution::Changed { .. } => {
            "The wording has changed. Review the new wording, then confirm or place the passage."
        }
        Resolution::Ambiguous { .. } => {
            "The same words occur in several places. Review them, then choose one."
        }
        Resolution::Orphan { best: Some(_), .. } => {
            "The passage is no longer in the text. Confirm the closest match, or select the right passage and place it there."
        }
        _ => "The passage is no longer in the text. Select the right passage, then place it there.",
    }
}

/// Whether the list is open.
#[derive(Default)]
pub struct View {
    /// Open.
    pub is_open: bool,
}

/// Draws the strip and, when open, the list. Nothing at all when every passage was found.
pub fn show(ui: &mut Ui, view: &mut View, cx: &mut ViewCx<'_, '_, Message>) {
    let scene = cx.scene;
    let Some(article) = scene.session.article() else {
        return;
    };
    let has_selection = article.reader.selection().is_some();
    let (workspace, looks) = (&article.workspace, &article.looks);
    let data = &Data::new(workspace, looks, has_selection, view, scene.theme);
    if data.n_all == 0 {
        return;
    }
    let (engine, sender) = (&mut *cx.engine, scene.core);
    let theme = data.theme;
    let colours = &theme.colours;
    Frame::NONE
        .fill(colours.warning_ground)
        .corner_radius(CornerRadius::same(theme.sizes.radius))
        .inner_margin(Margin::symmetric(10, 8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let text = if data.n_all == 1 {
                "1 passage needs review".to_owned()
            } else {
                format!("{} passages need review", count(data.n_all))
            };
            // From the top: aligned to the middle the row would take all the height there is.
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                let label = if view.is_open { "Hide" } else { "Review" };
                if ui.button(label).clicked() {
                    view.is_open = !view.is_open;
                }
                warning(ui, &text, colours.warning);
            });
            if view.is_open {
                ui.add_space(4.0);
                ScrollArea::vertical()
                    .id_salt("unplaced")
                    .max_height(260.0)
                    .auto_shrink([false, true])
                    .show(ui, |ui| {
                        for row in &data.rows {
                            ui.push_id(row.id, |ui| show_row(ui, row, data, engine, sender));
                        }
                    });
            }
        });
    ui.add_space(8.0);
}

fn show_row(
    ui: &mut Ui,
    row: &Row,
    data: &Data<'_>,
    engine: &mut TextEngine,
    sender: &CommandSender,
) {
    let theme = data.theme;
    ui.separator();
    if !row.looks.is_empty() {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), Sense::hover());
        let mut left = rect.left();
        for look in &row.looks {
            let from = pos2(left, rect.center().y);
            left = tag_label(ui.painter(), from, look, theme.sizes.small) + 10.0;
        }
    }
    engine.label(ui, &row.quote, theme.sizes.quote, theme.colours.text, 3);
    ui.add(
        egui::Label::new(
            RichText::new(row.advice)
                .size(theme.sizes.small)
                .color(theme.colours.muted),
        )
        .wrap(),
    );
    for (range, line) in &row.candidates {
        ui.horizontal(|ui| {
            ui.label(
                RichText::new(line)
                    .size(theme.sizes.small)
                    .color(theme.colours.muted),
            );
            if ui.button("Show").clicked() {
                sender.send(AppCommand::Select(*range));
            }
            if ui.button("Confirm").clicked() {
                sender.send(AppCommand::Edit(Edit::Retarget {
                    id: row.id,
                    segment: row.segment,
                    range: *range,
                }));
            }
        });
    }
    ui.horizontal(|ui| {
        if ui
            .add_enabled(data.has_selection, egui::Button::new("Place here"))
            .on_disabled_hover_text("Select the passage in the text first.")
            .clicked()
        {
            sender.send(AppCommand::PlaceHere(row.id));
        }
        if ui.button("Remove").clicked() {
            sender.send(AppCommand::Remove(row.id));
        }
    });
}
