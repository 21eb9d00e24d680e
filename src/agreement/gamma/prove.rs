//! Shows that an alignment of more than two annotators is the best, finds the best, or bounds what is missing.
//!
//! Choosing groups so that every unit is in exactly one is set partitioning. All groups that could pay are listed.
//! Then each unit gets a price such that no group costs less than its units' prices together; the sum of the
//! prices is a lower bound (linear programming duality). The prices are found by projection: a group of the
//! alignment should cost what its units' prices are together, every other group at least as much, and each rule
//! that does not hold moves the prices of its units until it does, in turn (Agmon 1954; Motzkin and Schoenberg
//! 1954, "The relaxation method for linear inequalities").
//!
//! What a group costs beyond its prices is its *excess*. In a better alignment the excesses add up to less than
//! the gap between cost and bound, so every group with a larger one is dropped. That leaves few, which fall into
//! small parts; each is searched to the end. Limits keep the time in bounds: where they are met, the gap that is
//! left is reported.

use super::align::{Found, Problem};
use super::groups::{Effort, Groups, Holding, bound_from_pairs};
use super::search::{Part, search};

/// Rounds of projection between two looks at the bound, and looks.
const ROUNDS: usize = 15;
const LOOKS: usize = 24;
/// Share of the cost at which a gap is left to the search, which closes it sooner.
const CLOSE: f64 = 1e-6;
/// Times that windows are searched, groups in one of them, and steps of a search in one.
const POLISHES: usize = 6;
const WINDOW: usize = 14;
const WINDOW_STEPS: usize = 2_000;
/// Work of the last search of a part: steps times units.
const MAX_WORK: usize = 4_000_000;
/// Differences in cost below this are rounding.
pub(super) const TINY: f64 = 1e-9;

/// Returns the alignment `start` of the units of `part`, or a better one, with a lower bound.
pub(super) fn prove(problem: &Problem<'_>, part: &[usize], start: Found, effort: Effort) -> Found {
    if part.len() == 1 {
        let lower_bound = start.cost;
        return Found {
            lower_bound,
            ..start
        };
    }
    let from_pairs = bound_from_pairs(problem, part);
    if start.cost - from_pairs <= TINY {
        let lower_bound = start.cost;
        return Found {
            lower_bound,
            ..start
        };
    }
    let Some(groups) = Groups::list(problem, part, effort) else {
        return Found {
            lower_bound: from_pairs,
            ..start
        };
    };
    let mut chosen = groups.numbers_of(part, &start.groups);
    let mut cost = groups.sum(&chosen);
    let mut prices = Prices::of(&groups, part.len(), &chosen);
    prices.project(&groups, &chosen, cost);
    for _ in 0..POLISHES {
        if cost - prices.bound <= TINY || !polish(problem, part, &groups, &prices, &mut chosen) {
            break;
        }
        cost = groups.sum(&chosen);
        prices.project(&groups, &chosen, cost);
    }
    let mut missing = 0.0;
    if cost - prices.bound > TINY {
        (chosen, missing) = close_gap(&groups, part.len(), &prices, chosen);
        cost = groups.sum(&chosen);
    }
    let members = |number: usize| groups.members(number).iter().map(|at| part[*at as usize]);
    Found {
        groups: chosen
            .iter()
            .map(|number| members(*number).collect())
            .collect(),
        cost,
        lower_bound: (cost - missing).max(from_pairs).min(cost),
    }
}

/// Prices of the units under which no group costs less than its units.
struct Prices {
    prices: Vec<f64>,
    /// Their sum.
    bound: f64,
    /// The prices that projection continues from; a group may cost less than these.
    moving: Vec<f64>,
    holding: Holding,
}

impl Prices {
    /// Makes the first prices: the units of each group of an alignment pay for it in equal shares.
    fn of(groups: &Groups, n_units: usize, chosen: &[usize]) -> Self {
        let mut moving = vec![0.0; n_units];
        for number in chosen {
            let members = groups.members(*number);
            for at in members {
                moving[*at as usize] = groups.costs[*number] / members.len() as f64;
            }
        }
        Self {
            prices: Vec::new(),
            bound: f64::NEG_INFINITY,
            moving,
            holding: groups.holding(n_units),
        }
    }

    /// Brings the sum of the prices as near to `cost`, that of the groups `chosen`, as projection can.
    fn project(&mut self, groups: &Groups, chosen: &[usize], cost: f64) {
        self.look(groups);
        for _ in 0..LOOKS {
            let gap = cost - self.bound;
            if gap <= TINY + CLOSE * cost {
                return;
            }
            // Only groups that are near their prices move them in the next rounds; a look sees all of them again.
            let moving = &mut self.moving;
            let close: Vec<u32> = (0..groups.len())
                .filter(|number| groups.excess(*number, moving) < gap)
                .map(|number| number as u32)
                .collect();
            for _ in 0..ROUNDS {
                for number in &close {
                    let excess = groups.excess(*number as usize, moving);
                    if excess < 0.0 {
                        shift(groups, *number as usize, excess, moving);
                    }
                }
                for number in chosen {
                    let excess = groups.excess(*number, moving);
                    shift(groups, *number, excess, moving);
                }
            }
            self.look(groups);
        }
    }

