//! Hidden characters and mixed words as the pane shows them: chips in the text, dotted lines under words.
//!
//! A hidden character that is shown is laid out as a visible one with just as many bytes, spaced out to the width
//! of its chip; its glyph is not painted and the chip is painted in its place. So every offset, caret, selection
//! and point of the page is right without any table of offsets. The stand-in has no direction of its own: an
//! override that is shown reorders nothing, and the text after it keeps the order of its own letters. Direction
//! marks are replaced by a letter of their direction: they keep their honest effect.

use super::{
    edge::rects,
    engine::{Setting, TextEngine, TextLayout},
    quad::{Paint, Quad},
    view::Piece,
};
use crate::text::{
    hidden::{self, Reveal, Row},
    lookalike,
};
use std::ops::Range;

/// Most mixed words that are marked in one piece.
const MAX_WORDS: usize = 200;
/// Most rows of hidden characters in one piece that are named; where there are more, each is a small box without
/// a name, because a chip of its own width is shaped by itself, which costs some ten microseconds.
const MAX_NAMED: usize = 200;
/// Size of a chip's letters as a share of the text's.
const LABEL_SIZE: f32 = 0.58;
/// Blank space at both sides of a chip's letters, as a share of the text's size: inside and outside of its edge.
const PADDING: f32 = 0.2;
const GAP: f32 = 0.06;

/// The part of a style beside size and face: whether the glyphs are painted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    /// The glyphs are painted.
    #[default]
    Text,
    /// Something else is painted in their place.
    StandIn,
}

/// The characters of a piece that are shown differently from the text; places in bytes from its start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Revealed {
    /// Hidden characters, in order.
    pub rows: Vec<Row>,
    /// Mixed words, in order.
    pub words: Vec<Range<usize>>,
}

impl Revealed {
    /// Returns whether chips have their names on them.
    fn is_named(&self) -> bool {
        self.rows.len() <= MAX_NAMED
    }

    /// Returns what `reveal` labels in `text`: nothing for nearly every piece, at the cost of a scan.
    pub fn new(text: &str, reveal: Reveal) -> Self {
        if reveal == Reveal::Nothing {
            return Self::default();
        }
        Self {
            rows: hidden::rows(hidden::find(text, reveal)),
            words: lookalike::mixed_words(text).take(MAX_WORDS).collect(),
        }
    }

    fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.words.is_empty()
    }

    /// Returns the hidden characters that `at` is among.
    pub fn row_at(&self, at: usize) -> Option<&Row> {
        let idx = self.rows.partition_point(|row| row.range.end <= at);
        self.rows.get(idx).filter(|row| row.range.contains(&at))
    }

    /// Returns a description of what is hidden at `at`, for people; `text` is the piece's.
    pub fn explain(&self, text: &str, at: usize) -> Option<String> {
        if let Some(row) = self.row_at(at) {
            let turns = if row.is_uniform && hidden::turns_text(row.first) {
                " While it is shown it has no effect: the text stands in the order of its own letters."
            } else {
                ""
            };
            return Some(format!("{}.{turns}", row.explanation()));
        }
        let word = self.words.iter().find(|word| word.contains(&at))?;
        let word = text.get(word.clone())?;
        Some(format!("“{word}” {}.", lookalike::mixture(word)?))
    }

    /// Returns `text` with stand-ins, byte for byte as long; `None` when there is nothing to replace.
    pub fn stand_in(&self, text: &str) -> Option<String> {
        if self.rows.is_empty() {
            return None;
        }
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for row in &self.rows {
            out.push_str(text.get(copied..row.range.start).unwrap_or_default());
            let characters = text.get(row.range.clone()).unwrap_or_default().chars();
            out.extend(characters.map(stand_in));
            copied = row.range.end;
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        Some(out)
    }
}

