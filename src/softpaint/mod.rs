//! egui's triangles painted by the processor: pictures without a window, a GPU or a driver.
//!
//! For GUI tests (the renderer under `egui_kittest`) and for exporting a page as PNG. Promises to
//! paint as `egui_glow` does, less its dithering: premultiplied alpha blended in gamma space, its
//! rounding of clip rectangles, the fill rule of GPUs. The same meshes and textures give the same
//! bytes on every machine, so a stored picture can be a test.
//!
//! Leaves to others: tessellation (egui), layout and fonts, saving the file (`files`). Paint
//! callbacks are skipped, since they speak to a GPU; mipmaps are not built.
//!
//! Reading order: [`SoftPainter`] here; `mesh` takes a mesh apart; `quad` and `triangle` paint the
//! parts (`outline`: which pixels); `texture` and `blend` give the colours; `canvas` holds them.
//! [`Headless`] runs egui itself; [`encode_png`] makes a file of the picture.

mod blend;
mod canvas;
mod error;
mod headless;
mod mesh;
mod outline;
mod png;
mod quad;
mod texture;
mod triangle;

use std::collections::HashMap;

use egui::epaint::{ImageDelta, Primitive};
use egui::{ClippedPrimitive, TextureId, TexturesDelta};

use self::canvas::Canvas;
use self::texture::Texture;

pub use self::error::SoftpaintError;
pub use self::headless::Headless;
pub use self::png::encode_png;

/// What a painter returns: RGBA bytes in sRGB with straight alpha, row by row from the top.
pub type Picture = image::RgbaImage;

/// Paints egui's tessellated output; holds the textures egui has handed over so far.
///
/// Give it every [`TexturesDelta`] of one context in order, starting with the first frame.
#[derive(Default)]
pub struct SoftPainter {
    textures: HashMap<TextureId, Texture>,
    /// Textures the last frame still shows; egui wants them freed after it was painted.
    to_free: Vec<TextureId>,
}

