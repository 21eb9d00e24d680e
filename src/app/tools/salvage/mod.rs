//! Opens what can be read of a damaged annotation file: as a copy, in a file of its own.

mod view;

use crate::{
    annotation::Marks,
    app::{
        base::{
            action::{Menu, Row},
            form::ModalLook,
            jobs::{Job, JobFailure},
            paths::file_name,
        },
        session::{
            article::ArticleKey,
            event::{DialogKind, Event},
            shown::TagMap,
        },
        tools::tool::{Action, Cx, Place, Tool, ViewCx},
    },
    edit::Workspace,
    files::{Disk, FileError, SaveOptions, annotations_beside},
};
use egui::Ui;
use std::path::{Path, PathBuf};

/// What was read of a damaged file, while the person decides about it.
#[derive(Default)]
pub struct Salvage {
    found: Option<(ArticleKey, Box<Salvaged>)>,
}

/// What could be read of a damaged annotation file.
#[derive(Debug)]
pub struct Salvaged {
    /// Records and places.
    pub workspace: Workspace,
    /// Ticks of the map, counted.
    pub map: TagMap,
    /// How many annotations there are.
    pub n_annotations: usize,
    /// The first damaged places, in words.
    pub losses: Vec<String>,
    /// How many there are in all.
    pub n_losses: usize,
    /// Whether its lines end in CR LF.
    pub crlf: bool,
    /// Where the copy will be saved.
    pub copy: PathBuf,
}

/// What the tool is told and asked.
#[derive(Debug)]
pub enum Message {
    /// See what can be read of the damaged annotation file of this article.
    Start(ArticleKey),
    /// A job has read it, or there is nothing in it.
    Read(ArticleKey, Result<Box<Salvaged>, FileError>),
    /// Open it as a copy.
    Open,
    /// A job did not get to its end.
    Failed(JobFailure),
}

/// The job that reads it and looks for its marks.
#[derive(Clone, Copy)]
struct Work;

impl Job for Work {
    type Message = Message;

    fn name(self) -> &'static str {
        "salvage"
    }

    fn failed(self, failure: JobFailure) -> Message {
        Message::Failed(failure)
    }
}

impl Tool for Salvage {
    type Message = Message;
    const NAME: &'static str = "salvage";
    const ACTIONS: &'static [Action<Self>] = &[Action {
        row: Row::new("Salvage", Menu::File, 2, "Recover damaged file…")
            .tooltip("Recover what can be read of the damaged annotation file, as a copy.")
            .order(10),
        message: |_, environment| {
            let article = environment.article.as_ref()?;
            article.is_damaged.then_some(Message::Start(article.key))
        },
    }];

    fn update(&mut self, message: Message, cx: &mut Cx<'_, Message>) {
        match message {
            Message::Start(key) => start(key, cx),
            Message::Read(key, Ok(salvaged)) => {
                if cx.session().find(key).is_some() {
                    self.found = Some((key, salvaged));
                    cx.open();
                }
            }
            Message::Read(_, Err(error)) => {
                let title = "The annotations cannot be recovered";
                cx.notices().problem(title, &error, Vec::new());
            }
            Message::Open => {
                cx.hide();
                if let Some((key, salvaged)) = self.found.take() {
                    open(key, *salvaged, cx);
                }
            }
            Message::Failed(failure) => {
                let advice = "The damaged file is unchanged. Try again.";
                cx.job_failed("The annotations were not recovered", &failure, advice);
            }
        }
    }

    fn follow(&mut self, event: &Event, cx: &mut Cx<'_, Message>) {
        if let Event::Asked(DialogKind::Damaged(key)) = event {
            start(*key, cx);
        }
    }

    fn modal(&self) -> Option<ModalLook> {
        self.found
            .as_ref()
            .map(|_| ModalLook::new("Damaged file", 560.0))
    }

    fn close(&mut self) {
        self.found = None;
    }

    fn show(&mut self, place: Place, ui: &mut Ui, cx: &mut ViewCx<'_, '_, Message>) {
        if let (Place::Modal, Some((_, salvaged))) = (place, &self.found) {
            view::show(ui, salvaged, cx);
        }
    }
}

/// Reads it, and looks for its marks.
fn start(key: ArticleKey, cx: &Cx<'_, Message>) {
    let Some(article) = cx.session().find(key) else {
        return;
    };
    let (path, text) = (article.annotations_path.clone(), article.text().clone());
    let copy = name_of_copy(&article.path);
    let disk = cx.disk();
    cx.awaited_job(Work, move |sender| {
        let salvaged = disk.salvage_annotations(&path).map(|salvaged| {
            let losses = salvaged.losses.iter().map(ToString::to_string).collect();
            let marks = Marks::find(&text, &salvaged.set, &|| true);
            let marks = marks.unwrap_or_else(|| Marks::empty(&text));
            Box::new(Salvaged {
                map: TagMap::new(&salvaged.set, &marks),
                n_annotations: salvaged.set.annotations.len(),
                n_losses: salvaged.n_losses,
                crlf: salvaged.crlf,
                workspace: Workspace::new(salvaged.set, marks),
                losses,
                copy: free(&disk, copy),
            })
        });
        sender.send(Message::Read(key, salvaged));
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
fn free(disk: &Disk, path: PathBuf) -> PathBuf {
    let name = file_name(&path);
    std::iter::once(path.clone())
        .chain(
            (2..100)
                .map(|n| path.with_file_name(name.replace("(rescued)", &format!("(rescued {n})")))),
        )
        .find(|path| disk.article_stat(path).is_err())
        .unwrap_or(path)
}

/// Opens the copy: unsaved, and to be saved under a name of its own. The damaged file stays as it is.
fn open(key: ArticleKey, salvage: Salvaged, cx: &mut Cx<'_, Message>) {
    let theme = cx.session().theme().clone();
    let journals = cx.session().journals.clone();
    let Some(article) = cx.article_mut(key) else {
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
    cx.notices()
        .info("Recovered annotations are open as a copy", &text);
}
