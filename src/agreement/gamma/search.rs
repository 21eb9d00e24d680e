//! The search for the groups of least excess that hold every unit of a small part exactly once.

use super::{groups::Groups, prove::TINY};
use std::collections::HashMap;

/// Units with the groups that are left for them.
pub(super) struct Part {
    pub(super) units: Vec<u32>,
    pub(super) groups: Vec<u32>,
    /// The groups of the best alignment known.
    pub(super) chosen: Vec<u32>,
}

impl Part {
    /// Drops the groups of greater excess than `gap`; what is left falls into parts that share no group.
    pub(super) fn without_excess_over(
        self,
        gap: f64,
        groups: &Groups,
        excesses: &[f64],
    ) -> Vec<Self> {
        let kept: Vec<u32> = self
            .groups
            .into_iter()
            .filter(|number| excesses[*number as usize] <= gap + TINY)
            .collect();
        let place: HashMap<u32, usize> = self
            .units
            .iter()
            .enumerate()
            .map(|(at, unit)| (*unit, at))
            .collect();
        let mut root: Vec<usize> = (0..self.units.len()).collect();
        for number in &kept {
            let mut members = groups.members(*number as usize).iter();
            let Some(first) = members.next().map(|unit| place[unit]) else {
                continue;
            };
            for unit in members {
                let (a, b) = (find(&mut root, first), find(&mut root, place[unit]));
                root[a.max(b)] = a.min(b);
            }
        }
        let mut number_of_root = HashMap::new();
        let mut parts: Vec<Self> = Vec::new();
        let mut part_of = Vec::with_capacity(root.len());
        for at in 0..self.units.len() {
            let top = find(&mut root, at);
            let number = *number_of_root.entry(top).or_insert_with(|| {
                parts.push(Self {
                    units: Vec::new(),
                    groups: Vec::new(),
                    chosen: Vec::new(),
                });
                parts.len() - 1
            });
            parts[number].units.push(self.units[at]);
            part_of.push(number);
        }
        let part_of_group = |number: u32| {
            groups
                .members(number as usize)
                .first()
                .map(|unit| part_of[place[unit]])
        };
        for number in kept {
            if let Some(part) = part_of_group(number) {
                parts[part].groups.push(number);
            }
        }
        for number in self.chosen {
            if let Some(part) = part_of_group(number) {
                parts[part].chosen.push(number);
            }
        }
        parts
    }
}

fn find(root: &mut [usize], mut at: usize) -> usize {
    while root[at] != at {
        root[at] = root[root[at]];
        at = root[at];
    }
    at
}

/// Returns the best groups for `part`, and by how much better ones could at most be better: 0 when the search came to
/// its end within `max_steps`.
pub(super) fn search(
    part: &Part,
    groups: &Groups,
    excesses: &[f64],
    max_steps: usize,
) -> (Vec<u32>, f64) {
    let place: HashMap<u32, usize> = part
        .units
        .iter()
        .enumerate()
        .map(|(at, unit)| (*unit, at))
        .collect();
    let mut order = part.groups.clone();
    order.sort_by(|a, b| excesses[*a as usize].total_cmp(&excesses[*b as usize]));
    let mut holding = vec![Vec::new(); part.units.len()];
    let members: Vec<Vec<usize>> = order
        .iter()
        .map(|number| {
            groups
                .members(*number as usize)
                .iter()
                .map(|unit| place[unit])
                .collect()
        })
        .collect();
    for (idx, members) in members.iter().enumerate() {
        for at in members {
            holding[*at].push(idx);
        }
    }
    let known: f64 = part
        .chosen
        .iter()
        .map(|number| excesses[*number as usize])
        .sum();
    let mut search = Search {
        excess: order
            .iter()
            .map(|number| excesses[*number as usize])
            .collect(),
        members,
        holding,
        taken: vec![false; part.units.len()],
        path: Vec::new(),
        best: None,
        least: known,
        steps_left: max_steps,
    };
    search.go_on(0.0);
    let finished = search.steps_left > 0;
    let found = match search.best {
        Some(best) => best.iter().map(|idx| order[*idx]).collect(),
        None => part.chosen.clone(),
    };
    (found, if finished { 0.0 } else { search.least })
}

struct Search {
    members: Vec<Vec<usize>>,
    excess: Vec<f64>,
    /// For each unit the groups that hold it, least excess first.
    holding: Vec<Vec<usize>>,
    taken: Vec<bool>,
    path: Vec<usize>,
    best: Option<Vec<usize>>,
    least: f64,
    steps_left: usize,
}

impl Search {
    /// Tries all ways to continue from `path`, whose groups have the excess `so_far` together.
    fn go_on(&mut self, so_far: f64) {
        self.steps_left = self.steps_left.saturating_sub(1);
        if self.steps_left == 0 {
            return;
        }
        let room = self.least - TINY - so_far;
        // The unit with the fewest ways to continue. One that can only continue at an excess beyond the room ends it.
        let mut next: Option<(usize, usize)> = None;
        for (at, holding) in self.holding.iter().enumerate() {
            if self.taken[at] {
                continue;
            }
            let mut n_ways = 0;
            for idx in holding {
                if self.excess[*idx] >= room {
                    break;
                }
                if self.members[*idx].iter().all(|member| !self.taken[*member]) {
                    n_ways += 1;
                    if next.is_some_and(|(fewest, _)| n_ways >= fewest) {
                        break;
                    }
                }
            }
            if n_ways == 0 {
                return;
            }
            if next.is_none_or(|(fewest, _)| n_ways < fewest) {
                next = Some((n_ways, at));
                if n_ways == 1 {
                    break;
                }
            }
        }
        let Some((_, at)) = next else {
            // Every unit is taken, and for less than before.
            self.least = so_far;
            self.best = Some(self.path.clone());
            return;
        };
        for way in 0..self.holding[at].len() {
            let idx = self.holding[at][way];
            let sum = so_far + self.excess[idx];
            if sum >= self.least - TINY {
                break;
            }
            if self.members[idx].iter().any(|member| self.taken[*member]) {
                continue;
            }
            self.set(idx, true);
            self.path.push(idx);
            self.go_on(sum);
            self.path.pop();
            self.set(idx, false);
        }
    }

    fn set(&mut self, idx: usize, taken: bool) {
        for member in &self.members[idx] {
            self.taken[*member] = taken;
        }
    }
}
