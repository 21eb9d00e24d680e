//! Which passages of two lists are the same: one-to-one, as many as possible.
//!
//! A passage is compared by its [`Footprint`], the code points it covers. Two rules are in use: *strict*, the
//! same code points, and *overlap*, at least one code point in common. Each passage is paired at most once, and
//! no other pairing has more pairs. Of several with equally many, the one that shares the most code points is
//! taken.

use super::assignment::best_pairs;
use std::ops::Range;

/// The code points a passage covers: stretches in order, none empty, none touching the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Footprint(Vec<Range<usize>>);

impl Footprint {
    /// Makes a footprint from stretches in any order. Empty ones are left out; those that overlap or touch become one.
    pub fn new(stretches: impl IntoIterator<Item = Range<usize>>) -> Self {
        let mut sorted: Vec<Range<usize>> =
            stretches.into_iter().filter(|s| s.start < s.end).collect();
        sorted.sort_by_key(|stretch| (stretch.start, stretch.end));
        let mut joined: Vec<Range<usize>> = Vec::with_capacity(sorted.len());
        for stretch in sorted {
            match joined.last_mut() {
                Some(last) if stretch.start <= last.end => last.end = last.end.max(stretch.end),
                _ => joined.push(stretch),
            }
        }
        Self(joined)
    }

    /// Returns the stretches, in order.
    pub fn stretches(&self) -> &[Range<usize>] {
        &self.0
    }

    /// Returns whether the passage is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the stretch from its first code point to its last, gaps included; `0..0` when it is empty.
    pub fn cover(&self) -> Range<usize> {
        match (self.0.first(), self.0.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }

    /// Returns how many code points both cover.
    pub fn shared(&self, other: &Self) -> usize {
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut n_shared = 0;
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            n_shared += a.end.min(b.end).saturating_sub(a.start.max(b.start));
            if a.end <= b.end {
                left.next();
            } else {
                right.next();
            }
        }
        n_shared
    }
}

/// When two passages may be paired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchRule {
    /// The passages cover the same code points.
    Strict,
    /// The passages share at least one code point.
    Overlap,
}

/// Pairs (index on the left, index on the right) in the order of `left`: as many as there can be.
pub fn match_spans(
    left: &[&Footprint],
    right: &[&Footprint],
    rule: MatchRule,
) -> Vec<(usize, usize)> {
    // More than all code points that a pairing can share: one more pair always counts for more.
    const PAIR: i128 = 1 << 64;
    match_by(left, right, |a, b, n_shared| match rule {
        MatchRule::Strict => i128::from(left.get(a) == right.get(b)),
        MatchRule::Overlap => PAIR + n_shared as i128,
    })
}

/// Pairs passages that share at least one code point so that the sum of `gain(left, right, code points shared)`
/// is as large as possible. Pairs that gain nothing are left out.
pub fn match_by(
    left: &[&Footprint],
    right: &[&Footprint],
    gain: impl Fn(usize, usize, usize) -> i128,
) -> Vec<(usize, usize)> {
    let covers = |list: &[&Footprint]| -> Vec<(usize, usize)> {
        let covers = list.iter().map(|footprint| footprint.cover());
        covers.map(|cover| (cover.start, cover.end)).collect()
    };
    let candidates = touching_pairs(&covers(left), &covers(right));
    let edges: Vec<(usize, usize, i128)> = candidates
        .into_iter()
        .filter_map(|(a, b)| {
            let n_shared = left.get(a)?.shared(right.get(b)?);
            (n_shared > 0).then(|| (a, b, gain(a, b, n_shared)))
        })
        .collect();
    let partners = best_pairs(left.len(), right.len(), &edges);
    let pairs = partners.into_iter().enumerate();
    pairs.filter_map(|(a, b)| Some((a, b?))).collect()
}

/// Pairs passages of two annotators, each with its tags, that share at least one code point. Of all pairings the one
/// is taken that has the most pairs with the same tags, then the most pairs, then the most tags in common, then the
/// most code points in common, then the most pairs on the very same code points: of a passage and a longer one around
/// it, the passage itself is the partner of its twin.
pub fn pair_passages<T: PartialEq>(
    left: &[(&Footprint, &[T])],
    right: &[(&Footprint, &[T])],
) -> Vec<(usize, usize)> {
    // Each aim is out of reach of all that rank below it: shared code points stay below 2^52, counts of passages
    // and tags below 2^20.
    const SHARED_CHAR: i128 = 1 << 1;
    const SHARED_TAG: i128 = 1 << 54;
    const PAIR: i128 = 1 << 86;
    const SAME_TAGS: i128 = 1 << 106;
    let of_left: Vec<&Footprint> = left.iter().map(|(footprint, _)| *footprint).collect();
    let of_right: Vec<&Footprint> = right.iter().map(|(footprint, _)| *footprint).collect();
    match_by(&of_left, &of_right, |x, y, n_shared| {
        let (Some((on_a, a)), Some((on_b, b))) = (left.get(x), right.get(y)) else {
            return 0;
        };
        let n_tags = a.iter().filter(|tag| b.contains(tag)).count();
        let same = i128::from(a == b);
        let in_common = n_tags as i128 * SHARED_TAG + n_shared as i128 * SHARED_CHAR;
        same * SAME_TAGS + PAIR + in_common + i128::from(on_a == on_b)
    })
}

