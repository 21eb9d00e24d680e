//! Marking passages by keyboard: tags, parts, notes and comments, and undo.

use super::window::{ARTICLE, Window, with_article};
use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::Queryable as _;

#[test]
fn a_passage_is_marked_by_keyboard_alone() {
    let mut window = with_article(ARTICLE);
    window.select_words(2);
    window.key(Key::Num1);
    assert_eq!(window.marks(), ["The maker: allegation"]);
    window.key(Key::Num2);
    assert_eq!(
        window.marks(),
        ["The maker: allegation denial"],
        "one annotation, two tags"
    );
    window.key(Key::Num1);
    assert_eq!(
        window.marks(),
        ["The maker: denial"],
        "the same key takes the tag off"
    );
    window.key(Key::Num2);
    assert_eq!(
        window.marks(),
        ["The maker: "],
        "without tags it stays a highlight"
    );
}

#[test]
fn passages_may_overlap() {
    let mut window = with_article(ARTICLE);
    window.select_words(2);
    window.key(Key::Num1);
    window.select_words(1);
    window.key(Key::Num4);
    assert_eq!(
        window.marks(),
        ["The maker: allegation", "The maker denies: precedent"]
    );
    window.key(Key::Escape);
    window.key(Key::O);
    assert_eq!(window.article().chosen, Some(window.annotations()[0].id));
    window.key(Key::O);
    assert_eq!(window.article().chosen, Some(window.annotations()[1].id));
}

#[test]
fn the_ends_of_an_annotation_move_word_by_word() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    window.key(Key::Num1);
    window.key(Key::Escape);
    window.keys(Modifiers::ALT, Key::ArrowRight);
    window.keys(Modifiers::ALT, Key::ArrowRight);
    assert_eq!(window.marks(), ["The maker denies: allegation"]);
    window.keys(Modifiers::ALT, Key::ArrowLeft);
    window.keys(Modifiers::ALT | Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(window.marks(), ["maker: allegation"]);
    window.key(Key::Delete);
    assert!(window.marks().is_empty());
}

#[test]
fn a_statement_goes_on_elsewhere_and_loses_its_part_again() {
    let mut window = with_article(ARTICLE);
    window.select_words(2);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::ArrowDown);
    window.select_words(2);
    window.key(Key::A);
    assert_eq!(window.marks(), ["The maker … It has: allegation"]);
    let shown = window.article().workspace.marks().index().len();
    assert_eq!(shown, 2, "both parts stand in the text");
    window.act("RemovePart");
    assert_eq!(window.marks(), ["The maker: allegation"]);
    window.keys(Modifiers::COMMAND, Key::Z);
    window.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.marks(), ["The maker: allegation"]);
}

#[test]
fn undo_goes_back_and_redo_forth() {
    let mut window = with_article(ARTICLE);
    window.select_words(2);
    window.key(Key::Num1);
    window.key(Key::Num2);
    window.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.marks(), ["The maker: allegation"]);
    window.keys(Modifiers::COMMAND, Key::Z);
    assert!(window.marks().is_empty());
    assert!(!window.article().is_unsaved());
    window.keys(Modifiers::COMMAND, Key::Y);
    window.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(window.marks(), ["The maker: allegation denial"]);
}

#[test]
fn companion_tags_come_and_go_in_one_step() {
    let mut window = with_article(ARTICLE);
    window.act("CompanionTags");
    assert_eq!(window.article().workspace.set().tags.len(), 10);
    window.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.article().workspace.set().tags.len(), 4);
}

#[test]
fn a_note_is_one_step_and_its_letters_are_no_commands() {
    let mut window = with_article(ARTICLE);
    window.select_words(2);
    window.key(Key::Num1);
    window.key(Key::Enter);
    let note = window
        .harness
        .get_by_role_and_label(Role::MultilineTextInput, "Note");
    note.type_text("n 1 m");
    window.harness.run();
    window.keys(Modifiers::COMMAND, Key::Enter);
    assert_eq!(window.annotations()[0].note, "n 1 m");
    assert_eq!(window.marks(), ["The maker: allegation"]);
    assert!(!window.harness.state().state().environment().marker);
    window.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.annotations()[0].note, "");
}

#[test]
fn a_comment_without_enter_is_kept() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    window.key(Key::Num1);
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "New comment")
        .focus();
    window.harness.run();
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "New comment")
        .type_text("ask him");
    window.harness.run();
    window.keys(Modifiers::COMMAND, Key::S);
    assert_eq!(window.annotations()[0].comments[0].text, "ask him");
    assert!(!window.article().is_unsaved());
}

#[test]
fn a_jump_to_a_mark_can_be_gone_back_on() {
    let mut window = with_article(&format!("{ARTICLE}{}", "A line of text.\n\n".repeat(300)));
    window.select_words(2);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::End);
    let far = window.article().reader.place();
    window.key(Key::N);
    assert_ne!(
        window.article().reader.place(),
        far,
        "the mark is at the start"
    );
    window.key(Key::B);
    assert_eq!(window.article().reader.place(), far);
}

#[test]
fn a_key_that_needs_a_selection_says_so() {
    let mut window = with_article(ARTICLE);
    for (key, hint) in [
        (
            Key::A,
            "Select an annotation, then the passage where it continues.",
        ),
        (Key::S, "Select a passage or an annotation first."),
        (Key::N, "This article has no annotations yet."),
        (
            Key::Num2,
            "Select a passage first, then press 2 for Denial.",
        ),
    ] {
        window.key(key);
        window.harness.get_by_label(hint);
        window.key(Key::ArrowRight);
        assert!(window.harness.query_by_label(hint).is_none());
    }
    window.key(Key::Home);
    window.select_words(1);
    window.key(Key::Num2);
    assert!(window.harness.query_by_label_contains("Select a").is_none());
    assert_eq!(window.marks(), ["The: denial"]);
}

#[test]
fn the_bar_beside_a_selection_goes_when_it_is_tagged_and_offers_to_go_on_elsewhere() {
    let mut window = with_article(ARTICLE);
    let is_shown = |window: &Window| {
        let bar = window.harness.query_by_label("Highlight without tag (H)");
        bar.is_some()
    };
    window.select_words(2);
    window.harness.run();
    assert!(is_shown(&window));
    window.key(Key::Num1);
    assert!(!is_shown(&window));
    window.keys(Modifiers::COMMAND, Key::ArrowDown);
    window.select_words(2);
    window.harness.run();
    let button = window.harness.get_by_label("Continue statement (A)");
    let pos = button.rect().center();
    for pressed in [true, false] {
        // Held down for some frames, as by a person.
        let events = &mut window.harness.input_mut().events;
        events.push(egui::Event::PointerMoved(pos));
        events.push(egui::Event::PointerButton {
            pos,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
        window.harness.run();
    }
    assert_eq!(window.marks(), ["The maker … It has: allegation"]);
}
