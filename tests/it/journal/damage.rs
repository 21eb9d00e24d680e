//! Journals that are cut short, damaged or made by somebody with bad intentions.

use super::desk::{ANNOTATIONS, ARTICLE, Desk, Room, TEXT};
use crate::support::{memory_fs::MemoryFs, sets::time};
use sourcemark::{
    edit::{Change, Edit},
    files::{Base, FileErrorKind},
    format::{
        journal::{Encoder, JournalError, read_bytes},
        ron::journal::{BaseFile, Header},
    },
    text::EditionId,
};
use std::{fmt::Write as _, path::Path};

/// Edits of every kind, then a crash: the room as it is left.
fn left_in_a_crash(n_steps: usize) -> Room {
    let room = Room::new();
    let mut desk = Desk::open(&room);
    desk.mark(4);
    desk.save();
    for n in 0..n_steps {
        match n % 6 {
            0 | 1 => drop(desk.mark(n)),
            2 => {
                let id = *desk.set().annotations.keys().next_back().unwrap();
                desk.note(id, "“Who says so?”\nचित्रा");
            }
            3 => desk.undo(),
            4 => desk.redo(),
            _ => {
                let id = *desk.set().annotations.keys().next().unwrap();
                desk.edit(&Edit::AddComment {
                    id,
                    text: format!("no. {n}"),
                });
            }
        }
        desk.settle();
    }
    desk.crash();
    room
}

/// Where each record of a journal ends.
fn ends(bytes: &[u8]) -> Vec<usize> {
    let (mut ends, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let length: [u8; 4] = bytes[at..at + 4].try_into().unwrap();
        at += 12 + u32::from_le_bytes(length) as usize;
        ends.push(at);
    }
    assert_eq!(ends.last(), Some(&bytes.len()));
    ends
}

/// The changes that a journal of these bytes must give: those whose records end before `damage`. The first two
/// records are the header and the base.
fn check_read(bytes: &[u8], damage: usize, ends: &[usize], all: &[Change]) {
    let n_whole = ends.iter().filter(|end| **end <= damage).count();
    match read_bytes(bytes) {
        Err(error) => assert_eq!((error, n_whole), (JournalError::Damaged, 0)),
        Ok(journal) => {
            assert!(n_whole > 0);
            assert_eq!(journal.base.is_some(), n_whole > 1);
            assert_eq!(journal.changes, all[..n_whole.saturating_sub(2)]);
            let whole = n_whole.checked_sub(1).map_or(0, |last| ends[last]);
            assert_eq!(journal.n_torn_bytes, bytes.len() - whole);
        }
    }
}

/// Cuts a journal of `n_steps` at every `step`th byte, and changes every `step`th.
fn check_every_byte(n_steps: usize, step: usize) {
    let (_, bytes) = left_in_a_crash(n_steps).journal();
    let (ends, all) = (ends(&bytes), read_bytes(&bytes).unwrap().changes);
    assert_eq!(all.len(), n_steps);
    let mut damaged = bytes.clone();
    for at in (0..bytes.len()).step_by(step) {
        check_read(&bytes[..at], at, &ends, &all);
        let bit = 1 << (at % 8);
        damaged[at] ^= bit;
        check_read(&damaged, at, &ends, &all);
        damaged[at] ^= bit;
    }
}

#[test]
fn cut_or_changed_at_any_byte_its_beginning_is_read() {
    check_every_byte(6, 1);
    check_every_byte(36, 41);
}

/// Takes about a minute: `cargo test -- --ignored every_byte_of_a_long_journal`.
#[test]
#[ignore = "takes a minute"]
fn every_byte_of_a_long_journal() {
    check_every_byte(36, 1);
}

