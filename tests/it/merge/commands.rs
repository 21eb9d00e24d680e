//! What the commands refuse, what they say when there is nothing to do, and where they write.

use super::{Copy, TEXT, begun, two, word};
use crate::support::{desk::Desk, sets::source};
use sourcemark::{
    annotation::{AnnotationSet, Article, LinkKind},
    cli::Exit,
    edit::Edit,
    merge::three_way,
};
use std::fs;

const OTHER_TEXT: &str = "Roses bloom in June.\nThe minister has a garden.\n";

fn of_other_article(name: &str) -> AnnotationSet {
    let set = AnnotationSet::new(Article::describe(&source(OTHER_TEXT), name, "UTF-8"));
    let mut copy = Copy::of(&set, OTHER_TEXT, 5);
    copy.marks("Roses bloom", "denial");
    copy.set().clone()
}

/// Ways to merge two files.
const WAYS: [&[&str]; 3] = [
    &["merge", "@base.txt", "@a.txt", "@b.txt"],
    &["merge", "--no-base", "@a.txt", "@b.txt"],
    &["merge", "--layers", "@a.txt", "@b.txt"],
];

#[test]
fn files_on_different_articles_are_refused() {
    let (base, _) = begun();
    let desk = Desk::new();
    desk.put("base.txt", TEXT, &base);
    desk.put("a.txt", TEXT, &base);
    desk.put("b.txt", OTHER_TEXT, &of_other_article("b.txt"));
    for way in WAYS {
        let (exit, said) = desk.run_joined(&[way, &["-o", "@out.annotations.ron"]].concat());
        assert_eq!(exit, Exit::Failed, "{said}");
        assert!(
            said.contains("different articles") && said.contains("`b.txt`"),
            "{said}"
        );
        assert!(!desk.path("out.annotations.ron").exists());
    }
}

#[test]
fn one_thing_in_common_makes_files_one_article_s() {
    let (base, id) = begun();
    let (mut ana, _) = two(&base);
    // Renamed, retitled and reworded, the mark is the same one.
    let text = "A headline\n\nThe firm spoke. On Tuesday the firm denied it once more.\n";
    let mut renamed = base.clone();
    renamed.article = Article::describe(&source(text), "renamed.txt", "UTF-8");
    // It may be gone meanwhile, and its removal remembered.
    ana.does(Edit::Remove { ids: vec![id] });
    let mut empty = ana.set().clone();
    empty.article = renamed.article.clone();
    // Nothing but the name.
    let named = of_other_article("a.txt");
    for (n, other) in [renamed, empty, named].into_iter().enumerate() {
        let desk = Desk::new();
        desk.put("base.txt", TEXT, &base);
        desk.put("a.txt", TEXT, &base);
        desk.put("b.txt", text, &other);
        for way in WAYS {
            let (exit, said) = desk.run_joined(&[way, &["-o", "@out.annotations.ron"]].concat());
            assert_ne!(exit, Exit::Failed, "{n}: {said}");
        }
    }
}

/// By what the marks say, not by ids, as far as they are there.
#[test]
fn links_are_told_by_the_marks_they_lead_to() {
    let (base, id) = begun();
    let (mut ana, mut ben) = two(&base);
    let from = ben.marks("The ministry insists", "allegation");
    ben.does(Edit::Link {
        from,
        to: id,
        kind: LinkKind::RespondsTo,
    });
    ana.does(Edit::Remove { ids: vec![id] });
    let desk = Desk::new();
    desk.put("base.txt", TEXT, &base);
    desk.put("a.txt", TEXT, ana.set());
    desk.put("b.txt", TEXT, ben.set());
    let (_, said) = desk.run_joined(&["diff", "@base.txt", "@b.txt"]);
    let link = "link from “The ministry insists” to “the firm denied it”: added\n";
    assert!(said.ends_with(link), "{said}");
    let (exit, said) = desk.run_joined(&[WAYS[0], &["-o", "@out.txt"]].concat());
    assert_eq!(exit, Exit::Done, "kept, and nothing to decide");
    let told = format!(
        "the link from “The ministry insists” to {id} is kept, but annotation {id} is gone"
    );
    assert!(said.contains(&told), "{said}");
    let (exit, said) = desk.run_joined(&["check", "@out.txt"]);
    assert!(
        exit == Exit::Differences && said.contains("one end of the link"),
        "{said}"
    );
}

