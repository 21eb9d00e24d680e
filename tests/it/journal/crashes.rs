//! Crashes at every moment that matters: between edits, between a save and the journal's new beginning, with
//! another program at the file meanwhile.

use super::desk::{Desk, Room};
use sourcemark::files::Base;

#[test]
fn work_that_was_never_saved_is_there_again() {
    let room = Room::new();
    let mut desk = Desk::open(&room);
    assert_eq!(desk.settle(), None, "nothing to do");
    assert!(room.journal_files().is_empty(), "no file before a change");
    let first = desk.mark(0);
    desk.mark(1);
    desk.note(first, "Who says so?");
    desk.undo();
    desk.redo();
    let set = desk.crash();

    let recovery = room.only_recovery();
    assert_eq!((recovery.base, recovery.n_changes), (Base::Same, 5));
    assert!(!recovery.is_torn && recovery.article.ends_with("news.txt"));
    assert_eq!(room.recovered(&recovery), set);
    assert_eq!(recovery.whole(), Some(set));
    assert!(room.annotations().is_none(), "nothing is written by itself");
}

#[test]
fn accepting_is_one_step_and_ends_the_old_journal() {
    let room = Room::new();
    let mut desk = Desk::open(&room);
    desk.mark(0);
    desk.save();
    let id = desk.mark(3);
    desk.note(id, "A note");
    let set = desk.crash();

    let mut desk = Desk::open(&room);
    let before = desk.set().clone();
    let recovery = room.only_recovery();
    assert!(
        room.disk.recoverable().found.is_empty(),
        "offered to one program only"
    );
    let recovered = recovery.apply_to(desk.set());
    assert_eq!(recovered.change.summary().to_string(), "1 annotation added");
    let change = desk
        .workspace
        .adopt(&recovered.change, "recover unsaved work");
    desk.journal.append_recovered(&change, recovery);
    assert_eq!(desk.set(), &set);
    desk.settle();
    assert_eq!(room.endings(), ["jnl", "lock"], "the new journal alone");
    desk.crash();

    let mut desk = Desk::open(&room);
    let recovery = room.only_recovery();
    let recovered = recovery.apply_to(desk.set());
    desk.workspace
        .adopt(&recovered.change, "recover unsaved work");
    assert_eq!(desk.set(), &set, "recovered work is journalled too");
    desk.workspace.undo();
    assert_eq!(desk.set(), &before);
    recovery.discard().unwrap();
    assert!(room.journal_files().is_empty());
}
