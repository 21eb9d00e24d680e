//! Runs `git`, with arguments and never through a shell, and writes its settings into a repository.

use super::{
    Action, FileError, FileErrorKind,
    fs::{Fs, RealFs},
    git_commands::os_string,
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

/// Why git failed.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The program is not there or cannot be started.
    #[error("cannot start git: {0}")]
    NotThere(#[source] io::Error),
    /// The command failed.
    #[error("`git {command}` failed: {said}")]
    Failed {
        /// The command.
        command: String,
        /// Its error output.
        said: String,
    },
}

/// Runs git in `folder` and returns its output; `None` when it ends with code 1, as `git config` does for a setting
/// that does not exist.
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

/// Returns the folder that the files of the repository around `folder` are in. `GIT_DIR` and `GIT_WORK_TREE` count.
///
/// # Errors
/// When there is no repository, or it has no files (a bare one).
pub fn top_folder(folder: &Path) -> Result<PathBuf, GitError> {
    let mut said = ask(folder, &["rev-parse", "--show-toplevel"])?.unwrap_or_default();
    // One line; the folder's own name may end with anything.
    if said.ends_with(b"\n") {
        said.pop();
        if cfg!(windows) && said.ends_with(b"\r") {
            said.pop();
        }
    }
    Ok(path_of(said))
}

/// Returns a path as git prints it.
pub fn path_of(bytes: Vec<u8>) -> PathBuf {
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let path = os_string(bytes.clone()).unwrap_or_else(|| lossy(&bytes).into());
    PathBuf::from(path)
}

/// Merges three files line by line, as git does without a driver, with markers of `marker_len` characters where both
/// sides differ; says whether there are any. The outcome is in `ours`.
///
/// # Errors
/// When git cannot be started or cannot read the files.
pub fn merge_lines(
    folder: &Path,
    names: [&str; 2],
    marker_len: usize,
    [ours, base, theirs]: [&Path; 3],
) -> Result<bool, GitError> {
    let [our_name, their_name] = names;
    let asked = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["merge-file", "-L", our_name, "-L", "base", "-L", their_name])
        .arg(format!("--marker-size={marker_len}"))
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

/// Returns `text` with each of `lines` in it, once: those that are missing come last. Everything else stays as it is,
/// and a text whose last line has no line ending has none afterwards, so that [`without_lines`] gives the very bytes
/// back.
pub fn with_lines(text: &[u8], lines: &[&str]) -> Vec<u8> {
    let newline: &[u8] = match text.windows(2).any(|pair| pair == b"\r\n") {
        true => b"\r\n",
        false => b"\n",
    };
    let is_open = !text.is_empty() && !text.ends_with(b"\n");
    let mut out = text.to_owned();
    for line in lines {
        let is_there = text
            .split(|byte| *byte == b'\n')
            .any(|known| known.trim_ascii() == line.as_bytes());
        if is_there {
            continue;
        }
        if is_open {
            out.extend([newline, line.as_bytes()].concat());
        } else {
            out.extend([line.as_bytes(), newline].concat());
        }
    }
    out
}

/// Returns `text` without any of `lines`. Everything else stays as it is.
pub fn without_lines(text: &[u8], lines: &[&str]) -> Vec<u8> {
    let is_ours = |line: &&[u8]| {
        let line = line.trim_ascii();
        lines.iter().any(|ours| ours.as_bytes() == line)
    };
    let all: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    let was_open = !text.ends_with(b"\n") && all.last().is_some_and(is_ours);
    let mut out: Vec<u8> = all
        .into_iter()
        .filter(|line| !is_ours(line))
        .flatten()
        .copied()
        .collect();
    if was_open && out.ends_with(b"\n") {
        out.pop();
        if out.ends_with(b"\r") {
            out.pop();
        }
    }
    out
}

/// Rewrites `.gitattributes` in `folder` and says whether that changed anything. One that becomes empty goes.
///
/// # Errors
/// When it cannot be read or written, or is a link, which git does not follow.
pub fn change_attributes(
    folder: &Path,
    rewrite: impl Fn(&[u8]) -> Vec<u8>,
) -> Result<bool, FileError> {
    let path = folder.join(".gitattributes");
    let action = Action::ChangeAttributes;
    let fail = |kind: FileErrorKind| FileError::new(action, &path, kind);
    let old = match read_file(&RealFs, &path, MAX_ATTRIBUTES_BYTES, action) {
        Ok(content) => content.bytes,
        Err(error) if matches!(error.kind, FileErrorKind::NotFound) => Vec::new(),
        Err(error) => return Err(error),
    };
    let new = rewrite(&old);
    if new == old {
        return Ok(false);
    }
    if path.is_symlink() {
        return Err(fail(FileErrorKind::Special(
            "a link that git does not follow",
        )));
    }
    if new.is_empty() {
        RealFs.remove(&path).map_err(|error| fail(error.into()))?;
    } else {
        write_file(&RealFs, &path, &new).map_err(fail)?;
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
            ("a text", "a text\n*.x merge=y\nz merge=y", "a text"),
            (
                "a text\r\nb text",
                "a text\r\nb text\r\n*.x merge=y\r\nz merge=y",
                "a text\r\nb text",
            ),
            (
                "z merge=y\n\n\nb\n",
                "z merge=y\n\n\nb\n*.x merge=y\n",
                "\n\nb\n",
            ),
            // Of a text that goes on after them only they are taken.
            ("z merge=y\nb", "z merge=y\nb\n*.x merge=y", "b"),
        ] {
            let bytes = with_lines(before.as_bytes(), OURS);
            assert_eq!(String::from_utf8_lossy(&bytes), with);
            assert_eq!(with_lines(&bytes, OURS), bytes, "twice");
            let bytes = without_lines(&bytes, OURS);
            assert_eq!(String::from_utf8_lossy(&bytes), after);
        }
        let latin = b"caf\xe9.txt text\n";
        assert_eq!(without_lines(&with_lines(latin, OURS), OURS), latin);
    }
}
