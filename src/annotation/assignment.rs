//! The best one-to-one pairing of two lists when only some pairs are possible and nothing has to be paired.
//!
//! Maximum-weight bipartite matching by successive shortest augmenting paths with column prices (Jonker and
//! Volgenant 1987, "A shortest augmenting path algorithm for dense and sparse linear assignment problems",
//! Computing 38). Every row also has a place of its own that is worth nothing, so that it may stay alone. The
//! prices prove the result: no other pairing gains more.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
    ops::{Add, Sub},
};

/// A type of gains: `i128` where several aims are ranked exactly, `f64` for measures.
pub trait Gain: Copy + Default + PartialOrd + Add<Output = Self> + Sub<Output = Self> {}

impl<T: Copy + Default + PartialOrd + Add<Output = T> + Sub<Output = T>> Gain for T {}

/// Pairs each of `n_left` with at most one of `n_right`, so that the sum of the gains is as large as possible.
///
/// `edges` are the possible pairs (left, right, gain); those that gain nothing are never used. The answer holds
/// the partner of each on the left. For e edges: O(n · e log e) at worst, near linear where the pairs fall into
/// many small groups, as passages along a text do.
pub fn best_pairs<G: Gain>(
    n_left: usize,
    n_right: usize,
    edges: &[(usize, usize, G)],
) -> Vec<Option<usize>> {
    let mut search = Search::new(n_left, n_right, edges);
    for row in 0..n_left {
        search.add_row(row);
    }
    search.partner_of_row
}

/// A distance in the queue; the smallest comes first.
struct Step<G> {
    distance: G,
    column: usize,
}

impl<G: Gain> PartialEq for Step<G> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<G: Gain> Eq for Step<G> {}

impl<G: Gain> PartialOrd for Step<G> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<G: Gain> Ord for Step<G> {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_distance = self.distance.partial_cmp(&other.distance);
        by_distance
            .unwrap_or(Ordering::Equal)
            .then(self.column.cmp(&other.column))
    }
}

/// The state of a column.
#[derive(Clone, Copy)]
struct Column<G> {
    /// The price of the column; 0 as long as it is free, else at most 0.
    price: G,
    /// The row it is paired with, and what that pair costs.
    partner: Option<(usize, G)>,
    /// Distance from the row that is being added, if this search has come here.
    distance: G,
    /// The row before it on the path, and the cost of the pair with it.
    before: (usize, G),
    /// The search that last came here, and the one that was done with it.
    seen: usize,
    settled: usize,
}

struct Search<G> {
    /// The pairs of each row: where they begin in `pairs`, and (column, cost), cost being the gain's negative.
    starts: Vec<usize>,
    pairs: Vec<(usize, G)>,
    columns: Vec<Column<G>>,
    partner_of_row: Vec<Option<usize>>,
    round: usize,
    queue: BinaryHeap<Reverse<Step<G>>>,
    settled: Vec<usize>,
}

impl<G: Gain> Search<G> {
    fn new(n_left: usize, n_right: usize, edges: &[(usize, usize, G)]) -> Self {
        let zero = G::default();
        let useful = |edge: &&(usize, usize, G)| edge.2 > zero && edge.0 < n_left;
        let mut starts = vec![0; n_left + 1];
        for (row, _, _) in edges.iter().filter(useful) {
            starts[row + 1] += 1;
        }
        for row in 0..n_left {
            starts[row + 1] += starts[row];
        }
        let mut next = starts.clone();
        let mut pairs = vec![(0, zero); starts[n_left]];
        for (row, column, gain) in edges.iter().filter(useful) {
            pairs[next[*row]] = (*column, zero - *gain);
            next[*row] += 1;
        }
        let column = Column {
            price: zero,
            partner: None,
            distance: zero,
            before: (0, zero),
            seen: 0,
            settled: 0,
        };
        Self {
            starts,
            pairs,
            columns: vec![column; n_right],
            partner_of_row: vec![None; n_left],
            round: 0,
            queue: BinaryHeap::new(),
            settled: Vec::new(),
        }
    }

