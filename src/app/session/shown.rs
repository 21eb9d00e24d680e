//! From annotations to what the reading pane paints: decorations, looks, and the ticks of the map.

use crate::{
    annotation::{Annotation, AnnotationId, AnnotationSet, MAX_NAMED_RECORDS, Marks, Tag, TagId},
    app::base::theme::Theme,
    edit::{Change, Workspace},
    reader::{Decoration, DecorationKey, Decorations, Look, MapTick},
    text::{ByteOffset, TextRange},
};
use imbl::OrdMap;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// The key under which the pane knows an annotation.
pub fn key_of(id: AnnotationId) -> DecorationKey {
    DecorationKey(id.as_u128())
}

/// The annotation that the pane knows under `key`.
pub fn annotation_of(key: DecorationKey) -> AnnotationId {
    AnnotationId::from_u128(key.0)
}

/// Which annotations are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those with this tag.
    pub only: Option<TagId>,
    /// Tags that are not painted; an annotation with no other tag is not painted at all.
    pub hidden: BTreeSet<TagId>,
}

impl Filter {
    /// Whether all are shown.
    pub fn shows_all(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the tag itself is painted.
    pub fn shows_tag(&self, tag: &TagId) -> bool {
        !self.hidden.contains(tag)
    }

    /// Whether the annotation is painted and listed.
    pub fn shows(&self, annotation: &Annotation) -> bool {
        if let Some(only) = &self.only
            && !annotation.has_tag(only)
        {
            return false;
        }
        annotation.tags.is_empty() || annotation.tags.iter().any(|tag| self.shows_tag(tag))
    }
}

/// The looks of one article's tags in one theme, kept until tags, filter or theme change.
#[derive(Clone, Debug)]
pub struct Looks {
    looks: Vec<Look>,
    of_tag: BTreeMap<TagId, u16>,
    plain: Look,
    /// The records they were made of.
    tags: OrdMap<TagId, Arc<Tag>>,
    stamp: LookStamp,
    revision: u64,
}

/// What looks depend on.
#[derive(Clone, Debug, PartialEq)]
struct LookStamp {
    revision: u64,
    theme: String,
    filter: Filter,
}

impl LookStamp {
    fn new(workspace: &Workspace, theme: &Theme, filter: &Filter) -> Self {
        Self {
            revision: workspace.revision(),
            theme: theme.name.clone(),
            filter: filter.clone(),
        }
    }
}

impl Looks {
    /// The looks of `workspace` in `theme`.
    pub fn new(workspace: &Workspace, theme: &Theme, filter: &Filter) -> Self {
        let mut looks = Vec::new();
        let mut of_tag = BTreeMap::new();
        for tag in workspace.set().tags.values() {
            if let Ok(place) = u16::try_from(looks.len()) {
                looks.push(theme.look(tag));
                of_tag.insert(tag.id.clone(), place);
            }
        }
        Self {
            looks,
            of_tag,
            plain: theme.plain_look(),
            tags: workspace.set().tags.clone(),
            stamp: LookStamp::new(workspace, theme, filter),
            revision: 0,
        }
    }

    /// Makes them anew when anything they depend on has changed; the revision counts up then.
    pub fn refresh(&mut self, workspace: &Workspace, theme: &Theme, filter: &Filter) {
        let is_same = self.stamp.revision == workspace.revision()
            && self.stamp.theme == theme.name
            && self.stamp.filter == *filter;
        if !is_same {
            self.renew(workspace, theme, filter);
        }
    }

    /// Makes them anew in any case: for another workspace whose revision may be the same number.
    pub fn renew(&mut self, workspace: &Workspace, theme: &Theme, filter: &Filter) {
        let revision = self.revision + 1;
        // Most edits change no tag: of ten thousand looks none is made anew then.
        let has_same_looks =
            self.tags.ptr_eq(&workspace.set().tags) && self.stamp.theme == theme.name;
        if has_same_looks {
            self.stamp = LookStamp::new(workspace, theme, filter);
        } else {
            *self = Self::new(workspace, theme, filter);
        }
        self.revision = revision;
    }

    /// The look of a tag, if it has a record.
    pub fn of(&self, tag: &TagId) -> Option<&Look> {
        self.looks.get(usize::from(*self.of_tag.get(tag)?))
    }

    /// The look of a highlight without tag.
    pub fn plain(&self) -> &Look {
        &self.plain
    }
}

/// Most looks of one mark that are painted: with more, lines and bars lie over each other.
const MAX_LOOKS: usize = 16;

/// What the pane is shown of one article.
pub struct ArticleDecorations<'a> {
    /// Records and places.
    pub workspace: &'a Workspace,
    /// Their looks.
    pub looks: &'a Looks,
    /// Which of them.
    pub filter: &'a Filter,
}

