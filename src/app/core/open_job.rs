//! The job that opens an article: first its text can be read, then its marks are found.

use crate::{
    annotation::{AnnotationSet, Article, Marks},
    app::{
        base::paths::file_name,
        core::{
            command::{AppCommand, ArticleOpened, CommandSender, MarksFound},
            file_dialog::ARTICLE_EXTENSIONS,
            job_kind::JobKind,
            unmerged::merge_left,
        },
        session::{
            Session,
            article::ArticleKey,
            notices::{chain, sentence},
            outside::OnePath,
            shown::TagMap,
            tags::TagOrder,
        },
    },
    edit::Workspace,
    files::{self, ArticleFile, Disk, FileError, Loaded, LockOutcome, SaveOptions},
    format::ron::Trouble,
    text::{SourceText, Survey, count_words},
};
use std::{
    path::{Path, PathBuf},
    sync::atomic::Ordering,
};

/// Most articles opened from one folder.
pub const MAX_FROM_FOLDER: usize = 200;

/// How to read an article that is open already.
pub struct Again {
    /// In this encoding.
    pub encoding: &'static str,
    /// With these annotations: they may have been saved elsewhere than beside it.
    pub annotations_path: PathBuf,
}

/// Opens the article at `path` (or the article that the annotation file at `path` belongs to): first its text, then its
/// marks. A folder answers with the articles in it.
pub fn start(
    state: &mut Session,
    key: ArticleKey,
    path: PathBuf,
    again: Option<Again>,
    sender: &CommandSender,
) {
    let stop = state.begin_opening(key);
    let disk = state.jobs.disk().clone();
    let who = state.preferences.me.name.clone();
    let job = JobKind::Open(key);
    state.jobs.run_awaited(job, sender, move |sender| {
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
    let file_name = file_name(&path);
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
                    .map(|finding| sentence(&finding.to_string()))
                    .collect(),
            )
        }
        Loaded::Unreadable(error) => {
            let reason = sentence(&chain(&error));
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
    })));
    if let Some(words) = merge_left(disk, &annotations_path, &file.text) {
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
            let is_hidden = file_name(path).starts_with('.');
            is_article && !is_hidden && path.is_file() && !files::is_annotations(path)
        })
        .collect();
    found.sort();
    found.truncate(MAX_FROM_FOLDER);
    found
}