    /// Looks at the pairs of `row`, which the path reaches at `distance`.
    fn relax(&mut self, row: usize, distance: G) {
        for &(column, cost) in &self.pairs[self.starts[row]..self.starts[row + 1]] {
            let state = &mut self.columns[column];
            if state.settled == self.round {
                continue;
            }
            let reached = distance + cost - state.price;
            if state.seen != self.round || reached < state.distance {
                state.seen = self.round;
                state.distance = reached;
                state.before = (row, cost);
                self.queue.push(Reverse(Step {
                    distance: reached,
                    column,
                }));
            }
        }
    }

    /// Brings one more row in along the cheapest path: to a free column, or to a row that then stays alone.
    fn add_row(&mut self, row: usize) {
        self.round += 1;
        self.queue.clear();
        self.settled.clear();
        // Where the path ends best so far: with this row alone.
        let (mut alone, mut best_alone) = (row, G::default());
        self.relax(row, G::default());
        let mut free = None;
        let mut end = best_alone;
        while let Some(Reverse(Step { distance, column })) = self.queue.pop() {
            let state = &mut self.columns[column];
            if state.settled == self.round || distance > state.distance {
                continue;
            }
            if best_alone <= distance {
                break;
            }
            let Some((partner, cost)) = state.partner else {
                free = Some(column);
                end = distance;
                break;
            };
            state.settled = self.round;
            let at_partner = distance - (cost - state.price);
            self.settled.push(column);
            if at_partner < best_alone {
                (alone, best_alone) = (partner, at_partner);
            }
            self.relax(partner, at_partner);
        }
        if free.is_none() {
            end = best_alone;
        }
        for &column in &self.settled {
            let state = &mut self.columns[column];
            state.price = state.price + state.distance - end;
        }
        let mut column = match free {
            Some(column) => column,
            None if alone == row => return,
            None => {
                let Some(column) = self.partner_of_row[alone].take() else {
                    return;
                };
                column
            }
        };
        // Back along the path, each row moves on to the next column.
        loop {
            let (before, cost) = self.columns[column].before;
            self.columns[column].partner = Some((before, cost));
            let left = self.partner_of_row[before].replace(column);
            match left {
                Some(next) if before != row => column = next,
                _ => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Returns the largest sum of gains, by trying everything.
    fn by_trial(row: usize, n_left: usize, taken: u32, edges: &[(usize, usize, i128)]) -> i128 {
        if row == n_left {
            return 0;
        }
        let mut best = by_trial(row + 1, n_left, taken, edges);
        for &(_, column, gain) in edges.iter().filter(|edge| edge.0 == row) {
            if taken & (1 << column) == 0 {
                best = best.max(gain + by_trial(row + 1, n_left, taken | (1 << column), edges));
            }
        }
        best
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_other_pairing_gains_more(
            edges in proptest::collection::vec((0usize..6, 0usize..6, -3i128..12), 0..24),
        ) {
            let pairs = best_pairs(6, 6, &edges);
            let mut taken = std::collections::BTreeSet::new();
            let mut sum = 0;
            for (row, column) in pairs.iter().enumerate() {
                let Some(column) = column else { continue };
                prop_assert!(taken.insert(*column), "column {} is taken twice", column);
                let gains = edges.iter().filter(|edge| edge.0 == row && edge.1 == *column);
                sum += gains.map(|edge| edge.2).max().unwrap();
            }
            prop_assert_eq!(sum, by_trial(0, 6, 0, &edges));
            let floats: Vec<(usize, usize, f64)> =
                edges.iter().map(|&(row, column, gain)| (row, column, gain as f64 / 8.0)).collect();
            let float_sum: f64 = best_pairs(6, 6, &floats).iter().enumerate()
                .filter_map(|(row, column)| {
                    let gains = floats.iter().filter(|edge| edge.0 == row && Some(edge.1) == *column);
                    gains.map(|edge| edge.2).reduce(f64::max)
                })
                .sum();
            prop_assert!((float_sum - sum as f64 / 8.0).abs() < 1e-9);
        }
    }

    #[test]
    fn nothing_to_pair_is_no_pair() {
        assert_eq!(best_pairs::<i128>(2, 0, &[]), [None, None]);
        assert_eq!(best_pairs(1, 1, &[(0, 0, 0.0)]), [None]);
    }
}
