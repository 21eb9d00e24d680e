//! Commands about files: open them, show them, go from one to the next.

use crate::{
    app::{
        base::{paths::file_name, widgets::count},
        core::{
            command::{ArticleOpened, CommandSender, MarksFound, PickPurpose, Step},
            edits, file_dialog, go,
            open_job::{self, Again, MAX_FROM_FOLDER},
            save,
        },
        session::{
            Opening, Session,
            article::{ArticleKey, OpenArticle},
            event::{DialogKind, Event},
            names::NameWarnings,
            notices::{Offer, Weight},
            outside::Outside,
            shown::{Filter, Looks, TagMap},
            tags::TagOrder,
        },
    },
    files::{FileError, SaveOptions},
    reader::Reader,
    text::Survey,
};
use std::path::{Path, PathBuf};

/// Lets the person choose files.
pub fn pick(state: &mut Session, purpose: PickPurpose, sender: &CommandSender) {
    edits::commit_drafts(state);
    let article = match purpose {
        PickPurpose::Open => state.article(),
        PickPurpose::SaveAs(key) => state.find(key),
    };
    let known = article.map(|article| match purpose {
        PickPurpose::Open => article.path.clone(),
        PickPurpose::SaveAs(_) => article.annotations_path.clone(),
    });
    let folder = known
        .as_deref()
        .or(state.preferences.recent.first().map(PathBuf::as_path))
        .and_then(Path::parent);
    let name = match purpose {
        PickPurpose::Open => None,
        PickPurpose::SaveAs(_) => known.as_deref().map(file_name),
    };
    file_dialog::pick(&state.jobs, purpose, folder, name.as_deref(), sender);
}

/// The file dialog was closed, or there is none.
pub fn picked(
    state: &mut Session,
    purpose: PickPurpose,
    paths: Option<Vec<PathBuf>>,
    sender: &CommandSender,
) {
    match (purpose, paths) {
        (PickPurpose::Open, Some(paths)) => open_paths(state, paths, sender),
        (PickPurpose::SaveAs(key), Some(paths)) => {
            if let Some(path) = paths.into_iter().next() {
                save::save_at(state, key, path, sender);
            }
        }
        (PickPurpose::Open, None) => state.ask(DialogKind::OpenPath),
        (PickPurpose::SaveAs(key), None) => state.ask(DialogKind::SavePath(key)),
    }
}

/// Opens files and folders; what is open already is shown. The first of them is shown when it is there.
pub fn open_paths(state: &mut Session, paths: Vec<PathBuf>, sender: &CommandSender) {
    let mut activate = true;
    for path in paths {
        let path = std::path::absolute(&path).unwrap_or(path);
        let is_open =
            |article: &&OpenArticle| article.path == path || article.annotations_path == path;
        if let Some(key) = state.articles.iter().find(is_open).map(|open| open.key) {
            if activate {
                view_article(state, key);
            }
        } else if !state.opening.iter().any(|opening| opening.path == path) {
            let key = state.new_key();
            state.opening.push(Opening {
                key,
                path: path.clone(),
                activate,
            });
            open_job::start(state, key, path, None, sender);
        }
        activate = false;
    }
}

/// A folder was looked through.
pub fn folder_read(
    state: &mut Session,
    key: ArticleKey,
    folder: &Path,
    articles: Vec<PathBuf>,
    sender: &CommandSender,
) {
    let is_wanted = state.opening.iter().any(|opening| opening.key == key);
    state.stop_opening(key);
    state.opening.retain(|opening| opening.key != key);
    if !is_wanted {
        return; // Cancelled.
    }
    if articles.is_empty() {
        state.notifications.info(
            "No articles in this folder",
            &format!(
                "{} contains no text files. Articles end in .txt, .text, .md or .markdown.",
                folder.display()
            ),
        );
    }
    if articles.len() >= MAX_FROM_FOLDER {
        state.notifications.info(
            "Only the first articles were opened",
            &format!(
                "{} contains more than {MAX_FROM_FOLDER} text files. The first {MAX_FROM_FOLDER} by name were opened.",
                folder.display()
            ),
        );
    }
    open_paths(state, articles, sender);
}

