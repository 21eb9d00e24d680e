//! The annotation file: canonical bytes, newer versions, and where errors are.

use crate::support::sets::{
    CountingIds, annotation, full_set, merged_set, seen_set, settled_set, source,
};
use sourcemark::format::ron::{
    ReadFile, Trailer, Trouble, VERSION, WriteOptions, original_suffix, read, salvage, write,
};
use std::{path::Path, sync::Arc};

const PINNED: WriteOptions<'static> = WriteOptions {
    crlf: false,
    writer: "sourcemark 0.1.0",
};

fn golden(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/format")
        .join(name);
    std::fs::read_to_string(&path).unwrap()
}

#[track_caller]
fn read_ok(text: &str) -> ReadFile {
    read(text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_file_of_version_1_has_these_bytes() {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        // Not beside other tests, which read the file: `UPDATE_GOLDEN=1 cargo test -- these_bytes`.
        let path = "tests/data/format/v1.annotations.ron";
        std::fs::write(path, write(&full_set(), PINNED)).unwrap();
    }
    let golden = golden("v1.annotations.ron");
    assert_eq!(write(&full_set(), PINNED), golden);
    let file = read_ok(&golden);
    assert_eq!(file.set, full_set());
    assert_eq!(file.findings, []);
    assert_eq!((file.version, file.newer_major), ((1, 0), false));
    assert_eq!((file.crlf, file.trailer), (false, Trailer::Good));
    assert_eq!(file.writer, "sourcemark 0.1.0");
    assert!(
        golden.contains("विक्रेता ने आरोप से इनकार किया"),
        "readable without a decoder"
    );
}

/// The file of each version that was ever released, as that release wrote it. They are read for ever.
fn released() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/format/released");
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            (name, std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn every_version_has_its_file() {
    let name = format!("v{}.{}.annotations.ron", VERSION.0, VERSION.1);
    assert!(
        released().iter().any(|(known, _)| *known == name),
        "the format has a new version: put a file of it that uses every field, as \
         tests/data/format/released/{name}, beside those of the versions before, which stay as they are"
    );
}

#[test]
fn files_of_every_version_are_read_whole() {
    for (name, text) in released() {
        let file = read_ok(&text);
        let version = format!("v{}.{}.annotations.ron", file.version.0, file.version.1);
        assert_eq!(version, name);
        assert!(file.version <= VERSION, "{name}");
        assert_eq!(
            file.trailer,
            Trailer::Good,
            "{name} is not as it was written"
        );
        // No field of an old version is one that this version does not know.
        let is_open = |what: &Trouble| matches!(what, Trouble::OpenConflict { .. });
        let odd = file.findings.iter().find(|found| !is_open(&found.what));
        assert_eq!(odd, None, "{name}");
        let set = &file.set;
        let n_records = [
            set.agents.len(),
            set.tags.len(),
            set.speakers.len(),
            set.claims.len(),
            set.links.len(),
            set.annotations.len(),
        ];
        assert_eq!(n_records, [1, 4, 2, 1, 1, 3], "{name}");
        assert_eq!(read_ok(&write(set, PINNED)).set, *set, "{name}");
        let suffix = original_suffix(file.version);
        assert_eq!(suffix.is_some(), file.version.0 < VERSION.0, "{name}");
        // And what they hold is salvaged when they are damaged.
        let found = salvage(format!("{text}(").as_bytes()).unwrap();
        assert_eq!((&found.set, found.n_losses), (set, 1), "{name}");
    }
}

#[test]
fn the_file_of_version_1_1_has_these_bytes() {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let path = "tests/data/format/released/v1.1.annotations.ron";
        std::fs::write(path, write(&merged_set(), PINNED)).unwrap();
    }
    let golden = golden("released/v1.1.annotations.ron");
    assert_eq!(write(&merged_set(), PINNED), golden);
    let file = read_ok(&golden);
    assert_eq!(file.set, merged_set());
    let is_open = |what: &Trouble| matches!(what, Trouble::OpenConflict { .. });
    assert!(file.findings.iter().all(|found| is_open(&found.what)));
    assert_eq!((file.findings.len(), file.version), (4, (1, 1)));
}

#[test]
fn the_file_of_version_1_2_has_these_bytes() {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let path = "tests/data/format/released/v1.2.annotations.ron";
        std::fs::write(path, write(&settled_set(), PINNED)).unwrap();
    }
    let golden = golden("released/v1.2.annotations.ron");
    assert_eq!(write(&settled_set(), PINNED), golden);
    let file = read_ok(&golden);
    assert_eq!(file.set, settled_set());
    assert_eq!((file.findings.len(), file.version), (4, (1, 2)));
    // Each of the two alone needs the version.
    let mut without_tombstones = seen_set();
    without_tombstones.tombstones = Default::default();
    let mut without_conflicts = seen_set();
    without_conflicts.conflicts = Default::default();
    for set in [without_tombstones, without_conflicts] {
        assert!(write(&set, PINNED).contains("version: (1, 2),"));
    }
}

