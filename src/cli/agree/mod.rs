//! `agree`: how far annotators mark the same passages as the same thing.

mod args;
mod csv;
mod ids;
mod json;
mod key;
mod key_json;
mod key_table;
mod key_words;
mod sides;
mod table;
mod words;

pub use args::AgreeArgs;

use super::{
    CliError, Env, Exit, Output,
    named_files::annotation_files_below,
    opened::{load_existing, text_of},
    output, tag_words,
};
use crate::{
    agreement::{Agreement, Corpus, LayerFile, ReportOptions, Who, gamma::GammaOptions},
    annotation::{AnnotationSet, TagId},
    files::Disk,
    format::csv::Spreadsheet,
    text::{EditionId, SourceText},
};
use args::TableName;
use ids::ShortIds;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// Annotators with whom gamma takes so long that somebody may think the program hangs.
const MANY_ANNOTATORS: usize = 10;
/// Most annotators of whom gamma is worked out unasked: of two it is an assignment problem, of more it is not.
const CHEAP_ANNOTATORS: usize = 2;

/// Reads the files, compares what is in them and prints it.
///
/// # Errors
/// When a file cannot be read, the files do not go together, a tag is not known, or the output is closed.
pub fn run(args: &AgreeArgs, output: &mut Output<'_>, env: &Env) -> Result<Exit, CliError> {
    if !args.keys.is_empty() {
        return key::run(args, output, env);
    }
    if let Some(Some(table @ (TableName::Pupils | TableName::Passages))) = args.csv {
        return Err(CliError::NoSuchTable {
            table: table.name(),
            with_key: false,
        });
    }
    let files = layer_files(&env.disk, &args.files)?;
    let wanted = wanted_tags(&files, &args.tags)?;
    let who = if args.each_file {
        Who::File
    } else {
        Who::Creator
    };
    let corpus = Corpus::new(&files, &wanted, who)?;
    let n_annotators = corpus.annotators.len();
    let is_cheap = n_annotators <= CHEAP_ANNOTATORS;
    let with_gamma = args.gamma || is_cheap && !args.no_gamma;
    if n_annotators >= MANY_ANNOTATORS && with_gamma {
        output.remark(format_args!(
            "computing gamma of {n_annotators} annotators; this may take minutes"
        ));
    }
    let options = ReportOptions {
        unit: args.unit.kind(),
        gamma: with_gamma.then(|| GammaOptions {
            seed: args.seed,
            ..GammaOptions::default()
        }),
        seed: args.seed,
    };
    let agreement = Agreement::of(corpus, &options);
    remark(&agreement.corpus, output);
    if args.json {
        output.json_value(&json::json(&agreement))?;
    } else if let Some(table) = args.csv {
        let rows = table::rows(&agreement, table.unwrap_or(TableName::Figures));
        print_rows(&rows, args, output)?;
    } else {
        let why_no_gamma = (!with_gamma && !args.no_gamma).then(|| {
            format!(
                "Gamma was not computed: with {n_annotators} annotators it can take minutes. Ask for it with --gamma."
            )
        });
        let ids = short_ids(&files);
        words::print(&agreement, &ids, why_no_gamma.as_deref(), output)?;
    }
    Ok(Exit::Done)
}

/// Returns the files that are named, each once.
fn layer_files(disk: &Disk, named: &[PathBuf]) -> Result<Vec<LayerFile>, CliError> {
    let mut files = Vec::new();
    let mut seen = BTreeSet::new();
    for argument in named {
        for path in annotation_files_below(disk, argument)? {
            if seen.insert(canonical(&path)) {
                files.push(layer_file(disk, &path)?);
            }
        }
    }
    Ok(files)
}

/// Returns the path by which a file is known to be another one.
fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn short_ids<'a>(files: impl IntoIterator<Item = &'a LayerFile>) -> ShortIds {
    let ids = files
        .into_iter()
        .flat_map(|file| file.set.annotations.keys().copied());
    ShortIds::of(ids)
}

fn print_rows(
    rows: &[Vec<String>],
    args: &AgreeArgs,
    output: &mut Output<'_>,
) -> Result<(), CliError> {
    let mode = if args.raw {
        Spreadsheet::Raw
    } else {
        Spreadsheet::Safe
    };
    for row in rows {
        output.text(&csv::line(row, mode))?;
    }
    Ok(())
}

/// Returns the annotation file at `path` with its text: the one in the file if it is the annotated one
/// and the article beside it is not, else the article.
fn layer_file(disk: &Disk, path: &Path) -> Result<LayerFile, CliError> {
    let set = load_existing(disk, path)?.set;
    let beside = text_of(path, &set)?;
    let is_annotated = |text: &SourceText| text.edition() == set.article.edition;
    let text = match (beside, embedded(&set)) {
        (Some(text), _) if is_annotated(&text) => Some(text),
        (_, Some(text)) => Some(text),
        (other, None) => other,
    };
    let folder = path.canonicalize().ok().and_then(|path| {
        let folder = path.parent()?.file_name()?;
        Some(folder.to_string_lossy().into_owned())
    });
    Ok(LayerFile {
        folder: output::one_line(&folder.unwrap_or_default(), 60),
        label: output::path(path),
        set,
        text,
    })
}

/// Returns the text that a file carries, if it is the one its passages were marked on.
fn embedded(set: &AnnotationSet) -> Option<SourceText> {
    let text = set.article.embedded_text.as_deref()?;
    let is_annotated = EditionId::of(text) == set.article.edition;
    is_annotated.then(|| SourceText::new(text.to_owned()).ok())?
}

/// Returns the tags that are asked for; each must be known to at least one of the files.
fn wanted_tags<'a>(
    files: impl IntoIterator<Item = &'a LayerFile> + Clone,
    words: &[String],
) -> Result<Vec<TagId>, CliError> {
    let mut wanted = Vec::new();
    for word in words {
        let mut unknown = None;
        let n_before = wanted.len();
        for file in files.clone() {
            match tag_words::find(&file.set, word) {
                Ok(tag) => wanted.push(tag),
                Err(error) => unknown = unknown.or(Some(error)),
            }
        }
        if let Some(error) = unknown.filter(|_| wanted.len() == n_before) {
            return Err(error);
        }
    }
    wanted.sort();
    wanted.dedup();
    Ok(wanted)
}

/// Reports what a person should know about the comparison.
fn remark(corpus: &Corpus, output: &mut Output<'_>) {
    for label in &corpus.re_anchored {
        output.remark(format_args!(
            "the article has changed since it was annotated; passages were found in the present text: `{label}`"
        ));
    }
    match corpus.n_differing {
        0 => {}
        1 => output.remark(format_args!(
            "1 annotation differs between the files that hold it, and the first file counts; --each-file compares the files"
        )),
        n => output.remark(format_args!(
            "{n} annotations differ between the files that hold them, and the first file counts; --each-file compares the files"
        )),
    }
    match corpus.unplaced.len() {
        0 => {}
        1 => output.remark(format_args!(
            "1 annotation is not in the text and was not compared; see the list"
        )),
        n => output.remark(format_args!(
            "{n} annotations are not in the text and were not compared; see the list"
        )),
    }
}
