//! Which words two stretches of text have in common, and which of them by more than chance.
//!
//! A shortest diff keeps as many words as it can. Where a sentence was replaced by another, it finds "the … of … the" in
//! both, in this order, and takes them for what is left of the sentence. So each run of common words is held against
//! the number of such runs that two unrelated stretches would share: the pairs of places where it could be, times the
//! square of its share in the text. In a long stretch only runs of rare words, or of many, are more than chance. Of these
//! the chain is taken that says most, in the order of both; then the same is done between its runs, where fewer
//! places are left, so that beside words that are certain common words count too. (Chains of exact matches, as aligners
//! of genomes build them: Abouelhoda and Ohlebusch, "Chaining algorithms for multiple genome comparison", J. of Discrete
//! Algorithms 3 (2005).)

use super::{
    common::{Common, add, parted},
    words::{slices, words},
};
use imara_diff::{InternedInput, Token};
use std::{collections::HashMap, ops::Range};

/// Bytes of a text whose words are counted: enough to know the words that come again and again.
const SAMPLE_BYTES: usize = 32 * 1024;
/// A shorter text does not say which words are common; it is counted as if it had so many.
const MIN_WORDS: usize = 1_000;
/// A run that two unrelated stretches would share so often, on average, or more is taken for chance.
const MAX_BY_CHANCE: f32 = 0.01;
/// The share of punctuation at least.
const PUNCTUATION_SHARE: f32 = 0.15;
/// What a word adds to a run that holds a rarer one: words are not independent, "of" is followed by "the" more often
/// than other words are.
const WEIGHT_OF_OTHERS: f32 = 0.5;
/// Places of words that are looked at, for each word of two stretches and besides.
const PAIRS_FOR_EACH: usize = 8;
const PAIRS_BESIDES: usize = 4_096;
/// And never more than these: two large texts that have nothing to do with each other have pairs without end.
const MAX_PAIRS: usize = 1_000_000;
/// Two lists of so many pairs of words are compared word by word.
const SMALL: usize = 16_384;
/// Where single words have too many places, this many in a row are looked for.
const ROW: usize = 4;
/// Times that what is left between the runs of a chain is looked at again.
const MAX_DEPTH: usize = 16;
/// Words at the ends of a run that a neighbour in the chain may have as well.
const MAX_OVERLAP: usize = 3;

/// Two sentences that share less than this of what the words of the one say that says less are not the same sentence.
const MIN_SHARED: f32 = 0.3;
/// So many words in a row are believed all the same.
const SURE_RUN: usize = 3;

/// How common each word of a text is.
#[derive(Debug)]
pub struct Frequencies {
    counts: HashMap<Box<str>, u32>,
    n_words: usize,
}

impl Frequencies {
    /// Counts the words at the beginning of `text`.
    pub fn of(text: &str) -> Self {
        let sample = text
            .get(..text.floor_char_boundary(SAMPLE_BYTES))
            .unwrap_or_default();
        let words = words(sample);
        let mut counts: HashMap<Box<str>, u32> = HashMap::with_capacity(words.len() / 2);
        for word in slices(sample, &words) {
            match counts.get_mut(word) {
                Some(count) => *count += 1,
                None => drop(counts.insert(word.into(), 1)),
            }
        }
        Self {
            counts,
            n_words: words.len().max(MIN_WORDS),
        }
    }

    /// The logarithm of the share of the words that are `word`, negated: what it says.
    fn weight(&self, word: &str) -> f32 {
        let count = self.counts.get(word).copied().unwrap_or(1).max(1);
        let share = count as f32 / self.n_words as f32;
        if word.contains(char::is_alphanumeric) {
            -share.ln()
        } else {
            -share.max(PUNCTUATION_SHARE).ln()
        }
    }
}

