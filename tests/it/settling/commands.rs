//! The command: two annotators of five articles, answers one by one and from a table, and what is refused.

use super::{Annotator, TEXT};
use crate::support::{desk::Desk, sets::CountingIds};
use sourcemark::cli::Exit;
use std::fs;

/// The text of article `n`: eight sentences.
fn article(n: usize) -> String {
    let sentences = (0..8).map(|k| format!("In {n}{k} the firm denied claim {k} again, they say."));
    sentences.collect::<Vec<_>>().join("\n")
}

/// Two annotators of five articles who differ in 31 places.
fn five_articles() -> Desk {
    let desk = Desk::new();
    let mut n_places = 0;
    for n in 0..5 {
        let (text, name) = (article(n), format!("{n}.txt"));
        let mut ana = Annotator::on(&text, &name, 2, "Ana");
        let mut ben = Annotator::on(&text, &name, 3, "Ben");
        // Marks of different articles are different ones.
        ana.ids = CountingIds((2 << 20) + (n as u128) * 1_000);
        ben.ids = CountingIds((3 << 20) + (n as u128) * 1_000);
        for k in 0..8 {
            let quote = |to: &str| format!("{n}{k} the firm denied claim {k}{to}");
            let kind = if n == 4 && k < 2 { 0 } else { (n * 8 + k) % 5 };
            n_places += usize::from(kind != 0 || n == 0 && k == 0);
            match kind {
                0 if !(n == 0 && k == 0) => {
                    ana.marks(&quote(""), "denial");
                    ben.marks(&quote(""), "denial");
                }
                1 => {
                    ana.marks(&quote(""), "denial");
                    ben.marks(&quote(" again"), "denial");
                }
                2 => {
                    ana.marks(&quote(""), "denial");
                    ben.marks(&quote(""), "allegation");
                }
                3 => {
                    ana.marks(&quote(""), "denial");
                }
                4 => {
                    ana.says(&quote(""), "denial", "One.", Some("The firm"));
                    ben.says(&quote(""), "denial", "Two.", Some("The firm"));
                }
                _ => {
                    ben.marks(&quote(""), "denial");
                }
            }
        }
        desk.put(&format!("ana/{name}"), &text, ana.set());
        desk.put(&format!("ben/{name}"), &text, ben.set());
    }
    assert_eq!(n_places, 31);
    desk
}

#[test]
fn five_articles_are_settled_with_one_command() {
    let desk = five_articles();
    let (exit, said) = desk.run_joined(&[
        "settle",
        "@ana",
        "@ben",
        "-o",
        "@agreed",
        "--creator",
        "Chitra",
        "--edges",
        "longer",
        "--tags",
        "a",
        "--only",
        "keep",
        "--details",
        "both",
        "--reason",
        "Agreed on Monday",
    ]);
    assert_eq!(exit, Exit::Done, "{said}");
    assert!(
        said.contains(
            "5 articles: 9 marks are the same, 31 differences: 31 settled now, 0 before, 0 open"
        ),
        "{said}"
    );
    assert_eq!(desk.n_commands(), 1);
    let mut n_decisions = 0;
    for n in 0..5 {
        let set = desk.set(&format!("agreed/{n}.txt.annotations.ron"));
        assert_eq!(set.annotations.len(), 8, "{n}");
        assert!(set.speakers.len() <= 1);
        n_decisions += set.decisions.len();
        for decision in set.decisions.values() {
            assert_eq!(set.agents[&decision.who.unwrap()].name, "Chitra");
            assert_eq!(decision.reason, "Agreed on Monday");
        }
    }
    assert_eq!(n_decisions, 31);
    // Once more: nothing is asked and nothing is written.
    let before = fs::read(desk.path("agreed/0.txt.annotations.ron")).unwrap();
    let (exit, said) = desk.run_joined(&["settle", "@ana", "@ben", "-o", "@agreed"]);
    assert_eq!(exit, Exit::Done);
    assert!(
        said.contains("31 differences: 0 settled now, 31 before, 0 open"),
        "{said}"
    );
    assert_eq!(
        fs::read(desk.path("agreed/0.txt.annotations.ron")).unwrap(),
        before
    );
    let files: Vec<String> = (0..5)
        .map(|n| format!("@agreed/{n}.txt.annotations.ron"))
        .collect();
    let mut args = vec!["check"];
    args.extend(files.iter().map(String::as_str));
    for n in 0..5 {
        fs::copy(
            desk.path(&format!("ana/{n}.txt")),
            desk.path(&format!("agreed/{n}.txt")),
        )
        .unwrap();
    }
    let (exit, said) = desk.run_joined(&args);
    assert_eq!(exit, Exit::Done, "{said}");
}

