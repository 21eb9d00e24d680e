//! All commands and tags, found by typing parts of their names.

use super::found::{FoundAnnotations, FoundTags, IN_NAME, INSIDE, SCATTERED, score, tag_text};
use crate::app::{
    base::{
        action::ActionId,
        quotes::short_quote,
        widgets::{TextField, paint_key_at},
    },
    core::{command::AppCommand, view::scene::Scene},
};
use egui::{
    FontId, Id, Key, Modifiers, RichText, ScrollArea, Sense, Stroke, StrokeKind, TextWrapMode, Ui,
    WidgetInfo, WidgetText, accesskit::Role, pos2, vec2,
};
use std::path::Path;

/// What is being typed.
#[derive(Default)]
pub struct View {
    words: String,
    chosen: usize,
    has_focus: bool,
    tags: FoundTags,
    annotations: FoundAnnotations,
    /// How far the list is scrolled.
    offset: f32,
}

/// Longest words that are looked for, in code points.
const MAX_WORDS: usize = 200;

/// Longest quotation, in code points.
const QUOTE_CHARS: usize = 60;

/// What an entry does.
enum Does {
    Act(ActionId),
    Core(AppCommand),
}

/// One entry.
struct Entry {
    text: String,
    group: &'static str,
    key: String,
    /// `None` when it makes no sense now.
    does: Option<Does>,
    score: i32,
}

const ROW_HEIGHT: f32 = 36.0;
/// Most entries in sight.
const MAX_ROWS: usize = 10;

/// Draws the field and the entries that fit.
pub fn show(ui: &mut Ui, data: &Scene<'_>, view: &mut View) {
    let (up, down, enter) = ui.input_mut(|input| {
        (
            input.consume_key(Modifiers::NONE, Key::ArrowUp),
            input.consume_key(Modifiers::NONE, Key::ArrowDown),
            input.consume_key(Modifiers::NONE, Key::Enter),
        )
    });
    let field = TextField {
        role: Role::SearchInput,
        margin: egui::Margin::symmetric(10, 10),
        ..TextField::line(Id::unique("palette words"), "Find a command", MAX_WORDS)
            .hint("What do you want to do?")
    };
    let response = field.show(ui, &mut view.words);
    if !std::mem::replace(&mut view.has_focus, true) {
        response.request_focus();
    }
    if response.changed() {
        view.chosen = 0;
    }
    view.tags.look_on(&view.words, data);
    view.annotations.look_on(&view.words, data);
    if !view.tags.is_done || !view.annotations.is_done {
        ui.ctx().request_repaint();
    }
    let mut entries = entries(data, view);
    let last = entries.len().saturating_sub(1);
    if down {
        view.chosen = (view.chosen + 1).min(last);
    }
    if up {
        view.chosen = view.chosen.saturating_sub(1);
    }
    ui.add_space(6.0);
    if entries.is_empty() {
        ui.add_space(12.0);
        ui.vertical_centered(|ui| ui.weak("No command matches. Try another word."));
        ui.add_space(12.0);
        return;
    }
    let mut picked = enter.then_some(view.chosen);
    ui.spacing_mut().item_spacing.y = 0.0;
    // As high as its entries: without the least height it would stay as low as it once was.
    let height = ROW_HEIGHT * entries.len().min(MAX_ROWS) as f32;
    let mut area = ScrollArea::vertical()
        .max_height(height)
        .min_scrolled_height(height)
        .auto_shrink([false, true]);
    if up || down {
        area = area.vertical_scroll_offset(offset_that_shows(view.chosen, view.offset));
    }
    let n_entries = entries.len();
    let output = area.show_rows(ui, ROW_HEIGHT, n_entries, |ui, in_sight| {
        for idx in in_sight {
            if let Some(entry) = entries.get(idx)
                && show_row(ui, data, entry, idx == view.chosen)
            {
                picked = Some(idx);
            }
        }
    });
    view.offset = output.state.clamped_offset().y;
    if let Some(idx) = picked
        && idx < entries.len()
    {
        let entry = entries.swap_remove(idx);
        let Some(does) = entry.does else { return };
        data.core.send(AppCommand::CloseDialog);
        match does {
            Does::Act(id) => data.act.send(id),
            Does::Core(command) => data.core.send(command),
        }
    }
}

/// Draws one entry; returns whether it was clicked.
fn show_row(ui: &mut Ui, data: &Scene<'_>, entry: &Entry, is_chosen: bool) -> bool {
    let theme = data.theme;
    let size = vec2(ui.available_width(), ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let is_possible = entry.does.is_some();
    response
        .widget_info(|| WidgetInfo::selected(Role::ListItem, is_possible, is_chosen, &entry.text));
    if is_chosen {
        let painter = ui.painter();
        painter.rect_filled(rect, 6.0, theme.colours.accent_ground);
        let edge = Stroke::new(1.0, theme.colours.accent);
        painter.rect_stroke(rect, 6.0, edge, StrokeKind::Inside);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 6.0, theme.colours.hover);
    }
    let colour = if is_possible {
        theme.colours.text
    } else {
        theme.colours.faint
    };
    // The key first, then the group: the name has what is left, and is cut there.
    let mut right = rect.right() - 10.0;
    if !entry.key.is_empty() {
        let at = pos2(right, rect.center().y);
        right = paint_key_at(ui.painter(), at, &entry.key, theme).left() - 10.0;
    }
    let group = ui.painter().layout_no_wrap(
        entry.group.to_owned(),
        FontId::proportional(theme.sizes.small),
        theme.colours.faint,
    );
    let room = right - rect.left() - 20.0 - group.size().x;
    let name = RichText::new(&entry.text).color(colour);
    let name = WidgetText::from(name).into_galley(
        ui,
        Some(TextWrapMode::Truncate),
        room.max(40.0),
        FontId::proportional(theme.sizes.body),
    );
    let left = rect.left() + 10.0;
    let beside = left + name.size().x + 10.0;
    let middle = |height: f32| rect.center().y - height / 2.0;
    let at = pos2(left, middle(name.size().y));
    ui.painter().galley(at, name, colour);
    let at = pos2(beside, middle(group.size().y));
    ui.painter().galley(at, group, theme.colours.faint);
    response.clicked()
}