/// The words that two stretches have in common by more than chance, in the order of both. Each stretch comes with its
/// words; both begin and end beside what is known to be the same, or at an end of the text.
///
/// Linear in the words, but for words that come again and again in both where little else is the same.
pub fn chain(
    old: (&str, &[Range<usize>]),
    new: (&str, &[Range<usize>]),
    frequencies: &Frequencies,
) -> Vec<Common> {
    let tokens = Tokens::of(old, new, frequencies);
    let mut chainer = Chainer {
        old: &tokens.input.before,
        new: &tokens.input.after,
        weights: &tokens.weights,
        found: Vec::new(),
    };
    let (mut old_at, mut new_at) = (0, 0);
    let end = Common {
        old: old.1.len(),
        new: new.1.len(),
        n_tokens: 0,
    };
    for known in parted(chainer.old, chainer.new).into_iter().chain([end]) {
        chainer.fill(old_at..known.old, new_at..known.new);
        chainer.add(known);
        (old_at, new_at) = (known.old + known.n_tokens, known.new + known.n_tokens);
    }
    let found = chainer.found;
    tokens.without_strays(found, old, new)
}

/// What the words of a run say together.
fn weight(weights: &[f32], old: &[Token], run: Common) -> f32 {
    let tokens = old.get(run.old..run.old + run.n_tokens).unwrap_or_default();
    let weights = tokens
        .iter()
        .map(|token| weights.get(token.0 as usize).copied());
    weight_of_run(weights.map(Option::unwrap_or_default))
}

/// What words in a row say together, from what each says.
fn weight_of_run(weights: impl Iterator<Item = f32>) -> f32 {
    let (most, sum) = weights.fold((0.0_f32, 0.0), |(most, sum), weight| {
        (most.max(weight), sum + weight)
    });
    most + WEIGHT_OF_OTHERS * (sum - most)
}

/// The words of two stretches as numbers, and what each says.
struct Tokens<'a> {
    input: InternedInput<&'a str>,
    weights: Vec<f32>,
}

impl<'a> Tokens<'a> {
    fn of(
        (old, old_words): (&'a str, &'a [Range<usize>]),
        (new, new_words): (&'a str, &'a [Range<usize>]),
        frequencies: &Frequencies,
    ) -> Self {
        let mut input: InternedInput<&str> = InternedInput::default();
        input.update_before(slices(old, old_words));
        input.update_after(slices(new, new_words));
        let mut weights = vec![f32::NAN; input.interner.num_tokens() as usize];
        for token in input.before.iter().chain(&input.after) {
            if let Some(weight) = weights.get_mut(token.0 as usize)
                && weight.is_nan()
            {
                *weight = frequencies.weight(input.interner[*token]);
            }
        }
        Self { input, weights }
    }

    /// `found` without the words that two sentences have in common although one has replaced the other.
    fn without_strays(
        &self,
        found: Vec<Common>,
        (old, old_words): (&str, &[Range<usize>]),
        (new, new_words): (&str, &[Range<usize>]),
    ) -> Vec<Common> {
        let weight = |token: &Token| {
            let weight = self.weights.get(token.0 as usize);
            weight.copied().unwrap_or_default()
        };
        let sentences = [
            Sentences::of(old, old_words, self.input.before.iter().map(weight)),
            Sentences::of(new, new_words, self.input.after.iter().map(weight)),
        ];
        without_strays(found, &sentences)
    }
}

/// The sentences of a stretch of text, and what their words say.
struct Sentences {
    /// Which sentence a word is in.
    of_word: Vec<u32>,
    /// What each word says.
    weights: Vec<f32>,
    /// What the words of each sentence say together.
    totals: Vec<f32>,
}

