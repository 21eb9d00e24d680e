//! The command line: what it prints, what it writes, and how it ends.

/// Files that want more than to be read.
mod hostile;

use crate::support::{
    desk::Desk,
    sets::{CountingIds, annotation, source},
};
use sourcemark::{
    annotation::{AnnotationSet, Article},
    cli::{Exit, Outcome},
    files::{Expected, annotations_beside, save_annotations},
};
use std::{
    fs,
    io::{self, BufRead, BufReader, Write},
    path::PathBuf,
    process::{Command, Stdio},
};

mod edit;

const ARTICLE: &str = "# Back doors?\n\n\
    “We never built a back door,” said Ann\n  Smith, “and we never will.”\n\
    The ministry insists on a back door. 漢字で否定した。\n";

/// A desk with one article.
fn desk() -> Desk {
    let desk = Desk::new();
    fs::write(desk.path("a.txt"), ARTICLE).unwrap();
    desk
}

trait OnArticle {
    /// Returns the annotation file of the article, if there is one.
    fn annotations(&self) -> Option<String>;
    /// Tags in the name of Ana, which must succeed, and returns the line that says so.
    fn tag(&self, args: &[&str]) -> String;
    /// Returns the list as JSON.
    fn list(&self, args: &[&str]) -> serde_json::Value;
}

impl OnArticle for Desk {
    fn annotations(&self) -> Option<String> {
        fs::read_to_string(annotations_beside(&self.path("a.txt"))).ok()
    }

    #[track_caller]
    fn tag(&self, args: &[&str]) -> String {
        let said = self.run(&[&["tag", "@a.txt", "--creator", "Ana"], args].concat());
        assert_eq!((said.exit, said.err.as_str()), (Exit::Done, ""));
        said.out
    }

    #[track_caller]
    fn list(&self, args: &[&str]) -> serde_json::Value {
        let said = self.run(&[&["list", "@a.txt", "--json"], args].concat());
        assert_eq!(said.exit, Exit::Done, "{}", said.err);
        serde_json::from_str(&said.out).unwrap()
    }
}

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

/// A command that must end with `exit` and a message that holds `fragment`, and write nothing.
#[track_caller]
fn check_refused(args: &[&str], exit: Exit, fragment: &str) {
    let desk = desk();
    desk.tag(&["--quote", "ministry", "--as", "denial"]);
    let before = desk.annotations();
    let said = desk.run(args);
    assert_eq!(said.exit, exit, "{args:?}: {}", said.err);
    assert!(said.err.contains(fragment), "{args:?}: {}", said.err);
    assert_eq!(said.out, "", "{args:?}");
    assert_eq!(desk.annotations(), before, "{args:?}");
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
            "--nth 2   5:27     …will.” The",
        ),
        (
            &["--quote", "Backdoors", "--as", "denial"],
            Exit::Failed,
            "not even its first word",
        ),
        (
            &["--quote", "We never knew", "--as", "denial"],
            Exit::Failed,
            "is `We never`",
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
            "no text in the selection",
        ),
        (
            &["--at", "0..9", "--at", "5..12", "--as", "denial"],
            Exit::Failed,
            "overlap at 1:6",
        ),
        (
            &["--quote", "Ann", "--as", "deniall"],
            Exit::Usage,
            "\n  expert-opinion   Expert opinion\n",
        ),
        (
            &["--quote", "Ann", "--as", "deniall"],
            Exit::Usage,
            "\n  rule             Rule",
        ),
        (&["--quote", "Ann"], Exit::Usage, "--as <TAG>"),
        (&["--as", "denial"], Exit::Usage, "--quote"),
        (
            &["--nth", "1", "--quote", "Ann", "--as", "denial"],
            Exit::Usage,
            "must directly follow",
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
        "no annotation stands",
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

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_listed_is_not_called_empty() {
    use std::os::unix::fs::PermissionsExt;
    let desk = desk();
    desk.tag(&["--quote", "ministry", "--as", "denial"]);
    let inner = desk.path("inner");
    fs::create_dir(&inner).unwrap();
    fs::set_permissions(&inner, fs::Permissions::from_mode(0o300)).unwrap();
    if fs::read_dir(&inner).is_ok() {
        let line = "skipped: this user may list every folder\n";
        io::stderr().write_all(line.as_bytes()).unwrap();
        return;
    }
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
    fs::set_permissions(&inner, fs::Permissions::from_mode(0o700)).unwrap();
    let said = desk.run(&["check", "@inner"]);
    assert!(said.out.contains("no annotation file"), "{}", said.out);
}

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
                "sourcemark: this is a file of Sourcemark, not an article; name the article: `{name}`\n"
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
        assert_eq!(said.err, "sourcemark: no difference\n");
    }
    let said = desk.run(&["diff", "@collection.ron", "@copy.ron"]);
    assert!(
        said.err.contains("cannot be"),
        "each is read itself: {}",
        said.err
    );
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
            "{file}:{}:5: the article `a.txt` is not the text",
            line_of("hash:")
        ),
        format!(
            "{file}:{}:7: the passage has moved from code point 16 to 3:2: `We never",
            line_of(&format!("id: \"{}\"", id(0)))
        ),
        format!(
            "{file}:{}:7: the passage has changed, it may be the one at 5:1: `The ministry",
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
        said.out.contains("changed after it was written"),
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

/// A stream that refuses everything in one way.
struct Refusing(io::ErrorKind);

impl Write for Refusing {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(self.0.into())
    }
}

