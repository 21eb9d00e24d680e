//! Every group of neighbouring units that could be part of a best alignment, and what no alignment can cost less
//! than, seen from two annotators at a time.

use super::align::Problem;
use crate::annotation::best_pairs;
use std::collections::HashMap;

/// How many groups are examined for one part. Where there are more, the bound is the one of the pairs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effort {
    /// Groups that are listed.
    max_groups: usize,
    /// Units that are tried in a group. Of many annotators there are more groups than could ever be listed, and few
    /// of them pay.
    max_tries: usize,
}

impl Effort {
    /// For one alignment that matters by itself: a second or two at worst.
    pub(super) const FULL: Self = Self {
        max_groups: 1_500_000,
        max_tries: 20_000_000,
    };
    /// For an alignment of many annotators that need not be proven: no group is listed.
    pub(super) const NONE: Self = Self {
        max_groups: 0,
        max_tries: 0,
    };
    /// For one of many samples.
    pub(super) const SAMPLE: Self = Self {
        max_groups: 200_000,
        max_tries: 2_000_000,
    };
}

/// Every group of a part that could pay, the units being numbered within the part.
pub(super) struct Groups {
    starts: Vec<u32>,
    members: Vec<u32>,
    pub(super) costs: Vec<f64>,
}

impl Groups {
    /// Lists them; `None` when there are too many. The groups of one unit come first, in the order of `part`.
    pub(super) fn list(problem: &Problem<'_>, part: &[usize], effort: Effort) -> Option<Self> {
        let mut groups = Self {
            starts: vec![0],
            members: Vec::new(),
            costs: Vec::new(),
        };
        for at in 0..part.len() {
            groups.push(&[at as u32], problem.alone());
        }
        let mut growing = Growing {
            problem,
            part,
            groups,
            members: Vec::new(),
            max_groups: effort.max_groups,
            tries_left: effort.max_tries,
        };
        for at in 0..part.len() {
            growing.members.push(at as u32);
            let later = problem.near[part[at]].iter().filter_map(|(other, _)| {
                let other_at = part.binary_search(other).ok()?;
                (other_at > at).then_some(other_at as u32)
            });
            let candidates: Vec<u32> = later.collect();
            growing.grow(&candidates, 0.0);
            growing.members.pop();
            if growing.has_enough() {
                return None;
            }
        }
        Some(growing.groups)
    }

    fn push(&mut self, members: &[u32], cost: f64) {
        self.members.extend(members);
        self.starts.push(self.members.len() as u32);
        self.costs.push(cost);
    }

    pub(super) fn len(&self) -> usize {
        self.costs.len()
    }

    pub(super) fn members(&self, number: usize) -> &[u32] {
        &self.members[self.starts[number] as usize..self.starts[number + 1] as usize]
    }

    pub(super) fn sum(&self, numbers: &[usize]) -> f64 {
        numbers.iter().map(|number| self.costs[*number]).sum()
    }

    /// Returns the numbers of the groups. A group that is not listed could not pay, and is taken apart into single
    /// units.
    pub(super) fn numbers_of(&self, part: &[usize], wanted: &[Vec<usize>]) -> Vec<usize> {
        let mut by_members = HashMap::with_capacity(self.len());
        for number in 0..self.len() {
            by_members.insert(self.members(number), number);
        }
        let mut numbers = Vec::new();
        for group in wanted {
            let mut members: Vec<u32> = group
                .iter()
                .filter_map(|unit| Some(part.binary_search(unit).ok()? as u32))
                .collect();
            members.sort_unstable();
            match by_members.get(&*members) {
                Some(number) => numbers.push(*number),
                None => numbers.extend(members.iter().map(|at| *at as usize)),
            }
        }
        numbers
    }

    pub(super) fn excess(&self, number: usize, prices: &[f64]) -> f64 {
        let paid: f64 = self
            .members(number)
            .iter()
            .map(|at| prices[*at as usize])
            .sum();
        self.costs[number] - paid
    }
}

/// A group that is being made, with those that are made already.
struct Growing<'a> {
    problem: &'a Problem<'a>,
    part: &'a [usize],
    groups: Groups,
    members: Vec<u32>,
    max_groups: usize,
    tries_left: usize,
}

