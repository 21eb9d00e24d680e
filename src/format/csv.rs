//! Rows for spreadsheets: comma-separated values (RFC 4180), every cell in quotation marks.
//!
//! A spreadsheet takes a cell that begins with one of a few signs for a formula and carries it out, quotation
//! marks or not (OWASP, *CSV Injection*). For spreadsheets such a cell gets an apostrophe before it, which makes
//! it text. Programs that read the values do not want that.

/// Who reads the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spreadsheet {
    /// A spreadsheet, and people: nothing is carried out.
    Safe,
    /// A program: the values as they are.
    Raw,
}

/// One cell in quotation marks.
pub fn cell(text: &str, mode: Spreadsheet) -> String {
    let sign = if mode == Spreadsheet::Safe && is_formula(text) {
        "'"
    } else {
        ""
    };
    format!("\"{sign}{}\"", text.replace('"', "\"\""))
}

/// One line of cells with its line ending, CR LF as the RFC has it.
pub fn line<'a>(cells: impl Iterator<Item = &'a str>, mode: Spreadsheet) -> String {
    let cells: Vec<String> = cells.map(|text| cell(text, mode)).collect();
    cells.join(",") + "\r\n"
}

/// Whether a spreadsheet may take the text for a formula. Blanks before the sign do not count: some programs drop
/// them.
fn is_formula(text: &str) -> bool {
    const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    text.starts_with(['\t', '\r', '\n']) || text.trim_start().starts_with(SIGNS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_text_for_spreadsheets() {
        for (text, safe) in [
            ("he denied it", "\"he denied it\""),
            ("say \"no\"", "\"say \"\"no\"\"\""),
            ("=1+1", "\"'=1+1\""),
            ("-0.5", "\"'-0.5\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\tx", "\"'\tx\""),
            ("\rx", "\"'\rx\""),
            ("＝1+1", "\"'＝1+1\""),
            ("  +49 30", "\"'  +49 30\""),
            ("a=1", "\"a=1\""),
        ] {
            assert_eq!(cell(text, Spreadsheet::Safe), safe);
            assert_eq!(
                cell(text, Spreadsheet::Raw),
                format!("\"{}\"", text.replace('"', "\"\""))
            );
        }
        assert_eq!(
            line(["a", "=b"].into_iter(), Spreadsheet::Safe),
            "\"a\",\"'=b\"\r\n"
        );
    }
}
