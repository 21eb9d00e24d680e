//! Unsaved work of a program that has ended: it is offered, shown with what it would change, and taken over only when the
//! person says so.

mod view;
mod work;

use crate::{
    annotation::Timestamp,
    app::{
        base::{
            action::{Menu, Row},
            form::ModalLook,
            jobs::{Job, JobFailure},
        },
        core::command::AppCommand,
        session::{
            article::{ArticleKey, OpenArticle},
            event::Event,
        },
        tools::tool::{Action, Cx, Place, Tool, ViewCx},
    },
    edit::Change,
    files::{self, FileError, Recoverable},
};
use egui::Ui;
use std::path::PathBuf;
use work::Effect;

/// Names unsaved work while the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnsavedId(u64);

/// The work on one article.
struct Unsaved {
    id: UnsavedId,
    /// The article.
    article: PathBuf,
    /// Where its annotations were.
    annotations: PathBuf,
    /// When the last of it was written down.
    written: Option<Timestamp>,
    n_changes: usize,
    /// `None` while a job works out what it would change.
    recovery: Option<files::Recovery>,
}

/// The unsaved work that the person has not decided about yet.
#[derive(Default)]
pub struct Recovery {
    found: Vec<Unsaved>,
    /// The one whose article is being opened.
    looking_at: Option<UnsavedId>,
    dialog: Option<Dialog>,
}

enum Dialog {
    /// Article by article.
    List,
    /// What the work on one article would change.
    Effect(Box<Effect>),
}

/// What the tool is told and asked.
#[derive(Debug)]
pub enum Message {
    /// A job has looked for unsaved work.
    Found(Box<Recoverable>),
    /// Show the list.
    List,
    /// Show what it would change on its article.
    LookAt(UnsavedId),
    /// A job has worked that out.
    WorkedOut(Box<Effect>, Box<files::Recovery>),
    /// Take it over; `true` with what others have changed since.
    Restore(UnsavedId, bool),
    /// Remove it.
    Discard(UnsavedId),
    /// A job has removed the work, or could not.
    Discarded(Option<FileError>),
    /// A job did not get to its end.
    Failed(Work, JobFailure),
}

/// What jobs of the tool do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Looks for unsaved work.
    Find,
    /// Works out what it would change.
    Compare(UnsavedId),
    /// Removes it.
    Discard,
}

impl Job for Work {
    type Message = Message;

    fn name(self) -> &'static str {
        match self {
            Self::Find => "unsaved work",
            Self::Compare(_) => "recover",
            Self::Discard => "discard",
        }
    }

    fn failed(self, failure: JobFailure) -> Message {
        Message::Failed(self, failure)
    }
}

impl Tool for Recovery {
    type Message = Message;
    const NAME: &'static str = "recovery";
    const ACTIONS: &'static [Action<Self>] = &[Action {
        row: Row::new("UnsavedWork", Menu::File, 2, "Unsaved work…")
            .tooltip("Restore work that was not saved when the program ended.")
            .order(11),
        message: |tool, _| (!tool.found.is_empty()).then_some(Message::List),
    }];

    fn update(&mut self, message: Message, cx: &mut Cx<'_, Message>) {
        match message {
            Message::Found(found) => self.found(*found, cx),
            Message::List => self.list(cx),
            Message::LookAt(id) => self.look_at(id, cx),
            Message::WorkedOut(effect, recovery) => self.worked_out(effect, *recovery, cx),
            Message::Restore(id, all) => self.restore(id, all, cx),
            Message::Discard(id) => self.discard(id, cx),
            Message::Discarded(None) => {}
            Message::Discarded(Some(error)) => {
                let title = "The unsaved work was not discarded";
                cx.notices().problem(title, &error, Vec::new());
            }
            Message::Failed(work, failure) => self.failed(work, &failure, cx),
        }
    }

    fn follow(&mut self, event: &Event, cx: &mut Cx<'_, Message>) {
        match event {
            Event::Started => find(None, cx),
            Event::ArticleReady(key) => {
                let article = cx.session().find(*key);
                let path = article.map(|article| article.path.clone());
                if path.is_some() {
                    find(path, cx);
                }
                self.work_out_if_open(cx);
            }
            Event::Handled => {
                // An article that could not be opened is not waited for.
                if self.looking_at.is_some() && cx.session().opening.is_empty() {
                    self.work_out_if_open(cx);
                    self.looking_at = None;
                }
            }
            Event::Asked(_) | Event::Clashed(_) => {}
        }
    }

    fn modal(&self) -> Option<ModalLook> {
        Some(match self.dialog.as_ref()? {
            Dialog::List => ModalLook::new("Unsaved work", 560.0),
            Dialog::Effect(_) => ModalLook::new("Recover unsaved work", 600.0),
        })
    }

    fn close(&mut self) {
        self.dialog = None;
    }

    fn show(&mut self, place: Place, ui: &mut Ui, cx: &mut ViewCx<'_, '_, Message>) {
        match (place, &self.dialog) {
            (Place::Modal, Some(Dialog::List)) => view::list(ui, &self.found, cx),
            (Place::Modal, Some(Dialog::Effect(effect))) => view::effect(ui, effect, cx),
            (Place::Strip, _) => {
                let article = cx.scene.session.article();
                let path = article.map(|article| &article.outside.one_path.article);
                let of_article = |unsaved: &&Unsaved| Some(&unsaved.article) == path;
                if let Some(unsaved) = self.found.iter().find(of_article) {
                    view::strip(ui, unsaved.id, cx);
                }
            }
            _ => {}
        }
    }
}

