//! The side of the journals that touches the disk: one for all articles, on a thread that a shell starts.

use super::{JournalEvent, JournalNews, Message, keeper::Keeper};
use crate::files::{Disk, FileError};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::Instant,
};

/// Writes the journals of all open articles.
pub struct JournalWriter {
    disk: Disk,
    folder: PathBuf,
    from_window: Receiver<Message>,
    journals: BTreeMap<u64, Journal>,
}

struct Journal {
    keeper: Keeper,
    /// Whether a failure was reported and continues.
    is_told: bool,
}

impl JournalWriter {
    pub(super) fn new(disk: Disk, folder: PathBuf, from_window: Receiver<Message>) -> Self {
        Self {
            disk,
            folder,
            from_window,
            journals: BTreeMap::new(),
        }
    }

    /// Writes until the window's side is gone; `report` gets what a person must know. Sleeps while there is
    /// nothing to do, without a timer unless something is not yet on the disk.
    pub fn run(mut self, mut report: impl FnMut(JournalEvent)) {
        let report = &mut report;
        let mut due: Option<Instant> = None;
        loop {
            let received = match due {
                None => self
                    .from_window
                    .recv()
                    .map_err(|_| RecvTimeoutError::Disconnected),
                Some(at) => {
                    let rest = at.saturating_duration_since(Instant::now());
                    self.from_window.recv_timeout(rest)
                }
            };
            match received {
                Ok(message) => self.handle(message, Instant::now(), report),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            due = self.step(Instant::now(), report);
        }
        self.flush(Instant::now(), report);
    }

    /// Does what is to be done `now` without waiting for anything but the disk, and returns when there is something
    /// to do even if nothing comes from the window. For those who have no thread to spare; [`run`](Self::run) is
    /// this in a loop.
    pub fn step(&mut self, now: Instant, report: &mut dyn FnMut(JournalEvent)) -> Option<Instant> {
        while let Ok(message) = self.from_window.try_recv() {
            self.handle(message, now, report);
        }
        for journal in self.journals.values_mut() {
            journal.run(report, |keeper| {
                keeper.write(now)?;
                keeper.sync(now, false)
            });
        }
        let journals = self.journals.values();
        journals.filter_map(|journal| journal.keeper.due()).min()
    }

    fn handle(&mut self, message: Message, now: Instant, report: &mut dyn FnMut(JournalEvent)) {
        match message {
            Message::Begin(id, start) => {
                let keeper = Keeper::new(self.disk.clone(), self.folder.clone(), *start);
                let is_told = false;
                self.journals.insert(id, Journal { keeper, is_told });
            }
            Message::Change(id, change) => {
                if let Some(journal) = self.journals.get_mut(&id) {
                    journal.keeper.take(change);
                }
            }
            Message::Recovered(id, change, recovery) => {
                if let Some(journal) = self.journals.get_mut(&id) {
                    journal.keeper.take_recovered(change, *recovery);
                }
            }
            Message::Saved(id, saved) => {
                if let Some(journal) = self.journals.get_mut(&id) {
                    journal.run(report, |keeper| keeper.saved(*saved, now));
                }
            }
            Message::Unsaved(id) => {
                if let Some(journal) = self.journals.get_mut(&id) {
                    journal.run(report, |keeper| keeper.unsaved(now));
                }
            }
            Message::End(id) => {
                if let Some(journal) = self.journals.remove(&id) {
                    journal.keeper.end();
                }
            }
            Message::Flush(done) => {
                let is_safe = self.flush(now, report);
                // Whoever asked may have stopped waiting.
                done.try_send(is_safe).ok();
            }
        }
    }

    /// Puts everything on the disk; whether it is there.
    fn flush(&mut self, now: Instant, report: &mut dyn FnMut(JournalEvent)) -> bool {
        let mut is_safe = true;
        for journal in self.journals.values_mut() {
            is_safe &= journal.run(report, |keeper| keeper.flush(now));
        }
        is_safe
    }
}

impl Journal {
    /// Runs `work` and reports when it failed for the first time, and when it works again. Whether it worked.
    fn run(
        &mut self,
        report: &mut dyn FnMut(JournalEvent),
        work: impl FnOnce(&mut Keeper) -> Result<(), FileError>,
    ) -> bool {
        let result = work(&mut self.keeper);
        let is_failing = self.keeper.is_failing();
        let what = match result {
            Err(error) if !self.is_told => JournalNews::Failed(error),
            _ if self.is_told && !is_failing => JournalNews::Resumed,
            _ => return !is_failing,
        };
        self.is_told = is_failing;
        report(JournalEvent {
            article: self.keeper.article().to_owned(),
            what,
        });
        !is_failing
    }
}
