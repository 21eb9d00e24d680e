//! The journal on disks that fail, lie and lose power.

use super::desk::{ARTICLE, Desk, Room, TEXT};
use crate::support::{
    faulty_fs::{Fault, FaultyFs},
    memory_fs::{Limits, MemoryFs},
};
use rustix::io::Errno;
use sourcemark::{
    annotation::AnnotationSet,
    files::{Base, Disk, JournalNews, JournalStart, fs::RealFs},
};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// What is done to the article, step by step.
const N_STEPS: usize = 14;

fn step(desk: &mut Desk, n: usize, snapshot: &mut AnnotationSet) {
    match n {
        0 | 1 | 4 | 7 | 11 => drop(desk.mark(n)),
        2 => {
            let id = *desk.set().annotations.keys().next().unwrap();
            desk.note(id, "A note");
        }
        3 => snapshot.clone_from(desk.set()),
        // Reported late: a mark was made meanwhile.
        5 => desk.save_snapshot(snapshot.clone()),
        6 | 8 => desk.undo(),
        9 => desk.redo(),
        10 => desk.save(),
        12 => desk.wait(Duration::from_secs(1)),
        _ => {
            let id = *desk.set().annotations.keys().next_back().unwrap();
            desk.note(id, "Another");
        }
    }
}

/// The set that is found by who opens the article and accepts what is offered.
#[track_caller]
fn found(memory: MemoryFs) -> (AnnotationSet, Option<Base>) {
    let room = Room::of(memory);
    assert_eq!(
        room.memory.content(ARTICLE).as_deref(),
        Some(TEXT.as_bytes())
    );
    let (loaded, _) = room.load();
    let found = room.recoverable().found;
    let set = found
        .iter()
        .fold(loaded, |set, recovery| recovery.apply_to(&set).set);
    (set, found.first().map(|recovery| recovery.base))
}

fn faults() -> Vec<Fault> {
    let errors = [Errno::NOSPC, Errno::IO, Errno::ACCESS, Errno::NOTSUP];
    let once = errors.map(|error| Fault::Error(error.raw_os_error()));
    let lasting = errors.map(|error| Fault::Dies(error.raw_os_error()));
    let lies = [Fault::WritesNothing];
    once.into_iter().chain(lasting).chain(lies).collect()
}

#[test]
fn whatever_fails_edits_go_on_and_the_journal_comes_back() {
    let (mut n_faults, mut n_healed) = (0, 0);
    for fault in faults() {
        let lasts = matches!(fault, Fault::Dies(_));
        for n_before in 0.. {
            assert!(n_before < 1_000, "it never ends");
            let memory = Room::new().memory;
            let faulty = FaultyFs::new(Arc::new(memory.clone()), n_before, fault.clone());
            let room = Room::seen_through(memory.clone(), Arc::new(faulty.clone()));
            let mut desk = Desk::open(&room);
            let mut states = vec![desk.set().clone()];
            let mut snapshot = desk.set().clone();
            for n in 0..N_STEPS {
                step(&mut desk, n, &mut snapshot);
                desk.settle();
                states.push(desk.set().clone());
            }
            // Whatever can be mended is, after a while.
            desk.wait(Duration::from_secs(20));
            desk.wait(Duration::from_secs(1));
            let news = desk.news();
            let set = desk.crash();
            let mut pairs = news.chunks_exact(2);
            let told_once = pairs.all(|pair| pair == ["failed", "resumed"]);
            let at_last = pairs.remainder();
            assert!(
                told_once && at_last.iter().all(|last| *last == "failed"),
                "{news:?}"
            );
            let (recovered, base) = found(memory);
            if at_last.is_empty() {
                assert_eq!(recovered, set, "after {n_before}");
                n_healed += usize::from(!news.is_empty());
            } else {
                assert!(lasts, "after {n_before}: {news:?}");
                let is_one = states.contains(&recovered);
                assert!(is_one || base != Some(Base::Same), "after {n_before}");
            }
            if !faulty.is_injected() {
                assert!(news.is_empty());
                break;
            }
            n_faults += 1;
        }
    }
    eprintln!("{n_faults} faults, {n_healed} mended");
    assert!(n_faults > 200 && n_healed > 40, "{n_faults}, {n_healed}");
}

#[test]
fn recovering_on_a_failing_disk_loses_nothing() {
    let room = Room::new();
    let mut desk = Desk::open(&room);
    desk.mark(0);
    desk.save();
    desk.mark(1);
    let set = desk.crash();
    let moment = room.memory.now();
    for fault in faults().into_iter().chain([Fault::EndsEarly]) {
        for n_before in 0.. {
            assert!(n_before < 1_000, "it never ends");
            let memory = MemoryFs::of(moment.clone(), Limits::default());
            let faulty = FaultyFs::new(Arc::new(memory.clone()), n_before, fault.clone());
            let room = Room::seen_through(memory.clone(), Arc::new(faulty.clone()));
            for recovery in room.recoverable().found {
                assert_eq!(room.recovered(&recovery), set);
            }
            if !faulty.is_injected() {
                break;
            }
            let aside = room.endings().contains(&"damaged".to_owned());
            let half_read = matches!(fault, Fault::EndsEarly);
            assert!(
                !aside || half_read,
                "a journal that cannot be read is not damaged"
            );
            if !aside {
                assert_eq!(found(memory).0, set, "{n_before}");
            }
        }
    }
}

