//! Annotation files that are damaged, hostile, of another kind, or odd.

use super::{LARGE, Limits, SMALL, run};
use crate::{
    bad_inputs::good,
    support::sets::{ARTICLE, full_set},
};
use sourcemark::{
    annotation::AnnotationSet,
    format::ron::{WriteOptions, write},
};
use std::{
    fs::{self, File},
    path::Path,
    sync::Arc,
};

/// What `salvage` makes of a file.
enum Copy {
    /// There is nothing in it.
    None,
    /// So many annotations, with so many problems.
    Of(usize, usize),
    /// The file is whole, so there is nothing to salvage.
    Unasked,
}

/// An annotation file: its name in the catalogue, its bytes, the exit code of `check` and a part of what it
/// says, and what `salvage` makes of it.
struct Row(&'static str, Vec<u8>, i32, &'static str, Copy);

#[track_caller]
fn check_row(limits: Limits, row: &Row) {
    let Row(name, bytes, exit, fragment, copy) = row;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt.annotations.ron");
    fs::write(&path, bytes).unwrap();
    let ended = run(limits, &["check"], &path);
    let start: String = ended.said.chars().take(2_000).collect();
    assert_eq!(ended.exit, *exit, "{name}: {start}");
    assert!(ended.said.contains(fragment), "{name}: {start}");
    let salvaged = |exit: i32, fragment: &str| {
        let ended = run(limits, &["salvage"], &path);
        let start: String = ended.said.chars().take(2_000).collect();
        assert!(
            ended.said.contains(fragment),
            "{name}: {fragment:?}: {start}"
        );
        assert_eq!(ended.exit, exit, "{name}: {start}");
    };
    match copy {
        Copy::None => salvaged(3, "cannot open the annotations"),
        Copy::Of(n, n_problems) => {
            let s = |n: usize| if n == 1 { "" } else { "s" };
            let line = format!(
                "{n} annotation{} can be read, {n_problems} problem{};",
                s(*n),
                s(*n_problems)
            );
            salvaged(1, &line);
        }
        Copy::Unasked => {}
    }
    assert!(
        fs::read(&path).unwrap() == *bytes,
        "{name}: the file was changed"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{name}");
}

fn changed(from: &str, to: &str) -> Vec<u8> {
    let good = good();
    assert!(good.contains(from), "{from}");
    good.replacen(from, to, 1).into_bytes()
}

fn utf16(to_bytes: fn(u16) -> [u8; 2], mark: &str) -> Vec<u8> {
    let text = format!("{mark}{}", good());
    text.encode_utf16().flat_map(to_bytes).collect()
}

/// The file of a set that was changed in the program, so that its last line agrees.
fn signed(change: impl FnOnce(&mut AnnotationSet)) -> Vec<u8> {
    let mut set = full_set();
    change(&mut set);
    write(&set, WriteOptions::default()).into_bytes()
}

const HEAD: &str = "(format: \"sourcemark-annotations\", version: (1, 0), article: (file_name: \"a.txt\", hash: \"blake3:0000000000000000000000000000000000000000000000000000000000000000\"), ";
const RECORD: &str = "(id:\"01939f3a-7b1c-7000-8000-000000000001\",segments:[],creator:\"01939f3a-7b1c-7000-8000-000000000001\",created:\"2026-03-01T12:00:00Z\"),";

#[test]
fn files_that_are_empty_or_of_another_kind() {
    use Copy::{None, Of};
    let empty = "the file is empty; a crash or a sync may have damaged it";
    let rows = [
        Row("B1", Vec::new(), 3, empty, None),
        Row("B2", b" \r\n\t\n".to_vec(), 3, empty, None),
        Row(
            "B3 only",
            vec![0; 8192],
            3,
            "the file holds nothing but 8192 NUL bytes",
            None,
        ),
        Row(
            "B3 tail",
            (good() + "\0\0\0").into_bytes(),
            3,
            "NUL byte",
            Of(3, 1),
        ),
        Row(
            "B14",
            b"<!DOCTYPE html><title>Log in</title>".to_vec(),
            3,
            "a web page",
            None,
        ),
        Row(
            "B14 footer",
            (good() + "--\nSent from my phone (see <https://example.org>)\n").into_bytes(),
            3,
            ":179:",
            Of(3, 1),
        ),
        Row("B15 JSON", b"{\"a\": 1}".to_vec(), 3, "a JSON file", None),
        Row(
            "B15 YAML",
            b"title: x\nlist:\n  - one\n".to_vec(),
            3,
            ":1:",
            None,
        ),
        Row(
            "B15 RON",
            b"(name: \"Ferris\", tags: [(id: \"x\")])".to_vec(),
            3,
            "RON file of another program",
            None,
        ),
        Row(
            "B15 sheet",
            b"(format: \"sheet\", version: (1, 0))".to_vec(),
            3,
            "this is a file of another program",
            None,
        ),
    ];
    rows.iter().for_each(|row| check_row(SMALL, row));
}

#[test]
fn files_of_other_encodings_and_line_endings() {
    use Copy::{Of, Unasked};
    let mut latin = good().into_bytes();
    let at = good().find("Two segments").unwrap();
    latin[at] = 0xE9;
    let not_utf8 = "is not UTF-8";
    let rows = [
        Row(
            "B5",
            format!("\u{FEFF}{}", good()).into_bytes(),
            0,
            "no problem",
            Unasked,
        ),
        Row(
            "B6 little",
            utf16(u16::to_le_bytes, "\u{FEFF}"),
            3,
            not_utf8,
            Of(3, 1),
        ),
        Row(
            "B6 big",
            utf16(u16::to_be_bytes, "\u{FEFF}"),
            3,
            not_utf8,
            Of(3, 1),
        ),
        Row("B7", latin, 3, ":127:14: the file is not UTF-8", Of(3, 1)),
        Row(
            "B8 CR LF",
            good().replace('\n', "\r\n").into_bytes(),
            0,
            "no problem",
            Unasked,
        ),
        Row(
            "B8 mixed",
            good().replacen('\n', "\r\n", 9).into_bytes(),
            0,
            "no problem",
            Unasked,
        ),
        Row(
            "B8 CR",
            good().replace('\n', "\r").into_bytes(),
            0,
            "no problem",
            Unasked,
        ),
    ];
    rows.iter().for_each(|row| check_row(SMALL, row));
}

#[test]
fn files_that_say_things_twice_or_wrongly() {
    use Copy::{None, Of};
    let id = |n| format!("id: \"01939f3a-7b1c-7000-8000-00000000000{n}\",\n      segments");
    let rows = [
        Row(
            "B9",
            changed("note: \"Two", "note: \"\",\n      note: \"Two"),
            3,
            ":128:11: unexpected duplicate",
            Of(3, 1),
        ),
        Row(
            "B10 key",
            changed("\"high\",", "\"high\", \"certainty\": \"low\","),
            3,
            "`certainty` is there twice",
            Of(3, 1),
        ),
        Row(
            "B10 id",
            changed(&id(5), &id(9)),
            3,
            "two annotations have the id",
            Of(3, 1),
        ),
        Row(
            "B11",
            (good() + &good()).into_bytes(),
            3,
            ":179:1:",
            Of(3, 1),
        ),
        Row(
            "B12",
            changed(
                "      tags: [\"denial\"],\n",
                "<<<<<<< HEAD\n      tags: [\"denial\"],\n=======\n      tags: [],\n>>>>>>> branch\n",
            ),
            3,
            "unresolved merge conflict from git: lines 126\u{2013}130",
            Of(4, 2),
        ),
        Row(
            "B28 NaN",
            changed("start: 82", "start: NaN"),
            3,
            ":158:29: expected integer",
            Of(2, 1),
        ),
        Row(
            "B28 inf",
            changed("start: 82", "start: inf"),
            3,
            ":158:29: expected integer",
            Of(2, 1),
        ),
        Row(
            "B28 1e999",
            changed("start: 82", "start: 1e999"),
            3,
            ":158:30: invalid digit",
            Of(2, 1),
        ),
        Row(
            "B25 negative",
            changed("start: 82", "start: -82"),
            3,
            "out of bounds",
            Of(2, 1),
        ),
        Row(
            "B25 too many digits",
            changed("start: 82", "start: 99999999999999999999"),
            3,
            "out of bounds",
            Of(2, 1),
        ),
        Row(
            "B35",
            changed("#0072b2", "red;}</style>"),
            3,
            ":38:16: expected a colour",
            Of(3, 1),
        ),
        Row(
            "B38 known",
            format!("#![enable(implicit_some)]\n{}", good()).into_bytes(),
            3,
            "extensions of RON are not used",
            Of(3, 1),
        ),
        Row(
            "B38 unknown",
            format!("#![enable(telepathy)]\n{}", good()).into_bytes(),
            3,
            ":1:",
            Of(3, 1),
        ),
        Row(
            "B16 no major",
            changed("(1, 0)", "(0, 3)"),
            3,
            "version 0.3",
            None,
        ),
    ];
    rows.iter().for_each(|row| check_row(SMALL, row));
}

#[test]
fn files_that_are_odd_but_lose_nothing() {
    let odd = |from: &str, to: &str| {
        let text = String::from_utf8(changed(from, to)).unwrap();
        // Without the last line, which would be the first thing that is odd.
        text.split("// end").next().unwrap().as_bytes().to_vec()
    };
    let path = |name: &'static str| {
        signed(|set| {
            set.article.file_name = name.to_owned();
            set.article.embedded_text = None;
        })
    };
    let moved = "has moved from code point";
    let rows = [
        Row(
            "B16 major",
            changed("(1, 0)", "(2, 0)"),
            1,
            "version 2.0",
            Copy::Unasked,
        ),
        Row(
            "B17",
            fs::read(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/data/format/v1.9.annotations.ron"
            ))
            .unwrap(),
            0,
            "no problem",
            Copy::Unasked,
        ),
        Row(
            "B17 field",
            odd("note: \"Two", "nite: \"Two"),
            1,
            "the field `nite` is none of this version",
            Copy::Unasked,
        ),
        Row(
            "B17 word",
            odd("stance: Denies", "stance: Denjes"),
            1,
            "the word `Denjes` is none of this version",
            Copy::Unasked,
        ),
        Row(
            "B25 behind",
            odd("start: 82, end: 112", "start: 1082, end: 1112"),
            1,
            "behind the end of the article",
            Copy::Unasked,
        ),
        Row(
            "B25 reversed",
            odd("start: 82, end: 112", "start: 112, end: 82"),
            1,
            "before its start",
            Copy::Unasked,
        ),
        Row(
            "B25 largest",
            odd(
                "start: 82, end: 112",
                "start: 18446744073709551615, end: 18446744073709551615",
            ),
            1,
            moved,
            Copy::Unasked,
        ),
        Row(
            "B26",
            odd(
                "(start: 82, end: 112),\n          quote: (\n            exact: \"विक्रेता ने आरोप से इनकार किया\"",
                "(start: 82, end: 83),\n          quote: (\n            exact: \"व\"",
            ),
            1,
            "the passage begins or ends inside a letter",
            Copy::Unasked,
        ),
        Row(
            "B27",
            odd("exact: \"विक्रेता", "exact: \"क्रेता"),
            1,
            "segment 0 spans 30 code points, and its quotation has 28",
            Copy::Unasked,
        ),
        Row(
            "B27 elsewhere",
            odd("start: 82, end: 112", "start: 81, end: 111"),
            1,
            moved,
            Copy::Unasked,
        ),
        Row(
            "B30",
            odd("\"allegation\", \"denial\"", "\"a\u{202E}b\""),
            1,
            "the tag `a\\u{202e}b` has no record",
            Copy::Unasked,
        ),
        Row(
            "B34 absolute",
            path("/etc/passwd"),
            0,
            "no problem",
            Copy::Unasked,
        ),
        Row(
            "B34 upwards",
            path("../../../etc/passwd"),
            0,
            "no problem",
            Copy::Unasked,
        ),
        Row(
            "B34 share",
            path("\\\\server\\share\\a.txt"),
            0,
            "no problem",
            Copy::Unasked,
        ),
        Row(
            "B34 address",
            path("file:///etc/passwd"),
            0,
            "no problem",
            Copy::Unasked,
        ),
        Row("B34 device", path("CON"), 0, "no problem", Copy::Unasked),
        Row(
            "B35 address",
            signed(|set| set.article.url = "javascript:alert(1)".to_owned()),
            0,
            "no problem",
            Copy::Unasked,
        ),
        Row(
            "B36 first",
            odd(
                "created: \"2026-03-01T12:00:00Z\",\n      modified",
                "created: \"-009999-01-02T01:59:59Z\",\n      modified",
            ),
            1,
            "is far off",
            Copy::Unasked,
        ),
        Row(
            "B36 last",
            odd("2026-03-02T08:31:00Z", "9999-12-30T22:00:00Z"),
            1,
            "is far off",
            Copy::Unasked,
        ),
        Row(
            "B36 zero",
            odd("2026-03-02T08:31:00Z", "1970-01-01T00:00:00Z"),
            1,
            "before it was made",
            Copy::Unasked,
        ),
        Row(
            "B37",
            odd(
                "never built a back door,” the vendor",
                "did build a back door,” the vendor",
            ),
            1,
            "the text in the file is not the one that its hash names",
            Copy::Unasked,
        ),
    ];
    rows.iter().for_each(|row| check_row(SMALL, row));
}

