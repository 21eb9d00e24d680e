//! Others who have the same file open, changed it, or left something beside it.

use crate::support::sets::full_set;
use sourcemark::{
    annotation::{AnnotationSet, Timestamp},
    files::{
        Changed, ConflictKind, Disk, Expected, Identity, Loaded, LockOutcome, Look, SaveNote,
        SaveOptions, SystemClock, annotations_beside, conflict_copies, fs::RealFs,
        save_annotations,
    },
};
use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
};
use tempfile::TempDir;

/// A folder with an annotation file.
struct Desk {
    folder: TempDir,
    path: PathBuf,
    identity: Identity,
    disk: Disk,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = annotations_beside(&folder.path().join("a.txt"));
        let saved = save_annotations(&path, &full_set(), Expected::New, false).unwrap();
        let state = folder.path().join("state");
        Self {
            disk: Disk::new(Arc::new(RealFs), Some(state)),
            identity: saved.identity,
            folder,
            path,
        }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn is_held(&self, path: &Path) -> bool {
        matches!(self.disk.lock(path, "Ben").unwrap(), LockOutcome::Held(_))
    }
}

#[test]
fn the_second_is_told_who_the_first_is() {
    let desk = Desk::new();
    let LockOutcome::Held(first) = desk.disk.lock(&desk.path, "Ana “A” \n Müller").unwrap()
    else {
        panic!("nobody has it");
    };
    let LockOutcome::Other(holder) = desk.disk.lock(&desk.path, "Ben").unwrap() else {
        panic!("Ana has it");
    };
    assert_eq!(holder.name, "Ana “A” \n Müller");
    assert_eq!(holder.pid, Some(std::process::id()));
    assert!(holder.since.is_some());
    drop(first);
    assert!(desk.is_held(&desk.path));
}

#[test]
fn two_names_of_one_file_meet() {
    let desk = Desk::new();
    symlink(&desk.path, desk.at("link.ron")).unwrap();
    fs::hard_link(&desk.path, desk.at("hard.ron")).unwrap();
    fs::create_dir(desk.at("b")).unwrap();
    let roundabout = desk.at("b").join("..").join(desk.path.file_name().unwrap());
    let first = desk.disk.lock(&desk.path, "Ana").unwrap();
    for other in [desk.at("link.ron"), desk.at("hard.ron"), roundabout] {
        match desk.disk.lock(&other, "Ben").unwrap() {
            LockOutcome::Other(holder) => assert_eq!(holder.name, "Ana", "{}", other.display()),
            outcome => panic!("{}: {outcome:?}", other.display()),
        }
    }
    // They are names of one file still when it was saved.
    let expected = Expected::Same(desk.identity.clone());
    let options = SaveOptions::default();
    desk.disk
        .save_annotations(&desk.path, &full_set(), &expected, &options)
        .unwrap();
    assert!(!desk.is_held(&desk.at("hard.ron")));
    assert!(!desk.is_held(&desk.at("link.ron")));
    drop(first);
}

/// A set that differs from others by its title.
fn titled(title: &str) -> AnnotationSet {
    let mut set = full_set();
    set.article.title = title.to_owned();
    set
}

#[test]
fn two_names_of_one_file_have_each_save() {
    let desk = Desk::new();
    fs::create_dir(desk.at("b")).unwrap();
    let other = desk.at("b").join("second.ron");
    fs::hard_link(&desk.path, &other).unwrap();
    let mut identity = desk.identity.clone();
    for (path, title) in [(&desk.path, "one"), (&other, "two"), (&desk.path, "three")] {
        let expected = Expected::Same(identity);
        let options = SaveOptions::default();
        let saved = desk
            .disk
            .save_annotations(path, &titled(title), &expected, &options)
            .unwrap();
        assert_eq!(saved.notes, [SaveNote::HardLinked]);
        assert_eq!(fs::read(&desk.path).unwrap(), fs::read(&other).unwrap());
        let Loaded::Loaded(file) = desk.disk.read_annotations(&other) else {
            panic!("{title} cannot be read");
        };
        assert_eq!(file.set.article.title, title);
        identity = saved.identity;
    }
    // What was kept before is not written through its name.
    let versions = desk.disk.earlier_versions(&desk.path).unwrap();
    let titles: Vec<String> = versions
        .iter()
        .map(|version| desk.disk.read_version(version).unwrap().set.article.title)
        .collect();
    assert_eq!(titles, ["two", &full_set().article.title]);
    let names = fs::read_dir(desk.folder.path()).unwrap();
    let left = names.filter(|name| {
        let name = name.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with(".sourcemark-")
    });
    assert_eq!(left.count(), 0);
}

