//! How often a mark is found again in the next version of a real text, and how often something else is taken
//! for it.
//!
//! The texts are parted in two halves by their folders, every other one: the thresholds of the program were chosen
//! on the first half, the second is the one to report. "Taken" is what the program shows as the mark without
//! asking (`Exact`, `Moved`); "offered" is one place that a person must accept (`Changed`); everything else asks
//! a person where the mark belongs.

use crate::{
    data::Numbers,
    revisions::{Fate, Revision, Truth, passage, revisions},
};
use sourcemark::{
    anchor::{Origin, Remap, Resolution, Selector, describe, resolve_all},
    text::{SourceText, TextRange},
};
use std::{ops::Range, path::Path};

/// Passages marked in each version.
const PASSAGES: usize = 40;
/// Share of a passage that may be left for it to count as deleted.
const DELETED: f64 = 0.15;
/// A passage that has grown to more than twice its length and this is torn apart, not changed.
const TORN_BYTES: usize = 64;
/// Ends that are wrong by no more than this many bytes still show the person the right passage.
const NEAR_BYTES: usize = 12;
/// So does a range that has at least this share of its bytes in common with the right one.
const NEAR_SHARE: f64 = 0.8;

/// What really became of a passage, in one word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unchanged,
    Changed,
    /// So much was put in between that no search for the passage alone can tell it is one.
    Torn,
    Deleted,
}

/// What the program said about the passages of one kind.
#[derive(Default)]
struct Tally {
    n: usize,
    taken_right: usize,
    /// The same words, elsewhere.
    taken_elsewhere: usize,
    taken_wrong: usize,
    offered_right: usize,
    offered_wrong: usize,
    /// Asked, with the right place among those shown.
    asked_right: usize,
    asked: usize,
    /// Of those offered, how many are the passage all the same, to four fifths: it was moved and edited, which a
    /// diff calls deleted.
    offered_alike: usize,
}

/// How exactly the ends that are still there were found when the old text was given.
#[derive(Default)]
struct Ends {
    n: usize,
    exact: usize,
}

/// Measures all corpora below `folder`, or says that there are none.
pub fn measure(folder: &Path) {
    let mut corpora: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("edits-"))
        .collect();
    corpora.sort();
    if corpora.is_empty() {
        println!(
            "skipped: no revisions (`edits-…`) below `{}`",
            folder.display()
        );
        return;
    }
    for corpus in corpora {
        let revisions = revisions(&folder.join(&corpus));
        let mut articles: Vec<&str> = revisions.iter().map(|one| one.article.as_str()).collect();
        articles.dedup();
        for (half, name) in [(0, "chosen on"), (1, "reported")] {
            let of_half: Vec<&Revision> = revisions
                .iter()
                .filter(|one| {
                    articles
                        .iter()
                        .position(|name| *name == one.article)
                        .is_some_and(|idx| idx % 2 == half)
                })
                .collect();
            measure_half(&format!("{corpus}, half {name}"), &of_half);
        }
    }
}

fn measure_half(name: &str, revisions: &[&Revision]) {
    let mut withheld = <[Tally; 4]>::default();
    let mut given = <[Tally; 4]>::default();
    let mut ends = Ends::default();
    let mut numbers = Numbers(0x5EED_0BAD_CAFE_F00D);
    for revision in revisions {
        let (old, new) = (&revision.old, &revision.new);
        let truth = Truth::new(old.as_str(), new.as_str());
        let passages: Vec<TextRange> = (0..PASSAGES)
            .filter_map(|_| passage(old, &mut numbers))
            .collect();
        let selectors: Vec<Selector> = passages
            .iter()
            .map(|passage| describe(old, *passage).expect("inside the text"))
            .collect();
        let selectors: Vec<&Selector> = selectors.iter().collect();
        let remap = Remap::new(old, new);
        let run = |origin| resolve_all(new, origin, &selectors, &|_| true).expect("never stopped");
        let (without, with) = (run(Origin::Unknown), run(Origin::Known(&remap)));
        for (idx, passage) in passages.iter().enumerate() {
            let fate = truth.fate(old.as_str(), new.as_str(), *passage);
            let Some(kind) = kind(old, new, *passage, &fate) else {
                continue;
            };
            withheld[kind as usize].add(new, selectors[idx], &without[idx], kind, &fate);
            given[kind as usize].add(new, selectors[idx], &with[idx], kind, &fate);
            if kind != Kind::Deleted {
                ends.add(&with[idx], &fate);
            }
        }
    }
    println!("\n### {name}: {} revisions\n", revisions.len());
    print_tallies("old text withheld", &withheld);
    print_tallies("old text given", &given);
    println!(
        "\nOld text given: {} of {} ends that are still there are exact ({}).",
        ends.exact,
        ends.n,
        percent(ends.exact, ends.n)
    );
}

