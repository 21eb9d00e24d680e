//! Annotations by chance: the real ones, shifted.

use super::{Continuum, Unit};
use crate::agreement::Random;

/// Returns a continuum as it might have come about by chance (Mathet, Widlöcher and Métivier 2015, section 5.2; the
/// "shuffle" sampler of pygamma-agreement): as many times as there are annotators, the annotations of one drawn
/// at random are shifted by a random distance, and what is pushed over the end comes in again at the start. So
/// lengths, numbers and neighbours stay as they are, and only places lose their meaning. Shifts keep half the mean
/// length of a unit apart, as far as there is room. Distances are whole numbers of code points.
pub fn shuffled(continuum: &Continuum, random: &mut Random) -> Continuum {
    let (low, high) = continuum.bounds();
    let apart = continuum.mean_length() / 2.0;
    let n_annotators = continuum.annotators().len();
    let mut free = vec![(low, high)];
    let sampled = (0..n_annotators).map(|_| {
        let pivot = pick(&free, random).unwrap_or_else(|| random.between(low, high));
        free = without(&free, pivot - apart, pivot + apart);
        let whole = pivot.trunc();
        let units = continuum.annotators().get(random.below(n_annotators));
        units
            .into_iter()
            .flatten()
            .map(|unit| shifted(unit, whole, low, high))
            .collect()
    });
    Continuum::new(sampled.collect::<Vec<Vec<Unit>>>())
}

fn shifted(unit: &Unit, by: f64, low: f64, high: f64) -> Unit {
    let by = if unit.start + by > high {
        by + low - high
    } else {
        by
    };
    Unit {
        start: unit.start + by,
        end: unit.end + by,
        category: unit.category,
    }
}

/// Returns a place in one of the stretches, all places being equally likely.
fn pick(stretches: &[(f64, f64)], random: &mut Random) -> Option<f64> {
    let all: f64 = stretches.iter().map(|(start, end)| end - start).sum();
    if all <= 0.0 {
        return None;
    }
    let mut at = random.unit() * all;
    for (start, end) in stretches {
        if at < end - start {
            return Some(start + at);
        }
        at -= end - start;
    }
    stretches.last().map(|(_, end)| *end)
}

/// Returns the stretches that are free after a shift between `from` and `to` was taken.
///
/// As in pygamma-agreement, a stretch that is wholly on one side reaches up to the new gap afterwards, so that a
/// shift may come near an earlier one again. It matters where many annotators share a short text: with the gaps
/// kept, δe of four annotators on 70 positions comes out 4 % higher. Published figures were made like this.
fn without(stretches: &[(f64, f64)], from: f64, to: f64) -> Vec<(f64, f64)> {
    let mut free = Vec::with_capacity(stretches.len() + 1);
    for &(start, end) in stretches {
        if start <= from {
            free.push((start, from));
        }
        if end >= to && (start > from || end > to) {
            free.push((to, end));
        }
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_numbers_stay_and_shifts_are_whole() {
        let unit = |start: f64| Unit {
            start,
            end: start + 10.0,
            category: 0,
        };
        let real = Continuum::new([vec![unit(0.0), unit(90.0)], vec![unit(0.0), unit(90.0)]]);
        let mut random = Random::new(3);
        for _ in 0..200 {
            let sample = shuffled(&real, &mut random);
            let starts: Vec<f64> = sample
                .annotators()
                .iter()
                .map(|units| units[0].start)
                .collect();
            assert!(
                sample
                    .annotators()
                    .iter()
                    .flatten()
                    .all(|u| u.end - u.start == 10.0)
            );
            assert!(sample.annotators().iter().all(|units| units.len() == 2));
            assert!(starts.iter().all(|start| start.fract() == 0.0));
        }
    }

    #[test]
    fn what_is_taken_is_not_free() {
        assert_eq!(without(&[(0.0, 10.0)], 4.0, 6.0), [(0.0, 4.0), (6.0, 10.0)]);
        assert_eq!(without(&[(0.0, 3.0)], -1.0, 4.0), []);
        assert_eq!(
            without(&[(0.0, 3.0), (8.0, 12.0)], 5.0, 6.0),
            [(0.0, 5.0), (6.0, 12.0)]
        );
        assert_eq!(pick(&[], &mut Random::new(1)), None);
    }
}
