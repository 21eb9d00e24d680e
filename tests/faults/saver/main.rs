//! The program that the scripts of `tests/faults` kill, starve and lie to: it saves through the library, and
//! checks what is there afterwards.

mod editing;
mod generation;
mod session;

use clap::{Parser, Subcommand};
use editing::EditArgs;
use generation::{Found, Generation};
use session::SaveArgs;
use sourcemark::files::{LockOutcome, SystemClock, read_annotations, survive_size_limits};
use std::{
    io::{self, BufRead, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Saves annotation files that count their generations, and checks them.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Saves one generation after the other and prints `ack NUMBER` for each
    Save(SaveArgs),
    /// Prints which generation a file holds, `new`, `broken: …` or `unreadable: …`
    Check {
        /// The annotation file
        file: PathBuf,
    },
    /// Prints the earlier versions, the latest first
    Versions {
        /// The annotation file
        file: PathBuf,
        /// Folder for what is under way
        #[arg(long)]
        state: PathBuf,
    },
    /// Locks a file, prints `held` or `other NAME PID`, and keeps the lock until its input ends
    Lock {
        /// The annotation file
        file: PathBuf,
        /// Folder for what is under way
        #[arg(long)]
        state: PathBuf,
        /// Name of the holder
        #[arg(long)]
        writer: String,
    },
    /// Makes one edit after the other, kept in a journal
    Edit(EditArgs),
    /// Prints how many edits are there when what was unsaved is recovered
    Recover {
        /// The article
        article: PathBuf,
        /// Folder for what is under way
        #[arg(long)]
        state: PathBuf,
    },
    /// Prints the present moment as the program sees it
    Clock,
}

fn main() -> ExitCode {
    survive_size_limits();
    let command = Arguments::parse().command;
    let mut out = io::stdout().lock();
    match run(&command, &mut out) {
        Ok(code) => code,
        Err(error) => {
            // There may be no output left to say it on.
            writeln!(io::stderr(), "saver: {error}").ok();
            ExitCode::from(4)
        }
    }
}

fn run(command: &Command, out: &mut dyn Write) -> io::Result<ExitCode> {
    match command {
        Command::Save(args) => return session::save(args, out),
        Command::Check { file } => writeln!(out, "{}", Found::of(read_annotations(file)))?,
        Command::Versions { file, state } => versions(file, state, out)?,
        Command::Lock {
            file,
            state,
            writer,
        } => lock(file, state, writer, out)?,
        Command::Edit(args) => editing::edit(args, out)?,
        Command::Recover { article, state } => editing::recover(article, state, out)?,
        Command::Clock => writeln!(out, "{}", SystemClock.now())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn versions(file: &Path, state: &Path, out: &mut dyn Write) -> io::Result<()> {
    let disk = session::disk(Some(state));
    let versions = disk.earlier_versions(file).map_err(io::Error::other)?;
    for version in versions {
        let (number, saved) = (version.number, version.saved);
        let held = match disk.read_version(&version) {
            Ok(file) => Generation::of(&file).map(|generation| generation.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match held {
            Ok(generation) => writeln!(out, "version {number} {saved} {generation}")?,
            Err(what) => writeln!(out, "version {number} {saved} broken: {what}")?,
        }
    }
    Ok(())
}

fn lock(file: &Path, state: &Path, writer: &str, out: &mut dyn Write) -> io::Result<()> {
    let outcome = session::disk(Some(state))
        .lock(file, writer)
        .map_err(io::Error::other)?;
    match &outcome {
        LockOutcome::Held(_) => writeln!(out, "held")?,
        LockOutcome::Other(holder) => {
            let pid = holder.pid.map_or_else(String::new, |pid| pid.to_string());
            writeln!(out, "other {} {pid}", holder.name)?;
        }
        LockOutcome::Unavailable(why) => writeln!(out, "unavailable: {why}")?,
    }
    io::stdin().lock().read_line(&mut String::new())?;
    drop(outcome);
    Ok(())
}
