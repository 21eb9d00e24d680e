//! Pupils against a key: what each of them found, and which passages of the key a class missed.
//!
//! Passages are paired as [`compare`](super::compare) pairs them, each pupil's with the key's and with nobody
//! else's. So `right + edges + other_tag + missed` is the number of passages in the key, and each passage of the key
//! adds up in the same way over the pupils. No figure that knows chance is computed.

use super::{
    AgreementError, ArticleLayers, Confusion, Corpus, Difference, Disagreed, LayerFile, Who,
    compare::compare,
    layers::{Whose, present, tags_in_use, text_of},
};
use crate::{annotation::TagId, text::LineCol};
use std::collections::{BTreeMap, BTreeSet};

/// Index of the key among the annotators.
pub const KEY: usize = 0;

/// The name of the key among the annotators.
const KEY_NAME: &str = "the key";

/// A file that is not compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The name of the file.
    pub label: String,
    /// The article it is on.
    pub article: String,
    /// Why.
    pub why: LeftOutWhy,
}

/// Why a file is not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOutWhy {
    /// No key is on its article.
    NoKey,
    /// The file is on another edition than the key, and no text of the article is available to find its passages in.
    OtherWording,
}

/// Brings each key together with the pupils' files on its article. The key is annotator [`KEY`], the pupils follow
/// by name. Each file is one pupil's work, whoever began the annotations in it. With [`Who::Creator`] a pupil is
/// called by the one maker of the file's annotations where there is one who made none of a key, else, and with
/// [`Who::File`], by the folder; two of one name on one article are distinguished by folder or path.
///
/// A file belongs to the key on the same text; if there is none, to the one key on an article of the same name,
/// and its passages are searched for in the key's text. Files for which that cannot be are left out, and come second.
///
/// # Errors
/// [`AgreementError::TwoKeys`], and [`AgreementError::NobodyForKey`] when no file is on an article of a key.
pub fn with_key(
    keys: &[LayerFile],
    pupils: &[LayerFile],
    wanted: &[TagId],
    who: Who,
) -> Result<(Corpus, Vec<LeftOut>), AgreementError> {
    let mut keys: Vec<&LayerFile> = keys.iter().collect();
    keys.sort_by_key(|key| (&key.set.article.file_name, key.set.article.edition));
    two_keys(&keys)?;
    let mut pupils: Vec<&LayerFile> = pupils.iter().collect();
    pupils.sort_by_key(|file| &file.label);
    let mut of_key: Vec<Vec<&LayerFile>> = vec![Vec::new(); keys.len()];
    let mut left_out = Vec::new();
    for file in pupils {
        match key_of(&keys, file).and_then(|idx| of_key.get_mut(idx)) {
            Some(group) => group.push(file),
            None => left_out.push(left(file, LeftOutWhy::NoKey)),
        }
    }
    let mut groups = Vec::new();
    for (key, of_key) in keys.iter().zip(of_key) {
        let (text, others) = key_text(key, &of_key);
        let (kept, others): (Vec<_>, Vec<_>) = of_key
            .into_iter()
            .partition(|file| !others || is_on_same(file, key));
        let others = others.into_iter();
        left_out.extend(others.map(|file| left(file, LeftOutWhy::OtherWording)));
        groups.push((*key, kept, text));
    }
    let files: Vec<&LayerFile> = groups
        .iter()
        .flat_map(|(key, pupils, _)| [*key].into_iter().chain(pupils.iter().copied()))
        .collect();
    let names = pupil_names(&groups, who);
    let pupils: BTreeSet<&String> = names.values().collect();
    if pupils.is_empty() {
        return Err(AgreementError::NobodyForKey);
    }
    let index_of: BTreeMap<&String, usize> = pupils.iter().copied().zip(KEY + 1..).collect();
    let mut corpus = Corpus {
        annotators: [KEY_NAME.to_owned()]
            .into_iter()
            .chain(pupils.iter().map(|name| (*name).clone()))
            .collect(),
        tags: tags_in_use(&files, wanted),
        articles: Vec::new(),
        unplaced: Vec::new(),
        re_anchored: Vec::new(),
        n_differing: 0,
    };
    for (key, pupils, text) in groups {
        let group: Vec<&LayerFile> = [key].into_iter().chain(pupils).collect();
        let of_file = |file: &LayerFile| {
            let name = names.get(file.label.as_str())?;
            index_of.get(name).copied()
        };
        let whose: Vec<usize> = group
            .iter()
            .enumerate()
            .map(|(n, file)| match n {
                0 => KEY,
                _ => of_file(file).unwrap_or(usize::MAX),
            })
            .collect();
        corpus.add_article(&group, text, &Whose::Files(&whose));
    }
    left_out.sort_by(|a, b| a.label.cmp(&b.label));
    Ok((corpus, left_out))
}

