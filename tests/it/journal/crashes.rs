//! Crashes at every moment that matters: between edits, between a save and the journal's new beginning, with
//! another program at the file meanwhile.

use super::desk::{ANNOTATIONS, Desk, Room, write_file};
use crate::support::faulty_fs::{Fault, FaultyFs};
use rustix::io::Errno;
use sourcemark::{
    annotation::AnnotationSet,
    edit::{Edit, Fate, Kind},
    files::{Base, Disk, JournalStart, fs::Fs},
};
use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

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
    assert_eq!(recovery.started.to_string(), "2026-03-01T12:00:00Z");
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
    let summary = recovered.change.summary();
    assert_eq!(summary.to_string(), "1 annotation added");
    assert_eq!(summary.lines[0].name, "The");
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
    let step = desk.workspace.history().next_undo().unwrap();
    assert_eq!(step.label, "recover unsaved work");
    desk.workspace.undo();
    assert_eq!(desk.set(), &before);
    recovery.discard().unwrap();
    assert!(room.journal_files().is_empty());
}

#[test]
fn what_is_saved_leaves_no_journal() {
    let room = Room::new();
    let mut desk = Desk::open(&room);
    desk.mark(0);
    desk.settle();
    assert_eq!(room.endings(), ["jnl", "lock"]);
    desk.save();
    assert_eq!(desk.settle(), None);
    assert!(room.journal_files().is_empty());
    desk.crash();
    assert!(room.recoverable().found.is_empty());

    // Closed, and what was not saved is not wanted.
    let mut desk = Desk::open(&room);
    desk.mark(1);
    desk.settle();
    assert_eq!(room.endings(), ["jnl", "lock"]);
    desk.journal.end();
    desk.writer.step(desk.now, &mut |_| {});
    assert!(room.journal_files().is_empty());
}

/// What the program had when it ended, in the course of a save.
enum End {
    BeforeSaving,
    /// The file is written, the journal does not know it yet.
    BetweenFileAndJournal,
    AfterSaving,
}

/// Edits, takes a snapshot, edits on `n_more` times while it is being saved, and ends. Recovering gives all.
fn check_save(n_more: usize, end: &End, expected: Option<Base>) {
    let room = Room::new();
    let mut desk = Desk::open(&room);
    let first = desk.mark(0);
    desk.mark(1);
    desk.settle();
    let snapshot = desk.set().clone();
    for n in 0..n_more {
        match n % 3 {
            0 => desk.note(first, &format!("note {n}")),
            1 => desk.undo(),
            _ => drop(desk.mark(n)),
        }
        desk.settle();
    }
    match end {
        End::BeforeSaving => {}
        End::BetweenFileAndJournal => drop(desk.write_file(&snapshot)),
        End::AfterSaving => desk.save_snapshot(snapshot),
    }
    let set = desk.crash();
    let Some(expected) = expected else {
        assert!(room.recoverable().found.is_empty(), "all is saved");
        assert!(room.journal_files().is_empty());
        assert_eq!(room.load().0, set);
        return;
    };
    let recovery = room.only_recovery();
    assert_eq!(recovery.base, expected);
    let recovered = recovery.apply_to(&room.load().0);
    assert!(recovered.left_out.is_empty());
    assert_eq!(recovered.set, set);
}

#[test]
fn no_moment_of_a_save_loses_an_edit() {
    for n_more in 1..7 {
        let nothing_since = n_more == 2;
        check_save(n_more, &End::BeforeSaving, Some(Base::Same));
        let expected = (!nothing_since).then_some(Base::SavedSince);
        check_save(n_more, &End::BetweenFileAndJournal, expected);
        let expected = (!nothing_since).then_some(Base::Same);
        check_save(n_more, &End::AfterSaving, expected);
    }
    check_save(0, &End::BetweenFileAndJournal, None);
    check_save(0, &End::AfterSaving, None);
}

