//! Other versions of an article's annotations: what somebody else has saved, copies, earlier versions; comparing and merging
//! them, and settling what merges leave open.

mod comparison;
mod conflicts_view;
mod list_view;
mod merging;
mod told;
mod unplaced;
mod versions_view;

use crate::{
    app::{
        base::{
            action::{Menu, Row},
            form::ModalLook,
            jobs::{Job, JobFailure},
        },
        core::{command::AppCommand, outside},
        session::{
            article::ArticleKey,
            event::{DialogKind, Event},
            notices::{Offer, Weight},
        },
        tools::tool::{Action, Cx, Place, Tool, ViewCx},
    },
    files::{EarlierVersion, FileError, Loaded},
};
use comparison::{Comparison, Other};
use egui::Ui;
use merging::{MergedVersions, Versions};

/// The dialog about other versions that is open.
#[derive(Default)]
pub struct Review {
    dialog: Option<Dialog>,
    /// The passages that were not found.
    unplaced: unplaced::View,
}

enum Dialog {
    /// Two versions.
    Comparison(Box<Comparison>),
    /// The versions that were saved before.
    Versions(list_view::View),
    /// What merges have left open.
    Conflicts(Box<conflicts_view::View>),
}

/// What the tool is told and asked.
#[derive(Debug)]
pub enum Message {
    /// Show what somebody else has saved beside what is open.
    ShowTheirs(ArticleKey),
    /// Show what merges have left open.
    ShowConflicts(ArticleKey),
    /// List the versions that were saved before.
    ListVersions(ArticleKey),
    /// A job has listed them.
    Listed(ArticleKey, Result<Vec<EarlierVersion>, FileError>),
    /// Show what differs in an earlier version.
    LookAt(ArticleKey, EarlierVersion),
    /// A job has compared another version with the open one; nothing when the two are in no dialog any more.
    Compared(Result<Box<Comparison>, FileError>),
    /// Our version stays.
    KeepMine(Box<Comparison>),
    /// The other version stays.
    TakeTheirs(Box<Comparison>),
    /// Both are merged.
    Merge(Box<Comparison>),
    /// A job has merged them.
    Merged(Box<MergedVersions>),
    /// A job did not get to its end.
    Failed(Work, JobFailure),
}

/// What jobs of the tool do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Lists the earlier versions, or reads one of them or a copy, and compares it.
    Read,
    /// Merges.
    Merge,
}

impl Job for Work {
    type Message = Message;

    fn name(self) -> &'static str {
        match self {
            Self::Read => "versions",
            Self::Merge => "merge",
        }
    }

    fn failed(self, failure: JobFailure) -> Message {
        Message::Failed(self, failure)
    }
}

