//! Computes the change that an edit makes. Pure: the set is only read; time, names and the person come in as a [`Stamp`].

use super::{Change, Diff, Edit, EditError, Slot, limits};
use crate::{
    anchor::{Selector, describe},
    annotation::{
        Agent, Annotation, AnnotationId, AnnotationSet, Attribution, Comment, CommentId, IdSource,
        Kept, Link, LinkId, Speaker, SpeakerId, Tag, TagId, Timestamp, clear_tombstones,
    },
    text::{SourceText, TextRange, boundary},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Who makes an edit, when, and the source of its new ids.
pub struct Stamp<'a> {
    /// The moment of the edit.
    pub now: Timestamp,
    /// The person.
    pub agent: Agent,
    /// The source of new ids.
    pub ids: &'a mut dyn IdSource,
}

/// Returns the change that `edit` makes to `set`, whose annotations are in `text`. Empty when nothing would differ.
///
/// Passages lose the blanks at their ends and never cut a grapheme cluster. Costs O(log n) for each annotation
/// touched.
///
/// # Errors
/// See [`EditError`]; the set is unchanged.
pub fn apply(
    set: &AnnotationSet,
    text: &SourceText,
    edit: &Edit,
    stamp: &mut Stamp<'_>,
) -> Result<Change, EditError> {
    let mut draft = Draft {
        set,
        text,
        agent: set.signing(&stamp.agent),
        stamp,
        change: Change::default(),
    };
    draft.edit(edit)?;
    // These put together what the file holds already, or leave some of it out.
    let is_of_the_file = matches!(
        edit,
        Edit::Settle { .. } | Edit::Unify { .. } | Edit::ClearTombstones { .. }
    );
    if !is_of_the_file {
        limits::check(set, &draft.change)?;
    }
    Ok(draft.change)
}

pub(super) struct Draft<'a, 'b> {
    pub(super) set: &'a AnnotationSet,
    text: &'a SourceText,
    /// The person who signs, by the id they have in this file.
    pub(super) agent: Agent,
    pub(super) stamp: &'a mut Stamp<'b>,
    pub(super) change: Change,
}

impl Draft<'_, '_> {
    fn edit(&mut self, edit: &Edit) -> Result<(), EditError> {
        match edit {
            Edit::Annotate {
                segments,
                tags,
                note,
                speaker,
            } => self.annotate(segments, tags, note, speaker.as_deref()),
            Edit::Retag { ids, tag, give } => self.retag(ids, tag, *give),
            Edit::SetNote { id, note } => {
                self.alter(*id, |annotation| annotation.note.clone_from(note))
            }
            Edit::SetSpeaker { id, speaker } => {
                let speaker = self.speaker(speaker);
                self.alter(*id, |annotation| annotation.attribution.speaker = speaker)
            }
            Edit::SetAttribution { id, attribution } => self.alter(*id, |annotation| {
                annotation.attribution = attribution.clone()
            }),
            Edit::Retarget { id, segment, range } => self.retarget(*id, *segment, *range),
            Edit::AddSegment { id, range } => {
                let selector = self.selector(*range)?;
                self.alter(*id, |annotation| {
                    annotation.segments.push(selector);
                    annotation.segments.sort_by_key(|segment| segment.position);
                })
            }
            Edit::RemoveSegment { id, segment } => self.remove_segment(*id, *segment),
            Edit::AddComment { id, text } => self.comment(*id, text),
            Edit::RemoveComment { id, comment } => self.remove_comment(*id, *comment),
            Edit::Remove { ids } => {
                for id in each_once(ids) {
                    let before = self.annotation(id)?;
                    self.remove(id, before, Diff::Annotation);
                }
                Ok(())
            }
            Edit::DefineTag(tag) => self.define_tag(tag),
            Edit::AddTags(tags) => self.add_tags(tags),
            Edit::RemoveTag(tag) => self.remove_tag(tag),
            Edit::DefineSpeaker(speaker) => {
                let before = self.set.speakers.get(&speaker.id).cloned();
                self.define(speaker.id, before, speaker.clone(), Diff::Speaker);
                Ok(())
            }
            Edit::DefineClaim(claim) => {
                let before = self.set.claims.get(&claim.id).cloned();
                self.define(claim.id, before, claim.clone(), Diff::Claim);
                Ok(())
            }
            Edit::Link { from, to, kind } => {
                self.annotation(*from)?;
                self.annotation(*to)?;
                self.introduce_agent();
                let (creator, created) = (self.agent.id, self.stamp.now);
                let id = LinkId::new(self.stamp.ids);
                let link = Link {
                    id,
                    from: *from,
                    to: *to,
                    kind: kind.clone(),
                    creator,
                    created,
                    kept: Kept::default(),
                };
                self.define(id, None, link, Diff::Link);
                Ok(())
            }
            Edit::DefineLink(link) => {
                let before = self.set.links.get(&link.id).cloned();
                self.define(link.id, before, link.clone(), Diff::Link);
                Ok(())
            }
            Edit::Unlink(id) => {
                if let Some(before) = self.set.links.get(id) {
                    self.remove(*id, Arc::clone(before), Diff::Link);
                }
                Ok(())
            }
            Edit::DescribeArticle(article) => {
                self.describe_article(article);
                Ok(())
            }
            Edit::AdoptText { article, found } => self.adopt(article, found),
            Edit::Settle { conflict, choice } => self.settle(*conflict, choice),
            Edit::Unify { keep, other } => self.unify(keep, other),
            Edit::UnifySameNames => {
                self.unify_same_names();
                Ok(())
            }
            Edit::ClearTombstones { before } => {
                self.rework(|set, _| clear_tombstones(set, *before));
                Ok(())
            }
        }
    }

