//! `check`: reports problems in annotation files, each with its place, one on each line.

use super::{
    CliError, Env, Exit, Output,
    args::CheckArgs,
    check_collection::problems,
    check_files::{Named, all_files},
    opened::{self, load_existing, text_of},
    output,
    same_marks::SameMarks,
    several::OpenFile,
    unmerged::{UnmergedFiles, left},
};
use crate::{
    anchor::Resolution,
    annotation::{Annotation, Marks},
    files::{
        Action, AnnotationsFile, Disk, FileError, FileErrorKind, annotations_beside,
        is_annotations, is_collection, read_bytes,
        unmerged::{MergeLeft, Unmerged},
    },
    format::{FormatErrorKind, ron::Trailer},
    text::{ByteOffset, EditionId, LineCol, SourceText, boundary::snap},
};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

/// Checks each file and prints its problems.
///
/// # Errors
/// When the output is closed. A file that cannot be read is a line of the output.
pub fn run(args: &CheckArgs, output: &mut Output<'_>, env: &Env) -> Result<Exit, CliError> {
    let (mut worst, mut n_problems, mut n_annotations) = (Exit::Done, 0, 0);
    let (mut is_damaged, mut merged_as_lines) = (false, None);
    let (mut n_without_article, mut n_to_add) = (0, 0);
    let mut unmerged = UnmergedFiles::default();
    let mut same_marks = SameMarks::default();
    let Named {
        files: paths,
        passed_over,
    } = all_files(&env.disk, &args.files);
    for (folder, why) in &passed_over {
        worst = Exit::Failed;
        n_problems += 1;
        output.line(format_args!("{}:1:1: {why}", output::path(folder)))?;
    }
    for path in &paths {
        let path = path.clone();
        let mut report = check(&env.disk, &path, &mut same_marks);
        report.copies(&env.disk, &path);
        if let Some(file) = unmerged.get(&path) {
            report.unmerged(&env.disk, file, &path);
        }
        for problem in &report.problems {
            let Problem { place, message } = problem;
            output.line(format_args!("{}:{place}: {message}", output::path(&path)))?;
        }
        worst = worst.max(report.exit);
        n_problems += report.problems.len();
        n_annotations += report.n_annotations;
        is_damaged |= report.is_damaged && !report.can_be_merged_again;
        n_to_add += usize::from(report.is_to_be_added);
        n_without_article += usize::from(report.is_without_article);
        if report.is_merged_as_lines && report.can_be_merged_again && merged_as_lines.is_none() {
            merged_as_lines = Some(path);
        }
    }
    for shared in same_marks.found() {
        if shared.of_one_article {
            let path = output::path(&shared.other);
            output.remark(format_args!("{}: `{path}`", shared.in_words()));
            continue;
        }
        worst = worst.max(Exit::Differences);
        n_problems += 1;
        let path = output::path(&shared.other);
        output.line(format_args!("{path}:1:1: {}", shared.in_words()))?;
    }
    output.finish()?;
    if let Some(path) = merged_as_lines {
        output.remark(format_args!(
            "git merged the file line by line because Sourcemark was not set up; run `sourcemark git install`, then `sourcemark git resolve {}`",
            output::typed(&path)
        ));
    }
    if n_to_add > 0 {
        let files = output::count(n_to_add, "file");
        output.remark(format_args!(
            "git waits for a merge result in {files}; run `git add`"
        ));
    }
    if n_without_article > 0 {
        let files = output::count(n_without_article, "file");
        output.remark(format_args!(
            "the article of {files} is missing, so no passage was checked; it may have been renamed"
        ));
    }
    if is_damaged {
        output.remark(format_args!(
            "`sourcemark salvage FILE -o COPY` recovers a damaged file into a copy"
        ));
    }
    output.remark(format_args!(
        "{} checked, {}, {}",
        output::count(paths.len(), "file"),
        output::count(n_annotations, "annotation"),
        if n_problems == 0 {
            "no problem".to_owned()
        } else {
            output::count(n_problems, "problem")
        },
    ));
    Ok(worst)
}

/// Returns the annotation file that an argument names: itself, or the one beside the article. A collection, or a copy
/// under any name that ends in `.ron`, is named by itself.
pub fn annotations_path(disk: &Disk, file: &Path) -> PathBuf {
    if is_annotations(file) {
        return file.to_owned();
    }
    let beside = annotations_beside(file);
    // An article may have such a name too, and has its annotations beside it then.
    let is_itself = is_ron(file) && (!beside.exists() || OpenFile::on(disk, file).is_ok());
    if is_itself { file.to_owned() } else { beside }
}

/// Returns whether the name ends like those of annotation files and collections.
pub fn is_ron(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("ron"))
}

struct Problem {
    place: LineCol,
    message: String,
}

