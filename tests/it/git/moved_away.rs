//! The program is not where it was when it was installed: git's marks and a conflict, never one side alone, and what
//! brings the other side back.

use super::{FILE, NAME, Place, TEXT, begun, branched, first, mark, note};
use crate::support::{
    repo::{PROGRAM, Repo},
    sets::CountingIds,
};
use sourcemark::annotation::AnnotationSet;
use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

/// A copy of the program, as far as the system lets it be none.
fn copy_of_program(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    if fs::hard_link(PROGRAM, path).is_err() {
        fs::copy(PROGRAM, path).unwrap();
    }
}

fn odd_folders() -> Vec<OsString> {
    let names = ["a b", "it's \"here\"", "$HOME `x` %P 100%", "रिपो 記事;#"];
    let mut folders: Vec<OsString> = names.into_iter().map(OsString::from).collect();
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::ffi::OsStringExt;
        folders.push(OsString::from_vec(b"caf\xE9".to_vec()));
    }
    folders
}

/// A repository with two branches, the driver installed by a copy of the program in the folder `name`.
fn installed_from(place: &Place, nth: usize, name: &OsString) -> (Repo, PathBuf) {
    let ids = &mut CountingIds(0);
    let program = place.path(name).join("sourcemark");
    copy_of_program(&program);
    let repo = place.repo(&format!("repo {nth}"));
    repo.write(NAME, TEXT);
    repo.edit(NAME, 1, ids, 1, &mark("The minister denied it", "denial"));
    let (code, said) = repo.sourcemark_at(&program, &["git", "install"]);
    assert_eq!(code, 0, "{said}");
    repo.commit("begin");
    branched(&repo, ids, false);
    (repo, program)
}

fn quotes(set: &AnnotationSet) -> BTreeSet<String> {
    set.annotations.values().map(|it| it.quote()).collect()
}

#[track_caller]
fn assert_all_is_there(repo: &Repo) {
    let set = repo.set(NAME);
    let all = ["The minister denied it", "on Monday", "the firm"];
    assert_eq!(quotes(&set), all.map(str::to_owned).into());
    assert_eq!(set.annotations[&first(&set)].note, "A denial.");
}

#[test]
fn git_goes_on_with_its_own_marks_and_says_so() {
    let place = Place::new();
    for (nth, name) in odd_folders().iter().enumerate() {
        let (repo, program) = installed_from(&place, nth, name);
        let (code, said) = repo.sourcemark_at(&program, &["git", "status"]);
        assert_eq!(code, 0, "{said}");
        // While it is there, it merges.
        repo.git(&["merge", "-q", "--no-edit", "other"]);
        assert_all_is_there(&repo);
        repo.git(&["reset", "-q", "--hard", "HEAD~1"]);
        fs::remove_file(&program).unwrap();
        // What only shows something goes on.
        let shown = repo.git(&["log", "-p", "-1", "--", FILE]);
        assert!(shown.contains("A denial."), "{shown}");
        let shown = repo.git(&["diff", "main~1", "main", "--", FILE]);
        assert!(shown.contains("A denial."), "{shown}");
        repo.git(&["blame", FILE]);
        let (merged, said) = repo.try_git(&["merge", "other"]);
        assert!(!merged && said.contains("CONFLICT"), "{said}");
        assert!(said.contains("the program is not there"), "{said}");
        let file = repo.read(FILE);
        assert!(
            file.contains("<<<<<<< HEAD\n") && file.contains(">>>>>>> other\n"),
            "{file}"
        );
        assert!(
            file.contains("the firm") && file.contains("on Monday"),
            "{file}"
        );
        let (code, said) = repo.sourcemark(&["git", "status"]);
        assert!(
            code == 1 && said.contains("the program no longer exists at"),
            "{said}"
        );
        let (code, said) = repo.sourcemark(&["check", FILE]);
        assert!(
            code == 3 && said.contains("sourcemark git resolve"),
            "{said}"
        );
        let (code, said) = repo.sourcemark(&["git", "resolve"]);
        assert_eq!(code, 0, "{said}");
        assert_all_is_there(&repo);
        let (code, said) = repo.sourcemark(&["check", FILE]);
        assert!(code == 0 && said.contains("run `git add`"), "{said}");
        repo.install();
        assert_eq!(repo.sourcemark(&["git", "status"]).0, 0);
        repo.commit("merged");
        assert_eq!(repo.sourcemark(&["check", FILE]).0, 0);
    }
}

