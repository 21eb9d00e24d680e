//! The best alignment: which units of different annotators are the same one.
//!
//! A *group* holds at most one unit of each annotator. It costs the mean over all pairs of annotators: how
//! unlike their units are, or Δ∅ where one of the two has none. Every unit is in exactly one group; the best
//! alignment is the one whose groups cost least in all.
//!
//! Only units near each other can share a group, so the problem falls into parts along the text. For two
//! annotators a part is an assignment problem, solved exactly. For more it is a set partitioning problem:
//! [`regroup`](super::regroup) finds a good alignment, [`prove`](super::prove) shows that there is no better one,
//! finds it, or says by how much a better one could at most be better.

use super::{Continuum, Unit, Weights, groups::Effort, prove::prove, regroup::regroup};
use crate::annotation::{best_pairs, touching_pairs};

/// What is known of the best alignment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Optimum {
    /// There is no better one.
    Proven,
    /// A better one could have a disorder that is lower by at most this share, 0 to 1.
    Bounded {
        /// (disorder − lower bound) / disorder.
        gap: f64,
    },
}

/// An alignment of one continuum.
#[derive(Clone, Debug, PartialEq)]
pub struct Alignment {
    /// Its groups: for each annotator the index of a unit in [`Continuum::annotators`], or `None`.
    pub groups: Vec<Vec<Option<usize>>>,
    /// What all groups cost together.
    pub cost: f64,
    /// No alignment costs less than this.
    pub lower_bound: f64,
}

impl Alignment {
    /// Returns the cost for each unit an annotator has on the average: the disorder δ.
    pub fn disorder(&self, continuum: &Continuum) -> f64 {
        self.cost / continuum.mean_units()
    }

    /// Returns whether it is the best.
    pub fn optimum(&self) -> Optimum {
        optimum(self.cost, self.lower_bound)
    }
}

/// Returns what a cost and its lower bound say; differences within rounding count as none.
pub(super) fn optimum(cost: f64, lower_bound: f64) -> Optimum {
    let gap = (cost - lower_bound) / cost.max(f64::MIN_POSITIVE);
    if gap <= 1e-9 {
        Optimum::Proven
    } else {
        Optimum::Bounded { gap }
    }
}

/// Returns the best alignment of `continuum`. With fewer than two annotators there is nothing to align, and each unit
/// is alone at no cost.
pub fn best_alignment(continuum: &Continuum, weights: &Weights) -> Alignment {
    align(continuum, weights, Effort::FULL)
}

/// Returns a good alignment of `continuum`, for a number of annotators with whom the best one would take minutes.
pub fn good_alignment(continuum: &Continuum, weights: &Weights) -> Alignment {
    align(continuum, weights, Effort::NONE)
}

pub(super) fn align(continuum: &Continuum, weights: &Weights, effort: Effort) -> Alignment {
    let problem = Problem::new(continuum, weights);
    let n_annotators = problem.n_annotators;
    let mut found = Found::default();
    if n_annotators < 2 {
        found.groups = (0..problem.units.len()).map(|unit| vec![unit]).collect();
    } else {
        for part in problem.parts() {
            let solved = if n_annotators == 2 {
                problem.assign(&part)
            } else {
                let start = regroup(&problem, &part);
                prove(&problem, &part, start, effort)
            };
            found.groups.extend(solved.groups);
            found.cost += solved.cost;
            found.lower_bound += solved.lower_bound;
        }
    }
    let pairs = problem.n_pairs.max(1.0);
    let ties = problem.tie() * found.groups.len() as f64;
    let cost = (found.cost - ties).max(0.0);
    Alignment {
        groups: found
            .groups
            .iter()
            .map(|group| problem.by_annotator(group))
            .collect(),
        cost: cost / pairs,
        lower_bound: (found.lower_bound - ties).clamp(0.0, cost) / pairs,
    }
}

/// Groups of units, by their numbers, with their cost in sums over pairs.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) groups: Vec<Vec<usize>>,
    pub(super) cost: f64,
    pub(super) lower_bound: f64,
}

/// The units of all annotators in one list, and which of them may share a group. Costs are sums over the pairs
/// of annotators here, not means.
pub(super) struct Problem<'a> {
    weights: &'a Weights,
    pub(super) n_annotators: usize,
    /// Pairs of annotators.
    pub(super) n_pairs: f64,
    /// Annotator, index among that annotator's units, and the unit.
    units: Vec<(usize, usize, Unit)>,
    /// For each unit those it may share a group with, with how unlike they are, by number.
    pub(super) near: Vec<Vec<(usize, f64)>>,
}

