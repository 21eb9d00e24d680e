//! How many frames a key takes, and how long a queue of them.

use super::{Scene, key, press, release, typed};
use egui::{Event, Key, Modifiers};
use std::{fmt::Write as _, time::Instant};

/// Frames and passes until the window rests.
fn frames_and_passes(scene: &mut Scene, events: Vec<Event>) -> (u64, u64) {
    let before = scene.harness.ctx.cumulative_pass_nr();
    scene.harness.input_mut().events.extend(events);
    let n_frames = scene.harness.run();
    (n_frames, scene.harness.ctx.cumulative_pass_nr() - before)
}

#[test]
fn a_key_alone_costs_what_it_did_without_a_queue() {
    let mut scene = Scene::new();
    let none = Modifiers::NONE;
    let cases = [
        ("arrow", vec![press(none, Key::ArrowDown)]),
        ("arrow, up", vec![release(none, Key::ArrowDown)]),
        ("Shift", vec![Event::ModifiersChanged(Modifiers::SHIFT)]),
        ("tag", typed(Key::Num2, "2").remove(0)),
        ("tag, up", typed(Key::Num2, "2").remove(1)),
        ("arrow down and up", key(none, Key::ArrowDown).concat()),
        (
            "next mark",
            vec![press(none, Key::N), Event::Text("n".to_owned())],
        ),
        ("move", vec![Event::PointerMoved(egui::pos2(400.0, 300.0))]),
    ];
    let (mut told, mut expected) = (String::new(), String::new());
    for (name, events) in cases {
        let (n_frames, n_passes) = frames_and_passes(&mut scene, events);
        writeln!(told, "{name}: {n_frames} frames, {n_passes} passes").unwrap();
        // Measured with the queue and without it: the frame of the event, and two more.
        writeln!(expected, "{name}: 3 frames, 3 passes").unwrap();
    }
    assert_eq!(told, expected);
}

/// With `cargo test --release … -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn how_long_fifty_keys_take() {
    let mut article = String::new();
    while article.len() < 1_000_000 {
        article.push_str(
            "The maker denies that the device has a back door, an official said on Monday.\n\n",
        );
    }
    let mut scene = Scene::with(&article, &[]);
    let words = key(Modifiers::COMMAND | Modifiers::SHIFT, Key::ArrowRight);
    for n in 0..1_000 {
        scene.deliver(
            [
                words.concat(),
                typed(Key::Num1, "1").concat(),
                key(Modifiers::COMMAND, Key::ArrowDown).concat(),
            ]
            .concat(),
        );
        if n % 2 == 0 {
            scene.deliver(key(Modifiers::COMMAND, Key::ArrowDown).concat());
        }
    }
    println!("{} marks in {} bytes", scene.marks().len(), article.len());
    let arrows: Vec<Event> = vec![key(Modifiers::NONE, Key::ArrowDown).concat(); 50].concat();
    let tags: Vec<Event> = vec![typed(Key::Num2, "2").concat(); 50].concat();
    for (name, events) in [("arrows", arrows), ("tags", tags)] {
        let started = Instant::now();
        let (n_frames, n_passes) = frames_and_passes(&mut scene, events);
        println!(
            "50 {name}: {:?}, {n_frames} frames, {n_passes} passes",
            started.elapsed()
        );
    }
}