#[test]
fn a_file_that_is_not_there_yet_can_be_held() {
    let desk = Desk::new();
    let path = desk.at("new.annotations.ron");
    let first = desk.disk.lock(&path, "Ana").unwrap();
    assert!(matches!(first, LockOutcome::Held(_)));
    save_annotations(&path, &full_set(), Expected::New, false).unwrap();
    assert!(!desk.is_held(&path));
    assert!(
        desk.disk
            .lock(&desk.at("nowhere").join("a.ron"), "Ana")
            .is_err()
    );
    let outcome = Disk::plain().lock(&path, "Ana").unwrap();
    assert!(matches!(outcome, LockOutcome::Unavailable(_)));
}

/// Variable that names the state folder and the file to the child below.
const HOLD: &str = "SOURCEMARK_TEST_HOLD";

/// Started by the test below as a process of its own; does nothing otherwise.
#[test]
fn holds_a_lock_when_told() {
    let Ok(told) = std::env::var(HOLD) else {
        return;
    };
    let (state, path) = told.split_once('|').unwrap();
    let disk = Disk::new(Arc::new(RealFs), Some(state.into()));
    let outcome = disk.lock(Path::new(path), "Ana").unwrap();
    eprintln!("{outcome:?}");
    // Until it is killed, or nobody waits for it any more.
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

#[test]
fn a_lock_ends_with_its_process() {
    let desk = Desk::new();
    let told = format!("{}|{}", desk.at("state").display(), desk.path.display());
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sharing::holds_a_lock_when_told", "--nocapture"])
        .env(HOLD, told)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stderr.take().unwrap());
    let held = said
        .lines()
        .map(Result::unwrap)
        .find(|line| line.contains("Held"));
    assert!(held.is_some());
    match desk.disk.lock(&desk.path, "Ben").unwrap() {
        LockOutcome::Other(holder) => assert_eq!(holder.pid, Some(child.id())),
        outcome => panic!("{outcome:?}"),
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(desk.is_held(&desk.path));
}

#[test]
fn a_look_sees_what_others_did() {
    let desk = Desk::new();
    let look = |known: Option<&Identity>| match desk.disk.look(&desk.path, known) {
        Look::Same => None,
        Look::Changed(how) => Some(how),
        Look::Unknown(error) => panic!("{error}"),
    };
    let known = Some(&desk.identity);
    assert_eq!(look(known), None);
    assert_eq!(look(None), Some(Changed::Appeared));

    // The same bytes at another time.
    let written = fs::read_to_string(&desk.path).unwrap();
    fs::write(&desk.path, &written).unwrap();
    assert_eq!(look(known), None);

    // The same length, and the time set back.
    fs::write(
        &desk.path,
        written.replace("Example Weekly", "Another Weekly"),
    )
    .unwrap();
    let file = fs::File::options().write(true).open(&desk.path).unwrap();
    file.set_modified(desk.identity.modified.unwrap()).unwrap();
    assert_eq!(look(known), Some(Changed::Content));

    fs::remove_file(&desk.path).unwrap();
    assert_eq!(look(known), Some(Changed::Gone));
    assert_eq!(look(None), None);
    let nowhere = desk.at("nowhere").join("a.ron");
    assert!(matches!(desk.disk.look(&nowhere, known), Look::Unknown(_)));
}

#[test]
fn copies_are_found_and_articles_of_their_own_are_none() {
    let desk = Desk::new();
    for name in [
        "a.txt",
        "a (1).txt",
        "a (1).txt.annotations.ron",
        "a (2).txt.annotations.ron",
        "a.txt (1).annotations.ron",
        "a.txt.annotations (Ana's conflicted copy 2026-03-01).ron",
        "a.txt.annotations-DESKTOP-1.ron",
        "a.sync-conflict-20260301-120000-ABCDEFG.txt.annotations.ron",
        "b (1).txt.annotations.ron",
    ] {
        fs::write(desk.at(name), "").unwrap();
    }
    let found: Vec<(String, ConflictKind)> = conflict_copies(&desk.path)
        .into_iter()
        .map(|copy| {
            let name = copy
                .path
                .file_name()
                .unwrap()
                .to_string_lossy()
                .into_owned();
            (name, copy.kind)
        })
        .collect();
    let expected = [
        ("a (2).txt.annotations.ron", ConflictKind::Numbered),
        (
            "a.sync-conflict-20260301-120000-ABCDEFG.txt.annotations.ron",
            ConflictKind::Syncthing,
        ),
        ("a.txt (1).annotations.ron", ConflictKind::Numbered),
        (
            "a.txt.annotations (Ana's conflicted copy 2026-03-01).ron",
            ConflictKind::Conflicted,
        ),
        ("a.txt.annotations-DESKTOP-1.ron", ConflictKind::Computer),
    ];
    assert_eq!(found, expected.map(|(name, kind)| (name.to_owned(), kind)));
}

#[test]
fn leftovers_of_other_machines_go_by_age() {
    let desk = Desk::new();
    let name = blake3::hash(b"a.txt.annotations.ron").to_hex();
    let traded = format!(
        ".sourcemark-1-00000000dddddddd-{}-{}-{}.tmp",
        &name[..16],
        "0".repeat(16),
        "1".repeat(16)
    );
    let others = [
        (".sourcemark-1-00000000aaaaaaaa.part", "half a f", false),
        (".sourcemark-1-00000000bbbbbbbb.tmp", "", false),
        // Nobody knows what it holds: earlier versions of the program gave such names to all kinds.
        (".sourcemark-1-00000000bbbbbbbc.tmp", "half a f", true),
        (".sourcemark-1-00000000aaaaaaaa.part.txt", "notes", true),
        (".sourcemark-notes.tmp", "notes", true),
        ("a.tmp", "notes", true),
        (&traded, "<<<<<<< their version", false),
    ];
    for (name, content, _) in others {
        fs::write(desk.at(name), content).unwrap();
    }
    // Folders are nobody's leftovers.
    fs::create_dir(desk.at(".sourcemark-1-00000000cccccccc.part")).unwrap();
    let read_after = |hours: i64| {
        let later = SystemClock.now().unix_seconds() + hours * 3600;
        let disk = desk.disk.clone();
        let disk = disk.with_clock(move || Timestamp::from_unix_seconds(later));
        assert!(matches!(
            disk.read_annotations(&desk.path),
            Loaded::Loaded(_)
        ));
    };
    read_after(23);
    for (name, _, _) in others {
        assert!(desk.at(name).exists(), "{name}");
    }
    read_after(25);
    for (name, _, stays) in others {
        assert_eq!(desk.at(name).exists(), stays, "{name}");
    }
    assert!(desk.at(".sourcemark-1-00000000cccccccc.part").is_dir());
    let copies = conflict_copies(&desk.path);
    assert_eq!(copies.len(), 1);
    let theirs = fs::read_to_string(&copies[0].path).unwrap();
    assert_eq!(theirs, "<<<<<<< their version");
    assert_eq!(desk.disk.earlier_versions(&desk.path).unwrap(), []);
}
