//! Removes from what two texts have in common the words that two sentences share although one replaced the other.

use super::common::{Common, add};
use std::ops::Range;

/// Two sentences are the same sentence when they share this part of the weight of the lighter one.
const MIN_SHARED: f32 = 0.3;
/// A run of this many words is kept even so.
const SURE_RUN: usize = 3;

/// The sentences of a stretch of text, and what their words weigh.
pub struct Sentences {
    /// The sentence that each word is in.
    of_word: Vec<u32>,
    /// The weight of each word.
    weights: Vec<f32>,
    /// The weight of each sentence.
    totals: Vec<f32>,
}

impl Sentences {
    /// Divides `text` after each line break and after each mark that ends a sentence, even that of an abbreviation.
    pub fn of(text: &str, words: &[Range<usize>], weights: Vec<f32>) -> Self {
        let (mut of_word, mut totals) = (Vec::with_capacity(words.len()), vec![0.0]);
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
            let mark = text.get(word.clone()).unwrap_or_default();
            ended = matches!(
                mark,
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

/// Returns `found` without the words that two sentences share although one replaced the other: those of pairs of
/// sentences that share too little.
pub fn without_strays(found: &[Common], [old, new]: &[Sentences; 2]) -> Vec<Common> {
    // Sentences ascend in both lists, so the words that two of them share are adjacent in `found`.
    let mut pieces: Vec<Common> = Vec::with_capacity(found.len());
    let mut pairs: Vec<Pair> = Vec::new();
    for run in found {
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
        let lighter = was.unwrap_or_default().min(is.unwrap_or_default());
        let is_same = pair.shared >= MIN_SHARED * lighter;
        for piece in pieces.get(pair.first..end).unwrap_or_default() {
            if is_same || piece.n_tokens >= SURE_RUN {
                add(&mut kept, *piece);
            }
        }
    }
    kept
}

/// Two sentences, and the weight of the words that they share.
struct Pair {
    old: u32,
    new: u32,
    shared: f32,
    /// The first of the pieces that they share.
    first: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anchor::words::words;

    /// Checks how many of the words `common` of two texts are kept. All words weigh the same.
    #[track_caller]
    fn check(old: &str, new: &str, common: &[(usize, usize, usize)], expected: usize) {
        let sentences = [old, new].map(|text| {
            let words = words(text);
            Sentences::of(text, &words, vec![1.0; words.len()])
        });
        let common: Vec<Common> = common
            .iter()
            .map(|(old, new, n_tokens)| Common {
                old: *old,
                new: *new,
                n_tokens: *n_tokens,
            })
            .collect();
        let kept = without_strays(&common, &sentences);
        assert_eq!(kept.iter().map(|run| run.n_tokens).sum::<usize>(), expected);
    }

    #[test]
    fn one_word_of_two_sentences_is_a_stray() {
        let (old, new) = (
            "The rain fell on roofs. He left.",
            "A dog slept on straw. He left.",
        );
        check(old, new, &[(3, 3, 1), (6, 6, 3)], 3);
        check(old, new, &[(2, 2, 2), (6, 6, 3)], 5);
    }

    #[test]
    fn three_words_in_a_row_are_kept_even_so() {
        let (old, new) = (
            "One two three four five six seven eight nine ten eleven twelve.",
            "Red two three four blue green grey pink brown black white gold.",
        );
        check(old, new, &[(1, 1, 3)], 3);
        check(old, new, &[(1, 1, 2)], 0);
    }
}
