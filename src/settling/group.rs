//! Groups readings that are about one passage, by the alignment that agreement uses.

use super::reading::{Core, Mark, Reading, readings};
use crate::annotation::{Footprint, TagId, pair_passages};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// Readings of one passage.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The readings, in the order of the article; the first is where the group is listed.
    pub readings: Vec<Reading>,
}

/// Puts the marks of `n_sides` sides into groups, in the order of the article.
///
/// Marks that cover the same code points with the same tags are of one group in any case. Others are paired two
/// sides at a time, and of three sides and more the pairs that have most in common are joined first; no group has
/// two passages of one side.
pub(super) fn groups(marks: Vec<Mark>, n_sides: usize) -> Vec<Group> {
    let mut by_core: BTreeMap<Core, Vec<Mark>> = BTreeMap::new();
    for mark in marks {
        by_core.entry(mark.core.clone()).or_default().push(mark);
    }
    let cores: Vec<Passage> = by_core
        .iter()
        .map(|(core, marks)| Passage {
            core,
            footprint: core.footprint(),
            sides: marks.iter().map(|mark| mark.side).collect(),
        })
        .collect();
    let mut edges: Vec<Edge> = Vec::new();
    for (a, b) in pairs_of_sides(&cores, n_sides) {
        edges.extend(pair(&cores, a, b));
    }
    edges.sort();
    edges.dedup();
    let mut group_of: Vec<usize> = (0..cores.len()).collect();
    let mut sides: Vec<BTreeSet<usize>> = cores.iter().map(|core| core.sides.clone()).collect();
    for Edge { ends: (x, y), .. } in edges {
        let (Some(gx), Some(gy)) = (group_of.get(x).copied(), group_of.get(y).copied()) else {
            continue;
        };
        let (Some(of_x), Some(of_y)) = (sides.get(gx), sides.get(gy)) else {
            continue;
        };
        if gx == gy || !of_x.is_disjoint(of_y) {
            continue;
        }
        let (keep, gone) = (gx.min(gy), gx.max(gy));
        let both = of_x.union(of_y).copied().collect();
        if let Some(known) = sides.get_mut(keep) {
            *known = both;
        }
        for group in group_of.iter_mut().filter(|group| **group == gone) {
            *group = keep;
        }
    }
    let mut grouped: BTreeMap<usize, Group> = BTreeMap::new();
    for (group, (_, marks)) in group_of.into_iter().zip(by_core) {
        let found = readings(marks);
        let group = grouped.entry(group).or_insert(Group {
            readings: Vec::new(),
        });
        group.readings.extend(found);
    }
    grouped.into_values().collect()
}

/// Marks on one passage with the same tags.
struct Passage<'a> {
    core: &'a Core,
    footprint: Footprint,
    sides: BTreeSet<usize>,
}

/// Two passages that may be one, those that have most in common first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    in_common: Reverse<(bool, usize, usize)>,
    ends: (usize, usize),
}

/// Returns each pair of sides, in an order that comes from what they marked.
fn pairs_of_sides(cores: &[Passage<'_>], n_sides: usize) -> Vec<(usize, usize)> {
    let marked = |side: &usize| -> Vec<&Core> {
        let own = cores.iter().filter(|core| core.sides.contains(side));
        own.map(|passage| passage.core).collect()
    };
    let mut order: Vec<usize> = (0..n_sides).collect();
    order.sort_by_cached_key(marked);
    let later = |n: usize| order.iter().skip(n + 1).copied();
    let pairs = order.iter().enumerate();
    pairs
        .flat_map(|(n, a)| later(n).map(|b| (*a, b)).collect::<Vec<_>>())
        .collect()
}

/// Returns the passages that only one of two sides has, paired.
fn pair(cores: &[Passage<'_>], a: usize, b: usize) -> Vec<Edge> {
    let only = |side: &usize, other: &usize| -> Vec<usize> {
        let numbered = cores.iter().enumerate();
        let own = numbered.filter(|(_, it)| it.sides.contains(side) && !it.sides.contains(other));
        own.map(|(idx, _)| idx).collect()
    };
    let (of_a, of_b) = (only(&a, &b), only(&b, &a));
    let passages = |indexes: &[usize]| -> Vec<(&Footprint, &[TagId])> {
        let found = indexes.iter().filter_map(|idx| cores.get(*idx));
        found
            .map(|it| (&it.footprint, it.core.tags.as_slice()))
            .collect()
    };
    let pairs = pair_passages(&passages(&of_a), &passages(&of_b));
    let edges = pairs.into_iter().filter_map(|(x, y)| {
        let (x, y) = (*of_a.get(x)?, *of_b.get(y)?);
        let (one, other) = (cores.get(x)?, cores.get(y)?);
        let same_tags = one.core.tags == other.core.tags;
        let tags = one.core.tags.iter();
        let n_tags = tags.filter(|tag| other.core.tags.contains(tag)).count();
        let n_shared = one.footprint.shared(&other.footprint);
        Some(Edge {
            in_common: Reverse((same_tags, n_tags, n_shared)),
            ends: (x.min(y), x.max(y)),
        })
    });
    edges.collect()
}
