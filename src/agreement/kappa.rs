//! Agreement beyond chance on units that are given: Cohen's kappa, Scott's pi, Bennett's S, Gwet's AC, Fleiss'
//! kappa.
//!
//! All of them are (Ao − Ae) / (1 − Ae): the agreement observed, less what chance would give, as a share of what
//! there is to gain. They differ in what they take for chance. None is defined where chance alone gives full
//! agreement, as when only one category was used; that is said, and never called 0 or 1.

use super::{Coding, Contingency, Undefined};

/// Returns Cohen's kappa (1960, "A coefficient of agreement for nominal scales"): chance is each annotator choosing by
/// habit, with the shares that annotator used.
///
/// # Errors
/// [`Undefined::NoSharedUnit`] without units, [`Undefined::OneCategory`] when both used one and the same alone.
pub fn cohen_kappa(table: &Contingency) -> Result<f64, Undefined> {
    let n = table.n_units() as f64;
    let (first, second) = table.margins();
    let expected = first
        .iter()
        .zip(&second)
        .map(|(a, b)| *a as f64 / n * (*b as f64 / n));
    beyond_chance(table.observed()?, expected.sum())
}

/// Returns Scott's pi (1955, "Reliability of content analysis"): chance is both choosing with the shares that the two
/// used together.
///
/// # Errors
/// As for [`cohen_kappa`].
pub fn scott_pi(table: &Contingency) -> Result<f64, Undefined> {
    let expected = shares(table).iter().map(|share| share * share).sum();
    beyond_chance(table.observed()?, expected)
}

/// Returns Bennett, Alpert and Goldstein's S (1954): chance is every category being as likely as any other.
///
/// # Errors
/// [`Undefined::NoSharedUnit`] without units, [`Undefined::OneCategory`] when there is only one to choose.
pub fn bennett_s(table: &Contingency) -> Result<f64, Undefined> {
    beyond_chance(table.observed()?, 1.0 / table.n_categories() as f64)
}

/// Returns Gwet's AC1 (2008, "Computing inter-rater reliability and its variance in the presence of high agreement"):
/// chance is guessing, and units on which nearly all say the same are not taken for guessed. It stays high where
/// one category is rare, as kappa does not.
///
/// # Errors
/// [`Undefined::NoSharedUnit`] without units, [`Undefined::OneCategory`] when there is only one to choose.
pub fn gwet_ac1(table: &Contingency) -> Result<f64, Undefined> {
    gwet(table, |a, b| f64::from(u8::from(a == b)))
}

/// Returns Gwet's AC2 with quadratic weights: as AC1 for categories that are steps of a scale, where a difference of
/// one step is nearly an agreement. The weight of (k, l) of q steps is 1 − ((k − l) / (q − 1))².
///
/// # Errors
/// As for [`gwet_ac1`].
pub fn gwet_ac2(table: &Contingency) -> Result<f64, Undefined> {
    let longest = table.n_categories().saturating_sub(1).max(1) as f64;
    gwet(table, |a, b| 1.0 - (a.abs_diff(b) as f64 / longest).powi(2))
}

fn gwet(table: &Contingency, weight: impl Fn(usize, usize) -> f64) -> Result<f64, Undefined> {
    let n = table.n_units();
    if n == 0 {
        return Err(Undefined::NoSharedUnit);
    }
    let q = table.n_categories();
    if q < 2 {
        return Err(Undefined::OneCategory);
    }
    let cells = || (0..q).flat_map(|a| (0..q).map(move |b| (a, b)));
    let observed: f64 = cells()
        .map(|(a, b)| weight(a, b) * table.count(a, b) as f64 / n as f64)
        .sum();
    let all_weights: f64 = cells().map(|(a, b)| weight(a, b)).sum();
    let spread: f64 = shares(table)
        .iter()
        .map(|share| share * (1.0 - share))
        .sum();
    beyond_chance(observed, all_weights / (q * (q - 1)) as f64 * spread)
}

/// Returns the share of each category among the choices of both.
fn shares(table: &Contingency) -> Vec<f64> {
    let n_choices = 2.0 * table.n_units() as f64;
    let (first, second) = table.margins();
    let both = first.iter().zip(&second);
    both.map(|(a, b)| (a + b) as f64 / n_choices).collect()
}

fn beyond_chance(observed: f64, expected: f64) -> Result<f64, Undefined> {
    if expected >= 1.0 - 1e-12 {
        return Err(Undefined::OneCategory);
    }
    Ok((observed - expected) / (1.0 - expected))
}

