//! Heights of all pieces, with sums: where a piece begins, and which piece is at a place, in O(log n).
//!
//! Whole physical pixels in integers, so that nothing drifts over three hundred thousand pieces (a Fenwick
//! tree, Fenwick 1994). `f32` loses whole pixels beyond sixteen million.

/// Heights of pieces in physical pixels.
pub struct Heights {
    /// Partial sums in Fenwick order; element 0 is not used.
    tree: Vec<i64>,
    heights: Vec<i32>,
}

impl Heights {
    /// Makes the tree from one height for each piece; linear.
    pub fn new(heights: Vec<i32>) -> Self {
        let mut tree = vec![0i64; heights.len() + 1];
        for (idx, height) in heights.iter().enumerate() {
            if let Some(sum) = tree.get_mut(idx + 1) {
                *sum += i64::from(*height);
            }
            let node = idx + 1;
            let sum = tree.get(node).copied().unwrap_or(0);
            if let Some(parent) = tree.get_mut(node + lowest_bit(node)) {
                *parent += sum;
            }
        }
        Self { tree, heights }
    }

    /// Returns the height of a piece, 0 past the last.
    #[cfg(test)]
    pub fn get(&self, piece: usize) -> i32 {
        self.heights.get(piece).copied().unwrap_or(0)
    }

    /// Replaces the height of a piece.
    pub fn set(&mut self, piece: usize, height: i32) {
        let Some(slot) = self.heights.get_mut(piece) else {
            return;
        };
        let difference = i64::from(height - *slot);
        *slot = height;
        if difference == 0 {
            return;
        }
        let mut node = piece + 1;
        while let Some(sum) = self.tree.get_mut(node) {
            *sum += difference;
            node += lowest_bit(node);
        }
    }

    /// Returns the sum of the heights before a piece: where it begins.
    pub fn top(&self, piece: usize) -> i64 {
        let mut node = piece.min(self.heights.len());
        let mut sum = 0;
        while node > 0 {
            sum += self.tree.get(node).copied().unwrap_or(0);
            node -= lowest_bit(node);
        }
        sum
    }

    /// Returns the height of all pieces together.
    pub fn total(&self) -> i64 {
        self.top(self.heights.len())
    }

    /// Returns the piece at `y` pixels from the top; the first above it, the last below.
    pub fn at(&self, y: i64) -> usize {
        let (mut node, mut rest) = (0usize, y.max(0));
        let mut step = self.tree.len().next_power_of_two();
        while step > 0 {
            if let Some(sum) = self.tree.get(node + step)
                && *sum <= rest
            {
                node += step;
                rest -= sum;
            }
            step >>= 1;
        }
        node.min(self.heights.len().saturating_sub(1))
    }
}

fn lowest_bit(node: usize) -> usize {
    node & node.wrapping_neg()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_places_agree_after_changes() {
        let mut heights = Heights::new((0..1000).map(|idx| 10 + idx % 7).collect());
        heights.set(500, 999);
        heights.set(3, 1);
        heights.set(5000, 7);
        let mut top = 0;
        for piece in 0..1000 {
            assert_eq!(heights.top(piece), top);
            assert_eq!(heights.at(top), piece);
            top += i64::from(heights.get(piece));
            assert_eq!(heights.at(top - 1), piece);
        }
        assert_eq!(heights.total(), top);
        assert_eq!(heights.at(top + 1_000_000), 999);
        assert_eq!(heights.at(-5), 0);
    }

    #[test]
    fn nothing_drifts_beyond_what_f32_can_count() {
        let heights = Heights::new(vec![37; 3_000_000]);
        assert_eq!(heights.top(2_999_999), 37 * 2_999_999);
        assert_eq!(heights.at(37 * 2_999_999), 2_999_999);
    }
}