impl<'a> Problem<'a> {
    fn new(continuum: &Continuum, weights: &'a Weights) -> Self {
        let annotators = continuum.annotators();
        let n_annotators = annotators.len();
        let n_pairs = (n_annotators * n_annotators.saturating_sub(1)) as f64 / 2.0;
        let mut units = Vec::new();
        let mut firsts = Vec::with_capacity(n_annotators);
        for (annotator, list) in annotators.iter().enumerate() {
            firsts.push(units.len());
            units.extend(
                list.iter()
                    .enumerate()
                    .map(|(idx, unit)| (annotator, idx, *unit)),
            );
        }
        // Taking unit u out of a group of k must not pay: the sum of (d(u, v) − Δ∅) over its k − 1 neighbours is at
        // most the cost of a group of one, n_pairs · Δ∅. All d but one may be 0.
        let limit = (n_pairs + n_annotators as f64 - 1.0) * weights.empty;
        let reaches: Vec<Vec<(f64, f64)>> = annotators
            .iter()
            .map(|list| list.iter().map(|unit| weights.reach(unit, limit)).collect())
            .collect();
        let mut near = vec![Vec::new(); units.len()];
        for first in 0..n_annotators {
            for second in first + 1..n_annotators {
                for (a, b) in touching_pairs(&reaches[first], &reaches[second]) {
                    let d = weights.dissimilarity(&annotators[first][a], &annotators[second][b]);
                    if d < limit {
                        let (a, b) = (firsts[first] + a, firsts[second] + b);
                        near[a].push((b, d));
                        near[b].push((a, d));
                    }
                }
            }
        }
        for list in &mut near {
            list.sort_unstable_by_key(|(unit, _)| *unit);
        }
        Self {
            weights,
            n_annotators,
            n_pairs,
            units,
            near,
        }
    }

    pub(super) fn annotator(&self, unit: usize) -> usize {
        self.units[unit].0
    }

    pub(super) fn start(&self, unit: usize) -> f64 {
        self.units[unit].2.start
    }

    /// Returns Δ∅, the cost of an empty unit.
    pub(super) fn empty(&self) -> f64 {
        self.weights.empty
    }

    /// Returns what a unit costs alone: Δ∅ for each pair of annotators, and the little that decides between alignments
    /// of equal cost.
    pub(super) fn alone(&self) -> f64 {
        self.n_pairs * self.weights.empty + self.tie()
    }

    /// Returns what each group costs more, so that of alignments of equal cost the one with the fewest groups is
    /// taken.
    fn tie(&self) -> f64 {
        1e-10 * self.weights.empty
    }

    /// Returns what it changes to have both units in one group rather than in two, without the group that is saved.
    pub(super) fn together(&self, a: usize, b: usize) -> f64 {
        self.weights
            .dissimilarity(&self.units[a].2, &self.units[b].2)
            - self.weights.empty
    }

    /// Returns what a group costs.
    pub(super) fn cost(&self, group: &[usize]) -> f64 {
        let mut cost = self.alone();
        for (idx, a) in group.iter().enumerate() {
            for b in &group[idx + 1..] {
                cost += self.together(*a, *b);
            }
        }
        cost
    }

    fn by_annotator(&self, group: &[usize]) -> Vec<Option<usize>> {
        let mut members = vec![None; self.n_annotators];
        for unit in group {
            let (annotator, idx, _) = self.units[*unit];
            members[annotator] = Some(idx);
        }
        members
    }

    /// Sets of units of which none may share a group with one of another set.
    fn parts(&self) -> Vec<Vec<usize>> {
        let mut parts = Vec::new();
        let mut seen = vec![false; self.units.len()];
        for first in 0..self.units.len() {
            if seen[first] {
                continue;
            }
            seen[first] = true;
            let mut part = vec![first];
            let mut next = 0;
            while let Some(unit) = part.get(next).copied() {
                for (other, _) in &self.near[unit] {
                    if !seen[*other] {
                        seen[*other] = true;
                        part.push(*other);
                    }
                }
                next += 1;
            }
            part.sort_unstable();
            parts.push(part);
        }
        parts
    }

    /// Returns the best pairs of two annotators, by solving an assignment problem.
    fn assign(&self, part: &[usize]) -> Found {
        let n_left = part.partition_point(|unit| self.annotator(*unit) == 0);
        let (left, right) = part.split_at(n_left);
        let mut edges = Vec::new();
        for (row, a) in left.iter().enumerate() {
            for (b, d) in &self.near[*a] {
                if let Ok(column) = right.binary_search(b) {
                    edges.push((row, column, self.alone() + self.empty() - d));
                }
            }
        }
        let partners = best_pairs(left.len(), right.len(), &edges);
        let mut paired = vec![false; right.len()];
        let mut groups = Vec::with_capacity(part.len());
        for (a, partner) in left.iter().zip(partners) {
            match partner {
                Some(column) => {
                    paired[column] = true;
                    groups.push(vec![*a, right[column]]);
                }
                None => groups.push(vec![*a]),
            }
        }
        let lone = right.iter().zip(paired).filter(|(_, paired)| !paired);
        groups.extend(lone.map(|(b, _)| vec![*b]));
        let cost = groups.iter().map(|group| self.cost(group)).sum();
        Found {
            groups,
            cost,
            lower_bound: cost,
        }
    }
}
