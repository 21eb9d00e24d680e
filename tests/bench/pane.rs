//! The reading pane: first frame, steady scrolling, jumps, on 10 MB with 100,000 annotations; a 50 MB line.

use crate::{
    data::{Numbers, annotated, placed, prose},
    measure::{Table, Times, times},
};
use egui::{Color32, Event, Modifiers, MouseWheelSource, MouseWheelUnit, TouchPhase, pos2, vec2};
use sourcemark::{
    annotation::Marks,
    reader::{
        Decoration, DecorationKey, Decorations, Face, LineStyle, Look, MapTick, Numbering,
        PageColours, PageStyle, Reader, ReaderInput, TextEngine, Undecorated,
    },
    softpaint::Headless,
    text::{ByteOffset, SourceText, Survey, TextRange, hidden::Reveal},
};
use std::time::{Duration, Instant};

/// Marks as decorations, as the window does it, with four looks by id.
struct Marked {
    marks: Marks,
    looks: Vec<Look>,
    revision: u64,
}

impl Decorations for Marked {
    fn touching(&self, range: TextRange, out: &mut Vec<Decoration>) {
        out.extend(self.marks.index().touching(range).map(|mark| Decoration {
            key: DecorationKey(mark.id.as_u128()),
            segment: mark.segment,
            range: mark.range,
            looks: vec![(mark.id.as_u128() % 4) as u16],
        }));
    }
    fn looks(&self) -> &[Look] {
        &self.looks
    }
    fn revision(&self) -> u64 {
        self.revision
    }
    fn plain(&self) -> &Look {
        &self.looks[0]
    }
}

fn looks() -> Vec<Look> {
    [
        LineStyle::Solid,
        LineStyle::Double,
        LineStyle::Dotted,
        LineStyle::Wavy,
    ]
    .into_iter()
    .map(|line| Look {
        fill: Color32::from_rgb(240, 225, 210),
        ink: Color32::from_rgb(150, 70, 10),
        line,
        label: "Allegation".to_owned(),
    })
    .collect()
}

/// A page as in the window.
pub fn style() -> PageStyle {
    PageStyle {
        size: 18.0,
        leading: 1.62,
        measure_chars: 68.0,
        face: Face::Serif,
        numbering: Numbering::Paragraphs,
        margin_labels: true,
        reveal: Reveal::Deceptive,
        colours: PageColours {
            page: Color32::from_rgb(253, 252, 249),
            text: Color32::from_rgb(34, 32, 28),
            faint: Color32::from_rgb(130, 125, 115),
            selection: Color32::from_rgb(200, 215, 250),
            accent: Color32::from_rgb(40, 90, 200),
            track: Color32::from_rgb(240, 238, 232),
            warning: Color32::from_rgb(150, 80, 0),
            warning_ground: Color32::from_rgb(250, 232, 200),
        },
    }
}

/// One frame of a pane without any marks.
pub fn bare_frame(
    head: &mut Headless,
    reader: &mut Reader,
    engine: &mut TextEngine,
    style: &PageStyle,
) -> egui::FullOutput {
    let nothing = Undecorated {
        plain: looks().swap_remove(0),
    };
    head.frame(vec2(1200.0, 850.0), 1.0, Vec::new(), |ui| {
        let input = ReaderInput {
            style,
            decorations: &nothing,
            chosen: None,
            editable: true,
            map: &[],
            marker: false,
            name: "Bench",
        };
        reader.show(ui, engine, &input);
    })
}

/// A pane of 1200 × 850 points without a window: layout, paint and tessellation are the real ones.
struct Bench {
    reader: Reader,
    engine: TextEngine,
    head: Headless,
    marked: Marked,
    map: Vec<MapTick>,
    style: PageStyle,
}

impl Bench {
    fn new(text: &SourceText, marks: Marks) -> Self {
        let step = (text.len() / 2_048).max(1);
        let tick = |n: usize| MapTick {
            offset: text.floor_char(ByteOffset::new(n * step)),
            column: (n % 4) as u8,
            ink: Color32::from_rgb(150, 70, 10),
        };
        Self {
            reader: Reader::new(text.clone()),
            engine: TextEngine::new(true),
            head: Headless::default(),
            map: (0..2_048).map(tick).collect(),
            marked: Marked {
                marks,
                looks: looks(),
                revision: 1,
            },
            style: style(),
        }
    }

    fn frame(&mut self, events: Vec<Event>) -> Duration {
        let start = Instant::now();
        let Self {
            reader,
            engine,
            head,
            marked,
            map,
            style,
        } = self;
        let output = head.frame(vec2(1200.0, 850.0), 1.0, events, |ui| {
            let input = ReaderInput {
                style,
                decorations: marked,
                chosen: None,
                editable: true,
                map,
                marker: false,
                name: "Bench",
            };
            reader.show(ui, engine, &input);
        });
        std::hint::black_box(head.context().tessellate(output.shapes, 1.0));
        start.elapsed()
    }

    fn scroll(&mut self, n_frames: usize) -> Times {
        self.frame(vec![Event::PointerMoved(pos2(600.0, 400.0))]);
        let wheel = || Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, -120.0),
            phase: TouchPhase::Move,
            source: MouseWheelSource::Wheel,
            modifiers: Modifiers::NONE,
        };
        Times::of((0..n_frames).map(|_| self.frame(vec![wheel()])).collect())
    }

    fn jump(&mut self, n_jumps: usize) -> Times {
        let mut numbers = Numbers(99);
        let jump = |bench: &mut Self, numbers: &mut Numbers| {
            bench
                .reader
                .scroll_to_share(numbers.below(10_000) as f64 / 10_000.0);
            bench.frame(Vec::new())
        };
        Times::of((0..n_jumps).map(|_| jump(self, &mut numbers)).collect())
    }
}