/// `agree` prints the ids of marks, and each is in one difference at most.
#[test]
fn a_difference_is_settled_by_the_id_of_its_mark() {
    let desk = five_articles();
    let (_, said) = desk.run_joined(&["agree", "@ana", "@ben", "--json"]);
    let found: serde_json::Value = serde_json::from_str(&said).unwrap();
    let found = found["disagreements"].as_array().unwrap();
    let edges = found.iter().find(|it| it["difference"] == "edges").unwrap();
    let id = |side: &str| edges[side]["id"].as_str().unwrap().to_owned();
    for (n, id) in [id("a"), id("b")].iter().enumerate() {
        let agreed = format!("@agreed {n}/");
        let args = [
            "settle",
            "@ana",
            "@ben",
            "-o",
            &agreed,
            "--creator",
            "Chitra",
            "--take",
            "b",
            id,
        ];
        let (exit, said) = desk.run_joined(&args);
        assert_eq!(exit, Exit::Differences, "{said}");
        assert!(said.contains("31 differences: 1 settled now"), "{said}");
        let quote = edges["b"]["quote"].as_str().unwrap();
        let article = edges["article"].as_str().unwrap();
        let set = desk.set(&format!("agreed {n}/{article}.annotations.ron"));
        assert!(set.annotations.values().any(|mark| mark.quote() == quote));
    }
    let args = [
        "settle",
        "@ana",
        "@ben",
        "-o",
        "@none/",
        "--creator",
        "Chitra",
        "--take",
        "b",
        "ffff",
    ];
    let (exit, said) = desk.run_joined(&args);
    assert_eq!(exit, Exit::Failed);
    assert!(
        said.contains("no difference or mark has an id that begins with `ffff`"),
        "{said}"
    );
}

#[test]
fn a_table_is_filled_in() {
    let desk = five_articles();
    let (exit, said) = desk.run_joined(&[
        "settle",
        "@ana",
        "@ben",
        "-o",
        "@agreed",
        "--write-answers",
        "@open.csv",
    ]);
    assert_eq!(exit, Exit::Differences, "{said}");
    let table = fs::read_to_string(desk.path("open.csv")).unwrap();
    assert_eq!(table.lines().count(), 32);
    let filled: String = table
        .lines()
        .enumerate()
        .map(|(n, line)| match n {
            0 => format!("{line}\r\n"),
            1 => format!("{line}\r\n"),
            n => format!(
                "\"{}\",\"row {n}\",{}\r\n",
                ["a", "Ben", "both", "neither"][n % 4],
                &line["\"\",\"\",".len()..]
            ),
        })
        .collect();
    fs::write(desk.path("open.csv"), filled.replace(',', ";")).unwrap();
    let (exit, said) = desk.run_joined(&[
        "settle",
        "@ana",
        "@ben",
        "-o",
        "@agreed",
        "--answers",
        "@open.csv",
        "--creator",
        "Chitra",
    ]);
    assert_eq!(exit, Exit::Differences, "{said}");
    assert!(
        said.contains("31 differences: 30 settled now, 0 before, 1 open"),
        "{said}"
    );
    assert_eq!(desk.n_commands(), 2);
    // A table that is there is not written over: somebody may have filled it in.
    let (exit, said) = desk.run_joined(&[
        "settle",
        "@ana",
        "@ben",
        "-o",
        "@agreed",
        "--write-answers",
        "@open.csv",
    ]);
    assert_eq!(exit, Exit::Failed, "{said}");
}

/// Ana and Ben on one article, in two files.
fn two_files() -> Desk {
    let desk = Desk::new();
    let (mut ana, mut ben) = (Annotator::new(2, "Ana"), Annotator::new(3, "Ben"));
    ana.marks("the firm denied it", "denial");
    ben.marks("On Monday the firm denied it again", "denial");
    ana.marks("An expert called it unlikely", "expert-opinion");
    ben.marks("An expert called it unlikely", "allegation");
    ben.marks("nobody was asked", "allegation");
    desk.put("ana/a.txt", TEXT, ana.set());
    desk.put("ben/a.txt", TEXT, ben.set());
    desk
}

