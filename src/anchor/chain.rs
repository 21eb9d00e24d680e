//! Finds the words that two stretches of text have in common by more than chance.
//!
//! A shortest diff keeps as many words as it can. Where one sentence replaced another, it finds "the … of … the" in
//! both, in this order, and reports them as the rest of the sentence. So each run of common words is compared with
//! the number of such runs that two unrelated stretches would share: the pairs of places where it could be, times the
//! square of its share of the text. In a long stretch, only runs of rare words, or of many, exceed chance. The
//! heaviest chain of these is taken. Then the same is done between its runs, where fewer places are left, so that
//! common words count beside words that are certain. (Aligners of genomes build chains of exact matches in the same
//! way: Abouelhoda and Ohlebusch, "Chaining algorithms for multiple genome comparison", J. of Discrete Algorithms 3
//! (2005).)

use super::{
    common::{Common, add, parted},
    frequencies::{Frequencies, weight_of_run},
    heaviest::{Stretch, heaviest},
    runs::runs,
    strays::{Sentences, without_strays},
    words::slices,
};
use imara_diff::{InternedInput, Token};
use std::ops::Range;

/// A run that two unrelated stretches would share this often, on average, or more is taken for chance.
const MAX_BY_CHANCE: f32 = 0.01;
/// How often what is left between the runs of a chain is examined again.
const MAX_DEPTH: usize = 16;
/// A stretch between two runs that has more words than this in both texts is not examined again. No twelve words in
/// a row occur once in both ([`parted`]), and the rarest words have been compared: the texts are unrelated there. Two
/// texts of 10 MB that have nothing in common took four times as long without this.
const MAX_BETWEEN: usize = 20_000;
/// Words at either end of a run that its neighbour in the chain may take.
const MAX_OVERLAP: usize = 3;

/// Returns the words that two stretches have in common by more than chance, in the order of both. Each stretch comes
/// with its words. Both stretches begin and end at an end of the text or beside text that is known to be the same.
///
/// Linear in the number of words, except where little but very common words is the same.
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
    let sentences = [
        Sentences::of(old.0, old.1, tokens.weights_of(&tokens.input.before)),
        Sentences::of(new.0, new.1, tokens.weights_of(&tokens.input.after)),
    ];
    without_strays(&found, &sentences)
}

/// The words of two stretches as numbers, and the weight of each distinct word.
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
        let distinct = (0..input.interner.num_tokens()).map(Token);
        let weights = distinct
            .map(|token| frequencies.weight(input.interner[token]))
            .collect();
        Self { input, weights }
    }

    fn weights_of(&self, tokens: &[Token]) -> Vec<f32> {
        let weight = |token: &Token| self.weights.get(token.0 as usize).copied();
        let weights = tokens.iter().map(weight);
        weights.map(Option::unwrap_or_default).collect()
    }
}

struct Chainer<'a> {
    old: &'a [Token],
    new: &'a [Token],
    /// The weight of each distinct token.
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
        if depth > 0 && old.len().min(new.len()) > MAX_BETWEEN {
            return;
        }
        let ln_places = (old.len() as f32 + 1.0).ln() + (new.len() as f32 + 1.0).ln();
        let (mut more, mut stretches) = (Vec::new(), Vec::new());
        let (old_list, new_list) = (
            self.old.get(old.clone()).unwrap_or_default(),
            self.new.get(new.clone()).unwrap_or_default(),
        );
        for run in runs(old_list, new_list) {
            let tokens = old_list.get(run.old..run.old + run.n_tokens);
            let weight =
                2.0 * self.weight(tokens.unwrap_or_default()) - ln_places + MAX_BY_CHANCE.ln();
            if weight > 0.0 {
                let cut = (run.n_tokens / 4).min(MAX_OVERLAP);
                let n = run.n_tokens - 2 * cut;
                stretches.push(Stretch {
                    old: run.old + cut..run.old + cut + n,
                    new: run.new + cut..run.new + cut + n,
                    weight,
                });
                more.push(Common {
                    old: old.start + run.old,
                    new: new.start + run.new,
                    ..run
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

    /// Returns the weight of a run.
    fn weight(&self, run: &[Token]) -> f32 {
        let weights = run
            .iter()
            .map(|token| self.weights.get(token.0 as usize).copied());
        weight_of_run(weights.map(Option::unwrap_or_default))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anchor::words::words;

    /// Compares `expected` with the words of `old` that are found in `new`, both from an article of common words.
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
    fn words_that_come_again_and_again_cost_no_square() {
        let (old, new) = ("no yes ".repeat(20_000), "yes no no ".repeat(20_000));
        let (old_words, new_words) = (words(&old), words(&new));
        let frequencies = Frequencies::of(&old);
        let found = chain((&old, &old_words), (&new, &new_words), &frequencies);
        assert!(found.len() < 40_000);
    }
}
