//! Measures the journal and prints it as a table: `cargo bench --no-default-features --bench journal`, or with
//! `-- quick` the small set alone. Needs no window.

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a measurement that cannot be made stops with the reason; the writer has a thread, as in the window"
)]

mod data;
#[expect(dead_code, reason = "the other measurements use more of it")]
mod measure;

use data::{Counting, Numbers, annotated, placed, prose, somewhere, stamp};
use measure::{Table, Times, shown, times};
use sourcemark::{
    annotation::{AnnotationSet, TagId},
    edit::{Change, Edit, Workspace, difference},
    files::{Disk, JournalStart, fs::RealFs},
    text::SourceText,
};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// Edits that are measured.
const N_EDITS: usize = 10_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let quick = arguments
        .iter()
        .any(|argument| argument == "quick" || argument == "--test");
    let sizes: &[(usize, usize, &str)] = if quick {
        &[(1_000_000, 1_000, "1 k")]
    } else {
        &[
            (1_000_000, 1_000, "1 k"),
            (1_000_000, 5_000, "5 k"),
            (10_000_000, 100_000, "100 k"),
        ]
    };
    let mut table = Table::new();
    for (bytes, n, what) in sizes {
        let text = SourceText::new(prose(*bytes)).expect("fits");
        measure(&mut table, what, &text, &annotated(&text, *n));
    }
    table.print();
}

fn measure(table: &mut Table, what: &str, text: &SourceText, set: &AnnotationSet) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let article = folder.path().join("bench.txt");
    let start = || JournalStart {
        article: article.clone(),
        annotations: folder.path().join("bench.txt.annotations.ron"),
        identity: None,
        set: set.clone(),
    };
    let disk = |name: &str| Disk::new(Arc::new(RealFs), Some(folder.path().join(name)));

    // The window's side, with the writer at work.
    let (journals, writer) = disk("one").journals().expect("a folder");
    let thread = std::thread::spawn(move || writer.run(|event| panic!("{event:?}")));
    let journal = journals.begin(start());
    let mut workspace = Workspace::new(set.clone(), placed(text, set));
    let (mut changes, mut taken) = (Vec::new(), Vec::new());
    for change in edits(&mut workspace) {
        let start = Instant::now();
        journal.append(&change);
        taken.push(start.elapsed());
        changes.push(change);
    }
    let flushing = Instant::now();
    assert!(journals.flush(Duration::from_secs(600)), "all is written");
    let behind = flushing.elapsed();
    let edited = workspace.set().clone();
    drop((journal, journals));
    thread.join().expect("the writer ends");
    let sent = Times::of(taken);
    let limit = Duration::from_micros(200);
    table.time(
        format!("{what} marks: append, window’s side, p99"),
        sent.p99,
        limit,
    );
    table.time(
        format!("{what} marks: append, window’s side, worst"),
        sent.worst,
        limit,
    );
    table.note(
        format!("{what} marks: writer behind after {N_EDITS} edits in a row"),
        shown(behind),
    );

    // The writer's side, change by change; the clock stands still, so that nothing is synced.
    let (journals, mut writer) = disk("other").journals().expect("a folder");
    let journal = journals.begin(start());
    let (now, mut taken) = (Instant::now(), Vec::new());
    for change in &changes {
        journal.append(change);
        let start = Instant::now();
        writer.step(now, &mut |event| panic!("{event:?}"));
        taken.push(start.elapsed());
    }
    let first = taken.first().copied().unwrap_or_default();
    let written = Times::of(taken);
    table.note(
        format!("{what} marks: first change, with what it goes on from, synced"),
        shown(first),
    );
    table.note(
        format!("{what} marks: encode and append, writer’s side, median and p99"),
        format!("{}, {}", shown(written.median), shown(written.p99)),
    );
    let syncing = Instant::now();
    writer.step(now + Duration::from_secs(2), &mut |event| {
        panic!("{event:?}")
    });
    table.note(format!("{what} marks: sync"), shown(syncing.elapsed()));
    drop((journal, journals, writer));
    table.note(
        format!("{what} marks: length of a change"),
        length(folder.path(), changes.len()),
    );

    let found = times(1, || disk("other").recoverable());
    table.note(
        format!("{what} marks: find and read a journal of {N_EDITS}"),
        shown(found.median),
    );
    let found = disk("other").recoverable().found;
    let recovery = found.first().expect("just written");
    let applied = times(5, || recovery.apply_to(set));
    table.note(
        format!("{what} marks: fit {N_EDITS} changes"),
        shown(applied.median),
    );
    assert_eq!(recovery.apply_to(set).set, edited, "it is what it was");
    let between = times(5, || difference(set, &edited));
    table.note(
        format!("{what} marks: what lies between the sets"),
        shown(between.median),
    );
}

/// Marks, tags, notes and steps back, one after the other.
fn edits(workspace: &mut Workspace) -> impl Iterator<Item = Change> {
    let (mut numbers, mut ids) = (Numbers(5), Counting(1 << 40));
    let all: Vec<_> = workspace.set().annotations.keys().copied().collect();
    let tags: Vec<TagId> = workspace.set().tags.keys().cloned().collect();
    let mut n = 0;
    std::iter::from_fn(move || {
        (n < N_EDITS).then(|| {
            let id = all[numbers.below(all.len())];
            loop {
                n += 1;
                let edit = match n % 4 {
                    0 => return workspace.undo().expect("something to undo"),
                    1 => Edit::Annotate {
                        segments: vec![somewhere(workspace.text(), &mut numbers)],
                        tags: vec![tags[numbers.below(tags.len())].clone()],
                        note: String::new(),
                        speaker: None,
                    },
                    2 => Edit::SetNote {
                        id,
                        note: format!("Note {n}: see the earlier report."),
                    },
                    _ => Edit::Retag {
                        ids: vec![id],
                        tag: tags[numbers.below(tags.len())].clone(),
                        give: true,
                    },
                };
                let change = workspace.apply(&edit, &mut stamp(&mut ids)).expect("fits");
                if !change.is_empty() {
                    return change;
                }
            }
        })
    })
}

fn length(folder: &Path, n_changes: usize) -> String {
    let journals = std::fs::read_dir(folder.join("other").join("journal")).expect("just made");
    let lengths = journals.map(|entry| entry.expect("listed").metadata().expect("there").len());
    format!("{} bytes", lengths.sum::<u64>() / n_changes as u64)
}
