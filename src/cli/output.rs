//! The output of commands: checked writes, and nothing from a file that could control a terminal.

use super::{CliError, columns};
use crate::format::{escape_json, shown};
use serde::Serialize;
use std::{
    fmt::Arguments,
    io::{self, Write},
    path::Path,
};

/// The two streams of a command.
pub struct Output<'a> {
    /// The result of the command.
    out: &'a mut dyn Write,
    /// Remarks about it.
    err: &'a mut dyn Write,
}

impl<'a> Output<'a> {
    /// Writes results to `out` and remarks to `err`.
    pub fn new(out: &'a mut dyn Write, err: &'a mut dyn Write) -> Self {
        Self { out, err }
    }

    /// Writes one line of the result.
    ///
    /// # Errors
    /// What the stream says, a closed pipe too.
    pub fn line(&mut self, line: Arguments<'_>) -> Result<(), CliError> {
        writeln!(self.out, "{}", harmless(line))?;
        Ok(())
    }

    /// Writes ready text as it is: CSV, whose cells are escaped one by one, and help.
    ///
    /// # Errors
    /// What the stream says, a closed pipe too.
    pub fn text(&mut self, text: &str) -> Result<(), CliError> {
        self.out.write_all(text.as_bytes())?;
        Ok(())
    }

    /// Writes a JSON array with one object on each line: two lists can be compared by their lines.
    ///
    /// # Errors
    /// What the stream says, a closed pipe too.
    pub fn json(&mut self, rows: &[impl Serialize]) -> Result<(), CliError> {
        self.text("[")?;
        for (idx, row) in rows.iter().enumerate() {
            let written = serde_json::to_string(row).map_err(io::Error::from)?;
            self.text(if idx == 0 { "\n  " } else { ",\n  " })?;
            self.text(&escape_json(&written))?;
        }
        self.text(if rows.is_empty() { "]\n" } else { "\n]\n" })
    }

    /// Writes one JSON value over several lines.
    ///
    /// # Errors
    /// What the stream says, a closed pipe too.
    pub fn json_value(&mut self, value: &impl Serialize) -> Result<(), CliError> {
        let written = serde_json::to_string_pretty(value).map_err(io::Error::from)?;
        self.text(&escape_json(&written))?;
        self.text("\n")
    }

    /// Writes one remark, and ignores an error: no stream is left to report it to.
    pub fn remark(&mut self, line: Arguments<'_>) {
        drop(writeln!(self.err, "sourcemark: {}", harmless(line)));
    }

    /// Writes what another [`Output`] has collected, as it is.
    ///
    /// # Errors
    /// What the stream says, a closed pipe too.
    pub fn pass_on(&mut self, out: &[u8], err: &[u8]) -> Result<(), CliError> {
        // As with a remark, no stream is left for an error.
        drop(self.err.write_all(err));
        self.out.write_all(out)?;
        Ok(())
    }

    /// Flushes the result.
    ///
    /// # Errors
    /// What the stream says, a closed pipe too.
    pub fn finish(&mut self) -> Result<(), CliError> {
        let flushed: io::Result<()> = self.out.flush();
        Ok(flushed?)
    }
}

/// Returns the lines with whatever could steer a terminal as escapes. Most of what is written has passed [`one_line`]
/// already; this is for the name of a tag in an error from another floor, and for what was forgotten.
fn harmless(lines: Arguments<'_>) -> String {
    let text = lines.to_string();
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| shown(line, usize::MAX))
        .collect();
    lines.join("\n")
}

/// Returns `text` on one line, white space as single blanks, cut after at most `max_columns` of a terminal. What cannot
/// be seen or turns the direction of the line is written as an escape.
pub fn one_line(text: &str, max_columns: usize) -> String {
    let mut line = String::new();
    // Not more words than can be shown: a passage may be a whole book.
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(columns::possible(word, max_columns));
        if columns::possible(&line, max_columns).len() < line.len() {
            break;
        }
    }
    columns::cut(&shown(&line, usize::MAX), max_columns)
}

/// Returns a number with what it counts: `1 place`, `2 places`.
pub fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// Returns a path for people.
pub fn path(path: &Path) -> String {
    columns::cut(&shown(&path.to_string_lossy(), usize::MAX), 300)
}

/// Returns a path as it is typed in a command: in quotation marks where a shell would take it apart, and never like
/// an option.
pub fn typed(path: &Path) -> String {
    let shown = self::path(path);
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | ':');
    let shown = if shown.starts_with('-') {
        format!("./{shown}")
    } else {
        shown
    };
    match shown.chars().all(is_plain) {
        true => shown,
        false => format!("\"{shown}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(
            one_line(" a\n\tb \u{1B}[2J\u{202E}c", 40),
            "a b \\u{1b}[2J\\u{202e}c"
        );
        assert_eq!(one_line(&"word ".repeat(1_000), 9), "word word…");
        assert_eq!(one_line("漢字 漢字", 5), "漢字 …");
    }

    #[test]
    fn paths_can_be_typed() {
        for (path, typed_as) in [
            ("a/news.txt", "a/news.txt"),
            ("-news.txt", "./-news.txt"),
            ("some news.txt", "\"some news.txt\""),
            ("記事.md", "記事.md"),
        ] {
            assert_eq!(typed(Path::new(path)), typed_as);
        }
    }
}
