//! Rows as comma-separated values.

use crate::format::csv::{self, Spreadsheet};

/// Returns one line. Numbers are left as they are, so that a spreadsheet counts with the negative ones; all else is
/// made safe as `mode` says.
pub fn line(row: &[String], mode: Spreadsheet) -> String {
    let is_number = |text: &str| text.parse::<f64>().is_ok_and(f64::is_finite);
    let cells = row.iter().map(|text| {
        csv::cell(
            text,
            if is_number(text) {
                Spreadsheet::Raw
            } else {
                mode
            },
        )
    });
    cells.collect::<Vec<_>>().join(",") + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negative_figures_stay_numbers() {
        let row = ["-0.25", "-1+1", "a"].map(str::to_owned);
        assert_eq!(
            line(&row, Spreadsheet::Safe),
            "\"-0.25\",\"'-1+1\",\"a\"\r\n"
        );
    }
}
