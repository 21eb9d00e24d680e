//! Merges what is open with another version of it, field by field.

use crate::{
    annotation::{AnnotationSet, Conflict, ConflictId, Names, RecordKind, RecordRef},
    app::{
        base::{paths::file_name, quotes::one_line},
        tools::review::comparison::{Comparison, Other},
    },
    edit::{Change, difference},
    merge::{self, Difference, differences},
    text::SourceText,
};
use std::collections::{BTreeMap, BTreeSet};

/// Longest name that a note about the merge shows, in code points.
const NAME_CHARS: usize = 60;

/// What is to be merged.
pub struct Versions {
    /// The other version.
    pub comparison: Box<Comparison>,
    /// The open one, a snapshot.
    pub ours: AnnotationSet,
    /// Counts what was done to it: another number, and the snapshot is out of date.
    pub revision: u64,
    /// What both began from, if that is known.
    pub base: Option<AnnotationSet>,
    /// The text that is open.
    pub text: SourceText,
    /// What our side is called in conflicts.
    pub our_name: String,
}

/// What became of it.
#[derive(Debug)]
pub struct MergedVersions {
    /// The other version.
    pub comparison: Box<Comparison>,
    /// The revision of the open one that was merged.
    pub revision: u64,
    /// What leads from there to the outcome.
    pub change: Change,
    /// Whether the outcome is what the other version is anyway.
    pub is_theirs: bool,
    /// Whether it was known what both began from.
    pub has_base: bool,
    /// How many changes of the other version are in it and were not here before, field by field.
    pub n_taken: usize,
    /// How many conflicts are new in it.
    pub n_conflicts: usize,
    /// How many conflicts of before are still open in it.
    pub n_old_conflicts: usize,
    /// What else there is to say, as sentences without capital and full stop.
    pub notes: Vec<String>,
}

/// Merges; `None` never: there always are two sides.
pub fn merge(versions: Versions) -> Option<MergedVersions> {
    let Versions {
        comparison,
        ours,
        revision,
        base,
        text,
        our_name,
    } = versions;
    let their_name = name_of(&comparison.other);
    let our_side = (&*our_name, &ours);
    let their_side = (&*their_name, &comparison.file.set);
    let (sides, texts) = ([our_side, their_side], [text]);
    let merged = match (&base, &comparison.other) {
        (Some(base), _) => merge::three_way(base, our_side, their_side, &texts),
        // What was removed since then is to come back: that is what one looks into an earlier version for.
        (None, Other::Earlier(_)) => merge::layers(&sides, &texts)?,
        (None, Other::OnDisk | Other::Copy(_)) => merge::without_base(&sides, &texts)?,
    };
    let mut set = merged.set;
    put_ours_first(&mut set, &merged.new_conflicts, &our_name);
    let names = Names::new(Some(&set), |text| one_line(text, NAME_CHARS));
    let notes = merged.notes.iter().map(|note| note.in_words(&names));
    Some(MergedVersions {
        revision,
        change: difference(&ours, &set),
        is_theirs: difference(&comparison.file.set, &set).is_empty(),
        has_base: base.is_some(),
        n_taken: n_taken(&ours, &set),
        n_conflicts: merged.new_conflicts.len(),
        n_old_conflicts: set
            .conflicts
            .len()
            .saturating_sub(merged.new_conflicts.len()),
        notes: notes.collect(),
        comparison,
    })
}

/// What the other version is called in conflicts, for whoever reads them, here or elsewhere.
fn name_of(other: &Other) -> String {
    match other {
        Other::OnDisk => "the file on the disk".to_owned(),
        Other::Copy(path) => file_name(path),
        Other::Earlier(version) => format!("the version of {}", version.saved),
    }
}

/// Without a base the sides of a conflict stand in the order of their names; here ours is the first.
fn put_ours_first(set: &mut AnnotationSet, new: &[ConflictId], our_name: &str) {
    for id in new {
        let Some(conflict) = set.conflicts.get(id) else {
            continue;
        };
        if let [_, second] = conflict.sides.as_slice()
            && second.name == our_name
        {
            let mut turned = Conflict::clone(conflict);
            turned.sides.reverse();
            set.conflicts.insert(*id, turned.into());
        }
    }
}

/// How many changes lead from `ours` to the outcome: a record that came or went is one, and so is each field of one
/// that changed. What is undecided is none, nor is the record of an annotator who comes with what they marked.
fn n_taken(ours: &AnnotationSet, merged: &AnnotationSet) -> usize {
    let mut undecided: BTreeMap<&RecordRef, BTreeSet<&str>> = BTreeMap::new();
    for conflict in merged.conflicts.values() {
        let fields = undecided.entry(&conflict.record).or_default();
        fields.insert(&conflict.field);
    }
    let is_decided = |record: &RecordRef, field: &str| {
        let fields = undecided.get(record);
        !fields.is_some_and(|fields| fields.contains(field))
    };
    let n_of = |difference: &Difference| match difference {
        Difference::Conflict { .. } => 0,
        Difference::Added { record, .. } if record.kind == RecordKind::Agent => 0,
        Difference::Added { record, .. } | Difference::Removed { record, .. } => {
            usize::from(is_decided(record, ""))
        }
        Difference::Changed {
            record, changes, ..
        } => {
            let decided = changes.iter();
            decided
                .filter(|change| is_decided(record, &change.field))
                .count()
        }
    };
    differences(ours, merged).iter().map(n_of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotation::{Article, FieldValue, Kept, Side};

    #[test]
    fn our_side_of_a_conflict_stands_first_whatever_it_is_called() {
        let side = |name: &str| Side {
            name: name.to_owned(),
            value: Some(FieldValue::Text(name.to_owned())),
            kept: Kept::default(),
        };
        let sides = vec![side("a copy"), side("zoe")];
        let conflict = Conflict::new(RecordRef::article(), "title".to_owned(), None, sides);
        let text = SourceText::new("A text.".to_owned()).unwrap();
        let mut set = AnnotationSet::new(Article::describe(&text, "a.txt", "UTF-8"));
        let id = conflict.id;
        set.conflicts.insert(id, conflict.into());
        for _ in 0..2 {
            put_ours_first(&mut set, &[id], "zoe");
            let sides = &set.conflicts[&id].sides;
            let names: Vec<&str> = sides.iter().map(|side| side.name.as_str()).collect();
            assert_eq!(names, ["zoe", "a copy"]);
        }
    }
}
