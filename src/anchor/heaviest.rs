//! The heaviest chain of stretches that ascend in two lists.

use std::ops::Range;

/// A stretch that two lists have in common, as a link of a chain.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// The place of the stretch in the old list.
    pub old: Range<usize>,
    /// The place of the stretch in the new list.
    pub new: Range<usize>,
    /// The weight that the stretch adds to a chain.
    pub weight: f32,
}

/// Returns the heaviest chain: indices of `stretches`, each of which begins in both lists at or after the end of the
/// one before. `n_new` is the length of the new list. O(n log n): the stretches are visited from left to right in the
/// old list, and a Fenwick tree over the new one keeps the best chain that ends at or before each place.
pub fn heaviest(stretches: &[Stretch], n_new: usize) -> Vec<usize> {
    let mut starts: Vec<usize> = (0..stretches.len()).collect();
    let mut ends = starts.clone();
    starts.sort_by_key(|idx| {
        stretches
            .get(*idx)
            .map(|one| (one.old.start, one.new.start))
    });
    ends.sort_by_key(|idx| stretches.get(*idx).map(|one| one.old.end));
    let mut ends = ends.into_iter().peekable();
    // The best chain that ends with each stretch: its weight and the stretch before.
    let mut best: Vec<(f32, Option<usize>)> = vec![(0.0, None); stretches.len()];
    let mut tree: Vec<Option<usize>> = vec![None; n_new + 2];
    let worth = |best: &[(f32, Option<usize>)], idx: Option<usize>| -> f32 {
        idx.and_then(|idx| best.get(idx)).map_or(0.0, |one| one.0)
    };
    for idx in starts {
        let Some(one) = stretches.get(idx) else {
            continue;
        };
        while let Some(ended) = ends.next_if(|ended| {
            stretches
                .get(*ended)
                .is_some_and(|e| e.old.end <= one.old.start)
        }) {
            let end = stretches.get(ended).map_or(0, |ended| ended.new.end);
            let mut at = end + 1;
            while let Some(slot) = tree.get_mut(at) {
                if worth(&best, Some(ended)) > worth(&best, *slot) {
                    *slot = Some(ended);
                }
                at += at & at.wrapping_neg();
            }
        }
        let (mut before, mut at) = (None, one.new.start + 1);
        while at > 0 {
            let slot = tree.get(at).copied().flatten();
            if worth(&best, slot) > worth(&best, before) {
                before = slot;
            }
            at &= at - 1;
        }
        let total = worth(&best, before) + one.weight;
        if let Some(slot) = best.get_mut(idx) {
            *slot = (total, before);
        }
    }
    let mut at =
        (0..best.len()).max_by(|a, b| worth(&best, Some(*a)).total_cmp(&worth(&best, Some(*b))));
    let mut series = Vec::new();
    while let Some(idx) = at {
        series.push(idx);
        at = best.get(idx).and_then(|one| one.1);
    }
    series.reverse();
    series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_chain_wins_and_ascends_in_both() {
        let stretch = |old: usize, new: usize, len: usize| Stretch {
            old: old..old + len,
            new: new..new + len,
            weight: len as f32,
        };
        let all = [
            stretch(0, 10, 6),
            stretch(6, 0, 4),
            stretch(10, 4, 5),
            stretch(20, 20, 1),
        ];
        assert_eq!(heaviest(&all, 30), [1, 2, 3]);
        assert_eq!(heaviest(&[], 0), Vec::<usize>::new());
    }
}