#[test]
fn the_outcome_goes_where_it_can_be_found() {
    let (base, _) = begun();
    let (mut ana, mut ben) = two(&base);
    ana.marks("An expert", "expert-opinion");
    ben.marks("The ministry insists", "allegation");
    let desk = Desk::new();
    desk.put("base.txt", TEXT, &base);
    desk.put("a.txt", TEXT, ana.set());
    desk.put("b.txt", TEXT, ben.set());
    // An article's name means the file beside it, here as everywhere; it may be one of the inputs.
    for output in ["@new.txt", "@a.txt", "@base.txt"] {
        let (exit, said) = desk.run_joined(&[WAYS[0], &["-o", output]].concat());
        let file = format!("{}.annotations.ron", &output[1..]);
        let told = format!(
            "sourcemark: the merged file is the annotation file of `{}`: `{file}`\n",
            &output[1..]
        );
        assert_eq!((exit, said), (Exit::Done, told), "{output}");
        assert_eq!(desk.set(&file).annotations.len(), 3);
    }
    assert!(!desk.path("new.txt").exists());
    let article = fs::read_to_string(desk.path("a.txt")).unwrap();
    assert_eq!(article, TEXT, "articles are never written");
    // What is of another kind was not meant.
    let (exit, said) = desk.run_joined(&["collection", "@", "-o", "@collection.ron"]);
    assert!(
        exit == Exit::Differences && said.contains("merge both files"),
        "{said}"
    );
    let collection = desk.path("collection.ron");
    let before = fs::read(&collection).unwrap();
    let (exit, said) = desk.run_joined(&[WAYS[1], &["-o", "@collection.ron"]].concat());
    assert!(
        exit == Exit::Failed && said.contains("choose another name"),
        "{said}"
    );
    assert_eq!(fs::read(&collection).unwrap(), before);
    let (exit, said) = desk.run_joined(&[
        "merge",
        "--no-base",
        "@a.txt",
        "@collection.ron",
        "-o",
        "@x.ron",
    ]);
    assert!(
        exit == Exit::Failed && said.contains("cannot be merged or compared"),
        "{said}"
    );
}

#[test]
fn newer_versions_are_carried_along_or_refused() {
    let (base, _) = begun();
    let desk = Desk::new();
    desk.put("base.txt", TEXT, &base);
    desk.put("a.txt", TEXT, &base);
    desk.put("b.txt", TEXT, &base);
    let path = desk.path("b.txt.annotations.ron");
    let written = fs::read_to_string(&path).unwrap();
    let newer = |version: &str| {
        let text = written.replace("version: (1, 0)", &format!("version: {version}"));
        text.replacen("\n  agents: [", "\n  mood: \"calm\",\n  agents: [", 1)
    };
    fs::write(&path, newer("(1, 9)")).unwrap();
    let merge = [WAYS[0], &["-o", "@out.annotations.ron"]].concat();
    let (exit, said) = desk.run_joined(&merge);
    assert_eq!(exit, Exit::Done, "{said}");
    let out = desk.path("out.annotations.ron");
    let merged = fs::read_to_string(&out).unwrap();
    assert!(
        merged.contains("mood: \"calm\"") && merged.contains("version: (1, 9)"),
        "{merged}"
    );
    fs::remove_file(&out).unwrap();
    fs::write(&path, newer("(2, 0)")).unwrap();
    let (exit, said) = desk.run_joined(&merge);
    assert!(
        exit == Exit::Failed
            && said.contains("version 2.0")
            && said.contains("`b.txt.annotations.ron`"),
        "{said}"
    );
    assert!(!out.exists());
}