#[test]
fn the_way_back_behind_a_save_is_unsaved_work() {
    let room = Room::new();
    let mut desk = Desk::open(&room);
    desk.mark(0);
    desk.mark(1);
    desk.save();
    desk.undo();
    desk.undo();
    let set = desk.crash();
    let recovery = room.only_recovery();
    let recovered = recovery.apply_to(&room.load().0);
    assert_eq!(recovered.set, set);
    let summary = recovered.change.summary();
    assert_eq!(summary.count(Kind::Annotation, Fate::Removed), 2);
    assert_eq!(
        summary.to_string(),
        "2 annotations removed; 1 annotator removed"
    );
}

/// Ends with unsaved work on two of three annotations, after which `meanwhile` happens to the file.
fn check_foreign(
    meanwhile: impl FnOnce(&Room, &Desk),
    expected: Base,
    (n_fits, n_left_out): (usize, usize),
) {
    let room = Room::new();
    let mut desk = Desk::open(&room);
    let first = desk.mark(0);
    let second = desk.mark(1);
    desk.mark(2);
    desk.save();
    desk.note(first, "mine");
    desk.note(second, "mine");
    desk.settle();
    meanwhile(&room, &desk);
    let set = desk.crash();
    let before = room.annotations();
    let (present, _) = room.load();
    let recovery = room.only_recovery();
    let recovered = recovery.apply_to(&present);
    assert_eq!(recovery.base, expected);
    assert_eq!(
        (recovered.change.diffs.len(), recovered.left_out.diffs.len()),
        (n_fits, n_left_out)
    );
    for slot in recovered.left_out.annotations() {
        let theirs = present.annotations.get(&slot.key);
        assert_eq!(slot.before.as_ref(), theirs, "theirs stays");
        assert_eq!(recovered.set.annotations.get(&slot.key), theirs);
        assert_eq!(slot.after.as_ref().unwrap().note, "mine");
    }
    assert_eq!(recovery.whole(), Some(set), "both can be shown");
    assert_eq!(room.annotations(), before, "the file is not touched");
}

/// The set of the desk's file with the notes of its first `n` annotations written by somebody else.
fn theirs(room: &Room, n: usize, note: &str) -> AnnotationSet {
    let (mut set, _) = room.load();
    let others: Vec<_> = set.annotations.values().take(n).cloned().collect();
    for other in others {
        let mut other = (*other).clone();
        other.note = note.to_owned();
        set.annotations.insert(other.id, Arc::new(other));
    }
    set
}

#[test]
fn what_others_wrote_meanwhile_is_never_overridden() {
    let put = |n: usize, note: &'static str| {
        move |room: &Room, desk: &Desk| {
            let set = theirs(room, n, note);
            write_file(&room.memory, &set, desk.identity.as_ref());
        }
    };
    check_foreign(put(0, ""), Base::Same, (2, 0));
    check_foreign(put(1, "theirs"), Base::Changed, (1, 1));
    check_foreign(put(2, "theirs"), Base::Changed, (0, 2));
    let third = |room: &Room, desk: &Desk| {
        let mut set = room.load().0;
        set.article.title = "Another".to_owned();
        write_file(&room.memory, &set, desk.identity.as_ref());
    };
    check_foreign(third, Base::Changed, (2, 0));
    let remove = |room: &Room, _: &Desk| {
        room.memory.remove(Path::new(ANNOTATIONS)).unwrap();
    };
    check_foreign(remove, Base::Gone, (0, 2));
    let damage = |room: &Room, _: &Desk| room.memory.plant(ANNOTATIONS, b"(format: ");
    let room = Room::new();
    let mut desk = Desk::open(&room);
    desk.mark(0);
    desk.save();
    desk.mark(1);
    desk.settle();
    damage(&room, &desk);
    let set = desk.crash();
    let recovery = room.only_recovery();
    assert_eq!(recovery.base, Base::Changed);
    assert_eq!(recovery.whole(), Some(set), "the journal has its own copy");
}