#[test]
fn a_closed_pipe_is_the_end_and_a_full_disk_a_failure() {
    let desk = desk();
    desk.tag(&["--quote", "ministry", "--as", "denial"]);
    for command in [
        &["list", "@a.txt"][..],
        &["list", "--json", "@a.txt"],
        &["--help"],
        &["--version"],
    ] {
        for (kind, exit) in [
            (io::ErrorKind::BrokenPipe, Exit::Done),
            (io::ErrorKind::StorageFull, Exit::Failed),
        ] {
            let mut err = Vec::new();
            let outcome = desk.start(command, &mut Refusing(kind), &mut err);
            assert_eq!(outcome, Outcome::Exit(exit));
            assert_eq!(err.is_empty(), exit == Exit::Done, "{command:?}");
        }
    }
    let nobody = &mut Refusing(io::ErrorKind::BrokenPipe);
    assert_eq!(
        desk.start(&["--wrong"], &mut Vec::new(), nobody),
        Outcome::Exit(Exit::Usage)
    );
}

#[test]
fn what_is_no_command_opens_the_window() {
    let opens = |args: &[&str]| desk().start(args, &mut Vec::new(), &mut Vec::new());
    let paths = |paths: &[&str]| Outcome::OpenWindow(paths.iter().map(PathBuf::from).collect());
    assert_eq!(opens(&[]), paths(&[]));
    assert_eq!(opens(&["a.txt", "b c.txt"]), paths(&["a.txt", "b c.txt"]));
    assert_eq!(opens(&["open", "list"]), paths(&["list"]));
    assert_eq!(opens(&["--", "-x"]), paths(&["-x"]));
}

#[test]
fn help_names_every_command_and_exit_code() {
    let said = desk().run(&["--help"]);
    assert_eq!((said.exit, said.err.as_str()), (Exit::Done, ""));
    for word in [
        "tag",
        "untag",
        "list",
        "check",
        "fmt",
        "reanchor",
        "editions",
        "render",
        "Exit codes:",
        "  3  ",
    ] {
        assert!(said.out.contains(word), "{word}");
    }
    assert!(
        said.out.lines().all(|line| line.chars().count() <= 110),
        "{}",
        said.out
    );
}

