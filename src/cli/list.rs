//! `list`: the annotations of an article, in reading order; those that were not found come last.

use super::{
    CliError, Env, Exit, Output,
    args::ListArgs,
    check::annotations_path,
    columns,
    opened::{self, Opened},
    output, tag_words,
};
use crate::{
    annotation::{Annotation, AnnotationSet, Marks, Placement, TagId},
    files::article_of,
    format::csv::{self, Spreadsheet},
    text::{SourceText, TextRange},
};
use serde::Serialize;

/// Prints a table, JSON or comma-separated values.
///
/// # Errors
/// When a file cannot be read, a tag is not known, or the output is closed.
pub fn run(args: &ListArgs, output: &mut Output<'_>, env: &Env) -> Result<Exit, CliError> {
    // A copy under another name, such as `salvage` writes, is an annotation file too.
    let stands_alone = annotations_path(&env.disk, &args.file) == args.file
        && !article_of(&args.file).is_some_and(|article| article.exists());
    let (set, marks) = if stands_alone {
        let set = opened::load_existing(&env.disk, &args.file)?.set;
        let text = opened::text_of(&args.file, &set)?;
        let marks = text.and_then(|text| Marks::find(&text, &set, &|| true));
        if marks.is_none() {
            output.remark(format_args!(
                "the article `{}` is not beside the annotation file, so no passage was looked up",
                output::one_line(&set.article.file_name, 100)
            ));
        }
        (set, marks)
    } else {
        let opened = Opened::open(&env.disk, &args.file, args.encoding.forced.as_deref())?;
        opened.remark(output);
        let workspace = opened.workspace;
        (workspace.set().clone(), Some(workspace.marks().clone()))
    };
    let wanted = args.tags.iter().map(|word| tag_words::find(&set, word));
    let wanted = wanted.collect::<Result<Vec<TagId>, _>>()?;
    let rows: Vec<Row<'_>> = in_order(&set, marks.as_ref())
        .into_iter()
        .filter(|annotation| wanted.is_empty() || wanted.iter().any(|tag| annotation.has_tag(tag)))
        .map(|annotation| Row::new(&set, marks.as_ref(), annotation))
        .collect();
    if args.json {
        output.json(&rows)?;
        return Ok(Exit::Done);
    }
    if args.csv {
        let reader = if args.raw {
            Spreadsheet::Raw
        } else {
            Spreadsheet::Safe
        };
        return csv(&rows, &set, reader, output);
    }
    if rows.is_empty() {
        output.remark(format_args!("no annotations"));
    }
    let cells: Vec<Vec<String>> = rows.iter().map(|row| row.cells(&set)).collect();
    for line in columns::table(&cells) {
        output.line(format_args!("{line}"))?;
    }
    Ok(Exit::Done)
}

fn in_order<'a>(set: &'a AnnotationSet, marks: Option<&Marks>) -> Vec<&'a Annotation> {
    let start = |annotation: &Annotation| -> Option<TextRange> {
        marks?.placement(annotation.id)?.first_range()
    };
    let mut found: Vec<_> = set
        .annotations
        .values()
        .map(|annotation| (start(annotation), &**annotation))
        .collect();
    found.sort_by_key(|(start, annotation)| (start.is_none(), *start, annotation.id));
    found
        .into_iter()
        .map(|(_, annotation)| annotation)
        .collect()
}

/// One annotation as JSON.
#[derive(Serialize)]
struct Row<'a> {
    id: String,
    start: Option<usize>,
    end: Option<usize>,
    segments: Vec<Segment<'a>>,
    quote: String,
    tags: Vec<&'a str>,
    speaker: &'a str,
    note: &'a str,
    creator: &'a str,
    created: String,
    resolution: &'static str,
    #[serde(skip)]
    place: String,
}

/// One of its segments; start and end are null when it was not found.
#[derive(Serialize)]
struct Segment<'a> {
    start: Option<usize>,
    end: Option<usize>,
    quote: &'a str,
    resolution: &'static str,
}

