//! Opens and saves by a typed path: what there is to choose a file where the system shows no file dialog.

mod view;

use crate::{
    app::{
        base::{
            action::{Menu, Row, cmd_shift},
            form::ModalLook,
            jobs::{Job, JobFailure},
        },
        session::{
            article::ArticleKey,
            event::{DialogKind, Event},
        },
        tools::tool::{Action, Cx, Place, Tool, ViewCx},
    },
    files,
};
use egui::{Key, Ui};
use std::path::{Path, PathBuf};
use view::View;

/// The box for a path, while it is open.
#[derive(Default)]
pub struct PathBox {
    view: Option<View>,
}

/// What the tool is told and asked.
#[derive(Debug)]
pub enum Message {
    /// Open an article.
    Open,
    /// Save the annotations of this article.
    Save(ArticleKey),
    /// List the names in a folder.
    List(PathBuf),
    /// A job has listed them.
    Listed(PathBuf, Vec<String>),
    /// A job did not get to its end.
    Failed(JobFailure),
}

/// The job that lists a folder.
#[derive(Clone, Copy)]
struct Work;

impl Job for Work {
    type Message = Message;

    fn name(self) -> &'static str {
        "list a folder"
    }

    fn failed(self, failure: JobFailure) -> Message {
        Message::Failed(failure)
    }
}

impl Tool for PathBox {
    type Message = Message;
    const NAME: &'static str = "path";
    const ACTIONS: &'static [Action<Self>] = &[Action {
        row: Row::new("OpenByPath", Menu::File, 0, "Open by path…")
            .tooltip("Open an article by typing its path.")
            .keys(&[cmd_shift(Key::O)])
            .order(90),
        message: |_, _| Some(Message::Open),
    }];

    fn update(&mut self, message: Message, cx: &mut Cx<'_, Message>) {
        match message {
            Message::Open => {
                let session = cx.session();
                let near = session
                    .article()
                    .map(|article| article.path.clone())
                    .or_else(|| session.preferences.recent.first().cloned());
                self.view = Some(View::open(near));
                cx.open();
            }
            Message::Save(key) => {
                if let Some(article) = cx.session().find(key) {
                    self.view = Some(View::save(key, &article.annotations_path));
                    cx.open();
                }
            }
            Message::List(folder) => cx.awaited_job(Work, move |sender| {
                let names = folder_entries(&folder);
                sender.send(Message::Listed(folder, names));
            }),
            Message::Listed(folder, names) => {
                if let Some(view) = &mut self.view {
                    view.listed(folder, names);
                }
            }
            Message::Failed(failure) => {
                cx.job_failed("The folder was not listed", &failure, "Try again.");
            }
        }
    }

    fn follow(&mut self, event: &Event, cx: &mut Cx<'_, Message>) {
        match event {
            Event::Asked(DialogKind::OpenPath) => self.update(Message::Open, cx),
            Event::Asked(DialogKind::SavePath(key)) => self.update(Message::Save(*key), cx),
            _ => {}
        }
    }

    fn modal(&self) -> Option<ModalLook> {
        self.view.as_ref().map(|_| ModalLook::new("Path", 560.0))
    }

    fn close(&mut self) {
        self.view = None;
    }

    fn show(&mut self, place: Place, ui: &mut Ui, cx: &mut ViewCx<'_, '_, Message>) {
        if let (Place::Modal, Some(view)) = (place, &mut self.view) {
            view::show(ui, view, cx);
        }
    }
}

/// The names in a folder, folders with a slash behind them, sorted; none when it cannot be read.
fn folder_entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = files::list_folder(folder)
        .into_iter()
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?;
            Some(if path.is_dir() {
                format!("{name}/")
            } else {
                name.to_owned()
            })
        })
        .collect();
    names.sort_by_key(|name| (!name.ends_with('/'), name.to_lowercase()));
    names
}