impl Tool for Review {
    type Message = Message;
    const NAME: &'static str = "review";
    const ACTIONS: &'static [Action<Self>] = &[
        Action {
            row: Row::new("EarlierVersions", Menu::File, 2, "Earlier versions…")
                .tooltip("Compare with an earlier version of the annotations, or restore it.")
                .order(12),
            message: |_, environment| {
                let article = environment.article.as_ref()?;
                (article.has_file || article.is_damaged)
                    .then_some(Message::ListVersions(article.key))
            },
        },
        Action {
            row: Row::new("CompareTheirs", Menu::File, 2, "Compare with file on disk…")
                .tooltip(
                    "Compare your unsaved annotations with what somebody else saved, and choose.",
                )
                .order(13),
            message: |_, environment| {
                let article = environment.editable()?;
                article
                    .has_theirs
                    .then_some(Message::ShowTheirs(article.key))
            },
        },
        Action {
            row: Row::new("Conflicts", Menu::Annotate, 4, "Resolve conflicts…")
                .tooltip("Choose between values that a merge could not combine."),
            message: |_, environment| {
                let article = environment.article.as_ref()?;
                (article.n_conflicts > 0).then_some(Message::ShowConflicts(article.key))
            },
        },
    ];

    fn update(&mut self, message: Message, cx: &mut Cx<'_, Message>) {
        match message {
            Message::ShowTheirs(key) => show_theirs(key, cx),
            Message::ShowConflicts(key) => self.show_conflicts(key, cx),
            Message::ListVersions(key) => list_versions(key, cx),
            Message::Listed(key, versions) => self.listed(key, versions, cx),
            Message::LookAt(key, version) => {
                let disk = cx.disk();
                compare(key, cx, move || {
                    let file = disk.read_version(&version)?;
                    Ok(Some((Other::Earlier(version), file)))
                });
            }
            Message::Compared(Ok(comparison)) => {
                if cx.session().find(comparison.key).is_some() {
                    self.dialog = Some(Dialog::Comparison(comparison));
                    cx.open();
                }
            }
            Message::Compared(Err(error)) => {
                let title = "This version could not be read";
                cx.notices().problem(title, &error, Vec::new());
            }
            Message::KeepMine(comparison) => {
                cx.hide();
                keep_mine(*comparison, cx);
            }
            Message::TakeTheirs(comparison) => {
                cx.hide();
                take_theirs(*comparison, cx);
            }
            Message::Merge(comparison) => {
                cx.hide();
                merge(comparison, cx);
            }
            Message::Merged(merged) => merged_versions(*merged, cx),
            Message::Failed(work, failure) => {
                let not_done = match work {
                    Work::Read => "Other versions were not read",
                    Work::Merge => "The versions were not merged",
                };
                cx.job_failed(
                    not_done,
                    &failure,
                    "Your annotations are unchanged. Try again.",
                );
            }
        }
    }

    fn follow(&mut self, event: &Event, cx: &mut Cx<'_, Message>) {
        match event {
            Event::Asked(DialogKind::Theirs(key)) => show_theirs(*key, cx),
            Event::Asked(DialogKind::Conflicts(key)) => self.show_conflicts(*key, cx),
            Event::Asked(DialogKind::Copy(key, path)) => {
                let (disk, path) = (cx.disk(), path.clone());
                compare(*key, cx, move || match disk.read_annotations(&path) {
                    Loaded::Loaded(file) => Ok(Some((Other::Copy(path), *file))),
                    Loaded::Unreadable(error) => Err(error),
                    // The copy was removed in the meantime.
                    Loaded::New => Ok(None),
                });
            }
            Event::Clashed(key) if cx.session().modal.is_none() || self.shows_theirs(*key) => {
                show_theirs(*key, cx);
            }
            Event::Handled => {
                if let Some(Dialog::Conflicts(view)) = &mut self.dialog {
                    view.follow(&cx.session().articles);
                }
            }
            _ => {}
        }
    }

    fn modal(&self) -> Option<ModalLook> {
        Some(match self.dialog.as_ref()? {
            Dialog::Comparison(_) => ModalLook::new("Two versions", 600.0),
            Dialog::Versions(_) => ModalLook::new("Earlier versions", 480.0),
            Dialog::Conflicts(_) => ModalLook::new("Conflicts", 600.0),
        })
    }

    fn close(&mut self) {
        self.dialog = None;
    }

    fn show(&mut self, place: Place, ui: &mut Ui, cx: &mut ViewCx<'_, '_, Message>) {
        if place == Place::Side {
            unplaced::show(ui, &mut self.unplaced, cx);
        }
        if place != Place::Modal {
            return;
        }
        match &self.dialog {
            Some(Dialog::Comparison(comparison)) => versions_view::show(ui, comparison, cx),
            Some(Dialog::Versions(view)) => list_view::show(ui, view, cx),
            Some(Dialog::Conflicts(view)) => conflicts_view::show(ui, view, cx),
            None => {}
        }
    }
}

impl Review {
    /// Whether the dialog shows what somebody else has saved, of the article called `key`.
    fn shows_theirs(&self, key: ArticleKey) -> bool {
        match &self.dialog {
            Some(Dialog::Comparison(known)) => {
                known.key == key && matches!(known.other, Other::OnDisk)
            }
            _ => false,
        }
    }

    fn show_conflicts(&mut self, key: ArticleKey, cx: &mut Cx<'_, Message>) {
        cx.run(AppCommand::CommitDrafts);
        let Some(article) = cx.session().find(key) else {
            return;
        };
        let view = conflicts_view::View::new(article);
        cx.run(AppCommand::Activate(key));
        self.dialog = Some(Dialog::Conflicts(Box::new(view)));
        cx.open();
    }

