//! Colleagues who have not installed the driver, or have other line endings.

use super::{FILE, NAME, Place, TEXT, begun, branched, mark};
use crate::support::{
    repo::Repo,
    sets::{CountingIds, source},
};
use sourcemark::{
    annotation::{AnnotationSet, Article, Marks},
    edit::Edit,
    files::{Loaded, read_annotations},
    text::TextRange,
};
use std::collections::BTreeSet;

/// The ways in which git can write down what did not fit together.
const STYLES: [&str; 3] = ["merge", "diff3", "zdiff3"];

fn without_driver(place: &Place, ids: &mut CountingIds, style: &str) -> Repo {
    let repo = place.repo(style);
    repo.write(NAME, TEXT);
    repo.edit(NAME, 1, ids, 1, &mark("The minister denied it", "denial"));
    repo.install();
    repo.commit("begin");
    branched(&repo, ids, true);
    repo.git(&["config", "--remove-section", "merge.sourcemark"]);
    repo.git(&["config", "merge.conflictStyle", style]);
    repo
}

#[test]
fn who_has_not_installed_it_is_told_what_to_do() {
    let place = Place::new();
    for style in STYLES {
        let ids = &mut CountingIds(0);
        let repo = without_driver(&place, ids, style);
        assert!(!repo.try_git(&["merge", "other"]).0);
        let (code, said) = repo.sourcemark(&["check", FILE]);
        assert!(
            code == 3 && said.contains("unresolved merge conflicts"),
            "{said}"
        );
        let advice = format!("`sourcemark git resolve \"{FILE}\"`");
        assert!(
            said.contains("sourcemark git install") && said.contains(&advice),
            "{said}"
        );
        // What it says can be done, in the middle of the merge. git's own way leads to the same.
        repo.install();
        let (_, said) = repo.try_git(&["checkout", "--merge", "--", FILE]);
        let by_git = repo.set(NAME);
        assert_eq!(by_git.conflicts.len(), 1, "{said}");
        repo.git(&["config", "--remove-section", "merge.sourcemark"]);
        repo.try_git(&["checkout", "--merge", "--", FILE]);
        assert!(repo.read(FILE).contains("<<<<<<<"), "{style}");
        let (code, said) = repo.sourcemark(&["git", "resolve", FILE]);
        assert!(code == 1 && said.contains("1 conflict to settle"), "{said}");
        let set = repo.set(NAME);
        assert_eq!(
            (set.annotations.len(), set.conflicts.len()),
            (3, 1),
            "{said}"
        );
        assert_eq!(set.annotations, by_git.annotations);
        assert!(set.conflicts.keys().eq(by_git.conflicts.keys()));
        repo.sourcemark(&["conflicts", FILE, "--all", "--take", "theirs"]);
        repo.commit("merged");
        let (code, said) = repo.sourcemark(&["check", FILE]);
        assert!(code <= 1 && !said.contains("conflict"), "{said}");
    }
}

#[test]
fn who_has_committed_the_markers_can_save_both_sides() {
    let place = Place::new();
    for style in STYLES {
        let ids = &mut CountingIds(0);
        let repo = without_driver(&place, ids, style);
        let notes = |set: &AnnotationSet| -> BTreeSet<(String, String)> {
            let all = set.annotations.values();
            all.map(|it| (it.quote(), it.note.clone())).collect()
        };
        let mut wanted = notes(&repo.set(NAME));
        repo.git(&["checkout", "-q", "other"]);
        wanted.extend(notes(&repo.set(NAME)));
        repo.git(&["checkout", "-q", "main"]);
        assert!(!repo.try_git(&["merge", "other"]).0);
        repo.commit("with markers");
        let (code, said) = repo.sourcemark(&["salvage", FILE, "-o", "copy.ron"]);
        assert_eq!(code, 1, "{said}");
        let Loaded::Loaded(copy) = read_annotations(&repo.path("copy.ron")) else {
            panic!("the copy cannot be read");
        };
        let found = notes(&copy.set);
        assert!(wanted.is_subset(&found), "{style}: {wanted:?} {found:?}");
        let (code, said) = repo.sourcemark(&["list", "copy.ron"]);
        assert!(code == 0 && said.contains("A denial."), "{said}");
    }
}

/// On one side git has turned the line endings of the article, and the marks were described anew in that.
#[test]
fn an_article_with_line_endings_of_windows_is_the_same_article() {
    let (place, ids) = (Place::new(), &mut CountingIds(0));
    let repo = begun(&place, ids);
    let windows = TEXT.replace('\n', "\r\n");
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.write(NAME, &windows);
    let (code, said) = repo.sourcemark(&["check", FILE]);
    assert!(
        code == 1 && said.contains("the line endings of the article"),
        "{said}"
    );
    let (set, text) = (repo.set(NAME), source(&windows));
    let marks = Marks::find(&text, &set, &|| true).unwrap();
    let found = set.annotations.keys();
    let found = found.map(|id| (*id, 0, marks.placement(*id).unwrap().first_range().unwrap()));
    let adopt = Edit::AdoptText {
        article: Box::new(Article::describe(&text, NAME, "UTF-8")),
        found: found.collect(),
    };
    repo.edit(NAME, 2, ids, 10, &adopt);
    let at = windows.find("The agency").unwrap();
    let their_mark = Edit::Annotate {
        segments: vec![TextRange::from_bytes(at..at + "The agency".len())],
        tags: Vec::new(),
        note: String::new(),
        speaker: None,
    };
    repo.edit(NAME, 2, ids, 11, &their_mark);
    // As `core.autocrlf` does: the article itself is committed with LF.
    repo.write(NAME, TEXT);
    repo.commit("other");
    repo.git(&["checkout", "-q", "main"]);
    repo.edit(NAME, 1, ids, 12, &mark("An expert", "expert-opinion"));
    repo.commit("main");
    let said = repo.git(&["merge", "--no-edit", "other"]);
    assert!(!said.contains("not at hand"), "{said}");
    let set = repo.set(NAME);
    assert_eq!((set.annotations.len(), set.conflicts.len()), (3, 0));
    for (text, word) in [(&windows, "exact"), (&TEXT.to_owned(), "moved")] {
        let marks = Marks::find(&source(text), &set, &|| true).unwrap();
        for id in set.annotations.keys() {
            let found = marks.placement(*id).unwrap().word();
            assert!(found == word || found == "exact", "{found}");
        }
    }
}
