//! How often a mark is found again in texts of many scripts, with edits made here, so that what became of every
//! character is known and not derived from a diff.
//!
//! The texts are the translations of the Universal Declaration of Human Rights, one for each language. In each, words
//! are put in, taken out and replaced, in scripts without blanks characters; paragraphs are moved, stretches are
//! taken out, and copies of paragraphs are put in elsewhere. Passages begin and end between grapheme clusters.

use crate::{
    data::Numbers,
    tally::{Ends, Kind, Tally, percent},
    truth::{Fate, equally_short},
};
use sourcemark::{
    anchor::{Origin, Remap, Selector, describe, resolve_all, words},
    text::{SourceText, TextRange, boundary},
};
use std::{collections::BTreeMap, ops::Range, path::Path};
use unicode_script::UnicodeScript;

/// Edited versions made of each text.
const VERSIONS: usize = 12;
/// Passages marked in each.
const PASSAGES: usize = 40;
/// A text whose stretches between blanks have more clusters than this on average sets no blanks between words.
const MAX_WORD_CLUSTERS: usize = 10;
/// One word in so many is edited.
const WORDS_PER_EDIT: usize = 30;
/// Paragraphs that are moved, stretches that are taken out, paragraphs that are copied elsewhere: of each.
const LARGE_EDITS: usize = 2;

/// All that was counted on the texts of one script.
#[derive(Clone, Copy, Default)]
struct Counts {
    n_texts: usize,
    withheld: [Tally; 4],
    given: [Tally; 4],
    ends: Ends,
    /// Of the passages taken elsewhere than they are, old text withheld: those taken on a copy.
    on_copies: usize,
    /// Answers, of both runs, whose range cuts a grapheme cluster.
    cuts: usize,
}

/// Measures the texts in `folder`, or says that there are none. Prints each passage that was taken elsewhere than it
/// is, old text given, when `shows_cases`.
pub fn measure(folder: &Path, shows_cases: bool) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "txt"));
    paths.sort();
    if paths.is_empty() {
        println!("skipped: no texts (`*.txt`) in `{}`", folder.display());
        return;
    }
    let mut by_script: BTreeMap<&str, Counts> = BTreeMap::new();
    for path in paths {
        let read = std::fs::read_to_string(&path).ok();
        let Some(text) = read.and_then(|text| SourceText::new(text).ok()) else {
            println!("skipped: `{}` is not text", path.display());
            continue;
        };
        let counts = by_script.entry(script(text.as_str())).or_default();
        counts.add_text(&text, shows_cases);
    }
    println!(
        "\n### {VERSIONS} edited versions of each text in `{}`\n",
        folder.display()
    );
    println!(
        "| script | texts | passages unchanged, changed, torn, deleted | given: unchanged right | ends exact | changed \
         right | taken elsewhere, of these misplaced | withheld: unchanged right | changed right | changed wrong | torn right | deleted \
         offered | taken elsewhere, of these on a copy | cut clusters |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    let mut total = Counts::default();
    for (script, counts) in &by_script {
        counts.print(script);
        total.add(counts);
    }
    total.print("**all**");
}

/// The script of most of the letters.
fn script(text: &str) -> &'static str {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        *counts.entry(c.script().full_name()).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, n)| *n);
    most.map_or("none", |(script, _)| script)
}

impl Counts {
    fn add_text(&mut self, old: &SourceText, shows_cases: bool) {
        self.n_texts += 1;
        let units = Units::of(old);
        let mut numbers = Numbers(0x0DD5_EED5_0BAD_F00D);
        for _ in 0..VERSIONS {
            let (new, places) = edited(old, &units, &mut numbers);
            let passages: Vec<TextRange> = (0..PASSAGES)
                .filter_map(|_| passage(old, &units, &mut numbers))
                .collect();
            self.add_version(old, &new, &places, &passages, shows_cases);
        }
    }

