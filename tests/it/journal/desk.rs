//! A desk with one article on it: edits go to a workspace and to its journal, as in the window, and the program
//! can end at any moment without a word.

use crate::support::{
    memory_fs::{Limits, MemoryFs},
    sets::{CountingIds, source, time},
};
use sourcemark::{
    annotation::{
        Agent, AgentId, AgentKind, AnnotationId, AnnotationSet, Article, Kept, Marks, TagId,
    },
    edit::{Change, Edit, Stamp, Workspace},
    files::{
        Disk, Expected, Identity, JournalEvent, JournalNews, JournalSender, JournalStart,
        JournalWriter, Journals, Loaded, Recoverable, Recovery, SaveOptions, fs::Fs,
    },
    text::{SourceText, TextRange},
};
use std::{
    cell::Cell,
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

/// What is written about on the desk.
pub const TEXT: &str = "Officials denied it. The vendor repeated its denial. An expert doubted both. \
    A court had ruled on such a case in 2019, and nobody had appealed.\n";

/// Where the article lies.
pub const ARTICLE: &str = "/d/news.txt";
/// Where its annotations do.
pub const ANNOTATIONS: &str = "/d/news.txt.annotations.ron";

/// A disk with an article on it, as one program sees it.
pub struct Room {
    pub memory: MemoryFs,
    pub disk: Disk,
    pub text: SourceText,
    n_ids: Cell<u128>,
}

impl Room {
    pub fn new() -> Self {
        let memory = MemoryFs::new(Limits::default());
        memory.plant(ARTICLE, TEXT.as_bytes());
        Self::of(memory)
    }

    /// The room as it is found on a disk.
    pub fn of(memory: MemoryFs) -> Self {
        let fs = Arc::new(memory.clone());
        Self::seen_through(memory, fs)
    }

    /// The room whose disk is worked with through `fs`, which leads to `memory`.
    pub fn seen_through(memory: MemoryFs, fs: Arc<dyn Fs>) -> Self {
        let disk = Disk::new(fs, Some("/s".into()));
        Self {
            memory,
            disk: disk.with_clock(|| time("2026-03-01T12:00:00Z")),
            text: source(TEXT),
            n_ids: Cell::new(0),
        }
    }

    pub fn annotations(&self) -> Option<Vec<u8>> {
        self.memory.content(ANNOTATIONS)
    }

    /// The files in the journal folder, by path.
    pub fn journal_files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = self.memory.files();
        files.retain(|path, _| path.starts_with("/s/journal"));
        files
    }

    /// The endings of their names.
    pub fn endings(&self) -> Vec<String> {
        let files = self.journal_files().into_keys();
        let endings = files.map(|path| path.extension().unwrap().to_string_lossy().into_owned());
        let mut endings: Vec<String> = endings.collect();
        endings.sort();
        endings
    }

    /// Path and bytes of the one journal.
    #[track_caller]
    pub fn journal(&self) -> (String, Vec<u8>) {
        let mut files = self.journal_files();
        files.retain(|path, _| path.extension().is_some_and(|ending| ending == "jnl"));
        assert_eq!(files.len(), 1);
        let (path, bytes) = files.pop_first().unwrap();
        (path.to_str().unwrap().to_owned(), bytes)
    }

    pub fn recoverable(&self) -> Recoverable {
        self.disk.recoverable_for(Path::new(ARTICLE))
    }

    #[track_caller]
    pub fn only_recovery(&self) -> Recovery {
        let Recoverable {
            mut found,
            problems,
        } = self.recoverable();
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }

    /// The set in the annotation file, or a new one.
    pub fn load(&self) -> (AnnotationSet, Option<Identity>) {
        let disk = Disk::new(Arc::new(self.memory.clone()), None);
        match disk.read_annotations(Path::new(ANNOTATIONS)) {
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
}

impl<'a> Desk<'a> {
    pub fn open(room: &'a Room) -> Self {
        let (set, identity) = room.load();
        let marks = Marks::find(&room.text, &set, &|| true).unwrap();
        let (journals, writer) = room.disk.journals().unwrap();
        let journal = journals.begin(JournalStart {
            article: ARTICLE.into(),
            annotations: ANNOTATIONS.into(),
            identity: identity.clone(),
            set: set.clone(),
        });
        Self {
            room,
            workspace: Workspace::new(set, marks),
            identity,
            journals,
            journal,
            writer,
            events: Vec::new(),
            now: Instant::now(),
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
        let mut ids = CountingIds(self.room.n_ids.get());
        let mut stamp = Stamp {
            now: time("2026-03-01T12:00:00Z"),
            agent: Agent {
                id: AgentId::from_u128(9),
                name: "Ana".to_owned(),
                kind: AgentKind::Person,
                kept: Kept::default(),
            },
            ids: &mut ids,
        };
        let change = self.workspace.apply(edit, &mut stamp).unwrap();
        self.room.n_ids.set(ids.0);
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

    /// Writes `set` to the annotation file and says nothing to the journal. Not through the disk of the room,
    /// which may have a fault: what fails here is the journal.
    pub fn write_file(&mut self, set: &AnnotationSet) -> Identity {
        let identity = write_file(&self.room.memory, set, self.identity.as_ref());
        self.identity = Some(identity.clone());
        identity
    }

    /// Saves a snapshot that was taken some changes ago.
    pub fn save_snapshot(&mut self, set: AnnotationSet) {
        let identity = self.write_file(&set);
        self.journal.saved(Path::new(ANNOTATIONS), identity, set);
    }

    pub fn save(&mut self) {
        self.save_snapshot(self.set().clone());
    }

    /// The program ends without a word; what it had, it had.
    pub fn crash(mut self) -> AnnotationSet {
        self.settle();
        self.set().clone()
    }

    /// Whether everything is on the disk, asked of the writer at once.
    pub fn flush(&mut self) -> bool {
        let journals = self.journals.clone();
        std::thread::scope(|scope| {
            let asked = scope.spawn(move || journals.flush(Duration::from_secs(60)));
            while !asked.is_finished() {
                self.settle();
                std::thread::yield_now();
            }
            asked.join().unwrap()
        })
    }

    pub fn news(&self) -> Vec<&'static str> {
        let news = self.events.iter().map(|event| match event.what {
            JournalNews::Failed(_) => "failed",
            JournalNews::Resumed => "resumed",
        });
        news.collect()
    }
}

/// Writes an annotation file over the one that is known.
pub fn write_file(memory: &MemoryFs, set: &AnnotationSet, known: Option<&Identity>) -> Identity {
    let expected = match known {
        Some(identity) => Expected::Same(identity.clone()),
        None => Expected::New,
    };
    let disk = Disk::new(Arc::new(memory.clone()), None);
    let options = SaveOptions::default();
    let saved = disk.save_annotations(Path::new(ANNOTATIONS), set, &expected, &options);
    saved.unwrap().identity
}
