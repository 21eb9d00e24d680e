//! The maximal runs of tokens that two lists have in common, wherever they are.
//!
//! Two long lists of common words share more pairs of places than can be examined. So the rarest words are looked
//! up first, until a budget is spent; where it does not reach for all words, rows of several words are looked up
//! as well, for a row of common words can be rare.

use super::common::Common;
use imara_diff::Token;
use std::collections::HashMap;

/// Pairs of places that are examined for each token, and on top of that.
const PAIRS_FOR_EACH: usize = 8;
const PAIRS_BESIDES: usize = 4_096;
/// The most pairs that are examined: the pairs of two large unrelated texts grow with the product of their lengths.
const MAX_PAIRS: usize = 1_000_000;
/// Lists with at most this many pairs of tokens are compared pair by pair.
const SMALL: usize = 16_384;
/// The length of a row that is looked up where single tokens are too common.
const ROW: usize = 4;

/// Returns the runs that `old` and `new` have in common, none of which can be continued at either end. Runs that
/// consist of very common tokens only may be missing from long lists. In the order of `old`, then of `new`.
pub fn runs(old: &[Token], new: &[Token]) -> Vec<Common> {
    if old.len().saturating_mul(new.len()) <= SMALL {
        return small_runs(old, new);
    }
    let mut found = Vec::new();
    let mut seen = Seen::default();
    let mut grow = |i: usize, j: usize| {
        if seen.has(i, j) {
            return;
        }
        let run = grown(old, new, i, j);
        seen.add(i, j, run.old + run.n_tokens);
        if run.n_tokens > 0 {
            found.push(run);
        }
    };
    let budget = PAIRS_BESIDES + PAIRS_FOR_EACH * (old.len() + new.len());
    let budget = budget.min(MAX_PAIRS);
    let key = |token: &Token| u64::from(token.0);
    let is_all = pairs(old.iter().map(key), new.iter().map(key), budget, &mut grow);
    if !is_all {
        pairs(rows(old), rows(new), budget, &mut grow);
    }
    found.sort_unstable_by_key(|run| (run.old, run.new));
    found.dedup();
    found
}

/// Returns the run through the tokens `i` and `j`; an empty one where these differ.
fn grown(old: &[Token], new: &[Token], i: usize, j: usize) -> Common {
    let before = old.get(..i).unwrap_or_default().iter().rev();
    let n_before = before
        .zip(new.get(..j).unwrap_or_default().iter().rev())
        .take_while(|(one, other)| one == other)
        .count();
    let after = old.get(i..).unwrap_or_default().iter();
    let n_after = after
        .zip(new.get(j..).unwrap_or_default())
        .take_while(|(one, other)| one == other)
        .count();
    let n_before = if n_after == 0 { 0 } else { n_before };
    Common {
        old: i - n_before,
        new: j - n_before,
        n_tokens: n_before + n_after,
    }
}

fn small_runs(old: &[Token], new: &[Token]) -> Vec<Common> {
    let mut found = Vec::new();
    for (i, one) in old.iter().enumerate() {
        for (j, other) in new.iter().enumerate() {
            if one != other {
                continue;
            }
            let before = |list: &[Token], at: usize| list.get(at.checked_sub(1)?).copied();
            let was = before(old, i);
            if was.is_some() && was == before(new, j) {
                continue;
            }
            found.push(grown(old, new, i, j));
        }
    }
    found
}

/// Returns a hash of each row that begins in `list`, in order. Rows with one hash are rarely different ones, and
/// [`grown`] distinguishes them.
fn rows(list: &[Token]) -> impl Iterator<Item = u64> {
    /// An odd number without a pattern, from the golden ratio.
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let hash = |row: &[Token]| {
        row.iter().fold(0_u64, |hash, token| {
            (hash ^ u64::from(token.0))
                .wrapping_add(1)
                .wrapping_mul(FACTOR)
                .rotate_left(29)
        })
    };
    list.windows(ROW).map(hash)
}

