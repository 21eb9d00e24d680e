//! How much a file may hold: an edit that would write more is refused, and a file of an earlier version that holds more
//! is read, reported, edited and written as it is.

use crate::support::{
    desk::Desk,
    edits::{person, stamp},
    sets::{CountingIds, full_set, merged_set, source},
};
use sourcemark::{
    annotation::{
        AnnotationSet, MAX_ADDRESS_CHARS, MAX_NAME_CHARS, MAX_NAMED_RECORDS, MAX_TEXT_BYTES, Marks,
        Tag, TagId,
    },
    cli::Exit,
    edit::{Edit, EditError, Workspace},
    format::ron::{Trouble, WriteOptions, read, write},
    text::TextRange,
};
use std::{fs, sync::Arc};

fn workspace(set: AnnotationSet) -> Workspace {
    let text = source(crate::support::sets::ARTICLE);
    let marks = Marks::find(&text, &set, &|| true).unwrap();
    Workspace::new(set, marks)
}

fn apply(workspace: &mut Workspace, edit: &Edit) -> Result<(), EditError> {
    let ids = &mut CountingIds(700);
    let done = workspace.apply(edit, &mut stamp(person(1), ids, 1_800_000_000));
    done.map(|_| ())
}

/// The edits that write a name, with the name in them.
fn edits_with(name: &str, set: &AnnotationSet) -> Vec<(&'static str, Edit)> {
    let annotation = set.annotations.values().next().unwrap();
    let id = annotation.id;
    let tag = set.tags.values().next().unwrap();
    let speaker = set.speakers.values().next().unwrap();
    let mut attribution = annotation.attribution.clone();
    attribution.cue = name.to_owned();
    let article = |set_field: fn(&mut sourcemark::annotation::Article, String)| {
        let mut article = set.article.clone();
        set_field(&mut article, name.to_owned());
        Edit::DescribeArticle(Box::new(article))
    };
    vec![
        (
            "the name of the speaker",
            Edit::SetSpeaker {
                id,
                speaker: name.to_owned(),
            },
        ),
        (
            "the name of the speaker",
            Edit::Annotate {
                segments: vec![TextRange::from_bytes(2..6)],
                tags: Vec::new(),
                note: String::new(),
                speaker: Some(name.to_owned()),
            },
        ),
        (
            "the name of the tag",
            Edit::DefineTag(Tag {
                name: name.to_owned(),
                ..Tag::clone(tag)
            }),
        ),
        (
            "the role of the speaker",
            Edit::DefineSpeaker(sourcemark::annotation::Speaker {
                role: name.to_owned(),
                ..(**speaker).clone()
            }),
        ),
        (
            "the alias of the speaker",
            Edit::DefineSpeaker(sourcemark::annotation::Speaker {
                aliases: vec![name.to_owned()],
                ..(**speaker).clone()
            }),
        ),
        ("the cue", Edit::SetAttribution { id, attribution }),
        ("the title", article(|article, name| article.title = name)),
        ("the author", article(|article, name| article.author = name)),
        ("the date", article(|article, name| article.date = name)),
        (
            "the publisher",
            article(|article, name| article.publisher = name),
        ),
    ]
}

#[test]
fn a_name_of_the_limit_is_written_and_a_longer_one_is_refused() {
    let set = full_set();
    let fits = "é".repeat(MAX_NAME_CHARS);
    for (what, edit) in edits_with(&fits, &set) {
        let mut workspace = workspace(set.clone());
        assert_eq!(apply(&mut workspace, &edit), Ok(()), "{what}");
        assert_ne!(*workspace.set(), set, "{what}");
    }
    let long = "é".repeat(MAX_NAME_CHARS + 1);
    for (what, edit) in edits_with(&long, &set) {
        let mut workspace = workspace(set.clone());
        let refused = apply(&mut workspace, &edit).unwrap_err();
        let told = format!("{what} has 1,001 characters; the limit is 1,000");
        assert_eq!(refused.to_string(), told);
        assert_eq!(*workspace.set(), set, "{what}: nothing has changed");
    }
}

#[test]
fn texts_and_addresses_have_limits_of_their_own() {
    let set = full_set();
    let id = *set.annotations.keys().next().unwrap();
    let check = |edit: &Edit, told: &str| {
        let mut workspace = workspace(set.clone());
        let refused = apply(&mut workspace, edit).unwrap_err();
        assert_eq!(refused.to_string(), told);
    };
    let note = "x".repeat(MAX_TEXT_BYTES + 1);
    let told = "the note has 16,777,217 bytes; the limit is 16,777,216";
    check(&Edit::SetNote { id, note }, told);
    let text = "x".repeat(MAX_TEXT_BYTES + 1);
    let told = "the comment has 16,777,217 bytes; the limit is 16,777,216";
    check(&Edit::AddComment { id, text }, told);
    let mut article = set.article.clone();
    article.url = "x".repeat(MAX_ADDRESS_CHARS + 1);
    let told = "the address has 4,001 characters; the limit is 4,000";
    check(&Edit::DescribeArticle(Box::new(article)), told);
}

/// `set` with `n` tags in all.
fn with_tags(mut set: AnnotationSet, n: usize) -> AnnotationSet {
    let like = set.tags.values().next().unwrap().clone();
    for n in set.tags.len()..n {
        let id = TagId::parse(&format!("more-{n}")).unwrap();
        let tag = Tag {
            id: id.clone(),
            name: format!("more {n}"),
            key: None,
            ..Tag::clone(&like)
        };
        set.tags.insert(id, Arc::new(tag));
    }
    set
}

