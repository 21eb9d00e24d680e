//! Floor 9, app: the window around the reading pane.
//!
//! [`App`] runs one frame after the other: events come in order ([`base::input`]), keys become messages, panels and tools
//! draw the session and send messages, and [`App`] has them handled one by one: those of the core by `core::dispatch`,
//! those of a tool by the tool. What may take long is done by jobs ([`base::jobs`]), which answer with messages too.
//!
//! `base` knows no article and no tool, `session` is what is open, `core` opens, saves, marks and reads, `tools` is
//! everything else; each uses only what stands before it, and no tool knows another.

pub mod base;
mod core;
mod frame;
mod panics;
mod session;
mod tools;
pub mod window;

pub use self::{
    base::{action::Menu, sender::Sender, theme::ThemeError},
    core::{
        command::{AppCommand, CommandSender, PickPurpose},
        table::UiCommand,
    },
    session::{
        Clock, Session, Surroundings,
        article::{ArticleKey, OpenArticle},
        event::DialogKind,
        preferences::{Preferences, ThemeChoice},
    },
    tools::find::{Find, Status},
};

use crate::{
    annotation::{IdSource, TagId, Timestamp},
    files::{Disk, JournalWriter, Journals},
    reader::TextEngine,
    text::{hidden, thousands},
};
use base::{
    action::{ActionId, Actions},
    fonts, input,
    sender::Waker,
    widgets,
};
use core::{
    JobKind, dispatch,
    keys::{self, Keys, Listeners},
    resolve, signals,
    view::Views,
    watch::Watch,
};
use egui::{Context, Event, Ui, ViewportCommand};
use jiff::tz::TimeZone;
use session::event;
use std::{
    path::PathBuf,
    sync::mpsc,
    time::{Duration, Instant},
};
use tools::{Message, Tools};

/// How long the end of the program waits for the journals. Enough for a disk that has to wake up; one that never
/// answers must not keep the program.
const LAST_PATIENCE: Duration = Duration::from_secs(3);