#[cfg(feature = "gui")]
#[test]
fn a_page_is_drawn_with_its_marks() {
    let desk = desk();
    desk.tag(&["--quote", "ministry", "--as", "denial"]);
    let draw = |desk: &Desk, args: &[&str]| {
        let fixed = [
            "render",
            "@a.txt",
            "--no-system-fonts",
            "--width",
            "400",
            "-o",
            "@a.png",
        ];
        let said = desk.run(&[&fixed, args].concat());
        assert_eq!(
            (said.exit, said.out.as_str()),
            (Exit::Done, "a.png\n"),
            "{}",
            said.err
        );
        image::open(desk.path("a.png")).unwrap().into_rgba8()
    };
    let whole = draw(&desk, &[]);
    assert_eq!(whole.width(), 400);
    let blue = |picture: &image::RgbaImage| {
        let is_blue = |pixel: &&image::Rgba<u8>| pixel.0[2] > pixel.0[0].saturating_add(60);
        picture.pixels().filter(is_blue).count()
    };
    assert!(blue(&whole) > 50, "the tag is seen");
    let first = draw(&desk, &["--to", "1"]);
    assert!(first.height() < whole.height() && blue(&first) == 0);
    let large = draw(&desk, &["--scale", "2", "--theme", "dark"]);
    assert_eq!(large.width(), 800);

    let over = desk.run(&["render", "@a.txt", "-o", "@a.txt"]);
    assert_eq!(over.exit, Exit::Failed, "{}", over.err);
    assert_eq!(fs::read_to_string(desk.path("a.txt")).unwrap(), ARTICLE);
    let none = desk.run(&["render", "@a.txt", "-o", "@b.png", "--from", "9"]);
    assert!(none.err.contains("has 4 paragraphs"), "{}", none.err);
    fs::write(
        desk.path("long.txt"),
        "A line of a long text.\n".repeat(5_000),
    )
    .unwrap();
    let high = desk.run(&["render", "@long.txt", "-o", "@b.png", "--no-system-fonts"]);
    assert!(high.err.contains("at most 30000"), "{}", high.err);
    assert!(!desk.path("b.png").exists());
}

#[test]
fn the_program_ends_quietly_when_nobody_reads_on() {
    let folder = tempfile::tempdir().unwrap();
    let article = folder.path().join("a.txt");
    let sentences: String = (0..2_000)
        .map(|n| format!("Sentence number {n} is false.\n"))
        .collect();
    fs::write(&article, &sentences).unwrap();
    let text = source(&sentences);
    let mut set = AnnotationSet::new(Article::describe(&text, "a.txt", "UTF-8"));
    let mut ids = CountingIds(0);
    for n in 0..2_000 {
        let made = annotation(&text, &format!("number {n} is"), &mut ids);
        set.annotations.insert(made.id, made.into());
    }
    save_annotations(&annotations_beside(&article), &set, Expected::New, false).unwrap();
    // More than a pipe holds, so that the program is still writing when its reader goes.
    let mut program = Command::new(env!("CARGO_BIN_EXE_sourcemark"))
        .args(["list".as_ref(), article.as_os_str()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    let mut reader = BufReader::new(program.stdout.take().unwrap());
    reader.read_line(&mut first).unwrap();
    drop(reader);
    let output = program.wait_with_output().unwrap();
    assert!(first.starts_with("1:10  "), "{first}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_display_the_program_says_so() {
    let output = Command::new(env!("CARGO_BIN_EXE_sourcemark"))
        .arg("a.txt")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("window"), "{said}");
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
        "sourcemark: 1 annotation can be read, 1 problem; -o writes them to a copy\n"
    );

    // Neither the damaged file nor any other is written over.
    for there in ["@a.txt", "@a.txt.annotations.ron"] {
        let said = desk.run(&["salvage", "@a.txt", "-o", there]);
        assert_eq!(said.exit, Exit::Failed, "{}", said.out);
        assert!(
            said.err.contains("there is a file of this name now"),
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
    assert!(said.err.contains("nothing is lost"), "{}", said.err);
}

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
        said.err.contains("2 segments left as they were"),
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