    fn add_version(
        &mut self,
        old: &SourceText,
        new: &SourceText,
        places: &Places,
        passages: &[TextRange],
        shows_cases: bool,
    ) {
        let selectors: Vec<Selector> = passages
            .iter()
            .map(|passage| describe(old, *passage).expect("inside the text"))
            .collect();
        let selectors: Vec<&Selector> = selectors.iter().collect();
        let old_words = words(old.as_str());
        let remap = Remap::new(old, new);
        let run = |origin| resolve_all(new, origin, &selectors, &|_| true).expect("never stopped");
        let (without, with) = (run(Origin::Unknown), run(Origin::Known(&remap)));
        for ((passage, without), with) in passages.iter().zip(&without).zip(&with) {
            for found in [without, with] {
                let places = found.candidates().iter().map(|place| place.range);
                let cuts = |range: TextRange| boundary::snap(new, range) != range;
                self.cuts += usize::from(places.chain(found.range()).any(cuts));
            }
            let Some(fate) = places.fate(old, &old_words, *passage) else {
                continue;
            };
            let Some(kind) = Kind::of(old, new, *passage, &fate) else {
                continue;
            };
            // Where a copy of the passage's words came to stand so that a diff through it is as short as the
            // shortest, nothing in the two texts says which is the copy.
            let why = |range| equally_short(old, new, *passage, range);
            self.withheld[kind as usize].add(without, kind, &fate, |range| {
                self.on_copies += usize::from(places.are_none_in(range));
                why(range)
            });
            self.given[kind as usize].add(with, kind, &fate, |range| {
                let why = why(range);
                if shows_cases {
                    println!(
                        "\n{kind:?}, {why:?}\n  old  {:?}\n  ours {range:?} {:?}\n  true {:?} {:?}",
                        old.slice_or_empty(*passage),
                        new.slice_or_empty(range),
                        fate.shortest(),
                        new.as_str().get(fate.shortest()).unwrap_or_default(),
                    );
                }
                why
            });
            if kind != Kind::Deleted {
                self.ends.add(with, &fate);
            }
        }
    }

    fn add(&mut self, other: &Self) {
        self.n_texts += other.n_texts;
        for (all, more) in self.withheld.iter_mut().zip(other.withheld) {
            *all += more;
        }
        for (all, more) in self.given.iter_mut().zip(other.given) {
            *all += more;
        }
        self.ends += other.ends;
        self.on_copies += other.on_copies;
        self.cuts += other.cuts;
    }

    fn print(&self, name: &str) {
        let elsewhere = |tallies: &[Tally; 4]| -> usize {
            tallies.iter().map(|tally| tally.taken_elsewhere).sum()
        };
        let misplaced: usize = self.given.iter().map(|tally| tally.misplaced).sum();
        let n = |kind: Kind| self.given[kind as usize].n;
        let given = |kind: Kind| self.given[kind as usize];
        let withheld = |kind: Kind| self.withheld[kind as usize];
        let right = |tally: Tally| percent(tally.right(), tally.n);
        println!(
            "| {name} | {} | {}, {}, {}, {} | {} | {} | {} | {}, {misplaced} | {} | {} | {} | {} | {} | {}, {} | {} |",
            self.n_texts,
            n(Kind::Unchanged),
            n(Kind::Changed),
            n(Kind::Torn),
            n(Kind::Deleted),
            percent(given(Kind::Unchanged).taken_right, n(Kind::Unchanged)),
            percent(self.ends.exact, self.ends.n),
            right(given(Kind::Changed)),
            elsewhere(&self.given),
            percent(withheld(Kind::Unchanged).taken_right, n(Kind::Unchanged)),
            right(withheld(Kind::Changed)),
            percent(
                withheld(Kind::Changed).taken_elsewhere + withheld(Kind::Changed).offered_wrong,
                n(Kind::Changed)
            ),
            right(withheld(Kind::Torn)),
            percent(withheld(Kind::Deleted).offered_wrong, n(Kind::Deleted)),
            elsewhere(&self.withheld),
            self.on_copies,
            self.cuts,
        );
    }
}