#[test]
fn a_power_cut_loses_a_second_at_most() {
    let room = Room::new();
    let mut desk = Desk::open(&room);
    let mut states = vec![desk.set().clone()];
    let mut snapshot = desk.set().clone();
    let (mut n_safe, mut n_disks) = (0, 0);
    for n in 0..N_STEPS {
        for is_waiting in [false, true] {
            room.memory.record();
            if is_waiting {
                desk.wait(Duration::from_secs(1));
            } else {
                step(&mut desk, n, &mut snapshot);
                desk.settle();
                states.push(desk.set().clone());
            }
            for moment in room.memory.moments() {
                for state in moment.crash_states() {
                    n_disks += 1;
                    let (set, _) = found(MemoryFs::of(state, Limits::default()));
                    let is_one = states[n_safe..].contains(&set);
                    assert!(is_one, "step {n}, {n_safe} of {} are safe", states.len());
                }
            }
        }
        n_safe = states.len() - 1;
    }
    eprintln!("{n_disks} disks after power cuts");
    assert!(n_disks > 200, "only {n_disks}");
}

/// Every disk after a power cut now gives `set`.
#[track_caller]
fn check_safe(room: &Room, set: &AnnotationSet) {
    for state in room.memory.now().crash_states() {
        assert_eq!(&found(MemoryFs::of(state, Limits::default())).0, set);
    }
}

#[test]
fn a_power_cut_brings_no_journal_back_that_was_done_with() {
    let room = Room::new();
    let mut desk = Desk::open(&room);
    desk.mark(0);
    desk.settle();
    desk.save();
    desk.settle();
    // Taken back and saved before the writer had its turn: there is no further journal.
    desk.undo();
    desk.save();
    desk.settle();
    check_safe(&room, &desk.set().clone());
}

#[test]
fn a_power_cut_while_work_is_recovered_leaves_the_old_journal_or_the_new() {
    let room = Room::new();
    let mut desk = Desk::open(&room);
    desk.mark(0);
    desk.crash();
    let mut desk = Desk::open(&room);
    desk.mark(1);
    desk.settle();
    let recovery = room.only_recovery();
    let recovered = recovery.apply_to(desk.set());
    let change = desk
        .workspace
        .adopt(&recovered.change, "recover unsaved work");
    desk.journal.append_recovered(&change, recovery);
    let set = desk.set().clone();
    assert!(desk.settle().is_some(), "it is not on the disk yet");
    check_safe(&room, &set);
    desk.wait(Duration::from_secs(1));
    assert_eq!(room.endings(), ["jnl", "lock"], "now it is");
    check_safe(&room, &set);
}

#[test]
fn a_disk_whose_sync_lies_fails_the_check() {
    let memory = MemoryFs::new(Limits {
        sync_lies: true,
        ..Limits::default()
    });
    memory.plant(ARTICLE, TEXT.as_bytes());
    memory.plant("/s/journal/old", b"");
    let room = Room::of(memory.clone());
    let mut desk = Desk::open(&room);
    desk.mark(0);
    desk.wait(Duration::from_secs(1));
    let set = desk.set().clone();
    let states = memory.now().crash_states();
    let lost = states
        .into_iter()
        .filter(|state| found(MemoryFs::of(state.clone(), Limits::default())).0 != set);
    assert!(lost.count() > 0);
}

#[test]
fn without_a_folder_to_write_in_it_is_told_once_and_mended_later() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    std::fs::write(&state, b"a file where the folder should be").unwrap();
    let disk = Disk::new(Arc::new(RealFs), Some(state.clone()));
    let (journals, mut writer) = disk.journals().unwrap();
    let (room, mut news) = (Room::new(), Vec::new());
    let mut desk = Desk::open(&room);
    let start = JournalStart {
        article: ARTICLE.into(),
        annotations: "/d/news.txt.annotations.ron".into(),
        identity: None,
        set: desk.set().clone(),
    };
    let journal = journals.begin(start);
    let mut now = Instant::now();
    let mut step = |after_seconds| {
        now += Duration::from_secs(after_seconds);
        writer.step(now, &mut |event| news.push(event))
    };
    for n in 0..5 {
        desk.mark(n);
        let change = desk.workspace.history().next_undo().unwrap().change.clone();
        journal.append(&change);
        assert!(step(30).is_some(), "it is tried again");
    }
    std::fs::remove_file(&state).unwrap();
    step(400);
    let [failed, resumed] = &news[..] else {
        panic!("{news:?}")
    };
    let JournalNews::Failed(error) = &failed.what else {
        panic!("{failed:?}")
    };
    let said = error.to_string();
    assert!(
        said.starts_with("cannot write unsaved work to the journal: "),
        "{said}"
    );
    assert!(matches!(resumed.what, JournalNews::Resumed));
    drop(writer);
    let found = disk.recoverable_for(Path::new(ARTICLE)).found;
    let [recovery] = &found[..] else {
        panic!("{found:?}")
    };
    assert_eq!(recovery.whole().as_ref(), Some(desk.set()));
}
