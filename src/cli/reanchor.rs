//! `reanchor`: what becomes of the annotations in another wording of their article, and, when a person accepts it,
//! the annotation file for that wording.

use super::{
    CliError, Env, Exit, Output,
    args::EncodingArgs,
    columns,
    opened::{load_existing, nobody, read_as_annotated, save, text_of},
    output,
    several::with_articles,
};
use crate::{
    anchor::{Candidate, Resolution, Selector, WordChange},
    annotation::{Annotation, AnnotationId, AnnotationSet, Marks},
    edit::{Edit, Stamp, Workspace},
    files::{ArticleFile, Expected, read_article},
    text::{SourceText, TextRange},
};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Arguments of `reanchor`.
#[derive(Args, Debug)]
pub struct ReanchorArgs {
    /// The annotation file
    pub annotations: PathBuf,
    /// The new edition of the article
    #[arg(long, value_name = "NEW_TEXT")]
    pub to: PathBuf,
    /// The article as it was when annotated [default: the text in the annotation file, or the article beside it if that
    /// is still the old one]
    #[arg(long, value_name = "OLD_TEXT")]
    pub old: Option<PathBuf>,
    /// Write the annotations for NEW_TEXT: those found word for word, or also the changed ones
    #[arg(long, value_enum)]
    pub accept: Option<Accept>,
    /// Write to this new file instead of ANNOTATIONS; implies `--accept moved`
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Print a JSON array with an object for each segment
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub encoding: EncodingArgs,
}

/// What is written without being asked for one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Accept {
    /// Passages found word for word
    Moved,
    /// Also changed passages that are very likely the same
    Changed,
}

/// Prints what became of each segment and, when asked to, writes the annotations for the new text.
///
/// # Errors
/// When a file cannot be read or written, or the old text is not the one that was annotated.
pub fn run(args: &ReanchorArgs, output: &mut Output<'_>, env: &mut Env) -> Result<Exit, CliError> {
    let file = load_existing(&env.disk, &args.annotations)?;
    let new = read_article(&args.to, args.encoding.forced.as_deref())?;
    let old = old_text(args, &file.set)?;
    let found = Marks::find_with(&new.text, &file.set, old.as_ref(), &|_| true);
    let marks = found.ok_or(CliError::Stopped)?;
    let rows = rows(&file.set, &marks);
    let accept = args.accept.or(args.output.as_ref().map(|_| Accept::Moved));
    if args.json {
        json(&rows, output)?;
    } else {
        table(&rows, output)?;
    }
    let n_open = rows
        .iter()
        .filter(|row| !is_accepted(row.found, accept.unwrap_or(Accept::Moved)))
        .count();
    output.finish()?;
    output.remark(format_args!("{}", summary(&rows)));
    let Some(accept) = accept else {
        output.remark(format_args!(
            "nothing was written; use --accept moved or --accept changed"
        ));
        return Ok(if n_open == 0 {
            Exit::Done
        } else {
            Exit::Differences
        });
    };

    if let (Some(why), None) = (&file.read_only, &args.output) {
        return Err(CliError::ReadOnly {
            path: output::path(&args.annotations),
            why: why.clone(),
        });
    }
    let edit = Edit::AdoptText {
        article: Box::new(adopted(&file.set, &new, &args.to)),
        found: rows.iter().filter_map(|row| row.accepted(accept)).collect(),
    };
    let mut stamp = Stamp {
        now: env.now,
        agent: nobody(),
        ids: &mut *env.ids,
    };
    let mut workspace = Workspace::new(file.set.clone(), marks.clone());
    workspace.apply(&edit, &mut stamp)?;
    let mut options = file.save_options();
    let (path, expected) = match &args.output {
        Some(path) => {
            options.sources = with_articles([args.annotations.as_path(), &args.to]);
            (path, Expected::New)
        }
        None => (&args.annotations, Expected::Same(file.identity)),
    };
    let set = workspace.set();
    save(&env.disk, path, set, &expected, &options, output)?;
    output.remark(format_args!(
        "written for the new text, {} left unchanged: `{}`",
        output::count(n_open, "segment"),
        output::path(path)
    ));
    Ok(if n_open == 0 {
        Exit::Done
    } else {
        Exit::Differences
    })
}

