//! Unsaved work of a program that has ended: it is offered, shown with what it would change, and taken over only
//! when the person says so.

use super::files;
use crate::{
    app::{
        command::{AppCommand, ArticleKey, CommandSender},
        comparison::{Wording, rows},
        dialogs::{
            Dialog,
            recovery::{Effect, View},
        },
        job_kind::JobKind,
        notifications::Weight,
        recovery::{Unsaved, UnsavedId},
        state::{AppState, OpenArticle},
    },
    edit::Change,
    files::{JournalEvent, JournalNews, Recoverable},
};

/// Looks for it, on any article.
pub fn search(state: &mut AppState, sender: &CommandSender) {
    let disk = state.jobs.disk().clone();
    if disk.state().is_some() {
        state
            .jobs
            .run(JobKind::FindUnsavedWork, sender, move |sender| {
                sender.send(AppCommand::UnsavedWorkFound(Box::new(disk.recoverable())));
            });
    }
}

/// It was looked for.
pub fn found(state: &mut AppState, found: Recoverable) {
    for error in &found.problems {
        let title = "A backup of unsaved work could not be read";
        state.notifications.problem(title, error, Vec::new());
    }
    if found.found.is_empty() {
        return;
    }
    for recovery in found.found {
        state.next_key += 1;
        let id = UnsavedId(state.next_key);
        state.unsaved_work.push(Unsaved { id, recovery });
    }
    if state.dialog.is_none() {
        show(state);
    }
}

/// Lists it.
pub fn show(state: &mut AppState) {
    state.dialog = (!state.unsaved_work.is_empty()).then_some(Dialog::UnsavedWork);
}

/// Opens the article that it was done on, and shows what it would change.
pub fn look(state: &mut AppState, id: UnsavedId, sender: &CommandSender) {
    state.dialog = None;
    let Some(unsaved) = state.unsaved_work.iter().find(|unsaved| unsaved.id == id) else {
        return;
    };
    let recovery = &unsaved.recovery;
    let (article, annotations) = (recovery.article.clone(), recovery.annotations.clone());
    state.looking_at = Some(id);
    offer_if_open(state);
    if state.looking_at.is_none() {
        return;
    }
    // The annotations may have been saved elsewhere than beside the article.
    let usual = crate::files::annotations_beside(&article);
    let path = if annotations == usual {
        article
    } else {
        annotations
    };
    files::open_paths(state, vec![path], sender);
}

/// Shows what it would change, when its article is open by now.
pub fn offer_if_open(state: &mut AppState) {
    let Some(id) = state.looking_at else { return };
    let Some(unsaved) = state.unsaved_work.iter().find(|unsaved| unsaved.id == id) else {
        state.looking_at = None;
        return;
    };
    let recovery = &unsaved.recovery;
    // The paths of a journal are those of the files themselves, by whatever links they were reached.
    let mut open: Vec<&OpenArticle> = state
        .articles
        .iter()
        .filter(|article| {
            article.outside.one_path.article == recovery.article && !article.is_loading
        })
        .collect();
    // Reached by another link, it may be open with other annotations too.
    open.sort_by_key(|article| article.outside.one_path.annotations != recovery.annotations);
    let Some(article) = open.first() else { return };
    let ours = article.workspace.set();
    let recovered = recovery.apply_to(ours);
    let (would_change, _) = rows(&recovered.change, ours, &recovered.set, Wording::Effect);
    let mut all = recovered.set.clone();
    recovered.left_out.replay(&mut all);
    let (left_out, _) = rows(&recovered.left_out, ours, &all, Wording::Effect);
    let view = View {
        id,
        key: article.key,
        effect: Effect {
            base: recovery.base,
            is_torn: recovery.is_torn,
            written: recovery.last_written,
            summary: recovered.change.summary().to_string(),
            would_change,
            left_out,
        },
    };
    state.looking_at = None;
    files::activate(state, view.key);
    state.dialog = Some(Dialog::Recover(Box::new(view)));
}

/// Takes it over, as one step that can be undone; with `all`, also what others have changed since.
pub fn recover(state: &mut AppState, id: UnsavedId, key: ArticleKey, all: bool) {
    state.dialog = None;
    let Some(article) = state.find(key) else {
        return;
    };
    if let Some(reason) = article.why_read_only() {
        let title = "The unsaved work was not restored";
        let text = format!("{reason} The backup is kept.");
        state.notifications.warn(title, &text);
        return;
    }
    let Some(place) = state.unsaved_work.iter().position(|known| known.id == id) else {
        return;
    };
    let unsaved = state.unsaved_work.remove(place);
    let journals = state.journals.clone();
    let Some(article) = state.find_mut(key) else {
        return;
    };
    article.ensure_journal(journals.as_ref());
    let recovered = unsaved.recovery.apply_to(article.workspace.set());
    let mut change: Change = recovered.change;
    if all {
        change.diffs.extend(recovered.left_out.diffs);
    }
    let change = article.adopt_change(&change, "restore unsaved work");
    // The old journal goes when the new one has it all, and is on the disk. Where there can be no new one, it
    // stays: the next start sees whether the work was saved.
    if let Some(journal) = &article.outside.journal {
        journal.append_recovered(&change, unsaved.recovery);
    }
    state.notifications.info(
        "Unsaved work was restored",
        "Save to keep it, or undo to remove it.",
    );
    if !state.unsaved_work.is_empty() {
        show(state);
    }
}

/// Removes it.
pub fn discard(state: &mut AppState, id: UnsavedId, sender: &CommandSender) {
    if let Some(place) = state.unsaved_work.iter().position(|known| known.id == id) {
        let unsaved = state.unsaved_work.remove(place);
        discard_job(state, unsaved, sender);
    }
    show(state);
}

fn discard_job(state: &AppState, unsaved: Unsaved, sender: &CommandSender) {
    state
        .jobs
        .run(JobKind::DiscardUnsavedWork, sender, move |sender| {
            let result = unsaved.recovery.discard();
            sender.send(AppCommand::UnsavedWorkDiscarded(result.err()));
        });
}

/// The journal has something to say.
pub fn journal_said(state: &mut AppState, event: &JournalEvent) {
    let name = crate::app::state::file_name(&event.article);
    match &event.what {
        JournalNews::Failed(error) => {
            let title = format!("Unsaved changes to {name} are not backed up");
            state.notifications.problem(&title, error, Vec::new());
        }
        JournalNews::Resumed => state.notifications.add(
            Weight::Info,
            &format!("Unsaved changes to {name} are backed up again"),
            "A crash can lose at most one second of work.",
            Vec::new(),
        ),
    }
}
