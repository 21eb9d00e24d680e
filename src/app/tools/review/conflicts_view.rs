//! What a merge has left open: what each side has, and which of it is taken.

use crate::{
    annotation::{
        AnnotationId, Choice, Conflict, ConflictId, ConflictWords, Names, RecordKind, Records as _,
        SideWords, WRITTEN_SINCE, as_asked,
    },
    app::{
        base::{
            form::{scrolled, title},
            quotes::one_line,
            short,
            theme::Theme,
            widgets::count,
        },
        core::command::AppCommand,
        session::{
            article::{ArticleKey, OpenArticle},
            notices::capital,
        },
        tools::{review::Message, tool::ViewCx},
    },
    edit::Edit,
    reader::TextEngine,
};
use egui::{
    Align, Button, Frame, Label, Layout, Margin, Response, RichText, Ui, WidgetInfo,
    accesskit::Role, vec2,
};
use std::cmp::Reverse;

/// Most conflicts that are listed at a time.
const MAX_ROWS: usize = 100;
/// Longest quotation, name or value, in code points.
const SHOWN_CHARS: usize = 200;
/// The bar of the list lies over its right edge, where the buttons are.
const BESIDE_THE_BAR: Margin = Margin {
    right: 12,
    ..Margin::ZERO
};
/// What a side has stands in, so that one sees where the next conflict begins.
const STANDS_IN: Margin = Margin {
    left: 12,
    ..Margin::ZERO
};
/// Most lines of a value.
const VALUE_LINES: usize = 3;

/// What is shown.
pub struct View {
    /// Whose conflicts.
    pub key: ArticleKey,
    /// The state of the records that `rows` tell of.
    revision: u64,
    /// The conflicts: those about annotations in the order of the text, then the others.
    rows: Vec<Row>,
    /// How many there are beyond those.
    n_more: usize,
    /// Whether they can be settled now.
    is_editable: bool,
}

/// One conflict.
struct Row {
    id: ConflictId,
    words: ConflictWords,
    /// Which of the sides the record has meanwhile.
    shown: Option<usize>,
    /// Whether the field can hold what both have.
    can_be_both: bool,
    /// The annotation to go to, if it stands in the text.
    annotation: Option<AnnotationId>,
}

impl View {
    /// The conflicts of `article`.
    pub fn new(article: &OpenArticle) -> Self {
        let conflicts = &article.workspace.set().conflicts;
        let mut ordered: Vec<(Place, &Conflict)> = conflicts
            .values()
            .map(|conflict| (place_of(conflict, article), &**conflict))
            .collect();
        ordered.sort_by(|(a, one), (b, other)| {
            (a, &one.record, &one.field).cmp(&(b, &other.record, &other.field))
        });
        let rows = ordered.iter().take(MAX_ROWS);
        let rows: Vec<Row> = rows.map(|(_, one)| Row::new(one, article)).collect();
        Self {
            key: article.key,
            revision: article.workspace.revision(),
            n_more: conflicts.len() - rows.len(),
            rows,
            is_editable: article.is_editable(),
        }
    }

    /// Makes the list anew when the records have changed.
    pub fn follow(&mut self, articles: &[OpenArticle]) {
        let article = articles.iter().find(|article| article.key == self.key);
        let Some(article) = article else { return };
        self.is_editable = article.is_editable();
        if article.workspace.revision() != self.revision {
            *self = Self::new(article);
        }
    }
}

/// Where a conflict stands in the list: those of annotations first, in the order of the text.
type Place = (Reverse<bool>, Option<usize>);

fn annotation_of(conflict: &Conflict) -> Option<AnnotationId> {
    let record = &conflict.record;
    (record.kind == RecordKind::Annotation)
        .then(|| AnnotationId::parse(&record.id))
        .flatten()
}

fn place_of(conflict: &Conflict, article: &OpenArticle) -> Place {
    let annotation = annotation_of(conflict);
    let at = annotation.and_then(|id| article.place_of(id));
    (
        Reverse(annotation.is_some()),
        at.map(|range| range.start().get()),
    )
}

impl Row {
    fn new(conflict: &Conflict, article: &OpenArticle) -> Self {
        let set = article.workspace.set();
        let record = set.fields_of(&conflict.record);
        let conflict = &as_asked(set, conflict);
        let names = Names::new(Some(set), |text| one_line(text, SHOWN_CHARS));
        let words = names.conflict(conflict, &record.clone().unwrap_or_default());
        let now = match conflict.of_whole_record() {
            // Whatever its fields are by now, it is there.
            true if record.is_some() => conflict.sides.iter().find_map(|side| side.value.clone()),
            true => None,
            false => record.and_then(|mut record| record.remove(&conflict.field)),
        };
        let annotation = annotation_of(conflict);
        Self {
            id: conflict.id,
            words,
            shown: conflict.sides.iter().position(|side| side.value == now),
            can_be_both: !conflict.of_whole_record() && conflict.chosen(&Choice::Both).is_ok(),
            annotation: annotation.filter(|id| article.place_of(*id).is_some()),
        }
    }

