//! Work that may take long, on threads of its own: the only place of the window that starts one.
//!
//! A job is given values, and answers with commands; it never touches the state. In tests jobs run at once, on
//! the caller's thread, so that nothing has to be waited for.

use super::{
    article::TagMap,
    command::{AppCommand, ArticleKey, ArticleOpened, CommandSender, MarksFound, Saved},
    file_dialog::ARTICLE_EXTENSIONS,
    job_kind::{JobFailure, JobKind},
    outside::OnePath,
    preferences::Preferences,
    tags::TagOrder,
};
use crate::{
    annotation::{AnnotationSet, Article, Marks},
    edit::{Point, Workspace},
    files::{self, ArticleFile, Disk, Expected, FileError, Loaded, LockOutcome, SaveOptions},
    format::ron::Trouble,
    text::{SourceText, Survey, count_words},
};
use std::{
    collections::BTreeMap,
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

/// Most articles opened from one folder.
pub const MAX_FROM_FOLDER: usize = 200;

/// The work that is under way.
pub struct Jobs {
    disk: Disk,
    /// Run jobs on the caller's thread.
    runs_inline: bool,
    /// How many jobs are under way whose outcome the next keys may be meant for.
    n_awaited: Arc<AtomicUsize>,
    stops: BTreeMap<ArticleKey, Arc<AtomicBool>>,
}

/// Counts a job that is awaited, until it ends in whatever way.
struct Awaited(Arc<AtomicUsize>);

impl Awaited {
    fn begin(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(count))
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Jobs {
    /// Jobs that work on `disk`: on threads, or, for tests, at once.
    pub fn new(disk: Disk, has_threads: bool) -> Self {
        Self {
            disk,
            runs_inline: !has_threads,
            n_awaited: Arc::default(),
            stops: BTreeMap::new(),
        }
    }

    /// The disk they work on.
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// Runs `work` beside the window.
    pub fn run(
        &self,
        kind: JobKind,
        sender: &CommandSender,
        work: impl FnOnce(&CommandSender) + Send + 'static,
    ) {
        if self.runs_inline {
            work(sender);
            return;
        }
        let for_thread = sender.clone();
        let started = std::thread::Builder::new()
            .name(kind.name().to_owned())
            .spawn(move || {
                // A mistake in a job must not leave the window waiting for its answer for ever.
                let done = panic::catch_unwind(AssertUnwindSafe(|| work(&for_thread)));
                if done.is_err() {
                    for_thread.send(AppCommand::JobFailed(kind, JobFailure::Panicked));
                }
            });
        if let Err(error) = started {
            let failure = JobFailure::NoThread(error.to_string());
            sender.send(AppCommand::JobFailed(kind, failure));
        }
    }

    /// [`run`](Self::run), for a job that shows something the person has asked for: keys that were pressed before
    /// anybody could see that it had begun wait for it.
    pub fn run_awaited(
        &self,
        kind: JobKind,
        sender: &CommandSender,
        work: impl FnOnce(&CommandSender) + Send + 'static,
    ) {
        let awaited = Awaited::begin(&self.n_awaited);
        self.run(kind, sender, move |sender| {
            work(sender);
            drop(awaited);
        });
    }

    /// Whether a job is under way whose outcome the next keys may be meant for.
    pub fn is_awaited(&self) -> bool {
        self.n_awaited.load(Ordering::Acquire) > 0
    }

    /// Lists the names in a folder.
    pub fn list_folder(&self, folder: PathBuf, sender: &CommandSender) {
        self.run_awaited(JobKind::ListFolder, sender, move |sender| {
            let names = folder_entries(&folder);
            sender.send(AppCommand::FolderListed(folder, names));
        });
    }

    /// Opens the article at `path` (or the article that the annotation file at `path` belongs to): first its
    /// text, then its marks. A folder answers with the articles in it.
    pub fn open(
        &mut self,
        key: ArticleKey,
        path: PathBuf,
        again: Option<Again>,
        who: &str,
        sender: &CommandSender,
    ) {
        self.cancel(key);
        let stop = Arc::new(AtomicBool::new(false));
        self.stops.insert(key, Arc::clone(&stop));
        let (disk, who) = (self.disk.clone(), who.to_owned());
        self.run_awaited(JobKind::Open(key), sender, move |sender| {
            if path.is_dir() {
                let articles = articles_in(&path);
                sender.send(AppCommand::FolderRead(key, path, articles));
                return;
            }
            let go_on = || !stop.load(Ordering::Relaxed);
            if let Err(error) = read(&disk, key, &path, again, &who, &go_on, sender)
                && go_on()
            {
                sender.send(AppCommand::OpenFailed(key, path, error));
            }
        });
    }

    /// Stops opening the article called `key`; what it had found is thrown away.
    pub fn cancel(&mut self, key: ArticleKey) {
        if let Some(stop) = self.stops.remove(&key) {
            stop.store(true, Ordering::Relaxed);
        }
    }

    /// Saves a snapshot of a set, which stands at `point` of its history.
    pub fn save(&self, order: SaveOrder, sender: &CommandSender) {
        let disk = self.disk.clone();
        self.run_awaited(JobKind::Save(order.key), sender, move |sender| {
            let result = expected(&disk, &order).and_then(|known| {
                disk.save_annotations(&order.path, &order.set, &known, &order.options)
            });
            sender.send(AppCommand::Saved(Box::new(Saved {
                key: order.key,
                one_path: disk.one_path(&order.path),
                path: order.path,
                set: order.set,
                point: order.point,
                result,
            })));
        });
    }

    /// Writes what the person prefers.
    pub fn save_preferences(&self, preferences: &Preferences, sender: &CommandSender) {
        let settings = preferences.to_settings();
        let Some(folder) = files::config_dir() else {
            // The system names no home: nothing can be remembered.
            sender.send(AppCommand::SettingsWritten(None));
            return;
        };
        let disk = self.disk.clone();
        self.run(JobKind::Preferences, sender, move |sender| {
            sender.send(AppCommand::SettingsWritten(
                disk.save_settings(&settings, &folder).err(),
            ));
        });
    }
}

/// How to read an article that is open already.
pub struct Again {
    /// In this encoding.
    pub encoding: &'static str,
    /// With these annotations: they may have been saved elsewhere than beside it.
    pub annotations_path: PathBuf,
}

/// What is to be saved, and over what.
pub struct SaveOrder {
    /// The article.
    pub key: ArticleKey,
    /// Where to.
    pub path: PathBuf,
    /// What.
    pub set: AnnotationSet,
    /// Its point in the history.
    pub point: Point,
    /// What may be written over.
    pub over: Over,
    /// How.
    pub options: SaveOptions,
}

/// What a save may write over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Over {
    /// Only what was loaded or saved last, or nothing where there was nothing.
    Known(Expected),
    /// Any annotation file that can be read: the person has said so.
    Readable,
}

fn expected(disk: &Disk, order: &SaveOrder) -> Result<Expected, FileError> {
    match &order.over {
        Over::Known(expected) => Ok(expected.clone()),
        Over::Readable => match disk.read_annotations(&order.path) {
            Loaded::New => Ok(Expected::New),
            Loaded::Loaded(loaded) => Ok(Expected::Same(loaded.identity)),
            Loaded::Unreadable(error) => Err(error),
        },
    }
}

/// The names in a folder, folders with a slash behind them, sorted; none when it cannot be read.
fn folder_entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = files::list_folder(folder)
        .into_iter()
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?;
            Some(if path.is_dir() {
                format!("{name}/")
            } else {
                name.to_owned()
            })
        })
        .collect();
    names.sort_by_key(|name| (!name.ends_with('/'), name.to_lowercase()));
    names
}

