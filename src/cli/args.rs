//! What can be typed after the program's name.

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
  sourcemark list news.txt --tag denial           one line for each passage
  sourcemark list news.txt --json | jq '.[].quote'
  sourcemark check *.annotations.ron              is everything where it was marked?
  sourcemark reanchor news.txt.annotations.ron --to corrected.txt
  sourcemark editions news.txt corrected.txt      what did the publisher change?
  sourcemark salvage news.txt -o copy.ron         what can be read of a damaged annotation file
  sourcemark agree ana/*.ron ben/*.ron            how far two annotators agree, and where not
  sourcemark agree --key key/ class/              each pupil against the key, with points
  sourcemark settle ana/ ben/ -o agreed/          where two annotators differ, and what they agree on
  sourcemark render news.txt -o news.png          a picture of the marked article
  sourcemark merge --no-base mine.ron hers.ron -o both.ron
  sourcemark conflicts news.txt 3f2a --take ours  settle a conflict of a merge
  sourcemark git install                          let git merge annotation files

The marks on news.txt are kept beside it in news.txt.annotations.ron. Articles are never written.

Exit codes:
  0  done; check, diff and fmt --check found nothing; no conflict or difference is left; salvage lost nothing
  1  check: something is odd or has moved; diff, fmt --check: files differ; conflicts or differences are left;
     salvage: something could not be read; reanchor: a person is asked; editions: a statement is not as it was;
     agree --key: a file is on no article of the key
  2  the arguments make no sense
  3  something could not be read, found, drawn or written";

/// Opens an article, marks who alleges, denies, judges and compares, and keeps the marks in plain files.
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
    /// What to do; without it the files are opened in the window.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Articles, or their annotation files, to open in the window
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open articles in the window (also done without the word `open`)
    Open {
        /// Articles, or their annotation files
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Mark one passage of an article
    Tag(TagArgs),
    /// Take a tag, or a whole annotation, away
    Untag(UntagArgs),
    /// Change annotations: tags, note, speaker, place, comments, links
    Edit(EditArgs),
    /// List the annotations of an article
    List(ListArgs),
    /// Say what is wrong with annotation files, as file:line:column: message
    Check(CheckArgs),
    /// Write annotation files as this program writes them
    Fmt(FmtArgs),
    /// Find the annotations again in another wording of the article
    Reanchor(ReanchorArgs),
    /// Say which annotated statements a new edition kept, softened, changed or removed
    Editions(EditionsArgs),
    /// Read what can be read of a damaged annotation file into a copy, and list what cannot
    Salvage(SalvageArgs),
    /// Say how far annotators agree, in counts and figures, and list where they do not
    Agree(AgreeArgs),
    /// Make one agreed file of several annotators' work: list their differences and settle them
    Settle(SettleArgs),
    /// Make one file of several people's: merge BASE OURS THEIRS, or --no-base, or --layers
    Merge(MergeArgs),
    /// List what a merge left to be settled, or settle it
    Conflicts(ConflictsArgs),
    /// Say in words what is different between two annotation files
    Diff(DiffArgs),
    /// List what was removed, or forget what was removed long ago
    Tombstones(TombstonesArgs),
    /// Merge two tags, annotators, speakers or claims into one
    Unify(UnifyArgs),
    /// Write one file that says which articles of a folder belong together and what they share
    Collection(CollectionArgs),
    /// Let git merge and show annotation files
    #[command(subcommand)]
    Git(GitCommand),
    /// Draw the marked article as a PNG picture, with the tags explained at its foot
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
    /// Tag to give, by its id or name; may be repeated
    #[arg(long = "as", value_name = "TAG", required = true)]
    pub tags: Vec<String>,
    /// Make tags that there are not yet
    #[arg(long)]
    pub new_tag: bool,
    /// What to note about the passage
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    pub note: String,
    /// Who says it in the article
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
    /// The annotation, as `list` and `tag` print it; the beginning of its id is enough
    #[arg(long, conflicts_with_all = ["quote", "at"])]
    pub id: Option<String>,
    #[command(flatten)]
    pub places: Places,
    /// Take this tag only; without it the whole annotation goes
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
    /// Only annotations with this tag; may be repeated for any of several
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
    /// One JSON array: id, start, end (code points from 0, end excluded; null when not found), segments, quote,
    /// tags, speaker, note, creator, created, resolution (exact, moved, changed, ambiguous, orphan)
    #[arg(long)]
    pub json: bool,
    /// Comma-separated values for a spreadsheet, with a line of headings: nothing in them is taken for a formula,
    /// and hidden characters are named
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// With --csv: the values exactly as they are, for programs; a spreadsheet may carry some out
    #[arg(long, requires = "csv")]
    pub raw: bool,
    #[command(flatten)]
    pub encoding: EncodingArgs,
}

/// Arguments of `check`.
#[derive(Args, Debug)]
pub struct CheckArgs {
    /// Annotation files, collections, articles that have annotations beside them, or folders with all in them
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// Arguments of `fmt`.
#[derive(Args, Debug)]
pub struct FmtArgs {
    /// Annotation files, or articles that have one beside them
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Write nothing; name the files that differ
    #[arg(long)]
    pub check: bool,
}

/// Arguments of `salvage`.
#[derive(Args, Debug)]
pub struct SalvageArgs {
    /// The damaged annotation file, or the article that it lies beside; it is not changed
    pub file: PathBuf,
    /// The copy to write, under a name that is free; without it, only say what would be read
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
    /// First paragraph (line that is not blank), from 1
    #[arg(
        long,
        value_name = "PARAGRAPH",
        default_value_t = 1,
        hide_default_value = true
    )]
    pub from: usize,
    /// Last paragraph
    #[arg(long, value_name = "PARAGRAPH")]
    pub to: Option<usize>,
    /// Use only the fonts that come with the program: the same picture on every machine
    #[arg(long)]
    pub no_system_fonts: bool,
    #[command(flatten)]
    pub encoding: EncodingArgs,
}

/// How an article's bytes are read.
#[derive(Args, Debug)]
pub struct EncodingArgs {
    /// Read the article in this encoding (a WHATWG name such as windows-1252) instead of finding out
    #[arg(long = "force-encoding", value_name = "ENCODING")]
    pub forced: Option<String>,
}

/// The themes of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ThemeName {
    /// Paper by daylight
    #[default]
    Light,
    /// A dark room
    Dark,
    /// Paper under a lamp
    Sepia,
}

fn scale(written: &str) -> Result<f32, String> {
    match written.parse() {
        Ok(scale) if (0.5..=4.0).contains(&scale) => Ok(scale),
        _ => Err("a number from 0.5 to 4 is wanted".to_owned()),
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
