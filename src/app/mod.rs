//! Floor 9, app: the window around the reading pane.
//!
//! [`App`] runs one frame after the other: events come in order ([`input`]), keys become commands, panels draw the
//! state and send commands, [`dispatch`] carries them out. Nothing else changes the state, and nothing that may
//! take long happens here: threads do it ([`jobs`]) and answer with commands too.

mod article;
mod command;
mod comparison;
mod dialogs;
mod dispatch;
pub mod display;
mod draw;
mod file_dialog;
mod find;
mod fonts;
mod input;
mod job_kind;
mod jobs;
mod look;
mod merging;
mod names;
mod notifications;
mod outside;
mod panels;
mod panics;
mod preferences;
mod recovery;
mod short;
mod signals;
mod state;
mod tags;
mod theme;
mod unmerged;
mod watch;
mod widgets;
pub mod window;

pub use command::{
    AppCommand, ArticleKey, CommandSender, DialogKind, Menu, PickPurpose, UiCommand,
};
pub use preferences::{Preferences, ThemeChoice};
pub use state::{AppState, Clock, OpenArticle};
pub use theme::ThemeError;

use crate::{
    annotation::{IdSource, Timestamp},
    files::{Disk, JournalWriter, Journals},
    reader::TextEngine,
    text::{cut, hidden},
};
use command::Keys;
use egui::{Context, Event, Ui, ViewportCommand};
use jiff::tz::TimeZone;
use job_kind::JobKind;
use std::{
    path::PathBuf,
    sync::mpsc,
    time::{Duration, Instant},
};

/// How long the end of the program waits for the journals. Enough for a disk that has to wake up; one that never
/// answers must not keep the program.
const LAST_PATIENCE: Duration = Duration::from_secs(3);

/// The program with its window.
pub struct App {
    state: AppState,
    engine: TextEngine,
    sender: CommandSender,
    commands: mpsc::Receiver<AppCommand>,
    has_fonts: bool,
    /// For tests: who has no threads writes the journals between two frames.
    journal_writer: Option<JournalWriter>,
    shown_theme: String,
    shown_title: String,
    asked_to_close: bool,
    /// How often drawing has failed by a mistake in the program.
    n_mistakes: u32,
    /// How many commands were carried out.
    n_commands: u64,
}

/// What the program needs from outside.
pub struct Surroundings {
    /// The clock.
    pub clock: Box<dyn Clock>,
    /// New names.
    pub ids: Box<dyn IdSource + Send>,
    /// The disk.
    pub disk: Disk,
    /// What the person prefers.
    pub preferences: Preferences,
    /// Whether to write preferences to the disk.
    pub keeps_preferences: bool,
    /// Whether to use the system's fonts beside the program's own.
    pub system_fonts: bool,
    /// Whether jobs run on threads; in tests they run at once.
    pub has_threads: bool,
    /// The folder with sample articles.
    pub samples: Option<PathBuf>,
    /// The clock on the person's wall.
    pub zone: TimeZone,
}

struct FixedClock(Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}

impl App {
    /// The program with nothing open.
    ///
    /// # Errors
    /// When the themes that are part of the program cannot be read; a test makes sure that this does not ship.
    pub fn new(surroundings: Surroundings) -> Result<Self, ThemeError> {
        let (sender, commands) = CommandSender::new();
        let (disk, has_threads) = (surroundings.disk.clone(), surroundings.has_threads);
        let engine = TextEngine::new(surroundings.system_fonts);
        let mut state = AppState::new(surroundings)?;
        let mut journal_writer = None;
        if let Some((journals, writer)) = disk.journals() {
            state.journals = Some(journals);
            if has_threads {
                state.jobs.run(JobKind::Journal, &sender, move |sender| {
                    writer.run(|event| sender.send(AppCommand::JournalSaid(event)));
                });
            } else {
                journal_writer = Some(writer);
            }
        }
        sender.send(AppCommand::LookForUnsavedWork);
        Ok(Self {
            engine,
            state,
            journal_writer,
            sender,
            commands,
            has_fonts: false,
            shown_theme: String::new(),
            shown_title: String::new(),
            asked_to_close: false,
            n_mistakes: 0,
            n_commands: 0,
        })
    }

