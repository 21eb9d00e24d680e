//! Text by the columns of a terminal that it takes: how wide it is, where it is cut, and how a table is aligned.
//!
//! A CJK letter takes two columns, a combining mark none, an emoji of several code points two. Widths are added up by
//! grapheme clusters, so no cut divides a letter from its marks. Arabic letters count one by one, because terminals
//! draw them so.

use icu_segmenter::GraphemeClusterSegmenter;
use unicode_width::UnicodeWidthStr;

/// Most code points that a column may stand for. A letter can carry any number of marks that take no column.
const MAX_CHARS_PER_COLUMN: usize = 8;

/// Returns how many columns `text` takes.
pub fn width(text: &str) -> usize {
    match text.is_ascii() {
        true => text.width(),
        false => clusters(text).map(UnicodeWidthStr::width).sum(),
    }
}

/// Returns the beginning of `text` in which a cut after at most `max_columns` is made, without measuring it: a little
/// more than can be shown.
pub fn possible(text: &str, max_columns: usize) -> &str {
    let max_chars = max_columns
        .saturating_mul(MAX_CHARS_PER_COLUMN)
        .saturating_add(1);
    let limit = text.char_indices().nth(max_chars).map(|(at, _)| at);
    text.get(..limit.unwrap_or(text.len())).unwrap_or_default()
}

/// Returns the longest beginning of `text` that takes at most `max_columns`.
pub fn beginning(text: &str, max_columns: usize) -> &str {
    let possible = possible(text, max_columns);
    if possible.len() == text.len() && possible.len() <= max_columns {
        return text;
    }
    let (mut n_columns, mut end) = (0, 0);
    for cluster in clusters(possible) {
        n_columns += cluster.width();
        if n_columns > max_columns {
            break;
        }
        end += cluster.len();
    }
    possible.get(..end).unwrap_or_default()
}

/// Returns the longest end of `text` that takes at most `max_columns`.
pub fn ending(text: &str, max_columns: usize) -> &str {
    let max_bytes = max_columns.saturating_mul(MAX_CHARS_PER_COLUMN * 4);
    let from = text.ceil_char_boundary(text.len().saturating_sub(max_bytes));
    let possible = text.get(from..).unwrap_or_default();
    let mut n_columns = clusters(possible)
        .map(UnicodeWidthStr::width)
        .sum::<usize>();
    let mut start = 0;
    for cluster in clusters(possible) {
        if n_columns <= max_columns {
            break;
        }
        n_columns -= cluster.width();
        start += cluster.len();
    }
    possible.get(start..).unwrap_or_default()
}

/// Returns `text`, cut after at most `max_columns` and with `…` behind the cut.
pub fn cut(text: &str, max_columns: usize) -> String {
    let kept = beginning(text, max_columns);
    match kept.len() == text.len() {
        true => text.to_owned(),
        false => format!("{kept}…"),
    }
}

/// Returns the lines of a table, each column as wide as its widest cell. The last cell of a line is not filled up.
pub fn table(rows: &[Vec<String>]) -> Vec<String> {
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| width(cell)).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..n_columns).map(widest).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths);
        let filled: Vec<String> = cells.map(|(cell, width)| filled(cell, *width)).collect();
        filled.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// Returns `cell` with blanks behind it, so that it takes `n_columns`.
fn filled(cell: &str, n_columns: usize) -> String {
    let n_blanks = n_columns.saturating_sub(width(cell));
    format!("{cell}{}", " ".repeat(n_blanks))
}

fn clusters(text: &str) -> impl Iterator<Item = &str> {
    let ends = GraphemeClusterSegmenter::new().segment_str(text).skip(1);
    ends.scan(0, move |start, end| {
        let cluster = text.get(*start..end);
        *start = end;
        cluster
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAMILY: &str = "👨\u{200D}👩\u{200D}👧";

    #[test]
    fn widths_are_those_of_a_terminal() {
        for (text, n_columns) in [
            ("", 0),
            ("denied", 6),
            ("cafe\u{301}", 4),
            ("café", 4),
            ("漢字で", 6),
            ("ｆｕｌｌ", 8),
            ("한국", 4),
            ("\u{1112}\u{1161}\u{11AB}", 2),
            ("👍", 2),
            (FAMILY, 2),
            ("🇩🇪", 2),
            ("السلام", 6),
            ("لا", 2),
            ("הָאוֹר", 4),
            ("ไทย", 3),
            ("น้ำ", 2),
            ("…—“”", 4),
        ] {
            assert_eq!(width(text), n_columns, "{text}");
        }
    }

    #[test]
    fn a_cut_divides_no_letter() {
        for (text, max, cut_text) in [
            ("denied", 6, "denied"),
            ("denied", 5, "denie…"),
            ("漢字で", 5, "漢字…"),
            ("漢字で", 6, "漢字で"),
            ("cafe\u{301}s", 4, "cafe\u{301}…"),
            (FAMILY, 1, "…"),
            (FAMILY, 2, FAMILY),
            ("", 0, ""),
            ("a", 0, "…"),
        ] {
            assert_eq!(cut(text, max), cut_text, "{text} {max}");
        }
        for (text, max, end) in [
            ("denied", 3, "ied"),
            ("denied", 9, "denied"),
            ("漢字で", 5, "字で"),
            ("cafe\u{301}s", 2, "e\u{301}s"),
            ("", 3, ""),
        ] {
            assert_eq!(ending(text, max), end, "{text} {max}");
        }
    }

    #[test]
    fn a_pile_of_marks_is_cut_too() {
        let pile = format!("e{}", "\u{301}".repeat(100_000));
        assert!(cut(&pile, 10).chars().count() <= 10 * MAX_CHARS_PER_COLUMN + 2);
        assert!(ending(&pile, 10).chars().count() <= 10 * MAX_CHARS_PER_COLUMN * 4);
    }

    #[test]
    fn columns_of_a_table_begin_below_each_other() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = [
            row(["漢字", "x", "1"]),
            row(["e\u{301}", FAMILY, "2"]),
            row(["سلا", "", "3"]),
            row(["bbb", "", ""]),
        ];
        let lines = [
            "漢字  x   1".to_owned(),
            format!("e\u{301}     {FAMILY}  2"),
            "سلا       3".to_owned(),
            "bbb".to_owned(),
        ];
        assert_eq!(table(&rows), lines);
        assert!(table(&[]).is_empty());
    }
}