fn read(
    disk: &Disk,
    key: ArticleKey,
    path: &Path,
    again: Option<Again>,
    who: &str,
    go_on: &dyn Fn() -> bool,
    sender: &CommandSender,
) -> Result<(), FileError> {
    let encoding = again.as_ref().map(|again| again.encoding);
    let is_again = again.is_some();
    let (path, annotations_path) = if let Some(again) = again {
        (path.to_path_buf(), again.annotations_path)
    } else if files::is_annotations(path) {
        let article = files::article_of(path).unwrap_or_else(|| path.to_path_buf());
        (article, path.to_path_buf())
    } else {
        (path.to_path_buf(), files::annotations_beside(path))
    };
    let mut early = None;
    let file = match disk.read_article(&path, encoding) {
        Ok(file) if encoding.is_none() && !file.certain => {
            // A guess: the annotation file may know better.
            let loaded = early.insert(disk.read_annotations(&annotations_path));
            let again = match loaded {
                Loaded::Loaded(known) => disk.read_as_recorded(&path, &known.set.article),
                Loaded::New | Loaded::Unreadable(_) => None,
            };
            again.unwrap_or(file)
        }
        Ok(file) => file,
        Err(error) => {
            let loaded = early.insert(disk.read_annotations(&annotations_path));
            embedded(&path, loaded).ok_or(error)?
        }
    };
    if !go_on() {
        return Ok(());
    }
    let file_name = super::state::file_name(&path);
    // The text can be read before its identity is known: hashing a hundred megabytes takes a while.
    let unread = AnnotationSet::new(Article::unread(&file.text, &file_name, file.encoding));
    let empty = Workspace::new(unread, Marks::empty(&file.text));
    sender.send(AppCommand::ArticleOpened(Box::new(ArticleOpened {
        key,
        path: path.clone(),
        annotations_path: annotations_path.clone(),
        one_path: OnePath {
            article: disk.one_path(&path),
            annotations: disk.one_path(&annotations_path),
        },
        encoding: file.encoding,
        certain: file.certain,
        n_replaced: file.n_replaced,
        stat: file.stat.clone(),
        workspace: empty,
    })));
    // Before the annotations are read, so that nobody saves between the two. Whoever opens it again has it.
    let (lock, holder) = match is_again {
        true => (None, None),
        false => match disk.lock(&annotations_path, who) {
            Ok(LockOutcome::Held(lock)) => (Some(lock), None),
            Ok(LockOutcome::Other(holder)) => (None, Some(holder)),
            // Locks only inform: the comparison before each save protects.
            Ok(LockOutcome::Unavailable(_)) | Err(_) => (None, None),
        },
    };
    let unsaved_work = disk.recoverable_for(&path);
    let fresh = AnnotationSet::new(Article::describe(&file.text, &file_name, file.encoding));
    let loaded = early.unwrap_or_else(|| disk.read_annotations(&annotations_path));
    let is_damaged = matches!(loaded, Loaded::Unreadable(_));
    let (set, identity, options, read_only, findings) = match loaded {
        Loaded::New => (fresh, None, SaveOptions::default(), None, Vec::new()),
        Loaded::Loaded(loaded) => {
            let options = loaded.save_options();
            (
                loaded.set,
                Some(loaded.identity),
                options,
                loaded.read_only,
                loaded
                    .findings
                    .iter()
                    // Conflicts are told by themselves, with a way to settle them.
                    .filter(|finding| !matches!(finding.what, Trouble::OpenConflict { .. }))
                    .map(|finding| super::notifications::sentence(&finding.to_string()))
                    .collect(),
            )
        }
        Loaded::Unreadable(error) => {
            let reason = super::notifications::sentence(&super::notifications::chain(&error));
            (
                fresh,
                None,
                SaveOptions::default(),
                Some(reason),
                Vec::new(),
            )
        }
    };
    let Some(workspace) = workspace(&file.text, set, go_on) else {
        return Ok(());
    };
    let map = TagMap::new(workspace.set(), workspace.marks());
    let tags = TagOrder::new(workspace.set());
    let n_moved = workspace.marks().n_moved(workspace.set());
    sender.send(AppCommand::MarksFound(Box::new(MarksFound {
        key,
        workspace,
        map,
        tags,
        n_moved,
        n_words: count_words(file.text.as_str()),
        identity,
        options,
        read_only,
        is_damaged,
        findings,
        lock,
        holder,
        copies: disk.conflict_copies(&annotations_path),
        unsaved_work,
    })));
    if let Some(words) = super::unmerged::merge_left(disk, &annotations_path, &file.text) {
        sender.send(AppCommand::MergeLeft(key, Some(words)));
    }
    // Last, because nobody waits for it.
    let survey = Box::new(Survey::new(file.text.as_str()));
    sender.send(AppCommand::Surveyed(key, file.text, survey));
    Ok(())
}