impl Sentences {
    /// A sentence ends with a line, and with what ends sentences, even of abbreviations.
    fn of(text: &str, words: &[Range<usize>], weights: impl Iterator<Item = f32>) -> Self {
        let (mut of_word, mut totals) = (Vec::with_capacity(words.len()), vec![0.0]);
        let weights: Vec<f32> = weights.collect();
        let mut end = 0;
        let mut ended = false;
        for (word, weight) in words.iter().zip(&weights) {
            let between = text.get(end..word.start).unwrap_or_default();
            if between.contains('\n') || ended && !between.is_empty() {
                totals.push(0.0);
            }
            of_word.push((totals.len() - 1) as u32);
            if let Some(total) = totals.last_mut() {
                *total += weight;
            }
            end = word.end;
            let said = text.get(word.clone()).unwrap_or_default();
            ended = matches!(
                said,
                "." | "!" | "?" | ";" | ":" | "。" | "！" | "？" | "؟" | "।" | "።" | "։"
            );
        }
        Self {
            of_word,
            weights,
            totals,
        }
    }
}

/// `found` without the words that two sentences have in common although one has replaced the other.
fn without_strays(found: Vec<Common>, [old, new]: &[Sentences; 2]) -> Vec<Common> {
    // Sentences ascend in both, so what two of them share comes together.
    let mut pieces: Vec<Common> = Vec::with_capacity(found.len());
    let mut pairs: Vec<Pair> = Vec::new();
    for run in &found {
        for n in 0..run.n_tokens {
            let (i, j) = (run.old + n, run.new + n);
            let (Some(one), Some(other), Some(weight)) =
                (old.of_word.get(i), new.of_word.get(j), old.weights.get(i))
            else {
                continue;
            };
            let is_new_pair = match pairs.last_mut() {
                Some(pair) if (pair.old, pair.new) == (*one, *other) => {
                    pair.shared += weight;
                    false
                }
                _ => {
                    pairs.push(Pair {
                        old: *one,
                        new: *other,
                        shared: *weight,
                        first: pieces.len(),
                    });
                    true
                }
            };
            match pieces.last_mut() {
                Some(last) if !is_new_pair && n > 0 => last.n_tokens += 1,
                _ => pieces.push(Common {
                    old: i,
                    new: j,
                    n_tokens: 1,
                }),
            }
        }
    }
    let mut kept: Vec<Common> = Vec::with_capacity(found.len());
    let ends = pairs.iter().skip(1).map(|pair| pair.first);
    for (pair, end) in pairs.iter().zip(ends.chain([pieces.len()])) {
        let total = |one: &Sentences, idx: u32| one.totals.get(idx as usize).copied();
        let (was, is) = (total(old, pair.old), total(new, pair.new));
        let smaller = was.unwrap_or_default().min(is.unwrap_or_default());
        let is_same = pair.shared >= MIN_SHARED * smaller;
        for piece in pieces.get(pair.first..end).unwrap_or_default() {
            if is_same || piece.n_tokens >= SURE_RUN {
                add(&mut kept, *piece);
            }
        }
    }
    kept
}

/// Two sentences, and what the words say that they share.
struct Pair {
    old: u32,
    new: u32,
    shared: f32,
    /// The first of the pieces that they share.
    first: usize,
}

/// A part of a chain.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// What of the old list it takes.
    pub old: Range<usize>,
    /// What of the new list it takes.
    pub new: Range<usize>,
    /// What it is worth.
    pub weight: f32,
}

struct Chainer<'a> {
    old: &'a [Token],
    new: &'a [Token],
    /// What each token says.
    weights: &'a [f32],
    /// Ascending in both lists; no two touch in both.
    found: Vec<Common>,
}

