//! The reading pane by pointer and keyboard, told by what a screen reader is told.

use crate::support::soft_renderer::SoftRenderer;
use egui::{
    Color32, Key, Modifiers, Pos2,
    accesskit::{Role, TextDirection},
    pos2, vec2,
};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _, by},
};
use sourcemark::{
    reader::{
        Decoration, DecorationKey, Decorations, Face, LineStyle, Look, MapTick, Numbering,
        PageColours, PageStyle, Reader, ReaderEvent, ReaderInput, TextEngine,
    },
    text::{ByteOffset, SourceText, TextRange, hidden::Reveal},
};

/// Marks for a test: fixed ranges, each with one look.
struct Fixed {
    marks: Vec<Decoration>,
    looks: Vec<Look>,
    plain: Look,
    revision: u64,
}

impl Decorations for Fixed {
    fn touching(&self, range: TextRange, out: &mut Vec<Decoration>) {
        out.extend(
            self.marks
                .iter()
                .filter(|mark| mark.range.overlaps(range))
                .cloned(),
        );
    }
    fn looks(&self) -> &[Look] {
        &self.looks
    }
    fn revision(&self) -> u64 {
        self.revision
    }
    fn plain(&self) -> &Look {
        &self.plain
    }
}

struct Pane {
    reader: Reader,
    engine: TextEngine,
    marks: Fixed,
    chosen: Option<DecorationKey>,
    events: Vec<ReaderEvent>,
    hovered: Vec<DecorationKey>,
    style: PageStyle,
}

fn look(red: u8, line: LineStyle) -> Look {
    Look {
        fill: Color32::from_rgb(red, 230, 240),
        ink: Color32::from_rgb(red / 2, 60, 90),
        line,
        label: "Denial".to_owned(),
    }
}

fn style() -> PageStyle {
    PageStyle {
        size: 18.0,
        leading: 1.6,
        measure_chars: 60.0,
        face: Face::Serif,
        numbering: Numbering::Paragraphs,
        margin_labels: true,
        reveal: Reveal::Deceptive,
        colours: PageColours {
            page: Color32::from_rgb(253, 252, 249),
            text: Color32::from_rgb(34, 32, 28),
            faint: Color32::from_rgb(130, 125, 115),
            selection: Color32::from_rgba_unmultiplied(60, 120, 220, 70),
            accent: Color32::from_rgb(40, 90, 200),
            track: Color32::from_rgb(240, 238, 232),
            warning: Color32::from_rgb(150, 80, 0),
            warning_ground: Color32::from_rgb(250, 232, 200),
        },
    }
}

/// Shows a pane without any marks.
pub fn show_plain(ui: &mut egui::Ui, reader: &mut Reader, engine: &mut TextEngine) {
    let nothing = Fixed {
        marks: Vec::new(),
        looks: Vec::new(),
        plain: look(210, LineStyle::Solid),
        revision: 1,
    };
    let input = ReaderInput {
        style: &style(),
        decorations: &nothing,
        chosen: None,
        editable: true,
        map: &[],
        marker: false,
        name: "Plain article",
    };
    reader.show(ui, engine, &input);
}

/// A pane on `text`, with the stretches between `[` and `]` marked (they may nest).
fn pane(text: &str) -> Harness<'static, Pane> {
    let (mut plain, mut open, mut marks) = (String::new(), Vec::new(), Vec::new());
    for c in text.chars() {
        match c {
            '[' => open.push(plain.len()),
            ']' => {
                let range = TextRange::from_bytes(open.pop().unwrap()..plain.len());
                let key = DecorationKey(marks.len() as u128 + 1);
                marks.push(Decoration {
                    key,
                    segment: 0,
                    range,
                    looks: vec![(marks.len() % 2) as u16],
                });
            }
            c => plain.push(c),
        }
    }
    let state = Pane {
        reader: Reader::new(SourceText::new(plain).unwrap()),
        engine: TextEngine::new(false),
        marks: Fixed {
            marks,
            looks: vec![look(180, LineStyle::Double), look(240, LineStyle::Wavy)],
            plain: look(210, LineStyle::Solid),
            revision: 1,
        },
        chosen: None,
        events: Vec::new(),
        hovered: Vec::new(),
        style: style(),
    };
    let show = |ui: &mut egui::Ui, pane: &mut Pane| {
        let map: Vec<MapTick> = pane
            .marks
            .marks
            .iter()
            .map(|mark| MapTick {
                offset: mark.range.start(),
                column: 0,
                ink: pane.marks.looks[0].ink,
            })
            .collect();
        let input = ReaderInput {
            style: &pane.style,
            decorations: &pane.marks,
            chosen: pane.chosen,
            editable: true,
            map: &map,
            marker: false,
            name: "Test article",
        };
        let output = pane.reader.show(ui, &mut pane.engine, &input);
        pane.events.extend(output.events);
        pane.hovered = output.hovered;
    };
    let builder = Harness::builder()
        .with_size(vec2(760.0, 300.0))
        .with_theme(egui::Theme::Light)
        .with_step_dt(1.0 / 60.0);
    let mut harness = builder
        .renderer(SoftRenderer::default())
        .build_ui_state(show, state);
    harness.run();
    harness
}

