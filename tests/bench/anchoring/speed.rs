//! How fast marks are found again, against plain passes over the same texts in the same run.

use crate::{
    data::{Numbers, annotated, prose, somewhere},
    measure::{Table, times},
};
use sourcemark::{
    anchor::{Origin, Remap, Resolution, Selector, describe, resolve_all},
    annotation::Marks,
    text::{EditionId, SourceText},
};
use std::{io::Write, time::Duration};

/// Measures: small texts alone when `quick`.
pub fn measure(quick: bool) {
    let mut table = Table::new();
    if !quick {
        long_text(&mut table);
    }
    let old = SourceText::new(prose(1_000_000)).expect("fits");
    let new = SourceText::new(edited(old.as_str(), 0.05)).expect("fits");
    let runs = if quick { 1 } else { 7 };

    let marks = selectors(&old, 10_000);
    let marks: Vec<&Selector> = marks.iter().collect();
    let known = times(runs, || {
        let remap = Remap::new(&old, &new);
        resolve_all(&new, Origin::Known(&remap), &marks, &|_| true).expect("never stopped")
    });
    table.time(
        "1 MB, 5 % edited, 10,000 marks, old text given",
        known.median,
        Duration::from_millis(300),
    );

    let quotes = marks.get(..1_000).expect("10,000 are made");
    let unknown = times(runs, || {
        resolve_all(&new, Origin::Unknown, quotes, &|_| true).expect("never stopped")
    });
    table.time(
        "1 MB, 5 % edited, 1,000 quotes only",
        unknown.median,
        Duration::from_millis(700),
    );
    let found = resolve_all(&new, Origin::Unknown, quotes, &|_| true).expect("never stopped");
    table.note("  of these taken, offered, asked", counts(&found));
    table.note(
        "1 MB, 5 % edited, 10,000 quotes only",
        crate::measure::shown(
            times(1, || {
                resolve_all(&new, Origin::Unknown, &marks, &|_| true).expect("never stopped")
            })
            .median,
        ),
    );

    let n_marks = if quick { 1_000 } else { 100_000 };
    let text = SourceText::new(prose(n_marks * 100)).expect("fits");
    let set = annotated(&text, n_marks);
    // The limit: what says that the text is the very one.
    let limit = times(runs, || EditionId::of(text.as_str()));
    let placed = times(runs, || {
        Marks::find(&text, &set, &|| true).expect("never stopped")
    });
    let name = format!(
        "{} MB, {n_marks} marks on their own text, against its hash",
        text.len() / 1_000_000
    );
    table.ratio(name, placed.median, limit.median, 20.0);
    table.print();
}

/// A thousand quotations into a hundred megabytes.
fn long_text(table: &mut Table) {
    let old = SourceText::new(prose(100_000_000)).expect("fits");
    let quotes = selectors(&old, 1_000);
    let quotes: Vec<&Selector> = quotes.iter().collect();
    let new = SourceText::new(edited(old.as_str(), 0.05)).expect("fits");
    drop(old);
    new.n_chars();
    reset_peak();
    let before = memory_mb("VmRSS:");
    // One run: the text does not fit any cache, and the median of such runs is the run.
    let mut found = Vec::new();
    let taken = times(1, || {
        found = resolve_all(&new, Origin::Unknown, &quotes, &|_| true).expect("never stopped");
    });
    table.time(
        "100 MB, 5 % edited, 1,000 quotes only",
        taken.median,
        Duration::from_secs(5),
    );
    table.note("  of these taken, offered, asked", counts(&found));
    if let Some((before, peak)) = before.zip(memory_mb("VmHWM:")) {
        table.memory("  memory besides the text", peak - before, 100.0);
    }
}

fn selectors(text: &SourceText, n: usize) -> Vec<Selector> {
    let mut numbers = Numbers(31_415_926);
    (0..n)
        .map(|_| describe(text, somewhere(text, &mut numbers)).expect("inside the text"))
        .collect()
}

fn counts(found: &[Resolution]) -> String {
    let n = |words: &[&str]| {
        found
            .iter()
            .filter(|one| words.contains(&one.word()))
            .count()
    };
    format!(
        "{}, {}, {}",
        n(&["exact", "moved"]),
        n(&["changed"]),
        n(&["ambiguous", "orphan"])
    )
}

/// `text` with this share of its characters touched: runs of 1 to 12 put in, taken out or replaced.
fn edited(text: &str, share: f64) -> String {
    let mut numbers = Numbers(271_828_182);
    let mut out = String::with_capacity(text.len() + text.len() / 20);
    let mut chars = text.chars();
    // A run has 6.5 characters on average.
    let n_between = (6.5 / share) as usize;
    loop {
        let n_kept = numbers.below(2 * n_between);
        let kept = chars.as_str();
        let end = kept
            .char_indices()
            .nth(n_kept)
            .map_or(kept.len(), |(at, _)| at);
        out.push_str(&kept[..end]);
        chars = kept[end..].chars();
        if chars.as_str().is_empty() {
            return out;
        }
        let (n_run, kind) = (1 + numbers.below(12), numbers.below(3));
        if kind != 0 {
            chars.by_ref().take(n_run).for_each(drop);
        }
        if kind != 1 {
            out.extend((0..n_run).map(|_| char::from(b'a' + numbers.below(26) as u8)));
        }
    }
}

/// Forgets the highest memory so far, where the system can.
fn reset_peak() {
    if let Ok(mut file) = std::fs::OpenOptions::new()
        .write(true)
        .open("/proc/self/clear_refs")
    {
        drop(file.write_all(b"5"));
    }
}

fn memory_mb(field: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(field))?;
    let kb: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kb / 1024.0)
}
