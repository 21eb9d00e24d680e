//! An annotation file that git could not merge, opened in the window: it says so, and saving loses no side.

use super::window::{Window, on};
use crate::support::{
    repo::{Place, Repo},
    sets::CountingIds,
};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use sourcemark::{
    annotation::TagId,
    edit::Edit,
    files::{Disk, fs::RealFs},
    text::TextRange,
};
use std::sync::Arc;

const NAME: &str = "a news.txt";
const FILE: &str = "a news.txt.annotations.ron";
const TEXT: &str = "The maker denies it. It has a back door, an official said.\n";

fn mark(quote: &str) -> Edit {
    let at = TEXT.find(quote).unwrap();
    Edit::Annotate {
        segments: vec![TextRange::from_bytes(at..at + quote.len())],
        tags: vec![TagId::parse("denial").unwrap()],
        note: String::new(),
        speaker: None,
    }
}

/// A merge that git could not do, with the driver that `config` names.
fn stopped(place: &Place, driver: Option<&str>) -> Repo {
    let ids = &mut CountingIds(1_000);
    let repo = place.repo("repo");
    repo.write(NAME, TEXT);
    repo.edit(NAME, 1, ids, 1, &mark("denies it"));
    repo.install();
    repo.commit("begin");
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.edit(NAME, 2, ids, 2, &mark("back door"));
    repo.commit("other");
    repo.git(&["checkout", "-q", "main"]);
    repo.edit(NAME, 1, ids, 3, &mark("an official"));
    repo.commit("main");
    match driver {
        Some(driver) => repo.git(&["config", "merge.sourcemark.driver", driver]),
        None => repo.git(&["config", "--remove-section", "merge.sourcemark"]),
    };
    assert!(!repo.try_git(&["merge", "other"]).0);
    repo
}

fn opened(place: &Place, repo: &Repo) -> Window {
    let disk = Disk::new(Arc::new(RealFs), Some(place.path("state")));
    let mut window = on(disk, 0);
    window.open(repo.path(NAME));
    window
}

const NOTICE: &str = "Git has not merged this file";

#[test]
fn one_side_alone_is_told_and_saving_loses_nothing() {
    let place = Place::new();
    let repo = stopped(&place, Some("'/gone/sourcemark' git merge -- %O %A %B %P"));
    let mut window = opened(&place, &repo);
    window.harness.get_by_label_contains(NOTICE);
    window
        .harness
        .get_by_label_contains("`sourcemark git resolve \"a news.txt.annotations.ron\"`");
    assert_eq!(window.annotations().len(), 2);
    window.select_words(1);
    window.key(Key::Num2);
    window.keys(Modifiers::COMMAND, Key::S);
    assert!(!window.article().is_unsaved());
    let (code, said) = repo.sourcemark(&["git", "resolve", FILE]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(
        repo.set(NAME).annotations.len(),
        4,
        "theirs, ours and the new one"
    );
    // The window takes the outcome over, and has no more to say.
    window.look();
    assert_eq!(window.annotations().len(), 4);
    assert!(window.harness.query_by_label_contains(NOTICE).is_none());
}

#[test]
fn git_s_marks_are_told_with_the_way_out() {
    let place = Place::new();
    let repo = stopped(&place, None);
    let mut window = opened(&place, &repo);
    window.harness.get_by_label_contains(NOTICE);
    assert_eq!(repo.sourcemark(&["git", "resolve"]).0, 0);
    window.look();
    assert_eq!(window.annotations().len(), 3);
    assert!(window.harness.query_by_label_contains(NOTICE).is_none());
}
