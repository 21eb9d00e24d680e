//! The pixels being painted, the clip rectangle, and the grid that decides who owns a pixel.
//!
//! Promises that no write lands outside the clip rectangle, and that a pixel belongs to a shape
//! exactly if its centre does. Positions are snapped to 1/256 of a pixel, the precision GPUs
//! rasterise with (Direct3D 11 asks for 8 bits): edge tests are then exact integer arithmetic,
//! and two triangles that share an edge can neither both paint a pixel on it nor both miss it.
//! Leaves to others: shapes and colours.

use std::ops::Range;

use super::Picture;
use super::blend::unmultiply;

/// Subpixels in one physical pixel.
pub(super) const SUBPIXELS: i64 = 256;

/// Farther positions (in physical pixels, 2²¹) are moved here. egui draws "infinite" rectangles
/// to 10⁷ points; a product of two such distances in subpixels would not fit 64 bits.
const FARTHEST_PX: f32 = 2_097_152.0;

/// Returns a position in physical pixels as the nearest whole subpixel.
pub(super) fn snap(position_px: f32) -> i64 {
    (position_px.clamp(-FARTHEST_PX, FARTHEST_PX) * SUBPIXELS as f32).round() as i64
}

/// Returns the pixels whose centres are between two positions in subpixels, start included.
///
/// Start in and end out is the fill rule of GPUs seen along one axis: the pixel on a left or top
/// edge is painted, the one on a right or bottom edge left to the neighbour.
pub(super) fn pixels_between(start: i64, end: i64) -> Range<i64> {
    let first_at_or_after = |position: i64| (position + SUBPIXELS / 2 - 1).div_euclid(SUBPIXELS);
    first_at_or_after(start)..first_at_or_after(end)
}

/// Returns what two ranges share; empty where they do not meet.
pub(super) fn intersect(a: Range<i64>, b: &Range<i64>) -> Range<i64> {
    a.start.max(b.start)..a.end.min(b.end)
}

/// A picture under construction. Pixels are premultiplied until [`Canvas::into_picture`].
pub(super) struct Canvas {
    picture: Picture,
    clip_columns: Range<i64>,
    clip_rows: Range<i64>,
}

impl Canvas {
    /// Returns a canvas of `background` everywhere, clipped to its own size in physical pixels.
    pub fn new([width_px, height_px]: [u32; 2], background: egui::Color32) -> Self {
        let background = image::Rgba(background.to_array());
        Self {
            picture: Picture::from_pixel(width_px, height_px, background),
            clip_columns: 0..i64::from(width_px),
            clip_rows: 0..i64::from(height_px),
        }
    }

    /// Lets only pixels inside `clip_points` be painted from now on.
    ///
    /// Sides are rounded to whole pixels exactly as `egui_glow` sets its scissor rectangle.
    pub fn set_clip(&mut self, clip_points: egui::Rect, pixels_per_point: f32) {
        let (width_px, height_px) = self.picture.dimensions();
        let side = |points: f32, limit_px: u32| {
            (points * pixels_per_point)
                .round()
                .clamp(0.0, limit_px as f32) as i64
        };
        self.clip_columns = side(clip_points.min.x, width_px)..side(clip_points.max.x, width_px);
        self.clip_rows = side(clip_points.min.y, height_px)..side(clip_points.max.y, height_px);
    }

    /// Returns the columns that may be painted, in physical pixels.
    pub fn clip_columns(&self) -> &Range<i64> {
        &self.clip_columns
    }

    /// Returns the rows that may be painted, in physical pixels.
    pub fn clip_rows(&self) -> &Range<i64> {
        &self.clip_rows
    }

    /// Returns the pixels of one row inside `columns`; empty if that leaves the clip rectangle.
    ///
    /// The caller intersects with the clip rectangle first, because it must know the first
    /// column to find its colour or texel; here it is only made sure.
    pub fn run(&mut self, row: i64, columns: Range<i64>) -> &mut [[u8; 4]] {
        let inside = self.clip_rows.contains(&row)
            && self.clip_columns.start <= columns.start
            && columns.start < columns.end
            && columns.end <= self.clip_columns.end;
        if !inside {
            return &mut [];
        }
        let row_start = row as usize * self.picture.width() as usize;
        let bytes =
            4 * (row_start + columns.start as usize)..4 * (row_start + columns.end as usize);
        let (pixels, _) = self
            .picture
            .get_mut(bytes)
            .unwrap_or_default()
            .as_chunks_mut();
        pixels
    }

    /// Returns the finished picture, with straight alpha.
    pub fn into_picture(mut self) -> Picture {
        let (pixels, _) = self.picture.as_chunks_mut();
        pixels.iter_mut().for_each(unmultiply);
        self.picture
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Color32, Rect, pos2};

    #[test]
    fn a_pixel_is_owned_when_its_centre_is() {
        for (start, end, expected) in [
            (0.0, 2.0, 0..2),
            (0.5, 2.5, 0..2), // on both centres: the first in, the last out
            (0.51, 2.51, 1..3),
            (-1.5, -0.5, -2..-1),
            (0.6, 0.9, 1..1), // thin and between centres: nothing
        ] {
            assert_eq!(
                pixels_between(snap(start), snap(end)),
                expected,
                "{start} to {end}"
            );
        }
    }

    #[test]
    fn far_positions_stay_within_reach() {
        for far in [1e7, f32::INFINITY] {
            assert_eq!(snap(far), 1 << 29);
            assert_eq!(snap(-far), -(1 << 29));
        }
        assert_eq!(snap(f32::NAN), 0);
    }

    #[test]
    fn clip_is_rounded_and_kept_inside_the_picture() {
        let mut canvas = Canvas::new([10, 8], Color32::BLACK);
        canvas.set_clip(Rect::from_min_max(pos2(0.7, -3.0), pos2(2.2, 9.0)), 2.0);
        assert_eq!(canvas.clip_columns(), &(1..4));
        assert_eq!(canvas.clip_rows(), &(0..8));
        canvas.set_clip(Rect::EVERYTHING, 1.5);
        assert_eq!(
            (canvas.clip_columns(), canvas.clip_rows()),
            (&(0..10), &(0..8))
        );
        canvas.set_clip(Rect::NOTHING, 1.5);
        assert!(canvas.clip_columns().is_empty() && canvas.clip_rows().is_empty());
    }

    #[test]
    fn runs_outside_the_clip_are_empty() {
        let mut canvas = Canvas::new([4, 4], Color32::BLACK);
        canvas.set_clip(Rect::from_min_max(pos2(1.0, 1.0), pos2(3.0, 3.0)), 1.0);
        assert_eq!(canvas.run(1, 1..3).len(), 2);
        for (row, columns) in [
            (0, 1..3),
            (3, 1..3),
            (1, 0..3),
            (1, 1..4),
            (1, -5..0),
            (1, 2..2),
        ] {
            assert!(canvas.run(row, columns).is_empty());
        }
    }
}