    pub(super) fn push(&mut self, diff: Diff) {
        self.change.diffs.push(diff);
    }

    /// Adds or replaces one record, unless nothing differs.
    fn define<K, V: PartialEq>(
        &mut self,
        key: K,
        before: Option<Arc<V>>,
        after: V,
        kind: impl FnOnce(Slot<K, V>) -> Diff,
    ) {
        if before.as_deref() != Some(&after) {
            self.push(kind(Slot {
                key,
                before,
                after: Some(Arc::new(after)),
            }));
        }
    }

    pub(super) fn annotation(&self, id: AnnotationId) -> Result<Arc<Annotation>, EditError> {
        self.set
            .annotations
            .get(&id)
            .cloned()
            .ok_or(EditError::NoSuchAnnotation(id))
    }

    /// Rewrites one annotation; when nothing differs, not even the time of change is touched.
    pub(super) fn alter(
        &mut self,
        id: AnnotationId,
        rewrite: impl FnOnce(&mut Annotation),
    ) -> Result<(), EditError> {
        let before = self.annotation(id)?;
        let mut after = Annotation::clone(&before);
        rewrite(&mut after);
        if after != *before {
            after.modified = self.stamp.now;
            self.push(Diff::Annotation(Slot {
                key: id,
                before: Some(before),
                after: Some(Arc::new(after)),
            }));
        }
        Ok(())
    }

    fn selector(&self, range: TextRange) -> Result<Selector, EditError> {
        self.text.slice(range)?;
        let trimmed = boundary::trim(self.text, range);
        if trimmed.is_empty() {
            return Err(EditError::NothingSelected);
        }
        Ok(describe(self.text, trimmed)?)
    }

    fn check_tag(&self, tag: &TagId) -> Result<(), EditError> {
        if self.set.tags.contains_key(tag) {
            Ok(())
        } else {
            Err(EditError::NoSuchTag(tag.clone()))
        }
    }

    /// Adds the person's record the first time that something is signed with their name.
    pub(super) fn introduce_agent(&mut self) {
        let agent = self.agent.clone();
        let is_it = |diff: &Diff| matches!(diff, Diff::Agent(slot) if slot.key == agent.id);
        let known = self.set.agents.contains_key(&agent.id);
        if !known && !self.change.diffs.iter().any(is_it) {
            self.define(agent.id, None, agent, Diff::Agent);
        }
    }

    /// Returns the speaker with this name, made if there is none; `None` for a blank name.
    fn speaker(&mut self, name: &str) -> Option<SpeakerId> {
        let name = name.trim();
        if name.is_empty() {
            return None;
        }
        if let Some(known) = self.set.speaker_named(name) {
            return Some(known.id);
        }
        let id = SpeakerId::new(self.stamp.ids);
        let speaker = Speaker::named(id, name);
        self.define(id, None, speaker, Diff::Speaker);
        Some(id)
    }

    fn annotate(
        &mut self,
        segments: &[TextRange],
        tags: &[TagId],
        note: &str,
        speaker: Option<&str>,
    ) -> Result<(), EditError> {
        let segments = segments
            .iter()
            .map(|range| self.selector(*range))
            .collect::<Result<Vec<_>, _>>()?;
        if segments.is_empty() {
            return Err(EditError::NothingSelected);
        }
        for tag in tags {
            self.check_tag(tag)?;
        }
        let mut tags = tags.to_vec();
        tags.sort();
        tags.dedup();
        self.introduce_agent();
        let speaker = speaker.and_then(|name| self.speaker(name));
        let id = AnnotationId::new(self.stamp.ids);
        let annotation = Annotation {
            id,
            segments,
            tags,
            note: note.to_owned(),
            comments: Vec::new(),
            attribution: Attribution {
                speaker,
                ..Attribution::default()
            },
            claims: Vec::new(),
            attributes: BTreeMap::new(),
            creator: self.agent.id,
            also_by: Vec::new(),
            created: self.stamp.now,
            modified: self.stamp.now,
            kept: Kept::default(),
        };
        self.define(id, None, annotation, Diff::Annotation);
        Ok(())
    }