#[test]
fn a_program_of_that_name_on_the_path_takes_its_place() {
    let place = Place::new();
    let (mut repo, program) = installed_from(&place, 0, &OsString::from("old place"));
    let moved = place.path("new place");
    copy_of_program(&moved.join("sourcemark"));
    fs::remove_file(&program).unwrap();
    repo.path_first = Some(moved);
    let said = repo.git(&["merge", "--no-edit", "other"]);
    assert!(!said.contains("line"), "{said}");
    assert_all_is_there(&repo);
    let shown = repo.git(&["diff", "main~1", "main"]);
    assert!(shown.contains("“the firm”: marked as Precedent"), "{shown}");
    let shown = repo.git(&["log", "-p", "-1", "other"]);
    assert!(shown.contains("+mark “the firm”"), "{shown}");
}

/// A program that is there but does not work, as after an update that went wrong.
#[cfg(unix)]
#[test]
fn a_program_that_fails_is_none() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    for (nth, script) in [
        "#!/bin/sh\nexit 3\n",
        "#!/bin/sh\nkill -9 $$\n",
        "#!/gone\n",
        "\u{7f}ELF",
    ]
    .into_iter()
    .enumerate()
    {
        let (repo, program) = installed_from(&place, nth, &OsString::from(format!("p{nth}")));
        fs::remove_file(&program).unwrap();
        fs::write(&program, script).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let (merged, said) = repo.try_git(&["merge", "other"]);
        assert!(!merged, "{said}");
        assert!(repo.read(FILE).contains("<<<<<<< HEAD"), "{script}: {said}");
        assert!(repo.git(&["log", "-p", "-1"]).contains("A denial."));
    }
}

/// Installed by an earlier version, which named the program by where it lies and by nothing else.
fn installed_long_ago(repo: &Repo) {
    let gone = "'/gone/sourcemark' git merge -- %O %A %B %P %X %Y";
    repo.git(&["config", "merge.sourcemark.driver", gone]);
}

#[test]
fn one_side_alone_is_not_taken_for_the_outcome() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    branched(&repo, ids, false);
    installed_long_ago(&repo);
    assert!(!repo.try_git(&["merge", "other"]).0);
    // git leaves our side alone in the file, without a word in it.
    assert_eq!(repo.set(NAME).annotations.len(), 2);
    let (code, said) = repo.sourcemark(&["check", FILE]);
    assert!(
        code == 1 && said.contains("git has not merged this file"),
        "{said}"
    );
    assert!(said.contains("sourcemark git resolve"), "{said}");
    // Work goes on in it.
    repo.edit(NAME, 1, ids, 20, &mark("An expert", "expert-opinion"));
    assert_eq!(repo.sourcemark(&["check", FILE]).0, 1);
    let (code, said) = repo.sourcemark(&["git", "resolve", FILE]);
    assert_eq!(code, 0, "{said}");
    let set = repo.set(NAME);
    let all = [
        "The minister denied it",
        "on Monday",
        "the firm",
        "An expert",
    ];
    assert_eq!(quotes(&set), all.map(str::to_owned).into());
    assert_eq!(repo.sourcemark(&["check", FILE]).0, 0);
}

#[test]
fn one_side_alone_that_was_added_and_committed_is_found() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    branched(&repo, ids, false);
    installed_long_ago(&repo);
    assert!(!repo.try_git(&["merge", "other"]).0);
    repo.git(&["add", FILE]);
    let (code, said) = repo.sourcemark(&["check", FILE]);
    assert!(code == 1 && said.contains("kept one side only"), "{said}");
    repo.git(&["commit", "-q", "-m", "merged?"]);
    assert_eq!(repo.sourcemark(&["check", FILE]).0, 1);
    let (code, said) = repo.sourcemark(&["git", "resolve", FILE]);
    assert_eq!(code, 0, "{said}");
    assert_all_is_there(&repo);
    repo.commit("merged");
    assert_eq!(repo.sourcemark(&["check", FILE]).0, 0);
    // What is removed later is not missed.
    let id = first(&repo.set(NAME));
    let remove = sourcemark::edit::Edit::Remove { ids: vec![id] };
    repo.edit(NAME, 1, ids, 30, &remove);
    assert_eq!(repo.sourcemark(&["check", FILE]).0, 0);
}

