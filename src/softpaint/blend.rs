//! Laying one colour over another.
//!
//! Promises the arithmetic of egui's own painters: premultiplied alpha, in gamma space (the sRGB
//! bytes as they are, never made linear), one rounding to the nearest byte at the end.
//! Leaves to others: where the colour comes from, and which pixels it belongs to.

/// A vertex colour times a texel is a product of two bytes, so 1.0 is 255 × 255.
const ONE: u32 = 255 * 255;

/// A premultiplied colour on its way to a pixel; each channel in units of 1/65025.
///
/// Keeping the product of two bytes instead of a byte saves one rounding: a glyph edge comes out
/// as a GPU computes it, which multiplies and blends in floats and rounds once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Source([u32; 4]);

impl Source {
    /// Returns a vertex colour modulated by a texel, both premultiplied RGBA bytes.
    pub fn of_bytes(color: [u8; 4], texel: [u8; 4]) -> Self {
        let [r, g, b, a] = color.map(u32::from);
        let [s, t, u, v] = texel.map(u32::from);
        Self([r * s, g * t, b * u, a * v])
    }

    /// Returns the same for interpolated values, channels from 0 to 255.
    ///
    /// Interpolation may overshoot by a rounding error; it is cut off here.
    pub fn of_floats(mut color: [f32; 4], texel: [f32; 4]) -> Self {
        for (channel, texel) in color.iter_mut().zip(texel) {
            *channel *= texel;
        }
        Self(color.map(|product| ((product + 0.5) as u32).min(ONE)))
    }

    /// Lays the colour over one pixel.
    #[inline]
    pub fn over(self, pixel: &mut [u8; 4]) {
        let Self([_, _, _, alpha]) = self;
        if alpha == ONE {
            *pixel = self.to_bytes();
        } else if !self.is_nothing() {
            let shining_through = ONE - alpha;
            for (below, above) in pixel.iter_mut().zip(self.0) {
                let sum = above * 255 + u32::from(*below) * shining_through;
                // Additive colours (more colour than alpha) can pass 255.
                *below = ((sum + ONE / 2) / ONE).min(255) as u8;
            }
        }
    }

    /// Lays the colour over a whole run of pixels.
    pub fn fill(self, pixels: &mut [[u8; 4]]) {
        let Self([_, _, _, alpha]) = self;
        if alpha == ONE {
            pixels.fill(self.to_bytes());
        } else if !self.is_nothing() {
            for pixel in pixels {
                self.over(pixel);
            }
        }
    }

    fn is_nothing(self) -> bool {
        self.0 == [0; 4]
    }

    fn to_bytes(self) -> [u8; 4] {
        self.0.map(|channel| ((channel + 127) / 255).min(255) as u8)
    }
}

/// Turns a premultiplied pixel into one with straight alpha, as PNG and `image` keep them.
///
/// Where nothing was painted (alpha 0) the colour is unknown, and the pixel is all zero.
pub(super) fn unmultiply(pixel: &mut [u8; 4]) {
    let [r, g, b, alpha] = pixel;
    match u16::from(*alpha) {
        255 => {}
        0 => *pixel = [0; 4],
        divisor => {
            for channel in [r, g, b] {
                *channel = ((u16::from(*channel) * 255 + divisor / 2) / divisor).min(255) as u8;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: [u8; 4] = [255; 4];

    #[track_caller]
    fn check(below: [u8; 4], color: [u8; 4], texel: [u8; 4], expected: [u8; 4]) {
        let source = Source::of_bytes(color, texel);
        let mut one = below;
        source.over(&mut one);
        assert_eq!(one, expected, "one pixel");
        let mut run = [below; 3];
        source.fill(&mut run);
        assert_eq!(run, [expected; 3], "a run");
    }

    #[test]
    fn opaque_replaces() {
        check([9, 9, 9, 255], [1, 2, 3, 255], WHITE, [1, 2, 3, 255]);
    }

    #[test]
    fn transparent_leaves() {
        check([9, 8, 7, 60], [0; 4], WHITE, [9, 8, 7, 60]);
        check([9, 8, 7, 60], [1, 2, 3, 255], [0; 4], [9, 8, 7, 60]);
    }

    #[test]
    fn half_red_over_white() {
        // 128 + 255 × 127/255 = 255; 0 + 255 × 127/255 = 127.
        check(WHITE, [128, 0, 0, 128], WHITE, [255, 127, 127, 255]);
    }

    #[test]
    fn half_blue_over_half_red() {
        // k = 1 - 128/255 = 0.498; 128 × k = 63.75 → 64; alpha 128 + 63.75 = 191.75 → 192.
        check([128, 0, 0, 128], [0, 0, 128, 128], WHITE, [64, 0, 128, 192]);
    }

    #[test]
    fn grey_text_at_a_third_coverage_rounds_once() {
        // 60 × 85/255 = 20; alpha 85/255; 255 × (1 - 1/3) = 170; 20 + 170 = 190.
        check(
            WHITE,
            [60, 60, 60, 255],
            [85, 85, 85, 85],
            [190, 190, 190, 255],
        );
        // 2 × 85/255 = 0.67 and 74 × 2/3 = 49.33 make 50; 12 × 85/255 = 4 and 100 × 2/3 = 66.67
        // make 70.67 → 71; a renderer that first rounds what shines through, down, has 70.
        check(
            [74, 100, 0, 255],
            [2, 12, 0, 255],
            [85, 85, 85, 85],
            [50, 71, 0, 255],
        );
    }

    #[test]
    fn additive_colours_brighten_up_to_white() {
        check(
            [100, 200, 0, 255],
            [100, 100, 0, 0],
            WHITE,
            [200, 255, 0, 255],
        );
    }

    #[test]
    fn floats_are_rounded_and_cut_off() {
        assert_eq!(
            Source::of_floats([255.001, 255.1, -0.3, 127.5], [255.0, 255.0, 255.0, 255.0]),
            Source([65025, 65025, 0, 32513])
        );
    }

    #[test]
    fn straight_alpha() {
        for (premultiplied, straight) in [
            ([7, 8, 9, 255], [7, 8, 9, 255]),
            ([64, 0, 128, 128], [128, 0, 255, 128]),
            ([9, 9, 9, 0], [0; 4]),
            ([90, 0, 0, 60], [255, 0, 0, 60]), // additive: no straight colour is so bright
        ] {
            let mut pixel = premultiplied;
            unmultiply(&mut pixel);
            assert_eq!(pixel, straight);
        }
    }
}
