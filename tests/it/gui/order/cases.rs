//! Named cases: what went to the wrong mark, or to no field, while the window was busy.

use super::{
    Delivery, Scene,
    acts::{CTRL, click, drag},
    key, letters, press, release, typed,
};
use egui::{Event, Key, Modifiers, Vec2, accesskit::Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use sourcemark::files;

const NONE: Modifiers = Modifiers::NONE;
const MARKED: [&str; 3] = [
    "The maker: allegation",
    "It has a back: denial (who?)",
    "Nobody has shown: ",
];

/// Lets go of the chosen mark and selects the line below its own.
fn select_elsewhere() -> Vec<Delivery> {
    [
        key(NONE, Key::Escape),
        key(CTRL, Key::End),
        key(NONE, Key::ArrowUp),
        key(NONE, Key::Home),
        key(Modifiers::SHIFT, Key::End),
    ]
    .concat()
}

/// The marks that the events come to, together as well as one by one.
fn marks_after(deliveries: &[Delivery]) -> Vec<String> {
    let mut scene = Scene::new();
    assert_eq!(scene.marks(), MARKED);
    scene.together(deliveries);
    let mut patient = Scene::new();
    patient.one_by_one(deliveries);
    assert_eq!(scene.marks(), patient.marks(), "together and one by one");
    scene.marks()
}

#[test]
fn a_tag_goes_to_the_passage_that_was_selected_before_it() {
    let marks = marks_after(&[select_elsewhere(), typed(Key::Num2, "2")].concat());
    assert_eq!(marks[..3], MARKED);
    assert_eq!(marks[3..], ["The minister will decide in May.: denial"]);
}

#[test]
fn delete_spares_the_mark_that_was_chosen_before() {
    let delete = key(NONE, Key::Delete);
    assert_eq!(
        marks_after(&[key(NONE, Key::Escape), key(NONE, Key::Escape), delete].concat()),
        MARKED
    );
}

#[test]
fn what_follows_the_key_for_a_note_is_typed_into_it() {
    let marks = marks_after(
        &[
            key(NONE, Key::Enter),
            letters("hello12"),
            key(CTRL, Key::Enter),
        ]
        .concat(),
    );
    assert_eq!(marks[0], "The maker: allegation (hello12)");
    assert_eq!(marks[1..], MARKED[1..]);
}

#[test]
fn what_follows_the_key_for_commands_is_typed_into_the_field() {
    let mut scene = Scene::new();
    scene.together(&[key(CTRL, Key::K), letters("123")].concat());
    assert_eq!(scene.marks(), MARKED);
    assert_eq!(scene.field(Role::SearchInput, "Find a command"), "123");
}

#[test]
fn what_follows_the_key_for_the_list_is_typed_into_its_filter() {
    let mut scene = Scene::new();
    scene.together(&[key(NONE, Key::F6), letters("123")].concat());
    assert_eq!(scene.marks(), MARKED);
    assert_eq!(scene.field(Role::SearchInput, "Filter annotations"), "123");
}

#[test]
fn a_command_is_found_and_carried_out() {
    let mut scene = Scene::new();
    scene.together(
        &[
            key(CTRL, Key::K),
            letters("dark"),
            key(NONE, Key::Enter),
            typed(Key::Num2, "2"),
        ]
        .concat(),
    );
    let state = scene.harness.state().state();
    assert_eq!(state.preferences.theme, sourcemark::app::ThemeChoice::Dark);
    assert!(state.modal.is_none());
    assert_eq!(scene.marks()[0], "The maker: allegation denial");
}

#[test]
fn enter_answers_the_question_that_the_key_before_asked() {
    let mut scene = Scene::new();
    let path = scene.article().unwrap().path.clone();
    let close = [
        typed(Key::Num2, "2"),
        key(CTRL, Key::W),
        key(NONE, Key::Enter),
        typed(Key::Num3, "3"),
    ];
    scene.together(&close.concat());
    assert!(scene.article().is_none(), "saved and closed");
    let saved = super::read(&files::annotations_beside(&path));
    assert!(saved.contains(r#"["allegation", "denial"]"#), "{saved}");
    assert!(
        !saved.contains(r#""expert-opinion"]"#),
        "3 came when nothing was open: {saved}"
    );
}

#[test]
fn a_save_between_two_marks_has_the_first_alone() {
    let mut scene = Scene::new();
    scene.together(
        &[
            typed(Key::Num2, "2"),
            key(CTRL, Key::S),
            typed(Key::Num3, "3"),
        ]
        .concat(),
    );
    let path = scene.article().unwrap().path.clone();
    let saved = super::read(&files::annotations_beside(&path));
    assert!(saved.contains(r#"["allegation", "denial"]"#), "{saved}");
    assert!(scene.article().unwrap().is_unsaved());
    assert_eq!(
        scene.marks()[0],
        "The maker: allegation denial expert-opinion"
    );
}

#[test]
fn a_path_is_typed_opened_and_marked() {
    let mut scene = Scene::new();
    let second = scene.folder.path().join("second.txt");
    std::fs::write(&second, "Another one.\n").unwrap();
    let path = vec![vec![Event::Paste(second.to_str().unwrap().to_owned())]];
    let open = [
        key(CTRL | Modifiers::SHIFT, Key::O),
        key(CTRL, Key::A),
        path,
        key(NONE, Key::Enter),
    ];
    let mark = [
        key(CTRL, Key::Home),
        key(Modifiers::SHIFT, Key::End),
        typed(Key::Num2, "2"),
    ];
    scene.together(&[open.concat(), mark.concat()].concat());
    assert_eq!(scene.article().unwrap().path, second);
    assert_eq!(scene.marks(), ["Another one.: denial"]);
}

#[test]
fn a_click_chooses_what_the_next_key_is_for() {
    let scene = Scene::new();
    let row = scene.places().second_row;
    let marks = marks_after(&[click(row), typed(Key::Num3, "3")].concat());
    assert_eq!(marks[0], MARKED[0]);
    assert_eq!(marks[1], "It has a back: denial expert-opinion (who?)");
}

#[test]
fn a_drag_selects_what_the_next_key_marks() {
    let places = Scene::new().places();
    let across = drag(places.unmarked, places.unmarked + Vec2::new(400.0, 0.0));
    let marks = marks_after(&[across, typed(Key::Num1, "1"), key(NONE, Key::Escape)].concat());
    assert_eq!(marks[..3], MARKED);
    assert!(marks[3].ends_with(": allegation"), "{marks:?}");
    assert!(
        "The minister will decide in May.: allegation".contains(&marks[3]),
        "{marks:?}"
    );
}

#[test]
fn a_key_before_a_click_is_for_what_was_chosen_then() {
    let scene = Scene::new();
    let row = scene.places().second_row;
    let marks = marks_after(&[typed(Key::Num3, "3"), click(row), key(NONE, Key::Delete)].concat());
    assert_eq!(marks, ["The maker: allegation expert-opinion", MARKED[2]]);
}

#[test]
fn a_note_is_written_cut_and_pasted_in_the_order_of_the_keys() {
    let mut scene = Scene::new();
    let write = [key(NONE, Key::Enter), letters("abc"), key(CTRL, Key::A)];
    // The window system has put what was in the clipboard then into the event.
    let paste = || vec![vec![Event::Paste("of before".to_owned())]];
    let cut = [
        vec![vec![Event::Cut]],
        letters("x"),
        paste(),
        paste(),
        key(CTRL, Key::Enter),
    ];
    scene.together(&[write.concat(), cut.concat()].concat());
    assert_eq!(scene.marks()[0], "The maker: allegation (xabcabc)");
}

#[test]
fn what_is_pasted_later_is_what_the_clipboard_has_then() {
    let mut scene = Scene::new();
    scene.together(
        &[
            key(NONE, Key::Enter),
            letters("a"),
            key(CTRL, Key::A),
            vec![vec![Event::Cut]],
        ]
        .concat(),
    );
    scene.together(
        &[
            vec![vec![Event::Paste("new".to_owned())]],
            key(CTRL, Key::Enter),
        ]
        .concat(),
    );
    assert_eq!(scene.marks()[0], "The maker: allegation (new)");
}

#[test]
fn an_input_method_writes_into_the_note_that_was_asked_for() {
    let commit = vec![vec![Event::Ime(egui::ImeEvent::Commit("é".to_owned()))]];
    let marks = marks_after(&[key(NONE, Key::Enter), commit, key(CTRL, Key::Enter)].concat());
    assert_eq!(marks[0], "The maker: allegation (é)");
}

#[test]
fn a_screen_reader_removes_what_it_was_told_is_chosen() {
    let mut scene = Scene::new();
    let node = scene.harness.get_by_label("Remove annotation");
    let (target_node, target_tree) = node.accesskit_node().locate();
    let remove = Event::AccessKitActionRequest(egui::accesskit::ActionRequest {
        action: egui::accesskit::Action::Click,
        target_tree,
        target_node,
        data: None,
    });
    let next = typed(Key::N, "n");
    scene.together(&[next, vec![vec![remove]], typed(Key::Num1, "1")].concat());
    assert_eq!(scene.marks(), [MARKED[0], MARKED[2]]);
}

#[test]
fn tab_after_tab_goes_from_field_to_field() {
    let reference = |together: bool| {
        let mut scene = Scene::new();
        let steps = vec![key(NONE, Key::Tab); 5].concat();
        if together {
            scene.together(&steps);
        } else {
            scene.one_by_one(&steps);
        }
        scene.picture()
    };
    assert_eq!(reference(true), reference(false));
}

#[test]
fn escape_from_a_note_keeps_what_was_typed() {
    let marks = marks_after(
        &[
            key(NONE, Key::Enter),
            letters("ab"),
            key(NONE, Key::Escape),
            letters("nn2"),
        ]
        .concat(),
    );
    // Escape lets go of the mark as well: the first n is for the first mark again.
    assert_eq!(marks[0], "The maker: allegation (ab)");
    assert_eq!(marks[1], "It has a back:  (who?)", "its denial is taken");
}

#[test]
fn a_key_that_is_held_does_not_leave_a_queue_behind() {
    let long = "One line.\n".repeat(400);
    let mut scene = Scene::with(&long, &[]);
    let down = |n| vec![press(NONE, Key::ArrowDown); n];
    scene.harness.input_mut().events.extend(down(1_000));
    let n_frames = scene.harness.run();
    assert!(
        n_frames <= 12,
        "{n_frames} frames for a key that was held while the window was busy"
    );
    scene.deliver(vec![release(NONE, Key::ArrowDown)]);
    let caret = scene.article().unwrap().reader.caret();
    // Pressed ten times, it goes ten lines down.
    let tapped = vec![key(NONE, Key::ArrowDown).concat(); 30].concat();
    scene.deliver(tapped);
    let lines = (scene.article().unwrap().reader.caret().get() - caret.get()) / 10;
    assert_eq!(lines, 30);
}

#[test]
fn letters_are_never_left_out() {
    let mut scene = Scene::new();
    scene.together(
        &[
            key(NONE, Key::Enter),
            vec![typed(Key::A, "a"); 300]
                .concat()
                .concat()
                .into_iter()
                .map(|event| vec![event])
                .collect(),
            key(CTRL, Key::Enter),
        ]
        .concat(),
    );
    assert_eq!(
        scene.marks()[0],
        format!("The maker: allegation ({})", "a".repeat(300))
    );
}

#[test]
fn the_window_closes_after_the_keys_before() {
    let mut scene = Scene::new();
    let input = scene.harness.input_mut();
    input
        .events
        .extend([typed(Key::Num2, "2"), key(CTRL, Key::S)].concat().concat());
    let viewport = input.viewports.values_mut().next().unwrap();
    viewport.events.push(egui::ViewportEvent::Close);
    scene.harness.run();
    assert!(
        scene.harness.state().may_close(),
        "there is nothing unsaved to ask about"
    );
    let path = scene.article().unwrap().path.clone();
    assert!(super::read(&files::annotations_beside(&path)).contains(r#"["allegation", "denial"]"#));
}

/// Plays the window system: each of `frames` is delivered in a frame of its own, and whatever the program wants of its
/// window reaches it in the next. Whether the window was closed.
fn is_closed_by(scene: &mut Scene, frames: Vec<Delivery>) -> bool {
    let mut wants_to_close = false;
    let resting = std::iter::repeat_n(Delivery::new(), 30);
    for events in frames.into_iter().chain(resting) {
        let input = scene.harness.input_mut();
        input.events.extend(events);
        if wants_to_close {
            let viewport = input.viewports.values_mut().next().unwrap();
            viewport.events.push(egui::ViewportEvent::Close);
        }
        scene.harness.step();
        let commands: Vec<_> = scene
            .harness
            .output()
            .viewport_output
            .values()
            .flat_map(|viewport| &viewport.commands)
            .collect();
        if wants_to_close && !commands.contains(&&egui::ViewportCommand::CancelClose) {
            return true;
        }
        wants_to_close = commands.contains(&&egui::ViewportCommand::Close);
    }
    false
}

#[test]
fn the_key_that_ends_the_program_is_not_taken_back_by_what_comes_after_it() {
    let quit = vec![Event::ModifiersChanged(CTRL), press(CTRL, Key::Q)];
    let moved = |x| vec![Event::PointerMoved(egui::pos2(x, 300.0))];
    let afterwards = [
        vec![],
        vec![vec![release(CTRL, Key::Q)]],
        vec![moved(300.0), moved(301.0), moved(302.0)],
        typed(Key::N, "n"),
    ];
    for after in afterwards {
        for n_resting in 0..4 {
            let mut frames = vec![quit.clone()];
            frames.extend(vec![Delivery::new(); n_resting]);
            frames.extend(after.clone());
            assert!(
                is_closed_by(&mut Scene::new(), frames),
                "{after:?} after {n_resting} frames"
            );
        }
    }
}

/// A panel that comes or goes, a dialog that opens: the page is laid out anew, and the keyboard is nowhere for a pass.
#[test]
fn a_key_behind_one_that_shows_or_hides_something_waits_for_the_keyboard() {
    let openers = [
        ("F10", key(NONE, Key::F10)),
        ("F9", key(NONE, Key::F9)),
        (
            "F9, F10",
            [key(NONE, Key::F9), key(NONE, Key::F10)].concat(),
        ),
        ("F10, F10", vec![key(NONE, Key::F10); 2].concat()),
        ("F1", key(NONE, Key::F1)),
        ("Ctrl+T", key(CTRL, Key::T)),
        ("Ctrl+comma", key(CTRL, Key::Comma)),
    ];
    let followers = [
        ("Up", key(NONE, Key::ArrowUp)),
        ("F6", key(NONE, Key::F6)),
        (
            "Enter and a note",
            [key(NONE, Key::Enter), letters("a2")].concat(),
        ),
    ];
    let mut different = Vec::new();
    for (opener, opens) in &openers {
        for (follower, follows) in &followers {
            let deliveries = [&opens[..], follows].concat();
            let mut together = Scene::new();
            together.together(&deliveries);
            let mut one_by_one = Scene::new();
            one_by_one.one_by_one(&deliveries);
            if together.picture() != one_by_one.picture() {
                different.push(format!("{opener}, {follower}"));
            }
        }
    }
    assert!(different.is_empty(), "{different:#?}");
}

#[test]
fn what_scrolls_has_scrolled_before_the_next_key_or_click() {
    let scene = Scene::new();
    let places = scene.places();
    let acts = super::acts::more(&places);
    let act = |name: &str| -> Vec<Delivery> {
        let mut acts = acts.iter();
        acts.find(|(known, _)| *known == name).unwrap().1.clone()
    };
    for pair in [["wheel", "Ctrl+K"], ["P", "click a row"]] {
        let deliveries: Vec<Delivery> = pair.iter().flat_map(|name| act(name)).collect();
        let mut together = Scene::new();
        together.together(&deliveries);
        let mut one_by_one = Scene::new();
        one_by_one.one_by_one(&deliveries);
        assert_eq!(together.picture(), one_by_one.picture(), "{pair:?}");
    }
}
