//! Merging annotation files: their maps of records, their article, and what leads from one to the other.

use super::{
    Note,
    ledger::Ledger,
    merge::{Mergeable, Sides},
    reanchor, table,
};
use crate::{
    annotation::{
        AgentId, Aliases, Annotation, AnnotationId, AnnotationSet, Article, Decision, Kept, Link,
        LinkId, Record, RecordRef, Records, TagId, kept_fields, kept_of, redirect, twins,
    },
    text::SourceText,
};
use imbl::OrdMap;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

impl Mergeable for AnnotationSet {
    fn prepare(sides: &mut Sides<'_, Self>, texts: &[SourceText]) -> Vec<Note> {
        reanchor::to_one_text(sides, texts)
    }

    fn merge_records(&self, ledger: &mut Ledger<'_>, base: Option<&Self>, sides: &[&Self]) -> Self {
        macro_rules! table {
            ($field:ident) => {{
                let maps: Vec<_> = sides.iter().map(|side| &side.$field).collect();
                table::merge(ledger, base.map(|base| &base.$field), &maps)
            }};
        }
        let merged = Self {
            article: merge_article(ledger, &self.article, base, sides),
            tags: table!(tags),
            agents: table!(agents),
            speakers: table!(speakers),
            claims: table!(claims),
            links: OrdMap::new(),
            annotations: OrdMap::new(),
            tombstones: OrdMap::new(),
            conflicts: OrdMap::new(),
            decisions: table!(decisions),
            kept: merge_kept(
                ledger,
                base.map(|base| &base.kept),
                &sides.iter().map(|side| &side.kept).collect::<Vec<_>>(),
            ),
        };
        let (annotations, links) = merge_led(ledger, &merged, base, sides);
        Self {
            annotations,
            links,
            ..merged
        }
    }

    fn keep_used(
        &mut self,
        ledger: &mut Ledger<'_>,
        base: Option<&Self>,
        sides: &[&Self],
    ) -> Vec<Note> {
        let mut notes = Vec::new();
        let (annotations, decisions) = (self.annotations.clone(), self.decisions.clone());
        macro_rules! keep {
            ($field:ident, $used:expr, $decided:expr) => {{
                let maps: Vec<_> = sides.iter().map(|side| &side.$field).collect();
                let used_by = |side: usize, id: &_| {
                    let side = sides.get(side);
                    side.is_some_and(|side| {
                        is_used(&side.annotations, id, $used)
                            || side.decisions.values().any(|it| $decided(it, id))
                    })
                };
                let used = |id: &_| {
                    is_used(&annotations, id, $used)
                        || decisions.values().any(|it| $decided(it, id))
                };
                for id in removed_in_use(&self.$field, &maps, &used, &used_by) {
                    let base = base.map(|base| &base.$field);
                    if let Some(record) = table::keep(ledger, base, &maps, &id) {
                        notes.push(Note::StillUsed(RecordRef::from(&id)));
                        self.$field.insert(id, record);
                    }
                }
            }};
        }
        keep!(
            tags,
            |annotation, tag| annotation.has_tag(tag),
            |decision: &Decision, tag: &TagId| {
                decision.marks.iter().any(|mark| mark.tags.contains(tag))
            }
        );
        keep!(
            speakers,
            |annotation, id| {
                let attribution = &annotation.attribution;
                attribution.speaker == Some(*id) || attribution.reported_by.contains(id)
            },
            |_: &Decision, _: &_| false
        );
        keep!(
            claims,
            |annotation, id| annotation.claims.iter().any(|stance| stance.claim == *id),
            |_: &Decision, _: &_| false
        );
        keep!(
            agents,
            |annotation, id| {
                let authors = annotation.comments.iter().map(|comment| comment.author);
                annotation.creator == *id
                    || annotation.also_by.contains(id)
                    || authors.into_iter().any(|author| author == *id)
            },
            |decision: &Decision, id: &AgentId| {
                decision.who == Some(*id) || decision.marks.iter().any(|mark| mark.creator == *id)
            }
        );
        notes
    }

    fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        for link in self.links.values() {
            for end in [link.from, link.to] {
                if !self.annotations.contains_key(&end) {
                    notes.push(Note::BrokenLink {
                        link: link.id,
                        missing: end,
                    });
                }
            }
        }
        notes.extend(twins(self).into_iter().map(Note::Twins));
        notes.extend(shared_keys(&self.tags));
        notes
    }
}

