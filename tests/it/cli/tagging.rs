//! Tagging: how a passage is named, what is written and listed, and what is refused.

use super::{OnArticle as _, check_refused, desk};
use sourcemark::{
    cli::Exit,
    files::{NameSource, UserName},
};
use std::fs;

#[test]
fn a_passage_is_tagged_and_listed() {
    let desk = desk();
    let line = desk.tag(&[
        "--quote",
        "said Ann Smith",
        "--as",
        "Denial",
        "--note",
        "Who?",
        "--speaker",
        "Ann Smith",
    ]);
    let id = line.split(' ').next().unwrap();
    assert_eq!(line, format!("{id} a.txt:3:31 Denial: said Ann Smith\n"));
    let said = desk.run(&["list", "@a.txt"]);
    assert_eq!(
        said.out,
        format!("3:31  Denial  Ann Smith  said Ann Smith  Who?  exact  {id}\n")
    );
    let expected = serde_json::json!([{
        "id": id, "start": 45, "end": 61,
        "segments": [{"start": 45, "end": 61, "quote": "said Ann\n  Smith", "resolution": "exact"}],
        "quote": "said Ann\n  Smith", "tags": ["denial"], "speaker": "Ann Smith", "note": "Who?",
        "creator": "Ana", "created": "2026-03-01T12:00:00Z", "resolution": "exact",
    }]);
    assert_eq!(desk.list(&[]), expected);
    assert_eq!(desk.list(&["--tag", "denial"]), expected);
    assert_eq!(desk.list(&["--tag", "precedent"]), serde_json::json!([]));
    assert_eq!(desk.run(&["check", "@a.txt"]).exit, Exit::Done);
}

/// Tags `args` and looks at the quotes and tags of what was made.
#[track_caller]
fn check_tagged(args: &[&str], quote: &str, tags: &[&str]) {
    let desk = desk();
    desk.tag(args);
    let list = desk.list(&[]);
    let made = list.get(0).unwrap();
    assert_eq!(made["quote"], quote, "{args:?}");
    assert_eq!(made["tags"], serde_json::json!(tags), "{args:?}");
}

