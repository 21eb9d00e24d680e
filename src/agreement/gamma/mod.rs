//! Gamma: agreement on the places and the categories of passages, in one figure (Mathet, Widlöcher and Métivier
//! 2015, "The unified and holistic method gamma (γ) for inter-annotator agreement measure and alignment",
//! Computational Linguistics 41).
//!
//! γ = 1 − δo / δe. The observed disorder δo is that of the [best alignment](best_alignment) of the annotations;
//! the expected one δe is the mean of the best alignments of annotations [by chance](shuffled). 1 is full
//! agreement, 0 what chance gives. As chance is sampled, γ is known up to a range; the seed is fixed, so the same
//! files always give the same figure.

mod align;
mod continuum;
mod groups;
mod prove;
mod regroup;
mod sampler;
mod search;

pub use align::{Alignment, Optimum, best_alignment, good_alignment};
pub use continuum::{Continuum, Unit, Weights};
pub use sampler::shuffled;

use super::{Interval, Random, Undefined, bootstrap};
use align::{align, optimum};
use groups::Effort;

/// How gamma is computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaOptions {
    /// How much place and category weigh.
    pub weights: Weights,
    /// Samples of chance that are always drawn; at least 2.
    pub n_samples: usize,
    /// More samples are drawn until δe is known to this share with 95 % certainty (the paper's "precision").
    pub precision: f64,
    /// Samples that are drawn at most.
    pub max_samples: usize,
    /// What the samples depend on.
    pub seed: u64,
}

impl Default for GammaOptions {
    /// Returns the paper's values: 30 samples, then more until 2 % are reached, which only few units need many for.
    fn default() -> Self {
        Self {
            weights: Weights::default(),
            n_samples: 30,
            precision: 0.02,
            max_samples: 5_000,
            seed: 4_772,
        }
    }
}

/// What gamma came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Gamma {
    /// γ, or why there is none.
    pub value: Result<f64, Undefined>,
    /// What γ would be at both ends of the 95 % interval of the mean of the samples.
    pub range: Option<Interval>,
    /// 95 % interval by drawing articles; `None` for few.
    pub interval: Option<Interval>,
    /// δo, the disorder of the best alignment of the annotations.
    pub observed: f64,
    /// δe, the mean disorder of the samples.
    pub expected: f64,
    /// How many samples were drawn.
    pub n_samples: usize,
    /// Whether the alignments of the annotations are the best.
    pub optimum: Optimum,
    /// The same for the samples, in sum.
    pub samples_optimum: Optimum,
}

impl Gamma {
    /// Returns a gamma that is not defined.
    pub fn undefined(reason: Undefined) -> Self {
        Self {
            value: Err(reason),
            range: None,
            interval: None,
            observed: 0.0,
            expected: 0.0,
            n_samples: 0,
            optimum: Optimum::Proven,
            samples_optimum: Optimum::Proven,
        }
    }
}

/// Cost, lower bound and mean number of units: sums of alignments.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    cost: f64,
    lower_bound: f64,
    mean_units: f64,
}

impl Sums {
    fn of(continuum: &Continuum, weights: &Weights, effort: Effort) -> Self {
        let alignment = align(continuum, weights, effort);
        Self {
            cost: alignment.cost,
            lower_bound: alignment.lower_bound,
            mean_units: continuum.mean_units(),
        }
    }

    fn add(&mut self, other: Self, times: f64) {
        self.cost += times * other.cost;
        self.lower_bound += times * other.lower_bound;
        self.mean_units += times * other.mean_units;
    }

    fn disorder(&self) -> f64 {
        self.cost / self.mean_units
    }
}

/// A disorder that is no more than what rounding leaves of none: a unit that cannot be moved has the same places by
/// chance, and one rounding error over another is no measure.
const ROUNDING: f64 = 1e-12;

