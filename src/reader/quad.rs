//! Quads: what paragraphs keep of their glyphs and decorations, compact and independent of their place on the page.

use egui::{Color32, Mesh, Pos2, Vec2, epaint::Vertex, pos2};

/// The colour of a quad.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Paint {
    /// The colour of the text, given when it is painted.
    TextColour,
    /// The texture's own colours: emoji.
    AsDrawn,
    /// A colour of its own.
    Flat(Color32),
}

/// A rectangle in physical pixels from its piece's top left corner, with its texels (x, y, width, height).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quad {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
    pub texels: [u16; 4],
    pub paint: Paint,
}

impl Quad {
    /// Returns a rectangle of one colour.
    pub fn flat(x: f32, y: f32, w: f32, h: f32, colour: Color32) -> Self {
        // The middle of the white sprite: a texel with white neighbours, so no rounding can miss it.
        let [x0, y0, ..] = super::atlas::Atlas::WHITE;
        Self {
            x,
            y,
            w,
            h,
            texels: [x0 + 1, y0 + 1, 0, 0],
            paint: Paint::Flat(colour),
        }
    }
}

/// Collects quads of many pieces into one mesh in points.
pub struct QuadMesh {
    mesh: Mesh,
    per_pixel: f32,
    per_texel: Vec2,
}

impl QuadMesh {
    /// Makes an empty mesh; `pixels_per_point` is the screen's, `atlas` the size of the atlas in texels.
    pub fn new(texture: egui::TextureId, pixels_per_point: f32, atlas: [f32; 2]) -> Self {
        let mesh = Mesh::with_texture(texture);
        Self {
            mesh,
            per_pixel: 1.0 / pixels_per_point,
            per_texel: Vec2::new(1.0 / atlas[0], 1.0 / atlas[1]),
        }
    }

    /// Adds quads whose origin is at `origin`, in physical pixels of the screen.
    pub fn add(&mut self, quads: &[Quad], origin: Vec2, text_colour: Color32) {
        self.mesh.vertices.reserve(quads.len() * 4);
        self.mesh.indices.reserve(quads.len() * 6);
        for quad in quads {
            let colour = match quad.paint {
                Paint::TextColour => text_colour,
                Paint::AsDrawn => super::atlas::UNTINTED,
                Paint::Flat(colour) => colour,
            };
            self.add_one(quad, origin, colour);
        }
    }

    fn add_one(&mut self, quad: &Quad, origin: Vec2, color: Color32) {
        let [tx, ty, tw, th] = quad.texels.map(f32::from);
        // A flat quad has no extent in the texture; its texel's middle is taken.
        let middle = if tw == 0.0 { 0.5 } else { 0.0 };
        let (u0, v0) = (
            (tx + middle) * self.per_texel.x,
            (ty + middle) * self.per_texel.y,
        );
        let (u1, v1) = (
            (tx + middle + tw) * self.per_texel.x,
            (ty + middle + th) * self.per_texel.y,
        );
        let (x0, y0) = (
            (quad.x + origin.x) * self.per_pixel,
            (quad.y + origin.y) * self.per_pixel,
        );
        let (x1, y1) = (x0 + quad.w * self.per_pixel, y0 + quad.h * self.per_pixel);
        let first = self.mesh.vertices.len() as u32;
        self.mesh.indices.extend_from_slice(&[
            first,
            first + 1,
            first + 2,
            first + 2,
            first + 1,
            first + 3,
        ]);
        let corners: [(Pos2, Pos2); 4] = [
            (pos2(x0, y0), pos2(u0, v0)),
            (pos2(x1, y0), pos2(u1, v0)),
            (pos2(x0, y1), pos2(u0, v1)),
            (pos2(x1, y1), pos2(u1, v1)),
        ];
        self.mesh
            .vertices
            .extend(corners.map(|(pos, uv)| Vertex { pos, uv, color }));
    }

    /// Paints what was collected.
    pub fn paint(self, painter: &egui::Painter) {
        if !self.mesh.is_empty() {
            painter.add(egui::Shape::mesh(self.mesh));
        }
    }
}
