//! Estimates the cost of laying out a text from its characters, so that a frame does no more than it has time for.
//!
//! The unit is a byte of English, some 0.2 µs. Each emoji is searched for in the fonts by itself, which costs some 100 µs;
//! a page of nothing but emoji would hold a frame up for 200 ms.

/// The cost of an emoji that begins a cluster.
const EMOJI: usize = 500;
/// The cost of an emoji that a joiner ties to the one before.
const JOINED: usize = 50;
/// The cost of a character that is usually hidden: one with a chip or a glyph of its own.
const HIDDEN: usize = 12;

/// Returns the cost of laying out `text`.
pub fn of(text: &str) -> usize {
    if is_cheap(text) {
        return text.len();
    }
    costs(text).map(|(_, cost)| cost).sum()
}

/// Returns the longest beginning of `text`, in bytes, that costs at most `most`; at least one character.
pub fn prefix_within(text: &str, most: usize) -> usize {
    if is_cheap(text) {
        return text.len();
    }
    let mut spent = 0;
    let too_much = costs(text).find(|(at, cost)| {
        spent += cost;
        spent > most && *at > 0
    });
    too_much.map_or(text.len(), |(at, _)| at)
}

/// Returns whether no character of `text` costs more than its bytes: a quick look, for nearly every text.
fn is_cheap(text: &str) -> bool {
    memchr::memchr2(0xF0, 0xE2, text.as_bytes()).is_none()
}

fn costs(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut before = '\0';
    text.char_indices().map(move |(at, c)| {
        let is_joined = before == '\u{200D}';
        before = c;
        let cost = match c {
            '\u{1F3FB}'..='\u{1F3FF}' => JOINED,
            '\u{1F000}'..='\u{1FBFF}' if is_joined => JOINED,
            '\u{1F000}'..='\u{1FBFF}' => EMOJI,
            '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' => HIDDEN,
            c => c.len_utf8(),
        };
        (at, cost)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_cost_more_than_letters() {
        assert_eq!(of("denied"), 6);
        assert_eq!(of("“denied”"), 12);
        assert!(of("👩") > 50 * of("word"));
        assert!(of("👩\u{200D}👩\u{200D}👧") < 2 * of("👩"));
    }

    #[test]
    fn a_beginning_costs_no_more_than_it_may_but_is_never_empty() {
        let text = "a👩b👩c";
        for most in 0..1_200 {
            let end = prefix_within(text, most);
            assert!(end > 0 && text.is_char_boundary(end));
            assert!(of(&text[..end]) <= most.max(1), "{most}: {end}");
        }
        assert_eq!(prefix_within(text, 10_000), text.len());
        assert_eq!(prefix_within("", 5), 0);
    }
}
