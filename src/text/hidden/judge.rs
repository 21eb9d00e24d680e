//! Whether a character is hidden, and whether it has an honest use at its place.

use unicode_properties::UnicodeEmoji as _;
use unicode_script::{Script, UnicodeScript as _};

/// How far, in characters, a direction mark may be from the right-to-left letter that it serves.
const MARK_REACH: usize = 32;
/// Longest row of tag characters in a flag, with the one that ends it (UTS #51 has at most seven).
const FLAG_REACH: usize = 8;
/// Marks between a letter and the joiner after it.
const MAX_MARKS: usize = 4;

/// Returns whether a byte may begin a hidden character.
pub(super) fn is_suspect(byte: u8) -> bool {
    SUSPECTS.get(usize::from(byte)).is_some_and(|is| *is)
}

const SUSPECTS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(
            byte as u8,
            0..=0x08 | 0x0B | 0x0C | 0x0E..=0x1F | 0x7F | 0xC2 | 0xCD | 0xD8 | 0xE1..=0xE3 | 0xEF | 0xF0 | 0xF3
        );
        byte += 1;
    }
    table
};

/// Returns whether `c` is deceptive between `before` and `after`; `None` when it is not hidden at all.
pub(super) fn judge(c: char, before: &str, after: &str) -> Option<bool> {
    let previous = || before.chars().next_back();
    let next = || after.chars().next();
    let beside = |is: fn(char) -> bool| previous().is_some_and(is) || next().is_some_and(is);
    let is_ordinary = match c {
        '\t' | '\n' | '\r' => return None,
        // pdftotext leaves a form feed at each page, word processors a vertical tab at a soft line end.
        '\u{0B}' | '\u{0C}' => true,
        c if c.is_control() => false,
        '\u{00AD}' => {
            previous().is_some_and(char::is_alphanumeric)
                && next().is_some_and(char::is_alphanumeric)
        }
        '\u{034F}' => previous().is_some_and(|c| is_mark(c) || c.script() == Script::Hebrew),
        '\u{061C}' | '\u{200E}' | '\u{200F}' => {
            !previous().is_some_and(|c| matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}'))
                && (before.chars().rev().take(MARK_REACH).any(is_rtl)
                    || after.chars().take(MARK_REACH).any(is_rtl))
        }
        '\u{115F}' | '\u{1160}' => beside(
            |c| matches!(c, '\u{1100}'..='\u{115E}' | '\u{1161}'..='\u{11FF}' | '\u{A960}'..='\u{A97F}' | '\u{D7B0}'..='\u{D7FF}'),
        ),
        '\u{17B4}' | '\u{17B5}' => true,
        '\u{180B}'..='\u{180F}' => previous().is_some_and(|c| {
            c.script() == Script::Mongolian && !matches!(c, '\u{180B}'..='\u{180F}')
        }),
        '\u{200B}' => beside(writes_no_blanks),
        '\u{200C}' | '\u{200D}' => {
            let joins = joiner_base(before).is_some_and(needs_joiners);
            joins || (c == '\u{200D}' && joins_emoji(before, after))
        }
        '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' => false,
        '\u{2800}' => beside(|c| matches!(c, '\u{2801}'..='\u{28FF}')),
        '\u{3164}' | '\u{FFA0}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFB}' => false,
        // U+FFFC: a picture was here before the text was copied.
        '\u{FFFC}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' => true,
        '\u{FE0E}' | '\u{FE0F}' => previous().is_some_and(|base| {
            let is_keycap = next() == Some('\u{20E3}');
            base.is_emoji_char() && (!base.is_ascii() || is_keycap) || has_variants(base)
        }),
        '\u{FE00}'..='\u{FE0D}' => previous().is_some_and(has_variants),
        '\u{E0020}'..='\u{E007F}' => is_in_flag(before, c, after),
        '\u{E0100}'..='\u{E01EF}' => previous().is_some_and(|c| c.script() == Script::Han),
        '\u{E0000}'..='\u{E0FFF}' => false,
        _ => return None,
    };
    Some(!is_ordinary)
}