/// An article can be shown; its marks follow.
pub fn article_opened(state: &mut Session, opened: ArticleOpened, sender: &CommandSender) {
    let Some(opening) = state
        .opening
        .iter()
        .find(|opening| opening.key == opened.key)
        .cloned()
    else {
        return; // Cancelled.
    };
    // An annotation file was named whose article is open already, or both were reached by another link. The same
    // text with annotations of its own beside a link to it is another article.
    let is_open = |article: &&OpenArticle| {
        let is_same = article.path == opened.path || article.outside.one_path == opened.one_path;
        is_same && article.key != opened.key
    };
    if let Some(open) = state.articles.iter().find(is_open).map(|open| open.key) {
        state.stop_opening(opened.key);
        state.opening.retain(|opening| opening.key != opened.key);
        view_article(state, open);
        return;
    }
    let filter = Filter::default();
    let article = OpenArticle {
        key: opened.key,
        annotations_path: opened.annotations_path,
        encoding: opened.encoding,
        n_replaced: opened.n_replaced,
        reader: Reader::new(opened.workspace.text().clone()),
        identity: None,
        options: SaveOptions::default(),
        is_loading: true,
        read_only: None,
        is_damaged: false,
        is_saving: false,
        next_save: None,
        chosen: None,
        looks: Looks::new(&opened.workspace, state.theme(), &filter),
        filter,
        map: TagMap::default(),
        n_moved: 0,
        n_words: None,
        survey: Survey::default(),
        names: NameWarnings::default(),
        tags: TagOrder::default(),
        came_from: Vec::new(),
        has_focus: false,
        outside: Outside {
            one_path: opened.one_path,
            stat: opened.stat,
            ..Outside::default()
        },
        workspace: opened.workspace,
        path: opened.path,
    };
    if opened.n_replaced > 0 {
        state.notifications.warn(
            "Some characters could not be read",
            &format!(
                "{} places in {} are not valid {}. Choose another encoding in File → Encoding.",
                opened.n_replaced,
                article.file_name(),
                article.encoding,
            ),
        );
    } else if !opened.certain {
        state.notifications.info(
            &format!("Read as {}", article.encoding),
            "The encoding was guessed. If letters look wrong, choose another one in File → Encoding.",
        );
    }
    let path = article.path.clone();
    let key = article.key;
    if state
        .find(key)
        .is_some_and(|known| known.is_unsaved() || known.is_saving)
    {
        // It was to be read in another encoding, and something was marked while that went on.
        state.stop_opening(key);
        state.opening.retain(|opening| opening.key != key);
        state.notifications.warn(
            "The encoding was not changed",
            "You annotated the article in the meantime. Save the annotations, then choose the encoding again.",
        );
        return;
    }
    match state.find_mut(key) {
        Some(known) => {
            let (lock, journal) = (known.outside.lock.take(), known.outside.journal.take());
            *known = article;
            (known.outside.lock, known.outside.journal) = (lock, journal);
        }
        None => {
            // Threads end in any order; the list keeps the order that was asked for.
            let place = state.articles.partition_point(|known| known.key < key);
            state.articles.insert(place, article);
        }
    }
    if opening.activate || state.active.is_none() {
        view_article(state, key);
    }
    go::prefer(state, sender, |known| known.remember(&path));
}

/// An article's marks can be shown.
pub fn marks_found(state: &mut Session, found: MarksFound, sender: &CommandSender) {
    state.stop_opening(found.key);
    state.opening.retain(|opening| opening.key != found.key);
    let theme = state.theme().clone();
    let journals = state.journals.clone();
    let Some(article) = state.find_mut(found.key) else {
        return;
    };
    article.workspace = found.workspace;
    article.map = found.map;
    article.tags = found.tags;
    article.n_moved = found.n_moved;
    article.n_words = Some(found.n_words);
    article.identity.clone_from(&found.identity);
    article.options = found.options;
    article.read_only = found.read_only;
    article.is_damaged = found.is_damaged;
    article.is_loading = false;
    article.outside.base = found.identity.map(|_| article.workspace.set().clone());
    // One that is read again in another encoding has its lock already.
    article.outside.lock = article.outside.lock.take().or(found.lock);
    article.outside.holder = found.holder;
    article.outside.copies = found.copies;
    if article.outside.holder.is_none() && article.read_only.is_none() {
        article.begin_journal(journals.as_ref());
    }
    article
        .looks
        .renew(&article.workspace, &theme, &article.filter);
    let (path, headline) = (
        article.path.clone(),
        article.workspace.set().article.title.clone(),
    );
    let name = article.file_name();
    let n_findings = found.findings.len();
    if n_findings > 0 {
        let mut text = found
            .findings
            .iter()
            .take(3)
            .cloned()
            .collect::<Vec<_>>()
            .join(" ");
        if n_findings > 3 {
            text.push_str(&format!(" And {} more.", n_findings - 3));
        }
        state
            .notifications
            .warn(&format!("Annotations of {name}"), &text);
    }
    go::prefer(state, sender, |known| {
        known.remember_headline(&path, &headline);
    });
    tell_conflicts(state, found.key);
    state.tell(Event::ArticleReady(found.key));
}

