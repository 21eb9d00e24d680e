//! The program as a whole: its help, the window it opens, and how it ends when nobody reads what it prints.

use super::{ARTICLE, OnArticle as _, desk};
use crate::support::sets::{CountingIds, annotation, source};
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

#[test]
fn what_is_no_command_opens_the_window() {
    let opens = |args: &[&str]| desk().start(args, &mut Vec::new(), &mut Vec::new());
    let paths = |paths: &[&str]| Outcome::OpenWindow(paths.iter().map(PathBuf::from).collect());
    assert_eq!(opens(&[]), paths(&[]));
    assert_eq!(opens(&["a.txt", "b c.txt"]), paths(&["a.txt", "b c.txt"]));
    assert_eq!(opens(&["open", "list"]), paths(&["list"]));
    assert_eq!(opens(&["--", "-x"]), paths(&["-x"]));
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

/// The first example of the README works for a person who has set nothing up: git's name counts, and without git the
/// name of the account.
#[cfg(unix)]
#[test]
fn the_first_mark_needs_no_set_up() {
    let home = tempfile::tempdir().unwrap();
    let config = "[user]\n\tname = Gitta Müller\n";
    fs::write(home.path().join(".gitconfig"), config).unwrap();
    let empty = home.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let tag = |name: &str, path: &std::ffi::OsStr, variables: &[(&str, &str)]| {
        let article = home.path().join(name);
        fs::write(&article, ARTICLE).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_sourcemark"))
            .args(["tag", article.to_str().unwrap()])
            .args(["--quote", "never built a back door", "--as", "denial"])
            .args(["--speaker", "Ran Haoyu"])
            .current_dir(home.path())
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", path)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}");
        let written = fs::read_to_string(annotations_beside(&article)).unwrap();
        let agents = written.split("agents: [").nth(1).unwrap();
        let name = agents.split("name: \"").nth(1).unwrap();
        (name.split('"').next().unwrap().to_owned(), said)
    };
    let (name, said) = tag("a.txt", &path, &[("SOURCEMARK_CREATOR", "Zoë")]);
    assert_eq!((name.as_str(), said.as_str()), ("Zoë", ""));
    let (name, said) = tag("b.txt", &path, &[]);
    assert_eq!(name, "Gitta Müller");
    assert!(said.contains("git's configuration"), "{said}");
    let (name, said) = tag("c.txt", empty.as_os_str(), &[("USER", "zoe")]);
    assert_eq!(name, "zoe");
    assert!(said.contains("the name of your account"), "{said}");
    // As in a container: no git, no variables.
    let (name, _) = tag("d.txt", empty.as_os_str(), &[]);
    assert!(!name.is_empty());
}
