//! Laws that hold for whatever is put in: texts of every script, sets with every field, edits in any order.

use crate::support::{
    any_set::{any_set, any_text},
    edits::{N_KINDS, edit_of, person, range_in, stamp},
    sets::{CountingIds, full_set, source},
};
use proptest::{collection::vec, prelude::*, sample::select};
use sourcemark::{
    anchor::{Origin, describe, resolve},
    annotation::{AnnotationSet, Article, Marks},
    edit::{Edit, Workspace, difference},
    format::ron::{Trailer, WriteOptions, read, write},
    text::{ByteOffset, CharOffset, boundary},
};
use std::sync::Arc;

/// What a careless hand or a bad disk might put into a file.
const PIECES: &[&str] = &[
    "",
    " ",
    "\n",
    "\r\n",
    "\"",
    "\\",
    ",",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    "//",
    "/*",
    "*/",
    "0",
    "Some(",
    "None",
    "x: 1, ",
    "x: Y(/* z */), ",
    "r#x-y: \"\", ",
    "Word",
    "\u{0}",
    "\u{FEFF}",
    "é",
    "#![enable(implicit_some)]",
    "r#\"a\"#",
    "'",
    "segments: [], ",
    "(1, 7)",
    "-1",
    "1e9",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn offsets_there_and_back(text in any_text(400)) {
        let text = source(&text);
        let mut n_chars = 0;
        for byte in text.as_str().char_indices().map(|(at, _)| at).chain([text.len()]) {
            let byte = ByteOffset::new(byte);
            let char = text.to_char(byte).unwrap();
            prop_assert_eq!(char, CharOffset::new(n_chars));
            prop_assert_eq!(text.to_byte(char).unwrap(), byte);
            n_chars += 1;
        }
        prop_assert_eq!(text.n_chars() + 1, n_chars);
        prop_assert!(text.to_byte(CharOffset::new(n_chars)).is_err());
    }

    #[test]
    fn what_is_described_is_found_where_it_was(text in any_text(60), a in 0usize..4000, b in 0usize..4000) {
        let text = source(&text);
        let range = range_in(&text, a, b);
        let selector = describe(&text, range).unwrap();
        let found = resolve(&text, Origin::This, &selector);
        if range.is_empty() {
            prop_assert_eq!(found.word(), "orphan");
        } else {
            prop_assert_eq!(found.range(), Some(range));
        }
        let snapped = boundary::snap(&text, range);
        prop_assert!(snapped.encloses(range) || range.is_empty());
        prop_assert_eq!(boundary::snap(&text, snapped), snapped);
    }

    #[test]
    fn what_was_written_is_read(set in any_set(), crlf in any::<bool>()) {
        let options = WriteOptions { crlf, ..WriteOptions::default() };
        let written = write(&set, options);
        let file = read(&written).unwrap_or_else(|error| panic!("{error}\n{written}"));
        prop_assert_eq!(&file.set, &set);
        prop_assert_eq!(file.trailer, Trailer::Good);
        prop_assert_eq!(file.crlf, crlf);
        prop_assert_eq!(write(&file.set, options), written, "the same bytes twice");
    }

    #[test]
    fn a_damaged_file_is_refused_or_loses_nothing_more(
        at in any::<prop::sample::Index>(),
        n_removed in 0usize..40,
        put in select(PIECES),
    ) {
        let text = write(&full_set(), WriteOptions::default());
        let start = text.floor_char_boundary(at.index(text.len() + 1));
        let end = text.floor_char_boundary((start + n_removed).min(text.len()));
        let damaged = format!("{}{put}{}", &text[..start], &text[end..]);
        match read(&damaged) {
            Ok(file) => {
                let written = write(&file.set, WriteOptions::default());
                let again = read(&written).unwrap_or_else(|error| panic!("{error}\n{written}"));
                prop_assert_eq!(&again.set, &file.set);
                prop_assert_eq!(write(&again.set, WriteOptions::default()), written);
            }
            Err(error) => prop_assert!(error.line <= damaged.lines().count() + 1),
        }
    }

    #[test]
    fn the_difference_of_two_sets_leads_from_one_to_the_other(
        ours in any_set(),
        theirs in any_set(),
        shared in 0usize..8,
    ) {
        // Some records the two have in common, and some in two versions.
        let mut theirs = theirs;
        for (nth, (id, annotation)) in ours.annotations.iter().take(shared).enumerate() {
            let mut annotation = annotation.clone();
            if nth % 2 == 1 {
                Arc::make_mut(&mut annotation).note.push_str(" And more.");
            }
            theirs.annotations.insert(*id, annotation);
        }
        let change = difference(&ours, &theirs);
        let mut set = ours.clone();
        change.replay(&mut set);
        prop_assert_eq!(&set, &theirs);
        change.invert().replay(&mut set);
        prop_assert_eq!(&set, &ours);
        prop_assert!(difference(&ours, &ours.clone()).is_empty());
    }

    #[test]
    fn undo_and_redo_lead_there_and_back(
        old in any_text(40),
        new in any_text(10),
        steps in vec((0u8..N_KINDS, 0usize..4000, 0usize..4000, any::<bool>()), 1..40),
    ) {
        check_history(&old, &new, &steps);
    }
}

