//! From the decorations of one paragraph to what is painted: fills, underlines, margin bars, margin labels.
//!
//! Fills do not blend: where decorations overlap, the innermost (shortest) one's colour shows, so text stays
//! readable under any number of them. Each decoration has its own underline, in a lane of its own, so all of
//! them can be seen and none differs by colour alone.

use super::{
    decoration::{Decoration, Decorations, LineStyle, Look, Outline},
    edge::rects,
    engine::TextLayout,
    quad::Quad,
};
use crate::text::TextRange;
use egui::Color32;
use std::ops::Range;

/// Underlines that fit between two lines of text; further ones share the last lane.
const MAX_LANES: usize = 3;
/// Margin bars side by side; further ones share the last.
pub const MAX_BARS: usize = 4;
/// Decorations painted in one paragraph. A hostile file may pile up a hundred thousand on one word.
pub const MAX_PAINTED: usize = 300;

/// Outlines painted in one paragraph: more than there are letters on a page.
const MAX_OUTLINES: usize = 3_000;

/// A bar in the right margin, in physical pixels from the paragraph's top.
pub struct Bar {
    pub lane: usize,
    pub top: f32,
    pub bottom: f32,
    pub ink: Color32,
    pub line: LineStyle,
}

/// A word in the right margin, beside the line on which a decoration begins.
pub struct MarginLabel {
    pub baseline: f32,
    pub ink: Color32,
    pub text: String,
    pub line: LineStyle,
}

/// Everything painted for the decorations of one paragraph; valid for one revision and one layout.
pub struct Marking {
    pub revision: u64,
    pub decorations: Vec<Decoration>,
    pub fills: Vec<Quad>,
    pub underlines: Vec<Quad>,
    /// Boxes, and what is behind the text in the one that stands out.
    pub outlines: Vec<Quad>,
    pub bars: Vec<Bar>,
    pub labels: Vec<MarginLabel>,
}

/// Returns the part of `range` that is in the paragraph, in bytes from the paragraph's start.
pub fn local(range: TextRange, paragraph: TextRange) -> Option<Range<usize>> {
    let part = range.intersection(paragraph)?.bytes();
    let base = paragraph.start().get();
    Some(part.start - base..part.end - base)
}

/// Returns top and bottom of a fill around a baseline, for a text size in pixels: a little more than the letters.
pub fn fill_band(baseline: f32, size: f32) -> (f32, f32) {
    (
        (baseline - size * 0.95).round(),
        (baseline + size * 0.34).round(),
    )
}

impl Marking {
    /// Asks for the decorations of `paragraph` and computes how they look on its `layout`, set in `size` pixels.
    pub fn new(
        source: &dyn Decorations,
        paragraph: TextRange,
        layout: &TextLayout,
        size: f32,
    ) -> Self {
        let mut decorations = Vec::new();
        source.touching(paragraph, &mut decorations);
        decorations.truncate(MAX_PAINTED);
        let mut marking = Self {
            revision: source.revision(),
            decorations,
            fills: Vec::new(),
            underlines: Vec::new(),
            outlines: Vec::new(),
            bars: Vec::new(),
            labels: Vec::new(),
        };
        let mut outlines = Vec::new();
        source.outlined(paragraph, &mut outlines);
        outlines.truncate(MAX_OUTLINES);
        if !marking.decorations.is_empty() || !outlines.is_empty() {
            let baselines: Vec<f32> = layout.lines().map(|line| line.metrics().baseline).collect();
            let page = Page {
                source,
                paragraph,
                layout,
                size,
                baselines,
            };
            marking.fill(&page);
            marking.underline(&page);
            marking.outline(&page, &outlines);
        }
        marking
    }

    /// Paints the innermost decoration's fill over each stretch between two ends.
    fn fill(&mut self, page: &Page<'_>) {
        let mut ends: Vec<usize> = Vec::with_capacity(self.decorations.len() * 2);
        for range in self
            .decorations
            .iter()
            .filter_map(|d| local(d.range, page.paragraph))
        {
            ends.extend([range.start, range.end]);
        }
        ends.sort_unstable();
        ends.dedup();
        let mut stretches: Vec<(Range<usize>, Color32)> = Vec::new();
        for (from, to) in ends.iter().zip(ends.iter().skip(1)) {
            let at = page.paragraph.start().get() + from;
            let covering = self
                .decorations
                .iter()
                .filter(|d| d.range.bytes().contains(&at));
            let Some(innermost) = covering.min_by_key(|d| d.range.len()) else {
                continue;
            };
            let fill = page
                .looks(innermost)
                .first()
                .map_or(page.source.plain().fill, |look| look.fill);
            match stretches.last_mut() {
                Some((last, colour)) if last.end == *from && *colour == fill => last.end = *to,
                _ => stretches.push((*from..*to, fill)),
            }
        }
        for (range, colour) in stretches {
            for (rect, line) in rects(page.layout, range) {
                let (top, bottom) = fill_band(page.baseline(line), page.size);
                let (left, right) = (rect.min.x.round(), rect.max.x.round());
                self.fills
                    .push(Quad::flat(left, top, right - left, bottom - top, colour));
            }
        }
    }

