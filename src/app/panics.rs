//! When the program itself makes a mistake: what happened is written down on this machine, for whoever wants to
//! report it, and the window goes on if it can.

use super::{
    App,
    notifications::{Offer, Weight},
};
use crate::files::{Disk, Journals, SystemClock};
use egui::Ui;
use std::{
    backtrace::Backtrace,
    panic::{self, AssertUnwindSafe, PanicHookInfo},
    time::Duration,
};

/// How long a panic waits for the journals.
const FLUSH_PATIENCE: Duration = Duration::from_millis(500);
/// Mistakes in drawing after which the window gives up.
const MAX_MISTAKES: u32 = 3;

/// From now on every panic of this process puts the journals on the disk and leaves a report in the folder for
/// what is under way. Nothing of it leaves the machine.
pub fn report_to(disk: Disk, journals: Option<Journals>) {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if let Some(journals) = &journals {
            // Whether it could be written or not, there is no more time.
            journals.flush(FLUSH_PATIENCE);
        }
        // The usual message too: whoever started the program from a terminal sees it.
        usual(info);
        // There is nobody to tell when this fails as well.
        disk.write_report(SystemClock.now(), &report(info)).ok();
    }));
}

fn report(info: &PanicHookInfo<'_>) -> String {
    format!(
        "Sourcemark {} on {} stumbled over a mistake of its own.\n\n{info}\n\n{}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        Backtrace::force_capture()
    )
}

/// Draws a frame of `app`; a panic in drawing puts the article that was shown aside instead of ending the
/// program.
///
/// Only drawing is caught: it changes no records. A panic while a command is carried out goes through, since
/// records might be half changed, and the journal has what was done before.
pub fn draw_safely(app: &mut App, ui: &mut Ui, draw: impl FnOnce(&mut App, &mut Ui)) {
    let drawn = panic::catch_unwind(AssertUnwindSafe(|| draw(app, ui)));
    let Err(mistake) = drawn else { return };
    app.n_mistakes += 1;
    let state = &mut app.state;
    let was_shown = state.active.take();
    if app.n_mistakes > MAX_MISTAKES || was_shown.is_none() {
        panic::resume_unwind(mistake);
    }
    state.dialog = None;
    state.notifications.add(
        Weight::Problem,
        "The article could not be drawn",
        "This is a mistake in the program. The article is still open, in the list at the left, with everything that was done to it; a report lies in the program’s state folder. Save your work, then start the program anew.",
        was_shown.map(Offer::SaveAs).into_iter().collect(),
    );
    ui.ctx().request_repaint();
}
