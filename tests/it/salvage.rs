//! Damaged annotation files: what is still read of them, and what is said of the rest.

use crate::support::{
    any_set::any_set,
    sets::{full_set, source},
};
use proptest::prelude::*;
use sourcemark::{
    annotation::{Annotation, AnnotationSet, Marks},
    files::{Expected, read_annotations, salvage_annotations, save_annotations},
    format::ron::{Salvaged, WriteOptions, read, read_bytes, salvage, write},
};
use std::{fs, time::Instant};

fn good() -> String {
    write(&full_set(), WriteOptions::default())
}

/// What is salvaged, and that what the ordinary reader accepts is salvaged whole.
#[track_caller]
fn salvaged(bytes: impl AsRef<[u8]>) -> Salvaged {
    let bytes = bytes.as_ref();
    let found = salvage(bytes).unwrap_or_else(|error| panic!("{error}"));
    if let Ok(file) = read_bytes(bytes) {
        assert_eq!((&found.set, found.n_losses), (&file.set, 0));
    }
    // The copy is a file like any other, and nothing in it is odd that was not so before.
    let copy = write(&found.set, WriteOptions::default());
    assert_eq!(read(&copy).unwrap().set, found.set);
    assert_eq!(found.n_losses, found.losses.len());
    found
}

fn said(found: &Salvaged) -> Vec<String> {
    found.losses.iter().map(ToString::to_string).collect()
}

/// Changes the first `from` to `to`; everything is read but for what `losses` say, in order.
#[track_caller]
fn check(from: &str, to: &str, n_annotations: usize, losses: &[&str]) -> Salvaged {
    let file = good();
    assert!(file.contains(from), "{from}");
    let found = salvaged(file.replacen(from, to, 1));
    let said = said(&found);
    assert_eq!(said.len(), losses.len(), "{said:#?}");
    for (said, fragment) in said.iter().zip(losses) {
        assert!(said.contains(fragment), "{fragment:?} is not in {said:?}");
    }
    assert_eq!(found.set.annotations.len(), n_annotations, "{said:#?}");
    found
}

#[test]
fn a_bad_record_costs_no_other() {
    check(
        "creator: \"01939f3a-7b1c-7000-8000-000000000001\",\n      created: \"2026-03-01T12:00:00Z\",\n      modified",
        "creator: \"somebody\",\n      created: \"2026-03-01T12:00:00Z\",\n      modified",
        2,
        &[
            "line 150, column 26: annotation 01939f3a-7b1c-7000-8000-000000000005 could not be read: expected a UUID",
        ],
    );
    let found = check(
        "segments: [\n        (\n          position: (start: 82",
        "segments: [\n        (\n          position: (start: NaN",
        2,
        &["annotation 01939f3a-7b1c-7000-8000-000000000008 could not be read"],
    );
    assert_eq!(found.set.tags.len(), 4);
    check(
        "id: \"denial\"",
        "id: \"a denial\"",
        3,
        &["tag a denial could not be read"],
    );
}

#[test]
fn a_bad_field_costs_no_other_field() {
    let found = check(
        "colour: \"#0072b2\"",
        "colour: \"red;}</style>\"",
        3,
        &[
            "line 38, column 7: the field `colour` of tag denial could not be read: expected a colour",
        ],
    );
    assert_eq!(found.set.tags.len(), 4);
    let found = check(
        "modified: \"2026-03-02T08:31:00Z\"",
        "modified: \"yesterday\"",
        3,
        &["the field `modified` of annotation 01939f3a-7b1c-7000-8000-000000000005"],
    );
    let notes: Vec<_> = found
        .set
        .annotations
        .values()
        .map(|it| it.note.len())
        .collect();
    assert!(notes.iter().any(|len| *len > 0), "the note is still there");
    check(
        "note: \"Two segments;",
        "note: \"once\",\n      note: \"Two segments;",
        3,
        &[
            "the field `note` of annotation 01939f3a-7b1c-7000-8000-000000000005 could not be read: unexpected duplicate field",
        ],
    );
    check(
        "\"certainty\": \"high\",",
        "\"certainty\": \"high\", \"certainty\": \"low\",",
        3,
        &["the field `attributes` of annotation"],
    );
}

