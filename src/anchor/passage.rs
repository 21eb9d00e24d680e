//! One passage, folded and prepared for being compared with stretches of a text: what of it is still there, and where
//! it begins and ends.

use super::{
    Selector,
    approx::{Fit, Fitter},
    chain::chain,
    common::{Common, common_tokens},
    context::Neighbours,
    frequencies::Frequencies,
    parts::{Part, Reach, reach},
    resolution::{Candidate, Rung},
    unparted::{Words, unparted},
    words::{slices, words},
};
use crate::text::{Folded, Folding, SourceText, TextRange, fold};
use std::{collections::BTreeMap, ops::Range};

/// Passages of more code points than this are compared by words, and only their ends by characters: the time for
/// characters grows with the square of the length.
const MAX_COMPARED_CHARS: usize = 2_000;
/// How much of each end of such a passage is searched for.
const END_CHARS: usize = 256;
/// How like its stored prefix or suffix a stretch must be to say where a passage begins or ends.
const MIN_NEIGHBOUR: f32 = 0.75;
/// A shorter prefix or suffix occurs everywhere.
const MIN_NEIGHBOUR_CHARS: usize = 4;
/// Weight of the wording, against the neighbours, in choosing the ends of a stretch.
const ENDS_WORDING: f32 = 0.35;
/// What it counts there that an end is the end of a word that is still there.
const ENDS_AT_WORDS: f32 = 0.1;
/// Bytes of context to both sides of a place that is examined, beyond the stored 32 code points folded.
const CONTEXT_BYTES: usize = 256;

/// Returns prefix, wording and suffix in one piece, folded.
pub fn whole(selector: &Selector) -> Folded {
    let stored = &selector.quote;
    let whole = [&*stored.prefix, &*stored.exact, &*stored.suffix].concat();
    Folded::new(&whole, Folding::Typography)
}

/// A passage as it is searched for: all folded. Takes some ten kilobytes, so it is made when its turn comes.
pub struct Passage {
    /// Prefix, wording and suffix together.
    whole: String,
    /// The words of `whole`.
    words: Vec<Range<usize>>,
    quote_start: usize,
    /// The wording without blanks at its ends.
    quote: String,
    prefix: Fitter,
    suffix: Fitter,
    neighbours: Neighbours,
    wording: Wording,
}

enum Wording {
    Short(Box<Fitter>),
    /// Its first and its last characters.
    Long(Box<[Fitter; 2]>),
}

impl Passage {
    /// Folds what `selector` keeps.
    pub fn new(selector: &Selector) -> Self {
        let stored = &selector.quote;
        let folded = whole(selector);
        let place = |source: usize| folded.to_folded(source);
        let quote = place(stored.prefix.len())..place(stored.prefix.len() + stored.exact.len());
        let slice = |range: Range<usize>| folded.as_str().get(range).unwrap_or_default();
        let untrimmed = slice(quote.clone());
        let quote_start = quote.start + (untrimmed.len() - untrimmed.trim_start().len());
        let quote_text = untrimmed.trim();
        let chars = |text: &str| text.chars().collect::<Vec<char>>();
        let prefix = chars(slice(0..quote_start));
        let suffix = chars(slice(quote_start + quote_text.len()..folded.as_str().len()));
        let wording = chars(quote_text);
        let wording = if wording.len() <= MAX_COMPARED_CHARS {
            Wording::Short(Box::new(Fitter::new(&wording)))
        } else {
            let end = |range: Range<usize>| Fitter::new(wording.get(range).unwrap_or_default());
            let n_chars = wording.len();
            Wording::Long(Box::new([
                end(0..END_CHARS),
                end(n_chars - END_CHARS..n_chars),
            ]))
        };
        Self {
            quote_start,
            words: words(folded.as_str()),
            whole: folded.as_str().to_owned(),
            quote: quote_text.to_owned(),
            neighbours: Neighbours::new(&prefix, &suffix),
            prefix: Fitter::new(&prefix),
            suffix: Fitter::new(&suffix),
            wording,
        }
    }

