//! Textures as egui hands them over: the font atlas, and images.
//!
//! Promises whole and partial updates, nearest and linear filters, the three wrap modes, and
//! between pixels the same value a GPU interpolates.
//! Leaves to others: which texture a mesh uses. Mipmaps are not built; only `egui_glow` has them
//! and nothing here shows a picture much smaller than it is.

use egui::epaint::ImageDelta;
use egui::{ImageData, TextureFilter, TextureOptions, TextureWrapMode};

/// One texture; texels are premultiplied RGBA bytes, row by row from the top.
pub(super) struct Texture {
    width: usize,
    height: usize,
    texels: Vec<[u8; 4]>,
    options: TextureOptions,
}

impl Texture {
    /// Returns a texture that holds the whole image of `delta`.
    pub fn new(delta: &ImageDelta) -> Self {
        let ImageData::Color(image) = &delta.image;
        Self {
            width: image.width(),
            height: image.height(),
            texels: image.pixels.iter().map(|texel| texel.to_array()).collect(),
            options: delta.options,
        }
    }

    /// Replaces the part of the texture whose left top texel is `[left, top]`.
    ///
    /// What would be outside the texture is left out; only a bug in egui could ask for it.
    pub fn update(&mut self, [left, top]: [usize; 2], delta: &ImageDelta) {
        let ImageData::Color(part) = &delta.image;
        let inside = left + part.width() <= self.width && top + part.height() <= self.height;
        debug_assert!(
            inside,
            "update of {:?} at {left}, {top} leaves the texture",
            part.size
        );
        self.options = delta.options;
        if part.width() == 0 || !inside {
            return;
        }
        let rows = self.texels.chunks_exact_mut(self.width).skip(top);
        for (old, new) in rows.zip(part.pixels.chunks_exact(part.width())) {
            for (old, new) in old.iter_mut().skip(left).zip(new) {
                *old = new.to_array();
            }
        }
    }

    /// Returns width and height in texels.
    pub fn size(&self) -> [usize; 2] {
        [self.width, self.height]
    }

    /// Returns the `count` texels of `row` from column `left`, if all of them are in the texture.
    pub fn run(&self, row: i64, left: i64, count: usize) -> Option<&[[u8; 4]]> {
        let (row, left) = (usize::try_from(row).ok()?, usize::try_from(left).ok()?);
        if self.width < left.checked_add(count)? {
            return None;
        }
        let start = row.checked_mul(self.width)? + left;
        self.texels.get(start..start + count)
    }

    /// Returns the texture as seen where `texels_per_pixel` texels (a length) pass in one pixel.
    pub fn sampler(&self, texels_per_pixel: f32) -> Sampler<'_> {
        let filter = if texels_per_pixel > 1.0 {
            self.options.minification
        } else {
            self.options.magnification
        };
        Sampler {
            texture: self,
            filter,
        }
    }

    /// Returns the texel at a column and row that may be outside, where the wrap mode decides.
    fn texel(&self, column: i64, row: i64) -> [f32; 4] {
        let column = wrapped(column, self.width, self.options.wrap_mode);
        let row = wrapped(row, self.height, self.options.wrap_mode);
        let texel = self.texels.get(row * self.width + column);
        texel.copied().unwrap_or_default().map(f32::from)
    }
}

/// A texture with the filter that applies at one scale.
pub(super) struct Sampler<'t> {
    texture: &'t Texture,
    filter: TextureFilter,
}

impl Sampler<'_> {
    /// Returns the filtered colour at `uv` (0 to 1 across the texture); channels from 0 to 255.
    pub fn at(&self, [u, v]: [f32; 2]) -> [f32; 4] {
        let x = u * self.texture.width as f32;
        let y = v * self.texture.height as f32;
        match self.filter {
            TextureFilter::Nearest => self.texture.texel(x.floor() as i64, y.floor() as i64),
            TextureFilter::Linear => self.linear(x - 0.5, y - 0.5),
        }
    }

    /// Returns the colour at a position in texels counted from the centre of the first one.
    fn linear(&self, x: f32, y: f32) -> [f32; 4] {
        let (left, top) = (x.floor(), y.floor());
        let (column, row) = (left as i64, top as i64);
        let mix_row = |row| {
            let [a, b] = [0, 1].map(|step| self.texture.texel(column + step, row));
            mix(a, b, x - left)
        };
        mix(mix_row(row), mix_row(row + 1), y - top)
    }
}

fn mix(mut a: [f32; 4], b: [f32; 4], share_of_b: f32) -> [f32; 4] {
    for (a, b) in a.iter_mut().zip(b) {
        *a += (b - *a) * share_of_b;
    }
    a
}