fn left(file: &LayerFile, why: LeftOutWhy) -> LeftOut {
    LeftOut {
        label: file.label.clone(),
        article: file.set.article.file_name.clone(),
        why,
    }
}

fn two_keys(keys: &[&LayerFile]) -> Result<(), AgreementError> {
    let mut known: BTreeMap<_, &LayerFile> = BTreeMap::new();
    for key in keys {
        if let Some(other) = known.insert(key.set.article.edition, key) {
            return Err(AgreementError::TwoKeys {
                article: key.set.article.file_name.clone(),
                files: vec![other.label.clone(), key.label.clone()],
            });
        }
    }
    Ok(())
}

fn is_on_same(one: &LayerFile, other: &LayerFile) -> bool {
    one.set.article.edition == other.set.article.edition
}

/// Returns the index of the key that a file is compared with.
fn key_of(keys: &[&LayerFile], file: &LayerFile) -> Option<usize> {
    let same = keys.iter().position(|key| is_on_same(key, file));
    same.or_else(|| {
        let name = &file.set.article.file_name;
        let named = |key: &&LayerFile| key.set.article.file_name == *name;
        let mut found = keys.iter().enumerate().filter(|(_, key)| named(key));
        let (idx, _) = found.next()?;
        found.next().is_none().then_some(idx)
    })
}

/// Returns the text that the files of one article are compared on, and whether files on another wording than the key's
/// must be left out because no text is available.
fn key_text(key: &LayerFile, pupils: &[&LayerFile]) -> (Option<crate::text::SourceText>, bool) {
    let group: Vec<&LayerFile> = [key].into_iter().chain(pupils.iter().copied()).collect();
    let texts = group.iter().filter_map(|file| file.text.as_ref());
    let mut of_key = texts.filter(|text| text.edition() == key.set.article.edition);
    match (of_key.next(), text_of(&group)) {
        (Some(text), _) => (Some(text.clone()), false),
        (None, Ok(text)) => (text, false),
        (None, Err(_)) => (None, true),
    }
}

/// A key, the files on its article, and the text they are compared on.
type Group<'a> = (
    &'a LayerFile,
    Vec<&'a LayerFile>,
    Option<crate::text::SourceText>,
);

/// Returns what the pupil of each file is called, by the file's label.
fn pupil_names<'a>(groups: &[Group<'a>], who: Who) -> BTreeMap<&'a str, String> {
    let teachers: BTreeSet<String> = groups.iter().flat_map(|(key, ..)| present(key)).collect();
    let wish = |file: &LayerFile| -> String {
        let mut makers = present(file).into_iter();
        let only = makers.next().filter(|_| makers.next().is_none());
        let own = only.filter(|name| who == Who::Creator && !teachers.contains(name));
        own.unwrap_or_else(|| match file.folder.as_str() {
            "" => file.label.clone(),
            folder => folder.to_owned(),
        })
    };
    let with_folder = |file: &LayerFile| format!("{} ({})", wish(file), file.folder);
    let with_path = |file: &LayerFile| format!("{} ({})", wish(file), file.label);
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    let files = || {
        groups
            .iter()
            .flat_map(|(_, files, _)| files.iter().copied())
    };
    let by_name = shared(groups, &wish);
    let by_folder = shared(groups, &with_folder);
    for file in files() {
        let name = match (by_name.contains(&wish(file)), wish(file) == file.folder) {
            (false, _) => wish(file),
            (true, false) if !by_folder.contains(&with_folder(file)) => with_folder(file),
            (true, true) => file.label.clone(),
            (true, false) => with_path(file),
        };
        names.insert(&file.label, name);
    }
    names
}