/// The program with its window.
pub struct App {
    state: Session,
    tools: Tools,
    views: Views,
    engine: TextEngine,
    post: Sender<Message>,
    sender: CommandSender,
    act: Sender<ActionId>,
    messages: mpsc::Receiver<Message>,
    waker: Waker,
    /// What the system tells about the open files.
    watch: Watch,
    /// Whose dialog was open after the last message.
    modal: Option<&'static str>,
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
        let (post, messages, waker) = Sender::channel();
        let sender = post.narrow(Message::Core);
        let (disk, has_threads) = (surroundings.disk.clone(), surroundings.has_threads);
        let engine = TextEngine::new(surroundings.system_fonts);
        let mut state = Session::new(surroundings)?;
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
        state.tell(event::Event::Started);
        Ok(Self {
            engine,
            state,
            tools: Tools::default(),
            views: Views::default(),
            journal_writer,
            act: post.narrow(Message::Act),
            post,
            sender,
            messages,
            waker,
            watch: Watch::default(),
            modal: None,
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
        self.watch = Watch::new(&self.sender);
        signals::listen(&self.state.jobs, &self.sender);
    }

    /// What the program knows.
    pub fn state(&self) -> &Session {
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
        let text = session::notices::sentence(text);
        self.state.notifications.warn(title, &text);
    }

    /// What is looked for in the text.
    pub fn find(&self) -> &Find {
        self.tools.find()
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
        self.waker.attach(ctx);
        self.follow_events();
        while let Ok(message) = self.messages.try_recv() {
            self.run(message);
            self.n_commands += 1;
        }
        self.write_journals();
    }

    /// Has one message handled, and the tools told what came of it.
    fn run(&mut self, message: Message) {
        match message {
            Message::Core(command) => self.run_core(command),
            Message::Tool(message) => {
                let (post, core) = (&self.post, &self.sender);
                self.tools.update(message, &mut self.state, post, core);
            }
            Message::Act(id) => {
                if let Some(message) = self.resolve(id, &self.state.environment()) {
                    self.run(message);
                }
                return;
            }
        }
        self.state.tell(event::Event::Handled);
        self.follow_events();
    }

    fn run_core(&mut self, command: AppCommand) {
        let (post, core) = (&self.post, &self.sender);
        if command.needs_drafts() {
            self.tools.commit(&mut self.state, post, core);
        }
        let is_taken =
            matches!(command, AppCommand::Cancel) && self.tools.cancel(&mut self.state, post, core);
        if !is_taken {
            dispatch::run(&mut self.state, command, &self.sender);
        }
    }

    /// What an action does now.
    fn resolve(&self, id: ActionId, environment: &session::facts::Environment) -> Option<Message> {
        match id.owner {
            0 => resolve::resolve(id.idx, environment).map(Message::Core),
            _ => self.tools.resolve(id, environment).map(Message::Tool),
        }
    }

    /// Tells the tools what has happened.
    fn follow_events(&mut self) {
        while let Some(event) = self.state.next_event() {
            let (post, core) = (&self.post, &self.sender);
            self.tools.follow(&event, &mut self.state, post, core);
        }
        if self.modal != self.state.modal {
            if let Some(name) = self.modal {
                self.tools.close(name);
            }
            self.modal = self.state.modal;
        }
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
        let parts = frame::Parts {
            session: &mut self.state,
            views: &mut self.views,
            tools: &mut self.tools,
            engine: &mut self.engine,
            post: &self.post,
            core: &self.sender,
            act: &self.act,
        };
        frame::frame(ui, parts);
        if let Some(most) = widgets::take_cut(ui.ctx()) {
            let text = format!(
                "This field takes at most {} characters. The clipboard still has the whole text.",
                thousands(most)
            );
            let title = "Only part of the text was pasted";
            self.state.notifications.info(title, &text);
        }
    }

    fn frame(&mut self, ui: &mut Ui, draw: impl FnOnce(&mut Self, &mut Ui)) {
        let ctx = ui.ctx().clone();
        if !self.has_fonts {
            // Faces are there from the next frame on, and this one would ask for them.
            self.has_fonts = true;
            fonts::install(&ctx);
            input::install(&ctx);
            ctx.options_mut(|options| options.zoom_with_keyboard = false);
            self.waker.attach(&ctx);
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
        self.follow_files();
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
            self.run(Message::Core(AppCommand::Quit));
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
            in_popup: self.state.modal.is_some() || egui::Popup::is_any_open(ctx),
        };
        let environment = self.state.environment();
        if let Some(article) = self.state.article_mut() {
            article.tags.refresh(article.workspace.set());
        }
        let listeners = Listeners {
            actions: &self.actions(),
            environment: &environment,
            tags: self.state.article().map_or(&[][..], |it| it.tags.all()),
        };
        let resolve = |id| self.resolve(id, &environment);
        let tag = |id: TagId| Message::Core(AppCommand::Tag(id));
        // A hint is about the last key: the next key or click takes it away.
        let is_over = ctx.input(|input| {
            input.events.iter().any(|event| {
                matches!(
                    event,
                    Event::Key { pressed: true, .. } | Event::PointerButton { pressed: true, .. }
                )
            })
        });
        let heard = keys::listen(ctx, keys, &listeners, resolve, tag);
        if is_over {
            self.state.hint = None;
        }
        for message in heard.messages {
            self.post.send(message);
        }
        if heard.hint.is_some() {
            self.state.hint = heard.hint;
        }
    }

    /// All actions as they are now.
    fn actions(&self) -> Actions {
        frame::actions(&self.tools, &self.state.environment())
    }

    /// Has the folders of the open files watched.
    fn follow_files(&mut self) {
        let articles = self.state.articles.iter();
        let files = articles
            .flat_map(|article| [article.path.as_path(), article.annotations_path.as_path()]);
        self.watch.follow(files, &self.state.jobs, &self.sender);
    }

    /// Asks for the action whose row has this name; nothing happens when it makes no sense now.
    pub fn act(&self, name: &str) {
        if let Some(action) = self.actions().get(name) {
            self.act.send(action.id);
        }
    }

    /// Returns whether the action whose row has this name makes sense now.
    pub fn can_act(&self, name: &str) -> bool {
        self.actions()
            .get(name)
            .is_some_and(|action| action.is_enabled)
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
            self.run(Message::Core(AppCommand::LookAtAll));
        } else if is_worked_in {
            self.run(Message::Core(AppCommand::LookBeforeEdit));
        }
    }

    /// Title, clipboard, closing: what the system is told after the frame.
    fn follow_window(&mut self, ctx: &Context) {
        let title = match self.state.article() {
            Some(article) => {
                let dot = if article.is_unsaved() { "● " } else { "" };
                let name = article.title();
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
        let is_free = self.state.modal.is_none()
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
