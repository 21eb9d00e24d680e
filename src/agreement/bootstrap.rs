//! How far a figure would scatter if other articles of the same kind had been annotated.

use super::{Interval, Random, Undefined};

/// Rounds of drawing. The ends of a 95 % interval then rest on the 25 lowest and highest of a thousand.
pub const ROUNDS: usize = 1_000;

/// Articles that are needed for an interval. Draws of fewer are too much alike to say how others would differ.
pub const MIN_ARTICLES: usize = 5;

/// Returns the 95 % percentile interval (Efron and Tibshirani 1993, chapter 13) by drawing articles with replacement.
///
/// `value` gets how often each article was drawn. Passages of one article resemble each other, so articles are
/// drawn, not passages. `None` for fewer than [`MIN_ARTICLES`], and when the figure is undefined in more than one
/// round of twenty: what is left would not be a fair picture.
pub fn bootstrap(
    n_articles: usize,
    seed: u64,
    mut value: impl FnMut(&[u64]) -> Result<f64, Undefined>,
) -> Option<Interval> {
    if n_articles < MIN_ARTICLES {
        return None;
    }
    let mut random = Random::new(seed);
    let mut drawn = vec![0; n_articles];
    let mut values = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        drawn.fill(0);
        for _ in 0..n_articles {
            drawn[random.below(n_articles)] += 1;
        }
        values.extend(value(&drawn));
    }
    if values.len() * 20 < ROUNDS * 19 {
        return None;
    }
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values.get(((values.len() - 1) as f64 * share).round() as usize);
    Some(Interval {
        low: *at(0.025)?,
        high: *at(0.975)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_mean_is_the_one_of_the_textbook() {
        // 100 values 0 and 1 in equal shares: mean 0.5, standard error 0.05.
        let values: Vec<f64> = (0..100).map(|n| f64::from(n % 2)).collect();
        let interval = bootstrap(100, 1, |drawn| {
            let sum: f64 = drawn
                .iter()
                .zip(&values)
                .map(|(n, value)| *n as f64 * value)
                .sum();
            Ok(sum / 100.0)
        });
        let Interval { low, high } = interval.unwrap();
        assert!(
            (low - 0.402).abs() < 0.02 && (high - 0.598).abs() < 0.02,
            "{low} {high}"
        );
    }

    #[test]
    fn few_articles_have_no_interval_and_neither_has_what_is_often_undefined() {
        assert_eq!(bootstrap(MIN_ARTICLES - 1, 1, |_| Ok(0.5)), None);
        let often = bootstrap(MIN_ARTICLES, 1, |drawn| match drawn[0] {
            0 => Err(Undefined::NothingMarked),
            n => Ok(n as f64),
        });
        assert_eq!(often, None);
    }
}
