//! Bytes as the text of an article: found out, and in each encoding that can be asked for.
//!
//! The first byte chooses: 0 finds the encoding out, the others take one of the list. Whatever comes out is a
//! text that can be indexed, and reading its UTF-8 again gives the same text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sourcemark::{
    import::{decode, encodings},
    text::{ByteOffset, CharOffset, SourceText},
};

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else {
        return;
    };
    let n_ways = encodings().len() + 1;
    let forced = (usize::from(*first) % n_ways)
        .checked_sub(1)
        .and_then(|idx| encodings().get(idx).copied());
    let Ok(decoded) = decode(bytes.to_vec(), forced) else {
        assert!(forced.is_none(), "a forced encoding takes every byte");
        return;
    };
    if let Some(name) = forced {
        assert!(decoded.certain && decoded.encoding == name);
    }
    // Every letter comes from at least one byte, so an article cannot grow without bounds.
    assert!(decoded.text.chars().count() <= 2 * bytes.len() + 2);
    let again = decode(decoded.text.clone().into_bytes(), Some("UTF-8")).unwrap();
    assert_eq!(again.n_replaced, 0);
    // A mark at the start that survived decoding is taken for one of UTF-8's when read again.
    let expected = decoded.text.strip_prefix('\u{FEFF}').unwrap_or(&decoded.text);
    assert!(again.text == expected);
    let text = SourceText::new(decoded.text).unwrap();
    let end = text.to_byte(CharOffset::new(text.n_chars())).unwrap();
    assert_eq!(end, ByteOffset::new(text.as_str().len()));
    let place = text.line_col(end);
    assert!(place.line < text.as_str().len() + 1);
});
