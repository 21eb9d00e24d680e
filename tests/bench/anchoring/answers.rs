//! Answers for a judge that is no part of the program: for each passage of a list, what the program says of it in
//! the next version of its text, as one line of JSON.

use sourcemark::{
    anchor::{Origin, Remap, Resolution, Selector, describe, resolve_all},
    text::{CharOffset, SourceText, TextRange},
};
use std::path::Path;

/// Prints the answers for `cases`: lines of an old and a new version's path, and the start and end of a passage in
/// code points of the old one, parted by tabs. Whatever follows on a line is not looked at.
pub fn print(cases: &Path) {
    let list = std::fs::read_to_string(cases).expect("the list of cases can be read");
    let rows: Vec<Vec<&str>> = list
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    let versions = |row: &Vec<&str>| -> (String, String) {
        match row.as_slice() {
            [old, new, ..] => ((*old).to_owned(), (*new).to_owned()),
            _ => panic!("a case has an old and a new version"),
        }
    };
    for group in rows.chunk_by(|one, next| versions(one) == versions(next)) {
        let Some((old, new)) = group.first().map(versions) else {
            continue;
        };
        let (old, new) = (read(&old), read(&new));
        let selectors: Vec<Selector> = group
            .iter()
            .map(|row| {
                let place = |field: Option<&&str>| {
                    let chars = field.and_then(|field| field.parse().ok());
                    let chars = CharOffset::new(chars.expect("a place is a number"));
                    old.to_byte(chars).expect("inside the text")
                };
                let range = TextRange::new(place(row.get(2)), place(row.get(3)));
                describe(&old, range).expect("inside the text")
            })
            .collect();
        let selectors: Vec<&Selector> = selectors.iter().collect();
        let remap = Remap::new(&old, &new);
        let run = |origin| resolve_all(&new, origin, &selectors, &|_| true).expect("never stopped");
        let (withheld, given) = (run(Origin::Unknown), run(Origin::Known(&remap)));
        for (withheld, given) in withheld.iter().zip(&given) {
            println!(
                "{{\"withheld\": {}, \"given\": {}}}",
                in_json(&new, withheld),
                in_json(&new, given)
            );
        }
    }
}

fn read(path: &str) -> SourceText {
    let bytes = std::fs::read(path).expect("a version can be read");
    SourceText::new(String::from_utf8_lossy(&bytes).into_owned()).expect("a version is a text")
}

fn in_json(text: &SourceText, found: &Resolution) -> String {
    let place = |range: TextRange| {
        let chars = |at| text.to_char(at).expect("inside the text").get();
        format!("[{}, {}]", chars(range.start()), chars(range.end()))
    };
    let scores = found.candidates().iter().map(|candidate| {
        format!(
            "[\"{}\", {:.3}, {:.3}]",
            candidate.rung.word(),
            candidate.wording,
            candidate.context
        )
    });
    let shown = found.candidates().iter().map(|candidate| candidate.range);
    let places: Vec<String> = found.range().into_iter().chain(shown).map(place).collect();
    format!(
        "{{\"result\": \"{}\", \"places\": [{}], \"why\": [{}]}}",
        found.word(),
        places.join(", "),
        scores.collect::<Vec<_>>().join(", ")
    )
}