#[test]
fn what_cannot_be_seen_is_escaped_on_the_terminal() {
    let note = "a\0b\u{1B}[2J\u{7}c\u{202E}d\u{9B}31m";
    let bytes = signed(|set| {
        let ids: Vec<_> = set.annotations.keys().copied().collect();
        for id in ids {
            let mut annotation = set.annotations.get(&id).unwrap().clone();
            Arc::make_mut(&mut annotation).note = note.to_owned();
            set.annotations.insert(id, annotation);
        }
        for (id, mut tag) in set.tags.clone() {
            Arc::make_mut(&mut tag).name = note.to_owned();
            set.tags.insert(id, tag);
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt.annotations.ron");
    fs::write(&path, bytes).unwrap();
    fs::write(folder.path().join("a.txt"), ARTICLE).unwrap();
    // B29 and B30: `run` sees that no control character comes through.
    let ended = run(SMALL, &["list"], &path);
    assert_eq!(ended.exit, 0, "{}", ended.said);
    assert!(
        ended
            .said
            .contains("a\\u{0}b\\u{1b}[2J\\u{7}c\\u{202e}d\\u{9b}31m"),
        "{}",
        ended.said
    );
}

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
            "changed after it was written",
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
        &Row("B20", comment, 1, "changed after it was written", Unasked),
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
            &format!("it has {said} and at most 536.9 MB can be opened"),
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
    check(&path, "it is a folder");
}