/// Returns the names that two files on one article would have.
fn shared(groups: &[Group<'_>], name: &dyn Fn(&LayerFile) -> String) -> BTreeSet<String> {
    let mut shared = BTreeSet::new();
    for (_, files, _) in groups {
        let mut seen = BTreeSet::new();
        let names = files.iter().map(|file| name(file));
        shared.extend(names.filter(|name| !seen.insert(name.clone())));
    }
    shared
}

/// How many points what a pupil did is worth. The sum of a pupil is never below 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PointRule {
    /// A passage of the key on the same code points with the same tags.
    pub right: f64,
    /// With the same tags, and at least one code point in common.
    pub edges: f64,
    /// With other tags, and at least one code point in common.
    pub other_tag: f64,
    /// A passage of the key that was not marked.
    pub missed: f64,
    /// A mark on no passage of the key.
    pub extra: f64,
}

impl Default for PointRule {
    fn default() -> Self {
        Self {
            right: 1.0,
            edges: 0.5,
            other_tag: 0.0,
            missed: 0.0,
            extra: -0.5,
        }
    }
}

/// One pupil against the key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyScore {
    /// Index of the pupil.
    pub pupil: usize,
    /// Articles of the key that the pupil has no file on; nothing of them is counted.
    pub without: Vec<usize>,
    /// Passages of the key in the other articles: the sum of `right`, `edges`, `other_tag` and `missed`.
    pub n_key: usize,
    /// Passages of the key that were marked with the same edges and tags.
    pub right: usize,
    /// The same, marked with the same tags and other edges.
    pub edges: usize,
    /// The same, marked with other tags.
    pub other_tag: usize,
    /// Passages of the key that the pupil did not mark.
    pub missed: usize,
    /// Marks on no passage of the key.
    pub extra: usize,
}

impl KeyScore {
    /// Returns the points of the pupil.
    pub fn points(&self, rule: &PointRule) -> f64 {
        let sum = [
            (self.right, rule.right),
            (self.edges, rule.edges),
            (self.other_tag, rule.other_tag),
            (self.missed, rule.missed),
            (self.extra, rule.extra),
        ];
        let sum: f64 = sum.iter().map(|(n, points)| *n as f64 * points).sum();
        sum.max(0.0)
    }

    /// Returns the points of somebody who marked what the key has.
    pub fn best(&self, rule: &PointRule) -> f64 {
        self.n_key as f64 * rule.right
    }

    /// Points as a share of the best; `None` when the best is 0.
    pub fn share(&self, rule: &PointRule) -> Option<f64> {
        let best = self.best(rule);
        (best > 0.0).then(|| self.points(rule) / best)
    }
}

/// One passage of the key against all pupils who have a file on its article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPassage {
    /// Index of the article.
    pub article: usize,
    /// Index of the passage in the key's layer of that article.
    pub passage: usize,
    /// Where it begins: line and column, if the text is available.
    pub line_col: Option<LineCol>,
    /// Pupils: the sum of `right`, `edges`, `other_tag` and `missed`.
    pub n_pupils: usize,
    /// How many marked it with the same edges and tags.
    pub right: usize,
    /// The same, marked with the same tags and other edges.
    pub edges: usize,
    /// The same, marked with other tags.
    pub other_tag: usize,
    /// How many did not mark it.
    pub missed: usize,
    /// The other tags, with how many gave them.
    pub given: BTreeMap<Vec<usize>, usize>,
}

