//! Floor 9, cli: the program without its window.
//!
//! [`run`] is a function of the arguments, two streams and an [`Env`], so that tests call it as such. Commands
//! use the same floors as the window: what is tagged here can be undone nowhere else, but is in the same file.
//! All output goes through [`output`], which lets nothing from a file control the terminal;
//! only `list` and `agree` with `--csv --raw` write texts as they are.

mod again;
mod agree;
mod args;
mod change_words;
mod check;
mod check_collection;
mod check_files;
mod collection;
mod columns;
mod conflicts;
mod diff;
mod edge_words;
mod edit;
mod edit_args;
mod editions;
mod error;
mod exit;
mod fmt;
mod git;
mod list;
mod merge;
mod merge_args;
mod named_files;
mod opened;
mod output;
mod places;
mod reanchor;
mod record_lines;
mod record_words;
#[cfg(feature = "gui")]
mod render;
mod salvage;
mod same_marks;
mod settle;
mod several;
mod tag;
mod tag_words;
mod unmerged;
mod untag;
mod which;

pub use error::CliError;
pub use exit::Exit;

use crate::{
    annotation::{IdSource, Timestamp},
    files::{Disk, SystemClock, SystemIds, UserName, config_dir, creator_variable, user_name},
};
use args::{Cli, Command};
use clap::{Parser, error::ErrorKind};
use output::Output;
use std::{ffi::OsString, io::Write, path::PathBuf};

/// The surroundings of a command: time, ids, names, settings, disk.
pub struct Env {
    /// The time of new annotations.
    pub now: Timestamp,
    /// The source of new ids.
    pub ids: Box<dyn IdSource>,
    /// Who annotates unless the command says so: the value of [`crate::files::CREATOR_VARIABLE`].
    pub creator: Option<String>,
    /// Folder of the settings, which hold the person's name.
    pub settings_folder: Option<PathBuf>,
    /// Returns the name that the machine knows its user by. Called only when no name is given or set.
    pub user_name: fn() -> Option<UserName>,
    /// The disk, with the folder for earlier versions.
    pub disk: Disk,
}

impl Env {
    /// Takes clock, random numbers and settings of this machine.
    pub fn of_this_machine() -> Self {
        Self {
            now: SystemClock.now(),
            ids: Box::new(SystemIds),
            creator: creator_variable(),
            settings_folder: config_dir(),
            user_name,
            disk: Disk::of_this_machine(),
        }
    }
}

/// What the caller has to do after a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// End with this code.
    Exit(Exit),
    /// Open these files in the window.
    OpenWindow(Vec<PathBuf>),
}

/// Runs the command in `args`, the first of which is the program's name. Writes the result to `out` and remarks to
/// `err`. A closed pipe is not a failure.
pub fn run(
    args: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Write,
    env: &mut Env,
) -> Outcome {
    let mut output = Output::new(out, err);
    let result = match Cli::try_parse_from(args) {
        Ok(cli) => match cli.command {
            None => return Outcome::OpenWindow(cli.files),
            Some(Command::Open { files }) => return Outcome::OpenWindow(files),
            Some(command) => carry_out(&command, &mut output, env),
        },
        Err(error) => explain(&error, &mut output),
    };
    for copy in env.disk.take_set_aside() {
        output.remark(format_args!(
            "another program wrote the annotations during an interrupted save; its version is kept as a conflict copy: `{}`",
            output::path(&copy)
        ));
    }
    let result = result.and_then(|exit| output.finish().map(|()| exit));
    Outcome::Exit(result.unwrap_or_else(|error| {
        let exit = error.exit();
        if exit != Exit::Done {
            output.remark(format_args!("{error}"));
        }
        exit
    }))
}

fn carry_out(command: &Command, output: &mut Output<'_>, env: &mut Env) -> Result<Exit, CliError> {
    match command {
        // The caller handles this one.
        Command::Open { .. } => Ok(Exit::Done),
        Command::Tag(args) => again::run(output, env, |output, env| tag::run(args, output, env)),
        Command::Untag(args) => {
            again::run(output, env, |output, env| untag::run(args, output, env))
        }
        Command::Edit(args) => again::run(output, env, |output, env| edit::run(args, output, env)),
        Command::List(args) => list::run(args, output, env),
        Command::Check(args) => check::run(args, output, env),
        Command::Fmt(args) => again::run(output, env, |output, env| fmt::run(args, output, env)),
        Command::Reanchor(args) => {
            again::run(output, env, |output, env| reanchor::run(args, output, env))
        }
        Command::Editions(args) => editions::run(args, output, env),
        Command::Salvage(args) => salvage::run(args, output, env),
        Command::Agree(args) => agree::run(args, output, env),
        Command::Settle(args) => {
            again::run(output, env, |output, env| settle::run(args, output, env))
        }
        Command::Merge(args) => {
            again::run(output, env, |output, env| merge::run(args, output, env))
        }
        Command::Conflicts(args) => {
            again::run(output, env, |output, env| conflicts::run(args, output, env))
        }
        Command::Diff(args) => diff::run(args, output, env),
        Command::Tombstones(args) => again::run(output, env, |output, env| {
            conflicts::tombstones(args, output, env)
        }),
        Command::Unify(args) => again::run(output, env, |output, env| {
            conflicts::unify(args, output, env)
        }),
        Command::Collection(args) => again::run(output, env, |output, env| {
            collection::run(args, output, env)
        }),
        Command::Git(command) => git::run(command, output, env),
        #[cfg(feature = "gui")]
        Command::Render(args) => render::run(args, output, env),
        #[cfg(not(feature = "gui"))]
        Command::Render(_) => Err(CliError::NoWindow),
    }
}

/// Prints the help, or what is wrong with the arguments.
fn explain(error: &clap::Error, output: &mut Output<'_>) -> Result<Exit, CliError> {
    let text = error.render().to_string();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            output.text(&text)?;
            Ok(Exit::Done)
        }
        _ => {
            output.remark(format_args!("{}", text.trim_end()));
            Ok(Exit::Usage)
        }
    }
}