impl Chainer<'_> {
    fn add(&mut self, part: Common) {
        add(&mut self.found, part);
    }

    /// Adds what two stretches between known ones have in common.
    fn fill(&mut self, old: Range<usize>, new: Range<usize>) {
        let is_same = |one: usize, other: usize| self.old.get(one) == self.new.get(other);
        let shorter = old.len().min(new.len());
        let front = (0..shorter)
            .take_while(|n| is_same(old.start + n, new.start + n))
            .count();
        let back = (1..=shorter - front)
            .take_while(|n| is_same(old.end - n, new.end - n))
            .count();
        self.add(Common {
            old: old.start,
            new: new.start,
            n_tokens: front,
        });
        self.fill_between(
            old.start + front..old.end - back,
            new.start + front..new.end - back,
            0,
        );
        self.add(Common {
            old: old.end - back,
            new: new.end - back,
            n_tokens: back,
        });
    }

    fn fill_between(&mut self, old: Range<usize>, new: Range<usize>, depth: usize) {
        if old.is_empty() || new.is_empty() || depth > MAX_DEPTH {
            return;
        }
        let runs = self.runs(old.clone(), new.clone());
        let ln_places = (old.len() as f32 + 1.0).ln() + (new.len() as f32 + 1.0).ln();
        let (mut more, mut stretches) = (Vec::new(), Vec::new());
        for run in runs {
            let weight = 2.0 * weight(self.weights, self.old, run) - ln_places + MAX_BY_CHANCE.ln();
            if weight > 0.0 {
                let cut = (run.n_tokens / 4).min(MAX_OVERLAP);
                let (from, n) = (cut, run.n_tokens - 2 * cut);
                more.push(run);
                stretches.push(Stretch {
                    old: run.old - old.start + from..run.old - old.start + from + n,
                    new: run.new - new.start + from..run.new - new.start + from + n,
                    weight,
                });
            }
        }
        if more.is_empty() {
            return;
        }
        let (mut old_at, mut new_at) = (old.start, new.start);
        for idx in heaviest(&stretches, new.len()) {
            let Some(mut run) = more.get(idx).copied() else {
                continue;
            };
            let n_over = old_at
                .saturating_sub(run.old)
                .max(new_at.saturating_sub(run.new));
            if n_over >= run.n_tokens {
                continue;
            }
            run = Common {
                old: run.old + n_over,
                new: run.new + n_over,
                n_tokens: run.n_tokens - n_over,
            };
            self.fill_between(old_at..run.old, new_at..run.new, depth + 1);
            self.add(run);
            (old_at, new_at) = (run.old + run.n_tokens, run.new + run.n_tokens);
        }
        self.fill_between(old_at..old.end, new_at..new.end, depth + 1);
    }

    /// The longest runs of words that two stretches have in common, but for those that hold only words with too many
    /// places.
    fn runs(&self, old: Range<usize>, new: Range<usize>) -> Vec<Common> {
        let (old_list, new_list) = (
            self.old.get(old.clone()).unwrap_or_default(),
            self.new.get(new.clone()).unwrap_or_default(),
        );
        if old_list.len().saturating_mul(new_list.len()) <= SMALL {
            return small_runs(old, new, old_list, new_list);
        }
        let mut found = Vec::new();
        let mut seen = Seen::default();
        let mut grow = |i: usize, j: usize| {
            if seen.has(i, j) {
                return;
            }
            let before = old_list.get(..i).unwrap_or_default().iter().rev();
            let n_before = before
                .zip(new_list.get(..j).unwrap_or_default().iter().rev())
                .take_while(|(one, other)| one == other)
                .count();
            let after = old_list.get(i..).unwrap_or_default().iter();
            let n_after = after
                .zip(new_list.get(j..).unwrap_or_default())
                .take_while(|(one, other)| one == other)
                .count();
            seen.add(i, j, n_after);
            found.push(Common {
                old: old.start + i - n_before,
                new: new.start + j - n_before,
                n_tokens: n_before + n_after,
            });
        };
        let budget = PAIRS_BESIDES + PAIRS_FOR_EACH * (old_list.len() + new_list.len());
        let budget = budget.min(MAX_PAIRS);
        let by_word = places(new_list.iter().copied());
        let words: Vec<Token> = old_list.to_vec();
        let is_all = pairs(&words, &by_word, budget, &mut grow);
        if !is_all {
            let row = |list: &[Token]| list.windows(ROW).map(<[Token]>::to_vec).collect::<Vec<_>>();
            let by_row = places(row(new_list).into_iter());
            pairs(&row(old_list), &by_row, budget, &mut grow);
        }
        found.sort_by_key(|run| (run.old, run.new));
        found.dedup();
        found
    }
}