/// Looks for the unsaved work on the article at a path, or on any.
fn find(article: Option<PathBuf>, cx: &Cx<'_, Message>) {
    let disk = cx.disk();
    if disk.state().is_some() {
        cx.job(Work::Find, move |sender| {
            let found = match article {
                Some(path) => disk.recoverable_for(&path),
                None => disk.recoverable(),
            };
            sender.send(Message::Found(Box::new(found)));
        });
    }
}

impl Recovery {
    fn found(&mut self, found: Recoverable, cx: &mut Cx<'_, Message>) {
        for error in &found.problems {
            let title = "A backup of unsaved work could not be read";
            cx.notices().problem(title, error, Vec::new());
        }
        if found.found.is_empty() {
            return;
        }
        for recovery in found.found {
            self.found.push(Unsaved {
                id: UnsavedId(cx.new_key()),
                article: recovery.article.clone(),
                annotations: recovery.annotations.clone(),
                written: recovery.last_written,
                n_changes: recovery.n_changes,
                recovery: Some(recovery),
            });
        }
        if cx.session().modal.is_none() {
            self.list(cx);
        }
        self.work_out_if_open(cx);
    }

    /// Lists it; with nothing left to decide the dialog is closed.
    fn list(&mut self, cx: &mut Cx<'_, Message>) {
        if self.found.is_empty() {
            cx.hide();
        } else {
            self.dialog = Some(Dialog::List);
            cx.open();
        }
    }

    /// Opens the article that it was done on, and shows what it would change.
    fn look_at(&mut self, id: UnsavedId, cx: &mut Cx<'_, Message>) {
        cx.hide();
        let Some(unsaved) = self.found.iter().find(|unsaved| unsaved.id == id) else {
            return;
        };
        let (article, annotations) = (unsaved.article.clone(), unsaved.annotations.clone());
        self.looking_at = Some(id);
        self.work_out_if_open(cx);
        if self.looking_at.is_none() {
            return;
        }
        // The annotations may have been saved elsewhere than beside the article.
        let usual = files::annotations_beside(&article);
        let path = if annotations == usual {
            article
        } else {
            annotations
        };
        cx.run(AppCommand::OpenPaths(vec![path]));
    }