/// Returns gamma over several articles: units of different articles are never aligned, each article is shuffled by
/// itself, and disorder is the cost of all articles for each unit that an annotator has in them on the average. One
/// article gives the published measure.
///
/// Undefined are: fewer than two annotators ([`Undefined::OneAnnotator`]), no unit at all
/// ([`Undefined::NothingMarked`]), and a chance that gives no disorder ([`Undefined::NothingExpected`]).
pub fn gamma(articles: &[Continuum], options: &GammaOptions) -> Gamma {
    let n_annotators = articles
        .iter()
        .map(|article| article.annotators().len())
        .max()
        .unwrap_or(0);
    if n_annotators < 2 {
        return Gamma::undefined(Undefined::OneAnnotator);
    }
    let weights = &options.weights;
    let observed: Vec<Sums> = articles
        .iter()
        .map(|article| Sums::of(article, weights, Effort::FULL))
        .collect();
    let total = sum(&observed);
    if total.mean_units <= 0.0 {
        return Gamma::undefined(Undefined::NothingMarked);
    }
    let mut samples = Samples::new(articles, options);
    while samples.wants_more() {
        samples.draw();
    }
    let (expected, deviation) = samples.mean_and_deviation();
    let value = |expected: f64| {
        if expected > ROUNDING {
            Ok(1.0 - total.disorder() / expected)
        } else {
            Err(Undefined::NothingExpected)
        }
    };
    let error = 1.96 * deviation / (samples.disorders.len() as f64).sqrt();
    let range = value(expected - error)
        .ok()
        .zip(value(expected + error).ok());
    let samples_sum = sum(&samples.by_article);
    let interval = bootstrap(articles.len(), options.seed, |times| {
        let mut parts = [Sums::default(); 2];
        for (idx, times) in times.iter().enumerate() {
            parts[0].add(observed[idx], *times as f64);
            parts[1].add(samples.by_article[idx], *times as f64);
        }
        let [observed, expected] = parts;
        if observed.mean_units <= 0.0 || expected.cost <= ROUNDING {
            return Err(Undefined::NothingExpected);
        }
        Ok(1.0 - observed.disorder() / expected.disorder())
    });
    Gamma {
        value: value(expected),
        range: range.map(|(low, high)| Interval { low, high }),
        interval,
        observed: total.disorder(),
        expected,
        n_samples: samples.disorders.len(),
        optimum: optimum(total.cost, total.lower_bound),
        samples_optimum: optimum(samples_sum.cost, samples_sum.lower_bound),
    }
}

fn sum(parts: &[Sums]) -> Sums {
    let mut sum = Sums::default();
    for part in parts {
        sum.add(*part, 1.0);
    }
    sum
}

/// The samples drawn so far.
struct Samples<'a> {
    articles: &'a [Continuum],
    options: &'a GammaOptions,
    random: Random,
    disorders: Vec<f64>,
    by_article: Vec<Sums>,
}

impl<'a> Samples<'a> {
    fn new(articles: &'a [Continuum], options: &'a GammaOptions) -> Self {
        Self {
            articles,
            options,
            random: Random::new(options.seed),
            disorders: Vec::new(),
            by_article: vec![Sums::default(); articles.len()],
        }
    }

    fn draw(&mut self) {
        loop {
            let sampled: Vec<Continuum> = self
                .articles
                .iter()
                .map(|article| shuffled(article, &mut self.random))
                .collect();
            // Nobody's annotations but those of one who marked nothing may have been drawn: that is no sample.
            if sampled.iter().all(|article| article.mean_units() <= 0.0) {
                continue;
            }
            let mut total = Sums::default();
            for (article, all) in sampled.iter().zip(&mut self.by_article) {
                let sums = Sums::of(article, &self.options.weights, Effort::SAMPLE);
                total.add(sums, 1.0);
                all.add(sums, 1.0);
            }
            self.disorders.push(total.disorder());
            return;
        }
    }

    fn mean_and_deviation(&self) -> (f64, f64) {
        let n = self.disorders.len().max(1) as f64;
        let mean = self.disorders.iter().sum::<f64>() / n;
        let squares = self
            .disorders
            .iter()
            .map(|disorder| (disorder - mean).powi(2));
        (mean, (squares.sum::<f64>() / (n - 1.0).max(1.0)).sqrt())
    }

    fn wants_more(&self) -> bool {
        let n = self.disorders.len();
        if n < self.options.n_samples.max(2) {
            return true;
        }
        let (mean, deviation) = self.mean_and_deviation();
        n < self.options.max_samples
            && 1.96 * deviation > self.options.precision * mean * (n as f64).sqrt()
    }
}
