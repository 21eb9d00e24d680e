//! Tags many passages at once, as one step that can be undone.

use crate::{
    annotation::TagId,
    app::{
        base::{short, widgets::count},
        core::edits::{commit_drafts, standing_on},
        session::Session,
    },
    edit::Edit,
    text::{TextRange, boundary},
};

/// Gives `tag` to every passage; annotations that stand on just the words of one get it too.
pub fn tag_all(state: &mut Session, passages: &[TextRange], tag: &TagId) {
    commit_drafts(state);
    let Some(article) = state.article().filter(|article| article.is_editable()) else {
        return;
    };
    let (key, text) = (article.key, article.text().clone());
    let edits: Vec<Edit> = passages
        .iter()
        .map(|passage| boundary::trim(&text, *passage))
        .filter(|passage| !passage.is_empty())
        .map(|passage| match standing_on(article, passage) {
            Some(id) => Edit::Retag {
                ids: vec![id],
                tag: tag.clone(),
                give: true,
            },
            None => Edit::Annotate {
                segments: vec![passage],
                tags: vec![tag.clone()],
                note: String::new(),
                speaker: None,
            },
        })
        .collect();
    let name = short::name(article.workspace.set().tag_name(tag)).into_owned();
    let n_hits = count(edits.len());
    match state.apply_all(key, &edits, &format!("tag {n_hits} hits as {name}")) {
        Some(Ok(())) => {
            let title = format!("{n_hits} hits are tagged as {name}");
            let text = "Undo removes all of these tags at once.";
            state.notifications.info(&title, text);
        }
        Some(Err(error)) => {
            let set = state.find(key).map(|it| it.workspace.set().clone());
            if let Some(set) = set {
                state.notifications.edit_refused(&error, &set);
            }
        }
        None => {}
    }
}
