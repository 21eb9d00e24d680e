//! What a person may do next, for the laws: each as the events a window gets for it.

use super::{Delivery, Places, key, typed, with_modifiers};
use egui::{Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, TouchPhase, vec2};

/// Ctrl, or what a Mac has for it: in tests there is one keyboard.
pub const CTRL: Modifiers = Modifiers::COMMAND.plus(Modifiers::CTRL);

/// All of them, by name.
pub fn all(places: &Places) -> Vec<(&'static str, Vec<Delivery>)> {
    let plain = |which| key(Modifiers::NONE, which);
    let shift = |which| key(Modifiers::SHIFT, which);
    let ctrl = |which| key(CTRL, which);
    vec![
        ("Down", plain(Key::ArrowDown)),
        ("Right", plain(Key::ArrowRight)),
        ("Shift+Right", shift(Key::ArrowRight)),
        ("Home", plain(Key::Home)),
        ("Shift+End", shift(Key::End)),
        (
            "Ctrl+Shift+Right",
            key(CTRL | Modifiers::SHIFT, Key::ArrowRight),
        ),
        ("Escape", plain(Key::Escape)),
        ("Enter", plain(Key::Enter)),
        ("Delete", plain(Key::Delete)),
        ("Tab", plain(Key::Tab)),
        ("Shift+Tab", shift(Key::Tab)),
        ("1", typed(Key::Num1, "1")),
        ("2", typed(Key::Num2, "2")),
        ("S", typed(Key::S, "s")),
        ("A", typed(Key::A, "a")),
        ("M", typed(Key::M, "m")),
        ("O", typed(Key::O, "o")),
        ("N", typed(Key::N, "n")),
        ("H", typed(Key::H, "h")),
        ("Space", typed(Key::Space, " ")),
        ("Alt+Right", key(Modifiers::ALT, Key::ArrowRight)),
        ("Ctrl+Enter", ctrl(Key::Enter)),
        ("Ctrl+Z", ctrl(Key::Z)),
        ("Ctrl+Y", ctrl(Key::Y)),
        ("Ctrl+S", ctrl(Key::S)),
        ("Ctrl+K", ctrl(Key::K)),
        ("Ctrl+W", ctrl(Key::W)),
        ("F6", plain(Key::F6)),
        ("paste", vec![vec![Event::Paste("pasted".to_owned())]]),
        ("click", click(places.unmarked)),
        ("click a row", click(places.second_row)),
        ("click the note", click(places.note)),
        ("drag", drag(places.first_word, places.further)),
    ]
}

/// More of them, for pairs only.
pub fn more(places: &Places) -> Vec<(&'static str, Vec<Delivery>)> {
    let ctrl = |which| key(CTRL, which);
    let twice = [click(places.first_word), click(places.first_word)].concat();
    let with_shift = with_modifiers(Modifiers::SHIFT, button(places.further, Modifiers::SHIFT));
    let mut acts = all(places);
    acts.extend([
        ("Ctrl+A", ctrl(Key::A)),
        ("Ctrl+F", ctrl(Key::F)),
        ("F3", key(Modifiers::NONE, Key::F3)),
        ("Ctrl+T", ctrl(Key::T)),
        ("Ctrl+I", ctrl(Key::I)),
        ("Ctrl+comma", ctrl(Key::Comma)),
        ("Ctrl+Shift+O", key(CTRL | Modifiers::SHIFT, Key::O)),
        ("F1", key(Modifiers::NONE, Key::F1)),
        ("F10", key(Modifiers::NONE, Key::F10)),
        ("B", typed(Key::B, "b")),
        ("P", typed(Key::P, "p")),
        ("Backspace", key(Modifiers::NONE, Key::Backspace)),
        ("Up", key(Modifiers::NONE, Key::ArrowUp)),
        ("Page down", key(Modifiers::NONE, Key::PageDown)),
        (
            "a letter no key has",
            vec![vec![Event::Text("é".to_owned())]],
        ),
        ("copy", vec![vec![Event::Copy]]),
        ("cut", vec![vec![Event::Cut]]),
        ("double click", twice),
        ("Shift+click", with_shift),
        (
            "wheel",
            vec![vec![Event::PointerMoved(places.unmarked)], vec![wheel()]],
        ),
        ("write with an input method", input_method()),
    ]);
    acts
}

/// The pointer goes to `at`, and its first button goes down and up.
pub fn click(at: Pos2) -> Vec<Delivery> {
    let mut deliveries = vec![vec![Event::PointerMoved(at)]];
    deliveries.extend(button(at, Modifiers::NONE));
    deliveries
}

fn button(at: Pos2, modifiers: Modifiers) -> Vec<Delivery> {
    [true, false]
        .map(|pressed| vec![first_button(at, pressed, modifiers)])
        .into()
}

fn first_button(pos: Pos2, pressed: bool, modifiers: Modifiers) -> Event {
    Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers,
    }
}

/// From one place to another with the button down.
pub fn drag(from: Pos2, to: Pos2) -> Vec<Delivery> {
    vec![
        vec![Event::PointerMoved(from)],
        vec![first_button(from, true, Modifiers::NONE)],
        vec![Event::PointerMoved(from.lerp(to, 0.5))],
        vec![Event::PointerMoved(to)],
        vec![first_button(to, false, Modifiers::NONE)],
    ]
}

fn wheel() -> Event {
    Event::MouseWheel {
        unit: MouseWheelUnit::Line,
        delta: vec2(0.0, -1.0),
        phase: TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    }
}

/// What an input method sends: what is being composed, and then the result.
fn input_method() -> Vec<Delivery> {
    let preedit = |text: &str| {
        vec![Event::Ime(egui::ImeEvent::Preedit {
            text: text.to_owned(),
            active_range_chars: None,
        })]
    };
    let commit = vec![Event::Ime(egui::ImeEvent::Commit("é".to_owned()))];
    vec![preedit("e'"), preedit(""), commit]
}
