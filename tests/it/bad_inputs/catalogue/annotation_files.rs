//! Annotation files that are damaged, hostile, of another kind, or odd.

mod large;
mod odd;

use super::{Limits, SMALL, run};
use crate::{bad_inputs::good, support::sets::full_set};
use sourcemark::{
    annotation::AnnotationSet,
    format::ron::{WriteOptions, write},
};
use std::fs;

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
                "{n} annotation{} can be recovered, {n_problems} problem{};",
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

#[test]
fn files_that_are_empty_or_of_another_kind() {
    use Copy::{None, Of};
    let empty = "the file is empty, perhaps after a crash or a failed sync";
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
            "unresolved merge conflicts from git: lines 126\u{2013}130",
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
