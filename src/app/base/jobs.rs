//! Work that may take long, on threads of its own: the only place of the window that starts one.
//!
//! A job is given values and answers with messages; it never touches the state. In tests jobs run at once, on the
//! caller's thread, so that nothing has to be waited for.

use crate::{app::base::sender::Sender, files::Disk};
use std::{
    panic::{self, AssertUnwindSafe},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// A kind of work: what its thread is called, and which message says that it failed.
pub trait Job: Copy + Send + 'static {
    /// What its owner is sent.
    type Message: Send + 'static;

    /// Returns the name of its thread.
    fn name(self) -> &'static str;

    /// Returns the message that tells its owner, who resets what waited for it and nothing else.
    fn failed(self, failure: JobFailure) -> Self::Message;
}

/// Why a job did not get to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobFailure {
    /// The system gave no thread for it: in its words.
    NoThread(String),
    /// The program made a mistake.
    Panicked,
}

impl JobFailure {
    /// Returns the reason as one sentence.
    pub fn reason(&self) -> String {
        match self {
            Self::NoThread(error) => format!("The system could not start a thread: {error}."),
            Self::Panicked => "Sourcemark had an internal error.".to_owned(),
        }
    }
}

/// Starts jobs, and gives them the disk.
pub struct Jobs {
    disk: Disk,
    /// Run jobs on the caller's thread.
    runs_inline: bool,
    /// How many jobs are under way whose outcome the next keys may be meant for.
    n_awaited: Arc<AtomicUsize>,
}

/// Counts a job that is awaited, until it ends in whatever way.
struct Awaited(Arc<AtomicUsize>);

impl Awaited {
    fn begin(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(count))
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Jobs {
    /// Jobs that work on `disk`: on threads, or, for tests, at once.
    pub fn new(disk: Disk, has_threads: bool) -> Self {
        Self {
            disk,
            runs_inline: !has_threads,
            n_awaited: Arc::default(),
        }
    }

    /// The disk they work on.
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// Runs `work` beside the window.
    pub fn run<J: Job>(
        &self,
        job: J,
        sender: &Sender<J::Message>,
        work: impl FnOnce(&Sender<J::Message>) + Send + 'static,
    ) {
        if self.runs_inline {
            work(sender);
            return;
        }
        let for_thread = sender.clone();
        let started = std::thread::Builder::new()
            .name(job.name().to_owned())
            .spawn(move || {
                // A mistake in a job must not leave the window waiting for its answer for ever.
                let done = panic::catch_unwind(AssertUnwindSafe(|| work(&for_thread)));
                if done.is_err() {
                    for_thread.send(job.failed(JobFailure::Panicked));
                }
            });
        if let Err(error) = started {
            sender.send(job.failed(JobFailure::NoThread(error.to_string())));
        }
    }

    /// [`run`](Self::run), for a job that shows something the person has asked for: keys that were pressed before
    /// anybody could see that it had begun wait for it.
    pub fn run_awaited<J: Job>(
        &self,
        job: J,
        sender: &Sender<J::Message>,
        work: impl FnOnce(&Sender<J::Message>) + Send + 'static,
    ) {
        let awaited = Awaited::begin(&self.n_awaited);
        self.run(job, sender, move |sender| {
            work(sender);
            drop(awaited);
        });
    }

    /// Whether a job is under way whose outcome the next keys may be meant for.
    pub fn is_awaited(&self) -> bool {
        self.n_awaited.load(Ordering::Acquire) > 0
    }
}
