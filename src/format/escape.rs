//! Which characters are written as escapes: those that a reader of the file could not see or would see wrongly.
//!
//! Controls, the quotation mark and the backslash; zero width space and byte order mark; line and paragraph
//! separators; and the marks that change the direction of everything after them. Everything else stays as it
//! is, combining marks too: escaped, Hindi and Thai could not be read and lines could not be compared.

use crate::text::hidden::{Reveal, find};

/// Returns whether `c` is written as an escape.
fn is_escaped(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '"' | '\\'
                | '\u{200B}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2066}'..='\u{2069}'
                | '\u{FEFF}'
        )
}

/// Returns whether a byte may begin a character that is escaped. Looked up byte by byte, so ordinary text passes at
/// the speed of a scan; of the others only the few that begin like those above are decoded.
const fn may_begin_escape(byte: u8) -> bool {
    matches!(byte, 0..=0x1F | b'"' | b'\\' | 0x7F | 0xC2 | 0xE2 | 0xEF)
}

const SUSPECTS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = may_begin_escape(byte as u8);
        byte += 1;
    }
    table
};

/// Appends `text` to `out` with escapes, without the quotation marks around it.
pub(super) fn escape_into(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let (mut copied, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        if !SUSPECTS
            .get(usize::from(*byte))
            .is_some_and(|suspect| *suspect)
        {
            at += 1;
            continue;
        }
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            break;
        };
        if is_escaped(c) {
            out.push_str(text.get(copied..at).unwrap_or_default());
            push_escape(out, c);
            copied = at + c.len_utf8();
        }
        at += c.len_utf8();
    }
    out.push_str(text.get(copied..).unwrap_or_default());
}

fn push_escape(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        other => out.extend(other.escape_unicode()),
    }
}

/// Returns `json` with a `\u` escape for each character that could steer a terminal or turn the text around. A
/// reader of JSON gets the same strings from it.
pub fn escape_json(json: &str) -> String {
    let mut deceptive = find(json, Reveal::Deceptive).peekable();
    let mut out = String::with_capacity(json.len());
    for (at, c) in json.char_indices() {
        let deceives = deceptive.next_if(|hidden| hidden.at == at).is_some();
        // JSON breaks lines between values only: inside a string it has escaped them, as it has quotation marks.
        if c != '\n' && (deceives || (is_escaped(c) && !matches!(c, '"' | '\\'))) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Returns `text` for a message or a terminal: cut to `max_chars` code points, with escapes for what cannot be seen,
/// turns the text around or steers the terminal. What a script or an emoji needs stays.
pub fn shown(text: &str, max_chars: usize) -> String {
    let cut = text.char_indices().nth(max_chars).map(|(at, _)| at);
    let kept = text.get(..cut.unwrap_or(text.len())).unwrap_or_default();
    let mut deceptive = find(kept, Reveal::Deceptive).peekable();
    let mut out = String::new();
    for (at, c) in kept.char_indices() {
        let deceives = deceptive.next_if(|hidden| hidden.at == at).is_some();
        if deceives || (is_escaped(c) && !matches!(c, '"' | '\\')) {
            push_escape(&mut out, c);
        } else {
            out.push(c);
        }
    }
    if cut.is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = String::new();
        escape_into(&mut out, text);
        out
    }

    #[test]
    fn what_can_be_read_stays() {
        for text in [
            "सार्वभौम",
            "ปฏิญญา",
            "naïve Việt",
            "“quoted” — ‘so’ …",
            "می\u{200C}خواهم",
            "👨\u{200D}👩",
            "£ × \u{A0}",
        ] {
            assert_eq!(escaped(text), text);
        }
    }

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        assert_eq!(
            escaped("a\"b\\c\n\r\t\0\u{7F}\u{85}\u{200B}\u{2028}\u{202E}\u{2066}\u{FEFF}z"),
            "a\\\"b\\\\c\\n\\r\\t\\u{0}\\u{7f}\\u{85}\\u{200b}\\u{2028}\\u{202e}\\u{2066}\\u{feff}z"
        );
    }

    #[test]
    fn the_table_knows_every_escaped_character() {
        for c in ('\0'..=char::MAX).filter(|c| is_escaped(*c)) {
            let mut buffer = [0; 4];
            let first = c.encode_utf8(&mut buffer).as_bytes()[0];
            assert!(may_begin_escape(first), "{c:?}");
        }
    }

    #[test]
    fn json_holds_the_same_strings() {
        let controls = ('\0'..='\u{1F}').chain('\u{7F}'..='\u{9F}');
        let marks = ('\u{200E}'..='\u{200F}').chain('\u{2028}'..='\u{202E}');
        let more =
            ('\u{2060}'..='\u{206F}').chain(['\u{61C}', '\u{200B}', '\u{FEFF}', '\u{E0041}']);
        let honest = "naïve हिन्दी 漢字 👩\u{200D}👧 \"\\\n";
        let text: String = honest
            .chars()
            .chain(controls)
            .chain(marks)
            .chain(more)
            .collect();
        let json = serde_json::to_string_pretty(&[&text]).unwrap();
        let escaped = escape_json(&json);
        for c in text
            .chars()
            .skip(honest.chars().count())
            .filter(|c| *c != '\n')
        {
            assert!(!escaped.contains(c), "{c:?}");
        }
        assert!(
            escaped.contains("naïve हिन्दी 漢字 👩\u{200D}👧"),
            "{escaped}"
        );
        let read: Vec<String> = serde_json::from_str(&escaped).unwrap();
        assert_eq!(read, [text]);
    }

    #[test]
    fn messages_are_cut() {
        assert_eq!(shown("a\u{1B}[31m\"é\"", 6), "a\\u{1b}[31m…");
        assert_eq!(shown("ab", 2), "ab");
    }

    #[test]
    fn no_message_steers_a_terminal_or_turns_around() {
        let controls = ('\0'..='\u{1F}').chain('\u{7F}'..='\u{9F}');
        let bidi = ['\u{61C}', '\u{200E}', '\u{200F}', '\u{2028}', '\u{2029}'].into_iter();
        let bidi = bidi
            .chain('\u{202A}'..='\u{202E}')
            .chain('\u{2066}'..='\u{2069}');
        let tags = '\u{E0000}'..='\u{E007F}';
        let others = ['\u{200B}', '\u{2060}', '\u{FEFF}', '\u{FFF9}', '\u{3164}'];
        for c in controls.chain(bidi).chain(tags).chain(others) {
            let told = shown(&format!("a{c}b"), 9);
            assert!(told.starts_with("a\\") && told.is_ascii(), "{c:?}: {told}");
        }
        for honest in [
            "می\u{200C}خواهم",
            "👩\u{200D}👧",
            "שלום\u{200F}!",
            "\"quoted\" \\ path",
        ] {
            assert_eq!(shown(honest, 40), honest);
        }
    }
}
