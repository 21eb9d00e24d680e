//! What gamma compares: units on a line, category and annotator known, and how unlike two units are.

/// One passage of one annotator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// Where it begins, in code points (the reference data has other units; only ratios matter).
    pub start: f64,
    /// Where it ends.
    pub end: f64,
    /// Its category; only whether two are equal matters.
    pub category: u32,
}

impl Unit {
    fn length(&self) -> f64 {
        self.end - self.start
    }
}

/// The units of each annotator in one article.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Continuum {
    annotators: Vec<Vec<Unit>>,
}

impl Continuum {
    /// Makes a continuum from the units of each annotator, in any order. Units without any length are ignored: they
    /// have no extent to compare.
    pub fn new(annotators: impl IntoIterator<Item = Vec<Unit>>) -> Self {
        let in_order = |mut units: Vec<Unit>| {
            units.retain(|unit| unit.end > unit.start);
            units.sort_by(|a, b| {
                let by_start = a.start.total_cmp(&b.start);
                by_start.then(a.end.total_cmp(&b.end))
            });
            units
        };
        Self {
            annotators: annotators.into_iter().map(in_order).collect(),
        }
    }

    /// Returns the units of each annotator, by start and end.
    pub fn annotators(&self) -> &[Vec<Unit>] {
        &self.annotators
    }

    /// Returns the mean number of units of an annotator.
    pub fn mean_units(&self) -> f64 {
        let n_units: usize = self.annotators.iter().map(Vec::len).sum();
        n_units as f64 / self.annotators.len().max(1) as f64
    }

    /// Returns the mean length of a unit; 0 when there is none.
    pub fn mean_length(&self) -> f64 {
        let units = || self.annotators.iter().flatten();
        let n_units = units().count().max(1) as f64;
        units().map(Unit::length).sum::<f64>() / n_units
    }

    /// Returns where the line begins and ends: from 0, or the first unit if that begins before, to the last unit's
    /// end.
    pub fn bounds(&self) -> (f64, f64) {
        let units = || self.annotators.iter().flatten();
        let low = units().map(|unit| unit.start).fold(0.0, f64::min);
        let high = units().map(|unit| unit.end).fold(0.0, f64::max);
        (low, high)
    }
}

/// How much place and category weigh (Mathet, Widlöcher and Métivier 2015, section 4.3).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// α: the weight of the place.
    pub position: f64,
    /// β: the weight of the category.
    pub category: f64,
    /// Δ∅: what it costs to leave a unit without its like.
    pub empty: f64,
}

impl Default for Weights {
    /// Returns 1, 1 and 1, as in pygamma-agreement.
    fn default() -> Self {
        Self {
            position: 1.0,
            category: 1.0,
            empty: 1.0,
        }
    }
}

impl Weights {
    /// Returns how unlike two units are in their place: the distances of their starts and of their ends, as a share of
    /// their lengths together, squared, times Δ∅ ("positional sporadic dissimilarity").
    pub fn positional(&self, a: &Unit, b: &Unit) -> f64 {
        let apart = (a.start - b.start).abs() + (a.end - b.end).abs();
        (apart / (a.length() + b.length())).powi(2) * self.empty
    }

    /// Returns how unlike two units are in their category: 0 or Δ∅.
    pub fn categorical(&self, a: &Unit, b: &Unit) -> f64 {
        if a.category == b.category {
            0.0
        } else {
            self.empty
        }
    }

    /// Returns both, weighted.
    pub fn dissimilarity(&self, a: &Unit, b: &Unit) -> f64 {
        self.position * self.positional(a, b) + self.category * self.categorical(a, b)
    }

    /// Stretches such that two units less unlike than `limit` always have overlapping ones.
    ///
    /// The starts and ends of two units are together at least twice as far apart as their middles. So less than
    /// `limit` means: the middles are nearer than √(limit / αΔ∅) times half the lengths together.
    pub(super) fn reach(&self, unit: &Unit, limit: f64) -> (f64, f64) {
        let scale = self.position * self.empty;
        if scale <= 0.0 {
            return (f64::NEG_INFINITY, f64::INFINITY);
        }
        let middle = (unit.start + unit.end) / 2.0;
        // A little more, so that rounding loses none.
        let half = (limit / scale).sqrt() * unit.length() / 2.0 * (1.0 + 1e-9);
        (middle - half, middle + half)
    }
}