#[derive(Default)]
struct Report {
    problems: Vec<Problem>,
    n_annotations: usize,
    /// Whether it could not be read, but some of it might be.
    is_damaged: bool,
    /// Whether it has the marks that git leaves between two versions of lines.
    is_merged_as_lines: bool,
    /// Whether git has both sides of a merge that did not come to an end.
    can_be_merged_again: bool,
    /// Whether git waits for it, and both sides are in it.
    is_to_be_added: bool,
    /// Whether there is no article to look its passages up in.
    is_without_article: bool,
    exit: Exit,
}

impl Report {
    /// Says of a file that git has not merged what is left to do.
    fn unmerged(&mut self, disk: &Disk, file: &Unmerged, path: &Path) {
        self.can_be_merged_again = file.has_two_sides();
        let Ok(left) = left(disk, file, path) else {
            // It cannot be read, which was said already.
            return;
        };
        self.is_to_be_added = left == MergeLeft::Whole && !file.is_added;
        if let Some(message) = left.in_words(&output::typed(path)) {
            let place = LineCol { line: 0, column: 0 };
            self.problems.insert(0, Problem { place, message });
            self.exit = self.exit.max(Exit::Differences);
        }
    }

    /// Adds the other versions that are beside the file at `path`.
    fn copies(&mut self, disk: &Disk, path: &Path) {
        for copy in disk.conflict_copies(path) {
            let name = copy.path.file_name().unwrap_or_default();
            let name = output::one_line(&name.to_string_lossy(), 300);
            self.problems.push(Problem {
                place: LineCol { line: 0, column: 0 },
                message: format!(
                    "the file has a conflict copy `{name}`; merge it into the file, or remove it"
                ),
            });
            self.exit = self.exit.max(Exit::Differences);
        }
    }
}

fn check(disk: &Disk, path: &Path, same_marks: &mut SameMarks) -> Report {
    let mut checker = match load_existing(disk, path).and_then(|file| Checker::new(path, file)) {
        Ok(checker) => checker,
        Err(error) if is_collection(&error) => return collection(disk, path),
        Err(error) => {
            return Report {
                problems: vec![unreadable(&error)],
                is_damaged: matches!(&error.kind, FileErrorKind::Format(format) if format.kind.is_damage()),
                is_merged_as_lines: matches!(
                    &error.kind,
                    FileErrorKind::Format(format) if matches!(format.kind, FormatErrorKind::Conflict { .. })
                ),
                exit: Exit::Failed,
                ..Report::default()
            };
        }
    };
    same_marks.add(path, &checker.file.set);
    checker.file();
    checker.article(path);
    let mut report = checker.report;
    report.n_annotations = checker.file.set.annotations.len();
    report.problems.sort_by_key(|problem| problem.place);
    if !report.problems.is_empty() {
        report.exit = report.exit.max(Exit::Differences);
    }
    report
}

fn collection(disk: &Disk, path: &Path) -> Report {
    let place = LineCol { line: 0, column: 0 };
    match problems(disk, path) {
        Ok(found) => Report {
            exit: match found.is_empty() {
                true => Exit::Done,
                false => Exit::Differences,
            },
            problems: found
                .into_iter()
                .map(|message| Problem { place, message })
                .collect(),
            ..Report::default()
        },
        Err(error) => Report {
            problems: vec![unreadable(&error)],
            exit: Exit::Failed,
            ..Report::default()
        },
    }
}

/// Returns a file that cannot be read, at the place that stops the reader.
fn unreadable(error: &FileError) -> Problem {
    let start = LineCol { line: 0, column: 0 };
    match &error.kind {
        FileErrorKind::Format(format) => Problem {
            place: LineCol {
                line: format.line.saturating_sub(1),
                column: format.column.saturating_sub(1),
            },
            message: match format.text.as_str() {
                "" => format.kind.to_string(),
                text => format!("{}: `{text}`", format.kind),
            },
        },
        other => Problem {
            place: start,
            message: format!("{}: {other}", error.action),
        },
    }
}

struct Checker {
    file: AnnotationsFile,
    /// The file as it is written, to name the place of a record.
    written: SourceText,
    /// Where the field `id` first says what.
    places: HashMap<String, LineCol>,
    report: Report,
}

impl Checker {
    fn new(path: &Path, file: AnnotationsFile) -> Result<Self, FileError> {
        let fail = |kind| FileError {
            action: Action::OpenAnnotations,
            path: path.to_owned(),
            kind,
        };
        let bytes = read_bytes(path)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let written = SourceText::new(text).map_err(|error| fail(error.into()))?;
        Ok(Self {
            places: places_of_ids(&written),
            file,
            written,
            report: Report::default(),
        })
    }

    fn add(&mut self, place: LineCol, message: String) {
        self.report.problems.push(Problem { place, message });
    }

    fn at_id(&self, id: &str) -> LineCol {
        self.places
            .get(id)
            .copied()
            .unwrap_or(LineCol { line: 0, column: 0 })
    }

