//! `git resolve`: merges files that git could not merge, from the versions that git keeps of them.

use super::super::{
    CliError, Env, Exit, Output,
    check::annotations_path,
    merge::{AnyMerged, report},
    merge_args::ResolveArgs,
    output,
    several::{AnyRecords, OpenFile, save_at},
    unmerged::texts_of,
};
use crate::{
    annotation::{AnnotationSet, Article},
    files::{
        COLLECTION_NAME, SaveOptions,
        git::top_folder,
        is_annotations,
        unmerged::{Unmerged, annotations_in, collection_in, unmerged, unmerged_in},
    },
    merge::{Stages, other_articles},
};
use std::path::{Path, PathBuf};

/// What the sides are called: git keeps their versions, but no names.
const NAMES: [&str; 2] = ["ours", "theirs"];

/// Merges the files, or all that git has not merged. The file in the folder counts as well, if it can be read: what was
/// done in it since stays. One with git's markers becomes an earlier version.
///
/// # Errors
/// When git has no versions of a file, or a side cannot be read. The files before it are done then.
pub fn run(args: &ResolveArgs, output: &mut Output<'_>, env: &Env) -> Result<Exit, CliError> {
    let files = match args.files.as_slice() {
        [] => all(&top_folder(args.repo.as_deref().unwrap_or(Path::new(".")))?),
        files => files
            .iter()
            .map(|file| annotations_path(&env.disk, file))
            .collect(),
    };
    if files.is_empty() {
        output.line(format_args!("git has no unmerged annotation files"))?;
        return Ok(Exit::Done);
    }
    let mut worst = Exit::Done;
    for path in &files {
        worst = worst.max(resolve(path, output, env)?);
    }
    Ok(worst)
}

/// Returns the annotation files and collections that git has not merged.
fn all(top: &Path) -> Vec<PathBuf> {
    let files = unmerged_in(top).into_iter();
    files
        .filter(|file| !file.is_added && file.has_two_sides())
        .map(|file| top.join(file.path))
        .filter(|path| {
            let is_collection = path.file_name().is_some_and(|name| name == COLLECTION_NAME);
            is_collection || is_annotations(path)
        })
        .collect()
}

fn resolve(path: &Path, output: &mut Output<'_>, env: &Env) -> Result<Exit, CliError> {
    let shown = output::path(path);
    let none = || CliError::NotUnmerged {
        path: shown.clone(),
    };
    let file = unmerged(path)
        .filter(Unmerged::has_two_sides)
        .ok_or_else(none)?;
    let here = OpenFile::on(&env.disk, path);
    let (known, damage) = match &here {
        Ok(file) => {
            file.writable()?;
            (Some(&file.records), None)
        }
        Err(error) => (None, Some(error)),
    };
    let merged = match file.stages(annotations_in) {
        Ok(Some(stages)) => annotations(path, &stages, known)?,
        Ok(None) => None,
        Err(error) => match file.stages(collection_in) {
            Ok(Some(stages)) => stages
                .merged(known.and_then(AnyRecords::collection), NAMES, &[])
                .map(|it| AnyMerged::Collections(Box::new(it))),
            _ => {
                let path = shown.clone();
                return Err(CliError::Version { path, error });
            }
        },
    };
    if let Some(error) = damage {
        output.remark(format_args!(
            "{error}; merged from the versions that git keeps, and the old file is now an earlier version"
        ));
    }
    let (records, exit) = report(merged.ok_or_else(none)?, output)?;
    match here {
        Ok(file) => file.replaced(records)?.save(&env.disk, output)?,
        Err(_) if path.exists() => {
            OpenFile::over_damage(path, records, &env.disk)?.save(&env.disk, output)?;
        }
        Err(_) => save_at(&env.disk, path, records, &SaveOptions::default(), output)?,
    }
    let typed = output::typed(path);
    output.line(format_args!("merged: {shown}"))?;
    match exit {
        Exit::Done => output.remark(format_args!("run `git add {typed}`")),
        _ => output.remark(format_args!(
            "settle the conflicts with `sourcemark conflicts {typed}`, then run `git add {typed}`"
        )),
    }
    Ok(exit)
}

fn annotations(
    path: &Path,
    stages: &Stages<AnnotationSet>,
    known: Option<&AnyRecords>,
) -> Result<Option<AnyMerged>, CliError> {
    // git may have taken one article's file for another's that was renamed.
    if let Some((one, other)) = other_articles(&[&stages.ours, &stages.theirs]) {
        let name = |article: &Article| output::one_line(&article.file_name, 100);
        return Err(CliError::DifferentArticles {
            one: name(one),
            other: name(other),
        });
    }
    let here = known.and_then(AnyRecords::annotations);
    let texts = texts_of(path, stages, here);
    let merged = stages.merged(here, NAMES, &texts);
    Ok(merged.map(|it| AnyMerged::Annotations(Box::new(it))))
}
