//! All commands and tags, found by typing parts of their names.

use crate::{
    annotation::{Tag, TagId},
    app::{
        base::{
            action::ActionId,
            short,
            widgets::{TextField, paint_key_at},
        },
        core::{command::AppCommand, view::scene::Scene},
    },
};
use egui::{
    Align2, FontId, Id, Key, Modifiers, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    accesskit::Role, pos2, vec2,
};

/// What is being typed.
#[derive(Default)]
pub struct View {
    words: String,
    chosen: usize,
    has_focus: bool,
    tags: FoundTags,
    /// How far the list is scrolled.
    offset: f32,
}

/// The tags that fit the words, as far as they were looked through.
#[derive(Default)]
struct FoundTags {
    words: String,
    n_all: usize,
    n_seen: usize,
    is_done: bool,
    /// Score and place in the order of the tags.
    best: Vec<(i32, usize)>,
}

/// Tags that are looked at in one frame: some two milliseconds.
const TAGS_A_FRAME: usize = 2_000;
/// Most tags that are listed.
const MAX_TAGS: usize = 100;
/// Longest words that are looked for, in code points.
const MAX_WORDS: usize = 200;

/// What an entry does.
enum Does {
    Act(ActionId),
    Tag(TagId),
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
    view.look_for_tags(data);
    if !view.tags.is_done {
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
    let mut area = ScrollArea::vertical()
        .max_height(ROW_HEIGHT * 10.0)
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
            Does::Tag(id) => data.core.send(AppCommand::Tag(id)),
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
    let words = ui.painter().text(
        pos2(rect.left() + 10.0, rect.center().y),
        Align2::LEFT_CENTER,
        &entry.text,
        FontId::proportional(theme.sizes.body),
        colour,
    );
    ui.painter().text(
        pos2(words.right() + 10.0, rect.center().y),
        Align2::LEFT_CENTER,
        entry.group,
        FontId::proportional(theme.sizes.small),
        theme.colours.faint,
    );
    if !entry.key.is_empty() {
        let right = pos2(rect.right() - 10.0, rect.center().y);
        paint_key_at(ui.painter(), right, &entry.key, theme);
    }
    response.clicked()
}

/// How far the list is scrolled so that the entry `chosen` is in sight, starting from `offset`.
fn offset_that_shows(chosen: usize, offset: f32) -> f32 {
    let top = chosen as f32 * ROW_HEIGHT;
    offset.clamp((top - 9.0 * ROW_HEIGHT).max(0.0), top)
}

impl View {
    /// Goes on looking through the tags for what is typed, so many in each frame.
    fn look_for_tags(&mut self, data: &Scene<'_>) {
        let tags = data.all_tags().map_or(&[][..], |tags| tags.all());
        let words = self.words.trim();
        if self.tags.words != words || self.tags.n_all != tags.len() {
            self.tags = FoundTags {
                words: words.to_owned(),
                n_all: tags.len(),
                ..FoundTags::default()
            };
        }
        let found = &mut self.tags;
        let next = tags.get(found.n_seen..).unwrap_or_default();
        for (idx, tag) in next.iter().take(TAGS_A_FRAME).enumerate() {
            let text = tag_text(tag);
            if let Some(score) = score(words, &text) {
                found.best.push((score, found.n_seen + idx));
            }
        }
        found.n_seen += next.len().min(TAGS_A_FRAME);
        found.is_done = found.n_seen == tags.len();
        if !words.is_empty() {
            // Of equally good ones the first stays before the next.
            found.best.sort_by_key(|(score, idx)| (-score, *idx));
        }
        found.best.truncate(MAX_TAGS);
    }
}

fn tag_text(tag: &Tag) -> String {
    format!("Tag as {}", short::name(&tag.name))
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
        let Some(score) = score(
            words,
            &format!("{text} {} {}", row.menu.title(), row.tooltip),
        ) else {
            continue;
        };
        let in_name = i32::from(self::score(words, &text).is_some()) * 1_000;
        found.push(Entry {
            text,
            group: row.menu.title(),
            key: row.key_text(data.is_mac),
            does: action.is_enabled.then_some(Does::Act(action.id)),
            score: score + in_name,
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
                does: can_tag.then(|| Does::Tag(tag.id.clone())),
                score: score + 1_000,
            });
        }
    }
    if !words.is_empty() {
        found.sort_by_key(|entry| (entry.does.is_none(), -entry.score));
    }
    found
}

/// Whether `text` starts with `words`, whatever their case.
fn starts(text: &str, words: &str) -> bool {
    text.to_lowercase().starts_with(&words.to_lowercase())
}

/// How well the letters of `words` are found in `text`, in order; `None` when they are not. Whole words and
/// beginnings of words count most.
pub fn score(words: &str, text: &str) -> Option<i32> {
    let text = text.to_lowercase();
    let mut total = 0;
    for word in words.to_lowercase().split_whitespace() {
        let by_substring = text.find(word).map(|at| {
            let before = text.get(..at).and_then(|head| head.chars().next_back());
            let starts_word = before.is_none_or(|c| !c.is_alphanumeric());
            if starts_word { 100 } else { 40 }
        });
        total += by_substring.or_else(|| {
            let mut letters = text.chars();
            word.chars()
                .all(|wanted| letters.any(|letter| letter == wanted))
                .then_some(5)
        })?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use crate::app::tools::palette::view::score;

    #[test]
    fn beginnings_of_words_come_first() {
        assert!(score("sav", "Save all") > score("ave", "Save all"));
        assert!(score("ave", "Save all") > score("sall", "Save all"));
        assert_eq!(score("zzz", "Save all"), None);
        assert_eq!(score("", "Save all"), Some(0));
        assert!(score("all save", "Save all").is_some());
    }
}