/// The longest runs of two short lists.
fn small_runs(
    old: Range<usize>,
    new: Range<usize>,
    old_list: &[Token],
    new_list: &[Token],
) -> Vec<Common> {
    let mut found = Vec::new();
    for (i, one) in old_list.iter().enumerate() {
        for (j, other) in new_list.iter().enumerate() {
            if one != other {
                continue;
            }
            let before = |list: &[Token], at: usize| list.get(at.checked_sub(1)?).copied();
            let was = before(old_list, i);
            if was.is_some() && was == before(new_list, j) {
                continue;
            }
            let rest = old_list.get(i..).unwrap_or_default().iter();
            let n_tokens = rest
                .zip(new_list.get(j..).unwrap_or_default())
                .take_while(|(one, other)| one == other)
                .count();
            found.push(Common {
                old: old.start + i,
                new: new.start + j,
                n_tokens,
            });
        }
    }
    found
}

/// Where each key is.
fn places<K: std::hash::Hash + Eq>(keys: impl Iterator<Item = K>) -> HashMap<K, Vec<usize>> {
    let mut found: HashMap<K, Vec<usize>> = HashMap::new();
    for (idx, key) in keys.enumerate() {
        found.entry(key).or_default().push(idx);
    }
    found
}

/// Calls `hit` with the pairs of places of the rarest keys, at most `budget` of them, in the order of `old`; returns
/// whether these are all.
fn pairs<K: std::hash::Hash + Eq>(
    old: &[K],
    new: &HashMap<K, Vec<usize>>,
    budget: usize,
    hit: &mut impl FnMut(usize, usize),
) -> bool {
    let mut counts: HashMap<&K, usize> = HashMap::new();
    for key in old {
        if new.contains_key(key) {
            *counts.entry(key).or_default() += 1;
        }
    }
    let mut n_pairs: Vec<usize> = counts
        .iter()
        .map(|(key, count)| count * new.get(*key).map_or(0, Vec::len))
        .collect();
    n_pairs.sort_unstable();
    let (mut sum, mut limit) = (0, 0);
    for n in &n_pairs {
        sum += n;
        if sum > budget {
            break;
        }
        limit = *n;
    }
    // Those with as many pairs as the last one are all taken, or none.
    if sum > budget {
        let n_within: usize = n_pairs.iter().take_while(|n| **n <= limit).sum();
        if n_within > 2 * budget {
            limit = limit.saturating_sub(1);
        }
    }
    for (i, key) in old.iter().enumerate() {
        if let (Some(count), Some(places)) = (counts.get(key), new.get(key))
            && count * places.len() <= limit
        {
            for j in places {
                hit(i, *j);
            }
        }
    }
    sum <= budget
}

/// Runs that were found, in the order of the old list: for each diagonal, where the last one ends.
#[derive(Default)]
struct Seen(HashMap<usize, usize>);

impl Seen {
    fn has(&self, i: usize, j: usize) -> bool {
        self.0.get(&i.wrapping_sub(j)).is_some_and(|end| i < *end)
    }

    fn add(&mut self, i: usize, j: usize, n_after: usize) {
        let end = self.0.entry(i.wrapping_sub(j)).or_default();
        *end = (*end).max(i + n_after);
    }
}