#[test]
fn a_file_says_the_oldest_version_that_has_what_is_in_it() {
    let mut set = read_ok(&golden("released/v1.1.annotations.ron")).set;
    let tombstones = std::mem::take(&mut set.tombstones);
    assert!(
        write(&set, PINNED).contains("version: (1, 1),"),
        "conflicts"
    );
    set.conflicts = Default::default();
    assert_eq!(
        write(&set, PINNED),
        golden("v1.annotations.ron"),
        "with neither, the file is the very one that 1.0 wrote"
    );
    set.tombstones = tombstones;
    assert!(
        write(&set, PINNED).contains("version: (1, 1),"),
        "tombstones"
    );
}

#[test]
fn version_1_0_carries_conflicts_along_without_knowing_them() {
    // What the two fields are to a program that does not know them: text to be kept.
    let golden = golden("released/v1.1.annotations.ron");
    let newer = golden
        .replace("(1, 1)", "(1, 9)")
        .replace("  tombstones: [", "  tombstones_2: [")
        .replace("  conflicts: [", "  conflicts_2: [");
    let set = read_ok(&newer).set;
    let again = write(&set, PINNED)
        .replace("(1, 9)", "(1, 1)")
        .replace("  tombstones_2: [", "  tombstones: [")
        .replace("  conflicts_2: [", "  conflicts: [");
    assert_eq!(read_ok(&again).set, merged_set());
}

#[test]
fn the_documented_example_is_that_file() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/FILE-FORMAT.md");
    let page = std::fs::read_to_string(page).unwrap();
    let example = page.split("```ron\n").nth(1).unwrap();
    assert_eq!(
        example.split("```").next().unwrap(),
        golden("v1.annotations.ron")
    );
}

#[test]
fn crlf_and_a_byte_order_mark_change_nothing_but_the_line_endings() {
    let golden = golden("v1.annotations.ron");
    let windows = golden.replace('\n', "\r\n");
    let file = read_ok(&format!("\u{FEFF}{windows}"));
    assert_eq!((file.crlf, file.trailer), (true, Trailer::Good));
    assert_eq!(file.set, full_set());
    let options = WriteOptions {
        crlf: true,
        ..PINNED
    };
    assert_eq!(write(&file.set, options), windows);
}

#[test]
fn the_trailer_tells_a_changed_file() {
    let golden = golden("v1.annotations.ron");
    let changed = golden.replace("Two segments", "Two parts");
    assert_eq!(read_ok(&changed).trailer, Trailer::Wrong);
    let body = golden.split("// end").next().unwrap();
    assert_eq!(read_ok(body).trailer, Trailer::Missing);
    assert_eq!(
        read_ok(&format!("{golden}\n// mine\n")).trailer,
        Trailer::Wrong
    );
}

#[test]
fn the_trailer_counts_line_endings_inside_kept_values_alike() {
    // A value kept as written may hold the line endings that the rest of the file does not have, and CR alone.
    for kept in [
        "x: (\r\n1),",
        "x: \"a\r\nb\",",
        "x: (\r\r\n1),",
        "x: (\n1),",
    ] {
        for newline in ["\n", "\r\n"] {
            let text = golden("v1.annotations.ron").replace('\n', newline);
            let text = text.replacen("  agents:", &format!("  {kept} agents:"), 1);
            let file = read_ok(&text);
            let options = WriteOptions {
                crlf: file.crlf,
                ..PINNED
            };
            let again = read_ok(&write(&file.set, options));
            assert_eq!(again.trailer, Trailer::Good, "{kept:?} {newline:?}");
            assert_eq!(again.set, file.set, "{kept:?} {newline:?}");
        }
    }
}

#[test]
fn a_newer_minor_version_goes_through_unharmed() {
    let text = golden("v1.9.annotations.ron");
    let file = read_ok(&text);
    assert_eq!((file.version, file.newer_major), ((1, 9), false));
    assert_eq!(file.findings, []);
    let written = write(&file.set, PINNED);
    for kept in [
        "version: (1, 9)",
        "confidence: Some(0.75)",
        "r#odd-name: {\"a\": [1, 2.50, 'x']}",
        "kind: Robot(model: \"x\")",
        "mode: Some(Ironic(level: 3, of: [Direct]))",
        "position: (start: 2, end: 13, unit: CodePoints)",
        "language: \"en\"",
        "css: Selector(\"#a > b\")",
        "stance: Doubts",
        "pattern: Zigzag(2)",
        "shared: true",
        "/* how sure */ 1",
    ] {
        assert!(written.contains(kept), "lost: {kept}\n{written}");
    }
    let again = read_ok(&written);
    assert_eq!(again.set, file.set);
    assert_eq!(
        write(&again.set, PINNED),
        written,
        "stable from the first save on"
    );
    let windows = written.replace('\n', "\r\n");
    assert_eq!(
        read_ok(&windows).set,
        file.set,
        "kept values hold no CR of the file's"
    );
}

