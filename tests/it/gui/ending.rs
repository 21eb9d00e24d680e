//! The end of the program, with threads as outside of tests: nothing that was asked for is left undone.

use super::{
    other_hands::Place,
    recovery::n_journals,
    window::{Window, showing},
};
use crate::support::{
    faulty_fs::{Fault, FaultyFs},
    sets::{CountingIds, time},
};
use eframe::App as _;
use egui::{Key, Modifiers};
use sourcemark::{
    annotation::Timestamp,
    app::{App, Clock, Preferences, Surroundings},
    files::{Disk, Settings, fs::RealFs},
};
use std::{
    path::PathBuf,
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc::channel,
    },
    thread,
    time::Duration,
};

/// While it is shut, nobody who waits at it goes on.
#[derive(Default)]
struct Gate {
    is_shut: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    fn shut(&self, is_shut: bool) {
        *self.is_shut.lock().unwrap() = is_shut;
        self.opened.notify_all();
    }

    fn wait(&self) {
        let is_shut = self.is_shut.lock().unwrap();
        drop(self.opened.wait_while(is_shut, |is_shut| *is_shut).unwrap());
    }
}

struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        time("2026-03-01T12:00:00Z")
    }
}

/// The window as it is outside of tests: with threads.
fn with_threads(disk: Disk) -> Window {
    let mut ids = CountingIds(3_000);
    let app = App::new(Surroundings {
        clock: Box::new(StandingClock),
        preferences: Preferences::from_settings(&Settings::default(), &mut ids),
        ids: Box::new(ids),
        disk,
        keeps_preferences: false,
        system_fonts: false,
        has_threads: true,
        samples: None,
        zone: jiff::tz::TimeZone::UTC,
    });
    showing(app.unwrap())
}

/// Frames until it is so.
#[track_caller]
fn until(window: &mut Window, is_so: impl Fn(&Window) -> bool) {
    for _ in 0..10_000 {
        if is_so(window) {
            return;
        }
        thread::yield_now();
        window.harness.step();
    }
    panic!("it never came to that");
}

#[test]
fn the_program_does_not_end_before_the_journal_of_discarded_work_is_gone() {
    let place = Place::new();
    drop(place.window());
    let gate = Arc::new(Gate::default());
    let at_gate = Arc::clone(&gate);
    let waits = Fault::Waits(Arc::new(move || at_gate.wait()));
    let slow = FaultyFs::new(Arc::new(RealFs), 0, waits);
    let mut window = with_threads(Disk::new(Arc::new(slow), Some(place.state())));
    window.open(place.article.clone());
    let state = |window: &Window| window.harness.state().state().article().is_some();
    until(&mut window, |window| {
        state(window) && window.article().is_editable()
    });
    window.select_words(1);
    window.key(Key::Num1);
    until(&mut window, |_| n_journals(&place) == 1);

    gate.shut(true);
    window.keys(Modifiers::COMMAND, Key::Q);
    window.click("Don’t save");
    assert!(window.harness.state().may_close());
    let (has_ended, ended) = channel();
    thread::scope(|scope| {
        let gate = &gate;
        scope.spawn(move || {
            // A program that does not wait is through by then; for one that does the disk goes on.
            ended.recv_timeout(Duration::from_millis(100)).ok();
            gate.shut(false);
        });
        window.harness.state_mut().on_exit(None);
        let left = n_journals(&place);
        has_ended.send(()).ok();
        assert_eq!(left, 0);
    });
}

/// A window on the article of `place`, whose jobs run `in_save` at each operation on the disk while they save.
fn with_saves_that(place: &Place, in_save: impl Fn() + Send + Sync + 'static) -> Window {
    let is_save = || thread::current().name() == Some("save");
    let fault = Fault::Waits(Arc::new(move || {
        if is_save() {
            in_save();
        }
    }));
    let disk = FaultyFs::new(Arc::new(RealFs), 0, fault);
    let mut window = with_threads(Disk::new(Arc::new(disk), Some(place.state())));
    open(&mut window, place.article.clone());
    window
}

fn open(window: &mut Window, path: PathBuf) {
    window.open(path.clone());
    until(window, |window| {
        let article = window.harness.state().state().article();
        article.is_some_and(|article| article.path == path && article.is_editable())
    });
}

#[test]
fn a_save_that_crashed_while_the_program_was_to_end_closes_nothing_later() {
    let place = Place::new();
    let crashes = Arc::new(AtomicBool::new(true));
    let is_armed = Arc::clone(&crashes);
    let mut window = with_saves_that(&place, move || {
        assert!(!is_armed.load(Ordering::SeqCst), "a mistake in saving");
    });
    window.select_words(1);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::Q);
    window.click("Save");
    until(&mut window, |window| !window.article().is_saving);
    window.says("were not saved");
    assert!(!window.harness.state().may_close());

    crashes.store(false, Ordering::SeqCst);
    window.keys(Modifiers::COMMAND, Key::S);
    until(&mut window, |window| !window.article().is_unsaved());
    assert!(place.annotations().exists());
    assert!(!window.harness.state().may_close());
}

#[test]
fn a_save_that_crashed_leaves_the_saves_of_other_articles_alone() {
    let place = Place::new();
    let gate = Arc::new(Gate::default());
    gate.shut(true);
    let (at_gate, first) = (Arc::clone(&gate), Mutex::new(None));
    let mut window = with_saves_that(&place, move || {
        let me = thread::current().id();
        let first = *first.lock().unwrap().get_or_insert(me);
        assert!(first == me, "a mistake in saving");
        at_gate.wait();
    });
    window.select_words(1);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::S);
    let slow = window.article().key;
    let other = place.folder.path().join("other.txt");
    std::fs::write(&other, "Another article.").unwrap();
    open(&mut window, other);
    window.select_words(1);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::S);
    until(&mut window, |window| !window.article().is_saving);
    window.says("were not saved");
    assert!(window.article().is_unsaved());

    let is_saving = |window: &Window| {
        let article = window.harness.state().state().find(slow);
        article.unwrap().is_saving
    };
    assert!(is_saving(&window));
    gate.shut(false);
    until(&mut window, |window| !is_saving(window));
    assert!(place.annotations().exists());
}