/// Calls `hit` with the places of equal keys, in the order of `old`: those of the keys that have the fewest pairs of
/// places, as many as `budget` allows. Returns whether these are all pairs.
fn pairs(
    old: impl Iterator<Item = u64>,
    new: impl Iterator<Item = u64>,
    budget: usize,
    mut hit: impl FnMut(usize, usize),
) -> bool {
    // Sorted lists are several times faster than hash tables, whose every look-up misses the cache.
    let (old, new) = (sorted(old), sorted(new));
    let mut groups: Vec<(usize, Places<'_>, Places<'_>)> = Vec::new();
    let mut rest = new.as_slice();
    for group in old.chunk_by(|one, other| one.0 == other.0) {
        let Some((key, _)) = group.first() else {
            continue;
        };
        let n_less = rest.iter().take_while(|one| one.0 < *key).count();
        rest = rest.get(n_less..).unwrap_or_default();
        let n_same = rest.iter().take_while(|one| one.0 == *key).count();
        let (same, more) = rest.split_at(n_same);
        rest = more;
        if !same.is_empty() {
            groups.push((group.len() * same.len(), group, same));
        }
    }
    let mut n_pairs: Vec<usize> = groups.iter().map(|group| group.0).collect();
    n_pairs.sort_unstable();
    let (mut sum, mut limit) = (0, 0);
    for n in &n_pairs {
        sum += n;
        if sum > budget {
            break;
        }
        limit = *n;
    }
    // Keys with as many pairs as the last one are all taken, or none.
    if sum > budget {
        let n_within: usize = n_pairs.iter().take_while(|n| **n <= limit).sum();
        if n_within > 2 * budget {
            limit = limit.saturating_sub(1);
        }
    }
    groups.retain(|group| group.0 <= limit);
    let mut places: Vec<(u32, u32)> = Vec::new();
    for (_, group, same) in groups {
        for (_, i) in group {
            places.extend(same.iter().map(|(_, j)| (*i, *j)));
        }
    }
    places.sort_unstable();
    for (i, j) in places {
        hit(i as usize, j as usize);
    }
    sum <= budget
}

/// A key with its places.
type Places<'a> = &'a [(u64, u32)];

/// Returns the keys with their places, in order. A text has fewer than 2³² tokens.
fn sorted(keys: impl Iterator<Item = u64>) -> Vec<(u64, u32)> {
    let mut keys: Vec<(u64, u32)> = keys.zip(0..).collect();
    keys.sort_unstable();
    keys
}

/// The runs that were found so far. Places are asked for in the order of the old list, so for each diagonal the end
/// of its last run is enough.
#[derive(Default)]
struct Seen(HashMap<usize, usize>);

impl Seen {
    fn has(&self, i: usize, j: usize) -> bool {
        self.0.get(&i.wrapping_sub(j)).is_some_and(|end| i < *end)
    }

    fn add(&mut self, i: usize, j: usize, end: usize) {
        let last = self.0.entry(i.wrapping_sub(j)).or_default();
        *last = (*last).max(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        text.bytes().map(|byte| Token(u32::from(byte))).collect()
    }

    #[test]
    fn runs_are_maximal() {
        let (old, new) = (tokens("xabcy"), tokens("zabcab"));
        let found: Vec<_> = runs(&old, &new)
            .iter()
            .map(|run| (run.old, run.new, run.n_tokens))
            .collect();
        assert_eq!(found, [(1, 1, 3), (1, 4, 2)]);
    }

    #[test]
    fn long_lists_have_the_same_runs() {
        let filler = |from: u32| (0..200).map(move |n| Token(from + n));
        let shared = tokens("abcabd");
        let old: Vec<Token> = filler(1_000).chain(shared.clone()).collect();
        let new: Vec<Token> = filler(2_000).chain(shared).collect();
        let long: Vec<_> = runs(&old, &new)
            .iter()
            .map(|run| (run.old - 200, run.new - 200, run.n_tokens))
            .collect();
        let short: Vec<_> = small_runs(&tokens("abcabd"), &tokens("abcabd"))
            .iter()
            .map(|run| (run.old, run.new, run.n_tokens))
            .collect();
        assert_eq!(long, short);
    }
}
