//! Articles that are large, odd or no text, and names that files may have.

use super::{LARGE, Limits, SMALL, run};
use std::fs;

/// An article: its bytes, the exit code of `list` and a part of what it says.
#[track_caller]
fn check_article(name: &str, limits: Limits, bytes: &[u8], exit: i32, fragment: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    fs::write(&path, bytes).unwrap();
    let ended = run(limits, &["list"], &path);
    let start: String = ended.said.chars().take(2_000).collect();
    assert_eq!(ended.exit, exit, "{name}: {start}");
    assert!(ended.said.contains(fragment), "{name}: {start}");
}

#[test]
fn articles_that_are_large() {
    let mega = 1_000_000;
    check_article("B41", LARGE, "word ".repeat(20 * mega).as_bytes(), 0, "");
    check_article("B42", LARGE, "\n".repeat(100 * mega).as_bytes(), 0, "");
    check_article(
        "B46 marks",
        SMALL,
        format!("a{}b", "\u{301}".repeat(mega)).as_bytes(),
        0,
        "",
    );
    check_article(
        "B46 joiners",
        SMALL,
        "👩\u{200D}🚀".repeat(10_000).as_bytes(),
        0,
        "",
    );
}

#[test]
fn articles_that_are_odd() {
    let list = |name: &str, bytes: &[u8], exit: i32, said: &str| {
        check_article(name, SMALL, bytes, exit, said);
    };
    list("B43", b"\x01\x02text\0\x03", 3, "NUL byte at byte 6");
    let russian = windows_1251();
    list("B44 cp1251", &russian, 0, "probably windows-1251");
    list(
        "B44 cp1252",
        b"caf\xE9 cr\xE8me",
        0,
        "probably windows-1252",
    );
    list(
        "B44 Shift JIS",
        b"\x8Es\x92\xB7\x82\xCD\x8B^\x98f\x82\xF0\x94\xDB\x92\xE8\x82\xB5\x82\xBD\x81B",
        0,
        "probably Shift_JIS",
    );
    list(
        "B44 GB 18030",
        b"\xCA\xD0\xB3\xA4\xB7\xF1\xC8\xCF\xC1\xCB\xD6\xB8\xBF\xD8\xA1\xA3",
        0,
        "probably GBK",
    );
    list("B44 UTF-16", b"a\0b\0c\0\n\0", 0, "probably UTF-16LE");
    list("B44 ISO-2022-JP", b"\x1B$B;TD9$OH]Dj$7$?\x1B(B.", 0, "");
    // UTF-7 is ASCII to everybody: its bytes are shown as they are.
    list("B44 UTF-7", b"Hi Mom +Jjo-!", 0, "");
    let mut overlong = "é".repeat(100).into_bytes();
    overlong.extend(b"\xC0\xAF\xED\xA0\x80");
    list(
        "B45",
        &overlong,
        0,
        "places in the article are not valid text and are shown as U+FFFD",
    );
    list(
        "B45 noncharacters",
        "\u{FFFE}\u{FFFF}\u{10FFFF}".as_bytes(),
        0,
        "",
    );
    list("B47", "abc \u{202E}שלום\u{2066} مرحبا".as_bytes(), 0, "");
    list(
        "B48",
        "a\u{2028}b\u{2029}c\u{85}d\u{B}e\u{C}f\rg\r\nh\n".as_bytes(),
        0,
        "",
    );
}

/// A sentence in windows-1251.
fn windows_1251() -> Vec<u8> {
    // Each letter of the basic alphabet is one byte from 0xC0 on.
    let letter = |c: char| match c {
        'А'..='я' => 0xC0 + (c as u32 - 'А' as u32) as u8,
        other => other as u8,
    };
    "Мэр отрицал обвинение, сообщил представитель."
        .chars()
        .map(letter)
        .collect()
}

#[test]
fn line_ends_of_every_kind_are_counted_alike() {
    // B48: the place that a tag is given at is the one that it is listed at.
    let text = "a\u{2028}b\u{2029}c\u{85}d\u{B}e\u{C}f\rg\r\nword\nh\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    fs::write(&path, text).unwrap();
    let args = [
        "tag",
        "--quote",
        "word",
        "--as",
        "denial",
        "--creator",
        "Ana",
    ];
    let tagged = run(SMALL, &args, &path);
    assert_eq!(tagged.exit, 0, "{}", tagged.said);
    let place = tagged.said.split(' ').nth(1).unwrap();
    let place = place.split_once(':').unwrap().1.to_owned();
    let listed = run(SMALL, &["list"], &path);
    assert!(
        listed.said.starts_with(&format!("{place}  ")),
        "{place}: {}",
        listed.said
    );
}

#[test]
fn file_names_of_every_kind() {
    // B78.
    use std::os::unix::ffi::OsStrExt;
    let long = "n".repeat(255 - ".annotations.ron".len());
    let too_long = "n".repeat(250);
    let names: [&[u8]; 10] = [
        long.as_bytes(),
        b"line\nbreak.txt",
        b"\x1B[31mred.txt",
        "\u{202E}txt.a".as_bytes(),
        b"dot.",
        b"CON",
        b"not \xFF utf8.txt",
        "😀.txt".as_bytes(),
        b" ",
        b"-o",
    ];
    for name in names {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(std::ffi::OsStr::from_bytes(name));
        fs::write(&path, "He denied it.").unwrap();
        let args = [
            "tag",
            "--quote",
            "denied",
            "--as",
            "denial",
            "--creator",
            "Ana",
        ];
        let shown = String::from_utf8_lossy(name);
        let tagged = run(SMALL, &args, &path);
        assert_eq!(tagged.exit, 0, "{shown}: {}", tagged.said);
        let listed = run(SMALL, &["list"], &path);
        assert_eq!(
            (listed.exit, listed.said.lines().count()),
            (0, 1),
            "{shown}"
        );
    }
    // No name is left for the annotation file: that is said, and the article is as it was.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(&too_long);
    fs::write(&path, "He denied it.").unwrap();
    let ended = run(SMALL, &["list"], &path);
    assert_eq!(ended.exit, 3, "{}", ended.said);
    assert!(ended.said.contains("too long"), "{}", ended.said);
}
