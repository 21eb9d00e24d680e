//! The tags of an article in the order people see them: sorted once for each change, shown row by row.
//!
//! A file may have ten thousand tags, and one of an earlier version a million. Nothing here is worked out for all of
//! them in a frame.

use crate::{
    annotation::{AnnotationSet, MAX_NAMED_RECORDS, Tag, TagId},
    app::{
        base::{short, theme::Theme, widgets::TagRow},
        session::article::OpenArticle,
    },
};
use imbl::{OrdMap, ordmap::DiffItem};
use std::sync::Arc;

/// Most tags in a menu, a bar or a page of help. All of them are in the list of tags, and found by name in the palette.
pub const MAX_IN_MENU: usize = 40;
/// Most changes that are followed one by one; with more, all are sorted anew.
const MAX_FOLLOWED: usize = 64;

/// The tags of a set in the order people see them, as of the last [`refresh`](Self::refresh).
#[derive(Clone, Debug, Default)]
pub struct TagOrder {
    records: OrdMap<TagId, Arc<Tag>>,
    order: Vec<Arc<Tag>>,
}

impl TagOrder {
    /// Sorts the tags of `set`.
    pub fn new(set: &AnnotationSet) -> Self {
        let order = if is_crowded(set) {
            // Sorting a million names takes a second and a hundred megabytes: those with a key come first, and that is all.
            let (mut order, others): (Vec<_>, Vec<_>) = set
                .tags
                .values()
                .cloned()
                .partition(|tag| tag.key.is_some());
            order.extend(others);
            order
        } else {
            set.tags_in_order()
        };
        Self {
            records: set.tags.clone(),
            order,
        }
    }

    /// Follows `set`. Costs one comparison when no tag has changed.
    pub fn refresh(&mut self, set: &AnnotationSet) {
        if self.records.ptr_eq(&set.tags) {
            return;
        }
        let was_crowded = self.order.len() > MAX_NAMED_RECORDS;
        let changes: Vec<_> = self.records.diff(&set.tags).take(MAX_FOLLOWED).collect();
        let is_cheap_to_sort = self.order.len() < MAX_FOLLOWED;
        if changes.len() == MAX_FOLLOWED || is_cheap_to_sort || was_crowded || is_crowded(set) {
            *self = Self::new(set);
            return;
        }
        for change in changes {
            let (old, new) = match change {
                DiffItem::Add(_, new) => (None, Some(new)),
                DiffItem::Update { old, new } => (Some(old.1), Some(new.1)),
                DiffItem::Remove(_, old) => (Some(old), None),
            };
            if let Some(old) = old
                && let Ok(at) = self
                    .order
                    .binary_search_by(|tag| tag.place().cmp(&old.place()))
            {
                self.order.remove(at);
            }
            if let Some(new) = new {
                let place = new.place();
                let at = self.order.partition_point(|tag| tag.place() < place);
                self.order.insert(at, Arc::clone(new));
            }
        }
        self.records = set.tags.clone();
    }

    /// The tags.
    pub fn all(&self) -> &[Arc<Tag>] {
        &self.order
    }
}

/// Whether there are more tags than anybody needs.
fn is_crowded(set: &AnnotationSet) -> bool {
    set.tags.len() > MAX_NAMED_RECORDS
}

/// The tags of one article with all that panels show of them, made row by row.
#[derive(Clone, Copy)]
pub struct Tags<'a> {
    article: &'a OpenArticle,
    theme: &'a Theme,
}

impl<'a> Tags<'a> {
    /// The tags of `article`.
    pub fn new(article: &'a OpenArticle, theme: &'a Theme) -> Self {
        Self { article, theme }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.article.tags.all().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The tags as recorded.
    pub fn all(&self) -> &'a [Arc<Tag>] {
        self.article.tags.all()
    }

    /// The row at `idx`.
    pub fn row(&self, idx: usize) -> Option<TagRow> {
        self.article.tags.all().get(idx).map(|tag| self.made(tag))
    }

    /// The row of the tag called `id`; `None` when it has no record.
    pub fn of(&self, id: &TagId) -> Option<TagRow> {
        let tag = self.article.workspace.set().tag(id)?;
        Some(self.made(tag))
    }

    /// When to use the tag called `id`, all of it.
    pub fn guideline(&self, id: &TagId) -> Option<&'a str> {
        let tag = self.article.workspace.set().tag(id)?;
        Some(tag.guideline.as_str())
    }

    /// The first rows, as many as fit a menu.
    pub fn first(&self) -> Vec<TagRow> {
        let tags = self.article.tags.all().iter().take(MAX_IN_MENU);
        tags.map(|tag| self.made(tag)).collect()
    }

    fn made(&self, tag: &Tag) -> TagRow {
        let article = self.article;
        let marks = article.workspace.marks();
        let (filter, warning) = (&article.filter, article.names.tag(&tag.id));
        TagRow {
            id: tag.id.clone(),
            name: short::name(&tag.name).into_owned(),
            warning: warning.map(str::to_owned),
            key: tag.key,
            look: self.theme.look(tag),
            n_annotations: marks.n_tagged(&tag.id),
            guideline: short::page(&tag.guideline).into_owned(),
            is_shown: filter.shows_tag(&tag.id),
            is_only: filter.only.as_ref() == Some(&tag.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        annotation::{Article, Kept, Pattern, Rgb8},
        text::SourceText,
    };

    fn tag(id: &str, name: &str, key: Option<char>) -> Arc<Tag> {
        Arc::new(Tag {
            id: TagId::parse(id).unwrap(),
            name: name.to_owned(),
            colour: Rgb8 {
                red: 1,
                green: 2,
                blue: 3,
            },
            pattern: Pattern::Solid,
            key,
            guideline: String::new(),
            kept: Kept::default(),
        })
    }

    proptest::proptest! {
        #[test]
        fn following_and_sorting_come_to_the_same(
            steps in proptest::collection::vec((0u32..150, "[abAB]{0,3}", proptest::option::of("[0-9]")), 1..40),
        ) {
            let text = SourceText::new("He denied it.".to_owned()).unwrap();
            let mut set = AnnotationSet::new(Article::unread(&text, "a.txt", "UTF-8"));
            for n in 0..100 {
                let made = tag(&format!("t{n}"), &format!("n{}", n % 7), None);
                set.tags.insert(made.id.clone(), made);
            }
            let mut order = TagOrder::new(&set);
            for (n, name, key) in steps {
                let key = key.and_then(|key| key.chars().next());
                let made = tag(&format!("t{n}"), &name, key);
                if name.is_empty() {
                    set.tags.remove(&made.id);
                } else {
                    set.tags.insert(made.id.clone(), made);
                }
                order.refresh(&set);
                proptest::prop_assert_eq!(order.all(), &set.tags_in_order()[..]);
            }
        }
    }
}
