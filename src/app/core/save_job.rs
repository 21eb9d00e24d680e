//! The jobs that save annotations and preferences.

use crate::{
    annotation::AnnotationSet,
    app::{
        base::jobs::Jobs,
        core::{
            command::{AppCommand, CommandSender, Saved},
            job_kind::JobKind,
        },
        session::{article::ArticleKey, preferences::Preferences},
    },
    edit::Point,
    files::{self, Disk, Expected, FileError, Loaded, SaveOptions},
};
use std::path::PathBuf;

/// What is to be saved, and over what.
pub struct SaveOrder {
    /// The article.
    pub key: ArticleKey,
    /// Where to.
    pub path: PathBuf,
    /// What.
    pub set: AnnotationSet,
    /// Its point in the history.
    pub point: Point,
    /// What may be written over.
    pub over: Over,
    /// How.
    pub options: SaveOptions,
}

/// What a save may write over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Over {
    /// Only what was loaded or saved last, or nothing where there was nothing.
    Known(Expected),
    /// Any annotation file that can be read: the person has said so.
    Readable,
}

fn expected(disk: &Disk, order: &SaveOrder) -> Result<Expected, FileError> {
    match &order.over {
        Over::Known(expected) => Ok(expected.clone()),
        Over::Readable => match disk.read_annotations(&order.path) {
            Loaded::New => Ok(Expected::New),
            Loaded::Loaded(loaded) => Ok(Expected::Same(loaded.identity)),
            Loaded::Unreadable(error) => Err(error),
        },
    }
}

/// Saves a snapshot of a set, which stands at a point of its history.
pub fn save(jobs: &Jobs, order: SaveOrder, sender: &CommandSender) {
    let disk = jobs.disk().clone();
    jobs.run_awaited(JobKind::Save(order.key), sender, move |sender| {
        let result = expected(&disk, &order).and_then(|known| {
            disk.save_annotations(&order.path, &order.set, &known, &order.options)
        });
        sender.send(AppCommand::Saved(Box::new(Saved {
            key: order.key,
            one_path: disk.one_path(&order.path),
            path: order.path,
            set: order.set,
            point: order.point,
            result,
        })));
    });
}

/// Writes what the person prefers.
pub fn save_preferences(jobs: &Jobs, preferences: &Preferences, sender: &CommandSender) {
    let settings = preferences.to_settings();
    let Some(folder) = files::config_dir() else {
        // The system names no home: nothing can be remembered.
        sender.send(AppCommand::SettingsWritten(None));
        return;
    };
    let disk = jobs.disk().clone();
    jobs.run(JobKind::Preferences, sender, move |sender| {
        let error = disk.save_settings(&settings, &folder).err();
        sender.send(AppCommand::SettingsWritten(error));
    });
}
