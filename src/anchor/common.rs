//! Finds what two lists of tokens have in common, also when they are very long.
//!
//! The time of an exact comparison grows with the length times the number of differences: half a minute for a
//! megabyte of prose in which every hundredth word is another. So long lists are first parted where a run of
//! tokens occurs once in each, as "patience diff" does with lines
//! (<https://bramcohen.livejournal.com/73318.html>), and only what is between is compared exactly.

use imara_diff::{Algorithm, Diff, InternedInput, Token};
use std::iter::zip;

/// Tokens in a run by which long lists are parted. Hardly any two passages have so many words in a row in common.
const RUN: usize = 12;
/// Shorter lists are compared as they are.
const MIN_PARTED: usize = 2_000;
/// The same where the rest is not left to a shortest comparison.
const MIN_CHAINED: usize = 64;

/// A stretch of one token list that the other has too: index of its first token in each, and how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Common {
    /// First token in the old list.
    pub old: usize,
    /// First token in the new list.
    pub new: usize,
    /// How many tokens.
    pub n_tokens: usize,
}

/// Returns what two lists of tokens have in common, in the order of both; no two stretches touch in both. What runs do
/// not settle is left to the histogram algorithm of imara-diff.
///
/// Linear where the lists agree for long; a stretch in which no run is found again costs the number of its tokens
/// times the number of differences in it at worst.
pub fn common_tokens<'a>(
    old: impl Iterator<Item = &'a str>,
    new: impl Iterator<Item = &'a str>,
) -> Vec<Common> {
    let mut input = InternedInput::default();
    input.update_before(old);
    input.update_after(new);
    let (old, new) = (input.before.as_slice(), input.after.as_slice());
    if old.len().min(new.len()) < MIN_PARTED {
        return compared(&input);
    }
    let mut common = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    let end = (old.len(), new.len());
    for (old_run, new_run) in runs(old, new).into_iter().chain([end]) {
        // Most runs are in the stretch that the one before has grown into.
        if old_run < old_at || new_run < new_at {
            continue;
        }
        let gap_old = old.get(old_at..old_run).unwrap_or_default();
        let gap_new = new.get(new_at..new_run).unwrap_or_default();
        let (n_before, n_after) = grown(old, new, (old_at, new_at), (old_run, new_run));
        for part in between(gap_old, gap_new, n_before) {
            add(
                &mut common,
                Common {
                    old: old_at + part.old,
                    new: new_at + part.new,
                    ..part
                },
            );
        }
        let grown = Common {
            old: old_run - n_before,
            new: new_run - n_before,
            n_tokens: n_before + n_after,
        };
        add(&mut common, grown);
        (old_at, new_at) = (old_run + n_after, new_run + n_after);
    }
    common
}

/// Returns the long stretches alone that two long lists have in common beyond doubt: those around runs that each list
/// has once. Empty for short lists. Linear.
pub fn parted(old: &[Token], new: &[Token]) -> Vec<Common> {
    if old.len().min(new.len()) < MIN_CHAINED {
        return Vec::new();
    }
    let mut common = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    for (old_run, new_run) in runs(old, new) {
        // Most runs are in the stretch that the one before has grown into.
        if old_run < old_at || new_run < new_at {
            continue;
        }
        let (n_before, n_after) = grown(old, new, (old_at, new_at), (old_run, new_run));
        add(
            &mut common,
            Common {
                old: old_run - n_before,
                new: new_run - n_before,
                n_tokens: n_before + n_after,
            },
        );
        (old_at, new_at) = (old_run + n_after, new_run + n_after);
    }
    common
}

/// Returns how far the lists agree before and after two places, back to `from`.
fn grown(old: &[Token], new: &[Token], from: (usize, usize), at: (usize, usize)) -> (usize, usize) {
    let before = old.get(from.0..at.0).unwrap_or_default().iter().rev();
    let n_before = zip(
        before,
        new.get(from.1..at.1).unwrap_or_default().iter().rev(),
    )
    .take_while(|(old, new)| old == new)
    .count();
    let rest_old = old.get(at.0..).unwrap_or_default();
    let rest_new = new.get(at.1..).unwrap_or_default();
    let n_after = zip(rest_old, rest_new)
        .take_while(|(old, new)| old == new)
        .count();
    (n_before, n_after)
}

