//! A good alignment of more than two annotators, by solving two-sided problems exactly, again and again.
//!
//! The annotators are split in two camps in every possible way; each group falls into its half in the one camp and
//! its half in the other, and the halves are joined again as well as they can be, which is an assignment problem.
//! This never makes the alignment worse, and ends when no camp can gain.

use super::align::{Found, Problem};
use crate::annotation::best_pairs;
use std::collections::HashMap;

/// With more annotators, only camps of one against the rest are tried: there are 2^(n − 1) − 1 in all.
const ALL_CAMPS_UP_TO: usize = 6;

/// Returns an alignment of the units of `part` that no regrouping of two camps improves. The lower bound is left at
/// minus infinity.
pub(super) fn regroup(problem: &Problem<'_>, part: &[usize]) -> Found {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    // One annotator after another joins.
    for annotator in 0..problem.n_annotators {
        let own = part
            .iter()
            .filter(|unit| problem.annotator(**unit) == annotator);
        let own: Vec<Vec<usize>> = own.map(|unit| vec![*unit]).collect();
        groups = join(problem, groups, own);
    }
    let camps = camps(problem.n_annotators);
    let mut cost = total(problem, &groups);
    let mut n_without_gain = 0;
    while n_without_gain < camps.len() {
        for camp in &camps {
            let in_camp = |unit: &usize| camp.has(problem.annotator(*unit));
            let halves = |wanted: bool| -> Vec<Vec<usize>> {
                let half = |group: &Vec<usize>| -> Vec<usize> {
                    group
                        .iter()
                        .copied()
                        .filter(|unit| in_camp(unit) == wanted)
                        .collect()
                };
                groups
                    .iter()
                    .map(half)
                    .filter(|half| !half.is_empty())
                    .collect()
            };
            let again = join(problem, halves(true), halves(false));
            let new_cost = total(problem, &again);
            if new_cost < cost - 1e-12 {
                (groups, cost) = (again, new_cost);
                n_without_gain = 0;
            } else {
                n_without_gain += 1;
            }
            if n_without_gain >= camps.len() {
                break;
            }
        }
    }
    Found {
        groups,
        cost,
        lower_bound: f64::NEG_INFINITY,
    }
}

fn total(problem: &Problem<'_>, groups: &[Vec<usize>]) -> f64 {
    groups.iter().map(|group| problem.cost(group)).sum()
}

/// Some of the annotators.
enum Camp {
    /// Bit n represents annotator n.
    Several(u64),
    One(usize),
}

impl Camp {
    fn has(&self, annotator: usize) -> bool {
        match self {
            Self::Several(bits) => bits & (1 << annotator) != 0,
            Self::One(one) => *one == annotator,
        }
    }
}

/// Returns the camps that are tried, without their complements.
fn camps(n_annotators: usize) -> Vec<Camp> {
    if n_annotators <= ALL_CAMPS_UP_TO {
        (1..1u64 << (n_annotators - 1)).map(Camp::Several).collect()
    } else {
        (0..n_annotators).map(Camp::One).collect()
    }
}

/// Joins each group on the left with at most one on the right, as well as can be.
fn join(
    problem: &Problem<'_>,
    left: Vec<Vec<usize>>,
    mut right: Vec<Vec<usize>>,
) -> Vec<Vec<usize>> {
    let mut group_of: HashMap<usize, usize> = HashMap::new();
    for (idx, group) in right.iter().enumerate() {
        group_of.extend(group.iter().map(|unit| (*unit, idx)));
    }
    let mut edges = Vec::new();
    let mut met: Vec<usize> = Vec::new();
    for (row, group) in left.iter().enumerate() {
        met.clear();
        for unit in group {
            met.extend(
                problem.near[*unit]
                    .iter()
                    .filter_map(|(other, _)| group_of.get(other)),
            );
        }
        met.sort_unstable();
        met.dedup();
        for &column in &met {
            let crossing = group
                .iter()
                .flat_map(|a| right[column].iter().map(|b| problem.together(*a, *b)));
            let gain = problem.alone() - crossing.sum::<f64>();
            edges.push((row, column, gain));
        }
    }
    let partners = best_pairs(left.len(), right.len(), &edges);
    let mut joined = left;
    for (group, partner) in joined.iter_mut().zip(partners) {
        if let Some(column) = partner {
            group.append(&mut right[column]);
            group.sort_unstable();
        }
    }
    joined.extend(right.into_iter().filter(|group| !group.is_empty()));
    joined
}
