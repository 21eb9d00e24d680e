//! The power goes at any moment of a save: what may be on the disk then, in every combination.

use super::{Files, PATH, Save, disk, expected, is_backup, is_temporary, saves, titled, written};
use crate::support::memory_fs::{Limits, MemoryFs, Moment};
use sourcemark::files::{SaveOptions, fs::Fs};
use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What is wrong with a disk after a power cut; `None` for nothing.
fn wrong(
    after: &Files,
    target: &Path,
    allowed: &[Option<Vec<u8>>],
    in_place: bool,
) -> Option<String> {
    let found = after.get(target);
    if !allowed.iter().any(|content| content.as_ref() == found) {
        let old = allowed.first().and_then(Option::as_ref);
        let is_kept =
            |(path, content): (&PathBuf, &Vec<u8>)| is_temporary(path) && Some(content) == old;
        if !in_place || !after.iter().any(is_kept) {
            return Some(format!(
                "{:?}",
                found.map(|content| String::from_utf8_lossy(content).into_owned())
            ));
        }
    }
    let damaged = after.iter().find(|(path, content)| {
        let hash = blake3::hash(content).to_hex();
        is_backup(path)
            && !path
                .to_string_lossy()
                .ends_with(&format!("-{}.ron", &hash[..16]))
    });
    damaged.map(|(path, _)| format!("{} is damaged", path.display()))
}

/// Looks at every disk after a power cut at each of `moments`; returns how many there are, and what was wrong.
fn cut_power(
    moments: &[Moment],
    is_wrong: &dyn Fn(&Files) -> Option<String>,
) -> (usize, Vec<String>) {
    let (mut n_states, mut all_wrong) = (0, Vec::new());
    for moment in moments {
        for state in moment.crash_states() {
            n_states += 1;
            all_wrong.extend(is_wrong(&state.files()));
        }
        // The program may also be killed while the power stays.
        all_wrong.extend(is_wrong(&moment.files()));
    }
    (n_states, all_wrong)
}

/// The disks after a power cut during and after a save, and what is wrong with them.
fn cut_during(save: &Save) -> (usize, Vec<String>) {
    let (memory, expected) = save.prepare();
    let target = Path::new(save.target);
    let old = memory.files().get(target).cloned();
    memory.record();
    let result = save.run(Arc::new(memory.clone()), &expected);
    let saved = memory.moments();
    let in_place = save.limits.mounted.is_some();
    let new = if result.is_ok() {
        Some(written("new"))
    } else {
        old.clone()
    };
    let (mut n_states, mut all_wrong) = cut_power(&saved, &|after| {
        wrong(after, target, &[old.clone(), new.clone()], in_place)
    });
    // A save that was said to be done is there.
    let (n, lost) = cut_power(&[memory.now()], &|after| {
        wrong(after, target, std::slice::from_ref(&new), false)
    });
    n_states += n;
    all_wrong.extend(lost);
    (n_states, all_wrong)
}

#[test]
fn the_old_or_the_new_version_is_there_after_a_power_cut() {
    let mut n_states = 0;
    for save in saves() {
        let (n, wrong) = cut_during(&save);
        assert!(
            wrong.is_empty(),
            "{}: {} of {n}: {}",
            save.name,
            wrong.len(),
            wrong[0]
        );
        n_states += n;
    }
    eprintln!("{n_states} disks after power cuts");
    assert!(n_states > 1_000, "only {n_states}");
}

#[test]
fn three_saves_in_a_row_lose_none_that_was_said_to_be_done() {
    let path = Path::new(PATH);
    let memory = MemoryFs::new(Limits::default());
    memory.create_folder(Path::new("/d")).unwrap();
    memory.sync_folder(Path::new("/")).unwrap();
    let mut n_states = 0;
    let mut done = None;
    for title in ["one", "two", "three"] {
        let memory = memory.clone();
        let expected = expected(&memory, PATH);
        memory.record();
        disk(Arc::new(memory.clone()))
            .save_annotations(path, &titled(title), &expected, &SaveOptions::default())
            .unwrap();
        let next = Some(written(title));
        let allowed = [done.clone(), next.clone()];
        let (n, wrong) = cut_power(&memory.moments(), &|after| {
            wrong(after, path, &allowed, false)
        });
        assert!(wrong.is_empty(), "{title}: {}", wrong[0]);
        n_states += n;
        done = next;
    }
    assert!(n_states > 300, "only {n_states}");
}

#[test]
fn a_disk_whose_sync_lies_fails_the_check() {
    for limits in [
        Limits {
            sync_lies: true,
            ..Limits::default()
        },
        Limits {
            sync_folder_lies: true,
            ..Limits::default()
        },
    ] {
        let save = Save {
            limits,
            ..Save::default()
        };
        let (_, wrong) = cut_during(&save);
        assert!(!wrong.is_empty());
    }
}

#[test]
fn a_file_written_in_place_fails_the_check() {
    let (memory, _) = Save::default().prepare();
    memory.record();
    let mut file = memory.open_in_place(Path::new(PATH)).unwrap();
    file.clear().unwrap();
    file.write_all(&written("new")).unwrap();
    file.sync().unwrap();
    let allowed = [Some(written("old")), Some(written("new"))];
    let (_, wrong) = cut_power(&memory.moments(), &|after| {
        wrong(after, Path::new(PATH), &allowed, false)
    });
    assert!(!wrong.is_empty());
}
