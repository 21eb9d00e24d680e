//! Keeps a record of unsaved work outside the document, so that a crash or a power cut loses a second at most.
//!
//! The window hands every change to a [`JournalSender`], which costs it a clone of a few pointers; a
//! [`JournalWriter`], on a thread of its own, writes it to a file in the folder for what is under way, at once, and
//! puts it on the disk at most once a second. The file is there only while something is unsaved. It is described
//! in [`crate::format::journal`]; what a later start makes of it is the business of [`super::recovery`].

mod keeper;
pub(super) mod place;
mod writer;

pub use writer::JournalWriter;

use super::{Disk, FileError, Identity, Recovery};
use crate::{annotation::AnnotationSet, edit::Change};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Sender, SyncSender, channel, sync_channel},
    },
    time::Duration,
};

/// What a journal starts from: an article with its annotations as they are on the disk.
#[derive(Clone, Debug)]
pub struct JournalStart {
    /// The article.
    pub article: PathBuf,
    /// The annotation file, there or not.
    pub annotations: PathBuf,
    /// Which version of it was read or saved; `None` when there is none.
    pub identity: Option<Identity>,
    /// The records as they were read; those of a new set when there is no file.
    pub set: AnnotationSet,
}

/// What a person must know about the journal of an article.
#[derive(Debug)]
pub struct JournalEvent {
    /// The article.
    pub article: PathBuf,
    /// What happened.
    pub what: JournalNews,
}

/// What can happen to a journal.
#[derive(Debug)]
pub enum JournalNews {
    /// The journal cannot be written; editing and saving continue without it. Reported once, until it can be written
    /// again.
    Failed(FileError),
    /// The journal is written again, and holds all unsaved work.
    Resumed,
}

/// The window's side of all journals. Dropping it and all [`JournalSender`]s ends the writer; the journals stay.
#[derive(Clone, Debug)]
pub struct Journals {
    to_writer: Sender<Message>,
    next_id: Arc<AtomicU64>,
}

impl Journals {
    /// Returns the journal of an article that was just opened. No file is made before the first change.
    pub fn begin(&self, start: JournalStart) -> JournalSender {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let sender = JournalSender {
            id,
            to_writer: self.to_writer.clone(),
        };
        sender.send(Message::Begin(id, Box::new(start)));
        sender
    }

    /// Syncs everything that was sent, for when the program is about to end; waits at most
    /// `limit`. Whether all of it is there. Takes no lock, so a panicking thread may call it.
    pub fn flush(&self, limit: Duration) -> bool {
        let (done, is_done) = sync_channel(1);
        self.to_writer.send(Message::Flush(done)).is_ok()
            && is_done.recv_timeout(limit).unwrap_or(false)
    }
}

/// The window's side of the journal of one article. None of its methods waits for the disk.
///
/// Dropping it keeps the journal's file, to be found at the next start: only [`end`](Self::end) removes it.
#[derive(Debug)]
pub struct JournalSender {
    id: u64,
    to_writer: Sender<Message>,
}

impl JournalSender {
    /// Records a change that was just made: what [`apply`](crate::edit::Workspace::apply),
    /// [`undo`](crate::edit::Workspace::undo), [`redo`](crate::edit::Workspace::redo) or
    /// [`adopt`](crate::edit::Workspace::adopt) returned.
    pub fn append(&self, change: &Change) {
        if !change.is_empty() {
            self.send(Message::Change(self.id, change.clone()));
        }
    }

    /// Records a change that recovers the work of an earlier journal, and removes that one as soon as the change
    /// is on the disk, not before.
    pub fn append_recovered(&self, change: &Change, recovery: Recovery) {
        let message = Message::Recovered(self.id, change.clone(), Box::new(recovery));
        self.send(message);
    }

    /// Says that `set` is what is now in the file at `annotations`, whatever changes were made since. The journal
    /// starts over with those, or ends until the next change when there are none.
    pub fn saved(&self, annotations: &Path, identity: Identity, set: AnnotationSet) {
        let saved = Saved {
            annotations: annotations.to_owned(),
            identity,
            set,
        };
        self.send(Message::Saved(self.id, Box::new(saved)));
    }

    /// Says that nothing on the disk holds any of the records, because the file is gone: all of them are unsaved.
    pub fn unsaved(&self) {
        self.send(Message::Unsaved(self.id));
    }

    /// Ends the journal and removes its file: everything is saved, or the person does not want it. The file goes
    /// when the writer has had its turn, which [`Journals::flush`] waits for before the program ends.
    pub fn end(self) {
        self.send(Message::End(self.id));
    }

    fn send(&self, message: Message) {
        // A writer that is gone has said why, or the program is about to end.
        self.to_writer.send(message).ok();
    }
}

impl Disk {
    /// Returns both sides of the journals of this disk; `None` when there is no folder for what is under way.
    pub fn journals(&self) -> Option<(Journals, JournalWriter)> {
        let folder = place::folder(self)?;
        let (to_writer, from_window) = channel();
        let journals = Journals {
            to_writer,
            next_id: Arc::default(),
        };
        let writer = JournalWriter::new(self.clone(), folder, from_window);
        Some((journals, writer))
    }
}

/// What was saved.
#[derive(Debug)]
struct Saved {
    annotations: PathBuf,
    identity: Identity,
    set: AnnotationSet,
}

/// A message from the window to the writer; the number is the journal's.
#[derive(Debug)]
enum Message {
    Begin(u64, Box<JournalStart>),
    Change(u64, Change),
    Recovered(u64, Change, Box<Recovery>),
    Saved(u64, Box<Saved>),
    Unsaved(u64),
    End(u64),
    Flush(SyncSender<bool>),
}
