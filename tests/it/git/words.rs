//! No merge of git loses a word: random work on branches that are merged into each other, crosswise too, by the real
//! git with the program as its driver.

use super::{NAME, begun};
use crate::{
    merge_laws::{
        histories::Words,
        words::{EDITS, edit_of, lost, words, workspace},
    },
    support::{
        edits::{person, stamp},
        repo::{Place, Repo},
        sets::CountingIds,
    },
};
use sourcemark::{annotation::AnnotationSet, format::ron::write};

/// How many merges are made unless `GIT_MERGES` says otherwise.
const N_MERGES: usize = 40;
/// After so many a new repository is begun.
const N_IN_ONE: usize = 40;
const BRANCHES: [&str; 3] = ["main", "ana", "ben"];
/// How wrong the clock of each branch is.
const CLOCKS: [i64; 3] = [0, -17_000, 23_000];

struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

struct Branch {
    set: AnnotationSet,
    gone: Words,
    ids: CountingIds,
}

fn edit(branch: &mut Branch, which: usize, second: i64, numbers: &mut Numbers, word: String) {
    let mut workspace = workspace(branch.set.clone());
    let kind = numbers.below(usize::from(EDITS)) as u8;
    let (a, b) = (numbers.below(1_000), numbers.below(1_000));
    let Some(edit) = edit_of(&workspace, kind, a, b, word) else {
        return;
    };
    let stamp = &mut stamp(
        person(which as u128 + 1),
        &mut branch.ids,
        second + CLOCKS[which],
    );
    drop(workspace.apply(&edit, stamp));
    let (before, after) = (words(&branch.set), words(workspace.set()));
    branch.gone.extend(before.difference(&after).cloned());
    branch.set = workspace.set().clone();
}

fn put(repo: &Repo, branch: usize, set: &AnnotationSet) {
    repo.git(&["checkout", "-q", BRANCHES[branch]]);
    repo.write(super::FILE, &write(set, Default::default()));
    repo.commit("work");
}

/// Merges `other` into `here` and returns the outcome; conflicts stay open in it.
fn merge(repo: &Repo, here: usize, other: usize) -> AnnotationSet {
    repo.git(&["checkout", "-q", BRANCHES[here]]);
    let (is_clean, said) = repo.try_git(&["merge", "-q", "--no-edit", BRANCHES[other]]);
    let set = repo.set(NAME);
    if !is_clean {
        assert!(!set.conflicts.is_empty(), "{said}");
        repo.commit("merged");
    }
    set
}

/// `GIT_MERGES=2000 cargo test --test it no_merge_of_git_loses_a_word` is the run that `docs/RELIABILITY.md` tells of.
#[test]
fn no_merge_of_git_loses_a_word() {
    let n_merges = std::env::var("GIT_MERGES").map_or(N_MERGES, |n| n.parse().unwrap());
    let numbers = &mut Numbers(0x9E37_79B9_7F4A_7C15);
    let (mut n_done, mut n_words, mut n_stopped) = (0, 0, 0);
    while n_done < n_merges {
        let (place, ids) = (Place::new(), &mut CountingIds(0));
        let repo = begun(&place, ids);
        let set = repo.set(NAME);
        for branch in &BRANCHES[1..] {
            repo.git(&["branch", "-q", branch]);
        }
        let mut branches: Vec<Branch> = (0..BRANCHES.len() as u128)
            .map(|n| Branch {
                set: set.clone(),
                gone: Words::new(),
                ids: CountingIds((n + 1) << 40),
            })
            .collect();
        for _ in 0..N_IN_ONE.min(n_merges - n_done) {
            for _ in 0..1 + numbers.below(3) {
                let which = numbers.below(BRANCHES.len());
                for _ in 0..1 + numbers.below(3) {
                    n_words += 1;
                    let word = format!("word{n_words}");
                    let second = 1_000_000 + 60 * n_words as i64;
                    edit(&mut branches[which], which, second, numbers, word);
                }
                put(&repo, which, &branches[which].set);
            }
            let here = numbers.below(BRANCHES.len());
            let other = (here + 1 + numbers.below(BRANCHES.len() - 1)) % BRANCHES.len();
            let merged = merge(&repo, here, other);
            n_done += 1;
            n_stopped += usize::from(merged.conflicts.len() > branches[here].set.conflicts.len());
            let after = words(&merged);
            for (side, by) in [(here, other), (other, here)] {
                let (side, by) = (&branches[side].set, &branches[by]);
                let lost = lost(side, &by.set, &by.gone, &merged);
                assert_eq!(lost, Words::new(), "lost");
            }
            let gone = &branches[here].gone | &branches[other].gone;
            branches[here].gone = &gone - &after;
            branches[here].set = merged;
        }
    }
    println!("{n_done} merges, {n_words} words, {n_stopped} with new conflicts");
    assert!(n_stopped > n_done / 20, "{n_stopped} of {n_done}");
}
