//! A git repository in a temporary folder, with settings of nobody's machine. Without git, whatever uses it fails.

use super::{
    edits::{Step, edit_of, person, stamp},
    sets::CountingIds,
};
use sourcemark::{
    annotation::{AnnotationSet, Article, Marks},
    edit::{Edit, Workspace},
    files::{
        Expected, Loaded, annotations_beside, read_annotations, read_article, save_annotations,
    },
};
use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

/// A folder that holds repositories.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A new repository in the folder `name`, on the branch `main`.
    pub fn repo(&self, name: &str) -> Repo {
        let repo = self.open(name);
        fs::create_dir(&repo.folder).unwrap();
        repo.git(&["init", "-q", "-b", "main"]);
        repo
    }

    /// A path in the folder.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    /// The repository in the folder `name`.
    pub fn open(&self, name: &str) -> Repo {
        Repo {
            folder: self.0.path().join(name),
            path_first: None,
            home: self.0.path().to_owned(),
        }
    }
}

/// The moment that edits in a repository are counted from, in seconds since 1970: `check` reports older times.
pub const START: i64 = 1_700_000_000;

/// The program that is tested.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_sourcemark");

pub struct Repo {
    pub folder: PathBuf,
    /// Where programs are looked for first.
    pub path_first: Option<PathBuf>,
    home: PathBuf,
}

impl Repo {
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn run(&self, program: impl AsRef<OsStr>, args: &[&str]) -> Output {
        let program = program.as_ref();
        let mut command = Command::new(program);
        if let Some(first) = &self.path_first {
            let rest = std::env::var_os("PATH").unwrap_or_default();
            let all = [first.clone()]
                .into_iter()
                .chain(std::env::split_paths(&rest));
            command.env("PATH", std::env::join_paths(all).unwrap());
        }
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(name);
        }
        command
            .args(args)
            .current_dir(&self.folder)
            .env("HOME", &self.home)
            .env("XDG_CONFIG_HOME", &self.home)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_EDITOR", "true")
            .env("GIT_AUTHOR_NAME", "Ana")
            .env("GIT_AUTHOR_EMAIL", "ana@example.org")
            .env("GIT_COMMITTER_NAME", "Ana")
            .env("GIT_COMMITTER_EMAIL", "ana@example.org")
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", "protocol.file.allow")
            .env("GIT_CONFIG_VALUE_0", "always")
            .output()
            .unwrap_or_else(|error| {
                panic!("{program:?} cannot be started; is it installed? {error}")
            })
    }

    /// Asks git, which may say no; whether it said yes, and what it said.
    pub fn try_git(&self, args: &[&str]) -> (bool, String) {
        let output = self.run("git", args);
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        (output.status.success(), said)
    }

    /// Asks git, which must say yes.
    #[track_caller]
    pub fn git(&self, args: &[&str]) -> String {
        let (done, said) = self.try_git(args);
        assert!(done, "git {args:?}: {said}");
        said
    }

    /// The program itself: its exit code and what it said.
    pub fn sourcemark(&self, args: &[&str]) -> (i32, String) {
        self.sourcemark_at(Path::new(PROGRAM), args)
    }

    /// The same with a copy of the program.
    pub fn sourcemark_at(&self, program: &Path, args: &[&str]) -> (i32, String) {
        let output = self.run(program, args);
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        (output.status.code().unwrap(), said)
    }

    #[track_caller]
    pub fn install(&self) {
        let (code, said) = self.sourcemark(&["git", "install"]);
        assert_eq!(code, 0, "{said}");
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    #[track_caller]
    pub fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
    }

    /// The annotations of the article `name`, which must be a whole file if there are any.
    #[track_caller]
    pub fn set(&self, name: &str) -> AnnotationSet {
        load(&annotations_beside(&self.path(name)))
            .map_or_else(|| fresh(&self.path(name)), |(set, ..)| set)
    }

    /// Edits the annotations of the article `name` and saves them.
    #[track_caller]
    pub fn edit(&self, name: &str, who: u128, ids: &mut CountingIds, second: i64, edit: &Edit) {
        self.change(name, |workspace| {
            workspace
                .apply(edit, &mut stamp(person(who), ids, START + second))
                .unwrap();
        });
    }

    /// Lets random edits happen; those that do not fit are left out.
    pub fn steps(&self, name: &str, who: u128, ids: &mut CountingIds, second: i64, steps: &[Step]) {
        self.change(name, |workspace| {
            for (n, step) in steps.iter().enumerate() {
                let stamp = &mut stamp(person(who), ids, START + second + n as i64);
                drop(workspace.apply(&edit_of(workspace, *step), stamp));
            }
        });
    }

    #[track_caller]
    fn change(&self, name: &str, change: impl FnOnce(&mut Workspace)) {
        let path = self.path(name);
        let annotations = annotations_beside(&path);
        let text = read_article(&path, None).unwrap().text;
        let (set, expected, crlf) =
            load(&annotations).unwrap_or_else(|| (fresh(&path), Expected::New, false));
        let marks = Marks::find(&text, &set, &|| true).unwrap();
        let mut workspace = Workspace::new(set, marks);
        change(&mut workspace);
        save_annotations(&annotations, workspace.set(), expected, crlf).unwrap();
    }
}

fn fresh(path: &Path) -> AnnotationSet {
    let text = read_article(path, None).unwrap().text;
    let name = path.file_name().unwrap().to_string_lossy();
    AnnotationSet::new(Article::describe(&text, &name, "UTF-8"))
}

#[track_caller]
fn load(path: &Path) -> Option<(AnnotationSet, Expected, bool)> {
    match read_annotations(path) {
        Loaded::New => None,
        Loaded::Loaded(file) => Some((file.set, Expected::Same(file.identity), file.crlf)),
        Loaded::Unreadable(error) => panic!("{error}"),
    }
}
