//! Describes changes of a text or of a passage: added and removed words, and a few words around them.

use super::{columns, output::one_line, record_words::number};
use crate::anchor::{Selector, WordChange, word_diff};

/// Longest run of added or removed words that is shown, in columns of a terminal.
const CHANGED_COLUMNS: usize = 1_000;
/// How much unchanged text is shown on either side of a change, in columns.
const KEPT_COLUMNS: usize = 40;

/// Returns the difference of two texts on one line, as wdiff writes it: `[-taken out-]` and `{+put in+}`, with a few
/// of the words around them. `None` when they differ in blanks and line breaks alone.
pub fn changed_words(old: &str, new: &str) -> Option<String> {
    let diff = word_diff(old, new);
    let is_kept = |change: &WordChange| matches!(change, WordChange::Kept(_));
    if diff.iter().all(is_kept) {
        return None;
    }
    let n_last = diff.len() - 1;
    let parts = diff.iter().enumerate().map(|(n, change)| match change {
        WordChange::Kept(words) => around(words, n > 0, n < n_last),
        WordChange::Removed(words) => lost(words),
        WordChange::Added(words) => gained(words),
    });
    Some(parts.collect::<Vec<_>>().join(" "))
}

/// Returns removed words in `[-…-]`.
pub fn lost(words: &str) -> String {
    format!("[-{}-]", one_line(words, CHANGED_COLUMNS))
}

/// Returns added words in `{+…+}`.
pub fn gained(words: &str) -> String {
    format!("{{+{}+}}", one_line(words, CHANGED_COLUMNS))
}

/// Returns words that stayed: their beginning after a change, their end before one.
fn around(words: &str, after_change: bool, before_change: bool) -> String {
    let sides = usize::from(after_change) + usize::from(before_change);
    if columns::width(words) <= KEPT_COLUMNS * sides.max(1) + 1 {
        return one_line(words, usize::MAX);
    }
    let start = match after_change {
        true => {
            let head = columns::beginning(words, KEPT_COLUMNS);
            // No half words, in scripts that separate words by spaces.
            head.rsplit_once(char::is_whitespace)
                .map_or(head, |(whole, _)| whole)
        }
        false => "",
    };
    let end = match before_change {
        true => {
            let tail = columns::ending(words, KEPT_COLUMNS);
            tail.split_once(char::is_whitespace)
                .map_or(tail, |(_, whole)| whole)
        }
        false => "",
    };
    let cut = format!("{start} … {end}");
    one_line(cut.trim(), usize::MAX)
}

/// Returns how the ends have moved, with the added and removed words.
pub fn moved(before: &[Selector], after: &[Selector]) -> String {
    let same =
        |a: &Selector, b: &Selector| a.position == b.position && a.quote.exact == b.quote.exact;
    let gone: Vec<(usize, &Selector)> = before
        .iter()
        .enumerate()
        .filter(|(_, old)| !after.iter().any(|new| same(old, new)))
        .collect();
    let come: Vec<&Selector> = after
        .iter()
        .filter(|new| !before.iter().any(|old| same(old, new)))
        .collect();
    if gone.is_empty() && come.is_empty() {
        return "updated its context".to_owned();
    }
    let is_whole = before.len() == 1 && after.len() == 1;
    if gone.len() == come.len() {
        let pairs = gone.iter().zip(&come);
        let moves = pairs.map(|((idx, old), new)| match is_whole {
            true => moved_one(old, new, "its", "it"),
            false => {
                let part = format!("part {}", idx + 1);
                moved_one(old, new, &format!("{part}'s"), &part)
            }
        });
        return moves.collect::<Vec<_>>().join("; ");
    }
    let lost = gone
        .iter()
        .map(|(_, old)| format!("removed a part: {}", lost(&old.quote.exact)));
    let gained = come
        .iter()
        .map(|new| format!("added a part: {}", gained(&new.quote.exact)));
    lost.chain(gained).collect::<Vec<_>>().join("; ")
}

fn moved_one(old: &Selector, new: &Selector, its: &str, it: &str) -> String {
    let (was, is) = (&*old.quote.exact, &*new.quote.exact);
    let [from, to] = [old, new].map(|segment| segment.position.start.get());
    if was == is {
        return format!("moved {it} to the same wording elsewhere, from character {from} to {to}");
    }
    if let Some(more) = is.strip_prefix(was) {
        format!(
            "moved {its} end forward by {}: {}",
            words(more),
            gained(more)
        )
    } else if let Some(more) = was.strip_prefix(is) {
        format!("moved {its} end back by {}: {}", words(more), lost(more))
    } else if let Some(more) = is.strip_suffix(was) {
        format!(
            "moved {its} start back by {}: {}",
            words(more),
            gained(more)
        )
    } else if let Some(more) = was.strip_suffix(is) {
        format!(
            "moved {its} start forward by {}: {}",
            words(more),
            lost(more)
        )
    } else {
        both_ends(old, new, its)
            .unwrap_or_else(|| format!("moved {it} to other text: {} {}", lost(was), gained(is)))
    }
}

