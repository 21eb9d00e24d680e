//! Which pixels a triangle owns, and how near each of them is to the corners.
//!
//! Promises the fill rule of GPUs (a centre exactly on an edge belongs to the triangle if that is
//! a top or left edge), so triangles that share an edge neither overlap nor leave a gap: Juan
//! Pineda, "A Parallel Algorithm for Polygon Rasterization", SIGGRAPH 1988, on a 1/256 pixel grid.
//! Leaves to others: colours (`triangle`).

use std::ops::Range;

use super::canvas::{SUBPIXELS, pixels_between, snap};
use super::mesh::Corner;

/// The three sides of a triangle on the subpixel grid.
pub(super) struct Outline {
    corners: [Corner; 3],
    places: [Place; 3],
    /// Opposite the first, second and third corner.
    edges: [Edge; 3],
    /// Twice the area in square subpixels; more than 0.
    twice_area: i64,
}

impl Outline {
    /// Returns the outline of corners wound either way, or `None` if they are on one line.
    pub fn new(corners: [Corner; 3]) -> Option<Self> {
        let [a, b, c] = corners;
        let places = corners.map(|corner| Place {
            x: snap(corner.x),
            y: snap(corner.y),
        });
        let [p, q, r] = places;
        match Edge::new(p, q).inwards(r) {
            0 => None,
            twice_area if twice_area < 0 => Self::new([a, c, b]),
            twice_area => Some(Self {
                corners,
                places,
                edges: [Edge::new(q, r), Edge::new(r, p), Edge::new(p, q)],
                twice_area,
            }),
        }
    }

    /// Returns the corners in the order of [`Weights`].
    pub fn corners(&self) -> [Corner; 3] {
        self.corners
    }

    /// Returns the rows that may hold a pixel of the triangle.
    pub fn rows(&self) -> Range<i64> {
        let [p, q, r] = self.places.map(|place| place.y);
        pixels_between(p.min(q).min(r), p.max(q).max(r) + 1)
    }

    /// Returns the columns that may hold a pixel of the triangle.
    pub fn columns(&self) -> Range<i64> {
        let [p, q, r] = self.places.map(|place| place.x);
        pixels_between(p.min(q).min(r), p.max(q).max(r) + 1)
    }

    /// Returns those of `columns` that the triangle owns in `row`.
    pub fn columns_in(&self, row: i64, columns: Range<i64>) -> Range<i64> {
        self.edges
            .iter()
            .fold(columns, |columns, edge| edge.keep_inside(row, columns))
    }

    /// Returns the weights of the corners in a run of pixels that starts at `column`.
    pub fn weights(&self, row: i64, column: i64) -> Weights {
        let place = Place::centre_of_pixel(column, row);
        let share = |twice_area: i64| (twice_area as f64 / self.twice_area as f64) as f32;
        let [_, second, third] = &self.edges;
        Weights {
            first_pixel: [second, third].map(|edge| share(edge.inwards(place))),
            step: [second, third].map(|edge| share(edge.step_right())),
        }
    }
}

/// Barycentric weights along a run of pixels; those of the three corners add up to 1.
pub(super) struct Weights {
    first_pixel: [f32; 2],
    step: [f32; 2],
}

impl Weights {
    /// Returns the weights of the second and third corner, `pixel_idx` pixels into the run.
    pub fn at(&self, pixel_idx: usize) -> [f32; 2] {
        let ([b, c], [step_b, step_c]) = (self.first_pixel, self.step);
        // Not summed up pixel by pixel: the error would grow along the run.
        [b + step_b * pixel_idx as f32, c + step_c * pixel_idx as f32]
    }
}

/// A place in subpixels.
#[derive(Clone, Copy)]
struct Place {
    x: i64,
    y: i64,
}

impl Place {
    fn centre_of_pixel(column: i64, row: i64) -> Self {
        let centre = |pixel: i64| pixel * SUBPIXELS + SUBPIXELS / 2;
        Self {
            x: centre(column),
            y: centre(row),
        }
    }
}

/// A directed side of a triangle that has the inside on its right hand (y grows downwards).
struct Edge {
    start: Place,
    dx: i64,
    dy: i64,
    /// The smallest value of [`Edge::inwards`] that is inside: 0 on a top or left edge, else 1.
    least: i64,
}

impl Edge {
    fn new(start: Place, end: Place) -> Self {
        let (dx, dy) = (end.x - start.x, end.y - start.y);
        let top_or_left = dy < 0 || (dy == 0 && dx > 0);
        Self {
            start,
            dx,
            dy,
            least: i64::from(!top_or_left),
        }
    }

    /// Returns twice the area of the triangle that `place` and the edge form, in square subpixels;
    /// negative outside. At most 2⁶¹, because positions stay within 2²⁹ subpixels.
    fn inwards(&self, place: Place) -> i64 {
        self.dx * (place.y - self.start.y) - self.dy * (place.x - self.start.x)
    }

    /// Returns by how much [`Edge::inwards`] grows from one pixel to the next on the right.
    fn step_right(&self) -> i64 {
        -self.dy * SUBPIXELS
    }

