//! The steps of a workspace, done and undone, without limit, and the point that is saved.

use super::Change;

/// One step: its name and its change.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The name after "Undo:", such as `tag as denial`.
    pub label: String,
    /// The change that the step made.
    pub change: Change,
}

/// The steps of one workspace. Steps before `done` are done, the others were undone and can be redone.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Each step with the point it leads to.
    steps: Vec<(Point, Step)>,
    done: usize,
    newest: Point,
    /// The point at which the set was last saved; `None` when no point is what is saved.
    saved: Option<Point>,
}

/// Names a state of the set. No number is used twice: a save that ends late must not mark as saved what
/// has replaced a step that was undone meanwhile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point(u64);

impl History {
    /// Returns a history without steps; what was loaded counts as saved.
    pub fn new() -> Self {
        Self {
            saved: Some(Point::default()),
            ..Self::default()
        }
    }

    /// Remembers a step that was just applied. What had been undone can no longer be redone.
    pub fn push(&mut self, step: Step) {
        self.steps.truncate(self.done);
        self.newest = Point(self.newest.0 + 1);
        self.steps.push((self.newest, step));
        self.done = self.steps.len();
    }

    /// Returns the next step to undo.
    pub fn next_undo(&self) -> Option<&Step> {
        let last = self.done.checked_sub(1)?;
        self.steps.get(last).map(|(_, step)| step)
    }

    /// Returns the next step to redo.
    pub fn next_redo(&self) -> Option<&Step> {
        self.steps.get(self.done).map(|(_, step)| step)
    }

    /// Moves one step back and returns the step to revert.
    pub fn undo(&mut self) -> Option<&Step> {
        self.done = self.done.checked_sub(1)?;
        self.steps.get(self.done).map(|(_, step)| step)
    }

    /// Moves one step forward and returns the step to apply.
    pub fn redo(&mut self) -> Option<&Step> {
        let (_, step) = self.steps.get(self.done)?;
        self.done += 1;
        Some(step)
    }

    /// Returns the present point, for [`mark_saved`](Self::mark_saved).
    pub fn point(&self) -> Point {
        let last = self.done.checked_sub(1);
        last.and_then(|last| self.steps.get(last))
            .map_or_else(Point::default, |(point, _)| *point)
    }

    /// Marks `point` as saved. The person may have made further steps since.
    pub fn mark_saved(&mut self, point: Point) {
        self.saved = Some(point);
    }

    /// Marks every point as unsaved.
    pub fn mark_unsaved(&mut self) {
        self.saved = None;
    }

    /// Returns whether the present point is saved.
    pub fn is_saved(&self) -> bool {
        self.saved == Some(self.point())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(label: &str) -> Step {
        Step {
            label: label.to_owned(),
            change: Change::default(),
        }
    }

    #[test]
    fn undo_back_to_the_saved_point_is_saved_again() {
        let mut history = History::new();
        history.push(step("a"));
        history.mark_saved(history.point());
        history.push(step("b"));
        assert!(!history.is_saved());
        history.undo();
        assert!(history.is_saved());
        history.undo();
        assert!(!history.is_saved());
        history.push(step("c"));
        history.undo();
        assert!(
            !history.is_saved(),
            "the saved point was on a branch that is gone"
        );
        assert_eq!(history.next_redo().unwrap().label, "c");
    }

    #[test]
    fn a_save_that_ends_late_marks_the_point_it_was_taken_at() {
        let mut history = History::new();
        history.push(step("a"));
        let point = history.point();
        history.push(step("b"));
        history.mark_saved(point);
        assert!(!history.is_saved());
        history.undo();
        assert!(history.is_saved());
    }

    #[test]
    fn a_save_that_ends_late_is_not_of_the_step_that_took_the_place_of_another() {
        let mut history = History::new();
        history.push(step("a"));
        let point = history.point();
        history.undo();
        history.push(step("b"));
        history.mark_saved(point);
        assert!(!history.is_saved(), "what is on the disk is a, not b");
    }
}
