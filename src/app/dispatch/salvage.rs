//! Opens what can be read of a damaged annotation file: as a copy, in a file of its own.

use crate::{
    annotation::Marks,
    app::{
        article::TagMap,
        command::{AppCommand, ArticleKey, CommandSender, Salvage},
        dialogs::Dialog,
        job_kind::JobKind,
        state::{AppState, file_name},
    },
    edit::Workspace,
    files::{FileError, SaveOptions, annotations_beside},
};
use std::path::{Path, PathBuf};

/// Reads it, and looks for its marks.
pub fn start(state: &mut AppState, key: ArticleKey, sender: &CommandSender) {
    let Some(article) = state.find(key) else {
        return;
    };
    let (path, text) = (article.annotations_path.clone(), article.text().clone());
    let copy = name_of_copy(&article.path);
    let disk = state.jobs.disk().clone();
    state
        .jobs
        .run_awaited(JobKind::Salvage(key), sender, move |sender| {
            let salvaged = disk.salvage_annotations(&path).map(|salvaged| {
                let losses = salvaged.losses.iter().map(ToString::to_string).collect();
                let marks = Marks::find(&text, &salvaged.set, &|| true);
                let marks = marks.unwrap_or_else(|| Marks::empty(&text));
                Box::new(Salvage {
                    map: TagMap::new(&salvaged.set, &marks),
                    n_annotations: salvaged.set.annotations.len(),
                    n_losses: salvaged.n_losses,
                    crlf: salvaged.crlf,
                    workspace: Workspace::new(salvaged.set, marks),
                    losses,
                    copy: free(&disk, copy),
                })
            });
            sender.send(AppCommand::Salvaged(key, salvaged));
        });
}

/// `news.txt` has `news (rescued).txt.annotations.ron` beside it.
fn name_of_copy(article: &Path) -> PathBuf {
    let stem = article.file_stem().unwrap_or_default().to_string_lossy();
    let extension = article
        .extension()
        .map_or_else(String::new, |end| format!(".{}", end.to_string_lossy()));
    annotations_beside(&article.with_file_name(format!("{stem} (rescued){extension}")))
}

/// The first name like `path` that nothing has.
fn free(disk: &crate::files::Disk, path: PathBuf) -> PathBuf {
    let name = file_name(&path);
    std::iter::once(path.clone())
        .chain(
            (2..100)
                .map(|n| path.with_file_name(name.replace("(rescued)", &format!("(rescued {n})")))),
        )
        .find(|path| disk.article_stat(path).is_err())
        .unwrap_or(path)
}

/// It was read, or there is nothing in it.
pub fn done(state: &mut AppState, key: ArticleKey, salvaged: Result<Box<Salvage>, FileError>) {
    match salvaged {
        Ok(salvage) if state.find(key).is_some() => {
            state.dialog = Some(Dialog::Salvaged(key, Some(salvage)));
        }
        Ok(_) => {}
        Err(error) => {
            let title = "The annotations cannot be recovered";
            state.notifications.problem(title, &error, Vec::new());
        }
    }
}

/// Opens the copy: unsaved, and to be saved under a name of its own. The damaged file stays as it is.
pub fn open(state: &mut AppState, key: ArticleKey, salvage: Salvage) {
    state.dialog = None;
    let theme = state.theme().clone();
    let journals = state.journals.clone();
    state.views.annotations.forget_found();
    let Some(article) = state.find_mut(key) else {
        return;
    };
    article.annotations_path = salvage.copy;
    article.workspace = salvage.workspace;
    article.workspace.mark_unsaved();
    article.map = salvage.map;
    article.n_moved = article.workspace.marks().n_moved(article.workspace.set());
    article.identity = None;
    article.options = SaveOptions {
        crlf: salvage.crlf,
        ..SaveOptions::default()
    };
    article.read_only = None;
    article.chosen = None;
    article
        .looks
        .renew(&article.workspace, &theme, &article.filter);
    article.outside.lock = None;
    article.begin_journal(journals.as_ref());
    if let Some(journal) = &article.outside.journal {
        journal.unsaved();
    }
    let text = format!(
        "It will be saved as {}. The damaged file is not changed.",
        file_name(&article.annotations_path)
    );
    state
        .notifications
        .info("Recovered annotations are open as a copy", &text);
}
