//! Krippendorff's alpha for units that are given: any number of annotators, gaps in the table, four metrics.

use super::{Coding, Undefined};

/// What counts as a small and as a large difference between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// 0 for equal values, otherwise 1.
    Nominal,
    /// The number of values between the two, by rank.
    Ordinal,
    /// The square of their difference.
    Interval,
    /// The square of their difference as a share of their sum.
    Ratio,
}

/// How often two values were given to one unit by two annotators: the table that alpha is computed from.
/// Tables of several articles can be added.
#[derive(Clone, Debug, PartialEq)]
pub struct Coincidences {
    n_categories: usize,
    counts: Vec<f64>,
}

impl Coincidences {
    /// Returns a table with nothing counted yet.
    pub fn new(n_categories: usize) -> Self {
        Self {
            n_categories,
            counts: vec![0.0; n_categories * n_categories],
        }
    }

    /// Returns the coincidences of one table. A unit that fewer than two judged has none.
    pub fn of(coding: &Coding) -> Self {
        let mut table = Self::new(coding.n_categories());
        let mut chosen = vec![0u32; coding.n_categories()];
        // The few categories of one unit, so that a unit costs what it holds and not what there is.
        let mut used: Vec<usize> = Vec::new();
        for (values, weight) in coding.rows() {
            let mut n_judges = 0;
            for value in values.iter().flatten() {
                let value = *value as usize;
                if chosen[value] == 0 {
                    used.push(value);
                }
                chosen[value] += 1;
                n_judges += 1;
            }
            if n_judges > 1 {
                let share = weight as f64 / f64::from(n_judges - 1);
                for &a in &used {
                    let n_a = f64::from(chosen[a]);
                    let row =
                        &mut table.counts[a * table.n_categories..(a + 1) * table.n_categories];
                    for &b in &used {
                        let n_b = if a == b {
                            n_a - 1.0
                        } else {
                            f64::from(chosen[b])
                        };
                        row[b] += share * n_a * n_b;
                    }
                }
            }
            for value in used.drain(..) {
                chosen[value] = 0;
            }
        }
        table
    }

    /// Adds `times` times the coincidences of another table with the same categories.
    pub fn add(&mut self, other: &Self, times: u64) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += times as f64 * more;
        }
    }

    /// Returns Krippendorff's alpha (2011, "Computing Krippendorff's alpha-reliability"): 1 − Do / De, the observed
    /// disagreement as a share of the one to be expected if the values were dealt out at random. 1 is full
    /// agreement, 0 what chance gives, below 0 is worse than chance.
    ///
    /// `numbers` holds what each category represents, and matters to the metrics `Interval` and `Ratio`;
    /// `Ordinal` takes the categories in their order.
    ///
    /// # Errors
    /// [`Undefined::NoSharedUnit`] when no unit was judged by two, [`Undefined::OneCategory`] when all values
    /// are equal, so that there is nothing to disagree about.
    pub fn alpha(&self, metric: Metric, numbers: &[f64]) -> Result<f64, Undefined> {
        let q = self.n_categories;
        let totals: Vec<f64> = self
            .counts
            .chunks_exact(q.max(1))
            .map(|row| row.iter().sum())
            .collect();
        let n: f64 = totals.iter().sum();
        if n <= 1.0 {
            return Err(Undefined::NoSharedUnit);
        }
        let mut below = Vec::with_capacity(q);
        let mut sum = 0.0;
        for total in &totals {
            below.push(sum);
            sum += total;
        }
        let difference = |a: usize, b: usize| match metric {
            Metric::Nominal => 1.0,
            // Half of both ends and all that is between.
            Metric::Ordinal => (below[b] + totals[b] / 2.0 - below[a] - totals[a] / 2.0).powi(2),
            Metric::Interval => (number(numbers, a) - number(numbers, b)).powi(2),
            Metric::Ratio => {
                let sum = number(numbers, a) + number(numbers, b);
                if sum == 0.0 {
                    return 0.0;
                }
                ((number(numbers, a) - number(numbers, b)) / sum).powi(2)
            }
        };
        let (mut observed, mut expected) = (0.0, 0.0);
        for a in 0..q {
            for b in a + 1..q {
                let weight = difference(a, b);
                observed += 2.0 * weight * self.counts[a * q + b];
                expected += 2.0 * weight * totals[a] * totals[b];
            }
        }
        if expected == 0.0 {
            return Err(Undefined::OneCategory);
        }
        Ok(1.0 - (n - 1.0) * observed / expected)
    }
}

fn number(numbers: &[f64], category: usize) -> f64 {
    numbers.get(category).copied().unwrap_or(category as f64)
}

/// Returns alpha of one table whose categories are the numbers 0, 1, 2, …
///
/// # Errors
/// As for [`Coincidences::alpha`].
pub fn krippendorff_alpha(coding: &Coding, metric: Metric) -> Result<f64, Undefined> {
    Coincidences::of(coding).alpha(metric, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_agreement_is_one_and_one_value_alone_is_no_figure() {
        let both = vec![vec![Some(0), Some(1), Some(1), None]; 2];
        for metric in [
            Metric::Nominal,
            Metric::Ordinal,
            Metric::Interval,
            Metric::Ratio,
        ] {
            assert_eq!(
                krippendorff_alpha(&Coding::from_annotators(&both), metric),
                Ok(1.0)
            );
        }
        let one = vec![vec![Some(1), Some(1)]; 2];
        let one = krippendorff_alpha(&Coding::from_annotators(&one), Metric::Nominal);
        assert_eq!(one, Err(Undefined::OneCategory));
    }

    #[test]
    fn units_that_one_judged_alone_do_not_count() {
        let apart = [vec![Some(0), None], vec![None, Some(1)]];
        let apart = krippendorff_alpha(&Coding::from_annotators(&apart), Metric::Nominal);
        assert_eq!(apart, Err(Undefined::NoSharedUnit));
    }
}
