//! Laws of the journal: for whatever edits, saves and crashes, and for whatever sets.

use super::desk::{Desk, Room};
use crate::support::any_set::any_set;
use proptest::{collection::vec, prelude::*};
use sourcemark::{
    annotation::AnnotationSet,
    edit::{Change, Diff, difference, fit},
    format::ron::journal::{read_change, write_change},
};
use std::time::Duration;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn what_was_written_of_a_change_is_read(from in any_set(), to in any_set()) {
        let change = difference(&from, &to);
        let written = write_change(&change);
        let read = read_change(&written).unwrap_or_else(|error| panic!("{error}\n{written}"));
        prop_assert_eq!(&read, &change);
        let mut set = from.clone();
        read.replay(&mut set);
        prop_assert_eq!(&set, &to);
        // A removal is told once, by the record and not by its tombstone.
        let is_told = |diff: &&Diff| !matches!(diff, Diff::Tombstone(_));
        let n_told = change.diffs.iter().filter(is_told).count();
        prop_assert_eq!(change.summary().lines.len(), n_told);
    }

    #[test]
    fn a_row_of_changes_leads_from_any_of_its_states_to_its_end(
        states in vec(any_set(), 2..5),
        at in any::<prop::sample::Index>(),
        other in any_set(),
    ) {
        let row: Vec<Change> = states.windows(2).map(|pair| difference(&pair[0], &pair[1])).collect();
        let (end, present) = (states.last().unwrap(), &states[at.index(states.len())]);
        let fitted = fit(&row, present);
        prop_assert!(fitted.left_out.is_empty());
        prop_assert_eq!(&replayed(present, &fitted.change), end);
        prop_assert_eq!(&fitted.change, &difference(present, end));

        // On any other set nothing is changed that the row does not know, and both together lead to the end of
        // every record that the row touches.
        let fitted = fit(&row, &other);
        let both = replayed(&replayed(&other, &fitted.change), &fitted.left_out);
        for slot in row.iter().flat_map(Change::annotations) {
            prop_assert_eq!(both.annotations.get(&slot.key), end.annotations.get(&slot.key));
        }
        for slot in fitted.change.annotations() {
            let mut known = states.iter().map(|state| state.annotations.get(&slot.key));
            prop_assert!(known.any(|state| state == slot.before.as_ref()));
        }
        let again = fit(&row, &both);
        prop_assert!(again.change.is_empty() && again.left_out.is_empty());
    }

    #[test]
    fn an_adopted_change_is_one_step(from in any_set(), to in any_set()) {
        let change = difference(&from, &to);
        let rebased = change.rebased(&from);
        prop_assert_eq!(&rebased, &change);
        prop_assert!(change.rebased(&replayed(&from, &change)).is_empty());
        let back = replayed(&replayed(&from, &rebased), &rebased.invert());
        prop_assert_eq!(back, from);
    }

    #[test]
    fn what_was_there_at_a_crash_is_there_after_it(steps in vec((0u8..12, 0usize..1_000), 1..60)) {
        check_steps(&steps);
    }
}

fn replayed(set: &AnnotationSet, change: &Change) -> AnnotationSet {
    let mut set = set.clone();
    change.replay(&mut set);
    set
}

/// Edits, saves and crashes; after each crash the article is opened again and the work taken back in.
fn check_steps(steps: &[(u8, usize)]) {
    let room = Room::new();
    let mut desk = Desk::open(&room);
    let mut snapshot = None;
    for (what, n) in steps {
        let some = desk.set().annotations.keys().nth(n % 7).copied();
        match what {
            0..=2 => drop(desk.mark(*n)),
            3 => some
                .into_iter()
                .for_each(|id| desk.note(id, &format!("note {n}"))),
            4 => desk.undo(),
            5 => desk.redo(),
            // Not while another save is under way.
            6 if snapshot.is_none() => desk.save(),
            6 | 7 => snapshot = Some(desk.set().clone()),
            8 => {
                if let Some(snapshot) = snapshot.take() {
                    desk.save_snapshot(snapshot);
                }
            }
            9 => desk.wait(Duration::from_millis(300)),
            10 => drop(desk.settle()),
            _ => {
                if let Some(snapshot) = snapshot.take()
                    && n.is_multiple_of(2)
                {
                    // Between the file and the journal.
                    desk.write_file(&snapshot);
                }
                snapshot = None;
                desk = reopen(&room, desk);
            }
        }
    }
    reopen(&room, desk);
}

fn reopen<'a>(room: &'a Room, desk: Desk<'a>) -> Desk<'a> {
    let set = desk.crash();
    let mut desk = Desk::open(room);
    let recoverable = room.recoverable();
    assert!(recoverable.problems.is_empty(), "{recoverable:?}");
    assert!(recoverable.found.len() <= 1, "{recoverable:?}");
    for recovery in recoverable.found {
        let recovered = recovery.apply_to(desk.set());
        assert!(recovered.left_out.is_empty(), "{recovery:?}");
        let change = desk
            .workspace
            .adopt(&recovered.change, "recover unsaved work");
        desk.journal.append_recovered(&change, recovery);
    }
    assert_eq!(desk.set(), &set);
    desk.settle();
    desk
}
