//! Finding words in an article: folded, exact and by a regular expression, against the search for the very bytes.

use crate::{
    data::prose,
    measure::{Table, shown, times},
};
use sourcemark::{
    search::{Options, Pattern, Query, SLICE_BYTES, Search},
    text::{ByteOffset, SourceText},
};
use std::{sync::Arc, time::Duration};

/// Measures searching for words that are nowhere: all of the text is looked through.
pub fn measure(table: &mut Table, quick: bool) {
    let (bytes, what) = if quick {
        (1_000_000, "1 MB")
    } else {
        (100_000_000, "100 MB")
    };
    let text = SourceText::new(prose(bytes)).expect("fits");
    let exact = Options {
        is_exact: true,
        ..Options::default()
    };
    let regex = Options {
        is_regex: true,
        ..Options::default()
    };
    let goal = Duration::from_millis(300).mul_f64(bytes as f64 / 100e6);
    for (name, words, options) in [
        ("folded words", "a zebra crossing", Options::default()),
        ("exact words", "a zebra crossing", exact),
        ("a regular expression", r"zebra\s+cross(ed|ing)", regex),
    ] {
        let query = Query {
            words: words.to_owned(),
            options,
        };
        let pattern = Pattern::new(&query).expect("valid").expect("words");
        let pattern = Arc::new(pattern);
        let time = times(5, || {
            let search = Search::new(&text, Arc::clone(&pattern), ByteOffset::ZERO);
            search.finish(SLICE_BYTES, &|| true)
        });
        table.time(format!("{what}: find {name}"), time.median, goal);
    }
    let bytes = times(5, || {
        memchr::memmem::find(text.as_str().as_bytes(), b"a zebra crossing")
    });
    let name = format!("{what}: look for the very bytes, for comparison");
    table.note(name, shown(bytes.median));
}