/// Returns all pairs (left, right) of half-open intervals that overlap, by one sweep from left to
/// right. Empty intervals have nothing in common with any other.
pub fn touching_pairs<T: PartialOrd + Copy>(
    left: &[(T, T)],
    right: &[(T, T)],
) -> Vec<(usize, usize)> {
    let in_order = |list: &[(T, T)]| {
        let mut order: Vec<usize> = (0..list.len())
            .filter(|idx| list[*idx].0 < list[*idx].1)
            .collect();
        order.sort_by(|a, b| {
            let by_start = list[*a].0.partial_cmp(&list[*b].0);
            by_start.unwrap_or(std::cmp::Ordering::Equal)
        });
        order
    };
    let (left_order, right_order) = (in_order(left), in_order(right));
    let mut arriving = right_order.into_iter().peekable();
    let mut open: Vec<usize> = Vec::new();
    let mut pairs = Vec::new();
    for a in left_order {
        let (start, end) = left[a];
        // The starts on the left only grow: what has ended before this one meets none of the later ones.
        open.retain(|b| right[*b].1 > start);
        while let Some(b) = arriving.next_if(|b| right[*b].0 < end) {
            if right[b].1 > start {
                open.push(b);
            }
        }
        // An earlier one may have reached further than this one does.
        pairs.extend(open.iter().filter(|b| right[**b].0 < end).map(|b| (a, *b)));
    }
    pairs
}

#[cfg(test)]
#[expect(
    clippy::single_range_in_vec_init,
    reason = "a list of one stretch is meant"
)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    fn at(stretches: &[Range<usize>]) -> Footprint {
        Footprint::new(stretches.iter().cloned())
    }

    #[test]
    fn a_footprint_is_what_it_stands_on() {
        assert_eq!(at(&[8..9, 0..3, 5..5, 3..6]), at(&[0..6, 8..9]));
        assert_eq!(at(&[0..6, 8..9]).cover(), 0..9);
        assert_eq!(at(&[0..6, 8..12]).shared(&at(&[4..9, 11..20])), 4);
        assert!(at(&[7..7]).is_empty());
    }

    #[test]
    fn passages_that_only_touch_are_not_the_same() {
        let (a, b) = (at(&[0..5]), at(&[5..9]));
        assert_eq!(match_spans(&[&a], &[&b], MatchRule::Overlap), []);
    }

    #[test]
    fn an_interrupted_passage_is_not_what_stands_in_its_gap() {
        let (whole, gap) = (at(&[0..5, 20..25]), at(&[8..12]));
        assert_eq!(match_spans(&[&whole], &[&gap], MatchRule::Overlap), []);
        assert_eq!(
            match_spans(&[&whole], &[&whole], MatchRule::Strict),
            [(0, 0)]
        );
    }

    #[test]
    fn the_greatest_number_of_pairs_comes_before_the_best_pair() {
        // The first on the left covers the first on the right best, but is the only partner of the second.
        let left = [at(&[0..20]), at(&[0..4])];
        let right = [at(&[0..10]), at(&[10..12])];
        let pairs = match_spans(
            &[&left[0], &left[1]],
            &[&right[0], &right[1]],
            MatchRule::Overlap,
        );
        assert_eq!(pairs, [(0, 1), (1, 0)]);
    }

    #[test]
    fn a_passage_is_paired_with_its_twin_and_not_with_one_around_it() {
        let (long, twin) = (at(&[0..40]), at(&[10..20]));
        let tags = [1];
        let pairs = pair_passages(
            &[(&twin, &tags[..])],
            &[(&long, &tags[..]), (&twin, &tags[..])],
        );
        assert_eq!(pairs, [(0, 1)]);
    }

    fn most_by_trial(
        row: usize,
        left: &[Footprint],
        right: &[Footprint],
        taken: u32,
        rule: MatchRule,
    ) -> usize {
        let Some(a) = left.get(row) else { return 0 };
        let mut best = most_by_trial(row + 1, left, right, taken, rule);
        for (idx, b) in right.iter().enumerate() {
            let fits = match rule {
                MatchRule::Strict => a == b && !a.is_empty(),
                MatchRule::Overlap => a.shared(b) > 0,
            };
            if fits && taken & (1 << idx) == 0 {
                best = best.max(1 + most_by_trial(row + 1, left, right, taken | (1 << idx), rule));
            }
        }
        best
    }

    fn any_footprints() -> impl Strategy<Value = Vec<Footprint>> {
        let footprint = vec((0usize..30, 0usize..8), 1..3).prop_map(|stretches| {
            Footprint::new(stretches.into_iter().map(|(start, len)| start..start + len))
        });
        vec(footprint, 0..6)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_pairing_has_more_pairs(left in any_footprints(), right in any_footprints()) {
            for rule in [MatchRule::Strict, MatchRule::Overlap] {
                let (a, b): (Vec<&Footprint>, Vec<&Footprint>) = (left.iter().collect(), right.iter().collect());
                let n_pairs = match_spans(&a, &b, rule).len();
                prop_assert_eq!(n_pairs, most_by_trial(0, &left, &right, 0, rule));
                prop_assert_eq!(n_pairs, match_spans(&b, &a, rule).len());
            }
        }

        #[test]
        fn the_sweep_misses_no_pair(left in vec((0i32..40, 0i32..20), 0..12), right in vec((0i32..40, 0i32..20), 0..12)) {
            let spans = |list: Vec<(i32, i32)>| -> Vec<(i32, i32)> {
                list.into_iter().map(|(start, len)| (start, start + len)).collect()
            };
            let (left, right) = (spans(left), spans(right));
            let mut found = touching_pairs(&left, &right);
            found.sort_unstable();
            let mut all = Vec::new();
            for (a, l) in left.iter().enumerate() {
                for (b, r) in right.iter().enumerate() {
                    if l.0.max(r.0) < l.1.min(r.1) {
                        all.push((a, b));
                    }
                }
            }
            prop_assert_eq!(found, all);
        }
    }
}