impl Growing<'_> {
    fn has_enough(&self) -> bool {
        self.groups.costs.len() > self.max_groups || self.tries_left == 0
    }

    /// Adds one of `candidates` (units that are near all members, in order) after the other. `sum` is that of
    /// (d − Δ∅) over all pairs of members.
    fn grow(&mut self, candidates: &[u32], sum: f64) {
        let problem = self.problem;
        let (empty, alone) = (problem.empty(), problem.alone());
        for (idx, candidate) in candidates.iter().enumerate() {
            if self.has_enough() {
                return;
            }
            self.tries_left = self.tries_left.saturating_sub(candidates.len() - idx);
            let unit = self.part[*candidate as usize];
            let added = self
                .members
                .iter()
                .map(|at| problem.together(self.part[*at as usize], unit));
            let sum = sum + added.sum::<f64>();
            self.members.push(*candidate);
            let n_members = self.members.len() as f64;
            let annotator = problem.annotator(unit);
            let n_left = (problem.n_annotators - 1 - annotator) as f64;
            let n_full = n_members + n_left;
            // Each pair yet to come saves Δ∅ at best, and each unit the cost of its being alone.
            let best =
                sum - empty * (n_full * (n_full - 1.0) - n_members * (n_members - 1.0)) / 2.0;
            if best < (n_full - 1.0) * alone {
                if sum < (n_members - 1.0) * alone && self.holds_together() {
                    self.groups.push(&self.members, alone + sum);
                }
                let near = &problem.near[unit];
                let further: Vec<u32> = candidates[idx + 1..]
                    .iter()
                    .filter(|later| {
                        let later = self.part[**later as usize];
                        problem.annotator(later) > annotator
                            && near
                                .binary_search_by_key(&later, |(other, _)| *other)
                                .is_ok()
                    })
                    .copied()
                    .collect();
                if !further.is_empty() {
                    self.grow(&further, sum);
                }
            }
            self.members.pop();
        }
    }

    /// Returns whether taking any one unit out would cost something.
    fn holds_together(&self) -> bool {
        let unit = |at: &u32| self.part[*at as usize];
        self.members.iter().all(|a| {
            let others = self.members.iter().filter(|b| *b != a);
            let tie: f64 = others
                .map(|b| self.problem.together(unit(a), unit(b)))
                .sum();
            tie < self.problem.alone()
        })
    }
}

/// Which groups hold each unit.
pub(super) struct Holding {
    starts: Vec<u32>,
    numbers: Vec<u32>,
}

impl Holding {
    pub(super) fn of(&self, at: usize) -> &[u32] {
        &self.numbers[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

impl Groups {
    pub(super) fn holding(&self, n_units: usize) -> Holding {
        let mut starts = vec![0u32; n_units + 1];
        for at in &self.members {
            starts[*at as usize + 1] += 1;
        }
        for at in 0..n_units {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut numbers = vec![0u32; self.members.len()];
        for number in 0..self.len() {
            for at in self.members(number) {
                let place = &mut next[*at as usize];
                numbers[*place as usize] = number as u32;
                *place += 1;
            }
        }
        Holding { starts, numbers }
    }
}

/// Returns a lower bound from two annotators at a time: a group costs at least what its pairs would cost if each pair
/// of annotators were aligned by itself, and what pairs of annotators cost that have no unit in it.
pub(super) fn bound_from_pairs(problem: &Problem<'_>, part: &[usize]) -> f64 {
    let n = problem.n_annotators;
    let mut of_annotator = vec![Vec::new(); n];
    let mut place = HashMap::new();
    for unit in part {
        let own: &mut Vec<usize> = &mut of_annotator[problem.annotator(*unit)];
        place.insert(*unit, own.len());
        own.push(*unit);
    }
    let mut bound = 0.0;
    for first in 0..n {
        for second in first + 1..n {
            let mut edges = Vec::new();
            for (row, unit) in of_annotator[first].iter().enumerate() {
                for (other, d) in &problem.near[*unit] {
                    if problem.annotator(*other) == second
                        && let Some(column) = place.get(other)
                    {
                        edges.push((row, *column, 2.0 * problem.empty() - d));
                    }
                }
            }
            let (n_left, n_right) = (of_annotator[first].len(), of_annotator[second].len());
            let partners = best_pairs(n_left, n_right, &edges);
            bound += (n_left + n_right) as f64 * problem.empty();
            for (row, column) in partners.iter().enumerate() {
                let pair = edges
                    .iter()
                    .filter(|edge| Some(edge.1) == *column && edge.0 == row);
                bound -= pair.map(|edge| edge.2).sum::<f64>();
            }
        }
    }
    // The annotators that a group lacks cost Δ∅ for each pair of them. With at least as many groups as the busiest
    // annotator has units, that is least when all groups are equally full.
    let n_groups = of_annotator.iter().map(Vec::len).max().unwrap_or(0) as f64;
    let n_lacking = n as f64 - part.len() as f64 / n_groups.max(1.0);
    if part.len() as f64 <= n_groups * ((n * (n - 1)) as f64).sqrt() {
        bound += (n_groups * n_lacking * (n_lacking - 1.0) / 2.0).max(0.0) * problem.empty();
    }
    bound
}
