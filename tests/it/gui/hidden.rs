//! Text that is not what it looks like: chips in the pane, the switch, the way from one to the next, names, copies.

use super::window::{Window, with_article};
use crate::support::soft_renderer::SoftRenderer;
use egui::{Key, Modifiers, OutputCommand, accesskit::Role};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use proptest::prelude::{Just, Strategy, prop_oneof, proptest};
use sourcemark::{
    reader::{Reader, TextEngine},
    text::{
        SourceText, TextRange,
        hidden::{Reveal, find, rows},
    },
};
use std::fs;

const LYING: &str = "The file user\u{202E}txt.exe\u{202C} was sent.\n\nHe paid with p\u{430}ypal.\n\nA quiet\u{200B}word.\n";

/// What a screen reader hears of the article in the window.
fn heard(window: &Window) -> String {
    let document = window.harness.get_by_role(Role::Document);
    document.accesskit_node().document_range().text()
}

fn selected(window: &Window) -> String {
    let document = window.harness.get_by_role(Role::Document);
    let node = document.accesskit_node();
    node.text_selection()
        .map(|range| range.text())
        .unwrap_or_default()
}

/// Presses a key and returns what was put on the clipboard.
fn copied(window: &mut Window, act: impl FnOnce(&mut Window)) -> Option<String> {
    act(window);
    (0..6).find_map(|_| {
        window.harness.step();
        let commands = &window.harness.output().platform_output.commands;
        commands.iter().find_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
    })
}

#[test]
fn what_deceives_is_named_where_it_stands() {
    let window = with_article(LYING);
    assert_eq!(
        heard(&window),
        "The file user[RLO]txt.exe[PDF] was sent.\n\nHe paid with p\u{430}ypal.\n\nA quiet[ZWSP]word.\n\n"
    );
    let harness = &window.harness;
    harness.get_by_label_contains("right-to-left override, U+202E");
    harness.get_by_label_contains("mixes Latin and Cyrillic letters: \u{430} is Cyrillic U+0430");
    harness.get_by_label("3 hidden characters, 1 mixed word");
    assert_eq!(
        window.article().text().as_str(),
        LYING,
        "nothing is changed"
    );
}

#[test]
fn the_switch_shows_none_some_or_all() {
    let mut window = with_article("a\u{200B}b می\u{200C}خواهم");
    assert_eq!(heard(&window), "a[ZWSP]b می\u{200C}خواهم\n");
    window.keys(Modifiers::SHIFT, Key::F7);
    assert_eq!(heard(&window), "a[ZWSP]b می[ZWNJ]خواهم\n");
    window.key(Key::F7);
    assert_eq!(heard(&window), "a\u{200B}b می\u{200C}خواهم\n");
    window.key(Key::F7);
    assert_eq!(heard(&window), "a[ZWSP]b می\u{200C}خواهم\n");
}

#[test]
fn one_key_goes_from_one_to_the_next() {
    let mut window = with_article(LYING);
    let mut seen = Vec::new();
    for _ in 0..5 {
        window.key(Key::F8);
        seen.push(selected(&window));
    }
    assert_eq!(seen, ["[RLO]", "[PDF]", "p\u{430}ypal", "[ZWSP]", "[RLO]"]);
    window.keys(Modifiers::SHIFT, Key::F8);
    assert_eq!(selected(&window), "[ZWSP]", "round about");
    window.click("3 hidden characters, 1 mixed word");
    assert_eq!(selected(&window), "[RLO]");
}

#[test]
fn a_clean_article_has_no_remark_and_no_way() {
    let mut window = with_article("He denied it. 👩\u{200D}👧 می\u{200C}خواهم");
    assert!(window.article().survey.is_clean());
    let query = window.harness.query_by_label_contains("hidden character");
    assert!(query.is_none());
    window.key(Key::F8);
    assert_eq!(selected(&window), "");
}

#[test]
fn a_copy_leaves_out_what_deceives_and_says_so() {
    let mut window = with_article("user\u{202E}txt.exe\u{202C} می\u{200C}خواهم");
    window.keys(Modifiers::COMMAND, Key::A);
    let plain = copied(&mut window, |window| {
        window.harness.event(egui::Event::Copy);
    });
    assert_eq!(plain.as_deref(), Some("usertxt.exe می\u{200C}خواهم"));
    // Not to the end: the message goes away by itself.
    window.harness.run_steps(3);
    window
        .harness
        .get_by_label("Copied without 2 hidden characters");
    let exact = "user\u{202E}txt.exe\u{202C} می\u{200C}خواهم";
    let offered = copied(&mut window, |window| {
        let offer = window.harness.get_by_label("Copy with hidden characters");
        offer.click_accesskit();
    });
    assert_eq!(offered.as_deref(), Some(exact));
    window.harness.run();
    let command = copied(&mut window, |window| {
        // The press alone: each event is a frame, and the clipboard is told of in the frame of the press.
        window.harness.event(egui::Event::Key {
            key: Key::C,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: Modifiers::COMMAND | Modifiers::SHIFT,
        });
    });
    assert_eq!(command.as_deref(), Some(exact));
}

