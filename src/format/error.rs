//! Errors of annotation files: what is wrong, and where.

use super::{ron::ConflictLines, shown};
use crate::text::{ByteOffset, LineIndex};
use std::fmt;

/// Longest part of a line that is shown, in code points.
const LINE_CHARS: usize = 160;

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatErrorKind {
    /// Nothing, or nothing but white space and NULs.
    #[error(
        "the file is empty, perhaps after a crash or a failed sync; restore an earlier version"
    )]
    Empty,
    /// Nothing but NULs, as a power cut leaves a file whose content never reached the disk.
    #[error(
        "the file holds nothing but {n_bytes} NUL bytes, as after a power cut; restore an earlier version"
    )]
    OnlyNuls {
        /// How many bytes the file has.
        n_bytes: usize,
    },
    /// The file is of another known kind.
    #[error("this is {what}, not an annotation file")]
    Foreign {
        /// The kind, with the article.
        what: &'static str,
    },
    /// The file has unresolved merge conflicts of a version control system.
    #[error(
        "the file has unresolved merge conflicts from git: {}; choose one side of each part between <<<<<<< and >>>>>>>",
        conflict_lines(.conflicts)
    )]
    Conflict {
        /// Where, in the order of the file.
        conflicts: Vec<ConflictLines>,
    },
    /// The file is RON, but says that it is something else.
    #[error("the format of the file is `{found}`, not `{expected}`")]
    OtherFormat {
        /// The format it names, shortened.
        found: String,
        /// The format it should name.
        expected: &'static str,
    },
    /// The file is RON, but does not begin as an annotation file does.
    #[error("this is a RON file of another program; an annotation file has the field `format`")]
    NoFormat,
    /// The file is of a version that cannot be read.
    #[error("the file has format version {}.{}; this Sourcemark reads version 1", found.0, found.1)]
    Version {
        /// The version, major and minor.
        found: (u16, u16),
    },
    /// Two records of one kind have the same name.
    #[error("two {what} have the id `{id}`; change one of them")]
    DuplicateId {
        /// The kind of record, in the plural.
        what: &'static str,
        /// The id.
        id: String,
    },
    /// The bytes are not UTF-8.
    #[error("the file is not UTF-8 text; save it as UTF-8")]
    NotUtf8,
    /// The bytes hold a NUL, as a power cut leaves them.
    #[error("the file has a NUL byte, as after a power cut; restore an earlier version")]
    Nul,
    /// RON that cannot be parsed, or a value that does not belong there.
    #[error("{message}")]
    Syntax {
        /// What was expected and what was found, as a clause.
        message: String,
    },
}

impl FormatErrorKind {
    /// Returns whether the file may be an annotation file that was damaged, of which something can still be read.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Conflict { .. }
            | Self::DuplicateId { .. }
            | Self::NotUtf8
            | Self::Nul
            | Self::OtherFormat { .. }
            | Self::Syntax { .. } => true,
            Self::Empty
            | Self::OnlyNuls { .. }
            | Self::Foreign { .. }
            | Self::NoFormat
            | Self::Version { .. } => false,
        }
    }
}

/// Returns the places of conflicts: `lines 12–40, lines 58–63 and 3 more`.
fn conflict_lines(conflicts: &[ConflictLines]) -> String {
    const SHOWN: usize = 5;
    let parts: Vec<String> = conflicts
        .iter()
        .take(SHOWN)
        .map(ToString::to_string)
        .collect();
    let mut line = parts.join(", ");
    if conflicts.len() > SHOWN {
        line.push_str(&format!(" and {} more", conflicts.len() - SHOWN));
    }
    line
}

/// What is wrong with a file, with the place and the line itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// What is wrong.
    pub kind: FormatErrorKind,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in code points.
    pub column: usize,
    /// The line's text, shortened to 160 code points and escaped; empty when there is nothing to show.
    pub text: String,
}

impl FormatError {
    /// Makes the error for a file of another kind, called `what` (with its article), without a line.
    pub fn foreign(what: &'static str) -> Self {
        Self {
            kind: FormatErrorKind::Foreign { what },
            line: 1,
            column: 1,
            text: String::new(),
        }
    }

