//! `collection`: one file for a folder of annotated articles.

use super::{
    CliError, Env, Exit, Output,
    merge::{AnyMerged, report},
    merge_args::CollectionArgs,
    opened::load_existing,
    output,
    same_marks::SameMarks,
    several::{AnyRecords, OpenFile, save_at},
};
use crate::{
    annotation::{ArticlePath, Collection},
    files::{ANNOTATIONS_SUFFIX, article_of, list_folder},
    merge::without_base,
};
use std::path::{Path, PathBuf};

/// Writes a collection of the annotation files in the folder. Tags, speakers and claims that files have
/// differently become conflicts in it; what was settled before stays settled. Files that have the same marks, as after
/// renaming one article in two ways, are named.
///
/// # Errors
/// When the folder or a file in it cannot be read, or the collection not be written.
pub fn run(args: &CollectionArgs, output: &mut Output<'_>, env: &Env) -> Result<Exit, CliError> {
    let mut sides: Vec<(String, Collection)> = Vec::new();
    let known = match args.output.exists() {
        true => match OpenFile::on(&env.disk, &args.output)?.records {
            AnyRecords::Collection(known) => Some(*known),
            AnyRecords::Annotations(_) => return Err(CliError::MixedKinds),
        },
        false => None,
    };
    let from = args.output.parent().unwrap_or(Path::new(""));
    let mut same_marks = SameMarks::default();
    for path in annotation_files(&args.folder) {
        let set = load_existing(&env.disk, &path)?.set;
        same_marks.add(&path, &set);
        let article = article_of(&path).unwrap_or_else(|| path.clone());
        let (article, annotations) = (relative(&article, from), relative(&path, from));
        if let Some(article) = ArticlePath::parse(&article) {
            let one = Collection::of_one(&set, article, &annotations);
            sides.push((annotations, one));
        }
    }
    let articles = sides
        .iter()
        .flat_map(|(_, one)| one.articles.iter())
        .map(|(path, member)| (path.clone(), member.clone()))
        .collect();
    let (mut name, mut kept) = (String::new(), crate::annotation::Kept::default());
    if let Some(mut known) = known {
        (name, kept) = (
            std::mem::take(&mut known.name),
            std::mem::take(&mut known.kept),
        );
        known.articles = imbl::OrdMap::new();
        sides.push((String::new(), known));
    }
    let named: Vec<(&str, &Collection)> = sides
        .iter()
        .map(|(name, one)| (name.as_str(), one))
        .collect();
    let Some(mut merged) = without_base(&named, &[]) else {
        return Err(CliError::NothingToCollect {
            folder: output::path(&args.folder),
        });
    };
    merged.set.articles = articles;
    merged.set.kept = kept;
    let folder = args
        .folder
        .canonicalize()
        .unwrap_or_else(|_| args.folder.clone());
    let folder = folder
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    merged.set.name = args
        .name
        .clone()
        .unwrap_or(if name.is_empty() { folder } else { name });
    let n_articles = merged.set.articles.len();
    let (records, exit) = report(AnyMerged::Collections(Box::new(merged)), output)?;
    save_at(&env.disk, &args.output, records, false, output)?;
    let articles = output::count(n_articles, "article");
    output.remark(format_args!("{articles} in the collection"));
    let mut exit = exit;
    for shared in same_marks.found().iter().filter(|it| !it.of_one_article) {
        exit = exit.max(Exit::Differences);
        let path = output::path(&shared.other);
        output.remark(format_args!("{}: `{path}`", shared.in_words()));
    }
    Ok(exit)
}

/// The annotation files directly in `folder`, by name.
fn annotation_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = list_folder(folder);
    found.retain(|path| path.to_string_lossy().ends_with(ANNOTATIONS_SUFFIX) && path.is_file());
    found.sort();
    found
}

/// `path` as seen from the folder of the collection, with `/`.
fn relative(path: &Path, from: &Path) -> String {
    let inner = path.strip_prefix(from).unwrap_or(path);
    let inner = inner.strip_prefix(".").unwrap_or(inner);
    let parts: Vec<_> = inner.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
