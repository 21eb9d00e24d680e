//! How often a mark is found again in the next version of a real text, and how often something else is taken
//! for it.
//!
//! The texts are parted in two halves by their folders, every other one: the thresholds of the program were chosen
//! on the first half, the second is the one to report. "Taken" is what the program shows as the mark without
//! asking (`Exact`, `Moved`); "offered" is one place that a person must accept (`Changed`); everything else asks
//! a person where the mark belongs.
//!
//! "Elsewhere" is strict: one diff gives the truth, and whatever is taken is right only where that says. But several
//! diffs may be equally short, and none knows that a paragraph was moved. "Misplaced" are those of them that are wrong
//! by any reading ([`Excuse`] lists the others).

use crate::{
    data::Numbers,
    revisions::{Revision, passage, revisions},
    tally::{Ends, Kind, Tally, percent, print},
    truth::{Excuse, Fate, Truth, excuse, is_undecided},
};
use sourcemark::{
    anchor::{Origin, Remap, Selector, describe, resolve_all},
    text::{SourceText, TextRange},
};
use std::{ops::Range, path::Path};

/// Passages marked in each version.
const PASSAGES: usize = 40;
/// Bytes to both sides of a passage that a printed case shows.
const SHOWN_BYTES: usize = 120;

/// All that was counted on some revisions.
#[derive(Clone, Copy, Default)]
struct Counts {
    n_revisions: usize,
    withheld: [Tally; 4],
    given: [Tally; 4],
    ends: Ends,
    /// Of the passages taken elsewhere than the diff says, old text given: for which reason that is right.
    equally_short: usize,
    moved: usize,
    with_neighbour: usize,
    /// Taken, old text given, where another diff that is as short leads elsewhere.
    undecided: usize,
}

/// Measures all corpora below `folder`, or says that there are none. Prints each passage that was taken elsewhere than
/// the diff says when `shows_cases`.
pub fn measure(folder: &Path, shows_cases: bool) {
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
    let mut reported = Counts::default();
    for corpus in corpora {
        let revisions = revisions(&folder.join(&corpus));
        let mut articles: Vec<&str> = revisions.iter().map(|one| one.article.as_str()).collect();
        articles.dedup();
        for (half, name) in [(0, "chosen on"), (1, "reported")] {
            let mut counts = Counts::default();
            let mut numbers = Numbers(0x5EED_0BAD_CAFE_F00D);
            for revision in revisions.iter().filter(|one| {
                articles
                    .iter()
                    .position(|name| *name == one.article)
                    .is_some_and(|idx| idx % 2 == half)
            }) {
                counts.add_revision(revision, &mut numbers, shows_cases);
            }
            counts.print(&format!("{corpus}, half {name}"));
            if half == 1 {
                reported.add(&counts);
            }
        }
    }
    reported.print("All halves reported");
}

impl Counts {
    fn add_revision(&mut self, revision: &Revision, numbers: &mut Numbers, shows_cases: bool) {
        self.n_revisions += 1;
        let (old, new) = (&revision.old, &revision.new);
        let truth = Truth::new(old.as_str(), new.as_str());
        let passages: Vec<TextRange> = (0..PASSAGES)
            .filter_map(|_| passage(old, numbers))
            .collect();
        let selectors: Vec<Selector> = passages
            .iter()
            .map(|passage| describe(old, *passage).expect("inside the text"))
            .collect();
        let selectors: Vec<&Selector> = selectors.iter().collect();
        let remap = Remap::new(old, new);
        let run = |origin| resolve_all(new, origin, &selectors, &|_| true).expect("never stopped");
        let (without, with) = (run(Origin::Unknown), run(Origin::Known(&remap)));
        for ((passage, without), with) in passages.iter().zip(&without).zip(&with) {
            let fate = truth.fate(old.as_str(), new.as_str(), *passage);
            let Some(kind) = Kind::of(old, new, *passage, &fate) else {
                continue;
            };
            let why = |range| excuse(old, new, *passage, range, kind == Kind::Deleted);
            self.withheld[kind as usize].add(without, kind, &fate, why);
            self.given[kind as usize].add(with, kind, &fate, |range| {
                let why = why(range);
                match why {
                    Some(Excuse::EquallyShort) => self.equally_short += 1,
                    Some(Excuse::Moved) => self.moved += 1,
                    Some(Excuse::WithNeighbour) => self.with_neighbour += 1,
                    None => {}
                }
                if shows_cases {
                    show_case(revision, *passage, range, &fate, why);
                }
                why
            });
            let taken = with.range();
            let is_undecided = taken.is_some_and(|range| is_undecided(old, new, *passage, range));
            if is_undecided {
                self.undecided += 1;
                if shows_cases && let Some(range) = taken {
                    println!("\nundecided:");
                    show_case(revision, *passage, range, &fate, None);
                }
            }
            if kind != Kind::Deleted {
                self.ends.add(with, &fate);
            }
        }
    }

    fn add(&mut self, other: &Self) {
        self.n_revisions += other.n_revisions;
        for (all, more) in self.withheld.iter_mut().zip(other.withheld) {
            *all += more;
        }
        for (all, more) in self.given.iter_mut().zip(other.given) {
            *all += more;
        }
        self.ends += other.ends;
        self.equally_short += other.equally_short;
        self.moved += other.moved;
        self.with_neighbour += other.with_neighbour;
        self.undecided += other.undecided;
    }

    fn print(&self, name: &str) {
        println!("\n### {name}: {} revisions\n", self.n_revisions);
        print("old text withheld", &self.withheld);
        print("old text given", &self.given);
        let elsewhere: usize = self.given.iter().map(|tally| tally.taken_elsewhere).sum();
        let misplaced: usize = self.given.iter().map(|tally| tally.misplaced).sum();
        println!(
            "Old text given: {} of {} ends that are still there are exact ({}). Taken elsewhere than the diff says: \
             {elsewhere}. Of these {} where another diff leads that is as short, {} where the passage was moved to, \
             {} with their old neighbour; misplaced: {misplaced}. Taken though a diff that is as short leads elsewhere: \
             {}.",
            self.ends.exact,
            self.ends.n,
            percent(self.ends.exact, self.ends.n),
            self.equally_short,
            self.moved,
            self.with_neighbour,
            self.undecided,
        );
    }
}

/// Prints a passage that was taken elsewhere than the diff says, for a person to judge.
fn show_case(
    revision: &Revision,
    passage: TextRange,
    found: TextRange,
    fate: &Fate,
    why: Option<Excuse>,
) {
    let show = |text: &SourceText, range: Range<usize>| {
        let text = text.as_str();
        let from = text.floor_char_boundary(range.start.saturating_sub(SHOWN_BYTES));
        let to = text.ceil_char_boundary(range.end.saturating_add(SHOWN_BYTES).min(text.len()));
        let part = |range: Range<usize>| text.get(range).unwrap_or("?").replace('\n', "⏎");
        format!(
            "{}⟦{}⟧{}",
            part(from..range.start),
            part(range.clone()),
            part(range.end..to)
        )
    };
    println!(
        "\n{}, {:.0} % there by the diff, {why:?}\n  old  {}\n  ours {}\n  diff {}",
        revision.article,
        100.0 * fate.survives,
        show(&revision.old, passage.bytes()),
        show(&revision.new, found.bytes()),
        show(&revision.new, fate.shortest()),
    );
}
