//! Hidden characters side by side, shown as one when they are many.

use super::{Hidden, long_name, name::tag_letter, short_name};
use crate::text::thousands;

/// Most hidden characters in a row that are named one by one where there is little room.
const MAX_IN_A_ROW: usize = 4;

/// Hidden characters that are side by side and are shown as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The range of the row, in bytes.
    pub range: std::ops::Range<usize>,
    /// The first character.
    pub first: char,
    /// The number of characters.
    pub n: usize,
    /// Whether all are the same.
    pub is_uniform: bool,
    /// Whether all are tag characters.
    pub is_tags: bool,
    /// What tag characters spell, cut.
    pub spells: String,
}

/// Longest text in tag characters that is spelled out, in letters.
const MAX_SPELLED: usize = 60;

impl Row {
    fn new(hidden: Hidden) -> Self {
        let mut row = Self {
            range: hidden.range(),
            first: hidden.character,
            n: 1,
            is_uniform: true,
            is_tags: matches!(hidden.character, '\u{E0000}'..='\u{E007F}'),
            spells: String::new(),
        };
        row.spell(hidden.character);
        row
    }

    fn spell(&mut self, c: char) {
        if self.spells.len() < MAX_SPELLED {
            self.spells.extend(tag_letter(c));
        }
    }

    fn join(&mut self, next: Self) {
        self.is_uniform &= next.is_uniform && next.first == self.first;
        self.is_tags &= next.is_tags;
        self.range.end = next.range.end;
        self.n += next.n;
        if self.spells.len() < MAX_SPELLED {
            self.spells.push_str(&next.spells);
        }
    }

    /// Returns the label that is shown for the row: `RLO`, `ZWSP × 2,000`, `TAG × 12`, `9 hidden`.
    pub fn label(&self) -> String {
        let n = thousands(self.n);
        match (self.n, self.is_uniform) {
            (1, _) => short_name(self.first).into_owned(),
            (_, true) => format!("{} × {n}", short_name(self.first)),
            (_, false) if self.is_tags => format!("TAG × {n}"),
            (_, false) => format!("{n} hidden"),
        }
    }

    /// Returns a description of the row, as a sentence.
    pub fn explanation(&self) -> String {
        let what = match (self.n, self.is_uniform) {
            (1, _) => format!("Hidden character: {}", long_name(self.first)),
            (n, true) => format!(
                "{} hidden characters: {}",
                thousands(n),
                long_name(self.first)
            ),
            (n, false) if self.is_tags => format!("{} hidden tag characters", thousands(n)),
            (n, false) => format!("{} hidden characters of several kinds", thousands(n)),
        };
        if self.n > 1 && !self.spells.is_empty() {
            return format!("{what}. As letters they read “{}”", self.spells);
        }
        what
    }
}

/// Returns the hidden characters `found` (in order), those in a row together once they are more than four; fewer stay
/// single.
pub fn rows(found: impl Iterator<Item = Hidden>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    // Singles at the end of `rows` that may yet become one row.
    let mut n_single = 0;
    for hidden in found {
        let goes_on = rows.last().is_some_and(|last| last.range.end == hidden.at);
        if !goes_on {
            n_single = 0;
        }
        let row = Row::new(hidden);
        match rows.last_mut().filter(|last| goes_on && last.n > 1) {
            Some(last) => {
                last.spell(hidden.character);
                let next = Row {
                    spells: String::new(),
                    ..row
                };
                last.join(next);
            }
            None => {
                rows.push(row);
                n_single += 1;
            }
        }
        if n_single > MAX_IN_A_ROW {
            let singles = rows.split_off(rows.len() - n_single);
            let joined = singles.into_iter().reduce(|mut all, next| {
                all.join(next);
                all
            });
            rows.extend(joined);
            n_single = 0;
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::hidden::{Reveal, find};

    #[test]
    fn long_rows_are_told_as_one() {
        let label = |text: &str| -> Vec<String> {
            let rows = rows(find(text, Reveal::Deceptive));
            rows.iter().map(Row::label).collect()
        };
        assert_eq!(label(&"\u{200B}".repeat(3)), ["ZWSP"; 3]);
        assert_eq!(label(&"\u{200B}".repeat(1_000_000)), ["ZWSP × 1,000,000"]);
        assert_eq!(label(&"\u{200B}\u{200C}".repeat(5)), ["10 hidden"]);
        let tags: String = "ignore all"
            .chars()
            .map(|c| char::from_u32(u32::from(c) + 0xE0000).unwrap())
            .collect();
        let row = rows(find(&tags, Reveal::Deceptive)).pop().unwrap();
        assert_eq!(row.label(), "TAG × 10");
        assert_eq!(
            row.explanation(),
            "10 hidden tag characters. As letters they read “ignore all”"
        );
        assert_eq!(row.range, 0..40);
    }
}