#[test]
fn a_lost_bracket_or_quotation_mark_costs_one_record() {
    // One after the other, each bracket and quotation mark of the annotations is lost, or becomes an x.
    let good = good();
    let all = full_set();
    let from = good.find("  annotations: [\n    (").unwrap() + 20;
    for (at, mark) in good.char_indices().filter(|(at, _)| *at > from) {
        if !matches!(mark, '(' | ')' | '[' | ']' | '{' | '}' | '"') || good[..at].contains("\n)\n")
        {
            continue;
        }
        for with in ["", "x"] {
            let damaged = format!("{}{with}{}", &good[..at], &good[at + 1..]);
            let found = salvaged(&damaged);
            assert_eq!(found.set.article, all.article);
            assert_eq!((&found.set.tags, &found.set.links), (&all.tags, &all.links));
            let n_equal = found
                .set
                .annotations
                .iter()
                .filter(|(id, it)| all.annotations.get(*id) == Some(it))
                .count();
            assert!(n_equal >= 2, "{at}: {:#?}\n{damaged}", said(&found));
        }
    }
}

#[test]
fn a_file_cut_anywhere_is_read_up_to_there() {
    let good = good();
    let all = full_set();
    let records = |set: &AnnotationSet| {
        set.annotations.len() + set.tags.len() + set.speakers.len() + set.links.len()
    };
    let mut n_before = 0;
    for (at, _) in good.char_indices() {
        let Ok(found) = salvage(&good.as_bytes()[..at]) else {
            assert!(
                !good[..at].contains("agents"),
                "nothing was read up to byte {at}"
            );
            continue;
        };
        let n_now = records(&found.set);
        assert!(n_now >= n_before, "less is read up to byte {at}");
        n_before = n_now;
        assert_eq!(found.n_losses == 0, read(&good[..at]).is_ok(), "byte {at}");
        for (id, annotation) in &found.set.annotations {
            let whole = all.annotations.get(id).unwrap();
            // The last one may lack the fields behind the cut.
            assert_eq!(annotation.segments, whole.segments);
        }
    }
    assert_eq!(n_before, records(&all));
}

#[test]
fn a_file_without_its_head_keeps_its_annotations() {
    let good = good();
    let all = full_set();
    for line in 0..30 {
        let at = good.match_indices('\n').nth(line).unwrap().0;
        let found = salvaged(&good[at..]);
        assert_eq!(found.set.annotations, all.annotations, "line {line}");
        assert_eq!(
            (&found.set.links, &found.set.speakers),
            (&all.links, &all.speakers)
        );
        assert!(found.n_losses > 0);
        // Passages are found by their wording, though the hash of the article is gone.
        let text = source(crate::support::sets::ARTICLE);
        let marks = Marks::find(&text, &found.set, &|| true).unwrap();
        assert_eq!(marks.unplaced().len(), 0);
    }
}

#[test]
fn a_flipped_byte_anywhere_costs_one_record_at_most() {
    let good = good();
    let all = full_set();
    let from = good.find("  annotations: [").unwrap();
    let to = good.find("\n  ],\n)\n").unwrap();
    for at in from..to {
        for bit in [0, 2, 5, 7] {
            let mut bytes = good.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            if bytes[at] == b'/' || read_bytes(&bytes).is_ok() {
                continue;
            }
            let found = salvaged(&bytes);
            // A flipped digit may make one id the other's.
            let is_whole = |it: &Annotation| {
                let renamed = |whole: &Annotation| Annotation {
                    id: it.id,
                    ..whole.clone()
                };
                all.annotations.values().any(|whole| renamed(whole) == *it)
            };
            let n_equal = found.set.annotations.values().filter(|it| is_whole(it));
            let n_equal = n_equal.count();
            assert!(n_equal >= 2, "byte {at}, bit {bit}: {:#?}", said(&found));
            assert_eq!(found.set.tags, all.tags);
        }
    }
}

