//! How to begin, and all keys: written from the command table, so it cannot be out of date.

use crate::{
    app::{
        base::{
            action::{Menu, pane_key_text},
            form::{primary, scrolled, title},
            theme::Theme,
            widgets::{TextField, count, key_cap},
        },
        core::{
            command::{AppCommand, CommandSender},
            view::scene::Scene,
        },
    },
    reader::PANE_KEYS,
    search::fold,
};
use egui::{Align, Id, Layout, RichText, Ui, accesskit::Role};

/// What is typed in the filter.
#[derive(Default)]
pub struct View {
    words: String,
    has_focus: bool,
}

/// Actions or tags under one heading.
struct Section {
    name: &'static str,
    lines: Vec<Line>,
}

/// One of them.
struct Line {
    text: String,
    tooltip: &'static str,
    keys: Vec<String>,
}

/// Narrowest width, in points, of two columns.
const TWO_COLUMNS: f32 = 620.0;
/// Longest words of the filter, in code points.
const MAX_WORDS: usize = 100;

/// Draws the page.
pub fn show(ui: &mut Ui, data: &Scene<'_>, view: &mut View, sender: &CommandSender) {
    let theme = data.theme;
    title(ui, "Keys and help", theme);
    let field = TextField {
        role: Role::SearchInput,
        ..TextField::line(Id::unique("help words"), "Filter keys", MAX_WORDS).hint("Filter keys")
    };
    let response = field.show(ui, &mut view.words);
    if !std::mem::replace(&mut view.has_focus, true) {
        response.request_focus();
    }
    ui.add_space(8.0);
    scrolled(ui, |ui| {
        let words = fold(view.words.trim(), false);
        if words.is_empty() {
            steps(ui, theme);
        }
        let sections = sections(data, &words);
        if sections.is_empty() {
            ui.weak("No key or command matches. Try another word.");
        }
        if ui.available_width() < TWO_COLUMNS {
            for section in &sections {
                show_section(ui, section, theme);
            }
            return;
        }
        let (left, right) = sections.split_at(half(&sections));
        ui.columns(2, |columns| {
            for (column, sections) in columns.iter_mut().zip([left, right]) {
                for section in sections {
                    show_section(column, section, theme);
                }
            }
        });
    });
    ui.add_space(12.0);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if ui.add(primary("Close", theme)).clicked() {
            sender.send(AppCommand::CloseDialog);
        }
    });
}

/// How to begin.
fn steps(ui: &mut Ui, theme: &Theme) {
    let steps = [
        "Open an article: drop a text file on the window, or use Open.",
        "Select a passage: drag, double-click a word, or hold Shift and use the arrow keys.",
        "Press a tag's number. Several numbers add several tags; the same number again removes the tag.",
        "Press Enter for a note, S for the speaker, N for the next annotation.",
        "Save. Annotations are kept in a text file beside the article. The article itself is never changed.",
    ];
    for (idx, step) in steps.iter().enumerate() {
        ui.horizontal_top(|ui| {
            ui.label(RichText::new(format!("{}.", idx + 1)).color(theme.colours.faint));
            ui.add(egui::Label::new(RichText::new(*step).color(theme.colours.text)).wrap());
        });
    }
}

/// Tags, the actions of each menu and the keys of the text, as far as they have `words` in what is said about them.
fn sections(data: &Scene<'_>, words: &str) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut push = |name, lines: Vec<Line>| {
        let has_words = |line: &Line| {
            let keys = line.keys.join(" ");
            let about = format!("{} {} {keys}", line.text, line.tooltip);
            fold(&about, false).contains(words)
        };
        let lines: Vec<Line> = lines.into_iter().filter(has_words).collect();
        if !lines.is_empty() {
            sections.push(Section { name, lines });
        }
    };
    let tags = data.tags.iter().map(|tag| Line {
        text: format!("Tag as {}", tag.name),
        tooltip: "",
        keys: Vec::from_iter(tag.key.map(|key| key.to_uppercase().to_string())),
    });
    let n_all = data.all_tags().map_or(0, |tags| tags.len());
    let n_more = n_all.saturating_sub(data.tags.len());
    let more = (n_more > 0).then(|| Line {
        text: format!("and {} more in the tag list", count(n_more)),
        tooltip: "",
        keys: Vec::new(),
    });
    push("Tags", tags.chain(more).collect());
    for menu in Menu::ALL {
        let rows = data.actions.all().iter().map(|action| action.row);
        let rows = rows.filter(|row| row.menu == menu && !row.keys.is_empty());
        let lines = rows.map(|row| Line {
            text: row.text.to_owned(),
            tooltip: row.tooltip,
            keys: row.key_texts(data.is_mac),
        });
        push(menu.title(), lines.collect());
    }
    let keys = PANE_KEYS
        .into_iter()
        .map(|(key, with_command, _, does)| Line {
            text: does.to_owned(),
            tooltip: "",
            keys: vec![pane_key_text(key, with_command, data.is_mac)],
        });
    push("In the text (add Shift to select)", keys.collect());
    sections
}

/// How many sections fill the first of two columns.
fn half(sections: &[Section]) -> usize {
    let rows =
        |sections: &[Section]| -> usize { sections.iter().map(|it| it.lines.len() + 2).sum() };
    let all = rows(sections);
    let fits = |n: &usize| 2 * rows(sections.get(..*n).unwrap_or_default()) >= all;
    (0..sections.len()).find(fits).unwrap_or(sections.len())
}

fn show_section(ui: &mut Ui, known: &Section, theme: &Theme) {
    section(ui, known.name, theme);
    for known in &known.lines {
        line(ui, &known.text, known.tooltip, known.keys.clone(), theme);
    }
}

fn section(ui: &mut Ui, name: &str, theme: &Theme) {
    ui.add_space(14.0);
    ui.label(
        RichText::new(name)
            .font(Theme::bold(theme.sizes.body))
            .color(theme.colours.accent),
    );
    ui.add_space(2.0);
}

fn line(
    ui: &mut Ui,
    text: &str,
    tooltip: &str,
    keys: impl IntoIterator<Item = String>,
    theme: &Theme,
) {
    ui.horizontal(|ui| {
        let label = ui.label(RichText::new(text).color(theme.colours.text));
        if !tooltip.is_empty() {
            label.on_hover_text(tooltip);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(12.0);
            let keys: Vec<String> = keys.into_iter().collect();
            for key in keys.iter().rev() {
                key_cap(ui, key, theme);
            }
        });
    });
}
