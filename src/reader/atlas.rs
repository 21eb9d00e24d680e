//! The glyph atlas: each glyph is drawn once by vello_cpu into one texture and then pasted as a quad.
//!
//! Everything is in physical pixels, glyphs at whole pixels down and quarter pixels across, and the texture is
//! sampled without filter, so text is crisp at every scale. egui's own atlas takes no glyph ids from outside.

use super::quad::{Paint, Quad};
use egui::{
    Color32, ColorImage, Context, TextureId, TextureOptions,
    epaint::{ImageData, ImageDelta},
};
use parley::{FontData, fontique::Synthesis};
use skrifa::{MetadataProvider as _, raw::TableProvider as _};
use std::collections::HashMap;
use vello_cpu::{Glyph, Pixmap, RenderContext, Resources, color, kurbo::Affine};

/// Width of the texture; every OpenGL offers twice this.
const WIDTH: usize = 1024;
/// Height at the start, doubled as glyphs come in.
const FIRST_HEIGHT: usize = 512;
/// Height at which the atlas is full and starts again.
const MAX_HEIGHT: usize = 4096;
/// Empty texels around every sprite, so that rounding never shows a neighbour.
const PAD: usize = 1;
/// Largest glyph in pixels; a larger one is left out rather than filling the atlas.
const MAX_GLYPH: f32 = 900.0;
/// Sub-pixel positions across.
const BINS: f32 = 4.0;

/// Leaves a texel as it is when multiplied with it.
pub const UNTINTED: Color32 = Color32::WHITE;

/// The properties that all glyphs of a run share.
pub struct RunFont<'a> {
    /// The font.
    pub font: &'a FontData,
    /// Variation coordinates.
    pub coords: &'a [i16],
    /// Size in physical pixels.
    pub size: f32,
    /// Slant and weight that the font lacks.
    pub synthesis: &'a Synthesis,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    font: u64,
    index: u32,
    glyph: u32,
    size: u32,
    bin: u8,
    embolden: bool,
    skew: u32,
    coords: Vec<i16>,
}

#[derive(Clone, Copy)]
struct Sprite {
    texels: [u16; 4],
    dx: i16,
    dy: i16,
    colour: bool,
}

/// All glyphs drawn so far, in one texture.
pub struct Atlas {
    image: ColorImage,
    sprites: HashMap<Key, Option<Sprite>>,
    is_colour_font: HashMap<(u64, u32), bool>,
    shelf_x: usize,
    shelf_y: usize,
    shelf_height: usize,
    texture: Option<(TextureId, Context)>,
    changed: Option<[usize; 4]>,
    grown: bool,
    full: bool,
    generation: u64,
    /// Height, in texels, of the texture that the meshes of this pass were made for.
    pass_height: usize,
}

impl Default for Atlas {
    fn default() -> Self {
        let mut atlas = Self {
            image: ColorImage::filled([WIDTH, FIRST_HEIGHT], Color32::TRANSPARENT),
            sprites: HashMap::new(),
            is_colour_font: HashMap::new(),
            shelf_x: PAD,
            shelf_y: PAD,
            shelf_height: 0,
            texture: None,
            changed: None,
            grown: true,
            full: false,
            generation: 0,
            pass_height: FIRST_HEIGHT,
        };
        atlas.clear();
        atlas
    }
}

impl Atlas {
    /// Increases when the sprites are discarded: quads of an earlier generation show garbage.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Texel of a white pixel: for quads of one colour.
    pub const WHITE: [u16; 4] = [PAD as u16, PAD as u16, 1, 1];

    /// Starts again if the last frame found no room. Call between frames.
    pub fn begin_frame(&mut self) {
        if self.full {
            self.clear();
        }
        self.pass_height = self.image.size[1];
    }

    /// Starts again in the next pass, if the atlas has grown. Call when text changes its size: the glyphs of the old size
    /// are no longer needed, and a grown atlas takes 4 to 16 MB here and as many in the driver.
    pub fn shrink(&mut self) {
        self.full |= self.image.size[1] > FIRST_HEIGHT;
    }

    fn clear(&mut self) {
        self.image = ColorImage::filled([WIDTH, FIRST_HEIGHT], Color32::TRANSPARENT);
        self.sprites.clear();
        (self.shelf_x, self.shelf_y, self.shelf_height) = (PAD, PAD, 0);
        self.grown = true;
        self.full = false;
        self.generation += 1;
        // Three by three, so that the texel in the middle has white neighbours on every side.
        if let Some((x, y)) = self.allocate(3, 3) {
            for (dx, dy) in (0..3).flat_map(|dx| (0..3).map(move |dy| (dx, dy))) {
                self.put(x + dx, y + dy, UNTINTED);
            }
        }
    }

    fn put(&mut self, x: usize, y: usize, colour: Color32) {
        if let Some(pixel) = self.image.pixels.get_mut(y * WIDTH + x) {
            *pixel = colour;
        }
    }

