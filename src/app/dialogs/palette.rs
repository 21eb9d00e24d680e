//! All commands and tags, found by typing parts of their names.

use super::Data;
use crate::app::{
    command::{AppCommand, CommandSender, UiCommand},
    widgets::paint_key_at,
};
use egui::{
    Align2, FontId, Id, Key, Modifiers, ScrollArea, Sense, TextEdit, Ui, WidgetInfo,
    accesskit::Role, pos2, vec2,
};

/// What is being typed.
#[derive(Default)]
pub struct View {
    words: String,
    chosen: usize,
    has_focus: bool,
}

/// One entry.
struct Entry {
    text: String,
    group: &'static str,
    key: String,
    command: Option<AppCommand>,
    score: i32,
}

const ROW_HEIGHT: f32 = 36.0;

/// Draws the field and the entries that fit.
pub fn show(ui: &mut Ui, data: &Data<'_>, view: &mut View, sender: &CommandSender) {
    let theme = data.theme;
    let (up, down, enter) = ui.input_mut(|input| {
        (
            input.consume_key(Modifiers::NONE, Key::ArrowUp),
            input.consume_key(Modifiers::NONE, Key::ArrowDown),
            input.consume_key(Modifiers::NONE, Key::Enter),
        )
    });
    let response = ui.add(
        TextEdit::singleline(&mut view.words)
            .id(Id::unique("palette words"))
            .hint_text("What do you want to do?")
            .desired_width(f32::INFINITY)
            .margin(egui::Margin::symmetric(10, 10)),
    );
    response.widget_info(|| WidgetInfo::labeled(Role::SearchInput, true, "Find a command"));
    if !std::mem::replace(&mut view.has_focus, true) {
        response.request_focus();
    }
    if response.changed() {
        view.chosen = 0;
    }
    let mut entries = entries(data, view.words.trim());
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
        ui.vertical_centered(|ui| ui.weak("No command has this name. Try another word."));
        ui.add_space(12.0);
        return;
    }
    let mut picked = enter.then_some(view.chosen);
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical()
        .max_height(ROW_HEIGHT * 10.0)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            for (idx, entry) in entries.iter().enumerate() {
                let is_chosen = idx == view.chosen;
                let size = vec2(ui.available_width(), ROW_HEIGHT);
                let (rect, response) = ui.allocate_exact_size(size, Sense::click());
                let is_possible = entry.command.is_some();
                response.widget_info(|| {
                    WidgetInfo::selected(Role::ListItem, is_possible, is_chosen, &entry.text)
                });
                if is_chosen {
                    ui.painter()
                        .rect_filled(rect, 6.0, theme.colours.accent_ground);
                    if up || down {
                        response.scroll_to_me(None);
                    }
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
                if response.clicked() {
                    picked = Some(idx);
                }
            }
        });
    if let Some(idx) = picked
        && idx < entries.len()
    {
        let entry = entries.swap_remove(idx);
        if let Some(command) = entry.command {
            sender.send(AppCommand::CloseDialog);
            sender.send(command);
        }
    }
}

fn entries(data: &Data<'_>, words: &str) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    for command in UiCommand::ALL {
        let row = command.row();
        let text = if row.submenu.is_empty() {
            command.label(data.environment)
        } else {
            format!("{}: {}", row.submenu, row.text)
        };
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
            key: command.key_text(data.is_mac),
            command: command.resolve(data.environment),
            score: score + in_name,
        });
    }
    let can_tag = data
        .environment
        .editable()
        .is_some_and(|article| article.has_selection || article.chosen.is_some());
    for tag in data.tags {
        let text = format!("Tag as {}", tag.name);
        if let Some(score) = score(words, &text) {
            found.push(Entry {
                text,
                group: "Tag",
                key: tag
                    .key
                    .map_or_else(String::new, |key| key.to_uppercase().to_string()),
                command: can_tag.then(|| AppCommand::Tag(tag.id.clone())),
                score: score + 1_000,
            });
        }
    }
    if !words.is_empty() {
        found.sort_by_key(|entry| (entry.command.is_none(), -entry.score));
    }
    found
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
    use super::score;

    #[test]
    fn beginnings_of_words_come_first() {
        assert!(score("sav", "Save all") > score("ave", "Save all"));
        assert!(score("ave", "Save all") > score("sall", "Save all"));
        assert_eq!(score("zzz", "Save all"), None);
        assert_eq!(score("", "Save all"), Some(0));
        assert!(score("all save", "Save all").is_some());
    }
}
