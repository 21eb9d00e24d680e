//! Hostile files: paths that lead elsewhere, and texts that would steer a terminal or run in a spreadsheet.

use super::{ARTICLE, OnArticle as _, desk};
use crate::support::desk::Desk;
use sourcemark::cli::Exit;
use std::fs;

/// Writes a collection of one article whose annotation file is at `annotations`.
fn put_collection(desk: &Desk, annotations: &str) {
    let hash = format!("blake3:{}", "0".repeat(64));
    let text = format!(
        "(format: \"sourcemark-collection\", version: (1, 0), articles: [\
         (file_name: \"a.txt\", hash: \"{hash}\", annotations: \"{annotations}\")])"
    );
    fs::create_dir_all(desk.path("folder")).unwrap();
    fs::write(desk.path("folder/collection.ron"), text).unwrap();
}

#[test]
fn a_collection_names_no_file_outside_its_folder() {
    let desk = desk();
    let secret = "root:secret-of-the-house";
    fs::write(desk.path("secret"), secret).unwrap();
    fs::write(desk.path("secret.ron"), format!("(\"{secret}\")")).unwrap();
    let absolute = desk.path("secret").display().to_string();
    for written in ["../secret", "../secret.ron", "x/../../secret", &absolute] {
        put_collection(&desk, written);
        let (exit, told) = desk.run_joined(&["check", "@folder/collection.ron"]);
        assert_eq!(exit, Exit::Differences, "{told}");
        assert!(
            told.contains("outside the folder of the collection"),
            "{told}"
        );
        assert!(!told.contains("secret-of-the-house"), "{told}");
    }
}

#[cfg(unix)]
#[test]
fn a_collection_follows_no_link_out_of_its_folder() {
    let desk = desk();
    fs::write(desk.path("secret"), "root:secret-of-the-house").unwrap();
    put_collection(&desk, "link");
    std::os::unix::fs::symlink(desk.path("secret"), desk.path("folder/link")).unwrap();
    let (_, told) = desk.run_joined(&["check", "@folder/collection.ron"]);
    assert!(
        told.contains("outside the folder of the collection"),
        "{told}"
    );
}

#[test]
fn no_message_quotes_a_file_of_somebody_else() {
    let desk = desk();
    for content in [
        "root:topsecret:0:0",
        "(key: \"topsecret\", topsecret: topsecret)",
        "(format: \"topsecret\", version: (1, 0))",
        "[topsecret, topsecret]",
        "Topsecret(1)",
        "\"topsecret",
        "# topsecret\n\u{FFFD}",
        "<<<<<<< topsecret\na\n=======\nb\n>>>>>>> topsecret\n",
    ] {
        for name in ["b.txt.annotations.ron", "collection.ron"] {
            fs::write(desk.path(name), content).unwrap();
            fs::write(desk.path("b.txt"), ARTICLE).unwrap();
            let file = format!("@{name}");
            for command in [
                &["check", &*file][..],
                &["fmt", &file],
                &["salvage", &file],
                &["list", "@b.txt"],
                &["diff", &file, &file],
                &["conflicts", &file],
            ] {
                let (_, told) = desk.run_joined(command);
                assert!(
                    !told.to_lowercase().contains("topsecret"),
                    "{command:?}: {told}"
                );
            }
            fs::remove_file(desk.path(name)).unwrap();
        }
    }
}

#[test]
fn a_damaged_file_of_ours_is_quoted() {
    let desk = desk();
    let file = "(format: \"sourcemark-annotations\", version: (1, 0), article: oops)";
    fs::write(desk.path("a.txt.annotations.ron"), file).unwrap();
    let (_, told) = desk.run_joined(&["check", "@a.txt"]);
    assert!(told.contains("oops"), "{told}");
}

/// Whether a terminal obeys the character, or a line is turned around by it.
fn steers(c: &char) -> bool {
    (c.is_control() && *c != '\n')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{E0000}'..='\u{E007F}')
}

#[test]
fn a_damaged_file_shown_to_git_steers_no_terminal() {
    let desk = desk();
    let damaged = "(\r\n  writer: \"x\u{9B}31m\u{202E}y\rpaid\",\r\n  \u{1B}[2Jnote: \"he \\\"denied\\\" it\"";
    fs::write(desk.path("a.annotations.ron"), damaged).unwrap();
    let said = desk.run(&["git", "textconv", "@a.annotations.ron"]);
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    let lines = [
        "(",
        "  writer: \"x\\u{9b}31m\\u{202e}y\\rpaid\",",
        "  \\u{1b}[2Jnote: \"he \\\"denied\\\" it\"",
    ];
    assert_eq!(said.out.lines().collect::<Vec<_>>(), lines);
    assert_eq!(said.out.chars().find(steers), None);
    // What is no text at all neither.
    fs::write(desk.path("b.annotations.ron"), b"\x9B2J\xFF\n\x1B]0;x\x07").unwrap();
    let said = desk.run(&["git", "textconv", "@b.annotations.ron"]);
    assert_eq!(said.out.chars().find(steers), None, "{:?}", said.out);
    assert_eq!(said.out.lines().count(), 2);
}

