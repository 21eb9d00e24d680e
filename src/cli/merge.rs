//! `merge`: several people's files in one.

use super::{
    CliError, Env, Exit, Output,
    merge_args::MergeArgs,
    opened::text_of,
    output,
    record_words::names,
    several::{AnyRecords, OpenFile, save_at},
};
use crate::{
    annotation::{AnnotationSet, Collection, Conflict, Fields, Names, Records},
    merge::{self, Merged, Note},
    text::SourceText,
};
use std::sync::Arc;

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
        files.push(OpenFile::open(path)?);
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
    save_at(&env.disk, &args.output, records, crlf, output)?;
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

/// The text that a file's annotations stand in, if it is there.
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
    // Files of one name are told apart by where they lie.
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
/// When the kinds are mixed.
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

/// Tells what came of it, and hands on the records to write.
///
/// # Errors
/// When the output is closed.
pub fn report(merged: AnyMerged, output: &mut Output<'_>) -> Result<(AnyRecords, Exit), CliError> {
    let (notes, n_open) = match &merged {
        AnyMerged::Annotations(it) => (&it.notes, it.set.conflicts.len()),
        AnyMerged::Collections(it) => (&it.notes, it.set.conflicts.len()),
    };
    for note in notes {
        output.remark(format_args!("{}", remark(note)));
    }
    match &merged {
        AnyMerged::Annotations(it) => {
            list(&all(&it.set), &it.set, &names(Some(&it.set)), output)?;
        }
        AnyMerged::Collections(it) => list(&all(&it.set), &it.set, &names(None), output)?,
    }
    let exit = if n_open == 0 {
        Exit::Done
    } else {
        Exit::Differences
    };
    if n_open > 0 {
        let s = if n_open == 1 { "" } else { "s" };
        output.remark(format_args!(
            "{n_open} conflict{s} to settle, in the window or with `sourcemark conflicts`"
        ));
    }
    let records = match merged {
        AnyMerged::Annotations(it) => AnyRecords::Annotations(Box::new(it.set)),
        AnyMerged::Collections(it) => AnyRecords::Collection(Box::new(it.set)),
    };
    Ok((records, exit))
}

fn all<S: Records>(set: &S) -> Vec<Arc<Conflict>> {
    set.conflicts().values().cloned().collect()
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
        for line in conflict_lines(conflict, &fields, names) {
            output.line(format_args!("{line}"))?;
        }
    }
    Ok(())
}

/// A conflict in lines: what it is about, what it was, and what each side has.
fn conflict_lines(conflict: &Conflict, fields: &Fields, names: &Names<'_>) -> Vec<String> {
    let id: String = conflict.id.to_string().chars().take(8).collect();
    let words = names.conflict(conflict, fields);
    let mut lines = vec![format!("{id}  {}", words.what())];
    lines.extend(words.before.map(|before| format!("    it was: {before}")));
    let sides = words.sides.iter();
    lines.extend(sides.map(|side| format!("    {}: {}", side.whose(), side.value)));
    lines
}

/// A note in words, with what to do about it here.
pub fn remark(note: &Note) -> String {
    let words = note.in_words(&names(None));
    match note {
        Note::Twins(twins) => format!(
            "{words}; if they are one: sourcemark unify FILE {} {}",
            output::one_line(&twins.keep.id, 100),
            output::one_line(&twins.other.id, 100),
        ),
        _ => words,
    }
}