#[test]
fn bytes_that_are_no_text_are_told() {
    let good = good();
    let found = salvaged(format!("{good}\0\0\0"));
    assert_eq!(found.set, full_set());
    assert_eq!(
        said(&found),
        ["line 179, column 1: 3 bytes are NUL, as after a power cut"]
    );

    let mut bytes = good.clone().into_bytes();
    let at = good.find("Two segments").unwrap();
    bytes[at] = 0xE9;
    let found = salvaged(&bytes);
    assert_eq!(found.set.annotations.len(), 3);
    assert_eq!(
        said(&found),
        ["line 127, column 14: 1 byte is not UTF-8; replaced by U+FFFD"]
    );

    // A sector that was never written.
    let mut bytes = good.clone().into_bytes();
    bytes[at - 100..at + 200].fill(0);
    let found = salvaged(&bytes);
    assert_eq!(found.set.annotations.len(), 2);
    assert_eq!(found.n_losses, 3, "{:#?}", said(&found));

    for (mark, to_bytes) in [
        ("\u{FEFF}", u16::to_le_bytes as fn(u16) -> [u8; 2]),
        ("", u16::to_be_bytes),
    ] {
        let utf16: Vec<u8> = format!("{mark}{good}")
            .encode_utf16()
            .flat_map(to_bytes)
            .collect();
        let found = salvaged(&utf16);
        assert_eq!(found.set, full_set());
        assert_eq!(
            said(&found),
            ["line 1, column 1: the file is UTF-16; annotation files are UTF-8"]
        );
    }
}

#[test]
fn a_list_that_is_none_any_more_is_no_field_of_a_newer_version() {
    // Found by a law: it was carried along as unknown, and the copy then had the list twice.
    let found = check(
        "links: [",
        "links: from, lynks: [",
        3,
        &["the field `links` of the file"],
    );
    assert_eq!(found.set.links.len(), 0);
}

#[test]
fn a_name_that_is_none_is_not_carried_along() {
    // Found by fuzzing: what looks like a letter or digit need not be one in a name.
    let found = salvaged(good().replacen("  agents:", "  p\u{6F00}rma\u{2074}: 1,\n  agents:", 1));
    assert_eq!(found.set.annotations, full_set().annotations);
    assert_eq!(found.set.kept, full_set().kept);
    assert_eq!(found.n_losses, 1, "{:#?}", said(&found));
}

#[test]
fn nuls_in_what_is_kept_as_written_do_not_reach_the_copy() {
    // Found by fuzzing: the copy could not be read for the NULs in it.
    let damaged = good().replacen("      cue: \"said\"", "      ceu: \"s\0\0d\"", 1) + "(";
    let found = salvaged(damaged);
    assert_eq!(found.set.annotations.len(), 3);
    let said = said(&found);
    assert!(said[0].contains("2 bytes are NUL"), "{said:#?}");
}

#[test]
fn two_records_of_one_id_are_both_kept() {
    let id = "01939f3a-7b1c-7000-8000-000000000009";
    let found = check(
        "id: \"01939f3a-7b1c-7000-8000-000000000005\",\n      segments",
        &format!("id: \"{id}\",\n      segments"),
        3,
        &[
            "line 106, column 5: a second annotation has the id `01939f3a-7b1c-7000-8000-000000000009` but other content; its new id is `",
        ],
    );
    let again = check(
        "id: \"01939f3a-7b1c-7000-8000-000000000005\",\n      segments",
        &format!("id: \"{id}\",\n      segments"),
        3,
        &["a second annotation"],
    );
    assert_eq!(found.set, again.set, "the same each time");
    let found = check(
        "id: \"denial\"",
        "id: \"allegation\"",
        3,
        &["its new id is `allegation-2`"],
    );
    assert_eq!(found.set.tags.len(), 4);
    let twice = salvaged(good() + &good());
    assert_eq!(
        twice.set,
        full_set(),
        "the very same record is not kept twice"
    );
    assert_eq!(twice.n_losses, 1, "{:#?}", said(&twice));
}

