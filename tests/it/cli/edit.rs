//! `edit`: what it changes, what it says, and what it refuses.

use super::{OnArticle as _, check_refused};
use crate::support::desk::Desk;
use sourcemark::cli::Exit;

/// A desk with two marks of Ana's, and their ids.
fn two_marks() -> (Desk, String, String) {
    let desk = super::desk();
    let id = |line: String| line.split(' ').next().unwrap().to_owned();
    let ends = ["“We never built a back door,”", "“and we never will.”"];
    let mut args: Vec<&str> = ends.iter().flat_map(|quote| ["--quote", quote]).collect();
    args.extend(["--as", "denial"]);
    let first = id(desk.tag(&args));
    let second = id(desk.tag(&["--quote", "insists on a back door", "--as", "allegation"]));
    (desk, first, second)
}

/// Edits the second mark, and looks at what is said of it.
#[track_caller]
fn check(args: &[&str], said: &str) {
    let (desk, _, id) = two_marks();
    let all = [&["edit", "@a.txt", &id], args].concat();
    let found = desk.run(&all);
    assert_eq!(
        (found.exit, found.err.as_str()),
        (Exit::Done, ""),
        "{args:?}"
    );
    assert_eq!(found.out, said, "{args:?}");
    // Once more changes nothing, unless it says something more.
    let is_more = args.contains(&"--comment") || args.contains(&"--remove-comment");
    if !is_more {
        let before = desk.annotations();
        let again = desk.run(&all);
        assert_eq!(
            (again.exit, again.out.as_str()),
            (Exit::Done, ""),
            "{args:?}"
        );
        assert_eq!(again.err, "sourcemark: nothing to change\n");
        assert_eq!(desk.annotations(), before, "{args:?}");
    }
    assert_eq!(desk.run(&["check", "@a.txt"]).exit, Exit::Done);
}

#[test]
fn every_field_is_changed_in_the_words_of_diff() {
    let of = |what: &str| format!("“insists on a back door”: {what}\n");
    check(&["--note", "-- who?"], &of("added a note: “-- who?”"));
    check(
        &["--speaker", "The ministry"],
        &format!(
            "speaker “The ministry”: added\n{}",
            of("set the speaker to “The ministry”")
        ),
    );
    check(
        &["--cue", "insists", "--mode", "indirect"],
        &of("set the cue to “insists”; set the mode of quotation to “Indirect”"),
    );
    check(
        &["--reported-by", "The paper"],
        &format!(
            "speaker “The paper”: added\n{}",
            of("set the reporters to “The paper”")
        ),
    );
    check(
        &["--retag", "denial"],
        &of("changed the tag from Allegation to Denial"),
    );
    check(&["--add-tag", "Denial"], &of("added the tag Denial"));
    check(
        &["--remove-tag", "allegation"],
        &of("removed the tag Allegation"),
    );
    check(&["--clear", "tags"], &of("removed the tag Allegation"));
    check(
        &["--add-tag", "Doubt", "--new-tag"],
        &format!("tag “Doubt”: added\n{}", of("added the tag Doubt")),
    );
    check(
        &["--comment", "Sure?", "--creator", "Ben"],
        &format!(
            "annotator “Ben”: added\n{}",
            of("added a comment: “Sure?” by Ben")
        ),
    );
}

#[test]
fn a_mark_is_moved() {
    let of = |quote: &str, what: &str| format!("“{quote}”: {what}\n");
    check(
        &["--to", "insists on a back"],
        &of(
            "insists on a back",
            "moved its end back by one word: [-door-]",
        ),
    );
    check(
        &["--to", "back door", "--to-nth", "2"],
        &of(
            "back door",
            "moved its start forward by three words: [-insists on a-]",
        ),
    );
    check(
        &["--at", "16..42"],
        &of(
            "We never built a back door",
            "moved it to other text: [-insists on a back door-] {+We never built a back door+}",
        ),
    );
    let (desk, two_parts, _) = two_marks();
    let said = desk.run(&["edit", "@a.txt", &two_parts, "--to", "said Ann Smith"]);
    assert_eq!(
        said.out,
        "“said Ann Smith”: removed a part: [-“We never built a back door,”-]; removed a part: [-“and we never will.”-]; \
         added a part: {+said Ann Smith+}\n",
        "{}",
        said.err
    );
    let said = desk.run(&[
        "edit",
        "@a.txt",
        &two_parts,
        "--to",
        "Ann Smith",
        "--at",
        "0..13",
        "--to",
        "never will",
    ]);
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    let list = desk.list(&[]);
    let moved = list
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["id"] == *two_parts);
    let segments = moved.unwrap()["segments"].as_array().unwrap();
    let quotes: Vec<&str> = segments
        .iter()
        .map(|it| it["quote"].as_str().unwrap())
        .collect();
    assert_eq!(quotes, ["# Back doors?", "Ann\n  Smith", "never will"]);
    assert_eq!(desk.run(&["check", "@a.txt"]).exit, Exit::Done);
}

