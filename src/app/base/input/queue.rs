//! What has come in and still waits, and how much of it the next pass may have.
//!
//! egui shows a pass all events at once: shortcuts are looked for before fields and panes have seen the keys that
//! came earlier. So a pass gets at most one event that may change anything, with what belongs to it.

use egui::{Event, Key, Modifiers, MouseWheelUnit, PointerButton, TouchPhase};
use std::collections::{BTreeSet, VecDeque};

/// From this many waiting events on, repeats of a held navigation key are left out.
const LONG: usize = 16;

/// When an event came in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arrival {
    /// Of egui's clock.
    pub seconds: f64,
    /// The frame, counted from the first.
    pub frame: u64,
}

#[derive(Clone, Debug)]
struct Waiting {
    event: Event,
    arrival: Arrival,
}

/// What a batch may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Nothing: releases, modifiers.
    Nothing,
    /// What it changes shows at once: the pointer or the caret moves, a field gets letters.
    Light,
    /// Anything; its effect may need another pass.
    Heavy,
}

/// Events for one pass.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// In the order in which they came.
    pub events: Vec<Event>,
    /// What they may change.
    pub weight: Weight,
    /// When the first of them came; `None` when there are none.
    pub arrival: Option<Arrival>,
}

/// Events in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    waiting: VecDeque<Waiting>,
    /// Keys that are down by what has come in: only a press of one of them is a repeat.
    keys_down: BTreeSet<Key>,
    /// Buttons that are down by what was handed out.
    buttons_down: Vec<PointerButton>,
}

/// How events take part in a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Changes nothing by itself.
    Quiet,
    /// The pointer goes somewhere; only where it ends counts.
    Move,
    /// Scrolling and zooming add up.
    Scroll,
    /// Anything else.
    Act,
}

/// What a batch that is put together has in it so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run {
    Empty,
    Moves,
    Scroll,
    Letters,
}

