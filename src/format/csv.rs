//! Rows for spreadsheets: comma-separated values (RFC 4180), every cell in quotation marks.
//!
//! A spreadsheet takes a cell that begins with one of a few signs for a formula and carries it out, quotation
//! marks or not (OWASP, *CSV Injection*). For spreadsheets such a cell gets an apostrophe before it, which makes
//! it text, and hidden characters that deceive are named. Programs that read the values want neither.

use crate::text::hidden::{Reveal, find, visible};
use std::borrow::Cow;

/// Who reads the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spreadsheet {
    /// A spreadsheet, and people: nothing is carried out, nothing is hidden.
    Safe,
    /// A program: the values as they are.
    Raw,
}

/// One cell in quotation marks.
pub fn cell(text: &str, reader: Spreadsheet) -> String {
    let (sign, text) = match reader {
        Spreadsheet::Safe if is_formula(text) => ("'", visible(text)),
        Spreadsheet::Safe => ("", visible(text)),
        Spreadsheet::Raw => ("", Cow::Borrowed(text)),
    };
    format!("\"{sign}{}\"", text.replace('"', "\"\""))
}

/// One line of cells with its line ending, CR LF as the RFC has it.
pub fn line<'a>(cells: impl Iterator<Item = &'a str>, reader: Spreadsheet) -> String {
    let cells: Vec<String> = cells.map(|text| cell(text, reader)).collect();
    cells.join(",") + "\r\n"
}

/// Whether a spreadsheet may take the text for a formula. Blanks and hidden characters before the sign do not
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
            ("\rx", "\"'\rx\""),
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
