//! What git leaves in a file that two people changed: both wordings between marker lines.
//!
//! The markers are at the start of a line, where no string of a file as this program writes it can. Git cuts
//! between lines, not between records, so one record may be half in a conflict and half outside; each side as
//! a whole is a file again.

use std::{borrow::Cow, fmt};

const OURS: &str = "<<<<<<<";
const BASE: &str = "|||||||";
const MIDDLE: &str = "=======";
const THEIRS: &str = ">>>>>>>";

/// The lines of one conflict, both marker lines included, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConflictLines {
    /// The line of the first marker.
    pub first: usize,
    /// The line of the last marker; the last line of the file when that is missing.
    pub last: usize,
}

impl fmt::Display for ConflictLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&line_range(self.first, self.last))
    }
}

/// Returns `line 7`, or `lines 12–40`.
pub(super) fn line_range(first: usize, last: usize) -> String {
    if first == last {
        format!("line {first}")
    } else {
        format!("lines {first}\u{2013}{last}")
    }
}

/// The part of a conflict that a line belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Both,
    Marker,
    Ours,
    Base,
    Theirs,
}

/// Returns the conflicts of `text`, in order.
pub(super) fn conflicts(text: &str) -> Vec<ConflictLines> {
    let mut found: Vec<ConflictLines> = Vec::new();
    // Most files have none, and this is asked of every file.
    if memchr::memmem::find(text.as_bytes(), OURS.as_bytes()).is_none() {
        return found;
    }
    for (idx, (part, line)) in lines(text).enumerate() {
        let number = idx + 1;
        if part == Part::Marker && line.starts_with(OURS) {
            found.push(ConflictLines {
                first: number,
                last: number,
            });
        } else if part != Part::Both
            && let Some(open) = found.last_mut()
        {
            open.last = number;
        }
    }
    found
}

/// Returns the two files that were to be joined: lines of the other side are empty in each, so that every line keeps
/// its number. Without a conflict both are `text`.
pub(super) fn sides(text: &str) -> [Cow<'_, str>; 2] {
    if conflicts(text).is_empty() {
        return [Cow::Borrowed(text), Cow::Borrowed(text)];
    }
    [Part::Ours, Part::Theirs].map(|side| {
        let mut out = String::with_capacity(text.len());
        for (part, line) in lines(text) {
            if part == Part::Both || part == side {
                out.push_str(line);
            } else if line.ends_with('\n') {
                out.push('\n');
            }
        }
        Cow::Owned(out)
    })
}

/// Returns each line with its ending, and its part.
fn lines(text: &str) -> impl Iterator<Item = (Part, &str)> {
    let mut inside = Part::Both;
    text.split_inclusive('\n').map(move |line| {
        let next = match inside {
            Part::Both if is_marker(line, OURS) => Part::Ours,
            Part::Ours if is_marker(line, BASE) => Part::Base,
            Part::Ours | Part::Base if is_marker(line, MIDDLE) => Part::Theirs,
            Part::Theirs if is_marker(line, THEIRS) => Part::Both,
            _ => return (inside, line),
        };
        inside = next;
        (Part::Marker, line)
    })
}

fn is_marker(line: &str, marker: &str) -> bool {
    line.strip_prefix(marker)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\r', '\n']))
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOINED: &str =
        "a\n<<<<<<< HEAD\nb\n||||||| base\nold\n=======\nc\nd\n>>>>>>> theirs\ne\n";

    #[test]
    fn each_side_keeps_its_lines_and_their_numbers() {
        let [ours, theirs] = sides(JOINED);
        assert_eq!(ours, "a\n\nb\n\n\n\n\n\n\ne\n");
        assert_eq!(theirs, "a\n\n\n\n\n\nc\nd\n\ne\n");
    }

    #[test]
    fn conflicts_are_named_by_their_lines() {
        let twice = format!("{JOINED}{JOINED}");
        let lines = |text| -> Vec<(usize, usize)> {
            let found = conflicts(text);
            found.iter().map(|it| (it.first, it.last)).collect()
        };
        assert_eq!(lines(&twice), [(2, 9), (12, 19)]);
        assert_eq!(lines("<<<<<<< a\n=======\n>>>>>>> b"), [(1, 3)]);
        assert_eq!(lines("<<<<<<< a\r\nx\r\n=======\r\ny\r\n"), [(1, 4)]);
        assert_eq!(lines("x <<<<<<< a\n=======\n"), []);
        assert_eq!(lines("<<<<<<<< a\n=======\n"), []);
    }
}