/// A text cut into what an editor edits.
struct Units {
    /// Grapheme clusters, all of them in order.
    clusters: Vec<Range<usize>>,
    /// Words with the blanks after them, or clusters where words are set without blanks: all of the text.
    words: Vec<Range<usize>>,
    /// Lines with their ends, and the blank lines after them: all of the text.
    paragraphs: Vec<Range<usize>>,
}

impl Units {
    fn of(text: &SourceText) -> Self {
        let mut clusters = Vec::new();
        let mut at = text.full_range().start();
        while at < text.end() {
            let next = boundary::next_grapheme(text, at);
            clusters.push(at.get()..next.get());
            at = next;
        }
        let is_blank = |at: usize| {
            let rest = text.as_str().get(at..).unwrap_or_default();
            rest.starts_with(char::is_whitespace)
        };
        let starts_after = |ends_unit: &dyn Fn(usize, usize) -> bool| -> Vec<Range<usize>> {
            let mut units: Vec<Range<usize>> = Vec::new();
            let mut start = 0;
            for pair in clusters.windows(2) {
                if let [one, next] = pair
                    && ends_unit(one.start, next.start)
                {
                    units.push(start..next.start);
                    start = next.start;
                }
            }
            units.push(start..text.len());
            units
        };
        // Ethiopic and Tibetan part words and syllables with marks of their own.
        let parts = |at: usize| {
            let rest = text.as_str().get(at..).unwrap_or_default();
            is_blank(at) || rest.starts_with(['\u{1361}', '\u{F0B}', '\u{200B}'])
        };
        let mut words = starts_after(&|one, next| parts(one) && !parts(next));
        if clusters.len() / words.len() > MAX_WORD_CLUSTERS {
            words.clone_from(&clusters);
        }
        let breaks = |at: usize| {
            text.as_str()
                .get(at..)
                .is_some_and(|rest| rest.starts_with('\n'))
        };
        let paragraphs = starts_after(&|one, next| breaks(one) && !breaks(next));
        Self {
            clusters,
            words,
            paragraphs,
        }
    }
}

/// A passage of 4 to 120 clusters, without blanks at its ends.
fn passage(text: &SourceText, units: &Units, numbers: &mut Numbers) -> Option<TextRange> {
    let n_clusters = 4 + numbers.below(117);
    let first = numbers.below(units.clusters.len().checked_sub(n_clusters)?);
    let (start, end) = (
        units.clusters.get(first)?.start,
        units.clusters.get(first + n_clusters)?.start,
    );
    let range = boundary::trim(text, TextRange::from_bytes(start..end));
    (!range.is_empty()).then_some(range)
}

/// Where the clusters of the old text stand in the new one: bytes of both, in the order of the new one.
struct Places(Vec<(Range<usize>, usize)>);

impl Places {
    /// What became of `passage`. `None` when its parts stand in another order: no range is right then.
    fn fate(&self, old: &SourceText, words: &[Range<usize>], passage: TextRange) -> Option<Fate> {
        let passage = passage.bytes();
        let kept: Vec<&(Range<usize>, usize)> = self
            .0
            .iter()
            .filter(|(was, _)| was.start >= passage.start && was.end <= passage.end)
            .collect();
        if !kept.is_sorted_by_key(|(was, _)| was.start) {
            return None;
        }
        let ink = |range: Range<usize>| -> usize {
            let text = old.as_str().get(range).unwrap_or_default();
            text.split_whitespace().map(str::len).sum()
        };
        let n_kept: usize = kept.iter().map(|(was, _)| ink(was.clone())).sum();
        let (start, end) = match (kept.first(), kept.last()) {
            (Some((_, first)), Some((was, last))) => (*first, last + was.len()),
            _ => (0, 0),
        };
        Some(Fate {
            survives: n_kept as f64 / ink(passage.clone()).max(1) as f64,
            start: start..start,
            end: end..end,
            ends_survive: (
                self.has_word_at(words, passage.start),
                self.has_word_at(words, passage.end.saturating_sub(1)),
            ),
        })
    }

