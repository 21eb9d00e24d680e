//! What was not saved when the program ended: offered, shown, recovered, and never by itself.

use super::{
    other_hands::Place,
    window::{Window, on},
};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use sourcemark::app::AppCommand;
use std::fs;

/// A window with one saved and two unsaved marks, which ends suddenly.
fn crashed(place: &Place) -> Vec<String> {
    let mut window = place.window();
    window.key(Key::Escape);
    window.select_words(1);
    window.key(Key::Num1);
    window.select_words(2);
    window.key(Key::Num4);
    let marks = window.marks();
    assert_eq!(marks.len(), 3);
    drop(window);
    marks
}

#[test]
fn unsaved_work_is_offered_at_the_next_start_and_recovered_as_one_step() {
    let place = Place::new();
    let marks = crashed(&place);
    let mut window = on(place.disk(), 3_000);
    window.harness.get_by_label("Unsaved work was found");
    assert!(
        window.harness.state().state().article().is_none(),
        "nothing opens by itself"
    );
    window.click("Review the unsaved work on article.txt");
    window
        .harness
        .get_by_label("It contains: 2 annotations added.");
    assert_eq!(
        window.annotations().len(),
        1,
        "nothing is recovered by itself"
    );
    window.click("Restore");
    assert_eq!(window.marks(), marks);
    assert!(window.article().is_unsaved());
    window.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.annotations().len(), 1);
    window.keys(Modifiers::COMMAND, Key::Y);
    window.keys(Modifiers::COMMAND, Key::S);
    window.keys(Modifiers::COMMAND, Key::W);
    drop(window);
    let window = on(place.disk(), 4_000);
    assert!(
        window
            .harness
            .query_by_label("Unsaved work was found")
            .is_none()
    );
}

#[test]
fn recovered_work_survives_another_crash() {
    let place = Place::new();
    let marks = crashed(&place);
    let mut window = on(place.disk(), 3_000);
    window.click("Review the unsaved work on article.txt");
    window.click("Restore");
    drop(window);
    let mut window = on(place.disk(), 4_000);
    window.click("Review the unsaved work on article.txt");
    window.click("Restore");
    assert_eq!(window.marks(), marks);
}

#[test]
fn it_is_offered_again_until_it_is_decided_and_can_be_discarded() {
    let place = Place::new();
    crashed(&place);
    let mut window = on(place.disk(), 3_000);
    window.click("Decide later");
    drop(window);
    let mut window = on(place.disk(), 4_000);
    window.click("Discard the unsaved work on article.txt");
    drop(window);
    let window = on(place.disk(), 5_000);
    assert!(
        window
            .harness
            .query_by_label("Unsaved work was found")
            .is_none()
    );
}

#[test]
fn over_a_file_that_changed_only_what_fits_is_recovered_unless_all_is_asked_for() {
    let place = Place::new();
    let mut window = place.window();
    // The note of the saved annotation is changed here, and then by a colleague.
    window.write_note("Mine.");
    window.select_words(1);
    window.key(Key::Num1);
    assert_eq!(window.annotations().len(), 2);
    drop(window);
    place.colleague_writes("From a colleague.");

    let mut window = on(place.disk(), 3_000);
    window.click("Review the unsaved work on article.txt");
    window
        .harness
        .get_by_label_contains("Somebody else has changed the annotation file since");
    window
        .harness
        .get_by_label_contains("Somebody else has changed these since.");
    window.click("Restore");
    let notes: Vec<String> = window
        .annotations()
        .iter()
        .map(|one| one.note.clone())
        .collect();
    assert_eq!(notes.len(), 2);
    assert!(notes.contains(&"From a colleague.".to_owned()), "{notes:?}");
}

#[test]
fn what_was_saved_or_discarded_leaves_no_journal() {
    let place = Place::new();
    let mut window = place.window();
    window.select_words(1);
    window.key(Key::Num1);
    assert_eq!(n_journals(&place), 1, "unsaved work is written down");
    window.keys(Modifiers::COMMAND, Key::S);
    assert_eq!(n_journals(&place), 0);
    window.select_words(1);
    window.key(Key::Num4);
    assert_eq!(n_journals(&place), 1);
    window.keys(Modifiers::COMMAND, Key::W);
    window.click("Don’t save");
    assert_eq!(n_journals(&place), 0);
}

pub fn n_journals(place: &Place) -> usize {
    let folder = place.state().join("journal");
    fs::read_dir(folder).map_or(0, |entries| {
        let is_journal = |name: &str| name.ends_with(".jnl");
        entries
            .filter(|entry| is_journal(&entry.as_ref().unwrap().file_name().to_string_lossy()))
            .count()
    })
}

#[test]
fn the_system_ends_the_program_and_unsaved_work_is_offered_next_time() {
    let place = Place::new();
    let mut window = place.window();
    window.select_words(1);
    window.key(Key::Num1);
    window.harness.state().sender().send(AppCommand::Terminate);
    window.harness.run();
    assert!(window.harness.state().may_close(), "no question is asked");
    drop(window);
    let window: Window = on(place.disk(), 3_000);
    window.harness.get_by_label("Unsaved work was found");
}

/// The window after a crash, in which the article was opened while another one had it, which has closed it again.
fn taken_over(place: &Place) -> Window {
    let mut window = on(place.disk(), 3_000);
    if window
        .harness
        .query_by_label("Unsaved work was found")
        .is_some()
    {
        window.click("Decide later");
    }
    let mut other = on(place.disk(), 4_000);
    other.open(place.article.clone());
    window.open(place.article.clone());
    window.harness.get_by_label_contains("Read-only.");
    other.keys(Modifiers::COMMAND, Key::W);
    window.click("Retry editing");
    assert!(window.article().is_editable());
    window
}

#[test]
fn work_recovered_into_an_article_that_was_read_only_before_survives_another_crash() {
    let place = Place::new();
    let marks = crashed(&place);
    let mut window = taken_over(&place);
    window.click("Review…");
    window.click("Restore");
    assert_eq!(window.marks(), marks);
    drop(window);
    let mut window = on(place.disk(), 5_000);
    window.click("Review the unsaved work on article.txt");
    window.click("Restore");
    assert_eq!(window.marks(), marks);
}

#[test]
fn what_is_marked_after_the_other_window_has_closed_the_article_is_written_down() {
    let place = Place::new();
    drop(place.window());
    let mut window = taken_over(&place);
    window.select_words(1);
    window.key(Key::Num1);
    assert_eq!(n_journals(&place), 1);
}

#[cfg(unix)]
#[test]
fn unsaved_work_is_offered_on_an_article_that_is_reached_by_a_link() {
    let place = Place::new();
    let marks = crashed(&place);
    let mut window = on(place.disk(), 3_000);
    window.click("Decide later");
    window.open(place.linked_folder().join("article.txt"));
    window.click("Review…");
    window
        .harness
        .get_by_label("It contains: 2 annotations added.");
    window.click("Restore");
    assert_eq!(window.marks(), marks);
}

#[cfg(unix)]
#[test]
fn work_on_an_article_that_was_reached_by_a_link_is_looked_at_where_it_was_done() {
    let place = Place::new();
    let link = place.linked_file();
    let mut window = on(place.disk(), 0);
    window.open(link.clone());
    window.select_words(2);
    window.key(Key::Num1);
    let marks = window.marks();
    drop(window);
    let mut window = on(place.disk(), 3_000);
    window.click("Review the unsaved work on article.txt");
    window.click("Restore");
    assert_eq!(window.article().path, link);
    assert_eq!(window.marks(), marks);
}