    /// The same program for tests: a clock that stands still, names that count up, no threads, no settings on
    /// the disk, no fonts of the system.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn for_tests(
        mut ids: Box<dyn IdSource + Send>,
        now: Timestamp,
        disk: Disk,
    ) -> Result<Self, ThemeError> {
        let settings = crate::files::Settings {
            me: Some(crate::files::Me {
                id: crate::annotation::AgentId::new(&mut *ids),
                name: "Test annotator".to_owned(),
            }),
            ..crate::files::Settings::default()
        };
        let preferences = Preferences::from_settings(&settings, &mut *ids);
        Self::new(Surroundings {
            clock: Box::new(FixedClock(now)),
            ids,
            disk,
            preferences: Preferences {
                theme: ThemeChoice::Light,
                ..preferences
            },
            keeps_preferences: false,
            system_fonts: false,
            has_threads: false,
            samples: None,
            zone: TimeZone::UTC,
        })
    }

    /// Hears from now on what the system says: of files that others write, and that the program is to end.
    pub fn listen_to_the_system(&mut self) {
        self.state.watch = watch::Watch::new(&self.sender);
        signals::listen(&self.state.jobs, &self.sender);
    }

    /// What the program knows.
    pub fn state(&self) -> &AppState {
        &self.state
    }

    /// Opens files and folders, as if they were dropped on the window.
    pub fn open(&self, paths: Vec<PathBuf>) {
        if !paths.is_empty() {
            self.sender.send(AppCommand::OpenPaths(paths));
        }
    }

    /// Tells the person something from before the first frame.
    pub fn warn_at_start(&mut self, title: &str, text: &str) {
        let text = notifications::sentence(text);
        self.state.notifications.warn(title, &text);
    }

    /// Where commands can be sent.
    pub fn sender(&self) -> &CommandSender {
        &self.sender
    }

    /// Whether the window may close now.
    pub fn may_close(&self) -> bool {
        self.state.may_close
    }

    /// Carries out what was sent. Also called while the window is hidden, so that jobs end there too.
    pub fn logic_inner(&mut self, ctx: &Context) {
        self.sender.attach(ctx);
        while let Ok(command) = self.commands.try_recv() {
            dispatch::run(&mut self.state, command, &self.sender);
            self.n_commands += 1;
        }
        self.write_journals();
    }

    /// What the journals' thread does, for who has no threads.
    fn write_journals(&mut self) {
        if let Some(writer) = &mut self.journal_writer {
            let sender = &self.sender;
            writer.step(Instant::now(), &mut |event| {
                sender.send(AppCommand::JournalSaid(event));
            });
        }
    }

    /// Waits until the journals' thread has done what it was told: a journal of work that was saved, or that
    /// nobody wants, must not outlive the program, or it would be offered at the next start.
    fn finish_journals(&mut self) {
        self.write_journals();
        if self.journal_writer.is_none()
            && let Some(journals) = &self.state.journals
        {
            // Whether all of it could be done or not: there is nobody left to tell.
            journals.flush(LAST_PATIENCE);
        }
    }

    /// The journals of unsaved work, to be put on the disk when the program ends suddenly.
    pub fn journals(&self) -> Option<Journals> {
        self.state.journals.clone()
    }

    /// One frame in all of `ui`.
    pub fn ui_inner(&mut self, ui: &mut Ui) {
        self.frame(ui, Self::draw);
    }

    fn draw(&mut self, ui: &mut Ui) {
        draw::frame(ui, &mut self.state, &mut self.engine, &self.sender);
    }

    fn frame(&mut self, ui: &mut Ui, draw: impl FnOnce(&mut Self, &mut Ui)) {
        let ctx = ui.ctx().clone();
        if !self.has_fonts {
            // Faces are there from the next frame on, and this one would ask for them.
            self.has_fonts = true;
            fonts::install(&ctx);
            input::install(&ctx);
            ctx.options_mut(|options| options.zoom_with_keyboard = false);
            self.sender.attach(&ctx);
            ctx.request_repaint();
            return;
        }
        self.logic_inner(&ctx);
        self.follow_theme(ui);
        self.listen(&ctx);
        self.logic_inner(&ctx);
        draw(self, ui);
        widgets::forget_fields_out_of_sight(&ctx);
        self.logic_inner(&ctx);
        dispatch::follow_files(&mut self.state, &self.sender);
        self.follow_window(&ctx);
        let report = input::Report {
            n_commands: self.n_commands,
            awaits_job: self.state.jobs.is_awaited(),
            is_ending: self.state.may_close,
        };
        input::end_pass(&ctx, report);
    }

    /// Makes egui look like the theme in use, when it is another one than before.
    fn follow_theme(&mut self, ui: &mut Ui) {
        self.state.system_is_dark = ui.ctx().system_theme() == Some(egui::Theme::Dark);
        let theme = self.state.theme().clone();
        if self.shown_theme != theme.name {
            theme.apply(ui.ctx());
            self.shown_theme.clone_from(&theme.name);
        }
        ui.set_style(ui.ctx().global_style());
    }

    /// Keys, dropped files, the window's close button.
    fn listen(&mut self, ctx: &Context) {
        let dropped: Vec<PathBuf> = ctx.input(|input| {
            input
                .raw
                .dropped_files
                .iter()
                .map(|file| file.path().to_path_buf())
                .collect()
        });
        self.open(dropped);
        let wants_to_close = ctx.input(|input| input.viewport().close_requested());
        if wants_to_close && !self.state.may_close {
            dispatch::run(&mut self.state, AppCommand::Quit, &self.sender);
            if !self.state.may_close {
                ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            }
        }
        self.look_at_files(ctx);
        let in_text_field = ctx.text_edit_focused();
        let focused = ctx.memory(|memory| memory.focused());
        let in_text = self
            .state
            .article()
            .is_some_and(|article| article.has_focus);
        let keys = Keys {
            in_text_field,
            on_widget: focused.is_some() && !in_text && !in_text_field,
            in_popup: self.state.dialog.is_some() || egui::Popup::is_any_open(ctx),
        };
        let environment = self.state.environment();
        if let Some(article) = self.state.article_mut() {
            article.tags.refresh(article.workspace.set());
        }
        let tags = self.state.article().map_or(&[][..], |it| it.tags.all());
        command::listen(ctx, keys, &environment, tags, &self.sender);
    }

    /// Sees to it that what others do to the files is noticed: when the window comes to the front, and while
    /// somebody works in it, before what they do becomes an edit.
    fn look_at_files(&mut self, ctx: &Context) {
        let (comes_to_front, is_worked_in) = ctx.input(|input| {
            let events = &input.events;
            (
                events.contains(&Event::WindowFocused(true)),
                events.iter().any(|event| {
                    matches!(
                        event,
                        Event::PointerButton { pressed: true, .. }
                            | Event::Key { pressed: true, .. }
                    )
                }),
            )
        });
        if comes_to_front {
            dispatch::run(&mut self.state, AppCommand::LookAtAll, &self.sender);
        } else if is_worked_in {
            dispatch::run(&mut self.state, AppCommand::LookBeforeEdit, &self.sender);
        }
    }

    /// Title, clipboard, closing: what the system is told after the frame.
    fn follow_window(&mut self, ctx: &Context) {
        let title = match self.state.article() {
            Some(article) => {
                let dot = if article.is_unsaved() { "● " } else { "" };
                let name = article.file_name();
                let name = cut(&name, short::NAME_CHARS);
                format!("{dot}{} — Sourcemark", hidden::isolated(&name))
            }
            None => "Sourcemark".to_owned(),
        };
        if self.shown_title != title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.shown_title = title;
        }
        if let Some(text) = self.state.to_copy.take() {
            ctx.copy_text(text);
        }
        if self.state.may_close && !std::mem::replace(&mut self.asked_to_close, true) {
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
        let size = ctx.input(|input| input.viewport().inner_rect.map(|rect| rect.size()));
        if let Some(size) = size.filter(|size| size.x > 200.0 && size.y > 200.0) {
            self.state.preferences.window = Some((size.x, size.y));
        }
        // Whoever has nothing to type in reads: the text has the keyboard unless something else wants it.
        let is_free = self.state.dialog.is_none()
            && !egui::Popup::is_any_open(ctx)
            && ctx.memory(|memory| memory.focused().is_none());
        if is_free && let Some(article) = self.state.article_mut() {
            article.reader.take_focus();
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        self.logic_inner(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.frame(ui, |app, ui| panics::draw_safely(app, ui, Self::draw));
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.finish_journals();
        if self.state.keeps_preferences
            && let Some(folder) = crate::files::config_dir()
        {
            // The window is gone: there is nobody left to tell.
            let settings = self.state.preferences.to_settings();
            drop(self.state.jobs.disk().save_settings(&settings, &folder));
        }
    }
}