/// Tells that conflicts are open in an article that was just opened, if there are any.
fn tell_conflicts(state: &mut Session, key: ArticleKey) {
    let Some(article) = state.find(key) else {
        return;
    };
    let name = article.file_name();
    let title = match article.workspace.set().conflicts.len() {
        0 => return,
        1 => format!("{name}: 1 merge conflict"),
        n => format!("{name}: {} merge conflicts", count(n)),
    };
    let text = "A merge found changes it cannot combine. Choose a value for each conflict; until then one of them is shown.";
    let offers = vec![Offer::Conflicts(key)];
    state
        .notifications
        .add(Weight::Warning, &title, text, offers);
}

/// An article could not be opened.
pub fn open_failed(
    state: &mut Session,
    key: ArticleKey,
    path: &Path,
    error: &FileError,
    sender: &CommandSender,
) {
    state.stop_opening(key);
    state.opening.retain(|opening| opening.key != key);
    if state.preferences.recent.iter().any(|known| known == path) {
        forget_recent(state, path, sender);
    }
    let title = format!("{} could not be opened", file_name(path));
    state.notifications.problem(&title, error, Vec::new());
}

/// Stops all opening.
pub fn cancel_opening(state: &mut Session) {
    for opening in std::mem::take(&mut state.opening) {
        state.stop_opening(opening.key);
        // An article whose marks are not known must not be saved over them.
        state
            .articles
            .retain(|article| article.key != opening.key || !article.is_loading);
    }
    activate_any(state);
}

/// Reads an article again in another encoding.
pub fn reopen(
    state: &mut Session,
    key: ArticleKey,
    encoding: &'static str,
    sender: &CommandSender,
) {
    let Some(article) = state.find(key) else {
        return;
    };
    if article.is_loading || article.is_saving {
        state.notifications.info(
            "Please wait",
            "The article is still being read or saved. Choose the encoding again after that.",
        );
        return;
    }
    if article.is_unsaved() {
        state.notifications.warn(
            "Save first",
            "The article has unsaved annotations. Save or undo them, then choose the encoding again.",
        );
        return;
    }
    let path = article.path.clone();
    let again = Again {
        encoding,
        annotations_path: article.annotations_path.clone(),
    };
    state.opening.push(Opening {
        key,
        path: path.clone(),
        activate: true,
    });
    open_job::start(state, key, path, Some(again), sender);
}

/// Takes a path off the list of recent files.
pub fn forget_recent(state: &mut Session, path: &Path, sender: &CommandSender) {
    go::prefer(state, sender, |known| {
        known.recent.retain(|other| other != path)
    });
}

/// Takes an article off the list and shows its neighbour.
pub fn remove(state: &mut Session, key: ArticleKey) {
    state.stop_opening(key);
    state.opening.retain(|opening| opening.key != key);
    state.notifications.withdraw_offers_of(key);
    let place = state.articles.iter().position(|article| article.key == key);
    // It is saved, or the person does not want what is not.
    if let Some(journal) = state
        .find_mut(key)
        .and_then(|article| article.outside.journal.take())
    {
        journal.end();
    }
    state.articles.retain(|article| article.key != key);
    if state.active == Some(key) {
        state.active = None;
        let neighbour = place.and_then(|place| {
            state
                .articles
                .get(place)
                .or_else(|| state.articles.get(place.checked_sub(1)?))
        });
        if let Some(key) = neighbour.map(|article| article.key) {
            view_article(state, key);
        }
    }
    activate_any(state);
}

fn activate_any(state: &mut Session) {
    if state.article().is_none() {
        state.active = state.articles.first().map(|article| article.key);
    }
}

/// Shows an article.
pub fn activate(state: &mut Session, key: ArticleKey) {
    view_article(state, key);
}

fn view_article(state: &mut Session, key: ArticleKey) {
    if state.active != Some(key) {
        edits::commit_drafts(state);
        state.drafts.forget();
        if let Some(article) = state.article_mut() {
            article.reader.rest();
        }
        state.active = Some(key);
        state.list.scroll_to = state.article().and_then(|article| article.chosen);
    }
    go::with_reader(state, |reader| reader.take_focus());
}

/// Shows the next or previous article.
pub fn cycle(state: &mut Session, step: Step) {
    let n_articles = state.articles.len();
    let place = state
        .articles
        .iter()
        .position(|article| Some(article.key) == state.active);
    let Some(place) = place else {
        return;
    };
    let next = match step {
        Step::Forward => (place + 1) % n_articles,
        Step::Back => (place + n_articles - 1) % n_articles,
    };
    if let Some(key) = state.articles.get(next).map(|article| article.key) {
        view_article(state, key);
    }
}
