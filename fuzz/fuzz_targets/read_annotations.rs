//! Bytes as an annotation file: refused with a place, or read; and what was read is written and read alike.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sourcemark::format::ron::{Trailer, WriteOptions, read, read_bytes, version_of, write};

fuzz_target!(|data: &[u8]| {
    let file = match read_bytes(data) {
        Ok(file) => file,
        Err(error) => {
            assert!(error.line > 0 && error.column > 0);
            let said = error.to_string();
            assert!(said.chars().count() < 1_500, "{said}");
            assert!(!said.contains(['\n', '\r', '\0', '\u{1B}']), "{said:?}");
            return;
        }
    };
    for finding in &file.findings {
        assert!(!finding.to_string().contains(['\n', '\r', '\0', '\u{1B}']));
    }
    let options = WriteOptions {
        crlf: file.crlf,
        ..WriteOptions::default()
    };
    let written = write(&file.set, options);
    let again = read(&written).unwrap_or_else(|error| panic!("{error}\n{written}"));
    assert_eq!(again.set, file.set, "{written}");
    assert_eq!(again.trailer, Trailer::Good);
    assert_eq!(version_of(&again.set), version_of(&file.set));
    assert_eq!(write(&again.set, options), written);
});
