//! What must be known about the article before anything is done to it: a strip over the text.

use crate::app::{
    command::{AppCommand, ArticleKey, CommandSender},
    recovery::UnsavedId,
    short,
    state::shown_file_name,
    theme::Theme,
    widgets::{count, warning},
};
use egui::{Align, Frame, Layout, Margin, Ui};
use std::path::PathBuf;

/// What a strip says.
pub enum Data {
    /// Nothing may be changed, and why; with the article if that may have changed by now.
    ReadOnly(String, Option<ArticleKey>),
    /// The annotation file cannot be read, and why.
    Damaged(String, ArticleKey),
    /// There is unsaved work on the article, of a program that has ended.
    UnsavedWork(UnsavedId),
    /// git has not merged the annotation file, and what to do.
    MergeLeft(String),
    /// Somebody else has saved the annotations while some here were unsaved.
    Theirs(ArticleKey),
    /// A synchronising service has laid a copy beside the annotation file.
    Copy {
        /// The article.
        key: ArticleKey,
        /// The copy.
        path: PathBuf,
        /// How many more there are.
        n_more: usize,
    },
    /// The text is another one than the annotations were made on.
    TextChanged {
        /// How many annotations stand where they were marked.
        n_found: usize,
        /// How many stand elsewhere.
        n_moved: usize,
        /// How many have changed, stand in several places, or were not found.
        n_unplaced: usize,
    },
}

impl Data {
    fn text(&self) -> String {
        match self {
            Self::ReadOnly(reason, _) => format!("Read-only. {}", short::page(reason)),
            Self::Damaged(reason, _) => {
                format!("The annotations cannot be read. {}", short::page(reason))
            }
            Self::MergeLeft(words) => short::page(words).into_owned(),
            Self::UnsavedWork(_) => {
                "This article has unsaved work from before the program ended.".to_owned()
            }
            Self::Theirs(_) => {
                "Somebody else saved these annotations. Choose what to keep before you save."
                    .to_owned()
            }
            Self::Copy { path, n_more, .. } => {
                let more = match n_more {
                    0 => String::new(),
                    n => format!(" and {} more", count(*n)),
                };
                let name = shown_file_name(path);
                format!(
                    "A sync program left a conflicting copy beside the annotation file: {name}{more}."
                )
            }
            Self::TextChanged {
                n_found,
                n_moved,
                n_unplaced,
            } => changed(*n_found, *n_moved, *n_unplaced),
        }
    }

    /// What can be done about it: what the button says, and what it does.
    fn offer(&self) -> Option<(&'static str, AppCommand)> {
        match self {
            Self::ReadOnly(_, key) => key.map(|key| ("Retry editing", AppCommand::TryLock(key))),
            Self::Damaged(_, key) => Some(("Recover…", AppCommand::Salvage(*key))),
            Self::MergeLeft(_) => None,
            Self::UnsavedWork(id) => Some(("Review…", AppCommand::LookAtUnsavedWork(*id))),
            Self::Theirs(key) => Some(("Compare…", AppCommand::Compare(*key))),
            Self::Copy { key, path, .. } => {
                Some(("Compare…", AppCommand::LookAtCopy(*key, path.clone())))
            }
            Self::TextChanged { .. } => Some(("Use this version", AppCommand::AdoptText)),
        }
    }
}

/// Draws one strip.
pub fn show(ui: &mut Ui, data: &Data, theme: &Theme, sender: &CommandSender) {
    let colours = &theme.colours;
    Frame::NONE
        .fill(colours.warning_ground)
        .inner_margin(Margin::symmetric(16, 6))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let words = |ui: &mut Ui| warning(ui, &data.text(), colours.warning);
            let offer = |ui: &mut Ui| {
                if let Some((text, command)) = data.offer()
                    && ui.button(text).clicked()
                {
                    sender.send(command);
                }
            };
            if ui.available_width() < NARROW {
                ui.with_layout(Layout::left_to_right(Align::Min), words);
                ui.with_layout(Layout::right_to_left(Align::Min), offer);
            } else {
                ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                    offer(ui);
                    words(ui);
                });
            }
        });
}

/// In a strip narrower than this, in points, the button stands below the words: beside it they would be a column.
const NARROW: f32 = 420.0;

/// What became of the passages, in one sentence.
fn changed(n_found: usize, n_moved: usize, n_unplaced: usize) -> String {
    let mut parts = Vec::new();
    match (n_found, n_moved, n_unplaced) {
        (_, 0, 0) => parts.push("all passages were found where they were".to_owned()),
        (0, ..) => {}
        (1, ..) => parts.push("1 passage is where it was".to_owned()),
        _ => parts.push(format!("{} passages are where they were", count(n_found))),
    }
    match n_moved {
        0 => {}
        1 => parts.push("1 moved".to_owned()),
        _ => parts.push(format!("{} moved", count(n_moved))),
    }
    match n_unplaced {
        0 => {}
        1 => parts.push("1 needs review".to_owned()),
        _ => parts.push(format!("{} need review", count(n_unplaced))),
    }
    let parts = parts.join(", ");
    format!("This article has changed since it was annotated: {parts}.")
}

#[cfg(test)]
mod tests {
    use super::changed;

    #[test]
    fn what_became_of_the_passages() {
        let check = |found, moved, lost, ending: &str| {
            let text = changed(found, moved, lost);
            assert!(text.ends_with(ending), "{text}");
        };
        check(5, 0, 0, "all passages were found where they were.");
        check(
            1,
            1_200,
            1,
            "1 passage is where it was, 1,200 moved, 1 needs review.",
        );
        check(2, 0, 3, "2 passages are where they were, 3 need review.");
    }
}
