//! Three-way merge of running text, word by word.
//!
//! The differences are those of words, blanks and marks ([`common_tokens`]); scripts that write no blanks are
//! compared letter by letter. Two people's changes are both taken when at least one whole word that neither touched
//! stands between them: nearer than that, both together may say what neither meant.

use crate::anchor::{Common, common_tokens};
use std::ops::Range;

/// What `ours` and `theirs` together make of `base`; `None` when they have changed the same place differently.
///
/// Merging the result with either side again gives the result.
pub fn three_way(base: &str, ours: &str, theirs: &str) -> Option<String> {
    if ours == theirs || theirs == base {
        return Some(ours.to_owned());
    }
    if ours == base {
        return Some(theirs.to_owned());
    }
    let merged = weave(base, ours, theirs)?;
    // A difference can often be told in several ways. Where the ways do not agree, both are shown instead.
    let is_stable = |side| weave(base, &merged, side).as_deref() == Some(&merged);
    (is_stable(ours) && is_stable(theirs)).then_some(merged)
}

/// The same without the second look.
fn weave(base: &str, ours: &str, theirs: &str) -> Option<String> {
    let words = tokens(base);
    let side_words = [tokens(ours), tokens(theirs)];
    let weaving = Weaving {
        words: &words,
        apart: Apart::Words,
    };
    let woven = weaving.of(&changes(&words, &side_words))?;
    (woven.n_clashes == 0).then_some(woven.text)
}

/// What two wordings of one article make together, with those of `ours` where both have changed the same words.
/// Unlike notes, they may stand next to each other: nobody takes the outcome for what one of them wrote.
///
/// O(n) where the wordings agree with the base, see [`common_tokens`].
pub(super) fn weave_wordings(base: &str, ours: &str, theirs: &str) -> Option<Woven> {
    let words = tokens(base);
    let side_words = [tokens(ours), tokens(theirs)];
    let weaving = Weaving {
        words: &words,
        apart: Apart::Tokens,
    };
    weaving.of(&changes(&words, &side_words))
}

/// Two people's changes in one text.
pub(super) struct Woven {
    /// The text.
    pub text: String,
    /// Where both have changed the same.
    pub n_clashes: usize,
}

/// What must stand between two people's changes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Apart {
    /// A word.
    Words,
    /// Anything.
    Tokens,
}

struct Weaving<'a> {
    words: &'a [&'a str],
    apart: Apart,
}

impl Weaving<'_> {
    /// Takes the changes over, ours alone where there is a clash.
    fn of(&self, changes: &[Change<'_>]) -> Option<Woven> {
        let mut text = String::new();
        let (mut at, mut n_clashes) = (0, 0);
        let mut rest = changes;
        while !rest.is_empty() {
            let (group, after) = rest.split_at_checked(self.n_clashing(rest))?;
            rest = after;
            let clashes = group.len() > 1;
            n_clashes += usize::from(clashes);
            let end = group.iter().map(|change| change.before.end).max()?;
            for change in group.iter().filter(|change| !clashes || change.by_ours) {
                let between = self.words.get(at..change.before.start)?;
                text.extend(between.iter().chain(change.put).copied());
                at = change.before.end;
            }
            text.extend(self.words.get(at..end)?.iter().copied());
            at = end;
        }
        text.extend(self.words.get(at..)?.iter().copied());
        Some(Woven { text, n_clashes })
    }

    /// How many of the first changes are about the same: one, if the first clashes with none.
    fn n_clashing(&self, changes: &[Change<'_>]) -> usize {
        let Some(first) = changes.first() else {
            return 0;
        };
        let mut end = first.before.end;
        let clash = |pair: &[Change<'_>]| {
            let [last, next] = pair else {
                return false;
            };
            let reaches = next.before.start < end;
            end = end.max(next.before.end);
            let is_other = last.by_ours != next.by_ours && last.by_theirs != next.by_theirs;
            reaches || (is_other && !self.stand_apart(last, next))
        };
        1 + changes
            .windows(2)
            .map(clash)
            .take_while(|clash| *clash)
            .count()
    }

    fn stand_apart(&self, last: &Change<'_>, next: &Change<'_>) -> bool {
        let between = self.words.get(last.before.end..next.before.start);
        let between = between.unwrap_or_default();
        match self.apart {
            Apart::Words => between.iter().any(|word| is_word(word)),
            Apart::Tokens => !between.is_empty(),
        }
    }
}

/// One stretch of the base and what a side, or both alike, put in its place.
struct Change<'a> {
    before: Range<usize>,
    put: &'a [&'a str],
    by_ours: bool,
    by_theirs: bool,
}