/// Returns a visible character of as many bytes, with as much direction as `c` may honestly have.
fn stand_in(c: char) -> char {
    match c {
        '\u{061C}' => '\u{0621}',
        '\u{200E}' => '\u{1EA0}',
        '\u{200F}' => '\u{FB4F}',
        c => match c.len_utf8() {
            1 => '*',
            2 => '¦',
            3 => '•',
            _ => '\u{10101}',
        },
    }
}

/// A stretch with one width for each of its stand-ins: their letter spacing, in physical pixels.
pub struct Spaced {
    pub range: Range<usize>,
    pub spacing: f32,
}

/// The quads of a piece's [`Revealed`], in physical pixels from its layout's corner.
#[derive(Default)]
pub struct RevealedQuads {
    /// Grounds of the chips.
    pub grounds: Vec<Quad>,
    /// Letters of the chips and the lines under mixed words.
    pub inks: Vec<Quad>,
}

impl TextEngine {
    /// Returns how far the stand-ins of `revealed` are spaced out: the first of a row to its chip's width, the others
    /// to none.
    pub(super) fn spaced(
        &mut self,
        text: &str,
        setting: &Setting,
        revealed: &Revealed,
    ) -> Vec<Spaced> {
        let mut all = Vec::with_capacity(revealed.rows.len());
        for row in &revealed.rows {
            let mut widths = text
                .get(row.range.clone())
                .unwrap_or_default()
                .char_indices()
                .map(|(at, c)| (row.range.start + at..row.range.start + at + c.len_utf8(), c));
            if let Some((range, c)) = widths.next()
                && revealed.is_named()
            {
                let width = self.chip_width(row, setting);
                let spacing = width - self.stand_in_advance(stand_in(c), setting);
                all.push(Spaced { range, spacing });
            }
            for (range, c) in widths {
                let spacing = -self.stand_in_advance(stand_in(c), setting);
                match all.last_mut() {
                    Some(last) if last.spacing == spacing => last.range.end = range.end,
                    _ => all.push(Spaced { range, spacing }),
                }
            }
        }
        all
    }

    fn chip_width(&mut self, row: &Row, setting: &Setting) -> f32 {
        let label = self.small(&row.label(), label_size(setting), f32::MAX, 1);
        (label.size.x + 2.0 * setting.size * (PADDING + GAP)).ceil()
    }

    /// Chips and lines of a laid-out piece, in one pass over its clusters.
    pub(super) fn revealed_quads(&mut self, piece: &Piece, setting: &Setting) -> RevealedQuads {
        let mut quads = RevealedQuads::default();
        let revealed = &piece.revealed;
        if revealed.is_empty() {
            return quads;
        }
        for line in piece.layout.lines() {
            if revealed.rows.is_empty() {
                break;
            }
            let metrics = line.metrics();
            let mut x = metrics.offset + metrics.inline_min_coord;
            for cluster in line.runs().flat_map(|run| run.visual_clusters()) {
                if cluster.style().brush == Ink::StandIn {
                    let at = cluster.text_range().start;
                    let row = revealed.row_at(at).filter(|row| row.range.start == at);
                    if let Some(row) = row {
                        let across = x..x + cluster.advance();
                        let label = revealed.is_named().then(|| row.label());
                        self.chip(label, across, metrics.baseline, setting, &mut quads);
                    }
                }
                x += cluster.advance();
            }
        }
        underline(
            &piece.layout,
            &revealed.words,
            setting.size,
            &mut quads.inks,
        );
        quads
    }

    /// Paints a rounded box with the name of what is hidden there, where it has room for one.
    fn chip(
        &mut self,
        label: Option<String>,
        across: Range<f32>,
        baseline: f32,
        setting: &Setting,
        quads: &mut RevealedQuads,
    ) {
        let size = setting.size;
        let gap = (size * GAP).round();
        let (left, right) = (across.start.round() + gap, across.end.round() - gap);
        let (top, bottom) = (
            (baseline - size * 0.72).round(),
            (baseline + size * 0.14).round(),
        );
        round_box(&mut quads.grounds, left..right, top..bottom);
        let Some(label) = label else {
            // Seen without a name: an edge in the colour of the names.
            quads.inks.push(flat(left, bottom - 1.0, right - left, 1.0));
            return;
        };
        let small = self.small(&label, label_size(setting), f32::MAX, 1);
        let dx = ((left + right - small.size.x) / 2.0).round();
        // Capitals are some 0.72 of their size high: this puts them in the middle of the box.
        let letters = (top + bottom) / 2.0 + label_size(setting) * 0.36;
        let dy = (letters - small.baseline).round();
        quads.inks.extend(small.quads.iter().map(|quad| Quad {
            x: quad.x + dx,
            y: quad.y + dy,
            ..*quad
        }));
    }
}

