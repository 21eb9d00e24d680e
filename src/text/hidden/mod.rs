//! Characters that cannot be seen, or that change the order in which others are seen.
//!
//! Two classes. *Deceptive* is what has no honest use at its place: controls, bidirectional embeddings,
//! overrides and isolates (the attacks of UTR #36 and UTS #55 are made of them), zero-width characters between
//! Latin letters, tag characters outside a flag, fillers. *Ordinary* is what a script or an emoji needs: a
//! joiner after an Arabic or Indic letter or inside an emoji (UAX #31, contexts A1, A2 and B), a direction mark
//! beside right-to-left text (UAX #9), a zero-width space where words are written without blanks, a variation
//! selector after a character that has variants, a soft hyphen inside a word. An ordinary character that is
//! doubled is deceptive: the second has no effect.
//!
//! The text itself is never changed; what is shown instead of such a character is the caller's business.

mod judge;
mod name;
mod row;

pub use name::{long_name, short_name};
pub use row::{Row, rows};

use judge::{is_rtl, is_suspect, judge};
use std::borrow::Cow;

/// Which hidden characters are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reveal {
    /// None: the text as every other program shows it.
    Nothing,
    /// Only deceptive characters.
    #[default]
    Deceptive,
    /// Also those that a script or an emoji needs.
    All,
}

/// One hidden character in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// The offset of its first byte.
    pub at: usize,
    /// The character.
    pub character: char,
    /// Whether the character is deceptive at its place.
    pub is_deceptive: bool,
}

impl Hidden {
    /// Returns where the character is, in bytes.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.at..self.at + self.character.len_utf8()
    }
}

/// Returns the hidden characters of `text` that `reveal` shows, in order. Text without any passes at the speed of a
/// scan.
pub fn find(text: &str, reveal: Reveal) -> impl Iterator<Item = Hidden> + '_ {
    let end = if reveal == Reveal::Nothing {
        0
    } else {
        text.len()
    };
    all(text.get(..end).unwrap_or_default())
        .filter(move |hidden| hidden.is_deceptive || reveal == Reveal::All)
}

fn all(text: &str) -> impl Iterator<Item = Hidden> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.as_bytes().get(at..)?;
            at += rest.iter().position(|byte| is_suspect(*byte))?;
            let character = text.get(at..)?.chars().next()?;
            let here = at;
            at += character.len_utf8();
            let (before, after) = (text.get(..here)?, text.get(at..)?);
            if let Some(is_deceptive) = judge(character, before, after) {
                return Some(Hidden {
                    at: here,
                    character,
                    is_deceptive,
                });
            }
        }
    })
}

/// Returns whether `c` is a bidirectional control that affects the text after it. While labelled, it has no effect.
pub fn turns_text(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Returns `text` for people, on several lines as it is: each deceptive character is written as its short name in
/// brackets, as in `[RLO]`.
pub fn visible(text: &str) -> Cow<'_, str> {
    written_out(text, find(text, Reveal::Deceptive))
}

/// Returns a name for people, on one line: as [`visible`], with line ends and tabs written out too.
pub fn visible_name(name: &str) -> Cow<'_, str> {
    let is_break = |c: char| matches!(c, '\t'..='\r' | '\u{2028}' | '\u{2029}');
    if !name.contains(is_break) {
        return visible(name);
    }
    let breaks = name.char_indices().filter(|(_, c)| is_break(*c));
    let mut found: Vec<Hidden> = breaks
        .map(|(at, character)| Hidden {
            at,
            character,
            is_deceptive: true,
        })
        .chain(find(name, Reveal::Deceptive))
        .collect();
    found.sort_by_key(|hidden| hidden.at);
    found.dedup();
    written_out(name, found.into_iter())
}

fn written_out(text: &str, found: impl Iterator<Item = Hidden>) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    for row in rows(found) {
        out.push_str(text.get(copied..row.range.start).unwrap_or_default());
        out.push('[');
        out.push_str(&row.label());
        out.push(']');
        copied = row.range.end;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// Returns `text` without its deceptive characters, and how many those were.
pub fn without_deceptive(text: &str) -> (Cow<'_, str>, usize) {
    let (mut kept, mut copied, mut n) = (String::new(), 0, 0);
    for hidden in find(text, Reveal::Deceptive) {
        let range = hidden.range();
        kept.push_str(text.get(copied..range.start).unwrap_or_default());
        copied = range.end;
        n += 1;
    }
    if n == 0 {
        return (Cow::Borrowed(text), 0);
    }
    kept.push_str(text.get(copied..).unwrap_or_default());
    (Cow::Owned(kept), n)
}

/// Returns a name for a line that holds more than the name: [`visible_name`], and where it has letters that read from
/// the right, between FSI and PDI, so that it cannot reorder its neighbours (UAX #9, 2.7).
pub fn isolated(name: &str) -> Cow<'_, str> {
    let shown = visible_name(name);
    if shown.contains(is_rtl) {
        format!("\u{2068}{shown}\u{2069}").into()
    } else {
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_for_what_they_are() {
        for (name, expected) in [
            ("Denial", "Denial"),
            ("De\u{202E}nial", "De[RLO]nial"),
            ("a\nb\u{2028}\u{1B}[31m", "a[LF]b[LS][ESC][31m"),
            ("می\u{200C}خواهم", "می\u{200C}خواهم"),
        ] {
            assert_eq!(visible_name(name), expected);
        }
        assert_eq!(visible("two\nlines\u{7}"), "two\nlines[BEL]");
        assert_eq!(isolated("Ana"), "Ana");
        assert_eq!(isolated("نفي"), "\u{2068}نفي\u{2069}");
        assert_eq!(isolated("نفي\u{202E}"), "\u{2068}نفي[RLO]\u{2069}");
    }

    #[test]
    fn what_is_taken_out_is_counted() {
        assert_eq!(without_deceptive("he denied"), ("he denied".into(), 0));
        let (kept, n) = without_deceptive("he \u{202E}den\u{200B}ied\u{202C} می\u{200C}خ");
        assert_eq!((&*kept, n), ("he denied می\u{200C}خ", 3));
    }
}
