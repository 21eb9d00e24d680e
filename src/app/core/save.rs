//! Commands that save and close: nothing unsaved is let go without a question.

use crate::{
    app::{
        base::paths::file_name,
        core::{
            command::{CommandSender, Saved},
            edits,
            open::remove,
            outside,
            save_job::{self, Over, SaveOrder},
        },
        session::{
            Session,
            article::{ArticleKey, NextSave},
            event::DialogKind,
            notices::{Offer, sentence},
        },
    },
    files::{ConflictCopy, ConflictKind, Expected, FileErrorKind, SaveNote, SaveOptions},
};
use std::{path::PathBuf, time::Duration};

/// How long the end of the program waits for the journals.
const FLUSH_PATIENCE: Duration = Duration::from_millis(500);

/// Saves the annotations beside the article.
pub fn save(state: &mut Session, key: ArticleKey, sender: &CommandSender) {
    let Some(article) = state.find(key) else {
        return;
    };
    let has_nothing = article.identity.is_none()
        && !article.is_unsaved()
        && article.workspace.set().annotations.is_empty();
    if has_nothing && !state.closing.contains(&key) {
        state.notifications.info(
            "Nothing to save yet",
            "Mark a passage first; annotations are saved in a file beside the article.",
        );
        return;
    }
    let path = article.annotations_path.clone();
    let over = Over::Known(match &article.identity {
        Some(identity) => Expected::Same(identity.clone()),
        None => Expected::New,
    });
    start_save(state, key, path, over, sender);
}

/// Saves them elsewhere, and from then on there.
pub fn save_at(state: &mut Session, key: ArticleKey, path: PathBuf, sender: &CommandSender) {
    let Some(article) = state.find(key) else {
        return;
    };
    let path = std::path::absolute(&path).unwrap_or(path);
    let is_usual = article.annotations_path == path;
    if article.path == path {
        state.notifications.warn(
            "That file is the article",
            "Choose another name for the annotations, such as article.annotations.ron.",
        );
        return;
    }
    if is_usual {
        save(state, key, sender);
    } else {
        // The dialog has asked whether to replace what is there.
        start_save(state, key, path, Over::Readable, sender);
    }
}

/// Saves over what others have written.
pub fn save_over(state: &mut Session, key: ArticleKey, sender: &CommandSender) {
    if let Some(path) = state
        .find(key)
        .map(|article| article.annotations_path.clone())
    {
        start_save(state, key, path, Over::Readable, sender);
    }
}

/// The articles whose annotations are not on the disk.
fn unsaved(state: &Session) -> Vec<ArticleKey> {
    let unsaved = state.articles.iter().filter(|article| article.is_unsaved());
    unsaved.map(|article| article.key).collect()
}

/// Saves all that is unsaved.
pub fn save_all(state: &mut Session, sender: &CommandSender) {
    edits::commit_drafts(state);
    let keys = unsaved(state);
    for key in keys {
        save(state, key, sender);
    }
}

fn start_save(
    state: &mut Session,
    key: ArticleKey,
    path: PathBuf,
    over: Over,
    sender: &CommandSender,
) {
    if state.active == Some(key) {
        edits::commit_drafts(state);
    }
    let Some(article) = state.find_mut(key) else {
        stop_closing(state);
        return;
    };
    if article.is_loading {
        stop_closing(state);
        return;
    }
    if article.is_saving {
        article.next_save = Some(if path == article.annotations_path {
            NextSave::InPlace
        } else {
            NextSave::At(path)
        });
        return;
    }
    if let Some(reason) = article.why_read_only()
        && path == article.annotations_path
    {
        state
            .notifications
            .warn("This article is read-only", &reason);
        stop_closing(state);
        return;
    }
    article.is_saving = true;
    let order = SaveOrder {
        key,
        path,
        set: article.workspace.set().clone(),
        point: article.workspace.history().point(),
        over,
        options: SaveOptions {
            sources: vec![article.path.clone(), article.annotations_path.clone()],
            ..article.options.clone()
        },
    };
    save_job::save(&state.jobs, order, sender);
}

/// Goes on with what is open: what was to be saved before it is closed cannot be. A later save must not close it.
fn stop_closing(state: &mut Session) {
    state.is_quitting = false;
    state.closing.clear();
}

