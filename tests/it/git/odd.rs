//! Odd names, odd states of the index, collections, several commits at once.

use super::{FILE, NAME, Place, TEXT, begun, branched, first, mark, note};
use crate::support::{repo::Repo, sets::CountingIds};

/// Names that a shell or an option parser would take apart.
#[test]
fn any_name_of_an_article_will_do() {
    let place = Place::new();
    let names = [
        "-dash.txt",
        "--all.txt",
        "it's \"quoted\".txt",
        "$(touch made) `touch made`;touch made.txt",
        "%P %A %O.txt",
        "記事 मंत्री.txt",
    ];
    for (n, name) in names.into_iter().enumerate() {
        let ids = &mut CountingIds(0);
        let repo = place.repo(&format!("r{n}"));
        repo.write(name, TEXT);
        repo.edit(name, 1, ids, 1, &mark("The minister denied it", "denial"));
        repo.install();
        repo.commit("begin");
        repo.git(&["checkout", "-q", "-b", "other"]);
        repo.edit(name, 2, ids, 10, &mark("the firm", "precedent"));
        repo.commit("other");
        repo.git(&["checkout", "-q", "main"]);
        repo.edit(name, 1, ids, 12, &mark("on Monday", "allegation"));
        repo.commit("main");
        let said = repo.git(&["merge", "--no-edit", "other"]);
        assert!(!said.contains("merge by lines"), "{said}");
        assert_eq!(repo.set(name).annotations.len(), 3, "{name}");
        let shown = repo.git(&["diff", "HEAD~1", "HEAD"]);
        assert!(shown.contains("“the firm”: marked as Precedent"), "{shown}");
        let log = repo.git(&["log", "-p", "-1", "main~1"]);
        assert!(log.contains("+    tag: Allegation\n"), "{log}");
        assert!(!repo.path("made").exists(), "a shell carried the name out");
    }
}

/// Names that are no UTF-8: of the article, the repository's folder and a branch.
#[cfg(target_os = "linux")]
#[test]
fn names_need_not_be_utf_8() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt, process::Command};
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    branched(&repo, ids, true);
    let run = |args: &[&[u8]]| {
        let args = args.iter().map(|arg| OsStr::from_bytes(arg));
        let mut git = Command::new("git");
        git.current_dir(&repo.folder).args(args);
        for who in ["AUTHOR", "COMMITTER"] {
            git.env(format!("GIT_{who}_NAME"), "A");
            git.env(format!("GIT_{who}_EMAIL"), "a@example.org");
        }
        git.output().unwrap()
    };
    assert!(run(&[b"branch", b"caf\xE9", b"other"]).status.success());
    for branch in ["main", "other"] {
        repo.git(&["checkout", "-q", branch]);
        assert!(
            run(&[b"mv", FILE.as_bytes(), b"caf\xE9.txt.annotations.ron"])
                .status
                .success()
        );
        repo.commit("renamed");
    }
    repo.git(&["checkout", "-q", "main"]);
    let merged = run(&[b"merge", b"--no-edit", b"caf\xE9"]);
    let said = String::from_utf8_lossy(&merged.stderr).into_owned();
    assert!(
        !said.contains("merge by lines") && said.contains("1 conflict to settle"),
        "{said}"
    );
}

/// While something is not merged, git calls the diff program with the path alone.
#[test]
fn what_is_not_settled_can_be_looked_at() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    branched(&repo, ids, true);
    assert!(!repo.try_git(&["merge", "other"]).0);
    for args in [
        &["diff"][..],
        &["diff", "--ours"],
        &["diff", "--theirs"],
        &["diff", "HEAD"],
    ] {
        repo.git(args);
    }
    let shown = repo.git(&["diff", "HEAD"]);
    assert!(
        shown.contains("the conflict about the note is open"),
        "{shown}"
    );
    assert!(repo.git(&["diff", "--ours"]).contains("unmerged; see"));
    repo.git(&["merge", "--abort"]);
    // Removed by one, changed by the other: git itself asks.
    repo.git(&["rm", "-q", FILE]);
    repo.commit("removed");
    assert!(!repo.try_git(&["merge", "other"]).0);
    assert!(repo.git(&["diff"]).contains("unmerged; see"));
    assert_eq!(repo.set(NAME).annotations.len(), 2, "their file is there");
}

