//! Panels, dialogs and the status bar: what they show, how they are used by keyboard, and the room they take.

use super::window::{ARTICLE, Window, empty, with_article};
use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

#[test]
fn without_an_article_the_window_says_how_to_begin() {
    let window = empty();
    window.harness.get_by_label("Open an article…");
    assert!(window.harness.state().state().article().is_none());
}

#[test]
fn the_list_shows_and_filters() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    window.key(Key::Num1);
    window.select_words(1);
    window.key(Key::Num2);
    window
        .harness
        .get_by_role_and_label(Role::ListItem, "Allegation: The");
    window
        .harness
        .get_by_role_and_label(Role::ListItem, "Denial: The maker");
    window.harness.get_by_label("Denial, 1 annotations").click();
    window.harness.run();
    assert!(
        window
            .harness
            .query_by_role_and_label(Role::ListItem, "Allegation: The")
            .is_none()
    );
    window
        .harness
        .get_by_role_and_label(Role::ListItem, "Denial: The maker");
}

#[test]
fn the_palette_finds_and_does() {
    let mut window = with_article(ARTICLE);
    window.keys(Modifiers::COMMAND, Key::K);
    window
        .harness
        .get_by_role_and_label(Role::SearchInput, "Find a command")
        .type_text("dark");
    window.harness.run();
    window.key(Key::Enter);
    assert_eq!(
        window.harness.state().state().preferences.theme,
        sourcemark::app::ThemeChoice::Dark
    );
    assert!(window.harness.state().state().modal.is_none());
}

#[test]
fn every_dialog_opens_and_closes_with_escape() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    window.key(Key::Num1);
    for name in [
        "OpenByPath",
        "ArticleDetails",
        "Encoding",
        "Preferences",
        "NewTag",
        "Guideline",
        "Palette",
        "Help",
        "About",
    ] {
        window.act(name);
        assert!(window.harness.state().state().modal.is_some(), "{name}");
        window.key(Key::Escape);
        assert!(window.harness.state().state().modal.is_none(), "{name}");
    }
}

#[test]
fn tab_leaves_the_path_when_there_is_nothing_to_complete() {
    let mut window = empty();
    window.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::O);
    window.keys(Modifiers::COMMAND, Key::A);
    let field = |window: &Window| {
        let field = window
            .harness
            .get_by_role_and_label(Role::TextInput, "Path");
        field.accesskit_node().is_focused()
    };
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Path")
        .type_text("/no such folder/");
    window.harness.run();
    assert!(field(&window));
    window.key(Key::Tab);
    assert!(!field(&window));
}

#[test]
fn enter_adds_the_tag_and_its_key_is_a_letter_or_digit() {
    let mut window = with_article(ARTICLE);
    window.keys(Modifiers::COMMAND, Key::T);
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Name")
        .type_text("Apology");
    window.harness.run();
    window.key(Key::Enter);
    let tags = window.article().workspace.set().tags.clone();
    assert!(tags.values().any(|tag| tag.name == "Apology"));
    window.keys(Modifiers::COMMAND, Key::T);
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Name")
        .type_text("Doubt");
    window.harness.run();
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Key")
        .focus();
    window.harness.run();
    window.key(Key::Backspace);
    window.key(Key::Delete);
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Key")
        .type_text("?");
    window.harness.run();
    window.harness.get_by_label("Enter one digit or letter.");
}

#[test]
fn an_annotation_with_many_tags_keeps_to_its_panel() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    for key in [Key::Num1, Key::Num2, Key::Num3, Key::Num4] {
        window.key(key);
    }
    for tag in ["Allegation", "Denial", "Expert opinion", "Precedent"] {
        let label = format!("Remove tag {tag}");
        let button = window.harness.get_by_label(&label);
        let right = button.rect().right();
        assert!(right <= 1200.0, "{tag}: {right}");
    }
}

#[test]
fn panels_leave_room_for_the_text_in_the_smallest_window() {
    let mut window = with_article(ARTICLE);
    window.harness.set_size(egui::vec2(720.0, 480.0));
    window.harness.run();
    let add = window.harness.get_by_label("New tag").rect();
    let list = window.harness.get_by_label("Filter annotations").rect();
    assert!(list.left() - add.right() >= 290.0, "{add} {list}");
}

#[test]
fn the_status_bar_counts_the_words() {
    let mut window = with_article(ARTICLE);
    window.harness.get_by_label("12 words");
    window.select_words(2);
    window
        .harness
        .get_by_label("2 words, 9 characters selected");
}

#[test]
fn idle_asks_for_no_frame() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    window.key(Key::Num1);
    assert!(
        window.harness.run() <= 2,
        "nothing moves, so nothing is painted"
    );
    let node = window.harness.get_by_role(Role::Document);
    assert!(node.accesskit_node().text_selection().is_some());
}

#[test]
fn a_paragraph_is_gone_to_by_its_number_and_the_way_back_is_kept() {
    let text = "One.\n\n".repeat(400);
    let mut window = with_article(&text);
    window.act("GoTo");
    window
        .harness
        .input_mut()
        .events
        .push(egui::Event::Text("300".to_owned()));
    window.harness.run();
    window.key(Key::Enter);
    let type_words = |window: &mut Window, words: &str| {
        let event = egui::Event::Text(words.to_owned());
        window.harness.input_mut().events.push(event);
        window.harness.run();
    };
    let line = |window: &Window| {
        let article = window.article();
        article.text().line_col(article.reader.caret()).line
    };
    assert_eq!(line(&window), 598, "the paragraph 300, in every other line");
    window.act("GoTo");
    type_words(&mut window, "0");
    window.key(Key::Enter);
    window.harness.get_by_label("Enter a whole number from 1.");
    window.key(Key::Backspace);
    type_words(&mut window, "1");
    window.key(Key::Enter);
    assert_eq!(line(&window), 0, "the field keeps the keyboard");
    window.key(Key::B);
    window.key(Key::B);
    assert!(window.article().reader.visible().start().get() < 100);
}

