//! `check`, `fmt` and `salvage`: what they find in annotation files, and what they leave as it is.

use super::{ARTICLE, OnArticle as _, desk};
#[cfg(unix)]
use crate::support::machine::without_root_rights;
use sourcemark::{cli::Exit, files::annotations_beside};
use std::fs;

#[test]
fn check_says_what_is_wrong_and_where() {
    let desk = desk();
    desk.tag(&["--quote", "We never built a back door", "--as", "denial"]);
    desk.tag(&["--quote", "The ministry insists", "--as", "allegation"]);
    let written = desk.annotations().unwrap();
    let line_of = |fragment: &str| {
        let at = written.find(fragment).unwrap();
        written.get(..at).unwrap().matches('\n').count() + 1
    };
    let ids = desk.list(&[]);
    let id = |n: usize| ids[n]["id"].as_str().unwrap().to_owned();

    let moved = ARTICLE
        .replace("# Back", "# About back")
        .replace("The ministry", "The company");
    fs::write(desk.path("a.txt"), moved).unwrap();
    let said = desk.run(&["check", "@a.txt"]);
    assert_eq!(said.exit, Exit::Differences);
    let file = "a.txt.annotations.ron";
    let lines: Vec<&str> = said.out.lines().collect();
    let starts = [
        format!(
            "{file}:{}:5: the article `a.txt` has changed since it was annotated",
            line_of("hash:")
        ),
        format!(
            "{file}:{}:7: the passage moved from code point 16 to 3:2: `We never",
            line_of(&format!("id: \"{}\"", id(0)))
        ),
        format!(
            "{file}:{}:7: the passage changed; it may be the one at 5:1: `The ministry",
            line_of(&format!("id: \"{}\"", id(1)))
        ),
    ];
    assert_eq!(lines.len(), starts.len(), "{}", said.out);
    for (line, start) in lines.iter().zip(&starts) {
        assert!(line.starts_with(start), "{line}\n{start}");
    }

    let path = annotations_beside(&desk.path("a.txt"));
    fs::write(desk.path("a.txt"), ARTICLE).unwrap();
    let edited = written.replace("name: \"Denial\"", "name: \"Dementi\"");
    fs::write(&path, &edited).unwrap();
    let said = desk.run(&["check", "@a.txt.annotations.ron"]);
    assert_eq!(said.exit, Exit::Differences);
    assert!(
        said.out.contains("changed after Sourcemark wrote it"),
        "{}",
        said.out
    );

    fs::write(&path, edited.replace("tags: [", "tags: [,")).unwrap();
    let said = desk.run(&["check", "@a.txt"]);
    assert_eq!(said.exit, Exit::Failed);
    assert!(
        said.out
            .starts_with(&format!("{file}:{}:", line_of("tags: ["))),
        "{}",
        said.out
    );
    let gone = desk.run(&["check", "@b.txt", "@a.txt"]);
    assert_eq!(gone.exit, Exit::Failed);
    assert!(
        gone.out.starts_with("b.txt.annotations.ron:1:1: "),
        "{}",
        gone.out
    );
}

#[test]
fn check_tells_names_that_look_alike() {
    let desk = desk();
    desk.tag(&["--quote", "ministry", "--as", "denial", "--speaker", "Ana"]);
    desk.tag(&[
        "--quote",
        "insists",
        "--as",
        "denial",
        "--speaker",
        "\u{410}na",
    ]);
    let path = annotations_beside(&desk.path("a.txt"));
    let written = desk.annotations().unwrap();
    fs::write(
        &path,
        written.replace("name: \"Precedent\"", "name: \"Deni\u{430}l\""),
    )
    .unwrap();
    let said = desk.run(&["check", "@a.txt"]);
    assert_eq!(said.exit, Exit::Differences);
    for expected in [
        "`Denial` and `Deni\u{430}l` look alike but are two tags",
        "`Ana` and `\u{410}na` look alike but are two speakers",
        "“Deni\u{430}l” mixes Latin and Cyrillic letters: \u{430} is Cyrillic U+0430",
    ] {
        assert!(said.out.contains(expected), "{expected}\n{}", said.out);
    }
}

#[test]
fn fmt_writes_what_a_hand_has_changed() {
    let desk = desk();
    desk.tag(&["--quote", "ministry", "--as", "denial"]);
    let canonical = desk.annotations().unwrap();
    assert_eq!(desk.run(&["fmt", "--check", "@a.txt"]).exit, Exit::Done);
    let path = annotations_beside(&desk.path("a.txt"));
    // Another version of the program is no difference; a blank line is.
    let body = canonical.split("// end").next().unwrap();
    let by_hand = format!("\n{body}");
    fs::write(&path, &by_hand).unwrap();
    let said = desk.run(&["fmt", "--check", "@a.txt"]);
    assert_eq!(
        (said.exit, said.out.as_str()),
        (Exit::Differences, "a.txt.annotations.ron\n")
    );
    assert_eq!(desk.annotations().unwrap(), by_hand);
    assert_eq!(desk.run(&["fmt", "@a.txt"]).exit, Exit::Done);
    assert_eq!(desk.annotations().unwrap(), canonical);
}

