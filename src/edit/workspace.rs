//! One open article's records with their history and their places; all changes of records go through it.

use super::{Change, Edit, EditError, History, Point, Stamp, Step, apply, difference};
use crate::{
    annotation::{AnnotationSet, Marks, TagId},
    text::SourceText,
};
use std::sync::atomic::{AtomicU64, Ordering};

/// An annotation set with its places in the text and its history.
///
/// Each open article has its own: the article's file is what is saved, sent and undone.
#[derive(Clone, Debug)]
pub struct Workspace {
    set: AnnotationSet,
    marks: Marks,
    history: History,
    revision: u64,
    /// Where the records were before the text was adopted, or that was undone: undo and redo lead back there.
    turned: Option<Box<Turned>>,
}

/// The records of one edition of the article with their places.
#[derive(Clone, Debug)]
struct Turned {
    set: AnnotationSet,
    marks: Marks,
}

/// Returns a number that this process has not used before.
fn next_revision() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

impl Workspace {
    /// Makes a workspace of `set`, whose places in the article's text are `marks`.
    pub fn new(set: AnnotationSet, marks: Marks) -> Self {
        Self {
            set,
            marks,
            history: History::new(),
            revision: next_revision(),
            turned: None,
        }
    }

    /// Returns the records as they are now. Cloning them is a snapshot and costs nothing.
    pub fn set(&self) -> &AnnotationSet {
        &self.set
    }

    /// Returns the places of the annotations in the text.
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// Returns the article's text.
    pub fn text(&self) -> &SourceText {
        self.marks.text()
    }

    /// Returns what can be undone and redone, and whether it is saved.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Returns a number that differs after every change, undo and redo, and in every workspace: what was computed at
    /// one revision holds while it stays, and for no other workspace.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Applies an edit and remembers it. An edit that changes nothing leaves no step.
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

    /// Applies a change that was computed elsewhere (recovered, merged) and remembers it under `label`, the
    /// imperative after "Undo:". Returns its effect here; a change that changes nothing leaves no step.
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

    /// Shows the same records, with their history, in another text, where `marks` found them.
    pub fn stand_in(&mut self, marks: Marks) {
        self.marks = marks;
        self.revision = next_revision();
    }

    /// Undoes the last step and returns the change; `None` when there is none.
    pub fn undo(&mut self) -> Option<Change> {
        let change = self.history.undo()?.change.invert();
        self.carry_out(&change);
        Some(change)
    }

    /// Redoes the last undone step and returns the change; `None` when there is none.
    pub fn redo(&mut self) -> Option<Change> {
        let change = self.history.redo()?.change.clone();
        self.carry_out(&change);
        Some(change)
    }

    /// Marks `point` of the history as saved.
    pub fn mark_saved(&mut self, point: Point) {
        self.history.mark_saved(point);
    }

    /// Marks everything as unsaved.
    pub fn mark_unsaved(&mut self) {
        self.history.mark_unsaved();
    }

    fn carry_out(&mut self, change: &Change) {
        // A clone shares all records.
        let before = self.set.clone();
        change.replay(&mut self.set);
        let same_edition = self.set.article.edition == self.marks.text().edition();
        if same_edition == self.marks.same_edition() {
            for slot in change.annotations() {
                self.marks
                    .follow(slot.before.as_deref(), slot.after.as_deref());
            }
        } else {
            self.turn(before);
        }
        self.revision = next_revision();
    }

    /// Places all records anew: the text was adopted, or that was undone, so their offsets mean something else. The way
    /// back needs no search, and comes to the places that were found there.
    fn turn(&mut self, before: AnnotationSet) {
        let (edition, text) = (self.set.article.edition, self.marks.text());
        let known = self.turned.take();
        let known =
            known.filter(|it| it.set.article.edition == edition && it.marks.text().is_same(text));
        let marks = match known {
            Some(known) => {
                let mut marks = known.marks;
                for slot in difference(&known.set, &self.set).annotations() {
                    marks.follow(slot.before.as_deref(), slot.after.as_deref());
                }
                Some(marks)
            }
            None => Marks::find(text, &self.set, &|| true),
        };
        if let Some(marks) = marks {
            let marks = std::mem::replace(&mut self.marks, marks);
            self.turned = Some(Box::new(Turned { set: before, marks }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        annotation::{Agent, AgentId, AgentKind, Article, IdSource, Kept, Timestamp},
        text::{ByteOffset, TextRange},
    };

    struct Ids(u128);

    impl IdSource for Ids {
        fn next_uuid(&mut self) -> uuid::Uuid {
            self.0 += 1;
            uuid::Uuid::from_u128(self.0)
        }
    }

    #[test]
    fn undoing_the_adoption_of_a_text_leads_back_to_the_places_that_were_found() {
        let text = |text: &str| SourceText::new(text.to_owned()).unwrap();
        let old = text("He denied it. He denied it again. The end.");
        let new = text("On Monday he spoke. He denied it. He denied it again. So it ended.");
        let mut ids = Ids(0);
        let agent = Agent {
            id: AgentId::from_u128(77),
            name: "Ana".to_owned(),
            kind: AgentKind::Person,
            kept: Kept::default(),
        };
        let mut stamp = Stamp {
            now: Timestamp::from_unix_seconds(0),
            agent,
            ids: &mut ids,
        };
        let set = AnnotationSet::new(Article::describe(&old, "a.txt", "UTF-8"));
        let mut workspace = Workspace::new(set, Marks::empty(&old));
        for words in ["He denied it", "denied it again", "The end"] {
            let start = old.as_str().find(words).unwrap();
            let (start, end) = (ByteOffset::new(start), ByteOffset::new(start + words.len()));
            let range = TextRange::new(start, end);
            let edit = Edit::Annotate {
                segments: vec![range],
                tags: Vec::new(),
                note: String::new(),
                speaker: None,
            };
            workspace.apply(&edit, &mut stamp).unwrap();
        }
        // Found with the old text at hand, which nobody has later.
        let marks = Marks::find_with(&new, workspace.set(), Some(&old), &|_| true).unwrap();
        let mut workspace = Workspace::new(workspace.set().clone(), marks);
        let places = |workspace: &Workspace| {
            let ids = workspace.set().annotations.keys();
            let places = ids.map(|id| workspace.marks().placement(*id).cloned());
            places.collect::<Vec<_>>()
        };
        let found = places(&workspace);
        let adopted = workspace.set().article.reworded(&new, "a.txt", "UTF-8");
        let set = workspace.set().clone();
        let ranges = set.annotations.keys().flat_map(|id| {
            let placement = workspace.marks().placement(*id).unwrap();
            let ranges = placement.ranges();
            ranges
                .map(|(segment, range)| (*id, segment, range))
                .collect::<Vec<_>>()
        });
        let edit = Edit::AdoptText {
            article: Box::new(adopted),
            found: ranges.collect(),
        };
        workspace.apply(&edit, &mut stamp).unwrap();
        let adopted = places(&workspace);
        assert_ne!(adopted, found);
        for _ in 0..2 {
            workspace.undo().unwrap();
            assert_eq!(places(&workspace), found);
            workspace.redo().unwrap();
            assert_eq!(places(&workspace), adopted);
        }
    }
}