/// Returns both ends, where what is between them is the same in both; `None` where it is not.
fn both_ends(old: &Selector, new: &Selector, its: &str) -> Option<String> {
    let [a, b] = [old, new].map(|it| (it.position.start.get(), it.position.end.get()));
    let (start, end) = (a.0.max(b.0), a.1.min(b.1));
    if start >= end {
        return None;
    }
    let slice = |segment: &Selector, from: usize, to: usize| -> String {
        let at = segment.position.start.get();
        let text = segment.quote.exact.chars();
        text.skip(from.saturating_sub(at))
            .take(to.saturating_sub(from))
            .collect()
    };
    if slice(old, start, end) != slice(new, start, end) {
        return None;
    }
    let first = match a.0 < b.0 {
        true => {
            let less = slice(old, a.0, b.0);
            format!("start forward by {}: {}", words(&less), lost(&less))
        }
        false => {
            let more = slice(new, b.0, a.0);
            format!("start back by {}: {}", words(&more), gained(&more))
        }
    };
    let last = match a.1 < b.1 {
        true => {
            let more = slice(new, a.1, b.1);
            format!("end forward by {}: {}", words(&more), gained(&more))
        }
        false => {
            let less = slice(old, b.1, a.1);
            format!("end back by {}: {}", words(&less), lost(&less))
        }
    };
    Some(format!("moved {its} {first}, and {its} {last}"))
}

/// Returns how many words these are.
fn words(text: &str) -> String {
    let n = text.split_whitespace().count();
    let s = if n == 1 { "" } else { "s" };
    match text.trim().chars().any(char::is_alphanumeric) {
        true => format!("{} word{s}", number(n)),
        false => "a mark".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        anchor::describe,
        text::{SourceText, TextRange},
    };

    const TEXT: &str = "On Monday the firm denied it again, they say. On Monday it was cold.";

    fn segments(quotes: &[&str]) -> Vec<Selector> {
        let source = SourceText::new(TEXT.to_owned()).unwrap();
        let quotes = quotes.iter().map(|quote| {
            // With two marks, a bar is before the wording that is meant.
            let (at, quote) = match quote.strip_prefix('|') {
                Some(quote) => (TEXT.rfind(quote), quote),
                None => (TEXT.find(quote), *quote),
            };
            let at = at.unwrap();
            describe(&source, TextRange::from_bytes(at..at + quote.len())).unwrap()
        });
        quotes.collect()
    }

    #[test]
    fn ends_move_by_words() {
        for (before, after, expected) in [
            (
                "firm denied",
                "firm denied it again",
                "moved its end forward by two words: {+it again+}",
            ),
            (
                "firm denied it",
                "firm denied",
                "moved its end back by one word: [-it-]",
            ),
            (
                "the firm",
                "Monday the firm",
                "moved its start back by one word: {+Monday+}",
            ),
            (
                "the firm denied",
                "firm denied",
                "moved its start forward by one word: [-the-]",
            ),
            ("again", "again,", "moved its end forward by a mark: {+,+}"),
            (
                "Monday the firm",
                "the firm denied it",
                "moved its start forward by one word: [-Monday-], and its end forward by two words: {+denied it+}",
            ),
            (
                "Monday the",
                "they say",
                "moved it to other text: [-Monday the-] {+they say+}",
            ),
            (
                "On Monday",
                "|On Monday",
                "moved it to the same wording elsewhere, from character 0 to 46",
            ),
        ] {
            assert_eq!(moved(&segments(&[before]), &segments(&[after])), expected);
        }
    }

    #[test]
    fn parts_move_come_and_go() {
        let before = segments(&["On Monday", "the firm", "again"]);
        let after = segments(&["On Monday", "the firm denied", "again"]);
        assert_eq!(
            moved(&before, &after),
            "moved part 2's end forward by one word: {+denied+}"
        );
        assert_eq!(
            moved(&before, &segments(&["On Monday", "the firm"])),
            "removed a part: [-again-]"
        );
        assert_eq!(
            moved(&segments(&["again"]), &segments(&["the firm", "again"])),
            "added a part: {+the firm+}"
        );
        assert_eq!(moved(&before, &before), "updated its context");
    }

    #[test]
    fn words_around_a_change_are_few() {
        let long = "word ".repeat(40);
        let (old, new) = (format!("{long}old {long}"), format!("{long}new {long}"));
        let around = "word ".repeat(8);
        let around = around.trim();
        assert_eq!(
            changed_words(&old, &new).unwrap(),
            format!("… {around} [-old-] {{+new+}} {around} …")
        );
        assert_eq!(changed_words("a b", "a  b\n"), None);
        assert_eq!(changed_words("", "a b").unwrap(), "{+a b+}");
    }
}