/// The file as git leaves it: from line `first` to `last` there are `ours` and `theirs`.
fn conflict(file: &str, first: usize, last: usize, ours: &str, theirs: &str) -> String {
    let lines: Vec<&str> = file.split_inclusive('\n').collect();
    format!(
        "{}<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> colleague\n{}",
        lines[..first - 1].concat(),
        lines[last..].concat()
    )
}

#[test]
fn both_sides_of_an_unresolved_merge_are_read() {
    let good = good();
    let lines: Vec<&str> = good.split_inclusive('\n').collect();
    // One side changed the note of the second annotation, the other its tags.
    let at = |fragment: &str| {
        lines
            .iter()
            .position(|line| line.contains(fragment))
            .unwrap()
            + 1
    };
    let note = at("note: \"Two segments");
    let ours = lines[note - 2..note]
        .concat()
        .replace("Two segments", "Really two");
    let theirs = lines[note - 2..note]
        .concat()
        .replace("[\"denial\"]", "[\"denial\", \"precedent\"]");
    let joined = conflict(&good, note - 1, note, &ours, &theirs);
    let error = read(&joined).unwrap_err().to_string();
    assert!(
        error.contains("unresolved merge conflicts from git: lines 126\u{2013}132"),
        "{error}"
    );
    let found = salvaged(&joined);
    assert_eq!(found.set.annotations.len(), 4);
    let said = said(&found);
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(
        said[1].contains("lines 126\u{2013}132; both sides were read"),
        "{said:#?}"
    );
    assert!(
        said[0].contains("a second annotation has the id"),
        "{said:#?}"
    );
    let notes: Vec<&str> = found
        .set
        .annotations
        .values()
        .map(|it| it.note.as_str())
        .collect();
    assert!(notes.iter().any(|note| note.starts_with("Really two")));
    assert!(notes.iter().any(|note| note.starts_with("Two segments")));

    // Each side added an annotation; git leaves the last line of both outside.
    let (from, to) = (at("annotations: [") + 1, at("position: (start: 14") - 4);
    let first = lines[from - 1..to - 1].concat();
    let other = first.replace("000000000009", "00000000000f");
    let without_last =
        |text: &str| text[..text[..text.len() - 1].rfind('\n').unwrap() + 1].to_owned();
    let joined = conflict(
        &good,
        from,
        to - 2,
        &without_last(&first),
        &without_last(&other),
    );
    let found = salvaged(&joined);
    assert_eq!(found.set.annotations.len(), 4, "{:#?}", self::said(&found));
    assert_eq!(found.n_losses, 1, "{:#?}", self::said(&found));
    let ids: Vec<String> = found
        .set
        .annotations
        .keys()
        .map(ToString::to_string)
        .collect();
    assert!(ids.iter().any(|id| id.ends_with("0009")) && ids.iter().any(|id| id.ends_with("000f")));

    let windows = joined.replace('\n', "\r\n");
    assert_eq!(salvaged(&windows).set, found.set);
}

#[test]
fn what_was_never_an_annotation_file_is_not_salvaged() {
    for bytes in [
        &b""[..],
        b" \n\t",
        &[0; 4096],
        b"{\"format\": 1}",
        b"<!DOCTYPE html><title>Log in</title>",
        b"(format: \"sheet\", version: (1, 0), tags: [(id: \"x\")])",
        b"(name: \"Ferris\", age: 7)",
        b"plain text, no RON",
        b"title: YAML\nitems:\n  - one\n",
        b"(format: \"sourcemark-annotations\", version: (7, 0), tags: [(",
    ] {
        assert!(
            salvage(bytes).is_err(),
            "{}",
            String::from_utf8_lossy(bytes)
        );
    }
}

