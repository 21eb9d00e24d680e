//! A mesh, taken apart into rectangles and triangles.
//!
//! Promises that every triangle is painted once and in order, rectangles by the faster way.
//! Leaves to others: which pixels a shape owns (`quad`, `triangle`) and what happens there.

use egui::epaint::{Mesh, Vertex};

use super::canvas::Canvas;
use super::quad::Quad;
use super::texture::Texture;
use super::triangle;

/// A vertex on the pixel grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Corner {
    /// Physical pixels from the left top of the picture.
    pub x: f32,
    /// Physical pixels from the left top of the picture.
    pub y: f32,
    /// 0 to 1 across the texture.
    pub uv: [f32; 2],
    /// Premultiplied RGBA.
    pub color: [u8; 4],
}

impl Corner {
    fn new(vertex: &Vertex, pixels_per_point: f32) -> Self {
        Self {
            x: vertex.pos.x * pixels_per_point,
            y: vertex.pos.y * pixels_per_point,
            uv: vertex.uv.into(),
            color: vertex.color.to_array(),
        }
    }
}

/// Paints `mesh` inside the clip rectangle of `canvas`.
///
/// Nearly every pixel of a page is in a rectangle (glyphs, fills, images), and egui writes the
/// two triangles of a rectangle one after the other; so each is examined together with the next.
pub(super) fn paint(canvas: &mut Canvas, mesh: &Mesh, texture: &Texture, pixels_per_point: f32) {
    let (triangles, _) = mesh.indices.as_chunks();
    let mut triangles = triangles
        .iter()
        .filter_map(|indices| corners(mesh, *indices, pixels_per_point))
        .peekable();
    while let Some(first) = triangles.next() {
        let quad = triangles.peek().and_then(|next| Quad::new(first, *next));
        if quad.is_some_and(|quad| quad.paint(canvas, texture)) {
            triangles.next();
        } else {
            triangle::paint(canvas, texture, first);
        }
    }
}

/// Returns the corners of one triangle, or `None` if an index or a position means nothing.
fn corners(mesh: &Mesh, indices: [u32; 3], pixels_per_point: f32) -> Option<[Corner; 3]> {
    let [a, b, c] = indices.map(|index| {
        let corner = Corner::new(mesh.vertices.get(index as usize)?, pixels_per_point);
        (corner.x.is_finite() && corner.y.is_finite()).then_some(corner)
    });
    Some([a?, b?, c?])
}
