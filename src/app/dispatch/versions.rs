//! Other versions of an article's annotations: earlier ones, and copies beside the file.

use crate::{
    app::{
        command::{AppCommand, ArticleKey, CommandSender},
        comparison::{Comparison, Other},
        dialogs::{Dialog, versions::View},
        job_kind::JobKind,
        state::AppState,
    },
    files::{AnnotationsFile, EarlierVersion, FileError, Loaded},
};
use std::path::PathBuf;

/// Lists the versions that were saved before.
pub fn list(state: &mut AppState, key: ArticleKey, sender: &CommandSender) {
    let Some(path) = state
        .find(key)
        .map(|article| article.annotations_path.clone())
    else {
        return;
    };
    let disk = state.jobs.disk().clone();
    state
        .jobs
        .run_awaited(JobKind::Versions(key), sender, move |sender| {
            let versions = disk.earlier_versions(&path);
            sender.send(AppCommand::VersionsListed(key, versions));
        });
}

/// Shows them.
pub fn listed(
    state: &mut AppState,
    key: ArticleKey,
    versions: Result<Vec<EarlierVersion>, FileError>,
) {
    match versions {
        Ok(versions) if state.find(key).is_some() => {
            state.dialog = Some(Dialog::Versions(View { key, versions }));
        }
        Ok(_) => {}
        Err(error) => {
            let title = "Earlier versions could not be listed";
            state.notifications.problem(title, &error, Vec::new());
        }
    }
}

/// Reads an earlier version.
pub fn look(
    state: &mut AppState,
    key: ArticleKey,
    version: EarlierVersion,
    sender: &CommandSender,
) {
    let disk = state.jobs.disk().clone();
    state
        .jobs
        .run_awaited(JobKind::Versions(key), sender, move |sender| {
            let file = disk.read_version(&version).map(Box::new);
            sender.send(AppCommand::OtherRead(key, Other::Earlier(version), file));
        });
}

/// Reads a copy.
pub fn look_at_copy(state: &mut AppState, key: ArticleKey, path: PathBuf, sender: &CommandSender) {
    let disk = state.jobs.disk().clone();
    state
        .jobs
        .run_awaited(JobKind::Versions(key), sender, move |sender| {
            let file = match disk.read_annotations(&path) {
                Loaded::Loaded(file) => Ok(file),
                Loaded::Unreadable(error) => Err(error),
                // The copy was removed in the meantime.
                Loaded::New => return,
            };
            sender.send(AppCommand::OtherRead(key, Other::Copy(path), file));
        });
}

/// Shows what differs in it.
pub fn read(
    state: &mut AppState,
    key: ArticleKey,
    other: Other,
    file: Result<Box<AnnotationsFile>, FileError>,
) {
    let Some(article) = state.find(key) else {
        return;
    };
    match file {
        Ok(file) => {
            let comparison = Comparison::new(key, other, article.workspace.set(), *file);
            state.dialog = Some(Dialog::Comparison(Box::new(comparison)));
        }
        Err(error) => {
            let title = "This version could not be read";
            state.notifications.problem(title, &error, Vec::new());
        }
    }
}