pub(super) fn is_rtl(c: char) -> bool {
    matches!(
        c,
        '\u{0590}'..='\u{061B}' | '\u{061D}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}'
    )
}

/// Returns whether `c` is a combining mark without a script of its own.
fn is_mark(c: char) -> bool {
    !c.is_alphabetic() && c.script() == Script::Inherited && !matches!(c, '\u{200C}' | '\u{200D}')
        || matches!(c, '\u{0591}'..='\u{05C7}' | '\u{064B}'..='\u{0655}' | '\u{0670}')
}

/// Returns the letter that a joiner after `before` would belong to.
fn joiner_base(before: &str) -> Option<Script> {
    let mut letters = before.chars().rev();
    let base = letters
        .by_ref()
        .take(MAX_MARKS + 1)
        .find(|c| !is_mark(*c))?;
    Some(base.script())
}

/// Scripts whose letters join, or stack, so that a joiner decides how a word is written.
fn needs_joiners(script: Script) -> bool {
    use Script::{
        Adlam, Arabic, Balinese, Bengali, Chakma, Devanagari, Grantha, Gujarati, Gurmukhi,
        Hanifi_Rohingya, Javanese, Kaithi, Kannada, Khmer, Khojki, Malayalam, Mandaic, Manichaean,
        Mongolian, Myanmar, Newa, Nko, Oriya, Phags_Pa, Sharada, Sinhala, Sundanese, Syriac, Tamil,
        Telugu, Tibetan, Tirhuta,
    };
    matches!(
        script,
        Adlam
            | Arabic
            | Balinese
            | Bengali
            | Chakma
            | Devanagari
            | Grantha
            | Gujarati
            | Gurmukhi
            | Hanifi_Rohingya
            | Javanese
            | Kaithi
            | Kannada
            | Khmer
            | Khojki
            | Malayalam
            | Mandaic
            | Manichaean
            | Mongolian
            | Myanmar
            | Newa
            | Nko
            | Oriya
            | Phags_Pa
            | Sharada
            | Sinhala
            | Sundanese
            | Syriac
            | Tamil
            | Telugu
            | Tibetan
            | Tirhuta
    )
}

/// Letters of scripts that are written without blanks, where a zero-width space says where a line may end.
fn writes_no_blanks(c: char) -> bool {
    use Script::{
        Balinese, Javanese, Khmer, Lao, Myanmar, New_Tai_Lue, Tai_Le, Tai_Tham, Tai_Viet, Thai,
        Tibetan,
    };
    // Where those scripts are; nearly everything else is decided without a look-up.
    let may_be = matches!(c, '\u{0E00}'..='\u{1B7F}' | '\u{A980}'..='\u{AADF}');
    may_be
        && matches!(
            c.script(),
            Balinese
                | Javanese
                | Khmer
                | Lao
                | Myanmar
                | New_Tai_Lue
                | Tai_Le
                | Tai_Tham
                | Tai_Viet
                | Thai
                | Tibetan
        )
}

fn joins_emoji(before: &str, after: &str) -> bool {
    let mut back = before.chars().rev();
    let previous = match back.next() {
        Some('\u{FE0F}') => back.next(),
        other => other,
    };
    let is_emoji = |c: char| !c.is_ascii() && c.is_emoji_char();
    previous.is_some_and(is_emoji) && after.chars().next().is_some_and(is_emoji)
}

/// Characters with variants in the standard's list: ideographs and their punctuation, mathematical operators,
/// Mongolian, Phags-pa and Myanmar letters, the digit zero.
fn has_variants(c: char) -> bool {
    matches!(
        c.script(),
        Script::Han | Script::Mongolian | Script::Phags_Pa | Script::Myanmar
    ) && !matches!(c, '\u{180B}'..='\u{180F}')
        || matches!(c, '0' | '\u{2200}'..='\u{22FF}' | '\u{2A00}'..='\u{2AFF}' | '\u{3001}'..='\u{3002}' | '\u{FF01}'..='\u{FF60}')
}

