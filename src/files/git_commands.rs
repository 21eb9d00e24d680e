//! The shell commands that git runs for annotation files. Each tries the program where it was installed from, then by
//! its name, and does without it when it is neither here nor there: git takes a driver that cannot be started for one
//! that found a conflict, and leaves one side alone in the file.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// What git runs to merge, to compare, and to show a file as text.
pub struct GitCommands {
    /// For `merge.<driver>.driver`.
    pub merge: OsString,
    /// For `diff.<driver>.command`; git adds its arguments at the end.
    pub diff: OsString,
    /// For `diff.<driver>.textconv`; git adds the file at the end.
    pub textconv: OsString,
}

impl GitCommands {
    /// Returns the commands for `program`; `None` for a path that cannot be written down on this system.
    pub fn of(program: &Path) -> Option<Self> {
        let word = shell_word(program)?;
        // git replaces `%` and a letter in the driver, and nothing in the other two.
        let in_driver = replaced(&word, b'%', b"%%");
        Some(Self {
            merge: os_string(filled(MERGE, &in_driver))?,
            diff: os_string(filled(DIFF, &word))?,
            textconv: os_string(filled(TEXTCONV, &word))?,
        })
    }
}

/// The arguments are base, ours, theirs, path, the names of both sides, and the length of a marker. Before version
/// 2.44 git passes the placeholders of the names themselves. Without the program nobody looks at what the lines
/// make together, so it always is a conflict.
const MERGE: &str = r#"sourcemark_merge() { for program in @ sourcemark; do command -v "$program" >/dev/null 2>&1 || continue; "$program" git merge -- "$@"; code=$?; test $code -gt 1 || return $code; done; echo "sourcemark: the program is not there, so git merges the lines of this file; once it is: sourcemark git install, then sourcemark git resolve" >&2; ours=$5; test "$ours" != %%X || ours=ours; theirs=$6; test "$theirs" != %%Y || theirs=theirs; git merge-file -q -L "$ours" -L base -L "$theirs" --marker-size="$7" "$2" "$1" "$3"; return 1; }; sourcemark_merge %O %A %B %P %X %Y %L"#;

/// Of a file that is not merged yet git passes the path alone.
const DIFF: &str = r#"sourcemark_diff() { for program in @ sourcemark; do command -v "$program" >/dev/null 2>&1 || continue; "$program" git diff -- "$@" && return; done; echo "sourcemark is not there to put it into words:"; test $# -lt 5 || git --no-pager diff --no-index --no-ext-diff --no-textconv -- "$2" "$5"; return 0; }; sourcemark_diff"#;

const TEXTCONV: &str = r#"sourcemark_text() { for program in @ sourcemark; do command -v "$program" >/dev/null 2>&1 || continue; "$program" git textconv -- "$1" && return; done; cat -- "$1"; }; sourcemark_text"#;

/// Returns `command` with `word` in the place of `@`.
fn filled(command: &str, word: &[u8]) -> Vec<u8> {
    let (before, after) = command.split_once(" @ ").unwrap_or((command, ""));
    [before.as_bytes(), b" ", word, b" ", after.as_bytes()].concat()
}

/// Returns the program that a configured command tries first; of the commands of older versions, too.
pub fn program_of(command: &[u8]) -> Option<PathBuf> {
    let start = command.iter().position(|byte| *byte == b'\'')?;
    let mut rest = command.get(start + 1..)?;
    let mut word = Vec::new();
    loop {
        let end = rest.iter().position(|byte| *byte == b'\'')?;
        word.extend_from_slice(rest.get(..end)?);
        rest = rest.get(end + 1..)?;
        match rest.strip_prefix(b"\\''") {
            Some(after) => {
                word.push(b'\'');
                rest = after;
            }
            None => break,
        }
    }
    if command.starts_with(b"sourcemark_merge") {
        word = unescaped_percent(&word);
    }
    os_string(word).map(PathBuf::from)
}

fn unescaped_percent(word: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = word.iter().peekable();
    while let Some(byte) = bytes.next() {
        out.push(*byte);
        if *byte == b'%' && bytes.peek() == Some(&&b'%') {
            bytes.next();
        }
    }
    out
}

/// Returns a path as one word of a shell: git has one on every system.
fn shell_word(path: &Path) -> Option<Vec<u8>> {
    let bytes = bytes_of(path)?;
    let inner = replaced(&bytes, b'\'', b"'\\''");
    Some([b"'".as_slice(), &inner, b"'"].concat())
}

fn replaced(bytes: &[u8], byte: u8, by: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for next in bytes {
        if *next == byte {
            out.extend_from_slice(by);
        } else {
            out.push(*next);
        }
    }
    out
}

#[cfg(unix)]
fn bytes_of(path: &Path) -> Option<Vec<u8>> {
    use std::os::unix::ffi::OsStrExt;
    Some(path.as_os_str().as_bytes().to_owned())
}

/// Returns the shell takes a backslash for an escape.
#[cfg(not(unix))]
fn bytes_of(path: &Path) -> Option<Vec<u8>> {
    Some(path.to_str()?.replace('\\', "/").into_bytes())
}

#[cfg(unix)]
pub(super) fn os_string(bytes: Vec<u8>) -> Option<OsString> {
    use std::os::unix::ffi::OsStringExt;
    Some(OsString::from_vec(bytes))
}

#[cfg(not(unix))]
pub(super) fn os_string(bytes: Vec<u8>) -> Option<OsString> {
    String::from_utf8(bytes).ok().map(OsString::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_in_its_own_commands() {
        for program in [
            "/usr/bin/sourcemark",
            "/a folder/it's 100%P \"$HOME\" `x`/記事",
            "/%%/%O %A/''",
        ] {
            let commands = GitCommands::of(Path::new(program)).unwrap();
            for command in [commands.merge, commands.diff, commands.textconv] {
                let found = program_of(command.to_str().unwrap().as_bytes());
                assert_eq!(found.as_deref(), Some(Path::new(program)));
            }
        }
        let old = b"'/gone/it'\\''s' git merge -- %O %A %B %P %X %Y";
        assert_eq!(program_of(old).as_deref(), Some(Path::new("/gone/it's")));
        for odd in [&b""[..], b"x %O", b"'open", b"'a'\\''"] {
            assert_eq!(program_of(odd), None);
        }
    }
}
