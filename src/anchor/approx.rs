//! Approximate comparison of strings: how many characters must be inserted, left out or replaced.
//!
//! The bit-parallel algorithm of Gene Myers, "A fast bit-vector algorithm for approximate string matching based
//! on dynamic programming", J. ACM 46 (1999), in the block form of Heikki Hyyrö, "A bit-vector algorithm for
//! computing Levenshtein and Damerau edit distances", Nordic J. of Computing 10 (2003): a column of the dynamic
//! programming table is kept as two bits for each row, 64 rows in a step. Costs ⌈pattern / 64⌉ steps for each
//! character of the text. All lengths and distances are in code points.

/// A pattern, prepared for being compared with many texts.
pub struct Pattern {
    n_chars: usize,
    n_blocks: usize,
    /// For each ASCII character, which rows hold it: `n_blocks` words each.
    ascii: Vec<u64>,
    /// The other characters of the pattern, sorted, and their words in the same order.
    others: Vec<char>,
    other_words: Vec<u64>,
    absent: Vec<u64>,
}

/// Where in a text a pattern fits best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fit {
    /// Code points of the text before it.
    pub start: usize,
    /// Code points of the text up to its end.
    pub end: usize,
    /// The edit distance between the pattern and that stretch.
    pub distance: usize,
}

/// 64 rows of the column: where a row is one more than the row above, and where one less.
#[derive(Clone, Copy)]
struct Block {
    plus: u64,
    minus: u64,
}

impl Pattern {
    /// Prepares `pattern`. Takes one kilobyte for each 64 of its characters.
    pub fn new(pattern: &[char]) -> Self {
        let n_blocks = pattern.len().div_ceil(64);
        let mut others: Vec<char> = pattern.iter().copied().filter(|c| !c.is_ascii()).collect();
        others.sort_unstable();
        others.dedup();
        let mut prepared = Self {
            n_chars: pattern.len(),
            n_blocks,
            ascii: vec![0; 128 * n_blocks],
            other_words: vec![0; others.len() * n_blocks],
            others,
            absent: vec![0; n_blocks],
        };
        for (row, c) in pattern.iter().enumerate() {
            let block = row / 64;
            let word = if c.is_ascii() {
                prepared.ascii.get_mut(*c as usize * n_blocks + block)
            } else {
                let idx = prepared.others.binary_search(c).unwrap_or_default();
                prepared.other_words.get_mut(idx * n_blocks + block)
            };
            if let Some(word) = word {
                *word |= 1 << (row % 64);
            }
        }
        prepared
    }

    /// Returns the length of the pattern in code points.
    pub fn len(&self) -> usize {
        self.n_chars
    }

    fn rows_with(&self, c: char) -> &[u64] {
        let (words, idx) = if c.is_ascii() {
            (&self.ascii, c as usize)
        } else {
            match self.others.binary_search(&c) {
                Ok(idx) => (&self.other_words, idx),
                Err(_) => return &self.absent,
            }
        };
        let start = idx * self.n_blocks;
        words
            .get(start..start + self.n_blocks)
            .unwrap_or(&self.absent)
    }

    /// Returns the least distance of the pattern to any stretch of `text`, and the first place where a stretch of that
    /// distance ends. An empty text is a stretch too.
    pub fn best_end(&self, text: impl IntoIterator<Item = char>) -> (usize, usize) {
        self.run(text, false)
    }

    /// Returns the length of the beginning of `text` that the pattern is least distant from, and the distance. Of
    /// several the shortest.
    pub fn best_beginning(&self, text: impl IntoIterator<Item = char>) -> (usize, usize) {
        self.run(text, true)
    }

    fn run(&self, text: impl IntoIterator<Item = char>, is_anchored: bool) -> (usize, usize) {
        let mut column = Column::new(self, is_anchored);
        let mut best = (0, column.distance);
        for (idx, c) in text.into_iter().enumerate() {
            column.advance(c);
            if column.distance < best.1 {
                best = (idx + 1, column.distance);
            }
        }
        best
    }
}

/// One column of the table, and its last row's value.
struct Column<'a> {
    pattern: &'a Pattern,
    blocks: Vec<Block>,
    /// What the first row gains with each character: 1 when the text counts from its beginning, else 0.
    first_row: i8,
    distance: usize,
}

impl<'a> Column<'a> {
    fn new(pattern: &'a Pattern, is_anchored: bool) -> Self {
        Self {
            pattern,
            blocks: vec![
                Block {
                    plus: u64::MAX,
                    minus: 0
                };
                pattern.n_blocks
            ],
            first_row: i8::from(is_anchored),
            distance: pattern.n_chars,
        }
    }

