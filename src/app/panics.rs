//! When the program itself makes a mistake: what happened is written down on this machine, for whoever wants to
//! report it, and the window goes on if it can.

use crate::{
    app::{
        App,
        core::edits,
        session::notices::{Offer, Weight},
    },
    files::{Disk, Journals, SystemClock},
};
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
        "Sourcemark {} on {} had an internal error.\n\n{info}\n\n{}\n",
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
    // What was typed and not yet taken over would belong to no article once none is shown.
    edits::commit_drafts(state);
    let was_shown = state.active.take();
    if app.n_mistakes > MAX_MISTAKES || was_shown.is_none() {
        panic::resume_unwind(mistake);
    }
    state.modal = None;
    state.notifications.add(
        Weight::Problem,
        "The article could not be shown",
        "Sourcemark had an internal error and wrote a report to its state folder. The article is still open, with all your work: save it, then restart Sourcemark.",
        was_shown.map(Offer::SaveAs).into_iter().collect(),
    );
    ui.ctx().request_repaint();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        annotation::Timestamp,
        app::{
            AppCommand, ArticleKey, Sender,
            base::jobs::{JobFailure, Jobs},
            core::JobKind,
        },
        edit::Edit,
        files::SystemIds,
    };
    use std::time::Duration;

    fn app() -> App {
        let now = Timestamp::from_unix_seconds(0);
        App::for_tests(Box::new(SystemIds), now, Disk::plain()).unwrap()
    }

    #[test]
    fn a_mistake_in_drawing_puts_the_article_aside_and_is_told() {
        let mut app = app();
        app.state.active = Some(ArticleKey(7));
        egui::__run_test_ui(|ui| draw_safely(&mut app, ui, |_, _| panic!("a mistake")));
        assert_eq!(app.state.active, None);
        assert_eq!(app.state.notifications.shown().len(), 1);
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "an article for the test")]
    fn what_was_typed_and_not_taken_over_survives_a_mistake_in_drawing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("article.txt");
        std::fs::write(&path, "The maker denies it.").unwrap();
        let mut app = app();
        app.open(vec![path]);
        let ctx = egui::Context::default();
        app.logic_inner(&ctx);
        let range = app.state.article().unwrap().text().full_range();
        let annotate = Edit::Annotate {
            segments: vec![range],
            tags: Vec::new(),
            note: String::new(),
            speaker: None,
        };
        app.sender.send(AppCommand::Edit(annotate));
        app.logic_inner(&ctx);
        let set = app.state.article().unwrap().workspace.set();
        let id = *set.annotations.keys().next().unwrap();
        app.state.drafts.about = Some(id);
        app.state.drafts.note = "Who said so?".to_owned();
        app.state.drafts.note_is_draft = true;
        egui::__run_test_ui(|ui| draw_safely(&mut app, ui, |_, _| panic!("a mistake")));
        let set = app.state.articles[0].workspace.set();
        assert_eq!(set.annotations[&id].note, "Who said so?");
    }

    #[test]
    #[should_panic(expected = "a mistake")]
    fn a_window_that_cannot_draw_itself_gives_up() {
        let mut app = app();
        egui::__run_test_ui(|ui| draw_safely(&mut app, ui, |_, _| panic!("a mistake")));
    }

    #[test]
    fn a_mistake_in_a_job_is_told() {
        let (sender, commands, _waker) = Sender::channel();
        Jobs::new(Disk::plain(), true).run(JobKind::Preferences, &sender, |_| panic!("a mistake"));
        let told = commands.recv_timeout(Duration::from_secs(20)).unwrap();
        let is_it = matches!(
            told,
            AppCommand::JobFailed(JobKind::Preferences, JobFailure::Panicked)
        );
        assert!(is_it);
    }
}