#[test]
fn a_damaged_journal_neither_blocks_opening_nor_touches_the_file() {
    let room = left_in_a_crash(12);
    let (path, bytes) = room.journal();
    let (ends, file) = (ends(&bytes), room.annotations());
    let (loaded, _) = room.load();
    let near = ends
        .iter()
        .flat_map(|end| [end - 1, *end, end + 1, end + 4, end + 12]);
    let places: Vec<usize> = near.chain((0..bytes.len()).step_by(499)).collect();
    for at in places.into_iter().filter(|at| *at < bytes.len()) {
        for is_cut in [true, false] {
            let mut damaged = bytes.clone();
            if is_cut {
                damaged.truncate(at);
            } else {
                damaged[at] ^= 0x10;
            }
            let room = Room::of(MemoryFs::of(room.memory.now(), Default::default()));
            room.memory.plant(&path, &damaged);
            let n_changes = ends
                .iter()
                .filter(|end| **end <= at)
                .count()
                .saturating_sub(2);
            let recoverable = room.recoverable();
            match &recoverable.found[..] {
                [recovery] => {
                    let is_torn = !(is_cut && ends.contains(&at));
                    assert_eq!((recovery.n_changes, recovery.is_torn), (n_changes, is_torn));
                    assert_eq!(recovery.base, Base::Same);
                    let whole = recovery.whole().unwrap();
                    assert_eq!(recovery.apply_to(&loaded).set, whole);
                }
                // Cut behind the header or the base exactly: it holds no work.
                [] if is_cut && ends[..2].contains(&at) => {
                    assert!(recoverable.problems.is_empty());
                    assert!(room.journal_files().is_empty());
                }
                [] => {
                    assert_eq!(n_changes, 0);
                    let [problem] = &recoverable.problems[..] else {
                        panic!("{recoverable:?}")
                    };
                    assert!(problem.path.extension().is_some_and(|end| end == "damaged"));
                    assert_eq!(room.endings(), ["damaged"], "kept aside");
                    assert!(room.recoverable().problems.is_empty(), "told once");
                }
                _ => panic!("{recoverable:?}"),
            }
            assert_eq!(room.annotations(), file);
        }
    }
}

fn header() -> Header {
    Header {
        writer: "x".to_owned(),
        article: ARTICLE.into(),
        annotations: ANNOTATIONS.into(),
        base: None,
        edition: EditionId::of(TEXT),
        pid: 1,
        host: String::new(),
        started: time("2026-03-01T12:00:00Z"),
    }
}

/// A room in whose journal folder these bytes lie under a name of the article's.
fn room_with(bytes: &[u8]) -> Room {
    let room = left_in_a_crash(1);
    let (path, _) = room.journal();
    room.memory.plant(&path, bytes);
    room
}

/// One change by a journal with this header.
fn bytes_with(header: &Header) -> Vec<u8> {
    let changes = read_bytes(&left_in_a_crash(1).journal().1).unwrap().changes;
    let (mut encoder, mut bytes) = (Encoder::default(), Vec::new());
    encoder.header(header, &mut bytes).unwrap();
    encoder.change(&changes[0], &mut bytes).unwrap();
    bytes
}

#[test]
fn a_journal_about_another_article_is_put_aside() {
    let elsewhere = Header {
        article: "/etc/passwd".into(),
        ..header()
    };
    let room = room_with(&bytes_with(&elsewhere));
    assert_eq!(room.recoverable().problems.len(), 1);
    assert_eq!(room.endings(), ["damaged"]);
}

#[test]
fn an_annotation_file_that_cannot_be_looked_at_is_said_to_be_so() {
    let check = |annotations: &str, base: Option<BaseFile>, expected| {
        let header = Header {
            annotations: annotations.into(),
            base,
            ..header()
        };
        let room = room_with(&bytes_with(&header));
        let recovery = room.only_recovery();
        assert_eq!(recovery.base, expected, "{annotations}");
        assert_eq!(recovery.whole(), None, "it holds no base");
    };
    let base = Some(BaseFile {
        len: 3,
        hash: [0; 32],
    });
    check("/d", None, Base::Unreadable);
    check("/d", base, Base::Unreadable);
    check("/home/somebody/else.ron", None, Base::Same);
    check("/home/somebody/else.ron", base, Base::Gone);
    check(ANNOTATIONS, base, Base::Changed);
    check(ARTICLE, None, Base::Appeared);
}

#[test]
fn a_journal_of_a_newer_program_is_left_to_it() {
    let room = left_in_a_crash(1);
    let (path, _) = room.journal();
    let mut bytes = bytes_with(&header());
    let at = memchr::memmem::find(&bytes, b"version: (1, 0)").unwrap();
    bytes[at + 10] = b'2';
    reseal(&mut bytes);
    room.memory.plant(&path, &bytes);
    for _ in 0..2 {
        let recoverable = room.recoverable();
        let [problem] = &recoverable.problems[..] else {
            panic!("{recoverable:?}")
        };
        let FileErrorKind::Journal(error) = &problem.kind else {
            panic!("{problem}")
        };
        assert_eq!(*error, JournalError::Newer { found: (2, 0) });
    }
    assert_eq!(room.journal().1, bytes);
}