/// Everybody against the key.
#[derive(Clone, Debug)]
pub struct KeyReport {
    /// The corpus; annotator [`KEY`] is the key.
    pub corpus: Corpus,
    /// Each pupil, by name.
    pub scores: Vec<KeyScore>,
    /// Each passage of the key, by article and place.
    pub passages: Vec<KeyPassage>,
    /// What each pupil did otherwise than the key, by pupil, article and place; the key comes first in each.
    pub disagreements: Vec<Disagreed>,
    /// Which tags of the key met which of each pupil.
    pub confusions: Vec<Confusion>,
}

impl KeyReport {
    /// Compares each pupil with the key.
    pub fn of(corpus: Corpus) -> Self {
        let mut passages = passages_of(&corpus);
        let index: BTreeMap<(usize, usize), usize> = passages
            .iter()
            .enumerate()
            .map(|(idx, passage)| ((passage.article, passage.passage), idx))
            .collect();
        let mut scores = Vec::new();
        let mut disagreements = Vec::new();
        let mut confusions = Vec::new();
        for pupil in KEY + 1..corpus.annotators.len() {
            let compared = compare(&corpus, KEY, pupil);
            let counts = &compared.counts;
            let has_file = |article: &ArticleLayers| article.layer(pupil).is_some();
            let numbered = corpus.articles.iter().enumerate();
            scores.push(KeyScore {
                pupil,
                without: numbered
                    .filter(|(_, article)| !has_file(article))
                    .map(|(idx, _)| idx)
                    .collect(),
                n_key: counts.n_a,
                right: counts.same - counts.edges,
                edges: counts.edges,
                other_tag: counts.other_tag,
                missed: counts.only_a,
                extra: counts.only_b,
            });
            for (article_idx, pairs) in &compared.pairs {
                let Some(article) = corpus.articles.get(*article_idx) else {
                    continue;
                };
                let partner: BTreeMap<usize, usize> = pairs.iter().copied().collect();
                let of_pupil = article.layer(pupil).unwrap_or_default();
                let of_key = article.layer(KEY).unwrap_or_default();
                for (number, passage) in of_key.iter().enumerate() {
                    let at = index.get(&(*article_idx, number));
                    let Some(sum) = at.and_then(|at| passages.get_mut(*at)) else {
                        continue;
                    };
                    sum.n_pupils += 1;
                    match partner.get(&number).and_then(|at| of_pupil.get(*at)) {
                        None => sum.missed += 1,
                        Some(mark) if mark.tags != passage.tags => {
                            sum.other_tag += 1;
                            *sum.given.entry(mark.tags.clone()).or_default() += 1;
                        }
                        Some(mark) if mark.footprint != passage.footprint => sum.edges += 1,
                        Some(_) => sum.right += 1,
                    }
                }
            }
            disagreements.extend(compared.disagreed);
            confusions.push(compared.confusion);
        }
        Self {
            scores,
            passages,
            disagreements,
            confusions,
            corpus,
        }
    }
}

/// Returns a count of every passage of the key, with no pupil who marked it.
fn passages_of(corpus: &Corpus) -> Vec<KeyPassage> {
    let mut passages = Vec::new();
    for (article_idx, article) in corpus.articles.iter().enumerate() {
        for (number, passage) in article.layer(KEY).into_iter().flatten().enumerate() {
            passages.push(KeyPassage {
                article: article_idx,
                passage: number,
                line_col: article.line_col(passage.footprint.cover().start),
                n_pupils: 0,
                right: 0,
                edges: 0,
                other_tag: 0,
                missed: 0,
                given: BTreeMap::new(),
            });
        }
    }
    passages
}

impl Difference {
    /// Returns one word for exports, where the first of the two is a key: `wrong-tag`, `edges`, `missed` or `extra`.
    pub fn word_with_key(self) -> &'static str {
        match self {
            Self::OtherTag => "wrong-tag",
            Self::Edges => "edges",
            Self::OnlyA => "missed",
            Self::OnlyB => "extra",
        }
    }
}
