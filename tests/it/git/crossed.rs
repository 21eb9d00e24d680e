//! Lines that crossed in a clone without the driver: the common version that git makes has marks of its own in it.

use super::{FILE, Place, TEXT, mark};
use crate::support::{repo::Repo, sets::CountingIds};
use sourcemark::{
    annotation::{AnnotationId, RecordRef},
    edit::Edit,
};
use std::{collections::BTreeSet, sync::LazyLock};

/// How many articles are crossed: eight, or as many as `CROSSED_FILES` says.
static N_FILES: LazyLock<usize> = LazyLock::new(|| {
    let given = std::env::var("CROSSED_FILES").ok();
    given.map_or(8, |n| n.parse().unwrap())
});

fn name(n: usize) -> String {
    format!("article {n}.txt")
}

/// Both branches mark and note in all articles, each takes the other's first state in, and both go on. The notes of
/// every other article clash at first.
fn crossed(repo: &Repo, ids: &mut CountingIds) -> Vec<BTreeSet<AnnotationId>> {
    for n in 0..*N_FILES {
        repo.write(&name(n), &format!("Article {n}. {TEXT}"));
        let at = "Article 0. ".len();
        repo.edit(
            &name(n),
            1,
            ids,
            1,
            &shifted("The minister denied it", "denial", at),
        );
    }
    repo.install();
    repo.commit("begin");
    repo.git(&["branch", "other"]);
    let work = |branch: &str, who: u128, quotes: [&str; 2], second: i64, ids: &mut CountingIds| {
        repo.git(&["checkout", "-q", branch]);
        for n in 0..*N_FILES {
            for (idx, quote) in quotes.into_iter().enumerate() {
                repo.edit(
                    &name(n),
                    who,
                    ids,
                    second + idx as i64,
                    &shifted(quote, "precedent", 11),
                );
            }
            if n % 2 == 0 {
                let id = *repo.set(&name(n)).annotations.keys().next().unwrap();
                let note = format!("A note by {branch} at {second}.");
                repo.edit(&name(n), who, ids, second + 5, &Edit::SetNote { id, note });
            }
        }
        repo.commit(branch);
    };
    work("other", 2, ["the firm", "An expert"], 10, ids);
    work("main", 1, ["on Monday", "the court"], 20, ids);
    repo.git(&["branch", "main-1", "main"]);
    repo.git(&["branch", "other-1", "other"]);
    for (branch, other) in [("main", "other-1"), ("other", "main-1")] {
        repo.git(&["checkout", "-q", branch]);
        repo.try_git(&["merge", other]);
        for n in 0..*N_FILES {
            let file = format!("{}.annotations.ron", name(n));
            repo.sourcemark(&["conflicts", &file, "--all", "--take", "ours"]);
        }
        repo.commit("merged");
    }
    work("other", 2, ["nobody was asked", "Brantwell"], 40, ids);
    work("main", 1, ["The agency", "back door"], 60, ids);
    (0..*N_FILES)
        .map(|n| {
            let ours = repo.set(&name(n));
            repo.git(&["checkout", "-q", "other"]);
            let theirs = repo.set(&name(n));
            repo.git(&["checkout", "-q", "main"]);
            ours.annotations
                .keys()
                .chain(theirs.annotations.keys())
                .copied()
                .collect()
        })
        .collect()
}

fn shifted(quote: &str, tag: &str, by: usize) -> Edit {
    let Edit::Annotate {
        segments,
        tags,
        note,
        speaker,
    } = mark(quote, tag)
    else {
        panic!("a mark is an annotation");
    };
    let by = |range: sourcemark::text::TextRange| {
        sourcemark::text::TextRange::from_bytes(range.start().get() + by..range.end().get() + by)
    };
    Edit::Annotate {
        segments: segments.into_iter().map(by).collect(),
        tags,
        note,
        speaker,
    }
}