    /// Removes quotations of the file from the error, unless something in `bytes` shows that it is a file of Sourcemark.
    /// The path may come from a file that somebody sent to see, in a message, what only this person may read.
    pub(super) fn unquoted_unless_ours(self, bytes: &[u8]) -> Self {
        /// Bytes that every file of Sourcemark has, even a damaged one without its beginning.
        const SIGNS: [&[u8]; 3] = [b"sourcemark-", b"segments: [", b"colour: \"#"];
        let is_ours = |sign: &&[u8]| memchr::memmem::find(bytes, sign).is_some();
        if SIGNS.iter().any(is_ours) {
            return self;
        }
        let kind = match self.kind {
            FormatErrorKind::Syntax { .. }
            | FormatErrorKind::DuplicateId { .. }
            | FormatErrorKind::OtherFormat { .. } => FormatErrorKind::Foreign {
                what: "a file of another program",
            },
            kind => kind,
        };
        let text = String::new();
        Self { kind, text, ..self }
    }

    /// Returns the error at a place that another reader counts: `line`, from 1, by line feeds, and `column`, from 1, in
    /// code points.
    pub(super) fn at_line(kind: FormatErrorKind, source: &str, line: usize, column: usize) -> Self {
        let starts = memchr::memchr_iter(b'\n', source.as_bytes()).map(|at| at + 1);
        let mut starts = std::iter::once(0).chain(starts);
        let start = starts.nth(line.saturating_sub(1)).unwrap_or(source.len());
        let rest = source.get(start..).unwrap_or_default();
        let in_line = rest.char_indices().nth(column.saturating_sub(1));
        let byte = start + in_line.map_or(rest.len(), |(at, _)| at);
        Self::at_byte(kind, source, byte)
    }

    /// Returns the error at a byte of `source`, with its line and column as in articles.
    pub(super) fn at_byte(kind: FormatErrorKind, source: &str, byte: usize) -> Self {
        let byte = source.floor_char_boundary(byte);
        let lines = LineIndex::new(source);
        let line_idx = lines.line_at(ByteOffset::new(byte));
        let start = lines.start(line_idx).map_or(0, ByteOffset::get);
        let end = lines
            .start(line_idx + 1)
            .map_or(source.len(), ByteOffset::get);
        let column = source
            .get(start..byte)
            .map_or(0, |part| part.chars().count())
            + 1;
        let whole = source.get(start..end).unwrap_or_default();
        Self {
            kind,
            line: line_idx + 1,
            column,
            text: around(whole.trim_end_matches(['\n', '\r']), column),
        }
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.text.is_empty() {
            return match (self.line, self.column) {
                // About the file as a whole.
                (0 | 1, 0 | 1) => write!(f, "{}", self.kind),
                // A file that was cut off ends where something was expected.
                (line, column) => write!(f, "line {line}, column {column}: {}", self.kind),
            };
        }
        write!(
            f,
            "line {}, column {}: {}: `{}`",
            self.line, self.column, self.kind, self.text
        )
    }
}

impl std::error::Error for FormatError {}

/// Returns the part of a long line that holds the column.
fn around(line: &str, column: usize) -> String {
    let n_before = column.saturating_sub(1);
    let line = line.trim_end();
    if n_before < LINE_CHARS {
        let indent = line.chars().take_while(|c| *c == ' ').count().min(n_before);
        let start = line.char_indices().nth(indent).map_or(0, |(at, _)| at);
        return shown(line.get(start..).unwrap_or_default(), LINE_CHARS);
    }
    // One more than is shown, to show that the line continues.
    let part = line.chars().skip(n_before - LINE_CHARS / 2);
    let part: String = part.take(LINE_CHARS).collect();
    format!("…{}", shown(&part, LINE_CHARS - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_from_one_in_code_points() {
        let error = FormatError::at_byte(FormatErrorKind::Nul, "a\r\n  é\0b\r\n", 7);
        assert_eq!((error.line, error.column), (2, 4));
        assert_eq!(error.text, "é\\u{0}b");
    }

    #[test]
    fn a_long_line_is_shown_around_the_place() {
        let line = format!("{}HERE{}", "x".repeat(1_000), "y".repeat(1_000));
        let error = FormatError::at_byte(FormatErrorKind::NotUtf8, &line, 1_000);
        assert!(error.text.contains("HERE") && error.text.chars().count() <= 162);
    }
}
