//! Triangles of any shape, with colour and texture varying across them.
//!
//! Promises linear interpolation between the corners, evaluated at pixel centres, as GPUs do.
//! Leaves to others: which pixels a triangle owns (`outline`); noticing that two triangles are one
//! rectangle (`quad`).

use super::blend::Source;
use super::canvas::{Canvas, intersect};
use super::mesh::Corner;
use super::outline::{Outline, Weights};
use super::texture::{Sampler, Texture};

/// Paints one triangle; its corners may come in either winding order.
pub(super) fn paint(canvas: &mut Canvas, texture: &Texture, corners: [Corner; 3]) {
    let Some(outline) = Outline::new(corners) else {
        return;
    };
    let rows = intersect(outline.rows(), canvas.clip_rows());
    let columns = intersect(outline.columns(), canvas.clip_columns());
    if rows.is_empty() || columns.is_empty() {
        return;
    }
    let shading = Shading::new(&outline, texture);
    for row in rows {
        let owned = outline.columns_in(row, columns.clone());
        let weights = outline.weights(row, owned.start);
        shading.paint(canvas.run(row, owned), &weights);
    }
}

/// Where the colour of a pixel comes from; the simple cases are the common ones.
enum Shading<'t> {
    /// One colour, one texel: the inside of every shape without a texture.
    Flat(Source),
    /// Colours vary over one texel: the feathered, anti-aliased borders of shapes.
    Graded { color: Varying<4>, texel: [f32; 4] },
    /// A texture that is scaled or turned.
    Textured {
        color: Varying<4>,
        uv: Varying<2>,
        sampler: Sampler<'t>,
    },
}

impl<'t> Shading<'t> {
    fn new(outline: &Outline, texture: &'t Texture) -> Self {
        let corners = outline.corners();
        let [a, b, c] = corners;
        let color = Varying::new(corners.map(|corner| corner.color.map(f32::from)));
        if a.uv == b.uv && b.uv == c.uv {
            let texel = texture.sampler(1.0).at(a.uv);
            return if a.color == b.color && b.color == c.color {
                Self::Flat(Source::of_floats(color.first, texel))
            } else {
                Self::Graded { color, texel }
            };
        }
        let uv = Varying::new(corners.map(|corner| corner.uv));
        Self::Textured {
            color,
            uv,
            sampler: texture.sampler(texels_per_pixel(corners, texture)),
        }
    }

    fn paint(&self, pixels: &mut [[u8; 4]], weights: &Weights) {
        match self {
            Self::Flat(source) => source.fill(pixels),
            Self::Graded { color, texel } => {
                for (idx, pixel) in pixels.iter_mut().enumerate() {
                    Source::of_floats(color.at(weights.at(idx)), *texel).over(pixel);
                }
            }
            Self::Textured { color, uv, sampler } => {
                for (idx, pixel) in pixels.iter_mut().enumerate() {
                    let weights = weights.at(idx);
                    let texel = sampler.at(uv.at(weights));
                    Source::of_floats(color.at(weights), texel).over(pixel);
                }
            }
        }
    }
}

/// Returns how many texels pass in one pixel along the side where most do.
///
/// For upright textures that is what GPUs choose their filter by; for turned ones they differ.
fn texels_per_pixel([a, b, c]: [Corner; 3], texture: &Texture) -> f32 {
    let [width, height] = texture.size().map(|texels| texels as f32);
    let along = |from: Corner, to: Corner| {
        let ([u, v], [to_u, to_v]) = (from.uv, to.uv);
        let texels = ((to_u - u) * width).hypot((to_v - v) * height);
        texels / (to.x - from.x).hypot(to.y - from.y)
    };
    along(a, b).max(along(b, c)).max(along(c, a))
}

/// `N` values that vary linearly across a triangle.
struct Varying<const N: usize> {
    first: [f32; N],
    to_second: [f32; N],
    to_third: [f32; N],
}

impl<const N: usize> Varying<N> {
    fn new([first, second, third]: [[f32; N]; 3]) -> Self {
        let from_first = |mut values: [f32; N]| {
            for (value, first) in values.iter_mut().zip(first) {
                *value -= first;
            }
            values
        };
        Self {
            first,
            to_second: from_first(second),
            to_third: from_first(third),
        }
    }