#[test]
fn a_file_that_appeared_is_not_written_over() {
    let room = Room::new();
    let mut desk = Desk::open(&room);
    desk.mark(0);
    desk.settle();
    let (mut other, _) = room.load();
    other.article.title = "Another".to_owned();
    write_file(&room.memory, &other, None);
    let set = desk.crash();
    let recovery = room.only_recovery();
    assert_eq!(recovery.base, Base::Appeared);
    let recovered = recovery.apply_to(&room.load().0);
    assert_eq!(recovered.set.article.title, "Another");
    assert_eq!(recovered.set.annotations, set.annotations);
}

#[test]
fn two_journals_of_one_article_come_together() {
    let room = Room::new();
    let mut one = Desk::open(&room);
    let mut other = Desk::open(&room);
    one.mark(0);
    other.edit(&Edit::DescribeArticle(Box::new({
        let mut article = other.set().article.clone();
        article.publisher = "Example Weekly".to_owned();
        article
    })));
    one.settle();
    other.settle();
    assert_eq!(room.endings(), ["jnl", "jnl", "lock", "lock"]);
    assert!(room.recoverable().found.is_empty(), "both programs run");
    let set = one.crash();
    assert_eq!(room.recoverable().found.len(), 1);
    other.crash();
    let found = room.recoverable().found;
    assert_eq!(found.len(), 2);
    let (mut both, _) = room.load();
    for recovery in &found {
        let recovered = recovery.apply_to(&both);
        assert!(recovered.left_out.is_empty());
        both = recovered.set;
    }
    assert_eq!(both.annotations, set.annotations);
    assert_eq!(both.article.publisher, "Example Weekly");
}

#[test]
fn of_a_large_file_the_journal_holds_the_changes_alone() {
    let room = Room::new();
    let mut desk = Desk::open(&room);
    let large = desk.mark(0);
    desk.note(large, &"x".repeat(5 << 20));
    desk.save();
    desk.mark(1);
    let set = desk.crash();
    let (_, bytes) = room.journal();
    assert!(bytes.len() < 10_000, "{}", bytes.len());
    let recovery = room.only_recovery();
    assert_eq!((recovery.base, recovery.whole()), (Base::Same, None));
    assert_eq!(room.recovered(&recovery), set);
}

#[test]
fn a_file_that_went_away_makes_everything_unsaved() {
    let room = Room::new();
    let mut desk = Desk::open(&room);
    desk.mark(0);
    desk.save();
    room.memory.remove(Path::new(ANNOTATIONS)).unwrap();
    desk.journal.unsaved();
    let set = desk.crash();
    let recovery = room.only_recovery();
    assert_eq!(recovery.base, Base::Same, "none, as the journal says");
    assert_eq!(room.recovered(&recovery), set);
}

#[test]
fn what_was_saved_elsewhere_is_compared_there() {
    let room = Room::new();
    let mut desk = Desk::open(&room);
    desk.mark(0);
    let identity = desk.write_file(&desk.set().clone());
    let elsewhere = Path::new("/d/elsewhere.ron");
    room.memory
        .rename(Path::new(ANNOTATIONS), elsewhere)
        .unwrap();
    desk.journal.saved(elsewhere, identity, desk.set().clone());
    desk.mark(1);
    desk.crash();
    let recovery = room.only_recovery();
    assert_eq!(
        (recovery.base, recovery.annotations.as_path()),
        (Base::Same, elsewhere)
    );
}

#[test]
fn what_the_dead_left_without_work_is_cleared_away() {
    let room = Room::new();
    let desk = Desk::open(&room);
    drop(desk);
    let key = {
        let mut desk = Desk::open(&room);
        desk.mark(0);
        desk.settle();
        let (path, _) = room.journal();
        desk.journal.end();
        desk.writer.step(desk.now, &mut |_| {});
        path.split('-').next().unwrap().to_owned()
    };
    room.memory.plant(&format!("{key}-1-00000001.lock"), b"");
    room.memory
        .plant(&format!("{key}-1-00000002.tmp"), b"half a jou");
    room.memory.plant("/s/journal/notes.txt", b"somebody's");
    assert!(room.recoverable().found.is_empty());
    assert_eq!(room.endings(), ["txt"]);
}