    /// Paints a box around each line of each outline.
    fn outline(&mut self, page: &Page<'_>, outlines: &[Outline]) {
        let pixel = (page.size / 18.0).round().max(1.0);
        for outline in outlines {
            let Some(range) = local(outline.range, page.paragraph) else {
                continue;
            };
            let stroke = if outline.ground.is_some() {
                2.0 * pixel
            } else {
                pixel
            };
            for (rect, line) in rects(page.layout, range) {
                let (top, bottom) = fill_band(page.baseline(line), page.size);
                let (left, right) = (rect.min.x.round() - pixel, rect.max.x.round() + pixel);
                let (width, height) = (right - left, bottom - top);
                let mut add = |x, y, w, h, colour| {
                    self.outlines.push(Quad::flat(x, y, w, h, colour));
                };
                if let Some(ground) = outline.ground {
                    add(left, top, width, height, ground);
                }
                add(left, top, width, stroke, outline.ink);
                add(left, bottom - stroke, width, stroke, outline.ink);
                add(left, top, stroke, height, outline.ink);
                add(right - stroke, top, stroke, height, outline.ink);
            }
        }
    }

    /// Paints one underline, bar and label for each look of each decoration.
    fn underline(&mut self, page: &Page<'_>) {
        let mut lanes: Vec<usize> = Vec::new();
        let mut bars: Vec<f32> = Vec::new();
        let stroke = (page.size / 13.0).round().max(1.0);
        let decorations = std::mem::take(&mut self.decorations);
        for decoration in &decorations {
            let Some(range) = local(decoration.range, page.paragraph) else {
                continue;
            };
            let places = rects(page.layout, range.clone());
            let begins_here = page.paragraph.start() <= decoration.range.start();
            for look in page.looks(decoration) {
                let lane = free_lane(&mut lanes, range.start, range.end);
                for (rect, line) in &places {
                    let y = (page.baseline(*line) + page.size * 0.17).round()
                        + lane.min(MAX_LANES - 1) as f32 * (2.0 * stroke + 1.0).round();
                    let across = rect.min.x.round()..rect.max.x.round();
                    draw_line(&mut self.underlines, look.line, across, y, stroke, look.ink);
                }
                let (Some((_, first)), Some((_, last))) = (places.first(), places.last()) else {
                    continue;
                };
                let (top, _) = fill_band(page.baseline(*first), page.size);
                let (_, bottom) = fill_band(page.baseline(*last), page.size);
                let lane = free_bar(&mut bars, top, bottom).min(MAX_BARS - 1);
                self.bars.push(Bar {
                    lane,
                    top,
                    bottom,
                    ink: look.ink,
                    line: look.line,
                });
                if begins_here && decoration.segment == 0 && !look.label.is_empty() {
                    let baseline = page.baseline(*first);
                    let (ink, line) = (look.ink, look.line);
                    self.labels.push(MarginLabel {
                        baseline,
                        ink,
                        text: look.label.clone(),
                        line,
                    });
                }
            }
        }
        self.decorations = decorations;
        self.labels
            .sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
    }
}

struct Page<'a> {
    source: &'a dyn Decorations,
    paragraph: TextRange,
    layout: &'a TextLayout,
    size: f32,
    baselines: Vec<f32>,
}

impl Page<'_> {
    fn baseline(&self, line: usize) -> f32 {
        self.baselines.get(line).copied().unwrap_or(0.0)
    }

    /// Returns the looks of a decoration; the plain one when it has none.
    fn looks(&self, decoration: &Decoration) -> Vec<&Look> {
        let all = self.source.looks();
        let mut looks: Vec<&Look> = decoration
            .looks
            .iter()
            .filter_map(|idx| all.get(usize::from(*idx)))
            .collect();
        if looks.is_empty() {
            looks.push(self.source.plain());
        }
        looks
    }
}

