//! Tables of the command line in every script: columns begin below each other, and no letter is cut.

use crate::support::desk::Desk;
use std::fs;

const ARTICLE: &str =
    "漢字で否定した。 The cafe\u{301} denied it. 👨‍👩‍👧 denied that. قالت الوزارة لا شيء.\n";

/// Returns in which column of the terminal, from 0, `what` begins in `line`. Counted by hand for the characters of
/// [`ARTICLE`]: a table of widths of its own, so that the program is not measured by itself.
fn column_of(line: &str, what: &str) -> usize {
    let before = &line[..line.find(what).unwrap_or_else(|| panic!("{what}: {line}"))];
    let before = before.replace("👨‍👩‍👧", "xx");
    let width = |c: char| match c {
        '\u{301}' => 0,
        '漢' | '字' | 'で' | '否' | '定' | 'し' | 'た' | '。' => 2,
        _ => 1,
    };
    before.chars().map(width).sum()
}

fn desk() -> Desk {
    let desk = Desk::new();
    fs::write(desk.path("a.txt"), ARTICLE).unwrap();
    for (quote, speaker) in [
        ("漢字で否定した", "漢字"),
        ("The cafe\u{301} denied it", "Cafe\u{301}"),
        ("👨‍👩‍👧 denied that", "👨‍👩‍👧"),
        ("قالت الوزارة لا شيء", "الوزارة"),
    ] {
        let args = ["tag", "@a.txt", "--as", "denial", "--creator", "Ana"];
        let said = desk.run(&[&args[..], &["--quote", quote, "--speaker", speaker]].concat());
        assert_eq!(said.err, "");
    }
    desk
}

#[test]
fn columns_begin_below_each_other_in_every_script() {
    let desk = desk();
    let list = desk.run(&["list", "@a.txt"]).out;
    let columns: Vec<usize> = list.lines().map(|line| column_of(line, "exact")).collect();
    assert_eq!(columns.len(), 4);
    assert!(columns.windows(2).all(|pair| pair[0] == pair[1]), "{list}");
}

#[test]
fn the_places_of_a_repeated_quote_are_a_table() {
    let desk = desk();
    let args = ["--quote", "denied", "--as", "denial", "--creator", "Ana"];
    let said = desk.run(&[&["tag", "@a.txt"], &args[..]].concat()).err;
    let lines: Vec<&str> = said
        .lines()
        .filter(|line| line.contains("--nth "))
        .collect();
    let columns: Vec<usize> = lines
        .iter()
        .skip(1)
        .map(|line| column_of(line, "…"))
        .collect();
    assert!(columns.len() == 2 && columns[0] == columns[1], "{said}");
}

#[test]
fn known_tags_are_a_table() {
    let desk = desk();
    for tag in ["漢字で否定した", "very long name of a tag"] {
        let args = ["--as", tag, "--new-tag", "--creator", "Ana"];
        let said = desk.run(&[&["tag", "@a.txt", "--quote", "cafe"], &args[..]].concat());
        assert_eq!(said.err, "", "{tag}");
    }
    let args = ["--as", "nothing", "--creator", "Ana"];
    let said = desk
        .run(&[&["tag", "@a.txt", "--quote", "cafe"], &args[..]].concat())
        .err;
    let line = |id: &str, name: &str| {
        let line = said.lines().find(|line| line.trim_start().starts_with(id));
        let line = line.unwrap_or_else(|| panic!("{id}: {said}"));
        let at = line.rfind(name).unwrap();
        column_of(&format!("{}|", &line[..at]), "|")
    };
    let expected = line("denial", "Denial");
    assert_eq!(line("very-long", "very long"), expected, "{said}");
    assert_eq!(line("漢字", "漢字"), expected, "{said}");
}

#[test]
fn no_letter_is_cut() {
    let desk = Desk::new();
    let word = "e\u{301}".repeat(100);
    let family = "👨‍👩‍👧".repeat(40);
    fs::write(desk.path("a.txt"), format!("{word} {family}")).unwrap();
    for quote in [&word, &family] {
        let args = ["--as", "denial", "--creator", "Ana", "--quote", quote];
        desk.run(&[&["tag", "@a.txt"], &args[..]].concat());
    }
    let list = desk.run(&["list", "@a.txt"]).out;
    let shown = |unit: &str| {
        let line = list.lines().find(|line| line.contains(unit)).unwrap();
        let rest = line.replace(
            &format!("{}…", unit.repeat(line.matches(unit).count())),
            "|",
        );
        assert!(rest.contains("  |  "), "{line}");
        line.matches(unit).count()
    };
    assert_eq!(shown("e\u{301}"), 56);
    assert_eq!(shown("👨‍👩‍👧"), 28);
}