impl Queue {
    /// Adds an event that has come in.
    pub fn push(&mut self, event: Event, arrival: Arrival) {
        match &event {
            Event::Key {
                key, pressed: true, ..
            } => {
                let is_repeat = !self.keys_down.insert(*key);
                if is_repeat
                    && self.waiting.len() >= LONG
                    && moves_on(*key)
                    && self.ends_with(&event)
                {
                    return;
                }
            }
            Event::Key {
                key,
                pressed: false,
                ..
            } => {
                self.keys_down.remove(key);
            }
            // Releases of keys are not heard of while another window has the keyboard.
            Event::WindowFocused(false) => self.keys_down.clear(),
            _ => {}
        }
        self.waiting.push_back(Waiting { event, arrival });
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// When the first that waits came in.
    pub fn first_arrival(&self) -> Option<Arrival> {
        self.waiting.front().map(|waiting| waiting.arrival)
    }

    /// Whether the next thing to happen is a button: what is hit depends on where everything is.
    pub fn aims(&self) -> bool {
        let next = self
            .waiting
            .iter()
            .find(|waiting| kind(&waiting.event) == Kind::Act);
        next.is_some_and(|waiting| matches!(waiting.event, Event::PointerButton { .. }))
    }

    /// Takes what comes next; `in_text_field` says whether a field has the keyboard, which may have a run of
    /// letters at once.
    pub fn take(&mut self, in_text_field: bool) -> Batch {
        let (n_events, weight) = self.extent(in_text_field);
        self.split(n_events, weight)
    }

    /// Takes what changes nothing, up to what does.
    pub fn take_quiet(&mut self) -> Batch {
        let mut waiting = self.waiting.iter();
        let n_events = waiting.position(|waiting| kind(&waiting.event) != Kind::Quiet);
        self.split(n_events.unwrap_or(self.waiting.len()), Weight::Nothing)
    }

    /// Puts what was just copied in the place of what is still to be pasted: the system's clipboard was read when
    /// the key came in, before the copying that came earlier.
    pub fn copied(&mut self, text: &str) {
        for waiting in &mut self.waiting {
            if matches!(waiting.event, Event::Paste(_) | Event::PasteImage(_)) {
                waiting.event = Event::Paste(text.to_owned());
            }
        }
    }

    fn split(&mut self, n_events: usize, weight: Weight) -> Batch {
        let arrival = (n_events > 0).then(|| self.first_arrival()).flatten();
        let events: Vec<Event> = self
            .waiting
            .drain(..n_events)
            .map(|waiting| waiting.event)
            .collect();
        for event in &events {
            if let Event::PointerButton {
                button, pressed, ..
            } = event
            {
                self.buttons_down.retain(|down| down != button);
                if *pressed {
                    self.buttons_down.push(*button);
                }
            }
        }
        Batch {
            events,
            weight,
            arrival,
        }
    }

    /// Whether the last that waits, moves of the pointer aside, is the same press.
    fn ends_with(&self, event: &Event) -> bool {
        let mut waiting = self.waiting.iter().rev().map(|waiting| &waiting.event);
        match (waiting.find(|waiting| kind(waiting) != Kind::Move), event) {
            (
                Some(Event::Key {
                    key: last,
                    pressed: true,
                    modifiers: with,
                    ..
                }),
                Event::Key { key, modifiers, .. },
            ) => last == key && with == modifiers,
            _ => false,
        }
    }

    /// How many events the next pass may have together.
    fn extent(&self, in_text_field: bool) -> (usize, Weight) {
        let mut run = Run::Empty;
        let mut idx = 0;
        while let Some(event) = self.event(idx) {
            let is_free = self.buttons_down.is_empty();
            match (kind(event), run) {
                (Kind::Quiet, _) => idx += 1,
                (Kind::Move, Run::Empty | Run::Moves) => {
                    run = Run::Moves;
                    idx += 1;
                }
                (Kind::Scroll, Run::Empty | Run::Scroll) => {
                    run = Run::Scroll;
                    idx += 1;
                }
                // While nothing is dragged, moves only say where the pointer is by then.
                (Kind::Scroll, Run::Moves) if is_free => {
                    run = Run::Scroll;
                    idx += 1;
                }
                (Kind::Act, Run::Empty | Run::Letters) if in_text_field && self.is_letter(idx) => {
                    run = Run::Letters;
                    idx += self.length_with_text(idx);
                }
                (Kind::Act, Run::Empty) => return (self.end_of_act(idx), weight(event)),
                (Kind::Act, Run::Moves)
                    if is_free && matches!(event, Event::PointerButton { .. }) =>
                {
                    return (idx + 1, Weight::Heavy);
                }
                _ => break,
            }
        }
        let weight = match run {
            Run::Empty => Weight::Nothing,
            Run::Moves | Run::Scroll | Run::Letters => Weight::Light,
        };
        (idx, weight)
    }

    fn event(&self, idx: usize) -> Option<&Event> {
        self.waiting.get(idx).map(|waiting| &waiting.event)
    }

    /// Where the act at `idx` ends: with the text that its key types, and the keys let go right after it.
    fn end_of_act(&self, idx: usize) -> usize {
        let mut end = idx + self.length_with_text(idx);
        if matches!(self.event(idx), Some(Event::Key { .. } | Event::Text(_))) {
            while let Some(Event::Key { pressed: false, .. }) = self.event(end) {
                end += 1;
            }
        }
        end
    }

    /// How many events one press of a key is: the press, and the text if it types one.
    fn length_with_text(&self, idx: usize) -> usize {
        let types = match self.event(idx) {
            Some(Event::Key { key, modifiers, .. }) => types(*key, *modifiers),
            _ => false,
        };
        let has_text = matches!(self.event(idx + 1), Some(Event::Text(_)));
        if types && has_text { 2 } else { 1 }
    }

    /// Whether a field takes the event at `idx` as letters, and nothing else listens to it.
    fn is_letter(&self, idx: usize) -> bool {
        match self.event(idx) {
            Some(Event::Text(_)) => true,
            Some(Event::Key { modifiers, .. }) => !modifiers.alt && self.length_with_text(idx) == 2,
            _ => false,
        }
    }
}

/// egui takes a step of up to so many points as that of a smooth device and scrolls at once.
const SMOOTH_STEP: f32 = 7.0;
/// Most steps that one turn of a wheel is parted into; a longer turn is left to egui.
const MAX_STEPS: f32 = 400.0;

/// Makes turns of the wheel act within one pass, for what comes after them; egui would spread them over many frames.
/// `line_speed`: points for one line.
pub fn scroll_at_once(events: &mut Vec<Event>, line_speed: f32) {
    let mut steps = Vec::with_capacity(events.len());
    for event in events.drain(..) {
        let Event::MouseWheel {
            unit,
            delta,
            phase: TouchPhase::Move,
            source,
            modifiers,
        } = event
        else {
            steps.push(event);
            continue;
        };
        let points = match unit {
            MouseWheelUnit::Point => delta,
            MouseWheelUnit::Line => line_speed * delta,
            MouseWheelUnit::Page => {
                steps.push(event);
                continue;
            }
        };
        let n_steps = (points.length() / SMOOTH_STEP).ceil();
        if !(1.0..=MAX_STEPS).contains(&n_steps) {
            steps.push(event);
            continue;
        }
        let step = Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: points / n_steps,
            phase: TouchPhase::Move,
            source,
            modifiers,
        };
        steps.extend(std::iter::repeat_n(step, n_steps as usize));
    }
    *events = steps;
}

