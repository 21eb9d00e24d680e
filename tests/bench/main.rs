//! Measures the speed of Sourcemark and prints it as a table: `cargo bench`, or `cargo bench -- quick` for the
//! small sizes alone, `cargo bench -- hidden` for texts full of hidden characters alone, or `cargo bench -- size` for
//! files that are huge in one field.
//!
//! The texts are made here. Every limit is measured in the same run on the same data, and what is printed as a
//! result is the ratio to it: times of shared machines say little, ratios hold.

#![expect(
    clippy::expect_used,
    reason = "a measurement that cannot be made stops with the reason"
)]

mod data;
mod measure;
mod pane;
mod records;
mod search;
mod size;
mod startup;
mod text;

use measure::Table;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo bench` passes `--bench`; `cargo test --benches` runs us with `--test`: then only the small sizes.
    let quick = arguments
        .iter()
        .any(|argument| argument == "quick" || argument == "--test");
    if arguments.iter().any(|argument| argument == "hidden") {
        let mut table = Table::new();
        pane::hidden(&mut table);
        table.print();
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut table = Table::new();
    if arguments.iter().any(|argument| argument == "size") {
        size::measure(&mut table, folder.path());
        table.print();
        return;
    }
    text::measure(&mut table, folder.path(), quick);
    search::measure(&mut table, quick);
    records::measure(&mut table, folder.path(), quick);
    pane::measure(&mut table, quick);
    startup::measure(&mut table, folder.path(), quick);
    table.print();
}