    fn retag(&mut self, ids: &[AnnotationId], tag: &TagId, give: bool) -> Result<(), EditError> {
        if give {
            self.check_tag(tag)?;
        }
        for id in each_once(ids) {
            self.alter(id, |annotation| {
                match (annotation.tags.binary_search(tag), give) {
                    (Err(at), true) => annotation.tags.insert(at, tag.clone()),
                    (Ok(at), false) => {
                        annotation.tags.remove(at);
                    }
                    _ => {}
                }
            })?;
        }
        Ok(())
    }

    fn retarget(
        &mut self,
        id: AnnotationId,
        segment: usize,
        range: TextRange,
    ) -> Result<(), EditError> {
        let selector = self.selector(range)?;
        if self.annotation(id)?.segments.get(segment).is_none() {
            return Err(EditError::NoSuchSegment { id, segment });
        }
        self.alter(id, |annotation| {
            if let Some(slot) = annotation.segments.get_mut(segment) {
                *slot = selector;
            }
        })
    }

    fn remove_segment(&mut self, id: AnnotationId, segment: usize) -> Result<(), EditError> {
        let n_segments = self.annotation(id)?.segments.len();
        if segment >= n_segments || n_segments == 1 {
            return Err(EditError::NoSuchSegment { id, segment });
        }
        self.alter(id, |annotation| {
            annotation.segments.remove(segment);
        })
    }

    fn comment(&mut self, id: AnnotationId, text: &str) -> Result<(), EditError> {
        if text.trim().is_empty() {
            return Err(EditError::NothingSelected);
        }
        self.introduce_agent();
        let comment = Comment {
            id: CommentId::new(self.stamp.ids),
            author: self.agent.id,
            created: self.stamp.now,
            text: text.to_owned(),
            kept: Kept::default(),
        };
        self.alter(id, |annotation| annotation.comments.push(comment))
    }

    fn define_tag(&mut self, tag: &Tag) -> Result<(), EditError> {
        let key_owner = self
            .set
            .tags
            .values()
            .find(|other| other.key.is_some() && other.key == tag.key);
        if let (Some(key), Some(owner)) = (tag.key, key_owner)
            && owner.id != tag.id
        {
            return Err(EditError::KeyInUse {
                key,
                tag: owner.id.clone(),
            });
        }
        let before = self.set.tags.get(&tag.id).cloned();
        self.define(tag.id.clone(), before, tag.clone(), Diff::Tag);
        Ok(())
    }

    fn add_tags(&mut self, tags: &[Tag]) -> Result<(), EditError> {
        let mut added: BTreeMap<&TagId, &Tag> = BTreeMap::new();
        for tag in tags {
            if self.set.tags.contains_key(&tag.id) || added.contains_key(&tag.id) {
                continue;
            }
            let mut others = added.values();
            let owner = others.find(|other| other.key.is_some() && other.key == tag.key);
            if let (Some(key), Some(owner)) = (tag.key, owner) {
                let tag = owner.id.clone();
                return Err(EditError::KeyInUse { key, tag });
            }
            self.define_tag(tag)?;
            added.insert(&tag.id, tag);
        }
        Ok(())
    }

    fn remove_tag(&mut self, tag: &TagId) -> Result<(), EditError> {
        let n_annotations = self
            .set
            .annotations
            .values()
            .filter(|annotation| annotation.has_tag(tag))
            .count();
        if n_annotations > 0 {
            return Err(EditError::TagInUse {
                tag: tag.clone(),
                n_annotations,
            });
        }
        let before = self
            .set
            .tags
            .get(tag)
            .cloned()
            .ok_or_else(|| EditError::NoSuchTag(tag.clone()))?;
        self.remove(tag.clone(), before, Diff::Tag);
        Ok(())
    }

    fn describe_article(&mut self, article: &crate::annotation::Article) {
        if self.set.article != *article {
            let before = Arc::new(self.set.article.clone());
            self.push(Diff::Article {
                before,
                after: Arc::new(article.clone()),
            });
        }
    }

    fn adopt(
        &mut self,
        article: &crate::annotation::Article,
        found: &[(AnnotationId, usize, TextRange)],
    ) -> Result<(), EditError> {
        self.describe_article(article);
        self.settle_text();
        let mut by_annotation: BTreeMap<AnnotationId, Vec<(usize, Selector)>> = BTreeMap::new();
        for (id, segment, range) in found {
            // Not trimmed: the passage was found letter by letter, or a person accepted just this.
            by_annotation
                .entry(*id)
                .or_default()
                .push((*segment, describe(self.text, *range)?));
        }
        for (id, selectors) in by_annotation {
            self.alter(id, |annotation| {
                for (segment, selector) in selectors {
                    if let Some(slot) = annotation.segments.get_mut(segment) {
                        *slot = selector;
                    }
                }
            })?;
        }
        Ok(())
    }
}

/// Returns each id once, because a change holds each record once.
fn each_once(ids: &[AnnotationId]) -> BTreeSet<AnnotationId> {
    ids.iter().copied().collect()
}