#[test]
fn the_last_tag_is_added_and_none_after_it() {
    let set = with_tags(full_set(), MAX_NAMED_RECORDS - 1);
    let tag = |id: &str| Tag {
        id: TagId::parse(id).unwrap(),
        name: id.to_owned(),
        key: None,
        ..Tag::clone(set.tags.values().next().unwrap())
    };
    let mut workspace = workspace(set.clone());
    let both = Edit::AddTags(vec![tag("last"), tag("too-much")]);
    let told = "a file may have at most 10,000 tags, and this one would have 10,001";
    assert_eq!(apply(&mut workspace, &both).unwrap_err().to_string(), told);
    assert_eq!(apply(&mut workspace, &Edit::DefineTag(tag("last"))), Ok(()));
    let refused = apply(&mut workspace, &Edit::DefineTag(tag("too-much")));
    assert_eq!(refused.unwrap_err().to_string(), told);
    // What is there can be renamed, given and removed.
    let mut renamed = tag("last");
    renamed.name = "Renamed".to_owned();
    assert_eq!(apply(&mut workspace, &Edit::DefineTag(renamed)), Ok(()));
    let id = TagId::parse("last").unwrap();
    assert_eq!(apply(&mut workspace, &Edit::RemoveTag(id)), Ok(()));
}

/// A set as an earlier version may have written it.
fn beyond_the_limits() -> AnnotationSet {
    let mut set = with_tags(merged_set(), MAX_NAMED_RECORDS + 3);
    let long = "naïve ".repeat(500);
    set.article.title.push_str(&long);
    for (id, mut tag) in set.tags.clone().into_iter().take(2) {
        Arc::make_mut(&mut tag).name.push_str(&long);
        set.tags.insert(id, tag);
    }
    for (id, mut speaker) in set.speakers.clone() {
        Arc::make_mut(&mut speaker).aliases.push(long.clone());
        set.speakers.insert(id, speaker);
    }
    for (id, mut agent) in set.agents.clone() {
        Arc::make_mut(&mut agent).name.push_str(&long);
        set.agents.insert(id, agent);
    }
    set
}

#[test]
fn a_file_beyond_the_limits_is_read_reported_and_written_as_it_is() {
    let set = beyond_the_limits();
    let written = write(&set, WriteOptions::default());
    let file = read(&written).unwrap();
    assert_eq!(file.set, set);
    assert_eq!(write(&file.set, WriteOptions::default()), written);
    let told: Vec<String> = file.findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        told[0],
        "the file: it has 10,003 tags, and at most 10,000 are allowed; all are kept"
    );
    let is_long = |what: &Trouble| matches!(what, Trouble::LongName { .. });
    let long = file.findings.iter().filter(|it| is_long(&it.what)).count();
    assert_eq!(long, 1 + 1 + 2 + 2, "title, annotator, tags, speakers");
    assert!(told.iter().all(|told| told.len() < 400), "{told:?}");
}

#[test]
fn what_is_beyond_the_limits_does_not_keep_others_from_being_edited() {
    let set = beyond_the_limits();
    let mut workspace = workspace(set.clone());
    let id = *set.annotations.keys().next().unwrap();
    let (first, long) = set.tags.iter().next().unwrap();
    let speaker = set.speakers.values().next().unwrap();
    for edit in [
        Edit::SetNote {
            id,
            note: "Looked at.".to_owned(),
        },
        Edit::Retag {
            ids: vec![id],
            tag: first.clone(),
            give: true,
        },
        // The record with the long name, in another colour.
        Edit::DefineTag(Tag {
            guideline: "When it is long.".to_owned(),
            ..Tag::clone(long)
        }),
        Edit::DefineSpeaker(sourcemark::annotation::Speaker {
            role: "maker".to_owned(),
            ..(**speaker).clone()
        }),
    ] {
        assert_eq!(apply(&mut workspace, &edit), Ok(()));
    }
    assert_eq!(workspace.set().tags.len(), set.tags.len());
    let label = workspace.history().next_undo().unwrap().label.clone();
    assert!(label.chars().count() < 120, "{label}");
}

#[test]
fn the_command_line_says_what_is_too_long_and_check_what_there_is_too_much_of() {
    let desk = Desk::new();
    fs::write(desk.path("a.txt"), crate::support::sets::ARTICLE).unwrap();
    let beside = desk.path("a.txt.annotations.ron");
    let long = "x".repeat(MAX_NAME_CHARS + 1);
    let quote = ["--quote", "never will", "--as", "denial"];
    let tag = ["tag", "@a.txt", "--creator", "Ben", "--speaker", &long];
    let (exit, said) = desk.run_joined(&[&tag[..], &quote[..]].concat());
    assert_eq!(exit, Exit::Failed, "{said}");
    let told = "the name of the speaker has 1,001 characters; the limit is 1,000";
    assert!(said.contains(told), "{said}");
    assert!(!beside.exists(), "nothing is written");
    let tag = ["tag", "@a.txt", "--creator", "Ben", "--speaker", "Ann"];
    let (exit, said) = desk.run_joined(&[&tag[..], &quote[..]].concat());
    assert_eq!(exit, Exit::Done, "{said}");
    let file = fs::read_to_string(&beside).unwrap();
    fs::write(&beside, file.replace("\"Ann\"", &format!("\"{long}\""))).unwrap();
    let (_, said) = desk.run_joined(&["check", "@a.txt"]);
    let told = "the name has 1,001 characters, and at most 1,000 are allowed; it is kept as it is";
    assert!(said.contains(told), "{said}");
}
