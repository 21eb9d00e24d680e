//! Hears from the system when files beside the open articles are written by others.
//!
//! Folders are watched, not files: most programs write a new file and rename it over the old one. Not every
//! place can be watched (network drives tell nobody what other computers do), so this is only the quick way:
//! the window also looks when it comes to the front, while somebody edits, and before each save.

use crate::app::{
    base::jobs::Jobs,
    core::{
        command::{AppCommand, CommandSender},
        job_kind::JobKind,
    },
};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// The folders that are watched. The default watches nothing, ever.
#[derive(Default)]
pub struct Watch {
    /// What the window wants watched.
    wanted: BTreeSet<PathBuf>,
    /// The number of what it wanted last: jobs may come in another order than they were sent.
    latest: Arc<AtomicU64>,
    /// Held by jobs only: asking the system may take long on a network drive.
    watched: Option<Arc<Mutex<Watched>>>,
}

struct Watched {
    watcher: RecommendedWatcher,
    folders: BTreeSet<PathBuf>,
}

impl Watch {
    /// Watches nothing yet, and tells `sender` about what it will watch.
    pub fn new(sender: &CommandSender) -> Self {
        let sender = sender.clone();
        let hear = move |event: notify::Result<Event>| {
            if let Ok(event) = event
                && !matches!(event.kind, EventKind::Access(_))
            {
                let paths: Vec<PathBuf> = event
                    .paths
                    .into_iter()
                    .filter(|path| !is_passing(path))
                    .collect();
                if !paths.is_empty() {
                    sender.send(AppCommand::Touched(paths));
                }
            }
        };
        // Without it the window still looks at the other moments.
        let watched = notify::recommended_watcher(hear).ok().map(|watcher| {
            let folders = BTreeSet::new();
            Arc::new(Mutex::new(Watched { watcher, folders }))
        });
        Self {
            watched,
            ..Self::default()
        }
    }

    /// Watches the folders of `files` from now on, and no others.
    pub fn follow<'a>(
        &mut self,
        files: impl Iterator<Item = &'a Path>,
        jobs: &Jobs,
        sender: &CommandSender,
    ) {
        let Some(watched) = &self.watched else {
            return;
        };
        let folders = files.filter_map(|file| Some(file.parent()?.to_owned()));
        let wanted: BTreeSet<PathBuf> = folders.collect();
        if wanted == self.wanted {
            return;
        }
        self.wanted.clone_from(&wanted);
        let number = self.latest.fetch_add(1, Ordering::Relaxed) + 1;
        let (watched, latest) = (Arc::clone(watched), Arc::clone(&self.latest));
        jobs.run(JobKind::Watch, sender, move |_| {
            let mut watched = watched.lock().unwrap_or_else(PoisonError::into_inner);
            if latest.load(Ordering::Relaxed) == number {
                watched.go_over(wanted);
            }
        });
    }
}

impl Watched {
    fn go_over(&mut self, wanted: BTreeSet<PathBuf>) {
        for gone in self.folders.difference(&wanted) {
            // A folder that was removed is not watched any more anyway.
            self.watcher.unwatch(gone).ok();
        }
        let mut folders = BTreeSet::new();
        for folder in wanted {
            if self.folders.contains(&folder)
                || self
                    .watcher
                    .watch(&folder, RecursiveMode::NonRecursive)
                    .is_ok()
            {
                folders.insert(folder);
            }
        }
        self.folders = folders;
    }
}

/// Whether a file is one of those that a save makes on the way.
fn is_passing(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with(".sourcemark-"))
}
