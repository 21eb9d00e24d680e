//! What the laws of words share: histories that are drawn or written down, merging in them, and the words of a file.

use proptest::{collection::vec, prelude::*};
use sourcemark::{
    annotation::{Conflict, Records},
    merge::{Mergeable, Merged, layers, three_way, without_base},
};
use std::{collections::BTreeSet, sync::Arc};

/// What is done: a kind, whose file, and two numbers that say the rest.
pub type Act = (u8, usize, usize, usize);

/// Words that were written, and whatever else was made and must not be lost.
pub type Words = BTreeSet<String>;

/// Histories have many acts, so that it takes many steps to find a short one that fails.
pub fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    }
}

/// Fewer than `max_acts` acts of `n_kinds` kinds by `n_people` people, with numbers below `end`.
pub fn any_history(
    n_kinds: u8,
    n_people: usize,
    end: usize,
    max_acts: usize,
) -> impl Strategy<Value = Vec<Act>> {
    vec((0..n_kinds, 0..n_people, 0..end, 0..end), 1..max_acts)
}

/// Runs the histories in `written`: each is a line with its name, and below it indented lines with its acts, of four
/// numbers each. Whatever divides the numbers is skipped, so that what proptest prints can be pasted.
pub fn run_each(written: &str, run: impl Fn(&[Act])) {
    let mut histories: Vec<(&str, String)> = Vec::new();
    for line in written.lines().filter(|line| !line.is_empty()) {
        match histories.last_mut() {
            Some((_, acts)) if line.starts_with(' ') => acts.push_str(line),
            _ => histories.push((line, String::new())),
        }
    }
    assert!(!histories.is_empty());
    for (name, acts) in histories {
        println!("{name}");
        run(&acts_in(&acts));
    }
}

fn acts_in(written: &str) -> Vec<Act> {
    let parts = written.split(|c: char| !c.is_ascii_digit());
    let numbers = parts.filter(|part| !part.is_empty());
    let numbers: Vec<usize> = numbers.map(|part| part.parse().unwrap()).collect();
    let (acts, rest) = numbers.as_chunks();
    assert!(!acts.is_empty() && rest.is_empty(), "{written}");
    acts.iter()
        .map(|&[kind, who, a, b]| (kind.try_into().unwrap(), who, a, b))
        .collect()
}

/// Returns the base to merge with in this mode, of the states that both files go back to: the latest, an older one, or
/// none.
pub fn base_of(common: &[usize], mode: usize, which: usize) -> Option<usize> {
    match mode {
        0 | 1 => common.last().copied(),
        2 => common.get(which % common.len()).copied(),
        _ => None,
    }
}

/// Merges two files in this mode; those without a base are layers in mode 5.
pub fn merge_files<S: Mergeable>(base: Option<&S>, ours: &S, theirs: &S, mode: usize) -> Merged<S> {
    let sides = [("ours", ours), ("theirs", theirs)];
    match base {
        Some(base) => three_way(base, sides[0], sides[1], &[]),
        None if mode == 5 => layers(&sides, &[]).unwrap(),
        None => without_base(&sides, &[]).unwrap(),
    }
}

/// The words in `set`, as `write` writes it, that acts wrote: `word` and a number.
pub fn written_words<S: Records>(set: &S, write: impl Fn(&S) -> String) -> Words {
    // What a conflict says that it was before is nobody's any more.
    let mut present = set.clone();
    for conflict in set.conflicts().values() {
        let mut conflict = Conflict::clone(conflict);
        conflict.base = None;
        let id = conflict.id;
        present.conflicts_mut().insert(id, Arc::new(conflict));
    }
    let is_number = |rest: &str| !rest.is_empty() && rest.bytes().all(|it| it.is_ascii_digit());
    write(&present)
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| part.strip_prefix("word").is_some_and(is_number))
        .map(str::to_owned)
        .collect()
}
