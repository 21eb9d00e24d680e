//! The one door through which text of a file reaches the window: cut before it is laid out, and with what is hidden
//! in it written out.
//!
//! egui takes some 200 bytes for each byte it lays out, and a file may hold a name of sixteen megabytes.

use crate::text::{
    beginning, cut,
    hidden::{visible, visible_name},
};
use std::borrow::Cow;

/// Longest name that is shown, in code points. No panel is wide enough for more.
pub const NAME_CHARS: usize = 120;
/// Longest text that is shown outside the reading pane, in code points: a page. The rest is read in a dialog.
pub const TEXT_CHARS: usize = 2_000;

/// Returns a name for people, on one line.
pub fn name(text: &str) -> Cow<'_, str> {
    line(text, NAME_CHARS)
}

/// Returns at most `n_chars` code points of `text` for people, on one line.
pub fn line(text: &str, n_chars: usize) -> Cow<'_, str> {
    match cut(text, n_chars) {
        Cow::Borrowed(text) => visible_name(text),
        Cow::Owned(text) => visible_name(&text).into_owned().into(),
    }
}

/// Returns the first page of a text for people, on several lines as it is.
pub fn page(text: &str) -> Cow<'_, str> {
    paragraph(text, TEXT_CHARS)
}

/// Returns at most `n_chars` code points of `text` for people, on several lines as it is.
pub fn paragraph(text: &str, n_chars: usize) -> Cow<'_, str> {
    match cut(text, n_chars) {
        Cow::Borrowed(text) => visible(text),
        Cow::Owned(text) => visible(&text).into_owned().into(),
    }
}

/// Returns at most `n_chars` code points of `text` with what is hidden in them written out; `None` when nothing is.
pub fn with_hidden(text: &str, n_chars: usize) -> Option<String> {
    match visible(beginning(text, n_chars)) {
        Cow::Borrowed(_) => None,
        Cow::Owned(shown) => Some(shown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_has_an_end_whatever_is_in_it() {
        for part in ["a", "\u{202E}", "\u{E0041}", "e\u{301}", "👩\u{200D}", "\n"] {
            let long = part.repeat(1_000_000);
            for shown in [name(&long), page(&long)] {
                assert!(shown.chars().count() < 12 * TEXT_CHARS, "{part:?}");
                assert!(shown.ends_with('…'), "{part:?}");
            }
        }
        assert_eq!(name("Deni\u{202E}al"), "Deni[RLO]al");
    }
}
