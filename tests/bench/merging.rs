//! Measures merging, without the window: `cargo bench --bench merging --no-default-features`, with `-- quick` for
//! the small sizes alone.

#![expect(
    clippy::expect_used,
    reason = "a measurement that cannot be made stops with the reason"
)]

mod data;
#[expect(dead_code, reason = "the other measurements use more of it")]
mod measure;

use data::{Counting, Numbers, annotated, placed, prose, somewhere, stamp};
use measure::{Table, times};
use sourcemark::{
    annotation::{AnnotationId, AnnotationSet, Article},
    edit::{Edit, apply},
    merge::{Note, three_way},
    text::SourceText,
};
use std::time::Duration;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let quick = arguments
        .iter()
        .any(|argument| argument == "quick" || argument == "--test");
    let mut table = Table::new();
    records(&mut table, quick);
    wordings(&mut table, quick);
    table.print();
}

/// Two people's work on a large file: each changes and adds a thousand of a hundred thousand marks.
fn records(table: &mut Table, quick: bool) {
    let (bytes, n, n_edits) = if quick {
        (1_000_000, 10_000, 100)
    } else {
        (10_000_000, 100_000, 1_000)
    };
    let text = SourceText::new(prose(bytes)).expect("fits");
    let base = annotated(&text, n);
    let [ours, theirs] = [1, 2].map(|seed| worked_on(&base, &text, seed, n_edits));
    // As read from three files: nothing is shared in memory.
    let [base, ours, theirs] = [base, ours, theirs].map(|set| {
        let written = sourcemark::format::ron::write(&set, Default::default());
        sourcemark::format::ron::read(&written)
            .expect("just written")
            .set
    });
    let merge = || three_way(&base, ("ours", &ours), ("theirs", &theirs), &[]);
    let merged = merge();
    assert!(
        merged.set.annotations.len() >= n + n_edits,
        "both sides' marks"
    );
    let taken = times(if quick { 11 } else { 5 }, merge);
    table.time(
        format!("{n} marks, {n_edits} changed and {n_edits} added on each side: merge"),
        taken.median,
        Duration::from_secs(2),
    );
    table.note(
        "conflicts in it",
        format!("{} of {} changes", merged.set.conflicts.len(), 2 * n_edits),
    );
}

fn worked_on(set: &AnnotationSet, text: &SourceText, seed: u64, n: usize) -> AnnotationSet {
    let (mut numbers, mut ids) = (Numbers(77 * seed), Counting(u128::from(seed) << 40));
    let all: Vec<AnnotationId> = set.annotations.keys().copied().collect();
    let mut set = set.clone();
    for _ in 0..n {
        let note = format!("Note {} of {seed}.", numbers.below(1_000));
        let id = all[numbers.below(all.len())];
        let edits = [
            Edit::SetNote { id, note },
            Edit::Annotate {
                segments: vec![somewhere(text, &mut numbers)],
                tags: Vec::new(),
                note: String::new(),
                speaker: None,
            },
        ];
        for edit in edits {
            if let Ok(change) = apply(&set, text, &edit, &mut stamp(&mut ids)) {
                change.replay(&mut set);
            }
        }
    }
    set
}

/// Both sides have changed one word in a hundred of the article itself and marked on.
fn wordings(table: &mut Table, quick: bool) {
    let bytes = if quick { 200_000 } else { 1_000_000 };
    let n = bytes / 500;
    let old = SourceText::new(prose(bytes)).expect("fits");
    let base = annotated(&old, n);
    let sides: Vec<(SourceText, AnnotationSet)> = [3, 4]
        .map(|seed| {
            let text = SourceText::new(reworded(old.as_str(), seed)).expect("fits");
            let adopted = adopted(&base, &text);
            let set = worked_on(&adopted, &text, seed, n / 10);
            (text, set)
        })
        .into();
    let [(our_text, ours), (their_text, theirs)] = sides.as_slice() else {
        unreachable!("two sides");
    };
    let texts = [old.clone(), our_text.clone(), their_text.clone()];
    let merge = || three_way(&base, ("ours", ours), ("theirs", theirs), &texts);
    let merged = merge();
    let missing = ours
        .annotations
        .keys()
        .chain(theirs.annotations.keys())
        .filter(|id| !merged.set.annotations.contains_key(*id))
        .count();
    let n_all = merged.set.annotations.len();
    table.time(
        format!(
            "{} kB of prose, 1 % of the words changed on each side, {n} marks: merge",
            bytes / 1_000
        ),
        times(5, merge).median,
        Duration::from_secs(2),
    );
    table.note(
        "marks of either side that are missing",
        format!("{missing} of {n_all}"),
    );
    // Notes are written on both sides alike; what is asked here is what the wording does.
    let conflicts = merged.set.conflicts.values();
    let n_places = conflicts.filter(|it| it.field != "note").count();
    table.note(
        "conflicts about places or the text",
        format!(
            "{n_places} = {:.2} % of the marks",
            100.0 * n_places as f64 / n_all as f64
        ),
    );
    let n_paragraphs = old.as_str().split("\n\n").count();
    for note in &merged.notes {
        match note {
            Note::Reworded { n_clashes, .. } => table.note(
                "paragraphs in which both changed the same words",
                format!(
                    "{n_clashes} of {n_paragraphs} = {:.2} %",
                    100.0 * *n_clashes as f64 / n_paragraphs as f64
                ),
            ),
            Note::Reanchored {
                side,
                n_found,
                n_not_found,
            } => table.note(
                format!("marks of {side} with the other side's change inside"),
                format!("{n_not_found} of {}", n_found + n_not_found),
            ),
            _ => {}
        }
    }
}

fn reworded(text: &str, seed: u64) -> String {
    let mut numbers = Numbers(991 * seed);
    let words: Vec<&str> = text.split(' ').collect();
    let changed = words.iter().map(|word| match numbers.below(100) {
        0 => match numbers.below(3) {
            0 => format!("{word} indeed"),
            1 => String::from("otherwise"),
            _ => String::new(),
        },
        _ => (*word).to_owned(),
    });
    changed.collect::<Vec<_>>().join(" ")
}

/// The set after a person has taken `text` as the one it stands on.
fn adopted(set: &AnnotationSet, text: &SourceText) -> AnnotationSet {
    let marks = placed(text, set);
    let ranges = |id: &AnnotationId| {
        let placement = marks.placement(*id);
        let ranges: Vec<_> = placement
            .iter()
            .flat_map(|placement| placement.ranges())
            .collect();
        ranges
            .into_iter()
            .map(|(segment, range)| (*id, segment, range))
            .collect::<Vec<_>>()
    };
    let edit = Edit::AdoptText {
        article: Box::new(Article::describe(text, "bench.txt", "UTF-8")),
        found: set.annotations.keys().flat_map(ranges).collect(),
    };
    let mut ids = Counting(1 << 50);
    let mut set = set.clone();
    let change = apply(&set, text, &edit, &mut stamp(&mut ids)).expect("found");
    change.replay(&mut set);
    set
}
