//! What came of a merge, in sentences.

use crate::app::{
    base::widgets::count,
    session::notices::{Weight, sentence},
    tools::review::{comparison::Other, merging::MergedVersions},
};

/// Most notes about a merge that are told.
const MAX_NOTES: usize = 3;

/// What came of it, in sentences, and how much that matters.
pub fn told(merged: &MergedVersions) -> (Weight, String) {
    let whose = match merged.comparison.other {
        Other::OnDisk => "their version",
        Other::Copy(_) => "the copy",
        Other::Earlier(_) => "the earlier version",
    };
    let mut sentences = vec![match merged.n_taken {
        0 => format!("Nothing in {whose} was new."),
        1 => format!("1 change from {whose} was added."),
        n => format!("{} changes from {whose} were added.", count(n)),
    }];
    let unknown = match merged.has_base {
        true => "",
        false => " The common earlier version is unknown, so every difference is a conflict.",
    };
    sentences.push(match merged.n_conflicts {
        0 if merged.n_old_conflicts > 0 => "No new conflicts.".to_owned(),
        0 => "No conflicts.".to_owned(),
        1 => format!("1 conflict remains. The file keeps both values and shows one of them.{unknown} Choose in “Resolve conflicts…”."),
        n => format!("{} conflicts remain. The file keeps both values of each and shows one of them.{unknown} Choose in “Resolve conflicts…”.", count(n)),
    });
    match merged.n_old_conflicts {
        0 => {}
        1 => sentences.push("1 earlier conflict is still open.".to_owned()),
        n => sentences.push(format!("{} earlier conflicts are still open.", count(n))),
    }
    if !merged.is_theirs {
        sentences.push("Save to keep the result.".to_owned());
    }
    let notes = merged.notes.iter().take(MAX_NOTES);
    sentences.extend(notes.map(|note| sentence(note)));
    let n_more = merged.notes.len().saturating_sub(MAX_NOTES);
    if n_more > 0 {
        sentences.push(format!("And {} more remarks.", count(n_more)));
    }
    let weight = if merged.n_conflicts > 0 || !merged.notes.is_empty() {
        Weight::Warning
    } else {
        Weight::Info
    };
    (weight, sentences.join(" "))
}