    /// Returns the length of prefix, wording and suffix together, folded, in bytes.
    pub fn len(&self) -> usize {
        self.whole.len()
    }

    /// Returns the length of the wording, folded, in bytes.
    pub fn quote_len(&self) -> usize {
        self.quote.len()
    }

    /// Returns the best place in `region` of the text, in bytes.
    pub fn best_in(&self, text: &SourceText, region: &Region) -> Option<Candidate> {
        let view = &region.view;
        let ends = self.proposed_ends(region)?;
        let mut best: Option<(Candidate, f32)> = None;
        for (start, start_from) in &ends.starts {
            for (end, end_from) in &ends.ends {
                let Some((wording, context)) = self.compare(&view.chars, *start, *end) else {
                    continue;
                };
                let sources = [start_from, end_from];
                let n_words = sources.iter().filter(|from| from.words).count();
                let fits = ENDS_WORDING * wording
                    + (1.0 - ENDS_WORDING) * context
                    + ENDS_AT_WORDS * n_words as f32;
                if best.as_ref().is_some_and(|(_, most)| fits <= *most) {
                    continue;
                }
                let place = view.to_source(*start..*end)?;
                let range = region.start + place.start..region.start + place.end;
                let rung = if wording >= 1.0 && self.is_whole(text, range.clone()) {
                    Rung::Folded
                } else if sources.iter().all(|from| from.neighbours) {
                    Rung::Bracket
                } else {
                    Rung::Resemblance
                };
                let candidate = Candidate {
                    range: TextRange::from_bytes(range),
                    rung,
                    wording,
                    context,
                };
                best = Some((candidate, fits));
            }
        }
        best.map(|(candidate, _)| candidate)
    }

    /// Returns whether the wording is all that `range` holds: what the view rewrites, such as a ligature or a
    /// letter with its accent, can be mapped only as a whole.
    fn is_whole(&self, text: &SourceText, range: Range<usize>) -> bool {
        let there = text.as_str().get(range).unwrap_or_default();
        fold(there, Folding::Typography).trim() == self.quote
    }

    /// Returns where the passage may begin and end: where its wording fits best, where its neighbours end and begin,
    /// and where the first and last of its words are that are still there.
    fn proposed_ends(&self, region: &Region) -> Option<Ends> {
        let view = &region.view;
        let fit = self.fit(&view.chars)?;
        let neighbour = |fitter: &Fitter| {
            let fit = fitter.fit(&view.chars)?;
            let likeness = 1.0 - fit.distance as f32 / fitter.len() as f32;
            (fitter.len() >= MIN_NEIGHBOUR_CHARS && likeness >= MIN_NEIGHBOUR).then_some(fit)
        };
        let (before, after) = (neighbour(&self.prefix), neighbour(&self.suffix));
        let (first_word, last_word) = self.ends_by_words(region).unzip();
        let mut ends = Ends::default();
        ends.starts.entry(fit.start).or_default();
        ends.ends.entry(fit.end).or_default();
        if let Some(before) = before {
            ends.starts.entry(before.end).or_default().neighbours = true;
        }
        if let Some(after) = after {
            ends.ends.entry(after.start).or_default().neighbours = true;
        }
        if let Some(first) = first_word {
            ends.starts.entry(view.char_at(first)).or_default().words = true;
        }
        if let Some(last) = last_word {
            ends.ends.entry(view.char_at(last)).or_default().words = true;
        }
        Some(ends)
    }