/// How far the list is scrolled so that the entry `chosen` is in sight, starting from `offset`.
fn offset_that_shows(chosen: usize, offset: f32) -> f32 {
    let top = chosen as f32 * ROW_HEIGHT;
    offset.clamp((top - 9.0 * ROW_HEIGHT).max(0.0), top)
}

fn entries(data: &Scene<'_>, view: &View) -> Vec<Entry> {
    let words = view.words.trim();
    let mut found: Vec<Entry> = Vec::new();
    for action in data.actions.all() {
        let row = action.row;
        let text = if row.submenu.is_empty() {
            action.label.clone().into_owned()
        } else {
            format!("{}: {}", row.submenu, row.text)
        };
        // Letters that happen to be in its name must not end the program.
        if row.name == "Quit" && !starts(&text, words) {
            continue;
        }
        // Of the tooltip only whole words count: letters of anything can be found in a sentence.
        let about = format!("{text} {} {}", row.menu.title(), row.tooltip);
        let in_name = score(words, &text).map(|score| score + IN_NAME);
        let in_tooltip = score(words, &about).filter(|score| *score > SCATTERED);
        let Some(score) = in_name.max(in_tooltip) else {
            continue;
        };
        found.push(Entry {
            text,
            group: row.menu.title(),
            key: row.key_text(data.is_mac),
            does: action.is_enabled.then_some(Does::Act(action.id)),
            score,
        });
    }
    let can_tag = data
        .environment
        .editable()
        .is_some_and(|article| article.has_selection || article.chosen.is_some());
    let tags = data.all_tags().map_or(&[][..], |tags| tags.all());
    for (score, idx) in &view.tags.best {
        if let Some(tag) = tags.get(*idx) {
            found.push(Entry {
                text: tag_text(tag),
                group: "Tag",
                key: tag
                    .key
                    .map_or_else(String::new, |key| key.to_uppercase().to_string()),
                does: can_tag.then(|| Does::Core(AppCommand::Tag(tag.id.clone()))),
                score: score + IN_NAME,
            });
        }
    }
    if !words.is_empty() {
        found.extend(articles(data, words));
        found.extend(annotations(data, view));
        found.sort_by_key(|entry| (entry.does.is_none(), -entry.score));
        // Scattered letters are a last resort.
        if found
            .first()
            .is_some_and(|best| best.score > SCATTERED + IN_NAME)
        {
            found.retain(|entry| entry.score > SCATTERED + IN_NAME);
        }
    }
    found
}

/// The open articles and the recent ones whose names fit.
fn articles(data: &Scene<'_>, words: &str) -> Vec<Entry> {
    let session = data.session;
    let entry = |text: String, group, command| {
        let score = score(words, &text).filter(|score| *score > SCATTERED)?;
        Some(Entry {
            text,
            group,
            key: String::new(),
            does: Some(Does::Core(command)),
            score,
        })
    };
    let open = session.articles.iter().filter_map(|article| {
        let name = session.name_of(article);
        let text = match article.title() {
            title if title == name => name,
            title => format!("{title} ({name})"),
        };
        entry(text, "Article", AppCommand::Activate(article.key))
    });
    let is_open = |path: &Path| session.articles.iter().any(|article| article.path == path);
    let recent = session.preferences.recent.iter();
    let recent = recent.filter(|path| !is_open(path)).filter_map(|path| {
        let command = AppCommand::OpenPaths(vec![path.clone()]);
        entry(session.preferences.known_as(path), "Recent", command)
    });
    open.chain(recent).collect()
}

/// The annotations that were found so far.
fn annotations(data: &Scene<'_>, view: &View) -> Vec<Entry> {
    let Some(article) = data.session.article() else {
        return Vec::new();
    };
    let set = article.workspace.set();
    let found = view.annotations.found.iter();
    found
        .filter_map(|id| {
            let annotation = set.annotations.get(id)?;
            Some(Entry {
                text: short_quote(annotation, QUOTE_CHARS),
                group: "Annotation",
                key: String::new(),
                does: Some(Does::Core(AppCommand::GoTo(*id))),
                // Below commands, whose names are few.
                score: INSIDE,
            })
        })
        .collect()
}

/// Whether `text` starts with `words`, whatever their case.
fn starts(text: &str, words: &str) -> bool {
    text.to_lowercase().starts_with(&words.to_lowercase())
}
