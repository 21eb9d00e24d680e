//! Measures the finding of marks again, in a text that is not the one they were made on: how often it is right,
//! and how fast it is.
//!
//! `cargo bench --no-default-features --bench anchoring` measures the speed on texts made here;
//! `… --bench anchoring -- FOLDER` also measures the accuracy on the revisions of real texts below `FOLDER`, in
//! its folders `edits-…`, each holding one folder for each text with its versions as `0.txt`, `1.txt` and so on.
//! Texts in `FOLDER/udhr/text` are edited here, for many scripts. `quick` leaves out the long texts, `accuracy` the
//! speed; `cases` prints each passage that was taken elsewhere than the truth says.
//!
//! `… --bench anchoring -- answers CASES` prints what the program says of each passage of a list, for the judge in
//! `tests/judge`, which shares no code with the program.

#![expect(
    clippy::expect_used,
    reason = "a measurement that cannot be made stops with the reason"
)]

mod accuracy;
mod answers;
#[expect(dead_code, reason = "the other benchmark uses the rest")]
#[path = "../data.rs"]
mod data;
#[expect(dead_code, reason = "the other benchmark uses the rest")]
#[path = "../measure.rs"]
mod measure;
mod revisions;
mod scripts;
mod speed;
mod tally;
mod truth;

use std::path::PathBuf;

fn main() {
    // `cargo bench` passes `--bench`; `cargo test --benches` runs us with `--test`: then only the small sizes.
    let (flags, words): (Vec<String>, Vec<String>) = std::env::args()
        .skip(1)
        .partition(|word| word.starts_with("--"));
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    if let [first, cases] = words.as_slice()
        && first == "answers"
    {
        return answers::print(cases.as_ref());
    }
    let is_test = flags.iter().any(|flag| flag == "--test");
    if !has("accuracy") {
        speed::measure(is_test || has("quick"));
    }
    let folder = words
        .iter()
        .find(|word| !["quick", "accuracy", "cases"].contains(&word.as_str()));
    if let Some(folder) = folder.map(PathBuf::from) {
        accuracy::measure(&folder, has("cases"));
        scripts::measure(&folder.join("udhr/text"), has("cases"));
    }
}
