//! What is different between two files of records, record by record and field by field.

use crate::annotation::{
    AnnotationSet, Collection, Conflict, FieldValue, Fields, Record, RecordRef, Records,
};
use imbl::OrdMap;
use std::{collections::BTreeSet, sync::Arc};

/// One record that is not the same in both files.
#[derive(Clone, Debug, PartialEq)]
pub enum Difference {
    /// It is in the second only.
    Added {
        /// The record.
        record: RecordRef,
        /// Its fields.
        fields: Fields,
    },
    /// It is in the first only.
    Removed {
        /// The record.
        record: RecordRef,
        /// Its fields.
        fields: Fields,
    },
    /// It is in both.
    Changed {
        /// The record.
        record: RecordRef,
        /// Its fields in the second.
        fields: Fields,
        /// What became of which field; never empty.
        changes: Vec<FieldChange>,
    },
    /// A conflict that is open in one of them only.
    Conflict {
        /// What is to be settled.
        conflict: Arc<Conflict>,
        /// The fields of the record it is about, where it is open.
        fields: Fields,
        /// Whether it is open in the second, and not in the first.
        is_open: bool,
    },
}

/// One field before and after; `None` for empty.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// The field.
    pub field: String,
    /// What it was.
    pub before: Option<FieldValue>,
    /// What it became.
    pub after: Option<FieldValue>,
}

/// The differences from `before` to `after`: the article first, then tags, annotators, speakers, claims,
/// annotations in the order of the article, links, and conflicts. The time of the last change alone is none.
pub fn differences(before: &AnnotationSet, after: &AnnotationSet) -> Vec<Difference> {
    let mut found = of_single(&[RecordRef::file(), RecordRef::article()], before, after);
    found.extend(of_map(&before.tags, &after.tags));
    found.extend(of_map(&before.agents, &after.agents));
    found.extend(of_map(&before.speakers, &after.speakers));
    found.extend(of_map(&before.claims, &after.claims));
    let mut annotations = of_map(&before.annotations, &after.annotations);
    annotations.sort_by_key(|difference| match difference.fields().get("segments") {
        Some(FieldValue::Segments(segments)) => segments.first().map(|first| first.position),
        _ => None,
    });
    found.extend(annotations);
    found.extend(of_map(&before.links, &after.links));
    found.extend(of_map(&before.decisions, &after.decisions));
    found.extend(of_conflicts(before, after));
    found
}

/// The same of two collections: the name, articles, tags, annotators, speakers, claims, and conflicts.
pub fn collection_differences(before: &Collection, after: &Collection) -> Vec<Difference> {
    let mut found = of_single(&[RecordRef::file()], before, after);
    found.extend(of_map(&before.articles, &after.articles));
    found.extend(of_map(&before.tags, &after.tags));
    found.extend(of_map(&before.agents, &after.agents));
    found.extend(of_map(&before.speakers, &after.speakers));
    found.extend(of_map(&before.claims, &after.claims));
    found.extend(of_conflicts(before, after));
    found
}

impl Difference {
    /// The record; of a conflict, the one it is about.
    pub fn record(&self) -> &RecordRef {
        match self {
            Self::Added { record, .. }
            | Self::Removed { record, .. }
            | Self::Changed { record, .. } => record,
            Self::Conflict { conflict, .. } => &conflict.record,
        }
    }

    /// Its fields as they are in the second file, or were in the first when it is not in the second.
    pub fn fields(&self) -> &Fields {
        match self {
            Self::Added { fields, .. }
            | Self::Removed { fields, .. }
            | Self::Changed { fields, .. }
            | Self::Conflict { fields, .. } => fields,
        }
    }
}

/// Records of which each file has one.
fn of_single<S: Records>(records: &[RecordRef], before: &S, after: &S) -> Vec<Difference> {
    let fields = |set: &S, record| set.fields_of(record).unwrap_or_default();
    let found = records.iter().filter_map(|record| {
        changed(
            record.clone(),
            &fields(before, record),
            fields(after, record),
        )
    });
    found.collect()
}

fn of_conflicts<S: Records>(before: &S, after: &S) -> Vec<Difference> {
    let only_in = |set: &S, other: &S, is_open: bool| -> Vec<Difference> {
        let conflicts = set.conflicts().iter();
        conflicts
            .filter(|(id, _)| !other.conflicts().contains_key(*id))
            .map(|(_, conflict)| Difference::Conflict {
                conflict: Arc::clone(conflict),
                fields: set.fields_of(&conflict.record).unwrap_or_default(),
                is_open,
            })
            .collect()
    };
    let mut found = only_in(before, after, false);
    found.extend(only_in(after, before, true));
    found
}

fn of_map<R: Record>(
    before: &OrdMap<R::Id, Arc<R>>,
    after: &OrdMap<R::Id, Arc<R>>,
) -> Vec<Difference> {
    let mut found = Vec::new();
    let ids: BTreeSet<&R::Id> = before.keys().chain(after.keys()).collect();
    for id in ids {
        let record = R::reference(id);
        match (before.get(id), after.get(id)) {
            (None, Some(new)) => found.push(Difference::Added {
                record,
                fields: new.fields(),
            }),
            (Some(old), None) => found.push(Difference::Removed {
                record,
                fields: old.fields(),
            }),
            (Some(old), Some(new)) if old != new => {
                found.extend(changed(record, &old.fields(), new.fields()));
            }
            _ => {}
        }
    }
    found
}

fn changed(record: RecordRef, before: &Fields, fields: Fields) -> Option<Difference> {
    let names: BTreeSet<&String> = before.keys().chain(fields.keys()).collect();
    let changes: Vec<FieldChange> = names
        .into_iter()
        .filter(|name| *name != "modified" && before.get(*name) != fields.get(*name))
        .map(|name| FieldChange {
            field: name.clone(),
            before: before.get(name).cloned(),
            after: fields.get(name).cloned(),
        })
        .collect();
    (!changes.is_empty()).then_some(Difference::Changed {
        record,
        fields,
        changes,
    })
}