fn kind(event: &Event) -> Kind {
    match event {
        Event::ModifiersChanged(_)
        | Event::Key { pressed: false, .. }
        | Event::MouseMoved(_)
        | Event::WindowFocused(_)
        | Event::Touch { .. } => Kind::Quiet,
        Event::PointerMoved(_) | Event::PointerGone => Kind::Move,
        Event::MouseWheel { .. } | Event::Zoom(_) | Event::Rotate(_) => Kind::Scroll,
        _ => Kind::Act,
    }
}

/// A motion of the caret shows at once; Alt moves the ends of a mark.
fn weight(event: &Event) -> Weight {
    match event {
        Event::Key { key, modifiers, .. } if moves_on(*key) && !modifiers.alt => Weight::Light,
        _ => Weight::Heavy,
    }
}

/// Keys that only go somewhere.
fn moves_on(key: Key) -> bool {
    matches!(
        key,
        Key::ArrowDown
            | Key::ArrowLeft
            | Key::ArrowRight
            | Key::ArrowUp
            | Key::Home
            | Key::End
            | Key::PageUp
            | Key::PageDown
    )
}

/// Whether the text behind a press can be what this key types.
fn types(key: Key, modifiers: Modifiers) -> bool {
    let is_command = modifiers.ctrl || modifiers.command || modifiers.mac_cmd;
    let is_named = moves_on(key)
        || matches!(
            key,
            Key::Escape
                | Key::Tab
                | Key::Backspace
                | Key::Enter
                | Key::Insert
                | Key::Delete
                | Key::Copy
                | Key::Cut
                | Key::Paste
                | Key::BrowserBack
        )
        || (Key::F1..=Key::F35).contains(&key);
    !is_command && !is_named
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::Pos2;

    const NOW: Arrival = Arrival {
        seconds: 0.0,
        frame: 0,
    };

    fn key(key: Key, pressed: bool, modifiers: Modifiers) -> Event {
        Event::Key {
            key,
            physical_key: None,
            pressed,
            repeat: false,
            modifiers,
        }
    }

    /// Events written as words: `a` types a letter, `a+` and `a-` are a key down and up without text, `^` presses
    /// and `v` releases Ctrl, `.` moves the pointer, `(` and `)` are its button.
    fn events(words: &str) -> Vec<Event> {
        let mut modifiers = Modifiers::NONE;
        let mut events = Vec::new();
        for word in words.split_whitespace() {
            let button = |pressed| Event::PointerButton {
                pos: Pos2::ZERO,
                button: PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            };
            match word {
                "^" | "v" => {
                    modifiers = if word == "^" {
                        Modifiers::COMMAND
                    } else {
                        Modifiers::NONE
                    };
                    events.push(Event::ModifiersChanged(modifiers));
                }
                "." => events.push(Event::PointerMoved(Pos2::ZERO)),
                "(" => events.push(button(true)),
                ")" => events.push(button(false)),
                word => {
                    let name = word.trim_end_matches(['+', '-']);
                    let known = Key::from_name(name).or(Key::from_name(&name.to_uppercase()));
                    events.push(key(known.unwrap(), !word.ends_with('-'), modifiers));
                    if word == name {
                        events.push(Event::Text(name.to_owned()));
                    }
                }
            }
        }
        events
    }

    /// How many events each pass gets.
    fn passes(words: &str, in_text_field: bool) -> Vec<usize> {
        let mut queue = Queue::default();
        let all = events(words);
        for event in &all {
            queue.push(event.clone(), NOW);
        }
        let (mut lengths, mut handed_out) = (Vec::new(), Vec::new());
        while !queue.is_empty() {
            let batch = queue.take(in_text_field);
            lengths.push(batch.events.len());
            handed_out.extend(batch.events);
        }
        assert_eq!(handed_out, all, "nothing is lost, and all in order");
        lengths
    }

    #[test]
    fn a_key_comes_with_its_text_and_its_release() {
        assert_eq!(passes("2", false), [2]);
        assert_eq!(passes("2 2- Down+ Down-", false), [3, 2]);
        assert_eq!(passes("^ K+ K- v 1 1-", false), [3, 4]);
    }

    #[test]
    fn text_without_a_key_of_its_own_is_not_for_the_key_before() {
        let mut queue = Queue::default();
        for event in [
            key(Key::Home, true, Modifiers::NONE),
            Event::Text("é".to_owned()),
        ] {
            queue.push(event, NOW);
        }
        assert_eq!(queue.take(false).events.len(), 1);
        assert_eq!(queue.take(false).events.len(), 1);
    }

    #[test]
    fn a_field_gets_a_run_of_letters_and_then_the_shortcut_alone() {
        assert_eq!(passes("a a- b b- c ^ K+ K- v", true), [9, 2, 1]);
        assert_eq!(passes("a a- b b- c", false), [3, 3, 2]);
    }

    #[test]
    fn moves_go_together_and_with_the_button_after_them() {
        assert_eq!(passes(". . . ( . . ) . .", false), [4, 2, 1, 2]);
        assert_eq!(passes(". . a", false), [2, 2]);
        assert_eq!(passes("( a )", false), [1, 2, 1]);
    }

    #[test]
    fn only_repeats_of_a_navigation_key_are_left_out_and_only_of_a_long_queue() {
        let count = |words: &[&str]| {
            let mut queue = Queue::default();
            for event in events(&words.join(" ")) {
                queue.push(event, NOW);
            }
            queue.waiting.len()
        };
        assert_eq!(count(&["Down+"; 15]), 15);
        assert_eq!(count(&["Down+"; 500]), LONG);
        assert_eq!(count(&["Down+ Down-"; 100]), 200);
        assert_eq!(count(&["a"; 100]), 200);
        assert_eq!(count(&["Backspace+"; 100]), 100);
        let turns = [vec!["Down+"; 100], vec!["Up+"; 100], vec!["Down-", "Down+"]].concat();
        assert_eq!(count(&turns), LONG + 1 + 2);
    }

    #[test]
    fn what_was_copied_is_what_is_pasted_after_it() {
        let mut queue = Queue::default();
        for event in [Event::Copy, Event::Paste("old".to_owned())] {
            queue.push(event, NOW);
        }
        assert_eq!(queue.take(true).events, [Event::Copy]);
        queue.copied("new");
        assert_eq!(queue.take(true).events, [Event::Paste("new".to_owned())]);
    }
}
