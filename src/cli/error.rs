//! Why a command was not carried out. A message of several lines lists what there is to choose from.

use super::Exit;
use crate::{
    agreement::AgreementError,
    annotation::{AnnotationId, TagId, Timestamp},
    edit::EditError,
    files::{FileError, git::GitError, unmerged::VersionError},
};
use std::io;

/// A command that came to nothing. No file has changed then.
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
        "not even its first word is".to_owned()
    } else {
        format!("the longest beginning of it that is there is `{found}`")
    })]
    QuoteNotFound {
        /// The wording, shortened.
        quote: String,
        /// As many of its first words as occur, shortened from the left.
        found: String,
    },
    /// The wording is in the article several times.
    #[error("the quote occurs {n_places} times; add --nth and a number after it: `{quote}`{}", list(.places, *.n_places))]
    QuoteRepeated {
        /// The wording, shortened.
        quote: String,
        /// How often.
        n_places: usize,
        /// The first of the places, each as number, line:column and context.
        places: Vec<String>,
    },
    /// There are fewer places than asked for.
    #[error("there is no occurrence {nth} of the quote, only {n_places}: `{quote}`")]
    NoSuchOccurrence {
        /// The wording, shortened.
        quote: String,
        /// The one asked for, from 1.
        nth: usize,
        /// How many there are.
        n_places: usize,
    },
    /// The place is not in the article.
    #[error("the article has {length} code points, so {start}..{end} is not a place in it")]
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
    /// No tag is called so.
    #[error("there is no tag `{word}`{}{}", list(.known, .known.len()), if *.may_be_made {
        "\n  a new one is made with --new-tag"
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
    #[error("`{word}` cannot be the name of a tag: it has no letter, or more than 100 bytes")]
    BadTag {
        /// What was asked for.
        word: String,
    },
    /// The wrong number of files to merge.
    #[error("{}, and {n_files} came", if *.three {
        "a merge takes three files, the common beginning, ours and theirs (or add --no-base or --layers)"
    } else {
        "two files or more are merged"
    })]
    MergeFiles {
        /// Whether with a common beginning.
        three: bool,
        /// How many came.
        n_files: usize,
    },
    /// Annotation files and collections in one merge.
    #[error("annotation files and collections cannot be put together")]
    MixedKinds,
    /// What would be overwritten is of another kind.
    #[error(
        "there is an annotation file or a collection where the other is to be written; choose another name: `{path}`"
    )]
    OtherKindThere {
        /// The file, escaped.
        path: String,
    },
    /// An annotation file or a collection where an article belongs.
    #[error("this is a file of Sourcemark, not an article; name the article: `{path}`")]
    NotAnArticle {
        /// The file, escaped.
        path: String,
    },
    /// Files on articles that have nothing to do with each other.
    #[error(
        "the files are on different articles, so their marks do not belong into one file: `{one}` and `{other}`; if it is one article in two wordings, bring one file to the other's with `sourcemark reanchor FILE --to ARTICLE` first"
    )]
    DifferentArticles {
        /// Name of the article of one file.
        one: String,
        /// Name of the article of the other.
        other: String,
    },
    /// A file of which git has no two sides.
    #[error(
        "git has no two sides of this file to merge; after a commit, `sourcemark salvage` reads both sides of a file with git's marks: `{path}`"
    )]
    NotUnmerged {
        /// The file, escaped.
        path: String,
    },
    /// A side that git keeps cannot be read.
    #[error(
        "one side cannot be read, so nothing was merged; `git show :2:./FILE` and `git show :3:./FILE` show both: {error}: `{path}`"
    )]
    Version {
        /// The file, escaped.
        path: String,
        /// Why not.
        error: VersionError,
    },
    /// No conflict, or more than one, begins so.
    #[error(
        "{n_found} conflicts have ids that begin with `{written}`; `sourcemark conflicts` lists them"
    )]
    WhichConflict {
        /// What was asked for.
        written: String,
        /// How many there are.
        n_found: usize,
    },
    /// The conflict that begins so is not open any more.
    #[error(
        "the conflict `{written}` was settled on {when}; `sourcemark conflicts` lists those that are open"
    )]
    SettledBefore {
        /// What was asked for.
        written: String,
        /// When it was settled.
        when: Timestamp,
    },
    /// The side is not one of the conflict's.
    #[error("`{take}` is no side; take ours, theirs, both, a number or a name{}", list(.sides, .sides.len()))]
    WhichSide {
        /// What was asked for.
        take: String,
        /// The names there are.
        sides: Vec<String>,
    },
    /// Neither a day nor a moment.
    #[error("`{written}` is no date such as 2026-03-01")]
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
    #[error("there is no annotation file in the folder: `{folder}`")]
    NothingToCollect {
        /// The folder, escaped.
        folder: String,
    },
    /// The collection would name files outside its folder.
    #[error(
        "a collection names only files of its own folder and the folders in it; write it to `{folder}` or a folder above: `{output}`"
    )]
    OutsideCollection {
        /// The folder of the annotation files, escaped.
        folder: String,
        /// Where the collection was to be written, escaped.
        output: String,
    },
    /// git said no.
    #[error(transparent)]
    Git(#[from] GitError),
    /// Where this program lies cannot be written into git's configuration.
    #[error("the path of this program is not UTF-8 text and cannot be told to git: `{path}`")]
    OddProgramPath {
        /// The path, escaped.
        path: String,
    },
    /// Nobody is known who annotates.
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
    #[error("annotation {id} has no comment {number}, only {}{}", .comments.len(), list(.comments, .comments.len()))]
    NoSuchComment {
        /// The annotation.
        id: AnnotationId,
        /// The number asked for, from 1.
        number: usize,
        /// The comments there are, numbered.
        comments: Vec<String>,
    },
    /// Several annotations cannot stand on one passage, nor be linked to one by one command.
    #[error("--{option} is for one annotation, and {n_meant} are named")]
    OneAnnotation {
        /// The option that was given.
        option: &'static str,
        /// How many were named.
        n_meant: usize,
    },
    /// The article is needed and not at hand.
    #[error(
        "the article `{article}` is not beside the file, so no passage can be found in it: `{path}`"
    )]
    NoArticle {
        /// The name of the article, escaped.
        article: String,
        /// The annotation file, escaped.
        path: String,
    },
    /// No article has two annotators.
    #[error(
        "no article has two annotators' files, so there is nothing to settle, and {n_files} came; name files of at least two annotators on one article"
    )]
    NobodyToSettle {
        /// How many files came.
        n_files: usize,
    },
    /// Files on one article in two wordings.
    #[error(
        "the files on `{article}` are not all on the same wording of it; bring this one to the others' with `sourcemark reanchor FILE --to ARTICLE` first: `{path}`"
    )]
    OtherWordings {
        /// The article, escaped.
        article: String,
        /// The file, escaped.
        path: String,
    },
    /// The agreed file would be written over an annotator's.
    #[error(
        "--output is an annotator's own file, which is never changed; choose another name: `{path}`"
    )]
    OverAnnotator {
        /// The file, escaped.
        path: String,
    },
    /// A collection names files elsewhere.
    #[error("the collection names a file outside its folder, which is not read: `{path}`")]
    OutsideFolder {
        /// The collection, escaped.
        path: String,
    },
    /// Several articles are settled into a folder.
    #[error("{n_articles} articles are settled, so --output must be a folder: `{path}`")]
    NotAFolder {
        /// How many there are.
        n_articles: usize,
        /// What was given, escaped.
        path: String,
    },
    /// A new agreed file must be called like an annotation file.
    #[error(
        "an annotation file's name ends with `.ron`; choose another name for --output: `{path}`"
    )]
    NotAnAnnotationFile {
        /// What was given, escaped.
        path: String,
    },
    /// A table that only a comparison with a key has, or only one without.
    #[error("there is no table `{table}` {}", if *.with_key { "with --key; name pupils, passages, disagreements or confusion" } else { "without --key" })]
    NoSuchTable {
        /// What was asked for.
        table: &'static str,
        /// Whether there is a key.
        with_key: bool,
    },
    /// No difference, or more than one, begins so.
    #[error(
        "the ids of {n_found} differences, or of marks in them, begin with `{written}`; `sourcemark settle` lists the differences"
    )]
    WhichDifference {
        /// What was asked for.
        written: String,
        /// How many there are.
        n_found: usize,
    },
    /// The difference has nothing of the kind.
    #[error(
        "`{take}` is nothing that can be taken of the difference `{id}`; it has {n_marks} marks"
    )]
    NothingToTake {
        /// What was asked for.
        take: String,
        /// The difference.
        id: String,
        /// How many marks it has.
        n_marks: usize,
    },
    /// The word names no side.
    #[error("`{take}` is nothing that can be taken; take a side, both, neither, agreed or the number of a mark{}", list(.sides, .sides.len()))]
    WhichPick {
        /// What was asked for.
        take: String,
        /// Letter and name of each side.
        sides: Vec<String>,
    },
    /// A line of a file of answers is none.
    #[error("line {line} is no answer: {why}: `{path}`")]
    BadAnswer {
        /// The file, escaped.
        path: String,
        /// The line, from 1.
        line: usize,
        /// Why not.
        why: String,
    },
    /// No annotation stands there.
    #[error("no annotation stands at this place{}", .tag.as_ref().map_or(String::new(), |tag| format!(" with the tag `{tag}`")))]
    NothingThere {
        /// The tag it should have.
        tag: Option<TagId>,
    },
    /// Several annotations stand there.
    #[error("{} annotations stand at this place; choose one with --id{}", .found.len(), list(.found, .found.len()))]
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
    #[error(
        "this is not the text that was annotated; leave --old out, or give the text as it was then: `{path}`"
    )]
    NotTheOldText {
        /// The file, escaped.
        path: String,
    },
    /// Finding the passages in the article was stopped.
    #[error("the search for the passages was stopped")]
    Stopped,
    /// The article has no such paragraphs.
    #[error("the article has {n_paragraphs} paragraphs, so there is nothing from {from} to {to}")]
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
        "the picture would be {height_px} pixels high and at most {limit_px} are drawn; choose fewer paragraphs with --from and --to, or a smaller --scale"
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
    /// The exit code that says so.
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
            | Self::NobodyToSettle { .. }
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

/// The lines below a message, and how many more there would be.
fn list(lines: &[String], n_all: usize) -> String {
    let mut out: String = lines.iter().map(|line| format!("\n  {line}")).collect();
    if n_all > lines.len() {
        out.push_str(&format!("\n  and {} more", n_all - lines.len()));
    }
    out
}