#[test]
fn passages_are_named_by_wording_or_place() {
    check_tagged(
        &["--quote", "back door", "--nth", "2", "--as", "denial"],
        "back door",
        &["denial"],
    );
    check_tagged(
        &[
            "--quote", "never", "--nth", "2", "--quote", "We", "--as", "denial",
        ],
        "We … never",
        &["denial"],
    );
    check_tagged(
        &["--at", "2..13", "--quote", "漢字で", "--as", "denial"],
        "Back doors? … 漢字で",
        &["denial"],
    );
    check_tagged(
        &["--at", "121..127", "--as", "denial", "--as", "allegation"],
        "漢字で否定し",
        &["allegation", "denial"],
    );
    check_tagged(
        &["--quote", "Ann Smith", "--as", "Expert Opinion"],
        "Ann\n  Smith",
        &["expert-opinion"],
    );
    check_tagged(
        &["--quote", "ministry", "--as", "No comment"],
        "ministry",
        &["no-comment"],
    );
    check_tagged(
        &["--quote", "ministry", "--as", "Open Question", "--new-tag"],
        "ministry",
        &["open-question"],
    );
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let tag = |args: &[&'static str]| -> Vec<&'static str> {
        [&["tag", "@a.txt", "--creator", "Ana"], args].concat()
    };
    for (args, exit, fragment) in [
        (
            &["--quote", "back door", "--as", "denial"][..],
            Exit::Failed,
            "--nth 2  5:27  …will.” The",
        ),
        (
            &["--quote", "Backdoors", "--as", "denial"],
            Exit::Failed,
            "its first word does not occur either",
        ),
        (
            &["--quote", "We never knew", "--as", "denial"],
            Exit::Failed,
            "in the article is `We never`",
        ),
        (
            &["--quote", "never", "--nth", "3", "--as", "denial"],
            Exit::Failed,
            "only 2",
        ),
        (
            &["--at", "100..999", "--as", "denial"],
            Exit::Failed,
            "130 code points",
        ),
        (
            &["--at", "14..15", "--as", "denial"],
            Exit::Failed,
            "the selection holds no text",
        ),
        (
            &["--at", "0..9", "--at", "5..12", "--as", "denial"],
            Exit::Failed,
            "overlap at 1:6",
        ),
        (
            &["--quote", "Ann", "--as", "deniall"],
            Exit::Usage,
            "\n  expert-opinion  Expert opinion\n",
        ),
        (
            &["--quote", "Ann", "--as", "deniall"],
            Exit::Usage,
            "\n  rule            Rule",
        ),
        (&["--quote", "Ann"], Exit::Usage, "--as <TAG>"),
        (&["--as", "denial"], Exit::Usage, "--quote"),
        (
            &["--nth", "1", "--quote", "Ann", "--as", "denial"],
            Exit::Usage,
            "must follow",
        ),
    ] {
        check_refused(&tag(args), exit, fragment);
    }
    check_refused(
        &["tag", "@a.txt", "--quote", "Ann", "--as", "denial"],
        Exit::Usage,
        "--creator",
    );
    check_refused(
        &["tag", "@b.txt", "--quote", "Ann", "--as", "denial"],
        Exit::Failed,
        "no such file",
    );
    check_refused(
        &["untag", "@a.txt", "--id", "7"],
        Exit::Failed,
        "no annotation `7`",
    );
    check_refused(
        &["untag", "@a.txt", "--quote", "Ann"],
        Exit::Failed,
        "no annotation is at",
    );
    check_refused(
        &[
            "untag",
            "@a.txt",
            "--quote",
            "ministry",
            "--tag",
            "precedent",
        ],
        Exit::Failed,
        "with the tag `precedent`",
    );
    check_refused(&["untag", "@a.txt"], Exit::Usage, "--id");
    check_refused(
        &["list", "@a.txt", "--tag", "x\u{1B}y"],
        Exit::Usage,
        "`x\\u{1b}y`",
    );
    check_refused(
        &["list", "@b.txt.annotations.ron"],
        Exit::Failed,
        "no such file",
    );
    check_refused(&["list", "--wrong"], Exit::Usage, "--wrong");
}

#[test]
fn one_name_is_one_annotator() {
    let desk = desk();
    for passage in ["ministry", "insists"] {
        desk.tag(&["--quote", passage, "--as", "denial"]);
    }
    let settings = desk.path("settings");
    fs::create_dir(&settings).unwrap();
    let me = "(me: Some((id: \"00000000-0000-7000-8000-0000000000aa\", name: \"Ben\")))";
    fs::write(settings.join("settings.ron"), me).unwrap();
    for creator in [&[][..], &["--creator", "Ben"], &["--creator", "Ana"]] {
        let tag = ["tag", "@a.txt", "--quote", "Ann", "--as", "denial"];
        let said = desk.run(&[&tag, creator].concat());
        assert_eq!(said.exit, Exit::Done, "{}", said.err);
    }
    let written = desk.annotations().unwrap();
    assert_eq!(written.matches("name: \"Ana\"").count(), 1);
    assert_eq!(written.matches("name: \"Ben\"").count(), 1);
    assert!(written.contains("id: \"00000000-0000-7000-8000-0000000000aa\""));
}

/// Where the name of an annotator can be set, the first place that counts first.
struct Names {
    option: Option<&'static str>,
    variable: Option<&'static str>,
    settings: Option<&'static str>,
    machine: fn() -> Option<UserName>,
}

/// Tags a passage and returns the name of its annotator with what the command said.
fn annotator(names: &Names) -> (Exit, String, String) {
    const ME: &str = "00000000-0000-7000-8000-0000000000aa";
    let desk = desk();
    desk.set_up(|env| {
        env.creator = names.variable.map(str::to_owned);
        env.user_name = names.machine;
    });
    if let Some(name) = names.settings {
        fs::create_dir(desk.path("settings")).unwrap();
        let me = format!("(me: Some((id: \"{ME}\", name: \"{name}\")))");
        fs::write(desk.path("settings/settings.ron"), me).unwrap();
    }
    let mut args = vec!["tag", "@a.txt", "--quote", "ministry", "--as", "denial"];
    args.extend(names.option.iter().flat_map(|name| ["--creator", name]));
    let said = desk.run(&args);
    let name = desk.list(&[])[0]["creator"].as_str().map(str::to_owned);
    let name = name.unwrap_or_default();
    let written = desk.annotations().unwrap_or_default();
    assert_eq!(written.contains(ME), names.settings == Some(&*name));
    (said.exit, name, said.err)
}

#[test]
fn an_annotator_has_the_first_name_that_is_set() {
    let git: fn() -> Option<UserName> = || {
        let (name, source) = ("Gitta".to_owned(), NameSource::Git);
        Some(UserName { name, source })
    };
    let account: fn() -> Option<UserName> = || {
        let (name, source) = ("acc".to_owned(), NameSource::System);
        Some(UserName { name, source })
    };
    let nowhere: fn() -> Option<UserName> = || None;
    let git_said = "sourcemark: you annotate as `Gitta`, the name in git's configuration; \
                    --creator NAME or SOURCEMARK_CREATOR sets another name\n";
    let account_said = "sourcemark: you annotate as `acc`, the name of your account; \
                        --creator NAME or SOURCEMARK_CREATOR sets another name\n";
    for (option, variable, settings, machine, name, said) in [
        (Some("Opt"), Some("Var"), Some("Set"), git, "Opt", ""),
        (Some("Set"), Some("Var"), Some("Set"), git, "Set", ""),
        (None, Some(" Var "), Some("Set"), git, "Var", ""),
        (None, Some("Set"), Some("Set"), git, "Set", ""),
        (Some(" "), Some(""), Some("Set"), git, "Set", ""),
        (None, None, Some("Set"), git, "Set", ""),
        (None, None, None, git, "Gitta", git_said),
        (None, None, None, account, "acc", account_said),
    ] {
        let names = Names {
            option,
            variable,
            settings,
            machine,
        };
        let expected = (Exit::Done, name.to_owned(), said.to_owned());
        assert_eq!(annotator(&names), expected);
    }
    let nobody = Names {
        option: None,
        variable: None,
        settings: None,
        machine: nowhere,
    };
    let (exit, name, said) = annotator(&nobody);
    assert_eq!((exit, name.as_str()), (Exit::Usage, ""));
    assert!(said.contains("SOURCEMARK_CREATOR"), "{said}");
}

#[test]
fn a_name_of_the_machine_is_reported_once_for_each_file() {
    let desk = desk();
    desk.set_up(|env| {
        env.user_name = || {
            let (name, source) = ("Gitta".to_owned(), NameSource::Git);
            Some(UserName { name, source })
        }
    });
    let tag = |quote| desk.run(&["tag", "@a.txt", "--quote", quote, "--as", "denial"]);
    assert!(tag("ministry").err.contains("Gitta"));
    assert_eq!(tag("insists").err, "");
    assert_eq!(
        desk.annotations()
            .unwrap()
            .matches("name: \"Gitta\"")
            .count(),
        1
    );
}

#[test]
fn tagging_the_same_again_changes_nothing() {
    let desk = desk();
    let args = [
        "--quote",
        "insists",
        "--as",
        "allegation",
        "--speaker",
        "The ministry",
    ];
    let first = desk.tag(&args);
    let written = desk.annotations();
    let again = desk.run(&[&["tag", "@a.txt", "--creator", "Ana"], &args[..]].concat());
    assert_eq!((again.exit, &again.out), (Exit::Done, &first));
    assert!(again.err.contains("nothing was changed"), "{}", again.err);
    assert_eq!(desk.annotations(), written);
    for other in [
        &["--quote", "insists", "--as", "denial"][..],
        &["--quote", "insists on", "--as", "allegation"],
        &[
            "--quote",
            "insists",
            "--as",
            "allegation",
            "--note",
            "Really?",
        ],
        &[
            "--quote",
            "insists",
            "--as",
            "allegation",
            "--speaker",
            "Ann",
        ],
    ] {
        desk.tag(other);
    }
    let said = desk.run(&[&["tag", "@a.txt", "--creator", "Ben"], &args[..]].concat());
    assert_eq!((said.exit, said.err.as_str()), (Exit::Done, ""));
    assert_eq!(desk.list(&[]).as_array().map(Vec::len), Some(6));
}

#[test]
fn tags_and_annotations_are_taken_away() {
    let desk = desk();
    desk.tag(&[
        "--quote",
        "never",
        "--nth",
        "2",
        "--as",
        "denial",
        "--as",
        "precedent",
    ]);
    let line = desk.tag(&["--quote", "never", "--nth", "2", "--as", "allegation"]);
    let id = line.split(' ').next().unwrap();

    // Two annotations stand there; the tag tells them apart, and which "never" need not be said.
    let several = desk.run(&["untag", "@a.txt", "--quote", "never"]);
    assert_eq!(several.exit, Exit::Failed);
    assert!(
        several.err.contains(&format!("--id {id}")),
        "{}",
        several.err
    );
    let taken = desk.run(&["untag", "@a.txt", "--quote", "never", "--tag", "Denial"]);
    assert!(
        taken.out.ends_with(" no longer denial: never\n"),
        "{}",
        taken.out
    );
    let gone = desk.run(&["untag", "@a.txt", "--id", id]);
    assert_eq!(gone.out, format!("{id} removed: never\n"));
    let list = desk.list(&[]);
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["tags"], serde_json::json!(["precedent"]));
}
