//! Command-line arguments.

use super::{
    agree::AgreeArgs,
    edit_args::EditArgs,
    editions::EditionsArgs,
    merge_args::{
        CollectionArgs, ConflictsArgs, DiffArgs, GitCommand, MergeArgs, TombstonesArgs, UnifyArgs,
    },
    places::Places,
    reanchor::ReanchorArgs,
    settle::SettleArgs,
};
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  sourcemark news.txt                             open the article in the window
  sourcemark tag news.txt --quote 'We deny it' --as denial --speaker 'Ann Smith'
  sourcemark tag news.txt --quote 'back door' --nth 2 --as allegation --as precedent
  sourcemark edit news.txt 0193 --note 'Who says so?' --retag allegation
  sourcemark list news.txt --tag denial           list annotations, one on each line
  sourcemark list news.txt --json | jq '.[].quote'
  sourcemark check *.annotations.ron              find passages that moved, and other problems
  sourcemark reanchor news.txt.annotations.ron --to corrected.txt
  sourcemark editions news.txt corrected.txt      report what the publisher changed
  sourcemark salvage news.txt -o copy.ron         recover a damaged annotation file
  sourcemark agree ana/*.ron ben/*.ron            measure how far two annotators agree
  sourcemark agree --key key/ class/              compare each pupil with the key
  sourcemark settle ana/ ben/ -o agreed/          settle the differences of two annotators
  sourcemark render news.txt -o news.png          draw the annotated article
  sourcemark merge --no-base mine.ron hers.ron -o both.ron
  sourcemark conflicts news.txt 3f2a --take ours  settle a merge conflict
  sourcemark git install                          let git merge annotation files

Sourcemark saves the annotations of news.txt beside it, in news.txt.annotations.ron. It never changes an article.

Exit codes:
  0  success; check, diff and fmt --check found nothing; no conflict or difference is left; salvage lost nothing
  1  check found a problem; diff or fmt --check found a difference; conflicts or differences are left;
     salvage lost something; reanchor found a passage that you must decide on; editions found a changed statement;
     agree --key found a file on no article of the key
  2  invalid arguments
  3  a file or passage could not be read, found, drawn or written";

/// Annotates articles with allegations, denials, expert opinions and precedents, and saves the annotations in plain files.
#[derive(Debug, Parser)]
#[command(
    name = "sourcemark",
    version,
    max_term_width = 100,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = EXAMPLES
)]
pub struct Cli {
    /// What to do. Without a command, the files open in the window.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Articles, or their annotation files, to open in the window
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open articles in the window; the word `open` is optional
    Open {
        /// Articles, or their annotation files
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Annotate a passage of an article
    Tag(TagArgs),
    /// Remove a tag or a whole annotation
    Untag(UntagArgs),
    /// Change annotations: tags, note, speaker, passage, comments, links
    Edit(EditArgs),
    /// List the annotations of an article
    List(ListArgs),
    /// Report problems in annotation files, as file:line:column: message
    Check(CheckArgs),
    /// Format annotation files
    Fmt(FmtArgs),
    /// Move annotations to another edition of the article
    Reanchor(ReanchorArgs),
    /// Report which annotated statements a new edition kept, softened, changed or removed
    Editions(EditionsArgs),
    /// Recover a damaged annotation file into a copy, and list what is lost
    Salvage(SalvageArgs),
    /// Measure how far annotators agree, and list their disagreements
    Agree(AgreeArgs),
    /// Settle the differences between annotators in one agreed file
    Settle(SettleArgs),
    /// Merge annotation files: BASE OURS THEIRS, or with --no-base or --layers
    Merge(MergeArgs),
    /// List or settle the conflicts of a merge
    Conflicts(ConflictsArgs),
    /// Describe the differences between two annotation files
    Diff(DiffArgs),
    /// List removed records, or forget old removals
    Tombstones(TombstonesArgs),
    /// Merge two tags, annotators, speakers or claims into one
    Unify(UnifyArgs),
    /// Write a collection: the articles of a folder and the records they share
    Collection(CollectionArgs),
    /// Set git up to merge and show annotation files
    #[command(subcommand)]
    Git(GitCommand),
    /// Draw the annotated article as a PNG picture with a legend
    Render(RenderArgs),
}

/// Arguments of `tag`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("passage").args(["quote", "at"]).required(true).multiple(true))]
pub struct TagArgs {
    /// The article, or its annotation file
    pub article: PathBuf,
    #[command(flatten)]
    pub places: Places,
    /// Tag to add, by its id or name; may be repeated
    #[arg(long = "as", value_name = "TAG", required = true)]
    pub tags: Vec<String>,
    /// Create tags that do not exist yet
    #[arg(long)]
    pub new_tag: bool,
    /// Note on the passage
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    pub note: String,
    /// Speaker: who says it in the article
    #[arg(long)]
    pub speaker: Option<String>,
    /// Name of the annotator [default: $SOURCEMARK_CREATOR, else the name in the window's settings,
    /// in git's configuration, or of your account]
    #[arg(long, value_name = "NAME")]
    pub creator: Option<String>,
    #[command(flatten)]
    pub encoding: EncodingArgs,
}

/// Arguments of `untag`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("which").args(["id", "quote", "at"]).required(true).multiple(true))]
pub struct UntagArgs {
    /// The article, or its annotation file
    pub article: PathBuf,
    /// Id of the annotation, as `list` and `tag` print it; its first characters are enough
    #[arg(long, conflicts_with_all = ["quote", "at"])]
    pub id: Option<String>,
    #[command(flatten)]
    pub places: Places,
    /// Remove only this tag; without this option, remove the whole annotation
    #[arg(long)]
    pub tag: Option<String>,
    #[command(flatten)]
    pub encoding: EncodingArgs,
}

/// Arguments of `list`.
#[derive(Args, Debug)]
pub struct ListArgs {
    /// The article, or an annotation file
    pub file: PathBuf,
    /// List only annotations with this tag; may be repeated, to list those with any of the tags
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
    /// Print a JSON array: id, start, end (code points from 0, end excluded; null when not found), segments, quote,
    /// tags, speaker, note, creator, created, resolution (exact, moved, changed, ambiguous, orphan)
    #[arg(long)]
    pub json: bool,
    /// Print comma-separated values with headings for a spreadsheet: no cell runs as a formula, and hidden characters
    /// are named
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// With --csv, print the exact values, for programs; a spreadsheet may run some as formulas
    #[arg(long, requires = "csv")]
    pub raw: bool,
    #[command(flatten)]
    pub encoding: EncodingArgs,
}

/// Arguments of `check`.
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// Annotation files, collections, articles with an annotation file, or folders of them
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// Arguments of `fmt`.
#[derive(Args, Debug)]
pub struct FmtArgs {
    /// Annotation files, or articles with an annotation file
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// List the files that would change, and write nothing
    #[arg(long)]
    pub check: bool,
}

/// Arguments of `salvage`.
#[derive(Args, Debug)]
pub struct SalvageArgs {
    /// The damaged annotation file, or its article; neither is changed
    pub file: PathBuf,
    /// The copy to write, a new file; without this option, only report what can be recovered
    #[arg(short, long, value_name = "COPY")]
    pub output: Option<PathBuf>,
}

/// Arguments of `render`.
#[derive(Args, Debug)]
pub struct RenderArgs {
    /// The article, or its annotation file
    pub article: PathBuf,
    /// The picture to write
    #[arg(short, long, value_name = "PNG")]
    pub output: PathBuf,
    /// Width of the page in points, 320 to 4000
    #[arg(long, default_value_t = 860, value_name = "POINTS", value_parser = clap::value_parser!(u16).range(320..=4000))]
    pub width: u16,
    /// Pixels for each point, 0.5 to 4
    #[arg(long, default_value_t = 1.0, value_name = "N", value_parser = scale)]
    pub scale: f32,
    /// Colours of the page
    #[arg(long, value_enum, default_value_t)]
    pub theme: ThemeName,
    /// First paragraph to draw, from 1; a paragraph is a line that is not blank
    #[arg(
        long,
        value_name = "PARAGRAPH",
        default_value_t = 1,
        hide_default_value = true
    )]
    pub from: usize,
    /// Last paragraph to draw
    #[arg(long, value_name = "PARAGRAPH")]
    pub to: Option<usize>,
    /// Use only the bundled fonts, for the same picture on every machine
    #[arg(long)]
    pub no_system_fonts: bool,
    #[command(flatten)]
    pub encoding: EncodingArgs,
}

/// How an article's bytes are read.
#[derive(Args, Debug)]
pub struct EncodingArgs {
    /// Read the article in this encoding (a WHATWG name such as windows-1252) instead of detecting it
    #[arg(long = "force-encoding", value_name = "ENCODING")]
    pub forced: Option<String>,
}

/// The themes of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ThemeName {
    /// Dark text on white
    #[default]
    Light,
    /// Light text on black
    Dark,
    /// Dark text on warm paper
    Sepia,
}

fn scale(written: &str) -> Result<f32, String> {
    match written.parse() {
        Ok(scale) if (0.5..=4.0).contains(&scale) => Ok(scale),
        _ => Err("expected a number from 0.5 to 4".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_declarations_fit_together() {
        Cli::command().debug_assert();
    }
}
