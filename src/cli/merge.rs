//! `merge`: merges annotation files or collections.

use super::{
    CliError, Env, Exit, Output,
    check::annotations_path,
    merge_args::MergeArgs,
    opened::text_of,
    output,
    record_words::names,
    several::{AnyRecords, OpenFile, save_at, with_articles},
};
use crate::{
    annotation::{
        AnnotationSet, Article, Collection, Conflict, ConflictId, Fields, Names, Records, as_asked,
    },
    files::SaveOptions,
    merge::{self, Merged, Note},
    text::SourceText,
};
use std::{path::PathBuf, sync::Arc};

/// Merges the files and writes the outcome.
///
/// # Errors
/// When a file cannot be read or the outcome not be written.
pub fn run(args: &MergeArgs, output: &mut Output<'_>, env: &Env) -> Result<Exit, CliError> {
    let three = !args.no_base && !args.layers;
    let n_files = args.files.len();
    if three && n_files != 3 || !three && n_files < 2 {
        return Err(CliError::MergeFiles { three, n_files });
    }
    let mut files = Vec::new();
    for path in &args.files {
        let file = OpenFile::open(&env.disk, path)?;
        // What a newer version wrote into it may not fit into what this one writes.
        file.writable()?;
        files.push(file);
    }
    let texts = files.iter().filter_map(text).collect::<Vec<_>>();
    let names = side_names(args, &files);
    let mode = Mode {
        three,
        layers: args.layers,
    };
    let crlf = files.get(usize::from(three)).is_some_and(OpenFile::crlf);
    let merged = merge_files(&files, &names, mode, &texts)?;
    let (records, exit) = report(merged, output)?;
    let path = annotations_path(&env.disk, &args.output);
    if path != args.output {
        output.remark(format_args!(
            "the merged file is the annotation file of `{}`: `{}`",
            output::path(&args.output),
            output::path(&path)
        ));
    }
    let same = |file: &OpenFile| file.path.canonicalize().ok() == path.canonicalize().ok();
    match files.into_iter().filter(|_| path.exists()).find(same) {
        // Over one of the files: what was written into it meanwhile is not in the outcome.
        Some(file) => file.replaced(records)?.save(&env.disk, output)?,
        None => {
            let paths = args
                .files
                .iter()
                .map(|path| annotations_path(&env.disk, path));
            let paths: Vec<PathBuf> = paths.collect();
            let options = SaveOptions {
                crlf,
                sources: with_articles(paths.iter().map(PathBuf::as_path)),
                ..SaveOptions::default()
            };
            save_at(&env.disk, &path, records, &options, output)?;
        }
    }
    Ok(exit)
}

/// How to merge.
#[derive(Clone, Copy)]
pub struct Mode {
    /// With a base, the first of the files.
    pub three: bool,
    /// As layers.
    pub layers: bool,
}

/// The outcome for either kind of file.
pub enum AnyMerged {
    /// Annotation files.
    Annotations(Box<Merged<AnnotationSet>>),
    /// Collections.
    Collections(Box<Merged<Collection>>),
}

/// Returns the text of a file's annotations, if there is one.
fn text(file: &OpenFile) -> Option<SourceText> {
    match &file.records {
        AnyRecords::Annotations(set) => text_of(&file.path, set).ok().flatten(),
        AnyRecords::Collection(_) => None,
    }
}

fn side_names(args: &MergeArgs, files: &[OpenFile]) -> Vec<String> {
    let sides = files
        .iter()
        .skip(usize::from(!args.no_base && !args.layers));
    let short: Vec<String> = sides
        .map(|file| {
            let name = file.path.file_name().unwrap_or_default().to_string_lossy();
            let name = name.strip_suffix(".annotations.ron").unwrap_or(&name);
            name.to_owned()
        })
        .collect();
    // Files with the same name are distinguished by their folders.
    let all_differ =
        (1..short.len()).all(|n| !short.iter().take(n).any(|name| Some(name) == short.get(n)));
    let sides = files
        .iter()
        .skip(usize::from(!args.no_base && !args.layers));
    sides
        .zip(short)
        .enumerate()
        .map(|(n, (file, short))| match args.names.get(n) {
            Some(given) => given.clone(),
            None if all_differ => short,
            None => file.path.to_string_lossy().into_owned(),
        })
        .collect()
}

