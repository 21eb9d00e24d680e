//! What can be typed after `settle`.

use clap::Args;
use std::path::PathBuf;

const EXITS: &str = "\
SIDE is a letter (a for the annotator whose file was named first, b for the second, …), an annotator's name, both, \
neither, agreed (what the agreed file has, where somebody changed it), or the number of a mark as it is listed.

Differences that are still open are not in the agreed file; their marks are in the annotators' own files, which \
are never changed. Run the same command again at any time: what was settled stays settled, and what an annotator \
has changed since is asked anew.

Exit codes: 0 nothing is open; 1 differences are open; 2 the arguments make no sense; 3 a file could not be read \
or written";

/// Arguments of `settle`.
#[derive(Args, Debug)]
#[command(after_help = EXITS)]
pub struct SettleArgs {
    /// Annotation files of two or more annotators, the articles beside them, folders of such files, or collections
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The agreed file, made or brought up to date; for several articles a folder
    #[arg(short, long, value_name = "AGREED")]
    pub output: PathBuf,
    /// Settle one difference: what to take, and the beginning of its id, or of the id of one of its marks as `agree`
    /// prints it; may be repeated
    #[arg(long, num_args = 2, value_names = ["SIDE", "ID"])]
    pub take: Vec<String>,
    /// Why, for all that this command settles
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    pub reason: String,
    /// Where marks begin or end at different places: shorter, longer or SIDE
    #[arg(long, value_name = "RULE")]
    pub edges: Option<String>,
    /// Where tags differ: SIDE
    #[arg(long, value_name = "SIDE")]
    pub tags: Option<String>,
    /// What only some have marked: keep, drop, or SIDE to keep what that side has
    #[arg(long, value_name = "RULE")]
    pub only: Option<String>,
    /// Where notes, speakers or other details differ: SIDE; both puts notes below each other
    #[arg(long, value_name = "SIDE")]
    pub details: Option<String>,
    /// Take whatever more than half of the annotators say
    #[arg(long)]
    pub majority: bool,
    /// For all that no other rule settles: SIDE
    #[arg(long, value_name = "SIDE")]
    pub rest: Option<String>,
    /// Take the answers from a table made by --write-answers, or from lines `SIDE ID REASON…`
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// Write the open differences into a new table to fill in: the columns `answer` (SIDE) and `reason`
    #[arg(long, value_name = "FILE")]
    pub write_answers: Option<PathBuf>,
    /// List what was settled before too, with who settled it and why
    #[arg(long)]
    pub all: bool,
    /// The differences as one JSON array: id, article, place, start, kind, state (open, settled, settled now), marks
    /// (sides, tags, quote, start, end, note, speaker, ids, taken), who, when, reason
    #[arg(long)]
    pub json: bool,
    /// Name of the person who decides [default: $SOURCEMARK_CREATOR, else the name in the window's settings,
    /// in git's configuration, or of your account]
    #[arg(long, value_name = "NAME")]
    pub creator: Option<String>,
    /// Write nothing; say what would be settled
    #[arg(long)]
    pub dry_run: bool,
}
