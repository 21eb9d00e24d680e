//! The `git` program: asked with arguments, never through a shell, and what is written into a repository for it.

use super::{
    Action, FileError, FileErrorKind,
    fs::{Fs, RealFs},
    open::read_file,
    write::write_file,
};
use std::{
    ffi::OsStr,
    io,
    path::{Path, PathBuf},
    process::Command,
};

/// Largest `.gitattributes` that is changed, in bytes.
const MAX_ATTRIBUTES_BYTES: u64 = 1 << 20;

/// Why git did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The program is not there or cannot be started.
    #[error("cannot start git: {0}")]
    NotThere(#[source] io::Error),
    /// It said no.
    #[error("`git {command}` failed: {said}")]
    Failed {
        /// What it was asked.
        command: String,
        /// What it said.
        said: String,
    },
}

/// Asks git, in `folder`, and returns what it prints. `None` when it ends with code 1, by which `git config`
/// says that there is nothing.
///
/// # Errors
/// When git cannot be started or fails in another way.
pub fn ask<S: AsRef<OsStr>>(folder: &Path, args: &[S]) -> Result<Option<Vec<u8>>, GitError> {
    let asked = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(args)
        .output();
    let output = asked.map_err(GitError::NotThere)?;
    match output.status.code() {
        Some(0) => Ok(Some(output.stdout)),
        Some(1) => Ok(None),
        _ => Err(GitError::Failed {
            command: args
                .iter()
                .map(|arg| arg.as_ref().to_string_lossy().into_owned())
                .collect::<Vec<_>>()
                .join(" "),
            said: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        }),
    }
}

/// The folder that the files of the repository around `folder` are in. `GIT_DIR` and `GIT_WORK_TREE` count.
///
/// # Errors
/// When there is no repository, or it has no files (a bare one).
pub fn top_folder(folder: &Path) -> Result<PathBuf, GitError> {
    let said = ask(folder, &["rev-parse", "--show-toplevel"])?.unwrap_or_default();
    let text = String::from_utf8_lossy(&said);
    Ok(PathBuf::from(text.trim_end_matches(['\n', '\r'])))
}

/// Merges three files line by line, as git does without a driver, with markers where both sides differ; says
/// whether there are any. The outcome is in `ours`.
///
/// # Errors
/// When git cannot be started or cannot read the files.
pub fn merge_lines(
    folder: &Path,
    names: [&str; 2],
    ours: &Path,
    base: &Path,
    theirs: &Path,
) -> Result<bool, GitError> {
    let [our_name, their_name] = names;
    let asked = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["merge-file", "-L", our_name, "-L", "base", "-L", their_name])
        .args([ours, base, theirs])
        .output();
    let output = asked.map_err(GitError::NotThere)?;
    match output.status.code() {
        Some(0) => Ok(false),
        // The number of conflicts, at most 127.
        Some(1..=127) => Ok(true),
        _ => Err(GitError::Failed {
            command: "merge-file".to_owned(),
            said: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        }),
    }
}

/// `text` with each of `lines` in it, once: those that are missing come last. Everything else stays as it is.
pub fn with_lines(text: &str, lines: &[&str]) -> String {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = text.to_owned();
    for line in lines {
        if !text.lines().any(|known| known.trim() == *line) {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push_str(newline);
            }
            out.push_str(line);
            out.push_str(newline);
        }
    }
    out
}

/// `text` without any of `lines`. Everything else stays as it is.
pub fn without_lines(text: &str, lines: &[&str]) -> String {
    text.split_inclusive('\n')
        .filter(|line| !lines.contains(&line.trim()))
        .collect()
}

/// Rewrites `.gitattributes` in `folder` and says whether that changed anything. One that becomes empty goes.
///
/// # Errors
/// When it cannot be read or written, or is no text.
pub fn change_attributes(
    folder: &Path,
    rewrite: impl Fn(&str) -> String,
) -> Result<bool, FileError> {
    let path = folder.join(".gitattributes");
    let fail = |kind: FileErrorKind| FileError::new(Action::ChangeAttributes, &path, kind);
    let action = Action::ChangeAttributes;
    let old = match read_file(&RealFs, &path, MAX_ATTRIBUTES_BYTES, action) {
        Ok(content) => content.bytes,
        Err(error) if matches!(error.kind, FileErrorKind::NotFound) => Vec::new(),
        Err(error) => return Err(error),
    };
    let not_text = |_| fail(io::Error::from(io::ErrorKind::InvalidData).into());
    let text = String::from_utf8(old).map_err(not_text)?;
    let new = rewrite(&text);
    if new == text {
        return Ok(false);
    }
    if new.is_empty() {
        RealFs.remove(&path).map_err(|error| fail(error.into()))?;
    } else {
        write_file(&RealFs, &path, new.as_bytes()).map_err(fail)?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &[&str] = &["*.x merge=y", "z merge=y"];

    #[test]
    fn lines_come_and_go_and_leave_the_others_alone() {
        for (before, with, after) in [
            ("", "*.x merge=y\nz merge=y\n", ""),
            (
                "# mine\r\n*.png binary\r\n",
                "# mine\r\n*.png binary\r\n*.x merge=y\r\nz merge=y\r\n",
                "# mine\r\n*.png binary\r\n",
            ),
            ("a text", "a text\n*.x merge=y\nz merge=y\n", "a text\n"),
            (
                "z merge=y\n\n\nb\n",
                "z merge=y\n\n\nb\n*.x merge=y\n",
                "\n\nb\n",
            ),
        ] {
            assert_eq!(with_lines(before, OURS), with);
            assert_eq!(with_lines(with, OURS), with, "twice");
            assert_eq!(without_lines(with, OURS), after);
        }
    }
}
