//! Which annotator marked what in which article: files brought together.
//!
//! A *layer* is what one annotator marked in one article; annotations are distinguished by their creator, whether
//! they come in one file or in several, or each file is taken for one annotator's ([`Who`]). Files whose annotated text
//! is the same, to the last character, belong to one article. A file that is alone with its text is put together with
//! others that are alone and annotate an article of the same name: an article that was changed in between.

use super::AgreementError;
use crate::{
    annotation::{Annotation, AnnotationId, AnnotationSet, Footprint, Marks, TagId},
    text::{CharOffset, EditionId, LineCol, SourceText},
};
use std::collections::{BTreeMap, BTreeSet};

/// One annotation file, with the text it refers to if that is available.
#[derive(Clone, Debug)]
pub struct LayerFile {
    /// Name of the folder it is in, to distinguish two annotators of one name.
    pub folder: String,
    /// What to call it in messages.
    pub label: String,
    /// The records of the file.
    pub set: AnnotationSet,
    /// The article beside it, or the text in it. It may be another wording than the annotated one.
    pub text: Option<SourceText>,
}

/// Who an annotator is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Who {
    /// The creator of an annotation. One annotation in several files is one, as in the first of them.
    #[default]
    Creator,
    /// Each file is one annotator's work, whoever began the annotations in it: when many correct copies of one file.
    File,
}

/// A tag that is compared; passages without any are compared under a tag without an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagName {
    /// Its id; `None` for passages without a tag.
    pub id: Option<TagId>,
    /// The name of the tag.
    pub name: String,
}

/// One annotation as it is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    /// The annotation.
    pub id: AnnotationId,
    /// The code points it covers.
    pub footprint: Footprint,
    /// Its tags as indexes into [`Corpus::tags`], sorted; at least one.
    pub tags: Vec<usize>,
    /// Its wording.
    pub quote: String,
    /// Its attributes.
    pub attributes: BTreeMap<String, String>,
}

/// One article with its layers.
#[derive(Clone, Debug)]
pub struct ArticleLayers {
    /// Name of its file.
    pub name: String,
    /// Length in code points.
    pub length: usize,
    /// Its text, if it is available.
    pub text: Option<SourceText>,
    /// For each annotator what was marked, in reading order; `None` for who did not annotate this article.
    pub layers: Vec<Option<Vec<Passage>>>,
}

/// An annotation that is not compared because its place is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unplaced {
    /// Index of the article.
    pub article: usize,
    /// Index of the annotator.
    pub annotator: usize,
    /// The annotation.
    pub id: AnnotationId,
    /// Its wording.
    pub quote: String,
    /// The result of the search for it: `ambiguous`, `orphan`, or `empty` for one that covers no character.
    pub why: &'static str,
}

/// All layers of all articles.
#[derive(Clone, Debug)]
pub struct Corpus {
    /// The annotators' names, in order. Two of one name are distinguished by folder or file.
    pub annotators: Vec<String>,
    /// The tags in use, by id, the one for "no tag" last.
    pub tags: Vec<TagName>,
    /// The articles by name.
    pub articles: Vec<ArticleLayers>,
    /// Annotations whose place is unknown.
    pub unplaced: Vec<Unplaced>,
    /// Articles of which some annotations were searched for in another wording than they were made on.
    pub re_anchored: Vec<String>,
    /// Annotations that are in several files with other tags or another wording, of which only those in the first
    /// file are compared: somebody has changed them in a copy.
    pub n_differing: usize,
}

impl Corpus {
    /// Brings files together. `wanted` keeps only passages with one of these tags, and only these tags on them;
    /// empty keeps everything.
    ///
    /// # Errors
    /// [`AgreementError::EditionsDiffer`] when places cannot be compared,
    /// [`AgreementError::NobodyToCompare`] unless two annotated one article.
    pub fn new(files: &[LayerFile], wanted: &[TagId], who: Who) -> Result<Self, AgreementError> {
        let mut ordered: Vec<&LayerFile> = files.iter().collect();
        ordered.sort_by_key(|file| {
            (
                &file.set.article.file_name,
                file.set.article.edition,
                &file.label,
            )
        });
        let groups = groups(&ordered);
        let names = Names::new(&groups, who);
        let tags = tags_in_use(&ordered, wanted);
        let mut corpus = Self {
            annotators: names.all(&groups),
            tags,
            articles: Vec::new(),
            unplaced: Vec::new(),
            re_anchored: Vec::new(),
            n_differing: 0,
        };
        for group in &groups {
            let text = text_of(group)?;
            corpus.add_article(group, text, &Whose::Names(&names));
        }
        let shared = |article: &ArticleLayers| article.layers.iter().flatten().count() > 1;
        if !corpus.articles.iter().any(shared) {
            return Err(AgreementError::NobodyToCompare {
                annotators: corpus.annotators,
                n_files: files.len(),
            });
        }
        Ok(corpus)
    }