    /// Returns those of `columns` whose centres in `row` are inside: `inwards ≥ least` solved for
    /// the column, in which it is linear.
    fn keep_inside(&self, row: i64, columns: Range<i64>) -> Range<i64> {
        let in_column_0 = self.inwards(Place::centre_of_pixel(0, row)) - self.least;
        match self.step_right() {
            0 if in_column_0 < 0 => columns.start..columns.start,
            0 => columns,
            step if step > 0 => {
                let first = -in_column_0.div_euclid(step);
                columns.start.max(first)..columns.end
            }
            step => {
                let last = in_column_0.div_euclid(-step);
                columns.start..columns.end.min(last + 1)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE_PX: i64 = 16;

    fn at(x: f32, y: f32) -> Corner {
        Corner {
            x,
            y,
            uv: [0.0; 2],
            color: [0; 4],
        }
    }

    /// Returns how often each pixel of a square picture is owned, row by row.
    fn counted(triangles: &[[Corner; 3]]) -> Vec<usize> {
        let mut counts = vec![0; (SIDE_PX * SIDE_PX) as usize];
        for outline in triangles
            .iter()
            .filter_map(|corners| Outline::new(*corners))
        {
            for (row, counts) in counts.chunks_exact_mut(SIDE_PX as usize).enumerate() {
                for column in outline.columns_in(row as i64, 0..SIDE_PX) {
                    assert!(outline.rows().contains(&(row as i64)));
                    assert!(outline.columns().contains(&column));
                    counts[column as usize] += 1;
                }
            }
        }
        counts
    }

    /// Returns the fill rule, implemented a second time: one pixel, one edge at a time, in plain fractions.
    /// Exact for corners on the subpixel grid, whose products fit the 53 bits of an `f64`.
    fn owns([a, b, c]: [Corner; 3], x: f64, y: f64) -> bool {
        let along = |from: Corner, to: Corner| (f64::from(to.x - from.x), f64::from(to.y - from.y));
        let side = |from: Corner, to: Corner, x: f64, y: f64| {
            let (dx, dy) = along(from, to);
            dx * (y - f64::from(from.y)) - dy * (x - f64::from(from.x))
        };
        let turn = side(a, b, f64::from(c.x), f64::from(c.y)).signum();
        [(a, b), (b, c), (c, a)].into_iter().all(|(from, to)| {
            let (dx, dy) = along(from, to);
            let (left, top) = (dy * turn < 0.0, dy == 0.0 && dx * turn > 0.0);
            let distance = side(from, to, x, y) * turn;
            distance > 0.0 || (distance == 0.0 && (left || top))
        })
    }

    /// Returns whole numbers that look random but are the same in every run (Lehmer's MINSTD).
    fn numbers() -> impl FnMut(u64) -> u64 {
        let mut state = 20_260_101_u64;
        move |below| {
            state = state * 48_271 % 0x7fff_ffff;
            state % below
        }
    }

    #[test]
    fn coverage_is_that_of_the_rule_written_down_anew() {
        let mut next = numbers();
        for round in 0..400 {
            // Steps of half a pixel put many edges and corners right on pixel centres.
            let step = if round % 2 == 0 { 2.0 } else { 256.0 };
            let mut coordinate = || next((20.0 * step) as u64) as f32 / step - 2.0;
            let [a, b, c] = [(); 3].map(|()| at(coordinate(), coordinate()));
            let on_one_line = (b.x - a.x) * (c.y - a.y) == (b.y - a.y) * (c.x - a.x);
            let expected: Vec<usize> = (0..SIDE_PX * SIDE_PX)
                .map(|idx| ((idx % SIDE_PX) as f64 + 0.5, (idx / SIDE_PX) as f64 + 0.5))
                .map(|(x, y)| usize::from(!on_one_line && owns([a, b, c], x, y)))
                .collect();
            assert_eq!(counted(&[[a, b, c]]), expected, "{a:?} {b:?} {c:?}");
            assert_eq!(counted(&[[c, b, a]]), expected, "wound the other way");
        }
    }

    #[test]
    fn triangles_around_a_point_own_every_pixel_once() {
        let mut next = numbers();
        for _ in 0..100 {
            let middle = at(next(13) as f32 + 1.5, next(13) as f32 + 1.5);
            let far = SIDE_PX as f32;
            let rim = [
                (0.0, 0.0),
                (7.5, 0.0),
                (far, 0.0),
                (far, 3.3),
                (far, far),
                (0.0, far),
            ];
            let rim = rim.map(|(x, y)| at(x, y));
            let after = rim.iter().cycle().skip(1);
            let fan: Vec<_> = rim
                .iter()
                .zip(after)
                .map(|(a, b)| [middle, *a, *b])
                .collect();
            assert!(counted(&fan).iter().all(|count| *count == 1));
        }
    }

    #[test]
    fn enormous_triangles_own_everything_and_lines_nothing() {
        let enormous = [at(-1e7, -1e7), at(1e7, -1e7), at(0.0, 1e7)];
        assert!(counted(&[enormous]).iter().all(|count| *count == 1));
        let line = [at(0.0, 0.0), at(5.0, 5.0), at(9.0, 9.0)];
        assert!(counted(&[line]).iter().all(|count| *count == 0));
    }

    #[test]
    fn weights_run_from_corner_to_corner() {
        let outline = Outline::new([at(0.0, 0.0), at(8.0, 0.0), at(0.0, 4.0)]).unwrap();
        // The centre of pixel (2, 1) is 2.5 of 8 pixels to the second corner, 1.5 of 4 to the third.
        let weights = outline.weights(1, 2);
        assert_eq!(weights.at(0), [0.3125, 0.375]);
        assert_eq!(weights.at(2), [0.5625, 0.375]);
    }
}