#[track_caller]
fn assert_all_is_there(repo: &Repo, marks: &[BTreeSet<AnnotationId>], way: &str) {
    for (n, marks) in marks.iter().enumerate() {
        let set = repo.set(&name(n));
        for id in marks {
            let is_known = set.annotations.contains_key(id)
                || set.tombstones.contains_key(&RecordRef::from(id));
            assert!(is_known, "{way}: a mark of article {n} is lost");
        }
    }
}

#[test]
fn every_way_back_leads_to_every_mark() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = place.repo("r");
    let marks = crossed(&repo, ids);
    repo.git(&["config", "--remove-section", "merge.sourcemark"]);
    assert!(!repo.try_git(&["merge", "other"]).0);
    let unmerged = repo.git(&["ls-files", "--unmerged"]);
    assert_eq!(unmerged.lines().count(), 3 * *N_FILES, "{unmerged}");
    let base = repo.git(&["show", &format!(":1:{}.annotations.ron", name(0))]);
    assert!(
        base.contains("<<<<<<<<<"),
        "the common version has marks: {base}"
    );
    let files: Vec<String> = (0..*N_FILES)
        .map(|n| format!("{}.annotations.ron", name(n)))
        .collect();
    let with_marks = || {
        files
            .iter()
            .filter(|file| repo.read(file).contains("<<<<<<<"))
            .count()
    };
    assert_eq!(with_marks(), *N_FILES);
    // The documented way needs no driver.
    let (code, said) = repo.sourcemark(&["git", "resolve"]);
    assert!(code <= 1, "{said}");
    assert_eq!(with_marks(), 0, "{said}");
    assert_all_is_there(&repo, &marks, "resolve");
    // git's own way, with the driver.
    repo.install();
    for file in &files {
        let (_, said) = repo.try_git(&["checkout", "--merge", "--", file]);
        assert!(!said.contains("merge by lines"), "{said}");
    }
    assert_eq!(with_marks(), 0);
    assert_all_is_there(&repo, &marks, "checkout --merge");
    // With the driver from the start, no common version has marks in it.
    repo.git(&["merge", "--abort"]);
    let (_, said) = repo.try_git(&["merge", "other"]);
    assert!(
        !said.contains("merge by lines") && !said.contains("cannot be read"),
        "{said}"
    );
    assert_eq!(with_marks(), 0);
    assert_all_is_there(&repo, &marks, "the driver");
    for file in &files {
        repo.sourcemark(&["conflicts", file, "--all", "--take", "both"]);
        let (code, said) = repo.sourcemark(&["check", file]);
        assert_eq!(code, 0, "{said}");
    }
}

/// A forge merges without the driver. Where both sides have changed a file, lines never fit together by themselves:
/// the last line of each signs the whole.
#[test]
fn lines_never_fit_together_by_themselves() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = super::begun(&place, ids);
    let set = repo.set(super::NAME);
    repo.git(&["config", "--remove-section", "merge.sourcemark"]);
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.edit(
        super::NAME,
        2,
        ids,
        10,
        &mark("nobody was asked", "precedent"),
    );
    repo.commit("other");
    repo.git(&["checkout", "-q", "main"]);
    repo.edit(
        super::NAME,
        1,
        ids,
        12,
        &super::note(&set, "At the other end."),
    );
    repo.commit("main");
    let (merged, said) = repo.try_git(&["merge", "other"]);
    assert!(!merged && said.contains("CONFLICT"), "{said}");
    // Whoever takes one side of each part by hand is found out by the signature.
    let by_hand: String = {
        let file = repo.read(FILE);
        let mut is_theirs = false;
        let kept = file.split_inclusive('\n').filter(|line| {
            if line.starts_with("=======") {
                is_theirs = true;
            }
            let is_kept = !is_theirs && !line.starts_with("<<<<<<<");
            if line.starts_with(">>>>>>>") {
                is_theirs = false;
            }
            is_kept
        });
        kept.collect()
    };
    repo.write(FILE, &by_hand);
    repo.commit("by hand");
    let (code, said) = repo.sourcemark(&["check", "."]);
    assert!(
        code == 1 && said.contains("changed after Sourcemark wrote it"),
        "{said}"
    );
}
