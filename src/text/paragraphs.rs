//! Numbers of paragraphs: the lines of a text that are not blank.

use super::SourceText;

/// Lines between two samples of the count.
const STEP: usize = 256;
/// Longest line, in bytes, that is examined for being blank.
const MAX_BLANK: usize = 200;

/// How many paragraphs come before a line; sampled, so a look-up counts a few lines.
pub struct ParagraphCount {
    samples: Vec<u32>,
}

impl ParagraphCount {
    /// Counts the paragraphs of `text` in one pass over its lines.
    pub fn new(text: &SourceText) -> Self {
        let n_lines = text.lines().n_lines();
        let mut samples = Vec::with_capacity(n_lines / STEP + 1);
        let mut n = 0u32;
        for line in 0..n_lines {
            if line % STEP == 0 {
                samples.push(n);
            }
            n += u32::from(!is_blank(text, line));
        }
        Self { samples }
    }

    /// Returns the number of the paragraph on the line `line_idx` (from 0), counted from 1; `None` for a blank line.
    pub fn number(&self, text: &SourceText, line_idx: usize) -> Option<usize> {
        if is_blank(text, line_idx) {
            return None;
        }
        let before = self.samples.get(line_idx / STEP).copied()? as usize;
        let counted = (line_idx / STEP * STEP..=line_idx)
            .filter(|line| !is_blank(text, *line))
            .count();
        Some(before + counted)
    }

    /// Returns the line (from 0) of the paragraph `number` (from 1); `None` when the text has fewer.
    pub fn line_of(&self, text: &SourceText, number: usize) -> Option<usize> {
        let before = number.checked_sub(1)?;
        // The last sample that has not counted it yet.
        let n_samples = self.samples.partition_point(|n| *n as usize <= before);
        let sample = n_samples.checked_sub(1)?;
        let mut left = before - *self.samples.get(sample)? as usize;
        (sample * STEP..text.lines().n_lines()).find(|line| {
            let is_paragraph = !is_blank(text, *line);
            let is_it = is_paragraph && left == 0;
            left = left.saturating_sub(usize::from(is_paragraph));
            is_it
        })
    }
}

fn is_blank(text: &SourceText, line_idx: usize) -> bool {
    let Some(range) = text.line(line_idx) else {
        return true;
    };
    range.len() <= MAX_BLANK && text.slice_or_empty(range).trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_number_has_that_number() {
        let check = |text: &str, n_paragraphs: usize| {
            let text = SourceText::new(text.to_owned()).unwrap();
            let count = ParagraphCount::new(&text);
            for number in 1..=n_paragraphs {
                let line = count.line_of(&text, number).unwrap();
                assert_eq!(count.number(&text, line), Some(number), "{number}");
            }
            assert_eq!(count.line_of(&text, 0), None);
            assert_eq!(count.line_of(&text, n_paragraphs + 1), None);
        };
        check("", 0);
        check("\n \n\n", 0);
        check("One.", 1);
        check("\n\nOne.\r\n\r\nTwo.\n", 2);
        check(&"One.\n\n\nTwo.\n".repeat(700), 1_400);
        check(&format!("{}End.", "\n".repeat(1_000)), 1);
    }
}
