//! The two margins: numbers on the left, bars and tag labels on the right.

use super::{
    engine::TextEngine,
    marking::{MAX_BARS, Marking, draw_bar, draw_line},
    quad::QuadMesh,
    sheet::Sheet,
    style::{Numbering, PageColours},
    view::{InSight, View},
};
use crate::text::ParagraphCount;
use egui::Vec2;

/// Size of numbers and labels in points.
const SMALL: f32 = 11.0;
/// What the margins are painted with.
pub struct Margins<'a> {
    pub sheet: &'a Sheet,
    pub colours: &'a PageColours,
    pub numbering: Numbering,
    pub count: Option<&'a ParagraphCount>,
}

impl Margins<'_> {
    /// Paints the number of one visible piece, if it begins a line that has one.
    pub fn number(
        &self,
        engine: &mut TextEngine,
        view: &View,
        seen: &InSight,
        mesh: &mut QuadMesh,
    ) {
        if !view.pieces().begins_line(seen.piece) {
            return;
        }
        let line = view
            .text()
            .lines()
            .line_at(view.pieces().range(seen.piece).start());
        let number = match self.numbering {
            Numbering::None => None,
            Numbering::Lines => Some(line + 1),
            Numbering::Paragraphs => self.count.and_then(|count| count.number(view.text(), line)),
        };
        let (Some(number), Some(piece)) = (number, view.kept(seen.piece)) else {
            return;
        };
        let Some(first) = piece.layout.lines().next() else {
            return;
        };
        let scale = self.sheet.scale;
        let small = engine.small(&number.to_string(), (SMALL * scale).round(), f32::MAX, 1);
        let x = -(16.0 * scale).round() - small.size.x.round();
        let y = seen.y + piece.top as f32 + first.metrics().baseline - small.baseline;
        mesh.add(
            &small.quads,
            self.sheet.origin + Vec2::new(x, y.round()),
            self.colours.faint,
        );
    }

    /// Bars and labels of one piece's marking.
    pub fn marks(
        &self,
        engine: &mut TextEngine,
        marking: &Marking,
        first_baseline: f32,
        down: f32,
        mesh: &mut QuadMesh,
    ) {
        let scale = self.sheet.scale;
        let left = self.sheet.right_margin();
        let origin = self.sheet.origin + Vec2::new(0.0, down);
        let mut quads = Vec::new();
        for bar in &marking.bars {
            let x = left + (bar.lane as f32 * 5.0 * scale).round();
            draw_bar(&mut quads, bar, x, (3.0 * scale).round());
        }
        mesh.add(&quads, origin, self.colours.text);
        if self.sheet.labels {
            self.labels(
                engine,
                marking,
                left + ((MAX_BARS as f32 * 5.0 + 4.0) * scale).round(),
                origin,
                first_baseline,
                mesh,
            );
        }
    }

    /// Labels in order, each beside its line or as near to it as the others allow; what does not fit is
    /// counted.
    fn labels(
        &self,
        engine: &mut TextEngine,
        marking: &Marking,
        left: f32,
        origin: Vec2,
        first_baseline: f32,
        mesh: &mut QuadMesh,
    ) {
        let scale = self.sheet.scale;
        let size = (SMALL * scale).round();
        let step = (size * 1.3).round();
        let bottom = marking
            .bars
            .iter()
            .map(|bar| bar.bottom)
            .fold(0.0, f32::max);
        let wanted: Vec<f32> = marking.labels.iter().map(|label| label.baseline).collect();
        // One label may be below the last line: the next paragraph begins further down.
        let places = spread(&wanted, first_baseline, bottom + step, step);
        let is_cut = places.len() < wanted.len();
        for (idx, (label, baseline)) in marking.labels.iter().zip(&places).enumerate() {
            if is_cut && idx + 1 == places.len() {
                let small = engine.small(&format!("+{}", wanted.len() - idx), size, f32::MAX, 1);
                let at = Vec2::new(left, (baseline - small.baseline).round());
                mesh.add(&small.quads, origin + at, self.colours.faint);
                return;
            }
            let room = (self.width() - 22.0 * scale).max(size);
            let small = engine.small(&label.text, size, room, 1);
            // The underline's pattern before the word: it differs without colour.
            let mut swatch = Vec::new();
            let width = (14.0 * scale).round();
            let stroke = (1.3 * scale).round().max(1.0);
            let y = baseline - (size * 0.3).round();
            draw_line(
                &mut swatch,
                label.line,
                left..left + width,
                y,
                stroke,
                label.ink,
            );
            mesh.add(&swatch, origin, label.ink);
            let x = left + width + (5.0 * scale).round();
            let at = Vec2::new(x, (baseline - small.baseline).round());
            mesh.add(&small.quads, origin + at, label.ink);
        }
    }

    /// Returns the width of the label column in physical pixels.
    fn width(&self) -> f32 {
        (108.0 * self.sheet.scale).round()
    }
}

/// Baselines for labels that want to be at `wanted` (ascending), at least `step` apart, from `top` to `bottom`:
/// pushed down by those above and back up by the end of the room. As many as fit, but always one.
fn spread(wanted: &[f32], top: f32, bottom: f32, step: f32) -> Vec<f32> {
    let room = ((bottom - top) / step).floor().max(0.0) as usize + 1;
    let mut places: Vec<f32> = Vec::with_capacity(wanted.len().min(room));
    for place in wanted.iter().take(room) {
        let above = places.last().map_or(f32::MIN, |last| last + step);
        places.push(place.max(above));
    }
    let mut limit = bottom;
    for place in places.iter_mut().rev() {
        *place = place.min(limit);
        limit = *place - step;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceText;

    #[test]
    fn labels_keep_their_distance_and_stay_beside_their_paragraph() {
        assert_eq!(spread(&[10.0, 60.0], 10.0, 100.0, 14.0), [10.0, 60.0]);
        assert_eq!(
            spread(&[10.0, 12.0, 14.0], 10.0, 100.0, 14.0),
            [10.0, 24.0, 38.0]
        );
        // Three on the last line go up beside the lines above.
        assert_eq!(
            spread(&[90.0, 90.0, 90.0], 10.0, 100.0, 14.0),
            [72.0, 86.0, 100.0]
        );
        // A paragraph of one line has room for one.
        assert_eq!(spread(&[20.0, 20.0], 20.0, 26.0, 14.0), [20.0]);
    }

    #[test]
    fn paragraphs_are_counted_past_the_sampling_step() {
        let text = SourceText::new("One.\n\n  \nTwo.\n".repeat(300)).unwrap();
        let count = ParagraphCount::new(&text);
        assert_eq!(count.number(&text, 0), Some(1));
        assert_eq!(count.number(&text, 1), None);
        assert_eq!(count.number(&text, 3), Some(2));
        assert_eq!(count.number(&text, 4 * 299 + 3), Some(600));
        assert_eq!(count.number(&text, 1200), None);
    }
}