/// The changes of both sides in the order of the base; one that both made stands once.
fn changes<'a>(base: &[&str], sides: &'a [Vec<&'a str>; 2]) -> Vec<Change<'a>> {
    let mut all: Vec<Change<'a>> = Vec::new();
    for (side_idx, side) in sides.iter().enumerate() {
        for (before, after) in hunks(base, side) {
            all.push(Change {
                before,
                put: side.get(after).unwrap_or_default(),
                by_ours: side_idx == 0,
                by_theirs: side_idx == 1,
            });
        }
    }
    all.sort_by_key(|change| (change.before.start, change.before.end));
    all.dedup_by(|next, kept| {
        let is_same = next.before == kept.before && next.put == kept.put;
        if is_same {
            kept.by_ours |= next.by_ours;
            kept.by_theirs |= next.by_theirs;
        }
        is_same
    });
    all
}

/// What was put in place of what, as ranges of tokens.
fn hunks(before: &[&str], after: &[&str]) -> Vec<(Range<usize>, Range<usize>)> {
    let common = common_tokens(before.iter().copied(), after.iter().copied());
    let end = Common {
        old: before.len(),
        new: after.len(),
        n_tokens: 0,
    };
    let (mut old, mut new) = (0, 0);
    let mut hunks = Vec::new();
    for part in common.into_iter().chain([end]) {
        if old < part.old || new < part.new {
            hunks.push((old..part.old, new..part.new));
        }
        (old, new) = (part.old + part.n_tokens, part.new + part.n_tokens);
    }
    hunks
}

/// The text cut into words, runs of blanks, and single other characters.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::with_capacity(text.len() / 4);
    let mut start = 0;
    let mut kind = Kind::Single;
    for (at, c) in text.char_indices() {
        let here = Kind::of(c, kind);
        if at > start && (here != kind || here == Kind::Single) {
            tokens.extend(text.get(start..at));
            start = at;
        }
        kind = here;
    }
    tokens.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    tokens
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Blank,
    Single,
}

impl Kind {
    fn of(c: char, before: Self) -> Self {
        if c.is_whitespace() {
            Self::Blank
        } else if c.is_alphanumeric() && !writes_no_blanks(c) {
            Self::Word
        } else if before == Self::Word && is_joined(c) {
            // A mark above or below a letter belongs to the letter's word.
            Self::Word
        } else {
            Self::Single
        }
    }
}

fn is_word(token: &str) -> bool {
    token.chars().next().is_some_and(char::is_alphanumeric)
}

/// Combining marks of the common blocks, virama signs and joiners.
fn is_joined(c: char) -> bool {
    matches!(u32::from(c),
        0x300..=0x36F | 0x483..=0x489 | 0x591..=0x5C7 | 0x610..=0x61A | 0x64B..=0x65F
        | 0x900..=0x903 | 0x93A..=0x94F | 0x9BC..=0x9CD | 0xA3C..=0xA4D | 0xABC..=0xACD
        | 0xB3C..=0xB4D | 0xBBE..=0xBCD | 0xC3E..=0xC4D | 0xCBC..=0xCCD | 0xD3B..=0xD4D
        | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x200C | 0x200D | 0x20D0..=0x20FF)
}

/// Scripts that put no blanks between words: Thai, Lao, Tibetan, Burmese, Khmer, kana, Han.
fn writes_no_blanks(c: char) -> bool {
    matches!(u32::from(c),
        0xE00..=0xEFF | 0xF00..=0xFFF | 0x1000..=0x109F | 0x1780..=0x17FF
        | 0x2E80..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(base: &str, ours: &str, theirs: &str, expected: Option<&str>) {
        assert_eq!(three_way(base, ours, theirs).as_deref(), expected);
        let swapped = three_way(base, theirs, ours);
        assert_eq!(swapped.as_deref(), expected, "swapped");
    }

    #[test]
    fn changes_apart_are_both_taken() {
        let base = "The firm denied it on Monday, and again in May.";
        check(
            base,
            "The old firm denied it on Monday, and again in May.",
            "The firm denied it on Monday, and again in June.",
            Some("The old firm denied it on Monday, and again in June."),
        );
        check(
            "記者は質問した。大臣は否定した。",
            "記者は再び質問した。大臣は否定した。",
            "記者は質問した。大臣は肯定した。",
            Some("記者は再び質問した。大臣は肯定した。"),
        );
        check("a b c d", "x b c d", "a b c y", Some("x b c y"));
        check("", "new", "new", Some("new"));
    }

    #[test]
    fn changes_at_one_place_are_not() {
        check("It was red.", "It was blue.", "It was green.", None);
        check("the red car", "the blue car", "the red bike", None);
        check("", "one", "two", None);
        check(
            "one two three",
            "three",
            "one two three four",
            Some("three four"),
        );
    }

    #[test]
    fn wordings_are_woven_with_ours_where_they_clash() {
        let check = |ours: &str, theirs: &str, expected: &str, n_clashes: usize| {
            let base = "the old red car of my aunt broke down today";
            let woven = weave_wordings(base, ours, theirs).unwrap();
            assert_eq!(
                (woven.text.as_str(), woven.n_clashes),
                (expected, n_clashes)
            );
        };
        check(
            "the old blue car of my aunt broke down today",
            "the old red bike of my aunt broke down yesterday",
            "the old blue bike of my aunt broke down yesterday",
            0,
        );
        check(
            "the old blue car of my aunt broke today",
            "the old green car of his aunt broke down yesterday",
            "the old blue car of his aunt broke yesterday",
            1,
        );
        // One has rewritten what the other has changed in two places.
        check(
            "the wreck broke down now",
            "the new red car of my uncle broke down today",
            "the wreck broke down now",
            1,
        );
        check(
            "the new red car of my uncle broke down today",
            "the wreck broke down now",
            "the new red car of my uncle broke down now",
            1,
        );
    }

    #[test]
    fn tokens_make_up_the_text() {
        let text = "Ann’s  “naïve” 漢字ไทย क्षमा\u{301}\r\n—42.";
        assert_eq!(tokens(text).concat(), text);
        assert_eq!(tokens("क्षमा x"), ["क्षमा", " ", "x"]);
        assert_eq!(tokens("漢字"), ["漢", "字"]);
    }
}
