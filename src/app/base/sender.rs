//! The one way from anywhere (panels, keys, threads) to the state.

use egui::Context;
use std::sync::{Arc, OnceLock, mpsc};

/// Sends messages to the window; cheap to clone, and may go to other threads.
pub struct Sender<M> {
    post: Arc<dyn Fn(M) + Send + Sync>,
}

impl<M> Clone for Sender<M> {
    fn clone(&self) -> Self {
        let post = Arc::clone(&self.post);
        Self { post }
    }
}

/// Repaints the window with every message, from its first frame on.
#[derive(Clone, Default)]
pub struct Waker(Arc<OnceLock<Context>>);

impl Waker {
    /// Wakes `ctx` from now on.
    pub fn attach(&self, ctx: &Context) {
        self.0.get_or_init(|| ctx.clone());
    }
}

impl<M: Send + 'static> Sender<M> {
    /// Returns a sender, the end where its messages come out, and what has to be attached to the window.
    pub fn channel() -> (Self, mpsc::Receiver<M>, Waker) {
        let (queue, messages) = mpsc::channel();
        let waker = Waker::default();
        let ctx = waker.clone();
        let post = move |message| {
            // The other end lives as long as the program; a thread that outlives the window has nobody to tell.
            drop(queue.send(message));
            if let Some(ctx) = ctx.0.get() {
                ctx.request_repaint();
            }
        };
        let post = Arc::new(post);
        (Self { post }, messages, waker)
    }

    /// Returns a sender of messages that `wrap` makes into messages of this one.
    pub fn narrow<N: 'static>(&self, wrap: fn(N) -> M) -> Sender<N> {
        let post = Arc::clone(&self.post);
        let post = Arc::new(move |message| post(wrap(message)));
        Sender { post }
    }

    /// Sends `message`; the window handles it with its next frame at the latest.
    pub fn send(&self, message: M) {
        (self.post)(message);
    }

    /// Sends the message if there is one.
    pub fn send_some(&self, message: Option<M>) {
        if let Some(message) = message {
            self.send(message);
        }
    }
}