#[test]
fn a_conflict_is_told_when_it_is_open_and_when_it_is_not() {
    let (base, id) = begun();
    let (mut ana, mut ben) = two(&base);
    for (copy, note) in [
        (&mut ana, "It was denied in May."),
        (&mut ben, "It was denied twice."),
    ] {
        copy.does(Edit::SetNote {
            id,
            note: note.to_owned(),
        });
    }
    let desk = Desk::new();
    desk.put("base.txt", TEXT, &base);
    desk.put("a.txt", TEXT, ana.set());
    desk.put("b.txt", TEXT, ben.set());
    let (exit, said) = desk.run_joined(&["conflicts", "@a.txt"]);
    assert_eq!(
        (exit, said.as_str()),
        (Exit::Done, "sourcemark: no conflicts\n")
    );
    assert_eq!(
        desk.run(&[WAYS[0], &["-o", "@out.txt"]].concat()).exit,
        Exit::Differences
    );
    // One side's value is shown meanwhile, so the conflict is all that differs from that side, or nearly.
    let (exit, said) = desk.run_joined(&["diff", "@base.txt", "@out.txt"]);
    assert_eq!(exit, Exit::Differences);
    assert!(
        said.ends_with("“the firm denied it”: the conflict about the note is open\n"),
        "{said}"
    );
    let (_, said) = desk.run_joined(&["diff", "@base.txt", "@out.txt", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&said).unwrap();
    let last = json.as_array().unwrap().last().unwrap();
    let conflict = desk.set("out.txt.annotations.ron");
    let conflict = conflict.conflicts.keys().next().unwrap().to_string();
    assert_eq!(
        (&last["kind"], &last["change"]),
        (&"conflict".into(), &"added".into())
    );
    assert_eq!(last["id"], conflict);
    fs::copy(
        desk.path("out.txt.annotations.ron"),
        desk.path("open.annotations.ron"),
    )
    .unwrap();
    // The order of requirement and option is free, and the beginning of the id is enough.
    let prefix = &conflict[..5];
    let (exit, said) = desk.run_joined(&["conflicts", "@out.txt", "--take", "theirs", prefix]);
    assert_eq!((exit, said.as_str()), (Exit::Done, "1 settled, 0 left\n"));
    for args in [
        &["conflicts", "@out.txt", prefix][..],
        &["conflicts", "@out.txt", prefix, "--take", "ours"],
    ] {
        let (exit, said) = desk.run_joined(args);
        assert!(
            exit == Exit::Failed && said.contains("was settled on 2026-03-01"),
            "{said}"
        );
    }
    assert_eq!(
        desk.run(&["conflicts", "@out.txt", "", "--take", "ours"])
            .exit,
        Exit::Failed
    );
    let (exit, said) = desk.run_joined(&["conflicts", "@out.txt", "--all", "--take", "ours"]);
    assert_eq!((exit, said.as_str()), (Exit::Done, "0 settled, 0 left\n"));
    let (_, said) = desk.run_joined(&["diff", "@open.annotations.ron", "@out.txt"]);
    assert!(
        said.contains("the conflict about the note is settled"),
        "{said}"
    );
    assert!(
        desk.set("out.txt.annotations.ron")
            .tags
            .contains_key(&word("denial"))
    );
}

/// Whichever of the two comes first by its id.
#[test]
fn a_removal_that_is_taken_settles_what_else_was_asked_about_the_record() {
    let mut n_falling = 0;
    for round in 0..12 {
        let (base, id) = begun();
        let (mut ana, mut ben) = two(&base);
        for (copy, name) in [(&mut ana, "Ana"), (&mut ben, "Ben")] {
            copy.does(Edit::SetNote {
                id,
                note: format!("Number {round} is what {name} wrote."),
            });
        }
        let open = super::merge(&base, &ana, &ben).set;
        let (mut cai, _) = two(&base);
        cai.does(Edit::Remove { ids: vec![id] });
        let sides = (("Cai", cai.set()), ("Ana and Ben", &open));
        let both = three_way(&base, sides.0, sides.1, &[]).set;
        assert_eq!(both.conflicts.len(), 2);
        let falls = both
            .conflicts
            .values()
            .next()
            .is_some_and(|first| first.of_whole_record());
        n_falling += usize::from(falls);
        let desk = Desk::new();
        for side in ["ours", "theirs"] {
            let name = format!("@{side}.txt");
            desk.put(&name[1..], TEXT, &both);
            let outcome = desk.run_joined(&["conflicts", &name, "--all", "--take", side]);
            let told = match falls && side == "ours" {
                true => "2 settled (1 because its record was removed), 0 left\n",
                false => "2 settled, 0 left\n",
            };
            assert_eq!(outcome, (Exit::Done, told.to_owned()), "{side}");
            let set = desk.set(&format!("{side}.txt.annotations.ron"));
            assert_eq!(set.annotations.contains_key(&id), side == "theirs");
            assert!(set.conflicts.is_empty());
        }
    }
    assert!((1..12).contains(&n_falling));
}

#[test]
fn what_was_written_into_an_open_conflict_is_shown_and_not_lost_to_a_rule() {
    let (base, id) = begun();
    let (mut ana, mut ben) = two(&base);
    for (copy, note) in [(&mut ana, "Ana's."), (&mut ben, "Ben's.")] {
        let note = note.to_owned();
        copy.does(Edit::SetNote { id, note });
    }
    let open = super::merge(&base, &ana, &ben).set;
    let mut on = Copy::of(&open, TEXT, 4);
    let note = "Written on.".to_owned();
    on.does(Edit::SetNote { id, note });
    let desk = Desk::new();
    desk.put("a.txt", TEXT, on.set());
    let (exit, said) = desk.run_joined(&["conflicts", "@a.txt"]);
    assert_eq!(exit, Exit::Differences, "{said}");
    for line in [
        "    ours (Ana): “Ana's.”",
        "    theirs (Ben): “Ben's.”",
        "    written since: “Written on.”",
    ] {
        assert!(said.contains(line), "{said}");
    }
    let (exit, said) = desk.run_joined(&["conflicts", "@a.txt", "--all", "--take", "ours"]);
    assert_eq!(exit, Exit::Differences, "{said}");
    assert!(said.contains("1 conflict skipped"), "{said}");
    assert!(said.contains("0 settled, 1 left"), "{said}");
    assert_eq!(desk.set("a.txt.annotations.ron"), *on.set());
    let conflict = open.conflicts.keys().next().unwrap().to_string();
    let (exit, said) = desk.run_joined(&["conflicts", "@a.txt", &conflict, "--take", "3"]);
    assert_eq!(exit, Exit::Done, "{said}");
    assert_eq!(
        desk.set("a.txt.annotations.ron").annotations[&id].note,
        "Written on."
    );
}
