//! Sides that were made on different wordings of the article: their passages are described in one wording
//! before they are compared, so that nobody seems to have moved what only stands elsewhere.

use super::{Note, merge::Sides, prose};
use crate::{
    anchor::{Origin, Remap, Selector, describe, resolve_all},
    annotation::{Annotation, AnnotationId, AnnotationSet, Article},
    text::{EditionId, SourceText, TextRange},
};
use imbl::OrdMap;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Brings all sides, and the base, to one wording: the one that only one side has, or what both have made of
/// the base's where the texts are at hand, with the words of the greatest by its hash where both have changed the
/// same; else the greatest by its hash, which is the one that the conflict about it shows.
///
/// A passage that is not found in it keeps what was recorded of it.
pub(super) fn to_one_text(sides: &mut Sides<'_, AnnotationSet>, texts: &[SourceText]) -> Vec<Note> {
    let named = sides.named.iter().map(|(_, set)| set.article.edition);
    let mut news: BTreeSet<EditionId> = named.collect();
    let base = sides.base.as_ref().map(|base| base.article.edition);
    if base.is_none_or(|base| news.contains(&base)) && news.len() == 1 {
        return Vec::new();
    }
    if let Some(base) = base {
        news.remove(&base);
    }
    let texts = texts_of(sides, texts);
    let embed = sides
        .named
        .iter()
        .any(|(_, set)| set.article.embedded_text.is_some());
    let mut notes = Vec::new();
    let merged = match woven_text(&texts, base, &news) {
        // The words that were not taken would be nowhere.
        Some((_, n_clashes)) if n_clashes > 0 && embed => None,
        Some((text, n_clashes)) => {
            if n_clashes > 0 {
                let of = sides
                    .named
                    .iter()
                    .max_by_key(|(_, set)| set.article.edition);
                notes.push(Note::Reworded {
                    n_clashes,
                    taken: of.map(|(name, _)| (*name).to_owned()).unwrap_or_default(),
                });
            }
            Some(text)
        }
        None => None,
    };
    let Some(target) = merged
        .as_ref()
        .map(SourceText::edition)
        .or(news.last().copied())
    else {
        return Vec::new();
    };
    let text = merged.as_ref().or_else(|| texts.get(&target));
    let reference = sides
        .named
        .iter()
        .max_by_key(|(_, set)| set.article.edition);
    let reference = reference.map(|(_, set)| set.article.edition);
    let mut moved: Vec<Moved> = Vec::new();
    for (name, set) in &mut sides.named {
        let one = Moved::new(set, target, &texts, text);
        if text.is_some() && set.article.edition != target {
            notes.push(Note::Reanchored {
                side: (*name).to_owned(),
                n_found: set.annotations.len() - one.not_found.len(),
                n_not_found: one.not_found.len(),
            });
        }
        moved.push(one);
    }
    if text.is_none() {
        notes.push(Note::OtherText);
    }
    let moved_base = sides
        .base
        .as_ref()
        .map(|base| Moved::new(base, target, &texts, text));
    let known = sides.named.iter().zip(&moved);
    let known = known.filter(|((_, set), _)| Some(set.article.edition) == reference);
    let known: Vec<Moved> = known.map(|(_, moved)| moved.clone()).collect();
    for ((_, set), moved) in sides.named.iter_mut().zip(moved) {
        set.annotations = moved.aligned(&known);
        if let Some(text) = &merged {
            set.article = rewritten(&set.article, text, embed);
        }
    }
    if let (Some(base), Some(moved)) = (&mut sides.base, moved_base) {
        base.annotations = moved.aligned(&known);
    }
    notes
}

/// The wordings that are at hand, those inside the files too.
fn texts_of(
    sides: &Sides<'_, AnnotationSet>,
    texts: &[SourceText],
) -> BTreeMap<EditionId, SourceText> {
    let sets = sides.named.iter().map(|(_, set)| set).chain(&sides.base);
    let embedded = sets
        .filter_map(|set| set.article.embedded_text.as_deref())
        .filter_map(|text| SourceText::new(text.to_owned()).ok());
    texts
        .iter()
        .cloned()
        .chain(embedded)
        .map(|text| (text.edition(), text))
        .collect()
}

/// What two new wordings make together, and in how many places they have changed the same.
fn woven_text(
    texts: &BTreeMap<EditionId, SourceText>,
    base: Option<EditionId>,
    news: &BTreeSet<EditionId>,
) -> Option<(SourceText, usize)> {
    let mut news = news.iter().map(|edition| texts.get(edition));
    let (Some(one), Some(greatest), None) = (news.next(), news.next(), news.next()) else {
        return None;
    };
    let base = texts.get(&base?)?;
    let woven = prose::weave_wordings(base.as_str(), greatest?.as_str(), one?.as_str())?;
    Some((SourceText::new(woven.text).ok()?, woven.n_clashes))
}

