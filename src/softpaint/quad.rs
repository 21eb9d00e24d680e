//! Upright rectangles of one colour: glyphs, fills, images.
//!
//! Promises the very pixels and values the two triangles would give, row by row instead of pixel
//! by pixel; and says when it cannot (a texture that is not shown texel by pixel).
//! Leaves to others: everything slanted, scaled or shaded (`triangle`).

use super::blend::Source;
use super::canvas::{Canvas, intersect, pixels_between, snap};
use super::mesh::Corner;
use super::texture::Texture;

/// How far from "one texel, one pixel" a glyph may be. Smaller than the grid of 1/256 pixel that
/// shapes are snapped to anyway, and more than the float error at the far end of a large screen.
const TEXEL_TOLERANCE: f32 = 1.0 / 300.0;

/// An upright rectangle whose texture, if any, is upright too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Quad {
    left_top: Corner,
    right_bottom: Corner,
}

impl Quad {
    /// Returns the rectangle two triangles form, or `None` if they form none of one colour.
    pub fn new(first: [Corner; 3], second: [Corner; 3]) -> Option<Self> {
        let [corner, ..] = first;
        let mut quad = Self {
            left_top: corner,
            right_bottom: corner,
        };
        for corner in first {
            quad.include(corner);
        }
        let missing = |triangle| quad.missing_corner(triangle);
        let opposite = missing(first)? ^ missing(second)? == 0b11;
        opposite.then_some(quad)
    }

    /// Moves the sides, and the texture with them, out to `corner`.
    fn include(&mut self, corner: Corner) {
        let [u, v] = corner.uv;
        if corner.x < self.left_top.x {
            (self.left_top.x, self.left_top.uv[0]) = (corner.x, u);
        }
        if corner.x > self.right_bottom.x {
            (self.right_bottom.x, self.right_bottom.uv[0]) = (corner.x, u);
        }
        if corner.y < self.left_top.y {
            (self.left_top.y, self.left_top.uv[1]) = (corner.y, v);
        }
        if corner.y > self.right_bottom.y {
            (self.right_bottom.y, self.right_bottom.uv[1]) = (corner.y, v);
        }
    }

    /// Returns which corner of the rectangle a triangle lacks (bit 0: right, bit 1: bottom), or
    /// `None` if one of its own is not a corner of the rectangle, by place, texture or colour.
    fn missing_corner(&self, triangle: [Corner; 3]) -> Option<u32> {
        let mut seen = 0_u32;
        for corner in triangle {
            let mut expected = self.left_top;
            let mut number = 0;
            if corner.x != self.left_top.x {
                (expected.x, expected.uv[0]) = (self.right_bottom.x, self.right_bottom.uv[0]);
                number |= 0b01;
            }
            if corner.y != self.left_top.y {
                (expected.y, expected.uv[1]) = (self.right_bottom.y, self.right_bottom.uv[1]);
                number |= 0b10;
            }
            if corner != expected {
                return None;
            }
            seen |= 1 << number;
        }
        (seen.count_ones() == 3).then(|| (!seen).trailing_zeros())
    }

    /// Paints the rectangle, or returns `false` having painted nothing: then the texture is
    /// scaled, turned or wraps around, and the two triangles must be painted one by one.
    pub fn paint(&self, canvas: &mut Canvas, texture: &Texture) -> bool {
        let all_columns = pixels_between(snap(self.left_top.x), snap(self.right_bottom.x));
        let all_rows = pixels_between(snap(self.left_top.y), snap(self.right_bottom.y));
        let columns = intersect(all_columns, canvas.clip_columns());
        let rows = intersect(all_rows, canvas.clip_rows());
        if columns.is_empty() || rows.is_empty() {
            return true;
        }
        if self.left_top.uv == self.right_bottom.uv {
            let texel = texture.sampler(1.0).at(self.left_top.uv);
            let source = Source::of_floats(self.left_top.color.map(f32::from), texel);
            for row in rows {
                source.fill(canvas.run(row, columns.clone()));
            }
            return true;
        }
        let Some([right, down]) = self.texels_from_pixels(texture) else {
            return false;
        };
        let count = (columns.end - columns.start) as usize;
        let texels = |row: i64| texture.run(row + down, columns.start + right, count);
        if texels(rows.start).is_none() || texels(rows.end - 1).is_none() {
            return false;
        }
        for row in rows {
            let pixels = canvas.run(row, columns.clone());
            for (pixel, texel) in pixels.iter_mut().zip(texels(row).unwrap_or_default()) {
                Source::of_bytes(self.left_top.color, *texel).over(pixel);
            }
        }
        true
    }

