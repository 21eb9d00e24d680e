//! Annotation files that are deep or large, hold many records, or are no files.

use super::{Copy, Row, check_row};
use crate::bad_inputs::{
    catalogue::{LARGE, SMALL, run},
    good,
};
use std::{
    fs::{self, File},
    path::Path,
};

const HEAD: &str = "(format: \"sourcemark-annotations\", version: (1, 0), article: (file_name: \"a.txt\", hash: \"blake3:0000000000000000000000000000000000000000000000000000000000000000\"), ";

const RECORD: &str = "(id:\"01939f3a-7b1c-7000-8000-000000000001\",segments:[],creator:\"01939f3a-7b1c-7000-8000-000000000001\",created:\"2026-03-01T12:00:00Z\"),";

#[test]
fn files_that_are_deep() {
    use Copy::Of;
    let deep = "nested more than 48 deep";
    let unknown = |piece: &str, n: usize| format!("{HEAD}new: {}", piece.repeat(n)).into_bytes();
    let million = 1_000_000;
    let comments = format!("{}{}{}", "/*".repeat(million), "*/".repeat(million), good());
    let rows = [
        Row(
            "B18",
            "[".repeat(10_000_000).into_bytes(),
            3,
            "this is a file of another program",
            Copy::None,
        ),
        Row("B18 unknown", unknown("[", 10_000_000), 3, deep, Of(0, 1)),
        // 20 KB, which would overflow the stack if the limit on depth were not on.
        Row("B19", unknown("[", 20_000), 3, deep, Of(0, 1)),
        Row("B19 named", unknown("A(a:", 20_000), 3, deep, Of(0, 2)),
        Row("B19 options", unknown("Some(", 20_000), 3, deep, Of(0, 1)),
        Row(
            "B20 nested",
            comments.into_bytes(),
            1,
            "changed after Sourcemark wrote it",
            Copy::Unasked,
        ),
    ];
    rows.iter().for_each(|row| check_row(SMALL, row));
}

#[test]
fn files_that_are_large() {
    use Copy::{Of, Unasked};
    let mega = 1_000_000;
    let note = |n: usize| {
        let annotation = RECORD.replacen(
            "segments:",
            &format!("note:\"{}\",segments:", "x".repeat(n)),
            1,
        );
        format!("{HEAD}annotations: [{RECORD}{annotation}])").into_bytes()
    };
    check_row(
        LARGE,
        &Row(
            "B22",
            note(100 * mega),
            3,
            "the string has 100000000 bytes, and at most 16777216",
            Of(1, 1),
        ),
    );
    let name = format!("{HEAD}{}: 1)", "x".repeat(100 * mega)).into_bytes();
    check_row(
        LARGE,
        &Row(
            "B24",
            name,
            3,
            "xxx…` is longer than 1048576 bytes",
            Of(0, 1),
        ),
    );
    let word = format!(
        "{HEAD}agents: [(id: \"01939f3a-7b1c-7000-8000-000000000001\", kind: {})])",
        "x".repeat(20 * mega)
    )
    .into_bytes();
    check_row(LARGE, &Row("B24 word", word, 3, "xxx…", Of(0, 1)));
    let many = format!("{HEAD}annotations: [{}])", RECORD.repeat(mega + 1)).into_bytes();
    check_row(
        LARGE,
        &Row(
            "B23",
            many,
            3,
            "there are more than 1000000 entries in one list",
            Unasked,
        ),
    );
    let many = format!("{HEAD}annotations: [{}])", "(),".repeat(50 * mega)).into_bytes();
    check_row(LARGE, &Row("B23 empty", many, 3, "missing", Unasked));
    let many = format!(
        "{HEAD}annotations: [{}",
        RECORD.replacen(
            "segments:[]",
            &format!("segments:[],tags:[{}]", "\"a\",".repeat(25 * mega)),
            1
        )
    )
    .into_bytes();
    check_row(
        LARGE,
        &Row(
            "B23 tags",
            many,
            3,
            "there are more than 10000 entries in one list",
            Unasked,
        ),
    );
    let comment = format!("/*{}*/{}", "x".repeat(100 * mega), good()).into_bytes();
    check_row(
        LARGE,
        &Row(
            "B20",
            comment,
            1,
            "changed after Sourcemark wrote it",
            Unasked,
        ),
    );
}

#[test]
fn files_with_many_small_things() {
    let tags: String = (0..1_000_000).map(|n| format!("(id:\"t{n}\"),")).collect();
    let bytes = format!("{HEAD}tags:[{tags}])").into_bytes();
    check_row(
        LARGE,
        &Row(
            "B33 tags",
            bytes,
            1,
            "it has 1,000,000 tags, and at most 10,000 are allowed; all are kept",
            Copy::Unasked,
        ),
    );
    let tags: String = (0..1_000).map(|n| format!("\"t{n}\",")).collect();
    let record = RECORD.replacen("segments:[]", &format!("segments:[],tags:[{tags}]"), 1);
    let bytes = format!("{HEAD}annotations:[{record}])").into_bytes();
    check_row(
        SMALL,
        &Row(
            "B33 on one passage",
            bytes,
            1,
            "the tag `t999` has no record",
            Copy::Unasked,
        ),
    );
}

#[test]
fn files_that_are_too_large_or_no_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt.annotations.ron");
    let check = |path: &Path, fragment: &str| {
        for command in ["check", "salvage"] {
            let ended = run(SMALL, &[command], path);
            assert_eq!(ended.exit, 3, "{}", ended.said);
            assert!(
                ended.said.contains(fragment),
                "{fragment:?}: {}",
                ended.said
            );
        }
    };
    // B21: sizes that are in no memory.
    for (size, said) in [(1 << 30, "1.1 GB"), (1_u64 << 40, "1099.5 GB")] {
        File::create(&path).unwrap().set_len(size).unwrap();
        check(
            &path,
            &format!("the file has {said}, and Sourcemark opens at most 536.9 MB"),
        );
    }
    // B39: what there is beside folders, pipes, sockets and devices.
    if Path::new("/proc/self/mem").exists() {
        let link = folder.path().join("memory.annotations.ron");
        std::os::unix::fs::symlink("/proc/self/mem", &link).unwrap();
        check(&link, "cannot open the annotations");
    }
    fs::remove_file(&path).unwrap();
    // B79: replaced by a folder.
    fs::create_dir(&path).unwrap();
    check(&path, "this is a folder");
}