#[test]
fn the_palette_finds_articles_and_annotations_and_grows_again() {
    let mut window = with_article(ARTICLE);
    window.select_words(2);
    window.key(Key::Num1);
    window.write_note("Who heard it?");
    let second = window.write("second.txt", "Another text.");
    window.open(second);
    window.act("NextArticle");
    window.key(Key::Escape);
    let type_words = |window: &mut Window, words: &str| {
        window
            .harness
            .input_mut()
            .events
            .push(egui::Event::Text(words.to_owned()));
        window.harness.run();
    };
    // As many entries as there is room for.
    let height = |window: &Window| {
        let entries = window.harness.query_all_by_role(Role::ListItem);
        entries.count()
    };
    window.act("Palette");
    let whole = height(&window);
    type_words(&mut window, "heard");
    window
        .harness
        .get_by_role_and_label(Role::ListItem, "The maker");
    assert!(height(&window) < whole, "it shrinks with its results");
    for _ in 0.."heard".len() {
        window.key(Key::Backspace);
    }
    assert_eq!(height(&window), whole, "and grows with them");
    type_words(&mut window, "heard");
    window.key(Key::Enter);
    assert_eq!(
        window.article().chosen_annotation().unwrap().quote(),
        "The maker"
    );
    window.act("Palette");
    type_words(&mut window, "second");
    window.key(Key::Enter);
    assert_eq!(window.article().file_name(), "second.txt");
}

#[test]
fn the_filter_folds_letters_and_knows_annotators_and_tags() {
    let mut window = with_article("Le « café » — c’est l’ÉCOLE.\n\nAn\u{AD}other one.\n");
    window.select_words(4);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::ArrowDown);
    window.select_words(1);
    window.key(Key::Num2);
    window.key(Key::Escape);
    let mut shown = |words: &str| {
        let field = window
            .harness
            .get_by_role_and_label(Role::SearchInput, "Filter annotations");
        field.focus();
        window.harness.run();
        window.keys(Modifiers::COMMAND, Key::A);
        window.key(Key::Delete);
        window
            .harness
            .input_mut()
            .events
            .push(egui::Event::Text(words.to_owned()));
        window.harness.run();
        let marks = ["Allegation: ", "Denial: "].map(|tag| {
            let row = window.harness.query_all_by_role(Role::ListItem);
            row.filter_map(|row| row.accesskit_node().label())
                .filter(|label| label.starts_with(tag))
                .count()
        });
        (marks[0], marks[1])
    };
    assert_eq!(shown("cafe"), (1, 0));
    assert_eq!(shown("denial"), (0, 1));
    assert_eq!(shown("another"), (0, 1), "a soft hyphen does not count");
    assert_eq!(shown("test annotator"), (1, 1));
    assert_eq!(shown("nobody"), (0, 0));
}

#[test]
fn help_is_filtered_by_words_and_keys() {
    let mut window = with_article(ARTICLE);
    window.act("Help");
    window.harness.get_by_label("Save all");
    let shown = |window: &Window, label: &str| window.harness.query_by_label(label).is_some();
    for letter in ["o", "v", "e", "r", "l", "a", "p"] {
        let event = egui::Event::Text(letter.to_owned());
        window.harness.input_mut().events.push(event);
        window.harness.run();
    }
    assert!(shown(&window, "Next overlapping annotation"));
    assert!(!shown(&window, "Save all"));
    window.keys(Modifiers::COMMAND, Key::A);
    let event = egui::Event::Text("Ctrl+Alt+S".to_owned());
    window.harness.input_mut().events.push(event);
    window.harness.run();
    assert!(shown(&window, "Save all"));
    assert!(!shown(&window, "Next overlapping annotation"));
}

#[test]
fn the_secondary_button_opens_a_menu_on_text_and_on_annotations() {
    let mut window = with_article(ARTICLE);
    let click = |window: &mut Window, pos: egui::Pos2| {
        for pressed in [true, false] {
            let events = &mut window.harness.input_mut().events;
            events.push(egui::Event::PointerMoved(pos));
            events.push(egui::Event::PointerButton {
                pos,
                button: egui::PointerButton::Secondary,
                pressed,
                modifiers: Modifiers::NONE,
            });
            window.harness.run();
        }
    };
    window.select_words(2);
    click(&mut window, egui::pos2(600.0, 300.0));
    // One is in the bar beside the selection, and one in the menu over it.
    let tags = window
        .harness
        .query_all_by_role_and_label(Role::Button, "Tag as Denial");
    tags.last().unwrap().click();
    window.harness.run();
    assert_eq!(window.marks(), ["The maker: denial"]);
    let card = window
        .harness
        .get_by_role_and_label(Role::ListItem, "Denial: The maker");
    let at = card.rect().center();
    click(&mut window, at);
    window.click("Go to");
    assert_eq!(
        window.article().chosen_annotation().unwrap().quote(),
        "The maker"
    );
    window.key(Key::Delete);
    assert_eq!(window.marks(), [""; 0]);
}
