//! `collection`: one file for a folder of annotated articles.

use super::{
    CliError, Env, Exit, Output,
    merge::{AnyMerged, report},
    merge_args::CollectionArgs,
    opened::load_existing,
    output,
    same_marks::SameMarks,
    several::{AnyRecords, OpenFile, save_at, with_articles},
};
use crate::{
    annotation::{ArticlePath, Collection},
    files::{ANNOTATIONS_SUFFIX, FileError, SaveOptions, article_of, try_list_folder},
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
    let prefix = path_of_folder(args)?;
    let mut same_marks = SameMarks::default();
    let paths = annotation_files(&args.folder)?;
    for path in &paths {
        let set = load_existing(&env.disk, path)?.set;
        same_marks.add(path, &set);
        let article = article_of(path).unwrap_or_else(|| path.clone());
        let (article, annotations) = (relative(&prefix, &article), relative(&prefix, path));
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
    let options = SaveOptions {
        sources: with_articles(paths.iter().map(PathBuf::as_path)),
        ..SaveOptions::default()
    };
    save_at(&env.disk, &args.output, records, &options, output)?;
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

/// Returns the annotation files directly in `folder`, by name.
///
/// # Errors
/// When it cannot be listed.
fn annotation_files(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let mut found = try_list_folder(folder)?;
    found.retain(|path| path.to_string_lossy().ends_with(ANNOTATIONS_SUFFIX) && path.is_file());
    found.sort();
    Ok(found)
}

/// Returns the path of the folder of annotation files from the folder of the collection.
///
/// # Errors
/// [`CliError::OutsideCollection`] when the one is not inside the other: a collection names no file outside.
fn path_of_folder(args: &CollectionArgs) -> Result<PathBuf, CliError> {
    let from = match args.output.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let inner = whole(&args.folder)
        .strip_prefix(whole(from))
        .map(Path::to_owned);
    inner.map_err(|_| CliError::OutsideCollection {
        folder: output::path(&args.folder),
        output: output::path(&args.output),
    })
}

/// Returns the file at `path`, in the folder that is at `prefix` from the folder of the collection, seen from there,
/// with `/`.
fn relative(prefix: &Path, path: &Path) -> String {
    let inner = prefix.join(path.file_name().unwrap_or_default());
    let parts: Vec<_> = inner.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
