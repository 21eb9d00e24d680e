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
    sync::{Arc, Condvar, Mutex, mpsc::channel},
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
