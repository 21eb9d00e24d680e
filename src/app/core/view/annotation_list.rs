//! The annotations in reading order. Only the rows in sight are looked up, so their number does not matter.

use crate::{
    annotation::{Annotation, AnnotationId, AnnotationSet, Placement},
    app::{
        base::{
            quotes::short_quote,
            short,
            theme::Theme,
            widgets::{
                Icon, TextField, count, empty_state, icon_button, paint_icon, tag_label, words_line,
            },
        },
        core::{
            command::{AppCommand, CommandSender},
            view::{annotation_search::Search, article_list::heading},
        },
        session::{
            ListWishes,
            article::ArticleKey,
            shown::{Filter, Looks},
        },
    },
    edit::Workspace,
    reader::TextEngine,
    search::fold,
};
use egui::{
    Align2, FontId, Id, Rect, RichText, ScrollArea, Sense, Ui, UiBuilder, Vec2, WidgetInfo,
    accesskit::Role, pos2, vec2,
};

/// What the list shows.
pub struct Data<'a> {
    /// The article; `None` when none is open.
    pub article: Option<ArticleData<'a>>,
    /// Theme.
    pub theme: &'a Theme,
}

/// The article whose annotations are listed.
pub struct ArticleData<'a> {
    /// Names it.
    pub key: ArticleKey,
    /// Records and places.
    pub workspace: &'a Workspace,
    /// Which are shown.
    pub filter: &'a Filter,
    /// Looks of the tags.
    pub looks: &'a Looks,
    /// The chosen one.
    pub chosen: Option<AnnotationId>,
    /// Its marks are still looked for.
    pub is_loading: bool,
    /// Its annotation file cannot be read.
    pub is_damaged: bool,
}

/// Where the eye is.
#[derive(Default)]
pub struct View {
    /// Words that quote, note, speaker or tags must have.
    pub words: String,
    /// The row to bring into sight.
    scroll_to: Option<AnnotationId>,
    /// The list is to take the keyboard.
    wants_focus: bool,
    search: Option<Search>,
}

impl View {
    /// Takes over what the session wants of the list.
    pub fn follow(&mut self, wishes: ListWishes) {
        self.scroll_to = wishes.scroll_to.or(self.scroll_to);
        self.wants_focus |= wishes.focus;
    }
}

/// One row, plain enough to print.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The annotation.
    pub id: AnnotationId,
    /// What it says, on one line, cut to what can be seen.
    pub quote: String,
    /// Who says it; may be empty.
    pub speaker: String,
    /// Whether there is a note.
    pub has_note: bool,
    /// Number of comments.
    pub n_comments: usize,
    /// Whether it stands elsewhere than it was marked.
    pub is_moved: bool,
}

/// Most tags of one annotation that are shown in a row.
pub const MAX_LOOKS: usize = 8;
/// Longest words that are looked for, in code points.
const MAX_WORDS: usize = 1_000;
/// Characters of a quotation that two lines can hold, with room to spare.
const QUOTE_CHARS: usize = 220;

impl Row {
    /// The row of `annotation`.
    pub fn new(
        annotation: &Annotation,
        set: &AnnotationSet,
        placement: Option<&Placement>,
    ) -> Self {
        Self {
            id: annotation.id,
            quote: short_quote(annotation, QUOTE_CHARS),
            speaker: short::name(set.speaker_name(annotation)).into_owned(),
            has_note: !annotation.note.is_empty(),
            n_comments: annotation.comments.len(),
            is_moved: placement.is_some_and(|placement| placement.word() == "moved"),
        }
    }
}

/// Draws heading, filter and list.
pub fn show(
    ui: &mut Ui,
    data: &Data<'_>,
    view: &mut View,
    engine: &mut TextEngine,
    sender: &CommandSender,
) {
    let theme = data.theme;
    let Some(article) = &data.article else {
        heading(ui, "Annotations", theme, |_| {});
        empty_state(
            ui,
            "No annotations yet",
            "Open an article to list its annotations here.",
            theme,
        );
        return;
    };
    let n_all = article.workspace.marks().order().len();
    let is_filtered = !article.filter.shows_all() || !view.words.trim().is_empty();
    if is_filtered {
        search(article, view);
    }
    let n_rows = match (&view.search, is_filtered) {
        (Some(search), true) => search.found().len(),
        _ => n_all,
    };
    let is_searching = is_filtered && view.search.as_ref().is_some_and(|it| !it.is_done());
    if is_searching {
        ui.ctx().request_repaint();
    }
    heading(ui, "Annotations", theme, |ui| {
        let shown = if is_filtered {
            format!("{} of {}", count(n_rows), count(n_all))
        } else {
            count(n_all)
        };
        ui.label(
            RichText::new(shown)
                .size(theme.sizes.small)
                .color(theme.colours.muted),
        );
    });
    filter_box(ui, article, view, theme, sender);
    ui.add_space(4.0);
    if article.is_loading {
        empty_state(
            ui,
            "Reading annotations…",
            "You can read the text in the meantime.",
            theme,
        );
        return;
    }
    if n_rows == 0 {
        if is_searching {
            ui.weak("Looking…");
        } else if article.is_damaged {
            empty_state(
                ui,
                "The annotations cannot be read",
                "The strip over the text says why. What can be read opens as a copy; earlier \
                 versions are in the File menu.",
                theme,
            );
        } else if article.workspace.marks().n_annotations() > 0 && n_all == 0 {
            empty_state(
                ui,
                "No passage was found in this text",
                "Review the passages above: place them in the text, or remove them.",
                theme,
            );
        } else if n_all == 0 {
            empty_state(
                ui,
                "No annotations yet",
                "Select a passage in the text and press 1 for an allegation, 2 for a denial, \
                 3 for an expert opinion, 4 for a precedent.",
                theme,
            );
        } else {
            empty_state(
                ui,
                "No annotation matches the filter",
                "Clear the filter, or click the tag again to show all annotations.",
                theme,
            );
        }
        return;
    }
    list(
        ui,
        article,
        n_rows,
        is_filtered,
        view,
        engine,
        theme,
        sender,
    );
}