/// What Fleiss' kappa is computed from; the sums of several articles add up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FleissSums {
    n_units: f64,
    agreement: f64,
    n_choices: Vec<f64>,
    n_judges: Option<usize>,
    unequal: bool,
}

impl FleissSums {
    /// Returns the sums over the units of one table.
    pub fn of(coding: &Coding) -> Self {
        let mut sums = Self {
            n_choices: vec![0.0; coding.n_categories()],
            ..Self::default()
        };
        let mut chosen = vec![0u64; coding.n_categories()];
        for (values, weight) in coding.rows() {
            chosen.fill(0);
            for value in values.iter().flatten() {
                chosen[*value as usize] += 1;
            }
            let n_judges = values.iter().flatten().count();
            sums.unequal |= n_judges < 2 || *sums.n_judges.get_or_insert(n_judges) != n_judges;
            let weight = weight as f64;
            let same: u64 = chosen.iter().map(|n| n * n.saturating_sub(1)).sum();
            sums.agreement +=
                weight * same as f64 / (n_judges * n_judges.saturating_sub(1)).max(1) as f64;
            sums.n_units += weight;
            for (all, n) in sums.n_choices.iter_mut().zip(&chosen) {
                *all += weight * *n as f64;
            }
        }
        sums
    }

    /// Adds `times` times the sums of another table with the same categories.
    pub fn add(&mut self, other: &Self, times: u64) {
        let times_f = times as f64;
        self.n_units += times_f * other.n_units;
        self.agreement += times_f * other.agreement;
        self.n_choices
            .resize(self.n_choices.len().max(other.n_choices.len()), 0.0);
        for (all, more) in self.n_choices.iter_mut().zip(&other.n_choices) {
            *all += times_f * more;
        }
        let differ = |a: usize| other.n_judges.is_some_and(|b| a != b);
        self.unequal |= times > 0 && (other.unequal || self.n_judges.is_some_and(differ));
        self.n_judges = self.n_judges.or(other.n_judges);
    }

    /// Returns Fleiss' kappa (1971, "Measuring nominal scale agreement among many raters"): Scott's pi for any number
    /// of annotators. Agreement is the share of agreeing pairs, chance the shares of all choices together.
    ///
    /// # Errors
    /// [`Undefined::NoSharedUnit`] without units, [`Undefined::UnequalJudges`] unless each unit was judged by
    /// equally many and at least two, [`Undefined::OneCategory`] when only one was used.
    pub fn kappa(&self) -> Result<f64, Undefined> {
        let (observed, expected) = self.observed_and_expected()?;
        beyond_chance(observed, expected)
    }

    /// Returns the observed agreement and the one expected by chance, each 0 to 1.
    ///
    /// # Errors
    /// As for [`kappa`](Self::kappa), but for the last.
    pub fn observed_and_expected(&self) -> Result<(f64, f64), Undefined> {
        if self.n_units <= 0.0 {
            return Err(Undefined::NoSharedUnit);
        }
        if self.unequal {
            return Err(Undefined::UnequalJudges);
        }
        let all: f64 = self.n_choices.iter().sum();
        let expected = self.n_choices.iter().map(|n| (n / all).powi(2)).sum();
        Ok((self.agreement / self.n_units, expected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_category_alone_gives_no_figure() {
        let table = Contingency::from_rows(&[vec![50, 0], vec![0, 0]]);
        assert_eq!(table.observed(), Ok(1.0));
        assert_eq!(cohen_kappa(&table), Err(Undefined::OneCategory));
        assert_eq!(scott_pi(&table), Err(Undefined::OneCategory));
        let same = vec![vec![Some(0), Some(0)]; 3];
        assert_eq!(
            FleissSums::of(&Coding::from_annotators(&same)).kappa(),
            Err(Undefined::OneCategory)
        );
    }

    #[test]
    fn nothing_gives_no_figure() {
        let table = Contingency::new(3);
        for measure in [cohen_kappa, scott_pi, bennett_s, gwet_ac1, gwet_ac2] {
            assert_eq!(measure(&table), Err(Undefined::NoSharedUnit));
        }
        assert_eq!(FleissSums::default().kappa(), Err(Undefined::NoSharedUnit));
    }

    #[test]
    fn fleiss_wants_equally_many_judges() {
        let gaps = [
            vec![Some(0), Some(1)],
            vec![Some(0), None],
            vec![Some(1), Some(1)],
        ];
        let sums = FleissSums::of(&Coding::from_annotators(&gaps));
        assert_eq!(sums.kappa(), Err(Undefined::UnequalJudges));
    }
}
