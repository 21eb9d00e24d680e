//! Surveys a whole text for deceptive characters and mixed words.

use super::{
    TextRange,
    hidden::{Reveal, find},
    lookalike,
};

/// Most places of one text that are kept, for navigation.
const MAX_PLACES: usize = 100_000;

/// The deceptive characters and mixed words of a whole text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Number of deceptive characters.
    pub n_hidden: usize,
    /// Number of words of several alphabets that look like one.
    pub n_mixed: usize,
    /// The places of these, in order; the first hundred thousand.
    pub places: Vec<TextRange>,
}

impl Survey {
    /// Searches `text` once.
    pub fn new(text: &str) -> Self {
        let mut survey = Self::default();
        let mut places: Vec<std::ops::Range<usize>> = Vec::new();
        for hidden in find(text, Reveal::Deceptive) {
            survey.n_hidden += 1;
            let n_places = places.len();
            match places.last_mut() {
                Some(last) if last.end == hidden.at => last.end = hidden.range().end,
                _ if n_places < MAX_PLACES => places.push(hidden.range()),
                _ => {}
            }
        }
        for word in lookalike::mixed_words(text) {
            survey.n_mixed += 1;
            if survey.n_mixed <= MAX_PLACES {
                places.push(word);
            }
        }
        places.sort_by_key(|range| range.start);
        places.truncate(MAX_PLACES);
        survey.places = places.into_iter().map(TextRange::from_bytes).collect();
        survey
    }

    /// Returns whether the text has no deceptive characters or mixed words.
    pub fn is_clean(&self) -> bool {
        self.places.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_survey_counts_characters_and_remembers_places() {
        let survey = Survey::new("a\u{202E}\u{200B}b p\u{430}ypal \u{7}");
        assert_eq!((survey.n_hidden, survey.n_mixed), (3, 1));
        let places: Vec<_> = survey.places.iter().map(|range| range.bytes()).collect();
        assert_eq!(places, [1..7, 9..16, 17..18]);
        assert!(Survey::new("he denied").is_clean());
    }
}