#[test]
fn nothing_from_a_file_steers_the_terminal() {
    let desk = desk();
    let evil = "He \u{1B}[31mdenied\u{202E} it.\u{7}";
    fs::write(desk.path("a.txt"), evil).unwrap();
    let line = desk.tag(&[
        "--at",
        "0..20",
        "--as",
        "denial",
        "--speaker",
        "\u{1B}]0;x\u{7}",
    ]);
    let table = desk.run(&["list", "@a.txt"]).out;
    for said in [line, table] {
        let is_harmless = |c: char| !c.is_control() || c == '\n';
        assert!(
            said.chars().all(is_harmless) && !said.contains('\u{202E}'),
            "{said:?}"
        );
        assert!(said.contains("\\u{1b}[31mdenied\\u{202e} it."), "{said:?}");
    }
}

#[test]
fn the_name_of_a_file_steers_nothing_either() {
    let desk = desk();
    let name = "a\u{1B}[31m\u{202E}txt.\u{9B}exe\nb";
    fs::write(desk.path(name), "He denied it.").unwrap();
    let argument = format!("@{name}");
    let tagged = desk.run(&[
        "tag",
        &argument,
        "--creator",
        "Ana",
        "--quote",
        "denied",
        "--as",
        "denial",
    ]);
    assert_eq!(tagged.exit, Exit::Done, "{}", tagged.err);
    let gone = desk.run(&["list", &format!("@gone{name}")]);
    assert_eq!(gone.exit, Exit::Failed);
    for said in [tagged.out, gone.err, desk.run(&["check", &argument]).err] {
        let is_harmless = |c: char| !c.is_control() && c != '\u{202E}';
        let line = said.trim_end_matches('\n');
        assert!(line.chars().all(is_harmless), "{said:?}");
    }
    let shown = "a\\u{1b}[31m\\u{202e}txt.\\u{9b}exe\\nb";
    assert!(
        desk.run(&["check", &argument, "@gone"])
            .out
            .contains("gone")
    );
    let again = desk.run(&["list", &format!("@gone{name}")]).err;
    assert!(again.contains(shown), "{again}");
}

#[test]
fn nothing_steers_the_terminal_through_json() {
    let desk = desk();
    let nasty = "x\rpaid\u{9B}31m\u{85}\u{202E}drow\u{2066}\u{7F}\u{E0041}y";
    fs::write(desk.path("a.txt"), format!("He {nasty} denied it.\n")).unwrap();
    desk.tag(&[
        "--quote",
        &format!("He {nasty} denied"),
        "--as",
        "denial",
        "--note",
        nasty,
    ]);
    fs::copy(
        desk.path("a.txt.annotations.ron"),
        desk.path("b.txt.annotations.ron"),
    )
    .unwrap();
    fs::copy(desk.path("a.txt"), desk.path("b.txt")).unwrap();
    let (quote, note) = (format!("He {nasty} denied"), format!("{nasty} and more"));
    for command in [
        &["list", "@a.txt", "--json"][..],
        &["agree", "@a.txt", "@b.txt", "--json", "--no-gamma"],
        &[
            "edit", "@b.txt", "--quote", &quote, "--note", &note, "--json",
        ],
        &["agree", "--key", "@a.txt", "@b.txt"],
        &["agree", "--key", "@a.txt", "@b.txt", "--json"],
        &["agree", "--key", "@a.txt", "@b.txt", "--csv=disagreements"],
        &["diff", "@a.txt", "@b.txt", "--json"],
        &["settle", "@a.txt", "@b.txt", "-o", "@s.ron", "--json"],
        &["list", "@a.txt", "--csv"],
        &["list", "@a.txt"],
    ] {
        let all = desk.run_joined(command).1.replace("\r\n", "\n");
        assert_eq!(all.chars().find(steers), None, "{command:?}: {all:?}");
    }
    assert_eq!(desk.list(&[])[0]["note"], nasty);
}

#[test]
fn a_spreadsheet_carries_nothing_out() {
    let desk = desk();
    desk.tag(&[
        "--quote",
        "ministry",
        "--as",
        "denial",
        "--note",
        "=HYPERLINK(\"http://x\",\"y\")",
        "--speaker",
        "+SUM(A1)\u{202E}",
    ]);
    let safe = desk.run(&["list", "@a.txt", "--csv"]);
    assert_eq!(safe.exit, Exit::Done);
    let lines: Vec<&str> = safe.out.split("\r\n").collect();
    assert!(
        lines[0].starts_with("\"id\",\"place\",\"start\""),
        "{}",
        lines[0]
    );
    assert!(
        lines[1]
            .contains("\"Denial\",\"'+SUM(A1)[RLO]\",\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
        "{}",
        lines[1]
    );
    assert_eq!(lines[2..], [""]);
    let raw = desk.run(&["list", "@a.txt", "--csv", "--raw"]).out;
    assert!(raw.contains("\"+SUM(A1)\u{202E}\",\"=HYPERLINK("), "{raw}");
    assert_eq!(desk.run(&["list", "@a.txt", "--raw"]).exit, Exit::Usage);
}

#[test]
fn a_file_of_nuls_is_not_called_empty() {
    let desk = desk();
    fs::write(desk.path("a.txt.annotations.ron"), vec![0; 5_000]).unwrap();
    let (_, told) = desk.run_joined(&["check", "@a.txt"]);
    assert!(told.contains("nothing but 5000 NUL bytes"), "{told}");
}
