//! Names of hidden characters.

use std::borrow::Cow;

/// Short names of Unicode's own name list, and what each character does.
const NAMES: [(char, &str, &str); 55] = [
    ('\u{00}', "NUL", "null"),
    ('\u{07}', "BEL", "bell"),
    ('\u{08}', "BS", "backspace"),
    ('\u{0B}', "VT", "vertical tab"),
    ('\u{0C}', "FF", "form feed"),
    ('\u{1B}', "ESC", "escape"),
    ('\u{7F}', "DEL", "delete"),
    ('\u{85}', "NEL", "next line"),
    ('\u{9B}', "CSI", "control sequence introducer"),
    ('\u{AD}', "SHY", "soft hyphen"),
    ('\u{034F}', "CGJ", "combining grapheme joiner"),
    ('\u{061C}', "ALM", "Arabic letter mark"),
    ('\u{115F}', "HCF", "Hangul choseong filler"),
    ('\u{1160}', "HJF", "Hangul jungseong filler"),
    ('\u{17B4}', "KIV AQ", "Khmer inherent vowel aq"),
    ('\u{17B5}', "KIV AA", "Khmer inherent vowel aa"),
    ('\u{180B}', "FVS1", "Mongolian free variation selector 1"),
    ('\u{180C}', "FVS2", "Mongolian free variation selector 2"),
    ('\u{180D}', "FVS3", "Mongolian free variation selector 3"),
    ('\u{180E}', "MVS", "Mongolian vowel separator"),
    ('\u{180F}', "FVS4", "Mongolian free variation selector 4"),
    ('\u{200B}', "ZWSP", "zero width space"),
    ('\u{200C}', "ZWNJ", "zero width non-joiner"),
    ('\u{200D}', "ZWJ", "zero width joiner"),
    ('\u{200E}', "LRM", "left-to-right mark"),
    ('\u{200F}', "RLM", "right-to-left mark"),
    ('\u{2028}', "LS", "line separator"),
    ('\u{2029}', "PS", "paragraph separator"),
    ('\u{202A}', "LRE", "left-to-right embedding"),
    ('\u{202B}', "RLE", "right-to-left embedding"),
    ('\u{202C}', "PDF", "end of embedding or override"),
    ('\u{202D}', "LRO", "left-to-right override"),
    ('\u{202E}', "RLO", "right-to-left override"),
    ('\u{2060}', "WJ", "word joiner"),
    ('\u{2061}', "FA", "invisible function application"),
    ('\u{2062}', "IT", "invisible times"),
    ('\u{2063}', "IS", "invisible separator"),
    ('\u{2064}', "IP", "invisible plus"),
    ('\u{2066}', "LRI", "left-to-right isolate"),
    ('\u{2067}', "RLI", "right-to-left isolate"),
    ('\u{2068}', "FSI", "first strong isolate"),
    ('\u{2069}', "PDI", "end of isolate"),
    ('\u{206A}', "ISS", "inhibit symmetric swapping"),
    ('\u{206B}', "ASS", "activate symmetric swapping"),
    ('\u{206C}', "IAFS", "inhibit Arabic form shaping"),
    ('\u{206D}', "AAFS", "activate Arabic form shaping"),
    ('\u{206E}', "NADS", "national digit shapes"),
    ('\u{206F}', "NODS", "nominal digit shapes"),
    ('\u{2800}', "BLANK", "Braille pattern blank"),
    ('\u{3164}', "HF", "Hangul filler"),
    (
        '\u{FEFF}',
        "BOM",
        "zero width no-break space (byte order mark)",
    ),
    ('\u{FFA0}', "HWHF", "halfwidth Hangul filler"),
    ('\u{FFF9}', "IAA", "interlinear annotation anchor"),
    ('\u{FFFA}', "IAS", "interlinear annotation separator"),
    ('\u{FFFB}', "IAT", "interlinear annotation terminator"),
];

fn named(c: char) -> Option<(&'static str, &'static str)> {
    let at = NAMES.binary_search_by_key(&c, |(known, ..)| *known).ok()?;
    NAMES.get(at).map(|(_, short, long)| (*short, *long))
}

/// Returns the short name of a hidden character: `RLO`, `VS16`, `U+E0041`.
pub fn short_name(c: char) -> Cow<'static, str> {
    if let Some((short, _)) = named(c) {
        return short.into();
    }
    match c {
        '\n' => "LF".into(),
        '\r' => "CR".into(),
        '\t' => "TAB".into(),
        '\u{FE00}'..='\u{FE0F}' => format!("VS{}", u32::from(c) - 0xFE00 + 1).into(),
        '\u{E0100}'..='\u{E01EF}' => format!("VS{}", u32::from(c) - 0xE0100 + 17).into(),
        '\u{FFFC}' => "OBJ".into(),
        _ => code(c).into(),
    }
}

/// Returns the long name of a hidden character, with its code: `right-to-left override, U+202E`.
pub fn long_name(c: char) -> String {
    let long = match c {
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => "variation selector",
        '\u{E0020}'..='\u{E007E}' => "tag character",
        '\u{E007F}' => "end of tag characters",
        '\u{FFFC}' => "object replacement character",
        c => named(c).map_or_else(
            || {
                if c.is_control() {
                    "control character"
                } else {
                    "invisible character"
                }
            },
            |(_, long)| long,
        ),
    };
    format!("{long}, {}", code(c))
}

fn code(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// Returns the ASCII letter that a tag character represents: text can be smuggled in them.
pub fn tag_letter(c: char) -> Option<char> {
    let ascii = u32::from(c).checked_sub(0xE0000)?;
    char::from_u32(ascii).filter(|c| matches!(c, ' '..='~'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_order_and_once() {
        for pair in NAMES.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{pair:?}");
        }
        assert_eq!(short_name('\u{FE0F}'), "VS16");
        assert_eq!(short_name('\u{E0041}'), "U+E0041");
        assert_eq!(long_name('\u{202E}'), "right-to-left override, U+202E");
        assert_eq!(long_name('\u{1}'), "control character, U+0001");
        assert_eq!(long_name('\u{FE00}'), "variation selector, U+FE00");
    }
}