const BOTH: [&str; 5] = ["settle", "@ana/a.txt", "@ben/a.txt", "-o", "@agreed.ron"];

#[test]
fn differences_are_listed_with_their_words() {
    let desk = two_files();
    let (exit, said) = desk.run_joined(&BOTH);
    assert_eq!(exit, Exit::Differences);
    let lines: Vec<&str> = said.lines().collect();
    let words: Vec<&str> = lines.iter().filter_map(|line| line.get(10..)).collect();
    assert_eq!(
        words[..3],
        [
            "a.txt:1:1   edges  Denial: b Ben: “On Monday the firm denied it again”; a Ana: begins without “On Monday” and ends without “again”",
            "a.txt:1:47  tags   “An expert called it unlikely”: b Ben: Allegation; a Ana: Expert opinion",
            "a.txt:2:23  only   only b Ben: Allegation “nobody was asked”",
        ]
    );
    assert_eq!(
        lines.last(),
        Some(&"1 article: 0 marks are the same, 3 differences: 0 settled now, 0 before, 3 open")
    );
    // The same ids in the other order.
    let turned = ["settle", "@ben/a.txt", "@ana/a.txt", "-o", "@other.ron"];
    let (_, other) = desk.run_joined(&turned);
    let ids = |said: &str| -> Vec<String> {
        said.lines()
            .take(3)
            .map(|line| line[..8].to_owned())
            .collect()
    };
    assert_eq!(ids(&said), ids(&other));
}

#[test]
fn one_difference_is_settled_and_remembered() {
    let desk = two_files();
    let (_, said) = desk.run_joined(&BOTH);
    let id = said[..8].to_owned();
    let take = [
        "--take",
        "a",
        &id,
        "--reason",
        "The day is no part of it",
        "--creator",
        "Chitra",
    ];
    let (exit, dry) = desk.run_joined(&[&BOTH[..], &take, &["--dry-run"]].concat());
    assert_eq!(exit, Exit::Differences);
    assert!(
        dry.contains("1 settled now") && dry.contains("nothing was written"),
        "{dry}"
    );
    assert!(desk.set("agreed.ron").decisions.is_empty());
    let (exit, said) = desk.run_joined(&[&BOTH[..], &take].concat());
    assert_eq!(exit, Exit::Differences);
    assert!(
        said.contains("— took a Ana, said Chitra: The day is no part of it"),
        "{said}"
    );
    let (_, said) = desk.run_joined(&BOTH);
    assert!(
        !said.contains("The day is no part of it") && said.contains("1 before, 2 open"),
        "{said}"
    );
    let (_, said) = desk.run_joined(&[&BOTH[..], &["--all"]].concat());
    assert!(said.contains("The day is no part of it"), "{said}");
    let (_, json) = desk.run_joined(&[&BOTH[..], &["--json", "--all"]].concat());
    let json = json.split("\nsourcemark: ").next().unwrap();
    let rows: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(
        (&rows[0]["state"], &rows[1]["state"]),
        (&"settled".into(), &"open".into())
    );
    assert_eq!(
        (&rows[0]["who"], &rows[0]["marks"][1]["taken"]),
        (&"Chitra".into(), &true.into())
    );
    // Lines of a text do as well.
    let (_, said) = desk.run_joined(&BOTH);
    let open: Vec<&str> = said.lines().take(2).map(|line| &line[..8]).collect();
    fs::write(
        desk.path("said.txt"),
        format!(
            "# Tuesday\nBen {} on the phone\n\nneither {}\na 00000000 gone\n",
            open[0], open[1]
        ),
    )
    .unwrap();
    let answers = ["--answers", "@said.txt", "--creator", "Chitra"];
    let (exit, said) = desk.run_joined(&[&BOTH[..], &answers].concat());
    assert_eq!(exit, Exit::Done, "{said}");
    assert!(
        said.contains("on the phone") && said.contains("took none"),
        "{said}"
    );
    assert!(said.contains("line 5 was skipped"), "{said}");
    let set = desk.set("agreed.ron");
    assert_eq!((set.annotations.len(), set.decisions.len()), (2, 3));
}

