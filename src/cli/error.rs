//! Errors of commands. A message of several lines lists the choices.

use super::Exit;
use crate::{
    agreement::AgreementError,
    annotation::{AnnotationId, TagId, Timestamp},
    edit::EditError,
    files::{FileError, git::GitError, unmerged::VersionError},
};
use std::io;

/// A command that failed. No file has changed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The output could not be written.
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The files cannot be compared.
    #[error(transparent)]
    Agreement(#[from] AgreementError),
    /// The edit does not fit the article.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// The annotation file may be shown, not written.
    #[error("cannot change the annotations: {why}: `{path}`")]
    ReadOnly {
        /// The file, escaped.
        path: String,
        /// Why not.
        why: String,
    },
    /// The wording is not in the article.
    #[error("the quote is not in the article; {}: `{quote}`", if .found.is_empty() {
        "its first word does not occur either".to_owned()
    } else {
        format!("its longest beginning in the article is `{found}`")
    })]
    QuoteNotFound {
        /// The wording, shortened.
        quote: String,
        /// As many of its first words as occur, shortened from the left.
        found: String,
    },
    /// The wording is in the article several times.
    #[error("the quote occurs {n_places} times; choose one with --nth N after the quote: `{quote}`{}", list(.places, *.n_places))]
    QuoteRepeated {
        /// The wording, shortened.
        quote: String,
        /// How often.
        n_places: usize,
        /// The first of the places, each as number, line:column and context.
        places: Vec<String>,
    },
    /// There are fewer places than asked for.
    #[error("the quote has no occurrence {nth}, only {n_places}: `{quote}`")]
    NoSuchOccurrence {
        /// The wording, shortened.
        quote: String,
        /// The one asked for, from 1.
        nth: usize,
        /// How many there are.
        n_places: usize,
    },
    /// The place is not in the article.
    #[error("{start}..{end} is outside the article, which has {length} code points")]
    SpanOutside {
        /// Start in code points.
        start: usize,
        /// End in code points.
        end: usize,
        /// Length of the article in code points.
        length: usize,
    },
    /// Two segments of one annotation share text.
    #[error("two segments of the annotation overlap at {place}")]
    Overlap {
        /// Line and column of the second.
        place: String,
    },
    /// No tag has this name or id.
    #[error("unknown tag `{word}`; the tags are{}{}", list(.known, .known.len()), if *.may_be_made {
        "\n--new-tag creates a new one"
    } else {
        ""
    })]
    UnknownTag {
        /// What was asked for.
        word: String,
        /// Ids and names of those there are.
        known: Vec<String>,
        /// Whether the command could make it.
        may_be_made: bool,
    },
    /// The word cannot be a tag's name.
    #[error("`{word}` cannot be a tag name; use a letter at least and 100 bytes at most")]
    BadTag {
        /// What was asked for.
        word: String,
    },
    /// The wrong number of files to merge.
    #[error("{}, not {n_files}", if *.three {
        "merge needs three files, BASE OURS THEIRS (or --no-base or --layers)"
    } else {
        "merge needs two files or more"
    })]
    MergeFiles {
        /// Whether with a common beginning.
        three: bool,
        /// How many were given.
        n_files: usize,
    },
    /// An annotation file and a collection were given together.
    #[error("annotation files cannot be merged or compared with collections")]
    MixedKinds,
    /// The file to overwrite is of another kind.
    #[error(
        "an annotation file cannot replace a collection, nor a collection an annotation file; choose another name: `{path}`"
    )]
    OtherKindThere {
        /// The file, escaped.
        path: String,
    },
    /// An annotation file or a collection was given instead of an article.
    #[error("this is an annotation file or a collection; name the article instead: `{path}`")]
    NotAnArticle {
        /// The file, escaped.
        path: String,
    },
    /// Files on articles that have nothing to do with each other.
    #[error(
        "the files annotate different articles, so they cannot be merged: `{one}` and `{other}`; for two editions of one article, first run `sourcemark reanchor FILE --to ARTICLE`"
    )]
    DifferentArticles {
        /// Name of the article of one file.
        one: String,
        /// Name of the article of the other.
        other: String,
    },
    /// A file of which git has no two sides.
    #[error(
        "git has no two sides of this file to merge; if the conflict was committed, `sourcemark salvage` reads both sides: `{path}`"
    )]
    NotUnmerged {
        /// The file, escaped.
        path: String,
    },
    /// A side that git keeps cannot be read.
    #[error(
        "one side cannot be read, so nothing was merged; `git show :2:./FILE` and `git show :3:./FILE` show both sides: {error}: `{path}`"
    )]
    Version {
        /// The file, escaped.
        path: String,
        /// Why not.
        error: VersionError,
    },
    /// No conflict id, or more than one, begins so.
    #[error("{}; `sourcemark conflicts` lists the ids", ids(*.n_found, "conflict", "conflicts", .written))]
    WhichConflict {
        /// What was asked for.
        written: String,
        /// How many there are.
        n_found: usize,
    },
    /// The conflict whose id begins so is no longer open.
    #[error(
        "the conflict `{written}` was settled on {when}; `sourcemark conflicts` lists the open conflicts"
    )]
    SettledBefore {
        /// What was asked for.
        written: String,
        /// When it was settled.
        when: Timestamp,
    },
    /// The conflict has no such side.
    #[error("unknown side `{take}`; use ours, theirs, both, a number or a name{}", list(.sides, .sides.len()))]
    WhichSide {
        /// What was asked for.
        take: String,
        /// The names there are.
        sides: Vec<String>,
    },
    /// The text is neither a day nor a time.
    #[error("`{written}` is not a date such as 2026-03-01")]
    NoDate {
        /// What was asked for.
        written: String,
    },
    /// No tag, speaker or claim has the id.
    #[error("no tag, speaker or claim has the id `{written}`")]
    NoSuchRecord {
        /// What was asked for.
        written: String,
    },
    /// The folder has no annotation file.
    #[error("the folder has no annotation file: `{folder}`")]
    NothingToCollect {
        /// The folder, escaped.
        folder: String,
    },
    /// The collection would name files outside its folder.
    #[error(
        "a collection can name only files below its own folder; write it to `{folder}` or a folder above: `{output}`"
    )]
    OutsideCollection {
        /// The folder of the annotation files, escaped.
        folder: String,
        /// Where the collection was to be written, escaped.
        output: String,
    },
    /// git failed.
    #[error(transparent)]
    Git(#[from] GitError),
    /// The path of this program cannot be written into git's configuration.
    #[error(
        "git cannot run Sourcemark from this path, which is not UTF-8; move the program: `{path}`"
    )]
    OddProgramPath {
        /// The path, escaped.
        path: String,
    },
    /// The annotator has no name.
    #[error("the annotator has no name; add --creator NAME, or set SOURCEMARK_CREATOR")]
    NoCreator,
    /// The file has no annotation of this id.
    #[error("the file has no annotation `{written}`; `sourcemark list` prints the ids")]
    NoSuchId {
        /// What was asked for.
        written: String,
    },
    /// Several annotations have ids that begin so.
    #[error("the ids of {n_found} annotations begin with `{written}`; type more of the id")]
    WhichAnnotation {
        /// What was asked for.
        written: String,
        /// How many there are.
        n_found: usize,
    },
    /// The annotation has no comment of this number.
    #[error("annotation {id} has no comment {number}; it has {}{}", .comments.len(), list(.comments, .comments.len()))]
    NoSuchComment {
        /// The annotation.
        id: AnnotationId,
        /// The number asked for, from 1.
        number: usize,
        /// The comments there are, numbered.
        comments: Vec<String>,
    },
    /// Several annotations cannot have one passage, nor be linked to one by one command.
    #[error("--{option} changes one annotation, but you named {n_meant}")]
    OneAnnotation {
        /// The option that was given.
        option: &'static str,
        /// How many were named.
        n_meant: usize,
    },
    /// The article is needed but missing.
    #[error(
        "the article `{article}` is not beside the annotation file, so no passage can be found: `{path}`"
    )]
    NoArticle {
        /// The name of the article, escaped.
        article: String,
        /// The annotation file, escaped.
        path: String,
    },
    /// No article has two annotators.
    #[error(
        "no article has files of two annotators; name files of at least two annotators on one article"
    )]
    NobodyToSettle,
    /// Files on one article in two wordings.
    #[error(
        "the files annotate different editions of `{article}`; first run `sourcemark reanchor FILE --to ARTICLE` for: `{path}`"
    )]
    OtherWordings {
        /// The article, escaped.
        article: String,
        /// The file, escaped.
        path: String,
    },
    /// The agreed file would be written over an annotator's.
    #[error(
        "--output is an annotator's own file, which settle never changes; choose another name: `{path}`"
    )]
    OverAnnotator {
        /// The file, escaped.
        path: String,
    },
    /// A collection names files elsewhere.
    #[error(
        "the collection names a file outside its folder, which Sourcemark does not read: `{path}`"
    )]
    OutsideFolder {
        /// The collection, escaped.
        path: String,
    },
    /// Several articles are settled into a folder.
    #[error("--output must be a folder to settle {n_articles} articles: `{path}`")]
    NotAFolder {
        /// How many there are.
        n_articles: usize,
        /// What was given, escaped.
        path: String,
    },
    /// A new agreed file must be called like an annotation file.
    #[error("--output must end with `.ron`; choose another name: `{path}`")]
    NotAnAnnotationFile {
        /// What was given, escaped.
        path: String,
    },
    /// A table that only a comparison with a key has, or only one without.
    #[error("no table `{table}` {}", if *.with_key { "with --key; name pupils, passages, disagreements or confusion" } else { "without --key" })]
    NoSuchTable {
        /// What was asked for.
        table: &'static str,
        /// Whether there is a key.
        with_key: bool,
    },
    /// No difference, or more than one, begins so.
    #[error("{}; `sourcemark settle` lists the differences", ids(*.n_found, "difference or mark", "differences or of their marks", .written))]
    WhichDifference {
        /// What was asked for.
        written: String,
        /// How many there are.
        n_found: usize,
    },
    /// The difference has nothing of the kind.
    #[error("the difference `{id}` has no `{take}`; it has {n_marks} marks")]
    NothingToTake {
        /// What was asked for.
        take: String,
        /// The difference.
        id: String,
        /// How many marks it has.
        n_marks: usize,
    },
    /// The word names no side.
    #[error("unknown answer `{take}`; use a side, both, neither, agreed or the number of a mark{}", list(.sides, .sides.len()))]
    WhichPick {
        /// What was asked for.
        take: String,
        /// Letter and name of each side.
        sides: Vec<String>,
    },
    /// A line of a file of answers is none.
    #[error("line {line} is not an answer: {why}: `{path}`")]
    BadAnswer {
        /// The file, escaped.
        path: String,
        /// The line, from 1.
        line: usize,
        /// Why not.
        why: String,
    },
    /// No annotation is at this place.
    #[error("no annotation is at this place{}", .tag.as_ref().map_or(String::new(), |tag| format!(" with the tag `{tag}`")))]
    NothingThere {
        /// The tag it should have.
        tag: Option<TagId>,
    },
    /// Several annotations are at this place.
    #[error("{} annotations are at this place; choose one with --id{}", .found.len(), list(.found, .found.len()))]
    SeveralThere {
        /// Id, place and tags of each.
        found: Vec<String>,
    },
    /// The annotation does not carry the tag.
    #[error("annotation {id} does not have the tag `{tag}`")]
    NotTagged {
        /// The annotation.
        id: AnnotationId,
        /// The tag.
        tag: TagId,
    },
    /// The text given as the old one is another.
    #[error("--old is not the text that was annotated; give that text, or omit --old: `{path}`")]
    NotTheOldText {
        /// The file, escaped.
        path: String,
    },
    /// Finding the passages in the article was stopped.
    #[error("the search for the passages was stopped")]
    Stopped,
    /// The article has no such paragraphs.
    #[error("the article has {n_paragraphs} paragraphs, and none from {from} to {to}")]
    NoSuchParagraphs {
        /// First asked for, from 1.
        from: usize,
        /// Last asked for.
        to: usize,
        /// How many there are.
        n_paragraphs: usize,
    },
    /// The picture would be too high.
    #[error(
        "the picture would be {height_px} pixels high, and the limit is {limit_px}; choose fewer paragraphs with --from and --to, or a smaller --scale"
    )]
    TooHigh {
        /// Its height in pixels, estimated when it is far too high.
        height_px: i64,
        /// The limit in pixels.
        limit_px: i64,
    },
    /// The picture could not be made.
    #[error("cannot draw the picture: {0}")]
    Picture(Box<dyn std::error::Error + Send + Sync>),
    /// The program was built without its window.
    #[error(
        "this build of the program has no window and cannot draw; build it with its default features"
    )]
    NoWindow,
}

