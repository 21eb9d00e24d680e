//! Units and what each annotator said of them: the table that kappa and alpha are computed from.

use super::Undefined;

/// What annotators said of units that are the same for all of them. A unit may represent many equal ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coding {
    n_annotators: usize,
    n_categories: usize,
    /// Row by row, one value for each annotator; `None` where an annotator did not judge the unit.
    values: Vec<Option<u32>>,
    /// How many equal units each row represents.
    weights: Vec<u64>,
}

impl Coding {
    /// Returns a coding without units. Categories are the numbers below `n_categories`.
    pub fn new(n_annotators: usize, n_categories: usize) -> Self {
        Self {
            n_annotators,
            n_categories,
            values: Vec::new(),
            weights: Vec::new(),
        }
    }

    /// Makes a coding from one list of values for each annotator, all equally long; the rest of a longer one is left
    /// out.
    pub fn from_annotators(annotators: &[Vec<Option<u32>>]) -> Self {
        let highest = annotators.iter().flatten().flatten().max();
        let n_categories = highest.map_or(0, |highest| *highest as usize + 1);
        let mut coding = Self::new(annotators.len(), n_categories);
        let n_units = annotators.iter().map(Vec::len).min().unwrap_or(0);
        for unit in 0..n_units {
            let values = annotators.iter().map(|values| values[unit]);
            coding.values.extend(values);
            coding.weights.push(1);
        }
        coding
    }

    /// Adds `weight` equal units; `values` holds one for each annotator. A category beyond the last is a bug and
    /// counts as not judged.
    pub fn push(&mut self, values: &[Option<u32>], weight: u64) {
        debug_assert_eq!(values.len(), self.n_annotators);
        let n_categories = self.n_categories as u32;
        let known = values.iter().take(self.n_annotators);
        self.values
            .extend(known.map(|value| value.filter(|value| *value < n_categories)));
        self.weights.push(weight);
    }

    /// Returns how many annotators there are.
    pub fn n_annotators(&self) -> usize {
        self.n_annotators
    }

    /// Returns how many categories there are, used or not.
    pub fn n_categories(&self) -> usize {
        self.n_categories
    }

    /// Returns the rows: one value for each annotator, and how many units the row represents.
    pub fn rows(&self) -> impl Iterator<Item = (&[Option<u32>], u64)> {
        let rows = self.values.chunks_exact(self.n_annotators.max(1));
        rows.zip(self.weights.iter().copied())
    }
}

/// How often one annotator chose each category where another chose each: rows are the first one's choices.
#[derive(Clone, Debug, PartialEq)]
pub struct Contingency {
    n_categories: usize,
    counts: Vec<u64>,
}

impl Contingency {
    /// Returns a table with nothing counted yet.
    pub fn new(n_categories: usize) -> Self {
        Self {
            n_categories,
            counts: vec![0; n_categories * n_categories],
        }
    }

    /// Makes a table from rows of counts, as tables are printed; a row that is too short is filled with 0.
    pub fn from_rows(rows: &[Vec<u64>]) -> Self {
        let mut table = Self::new(rows.len());
        for (first, row) in rows.iter().enumerate() {
            for (second, count) in row.iter().enumerate().take(rows.len()) {
                table.add(first, second, *count);
            }
        }
        table
    }

    /// Returns the units that both `first` and `second` judged; the annotators are numbers from 0.
    pub fn of(coding: &Coding, first: usize, second: usize) -> Self {
        let mut table = Self::new(coding.n_categories);
        for (values, weight) in coding.rows() {
            if let (Some(Some(a)), Some(Some(b))) = (values.get(first), values.get(second)) {
                table.add(*a as usize, *b as usize, weight);
            }
        }
        table
    }

    /// Counts `n` more units.
    pub fn add(&mut self, first: usize, second: usize, n: u64) {
        if let Some(count) = self.counts.get_mut(first * self.n_categories + second) {
            *count += n;
        }
    }

    /// Adds `times` times what `other`, a table of the same size, has counted.
    pub fn add_table(&mut self, other: &Self, times: u64) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more * times;
        }
    }

    /// Returns how many categories there are, used or not.
    pub fn n_categories(&self) -> usize {
        self.n_categories
    }

    /// Returns how often the first chose one category and the second another.
    pub fn count(&self, first: usize, second: usize) -> u64 {
        let count = self.counts.get(first * self.n_categories + second);
        count.copied().unwrap_or(0)
    }

    /// Units counted.
    pub fn n_units(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Returns how often each category was chosen, by the first and by the second.
    pub fn margins(&self) -> (Vec<u64>, Vec<u64>) {
        let all = 0..self.n_categories;
        let first = all
            .clone()
            .map(|a| all.clone().map(|b| self.count(a, b)).sum());
        let second = all
            .clone()
            .map(|b| all.clone().map(|a| self.count(a, b)).sum());
        (first.collect(), second.collect())
    }

    /// Returns the share of the units to which both gave the same category.
    ///
    /// # Errors
    /// [`Undefined::NoSharedUnit`] when nothing was counted.
    pub fn observed(&self) -> Result<f64, Undefined> {
        let n_units = self.n_units();
        let same: u64 = (0..self.n_categories).map(|c| self.count(c, c)).sum();
        (n_units > 0)
            .then(|| same as f64 / n_units as f64)
            .ok_or(Undefined::NoSharedUnit)
    }
}
