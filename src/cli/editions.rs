//! `editions`: which annotated statements the publisher kept, softened, changed or removed in a new edition.

use super::{
    CliError, Env, Exit, Output,
    args::EncodingArgs,
    columns,
    opened::{load_existing, read_as_annotated},
    output,
    reanchor::{JsonChange, diff_line},
};
use crate::{
    annotation::{AnnotationSet, Marks},
    editions::{Fate, Statement, compare},
    files::{annotations_beside, read_article},
    text::{SourceText, TextRange},
};
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

/// Arguments of `editions`.
#[derive(Args, Debug)]
pub struct EditionsArgs {
    /// The old edition of the article
    pub old: PathBuf,
    /// The new edition of the article
    pub new: PathBuf,
    /// The annotation file [default: the one beside OLD]
    pub annotations: Option<PathBuf>,
    /// Print a JSON array with an object for each annotation
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub encoding: EncodingArgs,
}

/// Prints what became of each annotated statement.
///
/// # Errors
/// When a file cannot be read, or the output is closed.
pub fn run(args: &EditionsArgs, output: &mut Output<'_>, env: &Env) -> Result<Exit, CliError> {
    let beside = || annotations_beside(&args.old);
    let set = load_existing(&env.disk, &args.annotations.clone().unwrap_or_else(beside))?.set;
    let forced = args.encoding.forced.as_deref();
    let old = read_as_annotated(&args.old, forced, Some(&set.article))?.text;
    let new = read_article(&args.new, forced)?.text;
    let marks = Marks::find(&old, &set, &|| true).ok_or(CliError::Stopped)?;
    let statements = compare(&marks, &new, &|_| true).ok_or(CliError::Stopped)?;
    if args.json {
        let rows: Vec<JsonRow<'_>> = statements
            .iter()
            .map(|statement| JsonRow::new(statement, &set, &old, &new))
            .collect();
        output.json(&rows)?;
    } else {
        table(&statements, &set, &old, &new, output)?;
    }
    output.finish()?;
    let n = |fate: Fate| {
        statements
            .iter()
            .filter(|statement| statement.fate == fate)
            .count()
    };
    output.remark(format_args!(
        "{}: {} kept, {} softened, {} changed, {} removed",
        output::count(statements.len(), "statement"),
        n(Fate::Kept),
        n(Fate::Softened),
        n(Fate::Changed),
        n(Fate::Removed),
    ));
    let n_left = set.annotations.len() - statements.len();
    if n_left > 0 {
        output.remark(format_args!(
            "left out {} not found with certainty in the old text",
            output::count(n_left, "annotation")
        ));
    }
    let is_same = n(Fate::Kept) == statements.len();
    Ok(if is_same {
        Exit::Done
    } else {
        Exit::Differences
    })
}

fn table(
    statements: &[Statement],
    set: &AnnotationSet,
    old: &SourceText,
    new: &SourceText,
    output: &mut Output<'_>,
) -> Result<(), CliError> {
    let place = |text: &SourceText, range: Option<&TextRange>| {
        range.map_or("-".to_owned(), |range| {
            text.line_col(range.start()).to_string()
        })
    };
    let head = ["fate", "old", "new", "tags", "quote"]
        .map(str::to_owned)
        .to_vec();
    let rows = statements.iter().map(|statement| {
        vec![
            statement.fate.word().to_owned(),
            place(old, statement.old.first()),
            place(new, statement.new.iter().flatten().next()),
            tags(set, statement).join(", "),
            output::one_line(&quote(old, statement.old.iter()), 60),
        ]
    });
    let cells: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    for (idx, line) in columns::table(&cells).iter().enumerate() {
        output.line(format_args!("{line}"))?;
        let Some(statement) = idx.checked_sub(1).and_then(|idx| statements.get(idx)) else {
            continue;
        };
        if !statement.signs.is_empty() {
            output.line(format_args!(
                "    softer by: {}",
                statement.signs.join(", ")
            ))?;
        }
        for diff in &statement.diffs {
            output.line(format_args!("    {}", diff_line(diff)))?;
        }
    }
    Ok(())
}

fn tags(set: &AnnotationSet, statement: &Statement) -> Vec<String> {
    let annotation = set.annotations.get(&statement.id);
    let tags = annotation.iter().flat_map(|annotation| &annotation.tags);
    tags.map(|tag| output::one_line(set.tag_name(tag), 40))
        .collect()
}

fn quote<'a>(text: &SourceText, ranges: impl Iterator<Item = &'a TextRange>) -> String {
    let parts: Vec<&str> = ranges.map(|range| text.slice_or_empty(*range)).collect();
    parts.join(" … ")
}

/// One annotation as JSON; places are code points from 0, the end excluded.
#[derive(Serialize)]
struct JsonRow<'a> {
    id: String,
    fate: &'static str,
    tags: Vec<String>,
    softer_by: &'a [&'static str],
    old: Vec<Option<JsonSegment<'a>>>,
    new: Vec<Option<JsonSegment<'a>>>,
    diffs: Vec<Vec<JsonChange>>,
}

#[derive(Serialize)]
struct JsonSegment<'a> {
    start: usize,
    end: usize,
    quote: &'a str,
}

impl<'a> JsonRow<'a> {
    fn new(
        statement: &'a Statement,
        set: &AnnotationSet,
        old: &'a SourceText,
        new: &'a SourceText,
    ) -> Self {
        let changes = |diff: &Vec<_>| diff.iter().cloned().map(JsonChange::from).collect();
        Self {
            id: statement.id.to_string(),
            fate: statement.fate.word(),
            tags: tags(set, statement),
            softer_by: &statement.signs,
            old: statement
                .old
                .iter()
                .map(|range| segment(old, *range))
                .collect(),
            new: statement
                .new
                .iter()
                .map(|range| segment(new, (*range)?))
                .collect(),
            diffs: statement.diffs.iter().map(changes).collect(),
        }
    }
}

fn segment(text: &SourceText, range: TextRange) -> Option<JsonSegment<'_>> {
    Some(JsonSegment {
        start: text.to_char(range.start()).ok()?.get(),
        end: text.to_char(range.end()).ok()?.get(),
        quote: text.slice_or_empty(range),
    })
}