#[test]
fn a_damaged_file_is_salvaged_into_a_copy() {
    let desk = desk();
    desk.tag(&["--quote", "said Ann Smith", "--as", "denial"]);
    let path = annotations_beside(&desk.path("a.txt"));
    let damaged = desk.annotations().unwrap().replacen("#0072b2", "blue", 1);
    fs::write(&path, &damaged).unwrap();

    let said = desk.run(&["check", "@a.txt"]);
    assert_eq!(said.exit, Exit::Failed);
    assert!(
        said.err.contains("`sourcemark salvage FILE -o COPY`"),
        "{}",
        said.err
    );

    let said = desk.run(&["salvage", "@a.txt"]);
    assert_eq!(said.exit, Exit::Differences);
    assert!(
        said.out
            .contains("the field `colour` of tag denial could not be read: expected a colour"),
        "{}",
        said.out
    );
    assert_eq!(
        said.err,
        "sourcemark: 1 annotation can be recovered, 1 problem; -o COPY writes a copy\n"
    );

    // Neither the damaged file nor any other is written over.
    for there in ["@a.txt", "@a.txt.annotations.ron"] {
        let said = desk.run(&["salvage", "@a.txt", "-o", there]);
        assert_eq!(said.exit, Exit::Failed, "{}", said.out);
        assert!(
            said.err.contains("a file of this name has appeared"),
            "{}",
            said.err
        );
    }
    assert_eq!(desk.annotations().unwrap(), damaged);

    let said = desk.run(&["salvage", "@a.txt", "-o", "@copy.ron"]);
    assert_eq!(said.exit, Exit::Differences);
    assert_eq!(
        said.err,
        "sourcemark: 1 annotation written, 1 problem: `copy.ron`\n"
    );
    let said = desk.run(&["check", "@copy.ron"]);
    assert_eq!(
        (said.exit, said.out.as_str()),
        (Exit::Done, ""),
        "{}",
        said.err
    );
    let said = desk.run(&["salvage", "@copy.ron"]);
    assert_eq!(said.exit, Exit::Done);
    assert!(said.err.contains("nothing lost"), "{}", said.err);
}

#[test]
fn what_cannot_be_read_is_never_written_over() {
    let desk = desk();
    desk.tag(&["--quote", "ministry", "--as", "denial"]);
    let good = desk.annotations().unwrap();
    let cut = good.get(..good.len() / 2).unwrap().to_owned();
    let newer = good.replace("version: (1, 0)", "version: (2, 0)");
    for (content, reads) in [(cut, false), (String::new(), false), (newer, true)] {
        let path = annotations_beside(&desk.path("a.txt"));
        fs::write(&path, &content).unwrap();
        for command in [
            &[
                "tag",
                "@a.txt",
                "--creator",
                "Ana",
                "--quote",
                "Ann",
                "--as",
                "denial",
            ][..],
            &["untag", "@a.txt", "--quote", "ministry"],
            &["fmt", "@a.txt"],
        ] {
            let said = desk.run(command);
            assert_eq!(said.exit, Exit::Failed, "{command:?}: {}", said.err);
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
        }
        let listed = desk.run(&["list", "@a.txt"]);
        assert_eq!(listed.exit == Exit::Done, reads, "{}", listed.err);
    }
}

#[test]
fn an_annotation_file_alone_can_be_listed() {
    let desk = desk();
    desk.tag(&["--quote", "ministry", "--as", "denial"]);
    fs::remove_file(desk.path("a.txt")).unwrap();
    let said = desk.run(&["list", "@a.txt.annotations.ron"]);
    assert!(
        said.out.starts_with("-  Denial  -  ministry  -  orphan  "),
        "{}",
        said.out
    );
    assert!(said.err.contains("is not beside"), "{}", said.err);
    assert_eq!(
        desk.run(&["check", "@a.txt.annotations.ron"]).exit,
        Exit::Done
    );
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_listed_is_not_called_empty() {
    use std::os::unix::fs::PermissionsExt;
    let desk = desk();
    desk.tag(&["--quote", "ministry", "--as", "denial"]);
    let inner = desk.path("inner");
    fs::create_dir(&inner).unwrap();
    fs::set_permissions(&inner, fs::Permissions::from_mode(0o300)).unwrap();
    let name = "cli::checking::a_folder_that_cannot_be_listed_is_not_called_empty";
    without_root_rights(name, fs::read_dir(&inner).is_err(), || {
        let denied = "permission denied in the folder `inner`; ";
        for command in [
            &["check", "@inner"][..],
            &["check", "@"],
            &["collection", "@inner", "-o", "@c.ron"],
            &["settle", "@inner", "-o", "@agreed.ron"],
        ] {
            let (exit, all) = desk.run_joined(command);
            assert_eq!(exit, Exit::Failed, "{command:?}: {all}");
            assert!(all.contains(denied), "{command:?}: {all}");
        }
    });
    fs::set_permissions(&inner, fs::Permissions::from_mode(0o700)).unwrap();
    let said = desk.run(&["check", "@inner"]);
    assert!(said.out.contains("no annotation file"), "{}", said.out);
}