#[test]
fn a_newer_major_version_is_shown_if_it_can_be_read() {
    let text = golden("v1.annotations.ron").replace("(1, 0)", "(2, 3)");
    let file = read_ok(&text);
    assert_eq!((file.version, file.newer_major), ((2, 3), true));
    let other = text.replace("article: (", "articles: [(");
    let error = read(&other).unwrap_err().to_string();
    assert!(error.contains("version 2.3"), "{error}");
}

#[test]
fn what_is_odd_but_loses_nothing_is_told() {
    let text = source("He denied it. She alleged it.");
    let mut set = full_set();
    let ids = &mut CountingIds(100);
    let mut odd = annotation(&text, "denied", ids);
    odd.tags = vec![sourcemark::annotation::TagId::parse("unheard-of").unwrap()];
    let id = odd.id;
    odd.segments[0].position.start = sourcemark::text::CharOffset::new(20);
    set.annotations.insert(id, Arc::new(odd));
    let third = *set.annotations.keys().nth(2).unwrap();
    set.annotations.remove(&third);
    let found: Vec<Trouble> = read_ok(&write(&set, PINNED))
        .findings
        .into_iter()
        .map(|finding| finding.what)
        .collect();
    assert!(
        matches!(
            found[0],
            Trouble::UnknownTag {
                n_annotations: 1,
                ..
            }
        ),
        "{found:?}"
    );
    assert!(
        matches!(
            found[1],
            Trouble::Reversed {
                segment: 0,
                start: 20,
                end: 9
            }
        ),
        "{found:?}"
    );
    assert!(matches!(found[2], Trouble::UnknownAgent(_)), "{found:?}");
    assert!(matches!(found[3], Trouble::DanglingLink), "{found:?}");
    assert_eq!(found.len(), 4);
}

/// Replaces the first `from` in the golden file by `to`; the error is on that line.
#[track_caller]
fn check_error(from: &str, to: &str, column: usize, fragment: &str) {
    let golden = golden("v1.annotations.ron");
    let at = golden.find(from).unwrap();
    let line = golden[..at].lines().count();
    let error = read(&golden.replacen(from, to, 1)).unwrap_err();
    let shown = error.to_string();
    assert_eq!((error.line, error.column), (line, column), "{shown}");
    assert!(shown.contains(fragment), "{shown}");
}

#[test]
fn errors_say_where() {
    check_error(
        "name: \"Chitra",
        "name \"Chitra",
        12,
        "expected colon: `name \"Chitra चित्रा\",`",
    );
    check_error("kind: Person,", "kind: 5,", 14, "a word such as Direct");
    check_error("creator: \"0", "creator: \"x", 17, "a UUID such as");
    check_error("(1, 0)", "(1, -1)", 17, "out of bounds");
    check_error(
        "created: \"2026-03",
        "created: \"2026-13",
        17,
        "a time such as",
    );
    check_error("\"#d55e00\"", "\"red\"", 16, "a colour such as");
    check_error(
        "hash: \"blake3:",
        "hash: \"sha1:",
        12,
        "64 hexadecimal digits",
    );
    check_error("end: 13)", "end: 13, end: 14)", 44, "duplicate");
    check_error(
        "\"high\",",
        "\"high\", \"certainty\": \"low\",",
        41,
        "there twice",
    );
}

#[test]
fn a_large_file_is_looked_through_like_a_small_one() {
    // Large enough for two threads to share the work.
    let text = source("They deny it.");
    let ids = &mut CountingIds(0);
    let mut set = full_set();
    set.annotations.clear();
    set.links.clear();
    for n in 0..20_500 {
        let mut mark = annotation(&text, "deny", ids);
        mark.creator = *set.agents.keys().next().unwrap();
        if n % 8_000 == 1 {
            mark.tags = vec![sourcemark::annotation::TagId::parse("nowhere").unwrap()];
            mark.segments.clear();
        }
        set.annotations.insert(mark.id, Arc::new(mark));
    }
    let odd: Vec<String> = set
        .annotations
        .values()
        .filter(|mark| mark.segments.is_empty())
        .map(|mark| format!("annotation {}", mark.id))
        .collect();
    let file = read_ok(&write(&set, PINNED));
    assert_eq!(file.trailer, Trailer::Good);
    assert_eq!(file.set, set);
    let found = |what: &str| -> Vec<&str> {
        let found = file.findings.iter();
        let found = found.filter(|finding| finding.what.to_string().contains(what));
        found.map(|finding| finding.place.as_str()).collect()
    };
    assert_eq!(found("has no segment"), odd);
    assert_eq!(odd.len(), 3);
    assert_eq!(found("3 annotations have it"), odd[..1]);
}