impl<'a> Row<'a> {
    fn new(set: &'a AnnotationSet, marks: Option<&Marks>, annotation: &'a Annotation) -> Self {
        let placement: Option<(&SourceText, &Placement)> =
            marks.and_then(|marks| Some((marks.text(), marks.placement(annotation.id)?)));
        let chars = |range: Option<TextRange>| {
            let (text, range) = placement.map(|(text, _)| text).zip(range)?;
            let count = |offset| text.to_char(offset).ok().map(|offset| offset.get());
            count(range.start()).zip(count(range.end()))
        };
        let segment = |idx: usize| placement.and_then(|(_, placement)| placement.segments.get(idx));
        let segments = annotation
            .segments
            .iter()
            .enumerate()
            .map(|(idx, selector)| {
                let found = chars(segment(idx).and_then(|found| found.range())).unzip();
                Segment {
                    start: found.0,
                    end: found.1,
                    quote: &selector.quote.exact,
                    resolution: segment(idx).map_or("orphan", |found| found.word()),
                }
            });
        let first = placement.and_then(|(text, placement)| Some((text, placement.first_range()?)));
        let (start, end) = chars(first.map(|(_, range)| range)).unzip();
        Self {
            id: annotation.id.to_string(),
            start,
            end,
            segments: segments.collect(),
            quote: annotation.quote(),
            tags: annotation.tags.iter().map(TagId::as_str).collect(),
            speaker: set.speaker_name(annotation),
            note: &annotation.note,
            creator: set
                .agents
                .get(&annotation.creator)
                .map_or("", |agent| agent.name.as_str()),
            created: annotation.created.to_string(),
            resolution: placement.map_or("orphan", |(_, placement)| placement.word()),
            place: first.map_or("-".to_owned(), |(text, range)| {
                text.line_col(range.start()).to_string()
            }),
        }
    }

    fn tag_names(&self, set: &AnnotationSet) -> Vec<String> {
        let name = |tag: &&str| {
            let id = TagId::parse(tag);
            id.map_or_else(|| (*tag).to_owned(), |id| set.tag_name(&id).to_owned())
        };
        self.tags.iter().map(name).collect()
    }

    /// Returns place, tags, speaker, quote, note, resolution, id. What is empty is a hyphen, so that columns can be
    /// counted.
    fn cells(&self, set: &AnnotationSet) -> Vec<String> {
        let or_hyphen = |text: &str, max_chars: usize| {
            let shown = output::one_line(text, max_chars);
            if shown.is_empty() {
                "-".to_owned()
            } else {
                shown
            }
        };
        vec![
            self.place.clone(),
            or_hyphen(&self.tag_names(set).join(", "), 48),
            or_hyphen(self.speaker, 28),
            or_hyphen(&self.quote, 56),
            or_hyphen(self.note, 40),
            self.resolution.to_owned(),
            self.id.clone(),
        ]
    }
}

/// Headings of `list --csv`.
const COLUMNS: [&str; 10] = [
    "id",
    "place",
    "start",
    "end",
    "quote",
    "tags",
    "speaker",
    "note",
    "creator",
    "resolution",
];

fn csv(
    rows: &[Row<'_>],
    set: &AnnotationSet,
    reader: Spreadsheet,
    output: &mut Output<'_>,
) -> Result<Exit, CliError> {
    output.text(&csv::line(COLUMNS.into_iter(), reader))?;
    for row in rows {
        let number = |n: Option<usize>| n.map_or_else(String::new, |n| n.to_string());
        let (start, end) = (number(row.start), number(row.end));
        let tags = row.tag_names(set).join("; ");
        let cells = [
            row.id.as_str(),
            row.place.as_str(),
            start.as_str(),
            end.as_str(),
            row.quote.as_str(),
            tags.as_str(),
            row.speaker,
            row.note,
            row.creator,
            row.resolution,
        ];
        output.text(&csv::line(cells.into_iter(), reader))?;
    }
    Ok(Exit::Done)
}