    /// Appends the quad of one glyph whose pen is at (`x`, `y`), in pixels.
    pub fn glyph(&mut self, quads: &mut Vec<Quad>, run: &RunFont<'_>, glyph: u32, x: f32, y: f32) {
        let colour_font = self.is_colour_font(run.font);
        let (whole, bin) = if colour_font {
            (x.round(), 0)
        } else {
            let quarters = (x * BINS).round();
            ((quarters / BINS).floor(), quarters.rem_euclid(BINS) as u8)
        };
        let key = Key {
            font: run.font.data.id(),
            index: run.font.index,
            glyph,
            size: run.size.to_bits(),
            bin,
            embolden: run.synthesis.embolden(),
            skew: run.synthesis.skew().unwrap_or(0.0).to_bits(),
            coords: run.coords.to_vec(),
        };
        let sprite = match self.sprites.get(&key) {
            Some(sprite) => *sprite,
            None => {
                let sprite = self.draw(run, glyph, bin, colour_font);
                self.sprites.insert(key, sprite);
                sprite
            }
        };
        let Some(sprite) = sprite else { return };
        quads.push(Quad {
            x: whole + f32::from(sprite.dx),
            y: y.round() + f32::from(sprite.dy),
            w: f32::from(sprite.texels[2]),
            h: f32::from(sprite.texels[3]),
            texels: sprite.texels,
            paint: if sprite.colour {
                Paint::AsDrawn
            } else {
                Paint::TextColour
            },
        });
    }

    fn is_colour_font(&mut self, font: &FontData) -> bool {
        *self
            .is_colour_font
            .entry((font.data.id(), font.index))
            .or_insert_with(|| {
                skrifa::FontRef::from_index(font.data.as_ref(), font.index).is_ok_and(|font| {
                    font.colr().is_ok() || font.sbix().is_ok() || font.cbdt().is_ok()
                })
            })
    }

    /// Draws a glyph and stores the part that is not empty. `None` for a blank, for a glyph that is too large, and
    /// when there is no room (which is remembered for [`begin_frame`](Self::begin_frame)).
    fn draw(
        &mut self,
        run: &RunFont<'_>,
        glyph: u32,
        bin: u8,
        colour_font: bool,
    ) -> Option<Sprite> {
        let [left, top, width, height] = canvas(run, glyph, colour_font)?;
        if width > MAX_GLYPH || height > MAX_GLYPH {
            return None;
        }
        let (width, height) = (width.ceil() as u16, height.ceil() as u16);
        let mut context = RenderContext::new(width, height);
        let mut resources = Resources::new();
        context.set_paint(color::OpaqueColor::<color::Srgb>::WHITE);
        let mut builder = context
            .glyph_run(&mut resources, run.font)
            .font_size(run.size)
            .hint(false)
            .normalized_coords(run.coords);
        if let Some(degrees) = run.synthesis.skew() {
            builder =
                builder.glyph_transform(Affine::skew(f64::from(degrees).to_radians().tan(), 0.0));
        }
        let pen_x = f32::from(bin) / BINS - left;
        builder.fill_glyphs(std::iter::once(Glyph {
            id: glyph,
            x: pen_x,
            y: -top,
        }));
        let mut pixmap = Pixmap::new(width, height);
        context.render(&mut pixmap, &mut resources);
        self.store(
            pixmap.data_as_u8_slice(),
            width.into(),
            left as i16,
            top as i16,
            colour_font,
        )
    }

    /// Copies the part of `rgba` that is not transparent into the texture.
    fn store(
        &mut self,
        rgba: &[u8],
        width: usize,
        left: i16,
        top: i16,
        colour_font: bool,
    ) -> Option<Sprite> {
        let (mut x0, mut y0, mut x1, mut y1) = (usize::MAX, usize::MAX, 0, 0);
        let mut is_tinted = false;
        for (idx, pixel) in rgba.chunks_exact(4).enumerate() {
            let &[red, green, blue, alpha] = pixel else {
                continue;
            };
            if alpha != 0 {
                let (x, y) = (idx % width, idx / width);
                (x0, y0, x1, y1) = (x0.min(x), y0.min(y), x1.max(x + 1), y1.max(y + 1));
                is_tinted |= red != alpha || green != alpha || blue != alpha;
            }
        }
        if x1 <= x0 {
            return None;
        }
        let (w, h) = (x1 - x0, y1 - y0);
        let (at_x, at_y) = self.allocate(w, h)?;
        for y in 0..h {
            for x in 0..w {
                let from = 4 * ((y0 + y) * width + x0 + x);
                if let Some(&[red, green, blue, alpha]) = rgba.get(from..from + 4) {
                    self.put(
                        at_x + x,
                        at_y + y,
                        Color32::from_rgba_premultiplied(red, green, blue, alpha),
                    );
                }
            }
        }
        let texels = [at_x, at_y, w, h].map(|n| u16::try_from(n).unwrap_or(0));
        let offset = |from: i16, n: usize| from.saturating_add(i16::try_from(n).unwrap_or(0));
        Some(Sprite {
            texels,
            dx: offset(left, x0),
            dy: offset(top, y0),
            colour: colour_font && is_tinted,
        })
    }