/// The article with another wording.
fn rewritten(article: &Article, text: &SourceText, embed: bool) -> Article {
    Article {
        edition: text.edition(),
        n_chars: text.n_chars(),
        n_bytes: text.len(),
        newline: text.newline(),
        embedded_text: embed.then(|| Arc::from(text.as_str())),
        ..article.clone()
    }
}

/// The annotations of one side, described in the common wording as far as they were found in it.
#[derive(Clone)]
struct Moved {
    annotations: OrdMap<AnnotationId, Arc<Annotation>>,
    not_found: BTreeSet<AnnotationId>,
}

impl Moved {
    fn new(
        set: &AnnotationSet,
        target: EditionId,
        texts: &BTreeMap<EditionId, SourceText>,
        text: Option<&SourceText>,
    ) -> Self {
        let annotations = set.annotations.clone();
        if set.article.edition == target {
            let not_found = BTreeSet::new();
            return Self {
                annotations,
                not_found,
            };
        }
        let Some(text) = text else {
            let not_found = annotations.keys().copied().collect();
            return Self {
                annotations,
                not_found,
            };
        };
        let mut moved = Self {
            annotations,
            not_found: BTreeSet::new(),
        };
        let segments: Vec<&Selector> = set
            .annotations
            .values()
            .flat_map(|annotation| &annotation.segments)
            .collect();
        let places = places(&segments, texts.get(&set.article.edition), text);
        let mut places = places.into_iter();
        for (id, annotation) in &set.annotations {
            let here: Vec<_> = places.by_ref().take(annotation.segments.len()).collect();
            let described: Option<Vec<Selector>> = here
                .into_iter()
                .map(|place| describe(text, place?).ok())
                .collect();
            match described {
                Some(segments) => {
                    let segments = segments.into_iter().zip(&annotation.segments);
                    let segments = segments.map(|(new, old)| Selector {
                        kept: old.kept.clone(),
                        ..new
                    });
                    let mut annotation = Annotation::clone(annotation);
                    annotation.segments = segments.collect();
                    moved.annotations.insert(*id, Arc::new(annotation));
                }
                None => {
                    moved.not_found.insert(*id);
                }
            }
        }
        moved
    }

    /// The annotations; one that was not found in the common wording, here or in `known`, and says the same in
    /// both, stands where it stands in `known`.
    fn aligned(self, known: &[Self]) -> OrdMap<AnnotationId, Arc<Annotation>> {
        let mut aligned = self.annotations.clone();
        for reference in known {
            let doubtful = self.not_found.union(&reference.not_found);
            for id in doubtful {
                let pair = self.annotations.get(id).zip(reference.annotations.get(id));
                let Some((here, there)) = pair else {
                    continue;
                };
                let quotes = |annotation: &Annotation| -> Vec<Box<str>> {
                    let segments = annotation.segments.iter();
                    segments
                        .map(|segment| segment.quote.exact.clone())
                        .collect()
                };
                if here.segments != there.segments && quotes(here) == quotes(there) {
                    let mut here = Annotation::clone(here);
                    here.segments.clone_from(&there.segments);
                    aligned.insert(*id, Arc::new(here));
                }
            }
        }
        aligned
    }
}

/// Where the passages stand in `text` beyond doubt. Where the wording they were made on is at hand, comparing the
/// two says so, and a passage in which something was changed is not looked for elsewhere: whoever opens the file
/// is shown where it may stand now. Else what they say is looked for.
fn places(
    segments: &[&Selector],
    old: Option<&SourceText>,
    text: &SourceText,
) -> Vec<Option<TextRange>> {
    let Some(old) = old else {
        // The search is never stopped.
        let found = resolve_all(text, Origin::Unknown, segments, &|_| true).unwrap_or_default();
        return found.iter().map(|resolution| resolution.range()).collect();
    };
    let remap = Remap::new(old, text);
    let place = |segment: &&Selector| {
        let start = old.to_byte(segment.position.start).ok()?;
        let end = old.to_byte(segment.position.end).ok()?;
        let range = TextRange::new(start, end);
        let exact = &*segment.quote.exact;
        let there = remap.map(range)?.range;
        let says_so = |text: &SourceText, range| text.slice_or_empty(range) == exact;
        (says_so(old, range) && says_so(text, there)).then_some(there)
    };
    segments.iter().map(place).collect()
}
