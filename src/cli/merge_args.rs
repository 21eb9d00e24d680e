//! Arguments of the commands that merge and compare files.

use clap::{ArgGroup, Args, Subcommand};
use std::{ffi::OsString, path::PathBuf};

const MERGE_EXITS: &str = "\
Prints each new conflict with its id, the field, the old value and the value of each side, and the number of conflicts \
that a side had before. The merged file keeps all of them until you settle them with `sourcemark conflicts` or in the \
window.

Exit codes: 0 no new conflict; 1 new conflicts; 2 invalid arguments; 3 nothing was written";

/// Arguments of `merge`.
#[derive(Args, Debug)]
#[command(after_help = MERGE_EXITS)]
pub struct MergeArgs {
    /// Annotation files of one article, or collections: BASE, OURS and THEIRS, or with --no-base or --layers any number
    #[arg(required = true, num_args = 1.., value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Merge files without a common base, such as files sent by mail
    #[arg(long, conflicts_with = "layers")]
    pub no_base: bool,
    /// Combine the files of independent annotators side by side
    #[arg(long)]
    pub layers: bool,
    /// The merged annotation file to write, or its article; may be one of the files
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Name of a side in conflicts, once for each side in order [default: the file name]
    #[arg(long = "name", value_name = "NAME")]
    pub names: Vec<String>,
}

const CONFLICTS_EXITS: &str = "\
Exit codes: 0 no conflict is left; 1 conflicts are left; 2 the side does not exist; 3 the conflict does not exist, or \
the file could not be read or written";

/// Arguments of `conflicts`.
#[derive(Args, Debug)]
#[command(after_help = CONFLICTS_EXITS)]
#[command(group = ArgGroup::new("which").args(["id", "all"]))]
pub struct ConflictsArgs {
    /// The annotation file, its article, or a collection
    pub file: PathBuf,
    /// Id of one conflict; its first characters are enough
    pub id: Option<String>,
    /// Settle all conflicts with --take
    #[arg(long)]
    pub all: bool,
    /// Settle with the value of this side: ours, theirs, both, or the number or name of a side. A value written into the
    /// file while the conflict was open is another side, `written since`; --all skips such conflicts unless it takes that
    /// side or both
    #[arg(long, value_name = "SIDE", requires = "which")]
    pub take: Option<String>,
}

const DIFF_EXITS: &str = "\
Compares two collections in the same way. Tombstones and times of last changes are not compared.

Exit codes: 0 no difference; 1 differences; 3 a file could not be read";

/// Arguments of `diff`.
#[derive(Args, Debug)]
#[command(after_help = DIFF_EXITS)]
pub struct DiffArgs {
    /// The older annotation file, its article, or a collection
    pub before: PathBuf,
    /// The newer annotation file, its article, or a collection
    pub after: PathBuf,
    /// Print a JSON array: kind (file, article, tag, annotator, speaker, claim, annotation, link, conflict), id, change
    /// (added, removed, changed), fields (field, before, after; null for nothing), words
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `tombstones`.
#[derive(Args, Debug)]
pub struct TombstonesArgs {
    /// The annotation file, its article, or a collection
    pub file: PathBuf,
    /// Forget what was removed before this day (2026-03-01) or time; merging an older copy brings it back
    #[arg(long, value_name = "DATE")]
    pub clear_before: Option<String>,
}

const UNIFY_EXITS: &str = "\
Adds the details that KEEP lacks from OTHER, except colour, pattern and key. --same-names keeps the record whose id \
sorts first, so two people who run it independently get the same result.

Exit codes: 0 success; 3 a record does not exist, or the file could not be read or written";

/// Arguments of `unify`.
#[derive(Args, Debug)]
#[command(after_help = UNIFY_EXITS)]
pub struct UnifyArgs {
    /// The annotation file, or its article
    pub file: PathBuf,
    /// Id of the tag, annotator, speaker or claim to keep
    #[arg(required_unless_present = "same_names", requires = "other")]
    pub keep: Option<String>,
    /// Id of the record to merge into KEEP; it becomes an alias
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
    /// The collection to write or update
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// Name of the collection [default: the name of the folder]
    #[arg(long)]
    pub name: Option<String>,
}

/// The commands of `git`.
#[derive(Debug, Subcommand)]
pub enum GitCommand {
    /// Set up one repository, so that git merges and shows annotation files with Sourcemark
    Install(RepoArgs),
    /// Undo `install`
    Uninstall(RepoArgs),
    /// Report whether a repository is set up: exit code 0 if it is, 1 if not
    Status(RepoArgs),
    /// Merge files that git could not merge, from the versions that git keeps
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
    /// A folder in the repository [default: the current folder]
    #[arg(long, value_name = "DIR")]
    pub repo: Option<PathBuf>,
}

const RESOLVE_EXITS: &str = "\
Merges files with git's conflict markers (<<<<<<<), and files of which git kept one side only because Sourcemark was not \
installed. Later changes in the file stay; a file with markers becomes an earlier version.

Exit codes: 0 no conflict is left; 1 conflicts are left; 3 git has no versions of a file, or the file could not be read \
or written";

/// Arguments of `git resolve`.
#[derive(Args, Debug)]
#[command(after_help = RESOLVE_EXITS)]
pub struct ResolveArgs {
    /// Annotation files, their articles, or collections [default: all that git has not merged]
    pub files: Vec<PathBuf>,
    /// A folder in the repository [default: the current folder]
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
    /// As git passes them
    #[arg(num_args = 1..)]
    pub parts: Vec<PathBuf>,
}