    /// Returns how many texels right and down of a pixel its texel is found, if every pixel shows
    /// exactly one. Then nearest and linear filters agree.
    fn texels_from_pixels(&self, texture: &Texture) -> Option<[i64; 2]> {
        let [width, height] = texture.size().map(|texels| texels as f32);
        let along = |start_px: f32, end_px: f32, start: f32, end: f32, texels: f32| {
            let at_start = start * texels - start_px;
            let at_end = end * texels - end_px;
            let whole = at_start.round();
            let off = (at_start - whole).abs().max((at_end - whole).abs());
            (off <= TEXEL_TOLERANCE).then_some(whole as i64)
        };
        let (a, b) = (self.left_top, self.right_bottom);
        Some([
            along(a.x, b.x, a.uv[0], b.uv[0], width)?,
            along(a.y, b.y, a.uv[1], b.uv[1], height)?,
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::softpaint::{Picture, triangle};
    use egui::epaint::ImageDelta;
    use egui::{Color32, ColorImage, TextureOptions};

    const RED: [u8; 4] = [90, 10, 0, 128];

    /// Returns the four corners, left to right, then the lower two; `uv` as left, top, right, bottom.
    fn corners([x0, y0, x1, y1]: [f32; 4], [u0, v0, u1, v1]: [f32; 4]) -> [Corner; 4] {
        [
            (x0, y0, u0, v0),
            (x1, y0, u1, v0),
            (x0, y1, u0, v1),
            (x1, y1, u1, v1),
        ]
        .map(|(x, y, u, v)| Corner {
            x,
            y,
            uv: [u, v],
            color: RED,
        })
    }

    fn square() -> [Corner; 4] {
        corners([1.0, 1.0, 3.0, 4.0], [0.0; 4])
    }

    #[test]
    fn both_ways_egui_writes_a_rectangle_are_seen() {
        let [a, b, c, d] = square();
        let quad = Quad::new([a, b, c], [c, b, d]).unwrap();
        assert_eq!((quad.left_top, quad.right_bottom), (a, d));
        assert_eq!(
            Quad::new([b, a, d], [d, a, c]),
            Some(quad),
            "as a filled path"
        );
        assert_eq!(
            Quad::new([d, c, b], [c, a, b]),
            Some(quad),
            "wound the other way"
        );
    }

    #[test]
    fn what_is_no_rectangle_of_one_colour_is_refused() {
        let [a, b, c, d] = square();
        let moved = Corner { x: 3.1, ..d };
        let shaded = Corner {
            color: [1, 2, 3, 255],
            ..d
        };
        let twisted = Corner {
            uv: [0.5, 0.5],
            ..d
        };
        for (first, second) in [
            ([a, b, c], [c, b, moved]),
            ([a, b, c], [c, b, shaded]),
            ([a, b, c], [c, b, twisted]),
            ([a, b, c], [a, b, c]),     // the same half twice
            ([a, b, c], [a, b, d]),     // halves that overlap
            ([a, b, b], [c, b, d]),     // a line
            ([a, b, moved], [c, b, d]), // slanted
        ] {
            assert_eq!(Quad::new(first, second), None, "{first:?} {second:?}");
        }
    }

    /// Returns 8 by 8 texels, no two alike.
    fn texture(options: TextureOptions) -> Texture {
        let bytes: Vec<u8> = (0..64).flat_map(|n| [2 * n, n, 0, 4 * n]).collect();
        let image = ColorImage::from_rgba_premultiplied([8, 8], &bytes);
        Texture::new(&ImageDelta::full(image, options))
    }

    fn picture(paint: impl FnOnce(&mut Canvas)) -> Picture {
        let mut canvas = Canvas::new([12, 12], Color32::LIGHT_BLUE);
        let clip = egui::Rect::from_min_max(egui::pos2(1.0, 0.0), egui::pos2(11.0, 10.0));
        canvas.set_clip(clip, 1.0);
        paint(&mut canvas);
        canvas.into_picture()
    }

    #[track_caller]
    fn check_like_triangles([a, b, c, d]: [Corner; 4], texture: &Texture) {
        let quick = picture(|canvas| {
            let quad = Quad::new([a, b, c], [c, b, d]).unwrap();
            assert!(quad.paint(canvas, texture), "must take the quick way");
        });
        let slow = picture(|canvas| {
            triangle::paint(canvas, texture, [a, b, c]);
            triangle::paint(canvas, texture, [c, b, d]);
        });
        assert_eq!(quick, slow);
    }

    #[test]
    fn fills_are_those_of_two_triangles() {
        let texture = texture(TextureOptions::LINEAR);
        for step in 0..24 {
            let shift = step as f32 * 0.25 - 2.0;
            let rect = [shift, 0.5 * shift, shift + 5.3, 7.5];
            check_like_triangles(corners(rect, [0.55; 4]), &texture);
        }
    }

    #[test]
    fn glyphs_are_those_of_two_triangles() {
        let uv = [0.125, 0.25, 0.75, 1.0]; // texels 1 to 6 and 2 to 8
        for options in [TextureOptions::LINEAR, TextureOptions::NEAREST] {
            for left in [-2.0, 0.0, 3.0, 9.0] {
                let rect = [left, 3.0, left + 5.0, 9.0];
                check_like_triangles(corners(rect, uv), &texture(options));
            }
        }
    }

    #[test]
    fn a_texture_not_shown_texel_by_pixel_is_left_to_triangles() {
        let texture = texture(TextureOptions::LINEAR);
        for (rect, uv) in [
            ([2.0, 2.0, 6.0, 6.0], [0.0, 0.0, 1.0, 1.0]),   // halved
            ([2.3, 2.0, 6.3, 6.0], [0.25, 0.0, 0.75, 0.5]), // between pixels
            ([2.0, 2.0, 6.0, 6.0], [0.5, 0.0, 0.0, 0.5]),   // mirrored
            ([2.0, 2.0, 6.0, 6.0], [0.75, 0.0, 1.25, 0.5]), // leaves the texture
        ] {
            let [a, b, c, d] = corners(rect, uv);
            let quad = Quad::new([a, b, c], [c, b, d]).unwrap();
            let untouched = picture(|_| {});
            assert_eq!(
                picture(|canvas| assert!(!quad.paint(canvas, &texture))),
                untouched
            );
        }
    }
}
