//! A job that has failed: whatever waited for it waits no longer, and everything else goes on.

use crate::app::{
    base::{jobs::JobFailure, paths::file_name},
    core::{command::CommandSender, job_kind::JobKind, open, outside},
    session::{
        Session, Writing,
        article::OpenArticle,
        notices::{Offer, Weight},
    },
};

/// Resets what waited for the job, and tells the person.
pub fn failed(state: &mut Session, kind: JobKind, failure: &JobFailure, sender: &CommandSender) {
    let mut offers = Vec::new();
    let mut name = String::new();
    if let JobKind::Open(key) | JobKind::Save(key) | JobKind::Look(key) | JobKind::Lock(key) = kind
    {
        let opening = state.opening.iter().find(|opening| opening.key == key);
        name = state
            .find(key)
            .map(OpenArticle::file_name)
            .or_else(|| Some(file_name(&opening?.path)))
            .unwrap_or_else(|| "The article".to_owned());
    }
    match kind {
        JobKind::Open(key) => {
            state.opening.retain(|opening| opening.key != key);
            // An article whose marks are not known must not be saved over them.
            if state.find(key).is_some_and(|article| article.is_loading) {
                open::remove(state, key);
            }
        }
        JobKind::Save(key) => {
            if let Some(article) = state.find_mut(key) {
                article.is_saving = false;
                article.next_save = None;
                offers.push(Offer::Save(key));
                offers.push(Offer::SaveAs(key));
            }
            state.is_quitting = false;
            state.closing.clear();
            outside::look_again(state, key, sender);
        }
        JobKind::Look(key) => {
            if let Some(article) = state.find_mut(key) {
                article.outside.is_looking = false;
            }
        }
        JobKind::Preferences => state.writing = Writing::Done,
        JobKind::Lock(_)
        | JobKind::Journal
        | JobKind::FileDialog
        | JobKind::Watch
        | JobKind::Signals => {}
    }
    let text = format!("{} {}", failure.reason(), kind.advice());
    state
        .notifications
        .add(Weight::Problem, &kind.not_done(&name), &text, offers);
}