    fn at(&self, [b, c]: [f32; 2]) -> [f32; N] {
        let mut values = self.first;
        for ((value, to_second), to_third) in
            values.iter_mut().zip(self.to_second).zip(self.to_third)
        {
            *value += to_second * b + to_third * c;
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::epaint::ImageDelta;
    use egui::{Color32, ColorImage, TextureFilter, TextureOptions};

    const SIDE_PX: u32 = 16;

    fn at(x: f32, y: f32) -> Corner {
        Corner {
            x,
            y,
            uv: [x, y].map(|px| px / SIDE_PX as f32),
            color: [255; 4],
        }
    }

    fn texture(width: usize, greys: &[u8], options: TextureOptions) -> Texture {
        let bytes: Vec<u8> = greys.iter().flat_map(|g| [*g, *g, *g, 255]).collect();
        let size = [width, greys.len() / width];
        let image = ColorImage::from_rgba_premultiplied(size, &bytes);
        Texture::new(&ImageDelta::full(image, options))
    }

    /// Paints over black and returns the red channel, row by row.
    fn painted(triangles: &[[Corner; 3]], texture: &Texture) -> Vec<u8> {
        let mut canvas = Canvas::new([SIDE_PX; 2], Color32::BLACK);
        for triangle in triangles {
            paint(&mut canvas, texture, *triangle);
        }
        canvas.into_picture().pixels().map(|p| p.0[0]).collect()
    }

    /// Returns the whole texture over the whole picture.
    fn spread(texture: &Texture) -> Vec<u8> {
        let far = SIDE_PX as f32;
        let (right_top, left_bottom) = (at(far, 0.0), at(0.0, far));
        let upper = [at(0.0, 0.0), right_top, left_bottom];
        painted(&[upper, [left_bottom, right_top, at(far, far)]], texture)
    }

    #[test]
    fn colours_run_evenly_from_corner_to_corner() {
        let grey = |x, y, value| Corner {
            color: [value, value, value, 255],
            uv: [0.0; 2],
            ..at(x, y)
        };
        // 0 on the left to 160 at 16 pixels: 10 a pixel, 5 at the first centre.
        let triangle = [grey(0.0, 0.0, 0), grey(16.0, 0.0, 160), grey(0.0, 16.0, 0)];
        let pixels = painted(&[triangle], &texture(1, &[255], TextureOptions::LINEAR));
        assert_eq!(&pixels[..4], [5, 15, 25, 35]);
        assert_eq!(&pixels[16..20], [5, 15, 25, 35]);
    }

    #[test]
    fn an_enlarged_texture_shows_square_texels() {
        let texture = texture(2, &[10, 20, 30, 40], TextureOptions::NEAREST);
        for (idx, pixel) in spread(&texture).into_iter().enumerate() {
            let (right, low) = (idx % 16 / 8, idx / 16 / 8);
            assert_eq!(usize::from(pixel), 10 + 10 * right + 20 * low);
        }
    }

    #[test]
    fn the_scale_along_the_denser_side_chooses_the_filter() {
        let options = |minification, magnification| TextureOptions {
            minification,
            magnification,
            ..TextureOptions::LINEAR
        };
        let (nearest, linear) = (TextureFilter::Nearest, TextureFilter::Linear);
        // Four texels a pixel across, none down; each centre is between a texel of 100 and one
        // of 0, to which it belongs.
        let stripes = [0, 100].repeat(32);
        let shrunk = |options| spread(&texture(64, &stripes, options));
        assert_eq!(shrunk(options(nearest, linear)), [0; 256]);
        assert_eq!(shrunk(options(linear, nearest)), [50; 256]);
        // An eighth of a texel a pixel: the centre of the first is within the texel of 0.
        let enlarged = |options| spread(&texture(2, &[0, 100], options));
        assert_eq!(enlarged(options(linear, nearest))[7], 0);
        assert_eq!(enlarged(options(nearest, linear))[7], 44); // (7.5/8 - 1/2) × 100 = 43.75
    }
}
