//! A change in words: how many records of each kind it adds, changes and removes, and which.

use super::{Change, Diff, Slot};
use std::{fmt, sync::Arc};

/// The kind of change of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// The record is new.
    Added,
    /// The record changes.
    Changed,
    /// The record is removed.
    Removed,
}

impl Fate {
    /// All, in the order in which they are listed.
    const ALL: [Self; 3] = [Self::Added, Self::Changed, Self::Removed];

    /// Returns the participle: `added`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }
}

/// Kinds of records, in the order in which they are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An annotation.
    Annotation,
    /// A tag.
    Tag,
    /// A speaker.
    Speaker,
    /// A claim.
    Claim,
    /// A link between annotations.
    Link,
    /// An annotator.
    Agent,
    /// A conflict of a merge.
    Conflict,
    /// A decision about a difference between annotators.
    Decision,
    /// The article's record.
    Article,
    /// The file's fields of a newer format version.
    Kept,
}

impl Kind {
    /// All, in the order in which they are listed.
    const ALL: [Self; 10] = [
        Self::Annotation,
        Self::Tag,
        Self::Speaker,
        Self::Claim,
        Self::Link,
        Self::Agent,
        Self::Conflict,
        Self::Decision,
        Self::Article,
        Self::Kept,
    ];

    /// Returns the noun for `n` records of this kind.
    pub fn word(self, n: usize) -> &'static str {
        match (self, n) {
            (Self::Annotation, 1) => "annotation",
            (Self::Annotation, _) => "annotations",
            (Self::Tag, 1) => "tag",
            (Self::Tag, _) => "tags",
            (Self::Speaker, 1) => "speaker",
            (Self::Speaker, _) => "speakers",
            (Self::Claim, 1) => "claim",
            (Self::Claim, _) => "claims",
            (Self::Link, 1) => "link",
            (Self::Link, _) => "links",
            (Self::Agent, 1) => "annotator",
            (Self::Agent, _) => "annotators",
            (Self::Conflict, 1) => "conflict",
            (Self::Conflict, _) => "conflicts",
            (Self::Decision, 1) => "decision",
            (Self::Decision, _) => "decisions",
            (Self::Article, _) => "details of the article",
            (Self::Kept, _) => "parts of a newer version",
        }
    }
}

/// The change of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The kind of record.
    pub kind: Kind,
    /// The kind of change.
    pub fate: Fate,
    /// The text that identifies the record: the quotation of an annotation, the name of a tag, speaker or annotator,
    /// the wording of a claim, the title of an article. The new text, or the last one if the record is removed; empty
    /// for a link.
    pub name: String,
}

/// A change in words. Prints as `2 annotations added, 1 removed; 1 tag changed`, or `nothing`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Each record once, annotations first.
    pub lines: Vec<Line>,
}

impl Summary {
    /// Returns the number of records of one kind with this kind of change.
    pub fn count(&self, kind: Kind, fate: Fate) -> usize {
        let is_it = |line: &&Line| (line.kind, line.fate) == (kind, fate);
        self.lines.iter().filter(is_it).count()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.lines.is_empty() {
            return f.write_str("nothing");
        }
        let mut is_first_kind = true;
        for kind in Kind::ALL {
            let mut is_first_fate = true;
            for fate in Fate::ALL {
                let n = self.count(kind, fate);
                match (n, kind) {
                    (0, _) => continue,
                    (_, Kind::Article | Kind::Kept) => {
                        let before = if is_first_kind { "" } else { "; " };
                        write!(f, "{before}{} {}", kind.word(n), fate.word())?;
                    }
                    _ if is_first_fate => {
                        let before = if is_first_kind { "" } else { "; " };
                        write!(f, "{before}{n} {} {}", kind.word(n), fate.word())?;
                    }
                    _ => write!(f, ", {n} {}", fate.word())?,
                }
                (is_first_kind, is_first_fate) = (false, false);
            }
        }
        Ok(())
    }
}

impl Change {
    /// Returns the change in words. O(n) in the records it touches.
    pub fn summary(&self) -> Summary {
        let mut lines: Vec<Line> = self.diffs.iter().filter_map(line).collect();
        lines.sort_by_key(|line| line.kind);
        Summary { lines }
    }
}

fn line(diff: &Diff) -> Option<Line> {
    match diff {
        Diff::Annotation(slot) => of(slot, Kind::Annotation, |it| it.quote()),
        Diff::Tag(slot) => of(slot, Kind::Tag, |it| it.name.clone()),
        Diff::Agent(slot) => of(slot, Kind::Agent, |it| it.name.clone()),
        Diff::Speaker(slot) => of(slot, Kind::Speaker, |it| it.name.clone()),
        Diff::Claim(slot) => of(slot, Kind::Claim, |it| it.text.clone()),
        Diff::Link(slot) => of(slot, Kind::Link, |_| String::new()),
        Diff::Conflict(slot) => of(slot, Kind::Conflict, |it| it.field.clone()),
        Diff::Decision(slot) => of(slot, Kind::Decision, |it| it.reason.clone()),
        // Told by the record that was removed.
        Diff::Tombstone(_) => None,
        Diff::Kept { .. } => Some(Line {
            kind: Kind::Kept,
            fate: Fate::Changed,
            name: String::new(),
        }),
        Diff::Article { after, .. } => Some(Line {
            kind: Kind::Article,
            fate: Fate::Changed,
            name: after.title.clone(),
        }),
    }
}

fn of<K, V>(slot: &Slot<K, V>, kind: Kind, name: impl Fn(&V) -> String) -> Option<Line> {
    let (fate, record): (Fate, &Arc<V>) = match (&slot.before, &slot.after) {
        (None, Some(after)) => (Fate::Added, after),
        (Some(_), Some(after)) => (Fate::Changed, after),
        (Some(before), None) => (Fate::Removed, before),
        (None, None) => return None,
    };
    Some(Line {
        kind,
        fate,
        name: name(record),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &[(Kind, Fate)], expected: &str) {
        let line = |(kind, fate): &(Kind, Fate)| Line {
            kind: *kind,
            fate: *fate,
            name: String::new(),
        };
        let lines = lines.iter().map(line).collect();
        assert_eq!(Summary { lines }.to_string(), expected);
    }

    #[test]
    fn a_change_is_told_kind_by_kind() {
        use Fate::{Added, Changed, Removed};
        use Kind::{Agent, Annotation, Article, Link, Tag};
        check(&[], "nothing");
        check(&[(Annotation, Added)], "1 annotation added");
        check(
            &[
                (Annotation, Removed),
                (Annotation, Added),
                (Annotation, Changed),
                (Annotation, Added),
            ],
            "2 annotations added, 1 changed, 1 removed",
        );
        check(
            &[
                (Article, Changed),
                (Tag, Changed),
                (Link, Removed),
                (Link, Removed),
                (Agent, Added),
            ],
            "1 tag changed; 2 links removed; 1 annotator added; details of the article changed",
        );
    }
}
