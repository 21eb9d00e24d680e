//! The files that are settled, brought together by article.

use crate::{
    annotation::AnnotationSet,
    cli::{
        CliError,
        named_files::annotation_files,
        opened::{load_existing, text_of},
        output,
    },
    files::Disk,
    settling::Side,
    text::{EditionId, SourceText},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// One article with the files of its annotators.
pub struct ArticleFiles {
    /// Name of the article's file.
    pub name: String,
    /// Name of the annotation file of the first annotator.
    pub file_name: PathBuf,
    /// The annotation files.
    pub paths: Vec<PathBuf>,
    /// The annotators, in the order in which their files were named.
    pub sides: Vec<Side>,
    /// The text, if there is one.
    pub text: Option<SourceText>,
}

/// One annotation file.
struct Input {
    path: PathBuf,
    set: AnnotationSet,
    text: Option<SourceText>,
}

/// Reads what `files` name, without the agreed file at `agreed` or in that folder. Articles that one annotator
/// alone has come second.
///
/// # Errors
/// When a file cannot be read, or no article has two annotators.
pub fn read(
    disk: &Disk,
    files: &[PathBuf],
    agreed: &Path,
) -> Result<(Vec<ArticleFiles>, Vec<String>), CliError> {
    let mut inputs: Vec<Input> = Vec::new();
    let mut seen: BTreeSet<PathBuf> = BTreeSet::new();
    let named = files.iter().map(|file| annotation_files(disk, file));
    for path in named.collect::<Result<Vec<_>, _>>()?.into_iter().flatten() {
        let canonical = path.canonicalize().unwrap_or_else(|_| path.clone());
        if !seen.insert(canonical.clone()) {
            continue;
        }
        let set = load_existing(disk, &path)?.set;
        if is_agreed(&canonical, agreed) {
            let mut marks = set.annotations.values();
            if set.decisions.is_empty() && marks.len() > 0 && marks.all(|it| it.also_by.is_empty())
            {
                return Err(CliError::OverAnnotator {
                    path: output::path(&path),
                });
            }
            continue;
        }
        let text = text_at_hand(&path, &set)?;
        inputs.push(Input { path, set, text });
    }
    let mut order: Vec<EditionId> = Vec::new();
    let mut by_edition: BTreeMap<EditionId, Vec<Input>> = BTreeMap::new();
    for input in inputs {
        let edition = input.set.article.edition;
        if !order.contains(&edition) {
            order.push(edition);
        }
        by_edition.entry(edition).or_default().push(input);
    }
    let mut articles = Vec::new();
    let mut alone: Vec<(String, PathBuf)> = Vec::new();
    for edition in order {
        let group = by_edition.remove(&edition).unwrap_or_default();
        match group.as_slice() {
            [one] => alone.push((one.set.article.file_name.clone(), one.path.clone())),
            _ => articles.extend(article(group)),
        }
    }
    other_wordings(&alone, &articles)?;
    if articles.is_empty() {
        return Err(CliError::NobodyToSettle);
    }
    articles.sort_by(|a, b| a.name.cmp(&b.name));
    let alone = alone.into_iter().map(|(name, _)| name);
    Ok((articles, alone.collect()))
}

fn is_agreed(path: &Path, agreed: &Path) -> bool {
    let Ok(agreed) = agreed.canonicalize() else {
        return false;
    };
    path == agreed || agreed.is_dir() && path.parent() == Some(&agreed)
}

/// Returns the text that was annotated, if it is beside the file or in it.
fn text_at_hand(path: &Path, set: &AnnotationSet) -> Result<Option<SourceText>, CliError> {
    let is_annotated = |text: &SourceText| text.edition() == set.article.edition;
    if let Some(text) = text_of(path, set)?.filter(is_annotated) {
        return Ok(Some(text));
    }
    let embedded = set.article.embedded_text.as_deref();
    let embedded = embedded.and_then(|text| SourceText::new(text.to_owned()).ok());
    Ok(embedded.filter(is_annotated))
}

fn article(group: Vec<Input>) -> Option<ArticleFiles> {
    let first = group.first()?;
    let (name, path) = (first.set.article.file_name.clone(), first.path.clone());
    let text = group.iter().find_map(|input| input.text.clone());
    let names = names(&group);
    let paths = group.iter().map(|input| input.path.clone()).collect();
    let sides = group.into_iter().zip(names);
    Some(ArticleFiles {
        name,
        file_name: path.file_name().map(PathBuf::from)?,
        paths,
        text,
        sides: sides
            .map(|(input, name)| Side {
                name,
                set: input.set,
            })
            .collect(),
    })
}

/// Returns what the annotators are called: by who made the marks if that tells them apart, else by folder, else by
/// path.
fn names(group: &[Input]) -> Vec<String> {
    let all_differ = |names: &[String]| {
        let set: BTreeSet<&String> = names.iter().collect();
        set.len() == names.len() && names.iter().all(|name| !name.is_empty())
    };
    let by_maker: Vec<String> = group.iter().map(|input| maker(&input.set)).collect();
    if all_differ(&by_maker) {
        return by_maker;
    }
    let by_folder: Vec<String> = group
        .iter()
        .map(|input| {
            let path = input.path.canonicalize().unwrap_or(input.path.clone());
            let folder = path.parent().and_then(Path::file_name);
            folder.unwrap_or_default().to_string_lossy().into_owned()
        })
        .collect();
    if all_differ(&by_folder) {
        return by_folder;
    }
    let by_path = group.iter().map(|input| output::path(&input.path));
    by_path.collect()
}

/// Returns who made the marks of a file: the one creator of all, else its only annotator; empty when there are
/// several.
fn maker(set: &AnnotationSet) -> String {
    let mut makers: BTreeSet<_> = set.annotations.values().map(|it| it.creator).collect();
    if makers.is_empty() {
        makers.extend(set.agents.keys().copied());
    }
    let mut makers = makers.into_iter();
    let only = makers.next().filter(|_| makers.next().is_none());
    let agent = only.and_then(|id| set.agents.get(&id));
    agent.map_or_else(String::new, |agent| agent.name.trim().to_owned())
}

/// Files on one article in two wordings cannot be settled.
fn other_wordings(alone: &[(String, PathBuf)], articles: &[ArticleFiles]) -> Result<(), CliError> {
    for (idx, (name, path)) in alone.iter().enumerate() {
        let twin = alone.iter().skip(idx + 1).find(|(other, _)| other == name);
        let is_here = articles.iter().any(|article| article.name == *name);
        if twin.is_some() || is_here {
            return Err(CliError::OtherWordings {
                article: output::one_line(name, 100),
                path: output::path(path),
            });
        }
    }
    Ok(())
}