fn filter_box(
    ui: &mut Ui,
    article: &ArticleData<'_>,
    view: &mut View,
    theme: &Theme,
    sender: &CommandSender,
) {
    let field = TextField {
        role: Role::SearchInput,
        ..TextField::line(
            Id::unique("annotation words"),
            "Filter annotations",
            MAX_WORDS,
        )
        .hint("Filter annotations")
    };
    let response = field.show(ui, &mut view.words);
    if view.wants_focus {
        view.wants_focus = false;
        response.request_focus();
    }
    let only = article.filter.only.as_ref().map(|tag| {
        (
            tag.clone(),
            short::name(article.workspace.set().tag_name(tag)).into_owned(),
        )
    });
    if let Some((tag, name)) = only {
        ui.horizontal(|ui| {
            ui.label(
                RichText::new(format!("Only {name}"))
                    .size(theme.sizes.small)
                    .color(theme.colours.accent),
            );
            if icon_button(ui, Icon::Close, "Show all tags").clicked() {
                sender.send(AppCommand::FilterTag(tag));
            }
        });
    }
}

/// Looks for the annotations with the words, or goes on looking.
fn search(article: &ArticleData<'_>, view: &mut View) {
    let words = fold(view.words.trim(), false);
    let known = view.search.take();
    let known = known.filter(|search| search.is_for(article, &words));
    let mut search = known.unwrap_or_else(|| Search::new(article, &words));
    search.go_on(article);
    view.search = Some(search);
}

#[expect(
    clippy::too_many_arguments,
    reason = "the list is one picture of all of these"
)]
fn list(
    ui: &mut Ui,
    article: &ArticleData<'_>,
    n_rows: usize,
    is_filtered: bool,
    view: &mut View,
    engine: &mut TextEngine,
    theme: &Theme,
    sender: &CommandSender,
) {
    let height = theme.sizes.annotation_row;
    ui.spacing_mut().item_spacing.y = 2.0;
    let mut area = ScrollArea::vertical()
        .id_salt(("annotations", article.key))
        .auto_shrink([false, false]);
    let marks = article.workspace.marks();
    if let Some(id) = view.scroll_to.take() {
        let rank = match (&view.search, is_filtered) {
            (Some(search), true) => search.found().iter().position(|known| *known == id),
            _ => marks.order_mark(id).map(|mark| marks.order().rank(&mark)),
        };
        let id_of_area = ui.make_persistent_id(("annotations", article.key));
        let known = egui::scroll_area::State::load(ui.ctx(), id_of_area)
            .map(|state| state.clamped_offset().y);
        if let Some(rank) = rank {
            let top = rank as f32 * (height + 2.0);
            let room = ui.available_height();
            let seen = known.unwrap_or(0.0);
            if top < seen || top + height > seen + room {
                // Beyond the end, the list would come back over many frames, and rows would move under the pointer.
                let end = n_rows as f32 * (height + 2.0) - 2.0 - room;
                let offset = (top - room / 3.0).min(end).max(0.0);
                area = area.vertical_scroll_offset(offset);
            }
        }
    }
    let set = article.workspace.set();
    area.show_rows(ui, height, n_rows, |ui, visible| {
        for rank in visible {
            let id = match (&view.search, is_filtered) {
                (Some(search), true) => search.found().get(rank).copied(),
                _ => marks.order().get(rank).map(|mark| mark.id),
            };
            let Some(annotation) = id.and_then(|id| set.annotations.get(&id)) else {
                continue;
            };
            let placement = marks.placement(annotation.id);
            let row = Row::new(annotation, set, placement);
            ui.push_id(row.id, |ui| {
                show_row(ui, &row, annotation, article, engine, theme, sender);
            });
        }
    });
}

