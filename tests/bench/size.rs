//! Frames of the whole window with files that are huge in one field, and with texts that are laid out slowly.

use crate::measure::{Table, Times, resident_mb, shown};
use egui::{Event, Key, Modifiers, pos2, vec2};
use sourcemark::{
    annotation::{IdSource, Timestamp},
    app::App,
    files::{Disk, annotations_beside},
    softpaint::Headless,
};
use std::{
    fmt::Write as _,
    fs,
    path::Path,
    time::{Duration, Instant},
};

const ARTICLE: &str = "The maker denies it.\n\nIt has a back door, an official said.\n";
const ID: &str = "01939f3a-7b1c-7000-8000-00000000";
/// Longest frame: the screen shows sixty a second.
const FRAME: Duration = Duration::from_millis(16);

struct Ids(u128);

impl IdSource for Ids {
    fn next_uuid(&mut self) -> uuid::Uuid {
        self.0 += 1;
        uuid::Uuid::from_u128(0x0193_9f3a_7b1c_7000_9000_0000_0000_0000 + self.0)
    }
}

/// An annotation file on the article, with one annotation.
fn file(title: &str, name: &str, note: &str, n_tags: usize) -> String {
    let mut tags = String::new();
    for n in 0..n_tags {
        writeln!(tags, "    (id: \"t{n}\", name: \"tag {n}\"),").expect("a string takes all");
    }
    format!(
        "(\n  format: \"sourcemark-annotations\",\n  version: (1, 0),\n  article: (file_name: \"a.txt\", \
         hash: \"blake3:{:064}\", title: \"{title}\"),\n  tags: [\n    (id: \"denial\", name: \"{name}\"),\n{tags}  ],\n  \
         annotations: [\n    (id: \"{ID}0100\", segments: [(position: (start: 0, end: 3), quote: (exact: \"The\", \
         suffix: \" maker denies it.\"))], creator: \"{ID}0001\", created: \"2026-03-01T12:00:00Z\", tags: [\"denial\"], \
         note: \"{note}\"),\n  ],\n)\n",
        0
    )
}

/// The window without a window.
struct Bench {
    app: App,
    head: Headless,
}

impl Bench {
    fn open(path: &Path) -> Self {
        let now = Timestamp::from_unix_seconds(1_800_000_000);
        let app =
            App::for_tests(Box::new(Ids(0)), now, Disk::plain()).expect("the themes are read");
        let mut bench = Self {
            app,
            head: Headless::default(),
        };
        bench.frame(Vec::new());
        bench.app.open(vec![path.to_path_buf()]);
        // Jobs run in the frame here; in the window they have threads of their own.
        bench.app.logic_inner(&bench.head.context().clone());
        bench
    }

    fn frame(&mut self, events: Vec<Event>) -> Duration {
        let start = Instant::now();
        let Self { app, head } = self;
        let output = head.frame(vec2(1280.0, 800.0), 1.0, events, |ui| app.ui_inner(ui));
        if head.context().cumulative_frame_nr() > 1 {
            std::hint::black_box(head.context().tessellate(output.shapes, 1.0));
        }
        start.elapsed()
    }

    fn key(&mut self, key: Key, modifiers: Modifiers, frames: &mut Vec<Duration>) {
        frames.push(self.frame(vec![Event::Key {
            key,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers,
        }]));
        frames.extend((0..6).map(|_| self.frame(Vec::new())));
    }

    /// Shows what there is to show: the frames that took.
    fn work(&mut self) -> Vec<Duration> {
        let mut frames: Vec<Duration> = (0..30).map(|_| self.frame(Vec::new())).collect();
        let (none, command) = (Modifiers::NONE, Modifiers::COMMAND);
        for (key, modifiers) in [
            (Key::N, none),
            (Key::Enter, none),
            (Key::Escape, none),
            (Key::P, command),
            (Key::Escape, none),
            (Key::F1, none),
            (Key::Escape, none),
            (Key::PageDown, none),
            (Key::PageDown, none),
            (Key::Home, command),
            (Key::End, command),
            (Key::Plus, command),
        ] {
            self.key(key, modifiers, &mut frames);
        }
        for at in [(60.0, 420.0), (640.0, 300.0), (1200.0, 300.0)] {
            frames.push(self.frame(vec![Event::PointerMoved(pos2(at.0, at.1))]));
            frames.extend((0..30).map(|_| self.frame(Vec::new())));
        }
        frames
    }
}

/// Measures them.
#[expect(
    clippy::disallowed_methods,
    reason = "a measurement makes the files it opens"
)]
pub fn measure(table: &mut Table, folder: &Path) {
    let letters = |n: usize| "x".repeat(n);
    let cases = [
        (
            "a small file",
            file("", "Denial", "", 0),
            ARTICLE.to_owned(),
        ),
        (
            "a tag name of 16 MB",
            file("", &letters(16_000_000), "", 0),
            ARTICLE.to_owned(),
        ),
        (
            "a title of 16 MB",
            file(&letters(16_000_000), "Denial", "", 0),
            ARTICLE.to_owned(),
        ),
        (
            "a note of 16 MB",
            file("", "Denial", &letters(16_000_000), 0),
            ARTICLE.to_owned(),
        ),
        (
            "a note of 10,000 characters",
            file("", "Denial", &"word ".repeat(2_000), 0),
            ARTICLE.to_owned(),
        ),
        (
            "10,000 tags",
            file("", "Denial", "", 9_999),
            ARTICLE.to_owned(),
        ),
        (
            "999,000 tags",
            file("", "Denial", "", 998_999),
            ARTICLE.to_owned(),
        ),
        (
            "10,000 joined emoji",
            file("", "Denial", "", 0),
            "👩\u{200D}👩\u{200D}👧\u{200D}👦".repeat(10_000),
        ),
        (
            "10,000 emoji joined to one",
            file("", "Denial", "", 0),
            "👩\u{200D}".repeat(10_000),
        ),
        (
            "1,000,000 zero-width spaces",
            file("", "Denial", "", 0),
            "\u{200B}".repeat(1_000_000),
        ),
    ];
    for (n, (what, annotations, article)) in cases.into_iter().enumerate() {
        let path = folder.join(format!("size-{n}.txt"));
        fs::write(&path, article).expect("the folder takes it");
        fs::write(annotations_beside(&path), annotations).expect("the folder takes it");
        let mut bench = Bench::open(&path);
        let frames = bench.work();
        let first = frames.first().copied().unwrap_or_default();
        let times = Times::of(frames);
        table.note(format!("{what}: first frame"), shown(first));
        table.note(format!("{what}: frame median"), shown(times.median));
        table.time(format!("{what}: frame p99"), times.p99, FRAME);
        table.note(format!("{what}: longest frame"), shown(times.worst));
        if let Some(mb) = resident_mb(std::process::id()) {
            table.note(
                format!("{what}: memory of the measurement"),
                format!("{mb:.0} MB"),
            );
        }
    }
}