/// The chain that is worth most: indices of stretches, each of which begins in both lists where the one before has ended,
/// or later. `n_new` is the length of the new list. O(n log n).
pub fn heaviest(stretches: &[Stretch], n_new: usize) -> Vec<usize> {
    let mut starts: Vec<usize> = (0..stretches.len()).collect();
    let mut ends = starts.clone();
    starts.sort_by_key(|idx| {
        stretches
            .get(*idx)
            .map(|one| (one.old.start, one.new.start))
    });
    ends.sort_by_key(|idx| stretches.get(*idx).map(|one| one.old.end));
    let mut ends = ends.into_iter().peekable();
    // The best chain to each stretch: its worth and the stretch before.
    let mut best: Vec<(f32, Option<usize>)> = vec![(0.0, None); stretches.len()];
    let mut tree: Vec<Option<usize>> = vec![None; n_new + 2];
    let worth = |best: &[(f32, Option<usize>)], idx: Option<usize>| -> f32 {
        idx.and_then(|idx| best.get(idx)).map_or(0.0, |one| one.0)
    };
    for idx in starts {
        let Some(one) = stretches.get(idx) else {
            continue;
        };
        while let Some(ended) = ends.next_if(|ended| {
            stretches
                .get(*ended)
                .is_some_and(|e| e.old.end <= one.old.start)
        }) {
            let end = stretches.get(ended).map_or(0, |ended| ended.new.end);
            let mut at = end + 1;
            while let Some(slot) = tree.get_mut(at) {
                if worth(&best, Some(ended)) > worth(&best, *slot) {
                    *slot = Some(ended);
                }
                at += at & at.wrapping_neg();
            }
        }
        let (mut before, mut at) = (None, one.new.start + 1);
        while at > 0 {
            let slot = tree.get(at).copied().flatten();
            if worth(&best, slot) > worth(&best, before) {
                before = slot;
            }
            at &= at - 1;
        }
        let total = worth(&best, before) + one.weight;
        if let Some(slot) = best.get_mut(idx) {
            *slot = (total, before);
        }
    }
    let mut at =
        (0..best.len()).max_by(|a, b| worth(&best, Some(*a)).total_cmp(&worth(&best, Some(*b))));
    let mut series = Vec::new();
    while let Some(idx) = at {
        series.push(idx);
        at = best.get(idx).and_then(|one| one.1);
    }
    series.reverse();
    series
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What of `old` is taken to be in `new`, both parts of an article of common words.
    #[track_caller]
    fn check(old: &str, new: &str, expected: &str) {
        let common = "the ship of the line and a man in it, ".repeat(200);
        let frequencies = Frequencies::of(&format!("{old} {common}"));
        let (old_words, new_words) = (words(old), words(new));
        let kept: Vec<&str> = chain((old, &old_words), (new, &new_words), &frequencies)
            .iter()
            .map(|run| &old[old_words[run.old].start..old_words[run.old + run.n_tokens - 1].end])
            .collect();
        assert_eq!(kept.join("|"), expected);
    }

    #[test]
    fn common_words_of_another_sentence_are_chance() {
        check(
            "Yesterday the minister rejected every charge of bribery, and called it a farce",
            "Prices at the harbour fell by half of what they had been, and nobody expected it so soon",
            "",
        );
    }

    #[test]
    fn beside_rare_words_common_ones_count() {
        check(
            "Yesterday the minister of trade rejected it.",
            "Yesterday the secretary of trade rejected it.",
            "Yesterday the|of trade rejected it.",
        );
    }

    #[test]
    fn the_heaviest_chain_wins_and_ascends_in_both() {
        let stretch = |old: usize, new: usize, len: usize| Stretch {
            old: old..old + len,
            new: new..new + len,
            weight: len as f32,
        };
        let all = [
            stretch(0, 10, 6),
            stretch(6, 0, 4),
            stretch(10, 4, 5),
            stretch(20, 20, 1),
        ];
        assert_eq!(heaviest(&all, 30), [1, 2, 3]);
        assert_eq!(heaviest(&[], 0), Vec::<usize>::new());
    }

    #[test]
    fn words_that_come_again_and_again_cost_no_square() {
        let (old, new) = ("no yes ".repeat(20_000), "yes no no ".repeat(20_000));
        let (old_words, new_words) = (words(&old), words(&new));
        let frequencies = Frequencies::of(&old);
        let found = chain((&old, &old_words), (&new, &new_words), &frequencies);
        assert!(found.len() < 40_000);
    }
}