/// What a screen reader hears as the selection.
fn selected(harness: &Harness<'_, Pane>) -> String {
    let document = harness.get_by_role(Role::Document);
    document
        .accesskit_node()
        .text_selection()
        .map(|range| range.text())
        .unwrap_or_default()
}

/// The middle of the run that reads `text`.
fn place_of(harness: &Harness<'_, Pane>, text: &str) -> Pos2 {
    let run = harness
        .query_all(by().role(Role::TextRun))
        .find(|node| {
            node.accesskit_node()
                .data()
                .value()
                .is_some_and(|value| value.contains(text))
        })
        .unwrap_or_else(|| panic!("no run reads {text:?}"));
    let data = run.accesskit_node();
    let value = data.data().value().unwrap_or_default().to_owned();
    let idx =
        value.split(text).next().unwrap_or_default().chars().count() + text.chars().count() / 2;
    let lefts = data.data().character_positions().unwrap_or_default();
    let rect = run.rect();
    let left = lefts.get(idx).copied().unwrap_or_default();
    let x = if data.data().text_direction() == Some(TextDirection::RightToLeft) {
        rect.max.x - left - 1.0
    } else {
        rect.min.x + left + 1.0
    };
    pos2(x, rect.center().y)
}

fn drag(harness: &mut Harness<'_, Pane>, from: Pos2, to: Pos2) {
    harness.drag_at(from);
    harness.run();
    harness.hover_at(to);
    harness.run();
    harness.drop_at(to);
    harness.run();
}

#[test]
fn a_screen_reader_is_told_the_text_its_directions_and_the_selection() {
    let mut harness = pane("The word السلام means peace.\nThird one.");
    let document = harness.get_by_role(Role::Document);
    assert_eq!(
        document.accesskit_node().label().as_deref(),
        Some("Test article")
    );
    assert_eq!(
        document.accesskit_node().document_range().text(),
        "The word السلام means peace.\nThird one.\n"
    );
    let mut directions: Vec<_> = harness
        .query_all(by().role(Role::TextRun))
        .filter_map(|run| run.accesskit_node().data().text_direction())
        .collect();
    use TextDirection::{LeftToRight as L, RightToLeft as R};
    directions.dedup();
    assert_eq!(directions, [L, R, L]);
    harness
        .state_mut()
        .reader
        .select(TextRange::from_bytes(4..21));
    harness.run();
    assert_eq!(selected(&harness), "word السلام");
}

#[test]
fn a_screen_reader_is_told_blank_lines_and_a_caret_on_one() {
    let mut harness = pane("One.\n\nTwo.");
    let document = harness.get_by_role(Role::Document);
    assert_eq!(
        document.accesskit_node().document_range().text(),
        "One.\n\nTwo.\n"
    );
    harness
        .state_mut()
        .reader
        .select(TextRange::from_bytes(5..5));
    harness.run();
    let document = harness.get_by_role(Role::Document);
    assert!(document.accesskit_node().text_selection().is_some());
    harness
        .state_mut()
        .reader
        .select(TextRange::from_bytes(0..5));
    harness.run();
    assert_eq!(selected(&harness), "One.\n");
}