    fn listed(
        &mut self,
        key: ArticleKey,
        versions: Result<Vec<EarlierVersion>, FileError>,
        cx: &mut Cx<'_, Message>,
    ) {
        match versions {
            Ok(versions) if cx.session().find(key).is_some() => {
                self.dialog = Some(Dialog::Versions(list_view::View { key, versions }));
                cx.open();
            }
            Ok(_) => {}
            Err(error) => {
                let title = "Earlier versions could not be listed";
                cx.notices().problem(title, &error, Vec::new());
            }
        }
    }
}

/// Compares what somebody else has saved with what is open, which may have changed since.
fn show_theirs(key: ArticleKey, cx: &Cx<'_, Message>) {
    let article = cx.session().find(key);
    let theirs = article.and_then(|article| article.outside.theirs.clone());
    if let Some(file) = theirs {
        compare(key, cx, move || Ok(Some((Other::OnDisk, *file))));
    }
}

/// Compares what `read` reads with what is open, beside the window.
fn compare(
    key: ArticleKey,
    cx: &Cx<'_, Message>,
    read: impl FnOnce() -> Result<Option<(Other, crate::files::AnnotationsFile)>, FileError>
    + Send
    + 'static,
) {
    let Some(article) = cx.session().find(key) else {
        return;
    };
    let ours = article.workspace.set().clone();
    cx.awaited_job(Work::Read, move |sender| {
        let read = read().transpose();
        let compared = read.map(|read| {
            let (other, file) = read?;
            Ok(Box::new(Comparison::new(key, other, &ours, file)))
        });
        sender.send_some(compared.map(Message::Compared));
    });
}

fn list_versions(key: ArticleKey, cx: &Cx<'_, Message>) {
    let Some(article) = cx.session().find(key) else {
        return;
    };
    let (disk, path) = (cx.disk(), article.annotations_path.clone());
    cx.awaited_job(Work::Read, move |sender| {
        sender.send(Message::Listed(key, disk.earlier_versions(&path)));
    });
}

/// Our version stays; theirs is replaced by it, and kept among the earlier versions.
fn keep_mine(comparison: Comparison, cx: &mut Cx<'_, Message>) {
    let key = comparison.key;
    if let Some(article) = cx.article_mut(key) {
        outside::know(article, comparison.file);
        article.workspace.mark_unsaved();
        cx.run(AppCommand::Save(key));
    }
}

/// Their version takes the place of ours, which undo brings back.
fn take_theirs(comparison: Comparison, cx: &mut Cx<'_, Message>) {
    let Some(article) = cx.article_mut(comparison.key) else {
        return;
    };
    match comparison.other {
        Other::OnDisk => outside::take(article, comparison.file, "use their version"),
        Other::Copy(_) => article.adopt(&comparison.file.set, "use the copy"),
        Other::Earlier(_) => article.adopt(&comparison.file.set, "restore an earlier version"),
    }
    cx.notices().add(
        Weight::Info,
        "Done",
        "Undo restores the previous version.",
        vec![Offer::Undo],
    );
}

/// Merges both versions, beside the window.
fn merge(comparison: Box<Comparison>, cx: &mut Cx<'_, Message>) {
    cx.run(AppCommand::CommitDrafts);
    let name = cx.session().preferences.me.name.trim();
    let our_name = if name.is_empty() { "ours" } else { name }.to_owned();
    let Some(article) = cx.session().find(comparison.key) else {
        return;
    };
    if let Some(reason) = article.why_read_only() {
        cx.notices().warn("This article is read-only", &reason);
        return;
    }
    // Whoever laid a copy there began from something else than what is known here.
    let base = match comparison.other {
        Other::OnDisk => article.outside.base.clone(),
        Other::Copy(_) | Other::Earlier(_) => None,
    };
    let versions = Versions {
        ours: article.workspace.set().clone(),
        revision: article.workspace.revision(),
        base,
        text: article.text().clone(),
        our_name,
        comparison,
    };
    cx.awaited_job(Work::Merge, move |sender| {
        let merged = merging::merge(versions);
        sender.send_some(merged.map(|merged| Message::Merged(Box::new(merged))));
    });
}

