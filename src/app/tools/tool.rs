//! What a tool is, and what it is given.

use crate::{
    app::{
        base::{
            action::Row,
            form::ModalLook,
            jobs::{Job, JobFailure},
            sender::Sender,
            theme::Theme,
        },
        core::{
            command::{AppCommand, CommandSender},
            dispatch,
            view::{hits::Shown, scene::Scene},
        },
        session::{
            Session,
            article::{ArticleKey, OpenArticle},
            event::Event,
            facts::Environment,
            notices::{Notifications, Weight},
        },
    },
    files::Disk,
    reader::TextEngine,
};
use egui::Ui;
use std::fmt::Debug;

/// One capability: its state, what can be asked of it, its jobs and its view.
///
/// A tool changes what is open through [`Cx`] only, and cannot reach another tool.
pub trait Tool: Sized + Default + 'static {
    /// What its buttons, keys and jobs send. No other tool can make one.
    type Message: Debug + Send + 'static;

    /// Names it: no two tools have the same.
    const NAME: &'static str;

    /// Its rows of menus, palette, keys and help.
    const ACTIONS: &'static [Action<Self>] = &[];

    /// Handles a message.
    fn update(&mut self, message: Self::Message, cx: &mut Cx<'_, Self::Message>);

    /// Called when something has happened in the session.
    fn follow(&mut self, _event: &Event, _cx: &mut Cx<'_, Self::Message>) {}

    /// Writes what was typed into the records: before undo, saving, closing, and whatever else needs them as they are.
    fn commit(&mut self, _cx: &mut Cx<'_, Self::Message>) {}

    /// Called with Escape while no dialog is open. Returns whether that was meant for this tool.
    fn cancel(&mut self, _cx: &mut Cx<'_, Self::Message>) -> bool {
        false
    }

    /// Returns what its dialog looks like, if it has one to show.
    fn modal(&self) -> Option<ModalLook> {
        None
    }

    /// Called when its dialog is no longer shown: what the dialog needed can go.
    fn close(&mut self) {}

    /// Draws what it has to show at a place; nothing is a good answer.
    fn show(&mut self, _place: Place, _ui: &mut Ui, _cx: &mut ViewCx<'_, '_, Self::Message>) {}

    /// Returns what the reading pane of the article called `key` paints beside the annotations.
    fn hits(&mut self, _key: ArticleKey, _theme: &Theme) -> Option<Shown<'_>> {
        None
    }
}

/// A row of a tool, and what it does now: `None` when that makes no sense.
pub struct Action<T: Tool> {
    /// What menus, palette, keys and help say.
    pub row: Row,
    /// The message that is sent.
    pub message: fn(&T, &Environment) -> Option<T::Message>,
}

/// Where a tool can show something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In its dialog.
    Modal,
    /// Above the text: what must be known about the article before anything is done to it.
    Strip,
    /// Above the list of annotations.
    Side,
    /// Above the text, below the strips: a bar of tools.
    Bar,
}

/// What a tool may do with the session, and how it answers itself.
pub struct Cx<'a, M> {
    session: &'a mut Session,
    sender: Sender<M>,
    core: &'a CommandSender,
    name: &'static str,
}

impl<'a, M: Send + 'static> Cx<'a, M> {
    /// For the tool called `name`.
    pub fn new(
        name: &'static str,
        session: &'a mut Session,
        sender: Sender<M>,
        core: &'a CommandSender,
    ) -> Self {
        Self {
            session,
            sender,
            core,
            name,
        }
    }

    /// Returns what is open.
    pub fn session(&self) -> &Session {
        self.session
    }

    /// Returns the article called `key`.
    pub fn article_mut(&mut self, key: ArticleKey) -> Option<&mut OpenArticle> {
        self.session.find_mut(key)
    }

    /// Returns the article that is shown.
    pub fn active_mut(&mut self) -> Option<&mut OpenArticle> {
        self.session.article_mut()
    }

    /// Returns the disk, for a job.
    pub fn disk(&self) -> Disk {
        self.session.jobs.disk().clone()
    }

    /// Runs a command of the core at once.
    pub fn run(&mut self, command: AppCommand) {
        dispatch::run(self.session, command, self.core);
    }

    /// Shows the tool's dialog, in the place of whatever dialog is open.
    pub fn open(&mut self) {
        self.session.modal = Some(self.name);
    }

    /// Hides the tool's dialog, if it is the one that is open.
    pub fn hide(&mut self) {
        if self.session.modal == Some(self.name) {
            self.session.modal = None;
        }
    }

    /// Returns what the person is told.
    pub fn notices(&mut self) -> &mut Notifications {
        &mut self.session.notifications
    }

    /// Tells the person that a job of the tool has failed: what was not done, as a sentence without full stop, and what
    /// can be done about it.
    pub fn job_failed(&mut self, not_done: &str, failure: &JobFailure, advice: &str) {
        let text = format!("{} {advice}", failure.reason());
        self.notices()
            .add(Weight::Problem, not_done, &text, Vec::new());
    }

    /// Runs `work` beside the window.
    pub fn job<J: Job<Message = M>>(&self, job: J, work: impl FnOnce(&Sender<M>) + Send + 'static) {
        self.session.jobs.run(job, &self.sender, work);
    }

    /// [`job`](Self::job), for one that shows what the person has asked for: keys that were pressed before anybody could
    /// see that it had begun wait for it.
    pub fn awaited_job<J: Job<Message = M>>(
        &self,
        job: J,
        work: impl FnOnce(&Sender<M>) + Send + 'static,
    ) {
        self.session.jobs.run_awaited(job, &self.sender, work);
    }

    /// Returns a key that names nothing else.
    pub fn new_key(&mut self) -> u64 {
        self.session.new_key().0
    }
}

/// What a tool draws with.
pub struct ViewCx<'a, 's, M> {
    /// What there is to show.
    pub scene: &'a Scene<'s>,
    /// Lays text out.
    pub engine: &'a mut TextEngine,
    /// Where its messages go.
    pub sender: Sender<M>,
}

impl<M: Send + 'static> ViewCx<'_, '_, M> {
    /// Sends a message to the tool.
    pub fn send(&self, message: M) {
        self.sender.send(message);
    }

    /// Sends a command to the core.
    pub fn send_core(&self, command: AppCommand) {
        self.scene.core.send(command);
    }

    /// Closes the dialog.
    pub fn close(&self) {
        self.send_core(AppCommand::CloseDialog);
    }
}