/// Returns whether a tag character is in a flag: after a black flag and before the tag that ends it.
fn is_in_flag(before: &str, c: char, after: &str) -> bool {
    let is_tag = |c: &char| matches!(c, '\u{E0020}'..='\u{E007E}');
    let mut back = before
        .chars()
        .rev()
        .take(FLAG_REACH)
        .skip_while(|c| is_tag(c));
    let mut forth = after.chars().take(FLAG_REACH).skip_while(|c| is_tag(c));
    let ends = c == '\u{E007F}' || forth.next() == Some('\u{E007F}');
    back.next() == Some('\u{1F3F4}') && ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::hidden::{Reveal, find, short_name};

    /// Returns the hidden characters, deceptive ones with a bang.
    fn found(text: &str) -> String {
        let names = find(text, Reveal::All).map(|hidden| {
            let bang = if hidden.is_deceptive { "!" } else { "" };
            format!("{}{bang}", short_name(hidden.character))
        });
        names.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_a_script_needs_is_ordinary() {
        for (text, expected) in [
            ("plain, “quoted” text – with a tab\tand\r\nlines…", ""),
            ("می\u{200C}خواهم", "ZWNJ"),
            ("क्\u{200D}ष और क्\u{200C}ष", "ZWJ ZWNJ"),
            (
                "👩\u{200D}👩\u{200D}👧 ❤\u{FE0F} 1\u{FE0F}\u{20E3} 🏳\u{FE0F}\u{200D}🌈",
                "ZWJ ZWJ VS16 VS16 VS16 ZWJ",
            ),
            (
                "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
                "U+E0067 U+E0062 U+E0073 U+E0063 U+E0074 U+E007F",
            ),
            ("ราชการ\u{200B}ไทย", "ZWSP"),
            ("葛\u{E0100}城", "VS17"),
            ("the word שלום\u{200F}! and الكلمة\u{61C}", "RLM ALM"),
            ("Donau\u{AD}dampf", "SHY"),
            ("page one\u{C}page two", "FF"),
            ("\u{1100}\u{1160}", "HJF"),
            ("ᠠ\u{180B}", "FVS1"),
        ] {
            assert_eq!(found(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_deceives_is_told() {
        for (text, expected) in [
            ("user\u{202E}txt.exe\u{202C}", "RLO! PDF!"),
            ("pay\u{200B}pal and pass\u{200D}word", "ZWSP! ZWJ!"),
            (
                "a\u{7}b\u{1B}[2J\u{9B}c\u{7F}\u{0}",
                "BEL! ESC! CSI! DEL! NUL!",
            ),
            ("ن\u{200C}\u{200C}ن", "ZWNJ ZWNJ!"),
            ("\u{200E}left\u{200F}", "LRM! RLM!"),
            ("שלום\u{200F}\u{200F}", "RLM RLM!"),
            ("x\u{E0041}\u{E0042}", "U+E0041! U+E0042!"),
            ("🏴\u{E0067}\u{E0062} no end", "U+E0067! U+E0062!"),
            ("😀\u{FE0F}\u{FE01}a\u{FE0F}", "VS16 VS2! VS16!"),
            (
                "\u{3164}\u{FFA0}\u{115F}a\u{2063}b\u{FFF9}\u{FEFF}",
                "HF! HWHF! HCF! IS! IAA! BOM!",
            ),
            ("end\u{AD}", "SHY!"),
            ("a\u{2066}b\u{2069}", "LRI! PDI!"),
            ("a\u{2800}b", "BLANK!"),
        ] {
            assert_eq!(found(text), expected, "{text:?}");
        }
    }

    #[test]
    fn the_table_of_bytes_knows_every_hidden_character() {
        for c in ('\0'..=char::MAX).filter(|c| judge(*c, "", "").is_some()) {
            let mut buffer = [0; 4];
            let first = c.encode_utf8(&mut buffer).as_bytes()[0];
            assert!(is_suspect(first), "{c:?}");
        }
    }
}
