//! Settles conflicts, merges records of one name and forgets old removals, for any file of
//! records.

use super::{
    AgentId, Conflict, ConflictId, FieldValue, Fingerprint, Kept, Misfit, RecordKind, RecordRef,
    Records, Side, Timestamp, Tombstone, comment_fields, comment_name,
    unify::{living, replace},
};
use crate::anchor::Selector;
use std::sync::Arc;

/// A person's choice in a conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The value of one side, from 0.
    Side(usize),
    /// The values of all sides: texts below each other with the names of their sides, lists one after the other,
    /// all stretches.
    Both,
}

/// Why a conflict could not be settled. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettleError {
    /// The conflict is settled already, or never existed.
    #[error("there is no conflict {0}")]
    NoSuchConflict(ConflictId),
    /// The conflict has fewer sides.
    #[error("the conflict has no side {}; it has {n_sides}", .side + 1)]
    NoSuchSide {
        /// The side asked for, from 0.
        side: usize,
        /// The number of sides.
        n_sides: usize,
    },
    /// The field, such as a colour or an end, cannot have both values.
    #[error("there can be only one `{field}`; take one of the sides")]
    OnlyOne {
        /// The field.
        field: String,
    },
    /// The value does not belong there: the file was changed by hand.
    #[error("the value does not fit the field `{field}`; take another side")]
    Unfit {
        /// The field.
        field: String,
    },
}

/// The name of the side that has the value written into a field while a conflict about it was open.
pub const WRITTEN_SINCE: &str = "written since";

/// Returns the conflict as people are asked about it in a file: where its field has a value by now that no side has,
/// because somebody wrote on while it was open, that value is one more side, the last, called [`WRITTEN_SINCE`].
pub fn as_asked<S: Records>(set: &S, conflict: &Conflict) -> Conflict {
    let mut asked = conflict.clone();
    let fields = set.fields_of(&conflict.record);
    let Some(fields) = fields.filter(|_| !conflict.of_whole_record()) else {
        return asked;
    };
    let now = fields.get(&conflict.field);
    let is_now = |side: &Side| {
        side.value.as_ref() == now
            || side
                .value
                .clone()
                .map(|it| led(set, &conflict.field, it))
                .as_ref()
                == now
    };
    if !conflict.sides.iter().any(is_now) {
        asked.sides.push(Side {
            name: WRITTEN_SINCE.to_owned(),
            value: now.cloned(),
            kept: Kept::default(),
        });
    }
    asked
}

impl Conflict {
    /// Returns the value that `choice` gives the field; `None` empties it, or removes the record.
    ///
    /// # Errors
    /// When there is no such side, or the field cannot hold both.
    pub fn chosen(&self, choice: &Choice) -> Result<Option<FieldValue>, SettleError> {
        match choice {
            Choice::Side(side) => match self.sides.get(*side) {
                Some(found) => Ok(found.value.clone()),
                None => Err(SettleError::NoSuchSide {
                    side: *side,
                    n_sides: self.sides.len(),
                }),
            },
            Choice::Both => self
                .all_values()
                .map(Some)
                .ok_or_else(|| SettleError::OnlyOne {
                    field: self.field.clone(),
                }),
        }
    }

    fn all_values(&self) -> Option<FieldValue> {
        let named: Vec<(&str, &FieldValue)> = self
            .sides
            .iter()
            .filter_map(|side| Some((side.name.as_str(), side.value.as_ref()?)))
            .collect();
        if let [(_, only)] = named.as_slice() {
            return Some((*only).clone());
        }
        if self.is_prose() {
            let texts = named.iter().map(|(name, value)| match value {
                FieldValue::Text(text) if name.is_empty() => Some(text.clone()),
                FieldValue::Text(text) => Some(format!("{name}: {text}")),
                _ => None,
            });
            let texts: Vec<String> = texts.collect::<Option<_>>()?;
            return Some(FieldValue::Text(texts.join("\n\n")));
        }
        if self.field == "aliases" || self.field == "attribution/reported_by" {
            let mut all: Vec<String> = Vec::new();
            for (_, value) in named {
                let FieldValue::List(texts) = value else {
                    return None;
                };
                for text in texts {
                    if !all.contains(text) {
                        all.push(text.clone());
                    }
                }
            }
            return Some(FieldValue::List(all));
        }
        let mut all: Vec<Selector> = Vec::new();
        for (_, value) in named {
            let FieldValue::Segments(segments) = value else {
                return None;
            };
            all.extend(segments.iter().cloned());
        }
        all.sort_by_key(|segment| segment.position);
        all.dedup_by_key(|segment| segment.position);
        let apart = all.windows(2).all(|pair| match pair {
            [a, b] => a.position.end <= b.position.start,
            _ => true,
        });
        (apart && !all.is_empty()).then_some(FieldValue::Segments(all))
    }

    /// Returns whether the field is running text, so that both sides can be kept, one below the other.
    pub fn is_prose(&self) -> bool {
        ["note", "guideline", "text"].contains(&self.field.as_str())
    }
}

