//! What can be seen of a damaged file without parsing it: names, comments, and brackets that a record may begin
//! with. Strings are not believed here.

use super::records::Kind;

/// Returns the byte of the next `(` from `at` on that has the name of a field behind it.
pub(super) fn next_bracket(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let found = memchr::memchr_iter(b'(', rest.as_bytes()).find(|at| {
        let inside = rest.get(at + 1..).unwrap_or_default().trim_start();
        identifier(inside).is_some_and(|(_, n_bytes)| {
            let behind = inside.get(n_bytes..).unwrap_or_default();
            behind.trim_start().starts_with(':')
        })
    });
    found.map(|found| at + found)
}

/// Returns the list that opens just before the byte `at`, if one does.
pub(super) fn list_before(text: &str, at: usize) -> Option<Kind> {
    let before = text.get(..at)?.trim_end();
    let before = before.strip_suffix('[')?.trim_end();
    let before = before.strip_suffix(':')?.trim_end();
    let start = before.rfind(|c: char| !c.is_alphanumeric() && c != '_');
    Kind::of_list(before.get(start.map_or(0, |at| at + 1)..)?)
}

/// Returns the identifier that `text` begins with, without `r#`, and its length with it.
pub(super) fn identifier(text: &str) -> Option<(&str, usize)> {
    let (rest, is_raw) = match text.strip_prefix("r#") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let fits =
        |c: char| c.is_alphanumeric() || c == '_' || (is_raw && matches!(c, '.' | '+' | '-'));
    let end = rest.find(|c| !fits(c)).unwrap_or(rest.len());
    let name = rest.get(..end).filter(|name| {
        let first = name.chars().next();
        first.is_some_and(|c| is_raw || c.is_alphabetic() || c == '_')
    })?;
    Some((name, text.len() - rest.len() + end))
}

/// Returns the length of the comment that `text` begins with; `None` when there is none or it has no end. What is
/// searched in vain is taken from `budget`.
pub(super) fn comment_len(text: &str, budget: &mut usize) -> Option<usize> {
    if text.starts_with("//") {
        return Some(memchr::memchr(b'\n', text.as_bytes()).map_or(text.len(), |at| at + 1));
    }
    if !text.starts_with("/*") {
        return None;
    }
    let (mut depth, mut at) = (1_usize, 2);
    while let Some(found) = text
        .as_bytes()
        .get(at..)
        .and_then(|rest| memchr::memchr2(b'/', b'*', rest))
    {
        at += found;
        match text.as_bytes().get(at..at + 2) {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return Some(at);
        }
    }
    *budget = budget.saturating_sub(text.len());
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_comments_are_measured() {
        assert_eq!(identifier("naïve_1: x"), Some(("naïve_1", 8)));
        assert_eq!(identifier("r#odd-name: x"), Some(("odd-name", 10)));
        assert_eq!(identifier("1a"), None);
        assert_eq!(identifier("\"a\""), None);
        let mut budget = 100;
        assert_eq!(comment_len("// a\nb", &mut budget), Some(5));
        assert_eq!(comment_len("/* a /* b */ */ c", &mut budget), Some(15));
        assert_eq!((comment_len("a", &mut budget), budget), (None, 100));
        assert_eq!(comment_len("/* a /* b */ c", &mut budget), None);
        assert_eq!(budget, 86, "what was looked at in vain is paid for");
    }

    #[test]
    fn records_are_looked_for_by_their_brackets() {
        let text = "links: [ ], tags : [\n  (id: \"(b)\", note (a:";
        let at = next_bracket(text, 0).unwrap();
        assert!(text[at..].starts_with("(id"));
        assert_eq!(list_before(text, at), Some(Kind::Tag));
        let next = next_bracket(text, at + 1).unwrap();
        assert!(text[next..].starts_with("(a:"));
        assert_eq!(list_before(text, next), None);
        assert_eq!(next_bracket(text, next + 1), None);
    }
}
