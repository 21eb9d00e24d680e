//! The commands from one file to the next: merge, compare, settle; and a folder as a collection.

use super::{TEXT, begun, two, word};
use crate::support::desk::Desk;
use sourcemark::{
    annotation::Collection,
    cli::Exit,
    edit::Edit,
    format::ron::{WriteOptions, read_collection, write_collection},
    merge::three_way,
    text::TextRange,
};
use std::fs;

#[test]
fn files_are_merged_compared_and_settled_on_the_command_line() {
    let (base, id) = begun();
    let (mut ana, mut ben) = two(&base);
    ana.does(Edit::SetNote {
        id,
        note: "It was denied in May.".to_owned(),
    });
    ben.does(Edit::SetNote {
        id,
        note: "It was denied twice.".to_owned(),
    });
    ben.does(Edit::Retag {
        ids: vec![id],
        tag: word("denial"),
        give: false,
    });
    ben.does(Edit::Retag {
        ids: vec![id],
        tag: word("allegation"),
        give: true,
    });
    let at = TEXT.find("the firm").unwrap();
    let range = TextRange::from_bytes(at..at + "the firm denied it again, they".len());
    ben.does(Edit::Retarget {
        id,
        segment: 0,
        range,
    });
    let desk = Desk::new();
    desk.put("base.txt", TEXT, &base);
    desk.put("ana.txt", TEXT, ana.set());
    desk.put("ben.txt", TEXT, ben.set());
    let (exit, said) = desk.run_joined(&["diff", "@base.txt", "@ben.txt"]);
    assert_eq!(exit, Exit::Differences);
    assert_eq!(
        said,
        "“the firm denied it again, they”: changed the tag from Denial to Allegation; \
         changed the note: “It was denied [-before-] {+twice+} .”; \
         moved its end forward by two words: {+again, they+}\n"
    );
    let (_, said) = desk.run_joined(&["diff", "@base.txt", "@ben.txt", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(json[0]["id"], id.to_string());
    assert_eq!(json[0]["fields"][0]["after"], "It was denied twice.");
    assert_eq!(
        desk.run_joined(&["diff", "@base.txt", "@base.txt"]),
        (Exit::Done, "sourcemark: no differences\n".to_owned())
    );
    let merge = [
        "merge",
        "@base.txt",
        "@ana.txt",
        "@ben.txt",
        "-o",
        "@out.annotations.ron",
    ];
    let (exit, said) = desk.run_joined(&merge);
    assert_eq!(exit, Exit::Differences, "{said}");
    assert!(
        said.contains("    ours (ana.txt): “It was denied in May.”\n"),
        "{said}"
    );
    assert!(said.contains("1 conflict to settle"), "{said}");
    let first = desk.set("out.annotations.ron");
    assert_eq!(
        desk.run(&merge).exit,
        Exit::Differences,
        "over its own outcome"
    );
    assert_eq!(desk.set("out.annotations.ron"), first);
    let (exit, said) =
        desk.run_joined(&["conflicts", "@out.annotations.ron", "zz", "--take", "ours"]);
    assert!(
        exit == Exit::Failed && said.contains("no conflict has an id"),
        "{said}"
    );
    let (exit, said) =
        desk.run_joined(&["conflicts", "@out.annotations.ron", "--all", "--take", "me"]);
    assert!(exit == Exit::Usage && said.contains("  ben.txt"), "{said}");
    let settle = [
        "conflicts",
        "@out.annotations.ron",
        "--all",
        "--take",
        "ben.txt",
    ];
    assert_eq!(
        desk.run_joined(&settle),
        (Exit::Done, "1 settled, 0 left\n".to_owned())
    );
    assert_eq!(
        desk.set("out.annotations.ron").annotations[&id].note,
        "It was denied twice."
    );
    let (exit, said) = desk.run_joined(&["tombstones", "@out.annotations.ron"]);
    assert!(
        exit == Exit::Done && said.contains("2026-03-01T12:00:00Z conflict"),
        "{said}"
    );
    let clear = [
        "tombstones",
        "@out.annotations.ron",
        "--clear-before",
        "2026-03-02",
    ];
    assert_eq!(
        desk.run_joined(&clear),
        (Exit::Done, "1 forgotten, 0 left\n".to_owned())
    );
    let written = fs::read_to_string(desk.path("out.annotations.ron")).unwrap();
    assert!(written.contains("version: (1, 0)"), "a file of 1.0 again");
    let (exit, said) =
        desk.run_joined(&["merge", "@ana.txt", "@ben.txt", "-o", "@x.annotations.ron"]);
    assert!(
        exit == Exit::Usage && said.contains("needs three files"),
        "{said}"
    );
}

#[test]
fn a_folder_is_a_collection() {
    let (base, _) = begun();
    let (mut ana, mut ben) = two(&base);
    let mut tag = (*base.tags[&word("denial")]).clone();
    tag.guideline = "When somebody says no.".to_owned();
    ana.does(Edit::DefineTag(tag));
    ben.marks("An expert", "expert-opinion");
    let desk = Desk::new();
    desk.put("a.txt", TEXT, ana.set());
    desk.put("b.txt", TEXT, ben.set());
    let make = [
        "collection",
        "@",
        "-o",
        "@collection.ron",
        "--name",
        "Two articles",
    ];
    let (exit, said) = desk.run_joined(&make);
    assert_eq!(exit, Exit::Differences, "two guidelines: {said}");
    let read = |desk: &Desk| -> Collection {
        let text = fs::read_to_string(desk.path("collection.ron")).unwrap();
        let read = read_collection(&text).unwrap();
        assert_eq!(
            write_collection(&read.collection, WriteOptions::default()),
            text
        );
        read.collection
    };
    let collection = read(&desk);
    let paths: Vec<&str> = collection
        .articles
        .keys()
        .map(|path| path.as_str())
        .collect();
    assert_eq!(
        (collection.name.as_str(), paths),
        ("Two articles", vec!["a.txt", "b.txt"])
    );
    assert_eq!(
        (collection.agents.len(), collection.conflicts.len()),
        (2, 1)
    );
    let (exit, said) = desk.run_joined(&["check", "@collection.ron"]);
    assert!(
        exit == Exit::Differences && said.contains("the sides differ in `guideline`"),
        "{said}"
    );
    let settle = [
        "conflicts",
        "@collection.ron",
        "--all",
        "--take",
        "a.txt.annotations.ron",
    ];
    assert_eq!(desk.run(&settle).exit, Exit::Done);
    let settled = read(&desk);
    assert_eq!(
        settled.tags[&word("denial")].guideline,
        "When somebody says no."
    );
    // Made anew, it asks nothing that was answered.
    let (exit, said) = desk.run_joined(&make);
    assert!(
        said.contains("renaming one article in two ways"),
        "both files have one mark: {said}"
    );
    assert_eq!((exit, read(&desk)), (Exit::Differences, settled.clone()));
    fs::remove_file(desk.path("b.txt.annotations.ron")).unwrap();
    let (exit, said) = desk.run_joined(&["check", "@collection.ron"]);
    assert!(
        exit == Exit::Differences && said.contains("`b.txt`: "),
        "{said}"
    );
    // Collections are merged by the same code.
    let mut other = settled.clone();
    other.name = "Both articles".to_owned();
    let path = sourcemark::annotation::ArticlePath::parse("a.txt").unwrap();
    other.articles.remove(&path);
    let merged = three_way(&settled, ("x", &settled), ("y", &other), &[]);
    assert_eq!(merged.set, other);
}