    /// Adds the article of the files of `group`, compared on `text`, or by their stored places.
    pub(super) fn add_article(
        &mut self,
        group: &[&LayerFile],
        text: Option<SourceText>,
        whose: &Whose<'_>,
    ) {
        let Some(first) = group.first() else {
            return;
        };
        let article = self.articles.len();
        let length = text
            .as_ref()
            .map_or(first.set.article.n_chars, SourceText::n_chars);
        let mut layers: Vec<Option<Vec<Passage>>> = vec![None; self.annotators.len()];
        let mut seen: BTreeMap<AnnotationId, &Annotation> = BTreeMap::new();
        let mut differing = BTreeSet::new();
        for (number, file) in group.iter().enumerate() {
            if text
                .as_ref()
                .is_some_and(|text| text.edition() != file.set.article.edition)
            {
                self.re_anchored.push(file.label.clone());
            }
            let marks = text
                .as_ref()
                .and_then(|text| Marks::find(text, &file.set, &|| true));
            for annotator in whose.present(&self.annotators, number, file) {
                if let Some(layer) = layers.get_mut(annotator) {
                    layer.get_or_insert_default();
                }
            }
            for annotation in file.set.annotations.values() {
                if whose.one_in_all_files() {
                    if let Some(first) = seen.get(&annotation.id) {
                        if first.tags != annotation.tags || first.quote() != annotation.quote() {
                            differing.insert(annotation.id);
                        }
                        continue;
                    }
                    seen.insert(annotation.id, annotation);
                }
                let made_by = whose.made_by(&self.annotators, number, file, annotation);
                let Some((annotator, layer)) =
                    made_by.and_then(|idx| Some((idx, layers.get_mut(idx)?)))
                else {
                    continue;
                };
                let Some(tags) = self.tags_of(annotation) else {
                    continue;
                };
                match place(annotation, marks.as_ref(), length) {
                    Ok(footprint) => layer.get_or_insert_default().push(Passage {
                        id: annotation.id,
                        footprint,
                        tags,
                        quote: annotation.quote(),
                        attributes: annotation.attributes.clone(),
                    }),
                    Err(why) => self.unplaced.push(Unplaced {
                        article,
                        annotator,
                        id: annotation.id,
                        quote: annotation.quote(),
                        why,
                    }),
                }
            }
        }
        self.n_differing += differing.len();
        for layer in layers.iter_mut().flatten() {
            layer.sort_by_key(|passage| {
                let cover = passage.footprint.cover();
                (cover.start, cover.end, passage.id)
            });
        }
        self.articles.push(ArticleLayers {
            name: first.set.article.file_name.clone(),
            length,
            text,
            layers,
        });
    }

    /// Returns the tags of an annotation that are compared; `None` when it has others alone.
    fn tags_of(&self, annotation: &Annotation) -> Option<Vec<usize>> {
        let position = |id: Option<&TagId>| self.tags.iter().position(|tag| tag.id.as_ref() == id);
        let tags: Vec<usize> = if annotation.tags.is_empty() {
            position(None).into_iter().collect()
        } else {
            annotation
                .tags
                .iter()
                .filter_map(|tag| position(Some(tag)))
                .collect()
        };
        (!tags.is_empty()).then_some(tags)
    }

    /// Returns the articles that both (or all) of `annotators` annotated.
    pub fn shared_by(&self, annotators: &[usize]) -> impl Iterator<Item = (usize, &ArticleLayers)> {
        let annotators = annotators.to_vec();
        let articles = self.articles.iter().enumerate();
        articles.filter(move |(_, article)| {
            annotators
                .iter()
                .all(|annotator| article.layer(*annotator).is_some())
        })
    }
}

impl ArticleLayers {
    /// Returns what `annotator` marked, if that one annotated this article.
    pub fn layer(&self, annotator: usize) -> Option<&[Passage]> {
        self.layers.get(annotator)?.as_deref()
    }

    /// Returns line and column of a code point, as the window shows them for the caret; `None` when the text is not at
    /// hand.
    pub fn line_col(&self, at: usize) -> Option<LineCol> {
        let text = self.text.as_ref()?;
        let offset = text.to_byte(CharOffset::new(at)).ok()?;
        Some(text.line_col(offset))
    }
}

