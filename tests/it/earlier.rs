//! What a save replaces is kept for a while, whatever the clock says.

use crate::support::{
    memory_fs::{Limits, MemoryFs},
    sets::full_set,
};
use sourcemark::{
    annotation::{AnnotationSet, Timestamp},
    files::{
        Disk, Expected, FileErrorKind, Loaded, SaveOptions, SavedFile, annotations_beside, fs::Fs,
    },
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

const PATH: &str = "/d/a.txt.annotations.ron";

/// A disk in memory with an article, and a program that saves its annotations.
struct Desk {
    memory: MemoryFs,
    disk: Disk,
    expected: Expected,
}

impl Desk {
    fn new(limits: Limits) -> Self {
        let memory = MemoryFs::new(limits);
        memory.create_folder(Path::new("/d")).unwrap();
        let disk = Disk::new(Arc::new(memory.clone()), Some("/s".into()));
        Self {
            disk: disk.with_clock(|| Timestamp::from_unix_seconds(0)),
            memory,
            expected: Expected::New,
        }
    }

    /// Saves a set with this title, at noon of this day by the clock of then.
    fn save(&mut self, title: &str, day: &str) {
        let noon = Timestamp::parse(&format!("{day}T12:00:00Z")).unwrap();
        self.memory
            .set_clock(noon.unix_seconds().try_into().unwrap());
        let saved = self.try_save(title).unwrap();
        assert_eq!(saved.notes, []);
        self.expected = Expected::Same(saved.identity);
    }

    fn try_save(&self, title: &str) -> Result<SavedFile, FileErrorKind> {
        let options = SaveOptions::default();
        let saved =
            self.disk
                .save_annotations(Path::new(PATH), &titled(title), &self.expected, &options);
        saved.map_err(|error| error.kind)
    }

    /// The titles and days of the versions that are kept, the latest first.
    fn kept(&self) -> Vec<(String, String)> {
        let versions = self.disk.earlier_versions(Path::new(PATH)).unwrap();
        let kept = versions.iter().map(|version| {
            let file = self.disk.read_version(version).unwrap();
            assert_eq!(file.identity.len, version.size);
            (file.set.article.title, version.saved.date())
        });
        kept.collect()
    }

    fn backups(&self) -> Vec<PathBuf> {
        let files = self.memory.files().into_keys();
        files
            .filter(|path| path.starts_with("/s/backups"))
            .collect()
    }
}

fn titled(title: &str) -> AnnotationSet {
    let mut set = full_set();
    set.article.title = title.to_owned();
    set
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(title, day): &(&str, &str)| ((*title).to_owned(), (*day).to_owned());
    expected.iter().map(owned).collect()
}

#[test]
fn what_was_replaced_can_be_read_again() {
    for no_links in [false, true] {
        let mut desk = Desk::new(Limits {
            no_links,
            ..Limits::default()
        });
        desk.save("one", "2026-03-01");
        assert_eq!(desk.kept(), []);
        desk.save("two", "2026-03-02");
        desk.save("three", "2026-03-03");
        assert_eq!(
            desk.kept(),
            pairs(&[("two", "2026-03-02"), ("one", "2026-03-01")])
        );
        // Even when the file is gone.
        desk.memory.remove(Path::new(PATH)).unwrap();
        assert_eq!(desk.kept().len(), 2);
    }
}

#[test]
fn the_same_content_is_kept_once() {
    let mut desk = Desk::new(Limits::default());
    for (title, day) in [
        ("one", "2026-03-01"),
        ("two", "2026-03-02"),
        ("one", "2026-03-03"),
    ] {
        desk.save(title, day);
    }
    desk.save("three", "2026-03-04");
    // Going back and forth, it is the latest again.
    assert_eq!(
        desk.kept(),
        pairs(&[("one", "2026-03-03"), ("two", "2026-03-02")])
    );
}

#[test]
fn a_clock_that_jumps_hides_and_removes_nothing() {
    let mut desk = Desk::new(Limits::default());
    let days = [
        "2026-03-01",
        "2026-03-02",
        "1970-01-01",
        "2100-01-01",
        "2026-03-03",
        "2026-02-01",
    ];
    for (idx, day) in days.iter().enumerate() {
        desk.save(&format!("{idx}"), day);
    }
    for idx in 0..12 {
        desk.save(&format!("later {idx}"), "1970-01-01");
    }
    let kept = desk.kept();
    let titles: Vec<&str> = kept.iter().map(|(title, _)| title.as_str()).collect();
    let mut expected: Vec<String> = (1..11).rev().map(|idx| format!("later {idx}")).collect();
    expected.extend((0..6).rev().map(|idx| idx.to_string()));
    assert_eq!(titles, expected);
}

#[test]
fn what_is_not_the_file_that_was_read_is_neither_replaced_nor_kept() {
    let mut desk = Desk::new(Limits::default());
    desk.save("one", "2026-03-01");
    desk.memory.plant(PATH, b"(damaged");
    assert!(matches!(
        desk.try_save("two"),
        Err(FileErrorKind::ChangedOnDisk(_))
    ));
    assert_eq!(desk.backups(), [""; 0].map(PathBuf::from));
    assert!(matches!(
        desk.disk.read_annotations(Path::new(PATH)),
        Loaded::Unreadable(_)
    ));
}

#[test]
fn a_version_that_was_damaged_says_so() {
    let mut desk = Desk::new(Limits::default());
    for (title, day) in [("one", "2026-03-01"), ("two", "2026-03-02")] {
        desk.save(title, day);
    }
    let path = desk.backups().remove(0);
    let path = path.to_str().unwrap();
    let text = String::from_utf8(desk.memory.content(path).unwrap()).unwrap();
    desk.memory.plant(
        path,
        text.replace("Example Weekly", "Another Weekly").as_bytes(),
    );
    let version = desk
        .disk
        .earlier_versions(Path::new(PATH))
        .unwrap()
        .remove(0);
    let error = desk.disk.read_version(&version).unwrap_err();
    assert!(
        matches!(error.kind, FileErrorKind::DamagedVersion),
        "{error}"
    );
    desk.memory.plant(path, b"(");
    assert!(desk.disk.read_version(&version).is_err());
}

#[test]
fn what_others_put_there_stays() {
    let mut desk = Desk::new(Limits::default());
    desk.save("one", "2026-03-01");
    desk.save("two", "2026-03-02");
    let folder = desk.backups()[0]
        .parent()
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    let theirs = [
        format!("{folder}/notes.ron"),
        "/s/backups/read me.txt".to_owned(),
    ];
    for path in &theirs {
        desk.memory.plant(path, b"mine");
    }
    for idx in 0..30 {
        desk.save(&format!("{idx}"), "2026-03-03");
    }
    // Ten, and the last of the two days before.
    assert_eq!(desk.kept().len(), 12);
    for path in theirs {
        assert_eq!(desk.memory.content(&path).as_deref(), Some(&b"mine"[..]));
    }
}

#[test]
fn on_a_real_disk_links_lead_to_the_same_versions() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let disk = Disk::new(Arc::new(sourcemark::files::fs::RealFs), Some(at("state")));
    let path = annotations_beside(&at("a.txt"));
    let options = SaveOptions::default();
    let mut expected = Expected::New;
    for title in ["one", "two"] {
        let saved = disk
            .save_annotations(&path, &titled(title), &expected, &options)
            .unwrap();
        assert_eq!(saved.notes, []);
        expected = Expected::Same(saved.identity);
    }
    std::os::unix::fs::symlink(&path, at("link.ron")).unwrap();
    let versions = disk.earlier_versions(&at("link.ron")).unwrap();
    assert_eq!(versions, disk.earlier_versions(&path).unwrap());
    assert_eq!(disk.read_version(&versions[0]).unwrap().set, titled("one"));
    // Only for their owner.
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(at("state").join("backups"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o077, 0);
}