    fn advance(&mut self, c: char) {
        let n_blocks = self.pattern.n_blocks;
        let last_row = 1 << ((self.pattern.n_chars + 63) % 64);
        let mut carry = self.first_row;
        let rows = self.pattern.rows_with(c);
        for (idx, (block, rows)) in self.blocks.iter_mut().zip(rows).enumerate() {
            let out = if idx + 1 == n_blocks {
                last_row
            } else {
                1 << 63
            };
            carry = block.advance(*rows, carry, out);
        }
        self.distance = self.distance.saturating_add_signed(isize::from(carry));
    }
}

impl Block {
    /// Computes the next column: `rows` hold the text's character, `carry` is the difference that comes in from the
    /// rows above; returns the one that goes out at the row `out`.
    fn advance(&mut self, rows: u64, carry: i8, out: u64) -> i8 {
        let vertical = rows | self.minus;
        let rows = rows | u64::from(carry < 0);
        let diagonal = ((rows & self.plus).wrapping_add(self.plus) ^ self.plus) | rows;
        let plus = self.minus | !(diagonal | self.plus);
        let minus = self.plus & diagonal;
        let carried = i8::from(plus & out != 0) - i8::from(minus & out != 0);
        let plus = (plus << 1) | u64::from(carry > 0);
        let minus = (minus << 1) | u64::from(carry < 0);
        self.plus = minus | !(vertical | plus);
        self.minus = plus & vertical;
        carried
    }
}

/// A pattern, prepared for being searched for in texts: from both of its ends.
pub struct Fitter {
    forward: Pattern,
    backward: Pattern,
}

impl Fitter {
    /// Prepares `pattern`.
    pub fn new(pattern: &[char]) -> Self {
        let backward: Vec<char> = pattern.iter().rev().copied().collect();
        Self {
            forward: Pattern::new(pattern),
            backward: Pattern::new(&backward),
        }
    }

    /// Returns the length of the pattern in code points.
    pub fn len(&self) -> usize {
        self.forward.len()
    }

    /// Returns the stretch of `text` that the pattern is least distant from: of several the first to end, and of those
    /// the shortest. `None` for an empty pattern.
    pub fn fit(&self, text: &[char]) -> Option<Fit> {
        if self.len() == 0 {
            return None;
        }
        let (end, distance) = self.forward.best_end(text.iter().copied());
        // Backwards from the end, the stretch is the best beginning.
        let before = text.get(..end)?;
        let (length, _) = self.backward.best_beginning(before.iter().rev().copied());
        Some(Fit {
            start: end - length,
            end,
            distance,
        })
    }

    /// Returns the edit distance (Levenshtein) between the pattern and the whole of `text`.
    pub fn distance(&self, text: &[char]) -> usize {
        let mut column = Column::new(&self.forward, true);
        for c in text {
            column.advance(*c);
        }
        column.distance
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Returns the table, written out: `first_row(j)` is its first row.
    fn last_row(pattern: &[char], text: &[char], first_row: fn(usize) -> usize) -> Vec<usize> {
        let mut column: Vec<usize> = (0..=pattern.len()).collect();
        let mut out = vec![pattern.len()];
        for (j, c) in text.iter().enumerate() {
            let mut next = vec![first_row(j + 1)];
            for (i, p) in pattern.iter().enumerate() {
                let replaced = column[i] + usize::from(p != c);
                next.push(replaced.min(column[i + 1] + 1).min(next[i] + 1));
            }
            out.push(*next.last().unwrap());
            column = next;
        }
        out
    }

    fn first_least(row: &[usize]) -> (usize, usize) {
        let least = *row.iter().min().unwrap();
        (row.iter().position(|d| *d == least).unwrap(), least)
    }

    fn letters(max: usize) -> impl Strategy<Value = Vec<char>> {
        proptest::collection::vec(proptest::sample::select(vec!['a', 'b', 'é', '漢']), 0..max)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_table_and_the_bits_agree(pattern in letters(200), text in letters(260)) {
            let prepared = Pattern::new(&pattern);
            let (free, counted) = (last_row(&pattern, &text, |_| 0), last_row(&pattern, &text, |j| j));
            prop_assert_eq!(prepared.best_end(text.iter().copied()), first_least(&free));
            prop_assert_eq!(prepared.best_beginning(text.iter().copied()), first_least(&counted));
            let fitter = Fitter::new(&pattern);
            prop_assert_eq!(fitter.distance(&text), *counted.last().unwrap());
            if let Some(fit) = fitter.fit(&text) {
                prop_assert_eq!(fitter.distance(&text[fit.start..fit.end]), fit.distance);
            }
        }
    }

    #[test]
    fn a_word_is_found_with_its_errors() {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let fit = Fitter::new(&chars("denied it")).fit(&chars("He never denies it, she said."));
        assert_eq!(
            fit,
            Some(Fit {
                start: 9,
                end: 18,
                distance: 1
            })
        );
        assert_eq!(Fitter::new(&[]).fit(&chars("a")), None);
    }
}
