//! One operation after the other fails, with every error a disk has, until none is left to fail.

use super::{Files, PATH, disk, is_temporary, saves, titled, written};
use crate::support::{
    faulty_fs::{Fault, FaultyFs},
    memory_fs::{Limits, MemoryFs},
};
use rustix::io::Errno;
use sourcemark::files::{
    Disk, Expected, FileErrorKind, Loaded, LockOutcome, Look, SaveNote, SaveOptions, Settings,
    fs::Fs,
};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

const ERRORS: [Errno; 10] = [
    Errno::ACCESS,
    Errno::IO,
    Errno::MFILE,
    Errno::NOSPC,
    Errno::DQUOT,
    Errno::ROFS,
    Errno::XDEV,
    Errno::BUSY,
    Errno::INTR,
    Errno::NAMETOOLONG,
];

fn faults() -> Vec<Fault> {
    let once = ERRORS
        .iter()
        .map(|error| Fault::Error(error.raw_os_error()));
    // A call that is always interrupted is tried for ever, as it should be.
    let lasting = ERRORS.iter().filter(|error| **error != Errno::INTR);
    let lasting = lasting.map(|error| Fault::Dies(error.raw_os_error()));
    once.chain(lasting)
        .chain([Fault::EndsEarly, Fault::WritesNothing])
        .collect()
}

/// Runs `work` on a fresh disk for each fault at each operation, and returns how many faults there were.
pub(super) fn with_every_fault(
    prepare: &dyn Fn() -> MemoryFs,
    work: &dyn Fn(&Disk, &MemoryFs, &Files),
) -> usize {
    let mut n_faults = 0;
    for fault in faults() {
        for n_before in 0.. {
            assert!(n_before < 1_000, "it never ends");
            let memory = prepare();
            let before = memory.files();
            let faulty = FaultyFs::new(Arc::new(memory.clone()), n_before, fault.clone());
            work(&disk(Arc::new(faulty.clone())), &memory, &before);
            if !faulty.is_injected() {
                break;
            }
            n_faults += 1;
        }
    }
    n_faults
}

#[test]
fn a_save_keeps_its_promises_whatever_fails() {
    let mut n_faults = 0;
    for save in saves() {
        let (original, expected) = save.prepare();
        let moment = original.now();
        for fault in faults() {
            for n_before in 0.. {
                assert!(n_before < 1_000, "it never ends");
                let memory = MemoryFs::of(moment.clone(), save.limits.clone());
                let before = memory.files();
                let faulty = FaultyFs::new(Arc::new(memory.clone()), n_before, fault.clone());
                let result = save.run(Arc::new(faulty.clone()), &expected);
                save.check(&before, &memory.files(), &result);
                if !faulty.is_injected() {
                    // And nothing but this failed the others.
                    assert_eq!(result.is_ok(), save.theirs.is_none(), "{}", save.name);
                    break;
                }
                n_faults += 1;
            }
        }
    }
    eprintln!("{n_faults} faults in saves");
    assert!(n_faults > 4_000, "only {n_faults}");
}

#[test]
fn after_a_failure_another_file_is_written() {
    let save = super::Save::default();
    let passing = |fs: &MemoryFs| -> BTreeSet<PathBuf> {
        let moments = fs.moments();
        let paths = moments.iter().flat_map(|now| now.files().into_keys());
        paths.filter(|path| is_temporary(path)).collect()
    };
    let mut n_tried = 0;
    for n_before in 0.. {
        let (memory, expected) = save.prepare();
        memory.record();
        let fault = Fault::Error(Errno::IO.raw_os_error());
        let faulty = FaultyFs::new(Arc::new(memory.clone()), n_before, fault);
        let result = save.run(Arc::new(faulty.clone()), &expected);
        if !faulty.is_injected() {
            break;
        }
        if result.is_err() {
            let again = MemoryFs::of(memory.now(), Limits::default());
            again.record();
            save.run(Arc::new(again.clone()), &expected).unwrap();
            let left: Files = memory.files();
            let mut second = passing(&again);
            second.retain(|path| !left.contains_key(path));
            assert!(!second.is_empty() && second.is_disjoint(&passing(&memory)));
            n_tried += 1;
        }
    }
    assert!(n_tried > 8, "only {n_tried}");
}

