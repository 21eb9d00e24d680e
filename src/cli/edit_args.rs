//! Arguments of `edit`.

use super::{
    args::EncodingArgs,
    places::{MovesTo, StandsOn},
};
use clap::{ArgGroup, Args, ValueEnum};
use std::path::PathBuf;

const EXITS: &str = "\
Prints the changes as `diff` does. An edit that changes nothing writes nothing.

Exit codes: 0 success; 2 invalid arguments; 3 the annotation or passage does not exist, or the file could not be read \
or written";

/// The options of which at least one is needed: what to change.
const CHANGES: [&str; 17] = [
    "note",
    "speaker",
    "cue",
    "mode",
    "reported_by",
    "retag",
    "add_tag",
    "remove_tag",
    "to",
    "at",
    "comment",
    "remove_comment",
    "responds_to",
    "supports",
    "same_as",
    "unlink",
    "clear",
];

/// Arguments of `edit`.
#[derive(Args, Debug)]
#[command(after_help = EXITS)]
#[command(group = ArgGroup::new("which").args(["ids", "quote"]).required(true))]
#[command(group = ArgGroup::new("what").args(CHANGES).required(true).multiple(true))]
pub struct EditArgs {
    /// The article, or its annotation file
    pub article: PathBuf,
    /// Ids of the annotations, as `list` and `tag` print them; the first characters are enough if they are unique
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    #[command(flatten)]
    pub on: StandsOn,
    /// Replace the note
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub note: Option<String>,
    /// Set the speaker, by name or id; a new name adds a speaker
    #[arg(long, value_name = "NAME")]
    pub speaker: Option<String>,
    /// Set the words that attribute the statement, such as `said`
    #[arg(long, value_name = "WORDS", allow_hyphen_values = true)]
    pub cue: Option<String>,
    /// Set how the statement is quoted
    #[arg(long, value_enum)]
    pub mode: Option<ModeName>,
    /// Set who reports the statement, from the speaker outwards, by name or id; may be repeated
    #[arg(long, value_name = "NAME")]
    pub reported_by: Vec<String>,
    /// Replace all tags by this one; may be repeated to set several
    #[arg(long, value_name = "TAG", conflicts_with_all = ["add_tag", "remove_tag"])]
    pub retag: Vec<String>,
    /// Add this tag; may be repeated
    #[arg(long, value_name = "TAG")]
    pub add_tag: Vec<String>,
    /// Remove this tag; may be repeated
    #[arg(long, value_name = "TAG")]
    pub remove_tag: Vec<String>,
    /// Create tags that do not exist yet
    #[arg(long)]
    pub new_tag: bool,
    #[command(flatten)]
    pub to: MovesTo,
    /// Add a comment
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub comment: Option<String>,
    /// Remove the comment with this number; the oldest is 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub remove_comment: Option<u32>,
    /// Link to the annotation that this one responds to
    #[arg(long, value_name = "ID")]
    pub responds_to: Vec<String>,
    /// Link to the annotation that this one supports
    #[arg(long, value_name = "ID")]
    pub supports: Vec<String>,
    /// Link to an annotation of the same statement elsewhere
    #[arg(long, value_name = "ID")]
    pub same_as: Vec<String>,
    /// Remove the links to this annotation
    #[arg(long, value_name = "ID")]
    pub unlink: Vec<String>,
    /// Clear this field; may be repeated
    #[arg(long, value_enum, value_name = "FIELD")]
    pub clear: Vec<FieldName>,
    /// Name of the person who comments or links [default: $SOURCEMARK_CREATOR, else the name in the window's settings,
    /// in git's configuration, or of your account]
    #[arg(long, value_name = "NAME")]
    pub creator: Option<String>,
    /// Print the changes as a JSON array, as `diff --json` does
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub encoding: EncodingArgs,
}

/// How a statement is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ModeName {
    /// In quotation marks
    Direct,
    /// Paraphrased
    Indirect,
    /// Partly quoted, partly paraphrased
    Mixed,
}

/// A field that can be emptied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FieldName {
    /// The note
    Note,
    /// The speaker
    Speaker,
    /// The words that attribute it
    Cue,
    /// How it is quoted
    Mode,
    /// Who reports it
    ReportedBy,
    /// All tags
    Tags,
}
