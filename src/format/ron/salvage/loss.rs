//! Losses: the places of a damaged file that could not be read, or not as written.

use crate::{
    format::{
        ron::{ConflictLines, conflict::line_range},
        shown,
    },
    text::{ByteOffset, LineIndex},
};
use std::fmt;

/// Most losses of one file that are listed one by one.
pub(super) const MAX_LOSSES: usize = 1_000;

/// The problem at a place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LossKind {
    /// A stretch of the file makes no sense.
    #[error("{} could not be read: {message}", line_range(*.first_line, *.last_line))]
    Stretch {
        /// Its first line, from 1.
        first_line: usize,
        /// Its last line.
        last_line: usize,
        /// Why it could not be read, as a clause.
        message: String,
    },
    /// A record is whole, but something in it that must be there is missing or wrong.
    #[error("{record} could not be read: {message}")]
    Record {
        /// Its kind and id, as far as they can be read.
        record: String,
        /// Why it could not be read, as a clause.
        message: String,
    },
    /// One field of a record that was read otherwise.
    #[error("the field `{field}` of {record} could not be read: {message}")]
    Field {
        /// The field.
        field: String,
        /// Kind and id of its record, as far as they can be read.
        record: String,
        /// Why it could not be read, as a clause.
        message: String,
    },
    /// A record has the id of another one and other content; both are kept.
    #[error("a second {what} has the id `{id}` but other content; its new id is `{new_id}`")]
    Twin {
        /// The kind of record.
        what: &'static str,
        /// The id that both have in the file.
        id: String,
        /// The id that the second one has now.
        new_id: String,
    },
    /// Which text was annotated cannot be read in full.
    #[error("the file no longer says {what}, so passages are found by their wording")]
    ArticleUnknown {
        /// What is missing, as a clause.
        what: &'static str,
    },
    /// The file does not say which version of the format it is of.
    #[error("the format version could not be read; version {}.{} is assumed", assumed.0, assumed.1)]
    VersionUnknown {
        /// The version it was taken for.
        assumed: (u16, u16),
    },
    /// The two sides of a merge disagree on what there can be only one of.
    #[error("the two sides of the merge differ in {what}; the first side was used")]
    SidesDiffer {
        /// What they differ in.
        what: String,
    },
    /// An unresolved merge conflict of git.
    #[error("unresolved merge conflict from git: {0}; both sides were read")]
    Conflict(ConflictLines),
    /// Bytes that are no UTF-8.
    #[error("{} not UTF-8; replaced by U+FFFD", bytes(*.n_bytes))]
    NotUtf8 {
        /// How many.
        n_bytes: usize,
    },
    /// Bytes that no file of this format has.
    #[error("{} NUL, as after a power cut", bytes(*.n_bytes))]
    Nul {
        /// How many.
        n_bytes: usize,
    },
    /// The file was encoded in UTF-16.
    #[error("the file is UTF-16; annotation files are UTF-8")]
    Utf16,
    /// The file continues, but reading on would take too long.
    #[error("the rest of the file is too badly damaged to be read")]
    GaveUp,
}

/// One thing that could not be read, or not as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in code points.
    pub column: usize,
    /// What is wrong there.
    pub what: LossKind,
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}, column {}: {}",
            self.line, self.column, self.what
        )
    }
}

fn bytes(n: usize) -> String {
    if n == 1 {
        "1 byte is".to_owned()
    } else {
        format!("{n} bytes are")
    }
}

/// Turns bytes of a text into lines and columns. The cost is that of the text since the previous place, however
/// long the line is.
pub(super) struct Places<'a> {
    text: &'a str,
    lines: LineIndex,
    /// The place that was asked for last: its byte, where its line begins, and its column from 1.
    byte: usize,
    line_start: usize,
    column: usize,
}

impl<'a> Places<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            lines: LineIndex::new(text),
            byte: 0,
            line_start: 0,
            column: 1,
        }
    }

    /// Returns the line and column of a byte, both from 1.
    pub(super) fn of(&mut self, byte: usize) -> (usize, usize) {
        let byte = self.text.floor_char_boundary(byte);
        let line_idx = self.lines.line_at(ByteOffset::new(byte));
        let line_start = self.lines.start(line_idx).map_or(0, ByteOffset::get);
        let count = |from, to| {
            self.text
                .get(from..to)
                .map_or(0, |part: &str| part.chars().count())
        };
        self.column = if line_start != self.line_start {
            count(line_start, byte) + 1
        } else if byte >= self.byte {
            self.column + count(self.byte, byte)
        } else {
            self.column - count(byte, self.byte)
        };
        (self.byte, self.line_start) = (byte, line_start);
        (line_idx + 1, self.column)
    }
}

/// Losses as they are found: those beyond a thousand are only counted, and none is reported twice.
#[derive(Default)]
pub(super) struct Losses {
    pub(super) list: Vec<Loss>,
    pub(super) n_all: usize,
}

impl Losses {
    /// Returns whether one more would only be counted.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= MAX_LOSSES
    }

    pub(super) fn add(&mut self, (line, column): (usize, usize), what: LossKind) {
        let loss = Loss { line, column, what };
        // The two sides of a merge share most of their lines, and what is wrong with them.
        if self.list.contains(&loss) {
            return;
        }
        self.n_all += 1;
        if !self.is_full() {
            self.list.push(loss);
        }
    }
}

/// Returns `what` and its id for a message, such as `annotation 01939f3a-…`.
pub(super) fn named(what: &str, id: Option<&str>) -> String {
    match id {
        Some(id) => format!("{what} {}", shown(id, 60)),
        None => format!("a record among the {what}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_the_same_from_both_directions() {
        let text = "a\nbé\n\nx";
        let bytes = [0, 1, 2, 3, 5, 6, 7, 8];
        let expected = [
            (1, 1),
            (1, 2),
            (2, 1),
            (2, 2),
            (2, 3),
            (3, 1),
            (4, 1),
            (4, 2),
        ];
        for from in bytes {
            for (to, place) in bytes.into_iter().zip(expected) {
                let mut places = Places::new(text);
                places.of(from);
                assert_eq!(places.of(to), place, "from {from} to {to}");
            }
        }
    }
}
