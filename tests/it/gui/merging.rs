//! Two people on one file: what both did is merged, and what cannot be is settled in the window.

use super::{
    other_hands::{Place, at_odds, load, notes},
    window::{Window, on},
};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use sourcemark::{app::AppCommand, edit::Edit, files::Disk};

/// The conflict of these tests, as the dialog names it.
const NOTE: &str = "“The maker”: the note";

fn n_conflicts(window: &Window) -> usize {
    window.article().workspace.set().conflicts.len()
}

/// The window in which a note was written, and another one by a colleague, both unsettled.
fn in_conflict(place: &Place) -> Window {
    let mut window = place.window();
    window.write_note("Mine.");
    place.colleague_writes("From a colleague.");
    window.look();
    window.click("Merge");
    assert_eq!(n_conflicts(&window), 1);
    window
}

#[test]
fn what_both_did_is_merged_as_one_step_and_told() {
    let place = Place::new();
    let mut window = at_odds(&place);
    window.click("Merge");
    assert_eq!(notes(&window), ["", "From a colleague."]);
    window.says("1 change from their version was added. No conflicts.");
    assert!(window.article().is_unsaved());
    window.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(notes(&window), ["", ""]);
    window.keys(Modifiers::COMMAND, Key::Y);
    window.keys(Modifiers::COMMAND, Key::S);
    assert!(!window.article().is_unsaved());
    let saved = load(&place.annotations()).set;
    assert_eq!(saved, *window.article().workspace.set());
    assert_eq!(saved.annotations.len(), 2);
}

#[test]
fn merged_work_that_is_not_saved_survives_a_crash() {
    let place = Place::new();
    let mut window = at_odds(&place);
    window.click("Merge");
    let marks = window.marks();
    drop(window);
    let mut window = on(place.disk(), 3_000);
    window.click("Review the unsaved work on article.txt");
    window.click("Restore");
    assert_eq!(window.marks(), marks);
    assert_eq!(notes(&window), ["", "From a colleague."]);
}

#[test]
fn what_both_have_changed_is_a_conflict_in_the_file_until_one_chooses() {
    let place = Place::new();
    let mut window = in_conflict(&place);
    window.says("Nothing in their version was new. 1 conflict remains");
    window.keys(Modifiers::COMMAND, Key::S);
    assert_eq!(load(&place.annotations()).set.conflicts.len(), 1);
    drop(window);
    let mut window = on(place.disk(), 3_000);
    window.open(place.article.clone());
    window.says("article.txt: 1 merge conflict");

    window.click("1 conflict");
    window
        .harness
        .get_by_label_contains("ours (Test annotator)");
    window
        .harness
        .get_by_label_contains("theirs (the file on the disk)");
    window.click(&format!("Use theirs: {NOTE}"));
    assert_eq!(notes(&window), ["From a colleague."]);
    window
        .harness
        .get_by_label_contains("All conflicts are resolved.");
    window.click("Close");
    assert!(window.harness.query_by_label("1 conflict").is_none());
    window.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(n_conflicts(&window), 1, "undo takes the choice back");
}

#[test]
fn what_was_written_while_a_conflict_was_open_can_be_taken_too() {
    let place = Place::new();
    let mut window = in_conflict(&place);
    let (id, note) = (window.annotations()[0].id, "Written on.".to_owned());
    let sender = window.harness.state().sender().clone();
    sender.send(AppCommand::Edit(Edit::SetNote { id, note }));
    window.harness.run();
    window.click("1 conflict");
    window
        .harness
        .get_by_label_contains("ours (Test annotator)");
    window.click(&format!("Use this: {NOTE}"));
    assert_eq!(notes(&window), ["Written on."]);
    window
        .harness
        .get_by_label_contains("All conflicts are resolved.");
}

#[test]
fn both_notes_can_be_taken_one_below_the_other() {
    let place = Place::new();
    let mut window = in_conflict(&place);
    window.click("Resolve conflicts…");
    window.click(&format!("Use both: {NOTE}"));
    let both = "Test annotator: Mine.\n\nthe file on the disk: From a colleague.";
    assert_eq!(notes(&window), [both]);
    assert_eq!(n_conflicts(&window), 0);
}

#[test]
fn ours_is_taken_by_keyboard_alone() {
    let place = Place::new();
    let mut window = in_conflict(&place);
    window.keys(Modifiers::COMMAND, Key::K);
    window
        .harness
        .event(egui::Event::Text("conflicts".to_owned()));
    window.harness.run();
    window.key(Key::Enter);
    window.harness.get_by_label(&format!("Use ours: {NOTE}"));
    window.key(Key::Tab);
    window.key(Key::Space);
    assert_eq!(notes(&window), ["Mine."]);
    assert_eq!(n_conflicts(&window), 0);
}

#[test]
fn one_goes_from_the_conflict_to_its_passage() {
    let place = Place::new();
    let mut window = in_conflict(&place);
    window.click("1 conflict");
    window.click(&format!("Go to: {NOTE}"));
    assert!(window.harness.query_by_label("Conflicts").is_none());
    let chosen = window.article().chosen_annotation().unwrap();
    assert_eq!(chosen.quote(), "The maker");
}

#[test]
fn the_command_is_grey_while_there_is_no_conflict() {
    let place = Place::new();
    let window = place.window();
    assert!(!window.can_act("Conflicts"));
    drop(window);
    assert!(in_conflict(&Place::new()).can_act("Conflicts"));
}

#[test]
fn two_files_that_began_from_nothing_are_merged_without_a_base() {
    let place = Place::new();
    let mut window = on(place.disk(), 0);
    window.open(place.article.clone());
    window.select_words(2);
    window.key(Key::Num1);
    let mut colleague = on(Disk::plain(), 1_000);
    colleague.open(place.article.clone());
    colleague.select_words(3);
    colleague.key(Key::Num2);
    colleague.keys(Modifiers::COMMAND, Key::S);
    window.look();
    window.click("Merge");
    assert_eq!(
        window.marks(),
        ["The maker: allegation", "The maker denies: denial"]
    );
    assert_eq!(n_conflicts(&window), 0);
    window.keys(Modifiers::COMMAND, Key::S);
    assert_eq!(load(&place.annotations()).set.annotations.len(), 2);
}

#[test]
fn what_was_removed_since_an_earlier_version_comes_back_beside_what_was_added() {
    let place = Place::new();
    let mut window = place.window();
    window.keys(Modifiers::COMMAND, Key::S);
    window.key(Key::Delete);
    window.key(Key::Escape);
    window.select_words(1);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::S);
    assert_eq!(window.annotations().len(), 1);
    window.act("EarlierVersions");
    let look = "Compare with the version of ";
    window.harness.get_by_label_contains(look).click();
    window.harness.run();
    window.click("Merge");
    assert_eq!(window.annotations().len(), 2);
    assert_eq!(n_conflicts(&window), 0);
    window.says("change from the earlier version was added");
}
