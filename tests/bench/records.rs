//! Annotation files and edits: loading and saving against ron's own work, edits among few and among many.

use crate::{
    data::{Counting, Numbers, annotated, placed, prose, somewhere, stamp},
    measure::{Table, Times, times},
};
use serde::{Deserialize, Serialize};
use sourcemark::{
    annotation::{AnnotationId, AnnotationSet, Marks, TagId},
    edit::{Edit, Workspace},
    files::{self, Expected},
    format::ron,
    text::SourceText,
};
use std::{
    io::Write as _,
    path::Path,
    time::{Duration, Instant},
};

/// The fields of a file that ron reads and writes by itself: the limit of the format.
#[derive(Serialize, Deserialize)]
struct PlainFile {
    annotations: Vec<PlainAnnotation>,
}

#[derive(Serialize, Deserialize)]
struct PlainAnnotation {
    id: String,
    segments: Vec<PlainSegment>,
    tags: Vec<String>,
    #[serde(default)]
    note: String,
    creator: String,
    created: String,
    #[serde(default)]
    modified: String,
}

#[derive(Serialize, Deserialize)]
struct PlainSegment {
    position: PlainPosition,
    quote: PlainQuote,
}

#[derive(Serialize, Deserialize)]
struct PlainPosition {
    start: u32,
    end: u32,
}

#[derive(Serialize, Deserialize)]
struct PlainQuote {
    exact: String,
    prefix: String,
    suffix: String,
}

/// Measures files and edits.
pub fn measure(table: &mut Table, folder: &Path, quick: bool) {
    let sizes: &[(usize, usize, &str)] = if quick {
        &[(1_000_000, 1_000, "1 MB, 1 k")]
    } else {
        &[
            (1_000_000, 1_000, "1 MB, 1 k"),
            (1_000_000, 10_000, "1 MB, 10 k"),
            (10_000_000, 100_000, "10 MB, 100 k"),
        ]
    };
    for (bytes, n, what) in sizes {
        let text = SourceText::new(prose(*bytes)).expect("fits");
        let set = annotated(&text, *n);
        let runs = if *n > 50_000 { 5 } else { 11 };
        load(table, what, &text, &set, runs);
        save(table, what, folder, &set, runs);
        edits(table, what, &text, &set);
    }
}

fn load(table: &mut Table, what: &str, text: &SourceText, set: &AnnotationSet, runs: usize) {
    let written = ron::write(set, ron::WriteOptions::default());
    let limit = times(runs, || {
        ::ron::from_str::<PlainFile>(&written).expect("readable by any program")
    });
    text.n_chars();
    text.edition();
    let ours = times(runs, || {
        let file = ron::read(&written).expect("just written");
        let marks = placed(text, &file.set);
        (file, marks)
    });
    table.ratio(
        format!("{what} marks: read and found"),
        ours.median,
        limit.median,
        1.8,
    );
}

fn save(table: &mut Table, what: &str, folder: &Path, set: &AnnotationSet, runs: usize) {
    let written = ron::write(set, ron::WriteOptions::default());
    let plain: PlainFile = ::ron::from_str(&written).expect("just written");
    let limit_path = folder.join("limit.ron");
    let limit = times(runs, || {
        let config = ::ron::ser::PrettyConfig::new().indentor("  ".to_owned());
        let text = ::ron::ser::to_string_pretty(&plain, config).expect("plain data");
        let mut file = std::fs::File::create(&limit_path).expect("a writable folder");
        file.write_all(text.as_bytes()).expect("room on the disk");
        file.sync_all().expect("a disk");
    });
    let path = folder.join("ours.annotations.ron");
    let mut expected = Expected::New;
    let mut ours = Vec::new();
    for _ in 0..runs {
        let start = Instant::now();
        let saved =
            files::save_annotations(&path, set, expected, false).expect("a writable folder");
        ours.push(start.elapsed());
        expected = Expected::Same(saved.identity);
    }
    // Gone again, so that the next size begins anew.
    std::fs::remove_file(&path).expect("just written");
    table.ratio(
        format!("{what} marks: saved, synced"),
        Times::of(ours).median,
        limit.median,
        1.5,
    );
}

fn edits(table: &mut Table, what: &str, text: &SourceText, set: &AnnotationSet) {
    let marks: Marks = placed(text, set);
    let mut workspace = Workspace::new(set.clone(), marks);
    let (mut numbers, mut ids) = (Numbers(5), Counting(1 << 40));
    let all: Vec<AnnotationId> = set.annotations.keys().copied().collect();
    let tags: Vec<TagId> = set.tags.keys().cloned().collect();
    let mut taken: [Vec<Duration>; 4] = Default::default();
    let [add, retag, remove, undo] = &mut taken;
    for _ in 0..300 {
        let id = all[numbers.below(all.len())];
        let tag = tags[numbers.below(tags.len())].clone();
        let edits = [
            (
                Edit::Annotate {
                    segments: vec![somewhere(text, &mut numbers)],
                    tags: vec![tag.clone()],
                    note: String::new(),
                    speaker: None,
                },
                &mut *add,
            ),
            (
                Edit::Retag {
                    ids: vec![id],
                    tag: tag.clone(),
                    give: true,
                },
                &mut *retag,
            ),
            (Edit::Remove { ids: vec![id] }, &mut *remove),
        ];
        for (edit, list) in edits {
            let start = Instant::now();
            let change = workspace.apply(&edit, &mut stamp(&mut ids)).expect("fits");
            list.push(start.elapsed());
            if !change.is_empty() {
                let start = Instant::now();
                workspace.undo();
                undo.push(start.elapsed());
            }
        }
    }
    for (name, list) in ["add", "retag", "remove", "undo"].into_iter().zip(taken) {
        let times = Times::of(list);
        table.time(
            format!("{what} marks: {name} one, p99"),
            times.p99,
            Duration::from_millis(1),
        );
    }
}
