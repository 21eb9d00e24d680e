//! Decodes the bytes of a damaged file: bytes that are not text become U+FFFD and are reported.

use super::loss::{LossKind, Losses, Places};

/// Returns the text of `bytes`, without a byte order mark and without NULs at its end.
pub(super) fn decode(bytes: &[u8], losses: &mut Losses) -> String {
    if let Some(to_unit) = utf16_units(bytes) {
        losses.add((1, 1), LossKind::Utf16);
        return decode_utf16(bytes, to_unit, losses);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let whole = bytes.len();
    let end = bytes
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |at| at + 1);
    let bytes = bytes.get(..end).unwrap_or_default();
    let mut text = String::with_capacity(bytes.len());
    // Places in the text as decoded, told when all of it is there.
    let mut wrong: Vec<(usize, LossKind)> = Vec::new();
    for chunk in bytes.utf8_chunks() {
        push_without_nuls(&mut text, chunk.valid(), &mut wrong);
        let n_bytes = chunk.invalid().len();
        if n_bytes > 0 {
            wrong.push((text.len(), LossKind::NotUtf8 { n_bytes }));
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    if whole > end {
        let n_bytes = whole - end;
        wrong.push((text.len(), LossKind::Nul { n_bytes }));
    }
    tell(&text, wrong, losses);
    text
}

/// Appends `part` to `text`, with U+FFFD for each row of NULs: in a string they could be written again, but not
/// in what is kept as it was written.
fn push_without_nuls(text: &mut String, part: &str, wrong: &mut Vec<(usize, LossKind)>) {
    let mut rest = part;
    while let Some(at) = memchr::memchr(0, rest.as_bytes()) {
        text.push_str(rest.get(..at).unwrap_or_default());
        let nuls = rest.get(at..).unwrap_or_default();
        rest = nuls.trim_start_matches('\0');
        let n_bytes = nuls.len() - rest.len();
        wrong.push((text.len(), LossKind::Nul { n_bytes }));
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text.push_str(rest);
}

fn tell(text: &str, wrong: Vec<(usize, LossKind)>, losses: &mut Losses) {
    let mut places = Places::new(text);
    for (at, what) in wrong {
        losses.add(places.of(at), what);
    }
}

type ToUnit = fn([u8; 2]) -> u16;

/// Returns how two bytes make a unit, if `bytes` are UTF-16: after their mark, or by the bracket they begin with.
fn utf16_units(bytes: &[u8]) -> Option<ToUnit> {
    match bytes {
        [0xFF, 0xFE, ..] | [b'(', 0, ..] => Some(u16::from_le_bytes),
        [0xFE, 0xFF, ..] | [0, b'(', ..] => Some(u16::from_be_bytes),
        _ => None,
    }
}

fn decode_utf16(bytes: &[u8], to_unit: ToUnit, losses: &mut Losses) -> String {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| to_unit(*pair));
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut n_bytes = rest.len();
    for unit in char::decode_utf16(units) {
        n_bytes += if unit.is_err() { 2 } else { 0 };
        text.push(unit.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    if n_bytes > 0 {
        losses.add((1, 1), LossKind::NotUtf8 { n_bytes });
    }
    let decoded = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let mut text = String::with_capacity(decoded.len());
    let mut wrong = Vec::new();
    push_without_nuls(&mut text, decoded.trim_end_matches('\0'), &mut wrong);
    tell(&text, wrong, losses);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], text: &str, expected: &[&str]) {
        let mut losses = Losses::default();
        assert_eq!(decode(bytes, &mut losses), text);
        let said: Vec<String> = losses.list.iter().map(ToString::to_string).collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn what_is_no_text_is_told() {
        check("\u{FEFF}é".as_bytes(), "é", &[]);
        check(
            b"a\nb\xE9c\0\0d\0\0\0",
            "a\nb\u{FFFD}c\u{FFFD}d",
            &[
                "line 2, column 2: 1 byte is not UTF-8; replaced by U+FFFD",
                "line 2, column 4: 2 bytes are NUL, as after a power cut",
                "line 2, column 6: 3 bytes are NUL, as after a power cut",
            ],
        );
        let utf16 = "line 1, column 1: the file is UTF-16; annotation files are UTF-8";
        check(b"\xFF\xFE(\0)\0", "()", &[utf16]);
        check(
            b"\0(\0)\0",
            "()",
            &[
                utf16,
                "line 1, column 1: 1 byte is not UTF-8; replaced by U+FFFD",
            ],
        );
    }
}