fn label_size(setting: &Setting) -> f32 {
    (setting.size * LABEL_SIZE).round().max(7.0)
}

/// Dots under mixed words, just below the letters and above the lines of marks.
fn underline(layout: &TextLayout, words: &[Range<usize>], size: f32, quads: &mut Vec<Quad>) {
    let dot = (size / 11.0).round().max(1.0);
    for (rect, line) in words.iter().flat_map(|word| rects(layout, word.clone())) {
        let baseline = layout.get(line).map_or(0.0, |line| line.metrics().baseline);
        let y = (baseline + size * 0.1).round();
        let mut x = rect.min.x.round();
        while x + dot <= rect.max.x {
            quads.push(flat(x, y, dot, dot));
            x += 2.0 * dot;
        }
    }
}

/// Paints a box without its corners, in three strips.
fn round_box(quads: &mut Vec<Quad>, across: Range<f32>, down: Range<f32>) {
    let radius = ((down.end - down.start) / 7.0).round().max(1.0);
    let width = across.end - across.start;
    let (top, bottom) = (down.start, down.end);
    let mut strip = |inset: f32, from: f32, to: f32| {
        quads.push(flat(
            across.start + inset,
            from,
            width - 2.0 * inset,
            to - from,
        ));
    };
    let mut step = 0.0;
    while step < radius {
        // Rows of a quarter circle.
        let inset = (radius - (radius * radius - (radius - step - 0.5).powi(2)).sqrt()).round();
        strip(inset, top + step, top + step + 1.0);
        strip(inset, bottom - step - 1.0, bottom - step);
        step += 1.0;
    }
    strip(0.0, top + radius, bottom - radius);
}

