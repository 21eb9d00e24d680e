//! The maximal runs of tokens that two lists have in common, wherever they are.
//!
//! Two long lists of common words share more pairs of places than can be looked at. So the rarest words are looked
//! up first, until a budget is spent; where it does not reach for all words, rows of several words are looked up
//! as well, for a row of common words can be rare.

use super::common::Common;
use imara_diff::Token;
use std::collections::HashMap;

/// Pairs of places that are looked at for each token, and on top of that.
const PAIRS_FOR_EACH: usize = 8;
const PAIRS_BESIDES: usize = 4_096;
/// The most pairs that are looked at: the pairs of two large unrelated texts grow with the product of their lengths.
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
    let keys = |list: &[Token]| list.iter().map(|token| u64::from(token.0)).collect();
    let is_all = pairs(keys(old), keys(new), budget, &mut grow);
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
/// [`grown`] tells those apart.
fn rows(list: &[Token]) -> Vec<u64> {
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
    list.windows(ROW).map(hash).collect()
}

/// Calls `hit` with the places of equal keys, those with the fewest pairs first counted, until `budget` is spent; the
/// calls are in the order of `old`. Returns whether these are all pairs.
fn pairs(old: Vec<u64>, new: Vec<u64>, budget: usize, hit: &mut impl FnMut(usize, usize)) -> bool {
    // How often each key is in the two lists.
    let mut counts: HashMap<u64, (u32, u32)> = HashMap::new();
    for key in &old {
        counts.entry(*key).or_default().0 += 1;
    }
    for key in &new {
        if let Some(count) = counts.get_mut(key) {
            count.1 += 1;
        }
    }
    let n_pairs_of = |(one, other): (u32, u32)| one as usize * other as usize;
    let mut n_pairs: Vec<usize> = counts
        .values()
        .filter(|count| count.1 > 0)
        .map(|count| n_pairs_of(*count))
        .collect();
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
    let is_taken = |count: (u32, u32)| count.1 > 0 && n_pairs_of(count) <= limit;
    let mut places: HashMap<u64, Vec<usize>> = HashMap::new();
    for (j, key) in new.iter().enumerate() {
        if counts.get(key).is_some_and(|count| is_taken(*count)) {
            places.entry(*key).or_default().push(j);
        }
    }
    for (i, key) in old.iter().enumerate() {
        for j in places.get(key).map(Vec::as_slice).unwrap_or_default() {
            hit(i, *j);
        }
    }
    sum <= budget
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