/// Returns the text that was annotated, if there is a copy outside of the annotation file.
fn old_text(args: &ReanchorArgs, set: &AnnotationSet) -> Result<Option<SourceText>, CliError> {
    let is_old = |text: &SourceText| text.edition() == set.article.edition;
    let Some(path) = &args.old else {
        return Ok(text_of(&args.annotations, set)?.filter(is_old));
    };
    let text = read_as_annotated(path, None, Some(&set.article))?.text;
    if !is_old(&text) {
        return Err(CliError::NotTheOldText {
            path: output::path(path),
        });
    }
    Ok(Some(text))
}

/// Returns the article's record for its new text.
fn adopted(set: &AnnotationSet, new: &ArticleFile, path: &Path) -> crate::annotation::Article {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    set.article.reworded(&new.text, &name, new.encoding)
}

/// One segment and what became of it.
struct Row<'a> {
    id: AnnotationId,
    segment: usize,
    selector: &'a Selector,
    found: &'a Resolution,
    text: &'a SourceText,
}

fn rows<'a>(set: &'a AnnotationSet, marks: &'a Marks) -> Vec<Row<'a>> {
    let of = |annotation: &'a Annotation| {
        let found = marks
            .placement(annotation.id)
            .map(|placement| &placement.segments);
        let segments = annotation
            .segments
            .iter()
            .zip(found.into_iter().flatten())
            .enumerate();
        segments.map(|(segment, (selector, found))| Row {
            id: annotation.id,
            segment,
            selector,
            found,
            text: marks.text(),
        })
    };
    let mut rows: Vec<Row<'_>> = set
        .annotations
        .values()
        .flat_map(|annotation| of(annotation))
        .collect();
    rows.sort_by_key(|row| (row.selector.position.start, row.id, row.segment));
    rows
}

fn is_accepted(found: &Resolution, accept: Accept) -> bool {
    match found {
        Resolution::Exact { .. } | Resolution::Moved { .. } => true,
        Resolution::Changed { .. } => accept == Accept::Changed,
        Resolution::Ambiguous { .. } | Resolution::Orphan { .. } => false,
    }
}

impl Row<'_> {
    /// Returns where it goes when `accept` covers it.
    fn accepted(&self, accept: Accept) -> Option<(AnnotationId, usize, TextRange)> {
        let proposed = self.found.candidates().first().map(|best| best.range);
        let range = self.found.range().or(proposed)?;
        is_accepted(self.found, accept).then_some((self.id, self.segment, range))
    }

    fn line_of(&self, range: TextRange) -> String {
        self.text.line_col(range.start()).to_string()
    }

    /// Returns what led there, and how like it is.
    fn reason(&self) -> String {
        let likeness = |best: &Candidate| {
            format!(
                "{}, wording {:.2}, context {:.2}",
                best.rung.word(),
                best.wording,
                best.context
            )
        };
        match self.found {
            Resolution::Exact { rung, .. } => rung.word().to_owned(),
            Resolution::Moved { rung, context, .. } => {
                format!("{}, context {context:.2}", rung.word())
            }
            Resolution::Changed { best } => likeness(best),
            Resolution::Ambiguous { candidates } => output::count(candidates.len(), "place"),
            Resolution::Orphan {
                best: Some(best), ..
            } => format!("nearest: {}", likeness(best)),
            Resolution::Orphan { best: None, .. } => "nothing similar".to_owned(),
        }
    }

    fn cells(&self) -> Vec<String> {
        let place = self.found.range().map(|range| self.line_of(range));
        let candidates = self.found.candidates().iter().take(3);
        let guesses: Vec<String> = candidates
            .map(|best| format!("?{}", self.line_of(best.range)))
            .collect();
        vec![
            self.found.word().to_owned(),
            self.selector.position.start.get().to_string(),
            place.unwrap_or_else(|| {
                if guesses.is_empty() {
                    "-".to_owned()
                } else {
                    guesses.join(" ")
                }
            }),
            self.reason(),
            output::one_line(&self.selector.quote.exact, 60),
        ]
    }
}