impl Decorations for ArticleDecorations<'_> {
    fn touching(&self, range: TextRange, out: &mut Vec<Decoration>) {
        let set = self.workspace.set();
        for mark in self.workspace.marks().index().touching(range) {
            let Some(annotation) = set.annotations.get(&mark.id) else {
                continue;
            };
            if !self.filter.shows(annotation) {
                continue;
            }
            let looks = annotation
                .tags
                .iter()
                .filter(|tag| self.filter.shows_tag(tag))
                .filter_map(|tag| self.looks.of_tag.get(tag).copied())
                .take(MAX_LOOKS)
                .collect();
            out.push(Decoration {
                key: key_of(mark.id),
                segment: mark.segment,
                range: mark.range,
                looks,
            });
        }
    }

    fn looks(&self) -> &[Look] {
        &self.looks.looks
    }

    fn revision(&self) -> u64 {
        self.looks.revision
    }

    fn plain(&self) -> &Look {
        &self.looks.plain
    }
}

/// Most ticks down the height of the map.
const N_BUCKETS: usize = 2_048;
/// Columns of the map.
const N_COLUMNS: usize = 8;

/// How many annotations begin in each part of the article, by tag: enough to paint the map, and kept up to date
/// edit by edit, so that a hundred thousand annotations cost nothing.
#[derive(Clone, Debug, Default)]
pub struct TagMap {
    bucket_bytes: usize,
    /// The bucket each annotation is counted in.
    bucket_of: HashMap<AnnotationId, u16>,
    /// Count by bucket for each tag; `None` is highlights without tag.
    counts: BTreeMap<Option<TagId>, BTreeMap<u16, u32>>,
    ticks: Vec<MapTick>,
    painted: Option<(u64, Filter)>,
}

impl TagMap {
    /// Counts all of `set`; one pass.
    pub fn new(set: &AnnotationSet, marks: &Marks) -> Self {
        let mut map = Self {
            bucket_bytes: (marks.text().len() / N_BUCKETS).max(1),
            ..Self::default()
        };
        for mark in marks.order().iter() {
            if let Some(annotation) = set.annotations.get(&mark.id) {
                map.add(annotation, mark.range.start());
            }
        }
        map
    }

    /// Follows a change that has just been carried out.
    pub fn follow(&mut self, change: &Change, marks: &Marks) {
        for slot in change.annotations() {
            if let Some(before) = &slot.before {
                self.remove(before);
            }
            if let Some(after) = &slot.after
                && let Some(mark) = marks.order_mark(after.id)
            {
                self.add(after, mark.range.start());
            }
        }
    }

    fn add(&mut self, annotation: &Annotation, at: ByteOffset) {
        let bucket = u16::try_from(at.get() / self.bucket_bytes.max(1)).unwrap_or(u16::MAX);
        self.bucket_of.insert(annotation.id, bucket);
        for tag in tags_or_none(annotation) {
            *self
                .counts
                .entry(tag)
                .or_default()
                .entry(bucket)
                .or_default() += 1;
        }
    }

    fn remove(&mut self, annotation: &Annotation) {
        let Some(bucket) = self.bucket_of.remove(&annotation.id) else {
            return;
        };
        for tag in tags_or_none(annotation) {
            let Some(counts) = self.counts.get_mut(&tag) else {
                continue;
            };
            if let Some(count) = counts.get_mut(&bucket) {
                *count -= 1;
                if *count == 0 {
                    counts.remove(&bucket);
                }
            }
        }
    }

    /// The ticks in text order, made anew only when `looks` have changed. `tags` are all in their order.
    pub fn ticks(&mut self, tags: &[Arc<Tag>], looks: &Looks, filter: &Filter) -> &[MapTick] {
        let stamp = (looks.revision, filter.clone());
        if self.painted.as_ref() != Some(&stamp) {
            self.ticks = self.paint(tags, looks, filter);
            self.painted = Some(stamp);
        }
        &self.ticks
    }

    fn paint(&self, tags: &[Arc<Tag>], looks: &Looks, filter: &Filter) -> Vec<MapTick> {
        let mut ticks = Vec::new();
        let mut column = |tag: Option<&TagId>, place: usize| {
            let Some(counts) = self.counts.get(&tag.cloned()) else {
                return;
            };
            let look = tag
                .and_then(|tag| looks.of_tag.get(tag))
                .and_then(|at| looks.looks.get(usize::from(*at)));
            let ink = look.unwrap_or(&looks.plain).ink;
            ticks.extend(counts.keys().map(|bucket| MapTick {
                offset: ByteOffset::new(usize::from(*bucket) * self.bucket_bytes),
                column: u8::try_from(place % N_COLUMNS).unwrap_or(0),
                ink,
            }));
        };
        for (place, tag) in tags.iter().take(MAX_NAMED_RECORDS).enumerate() {
            let is_shown = filter.only.as_ref().is_none_or(|only| *only == tag.id);
            if is_shown && filter.shows_tag(&tag.id) {
                column(Some(&tag.id), place);
            }
        }
        if filter.only.is_none() {
            column(None, 0);
        }
        ticks.sort_by_key(|tick| (tick.offset, tick.column));
        ticks
    }
}

fn tags_or_none(annotation: &Annotation) -> Vec<Option<TagId>> {
    if annotation.tags.is_empty() {
        vec![None]
    } else {
        annotation.tags.iter().cloned().map(Some).collect()
    }
}