/// Appends a stretch; one that touches the last in both lists is one with it.
pub fn add(common: &mut Vec<Common>, part: Common) {
    if part.n_tokens == 0 {
        return;
    }
    match common.last_mut() {
        Some(last)
            if last.old + last.n_tokens == part.old && last.new + last.n_tokens == part.new =>
        {
            last.n_tokens += part.n_tokens;
        }
        _ => common.push(part),
    }
}

/// Compares what is between two runs exactly, but for the last `n_known` tokens, which are the same. The tokens
/// are numbered again, for a comparison sets up a table of all numbers there are.
fn between(old: &[Token], new: &[Token], n_known: usize) -> Vec<Common> {
    let first = |list: &[Token]| -> Vec<u32> {
        let n = list.len().saturating_sub(n_known);
        list.iter().take(n).map(|token| token.0).collect()
    };
    let (old, new) = (first(old), first(new));
    if old.is_empty() || new.is_empty() {
        return Vec::new();
    }
    let mut input = InternedInput::default();
    input.update_before(old.into_iter());
    input.update_after(new.into_iter());
    compared(&input)
}

fn compared<T>(input: &InternedInput<T>) -> Vec<Common> {
    let diff = Diff::compute(Algorithm::Histogram, input);
    let mut common = Vec::new();
    let (mut old, mut new) = (0, 0);
    for hunk in diff.hunks() {
        let n_tokens = (hunk.before.start as usize).saturating_sub(old);
        add(&mut common, Common { old, new, n_tokens });
        (old, new) = (hunk.before.end as usize, hunk.after.end as usize);
    }
    let n_tokens = input.before.len().saturating_sub(old);
    add(&mut common, Common { old, new, n_tokens });
    common
}

/// Returns where the runs begin that each list has exactly once: as many as are in the same order in both.
fn runs(old: &[Token], new: &[Token]) -> Vec<(usize, usize)> {
    let in_new = once_each(new);
    let mut rest = in_new.as_slice();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (hash, old_run) in once_each(old) {
        let n_less = rest.iter().take_while(|(other, _)| *other < hash).count();
        rest = rest.get(n_less..).unwrap_or_default();
        if let Some((other, new_run)) = rest.first()
            && *other == hash
        {
            pairs.push((old_run as usize, *new_run as usize));
        }
    }
    // Two runs may have one hash.
    pairs.retain(|(old_run, new_run)| {
        old.get(*old_run..old_run + RUN) == new.get(*new_run..new_run + RUN)
    });
    pairs.sort_unstable();
    longest_ascending(&pairs)
}

/// Returns the hashes of the runs that a list has once, sorted, and where each run begins. (A sorted list: in a hash
/// table, each run of a long text would cost several misses of the cache.)
fn once_each(list: &[Token]) -> Vec<(u64, u32)> {
    /// An odd number without a pattern, from the golden ratio.
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let out = (0..RUN).fold(1_u64, |power, _| power.wrapping_mul(FACTOR));
    let mut hash = 0_u64;
    let mut found: Vec<(u64, u32)> = Vec::with_capacity(list.len());
    let number = |token: Token| u64::from(token.0) + 1;
    for (at, token) in (0_u32..).zip(list) {
        hash = hash.wrapping_add(number(*token)).wrapping_mul(FACTOR);
        let at = at as usize;
        if let Some(first) = at.checked_sub(RUN).and_then(|first| list.get(first)) {
            hash = hash.wrapping_sub(number(*first).wrapping_mul(out).wrapping_mul(FACTOR));
        }
        if at + 1 >= RUN {
            found.push((hash, (at + 1 - RUN) as u32));
        }
    }
    found.sort_unstable();
    let once = found.chunk_by(|one, other| one.0 == other.0);
    once.filter(|group| group.len() == 1)
        .flatten()
        .copied()
        .collect()
}

