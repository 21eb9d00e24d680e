//! Merging what is open with another version of it.

use super::{edits, outside};
use crate::app::{
    command::CommandSender,
    comparison::{Comparison, Other},
    merging::{self, MergedVersions, Versions},
    notifications::{Offer, Weight, sentence},
    state::AppState,
    widgets::count,
};

/// Most notes about a merge that are told.
const MAX_NOTES: usize = 3;

/// Merges both versions, beside the window.
pub fn start(state: &mut AppState, comparison: Box<Comparison>, sender: &CommandSender) {
    state.dialog = None;
    edits::commit_drafts(state);
    let name = state.preferences.me.name.trim();
    let our_name = if name.is_empty() { "ours" } else { name }.to_owned();
    let Some(article) = state.find(comparison.key) else {
        return;
    };
    if let Some(reason) = article.why_read_only() {
        state
            .notifications
            .warn("This article is read-only", &reason);
        return;
    }
    // Whoever laid a copy there began from something else than what is known here.
    let base = match comparison.other {
        Other::OnDisk => article.outside.base.clone(),
        Other::Copy(_) | Other::Earlier(_) => None,
    };
    let versions = Versions {
        ours: article.workspace.set().clone(),
        revision: article.workspace.revision(),
        base,
        text: article.text().clone(),
        our_name,
        comparison,
    };
    merging::start(&state.jobs, versions, sender);
}

/// They were merged: the outcome takes the place of ours, as one step that can be undone.
pub fn done(state: &mut AppState, merged: MergedVersions, sender: &CommandSender) {
    let key = merged.comparison.key;
    let Some(article) = state.find_mut(key) else {
        return;
    };
    if article.workspace.revision() != merged.revision {
        // Something was done meanwhile, which must be in it.
        start(state, merged.comparison, sender);
        return;
    }
    let (weight, text) = told(&merged);
    article.adopt_worked_out(&merged.change, "merge both versions");
    let Comparison { other, file, .. } = *merged.comparison;
    if matches!(other, Other::OnDisk) {
        if merged.is_theirs {
            outside::settle(article, file);
        } else {
            outside::know(article, file);
            article.workspace.mark_unsaved();
        }
    }
    let mut offers = vec![Offer::Undo];
    if merged.n_conflicts + merged.n_old_conflicts > 0 {
        offers.insert(0, Offer::Conflicts(key));
    }
    let title = "The versions were merged";
    state.notifications.add(weight, title, &text, offers);
}

/// What came of it, in sentences, and how much that matters.
fn told(merged: &MergedVersions) -> (Weight, String) {
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