#[test]
fn names_cannot_lie() {
    let mut window = with_article("He denied it.\n");
    let path = window.article().path.clone();
    window.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::ArrowRight);
    window.key(Key::Num2);
    window.keys(Modifiers::COMMAND, Key::S);
    window.keys(Modifiers::COMMAND, Key::W);
    let file = sourcemark::files::annotations_beside(&path);
    let written = fs::read_to_string(&file).unwrap();
    let lying = written
        .replace("name: \"Precedent\"", "name: \"Deni\u{430}l\"")
        .replace("name: \"Allegation\"", "name: \"Alle\\u{202e}gation\"");
    assert_ne!(lying, written);
    fs::write(&file, lying).unwrap();
    window.open(path);
    let harness = &window.harness;
    harness.get_by_label("Tag as Alle[RLO]gation");
    harness.get_by_label_contains(
        "Alle[RLO]gation, 0 annotations. “Alle[RLO]gation” holds 1 hidden character.",
    );
    let twins = "“Denial” and “Deni\u{430}l” look alike but are two tags.";
    assert_eq!(
        harness.get_all_by_label_contains(twins).count(),
        2,
        "both tags say so"
    );
}

#[test]
fn a_file_name_cannot_turn_the_window_around() {
    let mut window = with_article("Nothing.\n");
    let path = window.write("report\u{202E}txt.exe", "He denied it.\n");
    window.open(path);
    let harness = &window.harness;
    harness.get_by_label("report[RLO]txt.exe");
    let shown = harness.get_by_role(Role::Document);
    assert_eq!(
        shown.accesskit_node().label().as_deref(),
        Some("report[RLO]txt.exe")
    );
}

/// What is shown of a stretch of `text`: hidden characters by their names.
fn shown(text: &str, stretch: std::ops::Range<usize>) -> String {
    let (mut out, mut copied) = (String::new(), stretch.start);
    for row in rows(find(text, Reveal::Deceptive)) {
        if row.range.start >= stretch.start && row.range.end <= stretch.end {
            out.push_str(&text[copied..row.range.start]);
            out.push_str(&format!("[{}]", row.label()));
            copied = row.range.end;
        }
    }
    out + &text[copied..stretch.end]
}

fn any_part() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("denied "),
        Just("نفى "),
        Just("हिन्दी "),
        Just("👩\u{200D}👧 "),
        Just("می\u{200C}خواهم "),
        Just("\u{202E}"),
        Just("\u{202C}"),
        Just("\u{2066}"),
        Just("\u{200B}"),
        Just("\u{200F}"),
        Just("\u{7}"),
        Just("\u{E0041}"),
        Just("\u{FEFF}"),
        Just("\u{200B}\u{200B}\u{200B}\u{200B}\u{200B}\u{200B}"),
    ]
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(16))]

    #[test]
    fn a_screen_reader_hears_what_is_shown(parts in proptest::collection::vec(any_part(), 1..12)) {
        let text = format!("x{}x", parts.concat());
        let state = (Reader::new(SourceText::new(text.clone()).unwrap()), TextEngine::new(false));
        let show = |ui: &mut egui::Ui, state: &mut (Reader, TextEngine)| {
            super::pane::show_plain(ui, &mut state.0, &mut state.1);
        };
        let mut harness = Harness::builder()
            .with_size(egui::vec2(700.0, 900.0))
            .renderer(SoftRenderer::default())
            .build_ui_state(show, state);
        harness.run();
        let told = |harness: &Harness<'_, (Reader, TextEngine)>| {
            let document = harness.get_by_role(Role::Document);
            document.accesskit_node().document_range().text()
        };
        assert_eq!(told(&harness), format!("{}\n", shown(&text, 0..text.len())));
        // All but the letters at the two ends, as far as no cluster is cut.
        harness.state_mut().0.select(TextRange::from_bytes(1..text.len() - 1));
        harness.run();
        let range = harness.state().0.range().bytes();
        let document = harness.get_by_role(Role::Document);
        let selection = document.accesskit_node().text_selection().map(|range| range.text());
        assert_eq!(selection, Some(shown(&text, range)));
    }
}