/// Edits a set that was made on `old` and is opened on `new` + `old`.
fn check_history(old: &str, new: &str, steps: &[(u8, usize, usize, bool)]) {
    let ids = &mut CountingIds(0);
    let old = source(old);
    let mut set = AnnotationSet::new(Article::describe(&old, "a.txt", "UTF-8"));
    for n in 0..4 {
        let range = range_in(&old, n * 7, n * 13 + 5);
        let mut made = AnnotationSet::clone(&set);
        let marks = Marks::find(&old, &set, &|| true).unwrap();
        let mut workspace = Workspace::new(made.clone(), marks);
        let edit = Edit::Annotate {
            segments: vec![range],
            tags: Vec::new(),
            note: String::new(),
            speaker: None,
        };
        if workspace
            .apply(&edit, &mut stamp(person(1), ids, n as i64))
            .is_ok()
        {
            made = workspace.set().clone();
        }
        set = made;
    }
    let text = source(&format!("{new}{}", old.as_str()));
    let marks = Marks::find(&text, &set, &|| true).unwrap();
    let start = set.clone();
    let mut workspace = Workspace::new(set, marks);
    for (n, step) in steps.iter().enumerate() {
        let before = workspace.set().clone();
        let edit = edit_of(&workspace, *step);
        match workspace.apply(&edit, &mut stamp(person(1), ids, 100 + n as i64)) {
            Ok(change) if change.is_empty() => assert_eq!(workspace.set(), &before),
            Ok(_) => {}
            Err(_) => assert_eq!(workspace.set(), &before, "a refused edit changes nothing"),
        }
        check_marks(&workspace, &format!("after {edit:?}"));
    }
    let end = workspace.set().clone();
    let mut n_undone = 0;
    while workspace.undo().is_some() {
        n_undone += 1;
        check_marks(&workspace, "after undo");
    }
    assert_eq!(workspace.set(), &start);
    assert!(workspace.history().is_saved());
    while workspace.redo().is_some() {
        n_undone -= 1;
    }
    assert_eq!((workspace.set(), n_undone), (&end, 0));
    check_marks(&workspace, "after redo");
}

/// The places that were followed edit by edit are those found from scratch.
#[track_caller]
fn check_marks(workspace: &Workspace, when: &str) {
    let followed = workspace.marks();
    let found = Marks::find(workspace.text(), workspace.set(), &|| true).unwrap();
    assert_eq!(followed.same_edition(), found.same_edition(), "{when}");
    let lists = |marks: &Marks| -> [Vec<_>; 2] {
        [marks.index(), marks.order()].map(|list| list.iter().copied().collect())
    };
    assert_eq!(lists(followed), lists(&found), "{when}");
    assert_eq!(followed.unplaced(), found.unplaced(), "{when}");
    assert_eq!(followed.n_annotations(), found.n_annotations(), "{when}");
    for id in workspace.set().annotations.keys() {
        assert_eq!(followed.placement(*id), found.placement(*id), "{when}");
    }
    for tag in workspace.set().tags.keys() {
        assert_eq!(followed.n_tagged(tag), found.n_tagged(tag), "{when}");
    }
}
