//! Another program writes the file at any moment of a save: what it wrote is there afterwards.

use super::{PATH, Save, disk, written};
use crate::support::{
    faulty_fs::{Fault, FaultyFs},
    memory_fs::{Limits, MemoryFs},
};
use sourcemark::files::{Changed, FileErrorKind, SaveNote};
use std::{path::Path, sync::Arc};

/// Saves while another program writes before the operation after `n_before` others. Whether what it wrote is
/// there afterwards, and said to be; `None` when the save had fewer operations.
fn survives(save: &Save, n_before: usize, moved_in: bool) -> Option<bool> {
    let (memory, expected) = save.prepare();
    let theirs = memory.clone();
    let write = move || {
        if moved_in {
            theirs.plant(PATH, &written("their"));
        } else {
            use sourcemark::files::fs::Fs;
            use std::io::Write;
            let Ok(mut file) = theirs.open_in_place(Path::new(PATH)) else {
                return;
            };
            file.clear().unwrap();
            file.write_all(&written("their")).unwrap();
        }
    };
    let fault = Fault::Meanwhile(Arc::new(write));
    let faulty = FaultyFs::new(Arc::new(memory.clone()), n_before, fault);
    let result = save.run(Arc::new(faulty.clone()), &expected);
    if !faulty.is_injected() {
        assert!(result.is_ok());
        return None;
    }
    let files = memory.files();
    let is_there = memory.content(PATH) == Some(written("their"));
    Some(match result {
        // They wrote after us, over what we had saved; or in the very moment; or lost what they wrote.
        Ok(saved) => {
            let kept = saved.notes.iter().find_map(|note| match note {
                SaveNote::Displaced { kept } => files.get(kept),
                _ => None,
            });
            let is_shown = disk(Arc::new(memory.clone()))
                .conflict_copies(Path::new(PATH))
                .len()
                == usize::from(kept.is_some());
            assert!(is_shown && (is_there || memory.content(PATH) == Some(written("new"))));
            is_there || kept == Some(&written("their"))
        }
        Err(error) => match error.kind {
            FileErrorKind::ChangedOnDisk(Changed::Content) => is_there,
            other => panic!("{other}"),
        },
    })
}

fn survivals(save: &Save, moved_in: bool) -> Vec<bool> {
    (0..).map_while(|n| survives(save, n, moved_in)).collect()
}

#[test]
fn where_names_are_traded_nothing_is_ever_lost() {
    for moved_in in [true, false] {
        let survivals = survivals(&Save::default(), moved_in);
        assert!(survivals.len() > 20);
        assert!(
            survivals.iter().all(|survives| *survives),
            "{moved_in}: {survivals:?}"
        );
    }
}

#[test]
fn where_names_cannot_be_traded_one_moment_is_left() {
    let limits = Limits {
        no_exchange: true,
        ..Limits::default()
    };
    let save = Save {
        limits,
        ..Save::default()
    };
    let survivals = survivals(&save, true);
    let n_lost = survivals.iter().filter(|survives| !**survives).count();
    // While and after the file is compared for the last time. That it is seen here shows that the test above
    // can fail.
    assert!((1..=4).contains(&n_lost), "{survivals:?}");
}

#[test]
fn a_file_that_appears_is_not_replaced() {
    for no_rename_new in [false, true] {
        let save = Save {
            old: None,
            limits: Limits {
                no_rename_new,
                ..Limits::default()
            },
            ..Save::default()
        };
        for n_before in 0.. {
            let (memory, expected) = save.prepare();
            let theirs: MemoryFs = memory.clone();
            let fault = Fault::Meanwhile(Arc::new(move || theirs.plant(PATH, &written("their"))));
            let faulty = FaultyFs::new(Arc::new(memory.clone()), n_before, fault);
            let result = save.run(Arc::new(faulty.clone()), &expected);
            if !faulty.is_injected() {
                assert!(n_before > 8 && result.is_ok());
                break;
            }
            assert_eq!(memory.content(PATH), Some(written("their")));
        }
    }
}