impl SoftPainter {
    /// Applies the texture changes of one frame; call it before [`SoftPainter::render`].
    ///
    /// Leaves `delta` empty, as it must be before it is dropped. A texture the delta frees can be
    /// painted until the next call.
    pub fn apply(&mut self, delta: &mut TexturesDelta) {
        for id in self.to_free.drain(..) {
            self.textures.remove(&id);
        }
        #[expect(
            clippy::iter_over_hash_type,
            reason = "textures do not depend on each other; changes of one come in order"
        )]
        for (id, changes) in delta.set.drain() {
            for change in &changes {
                self.set_texture(id, change);
            }
        }
        self.to_free.extend(delta.free.drain());
    }

    /// Returns the picture of `primitives` over `background`, `size_px` physical pixels large.
    ///
    /// `pixels_per_point` must be that of the tessellation. A mesh whose texture is unknown is
    /// left out, as are paint callbacks.
    pub fn render(
        &self,
        primitives: &[ClippedPrimitive],
        pixels_per_point: f32,
        size_px: [u32; 2],
        background: egui::Color32,
    ) -> Picture {
        let mut canvas = Canvas::new(size_px, background);
        for ClippedPrimitive {
            clip_rect,
            primitive,
        } in primitives
        {
            let Primitive::Mesh(mesh) = primitive else {
                continue;
            };
            if let Some(texture) = self.textures.get(&mesh.texture_id) {
                canvas.set_clip(*clip_rect, pixels_per_point);
                mesh::paint(&mut canvas, mesh, texture, pixels_per_point);
            }
        }
        canvas.into_picture()
    }

    fn set_texture(&mut self, id: TextureId, change: &ImageDelta) {
        match (change.pos, self.textures.get_mut(&id)) {
            (None, _) => {
                self.textures.insert(id, Texture::new(change));
            }
            (Some(left_top), Some(texture)) => texture.update(left_top, change),
            (Some(_), None) => debug_assert!(
                false,
                "part of {id:?} without the whole: an earlier delta went to another painter"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::epaint::{Mesh, PaintCallback, Vertex};
    use egui::{Color32, ColorImage, Rect, TextureOptions, pos2};
    use std::sync::Arc;

    const FONTS: TextureId = TextureId::Managed(0);
    const IMAGE: TextureId = TextureId::Managed(1);

    /// Returns a colour from premultiplied bytes; its constructors are kept for the theme.
    fn premultiplied(bytes: [u8; 4]) -> Color32 {
        let mut color = Color32::TRANSPARENT;
        for (idx, byte) in bytes.into_iter().enumerate() {
            color[idx] = byte;
        }
        color
    }

    fn grey_image(width: usize, greys: &[u8]) -> ColorImage {
        let pixels = greys.iter().map(|g| premultiplied([*g, *g, *g, 255]));
        ColorImage::new([width, greys.len() / width], pixels.collect())
    }

    fn set(id: TextureId, change: ImageDelta) -> TexturesDelta {
        let mut delta = TexturesDelta::default();
        delta.push(id, change);
        delta
    }

    /// Returns a painter with a white font atlas and a 2 by 2 image: 10, 20 over 30, 40.
    fn painter() -> SoftPainter {
        let mut painter = SoftPainter::default();
        let white = ImageDelta::full(grey_image(1, &[255]), TextureOptions::LINEAR);
        painter.apply(&mut set(FONTS, white));
        let image = ImageDelta::full(grey_image(2, &[10, 20, 30, 40]), TextureOptions::NEAREST);
        painter.apply(&mut set(IMAGE, image));
        painter
    }

    fn rect(left: f32, top: f32, right: f32, bottom: f32) -> Rect {
        Rect::from_min_max(pos2(left, top), pos2(right, bottom))
    }

    fn clipped(clip_rect: Rect, mesh: Mesh) -> ClippedPrimitive {
        ClippedPrimitive {
            clip_rect,
            primitive: Primitive::Mesh(mesh),
        }
    }

    fn fill(rect: Rect, color: [u8; 4]) -> Mesh {
        let mut mesh = Mesh::default();
        mesh.add_colored_rect(rect, premultiplied(color));
        mesh
    }

    fn shown(id: TextureId, rect_points: Rect) -> Mesh {
        let mut mesh = Mesh::with_texture(id);
        mesh.add_rect_with_uv(rect_points, rect(0.0, 0.0, 1.0, 1.0), Color32::WHITE);
        mesh
    }

    /// Returns the red channel of a picture of `columns` by `rows` pixels, over black.
    fn reds(painter: &SoftPainter, size_px: [u32; 2], meshes: &[ClippedPrimitive]) -> Vec<u8> {
        let picture = painter.render(meshes, 1.0, size_px, Color32::BLACK);
        picture.pixels().map(|pixel| pixel.0[0]).collect()
    }

    #[test]
    fn a_translucent_square_of_two_triangles_has_no_seam() {
        // Slanted by a hair, so that it goes the way of triangles.
        let mut mesh = Mesh::default();
        for position in [
            pos2(0.0, 0.0),
            pos2(9.0, 0.0),
            pos2(-0.1, 9.0),
            pos2(9.0, 9.0),
        ] {
            let half_black = premultiplied([0, 0, 0, 128]);
            mesh.vertices.push(Vertex::untextured(position, half_black));
        }
        mesh.indices = vec![0, 1, 2, 2, 1, 3];
        let picture = painter().render(
            &[clipped(Rect::EVERYTHING, mesh)],
            1.0,
            [9, 9],
            Color32::WHITE,
        );
        // 255 × (1 - 128/255) = 127 everywhere: painted once, not twice (63) and not never.
        assert!(
            picture
                .pixels()
                .all(|pixel| pixel.0 == [127, 127, 127, 255])
        );
    }

    #[test]
    fn nothing_is_painted_outside_the_clip_rectangle() {
        let mesh = fill(rect(-5.0, -5.0, 50.0, 50.0), [200, 0, 0, 255]);
        let meshes = [clipped(rect(1.0, 0.6, 3.4, 2.0), mesh)];
        #[rustfmt::skip]
        let expected = [
            0,   0,   0, 0,
            0, 200, 200, 0,
            0,   0,   0, 0,
        ];
        assert_eq!(reds(&painter(), [4, 3], &meshes), expected);
    }

    #[test]
    fn points_are_scaled_to_pixels() {
        let meshes = [clipped(
            Rect::EVERYTHING,
            fill(rect(1.0, 0.0, 2.0, 1.0), [9, 0, 0, 255]),
        )];
        let picture = painter().render(&meshes, 2.0, [5, 2], Color32::BLACK);
        let reds: Vec<u8> = picture.pixels().map(|pixel| pixel.0[0]).collect();
        assert_eq!(reds, [0, 0, 9, 9, 0, 0, 0, 9, 9, 0]);
    }

    #[test]
    fn later_colours_lie_over_earlier_ones() {
        let whole = rect(0.0, 0.0, 1.0, 1.0);
        let mut mesh = fill(whole, [128, 0, 0, 128]);
        mesh.append(fill(whole, [0, 0, 64, 64]));
        let over = |background| {
            let meshes = [clipped(Rect::EVERYTHING, mesh.clone())];
            painter()
                .render(&meshes, 1.0, [1, 1], background)
                .get_pixel(0, 0)
                .0
        };
        // White: (255, 127, 127), then × (1 - 64/255): 191, 95.1; blue + 64.
        assert_eq!(over(Color32::WHITE), [191, 95, 159, 255]);
        // Nothing below: premultiplied (95.9, 0, 64) at alpha 159.9; straight is × 255/160.
        assert_eq!(over(Color32::TRANSPARENT), [153, 0, 102, 160]);
    }

    #[test]
    fn textures_are_shown_texel_by_pixel_and_enlarged() {
        let meshes = [
            clipped(Rect::EVERYTHING, shown(IMAGE, rect(0.0, 0.0, 2.0, 2.0))),
            clipped(Rect::EVERYTHING, shown(IMAGE, rect(2.0, 0.0, 6.0, 2.0))),
        ];
        assert_eq!(
            reds(&painter(), [6, 2], &meshes),
            [10, 20, 10, 10, 20, 20, 30, 40, 30, 30, 40, 40]
        );
    }

    #[test]
    fn a_partial_update_changes_its_part_and_empties_the_delta() {
        let mut painter = painter();
        let part = ImageDelta::partial([1, 0], grey_image(1, &[70, 80]), TextureOptions::NEAREST);
        let mut delta = set(IMAGE, part);
        painter.apply(&mut delta);
        assert!(delta.is_empty());
        drop(delta); // panics in debug builds if anything was left
        let meshes = [clipped(
            Rect::EVERYTHING,
            shown(IMAGE, rect(0.0, 0.0, 2.0, 2.0)),
        )];
        assert_eq!(reds(&painter, [2, 2], &meshes), [10, 70, 30, 80]);
    }

    #[test]
    fn a_freed_texture_lasts_until_the_next_delta() {
        let mut painter = painter();
        let mut delta = TexturesDelta::default();
        delta.free(IMAGE);
        painter.apply(&mut delta);
        assert!(delta.is_empty());
        let meshes = [clipped(
            Rect::EVERYTHING,
            shown(IMAGE, rect(0.0, 0.0, 1.0, 1.0)),
        )];
        assert_ne!(reds(&painter, [1, 1], &meshes), [0]);
        painter.apply(&mut TexturesDelta::default());
        assert_eq!(reds(&painter, [1, 1], &meshes), [0]);
    }

    #[test]
    fn callbacks_and_broken_meshes_are_skipped() {
        let mut broken = fill(rect(0.0, 0.0, 1.0, 1.0), [255; 4]);
        broken.indices = vec![0, 1, 9];
        let mut nowhere = fill(rect(0.0, 0.0, 9.0, 9.0), [255; 4]);
        nowhere.vertices[0].pos.x = f32::NAN;
        nowhere.indices.truncate(3);
        let callback = Primitive::Callback(PaintCallback {
            rect: Rect::EVERYTHING,
            callback: Arc::new(()),
        });
        let primitives = [
            ClippedPrimitive {
                clip_rect: Rect::EVERYTHING,
                primitive: callback,
            },
            clipped(Rect::EVERYTHING, broken),
            clipped(Rect::EVERYTHING, nowhere),
        ];
        assert_eq!(reds(&painter(), [1, 1], &primitives), [0]);
    }
}
