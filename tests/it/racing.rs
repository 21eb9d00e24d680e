//! Commands that save one file at once, and what they say of what others have left.

use crate::support::{
    faulty_fs::{Fault, FaultyFs},
    memory_fs::{Limits, MemoryFs},
    sets::full_set,
};
use sourcemark::{
    annotation::Timestamp,
    cli::{self, Env, Exit, Outcome},
    files::{
        Disk, Expected, FileErrorKind, Loaded, SaveOptions, SystemClock, SystemIds,
        annotations_beside, conflict_copies,
        fs::{Fs, RealFs},
        read_annotations,
    },
    format::ron::{WriteOptions, write},
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Barrier},
    thread,
    time::Duration,
};
use tempfile::TempDir;

const WORDS: [&str; 8] = [
    "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel",
];

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let article = folder.path().join("a.txt");
    fs::write(&article, WORDS.join(" ")).unwrap();
    (folder, article)
}

/// Runs a command on a disk; returns how it ended and what it said.
fn run(disk: Disk, args: &[&str]) -> (Exit, String, String) {
    let mut env = Env {
        now: SystemClock.now(),
        ids: Box::new(SystemIds),
        creator: None,
        settings_folder: None,
        user_name: || None,
        disk,
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = ["sourcemark"].iter().chain(args).map(Into::into);
    match cli::run(args, &mut out, &mut err, &mut env) {
        Outcome::Exit(exit) => (
            exit,
            String::from_utf8(out).unwrap(),
            String::from_utf8(err).unwrap(),
        ),
        Outcome::OpenWindow(paths) => panic!("{paths:?}"),
    }
}

fn tag(disk: Disk, article: &Path, word: &str) -> (Exit, String, String) {
    let article = article.to_str().unwrap();
    let args = [
        "tag",
        article,
        "--creator",
        "Ana",
        "--as",
        "denial",
        "--quote",
        word,
    ];
    run(disk, &args)
}

fn quotes(path: &Path) -> Vec<String> {
    let Loaded::Loaded(file) = read_annotations(path) else {
        panic!("it cannot be read");
    };
    let all = file.set.annotations.values();
    let mut quotes: Vec<String> = all.map(|annotation| annotation.quote()).collect();
    quotes.sort();
    quotes
}

#[test]
fn of_commands_at_once_none_is_refused_and_none_lost() {
    let (folder, article) = folder();
    let start = Barrier::new(WORDS.len());
    thread::scope(|threads| {
        for (n, word) in WORDS.iter().enumerate() {
            // Two people, each with their own folder for what is under way.
            let state = folder.path().join(format!("state{}", n % 2));
            let (start, article) = (&start, &article);
            threads.spawn(move || {
                let disk = Disk::new(Arc::new(RealFs), Some(state));
                start.wait();
                let (exit, out, err) = tag(disk, article, word);
                assert_eq!((exit, err.as_str()), (Exit::Done, ""), "{word}");
                assert_eq!(out.lines().count(), 1, "{out}");
            });
        }
    });
    let path = annotations_beside(&article);
    assert_eq!(quotes(&path), WORDS);
    assert_eq!(conflict_copies(&path), []);
    let left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('.'))
        .collect();
    assert_eq!(left, [""; 0]);
}

#[test]
fn a_command_that_was_overtaken_works_on_what_is_there_then() {
    let mut n_copies = 0;
    for n_before in 0.. {
        let (folder, article) = folder();
        let path = annotations_beside(&article);
        let state = Some(folder.path().join("state"));
        let plain = Disk::new(Arc::new(RealFs), state.clone());
        assert_eq!(tag(plain, &article, "alpha").0, Exit::Done);
        let there = path.clone();
        // A program that asks for no lock.
        let their_save = move || {
            let Loaded::Loaded(file) = read_annotations(&there) else {
                return;
            };
            let mut set = file.set;
            set.article.title = "their title".to_owned();
            let new = there.with_extension("new");
            fs::write(&new, write(&set, WriteOptions::default())).unwrap();
            fs::rename(&new, &there).unwrap();
        };
        let fault = Fault::Meanwhile(Arc::new(their_save));
        let faulty = FaultyFs::new(Arc::new(RealFs), n_before, fault);
        let disk = Disk::new(Arc::new(faulty.clone()), state);
        let (exit, _, err) = tag(disk, &article, "bravo");
        assert_eq!(exit, Exit::Done, "{n_before}: {err}");
        if !faulty.is_injected() {
            assert!(n_before > 20 && n_copies > 0);
            break;
        }
        assert_eq!(quotes(&path), ["alpha", "bravo"], "{n_before}");
        let Loaded::Loaded(file) = read_annotations(&path) else {
            panic!("it cannot be read");
        };
        // In the very moment of the save, their version is beside it, and that is said.
        let copies = conflict_copies(&path);
        let is_in = file.set.article.title == "their title";
        assert_eq!(is_in, copies.is_empty(), "{n_before}: {err}");
        assert_eq!(err.contains("at the same time"), !is_in, "{err}");
        for copy in copies {
            let Loaded::Loaded(theirs) = read_annotations(&copy.path) else {
                panic!("it cannot be read");
            };
            assert_eq!(theirs.set.article.title, "their title");
            n_copies += 1;
        }
    }
}