    fn settle(&self, choice: Choice) -> AppCommand {
        let conflict = self.id;
        AppCommand::Edit(Edit::Settle { conflict, choice })
    }
}

const USE_BOTH: &str =
    "Keep both values: notes are placed one below the other, with the names of the sides.";
const USE_ALL: &str =
    "Keep all values: notes are placed one below the other, with the names of the sides.";

/// Draws the list.
pub fn show(ui: &mut Ui, view: &View, cx: &mut ViewCx<'_, '_, Message>) {
    let theme = cx.scene.theme;
    title(ui, "Conflicts", theme);
    let text = if view.rows.is_empty() {
        "All conflicts are resolved. Save to keep the result; undo reopens a conflict."
    } else {
        "Two sides changed the same value differently. The file keeps both values until you choose one. Undo reopens a conflict."
    };
    ui.add(Label::new(text).wrap());
    ui.add_space(8.0);
    scrolled(ui, |ui| {
        for row in &view.rows {
            ui.push_id(row.id, |ui| {
                ui.add_enabled_ui(view.is_editable, |ui| {
                    let frame = Frame::NONE.inner_margin(BESIDE_THE_BAR);
                    frame.show(ui, |ui| show_row(ui, row, cx));
                });
            });
        }
        if view.n_more > 0 {
            let text = format!(
                "{} more are shown when these are resolved.",
                count(view.n_more)
            );
            ui.label(RichText::new(text).color(theme.colours.muted));
        }
    });
    ui.add_space(12.0);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let close = Button::new("Close").min_size(vec2(88.0, 32.0));
        if ui.add(close).clicked() {
            cx.close();
        }
    });
}

fn show_row(ui: &mut Ui, row: &Row, cx: &mut ViewCx<'_, '_, Message>) {
    let theme = cx.scene.theme;
    let (size, colours) = (theme.sizes.body, &theme.colours);
    ui.add_space(6.0);
    let about = RichText::new(short::line(&capital(&row.words.about), SHOWN_CHARS))
        .font(Theme::bold(size))
        .color(colours.text);
    ui.add(Label::new(about).wrap());
    cx.engine
        .label(ui, &row.words.record, theme.sizes.quote, colours.text, 2);
    Frame::NONE.inner_margin(STANDS_IN).show(ui, |ui| {
        if let Some(before) = &row.words.before {
            ui.add_space(2.0);
            let text = format!("Before: {before}");
            cx.engine.label(ui, &text, size, colours.muted, VALUE_LINES);
        }
        for (nth, side) in row.words.sides.iter().enumerate() {
            ui.add_space(6.0);
            if show_side(ui, theme, row, nth, side, cx.engine).clicked() {
                cx.send_core(row.settle(Choice::Side(nth)));
            }
        }
    });
    ui.add_space(6.0);
    ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
        let (take, tooltip) = match row.words.sides.len() {
            2 => ("Use both", USE_BOTH),
            _ => ("Use all", USE_ALL),
        };
        let both = ui.add_enabled(row.can_be_both, button(take));
        let both = both
            .on_hover_text(tooltip)
            .on_disabled_hover_text("Only one value is possible: use one side.");
        name(&both, take, row);
        if both.clicked() {
            cx.send_core(row.settle(Choice::Both));
        }
        if let Some(annotation) = row.annotation {
            let go = ui.add(button("Go to"));
            name(&go, "Go to", row);
            if go.clicked() {
                cx.close();
                cx.send_core(AppCommand::GoTo(annotation));
            }
        }
    });
    ui.add_space(6.0);
    ui.separator();
}

/// One side: whose it is, what it has, and the button that takes it.
fn show_side(
    ui: &mut Ui,
    theme: &Theme,
    row: &Row,
    nth: usize,
    side: &SideWords,
    engine: &mut TextEngine,
) -> Response {
    // From the top: aligned to the middle the row would take all the height there is.
    ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
        let text = match side.role.as_str() {
            WRITTEN_SINCE => "Use this".to_owned(),
            role => format!("Use {role}"),
        };
        let take = ui.add(button(&text));
        name(&take, &text, row);
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            let meanwhile = match row.shown == Some(nth) {
                true => " · shown until you choose",
                false => "",
            };
            let whose = format!("{}{meanwhile}", short::line(&side.whose(), SHOWN_CHARS));
            let whose = RichText::new(whose)
                .size(theme.sizes.small)
                .color(theme.colours.muted);
            ui.add(Label::new(whose).truncate());
            let (size, colour) = (theme.sizes.body, theme.colours.text);
            engine.label(ui, &side.value, size, colour, VALUE_LINES);
        });
        take
    })
    .inner
}

fn button(text: &str) -> Button<'_> {
    Button::new(text).min_size(vec2(96.0, 28.0))
}

/// Tells a screen reader which conflict the button is about.
fn name(button: &Response, text: &str, row: &Row) {
    button.widget_info(|| {
        let label = format!("{text}: {}", row.words.what());
        WidgetInfo::labeled(Role::Button, button.enabled(), label)
    });
}
