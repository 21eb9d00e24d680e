//! Krippendorff's alpha for unitizing: do annotators find the same passages, in the same extent, on a text that
//! nobody has cut into units before?
//!
//! Source: Krippendorff 2004, "Measuring the reliability of qualitative text analysis data", Quality & Quantity
//! 38, equations 6 to 9; also Content Analysis, 2nd edition, section 11.6. Disagreement is the squared distance of the
//! ends of passages that overlap, and the squared length of passages that overlap none; chance is every way of
//! laying the same passages and gaps over the text.
//!
//! Several articles are one text that is cut at each article's ends: no gap and no passage reaches from one
//! into another, so their order does not matter. One article gives the published formula.

use super::Undefined;
use std::ops::Range;

/// The passages of one category in one article: disjoint and in order for each annotator.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unitizing {
    length: usize,
    annotators: Vec<Vec<Range<usize>>>,
    n_skipped: usize,
}

impl Unitizing {
    /// Makes the continuum from the passages of each annotator in an article of `length` code points, counted from its
    /// start.
    ///
    /// The measure knows no passages of one annotator and category that overlap. Of such, the one that begins
    /// first is kept, and the longest of those that begin together; [`n_skipped`](Self::n_skipped) counts the
    /// rest. Empty passages are ignored; what reaches past the end is cut there.
    pub fn new(length: usize, annotators: impl IntoIterator<Item = Vec<Range<usize>>>) -> Self {
        let mut n_skipped = 0;
        let mut disjoint = |mut passages: Vec<Range<usize>>| {
            passages.sort_by_key(|passage| (passage.start, std::cmp::Reverse(passage.end)));
            let mut kept: Vec<Range<usize>> = Vec::with_capacity(passages.len());
            for passage in passages {
                let passage = passage.start..passage.end.min(length);
                if passage.start >= passage.end {
                    continue;
                }
                if kept.last().is_some_and(|last| passage.start < last.end) {
                    n_skipped += 1;
                } else {
                    kept.push(passage);
                }
            }
            kept
        };
        let annotators = annotators.into_iter().map(&mut disjoint).collect();
        Self {
            length,
            annotators,
            n_skipped,
        }
    }

    /// Passages left out because they overlap another one of the same annotator.
    pub fn n_skipped(&self) -> usize {
        self.n_skipped
    }

    /// Returns how many passages all annotators have.
    pub fn n_units(&self) -> usize {
        self.annotators.iter().map(Vec::len).sum()
    }

    /// Returns the sum of the squared distances over all pairs of annotators.
    fn distances(&self) -> f64 {
        let mut sum = 0.0;
        for (idx, first) in self.annotators.iter().enumerate() {
            for second in self.annotators.iter().skip(idx + 1) {
                sum += distance(first, second);
            }
        }
        sum
    }

    /// Lengths of the stretches between the passages of each annotator, those at both ends of the article too.
    fn gaps(&self) -> impl Iterator<Item = usize> {
        self.annotators.iter().flat_map(|passages| {
            let starts = passages.iter().map(|p| p.start).chain([self.length]);
            let ends = [0].into_iter().chain(passages.iter().map(|p| p.end));
            starts
                .zip(ends)
                .map(|(start, end)| start - end)
                .filter(|gap| *gap > 0)
        })
    }
}

/// Returns the distance of two annotators' passages: of all that overlap, the squared differences of their starts and
/// of their ends; of each that overlaps none, its squared length.
fn distance(first: &[Range<usize>], second: &[Range<usize>]) -> f64 {
    let square = |n: usize| (n as f64).powi(2);
    let mut sum = 0.0;
    let mut from = 0;
    let mut met = vec![false; second.len()];
    for a in first {
        while second.get(from).is_some_and(|b| b.end <= a.start) {
            from += 1;
        }
        let mut alone = true;
        for (b, met) in second.iter().zip(&mut met).skip(from) {
            if b.start >= a.end {
                break;
            }
            sum += square(a.start.abs_diff(b.start)) + square(a.end.abs_diff(b.end));
            alone = false;
            *met = true;
        }
        if alone {
            sum += square(a.len());
        }
    }
    let lone = second.iter().zip(&met).filter(|(_, met)| !**met);
    sum + lone.map(|(b, _)| square(b.len())).sum::<f64>()
}

