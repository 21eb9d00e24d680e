//! What other hands do to open files: it is noticed, taken over when nothing of ours is at stake, and otherwise
//! put before the person. Nothing of either side is let go without their word.

use super::saving;
use crate::{
    app::{
        command::{AppCommand, ArticleKey, CommandSender},
        comparison::{Comparison, Other},
        dialogs::Dialog,
        job_kind::JobKind,
        look::{self, Known, NewText, Seen, Theirs},
        notifications::{Offer, Weight, chain, sentence},
        state::{AppState, OpenArticle},
    },
    files::{AnnotationsFile, FileError, LockOutcome},
};
use std::path::{Path, PathBuf};

/// Files are looked at while somebody works on them, but not more often than this, in seconds.
const LOOK_EVERY_SECONDS: i64 = 2;

/// Watches the files that are open now.
pub fn follow(state: &mut AppState, sender: &CommandSender) {
    let files = state
        .articles
        .iter()
        .flat_map(|article| [article.path.as_path(), article.annotations_path.as_path()]);
    state.watch.follow(files, &state.jobs, sender);
}

/// Files were touched, perhaps by ourselves.
pub fn touched(state: &mut AppState, paths: &[PathBuf], sender: &CommandSender) {
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
pub fn look_at_all(state: &mut AppState, sender: &CommandSender) {
    let keys: Vec<ArticleKey> = state.articles.iter().map(|article| article.key).collect();
    for key in keys {
        look(state, key, sender);
    }
}

/// Looks at the files of the article that is being worked on, if that is some time ago.
pub fn look_before_edit(state: &mut AppState, sender: &CommandSender) {
    let now = state.clock.now();
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

fn look(state: &mut AppState, key: ArticleKey, sender: &CommandSender) {
    let now = state.clock.now();
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
        has_merge_left: article.outside.merge_left.is_some(),
    };
    look::look(&state.jobs, known, sender);
}

/// What git waits for is shown until it no longer does.
pub fn merge_left(state: &mut AppState, key: ArticleKey, words: Option<String>) {
    if let Some(article) = state.find_mut(key) {
        article.outside.merge_left = words;
    }
}

/// Looks again if the files were touched while that could not be done.
pub fn look_again(state: &mut AppState, key: ArticleKey, sender: &CommandSender) {
    if state
        .find(key)
        .is_some_and(|article| article.outside.is_touched)
    {
        look(state, key, sender);
    }
}

/// The files were looked at.
pub fn seen(state: &mut AppState, seen: Seen, sender: &CommandSender) {
    let Some(article) = state.find_mut(seen.key) else {
        return;
    };
    article.outside.is_looking = false;
    // A save has ended meanwhile, or another set was loaded: what was seen is not what matters now.
    let is_outdated = article.is_saving || article.is_loading || article.identity != seen.identity;
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
        Some(Theirs::Written(file)) => written(state, seen.key, *file),
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

fn name_of(state: &AppState, key: ArticleKey) -> String {
    state
        .find(key)
        .map_or_else(String::new, OpenArticle::file_name)
}

/// Asks whether nobody else has the annotation file open (any more).
pub fn try_lock(state: &mut AppState, key: ArticleKey, sender: &CommandSender) {
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

/// It was asked.
pub fn lock_tried(
    state: &mut AppState,
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

/// Somebody wrote the annotation file.
fn written(state: &mut AppState, key: ArticleKey, file: AnnotationsFile) {
    let name = name_of(state, key);
    let journals = state.journals.clone();
    let Some(article) = state.find_mut(key) else {
        return;
    };
    let comparison = Comparison::new(key, Other::OnDisk, article.workspace.set(), file);
    if article.shows_damage() {
        // Somebody has put a good file in the place of the damaged one.
        article.read_only = None;
        take(article, comparison.file, "read the annotations");
        article.begin_journal(journals.as_ref());
        let title = format!("The annotations of {name} can be read again");
        state.notifications.info(&title, "");
        return;
    }
    if comparison.is_empty() {
        // The same records, written differently.
        settle(article, comparison.file);
        return;
    }
    if article.is_unsaved() {
        article.outside.theirs = Some(Box::new(comparison.clone()));
        if state.dialog.is_none() {
            state.dialog = Some(Dialog::Comparison(Box::new(comparison)));
        }
        return;
    }
    let counts = comparison.counts;
    take(article, comparison.file, "reload external changes");
    state.notifications.add(
        Weight::Warning,
        &format!("{name}: annotations reloaded"),
        &format!(
            "Another program or person changed them, and you had no unsaved changes: {} Undo restores the previous version.",
            counts.taken_over()
        ),
        vec![Offer::Undo],
    );
}

/// Puts the records of `file` in the place of ours, as one step that can be undone; they are what is on the
/// disk.
fn take(article: &mut OpenArticle, file: AnnotationsFile, label: &str) {
    article.adopt(&file.set.clone(), label);
    settle(article, file);
}

/// The records here are those of `file`, which is on the disk.
pub(super) fn settle(article: &mut OpenArticle, file: AnnotationsFile) {
    let point = article.workspace.history().point();
    article.workspace.mark_saved(point);
    know(article, file);
}

/// From now on `file` is what a save may replace.
pub(super) fn know(article: &mut OpenArticle, file: AnnotationsFile) {
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
fn gone(state: &mut AppState, key: ArticleKey) {
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
fn new_text(state: &mut AppState, key: ArticleKey, text: NewText) {
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

/// Shows the two versions again.
pub fn compare(state: &mut AppState, key: ArticleKey) {
    let Some(article) = state.find(key) else {
        return;
    };
    if let Some(theirs) = &article.outside.theirs {
        // Ours may have changed since.
        let ours = article.workspace.set();
        let file = theirs.file.clone();
        let comparison = Comparison::new(key, theirs.other.clone(), ours, file);
        state.dialog = Some(Dialog::Comparison(Box::new(comparison)));
    }
}

/// Our version stays; theirs is replaced by it, and kept among the earlier versions.
pub fn keep_mine(state: &mut AppState, comparison: Comparison, sender: &CommandSender) {
    state.dialog = None;
    let key = comparison.key;
    if let Some(article) = state.find_mut(key) {
        know(article, comparison.file);
        article.workspace.mark_unsaved();
        saving::save(state, key, sender);
    }
}

/// Their version takes the place of ours, which undo brings back.
pub fn take_theirs(state: &mut AppState, comparison: Comparison) {
    state.dialog = None;
    let Some(article) = state.find_mut(comparison.key) else {
        return;
    };
    match comparison.other {
        Other::OnDisk => take(article, comparison.file, "use their version"),
        Other::Copy(_) => article.adopt(&comparison.file.set, "use the copy"),
        Other::Earlier(_) => article.adopt(&comparison.file.set, "restore an earlier version"),
    }
    state.notifications.add(
        Weight::Info,
        "Done",
        "Undo restores the previous version.",
        vec![Offer::Undo],
    );
}