#[test]
fn collections_are_merged_and_shown_too() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    let collect = |repo: &Repo| {
        let (code, said) = repo.sourcemark(&["collection", ".", "-o", "collection.ron"]);
        assert_eq!(code, 0, "{said}");
    };
    collect(&repo);
    repo.commit("collection");
    for (branch, quote, tag) in [("one", "the firm", "irony"), ("two", "on Monday", "rumour")] {
        repo.git(&["checkout", "-q", "-b", branch, "main"]);
        repo.sourcemark(&[
            "tag",
            NAME,
            "--quote",
            quote,
            "--as",
            tag,
            "--new-tag",
            "--creator",
            branch,
        ]);
        collect(&repo);
        repo.commit(branch);
    }
    let shown = repo.git(&["diff", "main", "two", "--", "collection.ron"]);
    assert!(shown.contains("  tag “rumour”: added\n"), "{shown}");
    let said = repo.git(&["merge", "--no-edit", "one"]);
    assert!(!said.contains("merge by lines"), "{said}");
    let (code, said) = repo.sourcemark(&["check", "collection.ron"]);
    assert_eq!(code, 0, "{said}");
    let log = repo.git(&["log", "-p", "-1", "one", "--", "collection.ron"]);
    assert!(log.contains("+tag “irony”"), "{log}");
    let merged = repo.read("collection.ron");
    assert!(merged.contains("irony") && merged.contains("rumour"));
    repo.git(&["show", "main:collection.ron"]);
    repo.write(
        "old.ron",
        &repo.git(&["cat-file", "blob", "main:collection.ron"]),
    );
    let (code, said) = repo.sourcemark(&["diff", "old.ron", "collection.ron"]);
    assert!(code == 1 && said.contains("tag “irony”: added"), "{said}");
    assert_eq!(
        repo.sourcemark(&["diff", "old.ron", FILE]).0,
        3,
        "two kinds"
    );
}

/// Several commits are put on top of others, and stop twice.
#[test]
fn a_rebase_of_several_commits_stops_at_each_conflict() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    let set = repo.set(NAME);
    repo.git(&["checkout", "-q", "-b", "other"]);
    for (n, (quote, text)) in [
        ("the firm", "Who says so?"),
        ("An expert", "Who says so, and when?"),
        ("the court", "Asked on Monday."),
    ]
    .into_iter()
    .enumerate()
    {
        let second = 10 + 2 * n as i64;
        repo.edit(NAME, 2, ids, second, &mark(quote, "precedent"));
        repo.edit(NAME, 2, ids, second + 1, &note(&set, text));
        repo.commit(quote);
    }
    repo.git(&["checkout", "-q", "main"]);
    repo.edit(NAME, 1, ids, 30, &note(&set, "A denial."));
    repo.commit("main");
    repo.git(&["checkout", "-q", "other"]);
    let mut stops = 0;
    let (mut done, mut said) = repo.try_git(&["rebase", "main"]);
    while !done {
        stops += 1;
        assert!(stops < 5, "{said}");
        let open = repo.set(NAME).conflicts.len();
        assert_eq!(open, 1, "{said}");
        repo.sourcemark(&["conflicts", FILE, "--all", "--take", "theirs"]);
        repo.git(&["add", "-A"]);
        (done, said) = repo.try_git(&["rebase", "--continue"]);
    }
    assert!(stops >= 1);
    let set = repo.set(NAME);
    assert_eq!((set.annotations.len(), set.conflicts.len()), (4, 0));
    assert_eq!(set.annotations[&first(&set)].note, "Asked on Monday.");
}

/// A stash and a picked commit that do not fit leave the conflict in the file.
#[test]
fn a_stash_and_a_picked_commit_may_be_in_conflict() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    branched(&repo, ids, true);
    let set = repo.set(NAME);
    repo.git(&["branch", "for-stash"]);
    let (picked, said) = repo.try_git(&["cherry-pick", "other"]);
    assert!(!picked && said.contains("sourcemark conflicts"), "{said}");
    assert_eq!(repo.set(NAME).conflicts.len(), 1);
    repo.sourcemark(&["conflicts", FILE, "--all", "--take", "both"]);
    repo.git(&["add", "-A"]);
    repo.git(&["cherry-pick", "--continue"]);
    assert_eq!(repo.set(NAME).annotations.len(), 3);
    repo.git(&["checkout", "-q", "for-stash"]);
    repo.edit(NAME, 3, ids, 40, &note(&set, "Put aside."));
    repo.git(&["stash"]);
    repo.edit(NAME, 3, ids, 50, &note(&set, "Meanwhile."));
    repo.commit("meanwhile");
    assert!(!repo.try_git(&["stash", "pop"]).0);
    let (code, said) = repo.sourcemark(&["conflicts", FILE]);
    assert_eq!(code, 1);
    assert!(
        said.contains("“Meanwhile.”") && said.contains("“Put aside.”"),
        "{said}"
    );
    assert!(
        repo.git(&["stash", "list"]).contains("stash@{0}"),
        "kept until it is settled"
    );
}

/// git may take one article's file for another's that was renamed: much of every annotation file is alike.
#[test]
fn another_article_s_marks_do_not_get_in() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    branched(&repo, ids, false);
    repo.git(&["rm", "-q", NAME, FILE]);
    repo.write(
        "b.txt",
        "Roses bloom in June. The minister denied it, and the firm too.\n",
    );
    let elsewhere = "Roses bloom";
    let (code, said) = repo.sourcemark(&[
        "tag",
        "b.txt",
        "--quote",
        elsewhere,
        "--as",
        "denial",
        "--creator",
        "Cy",
    ]);
    assert_eq!(code, 0, "{said}");
    repo.commit("another article");
    let (merged, said) = repo.try_git(&["merge", "-Xfind-renames=20", "other"]);
    assert!(!merged, "{said}");
    assert!(said.contains("different articles"), "{said}");
}