/// Returns the texel that represents position `at` on an axis of `count` texels.
fn wrapped(at: i64, count: usize, mode: TextureWrapMode) -> usize {
    let count = count.max(1) as i64;
    let inside = match mode {
        TextureWrapMode::ClampToEdge => at.clamp(0, count - 1),
        TextureWrapMode::Repeat => at.rem_euclid(count),
        TextureWrapMode::MirroredRepeat => {
            let there_and_back = at.rem_euclid(2 * count);
            there_and_back.min(2 * count - 1 - there_and_back)
        }
    };
    inside as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::ColorImage;

    /// Returns a texture of one row; every channel of a texel holds its number.
    fn row(values: &[u8], options: TextureOptions) -> Texture {
        Texture::new(&ImageDelta::full(image(values.len(), values), options))
    }

    fn image(width: usize, values: &[u8]) -> ColorImage {
        let bytes: Vec<u8> = values.iter().flat_map(|value| [*value; 4]).collect();
        ColorImage::from_rgba_premultiplied([width, values.len() / width], &bytes)
    }

    #[track_caller]
    fn check(options: TextureOptions, cases: &[(f32, f32)]) {
        let texture = row(&[0, 100, 200, 40], options);
        for (u, expected) in cases {
            let [r, _, _, a] = texture.sampler(1.0).at([*u, 0.5]);
            assert_eq!((r, a), (*expected, *expected), "at {u}");
        }
    }

    #[test]
    fn nearest_takes_the_texel_it_falls_into() {
        let cases = [
            (0.0, 0.0),
            (0.24, 0.0),
            (0.25, 100.0),
            (0.74, 200.0),
            (1.0, 40.0),
        ];
        check(TextureOptions::NEAREST, &cases);
    }

    #[test]
    fn linear_is_exact_on_centres_and_even_between() {
        let cases = [
            (0.125, 0.0),
            (0.375, 100.0),
            (0.25, 50.0),
            (0.3125, 75.0),
            (0.0, 0.0),
        ];
        check(TextureOptions::LINEAR, &cases);
    }

    #[test]
    fn outside_the_wrap_mode_decides() {
        check(TextureOptions::NEAREST, &[(-0.1, 0.0), (1.1, 40.0)]);
        check(
            TextureOptions::NEAREST_REPEAT,
            &[(-0.1, 40.0), (1.3, 100.0)],
        );
        let mirrored = [(-0.3, 100.0), (1.1, 40.0), (1.3, 200.0), (2.1, 0.0)];
        check(TextureOptions::NEAREST_MIRRORED_REPEAT, &mirrored);
        check(TextureOptions::LINEAR_REPEAT, &[(0.0, 20.0)]);
    }

    #[test]
    fn linear_mixes_rows_too() {
        let image = image(2, &[0, 80, 40, 120]);
        let texture = Texture::new(&ImageDelta::full(image, TextureOptions::LINEAR));
        assert_eq!(texture.sampler(1.0).at([0.5, 0.5]), [60.0; 4]);
    }

    #[test]
    fn the_scale_chooses_the_filter() {
        let options = TextureOptions {
            minification: TextureFilter::Nearest,
            ..TextureOptions::LINEAR
        };
        let texture = row(&[0, 100], options);
        assert_eq!(texture.sampler(0.5).at([0.5, 0.5]), [50.0; 4]);
        assert_eq!(texture.sampler(2.0).at([0.5, 0.5]), [100.0; 4]);
    }

    #[test]
    fn a_part_is_replaced_where_it_lies() {
        let mut texture = Texture::new(&ImageDelta::full(
            image(3, &[0; 9]),
            TextureOptions::NEAREST,
        ));
        let part = ImageDelta::partial([1, 1], image(2, &[1, 2, 3, 4]), TextureOptions::LINEAR);
        texture.update([1, 1], &part);
        let values: Vec<u8> = texture.texels.iter().map(|[r, ..]| *r).collect();
        assert_eq!(values, [0, 0, 0, 0, 1, 2, 0, 3, 4]);
        assert_eq!(texture.options, TextureOptions::LINEAR);
    }

    #[test]
    fn runs_do_not_leave_their_row() {
        let texture = Texture::new(&ImageDelta::full(
            image(2, &[1, 2, 3, 4]),
            TextureOptions::LINEAR,
        ));
        assert_eq!(texture.run(1, 0, 2), Some(&[[3; 4], [4; 4]][..]));
        for (row, left, count) in [(0, 1, 2), (2, 0, 1), (-1, 0, 1), (0, -1, 1)] {
            assert_eq!(texture.run(row, left, count), None);
        }
    }

    #[test]
    fn an_empty_texture_is_transparent() {
        let empty = ImageDelta::full(ColorImage::new([0, 0], vec![]), TextureOptions::LINEAR);
        assert_eq!(Texture::new(&empty).sampler(1.0).at([0.5, 0.5]), [0.0; 4]);
    }
}
