//! A temporary folder with the program's command line.

use super::sets::{CountingIds, time};
use sourcemark::{
    annotation::AnnotationSet,
    cli::{self, Env, Exit, Outcome},
    files::{Disk, Expected, Loaded, annotations_beside, read_annotations, save_annotations},
};
use std::{
    cell::{Cell, RefCell},
    ffi::OsString,
    fs,
    io::Write,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A folder of its own, and the command line on 1 March 2026 at noon, with ids that count up.
pub struct Desk {
    folder: TempDir,
    env: RefCell<Env>,
    n_commands: Cell<usize>,
}

/// How a command ended and what it printed, with the folder's path left out.
pub struct Said {
    pub exit: Exit,
    pub out: String,
    pub err: String,
}

impl Desk {
    /// A desk with an empty folder. The settings would be in its subfolder `settings`.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let env = Env {
            now: time("2026-03-01T12:00:00Z"),
            ids: Box::new(CountingIds(0)),
            creator: None,
            settings_folder: Some(folder.path().join("settings")),
            user_name: || None,
            disk: Disk::plain(),
        };
        Self {
            folder,
            env: RefCell::new(env),
            n_commands: Cell::new(0),
        }
    }

    /// Changes what the machine contributes to the commands that follow.
    pub fn set_up(&self, change: impl FnOnce(&mut Env)) {
        change(&mut self.env.borrow_mut());
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns how many commands were run so far.
    pub fn n_commands(&self) -> usize {
        self.n_commands.get()
    }

    /// Writes the article `name` and its annotations beside it, and makes the folder they are in.
    #[track_caller]
    pub fn put(&self, name: &str, text: &str, set: &AnnotationSet) {
        self.save(annotations_beside(Path::new(name)), set);
        fs::write(self.path(name), text).unwrap();
    }

    /// Writes the annotation file `name`, which must be new, and makes the folder it is in.
    #[track_caller]
    pub fn save(&self, name: impl AsRef<Path>, set: &AnnotationSet) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        save_annotations(&path, set, Expected::New, false).unwrap();
    }

    /// Reads the annotation file `name`, which must be whole.
    #[track_caller]
    pub fn set(&self, name: &str) -> AnnotationSet {
        match read_annotations(&self.path(name)) {
            Loaded::Loaded(file) => file.set,
            other => panic!("{other:?}"),
        }
    }

    /// Runs a command; `@name` means a file of the folder.
    #[track_caller]
    pub fn run(&self, args: &[&str]) -> Said {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let outcome = self.start(args, &mut out, &mut err);
        let Outcome::Exit(exit) = outcome else {
            panic!("{args:?} is no command: {outcome:?}");
        };
        let folder = format!("{}/", self.folder.path().display());
        let shown = |bytes| String::from_utf8(bytes).unwrap().replace(&folder, "");
        Said {
            exit,
            out: shown(out),
            err: shown(err),
        }
    }

    /// Runs a command, and joins what it printed to both streams.
    #[track_caller]
    pub fn run_joined(&self, args: &[&str]) -> (Exit, String) {
        let Said { exit, out, err } = self.run(args);
        (exit, out + &err)
    }

    /// Runs a command that prints to these streams, or returns what the window is to open.
    pub fn start(&self, args: &[&str], out: &mut dyn Write, err: &mut dyn Write) -> Outcome {
        self.n_commands.set(self.n_commands.get() + 1);
        let args = args.iter().map(|arg| match arg.strip_prefix('@') {
            Some(name) => self.path(name).into_os_string(),
            None => arg.into(),
        });
        let args: Vec<OsString> = std::iter::once("sourcemark".into()).chain(args).collect();
        cli::run(args, out, err, &mut self.env.borrow_mut())
    }
}
