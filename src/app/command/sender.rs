//! The one way from anywhere (panels, keys, threads) to `dispatch`.

use super::AppCommand;
use egui::Context;
use std::sync::{Arc, OnceLock, mpsc};

/// Sends commands; cheap to clone, and may go to other threads.
#[derive(Clone)]
pub struct CommandSender {
    queue: mpsc::Sender<AppCommand>,
    /// The window to wake, known from its first frame on.
    ctx: Arc<OnceLock<Context>>,
}

impl CommandSender {
    /// A sender and the end where the commands come out.
    pub fn new() -> (Self, mpsc::Receiver<AppCommand>) {
        let (queue, commands) = mpsc::channel();
        let ctx = Arc::default();
        (Self { queue, ctx }, commands)
    }

    /// Wakes `ctx` with every command from now on.
    pub fn attach(&self, ctx: &Context) {
        self.ctx.get_or_init(|| ctx.clone());
    }

    /// Asks for `command` to be carried out, at the latest with the next frame.
    pub fn send(&self, command: AppCommand) {
        // The other end lives as long as the program; a thread that outlives the window has nobody to tell.
        drop(self.queue.send(command));
        if let Some(ctx) = self.ctx.get() {
            ctx.request_repaint();
        }
    }

    /// Asks for it if there is one.
    pub fn send_some(&self, command: Option<AppCommand>) {
        if let Some(command) = command {
            self.send(command);
        }
    }
}
