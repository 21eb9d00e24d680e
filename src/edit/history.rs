//! What was done and what was taken back, without limit, and which point of it is on the disk.

use super::Change;

/// One step: what it was called and what it came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The name after "Undo:", such as `tag as denial`.
    pub label: String,
    /// Its effect.
    pub change: Change,
}

/// The steps of one workspace. Steps before `done` are done, the others were taken back and can be redone.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Each step with the point it leads to.
    steps: Vec<(Point, Step)>,
    done: usize,
    newest: Point,
    /// The point at which the set was last saved; `None` when nothing on the disk is what any point has.
    saved: Option<Point>,
}

/// Names a state of the set. No number is given twice: a save that ends late must not take for saved what
/// was put in the place of a step that was taken back meanwhile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point(u64);

impl History {
    /// No steps; what was loaded counts as saved.
    pub fn new() -> Self {
        Self {
            saved: Some(Point::default()),
            ..Self::default()
        }
    }

    /// Remembers a step that was just carried out. What had been taken back cannot be redone any more.
    pub fn push(&mut self, step: Step) {
        self.steps.truncate(self.done);
        self.newest = Point(self.newest.0 + 1);
        self.steps.push((self.newest, step));
        self.done = self.steps.len();
    }

    /// The step that undo would take back.
    pub fn next_undo(&self) -> Option<&Step> {
        let last = self.done.checked_sub(1)?;
        self.steps.get(last).map(|(_, step)| step)
    }

    /// The step that redo would carry out again.
    pub fn next_redo(&self) -> Option<&Step> {
        self.steps.get(self.done).map(|(_, step)| step)
    }

    /// Steps back and gives the step to revert.
    pub fn undo(&mut self) -> Option<&Step> {
        self.done = self.done.checked_sub(1)?;
        self.steps.get(self.done).map(|(_, step)| step)
    }

    /// Steps forward and gives the step to carry out.
    pub fn redo(&mut self) -> Option<&Step> {
        let (_, step) = self.steps.get(self.done)?;
        self.done += 1;
        Some(step)
    }

    /// The present point, for [`mark_saved`](Self::mark_saved).
    pub fn point(&self) -> Point {
        let last = self.done.checked_sub(1);
        last.and_then(|last| self.steps.get(last))
            .map_or_else(Point::default, |(point, _)| *point)
    }

    /// Says that what stood at `point` is on the disk. The person may have gone on since.
    pub fn mark_saved(&mut self, point: Point) {
        self.saved = Some(point);
    }

    /// Says that nothing on the disk is what is here, wherever undo may lead.
    pub fn mark_unsaved(&mut self) {
        self.saved = None;
    }

    /// Whether the present point is what is on the disk.
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
