//! One passage, folded and prepared for being compared with stretches of a text: what of it is still there, and where
//! it begins and ends.

use super::{
    Selector,
    approx::{Fit, Fitter},
    common::common_tokens,
    context::Neighbours,
    resolution::{Candidate, Rung},
    words::{slices, words},
};
use crate::text::{Folded, Folding, SourceText, TextRange, fold};
use std::{collections::BTreeMap, ops::Range};

/// Passages of more code points than this are compared by words, and only their ends by characters: the time for
/// characters grows with the square of the length.
const MAX_COMPARED_CHARS: usize = 2_000;
/// How much of each end of such a passage is looked for.
const END_CHARS: usize = 256;
/// How like its stored prefix or suffix a stretch must be to say where a passage begins or ends.
const MIN_NEIGHBOUR: f32 = 0.75;
/// A shorter prefix or suffix stands everywhere.
const MIN_NEIGHBOUR_CHARS: usize = 4;
/// Weight of the wording, against the neighbours, in choosing the ends of a stretch.
const ENDS_WORDING: f32 = 0.35;
/// What it counts there that an end is the end of a word that is still there.
const ENDS_AT_WORDS: f32 = 0.1;
/// Bytes of context to both sides of a place that is looked at, beyond the stored 32 code points folded.
const CONTEXT_BYTES: usize = 256;

/// Prefix, wording and suffix in one piece, folded.
pub fn whole(selector: &Selector) -> Folded {
    let stored = &selector.quote;
    let whole = [&*stored.prefix, &*stored.exact, &*stored.suffix].concat();
    Folded::new(&whole, Folding::Typography)
}

/// A passage as it is looked for: all folded. Takes some ten kilobytes, so it is made when its turn comes.
pub struct Passage {
    /// Prefix, wording and suffix together.
    whole: String,
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
            whole: folded.as_str().to_owned(),
            quote: quote_text.to_owned(),
            neighbours: Neighbours::new(&prefix, &suffix),
            prefix: Fitter::new(&prefix),
            suffix: Fitter::new(&suffix),
            wording,
        }
    }

    /// Bytes of prefix, wording and suffix together, folded.
    pub fn len(&self) -> usize {
        self.whole.len()
    }

    /// Bytes of the wording, folded.
    pub fn quote_len(&self) -> usize {
        self.quote.len()
    }

    /// The best place in `region` of the text, in bytes.
    pub fn best_in(&self, text: &SourceText, region: Range<usize>) -> Option<Candidate> {
        let folded = Folded::new(text.as_str().get(region.clone())?, Folding::Typography);
        let view = View::new(folded);
        let ends = self.proposed_ends(&view)?;
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

    /// Whether the wording is all that `range` holds: what the view writes anew, such as a ligature or a letter with its
    /// accent, can be mapped only as a whole.
    fn is_whole(&self, text: &SourceText, range: Range<usize>) -> bool {
        let there = text.as_str().get(range).unwrap_or_default();
        fold(there, Folding::Typography).trim() == self.quote
    }

    /// Where the passage may begin and end: where its wording fits best, where its neighbours end and begin, and
    /// where the first and last of its words are that are still there.
    fn proposed_ends(&self, view: &View) -> Option<Ends> {
        let fit = self.fit(&view.chars)?;
        let neighbour = |fitter: &Fitter| {
            let fit = fitter.fit(&view.chars)?;
            let likeness = 1.0 - fit.distance as f32 / fitter.len() as f32;
            (fitter.len() >= MIN_NEIGHBOUR_CHARS && likeness >= MIN_NEIGHBOUR).then_some(fit)
        };
        let (before, after) = (neighbour(&self.prefix), neighbour(&self.suffix));
        let (first_word, last_word) = self.ends_by_words(view.folded.as_str()).unzip();
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

    /// From the first to the last word of the passage that is still there, by comparing prefix, wording and suffix
    /// with `folded` word by word; in bytes of `folded`.
    fn ends_by_words(&self, folded: &str) -> Option<(usize, usize)> {
        let (old_words, new_words) = (words(&self.whole), words(folded));
        let common = common_tokens(slices(&self.whole, &old_words), slices(folded, &new_words));
        let (mut start, mut end) = (None, None);
        for part in common {
            for idx in 0..part.n_tokens {
                let (old, new) = (
                    old_words.get(part.old + idx)?,
                    new_words.get(part.new + idx)?,
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

    /// How much of the stored context is found, approximately, around `range`: 0 to 1.
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

/// Places that a passage may begin or end at, in code points of a view, and what speaks for each.
#[derive(Default)]
struct Ends {
    starts: BTreeMap<usize, Evidence>,
    ends: BTreeMap<usize, Evidence>,
}

/// What says that a passage begins or ends at a place.
#[derive(Clone, Copy, Default)]
struct Evidence {
    /// Its neighbour ends or begins there.
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

    /// The bytes of the stretch that code points of the view stand for.
    fn to_source(&self, chars: Range<usize>) -> Option<Range<usize>> {
        let (start, end) = (self.offsets.get(chars.start)?, self.offsets.get(chars.end)?);
        Some(self.folded.to_source(*start..*end))
    }
}

/// Share, 0 to 1, of the code points in the words of the longer wording that both have; 1 only for equal ones.
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