/// Whose annotations the files of a group hold.
pub(super) enum Whose<'a> {
    /// As these names say.
    Names(&'a Names),
    /// Each file is the work of the annotator with this index.
    Files(&'a [usize]),
}

impl Whose<'_> {
    /// Indexes of those who annotated in the file of this number in its group.
    fn present(&self, annotators: &[String], number: usize, file: &LayerFile) -> Vec<usize> {
        match self {
            Self::Names(names) => {
                let present = names.present(file).into_iter();
                present
                    .filter_map(|name| annotators.binary_search(&name).ok())
                    .collect()
            }
            Self::Files(indexes) => indexes.get(number).copied().into_iter().collect(),
        }
    }

    fn made_by(
        &self,
        annotators: &[String],
        number: usize,
        file: &LayerFile,
        annotation: &Annotation,
    ) -> Option<usize> {
        match self {
            Self::Names(names) => annotators.binary_search(&names.of(file, annotation)).ok(),
            Self::Files(indexes) => indexes.get(number).copied(),
        }
    }

    /// Returns whether an annotation that is in several files is one annotation.
    fn one_in_all_files(&self) -> bool {
        matches!(self, Self::Names(names) if names.who == Who::Creator)
    }
}

/// Files by article.
fn groups<'a>(files: &[&'a LayerFile]) -> Vec<Vec<&'a LayerFile>> {
    let mut by_edition: BTreeMap<(&str, EditionId), Vec<&LayerFile>> = BTreeMap::new();
    let mut name_of: BTreeMap<EditionId, &str> = BTreeMap::new();
    for file in files {
        let article = &file.set.article;
        // One text under two names is one article, under the name that comes first.
        let name = *name_of.entry(article.edition).or_insert(&article.file_name);
        by_edition
            .entry((name, article.edition))
            .or_default()
            .push(file);
    }
    let mut groups: Vec<Vec<&LayerFile>> = Vec::new();
    let mut alone: BTreeMap<&str, Vec<&LayerFile>> = BTreeMap::new();
    for ((name, _), group) in by_edition {
        let annotators: BTreeSet<String> = group.iter().flat_map(|file| present(file)).collect();
        if annotators.len() > 1 || group.len() > 1 {
            groups.push(group);
        } else {
            alone.entry(name).or_default().extend(group);
        }
    }
    groups.extend(alone.into_values());
    groups.sort_by_key(|group| {
        group
            .first()
            .map(|file| (&file.set.article.file_name, file.set.article.edition))
    });
    groups
}

/// Returns the text that the files of one article are compared on; `None` when their stored places can be compared as
/// they are.
pub(super) fn text_of(group: &[&LayerFile]) -> Result<Option<SourceText>, AgreementError> {
    let editions: BTreeSet<EditionId> = group.iter().map(|file| file.set.article.edition).collect();
    let n_files = |text: &SourceText| {
        let same = group
            .iter()
            .filter(|file| file.set.article.edition == text.edition());
        same.count()
    };
    let texts = group.iter().filter_map(|file| file.text.as_ref());
    let best = texts.max_by_key(|text| (n_files(text), text.edition()));
    match best {
        // On the wording they were all made on, stored places are better than a search in another one.
        Some(text) if editions.len() == 1 && n_files(text) == 0 => Ok(None),
        Some(text) => Ok(Some(text.clone())),
        None if editions.len() == 1 => Ok(None),
        None => Err(AgreementError::EditionsDiffer {
            article: group
                .first()
                .map_or(String::new(), |file| file.set.article.file_name.clone()),
            files: group.iter().map(|file| file.label.clone()).collect(),
        }),
    }
}

/// Returns where an annotation is, in code points.
fn place(
    annotation: &Annotation,
    marks: Option<&Marks>,
    length: usize,
) -> Result<Footprint, &'static str> {
    let Some(marks) = marks else {
        let stored = annotation.segments.iter().map(|segment| {
            let (start, end) = (segment.position.start.get(), segment.position.end.get());
            (start <= end && end <= length).then_some(start..end)
        });
        let stretches: Vec<_> = stored.collect::<Option<_>>().ok_or("orphan")?;
        return not_empty(Footprint::new(stretches));
    };
    let placement = marks.placement(annotation.id).ok_or("orphan")?;
    if !placement.is_whole() {
        return Err(placement.word());
    }
    let char = |offset| marks.text().to_char(offset).map(CharOffset::get);
    let stretches = placement
        .ranges()
        .map(|(_, range)| Ok(char(range.start())?..char(range.end())?));
    let stretches: Vec<_> = stretches
        .collect::<Result<_, crate::text::TextError>>()
        .map_err(|_| "orphan")?;
    not_empty(Footprint::new(stretches))
}

