//! Arguments of `settle`.

use clap::Args;
use std::path::PathBuf;

const EXITS: &str = "\
SIDE is a letter (a for the annotator of the first file, b for the second, …), an annotator's name, both, neither, \
agreed (what somebody changed in the agreed file), or the number of a mark in the list.

Open differences are not in the agreed file; their marks are in the annotators' own files, which are never changed. You \
can run the same command again: settled differences stay settled, and what an annotator has changed since is listed again.

Exit codes: 0 no difference is open; 1 differences are open; 2 invalid arguments; 3 a file could not be read or written";

/// Arguments of `settle`.
#[derive(Args, Debug)]
#[command(after_help = EXITS)]
pub struct SettleArgs {
    /// Annotation files of two or more annotators, their articles, folders of such files, or collections
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The agreed file to write or update; for several articles a folder
    #[arg(short, long, value_name = "AGREED")]
    pub output: PathBuf,
    /// Settle one difference: the side to take, and the first characters of the difference's id or of the id of one of its
    /// marks as `agree` prints it; may be repeated
    #[arg(long, num_args = 2, value_names = ["SIDE", "ID"])]
    pub take: Vec<String>,
    /// Reason for the answers of this command
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    pub reason: String,
    /// Settle marks that begin or end at different places: shorter, longer or SIDE
    #[arg(long, value_name = "RULE")]
    pub edges: Option<String>,
    /// Settle different tags: SIDE
    #[arg(long, value_name = "SIDE")]
    pub tags: Option<String>,
    /// Settle what only some annotators marked: keep, drop, or SIDE to keep only the marks of that side
    #[arg(long, value_name = "RULE")]
    pub only: Option<String>,
    /// Settle different notes, speakers or other details: SIDE; both joins the notes
    #[arg(long, value_name = "SIDE")]
    pub details: Option<String>,
    /// Take what more than half of the annotators have
    #[arg(long)]
    pub majority: bool,
    /// Settle all that no other rule settles: SIDE
    #[arg(long, value_name = "SIDE")]
    pub rest: Option<String>,
    /// Read answers from a table of --write-answers, or from lines `SIDE ID REASON…`
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// Write the open differences to a new table, to fill in the columns `answer` (SIDE) and `reason`
    #[arg(long, value_name = "FILE")]
    pub write_answers: Option<PathBuf>,
    /// Also list settled differences, with who settled them and why
    #[arg(long)]
    pub all: bool,
    /// Print the differences as a JSON array: id, article, place, start, kind, state (open, settled, settled now), marks
    /// (sides, tags, quote, start, end, note, speaker, ids, taken), who, when, reason
    #[arg(long)]
    pub json: bool,
    /// Name of the person who decides [default: $SOURCEMARK_CREATOR, else the name in the window's settings,
    /// in git's configuration, or of your account]
    #[arg(long, value_name = "NAME")]
    pub creator: Option<String>,
    /// Report what would be settled, and write nothing
    #[arg(long)]
    pub dry_run: bool,
}