/// `None` for what is neither: the passage was taken out, and the same words stand elsewhere.
fn kind(old: &SourceText, new: &SourceText, passage: TextRange, fate: &Fate) -> Option<Kind> {
    let wording = old.slice_or_empty(passage);
    let is_unchanged = fate.start.is_empty()
        && fate.end.is_empty()
        && new.as_str().get(fate.start.start..fate.end.start) == Some(wording);
    if is_unchanged {
        return Some(Kind::Unchanged);
    }
    if fate.survives > DELETED {
        let is_torn = shortest(fate).len() > 2 * passage.len() + TORN_BYTES;
        return Some(if is_torn { Kind::Torn } else { Kind::Changed });
    }
    (!new.as_str().contains(wording)).then_some(Kind::Deleted)
}

fn is_right(range: TextRange, kind: Kind, fate: &Fate) -> bool {
    let off = |at: usize, place: &Range<usize>| {
        place
            .start
            .saturating_sub(at)
            .max(at.saturating_sub(place.end))
    };
    let (start, end) = (range.start().get(), range.end().get());
    match kind {
        Kind::Unchanged => start == fate.start.start && end == fate.end.start,
        Kind::Deleted => false,
        Kind::Changed | Kind::Torn => {
            let is_near =
                off(start, &fate.start) <= NEAR_BYTES && off(end, &fate.end) <= NEAR_BYTES;
            let shortest = shortest(fate);
            let common = end
                .min(shortest.end)
                .saturating_sub(start.max(shortest.start));
            let all = end.max(shortest.end) - start.min(shortest.start);
            is_near || common as f64 >= NEAR_SHARE * all as f64
        }
    }
}

/// From the first to the last byte that is still there.
fn shortest(fate: &Fate) -> Range<usize> {
    fate.start.end..fate.end.start.max(fate.start.end)
}

impl Tally {
    fn add(
        &mut self,
        new: &SourceText,
        selector: &Selector,
        found: &Resolution,
        kind: Kind,
        fate: &Fate,
    ) {
        self.n += 1;
        let right = |range: TextRange| is_right(range, kind, fate);
        match found {
            Resolution::Exact { range, .. } | Resolution::Moved { range, .. } => {
                if right(*range) {
                    self.taken_right += 1;
                } else if kind == Kind::Unchanged
                    && new.slice_or_empty(*range) == &*selector.quote.exact
                {
                    self.taken_elsewhere += 1;
                } else {
                    self.taken_wrong += 1;
                }
            }
            Resolution::Changed { best } if right(best.range) => self.offered_right += 1,
            Resolution::Changed { best } => {
                self.offered_wrong += 1;
                self.offered_alike += usize::from(best.wording >= 0.8);
            }
            Resolution::Ambiguous { .. } | Resolution::Orphan { .. } => {
                self.asked += 1;
                let shown = found.candidates();
                self.asked_right += usize::from(shown.iter().any(|place| right(place.range)));
            }
        }
    }
}

impl Ends {
    fn add(&mut self, found: &Resolution, fate: &Fate) {
        let range = found
            .range()
            .or(found.candidates().first().map(|place| place.range));
        let (start, end) = fate.ends_survive;
        let is_at = |at: Option<usize>, place: &Range<usize>| at == Some(place.start);
        if start {
            self.n += 1;
            self.exact += usize::from(is_at(range.map(|range| range.start().get()), &fate.start));
        }
        if end {
            self.n += 1;
            self.exact += usize::from(is_at(range.map(|range| range.end().get()), &fate.end));
        }
    }
}

fn print_tallies(name: &str, tallies: &[Tally; 4]) {
    println!(
        "| {name} | passages | taken, right | same words elsewhere | taken, wrong | offered, right | offered, wrong | \
         asked, right place shown | asked, not shown | right | wrong |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    for (kind, tally) in ["unchanged", "changed", "torn apart", "deleted"]
        .iter()
        .zip(tallies)
    {
        let right = match *kind {
            "deleted" => tally.asked,
            _ => tally.taken_right + tally.offered_right,
        };
        let wrong = tally.taken_wrong + tally.taken_elsewhere + tally.offered_wrong;
        println!(
            "| {kind} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            tally.n,
            tally.taken_right,
            tally.taken_elsewhere,
            tally.taken_wrong,
            tally.offered_right,
            tally.offered_wrong,
            tally.asked_right,
            tally.asked - tally.asked_right,
            percent(right, tally.n),
            percent(wrong, tally.n),
        );
    }
    let [.., deleted] = tallies;
    println!(
        "\nOf the deleted passages that are offered, {} of {} are still there to 80 % or more: moved and edited, which \
             the diff that gives the truth cannot see.",
        deleted.offered_alike, deleted.offered_wrong
    );
    println!();
}

fn percent(part: usize, all: usize) -> String {
    if all == 0 {
        return "–".to_owned();
    }
    format!("{:.2} %", part as f64 * 100.0 / all as f64)
}
