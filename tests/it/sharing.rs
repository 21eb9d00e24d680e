//! Others who have the same file open, changed it, or left something beside it.

use crate::support::sets::full_set;
use sourcemark::files::{
    Changed, ConflictKind, Disk, Expected, Identity, Loaded, LockOutcome, Look, SaveOptions,
    annotations_beside, conflict_copies, fs::RealFs, save_annotations,
};
use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, SystemTime},
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
    // A save makes a new file of one of them: they are two files now.
    let expected = Expected::Same(desk.identity.clone());
    let options = SaveOptions::default();
    desk.disk
        .save_annotations(&desk.path, &full_set(), &expected, &options)
        .unwrap();
    assert!(desk.is_held(&desk.at("hard.ron")));
    assert!(!desk.is_held(&desk.at("link.ron")));
    drop(first);
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
fn leftovers_go_by_age_and_whole_ones_are_kept_as_versions() {
    let desk = Desk::new();
    let others = [
        (".sourcemark-1-00000000aaaaaaaa.tmp", 25, false),
        (".sourcemark-1-00000000bbbbbbbb.tmp", 23, true),
        (".sourcemark-1-00000000aaaaaaaa.tmp.txt", 1_000, true),
        (".sourcemark-notes.tmp", 1_000, true),
        ("a.tmp", 1_000, true),
    ];
    let touch = |path: &Path, hours: u64| {
        let then = SystemTime::now() - Duration::from_secs(hours * 3600);
        let file = fs::File::options().write(true).open(path).unwrap();
        file.set_modified(then).unwrap();
    };
    for (name, hours, _) in others {
        fs::write(desk.at(name), "half a f").unwrap();
        touch(&desk.at(name), hours);
    }
    // Folders are nobody's leftovers.
    fs::create_dir(desk.at(".sourcemark-1-00000000cccccccc.tmp")).unwrap();
    let whole = desk.at(".sourcemark-1-00000000dddddddd.tmp");
    let mut unsaved = full_set();
    unsaved.article.file_name = "a.txt".to_owned();
    save_annotations(&whole, &unsaved, Expected::New, false).unwrap();
    touch(&whole, 25);

    assert!(matches!(
        desk.disk.read_annotations(&desk.path),
        Loaded::Loaded(_)
    ));
    for (name, _, stays) in others {
        assert_eq!(desk.at(name).exists(), stays, "{name}");
    }
    assert!(desk.at(".sourcemark-1-00000000cccccccc.tmp").is_dir() && !whole.exists());
    let versions = desk.disk.earlier_versions(&desk.path).unwrap();
    assert_eq!(versions.len(), 1);
    assert_eq!(desk.disk.read_version(&versions[0]).unwrap().set, unsaved);
}