/// Merges files of one kind. With a base it is the first; `names` are those of the others.
///
/// # Errors
/// When the kinds are mixed, or the files are on articles that have nothing to do with each other.
pub fn merge_files(
    files: &[OpenFile],
    names: &[String],
    mode: Mode,
    texts: &[SourceText],
) -> Result<AnyMerged, CliError> {
    let mut sets: Vec<&AnnotationSet> = Vec::new();
    let mut collections: Vec<&Collection> = Vec::new();
    for file in files {
        match &file.records {
            AnyRecords::Annotations(set) => sets.push(set),
            AnyRecords::Collection(collection) => collections.push(collection),
        }
    }
    if let Some((one, other)) = merge::other_articles(&sets) {
        let name = |article: &Article| output::one_line(&article.file_name, 100);
        return Err(CliError::DifferentArticles {
            one: name(one),
            other: name(other),
        });
    }
    let merged = if collections.is_empty() {
        merge_all(&sets, names, mode, texts).map(|it| AnyMerged::Annotations(Box::new(it)))
    } else if sets.is_empty() {
        merge_all(&collections, names, mode, texts).map(|it| AnyMerged::Collections(Box::new(it)))
    } else {
        None
    };
    merged.ok_or(CliError::MixedKinds)
}

fn merge_all<S: merge::Mergeable>(
    sets: &[&S],
    names: &[String],
    mode: Mode,
    texts: &[SourceText],
) -> Option<Merged<S>> {
    if mode.three {
        let ([base, ours, theirs], [our_name, their_name]) = (sets, names) else {
            return None;
        };
        return Some(merge::three_way(
            base,
            (our_name, ours),
            (their_name, theirs),
            texts,
        ));
    }
    let sides: Vec<(&str, &S)> = names
        .iter()
        .map(String::as_str)
        .zip(sets.iter().copied())
        .collect();
    match mode.layers {
        true => merge::layers(&sides, texts),
        false => merge::without_base(&sides, texts),
    }
}

/// Tells what came of it, and hands on the records to write. Only conflicts that are new in this merge are listed, and
/// make the exit code say that something differs: those from before were told when they came.
///
/// # Errors
/// When the output is closed.
pub fn report(merged: AnyMerged, output: &mut Output<'_>) -> Result<(AnyRecords, Exit), CliError> {
    let (records, notes, new, n_open) = match merged {
        AnyMerged::Annotations(it) => {
            let n_open = it.set.conflicts.len();
            let records = AnyRecords::Annotations(Box::new(it.set));
            (records, it.notes, it.new_conflicts, n_open)
        }
        AnyMerged::Collections(it) => {
            let n_open = it.set.conflicts.len();
            let records = AnyRecords::Collection(Box::new(it.set));
            (records, it.notes, it.new_conflicts, n_open)
        }
    };
    let known = records.names()?;
    let names = names(Some(&known));
    for note in &notes {
        output.remark(format_args!("{}", remark(note, &names)));
    }
    match &records {
        AnyRecords::Annotations(set) => list(&these(&**set, &new), &**set, &names, output)?,
        AnyRecords::Collection(it) => list(&these(&**it, &new), &**it, &names, output)?,
    }
    if !new.is_empty() {
        let conflicts = output::count(new.len(), "conflict");
        output.remark(format_args!(
            "{conflicts} to settle in the window or with `sourcemark conflicts`"
        ));
    }
    let n_old = n_open.saturating_sub(new.len());
    if n_old > 0 {
        let conflicts = output::count(n_old, "conflict");
        output.remark(format_args!("still open from before: {conflicts}"));
    }
    let exit = if new.is_empty() {
        Exit::Done
    } else {
        Exit::Differences
    };
    Ok((records, exit))
}

fn these<S: Records>(set: &S, ids: &[ConflictId]) -> Vec<Arc<Conflict>> {
    let conflicts = ids.iter().filter_map(|id| set.conflicts().get(id));
    conflicts.cloned().collect()
}

/// Prints conflicts of a file.
///
/// # Errors
/// When the output is closed.
pub fn list<S: Records>(
    conflicts: &[Arc<Conflict>],
    set: &S,
    names: &Names<'_>,
    output: &mut Output<'_>,
) -> Result<(), CliError> {
    for conflict in conflicts {
        let fields = set.fields_of(&conflict.record).unwrap_or_default();
        for line in conflict_lines(&as_asked(set, conflict), &fields, names) {
            output.line(format_args!("{line}"))?;
        }
    }
    Ok(())
}

/// Returns a conflict in lines: what it is about, what it was, and what each side has.
fn conflict_lines(conflict: &Conflict, fields: &Fields, names: &Names<'_>) -> Vec<String> {
    let id: String = conflict.id.to_string().chars().take(8).collect();
    let words = names.conflict(conflict, fields);
    let mut lines = vec![format!("{id}  {}", words.what())];
    lines.extend(words.before.map(|before| format!("    before: {before}")));
    let sides = words.sides.iter();
    lines.extend(sides.map(|side| format!("    {}: {}", side.whose(), side.value)));
    lines
}

/// Returns a note in words, with what to do about it here.
pub fn remark(note: &Note, names: &Names<'_>) -> String {
    let words = note.in_words(names);
    match note {
        Note::Twins(twins) => format!(
            "{words}; to merge them: sourcemark unify FILE {} {} (or --same-names for all)",
            output::one_line(&twins.keep.id, 100),
            output::one_line(&twins.other.id, 100),
        ),
        _ => words,
    }
}