/// Settles one conflict as [`as_asked`] shows it: the record gets the chosen value, the conflict goes and leaves a
/// tombstone, by which another copy of the file that still has it, or makes it again, is known to be older.
///
/// # Errors
/// See [`SettleError`].
pub fn settle<S: Records>(
    set: &mut S,
    id: ConflictId,
    choice: &Choice,
    (now, who): (Timestamp, Option<AgentId>),
) -> Result<(), SettleError> {
    let conflict = set.conflicts().get(&id).cloned();
    let conflict = conflict.ok_or(SettleError::NoSuchConflict(id))?;
    let value = as_asked(set, &conflict).chosen(choice)?;
    let mut seen = conflict.seen_in(set.fields_of(&conflict.record).as_ref());
    seen.push(id.answered());
    if conflict.of_whole_record() {
        // Kept or not, the removal has been seen: the tombstone beside a living record overrules it.
        if value.is_none() {
            match stand_in(set, &conflict.record) {
                Some(keep) => replace(set, &keep, &conflict.record, (now, who)),
                None => remove(set, &conflict.record, (now, who)),
            }
        } else {
            touch(set, &conflict, now)?;
            if !set.tombstones().contains_key(&conflict.record) {
                bury(set, conflict.record.clone(), Vec::new(), (now, who));
            }
        }
    } else {
        set_field(set, &conflict, value, (now, who))?;
    }
    set.conflicts_mut().remove(&id);
    bury(set, RecordRef::from(&id), seen, (now, who));
    Ok(())
}

/// Returns the record that was to replace `record`, which somebody merged with it, if both exist.
fn stand_in<S: Records>(set: &S, record: &RecordRef) -> Option<RecordRef> {
    let instead = set.tombstones().get(record)?.instead.clone()?;
    let keep = RecordRef {
        kind: record.kind.clone(),
        id: instead,
    };
    let both_there = set.fields_of(&keep).is_some() && set.fields_of(record).is_some();
    both_there.then_some(keep)
}

/// Writes the value into the record, if the record still exists.
fn set_field<S: Records>(
    set: &mut S,
    conflict: &Conflict,
    value: Option<FieldValue>,
    (now, who): (Timestamp, Option<AgentId>),
) -> Result<(), SettleError> {
    let Some(mut fields) = set.fields_of(&conflict.record) else {
        return Ok(());
    };
    // The value may name a record that was merged with another since.
    let value = value.map(|value| led(set, &conflict.field, value));
    let old = match value.clone() {
        Some(value) => fields.insert(conflict.field.clone(), value),
        None => fields.remove(&conflict.field),
    };
    if old == value {
        return Ok(());
    }
    let unfit = |Misfit { field }| SettleError::Unfit { field };
    set.put_fields(&conflict.record, fields).map_err(unfit)?;
    if let (Some(old), None, Some(comment)) = (old, value, comment_name(&conflict.field)) {
        let seen = vec![comment.state(&comment_fields(&old))];
        bury(set, comment, seen, (now, who));
    }
    touch(set, conflict, now)
}

/// Returns the value with the records that replace those it names.
fn led<S: Records>(set: &S, field: &str, value: FieldValue) -> FieldValue {
    let kind = match field {
        "attribution/speaker" | "attribution/reported_by" => RecordKind::Speaker,
        "creator" => RecordKind::Agent,
        _ => return value,
    };
    let lead = |id: &str| living(set, kind.clone(), id).into_string();
    match value {
        FieldValue::Text(id) => FieldValue::Text(lead(&id)),
        FieldValue::List(ids) => FieldValue::List(ids.iter().map(|id| lead(id)).collect()),
        value => value,
    }
}

/// Updates the record's time of change, if it has one.
fn touch<S: Records>(set: &mut S, conflict: &Conflict, now: Timestamp) -> Result<(), SettleError> {
    let Some(mut fields) = set.fields_of(&conflict.record) else {
        return Ok(());
    };
    if !fields.contains_key("modified") {
        return Ok(());
    }
    fields.insert("modified".to_owned(), FieldValue::Text(now.to_string()));
    let unfit = |Misfit { field }| SettleError::Unfit { field };
    set.put_fields(&conflict.record, fields).map_err(unfit)
}

/// Removes a record with its conflicts and leaves a tombstone; nothing happens when it is not there.
pub fn remove<S: Records>(
    set: &mut S,
    record: &RecordRef,
    (now, who): (Timestamp, Option<AgentId>),
) {
    let Some(fields) = set.fields_of(record) else {
        return;
    };
    if !set.remove_record(record) {
        return;
    }
    let old = set.tombstones().get(record).map(|old| &**old);
    let removal = Tombstone::new(record, (now, who), [record.state(&fields)], old);
    let about: Vec<Arc<Conflict>> = set
        .conflicts()
        .values()
        .filter(|conflict| conflict.record == *record)
        .cloned()
        .collect();
    for conflict in about {
        // With what the removal has seen, by which `ConflictId::fell` knows that nobody has answered the question.
        let mut seen = conflict.seen_in(Some(&fields));
        seen.extend(&removal.seen);
        set.conflicts_mut().remove(&conflict.id);
        bury(set, RecordRef::from(&conflict.id), seen, (now, who));
    }
    set.tombstones_mut()
        .insert(record.clone(), Arc::new(removal));
}

/// Leaves a tombstone for `record`, removed by somebody who saw these values.
fn bury<S: Records>(
    set: &mut S,
    record: RecordRef,
    seen: Vec<Fingerprint>,
    signature: (Timestamp, Option<AgentId>),
) {
    let old = set.tombstones().get(&record).map(|old| &**old);
    let tombstone = Tombstone::new(&record, signature, seen, old);
    set.tombstones_mut().insert(record, Arc::new(tombstone));
}

/// Forgets removals before `before`; those that name another record in its place stay, they are its aliases.
/// Returns the number that it forgot.
pub fn clear_tombstones<S: Records>(set: &mut S, before: Timestamp) -> usize {
    let old: Vec<RecordRef> = set
        .tombstones()
        .iter()
        .filter(|(_, tombstone)| tombstone.when < before && tombstone.instead.is_none())
        .map(|(record, _)| record.clone())
        .collect();
    for record in &old {
        set.tombstones_mut().remove(record);
    }
    old.len()
}