fn show_row(
    ui: &mut Ui,
    row: &Row,
    annotation: &Annotation,
    article: &ArticleData<'_>,
    engine: &mut TextEngine,
    theme: &Theme,
    sender: &CommandSender,
) {
    let colours = &theme.colours;
    let size = vec2(ui.available_width(), theme.sizes.annotation_row);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let is_chosen = article.chosen == Some(row.id);
    let set = article.workspace.set();
    response.widget_info(|| {
        let tags: Vec<_> = annotation
            .tags
            .iter()
            .take(MAX_LOOKS)
            .map(|tag| short::name(set.tag_name(tag)))
            .collect();
        let tags = if tags.is_empty() {
            "Highlight".to_owned()
        } else {
            tags.join(", ")
        };
        WidgetInfo::selected(
            Role::ListItem,
            true,
            is_chosen,
            format!("{tags}: {}", row.quote),
        )
    });
    let ground = if is_chosen {
        colours.accent_ground
    } else if response.hovered() {
        colours.hover
    } else {
        egui::Color32::TRANSPARENT
    };
    let radius = f32::from(theme.sizes.radius);
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, radius, ground);
    if response.has_focus() || is_chosen {
        let width = if response.has_focus() { 2.0 } else { 1.0 };
        let stroke = egui::Stroke::new(width, colours.accent);
        painter.rect_stroke(rect, radius, stroke, egui::StrokeKind::Inside);
    }
    let looks: Vec<_> = annotation
        .tags
        .iter()
        .filter_map(|tag| article.looks.of(tag))
        .take(MAX_LOOKS)
        .collect();
    bars(&painter, rect, &looks, article.looks, radius);

    let top = rect.top() + 16.0;
    let mut right = rect.right() - 8.0;
    let small = theme.sizes.small;
    let glyph = |icon: Icon, right: &mut f32| {
        let square = Rect::from_center_size(pos2(*right - 7.0, top), Vec2::splat(13.0));
        paint_icon(&painter, square, icon, colours.faint);
        *right -= 19.0;
    };
    if row.n_comments > 0 {
        glyph(Icon::Comment, &mut right);
    }
    if row.has_note {
        glyph(Icon::Note, &mut right);
    }
    if row.is_moved {
        glyph(Icon::Moved, &mut right);
    }
    let head = painter.with_clip_rect(Rect::from_min_max(
        pos2(rect.left(), rect.top()),
        pos2(right, rect.bottom()),
    ));
    let mut left = rect.left() + 14.0;
    if looks.is_empty() {
        let words = head.text(
            pos2(left, top),
            Align2::LEFT_CENTER,
            "Highlight",
            Theme::bold(small),
            colours.muted,
        );
        left = words.right() + 10.0;
    }
    for look in looks {
        left = tag_label(&head, pos2(left, top), look, small) + 10.0;
    }
    if !row.speaker.is_empty() {
        let place = Rect::from_min_max(pos2(left, top - 9.0), pos2(right, top + 9.0));
        let font = FontId::proportional(small);
        words_line(ui, engine, place, &row.speaker, font, colours.muted);
    }
    let words = Rect::from_min_max(
        pos2(rect.left() + 14.0, rect.top() + 28.0),
        pos2(rect.right() - 10.0, rect.bottom() - 6.0),
    );
    let mut quote = ui.new_child(UiBuilder::new().max_rect(words));
    quote.set_clip_rect(words.intersect(ui.clip_rect()));
    engine.label(&mut quote, &row.quote, theme.sizes.quote, colours.text, 2);
    if response.clicked() {
        sender.send(AppCommand::GoTo(row.id));
    }
    if response.double_clicked() {
        sender.send(AppCommand::FocusNote);
    }
    response.context_menu(|ui| {
        let item = |ui: &mut Ui, text: &str, command: Option<AppCommand>| {
            if ui.button(text).clicked() {
                sender.send(AppCommand::GoTo(row.id));
                sender.send_some(command);
                ui.close();
            }
        };
        item(ui, "Go to", None);
        item(ui, "Edit note", Some(AppCommand::FocusNote));
        item(ui, "Set speaker", Some(AppCommand::FocusSpeaker));
        ui.separator();
        if ui.button("Remove annotation").clicked() {
            sender.send(AppCommand::Remove(row.id));
            ui.close();
        }
    });
}

/// The colours of the tags down the left edge, one below the other.
fn bars(
    painter: &egui::Painter,
    rect: Rect,
    looks: &[&crate::reader::Look],
    all: &Looks,
    radius: f32,
) {
    let plain = [all.plain()];
    let looks = if looks.is_empty() { &plain[..] } else { looks };
    let bar = Rect::from_min_size(
        pos2(rect.left() + 3.0, rect.top() + radius),
        vec2(4.0, rect.height() - 2.0 * radius),
    );
    let part = bar.height() / looks.len() as f32;
    for (idx, look) in looks.iter().enumerate() {
        let top = bar.top() + idx as f32 * part;
        let piece = Rect::from_min_size(pos2(bar.left(), top), vec2(bar.width(), part - 1.0));
        painter.rect_filled(piece, 2.0, look.ink);
    }
}