/// Returns the most pairs that ascend in both parts; `pairs` ascend in the first (patience sorting, O(n log n)).
fn longest_ascending(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length, the pair with the least second part that ends a series of it; and each pair's forerunner.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let second = |idx: &usize| pairs.get(*idx).map(|(_, second)| *second);
    for idx in 0..pairs.len() {
        let length = ends.partition_point(|end| second(end) < second(&idx));
        before.push(
            length
                .checked_sub(1)
                .and_then(|last| ends.get(last).copied()),
        );
        match ends.get_mut(length) {
            Some(end) => *end = idx,
            None => ends.push(idx),
        }
    }
    let last = ends.last().copied();
    let mut series: Vec<(usize, usize)> =
        std::iter::successors(last, |idx| before.get(*idx).copied().flatten())
            .filter_map(|idx| pairs.get(idx).copied())
            .collect();
    series.reverse();
    series
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a text of `n` words in which hardly a phrase comes twice, without chance.
    fn long(n: usize) -> Vec<String> {
        let mut state = 7_u32;
        let mut word = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            format!("w{}", (state >> 16) % 50)
        };
        (0..n).map(|_| word()).collect()
    }

    fn compare(old: &[String], new: &[String]) -> Vec<Common> {
        let common = common_tokens(
            old.iter().map(String::as_str),
            new.iter().map(String::as_str),
        );
        let (mut old_at, mut new_at) = (0, 0);
        for (n, part) in common.iter().enumerate() {
            assert!(part.n_tokens > 0 && part.old >= old_at && part.new >= new_at);
            assert!(n == 0 || part.old > old_at || part.new > new_at, "touching");
            assert_eq!(
                old[part.old..part.old + part.n_tokens],
                new[part.new..part.new + part.n_tokens]
            );
            (old_at, new_at) = (part.old + part.n_tokens, part.new + part.n_tokens);
        }
        common
    }

    fn n_common(common: &[Common]) -> usize {
        common.iter().map(|part| part.n_tokens).sum()
    }

    #[test]
    fn changes_in_a_long_list_are_the_changes() {
        let old = long(20_000);
        let mut new = old.clone();
        for at in (50..20_000).step_by(100) {
            "new".clone_into(&mut new[at]);
        }
        let common = compare(&old, &new);
        assert_eq!(n_common(&common), 19_800);
        assert_eq!(common.len(), 201);
        new.insert(0, "first".to_owned());
        new.push("last".to_owned());
        assert_eq!(n_common(&compare(&old, &new)), 19_800);
        assert_eq!(n_common(&compare(&new, &old)), 19_800);
    }

    #[test]
    fn the_same_and_the_wholly_other() {
        let old = long(5_000);
        let whole = Common {
            old: 0,
            new: 0,
            n_tokens: 5_000,
        };
        assert_eq!(compare(&old, &old), [whole]);
        let other: Vec<String> = old.iter().map(|word| format!("{word}x")).collect();
        assert_eq!(compare(&old, &other), []);
        assert_eq!(compare(&old, &[]), []);
    }

    #[test]
    fn of_two_parts_that_changed_places_the_longer_stays() {
        let old = long(9_000);
        let new = [&old[6_000..], &old[..6_000]].concat();
        let common = compare(&old, &new);
        assert!(n_common(&common) >= 6_000);
        let longest = common.iter().max_by_key(|part| part.n_tokens);
        assert!(longest.is_some_and(|part| part.old == 0 && part.new == 3_000));
    }

    #[test]
    fn a_list_of_one_word_is_compared_too() {
        let old = vec!["no".to_owned(); 3_000];
        let new = vec!["no".to_owned(); 3_500];
        assert_eq!(n_common(&compare(&old, &new)), 3_000);
    }
}
