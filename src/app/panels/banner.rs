//! What must be known about the article before anything is done to it: a strip over the text.

use crate::app::{
    command::{AppCommand, CommandSender},
    theme::Theme,
    widgets::{count, warning},
};
use egui::{Align, Frame, Layout, Margin, Ui};

/// What a strip says.
pub enum Data {
    /// Nothing may be changed, and why.
    ReadOnly(String),
    /// The text is another one than the annotations were made on.
    TextChanged {
        /// How many annotations stand where they were marked.
        n_found: usize,
        /// How many stand elsewhere.
        n_moved: usize,
        /// How many were not found, or in several places.
        n_unplaced: usize,
    },
}

/// Draws one strip.
pub fn show(ui: &mut Ui, data: &Data, theme: &Theme, sender: &CommandSender) {
    let colours = &theme.colours;
    Frame::NONE
        .fill(colours.warning_ground)
        .inner_margin(Margin::symmetric(16, 6))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let (text, offers_adoption) = match data {
                Data::ReadOnly(reason) => (format!("Read-only. {reason}"), false),
                Data::TextChanged {
                    n_found,
                    n_moved,
                    n_unplaced,
                } => (changed(*n_found, *n_moved, *n_unplaced), true),
            };
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                if offers_adoption && ui.button("Adopt this text").clicked() {
                    sender.send(AppCommand::AdoptText);
                }
                warning(ui, &text, colours.warning);
            });
        });
}

/// What became of the passages, in one sentence.
fn changed(n_found: usize, n_moved: usize, n_unplaced: usize) -> String {
    let mut parts = Vec::new();
    match (n_found, n_moved, n_unplaced) {
        (_, 0, 0) => parts.push("all passages stand where they were".to_owned()),
        (0, ..) => {}
        (1, ..) => parts.push("1 passage stands where it was".to_owned()),
        _ => parts.push(format!("{} passages stand where they were", count(n_found))),
    }
    match n_moved {
        0 => {}
        1 => parts.push("1 has moved".to_owned()),
        _ => parts.push(format!("{} have moved", count(n_moved))),
    }
    match n_unplaced {
        0 => {}
        1 => parts.push("1 was not found".to_owned()),
        _ => parts.push(format!("{} were not found", count(n_unplaced))),
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
        check(5, 0, 0, "all passages stand where they were.");
        check(
            1,
            1_200,
            1,
            "1 passage stands where it was, 1,200 have moved, 1 was not found.",
        );
        check(
            2,
            0,
            3,
            "2 passages stand where they were, 3 were not found.",
        );
    }
}