    /// Has worked out what it would change, when its article is open by now.
    fn work_out_if_open(&mut self, cx: &mut Cx<'_, Message>) {
        let Some(id) = self.looking_at else { return };
        let Some(unsaved) = self.found.iter_mut().find(|unsaved| unsaved.id == id) else {
            self.looking_at = None;
            return;
        };
        // The paths of a journal are those of the files themselves, by whatever links they were reached.
        let articles = cx.session().articles.iter();
        let is_it = |article: &&OpenArticle| {
            article.outside.one_path.article == unsaved.article && !article.is_loading
        };
        let mut open: Vec<&OpenArticle> = articles.filter(is_it).collect();
        // Reached by another link, it may be open with other annotations too.
        open.sort_by_key(|article| article.outside.one_path.annotations != unsaved.annotations);
        let Some(article) = open.first() else { return };
        let (key, revision) = (article.key, article.workspace.revision());
        let ours = article.workspace.set().clone();
        self.looking_at = None;
        let Some(recovery) = unsaved.recovery.take() else {
            return;
        };
        cx.awaited_job(Work::Compare(id), move |sender| {
            let effect = Effect::work_out(id, key, revision, &recovery, &ours);
            sender.send(Message::WorkedOut(Box::new(effect), Box::new(recovery)));
        });
    }

    fn worked_out(
        &mut self,
        effect: Box<Effect>,
        recovery: files::Recovery,
        cx: &mut Cx<'_, Message>,
    ) {
        let unsaved = self.found.iter_mut().find(|it| it.id == effect.id);
        if let Some(unsaved) = unsaved {
            unsaved.recovery = Some(recovery);
            cx.run(AppCommand::Activate(effect.key));
            self.dialog = Some(Dialog::Effect(effect));
            cx.open();
        }
    }

    /// Takes it over, as one step that can be undone; with `all`, also what others have changed since.
    fn restore(&mut self, id: UnsavedId, all: bool, cx: &mut Cx<'_, Message>) {
        let Some(Dialog::Effect(effect)) = self.dialog.take() else {
            return;
        };
        cx.hide();
        let key: ArticleKey = effect.key;
        let Some(article) = cx.session().find(key) else {
            return;
        };
        if let Some(reason) = article.why_read_only() {
            let title = "The unsaved work was not restored";
            let text = format!("{reason} The backup is kept.");
            cx.notices().warn(title, &text);
            return;
        }
        if article.workspace.revision() != effect.revision {
            // Something was done meanwhile: what it would change is another thing now.
            self.look_at(id, cx);
            return;
        }
        let Some(place) = self.found.iter().position(|known| known.id == id) else {
            return;
        };
        let Some(recovery) = self.found.remove(place).recovery else {
            return;
        };
        let journals = cx.session().journals.clone();
        let Some(article) = cx.article_mut(key) else {
            return;
        };
        article.ensure_journal(journals.as_ref());
        let recovered = effect.recovered;
        let mut change: Change = recovered.change;
        if all {
            change.diffs.extend(recovered.left_out.diffs);
        }
        let change = article.adopt_change(&change, "restore unsaved work");
        // The old journal goes when the new one has it all, and is on the disk. Where there can be no new one, it
        // stays: the next start sees whether the work was saved.
        if let Some(journal) = &article.outside.journal {
            journal.append_recovered(&change, recovery);
        }
        cx.notices().info(
            "Unsaved work was restored",
            "Save to keep it, or undo to remove it.",
        );
        self.list(cx);
    }

    fn discard(&mut self, id: UnsavedId, cx: &mut Cx<'_, Message>) {
        if let Some(place) = self.found.iter().position(|known| known.id == id)
            && let Some(recovery) = self.found.remove(place).recovery
        {
            cx.job(Work::Discard, move |sender| {
                let result = recovery.discard();
                sender.send(Message::Discarded(result.err()));
            });
        }
        self.list(cx);
    }

    fn failed(&mut self, work: Work, failure: &JobFailure, cx: &mut Cx<'_, Message>) {
        let kept = "The backup is kept. Restart Sourcemark to try again.";
        match work {
            Work::Find => {
                cx.job_failed("Sourcemark did not look for unsaved work", failure, kept);
            }
            Work::Compare(id) => {
                // The job has let go of it: only the next start finds it again.
                self.found.retain(|unsaved| unsaved.id != id);
                cx.job_failed("The unsaved work was not restored", failure, kept);
            }
            Work::Discard => {
                let advice = "It will be offered again when Sourcemark starts.";
                cx.job_failed("The unsaved work was not discarded", failure, advice);
            }
        }
    }
}