/// What the distance of one category comes to, prepared so that articles can be drawn again and again.
#[derive(Clone, Debug, Default)]
pub struct UnitizingSums {
    articles: Vec<Prepared>,
    /// All lengths of passages that occur, once each, in order.
    lengths: Vec<usize>,
}

#[derive(Clone, Debug, Default)]
struct Prepared {
    n_annotators: usize,
    length: usize,
    distances: f64,
    /// How many passages have each of the lengths.
    n_of_length: Vec<u64>,
    /// In how many places of the gaps a passage of each length would fit.
    n_places: Vec<f64>,
}

/// Observed and expected disagreement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Disagreement {
    /// What was observed.
    pub observed: f64,
    /// What chance would give.
    pub expected: f64,
    /// Passages it rests on, of all annotators.
    pub n_units: u64,
}

impl Disagreement {
    /// Returns alpha: 1 − observed / expected. With a single passage in all there is nothing that it could have been
    /// compared with, and alpha is 0, as in DKPro Statistics.
    ///
    /// # Errors
    /// [`Undefined::NothingMarked`] without any passage, [`Undefined::NothingExpected`] when the passages fill
    /// the text so that chance could lay them in one way only.
    pub fn alpha(self) -> Result<f64, Undefined> {
        match self.n_units {
            0 => Err(Undefined::NothingMarked),
            1 => Ok(0.0),
            _ if self.expected <= 0.0 => Err(Undefined::NothingExpected),
            _ => Ok(1.0 - self.observed / self.expected),
        }
    }

    /// Returns the sums of several categories.
    pub fn sum(parts: impl IntoIterator<Item = Self>) -> Self {
        let nothing = Self {
            observed: 0.0,
            expected: 0.0,
            n_units: 0,
        };
        parts.into_iter().fold(nothing, |sum, part| Self {
            observed: sum.observed + part.observed,
            expected: sum.expected + part.expected,
            n_units: sum.n_units + part.n_units,
        })
    }
}

impl UnitizingSums {
    /// Prepares the articles of one category. Each must have the same number of annotators, at least two.
    pub fn new(articles: &[Unitizing]) -> Self {
        let units = || {
            articles
                .iter()
                .flat_map(|article| article.annotators.iter().flatten())
        };
        let mut lengths: Vec<usize> = units().map(Range::len).collect();
        lengths.sort_unstable();
        lengths.dedup();
        let prepare = |article: &Unitizing| {
            let mut n_of_length = vec![0; lengths.len()];
            for unit in article.annotators.iter().flatten() {
                if let Ok(at) = lengths.binary_search(&unit.len()) {
                    n_of_length[at] += 1;
                }
            }
            let mut gaps: Vec<usize> = article.gaps().collect();
            gaps.sort_unstable();
            // From the longest down: how many gaps are at least so long, and their lengths together.
            let mut n_places = vec![0.0; lengths.len()];
            let (mut n_gaps, mut sum) = (0.0, 0.0);
            for (length, places) in lengths.iter().zip(&mut n_places).rev() {
                while let Some(gap) = gaps.pop_if(|gap| *gap >= *length) {
                    n_gaps += 1.0;
                    sum += gap as f64;
                }
                *places = sum - n_gaps * (*length as f64 - 1.0);
            }
            Prepared {
                n_annotators: article.annotators.len(),
                length: article.length,
                distances: article.distances(),
                n_of_length,
                n_places,
            }
        };
        Self {
            articles: articles.iter().map(prepare).collect(),
            lengths,
        }
    }

