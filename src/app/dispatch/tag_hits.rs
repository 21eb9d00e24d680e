//! Gives a tag to all that was found, as one step that can be undone.

use super::edits::{commit_drafts, standing_on};
use crate::{
    annotation::TagId,
    app::{short, state::AppState, widgets::count},
    edit::{Edit, Stamp, difference},
    text::boundary,
};

/// Tags every hit of the search with `tag`; annotations that stand on just the words of a hit get it too.
pub fn tag_hits(state: &mut AppState, tag: &TagId) {
    commit_drafts(state);
    let Some(article) = state.article().filter(|article| article.is_editable()) else {
        return;
    };
    let (key, text) = (article.key, article.text().clone());
    let hits = state.find.all_hits(key, &text);
    let edits: Vec<Edit> = hits
        .iter()
        .map(|hit| boundary::trim(&text, *hit))
        .filter(|hit| !hit.is_empty())
        .map(|hit| match standing_on(article, hit) {
            Some(id) => Edit::Retag {
                ids: vec![id],
                tag: tag.clone(),
                give: true,
            },
            None => Edit::Annotate {
                segments: vec![hit],
                tags: vec![tag.clone()],
                note: String::new(),
                speaker: None,
            },
        })
        .collect();
    let name = short::name(article.workspace.set().tag_name(tag)).into_owned();
    let mut stamp = Stamp {
        now: state.clock.now(),
        agent: state.preferences.me.clone(),
        ids: &mut *state.ids,
    };
    let mut articles = state.articles.iter_mut();
    let Some(article) = articles.find(|article| article.key == key) else {
        return;
    };
    // On a copy first: either all hits are tagged or none.
    let mut copy = article.workspace.clone();
    for edit in &edits {
        if let Err(error) = copy.apply(edit, &mut stamp) {
            let set = article.workspace.set().clone();
            state.notifications.edit_refused(&error, &set);
            return;
        }
    }
    let change = difference(article.workspace.set(), copy.set());
    let n_hits = count(edits.len());
    article.adopt_worked_out(&change, &format!("tag {n_hits} hits as {name}"));
    let title = format!("{n_hits} hits are tagged as {name}");
    let text = "Undo removes all of these tags at once.";
    state.notifications.info(&title, text);
}
