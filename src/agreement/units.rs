//! Cuts an article into units that every annotator has judged, for the measures that need units: characters or
//! sentences.
//!
//! Equal neighbouring characters are one row with a weight, so an article costs what is marked in it and not
//! what it is long.

use super::{ArticleLayers, Coding, Undefined};
use crate::text::{SourceText, TextRange, boundary};
use std::collections::BTreeMap;

/// The unit that is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnitKind {
    /// Each code point: it carries a tag when a passage with the tag covers it.
    #[default]
    Character,
    /// Each sentence: it carries a tag when a passage with the tag shares at least one code point with it.
    Sentence,
}

/// The units of one article, and the tags that each annotator gave to each of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Units {
    /// How many units each row represents.
    weights: Vec<u64>,
    /// Row by row, for each annotator the tags, sorted; `None` for who did not annotate the article.
    tags: Vec<Vec<Option<Vec<usize>>>>,
}

impl Units {
    /// Returns the units of `article`.
    ///
    /// # Errors
    /// [`Undefined::NoText`] for sentences of an article whose text is not available.
    pub fn of(article: &ArticleLayers, kind: UnitKind) -> Result<Self, Undefined> {
        let starts = match kind {
            UnitKind::Character => borders(article),
            UnitKind::Sentence => sentence_starts(article.text.as_ref().ok_or(Undefined::NoText)?),
        };
        let ends = starts.iter().skip(1).copied().chain([article.length]);
        let weights = starts.iter().zip(ends).map(|(start, end)| match kind {
            UnitKind::Character => (end - start) as u64,
            UnitKind::Sentence => 1,
        });
        let empty: Vec<Option<Vec<usize>>> = article
            .layers
            .iter()
            .map(|layer| layer.as_ref().map(|_| Vec::new()))
            .collect();
        let mut units = Self {
            weights: weights.collect(),
            tags: vec![empty; starts.len()],
        };
        for (annotator, layer) in article.layers.iter().enumerate() {
            for passage in layer.iter().flatten() {
                for stretch in passage.footprint.stretches() {
                    let first = starts
                        .partition_point(|start| *start <= stretch.start)
                        .saturating_sub(1);
                    let end = starts.partition_point(|start| *start < stretch.end);
                    for row in units.tags.get_mut(first..end).into_iter().flatten() {
                        if let Some(Some(given)) = row.get_mut(annotator) {
                            for tag in &passage.tags {
                                if let Err(at) = given.binary_search(tag) {
                                    given.insert(at, *tag);
                                }
                            }
                        }
                    }
                }
            }
        }
        Ok(units)
    }

    /// Returns whether each unit carries `tag` (category 1) or not (category 0), for the given annotators.
    pub fn with_tag(&self, tag: usize, annotators: &[usize]) -> Coding {
        self.coding(2, annotators, |tags| u32::from(tags.contains(&tag)))
    }

    /// Returns what each unit carries, every set of tags that occurs in any article being a category of its own. "No
    /// tag" is one of them: where little is marked, agreement on it is most of the agreement.
    pub fn with_sets(&self, sets: &TagSets, annotators: &[usize]) -> Coding {
        self.coding(sets.0.len(), annotators, |tags| {
            sets.0.get(tags).copied().unwrap_or(0)
        })
    }

    fn coding(
        &self,
        n_categories: usize,
        annotators: &[usize],
        category: impl Fn(&Vec<usize>) -> u32,
    ) -> Coding {
        let mut coding = Coding::new(annotators.len(), n_categories);
        let mut values = Vec::with_capacity(annotators.len());
        for (row, weight) in self.tags.iter().zip(&self.weights) {
            values.clear();
            let given = annotators
                .iter()
                .map(|annotator| row.get(*annotator)?.as_ref());
            values.extend(given.map(|tags| tags.map(&category)));
            coding.push(&values, *weight);
        }
        coding
    }
}

/// The sets of tags that units carry, numbered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TagSets(BTreeMap<Vec<usize>, u32>);

impl TagSets {
    /// Returns the figures of all units of all articles.
    pub fn of<'a>(articles: impl IntoIterator<Item = &'a Units>) -> Self {
        let mut sets = BTreeMap::from([(Vec::new(), 0)]);
        for units in articles {
            for tags in units.tags.iter().flatten().flatten() {
                if !sets.contains_key(tags) {
                    let number = sets.len() as u32;
                    sets.insert(tags.clone(), number);
                }
            }
        }
        Self(sets)
    }
}

/// Returns every place at which a passage begins or ends, and the start of the article.
fn borders(article: &ArticleLayers) -> Vec<usize> {
    let passages = article.layers.iter().flatten().flatten();
    let stretches = passages.flat_map(|passage| passage.footprint.stretches());
    let mut borders: Vec<usize> = stretches
        .flat_map(|stretch| [stretch.start, stretch.end])
        .chain([0])
        .collect();
    borders.sort_unstable();
    borders.dedup();
    borders.retain(|border| *border < article.length);
    borders
}

/// Returns the first code point of each sentence that has a character in it.
fn sentence_starts(text: &SourceText) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut at = text.full_range().start();
    while at < text.end() {
        let sentence = boundary::sentence_at(text, at);
        let range = TextRange::new(at, sentence.end().max(boundary::next_grapheme(text, at)));
        if !text.slice_or_empty(range).trim().is_empty() {
            starts.extend(text.to_char(at).map(|start| start.get()));
        }
        at = range.end();
    }
    starts
}
