//! Bytes as a damaged annotation file: whatever is read of it can be written and read alike, and of a good file
//! with something behind it nothing is lost.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sourcemark::format::ron::{Salvaged, WriteOptions, read, read_bytes, salvage, write};

fuzz_target!(|data: &[u8]| {
    if let Ok(found) = salvage(data) {
        check(&found);
    }
    let Ok(file) = read_bytes(data) else {
        return;
    };
    let whole = salvage(data).unwrap();
    assert_eq!((&whole.set, whole.n_losses), (&file.set, 0));
    if file.newer_major {
        return;
    }
    // What the ordinary reader takes at once is the same record by record.
    let options = WriteOptions {
        crlf: file.crlf,
        ..WriteOptions::default()
    };
    let mut damaged = write(&file.set, options);
    damaged.push('(');
    let found = salvage(damaged.as_bytes()).unwrap();
    assert_eq!(found.set, file.set, "{damaged}");
    assert_eq!(found.n_losses, 1, "{:?}", found.losses);
});

fn check(found: &Salvaged) {
    assert!(found.losses.len() <= found.n_losses);
    for loss in &found.losses {
        assert!(loss.line > 0 && loss.column > 0);
        let said = loss.to_string();
        assert!(said.chars().count() < 1_500, "{said}");
        assert!(!said.contains(['\n', '\r', '\0', '\u{1B}']), "{said:?}");
    }
    let copy = write(&found.set, WriteOptions::default());
    let again = read(&copy).unwrap_or_else(|error| panic!("{error}\n{copy}"));
    assert_eq!(again.set, found.set, "{copy}");
}
