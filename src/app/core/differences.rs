//! What lies between two sets of one article's annotations, in rows for people.

use crate::{
    annotation::{Annotation, AnnotationSet},
    app::base::{quotes::short_quote, short, widgets::count},
    edit::{Change, Diff, Slot},
    text::{beginning, cut},
};

/// Most differences that are listed.
const MAX_ROWS: usize = 500;
/// Longest quotation in the list, in code points.
const QUOTE_CHARS: usize = 120;
/// Most tags of one annotation that are named.
const MAX_TAGS: usize = 8;

/// How many differences there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Annotations that only the other version has.
    pub only_there: usize,
    /// Annotations that only the open version has.
    pub only_here: usize,
    /// Annotations that differ.
    pub differing: usize,
    /// Tags, speakers and other records that differ.
    pub records: usize,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What differs, in words.
    pub what: String,
    /// The passage; empty for records that are no annotation.
    pub quote: String,
}

impl Counts {
    /// In one sentence: `2 annotations only there, 1 only here, 3 differ.`
    pub fn sentence(self) -> String {
        let annotations = |n: usize| match n {
            1 => "1 annotation".to_owned(),
            _ => format!("{} annotations", count(n)),
        };
        let parts: Vec<String> = [
            (self.only_there, "only in the other version"),
            (self.only_here, "only here"),
            (self.differing, "in both, but different"),
        ]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, where_)| format!("{} {where_}", annotations(n)))
        .chain((self.records > 0).then(|| match self.records {
            1 => "1 other record different".to_owned(),
            n => format!("{n} other records different"),
        }))
        .collect();
        if parts.is_empty() {
            "The two versions are the same.".to_owned()
        } else {
            format!("{}.", parts.join(", "))
        }
    }
}

/// What the rows are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// One version is here, the other there.
    TwoVersions,
    /// The change is about to be carried out.
    Effect,
}

impl Wording {
    /// What is said of a record that only the one set has, or only the other, or both.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::TwoVersions => ("only there", "only here", "differs"),
            Self::Effect => ("added", "removed", "changed"),
        }
    }
}

/// The differences that `change` makes, from `ours` to `theirs`, and how many there are.
pub fn rows(
    change: &Change,
    ours: &AnnotationSet,
    theirs: &AnnotationSet,
    wording: Wording,
) -> (Vec<Row>, Counts) {
    let (only_there, only_here, _) = wording.words();
    let mut counts = Counts::default();
    let mut annotations = Vec::new();
    let mut records = Vec::new();
    for diff in &change.diffs {
        match diff {
            Diff::Annotation(slot) => annotations.push(slot),
            Diff::Tag(slot) => records.push(record(wording, "tag", slot, |tag| &tag.name)),
            Diff::Agent(slot) => {
                records.push(record(wording, "annotator", slot, |agent| &agent.name))
            }
            Diff::Speaker(slot) => {
                records.push(record(wording, "speaker", slot, |speaker| &speaker.name))
            }
            Diff::Claim(slot) => records.push(record(wording, "claim", slot, |claim| &claim.text)),
            Diff::Link(slot) => records.push(record(wording, "link", slot, |_| "")),
            // What was removed is told by the record that is missing.
            Diff::Tombstone(_) => {}
            Diff::Conflict(_) => records.push("an open conflict".to_owned()),
            Diff::Decision(_) => records.push("a decision between annotators".to_owned()),
            Diff::Article { .. } => records.push("article details".to_owned()),
            Diff::Kept { .. } => records.push("data of a newer Sourcemark".to_owned()),
        }
    }
    annotations.sort_by_key(|slot| {
        let one = slot.after.as_deref().or(slot.before.as_deref());
        one.and_then(|one| one.segments.first().map(|segment| segment.position.start))
    });
    counts.records = records.len();
    let mut rows: Vec<Row> = annotations
        .into_iter()
        .map(|slot| {
            let (what, annotation) = match (&slot.before, &slot.after) {
                (None, Some(after)) => {
                    counts.only_there += 1;
                    (format!("{only_there}{}", tags(after, theirs)), Some(after))
                }
                (Some(before), None) => {
                    counts.only_here += 1;
                    (format!("{only_here}{}", tags(before, ours)), Some(before))
                }
                (Some(before), Some(after)) => {
                    counts.differing += 1;
                    (fields(before, after, ours, theirs, wording), Some(after))
                }
                (None, None) => (String::new(), None),
            };
            Row {
                what,
                quote: annotation.map_or_else(String::new, |one| short_quote(one, QUOTE_CHARS)),
            }
        })
        .collect();
    let quote = String::new;
    rows.extend(records.into_iter().map(|what| Row {
        what,
        quote: quote(),
    }));
    rows.truncate(MAX_ROWS);
    (rows, counts)
}

