//! `reanchor` and `editions`: marks and statements in a later text of the article.

use super::{OnArticle as _, desk};
use crate::support::desk::Desk;
use sourcemark::cli::Exit;
use std::fs;

const EDITED: &str = "# Back doors?\n\nIn a new first line, nothing is said.\n\n\
    “We never built a hidden door,” said Ann\n  Smith, “and we never will.”\n\
    According to a paper, the ministry insists on a back door.\n";

/// A desk with four marks, and the article edited in `new.txt`.
fn desk_of_two_editions() -> Desk {
    let desk = desk();
    desk.tag(&["--quote", "We never built a back door", "--as", "denial"]);
    desk.tag(&["--quote", "and we never will", "--as", "denial"]);
    desk.tag(&[
        "--quote",
        "ministry insists on a back door",
        "--as",
        "allegation",
    ]);
    desk.tag(&["--quote", "漢字で否定した", "--as", "denial"]);
    fs::write(desk.path("new.txt"), EDITED).unwrap();
    desk
}

#[test]
fn reanchor_says_what_became_of_each_mark_and_writes_nothing() {
    let desk = desk_of_two_editions();
    let before = desk.annotations();
    let said = desk.run(&["reanchor", "@a.txt.annotations.ron", "--to", "@new.txt"]);
    assert_eq!(said.exit, Exit::Differences);
    let lines: Vec<&str> = said.out.lines().collect();
    assert!(lines[1].starts_with("changed"), "{}", said.out);
    assert_eq!(lines[2], "    We never built a [-back-] {+hidden+} door");
    assert!(lines[3].starts_with("moved"), "{}", said.out);
    assert!(lines[4].starts_with("moved"), "{}", said.out);
    assert!(lines[5].starts_with("orphan"), "{}", said.out);
    assert!(
        said.err
            .contains("4 segments: 2 moved, 1 changed, 1 orphan"),
        "{}",
        said.err
    );
    assert!(said.err.contains("nothing was written"), "{}", said.err);
    assert_eq!(desk.annotations(), before);

    let said = desk.run(&[
        "reanchor",
        "@a.txt.annotations.ron",
        "--to",
        "@new.txt",
        "--json",
    ]);
    let rows: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(rows[0]["resolution"], "changed");
    assert_eq!(
        rows[0]["candidates"][0]["quote"],
        "We never built a hidden door"
    );
    assert_eq!(rows[0]["diff"][1]["removed"], "back");
    let place = EDITED.find("and we never will").unwrap();
    let n_chars = EDITED.get(..place).unwrap().chars().count();
    assert_eq!(rows[1]["new"]["start"], n_chars);
    assert_eq!(rows[3]["new"], serde_json::Value::Null);
}

#[test]
fn what_is_accepted_is_written_and_the_rest_keeps_its_evidence() {
    let desk = desk_of_two_editions();
    let args = [
        "reanchor",
        "@a.txt.annotations.ron",
        "--to",
        "@new.txt",
        "-o",
        "@new.txt.annotations.ron",
    ];
    let before = desk.annotations();
    let said = desk.run(&[&args[..], &["--accept", "changed"]].concat());
    assert_eq!(said.exit, Exit::Differences, "{}", said.err);
    assert_eq!(desk.annotations(), before, "the old file stays");
    let said = desk.run(&["list", "@new.txt", "--json"]);
    let rows: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let found: Vec<_> = (0..4)
        .map(|n| {
            (
                rows[n]["resolution"].as_str().unwrap(),
                rows[n]["quote"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("exact", "We never built a hidden door"),
            ("exact", "and we never will"),
            ("exact", "ministry insists on a back door"),
            ("orphan", "漢字で否定した"),
        ]
    );
    // Not over a file that is there already.
    let said = desk.run(&args);
    assert_eq!(said.exit, Exit::Failed, "{}", said.err);

    let said = desk.run(&[
        "reanchor",
        "@a.txt.annotations.ron",
        "--to",
        "@new.txt",
        "--accept",
        "moved",
    ]);
    assert_eq!(said.exit, Exit::Differences, "{}", said.err);
    assert!(
        said.err.contains("2 segments left unchanged"),
        "{}",
        said.err
    );
    let written = desk.annotations().unwrap();
    assert!(
        written.contains("We never built a back door"),
        "the changed one keeps its evidence"
    );
}

#[test]
fn only_the_annotated_text_is_taken_for_the_old_one() {
    let desk = desk_of_two_editions();
    let args = [
        "reanchor",
        "@a.txt.annotations.ron",
        "--to",
        "@new.txt",
        "--old",
    ];
    assert_eq!(
        desk.run(&[&args[..], &["@a.txt"]].concat()).exit,
        Exit::Differences
    );
    let said = desk.run(&[&args[..], &["@new.txt"]].concat());
    assert_eq!(said.exit, Exit::Failed);
    assert!(
        said.err.contains("not the text that was annotated"),
        "{}",
        said.err
    );
}

#[test]
fn editions_say_what_the_publisher_did() {
    let desk = desk_of_two_editions();
    let said = desk.run(&["editions", "@a.txt", "@new.txt"]);
    assert_eq!(said.exit, Exit::Differences, "{}", said.err);
    let fates: Vec<&str> = said
        .out
        .lines()
        .filter(|line| !line.starts_with(' '))
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(
        fates,
        ["fate", "changed", "kept", "softened", "removed"],
        "{}",
        said.out
    );
    assert!(
        said.out.contains("    softer by: according to\n"),
        "{}",
        said.out
    );
    assert!(
        said.out
            .contains("    We never built a [-back-] {+hidden+} door\n"),
        "{}",
        said.out
    );
    assert!(
        said.err
            .contains("4 statements: 1 kept, 1 softened, 1 changed, 1 removed"),
        "{}",
        said.err
    );
    let said = desk.run(&["editions", "@a.txt", "@new.txt", "--json"]);
    let rows: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(rows[2]["fate"], "softened");
    assert_eq!(rows[2]["softer_by"][0], "according to");
    let said = desk.run(&["editions", "@a.txt", "@a.txt"]);
    assert_eq!(said.exit, Exit::Done, "{}", said.out);
}
