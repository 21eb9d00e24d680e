//! Annotation files that are whole but odd: of another version, with places and names that cannot be right, or with
//! characters that cannot be seen.

use super::{Copy, Row, changed, check_row, signed};
use crate::{
    bad_inputs::catalogue::{SMALL, run},
    support::sets::ARTICLE,
};
use std::{fs, sync::Arc};

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
    let moved = "moved from code point";
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
            "the field `nite` is not part of this format version",
            Copy::Unasked,
        ),
        Row(
            "B17 word",
            odd("stance: Denies", "stance: Denjes"),
            1,
            "the word `Denjes` is not part of this format version",
            Copy::Unasked,
        ),
        Row(
            "B25 behind",
            odd("start: 82, end: 112", "start: 1082, end: 1112"),
            1,
            "past the end of the article",
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
            "the passage begins or ends inside a character",
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
            "the embedded text does not match its hash",
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