#[test]
fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let desk = two_files();
    let (_, said) = desk.run_joined(&BOTH);
    let id = said[..8].to_owned();
    let before = fs::read(desk.path("agreed.ron")).unwrap();
    let ana = fs::read(desk.path("ana/a.txt.annotations.ron")).unwrap();
    fs::write(desk.path("bad.csv"), "answer,id\na,\n").unwrap();
    fs::write(desk.path("open.csv"), "answer,id\n\"a,\n").unwrap();
    fs::write(desk.path("word.txt"), "a\n").unwrap();
    fs::write(desk.path("zero.txt"), format!("zero {id}\n")).unwrap();
    fs::write(desk.path("nul.csv"), vec![0; 1_000]).unwrap();
    for (more, exit, fragment) in [
        (&["--take", "a", &id][..], Exit::Usage, "--creator"),
        (
            &["--take", "zero", &id, "--creator", "C"],
            Exit::Usage,
            "a Ana",
        ),
        (
            &["--take", "9", &id, "--creator", "C"],
            Exit::Usage,
            "it has 2 marks",
        ),
        (
            &["--take", "agreed", &id, "--creator", "C"],
            Exit::Usage,
            "has no `agreed`",
        ),
        (
            &["--take", "a", "0000", "--creator", "C"],
            Exit::Failed,
            "no difference or mark has an id",
        ),
        (
            &["--take", "a", "", "--creator", "C"],
            Exit::Failed,
            "the ids of 3 differences",
        ),
        (
            &["--edges", "nobody", "--creator", "C"],
            Exit::Usage,
            "unknown answer",
        ),
        (
            &["--answers", "@none.csv", "--creator", "C"],
            Exit::Failed,
            "none.csv",
        ),
        (
            &["--answers", "@bad.csv", "--creator", "C"],
            Exit::Failed,
            "line 2 is not an answer",
        ),
        (
            &["--answers", "@open.csv", "--creator", "C"],
            Exit::Failed,
            "not closed",
        ),
        (
            &["--answers", "@word.txt", "--creator", "C"],
            Exit::Failed,
            "line 1 is not an answer",
        ),
        (
            &["--answers", "@zero.txt", "--creator", "C"],
            Exit::Failed,
            "line 1 is not an answer",
        ),
        (
            &["--answers", "@nul.csv", "--creator", "C"],
            Exit::Failed,
            "nul.csv",
        ),
    ] {
        let (found, said) = desk.run_joined(&[&BOTH[..], more].concat());
        assert_eq!(found, exit, "{more:?}: {said}");
        assert!(said.contains(fragment), "{more:?}: {said}");
        assert_eq!(
            fs::read(desk.path("agreed.ron")).unwrap(),
            before,
            "{more:?}"
        );
    }
    for (args, exit, fragment) in [
        (
            &["@ana/a.txt", "-o", "@x.ron"][..],
            Exit::Usage,
            "no article has files of two",
        ),
        (
            &["@ana", "@ana/a.txt", "-o", "@x.ron"],
            Exit::Usage,
            "no article has files of two",
        ),
        (
            &["@ana", "@ben", "-o", "@x.txt"],
            Exit::Usage,
            "must end with `.ron`",
        ),
        (
            &["@ana", "@ben", "-o", "@ana/a.txt.annotations.ron"],
            Exit::Usage,
            "annotator's own",
        ),
        (
            &["@ana", "@ben", "-o", "@ana"],
            Exit::Usage,
            "annotator's own",
        ),
        (&["@ana", "@none", "-o", "@x.ron"], Exit::Failed, "none"),
        (&["@ana", "@ben", "-o", "@ana/a.txt"], Exit::Failed, "a.txt"),
    ] {
        let (found, said) = desk.run_joined(&[&["settle"], args].concat());
        assert_eq!(found, exit, "{args:?}: {said}");
        assert!(said.contains(fragment), "{args:?}: {said}");
    }
    assert_eq!(
        fs::read(desk.path("ana/a.txt.annotations.ron")).unwrap(),
        ana
    );
}

#[test]
fn another_wording_is_refused() {
    let desk = two_files();
    let other = TEXT.replace("Monday", "Tuesday");
    let mut dora = Annotator::on(&other, "a.txt", 4, "Dora");
    dora.marks("the firm denied it", "denial");
    desk.put("dora/a.txt", &other, dora.set());
    let (exit, said) = desk.run_joined(&["settle", "@ana", "@ben", "@dora", "-o", "@agreed.ron"]);
    assert_eq!(exit, Exit::Failed);
    assert!(
        said.contains("different editions") && said.contains("reanchor"),
        "{said}"
    );
}