#[test]
fn a_change_is_written_at_once_and_synced_within_a_second() {
    let room = Room::new();
    let mut desk = Desk::open(&room);
    desk.mark(0);
    assert_eq!(desk.settle(), None, "the first is on the disk at once");
    for n in 1..20 {
        let before = room.journal().1.len();
        desk.mark(n);
        let due = desk.settle().unwrap();
        assert!(room.journal().1.len() > before, "a kill loses nothing");
        assert!(due <= desk.now + Duration::from_secs(1));
        desk.wait(Duration::from_millis(200));
    }
    desk.wait(Duration::from_secs(1));
    assert_eq!(desk.settle(), None, "no timer while there is nothing to do");
}

#[test]
fn the_writer_works_on_a_thread_and_flushes_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let article = folder.path().join("news.txt");
    std::fs::write(&article, super::desk::TEXT).unwrap();
    let state = folder.path().join("state");
    let disk = Disk::new(Arc::new(sourcemark::files::fs::RealFs), Some(state.clone()));
    let (journals, writer) = disk.journals().unwrap();
    let told = Arc::new(Mutex::new(0));
    let teller = Arc::clone(&told);
    let thread = std::thread::spawn(move || writer.run(|_| *teller.lock().unwrap() += 1));
    let room = Room::new();
    let mut desk = Desk::open(&room);
    let journal = journals.begin(JournalStart {
        article: article.clone(),
        annotations: folder.path().join("news.txt.annotations.ron"),
        identity: None,
        set: desk.set().clone(),
    });
    for n in 0..50 {
        desk.mark(n);
        let change = desk.workspace.history().next_undo().unwrap().change.clone();
        journal.append(&change);
    }
    assert!(journals.flush(Duration::from_secs(60)));
    assert!(disk.recoverable().found.is_empty(), "its program runs");
    drop((journal, journals));
    thread.join().unwrap();
    assert_eq!(*told.lock().unwrap(), 0);
    let found = disk.recoverable_for(&article).found;
    let [recovery] = &found[..] else {
        panic!("{found:?}")
    };
    assert_eq!(recovery.n_changes, 50);
    assert_eq!(&recovery.apply_to(&room.load().0).set, desk.set());
    let mode = std::fs::read_dir(state.join("journal")).unwrap();
    #[cfg(unix)]
    for entry in mode {
        use std::os::unix::fs::PermissionsExt;
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "for its owner alone");
    }
}

#[test]
fn flushing_says_whether_it_is_all_on_the_disk() {
    let room = Room::new();
    let mut desk = Desk::open(&room);
    assert!(desk.flush(), "there is nothing");
    for n in 0..3 {
        desk.mark(n);
    }
    desk.settle();
    desk.mark(3);
    assert!(desk.flush());
    assert_eq!(desk.settle(), None, "nothing is left to sync");

    let broken = Fault::Dies(Errno::NOSPC.raw_os_error());
    let faulty = FaultyFs::new(Arc::new(room.memory.clone()), 0, broken);
    let room = Room::seen_through(room.memory.clone(), Arc::new(faulty));
    let mut desk = Desk::open(&room);
    desk.mark(4);
    assert!(!desk.flush());
    assert_eq!(desk.news(), ["failed"]);
}

#[test]
fn a_writer_that_is_gone_holds_nobody_up() {
    let room = Room::new();
    let Desk {
        journals,
        journal,
        writer,
        mut workspace,
        ..
    } = Desk::open(&room);
    drop(writer);
    assert!(!journals.flush(Duration::from_secs(60)));
    journal.append(&workspace.adopt(&Default::default(), "nothing"));
    journal.end();
    assert!(Disk::plain().journals().is_none(), "no folder, no journal");
}
