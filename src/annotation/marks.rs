//! Where the annotations of a set are in the text as it is now.
//!
//! The set keeps evidence (selectors); this keeps conclusions (ranges), beside it and never in the file, so
//! that saving cannot write a guess over the evidence. It follows the edits one by one.

use super::{Annotation, AnnotationId, AnnotationSet, IntervalIndex, Mark, TagId};
use crate::{
    anchor::{Origin, Progress, Remap, Resolution, Selector, resolve, resolve_all},
    text::{SourceText, TextRange},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// What became of the segments of one annotation, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// One resolution for each segment.
    pub segments: Vec<Resolution>,
}

impl Placement {
    /// Returns whether the place of every segment is certain. `false` without segments.
    pub fn is_whole(&self) -> bool {
        !self.segments.is_empty()
            && self
                .segments
                .iter()
                .all(|segment| segment.range().is_some())
    }

    /// Returns the ranges of the segments that were found, with the segment's number.
    pub fn ranges(&self) -> impl Iterator<Item = (usize, TextRange)> {
        self.segments
            .iter()
            .enumerate()
            .filter_map(|(idx, segment)| Some((idx, segment.range()?)))
    }

    /// Returns the first segment that was found, in text order.
    pub fn first_range(&self) -> Option<TextRange> {
        self.ranges().map(|(_, range)| range).min()
    }

    /// Returns the weakest of the segments' results in one word: `exact`, `moved`, `changed`, `ambiguous` or `orphan`.
    pub fn word(&self) -> &'static str {
        self.segments
            .iter()
            .max_by_key(|segment| segment.weakness())
            .map_or("orphan", Resolution::word)
    }
}

/// The places of all annotations of one set in one text.
#[derive(Clone, Debug)]
pub struct Marks {
    text: SourceText,
    same_edition: bool,
    /// The text the annotations were made on, compared with this one, when it is available.
    comparison: Option<Arc<Remap>>,
    placements: HashMap<AnnotationId, Placement>,
    index: IntervalIndex,
    order: IntervalIndex,
    unplaced: BTreeSet<AnnotationId>,
    n_tagged: BTreeMap<TagId, usize>,
}

impl Marks {
    /// Finds every annotation of `set` in `text`; the old text is used where the set holds it. `go_on` is asked now
    /// and then; `None` when it says no.
    pub fn find(text: &SourceText, set: &AnnotationSet, go_on: &dyn Fn() -> bool) -> Option<Self> {
        Self::find_with(text, set, None, &|_| go_on())
    }

    /// Returns the same with the text the annotations were made on, where that is available: without it the one that the
    /// set holds is used, if it does. `None` when `progress` said no.
    pub fn find_with(
        text: &SourceText,
        set: &AnnotationSet,
        old: Option<&SourceText>,
        progress: Progress<'_>,
    ) -> Option<Self> {
        let same_edition = set.article.edition == text.edition();
        let embedded = || {
            let text = set.article.embedded_text.as_deref()?.to_owned();
            let text = SourceText::new(text).ok()?;
            (text.edition() == set.article.edition).then_some(text)
        };
        let comparison = if same_edition {
            None
        } else {
            let old = old.cloned().or_else(embedded);
            old.map(|old| Arc::new(Remap::new(&old, text)))
        };
        let selectors: Vec<&Selector> = set
            .annotations
            .values()
            .flat_map(|annotation| &annotation.segments)
            .collect();
        let origin = origin(same_edition, comparison.as_ref());
        let mut resolutions = resolve_all(text, origin, &selectors, progress)?.into_iter();
        let mut marks = Self {
            same_edition,
            comparison,
            placements: HashMap::with_capacity(set.annotations.len()),
            ..Self::empty(text)
        };
        let (mut all, mut firsts) = (
            Vec::with_capacity(selectors.len()),
            Vec::with_capacity(set.annotations.len()),
        );
        for annotation in set.annotations.values() {
            let segments: Vec<Resolution> = resolutions
                .by_ref()
                .take(annotation.segments.len())
                .collect();
            let placement = Placement { segments };
            all.extend(segment_marks(annotation.id, &placement));
            firsts.extend(first_mark(annotation.id, &placement));
            marks.note_placement(annotation.id, placement);
            marks.count(annotation, true);
        }
        marks.order = IntervalIndex::new(firsts);
        // Nearly always each annotation has one segment, and the two lists are one.
        marks.index = if all.len() == marks.order.len() {
            marks.order.clone()
        } else {
            IntervalIndex::new(all)
        };
        Some(marks)
    }

    /// Returns no marks in `text`, without looking at it: for an article whose annotations are still being read.
    pub fn empty(text: &SourceText) -> Self {
        Self {
            text: text.clone(),
            same_edition: true,
            comparison: None,
            placements: HashMap::new(),
            index: IntervalIndex::default(),
            order: IntervalIndex::default(),
            unplaced: BTreeSet::new(),
            n_tagged: BTreeMap::new(),
        }
    }

