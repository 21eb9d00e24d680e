//! Temporary files that killed programs left: every command that saves removes them, and none of a program that runs.

use crate::{faults::leftovers::temporary_names, support::desk::Desk};
use sourcemark::{
    cli::Exit,
    files::{Disk, fs::RealFs},
};
use std::{fs, sync::Arc};

/// A command that saves, and the folder in which it saves.
type Case = (&'static [&'static str], &'static str);

const CASES: [Case; 10] = [
    (
        &[
            "tag",
            "@a/new.txt",
            "--quote",
            "denied",
            "--as",
            "denial",
            "--creator",
            "Ana",
        ],
        "a",
    ),
    (&["untag", "@a/a.txt", "--quote", "denied"], "a"),
    (
        &["edit", "@a/a.txt", "--quote", "denied", "--note", "Why?"],
        "a",
    ),
    (&["fmt", "@a/a.txt"], "a"),
    (
        &[
            "reanchor",
            "@a/a.txt.annotations.ron",
            "--to",
            "@b/a.txt",
            "-o",
            "@out/new.ron",
        ],
        "out",
    ),
    (
        &[
            "merge",
            "--no-base",
            "@a/a.txt",
            "@b/a.txt",
            "-o",
            "@out/both.ron",
        ],
        "out",
    ),
    (&["salvage", "@a/a.txt", "-o", "@out/copy.ron"], "out"),
    (&["collection", "@a", "-o", "@collection.ron"], ""),
    (
        &[
            "settle",
            "@a",
            "@b",
            "-o",
            "@out/agreed.ron",
            "--creator",
            "Ana",
        ],
        "out",
    ),
    (&["unify", "@a/a.txt", "--same-names"], "a"),
];

#[test]
fn a_save_removes_what_dead_programs_left_and_nothing_of_living_ones() {
    for (command, folder) in CASES {
        let desk = Desk::new();
        let state = desk.path("state");
        desk.set_up(|env| env.disk = Disk::new(Arc::new(RealFs), Some(state)));
        for (folder, creator) in [("a", "Ana"), ("b", "Ben"), ("out", "")] {
            fs::create_dir(desk.path(folder)).unwrap();
            if creator.is_empty() {
                continue;
            }
            let article = format!("@{folder}/a.txt");
            fs::write(desk.path(&article[1..]), "He denied it.").unwrap();
            let args = ["--quote", "denied", "--as", "denial", "--creator", creator];
            let said = desk.run(&[&["tag", &article], &args[..]].concat());
            assert_eq!(said.exit, Exit::Done, "{}", said.err);
        }
        fs::write(desk.path("a/new.txt"), "She denied it.").unwrap();
        // As an editor leaves it, so that `fmt` has something to write.
        let file = desk.path("a/a.txt.annotations.ron");
        let written = fs::read_to_string(&file).unwrap();
        fs::write(&file, written.replace("article: (", "article:  (")).unwrap();
        let of = |pid: u32| desk.path(folder).join(temporary_names(pid).0);
        let (dead, first, own) = (of(u32::MAX), of(1), of(std::process::id()));
        for path in [&dead, &first, &own] {
            fs::write(path, "half a ").unwrap();
        }
        let said = desk.run(command);
        assert_ne!(said.exit, Exit::Failed, "{command:?}: {}", said.err);
        assert_ne!(said.exit, Exit::Usage, "{command:?}: {}", said.err);
        let left = [&dead, &first, &own].map(|path| path.exists());
        assert_eq!(left, [false, true, true], "{command:?}");
    }
}