#[test]
fn what_did_not_go_as_usual_is_said() {
    let mounted = super::Save {
        limits: Limits {
            mounted: Some(PATH.into()),
            ..Limits::default()
        },
        ..super::Save::default()
    };
    let (memory, expected) = mounted.prepare();
    let saved = mounted.run(Arc::new(memory), &expected).unwrap();
    assert_eq!(saved.notes, [SaveNote::InPlace]);

    let save = super::Save::default();
    let mut said = BTreeSet::new();
    for n_before in 0.. {
        let (memory, expected) = save.prepare();
        let fault = Fault::Error(Errno::NOSPC.raw_os_error());
        let faulty = FaultyFs::new(Arc::new(memory), n_before, fault);
        match save.run(Arc::new(faulty.clone()), &expected) {
            Ok(saved) => said.extend(saved.notes.iter().map(SaveNote::to_string)),
            Err(error) => {
                said.insert(error.to_string());
            }
        }
        if !faulty.is_injected() {
            break;
        }
    }
    let needed = written("new").len();
    for expected in [
        &format!(
            "the disk is full: {needed} bytes needed, 3 bytes free; free some space, or save to another folder"
        ),
        "saved, but this disk does not confirm that the file survives a power cut: ",
        "saved, but the previous version was not kept: the disk is full",
    ] {
        assert!(
            said.iter().any(|said| said.contains(expected)),
            "{expected}: {said:#?}"
        );
    }
}

#[test]
fn in_parts_it_is_the_same() {
    for save in saves() {
        let (memory, expected) = save.prepare();
        let before = memory.files();
        let result = save.run(
            Arc::new(FaultyFs::in_parts(Arc::new(memory.clone()), 7)),
            &expected,
        );
        save.check(&before, &memory.files(), &result);
        assert_eq!(result.is_ok(), save.theirs.is_none(), "{}", save.name);
    }
}

#[test]
fn what_could_not_be_read_is_never_new() {
    let prepare = || {
        let fs = MemoryFs::new(Limits::default());
        fs.plant(PATH, &written("old"));
        fs
    };
    let n_faults = with_every_fault(&prepare, &|disk, memory, before| {
        let path = Path::new(PATH);
        match disk.read_annotations(path) {
            Loaded::New => panic!("there is one"),
            Loaded::Loaded(file) => assert_eq!(file.set, titled("old")),
            Loaded::Unreadable(error) => assert!(!error.to_string().is_empty()),
        }
        match disk.look(path, None) {
            Look::Changed(_) | Look::Unknown(_) => {}
            Look::Same => panic!("there is one"),
        }
        let result = disk.save_annotations(
            path,
            &titled("new"),
            &Expected::New,
            &SaveOptions::default(),
        );
        assert!(result.is_err());
        assert_eq!(&memory.files(), before);
    });
    assert!(n_faults > 100, "only {n_faults}");
}

#[test]
fn a_lock_that_is_held_is_never_given_twice() {
    let prepare = || {
        let fs = MemoryFs::new(Limits::default());
        fs.plant(PATH, &written("old"));
        fs
    };
    let n_faults = with_every_fault(&prepare, &|faulty, memory, before| {
        let whole = disk(Arc::new(memory.clone()));
        let first = whole.lock(Path::new(PATH), "Ana").unwrap();
        assert!(matches!(first, LockOutcome::Held(_)));
        if let Ok(LockOutcome::Held(_)) = faulty.lock(Path::new(PATH), "Ben") {
            panic!("two have it");
        }
        drop(first);
        // Whatever failed, a lock that was given up can be had.
        drop(faulty.lock(Path::new(PATH), "Ben"));
        assert!(matches!(
            whole.lock(Path::new(PATH), "Cem"),
            Ok(LockOutcome::Held(_))
        ));
        assert_eq!(
            memory.files().get(Path::new(PATH)),
            before.get(Path::new(PATH))
        );
    });
    assert!(n_faults > 100, "only {n_faults}");
}

#[test]
fn settings_are_the_old_or_the_new_ones() {
    let named = |font: &str| Settings {
        font: font.to_owned(),
        ..Settings::default()
    };
    let folder = Path::new("/c/sourcemark");
    let prepare = || {
        let fs = MemoryFs::new(Limits::default());
        fs.create_folder(Path::new("/c")).unwrap();
        disk(Arc::new(fs.clone()))
            .save_settings(&named("Old"), folder)
            .unwrap();
        fs
    };
    let n_faults = with_every_fault(&prepare, &|faulty, memory, _| {
        let saved = faulty.save_settings(&named("New"), folder);
        drop(faulty.load_settings(folder));
        let (found, notes) = disk(Arc::new(memory.clone())).load_settings(folder);
        assert_eq!(notes, [""; 0]);
        let is_torn =
            matches!(&saved, Err(error) if matches!(error.kind, FileErrorKind::Torn { .. }));
        assert!(is_torn || found == named("New") || saved.is_err() && found == named("Old"));
    });
    assert!(n_faults > 100, "only {n_faults}");
}
