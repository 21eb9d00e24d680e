//! `merge`: several people's files in one.

use super::{
    CliError, Env, Exit, Output,
    check::annotations_path,
    merge_args::MergeArgs,
    opened::text_of,
    output,
    record_words::{Names, quoted},
    several::{AnyRecords, OpenFile, save_at},
};
use crate::{
    annotation::{AnnotationSet, Article, Collection, Conflict, Fields, Records},
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
        let file = OpenFile::open(path)?;
        // What a newer version wrote into it may not fit into what this one writes.
        file.writable()?;
        files.push(file);
    }
    let texts = files.iter().filter_map(text).collect::<Vec<_>>();
    let names = names(args, &files);
    let mode = Mode {
        three,
        layers: args.layers,
    };
    let crlf = files.get(usize::from(three)).is_some_and(OpenFile::crlf);
    let merged = merge_files(&files, &names, mode, &texts)?;
    let (records, exit) = report(merged, output)?;
    let path = annotations_path(&args.output);
    let same = |file: &OpenFile| file.path.canonicalize().ok() == path.canonicalize().ok();
    match files.into_iter().filter(|_| path.exists()).find(same) {
        // Over one of the files: what was written into it meanwhile is not in the outcome.
        Some(file) => file.replaced(records)?.save(&env.disk, output)?,
        None => save_at(&env.disk, &path, records, crlf, output)?,
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

/// The text that a file's annotations stand in, if it is there.
fn text(file: &OpenFile) -> Option<SourceText> {
    match &file.records {
        AnyRecords::Annotations(set) => text_of(&file.path, set).ok().flatten(),
        AnyRecords::Collection(_) => None,
    }
}

fn names(args: &MergeArgs, files: &[OpenFile]) -> Vec<String> {
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

/// Tells what came of it, and hands on the records to write.
///
/// # Errors
/// When the output is closed.
pub fn report(merged: AnyMerged, output: &mut Output<'_>) -> Result<(AnyRecords, Exit), CliError> {
    let (records, notes, n_open) = match merged {
        AnyMerged::Annotations(it) => {
            let n_open = it.set.conflicts.len();
            (AnyRecords::Annotations(Box::new(it.set)), it.notes, n_open)
        }
        AnyMerged::Collections(it) => {
            let n_open = it.set.conflicts.len();
            (AnyRecords::Collection(Box::new(it.set)), it.notes, n_open)
        }
    };
    let known = records.names()?;
    let names = Names(&known);
    for note in &notes {
        output.remark(format_args!("{}", words(note, &names)));
    }
    match &records {
        AnyRecords::Annotations(set) => list(&all(&**set), &**set, &names, output)?,
        AnyRecords::Collection(it) => list(&all(&**it), &**it, &names, output)?,
    }
    let exit = if n_open == 0 {
        Exit::Done
    } else {
        Exit::Differences
    };
    if n_open > 0 {
        let conflicts = output::count(n_open, "conflict");
        output.remark(format_args!(
            "{conflicts} to settle, in the window or with `sourcemark conflicts`"
        ));
    }
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
    let field = conflict.field.as_str();
    let id: String = conflict.id.to_string().chars().take(8).collect();
    let record = names.record(&conflict.record, fields);
    let mut lines = vec![match conflict.of_whole_record() {
        true => format!("{id}  {record}: changed by one side, removed by another"),
        false => format!("{id}  {record}: the {}", names.field(field)),
    }];
    if !conflict.of_whole_record() && conflict.base.is_some() {
        lines.push(format!(
            "    it was: {}",
            names.value(field, conflict.base.as_ref())
        ));
    }
    for (n, side) in conflict.sides.iter().enumerate() {
        let role = match (n, conflict.sides.len()) {
            (0, 2) => "ours".to_owned(),
            (1, 2) => "theirs".to_owned(),
            _ => format!("side {}", n + 1),
        };
        let name = output::one_line(&side.name, 40);
        let whose = if name.is_empty() || name == role {
            role
        } else {
            format!("{role} ({name})")
        };
        lines.push(format!(
            "    {whose}: {}",
            names.value(field, side.value.as_ref())
        ));
    }
    lines
}

/// A note in words.
pub fn words(note: &Note, names: &Names<'_>) -> String {
    match note {
        Note::BrokenLink { link, missing } => {
            let ends = names.0.links.get(link).map(|link| [link.from, link.to]);
            let [from, to] = ends.unwrap_or([*missing; 2]).map(|id| names.annotation(&id.to_string()));
            format!("the link from {from} to {to} is kept, but annotation {missing} is gone")
        }
        Note::Twins(twins) => format!(
            "two {}s are called {}; if they are one: sourcemark unify FILE {} {}",
            twins.keep.kind.noun(),
            quoted(&twins.name),
            output::one_line(&twins.keep.id, 100),
            output::one_line(&twins.other.id, 100),
        ),
        Note::OneKey { key, tags } => {
            let tags: Vec<String> =
                tags.iter().map(|tag| output::one_line(tag.as_str(), 40)).collect();
            format!("the key {} gives several tags: {}", quoted(&key.to_string()), tags.join(", "))
        }
        Note::StillUsed(record) => format!(
            "{} was removed by one side and used by another; it is kept",
            output::one_line(&record.to_string(), 100)
        ),
        Note::Reanchored {
            side,
            n_found,
            n_not_found,
        } => format!(
            "{} was made on another wording of the article: {n_found} annotations were found in the common one, {n_not_found} were not and are kept as recorded",
            quoted(side)
        ),
        Note::Reworded { n_clashes, taken } => format!(
            "both sides changed the same words of the article in {} place{}; passages are described with those of {}",
            n_clashes,
            if *n_clashes == 1 { "" } else { "s" },
            quoted(taken)
        ),
        Note::OtherText => "the files were made on different wordings of the article, and the text is not at hand; passages will be looked for by what they say".to_owned(),
    }
}