    /// Allocates room for a sprite, on shelves from top to bottom.
    fn allocate(&mut self, w: usize, h: usize) -> Option<(usize, usize)> {
        if self.shelf_x + w + PAD > WIDTH {
            self.shelf_y += self.shelf_height + PAD;
            (self.shelf_x, self.shelf_height) = (PAD, 0);
        }
        while self.shelf_y + h + PAD > self.image.size[1] {
            let height = self.image.size[1] * 2;
            if height > MAX_HEIGHT {
                self.full = true;
                return None;
            }
            self.image
                .pixels
                .resize(WIDTH * height, Color32::TRANSPARENT);
            self.image.size = [WIDTH, height];
            self.grown = true;
        }
        let (x, y) = (self.shelf_x, self.shelf_y);
        self.shelf_x += w + PAD;
        self.shelf_height = self.shelf_height.max(h);
        let [x0, y0, x1, y1] = self.changed.unwrap_or([usize::MAX, usize::MAX, 0, 0]);
        self.changed = Some([x0.min(x), y0.min(y), x1.max(x + w), y1.max(y + h)]);
        Some((x, y))
    }

    /// Returns the size of the texture in texels, to turn texels into texture coordinates.
    pub fn size(&self) -> [f32; 2] {
        self.image.size.map(|n| n as f32)
    }

    /// Passes new sprites to egui (one rectangle a frame) and returns the texture.
    ///
    /// Asks for the pass to be done again when it cannot be right: the texture has grown below meshes that were
    /// made before, or glyphs found no room. (Where the next pass has no room either, egui leaves it at that.)
    pub fn upload(&mut self, ctx: &Context) -> TextureId {
        if self.full || self.image.size[1] != self.pass_height {
            self.pass_height = self.image.size[1];
            ctx.request_discard("the glyph atlas has grown or is full");
        }
        let options = TextureOptions::NEAREST;
        let manager = ctx.tex_manager();
        let mut manager = manager.write();
        let known = self
            .texture
            .as_ref()
            .filter(|(_, owner)| owner == ctx)
            .map(|(id, _)| *id);
        let Some(id) = known else {
            // The first frame, or another window (a test's, an export's): that one has no texture of ours yet.
            let image = ImageData::Color(self.image.clone().into());
            let id = manager.alloc("article glyphs".to_owned(), image, options);
            (self.grown, self.changed) = (false, None);
            drop(manager);
            self.texture = Some((id, ctx.clone()));
            return id;
        };
        if self.grown {
            manager.set(id, ImageDelta::full(self.image.clone(), options));
            (self.grown, self.changed) = (false, None);
        } else if let Some([x0, y0, x1, y1]) = self.changed.take() {
            let rows =
                (y0..y1).filter_map(|y| self.image.pixels.get(y * WIDTH + x0..y * WIDTH + x1));
            let pixels: Vec<Color32> = rows.flatten().copied().collect();
            let part = ColorImage::new([x1 - x0, y1 - y0], pixels);
            manager.set(id, ImageDelta::partial([x0, y0], part, options));
        }
        id
    }
}

/// Returns left, top, width and height of a canvas that surely holds the glyph, in pixels from its pen position.
fn canvas(run: &RunFont<'_>, glyph: u32, colour_font: bool) -> Option<[f32; 4]> {
    let size = run.size;
    if colour_font {
        // Bitmaps and layers may reach well beyond what the outlines say.
        return Some([-size.floor(), (-2.0 * size).floor(), 3.0 * size, 3.0 * size]);
    }
    let font = skrifa::FontRef::from_index(run.font.data.as_ref(), run.font.index).ok()?;
    let coords: Vec<_> = run
        .coords
        .iter()
        .map(|bits| skrifa::instance::NormalizedCoord::from_bits(*bits))
        .collect();
    let location = skrifa::instance::LocationRef::new(&coords);
    let metrics = font.glyph_metrics(skrifa::instance::Size::new(size), location);
    let bounds = metrics.bounds(skrifa::GlyphId::new(glyph))?;
    if bounds.x_max <= bounds.x_min || bounds.y_max <= bounds.y_min {
        return None;
    }
    let slant = if run.synthesis.skew().is_some() {
        size * 0.3
    } else {
        0.0
    };
    let slack = 2.0
        + slant
        + if run.synthesis.embolden() {
            size * 0.06
        } else {
            0.0
        };
    let (left, top) = (
        (bounds.x_min - slack).floor(),
        (-bounds.y_max - slack).floor(),
    );
    Some([
        left,
        top,
        bounds.x_max + slack - left + 2.0,
        -bounds.y_min + slack - top + 2.0,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grown_atlas_is_small_again_after_the_size_has_changed() {
        let mut atlas = Atlas::default();
        let generation = atlas.generation();
        atlas.shrink();
        atlas.begin_frame();
        assert_eq!(atlas.generation(), generation, "not grown");
        while atlas.image.size[1] == FIRST_HEIGHT {
            assert!(atlas.allocate(200, 200).is_some());
        }
        atlas.shrink();
        atlas.begin_frame();
        assert_eq!(atlas.image.size[1], FIRST_HEIGHT);
        assert_eq!(atlas.generation(), generation + 1);
    }
}
