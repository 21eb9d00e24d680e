//! Whether annotators who marked the same passage also gave it the same attributes (certainty, kind, …).
//!
//! For two annotators the units are the passages paired by [`compare`](super::compare); for more they are the groups
//! of gamma's best alignment, of more than [`MANY`] those of a good one that is not proven to be the best: a proof takes
//! minutes for a class. A unit counts for an attribute when at least two of its passages have a value for it.

use super::{
    Coding, Coincidences, Contingency, Corpus, Measure, Metric, Passage, Undefined, bootstrap,
    compare::Compared,
    gamma::{Continuum, Unit, Weights, best_alignment, good_alignment},
    gwet_ac2,
};
use std::collections::{BTreeMap, BTreeSet};

/// Most annotators whose best alignment is searched for.
const MANY: usize = 5;

/// The figures of one attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeAgreement {
    /// The attribute's name.
    pub name: String,
    /// Krippendorff's alpha by the values being equal or not.
    pub nominal: Measure,
    /// Alpha by the order of the values, where all are numbers.
    pub ordinal: Measure,
    /// Alpha by the differences of the values, where all are numbers.
    pub interval: Measure,
    /// Gwet's AC2 with quadratic weights, the values that occur being the steps: for two annotators and numbers.
    pub gwet_ac2: Measure,
}

/// Returns the attributes that occur, by name.
pub(super) fn attribute_agreement(
    corpus: &Corpus,
    compared: &[Compared],
    seed: u64,
) -> Vec<AttributeAgreement> {
    let passages = || {
        corpus
            .articles
            .iter()
            .flat_map(|article| article.layers.iter().flatten().flatten())
    };
    let names: BTreeSet<&String> = passages()
        .flat_map(|passage| passage.attributes.keys())
        .collect();
    if names.is_empty() {
        return Vec::new();
    }
    let units = units(corpus, compared);
    names
        .into_iter()
        .map(|name| figures(name, &units, corpus.annotators.len(), seed))
        .collect()
}

/// Returns for each article the groups of passages that are the same one, a place for each annotator.
fn units<'a>(corpus: &'a Corpus, compared: &[Compared]) -> Vec<Vec<Vec<Option<&'a Passage>>>> {
    let n_annotators = corpus.annotators.len();
    if let ([only], 2) = (compared, n_annotators) {
        let of_article = |(article, pairs): &(usize, Vec<(usize, usize)>)| {
            let layer = |annotator| {
                corpus
                    .articles
                    .get(*article)
                    .and_then(|found| found.layer(annotator))
                    .unwrap_or_default()
            };
            pairs
                .iter()
                .map(|(a, b)| vec![layer(0).get(*a), layer(1).get(*b)])
                .collect()
        };
        return only.pairs.iter().map(of_article).collect();
    }
    let mut sets: BTreeMap<&[usize], u32> = BTreeMap::new();
    let mut category = |tags: &'a [usize]| {
        let next = sets.len() as u32;
        *sets.entry(tags).or_insert(next)
    };
    let mut articles = Vec::new();
    for article in &corpus.articles {
        let mut layers = Vec::with_capacity(n_annotators);
        for layer in &article.layers {
            // In the order that the continuum keeps its units in.
            let mut passages: Vec<&Passage> = layer.iter().flatten().collect();
            passages.sort_by_key(|passage| {
                (
                    passage.footprint.cover().start,
                    passage.footprint.cover().end,
                )
            });
            layers.push(passages);
        }
        let continuum = Continuum::new(
            layers
                .iter()
                .map(|passages| {
                    let unit = passages.iter().map(|passage| Unit {
                        start: passage.footprint.cover().start as f64,
                        end: passage.footprint.cover().end as f64,
                        category: category(&passage.tags),
                    });
                    unit.collect()
                })
                .collect::<Vec<Vec<Unit>>>(),
        );
        let align = match n_annotators {
            0..=MANY => best_alignment,
            _ => good_alignment,
        };
        let alignment = align(&continuum, &Weights::default());
        let groups = alignment.groups.iter().map(|group| {
            let members = group.iter().zip(&layers);
            members
                .map(|(member, layer)| layer.get((*member)?).copied())
                .collect()
        });
        articles.push(groups.collect());
    }
    articles
}

fn figures(
    name: &str,
    articles: &[Vec<Vec<Option<&Passage>>>],
    n_annotators: usize,
    seed: u64,
) -> AttributeAgreement {
    let value = |passage: Option<&Passage>| -> Option<String> {
        let written = passage?.attributes.get(name)?.trim();
        (!written.is_empty()).then(|| written.to_owned())
    };
    let given: BTreeSet<String> = articles
        .iter()
        .flatten()
        .flatten()
        .filter_map(|passage| value(*passage))
        .collect();
    let mut values: Vec<String> = given.into_iter().collect();
    let number = |written: &String| {
        written
            .parse::<f64>()
            .ok()
            .filter(|number| number.is_finite())
    };
    let mut numbers: Vec<f64> = values.iter().filter_map(number).collect();
    let are_numbers = numbers.len() == values.len();
    if are_numbers {
        values.sort_by(|a, b| {
            number(a)
                .unwrap_or(0.0)
                .total_cmp(&number(b).unwrap_or(0.0))
        });
        numbers.sort_by(f64::total_cmp);
    }
    let mut tables = Vec::with_capacity(articles.len());
    let mut pairs = Vec::with_capacity(articles.len());
    let mut n = 0;
    for units in articles {
        let mut coding = Coding::new(n_annotators, values.len());
        for unit in units {
            let row: Vec<Option<u32>> = unit
                .iter()
                .map(|passage| {
                    let own = value(*passage)?;
                    values
                        .iter()
                        .position(|value| *value == own)
                        .map(|at| at as u32)
                })
                .collect();
            n += usize::from(row.iter().flatten().count() > 1);
            coding.push(&row, 1);
        }
        tables.push(Coincidences::of(&coding));
        pairs.push(Contingency::of(&coding, 0, 1));
    }
    let measure = |value: &dyn Fn(&[u64]) -> Result<f64, Undefined>| {
        let found = value(&vec![1; articles.len()]);
        Measure {
            interval: found
                .ok()
                .and_then(|_| bootstrap(articles.len(), seed, value)),
            value: found,
            n,
        }
    };
    let alpha = |metric: Metric| {
        if metric != Metric::Nominal && !are_numbers {
            return Measure::undefined(Undefined::NotNumbers, n);
        }
        measure(&|times| {
            let mut sum = Coincidences::new(values.len());
            for (table, times) in tables.iter().zip(times) {
                sum.add(table, *times);
            }
            sum.alpha(metric, &numbers)
        })
    };
    let ac2 = match (n_annotators, are_numbers) {
        (_, false) => Measure::undefined(Undefined::NotNumbers, n),
        (2, true) => measure(&|times| {
            let mut sum = Contingency::new(values.len());
            for (table, times) in pairs.iter().zip(times) {
                sum.add_table(table, *times);
            }
            gwet_ac2(&sum)
        }),
        _ => Measure::undefined(Undefined::NotTwo, n),
    };
    AttributeAgreement {
        name: name.to_owned(),
        nominal: alpha(Metric::Nominal),
        ordinal: alpha(Metric::Ordinal),
        interval: alpha(Metric::Interval),
        gwet_ac2: ac2,
    }
}