/// The tags of an annotation in words: `: Denial`.
fn tags(annotation: &Annotation, set: &AnnotationSet) -> String {
    match annotation.tags.is_empty() {
        true => String::new(),
        false => format!(": {}", tag_names(annotation, set)),
    }
}

fn tag_names(annotation: &Annotation, set: &AnnotationSet) -> String {
    let names: Vec<&str> = annotation
        .tags
        .iter()
        .take(MAX_TAGS)
        .map(|tag| beginning(set.tag_name(tag), short::NAME_CHARS))
        .collect();
    let more = match annotation.tags.len().saturating_sub(MAX_TAGS) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    format!("{}{more}", names.join(", "))
}

/// Which fields of an annotation differ.
fn fields(
    before: &Annotation,
    after: &Annotation,
    ours: &AnnotationSet,
    theirs: &AnnotationSet,
    wording: Wording,
) -> String {
    let mut parts = Vec::new();
    if before.tags != after.tags {
        let shown = |annotation, set| match tag_names(annotation, set) {
            names if names.is_empty() => "no tag".to_owned(),
            names => names,
        };
        let (before, after) = (shown(before, ours), shown(after, theirs));
        parts.push(match wording {
            Wording::TwoVersions => format!("here {before}, there {after}"),
            Wording::Effect => format!("from {before} to {after}"),
        });
    }
    let others = [
        (before.segments != after.segments, "the passage"),
        (before.note != after.note, "the note"),
        (before.comments != after.comments, "the comments"),
        (before.attribution != after.attribution, "the speaker"),
        (before.claims != after.claims, "the claims"),
        (before.attributes != after.attributes, "the attributes"),
    ];
    let others: Vec<&str> = others
        .into_iter()
        .filter_map(|(differs, name)| differs.then_some(name))
        .collect();
    match others.as_slice() {
        [] => {}
        [one] => parts.push(match wording {
            Wording::TwoVersions => format!("{one} differs"),
            Wording::Effect => format!("{one} changes"),
        }),
        [all @ .., last] => {
            let verb = match wording {
                Wording::TwoVersions => "differ",
                Wording::Effect => "change",
            };
            parts.push(format!("{} and {last} {verb}", all.join(", ")));
        }
    }
    if parts.is_empty() {
        // Only the times, or what a newer version wrote.
        parts.push("changed at another time".to_owned());
    }
    parts.join("; ")
}

fn record<'a, K, V>(
    wording: Wording,
    kind: &str,
    slot: &'a Slot<K, V>,
    name: impl Fn(&'a V) -> &'a str,
) -> String {
    let (only_there, only_here, differs) = wording.words();
    let (one, word) = match (&slot.before, &slot.after) {
        (None, Some(after)) => (after, only_there),
        (Some(before), None) => (before, only_here),
        (Some(before), Some(_)) => (before, differs),
        (None, None) => return kind.to_owned(),
    };
    match name(one) {
        "" => format!("{kind}: {word}"),
        name => format!("{kind} “{}”: {word}", cut(name, short::NAME_CHARS)),
    }
}