    /// Whether nothing in `range` of the new text was there in the old one.
    fn are_none_in(&self, range: TextRange) -> bool {
        let range = range.bytes();
        !self.0.iter().any(|(_, is)| range.contains(is))
    }

    /// Whether the word (UAX #29) that holds the byte `at` of the old text stands whole in the new one.
    fn has_word_at(&self, words: &[Range<usize>], at: usize) -> bool {
        let idx = words.partition_point(|word| word.end <= at);
        let Some(word) = words.get(idx).filter(|word| word.contains(&at)) else {
            return false;
        };
        let Some(first) = self.0.iter().position(|(was, _)| was.start == word.start) else {
            return false;
        };
        let (was, is) = &self.0[first];
        let shift = is.wrapping_sub(was.start);
        let rest = self.0[first..]
            .iter()
            .take_while(|(was, is)| was.end <= word.end && is.wrapping_sub(was.start) == shift);
        rest.last().is_some_and(|(was, _)| was.end == word.end)
    }
}

/// Another version of `old`, and where its clusters went.
fn edited(old: &SourceText, units: &Units, numbers: &mut Numbers) -> (SourceText, Places) {
    // Each piece is a stretch of the old text, and whether it is that stretch or only says the same.
    let mut pieces: Vec<(Range<usize>, bool)> = Vec::new();
    let n_words = units.words.len();
    let mut paragraphs: Vec<(Range<usize>, bool)> = units
        .paragraphs
        .iter()
        .map(|paragraph| (paragraph.clone(), true))
        .collect();
    let mut moved: Vec<Range<usize>> = Vec::new();
    for _ in 0..LARGE_EDITS {
        let paragraph = paragraphs.remove(numbers.below(paragraphs.len()));
        moved.push(paragraph.0.clone());
        paragraphs.insert(numbers.below(paragraphs.len() + 1), paragraph);
    }
    for _ in 0..LARGE_EDITS {
        let idx = numbers.below(paragraphs.len());
        let copy = paragraphs[idx].0.clone();
        // Beside the original nobody could tell which of the two is the copy, nor where the original was moved.
        let at = numbers.below(paragraphs.len() + 1);
        if at.abs_diff(idx) > 2 && !moved.contains(&copy) {
            paragraphs.insert(at, (copy, false));
        }
    }
    let taken_out: Vec<Range<usize>> = (0..LARGE_EDITS)
        .map(|_| {
            let first = numbers.below(n_words);
            let last = (first + 3 + numbers.below(20)).min(n_words - 1);
            units.words[first].start..units.words[last].start
        })
        .collect();
    for (paragraph, is_original) in paragraphs {
        let from = units
            .words
            .partition_point(|word| word.end <= paragraph.start);
        for word in &units.words[from..] {
            let word = word.start.max(paragraph.start)..word.end.min(paragraph.end);
            if word.is_empty() {
                break;
            }
            if is_original && taken_out.iter().any(|out| out.contains(&word.start)) {
                continue;
            }
            let other = units.words[numbers.below(n_words)].clone();
            match (is_original, numbers.below(3 * WORDS_PER_EDIT)) {
                (true, 0) => {}
                (true, 1) => pieces.push((other, false)),
                (true, 2) => pieces.extend([(other, false), (word, true)]),
                _ => pieces.push((word, is_original)),
            }
        }
    }
    let mut text = String::with_capacity(old.len());
    let mut places = Vec::new();
    for (piece, is_original) in pieces {
        if is_original {
            let first = units
                .clusters
                .partition_point(|cluster| cluster.end <= piece.start);
            let clusters = units.clusters[first..].iter();
            for cluster in clusters.take_while(|cluster| cluster.start < piece.end) {
                places.push((cluster.clone(), text.len() + cluster.start - piece.start));
            }
        }
        text.push_str(&old.as_str()[piece]);
    }
    (
        SourceText::new(text).expect("as long as the old one"),
        Places(places),
    )
}
