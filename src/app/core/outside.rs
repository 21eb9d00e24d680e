//! External changes to open files: they are noticed, taken over when nothing of ours is at stake, and otherwise put before
//! the person. Nothing of either side is let go without their word.

use crate::{
    app::{
        core::{
            command::{AppCommand, CommandSender},
            job_kind::JobKind,
            look::{self, Known, NewText, Seen, Theirs},
        },
        session::{
            Session,
            article::{ArticleKey, OpenArticle},
            event::Event,
            notices::{Offer, Weight, chain, sentence},
        },
    },
    edit::Change,
    files::{AnnotationsFile, FileError, LockOutcome},
};
use std::path::{Path, PathBuf};

/// Files are looked at while somebody works on them, but not more often than this, in seconds.
const LOOK_EVERY_SECONDS: i64 = 2;

/// Files were touched, perhaps by ourselves.
pub fn touched(state: &mut Session, paths: &[PathBuf], sender: &CommandSender) {
    let is_touched = |path: &Path| paths.iter().any(|touched| touched == path);
    let keys: Vec<ArticleKey> = state
        .articles
        .iter()
        .filter(|article| is_touched(&article.path) || is_touched(&article.annotations_path))
        .map(|article| article.key)
        .collect();
    for key in keys {
        look(state, key, sender);
    }
}

/// Looks at the files of all open articles.
pub fn look_at_all(state: &mut Session, sender: &CommandSender) {
    let keys: Vec<ArticleKey> = state.articles.iter().map(|article| article.key).collect();
    for key in keys {
        look(state, key, sender);
    }
}

/// Looks at the files of the article that is being worked on, if that is some time ago.
pub fn look_before_edit(state: &mut Session, sender: &CommandSender) {
    let now = state.now();
    let Some(article) = state.article() else {
        return;
    };
    let is_due = article.outside.looked.is_none_or(|looked| {
        // A clock that was set back must not stop the looking.
        let passed = now.unix_seconds() - looked.unix_seconds();
        !(0..LOOK_EVERY_SECONDS).contains(&passed)
    });
    if is_due {
        look(state, article.key, sender);
    }
}

fn look(state: &mut Session, key: ArticleKey, sender: &CommandSender) {
    let now = state.now();
    let Some(article) = state.find_mut(key) else {
        return;
    };
    if article.is_loading || article.is_saving || article.outside.is_looking {
        article.outside.is_touched = true;
        return;
    }
    article.outside.is_looking = true;
    article.outside.is_touched = false;
    article.outside.looked = Some(now);
    let known = Known {
        key,
        path: article.path.clone(),
        stat: article.outside.stat.clone(),
        text: article.text().clone(),
        encoding: article.encoding,
        annotations_path: article.annotations_path.clone(),
        identity: article.identity.clone(),
        set: article.workspace.set().clone(),
        revision: article.workspace.revision(),
        has_merge_left: article.outside.merge_left.is_some(),
    };
    look::look(&state.jobs, known, sender);
}

/// What git waits for is shown until it no longer does.
pub fn merge_left(state: &mut Session, key: ArticleKey, words: Option<String>) {
    if let Some(article) = state.find_mut(key) {
        article.outside.merge_left = words;
    }
}

/// Looks again if the files were touched while that could not be done.
pub fn look_again(state: &mut Session, key: ArticleKey, sender: &CommandSender) {
    if state
        .find(key)
        .is_some_and(|article| article.outside.is_touched)
    {
        look(state, key, sender);
    }
}

/// The files were looked at.
pub fn seen(state: &mut Session, seen: Seen, sender: &CommandSender) {
    let Some(article) = state.find_mut(seen.key) else {
        return;
    };
    article.outside.is_looking = false;
    // A save has ended meanwhile, or another set was loaded, or something was done to the one that was compared: what was
    // seen is not what matters now.
    let is_compared = matches!(seen.annotations, Some(Theirs::Written(_)));
    let is_outdated = article.is_saving
        || article.is_loading
        || article.identity != seen.identity
        || is_compared && article.workspace.revision() != seen.revision;
    if is_outdated {
        article.outside.is_touched = true;
        look_again(state, seen.key, sender);
        return;
    }
    let was_damaged = article.shows_damage();
    if let Some(text) = seen.text {
        new_text(state, seen.key, text);
    }
    match seen.annotations {
        None => {}
        Some(Theirs::Written(written)) => {
            let (file, change) = *written;
            self::written(state, seen.key, file, change);
        }
        // That is known since it was opened.
        Some(Theirs::Unreadable(_)) if was_damaged => {}
        Some(Theirs::Unreadable(error)) => {
            let text = sentence(&chain(&error));
            let name = name_of(state, seen.key);
            state.notifications.add(
                Weight::Problem,
                &format!("{name}: the changed annotations cannot be read"),
                &format!("{text} Your open version is unchanged: save it under another name."),
                vec![Offer::SaveAs(seen.key)],
            );
        }
        Some(Theirs::Gone) => gone(state, seen.key),
    }
    look_again(state, seen.key, sender);
}

fn name_of(state: &Session, key: ArticleKey) -> String {
    state
        .find(key)
        .map_or_else(String::new, OpenArticle::file_name)
}

/// Asks whether nobody else has the annotation file open (any more).
pub fn try_lock(state: &mut Session, key: ArticleKey, sender: &CommandSender) {
    let who = state.preferences.me.name.clone();
    let Some(path) = state
        .find(key)
        .map(|article| article.annotations_path.clone())
    else {
        return;
    };
    let disk = state.jobs.disk().clone();
    state.jobs.run(JobKind::Lock(key), sender, move |sender| {
        let outcome = disk.lock(&path, &who);
        sender.send(AppCommand::LockTried(key, path, outcome));
    });
}