    /// Returns what is left of the passage in `region`, by the words that it has in common with it by more than chance.
    pub fn parts_in(&self, region: &Region, frequencies: &Frequencies) -> Option<Found> {
        let there = region.view.folded.as_str();
        let common = chain(
            (&self.whole, &self.words),
            (there, &region.words),
            frequencies,
        );
        let mut parts: Vec<Part> = Vec::new();
        let (mut old_at, mut new_at) = (0, 0);
        let end = Common {
            old: self.words.len(),
            new: region.words.len(),
            n_tokens: 0,
        };
        for run in common.into_iter().chain([end]) {
            let gap = |text, words| Words {
                text,
                base: 0,
                words,
            };
            let old_gap = self.words.get(old_at..run.old).unwrap_or_default();
            let new_gap = region.words.get(new_at..run.new).unwrap_or_default();
            let ends = unparted(gap(&self.whole, old_gap), gap(there, new_gap), |_| true);
            parts.extend(ends.into_iter().map(|(old, new)| Part { old, new }));
            (old_at, new_at) = (run.old + run.n_tokens, run.new + run.n_tokens);
            for idx in 0..run.n_tokens {
                let (old, new) = (
                    self.words.get(run.old + idx)?.clone(),
                    region.words.get(run.new + idx)?.clone(),
                );
                match parts.last_mut() {
                    // So each part has as many bytes in both texts, and can be cut at the same place.
                    Some(last)
                        if idx > 0 && old.start - last.old.end == new.start - last.new.end =>
                    {
                        (last.old.end, last.new.end) = (old.end, new.end);
                    }
                    _ => parts.push(Part { old, new }),
                }
            }
        }
        let reach = reach(
            &parts,
            &(self.quote_start..self.quote_start + self.quote.len()),
        )?;
        let view = &region.view;
        let (start, end) = (view.char_at(reach.new.start), view.char_at(reach.new.end));
        let place = view.to_source(start..end)?;
        let longer = self.quote.len().max(reach.new.len());
        let candidate = Candidate {
            range: TextRange::from_bytes(region.start + place.start..region.start + place.end),
            rung: Rung::Parts,
            wording: reach.n_kept as f32 / longer.max(1) as f32,
            context: self.neighbours.likeness(&view.chars, start, end),
        };
        Some(Found { candidate, reach })
    }

    /// Returns the first and the last word of the passage that is still there, by comparing prefix, wording and suffix
    /// with `region` word by word; in bytes of the folded text.
    fn ends_by_words(&self, region: &Region) -> Option<(usize, usize)> {
        let folded = region.view.folded.as_str();
        let common = common_tokens(
            slices(&self.whole, &self.words),
            slices(folded, &region.words),
        );
        let (mut start, mut end) = (None, None);
        for part in common {
            for idx in 0..part.n_tokens {
                let (old, new) = (
                    self.words.get(part.old + idx)?,
                    region.words.get(part.new + idx)?,
                );
                if old.end > self.quote_start && old.start < self.quote_start + self.quote.len() {
                    let cut = self.quote_start.saturating_sub(old.start);
                    start = start.or(Some(new.start + cut));
                    let cut = old.end.saturating_sub(self.quote_start + self.quote.len());
                    end = Some(new.end - cut);
                }
            }
        }
        start.zip(end)
    }

    fn fit(&self, chars: &[char]) -> Option<Fit> {
        match &self.wording {
            Wording::Short(fitter) => fitter.fit(chars),
            Wording::Long(ends) => {
                let [head, tail] = &**ends;
                let (head, tail) = (head.fit(chars)?, tail.fit(chars)?);
                Some(Fit {
                    start: head.start,
                    end: tail.end.max(head.end),
                    distance: head.distance + tail.distance,
                })
            }
        }
    }

    /// Likeness of wording and of context of a stretch; `None` when it is none, or far too long.
    fn compare(&self, chars: &[char], start: usize, end: usize) -> Option<(f32, f32)> {
        let stretch = chars
            .get(start..end)
            .filter(|stretch| !stretch.is_empty())?;
        let n_quote = self.quote.chars().count();
        if stretch.len() > 2 * n_quote + 64 {
            return None;
        }
        let wording = match &self.wording {
            Wording::Short(fitter) => {
                let longer = n_quote.max(stretch.len()) as f32;
                1.0 - fitter.distance(stretch) as f32 / longer
            }
            Wording::Long(_) => {
                let stretch: String = stretch.iter().collect();
                likeness_by_words(&self.quote, &stretch)
            }
        };
        Some((wording, self.neighbours.likeness(chars, start, end)))
    }