    /// Returns the disagreement when each article counts as often as `times` says; an empty list counts each once.
    pub fn disagreement(&self, times: &[u64]) -> Disagreement {
        let drawn = || {
            let articles = self.articles.iter().enumerate();
            articles.map(|(idx, article)| (article, times.get(idx).copied().unwrap_or(1) as f64))
        };
        let m = self
            .articles
            .iter()
            .map(|article| article.n_annotators)
            .max()
            .unwrap_or(0) as f64;
        let length: f64 = drawn()
            .map(|(article, times)| times * article.length as f64)
            .sum();
        let distances: f64 = drawn()
            .map(|(article, times)| times * article.distances)
            .sum();
        let of_length = |at: usize| -> (f64, f64) {
            let counts = drawn().map(|(article, times)| {
                (
                    times * article.n_of_length[at] as f64,
                    times * article.n_places[at],
                )
            });
            counts.fold((0.0, 0.0), |sum, more| (sum.0 + more.0, sum.1 + more.1))
        };
        let per_length: Vec<(f64, f64)> = (0..self.lengths.len()).map(of_length).collect();
        let n_units: f64 = per_length.iter().map(|(n, _)| n).sum();
        let (mut ways, mut within) = (0.0, 0.0);
        for (length, (n, places)) in self.lengths.iter().zip(&per_length) {
            let l = *length as f64;
            ways += n
                * ((n_units - 1.0) / 3.0 * (2.0 * l.powi(3) - 3.0 * l.powi(2) + l)
                    + l.powi(2) * places);
            within += n * l * (l - 1.0);
        }
        let all = m * length * (m * length - 1.0) - within;
        let share = |numerator: f64, denominator: f64| {
            if denominator > 0.0 {
                numerator / denominator
            } else {
                0.0
            }
        };
        Disagreement {
            observed: share(2.0 * distances, m * (m - 1.0) * length * length),
            expected: share(2.0 * ways, length * all),
            n_units: n_units as u64,
        }
    }
}

#[cfg(test)]
#[expect(
    clippy::single_range_in_vec_init,
    reason = "a list of one stretch is meant"
)]
mod tests {
    use super::*;

    fn alpha(length: usize, annotators: &[&[Range<usize>]]) -> Result<f64, Undefined> {
        let article = Unitizing::new(length, annotators.iter().map(|passages| passages.to_vec()));
        UnitizingSums::new(&[article]).disagreement(&[]).alpha()
    }

    #[test]
    fn the_undefined_cases() {
        assert_eq!(alpha(100, &[&[], &[]]), Err(Undefined::NothingMarked));
        assert_eq!(alpha(100, &[&[7..7], &[]]), Err(Undefined::NothingMarked));
        assert_eq!(alpha(100, &[&[3..9], &[]]), Ok(0.0));
        assert_eq!(alpha(100, &[&[3..9], &[3..9]]), Ok(1.0));
        assert_eq!(
            alpha(1, &[&[0..1], &[0..1]]),
            Err(Undefined::NothingExpected)
        );
    }

    #[test]
    fn of_overlapping_passages_the_earliest_and_longest_is_kept() {
        let article = Unitizing::new(50, [vec![5..8, 5..12, 10..20, 12..14], vec![45..80]]);
        assert_eq!(article.annotators, [vec![5..12, 12..14], vec![45..50]]);
        assert_eq!(article.n_skipped(), 2);
    }

    #[test]
    fn the_order_of_articles_and_annotators_does_not_matter() {
        let a = Unitizing::new(100, [vec![0..10, 30..50], vec![5..12]]);
        let b = Unitizing::new(70, [vec![20..40], vec![20..30, 60..70]]);
        let mirrored = |article: &Unitizing| {
            Unitizing::new(article.length, article.annotators.iter().rev().cloned())
        };
        let one = UnitizingSums::new(&[a.clone(), b.clone()]).disagreement(&[]);
        let other = UnitizingSums::new(&[mirrored(&b), mirrored(&a)]).disagreement(&[]);
        assert!((one.observed - other.observed).abs() < 1e-15);
        assert!((one.expected - other.expected).abs() < 1e-15);
        let twice = UnitizingSums::new(&[a.clone(), a.clone(), b]).disagreement(&[1, 0, 1]);
        assert_eq!(twice, one);
    }
}
