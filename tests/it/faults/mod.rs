//! Saving on disks that fail, lie, lose power, and are written by others at the same time.
//!
//! The promises: after whatever happens the annotation file is the complete old or the complete new version;
//! a save that says so is on the disk; nobody else's file is touched; what is left behind has a passing name.

mod crashes;
mod errors;
pub mod leftovers;
mod races;
mod savers;

use crate::support::{
    memory_fs::{Limits, MemoryFs},
    sets::{source, time},
};
use sourcemark::{
    annotation::{AnnotationSet, Article},
    files::{
        Disk, Expected, FileError, FileErrorKind, Loaded, SaveNote, SaveOptions, SavedFile, fs::Fs,
    },
    format::ron::{WriteOptions, write},
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

const PATH: &str = "/d/a.txt.annotations.ron";
const STATE: &str = "/s";

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// A small set that differs from others by its title.
fn titled(title: &str) -> AnnotationSet {
    let text = source("We never built a back door.\n");
    let mut set = AnnotationSet::new(Article::describe(&text, "a.txt", "UTF-8"));
    set.tags = Default::default();
    set.article.title = title.to_owned();
    set
}

fn written(title: &str) -> Vec<u8> {
    write(&titled(title), WriteOptions::default()).into_bytes()
}

fn disk(fs: Arc<dyn Fs>) -> Disk {
    Disk::new(fs, Some(STATE.into())).with_clock(|| time("2026-03-01T12:00:00Z"))
}

/// What the save of a program is told to expect that has read the file a moment ago.
fn expected(fs: &MemoryFs, path: &str) -> Expected {
    match disk(Arc::new(fs.clone())).read_annotations(Path::new(path)) {
        Loaded::New => Expected::New,
        Loaded::Loaded(file) => Expected::Same(file.identity),
        Loaded::Unreadable(error) => panic!("{error}"),
    }
}

/// A save of the set titled `new` to a path.
struct Save {
    name: &'static str,
    limits: Limits,
    path: &'static str,
    /// Where the file itself is, behind a link.
    target: &'static str,
    /// The version that is there, by its title.
    old: Option<&'static str>,
    /// What another program wrote there after we had read it.
    theirs: Option<&'static str>,
    /// Earlier versions there are already.
    n_earlier: usize,
    keep_original_as: Option<String>,
}

impl Default for Save {
    fn default() -> Self {
        Self {
            name: "second save",
            limits: Limits::default(),
            path: PATH,
            target: PATH,
            old: Some("old"),
            theirs: None,
            n_earlier: 0,
            keep_original_as: None,
        }
    }
}

/// Every way a save can go.
fn saves() -> Vec<Save> {
    let no_exchange = || Limits {
        no_exchange: true,
        ..Limits::default()
    };
    vec![
        Save {
            name: "first save",
            old: None,
            ..Save::default()
        },
        Save {
            name: "first save where a rename replaces",
            old: None,
            limits: Limits {
                no_rename_new: true,
                ..Limits::default()
            },
            ..Save::default()
        },
        Save::default(),
        Save {
            name: "second save where names cannot be traded",
            limits: no_exchange(),
            ..Save::default()
        },
        Save {
            name: "second save where a file has one name",
            limits: Limits {
                no_links: true,
                ..no_exchange()
            },
            keep_original_as: Some(".v1.bak".to_owned()),
            ..Save::default()
        },
        Save {
            name: "second save of a file mounted by itself",
            limits: Limits {
                mounted: Some(PATH.into()),
                ..Limits::default()
            },
            keep_original_as: Some(".v1.bak".to_owned()),
            ..Save::default()
        },
        Save {
            name: "save through a link",
            path: "/d/link.ron",
            target: "/elsewhere/real.ron",
            ..Save::default()
        },
        Save {
            name: "save over what another program wrote",
            theirs: Some("their"),
            ..Save::default()
        },
        Save {
            name: "save that thins the earlier versions",
            n_earlier: 12,
            ..Save::default()
        },
    ]
}

impl Save {
    /// The disk before, with the file as this program read it.
    fn prepare(&self) -> (MemoryFs, Expected) {
        let fs = MemoryFs::new(self.limits.clone());
        fs.plant("/d/a.txt", b"We never built a back door.\n");
        fs.plant("/d/.notes.tmp", b"somebody's");
        fs.plant("/d/.sourcemark-notes.tmp", b"somebody's");
        if self.path != self.target {
            fs.plant("/elsewhere/other.txt", b"somebody's");
            fs.plant_link(self.path, self.target);
        }
        let mut expected_file = Expected::New;
        if let Some(old) = self.old {
            for n in 0..self.n_earlier {
                fs.plant(self.target, &written(&format!("earlier {n}")));
                let expected = expected(&fs, self.path);
                let set = titled(&format!("earlier {}", n + 1));
                disk(Arc::new(fs.clone()))
                    .save_annotations(
                        Path::new(self.path),
                        &set,
                        &expected,
                        &SaveOptions::default(),
                    )
                    .unwrap();
            }
            fs.plant(self.target, &written(old));
            expected_file = expected(&fs, self.path);
        }
        if let Some(theirs) = self.theirs {
            fs.plant(self.target, &written(theirs));
        }
        (fs, expected_file)
    }

    fn run(&self, fs: Arc<dyn Fs>, expected: &Expected) -> Result<SavedFile, FileError> {
        let options = SaveOptions {
            keep_original_as: self.keep_original_as.clone(),
            ..SaveOptions::default()
        };
        disk(fs).save_annotations(Path::new(self.path), &titled("new"), expected, &options)
    }

    /// Holds the promises to the files before and after, and to what was said.
    #[track_caller]
    fn check(&self, before: &Files, after: &Files, result: &Result<SavedFile, FileError>) {
        let name = self.name;
        let target = Path::new(self.target);
        let (old, new) = (before.get(target), written("new"));
        let found = after.get(target);
        match result {
            Ok(saved) => {
                assert_eq!(found, Some(&new), "{name}: said to be saved");
                assert_eq!(saved.identity.len, new.len() as u64);
            }
            Err(error) => {
                let kept = match &error.kind {
                    FileErrorKind::Torn { kept } => Some(kept),
                    _ => None,
                };
                let is_whole = found == old || found == Some(&new);
                let is_kept = kept.is_some_and(|kept| after.get(kept) == old);
                assert!(is_kept || kept.is_none() && is_whole, "{name}: {error}");
                let said = error.to_string();
                assert!(said.starts_with("cannot save the annotations: "), "{said}");
            }
        }
        for (path, content) in before {
            let is_backup = path.starts_with(STATE);
            match after.get(path) {
                _ if path == target => {}
                Some(now) => assert!(now == content, "{name}: {} was changed", path.display()),
                // Only what was saved costs an earlier version; those that stay may have another name.
                None => {
                    let is_there = after.values().any(|other| other == content);
                    let may_go = is_backup && (result.is_ok() || is_there);
                    assert!(may_go, "{name}: {} was removed", path.display());
                }
            }
        }
        for (path, content) in after {
            let is_original = self.keep_original_as.is_some()
                && path.as_os_str() == &*format!("{}.v1.bak", self.target);
            // A version that could not be compared, or that another program wrote.
            let is_displaced = result.as_ref().is_ok_and(|saved| {
                saved
                    .notes
                    .contains(&SaveNote::Displaced { kept: path.clone() })
            });
            let is_expected = before.contains_key(path)
                || path == target
                || path.starts_with("/s/locks")
                || is_displaced && Some(content) == old
                || is_temporary(path)
                || (is_original || is_backup(path)) && Some(content) == old;
            assert!(is_expected, "{name}: {} is left", path.display());
        }
    }
}

/// Whether a file has a temporary name of this program.
fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_string_lossy();
    name.starts_with(".sourcemark-") && (name.ends_with(".tmp") || name.ends_with(".part"))
}

fn is_backup(path: &Path) -> bool {
    path.starts_with("/s/backups") && path.extension().is_some_and(|end| end == "ron")
}