/// The outcome takes the place of ours, as one step that can be undone.
fn merged_versions(merged: MergedVersions, cx: &mut Cx<'_, Message>) {
    let key = merged.comparison.key;
    let Some(article) = cx.article_mut(key) else {
        return;
    };
    if article.workspace.revision() != merged.revision {
        // Something was done meanwhile, which must be in it.
        merge(merged.comparison, cx);
        return;
    }
    let (weight, text) = told::told(&merged);
    article.adopt_worked_out(&merged.change, "merge both versions");
    let Comparison { other, file, .. } = *merged.comparison;
    if matches!(other, Other::OnDisk) {
        if merged.is_theirs {
            outside::settle(article, file);
        } else {
            outside::know(article, file);
            article.workspace.mark_unsaved();
        }
    }
    let mut offers = vec![Offer::Undo];
    if merged.n_conflicts + merged.n_old_conflicts > 0 {
        offers.insert(0, Offer::Conflicts(key));
    }
    let title = "The versions were merged";
    cx.notices().add(weight, title, &text, offers);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        annotation::Timestamp,
        app::{
            App,
            tools::{self, ToolMessage},
        },
        edit::Edit,
        files::{Disk, Expected, SystemIds},
    };

    /// The outcome of the job comes behind an edit that was made meanwhile: it is worked out again, with the edit.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "an article for the test")]
    fn what_is_done_while_the_versions_are_merged_is_in_the_outcome() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("article.txt");
        std::fs::write(&path, "The maker denies it.").unwrap();
        let now = Timestamp::from_unix_seconds(0);
        let mut app = App::for_tests(Box::new(SystemIds), now, Disk::plain()).unwrap();
        let ctx = egui::Context::default();
        let run = |app: &mut App, messages: Vec<tools::Message>| {
            for message in messages {
                app.post.send(message);
            }
            app.logic_inner(&ctx);
        };
        let core = tools::Message::Core;
        run(&mut app, vec![core(AppCommand::OpenPaths(vec![path]))]);
        let article = app.state.article().unwrap();
        let (key, range) = (article.key, article.text().full_range());
        let annotate = Edit::Annotate {
            segments: vec![range],
            tags: Vec::new(),
            note: String::new(),
            speaker: None,
        };
        run(&mut app, vec![core(AppCommand::Edit(annotate))]);
        run(&mut app, vec![core(AppCommand::Save(key))]);
        let article = app.state.article().unwrap();
        let id = *article.workspace.set().annotations.keys().next().unwrap();
        let annotations = article.annotations_path.clone();
        let note = |note: &str| Edit::SetNote {
            id,
            note: note.to_owned(),
        };
        run(&mut app, vec![core(AppCommand::Edit(note("Ours.")))]);
        let Loaded::Loaded(mut file) = Disk::plain().read_annotations(&annotations) else {
            panic!("the annotations were not saved");
        };
        let mut theirs = (*file.set.annotations[&id]).clone();
        theirs.note = "Theirs.".to_owned();
        file.set.annotations.insert(id, theirs.into());
        let expected = Expected::Same(file.identity);
        crate::files::save_annotations(&annotations, &file.set, expected, false).unwrap();
        run(&mut app, vec![core(AppCommand::LookAtAll)]);
        let article = app.state.article().unwrap();
        let theirs = article.outside.theirs.clone().unwrap();
        let ours = article.workspace.set();
        let comparison = Comparison::new(key, Other::OnDisk, ours, *theirs);
        let merge = Message::Merge(Box::new(comparison));
        let merge = tools::Message::Tool(ToolMessage::Review(merge));
        let edit = core(AppCommand::Edit(note("Ours, written on.")));
        run(&mut app, vec![merge, edit]);
        let set = app.state.article().unwrap().workspace.set();
        let conflict = set.conflicts.values().next().unwrap();
        let values: Vec<String> = conflict
            .sides
            .iter()
            .map(|side| format!("{:?}", side.value))
            .collect();
        assert!(values[0].contains("written on"), "{values:?}");
    }
}
