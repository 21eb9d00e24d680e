//! What must be known about the article before anything is done to it: a strip over the text.

use crate::app::{
    base::{
        paths::shown_file_name,
        short,
        theme::Theme,
        widgets::{self, count},
    },
    core::command::{AppCommand, CommandSender},
    session::{article::ArticleKey, event::DialogKind},
};
use egui::Ui;
use std::path::PathBuf;

/// What a strip says.
pub enum Data {
    /// Nothing may be changed, and why; with the article if that may have changed by now.
    ReadOnly(String, Option<ArticleKey>),
    /// The annotation file cannot be read, and why.
    Damaged(String, ArticleKey),
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
            Self::Damaged(_, key) => {
                Some(("Recover…", AppCommand::Show(DialogKind::Damaged(*key))))
            }
            Self::MergeLeft(_) => None,
            Self::Theirs(key) => Some(("Compare…", AppCommand::Show(DialogKind::Theirs(*key)))),
            Self::Copy { key, path, .. } => Some((
                "Compare…",
                AppCommand::Show(DialogKind::Copy(*key, path.clone())),
            )),
            Self::TextChanged { .. } => Some(("Use this version", AppCommand::AdoptText)),
        }
    }
}

/// Draws one strip.
pub fn show(ui: &mut Ui, data: &Data, theme: &Theme, sender: &CommandSender) {
    let offer = data.offer();
    let button = offer.as_ref().map(|(text, _)| *text);
    if widgets::strip(ui, &data.text(), button, theme) {
        sender.send_some(offer.map(|(_, command)| command));
    }
}

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
    use crate::app::core::view::banner::changed;

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
