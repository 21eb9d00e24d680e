//! Ends the program in good order when the system asks it to: at the end of a session, or by `kill`.

use crate::app::{
    base::jobs::Jobs,
    core::{
        command::{AppCommand, CommandSender},
        job_kind::JobKind,
    },
};

/// How long the window may take to end by itself, in seconds; a window that hangs is ended then. What it had
/// been told by then is in the journals.
#[cfg(unix)]
const PATIENCE_SECONDS: u64 = 3;
/// What a shell reports for a program ended by SIGTERM.
#[cfg(unix)]
const ENDED_BY_SIGNAL: i32 = 143;

/// Listens until the program ends.
#[cfg(unix)]
pub fn listen(jobs: &Jobs, sender: &CommandSender) {
    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGTERM},
        iterator::Signals,
    };
    // Without it the program ends at once, and the journals hold all but the last moment.
    let Ok(mut signals) = Signals::new([SIGTERM, SIGHUP, SIGINT]) else {
        return;
    };
    jobs.run(JobKind::Signals, sender, move |sender| {
        if signals.forever().next().is_some() {
            sender.send(AppCommand::Terminate);
            std::thread::sleep(std::time::Duration::from_secs(PATIENCE_SECONDS));
            std::process::exit(ENDED_BY_SIGNAL);
        }
    });
}

/// Windows and others tell the window itself.
#[cfg(not(unix))]
pub fn listen(_jobs: &Jobs, _sender: &CommandSender) {}
