//! Rows for spreadsheets: comma-separated values (RFC 4180), every cell in quotation marks.
//!
//! A spreadsheet takes a cell that begins with one of a few signs for a formula and carries it out, quotation
//! marks or not (OWASP, *CSV Injection*). For spreadsheets such a cell gets an apostrophe before it, which makes
//! it text, hidden characters that deceive are named, and a CR without LF is written as LF: some programs end a
//! record at it, quotation marks or not, and a terminal goes back to the start of the line. Programs that read the
//! values want none of that.

use crate::text::hidden::{Reveal, find, visible};
use std::borrow::Cow;

/// Who reads the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spreadsheet {
    /// A spreadsheet, and people: no cell runs as a formula, and nothing is hidden.
    Safe,
    /// A program: the values as they are.
    Raw,
}

/// Returns one cell in quotation marks.
pub fn cell(text: &str, reader: Spreadsheet) -> String {
    let (sign, text) = match reader {
        Spreadsheet::Safe if is_formula(text) => ("'", without_lone_cr(visible(text))),
        Spreadsheet::Safe => ("", without_lone_cr(visible(text))),
        Spreadsheet::Raw => ("", Cow::Borrowed(text)),
    };
    format!("\"{sign}{}\"", text.replace('"', "\"\""))
}

/// Returns `text` with LF for each CR that no LF follows.
fn without_lone_cr(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains('\r') {
        return text;
    }
    let parts: Vec<String> = text
        .split("\r\n")
        .map(|part| part.replace('\r', "\n"))
        .collect();
    Cow::Owned(parts.join("\r\n"))
}

/// Returns one line of cells with its line ending, CR LF as the RFC has it.
pub fn line<'a>(cells: impl Iterator<Item = &'a str>, reader: Spreadsheet) -> String {
    let cells: Vec<String> = cells.map(|text| cell(text, reader)).collect();
    cells.join(",") + "\r\n"
}

/// Most rows that are read, and most cells of one row: no table that a person fills in is larger.
const MAX_ROWS: usize = 1_000_000;
const MAX_CELLS: usize = 1_000;

/// Why a table could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub why: &'static str,
}

/// Returns the rows of a table, each with the line it begins on, from 1; rows without any text are left out. Cells
/// may be in quotation marks, and hold the separator and line breaks then.
///
/// # Errors
/// When a quotation mark is missing, or there are more rows or cells than anybody fills in.
pub fn rows(text: &str, separator: char) -> Result<Vec<(usize, Vec<String>)>, TableError> {
    let mut rows: Vec<(usize, Vec<String>)> = Vec::new();
    let (mut cells, mut cell) = (Vec::new(), String::new());
    let (mut line, mut first_line) = (1, 1);
    let mut open_since = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let ends_line = c == '\n' || c == '\r' && chars.peek() != Some(&'\n');
        line += usize::from(ends_line);
        match (c, open_since) {
            ('"', Some(_)) if chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            ('"', Some(_)) => open_since = None,
            ('"', None) if cell.is_empty() => open_since = Some(line),
            (c, None) if c == separator => {
                let why = "there are too many cells";
                if cells.len() >= MAX_CELLS {
                    return Err(TableError { line, why });
                }
                cells.push(std::mem::take(&mut cell));
            }
            (_, None) if ends_line => {
                cells.push(std::mem::take(&mut cell));
                put_row(&mut rows, first_line, std::mem::take(&mut cells))?;
                first_line = line;
            }
            ('\r', None) => {}
            (c, _) => cell.push(c),
        }
    }
    if let Some(line) = open_since {
        let why = "a quotation mark is opened and not closed";
        return Err(TableError { line, why });
    }
    cells.push(cell);
    put_row(&mut rows, first_line, cells)?;
    Ok(rows)
}

fn put_row(
    rows: &mut Vec<(usize, Vec<String>)>,
    line: usize,
    cells: Vec<String>,
) -> Result<(), TableError> {
    if cells.iter().all(|cell| cell.trim().is_empty()) {
        return Ok(());
    }
    if rows.len() >= MAX_ROWS {
        let why = "there are too many rows";
        return Err(TableError { line, why });
    }
    rows.push((line, cells));
    Ok(())
}

/// Returns whether a spreadsheet may take the text for a formula. Blanks and hidden characters before the sign do not
/// count: some programs drop them.
fn is_formula(text: &str) -> bool {
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    let mut start = 0;
    for hidden in find(text, Reveal::All) {
        let between = text.get(start..hidden.at).unwrap_or_default();
        if !between.trim().is_empty() {
            break;
        }
        start = hidden.range().end;
    }
    let rest = text.get(start..).unwrap_or_default().trim_start();
    rest.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let cells = ["a", "b, c", "say \"no\"", "two\nlines", "", "x;y"];
        let written = line(cells.into_iter(), Spreadsheet::Raw).repeat(2);
        let read = rows(&written, ',').unwrap();
        let lines: Vec<usize> = read.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 3]);
        assert!(read.iter().all(|(_, row)| *row == cells));
        assert_eq!(
            rows("\n;;\r\n a;b\rc", ';').unwrap(),
            [
                (3, vec![" a".to_owned(), "b".to_owned()]),
                (4, vec!["c".to_owned()]),
            ]
        );
        let error = rows("a\n\"b\nc", ',').unwrap_err();
        assert_eq!(
            (error.line, error.why),
            (2, "a quotation mark is opened and not closed")
        );
        assert!(rows(&",".repeat(2_000), ',').is_err());
    }

    #[test]
    fn formulas_are_made_text_for_spreadsheets() {
        for (text, safe) in [
            ("he denied it", "\"he denied it\""),
            ("", "\"\""),
            (
                "say \"no\", twice\nor so",
                "\"say \"\"no\"\", twice\nor so\"",
            ),
            ("=1+1", "\"'=1+1\""),
            ("+49 30 1234", "\"'+49 30 1234\""),
            ("-cmd|' /C calc'!A0", "\"'-cmd|' /C calc'!A0\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\tx", "\"'\tx\""),
            ("\rx", "\"'\nx\""),
            ("paid\rnot\r\nyet\r", "\"paid\nnot\r\nyet\n\""),
            ("＝1+1", "\"'＝1+1\""),
            ("＋1", "\"'＋1\""),
            ("－1", "\"'－1\""),
            ("＠A1", "\"'＠A1\""),
            ("  =1+1", "\"'  =1+1\""),
            ("\u{FEFF}\u{200B}=1+1", "\"'[BOM][ZWSP]=1+1\""),
            ("a=1", "\"a=1\""),
            ("a\u{202E}b\u{1B}[2J", "\"a[RLO]b[ESC][2J\""),
        ] {
            assert_eq!(cell(text, Spreadsheet::Safe), safe, "{text:?}");
            let raw = format!("\"{}\"", text.replace('"', "\"\""));
            assert_eq!(cell(text, Spreadsheet::Raw), raw);
        }
    }

    #[test]
    fn a_line_has_its_cells_in_order() {
        assert_eq!(
            line(["a", "=b", "c,d"].into_iter(), Spreadsheet::Safe),
            "\"a\",\"'=b\",\"c,d\"\r\n"
        );
    }
}
