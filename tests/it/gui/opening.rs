//! Opening articles and folders: by path, again, after a change, in another encoding, and when a file is damaged.

use super::{
    other_hands::Place,
    window::{ARTICLE, Window, empty, with_article},
};
use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable as _;
use sourcemark::{
    app::{AppCommand, OpenArticle},
    edit::Edit,
    files,
};
use std::fs;

#[test]
fn opening_twice_shows_the_one_that_is_open() {
    let mut window = with_article(ARTICLE);
    let first = window.article().path.clone();
    let second = window.write("second.md", "# Another\n\nText\n");
    window.open(second);
    assert_eq!(window.article().file_name(), "second.md");
    window.open(first);
    assert_eq!(window.article().file_name(), "article.txt");
    assert_eq!(window.harness.state().state().articles.len(), 2);
    window.keys(Modifiers::CTRL, Key::Tab);
    assert_eq!(window.article().file_name(), "second.md");
}

#[test]
fn a_folder_opens_its_articles_by_name() {
    let mut window = empty();
    for name in [
        "b.txt",
        "a.md",
        "a.md.annotations.ron",
        ".hidden.txt",
        "picture.png",
    ] {
        window.write(name, "text");
    }
    let folder = window.folder.path().to_path_buf();
    window.open(folder);
    let names: Vec<String> = window
        .harness
        .state()
        .state()
        .articles
        .iter()
        .map(OpenArticle::file_name)
        .collect();
    assert_eq!(names, ["a.md", "b.txt"]);
}

#[test]
fn a_path_is_completed_and_opened() {
    let mut window = empty();
    window.write("news.txt", ARTICLE);
    window.write("news.txt.annotations.ron.old", "");
    window.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::O);
    let typed = window.folder.path().join("ne");
    let field = window
        .harness
        .get_by_role_and_label(Role::TextInput, "Path");
    field.focus();
    window.keys(Modifiers::COMMAND, Key::A);
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Path")
        .type_text(typed.to_str().unwrap());
    window.harness.run();
    window.key(Key::Tab);
    window.key(Key::Enter);
    assert_eq!(window.article().file_name(), "news.txt");
}

#[test]
fn an_annotation_file_that_carries_its_article_opens_alone() {
    let mut window = with_article(ARTICLE);
    window.select_words(2);
    window.key(Key::Num2);
    window.keys(Modifiers::COMMAND, Key::I);
    window.click("Include the article’s text in the annotation file");
    window.click("Save details");
    window.keys(Modifiers::COMMAND, Key::S);
    let article = window.article().path.clone();
    let annotations = files::annotations_beside(&article);
    assert!(annotations.exists());
    fs::remove_file(&article).unwrap();

    let mut elsewhere = empty();
    elsewhere.open(annotations);
    assert_eq!(elsewhere.marks(), ["The maker: denial"]);
    assert_eq!(elsewhere.article().text().as_str(), ARTICLE);
}

#[test]
fn an_article_of_unknown_encoding_is_read_as_it_was_annotated() {
    let mut window = empty();
    let path = window.write("article.txt", "");
    let (bytes, ..) = encoding_rs::KOI8_R.encode("Нет.");
    fs::write(&path, &bytes).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert_ne!(text, "Нет.");
    window.open(path.clone());
    let key = window.article().key;
    let reopen = AppCommand::Reopen(key, "KOI8-R");
    window.harness.state().sender().send(reopen);
    window.harness.run();
    assert_eq!(window.article().text().as_str(), "Нет.");
    window.select_words(1);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::S);

    let mut again = empty();
    again.open(path);
    assert_eq!(again.article().text().as_str(), "Нет.");
    assert_eq!(again.marks(), ["Нет: allegation"]);
}

#[test]
fn a_missing_passage_is_placed_by_hand() {
    let mut window = with_article(ARTICLE);
    let path = window.article().path.clone();
    window.select_words(2);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::S);
    window.keys(Modifiers::COMMAND, Key::W);
    fs::write(&path, "The builder denies it.\n").unwrap();
    window.open(path);
    window.harness.get_by_label("1 passage needs review");
    window.click("Review");
    window.select_words(2);
    window.click("Place here");
    assert_eq!(window.marks(), ["The builder: allegation"]);
    assert!(
        window
            .harness
            .query_by_label("1 passage needs review")
            .is_none()
    );
}

