//! Files that are not as they should be: what is said of each, and that none of them is changed.

/// Every kind of bad input, each under limits that the system enforces.
#[cfg(unix)]
mod catalogue;

#[cfg(unix)]
use crate::support::machine::without_root_rights;
use crate::support::sets::{ARTICLE, full_set, source};
use sourcemark::{
    annotation::Marks,
    files::{
        Expected, FileError, Loaded, annotations_beside, read_annotations, read_article,
        save_annotations,
    },
    format::ron::{WriteOptions, read, write},
    text::EditionId,
};
use std::{
    fs::{self, File},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

/// Longest time that any of these files may take, in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

fn good() -> String {
    write(&full_set(), WriteOptions::default())
}

/// Writes `bytes` as a file, runs `open` on it, and sees that the file is as it was.
fn untouched<T>(name: &str, bytes: &[u8], open: impl FnOnce(&Path) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let start = Instant::now();
    let result = open(&path);
    assert!(start.elapsed() < PATIENCE, "took {:?}", start.elapsed());
    assert!(fs::read(&path).unwrap() == bytes, "the file was changed");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    result
}

#[track_caller]
fn check_said(error: &FileError, fragment: &str) {
    let said = error.to_string();
    assert!(said.contains(fragment), "{fragment:?} is not in {said:?}");
    assert!(said.chars().count() < 1_200, "too long: {said}");
    assert!(
        !said.contains(['\n', '\0', '\u{1B}']),
        "not escaped: {said:?}"
    );
}

#[track_caller]
fn refused_article(bytes: &[u8], fragment: &str) {
    let error = untouched("a.txt", bytes, |path| read_article(path, None)).unwrap_err();
    check_said(&error, fragment);
}

#[track_caller]
fn refused_annotations(bytes: impl AsRef<[u8]>, fragment: &str) {
    let name = "a.txt.annotations.ron";
    match untouched(name, bytes.as_ref(), read_annotations) {
        Loaded::Unreadable(error) => check_said(&error, fragment),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn refused_path(path: &Path, fragment: &str) {
    let start = Instant::now();
    check_said(&read_article(path, None).unwrap_err(), fragment);
    match read_annotations(path) {
        Loaded::Unreadable(error) => check_said(&error, fragment),
        other => panic!("{other:?}"),
    }
    assert!(start.elapsed() < PATIENCE);
}

/// Encoding, certain, malformed sequences, start of the text.
#[track_caller]
fn opened_article(bytes: &[u8], expected: (&str, bool, usize, &str)) {
    let file = untouched("a.txt", bytes, |path| read_article(path, None)).unwrap();
    let start: String = file.text.as_str().chars().take(12).collect();
    assert_eq!(
        (file.encoding, file.certain, file.n_replaced, start.as_str()),
        expected
    );
}

#[test]
fn articles_of_every_kind() {
    opened_article(b"", ("UTF-8", true, 0, ""));
    opened_article(b"\xEF\xBB\xBFabc", ("UTF-8", true, 0, "abc"));
    opened_article(b"a\r\nb\rc\n", ("UTF-8", true, 0, "a\r\nb\rc\n"));
    opened_article(
        b"caf\xE9 cr\xE8me",
        ("windows-1252", false, 0, "café crème"),
    );
    opened_article(
        b"\xFF\xFEa\0\x00\xD8b\0",
        ("UTF-16LE", true, 1, "a\u{FFFD}b"),
    );
    opened_article(
        "é".repeat(30).as_bytes(),
        ("UTF-8", true, 0, "éééééééééééé"),
    );
    let mut damaged = "é".repeat(30).into_bytes();
    damaged.push(0xC3);
    opened_article(&damaged, ("UTF-8", false, 1, "éééééééééééé"));

    refused_article(b"text\0text", "NUL byte at byte 4");
    refused_article(&[0; 4096], "NUL byte at byte 0");
    refused_article(
        b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n",
        "this is a PDF document: save or copy its text as plain text",
    );
    refused_article(
        b"PK\x03\x04\x14\0\0\0\x08\0....notes.txt",
        "a ZIP archive: unpack it",
    );
    refused_article(
        b"PK\x03\x04\x14\0\0\0\x08\0....word/document.xml",
        "a Word document (DOCX)",
    );
    refused_article(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", "a PNG picture");
    refused_article(b"{\\rtf1\\ansi Text}", "an RTF document");
}

#[test]
fn garbage_of_50_mb() {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut bytes = Vec::with_capacity(50_000_000);
    while bytes.len() < 50_000_000 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    refused_article(&bytes, "NUL byte");
    refused_annotations(&bytes, "not UTF-8");
    // Without NULs it might be a text in some old encoding: opened, as a guess.
    bytes.iter_mut().for_each(|byte| *byte |= 1);
    let file = untouched("a.txt", &bytes, |path| read_article(path, None)).unwrap();
    assert!(!file.certain);
    bytes.fill(b'(');
    refused_annotations(&bytes, "line 1");
}

#[test]
fn what_is_no_ordinary_file() {
    let folder = tempfile::tempdir().unwrap();
    refused_path(folder.path(), "this is a folder");
    #[cfg(unix)]
    {
        refused_path(Path::new("/dev/zero"), "this is a device");
        let pipe = folder.path().join("pipe");
        assert!(
            Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        refused_path(&pipe, "this is a pipe");
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        refused_path(&socket, "this is a socket");
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(folder.path().join("gone"), &link).unwrap();
        refused_path(&link, "the link leads to a file that does not exist");
        let circle = folder.path().join("circle");
        std::os::unix::fs::symlink(&circle, &circle).unwrap();
        refused_path(&circle, "link");
    }
    let missing = folder.path().join("missing");
    check_said(&read_article(&missing, None).unwrap_err(), "no such file");
    assert!(matches!(read_annotations(&missing), Loaded::New));
}

#[test]
fn a_file_larger_than_can_be_opened_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sparse");
    File::create(&path).unwrap().set_len(2 << 30).unwrap();
    refused_path(&path, "2.1 GB");
    File::create(&path)
        .unwrap()
        .set_len((512 << 20) + 1)
        .unwrap();
    match read_annotations(&path) {
        Loaded::Unreadable(error) => check_said(&error, "Sourcemark opens at most 536.9 MB"),
        other => panic!("{other:?}"),
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    fs::write(&path, "text").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    let name = "bad_inputs::a_file_that_may_not_be_read";
    without_root_rights(name, File::open(&path).is_err(), || {
        refused_path(&path, "permission denied");
    });
}

#[test]
fn annotation_files_that_are_none() {
    refused_annotations("", "the file is empty");
    refused_annotations(" \r\n\t", "the file is empty");
    refused_annotations([0; 512], "nothing but 512 NUL bytes");
    refused_annotations(good() + "\0\0\0", "NUL byte");
    refused_annotations(
        b"(format: \"\xFF\")",
        "line 1, column 11: the file is not UTF-8",
    );
    refused_annotations("\u{FEFF}{\"format\": 1}", "a JSON file");
    refused_annotations("<!DOCTYPE html><title>Log in</title>", "a web page");
    refused_annotations("%PDF-1.4", "a PDF document");
    refused_annotations("PK\x03\x04....", "a ZIP archive");
    refused_annotations("(name: \"Ferris\", age: 7)", "RON file of another program");
    refused_annotations("[1, 2, 3]", "RON file of another program");
    refused_annotations(
        "(format: \"sheet\", version: (1, 0))",
        "a file of another program",
    );
    refused_annotations("plain text, no RON", "a file of another program");
    let conflict = good().replacen("  article:", "<<<<<<< ours\n  article:", 1);
    refused_annotations(
        conflict,
        "line 5, column 1: the file has unresolved merge conflicts",
    );
    refused_annotations(good().replacen("(1, 0)", "(0, 3)", 1), "version 0.3");
    refused_annotations(
        format!("#![enable(implicit_some)]\n{}", good()),
        "extensions",
    );
    refused_annotations(good() + &good(), "line");
}

#[test]
fn annotation_files_that_are_broken() {
    let broken = good().replacen("  agents: [", "  agents: (", 1);
    refused_annotations(
        broken,
        "line 19, column 11: expected opening `[`: `agents: (`",
    );
    let cut = good();
    let cut = &cut[..cut.find("second \\\"promises").unwrap()];
    refused_annotations(cut, "line 127");
    refused_annotations(
        good().replacen(
            "created: \"2026-03-02T08:32:00Z\"",
            "created: \"yesterday\"",
            1,
        ),
        "line 87, column 17: expected a time such as",
    );
    refused_annotations(
        good().replacen("start: 2, end: 13", "start: -2, end: 13", 1),
        "line 95, column 30: integer is out of bounds",
    );
    let third = "01939f3a-7b1c-7000-8000-000000000009";
    let twice = good().replace(
        "id: \"01939f3a-7b1c-7000-8000-000000000005\"",
        &format!("id: \"{third}\""),
    );
    refused_annotations(
        twice,
        "line 107, column 11: two annotations have the id `01939f3a-7b1c-7000-8000-000000000009`",
    );
    let twice = good().replacen("id: \"denial\"", "id: \"allegation\"", 1);
    refused_annotations(twice, "two tags have the id `allegation`");
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let good = good();
    let end = good.find("\n)\n// end").unwrap() + 2;
    for (at, _) in good.char_indices() {
        // Within the last line, a comment, nothing is lost; but half of its mark is no comment.
        let is_whole = at >= end && !good[..at].ends_with("\n/");
        assert_eq!(read(&good[..at]).is_ok(), is_whole, "cut at byte {at}");
    }
}

#[test]
fn deep_nesting_is_refused_at_once() {
    let million = 1_000_000;
    let head = "(format: \"sourcemark-annotations\", version: (1, 0), ";
    refused_annotations("[".repeat(million), "a file of another program");
    refused_annotations("(".repeat(million), "a file of another program");
    refused_annotations(
        format!("{head}new: {}", "[".repeat(million)),
        "nested more than 48 deep",
    );
    refused_annotations(
        format!("{head}new: {}", "A(a:".repeat(million)),
        "nested more than 48 deep",
    );
    refused_annotations(
        format!("{head}annotations: {}", "[".repeat(million)),
        "expected opening `(`",
    );
    let comments = format!("{}{}{}", "/*".repeat(million), "*/".repeat(million), good());
    assert!(read(&comments).is_ok());
}

#[test]
fn too_much_that_is_unknown_is_refused() {
    let with = |fields: &str| {
        good().replacen(
            "    file_name:",
            &format!("    {fields}\n    file_name:"),
            1,
        )
    };
    let many: String = (0..65).map(|n| format!("f{n}: {n}, ")).collect();
    refused_annotations(with(&many), "more than 64 unknown fields");
    let long = format!("f: \"{}\",", "x".repeat(1 << 20));
    refused_annotations(with(&long), "longer than 1048576 bytes");
    refused_annotations(with("f: 1, f: 2,"), "the field `f` is there twice");
    refused_annotations(format!("({}: 1)", "x".repeat(1 << 20)), "another program");
}

#[test]
fn annotations_that_do_not_fit_the_text_are_kept_and_reported() {
    let text = source(ARTICLE);
    let cases = [
        // Behind the end; inside a character does not exist in code points; wrong unit; absurd.
        ("start: 82, end: 112", "start: 1082, end: 1112"),
        ("start: 82, end: 112", "start: 90, end: 150"),
        ("start: 82, end: 112", "start: 112, end: 82"),
        (
            "start: 82, end: 112",
            "start: 18446744073709551615, end: 18446744073709551615",
        ),
    ];
    for (from, to) in cases {
        let file = read(&good().replacen(from, to, 1)).unwrap();
        assert_eq!(file.findings.len(), 1, "{to}: {:?}", file.findings);
        let marks = Marks::find(&text, &file.set, &|| true).unwrap();
        assert_eq!(marks.unplaced().len(), 0, "found by its quotation: {to}");
        let again = read(&write(&file.set, WriteOptions::default())).unwrap();
        assert_eq!(again.set, file.set);
    }
    let nowhere = good().replacen("इनकार किया\",", "स्वीकार किया\",", 1);
    let file = read(&nowhere).unwrap();
    let marks = Marks::find(&text, &file.set, &|| true).unwrap();
    assert_eq!(marks.unplaced().len(), 1, "kept, but with no place");
}

#[test]
fn another_text_than_the_one_annotated() {
    let file = read(&good()).unwrap();
    let changed = source(&format!("Updated.\n{ARTICLE}"));
    assert_ne!(file.set.article.edition, changed.edition());
    let marks = Marks::find(&changed, &file.set, &|| true).unwrap();
    assert!(!marks.same_edition());
    assert_eq!((marks.unplaced().len(), marks.n_moved(&file.set)), (0, 3));
    assert_eq!(file.set.article.edition, EditionId::of(ARTICLE));
}

#[test]
fn annotations_without_their_article() {
    let folder = tempfile::tempdir().unwrap();
    let article = folder.path().join("gone.txt");
    fs::write(annotations_beside(&article), good()).unwrap();
    assert!(read_article(&article, None).is_err());
    match read_annotations(&annotations_beside(&article)) {
        Loaded::Loaded(file) => assert_eq!(file.set.annotations.len(), 3),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_newer_major_version_is_read_only() {
    let newer = good().replacen("(1, 0)", "(2, 0)", 1);
    match untouched("a.annotations.ron", newer.as_bytes(), read_annotations) {
        Loaded::Loaded(file) => {
            let reason = file.read_only.unwrap();
            assert!(reason.contains("version 2.0"), "{reason}");
            let elsewhere = tempfile::tempdir().unwrap();
            let path = elsewhere.path().join("copy.annotations.ron");
            let error = save_annotations(&path, &file.set, Expected::New, false).unwrap_err();
            check_said(&error, "version 2.0");
        }
        other => panic!("{other:?}"),
    }
    let unlike = "(format: \"sourcemark-annotations\", version: (3, 1), body: Something(1))";
    refused_annotations(
        unlike,
        "format version 3.1; this Sourcemark reads version 1",
    );
}
