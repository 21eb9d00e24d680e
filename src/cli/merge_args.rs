//! What can be typed after the commands that bring several people's files together.

use clap::{ArgGroup, Args, Subcommand};
use std::{ffi::OsString, path::PathBuf};

const MERGE_EXITS: &str = "\
Prints the new conflicts, each with its id, what it is about, what it was and what each side has. They are kept in \
the outcome, to be settled with `sourcemark conflicts` or in the window, and so are those that a side had before, \
whose number is printed.

Exit codes: 0 no new conflict; 1 there are some; 2 the arguments make no sense; 3 nothing was written";

/// Arguments of `merge`.
#[derive(Args, Debug)]
#[command(after_help = MERGE_EXITS)]
pub struct MergeArgs {
    /// The file both sides began from, ours and theirs; with --no-base or --layers, any number of files. Annotation
    /// files of one article, or collections
    #[arg(required = true, num_args = 1.., value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Merge files whose common beginning is lost, such as those that came by mail
    #[arg(long, conflicts_with = "layers")]
    pub no_base: bool,
    /// Put the files of independent annotators side by side
    #[arg(long)]
    pub layers: bool,
    /// Where to write the outcome: an annotation file, or the article beside it; may be one of the files
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// What to call a side in conflicts, once for each side in their order; without it, by its file
    #[arg(long = "name", value_name = "NAME")]
    pub names: Vec<String>,
}

const CONFLICTS_EXITS: &str = "\
Exit codes: 0 no conflict is left; 1 some are; 2 there is no such side; 3 there is no such conflict, or the \
file could not be read or written";

/// Arguments of `conflicts`.
#[derive(Args, Debug)]
#[command(after_help = CONFLICTS_EXITS)]
#[command(group = ArgGroup::new("which").args(["id", "all"]))]
pub struct ConflictsArgs {
    /// The annotation file, the article beside it, or a collection
    pub file: PathBuf,
    /// Only this conflict; the beginning of its id is enough
    pub id: Option<String>,
    /// All conflicts, for --take
    #[arg(long)]
    pub all: bool,
    /// Settle with what this side has: ours, theirs, both, the number or the name of a side. What was written into the
    /// file while the conflict was open is one more side, `written since`; --all passes such conflicts over unless it
    /// takes that or both
    #[arg(long, value_name = "SIDE", requires = "which")]
    pub take: Option<String>,
}

const DIFF_EXITS: &str = "\
Two collections can be compared in the same way. Removals that are remembered, and the times of the last changes, \
are not compared.

Exit codes: 0 there is no difference; 1 there are some; 3 a file could not be read";

/// Arguments of `diff`.
#[derive(Args, Debug)]
#[command(after_help = DIFF_EXITS)]
pub struct DiffArgs {
    /// The older annotation file, the article beside it, or a collection
    pub before: PathBuf,
    /// The newer one
    pub after: PathBuf,
    /// One JSON array: kind (file, article, tag, annotator, speaker, claim, annotation, link, conflict), id, change
    /// (added, removed, changed), fields (field, before, after; null for nothing), words
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `tombstones`.
#[derive(Args, Debug)]
pub struct TombstonesArgs {
    /// The annotation file, the article beside it, or a collection
    pub file: PathBuf,
    /// Forget what was removed before this day (2026-03-01) or moment; nobody may have an older copy then
    #[arg(long, value_name = "DATE")]
    pub clear_before: Option<String>,
}

const UNIFY_EXITS: &str = "\
Details of OTHER that KEEP lacks are added to KEEP, except for the colour, pattern and key. --same-names keeps the record \
whose id sorts first, so two people who run it independently get the same result.

Exit codes: 0 done, or nothing to do; 3 there are no two such records, or the file could not be read or written";

/// Arguments of `unify`.
#[derive(Args, Debug)]
#[command(after_help = UNIFY_EXITS)]
pub struct UnifyArgs {
    /// The annotation file, or the article beside it
    pub file: PathBuf,
    /// The tag, annotator, speaker or claim to keep, by its id
    #[arg(required_unless_present = "same_names", requires = "other")]
    pub keep: Option<String>,
    /// The one to merge into it; its id stays as an alias
    pub other: Option<String>,
    /// Merge all tags, annotators, speakers and claims that have the same name
    #[arg(long, conflicts_with = "keep")]
    pub same_names: bool,
}

/// Arguments of `collection`.
#[derive(Args, Debug)]
pub struct CollectionArgs {
    /// The folder with the articles and their annotation files
    pub folder: PathBuf,
    /// The collection to write; one that is there is brought up to date
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// What to call it; without it, as the folder
    #[arg(long)]
    pub name: Option<String>,
}

/// What `git` can do.
#[derive(Debug, Subcommand)]
pub enum GitCommand {
    /// Let git merge and show annotation files with this program, in one repository
    Install(RepoArgs),
    /// Take that back
    Uninstall(RepoArgs),
    /// Say whether it is so: exit code 0 when all is in place, 1 when not
    Status(RepoArgs),
    /// Merge files that git could not merge, from the versions that git keeps of them
    Resolve(ResolveArgs),
    /// Called by git to merge
    #[command(hide = true)]
    Merge(DriverArgs),
    /// Called by git to compare
    #[command(hide = true)]
    Diff(GitDiffArgs),
    /// Called by git to show a file as text
    #[command(hide = true)]
    Textconv {
        /// The file
        file: PathBuf,
    },
}

/// Which repository.
#[derive(Args, Debug)]
pub struct RepoArgs {
    /// A folder in the repository; without it, this one
    #[arg(long, value_name = "DIR")]
    pub repo: Option<PathBuf>,
}

const RESOLVE_EXITS: &str = "\
For files with git's marks (<<<<<<<), and for those of which git has taken one side alone, because the program was not \
installed or not there. What was done in the file since stays; a file with git's marks becomes an earlier version.

Exit codes: 0 nothing is left to settle; 1 conflicts are; 3 git has no versions of a file, or it could not be read or \
written";

/// Arguments of `git resolve`.
#[derive(Args, Debug)]
#[command(after_help = RESOLVE_EXITS)]
pub struct ResolveArgs {
    /// The annotation files, the articles beside them, or collections; without any, all that git has not merged
    pub files: Vec<PathBuf>,
    /// A folder in the repository; without it, this one
    #[arg(long, value_name = "DIR", conflicts_with = "files")]
    pub repo: Option<PathBuf>,
}

/// What git hands to a merge driver.
#[derive(Args, Debug)]
pub struct DriverArgs {
    /// The common ancestor, empty when there is none
    pub base: PathBuf,
    /// Our side; the outcome goes here
    pub ours: PathBuf,
    /// Their side
    pub theirs: PathBuf,
    /// The file's path in the repository
    pub path: PathBuf,
    /// What git calls our side
    #[arg(default_value = "")]
    pub our_name: OsString,
    /// What git calls their side
    #[arg(default_value = "")]
    pub their_name: OsString,
    /// How long the markers between lines are to be
    #[arg(default_value = "7")]
    pub marker_len: String,
}

/// What git hands to a diff program: path, old file, its hash and mode, new file, its hash and mode, and, when
/// the file was renamed, the new path and what git says about that.
#[derive(Args, Debug)]
pub struct GitDiffArgs {
    /// As handed over
    #[arg(num_args = 1..)]
    pub parts: Vec<PathBuf>,
}