#[test]
fn who_waits_too_long_is_told() {
    let memory = MemoryFs::new(Limits::default());
    memory.plant("/d/a.txt", b"a");
    let disk = Disk::new(Arc::new(memory.clone()), Some("/s".into()));
    let other = memory
        .lock_existing(Path::new("/d"), Duration::ZERO)
        .unwrap();
    let path = Path::new("/d/a.txt.annotations.ron");
    let save = || disk.save_annotations(path, &full_set(), &Expected::New, &SaveOptions::default());
    let error = save().unwrap_err();
    assert!(matches!(error.kind, FileErrorKind::SaveUnderWay), "{error}");
    assert!(memory.content("/d/a.txt.annotations.ron").is_none());
    drop(other);
    save().unwrap();
}

#[test]
fn a_folder_that_is_locked_stays_open_to_who_holds_it() {
    let memory = MemoryFs::new(Limits::default());
    memory.plant("/d/a.txt", b"a");
    let disk = Disk::new(Arc::new(memory), Some("/s".into()));
    let locked = disk.locked(Path::new("/d/a.txt.annotations.ron")).unwrap();
    for name in ["a", "b"] {
        let path = PathBuf::from(format!("/d/{name}.txt.annotations.ron"));
        let save = |disk: &Disk| {
            disk.save_annotations(&path, &full_set(), &Expected::New, &SaveOptions::default())
        };
        assert!(save(&disk).is_err(), "{name}");
        save(&locked).unwrap();
    }
}

#[test]
fn commands_clear_away_what_was_left_and_say_what_nobody_knows() {
    let (folder, article) = folder();
    let path = annotations_beside(&article);
    let state = Some(folder.path().join("state"));
    let later = SystemClock.now().unix_seconds() + 25 * 3600;
    let disk = || {
        let disk = Disk::new(Arc::new(RealFs), state.clone());
        disk.with_clock(move || Timestamp::from_unix_seconds(later))
    };
    assert_eq!(tag(disk(), &article, "alpha").0, Exit::Done);
    let key = blake3::hash(b"a.txt.annotations.ron").to_hex();
    let hash = "0".repeat(16);
    let leave = || {
        let traded = format!(
            ".sourcemark-1-00000000dddddddd-{}-{hash}-{hash}.tmp",
            &key[..16]
        );
        fs::write(folder.path().join(traded), "<<<<<<< theirs").unwrap();
        let unfinished = folder.path().join(".sourcemark-1-00000000eeeeeeee.part");
        fs::write(unfinished, "half").unwrap();
    };
    let article_name = article.to_str().unwrap();
    for (args, exit) in [
        (vec!["list", article_name], Exit::Done),
        (vec!["untag", article_name, "--quote", "alpha"], Exit::Done),
        (vec!["check", article_name], Exit::Differences),
    ] {
        leave();
        let (found, out, err) = run(disk(), &args);
        assert_eq!(found, exit, "{args:?}: {err}");
        assert!(err.contains("is kept as a conflict copy: `"), "{err}");
        let copies = conflict_copies(&path);
        assert_eq!(copies.len(), 1, "{args:?}");
        let name = copies[0].path.file_name().unwrap().to_str().unwrap();
        if args[0] == "check" {
            assert!(out.contains(name), "{out}");
        }
        assert_eq!(
            fs::read_to_string(&copies[0].path).unwrap(),
            "<<<<<<< theirs"
        );
        fs::remove_file(&copies[0].path).unwrap();
        let left = fs::read_dir(folder.path()).unwrap();
        let left = left.filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_string_lossy().starts_with('.')
        });
        assert_eq!(left.count(), 0, "{args:?}");
    }
}

#[test]
fn a_limit_of_the_session_is_told_and_harms_nothing() {
    let (folder, article) = folder();
    let path = annotations_beside(&article);
    let program = env!("CARGO_BIN_EXE_sourcemark");
    let tag = |before: &str, word: &str| {
        let output = Command::new("sh")
            .arg("-c")
            .arg(format!("{before} exec \"$@\""))
            .args(["sh", program, "tag", article.to_str().unwrap()])
            .args(["--creator", "Ana", "--as", "denial", "--quote", word])
            .env("XDG_STATE_HOME", folder.path().join("state"))
            .env("XDG_CONFIG_HOME", folder.path().join("config"))
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    assert_eq!(tag("", "alpha"), (Some(0), String::new()));
    let before = fs::read(&path).unwrap();
    let (code, said) = tag("ulimit -f 1;", "bravo");
    assert_eq!(code, Some(3), "{said}");
    assert!(
        said.contains("larger than this session or disk allows"),
        "{said}"
    );
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(tag("", "bravo"), (Some(0), String::new()));
}
