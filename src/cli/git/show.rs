//! The commands that git calls to compare two versions of a file, and to show one as text.

use super::super::{
    CliError, Exit, Output,
    diff::Comparison,
    merge_args::GitDiffArgs,
    output,
    record_lines::lines,
    several::{AnyRecords, OpenFile},
};
use crate::files::read_bytes;
use std::path::Path;

/// Prints the differences of two files in words.
///
/// # Errors
/// When the output is closed.
pub fn diff(args: &GitDiffArgs, output: &mut Output<'_>) -> Result<Exit, CliError> {
    let Some(path) = args.parts.get(RENAMED_TO).or(args.parts.first()) else {
        return Ok(Exit::Usage);
    };
    output.line(format_args!("{}", output::path(path)))?;
    let [_, old, _, _, new, ..] = args.parts.as_slice() else {
        // For an unmerged file, git passes only the path.
        output.line(format_args!(
            "  unmerged; see `git status` and `sourcemark conflicts`"
        ))?;
        return Ok(Exit::Done);
    };
    let comparison = read_two(old, new).and_then(|two| match two {
        Some((old, new)) => Comparison::of(&old, &new).map(Some),
        None => Ok(None),
    });
    match comparison {
        Ok(comparison) => {
            for sentence in comparison.iter().flat_map(Comparison::sentences) {
                output.line(format_args!("  {sentence}"))?;
            }
        }
        Err(error) => {
            output.line(format_args!("  {error}"))?;
            output.line(format_args!("  `git diff --no-ext-diff` shows the lines"))?;
        }
    }
    Ok(Exit::Done)
}

/// Where git puts the new path of a renamed file.
const RENAMED_TO: usize = 7;

/// Returns two files that git passes; a missing one counts as empty. `None` when both are missing.
fn read_two(old: &Path, new: &Path) -> Result<Option<(AnyRecords, AnyRecords)>, CliError> {
    Ok(match (read(old)?, read(new)?) {
        (Some(old), Some(new)) => Some((old, new)),
        (Some(old), None) => {
            let new = old.nothing_like()?;
            Some((old, new))
        }
        (None, Some(new)) => Some((new.nothing_like()?, new)),
        (None, None) => None,
    })
}

/// Returns the records of a file that git passes; `None` if it is missing or empty.
fn read(path: &Path) -> Result<Option<AnyRecords>, CliError> {
    let is_nothing = path == Path::new("/dev/null") || path == Path::new("nul");
    if is_nothing || read_bytes(path)?.is_empty() {
        return Ok(None);
    }
    Ok(Some(OpenFile::at(path)?.records))
}

/// Prints a file as lines of text; see [`lines`]. One that cannot be read is printed line by line as it is, with
/// escapes for what could steer the terminal: git hands this to it.
///
/// # Errors
/// When the output is closed.
pub fn textconv(file: &Path, output: &mut Output<'_>) -> Result<Exit, CliError> {
    let records = match read(file) {
        Ok(Some(records)) => records,
        Ok(None) => return Ok(Exit::Done),
        Err(_) => {
            let bytes = read_bytes(file)?;
            for line in String::from_utf8_lossy(&bytes).lines() {
                output.line(format_args!("{line}"))?;
            }
            return Ok(Exit::Done);
        }
    };
    for line in lines(&records)? {
        output.line(format_args!("{line}"))?;
    }
    Ok(Exit::Done)
}
