//! `git`: sets git up to merge and show annotation files, and the commands that git then calls.
//!
//! What is installed are a merge driver, a diff program and a text view in the repository's own configuration,
//! and two lines in `.gitattributes`. A collaborator who has not installed it gets git's merge of lines, and so does
//! whoever has moved the program away since: `git resolve` does such merges again.

mod driver;
mod resolve;
mod show;

use super::{
    CliError, Env, Exit, Output,
    merge_args::{GitCommand, RepoArgs},
    output,
};
use crate::files::{
    GitCommands,
    git::{GitError, ask, change_attributes, path_of, top_folder, with_lines, without_lines},
    program_of,
};
use std::{
    ffi::{OsStr, OsString},
    path::Path,
};

/// The lines of `.gitattributes`.
const ATTRIBUTES: [&str; 2] = [
    "*.annotations.ron merge=sourcemark diff=sourcemark",
    "collection.ron merge=sourcemark diff=sourcemark",
];

/// Carries out what `command` says.
///
/// # Errors
/// When there is no git or no repository, or a file cannot be read or written.
pub fn run(command: &GitCommand, output: &mut Output<'_>, env: &Env) -> Result<Exit, CliError> {
    match command {
        GitCommand::Install(args) => install(args, output),
        GitCommand::Uninstall(args) => uninstall(args, output),
        GitCommand::Status(args) => status(args, output),
        GitCommand::Resolve(args) => resolve::run(args, output, env),
        GitCommand::Merge(args) => driver::run(args, output),
        GitCommand::Diff(args) => show::diff(args, output),
        GitCommand::Textconv { file } => show::textconv(file, output),
    }
}

fn folder(args: &RepoArgs) -> &Path {
    args.repo.as_deref().unwrap_or(Path::new("."))
}

/// Keys and values of the configuration.
fn settings() -> Result<[(&'static str, OsString); 4], CliError> {
    let program = std::env::current_exe()?;
    let commands = GitCommands::of(&program).ok_or_else(|| CliError::OddProgramPath {
        path: output::path(&program),
    })?;
    Ok([
        ("merge.sourcemark.name", "Sourcemark annotations".into()),
        ("merge.sourcemark.driver", commands.merge),
        ("diff.sourcemark.command", commands.diff),
        ("diff.sourcemark.textconv", commands.textconv),
    ])
}

fn install(args: &RepoArgs, output: &mut Output<'_>) -> Result<Exit, CliError> {
    let top = top_folder(folder(args))?;
    let mut changed = change_attributes(&top, |text| with_lines(text, &ATTRIBUTES))?;
    for (key, value) in settings()? {
        if configured(&top, key)?.as_ref() != Some(&value) {
            let mut args = ["config", "--local", "--replace-all", key]
                .map(OsStr::new)
                .to_vec();
            args.push(&value);
            ask(&top, &args)?;
            changed = true;
        }
    }
    let said = if changed {
        "installed"
    } else {
        "already installed"
    };
    output.line(format_args!("{said} in {}", output::path(&top)))?;
    if changed {
        output.remark(format_args!(
            "commit .gitattributes; collaborators run `sourcemark git install` in their own clones"
        ));
    }
    Ok(Exit::Done)
}

fn uninstall(args: &RepoArgs, output: &mut Output<'_>) -> Result<Exit, CliError> {
    let top = top_folder(folder(args))?;
    let mut changed = change_attributes(&top, |text| without_lines(text, &ATTRIBUTES))?;
    for section in ["merge.sourcemark", "diff.sourcemark"] {
        let pattern = format!("^{}\\.", section.replace('.', "\\."));
        if ask(&top, &["config", "--local", "--get-regexp", &pattern])?.is_some() {
            ask(&top, &["config", "--local", "--remove-section", section])?;
            changed = true;
        }
    }
    let said = if changed { "removed" } else { "not installed" };
    output.line(format_args!("{said} in {}", output::path(&top)))?;
    Ok(Exit::Done)
}

/// Prints the state of each setting. Ends with [`Exit::Done`] when everything is as `install` sets it.
fn status(args: &RepoArgs, output: &mut Output<'_>) -> Result<Exit, CliError> {
    let top = top_folder(folder(args))?;
    let mut exit = Exit::Done;
    for (key, value) in settings()? {
        let found = configured(&top, key)?;
        if found.as_ref() != Some(&value) {
            exit = Exit::Differences;
        }
        output.line(format_args!("{key}: {}", state_of(found, &value)))?;
    }
    for (file, line) in ["x.annotations.ron", "collection.ron"]
        .into_iter()
        .zip(ATTRIBUTES)
    {
        let said = ask(&top, &["check-attr", "merge", "diff", "--", file])?.unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        let n_right = said
            .lines()
            .filter(|line| line.ends_with(": sourcemark"))
            .count();
        let pattern = line.split(' ').next().unwrap_or_default();
        let state = if n_right == 2 {
            "installed"
        } else {
            "not installed"
        };
        if n_right != 2 {
            exit = Exit::Differences;
        }
        output.line(format_args!("attributes of {pattern}: {state}"))?;
    }
    if exit != Exit::Done {
        output.remark(format_args!("run `sourcemark git install` to repair it"));
    }
    Ok(exit)
}

/// Returns how a setting that was found compares with the one that belongs there.
fn state_of(found: Option<OsString>, value: &OsStr) -> String {
    let Some(found) = found else {
        return "not installed".to_owned();
    };
    if found == value {
        return "installed".to_owned();
    }
    match (
        program_of(found.as_encoded_bytes()),
        program_of(value.as_encoded_bytes()),
    ) {
        (Some(program), _) if !program.is_file() => {
            format!(
                "the program no longer exists at `{}`",
                output::path(&program)
            )
        }
        (found, Some(own)) if found.as_deref() == Some(&*own) => {
            "configured by another version of Sourcemark".to_owned()
        }
        _ => format!(
            "another program: {}",
            output::one_line(&found.to_string_lossy(), 200)
        ),
    }
}

fn configured(top: &Path, key: &str) -> Result<Option<OsString>, GitError> {
    let said = ask(top, &["config", "--local", "--null", "--get", key])?;
    Ok(said.map(|said| {
        let value = said.strip_suffix(b"\0").unwrap_or(&said);
        path_of(value.to_owned()).into_os_string()
    }))
}