/// The window with two words marked and saved, closed, and the article then holding `text`.
fn reopened_with(text: &str) -> Window {
    let mut window = with_article(ARTICLE);
    let path = window.article().path.clone();
    window.select_words(2);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::S);
    window.keys(Modifiers::COMMAND, Key::W);
    fs::write(&path, text).unwrap();
    window.open(path);
    window
}

#[test]
fn a_text_that_was_adopted_is_not_after_undo() {
    let mut window = reopened_with(&format!("News.\n\n{ARTICLE}"));
    let told = "This article has changed since it was annotated: 1 moved.";
    window.harness.get_by_label(told);
    window.click("Use this version");
    assert!(window.harness.query_by_label(told).is_none());
    window.keys(Modifiers::COMMAND, Key::Z);
    window.harness.get_by_label(told);
}

#[test]
fn words_in_the_filter_fit_an_article_that_is_opened_later() {
    let mut window = reopened_with(ARTICLE);
    let path = window.article().path.clone();
    window
        .harness
        .get_by_role_and_label(Role::SearchInput, "Filter annotations")
        .focus();
    window.harness.run();
    window
        .harness
        .get_by_role_and_label(Role::SearchInput, "Filter annotations")
        .type_text("maker");
    window.harness.run();
    window.keys(Modifiers::COMMAND, Key::W);
    window.open(path);
    assert!(
        window
            .harness
            .query_by_label("No annotation matches the filter")
            .is_none()
    );
}

#[test]
fn a_damaged_annotation_file_is_never_written_over() {
    let mut window = empty();
    let path = window.write("article.txt", ARTICLE);
    let annotations = window.write("article.txt.annotations.ron", "(format: \"sourcemark");
    window.open(path);
    assert!(window.article().read_only.is_some());
    window.select_words(1);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::S);
    assert!(window.marks().is_empty());
    assert_eq!(
        fs::read_to_string(annotations).unwrap(),
        "(format: \"sourcemark"
    );
}

#[test]
fn no_file_takes_the_window_down_or_is_written_over() {
    let annotations = "bad.txt.annotations.ron";
    let cases: [(&str, &[u8], &str); 7] = [
        ("bad.txt", b"%PDF-1.7\n\x00\x01", ""),
        ("bad.txt", b"PK\x03\x04\x00\x00", ""),
        ("bad.txt", b"text\x00with\x00nul", ""),
        (
            "bad.txt",
            b"",
            "(format: \"sourcemark-annotations\", version: (1,",
        ),
        ("bad.txt", b"Text.", "(format: \"something else\")"),
        ("bad.txt", b"Text.", "not RON at all"),
        (
            "bad.txt",
            b"Text.",
            "(format: \"sourcemark-annotations\", version: (9, 0), all: \"new\")",
        ),
    ];
    for (name, article, marks) in cases {
        let mut window = empty();
        let path = window.folder.path().join(name);
        fs::write(&path, article).unwrap();
        if !marks.is_empty() {
            window.write(annotations, marks);
        }
        window.open(path.clone());
        window.key(Key::Num1);
        window.keys(Modifiers::COMMAND, Key::S);
        let told = window.harness.state().state().article().is_none()
            || window.article().read_only.is_some();
        assert!(told, "{marks:?} must not be writable");
        assert_eq!(
            fs::read(&path).unwrap(),
            article,
            "the article is as it was"
        );
        let beside = window.folder.path().join(annotations);
        if !marks.is_empty() {
            assert_eq!(
                fs::read_to_string(beside).unwrap(),
                marks,
                "so is what lay beside it"
            );
        }
    }
}

#[test]
fn recent_articles_are_known_by_their_headlines() {
    let place = Place::new();
    let mut window = place.window();
    let mut details = window.article().workspace.set().article.clone();
    details.title = "Back door or not".to_owned();
    let edit = Edit::DescribeArticle(Box::new(details));
    window.harness.state().sender().send(AppCommand::Edit(edit));
    window.harness.run();
    window.keys(Modifiers::COMMAND, Key::S);
    window.keys(Modifiers::COMMAND, Key::W);
    window
        .harness
        .get_by_label_contains("The maker denies it. ");
    window.open(place.article.clone());
    window.keys(Modifiers::COMMAND, Key::W);
    window.harness.get_by_label_contains("Back door or not ");
}
