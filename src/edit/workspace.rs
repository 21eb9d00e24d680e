//! One open article's records with their history and their places: the one door for changes.

use super::{Change, Edit, EditError, History, Point, Stamp, Step, apply};
use crate::{
    annotation::{AnnotationSet, Marks, TagId},
    text::SourceText,
};
use std::sync::atomic::{AtomicU64, Ordering};

/// An annotation set, where it stands in the text, and everything that was done to it.
///
/// Each open article has its own: the article's file is what is saved, sent and undone.
#[derive(Clone, Debug)]
pub struct Workspace {
    set: AnnotationSet,
    marks: Marks,
    history: History,
    revision: u64,
}

/// A number that was never given before in this process.
fn next_revision() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

impl Workspace {
    /// Opens `set`, whose places `marks` were found in the article's text.
    pub fn new(set: AnnotationSet, marks: Marks) -> Self {
        Self {
            set,
            marks,
            history: History::new(),
            revision: next_revision(),
        }
    }

    /// The records as they are now. Cloning them is a snapshot and costs nothing.
    pub fn set(&self) -> &AnnotationSet {
        &self.set
    }

    /// Where they stand.
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// The text they stand in.
    pub fn text(&self) -> &SourceText {
        self.marks.text()
    }

    /// What can be undone and redone, and whether it is saved.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Another number after every change, undo and redo, and in every workspace: what was computed at one revision holds
    /// while it stays, and for no other workspace.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Carries an edit out and remembers it. An edit that changes nothing leaves no step.
    ///
    /// # Errors
    /// See [`EditError`]; nothing has changed then.
    pub fn apply(&mut self, edit: &Edit, stamp: &mut Stamp<'_>) -> Result<Change, EditError> {
        let change = apply(&self.set, self.marks.text(), edit, stamp)?;
        if !change.is_empty() {
            let label = edit.label(&|tag: &TagId| self.set.tag_name(tag).to_owned());
            self.carry_out(&change);
            self.history.push(Step {
                label,
                change: change.clone(),
            });
        }
        Ok(change)
    }

    /// Carries out a change that was worked out elsewhere (recovered, merged) and remembers it under `label`, the
    /// imperative after "Undo:". Returns what it came to here; a change that changes nothing leaves no step.
    ///
    /// The records become what they are `after`, whatever they are now: ask [`fit`](super::fit) first whether
    /// that would override anybody's work. A record must not be in the change twice.
    pub fn adopt(&mut self, change: &Change, label: &str) -> Change {
        let change = change.rebased(&self.set);
        if !change.is_empty() {
            self.carry_out(&change);
            self.history.push(Step {
                label: label.to_owned(),
                change: change.clone(),
            });
        }
        change
    }

    /// Lets the same records, with their history, stand in another text, where `marks` found them.
    pub fn stand_in(&mut self, marks: Marks) {
        self.marks = marks;
        self.revision = next_revision();
    }

    /// Takes the last step back and returns what that changed; `None` when there is none.
    pub fn undo(&mut self) -> Option<Change> {
        let change = self.history.undo()?.change.invert();
        self.carry_out(&change);
        Some(change)
    }

    /// Carries the last undone step out again and returns what that changed; `None` when there is none.
    pub fn redo(&mut self) -> Option<Change> {
        let change = self.history.redo()?.change.clone();
        self.carry_out(&change);
        Some(change)
    }

    /// Says that what stood at `point` of the history is on the disk.
    pub fn mark_saved(&mut self, point: Point) {
        self.history.mark_saved(point);
    }

    /// Says that what is here is nowhere on the disk.
    pub fn mark_unsaved(&mut self) {
        self.history.mark_unsaved();
    }

    fn carry_out(&mut self, change: &Change) {
        change.replay(&mut self.set);
        let same_edition = self.set.article.edition == self.marks.text().edition();
        if same_edition != self.marks.same_edition() {
            // The text was adopted, or that was taken back: the offsets of all annotations mean something else.
            if let Some(marks) = Marks::find(self.marks.text(), &self.set, &|| true) {
                self.marks = marks;
            }
            self.revision = next_revision();
            return;
        }
        for slot in change.annotations() {
            self.marks
                .follow(slot.before.as_deref(), slot.after.as_deref());
        }
        self.revision = next_revision();
    }
}
