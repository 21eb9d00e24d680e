//! The beginning of a text that may be of any length, for a place that shows a few words of it.
//!
//! A file may hold a name of sixteen megabytes. Laying it out would take gigabytes, so every place that shows text
//! of a file cuts it first. The cost is that of the part that is kept.

use icu_segmenter::GraphemeClusterSegmenter;
use std::borrow::Cow;

/// How far back from the limit, in bytes, a boundary is searched for. No cluster that people write is as long.
const WINDOW: usize = 256;

/// Returns the first `n_chars` code points of `text`, with `…` after them when `text` has more.
///
/// ```
/// use sourcemark::text::cut;
/// assert_eq!(cut("denial", 6), "denial");
/// assert_eq!(cut("a flat denial", 6), "a flat…");
/// ```
pub fn cut(text: &str, n_chars: usize) -> Cow<'_, str> {
    let kept = beginning(text, n_chars);
    if kept.len() == text.len() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("{kept}…"))
    }
}

/// Returns at most the first `n_chars` code points of `text`. A grapheme cluster is kept whole or left out, unless it
/// is longer than any that people write.
pub fn beginning(text: &str, n_chars: usize) -> &str {
    let Some((limit, _)) = text.char_indices().nth(n_chars) else {
        return text;
    };
    let from = text.floor_char_boundary(limit.saturating_sub(WINDOW));
    // A boundary at the limit is seen only with what follows it.
    let to = text.ceil_char_boundary(text.len().min(limit + WINDOW));
    let window = text.get(from..to).unwrap_or_default();
    let (mut before, mut after) = (None, to);
    for at in GraphemeClusterSegmenter::new().segment_str(window) {
        let at = from + at;
        if at > limit {
            after = at;
            break;
        }
        // The window begins anywhere, the text with a cluster.
        if at > from || from == 0 {
            before = Some(at);
        }
    }
    let is_endless = before == Some(0) && after == to && to < text.len();
    let end = before.filter(|_| !is_endless).unwrap_or(limit);
    text.get(..end).unwrap_or_default()
}

/// Returns whether `text` has more than `n_chars` code points, without counting all of them.
pub fn is_longer(text: &str, n_chars: usize) -> bool {
    text.len() > n_chars && text.chars().nth(n_chars).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cluster_is_cut() {
        let family = "👩\u{200D}👩\u{200D}👧";
        assert_eq!(beginning(&format!("a{family}b"), 3), "a");
        assert_eq!(beginning(&format!("a{family}b"), 6), format!("a{family}"));
        assert_eq!(beginning(family, 3), "");
        assert_eq!(beginning(&format!("{family}b"), 5), family);
        assert_eq!(cut("cafe\u{301}s", 4), "caf…");
        assert_eq!(cut("", 0), "");
        assert_eq!(cut("a", 0), "…");
    }

    #[test]
    fn a_cluster_longer_than_any_that_people_write_is_cut() {
        let pile = format!("e{}", "\u{301}".repeat(10_000));
        assert_eq!(beginning(&pile, 1_000).chars().count(), 1_000);
        let joined = "👩\u{200D}".repeat(10_000);
        assert_eq!(beginning(&joined, 1_000).chars().count(), 1_000);
        assert_eq!(beginning(&joined, 20).chars().count(), 20);
    }

    proptest::proptest! {
        #[test]
        fn the_beginning_is_one_and_never_too_long(text in "(\\PC|\u{301}|\u{200D}|👩|🇩){0,60}", n in 0usize..80) {
            let kept = beginning(&text, n);
            proptest::prop_assert!(text.starts_with(kept));
            let n_chars = kept.chars().count();
            proptest::prop_assert!(n_chars <= n);
            proptest::prop_assert_eq!(is_longer(&text, n), text.chars().count() > n);
            proptest::prop_assert_eq!(kept.len() == text.len(), !is_longer(&text, n));
        }
    }
}