    /// Takes the prices over that are nearest to the moving ones and that no group undercuts, if their sum is
    /// greater: lowered where a group does, then raised as far as all allow.
    fn look(&mut self, groups: &Groups) {
        let mut prices = self.moving.clone();
        for number in 0..groups.len() {
            let excess = groups.excess(number, &prices);
            if excess < 0.0 {
                shift(groups, number, excess, &mut prices);
            }
        }
        for at in 0..prices.len() {
            let of_unit = self.holding.of(at).iter();
            let room = of_unit.map(|number| groups.excess(*number as usize, &prices));
            prices[at] += room.fold(f64::INFINITY, f64::min);
        }
        let bound = prices.iter().sum();
        if bound > self.bound {
            (self.prices, self.bound) = (prices, bound);
        }
    }
}

fn shift(groups: &Groups, number: usize, by: f64, prices: &mut [f64]) {
    let members = groups.members(number);
    let share = by / members.len() as f64;
    for at in members {
        prices[*at as usize] += share;
    }
}

/// Searches small windows of neighbouring groups for better ones; whether it found any.
fn polish(
    problem: &Problem<'_>,
    part: &[usize],
    groups: &Groups,
    prices: &Prices,
    chosen: &mut Vec<usize>,
) -> bool {
    let excesses: Vec<f64> = (0..groups.len())
        .map(|number| groups.excess(number, &prices.prices).max(0.0))
        .collect();
    let start = |number: &usize| {
        let members = groups
            .members(*number)
            .iter()
            .map(|at| problem.start(part[*at as usize]));
        members.fold(f64::INFINITY, f64::min)
    };
    chosen.sort_by(|a, b| start(a).total_cmp(&start(b)));
    let mut found_any = false;
    let mut inside = vec![false; part.len()];
    let mut first = 0;
    while first < chosen.len() {
        let end = (first + WINDOW).min(chosen.len());
        let window = &chosen[first..end];
        let gap: f64 = window.iter().map(|number| excesses[*number]).sum();
        if gap > TINY {
            let mut units: Vec<u32> = window
                .iter()
                .flat_map(|number| groups.members(*number))
                .copied()
                .collect();
            units.sort_unstable();
            for at in &units {
                inside[*at as usize] = true;
            }
            let held = units.iter().flat_map(|at| {
                let own = prices.holding.of(*at as usize).iter();
                own.filter(move |number| groups.members(**number as usize).first() == Some(at))
            });
            let fitting = held.filter(|number| {
                let members = groups.members(**number as usize);
                excesses[**number as usize] <= gap && members.iter().all(|at| inside[*at as usize])
            });
            let small = Part {
                groups: fitting.copied().collect(),
                chosen: window.iter().map(|number| *number as u32).collect(),
                units,
            };
            let (better, _) = search(&small, groups, &excesses, WINDOW_STEPS);
            let sum: f64 = better.iter().map(|number| excesses[*number as usize]).sum();
            for at in &small.units {
                inside[*at as usize] = false;
            }
            if sum < gap - TINY {
                found_any = true;
                chosen.splice(first..end, better.into_iter().map(|number| number as usize));
            }
        }
        first += WINDOW / 2;
    }
    found_any
}

/// Searches the parts that are left when groups of too great excess are dropped. Gives the best groups and the
/// gap that remains because a part was too large to search.
fn close_gap(
    groups: &Groups,
    n_units: usize,
    prices: &Prices,
    chosen: Vec<usize>,
) -> (Vec<usize>, f64) {
    let excesses: Vec<f64> = (0..groups.len())
        .map(|number| groups.excess(number, &prices.prices).max(0.0))
        .collect();
    let whole = Part {
        units: (0..n_units as u32).collect(),
        groups: (0..groups.len() as u32).collect(),
        chosen: chosen.iter().map(|number| *number as u32).collect(),
    };
    let mut todo = vec![whole];
    let mut best = Vec::with_capacity(chosen.len());
    let mut missing = 0.0;
    while let Some(part) = todo.pop() {
        let gap: f64 = part
            .chosen
            .iter()
            .map(|number| excesses[*number as usize])
            .sum();
        if gap <= TINY {
            best.extend(part.chosen);
            continue;
        }
        let parts = part.without_excess_over(gap, groups, &excesses);
        // Parts of their own have smaller gaps, and may lose more groups by that.
        if parts.len() > 1 {
            todo.extend(parts);
            continue;
        }
        for part in parts {
            let steps = MAX_WORK / part.units.len().max(1);
            let (found, left) = search(&part, groups, &excesses, steps);
            best.extend(found);
            missing += left;
        }
    }
    (
        best.into_iter().map(|number| number as usize).collect(),
        missing,
    )
}
