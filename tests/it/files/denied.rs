//! A message about permissions names what was denied: the file, or the folder around it.

use crate::support::{
    memory_fs::{Limits, MemoryFs},
    sets::full_set,
};
use sourcemark::files::{Disk, Expected, Loaded, SaveOptions};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

const PATH: &str = "/d/in/a.txt.annotations.ron";
const ADVICE: &str = "check its permissions, or use another folder";

/// A disk on which a file was saved once before the limits came.
fn disk(limits: Limits) -> (Disk, Expected) {
    let memory = MemoryFs::new(Limits::default());
    memory.plant("/d/in/a.txt", b"An article.");
    let before = Disk::new(Arc::new(memory.clone()), Some("/s".into()));
    let (path, options) = (Path::new(PATH), SaveOptions::default());
    let saved = before.save_annotations(path, &full_set(), &Expected::New, &options);
    let expected = Expected::Same(saved.unwrap().identity);
    let memory = MemoryFs::of(memory.now(), limits);
    (Disk::new(Arc::new(memory), Some("/s".into())), expected)
}

/// What is said of a save over the file, a note or an error.
fn save(limits: Limits) -> String {
    let (disk, expected) = disk(limits);
    let mut set = full_set();
    set.article.title = "Another".to_owned();
    let options = SaveOptions::default();
    match disk.save_annotations(Path::new(PATH), &set, &expected, &options) {
        Ok(saved) => saved.notes.iter().map(ToString::to_string).collect(),
        Err(error) => error.to_string(),
    }
}

fn protected(folder: &str) -> Limits {
    Limits {
        protected: vec![PathBuf::from(folder)],
        ..Limits::default()
    }
}

#[test]
fn a_save_names_the_folder_that_nothing_can_be_made_in() {
    assert_eq!(
        save(protected("/d/in")),
        format!(
            "cannot save the annotations: permission denied in the folder `/d/in`; {ADVICE}: `{PATH}`"
        )
    );
    let (disk, _) = disk(protected("/d/in"));
    let other = Path::new("/d/in/b.txt.annotations.ron");
    let options = SaveOptions::default();
    let error = disk
        .save_annotations(other, &full_set(), &Expected::New, &options)
        .unwrap_err();
    assert!(
        error.to_string().contains("in the folder `/d/in`;"),
        "{error}"
    );
}

#[test]
fn a_version_that_is_not_kept_names_the_folder_for_it() {
    for folder in ["/s", "/s/backups"] {
        // Where it is not there yet, it is the first folder to be made that is denied.
        assert_eq!(
            save(protected(folder)),
            format!(
                "saved, but the previous version was not kept: permission denied in the folder `{folder}`; {ADVICE}"
            )
        );
    }
}

#[test]
fn a_file_in_a_folder_nobody_may_enter_is_not_blamed() {
    for shut in ["/d", "/d/in"] {
        let limits = Limits {
            shut: Some(shut.into()),
            ..Limits::default()
        };
        let denied = format!("permission denied in the folder `{shut}`; {ADVICE}: `");
        let said = save(limits.clone());
        assert!(said.contains(&denied), "{said}");
        let (disk, _) = disk(limits);
        match disk.read_annotations(Path::new(PATH)) {
            Loaded::Unreadable(error) => {
                let said = error.to_string();
                assert!(said.contains(&denied), "{said}");
            }
            other => panic!("{other:?}"),
        }
        let said = disk
            .read_article(Path::new("/d/in/a.txt"), None)
            .unwrap_err();
        assert!(said.to_string().contains(&denied), "{said}");
    }
}
