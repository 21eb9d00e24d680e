//! A desk with one article on it: edits go to a workspace and to its journal, as in the window, and the program
//! can end at any moment without a word.

use crate::support::sets::{CountingIds, source, time};
use sourcemark::{
    annotation::{
        Agent, AgentId, AgentKind, AnnotationId, AnnotationSet, Article, Kept, Marks, TagId,
    },
    edit::{Change, Edit, Stamp, Workspace},
    files::{
        Base, Disk, Expected, Identity, JournalEvent, JournalNews, JournalSender, JournalStart,
        JournalWriter, Journals, Loaded, Recoverable, Recovery, annotations_beside,
        fs::{Fs, RealFs},
    },
    text::{SourceText, TextRange},
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

/// What is written about on the desk.
pub const TEXT: &str = "Officials denied it. The vendor repeated its denial. An expert doubted both. \
    A court had ruled on such a case in 2019, and nobody had appealed.\n";

/// A folder with an article, and the disk that both lie on.
pub struct Room {
    _folder: tempfile::TempDir,
    pub disk: Disk,
    pub state: PathBuf,
    pub article: PathBuf,
    pub text: SourceText,
}

impl Room {
    pub fn new() -> Self {
        Self::on(Arc::new(RealFs))
    }

    /// The same on another file system, which must lead to the machine's.
    pub fn on(fs: Arc<dyn Fs>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let article = folder.path().join("news.txt");
        fs::write(&article, TEXT).unwrap();
        let state = folder.path().join("state");
        Self {
            disk: Disk::new(fs, Some(state.clone())),
            state,
            article,
            text: source(TEXT),
            _folder: folder,
        }
    }

    pub fn annotations(&self) -> PathBuf {
        annotations_beside(&self.article)
    }

    /// The paths of all files in the journal folder, sorted.
    pub fn journal_files(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.state.join("journal")) else {
            return Vec::new();
        };
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    }

    /// The endings of their names.
    pub fn endings(&self) -> Vec<String> {
        let endings = self.journal_files().into_iter().map(|path| {
            let ending = path.extension().unwrap();
            ending.to_string_lossy().into_owned()
        });
        let mut endings: Vec<String> = endings.collect();
        endings.sort();
        endings
    }

    pub fn journal(&self) -> PathBuf {
        let mut files = self.journal_files().into_iter();
        files
            .find(|path| path.extension().is_some_and(|ending| ending == "jnl"))
            .unwrap()
    }

    #[track_caller]
    pub fn only_recovery(&self) -> Recovery {
        let Recoverable {
            mut found,
            problems,
        } = self.disk.recoverable_for(&self.article);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }

    /// The set in the annotation file, or a new one.
    pub fn load(&self) -> (AnnotationSet, Option<Identity>) {
        match self.disk.read_annotations(&self.annotations()) {
            Loaded::New => {
                let article = Article::describe(&self.text, "news.txt", "UTF-8");
                (AnnotationSet::new(article), None)
            }
            Loaded::Loaded(file) => (file.set, Some(file.identity)),
            Loaded::Unreadable(error) => panic!("{error}"),
        }
    }

    /// What recovering gives on the file as it is.
    pub fn recovered(&self, recovery: &Recovery) -> AnnotationSet {
        recovery.apply_to(&self.load().0).set
    }
}

/// The article, open.
pub struct Desk<'a> {
    pub room: &'a Room,
    pub workspace: Workspace,
    pub identity: Option<Identity>,
    pub journals: Journals,
    pub journal: JournalSender,
    pub writer: JournalWriter,
    pub events: Vec<JournalEvent>,
    pub now: Instant,
    ids: CountingIds,
}

impl<'a> Desk<'a> {
    pub fn open(room: &'a Room) -> Self {
        let (set, identity) = room.load();
        let marks = Marks::find(&room.text, &set, &|| true).unwrap();
        let (journals, writer) = room.disk.journals().unwrap();
        let journal = journals.begin(JournalStart {
            article: room.article.clone(),
            annotations: room.annotations(),
            identity: identity.clone(),
            set: set.clone(),
        });
        let n_before = set.annotations.len() as u128;
        Self {
            room,
            workspace: Workspace::new(set, marks),
            identity,
            journals,
            journal,
            writer,
            events: Vec::new(),
            now: Instant::now(),
            ids: CountingIds(n_before * 1_000),
        }
    }

    pub fn set(&self) -> &AnnotationSet {
        self.workspace.set()
    }

    /// Lets the writer do what is to be done.
    pub fn settle(&mut self) -> Option<Instant> {
        let events = &mut self.events;
        self.writer.step(self.now, &mut |event| events.push(event))
    }

    pub fn wait(&mut self, time: Duration) {
        self.now += time;
        self.settle();
    }

    #[track_caller]
    pub fn edit(&mut self, edit: &Edit) -> Change {
        let mut stamp = Stamp {
            now: time("2026-03-01T12:00:00Z"),
            agent: Agent {
                id: AgentId::from_u128(9),
                name: "Ana".to_owned(),
                kind: AgentKind::Person,
                kept: Kept::default(),
            },
            ids: &mut self.ids,
        };
        let change = self.workspace.apply(edit, &mut stamp).unwrap();
        self.journal.append(&change);
        change
    }

    /// Marks the `n`th word, with a tag if `n` is even, and returns the annotation.
    #[track_caller]
    pub fn mark(&mut self, n: usize) -> AnnotationId {
        let words: Vec<&str> = TEXT.split_whitespace().collect();
        let word = words[n % words.len()];
        let start = word.as_ptr() as usize - TEXT.as_ptr() as usize;
        let tag = TagId::parse("denial").unwrap();
        let change = self.edit(&Edit::Annotate {
            segments: vec![TextRange::from_bytes(start..start + word.len())],
            tags: if n.is_multiple_of(2) {
                vec![tag]
            } else {
                Vec::new()
            },
            note: String::new(),
            speaker: None,
        });
        change.annotations().next().unwrap().key
    }

    pub fn note(&mut self, id: AnnotationId, note: &str) {
        self.edit(&Edit::SetNote {
            id,
            note: note.to_owned(),
        });
    }

    pub fn undo(&mut self) {
        if let Some(change) = self.workspace.undo() {
            self.journal.append(&change);
        }
    }

    pub fn redo(&mut self) {
        if let Some(change) = self.workspace.redo() {
            self.journal.append(&change);
        }
    }

    /// Writes `set` to the annotation file and says nothing to the journal.
    pub fn write_file(&mut self, set: &AnnotationSet) -> Identity {
        let expected = match &self.identity {
            Some(identity) => Expected::Same(identity.clone()),
            None => Expected::New,
        };
        let path = self.room.annotations();
        let saved = Disk::plain().save_annotations(&path, set, expected, false);
        let identity = saved.unwrap();
        self.identity = Some(identity.clone());
        identity
    }

    /// Saves a snapshot that was taken some changes ago.
    pub fn save_snapshot(&mut self, set: AnnotationSet) {
        let identity = self.write_file(&set);
        self.journal.saved(&self.room.annotations(), identity, set);
    }

    pub fn save(&mut self) {
        self.save_snapshot(self.set().clone());
    }

    /// The program ends without a word; what it had, it had.
    pub fn crash(mut self) -> AnnotationSet {
        self.settle();
        self.set().clone()
    }

    pub fn news(&self) -> Vec<&'static str> {
        let news = self.events.iter().map(|event| match event.what {
            JournalNews::Failed(_) => "failed",
            JournalNews::Resumed => "resumed",
        });
        news.collect()
    }
}