/// Gives the records of a journal the hashes that they must have, as whoever forges one does.
fn reseal(bytes: &mut [u8]) {
    let (mut at, mut before) = (0, *b"journal1");
    while at < bytes.len() {
        let length: [u8; 4] = bytes[at..at + 4].try_into().unwrap();
        let end = at + 12 + u32::from_le_bytes(length) as usize;
        let mut hasher = blake3::Hasher::new();
        hasher
            .update(&before)
            .update(&length)
            .update(&bytes[at + 12..end]);
        before.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        bytes[at + 4..at + 12].copy_from_slice(&before);
        at = end;
    }
}

/// A forged journal with records of these kinds and texts behind its header.
fn forged(records: &[(u8, &str)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    Encoder::default().header(&header(), &mut bytes).unwrap();
    for (kind, text) in records {
        bytes.extend(u32::try_from(text.len() + 1).unwrap().to_le_bytes());
        bytes.extend([0; 8]);
        bytes.push(*kind);
        bytes.extend(text.as_bytes());
    }
    reseal(&mut bytes);
    bytes
}

#[test]
fn forged_records_end_the_reading() {
    let deep = "[".repeat(1_000_000);
    let deep_field = format!("[Annotation((x: {deep}))]");
    let id = "01939f3a-7b1c-7000-8000-000000000001";
    let other = "01939f3a-7b1c-7000-8000-000000000002";
    let tag = |id: &str| format!("Some((id: \"{id}\"))");
    let one_side = format!("[Tag((before: {}))]", tag("x"));
    let twins = format!("[Tag((before: {}, after: {}))]", tag("x"), tag("y"));
    let claims = format!("[Claim((before: Some((id: \"{id}\")), after: Some((id: \"{other}\"))))]");
    assert_eq!(
        read_bytes(&forged(&[(b'c', &one_side)]))
            .unwrap()
            .changes
            .len(),
        1
    );
    let records: &[(u8, &str)] = &[
        (b'c', &deep),
        (b'c', &deep_field),
        (b'b', &deep),
        (b'c', ""),
        (b'c', "[Tag(())]"),
        (b'c', "[Article((after: None))]"),
        (b'c', "[Other((before: None))]"),
        (b'c', "#![enable(implicit_some)] []"),
        (b'c', &twins),
        (b'c', &claims),
        (b'h', "()"),
        (b'x', "[]"),
        (0, "[]"),
    ];
    for record in records {
        let bytes = forged(&[(b'c', "[]"), *record, (b'c', "[]")]);
        let journal = read_bytes(&bytes).unwrap();
        assert_eq!(journal.changes.len(), 1, "{:?}", record.0);
        assert!(journal.n_torn_bytes > 13);
    }
}

#[test]
fn a_length_that_lies_costs_no_memory() {
    for length in [u32::MAX, 1 << 31, 1 << 20, 0] {
        let mut bytes = bytes_with(&header());
        bytes.extend(length.to_le_bytes());
        bytes.extend([7; 40]);
        let journal = read_bytes(&bytes).unwrap();
        assert_eq!((journal.changes.len(), journal.n_torn_bytes), (1, 44));
        assert_eq!(
            read_bytes(&length.to_le_bytes()),
            Err(JournalError::Damaged)
        );
    }
    assert_eq!(read_bytes(b""), Err(JournalError::Damaged));
}

#[test]
fn paths_that_are_none_are_refused() {
    let check = |path: &str| {
        let mut text = String::new();
        write!(text, "(format: \"sourcemark-journal\", version: (1, 0), article: \"{path}\", annotations: \"/a\", edition: \"{}\", started: \"2026-03-01T12:00:00Z\")", EditionId::of("")).unwrap();
        sourcemark::format::ron::journal::read_header(&text)
    };
    assert_eq!(check("/a b/é").unwrap().article, Path::new("/a b/é"));
    for path in [
        "",
        "news.txt",
        "../news.txt",
        "hex:",
        "hex:2",
        "hex:zz",
        "/a\\u{0}b",
        "hex:2f00",
    ] {
        check(path).unwrap_err();
    }
}

#[cfg(unix)]
#[test]
fn a_path_of_any_bytes_is_kept() {
    use std::os::unix::ffi::OsStrExt;
    let path = Path::new(std::ffi::OsStr::from_bytes(b"/d/n\xFFws.txt"));
    let header = Header {
        article: path.to_owned(),
        ..header()
    };
    let text = sourcemark::format::ron::journal::write_header(&header);
    assert_eq!(
        sourcemark::format::ron::journal::read_header(&text),
        Ok(header)
    );
}
