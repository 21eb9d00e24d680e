//! Where a hit may begin and end: between grapheme clusters, and between words.

use crate::text::{ByteOffset, SourceText, boundary};

/// Returns whether `at` is between two grapheme clusters.
pub fn is_between_clusters(text: &SourceText, at: usize) -> bool {
    let (before, after) = around(text, at);
    let (Some(before), Some(after)) = (before, after) else {
        return true;
    };
    if before.is_ascii() && after.is_ascii() {
        return (before, after) != ('\r', '\n');
    }
    // Asking the segmenter takes microseconds, and there may be a hundred thousand hits.
    if begins_a_cluster(after) && !goes_on(before) {
        return true;
    }
    let at = ByteOffset::new(at);
    boundary::floor_grapheme(text, at) == at
}

/// Returns whether `at` is between two words, or a word and something else. An apostrophe parts words, as in
/// "l'été"; a point or comma parts no number.
pub fn is_between_words(text: &SourceText, at: usize) -> bool {
    let (before, after) = around(text, at);
    let (Some(before), Some(after)) = (before, after) else {
        return true;
    };
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let is_point = |c: char| matches!(c, '.' | ',');
    match (is_word(before), is_word(after)) {
        (true, true) if is_without_blanks(before) || is_without_blanks(after) => {
            is_word_start(text, at)
        }
        (true, true) => false,
        (true, false) if before.is_numeric() && is_point(after) => {
            let (_, next) = around(text, at + after.len_utf8());
            !next.is_some_and(char::is_numeric)
        }
        (false, true) if after.is_numeric() && is_point(before) => {
            let (previous, _) = around(text, at - before.len_utf8());
            !previous.is_some_and(char::is_numeric)
        }
        _ => true,
    }
}

fn is_word_start(text: &SourceText, at: usize) -> bool {
    let at = ByteOffset::new(at);
    boundary::word_at(text, at).start() == at
}

fn around(text: &SourceText, at: usize) -> (Option<char>, Option<char>) {
    let text = text.as_str();
    let (before, after) = (text.get(..at), text.get(at..));
    (
        before.and_then(|before| before.chars().next_back()),
        after.and_then(|after| after.chars().next()),
    )
}

/// Letters and signs that never belong to the cluster before them, but after [`goes_on`]: most of what is written.
fn begins_a_cluster(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{A8}' | '\u{C0}'..='\u{2FF}' | '\u{370}'..='\u{482}' | '\u{48A}'..='\u{58F}'
            | '\u{5D0}'..='\u{5F4}' | '\u{620}'..='\u{64A}' | '\u{671}'..='\u{6D5}'
            | '\u{1E00}'..='\u{200A}' | '\u{2010}'..='\u{2027}' | '\u{3000}'..='\u{3029}'
            | '\u{3041}'..='\u{3096}' | '\u{30A0}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF9D}'
    )
}

/// Characters that the next one may belong to: a joiner, and signs that precede a number.
fn goes_on(c: char) -> bool {
    matches!(c, '\u{200D}' | '\u{600}'..='\u{605}' | '\u{6DD}' | '\u{70F}' | '\u{890}'..='\u{8E2}')
        || c > '\u{FFFF}'
        || ('\u{900}'..='\u{1CFF}').contains(&c)
}

/// Letters of scripts that write words without blanks between them.
fn is_without_blanks(c: char) -> bool {
    matches!(
        c,
        '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
            | '\u{1950}'..='\u{19DF}' | '\u{1A20}'..='\u{1AAF}' | '\u{3005}'..='\u{30FF}'
            | '\u{3400}'..='\u{9FFF}' | '\u{A9E0}'..='\u{AA7F}' | '\u{FF66}'..='\u{FF9F}'
            | '\u{20000}'..='\u{3FFFF}'
    )
}