    /// Follows one change of an annotation: `None` before means added, `None` after means removed.
    ///
    /// O(log n) for a segment that is where it was marked; a new segment that is not there is searched for.
    pub fn follow(&mut self, before: Option<&Annotation>, after: Option<&Annotation>) {
        if let Some(before) = before {
            self.count(before, false);
        }
        if let Some(after) = after {
            self.count(after, true);
        }
        let same_place = match (before, after) {
            (Some(before), Some(after)) => before.segments == after.segments,
            _ => false,
        };
        if same_place {
            return;
        }
        let mut known: Vec<(&Selector, Resolution)> = Vec::new();
        if let Some(before) = before {
            self.unplaced.remove(&before.id);
            if let Some(placement) = self.placements.remove(&before.id) {
                for mark in segment_marks(before.id, &placement) {
                    self.index.remove(&mark);
                }
                for mark in first_mark(before.id, &placement) {
                    self.order.remove(&mark);
                }
                known.extend(before.segments.iter().zip(placement.segments));
            }
        }
        if let Some(after) = after {
            let origin = origin(self.same_edition, self.comparison.as_ref());
            let resolve = |segment: &Selector| {
                let known = known.iter().find(|(selector, _)| *selector == segment);
                known.map_or_else(
                    || resolve(&self.text, origin, segment),
                    |(_, resolution)| resolution.clone(),
                )
            };
            let segments = after.segments.iter().map(resolve).collect();
            let placement = Placement { segments };
            for mark in segment_marks(after.id, &placement) {
                self.index.insert(mark);
            }
            for mark in first_mark(after.id, &placement) {
                self.order.insert(mark);
            }
            self.note_placement(after.id, placement);
        }
    }

    fn note_placement(&mut self, id: AnnotationId, placement: Placement) {
        if !placement.is_whole() {
            self.unplaced.insert(id);
        }
        self.placements.insert(id, placement);
    }

    fn count(&mut self, annotation: &Annotation, added: bool) {
        for tag in &annotation.tags {
            let n = match self.n_tagged.get_mut(tag) {
                Some(n) => n,
                None => self.n_tagged.entry(tag.clone()).or_default(),
            };
            *n = if added { *n + 1 } else { n.saturating_sub(1) };
        }
    }

    /// Returns the text the places are in.
    pub fn text(&self) -> &SourceText {
        &self.text
    }

    /// Returns whether the text is the very one the annotations were made on.
    pub fn same_edition(&self) -> bool {
        self.same_edition
    }

    /// Returns what became of an annotation.
    pub fn placement(&self, id: AnnotationId) -> Option<&Placement> {
        self.placements.get(&id)
    }

    /// Returns all found segments, in reading order.
    pub fn index(&self) -> &IntervalIndex {
        &self.index
    }

    /// Returns one mark for each annotation that was found at all (its first segment in the text), in reading order.
    pub fn order(&self) -> &IntervalIndex {
        &self.order
    }

    /// Returns the mark of an annotation in [`order`](Self::order).
    pub fn order_mark(&self, id: AnnotationId) -> Option<Mark> {
        first_mark(id, self.placements.get(&id)?).next()
    }

    /// Annotations of which at least one segment was not found or is ambiguous, oldest first.
    pub fn unplaced(&self) -> &BTreeSet<AnnotationId> {
        &self.unplaced
    }

    /// Returns how many annotations carry `tag`, found or not.
    pub fn n_tagged(&self, tag: &TagId) -> usize {
        self.n_tagged.get(tag).copied().unwrap_or(0)
    }

    /// Returns how many annotations there are, found or not.
    pub fn n_annotations(&self) -> usize {
        self.placements.len()
    }

    /// Returns how many annotations are no longer where they were marked.
    pub fn n_moved(&self, set: &AnnotationSet) -> usize {
        set.annotations
            .keys()
            .filter(|id| self.placement(**id).is_some_and(|p| p.word() == "moved"))
            .count()
    }
}

fn origin(same_edition: bool, comparison: Option<&Arc<Remap>>) -> Origin<'_> {
    match comparison {
        _ if same_edition => Origin::This,
        Some(remap) => Origin::Known(remap),
        None => Origin::Unknown,
    }
}

fn segment_marks(id: AnnotationId, placement: &Placement) -> impl Iterator<Item = Mark> {
    placement.ranges().filter_map(move |(segment, range)| {
        Some(Mark {
            range,
            id,
            segment: u32::try_from(segment).ok()?,
        })
    })
}

fn first_mark(id: AnnotationId, placement: &Placement) -> impl Iterator<Item = Mark> + use<> {
    segment_marks(id, placement).min().into_iter()
}