#[test]
fn hostile_files_take_no_longer_than_large_ones() {
    let head = "(format: \"sourcemark-annotations\", version: (1, 0), annotations: [";
    let start = Instant::now();
    for (piece, n) in [
        ("(),", 100_000),
        ("(", 1_000_000),
        ("[", 1_000_000),
        ("(id:", 100_000),
        ("(id:\"a\",/*", 20_000),
        ("(id:\"a\",note:\"", 20_000),
        ("(a:(", 50_000),
        ("<<<<<<< a\n=======\n", 50_000),
        ("\0(", 100_000),
        ("(id:\"denial\",colour:\"#000001\",x:", 20_000),
    ] {
        drop(salvage(format!("{head}{}", piece.repeat(n)).as_bytes()));
    }
    // Two records of one id in a row, and another, and another.
    let tags: String = (0..20_000)
        .map(|n| format!("(id: \"t\", guideline: \"{n}\"),"))
        .collect();
    let head = head.replace(", annotations", ", tags");
    let found = salvage(format!("{head}{tags}").as_bytes()).unwrap();
    assert_eq!(found.set.tags.len(), 20_000);
    assert_eq!((found.losses.len(), found.n_losses), (1_000, 20_001));
    assert!(start.elapsed().as_secs() < 60, "took {:?}", start.elapsed());
}

#[test]
fn a_damaged_file_is_only_opened_as_a_copy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt.annotations.ron");
    let damaged = good().replacen("colour: \"#0072b2\"", "colour: \"blue\"", 1);
    fs::write(&path, &damaged).unwrap();
    assert!(matches!(
        read_annotations(&path),
        sourcemark::files::Loaded::Unreadable(_)
    ));
    let found = salvage_annotations(&path).unwrap();
    save_annotations(&path, &found.set, Expected::New, found.crlf).unwrap_err();
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        damaged,
        "never written over"
    );
    let copy = folder.path().join("copy.ron");
    save_annotations(&copy, &found.set, Expected::New, found.crlf).unwrap();
    assert_eq!(
        read(&fs::read_to_string(copy).unwrap()).unwrap().set,
        found.set
    );
}

#[test]
fn what_a_newer_minor_version_added_is_salvaged_too() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/format/v1.9.annotations.ron"
    );
    let newer = fs::read_to_string(path).unwrap();
    let whole = read(&newer).unwrap();
    let found = salvage(newer.replacen("// end", "( // end", 1).as_bytes()).unwrap();
    assert_eq!((found.set, found.version), (whole.set, (1, 9)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Record by record the same is read as at once, for every set there can be.
    #[test]
    fn piece_by_piece_nothing_is_lost(set in any_set()) {
        let mut text = write(&set, WriteOptions::default());
        text.push_str("\n(");
        let found = salvage(text.as_bytes()).unwrap();
        prop_assert_eq!(&found.set, &set);
        prop_assert_eq!(found.n_losses, 1);
    }

    /// Whatever is cut out of a file, what is left of it is read or passed over, and can be written.
    #[test]
    fn whatever_is_cut_out(set in any_set(), from in 0.0..1.0f64, len in 0usize..300) {
        let mut bytes = write(&set, WriteOptions::default()).into_bytes();
        let from = (bytes.len() as f64 * from) as usize;
        let to = bytes.len().min(from + len);
        bytes.drain(from..to);
        if let Ok(found) = salvage(&bytes) {
            let copy = write(&found.set, WriteOptions::default());
            prop_assert_eq!(read(&copy).unwrap().set, found.set);
        }
    }
}