/// Merges the annotations and links, those of every side led to the records that another has made of two before. Only
/// `merged`, in which all else is merged, tells which aliases hold: a record that one side changed while another
/// made it one with a second is still there, and what refers to it goes on to do so.
fn merge_led(
    ledger: &mut Ledger<'_>,
    merged: &AnnotationSet,
    base: Option<&AnnotationSet>,
    sides: &[&AnnotationSet],
) -> (
    OrdMap<AnnotationId, Arc<Annotation>>,
    OrdMap<LinkId, Arc<Link>>,
) {
    let is_gone = |record: &RecordRef| merged.fields_of(record).is_none();
    let aliases = match ledger.layers {
        true => Aliases::default(),
        false => Aliases::of(sides.iter().copied(), is_gone),
    };
    let base = base.map(|base| redirect(base, &aliases));
    let sides: Vec<_> = sides.iter().map(|side| redirect(side, &aliases)).collect();
    macro_rules! table {
        ($field:ident) => {{
            let maps: Vec<_> = sides.iter().map(|side| &side.$field).collect();
            table::merge(ledger, base.as_ref().map(|base| &base.$field), &maps)
        }};
    }
    let links = table!(links);
    (table!(annotations), links)
}

fn merge_article(
    ledger: &mut Ledger<'_>,
    one: &Article,
    base: Option<&AnnotationSet>,
    sides: &[&AnnotationSet],
) -> Article {
    let parts: Vec<_> = sides
        .iter()
        .enumerate()
        .map(|(side, set)| (side, set.article.fields(), None))
        .collect();
    let base = base.map(|base| base.article.fields());
    let merged = table::merge_fields(ledger, &RecordRef::article(), base.as_ref(), &parts);
    // The fields come from articles, so they make one.
    one.with_fields(merged).unwrap_or_else(|_| one.clone())
}

/// Merges the file's own fields of a newer version.
pub(super) fn merge_kept(ledger: &mut Ledger<'_>, base: Option<&Kept>, sides: &[&Kept]) -> Kept {
    let parts: Vec<_> = sides
        .iter()
        .enumerate()
        .map(|(side, kept)| (side, kept_fields(kept), None))
        .collect();
    let base = base.map(kept_fields);
    let merged = table::merge_fields(ledger, &RecordRef::file(), base.as_ref(), &parts);
    kept_of(merged).unwrap_or_default()
}

fn is_used<I>(
    annotations: &OrdMap<AnnotationId, Arc<Annotation>>,
    id: &I,
    uses: impl Fn(&Annotation, &I) -> bool,
) -> bool {
    annotations.values().any(|annotation| uses(annotation, id))
}

/// The records that one side removed while another used them. A side that had removed what it used itself meant
/// it so.
fn removed_in_use<R: Record>(
    merged: &OrdMap<R::Id, Arc<R>>,
    sides: &[&OrdMap<R::Id, Arc<R>>],
    used: &dyn Fn(&R::Id) -> bool,
    used_by: &dyn Fn(usize, &R::Id) -> bool,
) -> Vec<R::Id> {
    let all: BTreeSet<&R::Id> = sides.iter().flat_map(|side| side.keys()).collect();
    let missing = all.into_iter().filter(|id| !merged.contains_key(*id));
    missing
        .filter(|id| {
            let mut sides = sides.iter().enumerate();
            used(id) && !sides.any(|(side, map)| !map.contains_key(*id) && used_by(side, id))
        })
        .cloned()
        .collect()
}

fn shared_keys(tags: &OrdMap<TagId, Arc<crate::annotation::Tag>>) -> Vec<Note> {
    let mut by_key: BTreeMap<char, BTreeSet<TagId>> = BTreeMap::new();
    for tag in tags.values() {
        if let Some(key) = tag.key {
            by_key.entry(key).or_default().insert(tag.id.clone());
        }
    }
    by_key
        .into_iter()
        .filter(|(_, tags)| tags.len() > 1)
        .map(|(key, tags)| Note::OneKey {
            key,
            tags: tags.into_iter().collect(),
        })
        .collect()
}