/// Handles the answer to the question who has the annotation file open.
pub fn lock_tried(
    state: &mut Session,
    key: ArticleKey,
    path: &Path,
    outcome: Result<LockOutcome, FileError>,
    sender: &CommandSender,
) {
    let journals = state.journals.clone();
    let Some(article) = state.find_mut(key) else {
        return;
    };
    if article.annotations_path != path {
        return; // Another place was chosen meanwhile.
    }
    let had_holder = article.outside.holder.take().is_some();
    match outcome {
        Ok(LockOutcome::Held(lock)) => {
            article.outside.lock = Some(lock);
            if article.is_editable() {
                article.ensure_journal(journals.as_ref());
            }
            if had_holder {
                // Whoever had it may have saved.
                look(state, key, sender);
                state.notifications.info(
                    "You can edit the annotations now",
                    "Nobody else has them open.",
                );
            }
        }
        Ok(LockOutcome::Other(holder)) => article.outside.holder = Some(holder),
        Ok(LockOutcome::Unavailable(_)) | Err(_) => {}
    }
}

/// Somebody wrote the annotation file: `change` leads from the records that were here when it was read.
fn written(state: &mut Session, key: ArticleKey, file: AnnotationsFile, change: Change) {
    let name = name_of(state, key);
    let journals = state.journals.clone();
    let Some(article) = state.find_mut(key) else {
        return;
    };
    if article.shows_damage() {
        // Somebody has put a good file in the place of the damaged one.
        article.read_only = None;
        take(article, file, "read the annotations");
        article.begin_journal(journals.as_ref());
        let title = format!("The annotations of {name} can be read again");
        state.notifications.info(&title, "");
        return;
    }
    if change.is_empty() {
        // The same records, written differently.
        settle(article, file);
        return;
    }
    if article.is_unsaved() {
        article.outside.theirs = Some(Box::new(file));
        state.tell(Event::Clashed(key));
        return;
    }
    let summary = change.summary();
    adopt(article, file, &change, "reload external changes");
    state.notifications.add(
        Weight::Warning,
        &format!("{name}: annotations reloaded"),
        &format!(
            "Another program or person changed them, and you had no unsaved changes: {summary}. Undo restores the previous version.",
        ),
        vec![Offer::Undo],
    );
}

/// Carries out what leads to the records of `file`, as one step that can be undone.
fn adopt(article: &mut OpenArticle, file: AnnotationsFile, change: &Change, label: &str) {
    article.adopt_worked_out(change, label);
    settle(article, file);
}

/// Puts the records of `file` in the place of ours, as one step that can be undone; they are what is on the
/// disk.
pub fn take(article: &mut OpenArticle, file: AnnotationsFile, label: &str) {
    article.adopt(&file.set.clone(), label);
    settle(article, file);
}

/// The records here are those of `file`, which is on the disk.
pub fn settle(article: &mut OpenArticle, file: AnnotationsFile) {
    let point = article.workspace.history().point();
    article.workspace.mark_saved(point);
    know(article, file);
}

/// From now on `file` is what a save may replace.
pub fn know(article: &mut OpenArticle, file: AnnotationsFile) {
    article.options = file.save_options();
    article.identity = Some(file.identity);
    article.outside.theirs = None;
    if let (Some(journal), Some(identity)) = (&article.outside.journal, &article.identity) {
        let path = article.annotations_path.clone();
        journal.saved(&path, identity.clone(), file.set.clone());
    }
    article.outside.base = Some(file.set);
}

/// The annotation file is not there any more.
fn gone(state: &mut Session, key: ArticleKey) {
    let name = name_of(state, key);
    let Some(article) = state.find_mut(key) else {
        return;
    };
    article.identity = None;
    article.workspace.mark_unsaved();
    if let Some(journal) = &article.outside.journal {
        journal.unsaved();
    }
    state.notifications.add(
        Weight::Warning,
        &format!("{name}: the annotation file is missing"),
        "The file was moved, renamed or deleted. Save to write it again.",
        vec![Offer::Save(key), Offer::SaveAs(key)],
    );
}

/// The article's file changed.
fn new_text(state: &mut Session, key: ArticleKey, text: NewText) {
    let name = name_of(state, key);
    let theme = state.theme().clone();
    let Some(article) = state.find_mut(key) else {
        return;
    };
    match text {
        NewText::Same(stat) => article.outside.stat = Some(stat),
        NewText::Gone | NewText::Unreadable(_) if article.outside.stat.is_none() => {}
        NewText::Gone => {
            // Told once: without a file there is nothing more to look at.
            article.outside.stat = None;
            state.notifications.warn(
                &format!("{name} is missing"),
                "The article was moved, renamed or deleted. Its text stays open, and you can still save its annotations.",
            );
        }
        NewText::Unreadable(error) => {
            article.outside.stat = None;
            let title = format!("The changed {name} cannot be read");
            state.notifications.problem(&title, &error, Vec::new());
        }
        NewText::Changed {
            file,
            marks,
            map,
            n_words,
        } => {
            article.outside.stat.clone_from(&file.stat);
            article.show_text(*file, *marks, map, n_words, &theme);
            let n_moved = article.n_moved;
            let n_unplaced = article.workspace.marks().unplaced().len();
            state.notifications.warn(
                &format!("{name} was changed by another program"),
                &format!(
                    "The new text is shown. {n_moved} {} and {n_unplaced} {} review; see the lists beside the text. The annotation file does not change until you choose “Use this version” and save.",
                    if n_moved == 1 { "passage moved" } else { "passages moved" },
                    if n_unplaced == 1 { "needs" } else { "need" },
                ),
            );
        }
    }
}