#[test]
fn a_mark_is_named_by_its_wording_or_the_beginning_of_its_id() {
    let (desk, first, second) = two_marks();
    let said = desk.run(&[
        "edit",
        "@a.txt",
        "--quote",
        "insists on  a back door",
        "--note",
        "A",
    ]);
    assert_eq!(said.out, "“insists on a back door”: added a note: “A”\n");
    let n_shared = first
        .bytes()
        .zip(second.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    let (shared, enough) = (&first[..n_shared], &first[..n_shared + 1]);
    let said = desk.run(&["edit", "@a.txt", enough, "--note", "B"]);
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    let said = desk.run(&["edit", "@a.txt", shared, "--note", "C"]);
    assert_eq!(said.exit, Exit::Failed);
    assert_eq!(
        said.err,
        format!(
            "sourcemark: the ids of 2 annotations begin with `{shared}`; type more of the id\n"
        )
    );
    let said = desk.run(&["edit", "@a.txt", &first, &second, &first, "--note", "D"]);
    assert_eq!(said.out.lines().count(), 2, "{}", said.out);
    let said = desk.run(&["untag", "@a.txt", "--id", enough]);
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
}

#[test]
fn links_and_comments_come_and_go() {
    let (desk, denial, allegation) = two_marks();
    let link = [
        "edit",
        "@a.txt",
        &denial,
        "--responds-to",
        &allegation,
        "--creator",
        "Ana",
    ];
    let said = desk.run(&link);
    assert!(
        said.out.starts_with("link from ““We never"),
        "{}{}",
        said.out,
        said.err
    );
    assert!(desk.run(&link).err.contains("nothing to change"));
    let said = desk.run(&["edit", "@a.txt", &denial, "--unlink", &allegation]);
    assert!(
        said.out.trim_end().ends_with(": removed"),
        "{}{}",
        said.out,
        said.err
    );
    let comment = [
        "edit",
        "@a.txt",
        &denial,
        "--comment",
        "Hm.",
        "--creator",
        "Ben",
    ];
    assert_eq!(desk.run(&comment).exit, Exit::Done);
    let said = desk.run(&["edit", "@a.txt", &denial, "--remove-comment", "2"]);
    assert_eq!(
        said.err,
        format!("sourcemark: annotation {denial} has no comment 2; it has 1\n  1 Hm.\n")
    );
    let said = desk.run(&["edit", "@a.txt", &denial, "--remove-comment", "1"]);
    assert!(
        said.out.ends_with("removed a comment: “Hm.” by Ben\n"),
        "{}{}",
        said.out,
        said.err
    );
}

#[test]
fn json_is_that_of_diff() {
    let (desk, _, id) = two_marks();
    let said = desk.run(&["edit", "@a.txt", &id, "--note", "N", "--json"]);
    let rows: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(rows[0]["kind"], "annotation");
    assert_eq!(rows[0]["id"], *id);
    assert_eq!(
        rows[0]["words"],
        "“insists on a back door”: added a note: “N”"
    );
    let said = desk.run(&["edit", "@a.txt", &id, "--note", "N", "--json"]);
    assert_eq!((said.exit, said.out.as_str()), (Exit::Done, "[]\n"));
}

#[test]
fn what_cannot_be_meant_is_refused_and_changes_nothing() {
    let (desk, first, second) = two_marks();
    let before = desk.annotations();
    for (args, exit, fragment) in [
        (&[first.as_str()][..], Exit::Usage, "--note"),
        (&["--note", "x"], Exit::Usage, "required"),
        (
            &[&first, "--quote", "back", "--note", "x"],
            Exit::Usage,
            "cannot be used with",
        ),
        (&["0f", "--note", "x"], Exit::Failed, "no annotation `0f`"),
        (&["", "--note", "x"], Exit::Failed, "no annotation"),
        (
            &["--quote", "back door", "--note", "x"],
            Exit::Failed,
            "no annotation is at",
        ),
        (
            &[&first, &second, "--at", "0..5"],
            Exit::Usage,
            "--at changes one",
        ),
        (&[&first, &second, "--to", "never"], Exit::Failed, "--nth"),
        (
            &[&first, &second, "--note", "x", "--remove-comment", "1"],
            Exit::Usage,
            "changes one annotation",
        ),
        (
            &[&first, "--note", "x", "--at", "0..900"],
            Exit::Failed,
            "code points",
        ),
        (
            &[&first, "--note", "x", "--to", "nowhere"],
            Exit::Failed,
            "not in the article",
        ),
        (
            &[&first, "--note", "x", "--add-tag", "odd"],
            Exit::Usage,
            "unknown tag `odd`",
        ),
        (
            &[&first, "--note", "x", "--comment", "c"],
            Exit::Usage,
            "--creator",
        ),
        (
            &[&first, "--note", "x", "--unlink", "0f"],
            Exit::Failed,
            "no annotation `0f`",
        ),
    ] {
        let said = desk.run(&[&["edit", "@a.txt"], args].concat());
        assert_eq!(said.exit, exit, "{args:?}: {}", said.err);
        assert!(said.err.contains(fragment), "{args:?}: {}", said.err);
        assert_eq!(desk.annotations(), before, "{args:?}");
    }
    check_refused(
        &["edit", "@none.txt", "0", "--note", "x"],
        Exit::Failed,
        "none.txt",
    );
}

#[test]
fn a_file_without_its_article_can_be_edited_too() {
    let (desk, first, _) = two_marks();
    std::fs::copy(desk.path("a.txt.annotations.ron"), desk.path("copy.ron")).unwrap();
    std::fs::remove_file(desk.path("a.txt")).unwrap();
    let said = desk.run(&["edit", "@copy.ron", &first, "--note", "N"]);
    assert!(
        said.out.ends_with("added a note: “N”\n"),
        "{}{}",
        said.out,
        said.err
    );
    for args in [
        &["--quote", "back", "--note", "x"][..],
        &[&first, "--at", "0..5"],
    ] {
        let said = desk.run(&[&["edit", "@copy.ron"], args].concat());
        assert_eq!(said.exit, Exit::Failed);
        assert!(
            said.err.contains("the article `a.txt` is not beside"),
            "{}",
            said.err
        );
    }
}
