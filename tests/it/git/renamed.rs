//! Two clones that give one article different names: afterwards two files have the same marks.

use super::{FILE, NAME, Place, begun, mark};
use crate::support::{repo::Repo, sets::CountingIds};
use std::fs;

/// The article as `b.txt` and `c.txt`, with the marks of both clones in each.
fn renamed_twice(place: &Place, ids: &mut CountingIds) -> Repo {
    let repo = begun(place, ids);
    let rename = |to: &str| {
        repo.git(&["mv", NAME, to]);
        repo.git(&["mv", FILE, &format!("{to}.annotations.ron")]);
        repo.commit(to);
    };
    repo.git(&["checkout", "-q", "-b", "other"]);
    rename("c.txt");
    repo.edit("c.txt", 2, ids, 10, &mark("the firm", "precedent"));
    repo.commit("other");
    repo.git(&["checkout", "-q", "main"]);
    rename("b.txt");
    repo.edit("b.txt", 1, ids, 12, &mark("on Monday", "allegation"));
    repo.commit("main");
    assert!(!repo.try_git(&["merge", "other"]).0, "renamed in two ways");
    repo.commit("merged");
    repo
}

#[test]
fn two_files_with_the_same_marks_are_noticed_and_made_one() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = renamed_twice(&place, ids);
    let advice = "`sourcemark merge --no-base b.txt.annotations.ron c.txt.annotations.ron -o b.txt.annotations.ron`";
    for args in [
        &["check", "c.txt", "b.txt"][..],
        &["check", "b.txt.annotations.ron", "c.txt.annotations.ron"],
    ] {
        let (code, said) = repo.sourcemark(args);
        assert!(code == 1 && said.contains(advice), "{said}");
        assert!(said.contains("c.txt.annotations.ron:1:1:"), "{said}");
    }
    let (code, said) = repo.sourcemark(&["check", "."]);
    assert!(
        code == 1 && said.contains("as after renaming one article in two ways"),
        "{said}"
    );
    let (code, said) = repo.sourcemark(&["collection", ".", "-o", "collection.ron"]);
    assert!(code == 1 && said.contains("renaming one article"), "{said}");
    let (code, said) = repo.sourcemark(&["check", "collection.ron"]);
    assert!(code == 1 && said.contains("renaming one article"), "{said}");
    // What it says.
    let (b, c) = ("b.txt.annotations.ron", "c.txt.annotations.ron");
    let (code, said) = repo.sourcemark(&["merge", "--no-base", b, c, "-o", b]);
    assert!(code <= 1, "{said}");
    repo.sourcemark(&["conflicts", b, "--all", "--take", "1"]);
    repo.git(&["rm", "-q", "-f", "c.txt", c]);
    fs::remove_file(repo.path("collection.ron")).unwrap();
    assert_eq!(repo.set("b.txt").annotations.len(), 3);
    let (code, said) = repo.sourcemark(&["check", "."]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = repo.sourcemark(&["collection", ".", "-o", "collection.ron"]);
    assert_eq!(code, 0, "{said}");
}

/// Those who annotate one article apart from each other may have begun from one file.
#[test]
fn copies_on_one_article_are_no_problem() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    for name in ["ana.annotations.ron", "ben.annotations.ron"] {
        fs::copy(repo.path(FILE), repo.path(name)).unwrap();
    }
    let (code, said) = repo.sourcemark(&["check", "."]);
    assert!(code == 0 && said.contains("on the same article"), "{said}");
}

/// A folder is looked through, but not what belongs to git or lies behind a link.
#[test]
fn a_folder_stands_for_the_files_in_it() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    fs::create_dir_all(repo.path("inner/.hidden")).unwrap();
    repo.write("inner/x.txt.annotations.ron", "broken");
    repo.write("inner/.hidden/y.txt.annotations.ron", "broken");
    #[cfg(unix)]
    std::os::unix::fs::symlink(".", repo.path("circle")).unwrap();
    let (code, said) = repo.sourcemark(&["check", "."]);
    assert!(code == 3 && said.contains("2 files checked"), "{said}");
    let (code, said) = repo.sourcemark(&["check", "inner/.hidden/.."]);
    assert!(code == 3 && said.contains("1 file checked"), "{said}");
    fs::create_dir(repo.path("empty")).unwrap();
    let (code, said) = repo.sourcemark(&["check", "empty"]);
    assert!(
        code == 3 && said.contains("no annotation file in this folder"),
        "{said}"
    );
}
