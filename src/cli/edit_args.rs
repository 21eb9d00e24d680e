//! What can be typed after `edit`.

use super::{
    args::EncodingArgs,
    places::{MovesTo, StandsOn},
};
use clap::{ArgGroup, Args, ValueEnum};
use std::path::PathBuf;

const EXITS: &str = "\
Prints what has changed, in the words of `diff`. An edit that changes nothing says so and writes nothing.

Exit codes: 0 done, or nothing to change; 2 the arguments make no sense; 3 there is no such annotation or passage, \
or the file could not be read or written";

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
    /// The annotations, as `list` and `tag` print them; the beginning of an id is enough if no other begins so
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    #[command(flatten)]
    pub on: StandsOn,
    /// Write this note instead of the old one
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub note: Option<String>,
    /// Who says it in the article: a name or id of a speaker; one who is not known yet is added
    #[arg(long, value_name = "NAME")]
    pub speaker: Option<String>,
    /// The words that attribute it, such as `said`
    #[arg(long, value_name = "WORDS", allow_hyphen_values = true)]
    pub cue: Option<String>,
    /// How it is quoted
    #[arg(long, value_enum)]
    pub mode: Option<ModeName>,
    /// Who reports it, from the speaker outwards: names or ids of speakers; may be repeated
    #[arg(long, value_name = "NAME")]
    pub reported_by: Vec<String>,
    /// Give this tag and no other; may be repeated to give several
    #[arg(long, value_name = "TAG", conflicts_with_all = ["add_tag", "remove_tag"])]
    pub retag: Vec<String>,
    /// Give this tag too; may be repeated
    #[arg(long, value_name = "TAG")]
    pub add_tag: Vec<String>,
    /// Take this tag away; may be repeated
    #[arg(long, value_name = "TAG")]
    pub remove_tag: Vec<String>,
    /// Make tags that there are not yet
    #[arg(long)]
    pub new_tag: bool,
    #[command(flatten)]
    pub to: MovesTo,
    /// Write a comment below it
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub comment: Option<String>,
    /// Remove the comment of this number, the oldest being 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub remove_comment: Option<u32>,
    /// Link it to the annotation that it answers
    #[arg(long, value_name = "ID")]
    pub responds_to: Vec<String>,
    /// Link it to the annotation for which it gives a reason
    #[arg(long, value_name = "ID")]
    pub supports: Vec<String>,
    /// Link it to the annotation that is the same statement at another place
    #[arg(long, value_name = "ID")]
    pub same_as: Vec<String>,
    /// Remove the links from it to this annotation
    #[arg(long, value_name = "ID")]
    pub unlink: Vec<String>,
    /// Empty this field; may be repeated
    #[arg(long, value_enum, value_name = "FIELD")]
    pub clear: Vec<FieldName>,
    /// Name of the person who comments or links [default: $SOURCEMARK_CREATOR, else the name in the window's settings,
    /// in git's configuration, or of your account]
    #[arg(long, value_name = "NAME")]
    pub creator: Option<String>,
    /// What has changed as one JSON array, as `diff --json` prints it
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
    /// In the reporter's words
    Indirect,
    /// Partly both
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
