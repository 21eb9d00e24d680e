//! From a range of a text to the selectors that a file keeps.

use super::{Kept, Selector, TextPositionSelector, TextQuoteSelector};
use crate::text::{SourceText, TextError, TextRange};

/// Code points of context on each side, as Hypothesis writes.
pub const CONTEXT_CHARS: usize = 32;

/// Returns the selectors of `range`. Costs O(log n) and the length of the passage.
///
/// # Errors
/// When an end of `range` is past the text or inside a character.
pub fn describe(text: &SourceText, range: TextRange) -> Result<Selector, TextError> {
    let exact = text.slice(range)?;
    let before = text.as_str().get(..range.start().get()).unwrap_or_default();
    let after = text.as_str().get(range.end().get()..).unwrap_or_default();
    let prefix_start = before
        .char_indices()
        .rev()
        .nth(CONTEXT_CHARS - 1)
        .map_or(0, |(at, _)| at);
    let suffix_end = after
        .char_indices()
        .nth(CONTEXT_CHARS)
        .map_or(after.len(), |(at, _)| at);
    Ok(Selector {
        position: TextPositionSelector {
            start: text.to_char(range.start())?,
            end: text.to_char(range.end())?,
        },
        quote: TextQuoteSelector {
            exact: exact.into(),
            prefix: before.get(prefix_start..).unwrap_or_default().into(),
            suffix: after.get(..suffix_end).unwrap_or_default().into(),
        },
        kept: Kept::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_recommendation() {
        let text = SourceText::new("abcdefghijklmnopqrstuvwxyz".to_owned()).unwrap();
        let found = describe(&text, TextRange::from_bytes(4..7)).unwrap();
        assert_eq!(
            (found.position.start.get(), found.position.end.get()),
            (4, 7)
        );
        assert_eq!(&*found.quote.exact, "efg");
        assert_eq!(&*found.quote.prefix, "abcd");
        assert_eq!(&*found.quote.suffix, "hijklmnopqrstuvwxyz");
    }

    #[test]
    fn context_is_counted_in_code_points() {
        let text = SourceText::new(format!("{}mark{}", "é".repeat(40), "漢".repeat(40))).unwrap();
        let found = describe(&text, TextRange::from_bytes(80..84)).unwrap();
        assert_eq!(
            (found.position.start.get(), found.position.end.get()),
            (40, 44)
        );
        assert_eq!(found.quote.prefix.chars().count(), CONTEXT_CHARS);
        assert_eq!(found.quote.suffix.chars().count(), CONTEXT_CHARS);
    }
}