#[test]
fn a_screen_reader_is_told_no_line_ending_where_a_long_line_is_cut() {
    let text = "A sentence of words. ".repeat(1_000);
    let mut harness = pane(&text);
    harness.set_size(vec2(760.0, 9_000.0));
    harness.run();
    let document = harness.get_by_role(Role::Document);
    let told = document.accesskit_node().document_range().text();
    assert!(told.len() > 10_000);
    assert!(text.starts_with(&told), "no line ending at the cut");
}

#[test]
fn two_clicks_on_the_end_of_a_word_take_the_word() {
    let mut harness = pane("Denied it.");
    // Just before the blank: the last half of the last letter.
    let at = place_of(&harness, " ") - vec2(2.0, 0.0);
    for _ in 0..2 {
        harness.drag_at(at);
        harness.drop_at(at);
        harness.run_steps(1);
    }
    assert_eq!(selected(&harness), "Denied");
}

#[test]
fn left_and_right_leave_a_selection_at_its_edge() {
    let mut harness = pane("He denied it.");
    for (key, expected) in [(Key::ArrowLeft, 3), (Key::ArrowRight, 9)] {
        let reader = &mut harness.state_mut().reader;
        reader.take_focus();
        reader.select(TextRange::from_bytes(3..9));
        harness.run();
        harness.key_press(key);
        harness.run();
        assert_eq!(harness.state().reader.caret(), ByteOffset::new(expected));
        assert_eq!(harness.state().reader.selection(), None);
    }
}

#[test]
fn a_pane_lower_than_its_scroll_bar_is_shown() {
    let mut harness = pane(&"A paragraph of some words.\n".repeat(200));
    for height in [20.0, 1.0] {
        harness.set_size(vec2(760.0, height));
        harness.run();
    }
}

#[test]
fn a_screen_reader_is_told_the_marks() {
    let harness = pane("He said [that [nobody] ever asked] for it.");
    let mut labels: Vec<String> = harness
        .query_all(by().role(Role::Mark))
        .filter_map(|mark| mark.accesskit_node().label())
        .collect();
    labels.sort();
    assert_eq!(labels, ["Denial: nobody", "Denial: that nobody ever asked"]);
}

#[test]
fn a_drag_selects_and_is_reported_trimmed() {
    let mut harness = pane("He denied it at once, she said.");
    let (from, to) = (place_of(&harness, "denied"), place_of(&harness, "once"));
    drag(&mut harness, from, to);
    let Some(ReaderEvent::Selected { range }) = harness.state().events.last().cloned() else {
        panic!("no selection reported: {:?}", harness.state().events);
    };
    let text = "He denied it at once, she said.";
    assert!(
        text[range.bytes()].contains("it at"),
        "{:?}",
        &text[range.bytes()]
    );
    assert_eq!(text[range.bytes()].trim(), &text[range.bytes()]);
}

#[test]
fn two_clicks_take_the_word_three_the_sentence_four_the_paragraph() {
    let mut harness = pane("He denied it. She did not, he said.\nNothing else.");
    let at = place_of(&harness, "did");
    let mut seen = Vec::new();
    for _ in 0..4 {
        harness.drag_at(at);
        harness.drop_at(at);
        harness.run_steps(1);
        seen.push(selected(&harness));
    }
    assert_eq!(
        seen[1..],
        [
            "did",
            "She did not, he said.",
            "He denied it. She did not, he said."
        ]
    );
}

#[test]
fn a_click_on_a_stack_reports_the_innermost_first() {
    let mut harness = pane("He said [that [nobody] ever asked] for it.");
    let at = place_of(&harness, "nobody");
    harness.hover_at(at);
    harness.run();
    // The inner stretch was closed first, so it is number 1.
    assert_eq!(
        harness.state().hovered,
        [DecorationKey(1), DecorationKey(2)]
    );
    harness.drag_at(at);
    harness.drop_at(at);
    harness.run();
    let Some(ReaderEvent::Clicked { keys, .. }) = harness.state().events.last().cloned() else {
        panic!("no click reported: {:?}", harness.state().events);
    };
    assert_eq!(keys, [DecorationKey(1), DecorationKey(2)]);
}

#[test]
fn a_resting_pointer_points_at_nothing_that_a_jump_brought_under_it() {
    let mut harness = pane("He said [that nobody] ever asked for it.");
    let at = place_of(&harness, "nobody");
    harness.hover_at(at);
    harness.run();
    assert_eq!(harness.state().hovered, [DecorationKey(1)]);
    let range = TextRange::from_bytes(0..2);
    harness.state_mut().reader.reveal(range);
    harness.run();
    assert!(harness.state().hovered.is_empty());
    harness.hover_at(at + vec2(2.0, 0.0));
    harness.run();
    assert_eq!(harness.state().hovered, [DecorationKey(1)]);
}

