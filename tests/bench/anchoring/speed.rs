//! How fast marks are found again, against plain passes over the same texts in the same run.

use crate::{
    data::{Numbers, annotated, prose, somewhere},
    measure::{Table, shown, times},
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
    let given = "1 MB, 5 % edited, 10,000 marks, old text given";
    row(&mut table, given, runs, Duration::from_millis(300), || {
        let remap = Remap::new(&old, &new);
        resolve_all(&new, Origin::Known(&remap), &marks, &|_| true).expect("never stopped")
    });
    let quotes = marks.get(..1_000).expect("10,000 are made");
    let search = |quotes: &[&Selector]| {
        resolve_all(&new, Origin::Unknown, quotes, &|_| true).expect("never stopped")
    };
    let withheld = "1 MB, 5 % edited, 1,000 quotes only";
    row(
        &mut table,
        withheld,
        runs,
        Duration::from_millis(700),
        || search(quotes),
    );
    table.note("  of these taken, offered, asked", counts(&search(quotes)));
    let withheld = "1 MB, 5 % edited, 10,000 quotes only";
    row(&mut table, withheld, 1, Duration::from_secs(7), || {
        search(&marks)
    });

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
    table.ratio(name, placed.median, limit.median, 40.0);
    table.print();
}

/// Adds a time with the processor time beside it: on a machine that others use, only that says what the work takes.
fn row<T>(table: &mut Table, what: &str, runs: usize, goal: Duration, work: impl FnMut() -> T) {
    let before = processor_time();
    let taken = times(runs, work);
    table.time(what, taken.median, goal);
    if let Some((before, after)) = before.zip(processor_time()) {
        let used = shown((after - before) / u32::try_from(runs).expect("a few"));
        table.note("  processor time of a run, all threads", used);
    }
}

/// What this process has used so far, in steps of ten milliseconds.
fn processor_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // After the name in brackets: the twelfth and thirteenth field, in hundredths of a second.
    let mut fields = stat.rsplit(')').next()?.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (next()? + next()?)))
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
    let name = "100 MB, 5 % edited, 1,000 quotes only";
    row(table, name, 1, Duration::from_secs(5), || {
        found = resolve_all(&new, Origin::Unknown, &quotes, &|_| true).expect("never stopped");
    });
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