/// Returns the first lane that is free from `start` on, and takes it up to `end`.
fn free_lane(lanes: &mut Vec<usize>, start: usize, end: usize) -> usize {
    if let Some((lane, until)) = lanes
        .iter_mut()
        .enumerate()
        .find(|(_, until)| **until <= start)
    {
        *until = end;
        return lane;
    }
    lanes.push(end);
    lanes.len() - 1
}

/// Returns the same for margin bars, which go down the page.
fn free_bar(bars: &mut Vec<f32>, top: f32, bottom: f32) -> usize {
    if let Some((lane, until)) = bars
        .iter_mut()
        .enumerate()
        .find(|(_, until)| **until <= top)
    {
        *until = bottom;
        return lane;
    }
    bars.push(bottom);
    bars.len() - 1
}

/// Draws a horizontal line of the given style whose top is at `y`; patterns keep their phase across the page.
pub fn draw_line(
    quads: &mut Vec<Quad>,
    style: LineStyle,
    across: Range<f32>,
    y: f32,
    stroke: f32,
    ink: Color32,
) {
    let (x0, x1) = (across.start, across.end);
    if x1 <= x0 {
        return;
    }
    let mut repeat = |period: f32, on: f32, offset: &dyn Fn(i32) -> f32| {
        let mut step = (x0 / period).floor() as i32;
        while (step as f32) * period < x1 {
            let from = (step as f32 * period).max(x0);
            let to = (step as f32 * period + on).min(x1);
            if to > from {
                quads.push(Quad::flat(from, y + offset(step), to - from, stroke, ink));
            }
            step += 1;
        }
    };
    match style {
        LineStyle::Dashed => repeat(7.0 * stroke, 4.0 * stroke, &|_| 0.0),
        LineStyle::Dotted => repeat(3.0 * stroke, 1.5 * stroke, &|_| 0.0),
        LineStyle::Wavy => {
            // A wave of eight steps, one stroke across and half a stroke up or down at a time.
            const WAVE: [f32; 8] = [0.0, 0.5, 1.0, 1.5, 1.5, 1.0, 0.5, 0.0];
            repeat(stroke, stroke, &|step| {
                let height = WAVE
                    .get(step.rem_euclid(8) as usize)
                    .copied()
                    .unwrap_or(0.0);
                (height * stroke).round() - stroke
            });
        }
        LineStyle::Solid => quads.push(Quad::flat(x0, y, x1 - x0, stroke, ink)),
        LineStyle::Double => {
            let thin = (stroke * 0.6).round().max(1.0);
            quads.push(Quad::flat(x0, y - thin, x1 - x0, thin, ink));
            quads.push(Quad::flat(x0, y + thin, x1 - x0, thin, ink));
        }
    }
}

/// Draws a vertical line of the given style, for the margin: `width` wide, from `top` to `bottom`.
pub fn draw_bar(quads: &mut Vec<Quad>, bar: &Bar, x: f32, width: f32) {
    let third = (width / 3.0).round().max(1.0);
    let (on, period) = match bar.line {
        LineStyle::Double => {
            for left in [x, x + width - third] {
                quads.push(Quad::flat(
                    left,
                    bar.top,
                    third,
                    bar.bottom - bar.top,
                    bar.ink,
                ));
            }
            return;
        }
        LineStyle::Solid => (1.0, 1.0),
        LineStyle::Dashed => (3.0, 4.5),
        LineStyle::Dotted => (1.0, 2.0),
        LineStyle::Wavy => (2.0, 2.0),
    };
    if bar.line == LineStyle::Solid {
        quads.push(Quad::flat(x, bar.top, width, bar.bottom - bar.top, bar.ink));
        return;
    }
    let (on, period) = ((on * width).round(), (period * width).round().max(1.0));
    let mut step = 0;
    loop {
        let top = bar.top + step as f32 * period;
        if top >= bar.bottom {
            return;
        }
        // A wave steps from side to side.
        let is_wave = bar.line == LineStyle::Wavy;
        let shift = if is_wave && step % 2 == 1 { third } else { 0.0 };
        let across = if is_wave { width - third } else { width };
        quads.push(Quad::flat(
            x + shift,
            top,
            across,
            on.min(bar.bottom - top),
            bar.ink,
        ));
        step += 1;
    }
}
