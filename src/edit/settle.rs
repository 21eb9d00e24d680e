//! Edits of tombstones and conflicts: removing records, settling conflicts, merging records of one name.

use super::{Diff, EditError, Slot, apply::Draft, difference};
use crate::annotation::{
    AgentId, AnnotationId, AnnotationSet, Choice, CommentId, Conflict, ConflictId, Fingerprint,
    Record, RecordKind, RecordRef, Records, Timestamp, Tombstone, settle, unify, unify_same_names,
};
use std::{collections::BTreeSet, sync::Arc};

/// The time of an edit and its person.
type Signature = (Timestamp, Option<AgentId>);

impl Draft<'_, '_> {
    /// Returns the signature for a change: the time, and the person if they have a name.
    fn signature(&self) -> Signature {
        let agent = &self.agent;
        let who = (!agent.name.is_empty()).then_some(agent.id);
        (self.stamp.now, who)
    }

    /// Removes one record, with the conflicts about it, and leaves tombstones.
    pub(super) fn remove<V: Record>(
        &mut self,
        key: V::Id,
        before: Arc<V>,
        kind: impl FnOnce(Slot<V::Id, V>) -> Diff,
    ) {
        let record = V::reference(&key);
        let state = record.state(&before.fields());
        self.push(kind(Slot {
            key,
            before: Some(before),
            after: None,
        }));
        let removal = self.bury(record.clone(), vec![state]);
        self.drop_conflicts(&|conflict| conflict.record == record, &removal.seen);
    }

    pub(super) fn remove_comment(
        &mut self,
        id: AnnotationId,
        comment: CommentId,
    ) -> Result<(), EditError> {
        let is_it = |known: &crate::annotation::Comment| known.id == comment;
        let annotation = self.annotation(id)?;
        let found = annotation.comments.iter().find(|it| is_it(it));
        let Some(state) = found.map(crate::annotation::Comment::state) else {
            return Ok(());
        };
        self.bury(RecordRef::from(&comment), vec![state]);
        self.alter(id, |annotation| {
            annotation.comments.retain(|known| !is_it(known))
        })
    }

    /// Settles the conflicts about the article's text: once a text was adopted, they are answered.
    pub(super) fn settle_text(&mut self) {
        self.drop_conflicts(
            &|conflict| conflict.record.kind == RecordKind::Article && conflict.field == "text",
            &BTreeSet::new(),
        );
    }

    pub(super) fn settle(&mut self, id: ConflictId, choice: &Choice) -> Result<(), EditError> {
        self.rework(|set, signature| settle(set, id, choice, signature))?;
        Ok(())
    }

    pub(super) fn unify_same_names(&mut self) {
        self.rework(unify_same_names);
    }

    pub(super) fn unify(&mut self, keep: &RecordRef, other: &RecordRef) -> Result<(), EditError> {
        if self.rework(|set, signature| unify(set, keep, other, signature)) {
            return Ok(());
        }
        Err(EditError::NoTwins {
            keep: keep.clone(),
            other: other.clone(),
        })
    }

    /// Applies `rewrite` to a copy and takes over what differs.
    pub(super) fn rework<T>(
        &mut self,
        rewrite: impl FnOnce(&mut AnnotationSet, Signature) -> T,
    ) -> T {
        let mut after = self.set.clone();
        let result = rewrite(&mut after, self.signature());
        self.change = difference(self.set, &after);
        if self.signature().1.is_some() && !self.change.is_empty() {
            self.introduce_agent();
        }
        result
    }

    /// Removes conflicts that are answered by something else, which has also seen `more`.
    fn drop_conflicts(
        &mut self,
        is_meant: &dyn Fn(&Conflict) -> bool,
        more: &BTreeSet<Fingerprint>,
    ) {
        let meant: Vec<Arc<Conflict>> = self
            .set
            .conflicts
            .values()
            .filter(|conflict| is_meant(conflict))
            .cloned()
            .collect();
        for conflict in meant {
            let fields = self.set.fields_of(&conflict.record);
            let mut seen = conflict.seen_in(fields.as_ref());
            seen.extend(more);
            self.bury(RecordRef::from(&conflict.id), seen);
            self.push(Diff::Conflict(Slot {
                key: conflict.id,
                before: Some(conflict),
                after: None,
            }));
        }
    }

    fn bury(&mut self, record: RecordRef, seen: Vec<Fingerprint>) -> Arc<Tombstone> {
        let signature = self.signature();
        if signature.1.is_some() {
            self.introduce_agent();
        }
        let before = self.set.tombstones.get(&record).cloned();
        let tombstone = Tombstone::new(&record, signature, seen, before.as_deref());
        let tombstone = Arc::new(tombstone);
        self.push(Diff::Tombstone(Slot {
            before,
            after: Some(Arc::clone(&tombstone)),
            key: record,
        }));
        tombstone
    }
}