#[test]
fn what_was_meant_can_be_said() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    branched(&repo, ids, false);
    installed_long_ago(&repo);
    assert!(!repo.try_git(&["merge", "other"]).0);
    repo.commit("ours, and that was meant");
    let (_, said) = repo.sourcemark(&["check", FILE]);
    assert!(
        said.contains("git update-index --clear-resolve-undo"),
        "{said}"
    );
    repo.git(&["update-index", "--clear-resolve-undo"]);
    assert_eq!(repo.sourcemark(&["check", FILE]).0, 0);
}

#[test]
fn a_finished_merge_is_not_complained_of() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    branched(&repo, ids, true);
    assert!(!repo.try_git(&["merge", "other"]).0);
    let (code, said) = repo.sourcemark(&["check", FILE]);
    assert!(code == 1 && !said.contains("git has not merged"), "{said}");
    repo.sourcemark(&["conflicts", FILE, "--all", "--take", "ours"]);
    let (code, said) = repo.sourcemark(&["check", FILE]);
    assert!(
        code == 0 && said.contains("git waits for a merge result"),
        "{said}"
    );
    // Doing it once more changes nothing.
    let before = repo.read(FILE);
    let (code, said) = repo.sourcemark(&["git", "resolve", FILE]);
    assert_eq!((code, repo.read(FILE)), (0, before), "{said}");
    repo.commit("merged");
    let (code, said) = repo.sourcemark(&["check", FILE]);
    assert!(code == 0 && !said.contains("git waits"), "{said}");
    let (code, said) = repo.sourcemark(&["git", "resolve", "b.txt"]);
    assert!(code == 3 && said.contains("git has no two sides"), "{said}");
    let (code, said) = repo.sourcemark(&["git", "resolve"]);
    assert!(code == 0 && said.contains("no unmerged"), "{said}");
}

#[test]
fn a_file_that_one_side_removed_is_told() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    let set = repo.set(NAME);
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.git(&["rm", "-q", FILE]);
    repo.commit("removed");
    repo.git(&["checkout", "-q", "main"]);
    repo.edit(NAME, 1, ids, 12, &note(&set, "A denial."));
    repo.commit("main");
    assert!(!repo.try_git(&["merge", "other"]).0);
    let (code, said) = repo.sourcemark(&["check", FILE]);
    assert!(
        code == 1 && said.contains("one side removed or renamed it"),
        "{said}"
    );
}

/// Theirs alone, as `git checkout --theirs` leaves it, is no outcome either.
#[test]
fn their_side_alone_is_found_too() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    branched(&repo, ids, false);
    installed_long_ago(&repo);
    assert!(!repo.try_git(&["merge", "other"]).0);
    repo.git(&["checkout", "--theirs", "--", FILE]);
    assert_eq!(repo.sourcemark(&["check", FILE]).0, 1);
    assert_eq!(repo.sourcemark(&["git", "resolve", FILE]).0, 0);
    assert_all_is_there(&repo);
}

#[test]
fn collections_are_merged_again_as_well() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    let file = "collection.ron";
    let collect = |name: &str| {
        let (code, said) = repo.sourcemark(&["collection", ".", "-o", file]);
        assert_eq!(code, 0, "{said}");
        repo.commit(name);
    };
    collect("collection");
    for (branch, tag) in [("one", "irony"), ("two", "rumour")] {
        repo.git(&["checkout", "-q", "-b", branch, "main"]);
        let args = ["tag", NAME, "--quote", "the firm", "--as", tag, "--new-tag"];
        repo.sourcemark(&[&args[..], &["--creator", branch]].concat());
        collect(branch);
    }
    installed_long_ago(&repo);
    assert!(!repo.try_git(&["merge", "one"]).0);
    let (code, said) = repo.sourcemark(&["check", file]);
    assert!(
        code == 1 && said.contains("git has not merged this file"),
        "{said}"
    );
    let (code, said) = repo.sourcemark(&["git", "resolve"]);
    assert_eq!(code, 0, "{said}");
    let merged = repo.read(file);
    assert!(
        merged.contains("irony") && merged.contains("rumour"),
        "{merged}"
    );
    assert_eq!(repo.sourcemark(&["check", file, FILE]).0, 0);
}