fn row(table: &mut Table, what: &str, bench: &mut Bench, start: Instant) {
    let first = bench.frame(Vec::new());
    let opened = start.elapsed();
    table.note(
        format!("{what}: pane made and first frame"),
        crate::measure::shown(opened),
    );
    table.time(
        format!("{what}: first frame"),
        first,
        Duration::from_millis(100),
    );
    let scroll = bench.scroll(600);
    table.time(
        format!("{what}: scrolling, frame median"),
        scroll.median,
        Duration::from_millis(1),
    );
    table.time(
        format!("{what}: scrolling, frame p99"),
        scroll.p99,
        Duration::from_millis(8),
    );
    let jump = bench.jump(100);
    table.time(
        format!("{what}: jump anywhere, worst of 100"),
        jump.worst,
        Duration::from_millis(16),
    );
    table.note(
        format!("{what}: jump anywhere, median"),
        crate::measure::shown(jump.median),
    );
}

/// What showing hidden characters costs: nothing that can be told on an ordinary text, and frame time on texts
/// that are full of them.
pub fn hidden(table: &mut Table) {
    let cyrillic = "Министр отрицал обвинение, а эксперт его подтвердил. ";
    for (what, text) in [
        ("1 MB of prose", prose(1_000_000)),
        (
            "1 MB of Cyrillic",
            format!("{}\n", cyrillic.repeat(12)).repeat(850),
        ),
    ] {
        let text = SourceText::new(text).expect("fits");
        let set = annotated(&text, 0);
        let mut without = Bench::new(&text, placed(&text, &set));
        without.style.reveal = Reveal::Nothing;
        let mut with = Bench::new(&text, placed(&text, &set));
        // In turns, so that both meet the same machine.
        let (mut jumps, mut plain_jumps) = (Vec::new(), Vec::new());
        for _ in 0..12 {
            plain_jumps.push(without.jump(25).median);
            jumps.push(with.jump(25).median);
        }
        table.ratio(
            format!("{what}: jump anywhere with hidden characters shown, against none"),
            Times::of(jumps).median,
            Times::of(plain_jumps).median,
            1.1,
        );
        let (mut frames, mut plain_frames) = (Vec::new(), Vec::new());
        for _ in 0..12 {
            plain_frames.push(without.scroll(50).median);
            frames.push(with.scroll(50).median);
        }
        table.ratio(
            format!("{what}: scrolling with hidden characters shown, against none"),
            Times::of(frames).median,
            Times::of(plain_frames).median,
            1.1,
        );
    }
    let sentence = "The file user\u{202E}txt.exe\u{202C} was sent with p\u{430}ypal. ";
    let texts = [
        ("1 M zero-width spaces", "\u{200B}".repeat(1_000_000)),
        (
            "1 M zero-width of two kinds, mixed with letters",
            "a\u{200B}b\u{200C}".repeat(500_000),
        ),
        (
            "1 M combining marks on one letter",
            format!("e{}", "\u{301}".repeat(1_000_000)),
        ),
        (
            "10 k joined emoji",
            "👩\u{200D}👩\u{200D}👧\u{200D}👦".repeat(10_000),
        ),
        (
            "1 MB of overrides and mixed words",
            sentence.repeat(1_000_000 / sentence.len()),
        ),
    ];
    for (what, text) in texts {
        let text = SourceText::new(text).expect("fits");
        let set = annotated(&text, 0);
        let marks = placed(&text, &set);
        let start = Instant::now();
        let mut bench = Bench::new(&text, marks);
        row(table, what, &mut bench, start);
        let survey = times(3, || Survey::new(text.as_str()));
        table.note(
            format!("{what}: survey"),
            crate::measure::shown(survey.median),
        );
    }
}

/// Measures the pane.
pub fn measure(table: &mut Table, quick: bool) {
    let sizes: &[(usize, usize, &str)] = if quick {
        &[(1_000_000, 1_000, "1 MB, 1 k marks")]
    } else {
        &[
            (1_000_000, 10_000, "1 MB, 10 k marks"),
            (10_000_000, 100_000, "10 MB, 100 k marks"),
            (100_000_000, 0, "100 MB"),
        ]
    };
    for (bytes, n, what) in sizes {
        let text = SourceText::new(prose(*bytes)).expect("fits");
        let set = annotated(&text, *n);
        let marks = placed(&text, &set);
        let start = Instant::now();
        let mut bench = Bench::new(&text, marks);
        row(table, what, &mut bench, start);
        let survey = times(3, || Survey::new(text.as_str()));
        table.note(
            format!("{what}: looked through for what is hidden"),
            crate::measure::shown(survey.median),
        );
    }
    if !quick {
        let line = prose(50_000_000).replace('\n', " ");
        let text = SourceText::new(line).expect("fits");
        let set = annotated(&text, 1_000);
        let marks = placed(&text, &set);
        let start = Instant::now();
        let mut bench = Bench::new(&text, marks);
        row(table, "one line of 50 MB, 1 k marks", &mut bench, start);
    }
    if !quick {
        hidden(table);
    }
    let engine = times(3, || TextEngine::new(true));
    table.note(
        "fonts found and ready",
        crate::measure::shown(engine.median),
    );
}