/// Returns a rectangle whose colour is given when it is painted.
fn flat(x: f32, y: f32, w: f32, h: f32) -> Quad {
    Quad {
        paint: Paint::TextColour,
        ..Quad::flat(x, y, w, h, egui::Color32::TRANSPARENT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        reader::{
            style::Face,
            view::{CaretPlace, View},
        },
        text::{ByteOffset, SourceText, TextRange},
    };

    #[test]
    fn stand_ins_are_as_long_as_what_they_stand_for() {
        for c in ('\0'..=char::MAX).filter(|c| {
            let text = c.to_string();
            hidden::find(&text, Reveal::All).next().is_some()
        }) {
            assert_eq!(stand_in(c).len_utf8(), c.len_utf8(), "{c:?}");
        }
        let text = "a\u{202E}b\u{7}\u{E0041}c\u{9B}d";
        let shown = Revealed::new(text, Reveal::Deceptive).stand_in(text);
        assert_eq!(shown.as_deref(), Some("a•b*\u{10101}c¦d"));
    }

    #[test]
    fn what_is_there_is_explained() {
        let text = "a\u{202E}b p\u{430}ypal";
        let revealed = Revealed::new(text, Reveal::Deceptive);
        let told = revealed.explain(text, 1).unwrap();
        assert!(told.contains("right-to-left override, U+202E"), "{told}");
        assert!(told.contains("no effect"), "{told}");
        assert_eq!(revealed.explain(text, 0), None);
        let told = revealed.explain(text, 8).unwrap();
        assert!(told.contains("is Cyrillic U+0430"), "{told}");
        assert_eq!(Revealed::new(text, Reveal::Nothing), Revealed::default());
    }

    /// Returns a piece of text with something hidden in it more often than not.
    fn any_text() -> impl proptest::strategy::Strategy<Value = String> {
        let parts = vec![
            "denied ",
            "it. ",
            "نفى ",
            "שלום ",
            "हिन्दी ",
            "漢字",
            "👩\u{200D}👧",
            "می\u{200C}خواهم ",
            "p\u{430}ypal ",
            "\u{202E}",
            "\u{202C}",
            "\u{2067}",
            "\u{200B}",
            "\u{200D}",
            "\u{200F}",
            "\u{7}",
            "\u{0}",
            "\u{9B}",
            "\u{E0041}",
            "\u{FE0F}",
            "\u{AD}",
            "\u{FEFF}",
            "\u{200B}\u{200B}\u{200B}\u{200B}\u{200B}\u{200B}",
        ];
        let part = proptest::sample::select(parts);
        proptest::strategy::Strategy::prop_map(proptest::collection::vec(part, 1..24), |parts| {
            parts.concat()
        })
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(48))]

        #[test]
        fn carets_and_selections_agree_with_the_text_whatever_is_shown_of_it(
            text in any_text(),
            level in proptest::sample::select(vec![Reveal::Nothing, Reveal::Deceptive, Reveal::All]),
        ) {
            let mut view = View::new(SourceText::new(text.clone()).unwrap());
            let setting = Setting {
                size: 18.0,
                leading: 1.5,
                face: Face::Serif,
                width: 260.0,
                language: None,
                reveal: level,
            };
            view.begin_frame(&setting, 900.0);
            let mut engine = TextEngine::new(false);
            let list = view.in_sight(&mut engine);
            let piece = view.kept(0).unwrap();
            let mut covered = 0;
            for run in piece.layout.lines().flat_map(|line| line.runs().collect::<Vec<_>>()) {
                for cluster in run.clusters() {
                    let range = cluster.text_range();
                    proptest::prop_assert!(text.get(range.clone()).is_some(), "{range:?}");
                    proptest::prop_assert!(cluster.advance() > -0.01, "{range:?}");
                    covered += range.len();
                }
            }
            proptest::prop_assert_eq!(covered, text.len());
            for row in &piece.revealed.rows {
                let base = TextRange::from_bytes(row.range.clone());
                let width: f32 = view.range_rects(&list, base).iter().map(|(rect, _)| rect.width()).sum();
                proptest::prop_assert!(width >= setting.size, "{row:?} is {width} wide");
            }
            for (at, _) in text.char_indices() {
                let place = CaretPlace { offset: ByteOffset::new(at), upstream: false };
                let caret = view.caret_rect(&list, place).unwrap();
                let hit = view.hit(&list, caret.center().to_vec2());
                let again = view.caret_rect(&list, hit.place).unwrap();
                proptest::prop_assert!(
                    (again.min.x - caret.min.x).abs() < 1.5 && (again.min.y - caret.min.y).abs() < 1.5,
                    "at {at}: {caret} {again}"
                );
            }
        }
    }

    #[test]
    fn an_override_that_is_shown_turns_nothing() {
        let text = "a\u{202E}bc\u{202C}d";
        let left_of = |reveal: Reveal, at: usize| {
            let mut view = View::new(SourceText::new(text.to_owned()).unwrap());
            let setting = Setting {
                size: 18.0,
                leading: 1.5,
                face: Face::Serif,
                width: 400.0,
                language: None,
                reveal,
            };
            view.begin_frame(&setting, 500.0);
            let list = view.in_sight(&mut TextEngine::new(false));
            let rects = view.range_rects(&list, TextRange::from_bytes(at..at + 1));
            rects.first().unwrap().0.min.x
        };
        assert!(
            left_of(Reveal::Nothing, 4) > left_of(Reveal::Nothing, 5),
            "c stands before b"
        );
        assert!(left_of(Reveal::Deceptive, 4) < left_of(Reveal::Deceptive, 5));
    }
}
