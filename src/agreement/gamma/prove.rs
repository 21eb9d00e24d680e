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
use super::search::{Part, search};

/// Groups listed for one part; more are not looked at, and the bound is the one of the pairs.
const MAX_GROUPS: usize = 1_500_000;
/// Rounds of projection between two looks at the bound, and looks.
const ROUNDS: usize = 15;
const LOOKS: usize = 24;
/// Times that windows are searched, groups in one of them, and steps of a search in one.
const POLISHES: usize = 6;
const WINDOW: usize = 14;
const WINDOW_STEPS: usize = 2_000;
/// Work of the last search of a part: steps times units.
const MAX_WORK: usize = 4_000_000;
/// Differences in cost below this are rounding.
pub(super) const TINY: f64 = 1e-9;

/// The alignment `start` of the units of `part`, or a better one, with a lower bound.
pub(super) fn prove(problem: &Problem<'_>, part: &[usize], start: Found) -> Found {
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
    let Some(groups) = Groups::list(problem, part) else {
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

/// A lower bound from two annotators at a time: a group costs at least what its pairs would cost if each pair of
/// annotators were aligned by itself, and what pairs of annotators cost that have no unit in it.
fn bound_from_pairs(problem: &Problem<'_>, part: &[usize]) -> f64 {
    let n = problem.n_annotators;
    let mut of_annotator = vec![Vec::new(); n];
    let mut place = std::collections::HashMap::new();
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
            let partners = crate::annotation::best_pairs(n_left, n_right, &edges);
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

/// Every group of a part that could pay, the units being numbered within the part.
pub(super) struct Groups {
    starts: Vec<u32>,
    members: Vec<u32>,
    costs: Vec<f64>,
}

impl Groups {
    /// Lists them; `None` when there are too many. The groups of one unit come first, in the order of `part`.
    fn list(problem: &Problem<'_>, part: &[usize]) -> Option<Self> {
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
            if growing.groups.costs.len() > MAX_GROUPS {
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

    fn sum(&self, numbers: &[usize]) -> f64 {
        numbers.iter().map(|number| self.costs[*number]).sum()
    }

    /// Their numbers. A group that is not listed could not pay, and is taken apart into single units.
    fn numbers_of(&self, part: &[usize], wanted: &[Vec<usize>]) -> Vec<usize> {
        let mut by_members = std::collections::HashMap::with_capacity(self.len());
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

    fn excess(&self, number: usize, prices: &[f64]) -> f64 {
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
}

impl Growing<'_> {
    /// Adds one of `candidates` (units that are near all members, in order) after the other. `sum` is that of
    /// (d − Δ∅) over all pairs of members.
    fn grow(&mut self, candidates: &[u32], sum: f64) {
        let problem = self.problem;
        let (empty, alone) = (problem.empty(), problem.alone());
        for (idx, candidate) in candidates.iter().enumerate() {
            if self.groups.costs.len() > MAX_GROUPS {
                return;
            }
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

    /// Whether taking any one unit out would cost something.
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

/// Prices of the units under which no group costs less than its units.
struct Prices {
    prices: Vec<f64>,
    /// Their sum.
    bound: f64,
    /// The prices that projection goes on from; a group may cost less than these.
    moving: Vec<f64>,
    holding: Holding,
}

impl Prices {
    /// To begin with, each group of an alignment is paid for by its units in equal shares.
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
            if cost - self.bound <= TINY {
                return;
            }
            // Only groups that are near their prices move them in the next rounds.
            let moving = &mut self.moving;
            let close: Vec<u32> = (0..groups.len())
                .filter(|number| groups.excess(*number, moving) < near_enough(groups, *number))
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

    /// Takes the prices over that lie nearest to the moving ones and that no group undercuts, if their sum is
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

/// How much above its prices a group may be to be looked at in the next rounds.
fn near_enough(groups: &Groups, number: usize) -> f64 {
    0.25 * groups.members(number).len() as f64 * groups.costs[0]
}

fn shift(groups: &Groups, number: usize, by: f64, prices: &mut [f64]) {
    let members = groups.members(number);
    let share = by / members.len() as f64;
    for at in members {
        prices[*at as usize] += share;
    }
}

/// Which groups hold each unit.
struct Holding {
    starts: Vec<u32>,
    numbers: Vec<u32>,
}

impl Holding {
    fn of(&self, at: usize) -> &[u32] {
        &self.numbers[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

impl Groups {
    fn holding(&self, n_units: usize) -> Holding {
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