    /// Returns how much of the stored context is found, approximately, around `range`: 0 to 1.
    pub fn context_at(&self, text: &SourceText, range: TextRange) -> f32 {
        let place = |at: usize| text.as_str().floor_char_boundary(at.min(text.len()));
        let (start, end) = (range.start().get(), range.end().get());
        let chars = |bytes: Range<usize>| -> Vec<char> {
            let source = text.as_str().get(bytes).unwrap_or_default();
            Folded::new(source, Folding::Typography)
                .as_str()
                .chars()
                .collect()
        };
        let before = chars(place(start.saturating_sub(CONTEXT_BYTES))..start);
        let after = chars(end..place(end + CONTEXT_BYTES));
        let both = [before.as_slice(), after.as_slice()].concat();
        self.neighbours.likeness(&both, before.len(), before.len())
    }
}

/// What was found of a passage in parts.
pub struct Found {
    /// From the first to the last of them.
    pub candidate: Candidate,
    /// How much of the passage and of its surroundings they are, in bytes of the folded text.
    pub reach: Reach,
}

impl Found {
    /// Returns how many bytes of the passage and its surroundings were found.
    pub fn n_bytes(&self) -> usize {
        self.reach.n_before + self.reach.n_kept + self.reach.n_after
    }
}

/// A stretch of a text, folded and divided into words, in which passages are searched for.
pub struct Region {
    /// Its first byte.
    start: usize,
    view: View,
    words: Vec<Range<usize>>,
}

impl Region {
    /// Folds the bytes of `text` in `range`; `None` if `range` starts or ends inside a character.
    pub fn new(text: &SourceText, range: Range<usize>) -> Option<Self> {
        let start = range.start;
        let view = View::new(Folded::new(text.as_str().get(range)?, Folding::Typography));
        let words = words(view.folded.as_str());
        Some(Self { start, view, words })
    }
}

/// Places that a passage may begin or end at, in code points of a view, and what speaks for each.
#[derive(Default)]
struct Ends {
    starts: BTreeMap<usize, Evidence>,
    ends: BTreeMap<usize, Evidence>,
}

/// What says that a passage begins or ends at a place.
#[derive(Clone, Copy, Default)]
struct Evidence {
    /// The neighbour of the passage ends or begins there.
    neighbours: bool,
    /// One of its words that is still there does.
    words: bool,
}

/// A stretch of a text, folded, in code points.
struct View {
    folded: Folded,
    chars: Vec<char>,
    /// Where each of them begins, and the end.
    offsets: Vec<usize>,
}

impl View {
    fn new(folded: Folded) -> Self {
        let (mut offsets, chars): (Vec<usize>, Vec<char>) = folded.as_str().char_indices().unzip();
        offsets.push(folded.as_str().len());
        Self {
            folded,
            chars,
            offsets,
        }
    }

    fn char_at(&self, byte: usize) -> usize {
        self.offsets.partition_point(|at| *at < byte)
    }

    /// Returns the bytes of the stretch that code points of the view come from.
    fn to_source(&self, chars: Range<usize>) -> Option<Range<usize>> {
        let (start, end) = (self.offsets.get(chars.start)?, self.offsets.get(chars.end)?);
        Some(self.folded.to_source(*start..*end))
    }
}

/// Returns the share, 0 to 1, of the code points in the words of the longer wording that both have; 1 only for equal
/// ones.
fn likeness_by_words(one: &str, other: &str) -> f32 {
    if one == other {
        return 1.0;
    }
    let (one_words, other_words) = (words(one), words(other));
    let n_chars = |text: &str, words: &[Range<usize>]| -> usize {
        slices(text, words).map(|word| word.chars().count()).sum()
    };
    let common = common_tokens(slices(one, &one_words), slices(other, &other_words));
    let n_common: usize = common
        .iter()
        .filter_map(|part| one_words.get(part.old..part.old + part.n_tokens))
        .map(|words| n_chars(one, words))
        .sum();
    let longer = n_chars(one, &one_words).max(n_chars(other, &other_words));
    (n_common as f32 / longer.max(1) as f32).min(0.999)
}