impl CliError {
    /// Returns the exit code of the error.
    pub fn exit(&self) -> Exit {
        match self {
            // `sourcemark list … | head` ends when head has enough; that is no failure.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
            Self::MergeFiles { .. }
            | Self::WhichSide { .. }
            | Self::NoDate { .. }
            | Self::NoCreator
            | Self::OneAnnotation { .. }
            | Self::WhichPick { .. }
            | Self::NothingToTake { .. }
            | Self::NoSuchTable { .. }
            | Self::Agreement(AgreementError::TwoKeys { .. })
            | Self::NobodyToSettle
            | Self::NotAFolder { .. }
            | Self::NotAnArticle { .. }
            | Self::OverAnnotator { .. }
            | Self::NotAnAnnotationFile { .. }
            | Self::UnknownTag { .. }
            | Self::BadTag { .. } => Exit::Usage,
            _ => Exit::Failed,
        }
    }
}

/// Returns how many ids begin with `written`.
fn ids(n_found: usize, one: &str, several: &str, written: &str) -> String {
    match n_found {
        0 => format!("no {one} has an id that begins with `{written}`"),
        n => format!("the ids of {n} {several} begin with `{written}`"),
    }
}

/// Returns the lines below a message, and how many more there would be.
fn list(lines: &[String], n_all: usize) -> String {
    let mut out: String = lines.iter().map(|line| format!("\n  {line}")).collect();
    if n_all > lines.len() {
        out.push_str(&format!("\n  and {} more", n_all - lines.len()));
    }
    out
}
