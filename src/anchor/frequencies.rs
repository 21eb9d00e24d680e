//! Counts how common each word of a text is, and so how significant it is that two texts share it.

use super::words::{slices, words};
use std::collections::HashMap;

/// Bytes of a text whose words are counted: enough to know the words that recur.
const SAMPLE_BYTES: usize = 32 * 1024;
/// A shorter text does not show which words are common. Its words are counted as if it had this many.
const MIN_WORDS: usize = 1_000;
/// The least share of the words that a punctuation mark is taken to have.
const PUNCTUATION_SHARE: f32 = 0.15;
/// What a word adds to the weight of a run that holds a rarer one. Words are not independent: "of" is followed by
/// "the" more often than by other words.
const WEIGHT_OF_OTHERS: f32 = 0.5;

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

    /// Returns the information that `word` carries: the negative logarithm of its share of the words.
    pub fn weight(&self, word: &str) -> f32 {
        let count = self.counts.get(word).copied().unwrap_or(1).max(1);
        let share = count as f32 / self.n_words as f32;
        if word.contains(char::is_alphanumeric) {
            -share.ln()
        } else {
            -share.max(PUNCTUATION_SHARE).ln()
        }
    }
}

/// Returns the weight of words in a row, given the weight of each.
pub fn weight_of_run(weights: impl Iterator<Item = f32>) -> f32 {
    let (most, sum) = weights.fold((0.0_f32, 0.0), |(most, sum), weight| {
        (most.max(weight), sum + weight)
    });
    most + WEIGHT_OF_OTHERS * (sum - most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rare_word_weighs_more_than_a_common_one() {
        let text = format!("harbour {}", "the ship, ".repeat(400));
        let frequencies = Frequencies::of(&text);
        let [rare, common, comma, unknown] =
            ["harbour", "the", ",", "nowhere"].map(|word| frequencies.weight(word));
        assert!(rare > common && common < unknown);
        assert!(comma < rare);
        assert!(weight_of_run([rare, common].into_iter()) < rare + common);
    }
}