    /// Returns where the name of a field first is at the start of a line.
    fn at_field(&self, name: &str) -> LineCol {
        let text = self.written.as_str();
        let starts = memchr::memmem::find_iter(text.as_bytes(), name.as_bytes());
        let mut fields = starts.filter(|at| {
            let before = text.get(..*at).unwrap_or_default();
            before.trim_end_matches(' ').ends_with('\n')
        });
        let at = fields.next().unwrap_or(0);
        self.written.line_col(ByteOffset::new(at))
    }

    /// Checks version, trailer and records of the file.
    fn file(&mut self) {
        if let Some(why) = self.file.read_only.clone() {
            self.add(self.at_field("version:"), why);
        }
        if self.file.trailer == Trailer::Wrong {
            let message = "the file was changed after Sourcemark wrote it, by hand or by damage; if the content is right, `sourcemark fmt` accepts it";
            self.add(self.at_field("// end"), message.to_owned());
        }
        for finding in std::mem::take(&mut self.file.findings) {
            // The record is named by its kind and its id.
            let id = finding.place.split_whitespace().last().unwrap_or_default();
            let place = self.at_id(id);
            self.add(place, finding.to_string());
        }
    }

    /// Checks the passages in the article.
    fn article(&mut self, path: &Path) {
        let set = self.file.set.clone();
        if let Some(embedded) = &set.article.embedded_text
            && EditionId::of(embedded) != set.article.edition
        {
            let message = "the embedded text does not match its hash";
            self.add(self.at_field("hash:"), message.to_owned());
        }
        let text = match text_of(path, &set) {
            Ok(Some(text)) => text,
            Ok(None) => {
                self.report.is_without_article = true;
                return;
            }
            Err(error) => {
                self.add(self.at_field("file_name:"), error.to_string());
                self.report.exit = Exit::Failed;
                return;
            }
        };
        if text.edition() != set.article.edition {
            let name = output::one_line(&set.article.file_name, 100);
            let message = match differs_in_line_endings(&text, set.article.edition) {
                true => format!(
                    "the line endings of the article `{name}` differ from those of the annotated text; in a git repository, `*.txt -text` in .gitattributes keeps them"
                ),
                false => format!(
                    "the article `{name}` has changed since it was annotated: it has {} code points, and had {}",
                    text.n_chars(),
                    set.article.n_chars
                ),
            };
            self.add(self.at_field("hash:"), message);
        }
        let Ok(workspace) = opened::workspace(&text, set.clone()) else {
            return;
        };
        for annotation in set.annotations.values() {
            for message in passages(workspace.marks(), annotation) {
                let place = self.at_id(&annotation.id.to_string());
                self.add(place, message);
            }
        }
    }
}

/// Returns whether `edition` is `text` with the line endings of another system.
fn differs_in_line_endings(text: &SourceText, edition: EditionId) -> bool {
    let unix = text.as_str().replace("\r\n", "\n");
    EditionId::of(&unix) == edition || EditionId::of(&unix.replace('\n', "\r\n")) == edition
}

/// Returns the problems of segments that are not where they were marked.
fn passages(marks: &Marks, annotation: &Annotation) -> Vec<String> {
    let Some(placement) = marks.placement(annotation.id) else {
        return Vec::new();
    };
    let text = marks.text();
    let segments = annotation.segments.iter().zip(&placement.segments);
    segments
        .flat_map(|(selector, resolution)| {
            let quote = output::one_line(&selector.quote.exact, 60);
            let stood = selector.position.start.get();
            let whole = resolution.range().map(|range| (range, snap(text, range)));
            let cut = whole
                .filter(|(range, whole)| range != whole)
                .map(|_| format!("the passage begins or ends inside a character: `{quote}`"));
            let place = match resolution {
                Resolution::Exact { .. } => None,
                Resolution::Moved { range, .. } => Some(format!(
                    "the passage moved from code point {stood} to {}: `{quote}`",
                    text.line_col(range.start())
                )),
                Resolution::Ambiguous { candidates } => Some(format!(
                    "the passage may be in any of {} places: `{quote}`",
                    candidates.len()
                )),
                Resolution::Changed { best } => Some(format!(
                    "the passage changed; it may be the one at {}: `{quote}`",
                    text.line_col(best.range.start())
                )),
                Resolution::Orphan { .. } => Some(format!(
                    "the passage is no longer in the article: `{quote}`"
                )),
            };
            place.into_iter().chain(cut)
        })
        .collect()
}

/// Returns where each id is first given to a record, by one pass over the file.
fn places_of_ids(written: &SourceText) -> HashMap<String, LineCol> {
    let text = written.as_str();
    let mut places = HashMap::new();
    for at in memchr::memmem::find_iter(text.as_bytes(), b"id") {
        let value = text
            .get(at + 2..)
            .and_then(|rest| rest.trim_start().strip_prefix(':'))
            .and_then(|rest| rest.trim_start().strip_prefix('"'))
            .and_then(|rest| rest.get(..rest.find('"')?));
        if let Some(value) = value {
            let place = || written.line_col(ByteOffset::new(at));
            places.entry(value.to_owned()).or_insert_with(place);
        }
    }
    places
}