#[test]
fn the_keyboard_selects_by_words_lines_and_paragraphs() {
    let mut harness = pane("One two three.\nFour five.");
    harness.state_mut().reader.take_focus();
    harness.run();
    let shift = Modifiers::SHIFT;
    let word = Modifiers::CTRL | Modifiers::COMMAND | Modifiers::SHIFT;
    harness.key_press_modifiers(word, Key::ArrowRight);
    harness.run();
    assert_eq!(selected(&harness), "One");
    harness.key_press_modifiers(shift, Key::ArrowRight);
    harness.key_press_modifiers(shift, Key::ArrowRight);
    harness.run();
    assert_eq!(selected(&harness), "One t");
    harness.key_press_modifiers(shift, Key::End);
    harness.run();
    assert_eq!(selected(&harness), "One two three.");
    harness.key_press(Key::ArrowDown);
    harness.run();
    assert_eq!(harness.state().reader.caret(), ByteOffset::new(25));
}

#[test]
fn a_drag_in_one_slow_frame_begins_where_the_button_went_down() {
    use egui::{Event, PointerButton};
    let mut harness = pane("He denied it at once, she said.");
    let (from, to) = (place_of(&harness, "denied"), place_of(&harness, "once"));
    harness.hover_at(from);
    harness.run();
    let button = |pos, pressed| Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    let input = harness.input_mut();
    input.events.push(button(from, true));
    input.events.push(Event::PointerMoved(to));
    harness.step();
    let input = harness.input_mut();
    input.events.push(Event::PointerMoved(to + vec2(1.0, 0.0)));
    input.events.push(button(to + vec2(1.0, 0.0), false));
    harness.step();
    let Some(ReaderEvent::Selected { range }) = harness.state().events.last().cloned() else {
        panic!("no selection reported: {:?}", harness.state().events);
    };
    let text = &"He denied it at once, she said."[range.bytes()];
    assert!(text.starts_with("ied it at on"), "{text:?}");
}

#[test]
fn a_handle_moves_the_end_of_the_chosen_stretch() {
    let mut harness = pane("He said [that nobody] ever asked for it.");
    harness.state_mut().chosen = Some(DecorationKey(1));
    harness.run();
    let from = harness
        .get_by_label("End of the annotation")
        .rect()
        .center();
    let to = place_of(&harness, "asked");
    drag(&mut harness, from, to);
    let Some(ReaderEvent::EndMoved {
        key,
        segment,
        range,
    }) = harness.state().events.last().cloned()
    else {
        panic!("no move reported: {:?}", harness.state().events);
    };
    assert_eq!((key, segment), (DecorationKey(1), 0));
    assert_eq!(range.start().get(), 8);
    assert!(
        "He said that nobody ever asked for it."[range.bytes()].starts_with("that nobody ever as"),
        "{range}"
    );
}

#[test]
fn a_drag_out_of_the_pane_scrolls() {
    let mut harness = pane(&"A paragraph of some words.\n".repeat(200));
    let before = harness.state().reader.visible();
    harness.drag_at(pos2(300.0, 200.0));
    harness.run_steps(1);
    for _ in 0..30 {
        harness.hover_at(pos2(300.0, 420.0));
        harness.run_steps(1);
    }
    assert!(harness.state().reader.visible().start() > before.start());
    harness.drop_at(pos2(300.0, 420.0));
    harness.run();
    assert!(
        harness
            .state()
            .reader
            .selection()
            .is_some_and(|range| range.len() > 500)
    );
}

#[test]
fn the_pane_looks_as_it_should() {
    let mut harness = pane(
        "Back doors?\n\nThe firm [denied] it: “[We never [built] one],” its lawyer said.\n[A note] on the word السلام here.",
    );
    harness.remove_cursor();
    harness
        .state_mut()
        .reader
        .select(TextRange::from_bytes(0..10));
    harness.state_mut().chosen = Some(DecorationKey(1));
    harness.run();
    harness.snapshot("pane");
}