/// The article that an annotation file carries in itself, for when there is none beside it.
fn embedded(path: &Path, loaded: &Loaded) -> Option<ArticleFile> {
    let Loaded::Loaded(file) = loaded else {
        return None;
    };
    let text = file.set.article.embedded_text.as_deref()?;
    if path.exists() {
        // There is one that cannot be read: showing another text in its place would mislead.
        return None;
    }
    Some(ArticleFile {
        path: path.to_owned(),
        text: SourceText::new(text.to_owned()).ok()?,
        encoding: "UTF-8",
        had_bom: false,
        certain: true,
        n_replaced: 0,
        stat: None,
    })
}

fn workspace(text: &SourceText, set: AnnotationSet, go_on: &dyn Fn() -> bool) -> Option<Workspace> {
    let marks = Marks::find(text, &set, go_on)?;
    Some(Workspace::new(set, marks))
}

/// The articles of a folder by name, without annotation files and hidden ones.
fn articles_in(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = files::list_folder(folder)
        .into_iter()
        .filter(|path| {
            let extension = path
                .extension()
                .map(|end| end.to_string_lossy().to_lowercase());
            let is_article = extension
                .is_some_and(|end| end != "ron" && ARTICLE_EXTENSIONS.contains(&end.as_str()));
            let is_hidden = super::state::file_name(path).starts_with('.');
            is_article && !is_hidden && path.is_file() && !files::is_annotations(path)
        })
        .collect();
    found.sort();
    found.truncate(MAX_FROM_FOLDER);
    found
}
