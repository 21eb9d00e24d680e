//! What merges have left open: told when an article is opened, and listed to be settled.

use super::{edits, files};
use crate::app::{
    command::ArticleKey,
    dialogs::{Dialog, conflicts},
    notifications::{Offer, Weight},
    state::AppState,
    widgets::count,
};

/// Tells that conflicts are open in an article that was just opened, if there are any.
pub fn tell(state: &mut AppState, key: ArticleKey) {
    let Some(article) = state.find(key) else {
        return;
    };
    let name = article.file_name();
    let title = match article.workspace.set().conflicts.len() {
        0 => return,
        1 => format!("{name}: 1 merge conflict"),
        n => format!("{name}: {} merge conflicts", count(n)),
    };
    let text = "A merge found changes it cannot combine. Choose a value for each conflict; until then one of them is shown.";
    let offers = vec![Offer::Conflicts(key)];
    state
        .notifications
        .add(Weight::Warning, &title, text, offers);
}

/// Shows the conflicts of this article.
pub fn show(state: &mut AppState, key: ArticleKey) {
    edits::commit_drafts(state);
    let Some(article) = state.find(key) else {
        return;
    };
    let view = conflicts::View::new(article);
    files::activate(state, key);
    state.dialog = Some(Dialog::Conflicts(Box::new(view)));
}