fn table(rows: &[Row<'_>], output: &mut Output<'_>) -> Result<(), CliError> {
    let head = ["result", "old place", "new place", "reason", "quote"]
        .map(str::to_owned)
        .to_vec();
    let cells: Vec<Vec<String>> = std::iter::once(head)
        .chain(rows.iter().map(Row::cells))
        .collect();
    let lines = columns::table(&cells);
    let diffs = std::iter::once(None).chain(
        rows.iter()
            .map(|row| row.found.diff(row.text, row.selector)),
    );
    for (line, diff) in lines.iter().zip(diffs) {
        output.line(format_args!("{line}"))?;
        if let Some(diff) = diff {
            output.line(format_args!("    {}", diff_line(&diff)))?;
        }
    }
    Ok(())
}

/// Returns a word diff on one line, as wdiff writes it: `[-taken out-]` and `{+put in+}`.
pub fn diff_line(diff: &[WordChange]) -> String {
    let shown = |words: &str| output::one_line(words, 200);
    let parts: Vec<String> = diff
        .iter()
        .map(|change| match change {
            WordChange::Kept(words) => shown(words),
            WordChange::Removed(words) => format!("[-{}-]", shown(words)),
            WordChange::Added(words) => format!("{{+{}+}}", shown(words)),
        })
        .collect();
    parts.join(" ")
}

fn summary(rows: &[Row<'_>]) -> String {
    let words = ["exact", "moved", "changed", "ambiguous", "orphan"];
    let parts: Vec<String> = words
        .iter()
        .map(|word| {
            (
                word,
                rows.iter().filter(|row| row.found.word() == *word).count(),
            )
        })
        .filter(|(_, n)| *n > 0)
        .map(|(word, n)| format!("{n} {word}"))
        .collect();
    if parts.is_empty() {
        return "no annotations".to_owned();
    }
    format!(
        "{}: {}",
        output::count(rows.len(), "segment"),
        parts.join(", ")
    )
}

/// One segment as JSON; places are code points from 0, the end excluded.
#[derive(Serialize)]
struct JsonRow<'a> {
    id: String,
    segment: usize,
    resolution: &'static str,
    quote: &'a str,
    old: Place,
    new: Option<Place>,
    reason: String,
    candidates: Vec<JsonCandidate<'a>>,
    diff: Option<Vec<JsonChange>>,
}

#[derive(Serialize)]
struct Place {
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct JsonCandidate<'a> {
    place: Option<Place>,
    rung: &'static str,
    wording: f32,
    context: f32,
    score: f32,
    quote: &'a str,
}

/// One stretch of a word diff as JSON.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub enum JsonChange {
    /// Words of both.
    Kept(String),
    /// Words of the old text.
    Removed(String),
    /// Words of the new text.
    Added(String),
}

impl From<WordChange> for JsonChange {
    fn from(change: WordChange) -> Self {
        match change {
            WordChange::Kept(words) => Self::Kept(words),
            WordChange::Removed(words) => Self::Removed(words),
            WordChange::Added(words) => Self::Added(words),
        }
    }
}

fn json(rows: &[Row<'_>], output: &mut Output<'_>) -> Result<(), CliError> {
    let rows: Vec<JsonRow<'_>> = rows
        .iter()
        .map(|row| {
            let place = |range: TextRange| {
                let chars = |offset| row.text.to_char(offset).ok().map(|offset| offset.get());
                let (start, end) = chars(range.start()).zip(chars(range.end()))?;
                Some(Place { start, end })
            };
            let candidate = |best: &Candidate| JsonCandidate {
                place: place(best.range),
                rung: best.rung.word(),
                wording: best.wording,
                context: best.context,
                score: best.score(),
                quote: row.text.slice_or_empty(best.range),
            };
            let diff = row.found.diff(row.text, row.selector);
            JsonRow {
                id: row.id.to_string(),
                segment: row.segment,
                resolution: row.found.word(),
                quote: &row.selector.quote.exact,
                old: Place {
                    start: row.selector.position.start.get(),
                    end: row.selector.position.end.get(),
                },
                new: row.found.range().and_then(place),
                reason: row.reason(),
                candidates: row.found.candidates().iter().map(candidate).collect(),
                diff: diff.map(|diff| diff.into_iter().map(JsonChange::from).collect()),
            }
        })
        .collect();
    output.json(&rows)
}