/// A save has ended.
pub fn saved(state: &mut Session, saved: Saved, sender: &CommandSender) {
    let is_closing = state.closing.contains(&saved.key);
    let journals = state.journals.clone();
    let Some(article) = state.find_mut(saved.key) else {
        state.closing.retain(|key| *key != saved.key);
        return;
    };
    article.is_saving = false;
    let next = article.next_save.take();
    let name = file_name(&saved.path);
    match saved.result {
        Ok(file) => {
            article.workspace.mark_saved(saved.point);
            // While the new name may not survive a power cut, the journal goes on beside it; the next start finds
            // that the file has it all, and lets it go.
            let is_on_the_disk = !file
                .notes
                .iter()
                .any(|note| matches!(note, SaveNote::FolderNotSynced(_)));
            if is_on_the_disk && let Some(journal) = &article.outside.journal {
                let (identity, set) = (file.identity.clone(), saved.set.clone());
                journal.saved(&saved.path, identity, set);
            }
            for note in &file.notes {
                if let SaveNote::Displaced { kept } = note {
                    article.outside.copies.push(ConflictCopy {
                        path: kept.clone(),
                        kind: ConflictKind::Conflicted,
                    });
                }
            }
            article.identity = Some(file.identity);
            article.options.keep_original_as = None;
            article.outside.base = Some(saved.set);
            article.outside.theirs = None;
            let has_moved = article.annotations_path != saved.path;
            article.outside.one_path.annotations = saved.one_path;
            if has_moved {
                article.annotations_path = saved.path;
                article.read_only = None;
                article.outside.lock = None;
                article.outside.holder = None;
                article.ensure_journal(journals.as_ref());
            }
            let is_unsaved = article.is_unsaved();
            let mut notes: Vec<String> = file.notes.iter().map(ToString::to_string).collect();
            notes.retain(|note| article.outside.told.insert(note.clone()));
            for note in &notes {
                state
                    .notifications
                    .warn(&format!("{name} was saved"), &sentence(note));
            }
            if has_moved {
                outside::try_lock(state, saved.key, sender);
            }
            state.notifications.withdraw_offers_of(saved.key);
            match next {
                Some(NextSave::At(path)) => save_at(state, saved.key, path, sender),
                // The person went on while the file was written.
                Some(NextSave::InPlace) if is_unsaved => save(state, saved.key, sender),
                _ if is_closing && is_unsaved => save(state, saved.key, sender),
                _ if is_closing => {
                    state.closing.retain(|key| *key != saved.key);
                    remove(state, saved.key);
                }
                _ => {}
            }
            if state.is_quitting && state.closing.is_empty() {
                // Asks again when something was marked in another article meanwhile.
                state.is_quitting = false;
                quit(state);
            }
        }
        Err(error) => {
            let is_elsewhere = article.annotations_path != saved.path;
            if matches!(error.kind, FileErrorKind::ChangedOnDisk(_)) && !is_elsewhere {
                // What stands there is read and put before the person.
                article.outside.is_touched = true;
            }
            stop_closing(state);
            let title = format!("{name} was not saved");
            let offers = vec![Offer::SaveAs(saved.key)];
            state.notifications.problem(&title, &error, offers);
        }
    }
    outside::look_again(state, saved.key, sender);
}

/// Ends the program at once: the system wants it to. What is unsaved is in the journals.
pub fn terminate(state: &mut Session) {
    edits::commit_drafts(state);
    if let Some(journals) = &state.journals {
        // Whether it could be written or not: the system will not wait.
        journals.flush(FLUSH_PATIENCE);
    }
    state.may_close = true;
}

/// Closes an article, asking first when something is unsaved.
pub fn close(state: &mut Session, key: ArticleKey) {
    if state.active == Some(key) {
        edits::commit_drafts(state);
    }
    let Some(article) = state.find(key) else {
        return;
    };
    if article.is_unsaved() {
        state.ask(DialogKind::Unsaved {
            keys: vec![key],
            is_quitting: false,
        });
    } else {
        remove(state, key);
    }
}

/// Closes without saving, and ends the program if that was asked.
pub fn discard(state: &mut Session, keys: &[ArticleKey], is_quitting: bool) {
    for key in keys {
        remove(state, *key);
    }
    if is_quitting {
        state.may_close = true;
    }
}

/// Saves, and closes what could be saved; goes on quitting when that was asked.
pub fn save_and_close(
    state: &mut Session,
    keys: Vec<ArticleKey>,
    is_quitting: bool,
    sender: &CommandSender,
) {
    state.is_quitting = is_quitting;
    state.closing.clone_from(&keys);
    for key in keys {
        save(state, key, sender);
    }
}

/// Ends the program, asking first when something is unsaved.
pub fn quit(state: &mut Session) {
    edits::commit_drafts(state);
    let keys = unsaved(state);
    if keys.is_empty() {
        state.may_close = true;
    } else {
        state.ask(DialogKind::Unsaved {
            keys,
            is_quitting: true,
        });
    }
}
