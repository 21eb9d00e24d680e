//! Articles, annotation files and collections: which of them a name means, and where a collection may be.

use super::{ARTICLE, OnArticle as _, desk};
use sourcemark::{cli::Exit, files::annotations_beside};
use std::fs;

/// The name says nothing of what is in a file.
#[test]
fn an_article_may_have_the_name_of_a_collection() {
    for name in ["collection.ron", "notes.RON"] {
        let desk = desk();
        fs::remove_file(desk.path("a.txt")).unwrap();
        fs::write(desk.path(name), ARTICLE).unwrap();
        let file = format!("@{name}");
        let tag = [
            "tag",
            &file,
            "--creator",
            "Ana",
            "--quote",
            "ministry",
            "--as",
            "denial",
        ];
        assert_eq!(desk.run(&tag).exit, Exit::Done);
        for (command, said) in [
            (&["list", &file][..], "Denial"),
            (&["check", &file], ""),
            (&["check", "@"], ""),
            (
                &["edit", &file, "--quote", "ministry", "--note", "Who?"],
                "note",
            ),
            (&["conflicts", &file], ""),
            (&["untag", &file, "--quote", "ministry"], ""),
        ] {
            let done = desk.run(command);
            assert_eq!(
                done.exit,
                Exit::Done,
                "{command:?}: {}{}",
                done.out,
                done.err
            );
            assert!(done.out.contains(said), "{command:?}: {}", done.out);
        }
        assert_eq!(fs::read_to_string(desk.path(name)).unwrap(), ARTICLE);
    }
}

#[test]
fn no_file_of_ours_is_taken_for_an_article() {
    let desk = desk();
    desk.tag(&["--quote", "ministry", "--as", "denial"]);
    desk.run(&["collection", "@", "-o", "@collection.ron"]);
    fs::copy(desk.path("a.txt.annotations.ron"), desk.path("copy.ron")).unwrap();
    for name in ["collection.ron", "copy.ron"] {
        let file = format!("@{name}");
        let tag = [
            "tag",
            &file,
            "--creator",
            "Ana",
            "--quote",
            "format",
            "--as",
            "denial",
        ];
        let said = desk.run(&tag);
        assert_eq!(said.exit, Exit::Usage, "{}", said.err);
        assert_eq!(
            said.err,
            format!(
                "sourcemark: this is an annotation file or a collection; name the article instead: `{name}`\n"
            )
        );
        assert!(!annotations_beside(&desk.path(name)).exists());
        // An earlier version did so.
        fs::copy(
            desk.path("a.txt.annotations.ron"),
            annotations_beside(&desk.path(name)),
        )
        .unwrap();
        let said = desk.run(&["diff", &file, &file]);
        assert_eq!(said.err, "sourcemark: no differences\n");
    }
    let said = desk.run(&["diff", "@collection.ron", "@copy.ron"]);
    assert!(
        said.err.contains("cannot be"),
        "each is read itself: {}",
        said.err
    );
}

#[test]
fn a_collection_is_written_above_its_articles_only() {
    let desk = desk();
    desk.tag(&["--quote", "insists", "--as", "allegation"]);
    fs::create_dir(desk.path("sub")).unwrap();
    fs::create_dir(desk.path("other")).unwrap();
    for name in ["a.txt", "a.txt.annotations.ron"] {
        fs::rename(desk.path(name), desk.path("sub").join(name)).unwrap();
    }
    let said = desk.run(&["collection", "@sub", "-o", "@other/collection.ron"]);
    assert_eq!(said.exit, Exit::Failed);
    assert!(
        said.err.contains("only files below its own folder"),
        "{}",
        said.err
    );
    assert!(!desk.path("other/collection.ron").exists());
    let said = desk.run(&["collection", "@sub", "-o", "@collection.ron"]);
    assert_eq!(said.exit, Exit::Done, "{}", said.err);
    let written = fs::read_to_string(desk.path("collection.ron")).unwrap();
    assert!(
        written.contains("\"sub/a.txt.annotations.ron\""),
        "{written}"
    );
    let said = desk.run(&["check", "@collection.ron"]);
    assert_eq!(said.exit, Exit::Done, "{}", said.out);
}
