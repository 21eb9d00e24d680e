//! The number of a line, in every command: the one that the window shows in its margin.

use crate::support::{desk::Desk, sets::source};
use sourcemark::{cli::Exit, text::ByteOffset};
use std::fs;

/// Articles with the word `denied`, by what makes their lines hard to count.
const ARTICLES: [(&str, &str, &str); 9] = [
    ("CR LF", "One.\r\n\r\nHe denied it.\r\n", "3:4"),
    ("lone CR", "One.\rTwo.\rHe denied it.\r", "3:4"),
    ("mixed", "One.\nTwo.\r\n\rHe denied it.", "4:4"),
    ("form feed", "One.\n\u{C}He denied it.\n", "2:5"),
    ("vertical tab", "One.\u{B}He denied it.\n", "1:9"),
    ("U+0085", "One.\u{85}He denied it.\n", "1:9"),
    (
        "U+2028 and U+2029",
        "One.\u{2028}Two.\u{2029}He denied it.",
        "1:14",
    ),
    ("no break at the end", "One.\n\nHe denied it", "3:4"),
    ("first line", "\u{65E5}\u{672C} denied", "1:4"),
];

/// Returns the places `line:column` in `said`, each once.
fn places(said: &str) -> Vec<String> {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut found: Vec<String> = Vec::new();
    for word in said.split(|c: char| c.is_whitespace() || "`(),;\"".contains(c)) {
        let parts: Vec<&str> = word.split(':').collect();
        for pair in parts.windows(2) {
            if let [line, column] = pair
                && is_digits(line)
                && is_digits(column)
            {
                let place = format!("{line}:{column}");
                if !found.contains(&place) {
                    found.push(place);
                }
            }
        }
    }
    found
}

#[test]
fn every_command_counts_lines_as_the_margin_does() {
    for (name, text, place) in ARTICLES {
        let desk = Desk::new();
        for folder in ["ana", "ben"] {
            fs::create_dir(desk.path(folder)).unwrap();
            fs::write(desk.path(&format!("{folder}/a.txt")), text).unwrap();
        }
        let tag = |article, tag, creator| {
            let args = ["--quote", "denied", "--as", tag, "--creator", creator];
            desk.run(&[&["tag", article], &args[..]].concat()).out
        };
        let tagged = tag("@ana/a.txt", "denial", "Ana");
        tag("@ben/a.txt", "allegation", "Ben");
        let at = ByteOffset::new(text.find("denied").unwrap());
        let margin = source(text).lines().line_at(at) + 1;
        assert!(place.starts_with(&format!("{margin}:")), "{name}");
        assert_eq!(places(&tagged), [place], "{name}");
        for command in [
            &["list", "@ana/a.txt"][..],
            &["list", "@ana/a.txt", "--csv"],
            &["agree", "@ana", "@ben"],
            &["settle", "@ana", "@ben", "-o", "@agreed.ron", "--dry-run"],
            &["editions", "@ana/a.txt", "@ben/a.txt"],
            &[
                "reanchor",
                "@ana/a.txt.annotations.ron",
                "--to",
                "@ben/a.txt",
            ],
        ] {
            let said = desk.run(command);
            assert_ne!(said.exit, Exit::Failed, "{command:?}: {}", said.err);
            assert_eq!(
                places(&said.out),
                [place],
                "{name}: {command:?}: {}",
                said.out
            );
        }
        // Two of them: the message lists both places.
        fs::write(desk.path("twice.txt"), format!("{text}\ndenied\n")).unwrap();
        let args = ["--quote", "denied", "--as", "denial", "--creator", "Ana"];
        let said = desk.run(&[&["tag", "@twice.txt"], &args[..]].concat());
        assert_eq!(places(&said.err)[0], place, "{name}: {}", said.err);
        // Moved: `check` names the new place.
        fs::write(desk.path("ana/a.txt"), format!("{text}\n\u{C}moved\n")).unwrap();
        let moved = format!("Before.\r\n{text}");
        fs::write(desk.path("ana/a.txt"), &moved).unwrap();
        let at = ByteOffset::new(moved.find("denied").unwrap());
        let now = source(&moved).line_col(at).to_string();
        let said = desk.run(&["check", "@ana"]);
        assert!(
            places(&said.out).contains(&now),
            "{name}: {now} is not in {}",
            said.out
        );
    }
}

#[test]
fn an_empty_article_has_no_place() {
    let desk = Desk::new();
    fs::write(desk.path("a.txt"), "He denied it.").unwrap();
    let args = ["--quote", "denied", "--as", "denial", "--creator", "Ana"];
    desk.run(&[&["tag", "@a.txt"], &args[..]].concat());
    fs::write(desk.path("a.txt"), "").unwrap();
    let said = desk.run(&["list", "@a.txt"]);
    assert!(said.out.starts_with("-  "), "{}", said.out);
}

/// Whatever ends the lines of a damaged annotation file, each command names the same line.
#[test]
fn lines_of_an_annotation_file_are_counted_in_one_way() {
    let said = ["\n", "\r\n", "\r"].map(|newline| {
        let desk = Desk::new();
        fs::write(desk.path("a.txt"), "He denied it.").unwrap();
        let args = ["--quote", "denied", "--as", "denial", "--creator", "Ana"];
        desk.run(&[&["tag", "@a.txt"], &args[..]].concat());
        let path = desk.path("a.txt.annotations.ron");
        let written = fs::read_to_string(&path).unwrap();
        let line = written.lines().position(|line| line.contains("quote:"));
        let damaged = written.replacen("quote:", "quote@", 1);
        fs::write(&path, damaged.replace('\n', newline)).unwrap();
        let place = |command| places(&desk.run(&[command, "@a.txt"]).out)[0].clone();
        let (checked, salvaged) = (place("check"), place("salvage"));
        let at = format!("{}:", line.unwrap() + 1);
        assert!(checked.starts_with(&at), "{newline:?}: {checked}");
        (checked, salvaged)
    });
    assert!(said.iter().all(|places| *places == said[0]), "{said:?}");
}
