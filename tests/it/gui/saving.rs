//! Saving annotations: beside the article, elsewhere, before the window closes, and over another file.

use super::window::{ARTICLE, with_article};
use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use sourcemark::{
    app::{AppCommand, DialogKind, PickPurpose},
    files,
};
use std::fs;

#[test]
fn what_is_saved_is_there_again() {
    let mut window = with_article(ARTICLE);
    let path = window.article().path.clone();
    window.select_words(2);
    window.key(Key::Num2);
    assert!(window.article().is_unsaved());
    window.keys(Modifiers::COMMAND, Key::S);
    assert!(!window.article().is_unsaved());
    assert!(files::annotations_beside(&path).is_file());
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        ARTICLE,
        "the article is never written"
    );
    window.keys(Modifiers::COMMAND, Key::W);
    assert!(window.harness.state().state().article().is_none());
    window.open(files::annotations_beside(&path));
    assert_eq!(window.marks(), ["The maker: denial"]);
    assert_eq!(window.article().path, path);
}

#[test]
fn an_unfinished_note_is_saved_too() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    window.key(Key::Num1);
    window.key(Key::Enter);
    window
        .harness
        .get_by_role_and_label(Role::MultilineTextInput, "Note")
        .type_text("seen");
    window.harness.run();
    window.keys(Modifiers::COMMAND, Key::S);
    assert_eq!(window.annotations()[0].note, "seen");
    assert!(!window.article().is_unsaved());
}

#[test]
fn closing_with_unsaved_marks_asks_first() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    window.key(Key::H);
    window.keys(Modifiers::COMMAND, Key::W);
    window.harness.get_by_label("Save the annotations?");
    window.click("Cancel");
    assert!(window.article().is_unsaved());
    window.keys(Modifiers::COMMAND, Key::Q);
    assert!(!window.harness.state().may_close());
    window.click("Save");
    assert!(window.harness.state().may_close());
    let annotations = window.folder.path().join("article.txt.annotations.ron");
    assert!(annotations.is_file());
}

#[test]
fn what_was_not_saved_is_told_until_it_is() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    window.key(Key::Num1);
    let stranger = window.write("article.txt.annotations.ron", "of another program");
    window.keys(Modifiers::COMMAND, Key::S);
    let told = "article.txt.annotations.ron was not saved";
    window.harness.get_by_label(told);
    fs::remove_file(stranger).unwrap();
    window.keys(Modifiers::COMMAND, Key::S);
    assert!(!window.article().is_unsaved());
    assert!(window.harness.query_by_label(told).is_none());
}

#[test]
fn a_path_to_save_at_is_asked_for_the_article_it_is_about() {
    let mut window = with_article(ARTICLE);
    let first = window.article().key;
    let second = window.write("second.txt", "Another.\n");
    window.open(second);
    let asked = AppCommand::Picked(PickPurpose::SaveAs(first), None);
    window.harness.state().sender().send(asked);
    window.harness.run();
    let field = window
        .harness
        .get_by_role_and_label(Role::TextInput, "Path");
    let path = field.accesskit_node().value().unwrap();
    assert!(path.ends_with("article.txt.annotations.ron"), "{path}");
}

#[test]
fn saved_elsewhere_it_stays_there_in_another_encoding() {
    let mut window = with_article(ARTICLE);
    window.select_words(2);
    window.key(Key::Num1);
    let elsewhere = window.folder.path().join("mine.ron");
    let key = window.article().key;
    let command = AppCommand::SaveAt(key, elsewhere.clone());
    window.harness.state().sender().send(command);
    window.harness.run();
    let command = AppCommand::Reopen(key, "windows-1252");
    window.harness.state().sender().send(command);
    window.harness.run();
    assert_eq!(window.article().encoding, "windows-1252");
    assert_eq!(window.article().annotations_path, elsewhere);
    assert_eq!(window.marks(), ["The maker: allegation"]);
}

#[test]
fn another_annotation_file_is_replaced_only_by_the_button_that_says_so() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::S);
    let beside = window.article().annotations_path.clone();
    let other = window.folder.path().join("other.ron");
    fs::copy(beside, &other).unwrap();
    let before = fs::read(&other).unwrap();
    window.key(Key::Num2);
    let dialog = DialogKind::SavePath(window.article().key);
    window
        .harness
        .state()
        .sender()
        .send(AppCommand::Show(dialog));
    window.harness.run();
    window.keys(Modifiers::COMMAND, Key::A);
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Path")
        .type_text(other.to_str().unwrap());
    window.harness.run();
    window.key(Key::Enter);
    assert_eq!(fs::read(&other).unwrap(), before);
    window.click("Replace");
    assert_eq!(window.article().annotations_path, other);
    assert_ne!(fs::read(&other).unwrap(), before);
}