fn not_empty(footprint: Footprint) -> Result<Footprint, &'static str> {
    if footprint.is_empty() {
        Err("empty")
    } else {
        Ok(footprint)
    }
}

pub(super) fn tags_in_use(files: &[&LayerFile], wanted: &[TagId]) -> Vec<TagName> {
    let mut names: BTreeMap<TagId, String> = BTreeMap::new();
    let mut untagged = false;
    for file in files {
        for annotation in file.set.annotations.values() {
            untagged |= annotation.tags.is_empty();
            for tag in &annotation.tags {
                if wanted.is_empty() || wanted.contains(tag) {
                    let name = || file.set.tag_name(tag).to_owned();
                    names.entry(tag.clone()).or_insert_with(name);
                }
            }
        }
    }
    let mut tags: Vec<TagName> = names
        .into_iter()
        .map(|(id, name)| TagName { id: Some(id), name })
        .collect();
    if untagged && wanted.is_empty() {
        tags.push(TagName {
            id: None,
            name: "(no tag)".to_owned(),
        });
    }
    tags
}

/// Returns the name of who made an annotation, as its file gives it.
fn creator(file: &LayerFile, annotation: &Annotation) -> String {
    let agent = file.set.agents.get(&annotation.creator);
    let name = agent.map_or("", |agent| agent.name.trim());
    if name.is_empty() {
        annotation.creator.to_string()
    } else {
        name.to_owned()
    }
}

/// Returns who annotated the article of a file: the creators of its annotations. The only agent of a file without any
/// annotation read the article and found nothing.
pub(super) fn present(file: &LayerFile) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = file
        .set
        .annotations
        .values()
        .map(|annotation| creator(file, annotation))
        .collect();
    if names.is_empty() && file.set.agents.len() == 1 {
        let agent = file.set.agents.values().next();
        names.extend(
            agent
                .map(|agent| agent.name.trim().to_owned())
                .filter(|name| !name.is_empty()),
        );
    }
    names
}

/// What annotators are called, and what distinguishes two of one name.
pub(super) struct Names {
    who: Who,
    /// Whether files of one article are always in different folders.
    by_folder: bool,
    /// Names that two files of one article use for different people, and whether their folders distinguish them.
    shared: BTreeMap<String, bool>,
}

impl Names {
    /// Finds the names that are shared. A name is shared when two files of one article hold annotations under it and
    /// have none of them in common: nobody annotates one article in two files.
    fn new(groups: &[Vec<&LayerFile>], who: Who) -> Self {
        let by_folder = groups.iter().all(|group| {
            let folders: BTreeSet<&str> = group.iter().map(|file| file.folder.as_str()).collect();
            folders.len() == group.len()
        });
        let mut shared: BTreeMap<String, bool> = BTreeMap::new();
        for group in groups {
            for (idx, one) in group.iter().enumerate() {
                for other in &group[idx + 1..] {
                    for name in present(one).intersection(&present(other)) {
                        let (a, b) = (ids_of(one, name), ids_of(other, name));
                        if a.is_disjoint(&b) {
                            *shared.entry(name.clone()).or_insert(true) &=
                                one.folder != other.folder;
                        }
                    }
                }
            }
        }
        Self {
            who,
            by_folder,
            shared,
        }
    }

    fn label(&self, file: &LayerFile, name: String) -> String {
        match self.shared.get(&name) {
            None => name,
            Some(true) => format!("{name} ({})", file.folder),
            Some(false) => format!("{name} ({})", file.label),
        }
    }

    fn of(&self, file: &LayerFile, annotation: &Annotation) -> String {
        match self.who {
            Who::Creator => self.label(file, creator(file, annotation)),
            Who::File => self.of_file(file),
        }
    }

    fn of_file(&self, file: &LayerFile) -> String {
        match self.by_folder {
            true => file.folder.clone(),
            false => file.label.clone(),
        }
    }

    fn present(&self, file: &LayerFile) -> BTreeSet<String> {
        if self.who == Who::File {
            return BTreeSet::from([self.of_file(file)]);
        }
        present(file)
            .into_iter()
            .map(|name| self.label(file, name))
            .collect()
    }

    fn all(&self, groups: &[Vec<&LayerFile>]) -> Vec<String> {
        let names: BTreeSet<String> = groups
            .iter()
            .flatten()
            .flat_map(|file| self.present(file))
            .collect();
        names.into_iter().collect()
    }
}

fn ids_of(file: &LayerFile, name: &str) -> BTreeSet<AnnotationId> {
    let annotations = file.set.annotations.values();
    let own = annotations.filter(|annotation| creator(file, annotation) == name);
    own.map(|annotation| annotation.id).collect()
}
