//! Access to the records of a file, whatever their kind: find a record by its name, replace it, remove it. An
//! annotation set is such a file, and so is a collection.

use super::{
    AgentId, Aliases, AnnotationId, AnnotationSet, ClaimId, Conflict, ConflictId, DecisionId,
    Fields, LinkId, Misfit, Record, RecordKind, RecordRef, SpeakerId, TagId, Timestamp, Tombstone,
    kept_fields, kept_of, unify::redirect_now,
};
use imbl::OrdMap;
use std::sync::Arc;

/// Records of several kinds with their tombstones and conflicts.
pub trait Records: Clone {
    /// Returns the fields of a record; `None` when it is not there.
    fn fields_of(&self, record: &RecordRef) -> Option<Fields>;

    /// Replaces a record.
    ///
    /// # Errors
    /// When a field is not one of the record's, or the record is not there.
    fn put_fields(&mut self, record: &RecordRef, fields: Fields) -> Result<(), Misfit>;

    /// Removes a record and returns whether it existed. Links to it and conflicts about it stay.
    fn remove_record(&mut self, record: &RecordRef) -> bool;

    /// Leads whatever refers to an alias to the record that replaces it, as something done at `now`.
    fn redirect(&mut self, aliases: &Aliases, now: Timestamp);

    /// Returns the tombstones.
    fn tombstones(&self) -> &OrdMap<RecordRef, Arc<Tombstone>>;

    /// Returns the same map, to change.
    fn tombstones_mut(&mut self) -> &mut OrdMap<RecordRef, Arc<Tombstone>>;

    /// Returns the open conflicts.
    fn conflicts(&self) -> &OrdMap<ConflictId, Arc<Conflict>>;

    /// Returns the same map, to change.
    fn conflicts_mut(&mut self) -> &mut OrdMap<ConflictId, Arc<Conflict>>;
}

/// Replaces the record called `id` of one map.
pub(super) fn put_into<R: Record>(
    records: &mut OrdMap<R::Id, Arc<R>>,
    id: Option<R::Id>,
    fields: Fields,
) -> Result<(), Misfit> {
    let id = id.ok_or_else(no_record)?;
    let new = records
        .get(&id)
        .ok_or_else(no_record)?
        .with_fields(fields)?;
    records.insert(id, Arc::new(new));
    Ok(())
}

pub(super) fn no_record() -> Misfit {
    Misfit {
        field: String::new(),
    }
}

/// Implements [`Records`] for a type with `maps` of records, and with `single_fields` and `put_single` for
/// those of which there is one.
macro_rules! records {
    ($type:ident { $($kind:ident: $field:ident by $id:ty,)* }) => {
        impl Records for $type {
            fn fields_of(&self, record: &RecordRef) -> Option<Fields> {
                match &record.kind {
                    $(RecordKind::$kind => {
                        let id = <$id>::parse(&record.id)?;
                        Some(self.$field.get(&id)?.fields())
                    })*
                    kind => self.single_fields(kind),
                }
            }

            fn put_fields(&mut self, record: &RecordRef, fields: Fields) -> Result<(), Misfit> {
                match &record.kind {
                    $(RecordKind::$kind => {
                        put_into(&mut self.$field, <$id>::parse(&record.id), fields)
                    })*
                    kind => self.put_single(kind, fields),
                }
            }

            fn remove_record(&mut self, record: &RecordRef) -> bool {
                match &record.kind {
                    $(RecordKind::$kind => <$id>::parse(&record.id)
                        .and_then(|id| self.$field.remove(&id))
                        .is_some(),)*
                    _ => false,
                }
            }

            fn redirect(&mut self, aliases: &Aliases, now: Timestamp) {
                self.redirect_references(aliases, now);
            }

            fn tombstones(&self) -> &OrdMap<RecordRef, Arc<Tombstone>> {
                &self.tombstones
            }

            fn tombstones_mut(&mut self) -> &mut OrdMap<RecordRef, Arc<Tombstone>> {
                &mut self.tombstones
            }

            fn conflicts(&self) -> &OrdMap<ConflictId, Arc<Conflict>> {
                &self.conflicts
            }

            fn conflicts_mut(&mut self) -> &mut OrdMap<ConflictId, Arc<Conflict>> {
                &mut self.conflicts
            }
        }
    };
}
pub(super) use records;

records! {
    AnnotationSet {
        Annotation: annotations by AnnotationId,
        Tag: tags by TagId,
        Agent: agents by AgentId,
        Speaker: speakers by SpeakerId,
        Claim: claims by ClaimId,
        Link: links by LinkId,
        Decision: decisions by DecisionId,
    }
}

impl AnnotationSet {
    fn single_fields(&self, kind: &RecordKind) -> Option<Fields> {
        match kind {
            RecordKind::File => Some(kept_fields(&self.kept)),
            RecordKind::Article => Some(self.article.fields()),
            _ => None,
        }
    }

    fn put_single(&mut self, kind: &RecordKind, fields: Fields) -> Result<(), Misfit> {
        match kind {
            RecordKind::File => self.kept = kept_of(fields)?,
            RecordKind::Article => self.article = self.article.with_fields(fields)?,
            _ => return Err(no_record()),
        }
        Ok(())
    }

    fn redirect_references(&mut self, aliases: &Aliases, now: Timestamp) {
        redirect_now(self, aliases, now);
    }
}
