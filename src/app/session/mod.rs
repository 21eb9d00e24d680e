//! What is open, and what is known about it: articles, preferences, messages, what is being opened and saved.
//!
//! The core and the tools change it; panels read it and send commands.

pub mod article;
pub mod drafts;
pub mod event;
pub mod facts;
pub mod names;
pub mod notices;
pub mod outside;
pub mod preferences;
pub mod shown;
pub mod tags;

use crate::{
    annotation::{AnnotationId, IdSource, TagId, Timestamp},
    app::base::{
        jobs::Jobs,
        paths::shown_file_name,
        short,
        theme::{Theme, ThemeError, Themes},
    },
    edit::{Change, Edit, EditError, Stamp, difference},
    files::{Disk, Journals},
    reader::PageStyle,
};
use article::{ArticleKey, OpenArticle};
use drafts::Drafts;
use event::{DialogKind, Event};
use facts::Environment;
use jiff::tz::TimeZone;
use notices::Notifications;
use preferences::{Preferences, ThemeChoice};
use std::{
    collections::{BTreeMap, VecDeque},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// Where the time comes from.
pub trait Clock: Send {
    /// The moment now.
    fn now(&self) -> Timestamp;
}

/// What is being opened.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The key it will have.
    pub key: ArticleKey,
    /// Where it is.
    pub path: PathBuf,
    /// Show it when it is there.
    pub activate: bool,
}

/// How far the writing of preferences is. One job at a time: two would take each other for strangers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// What is on the disk is what is here.
    Done,
    /// A job writes them.
    UnderWay,
    /// A job writes them, and they have changed since.
    Outdated,
}

/// What the session needs from outside.
pub struct Surroundings {
    /// The clock.
    pub clock: Box<dyn Clock>,
    /// New names.
    pub ids: Box<dyn IdSource + Send>,
    /// The disk.
    pub disk: Disk,
    /// What the person prefers.
    pub preferences: Preferences,
    /// Whether to write preferences to the disk.
    pub keeps_preferences: bool,
    /// Whether to use the system's fonts beside the program's own.
    pub system_fonts: bool,
    /// Whether jobs run on threads; in tests they run at once.
    pub has_threads: bool,
    /// The folder with sample articles.
    pub samples: Option<PathBuf>,
    /// The clock on the person's wall.
    pub zone: TimeZone,
}

/// What is wanted of the list of annotations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListWishes {
    /// The card to bring into sight.
    pub scroll_to: Option<AnnotationId>,
    /// The list is to take the keyboard.
    pub focus: bool,
}

/// What is open, and what is known about it.
pub struct Session {
    /// Open articles, in the order of the list.
    pub articles: Vec<OpenArticle>,
    /// The one that is shown.
    pub active: Option<ArticleKey>,
    /// What is being opened.
    pub opening: Vec<Opening>,
    /// What the person prefers.
    pub preferences: Preferences,
    /// Whether preferences are written to disk.
    pub keeps_preferences: bool,
    /// How far writing them is.
    pub writing: Writing,
    /// Whose dialog is open: the name of the tool.
    pub modal: Option<&'static str>,
    /// What is being typed about the chosen annotation.
    pub drafts: Drafts,
    /// What is wanted of the list of annotations.
    pub list: ListWishes,
    /// What the person is told.
    pub notifications: Notifications,
    /// The tag of the marker in hand; `Some(None)` marks without tag.
    pub marker: Option<Option<TagId>>,
    /// The tag last marked with.
    pub last_marker: Option<TagId>,
    /// Work on other threads.
    pub jobs: Jobs,
    /// The journals of unsaved work; `None` when this machine has no place for them.
    pub journals: Option<Journals>,
    /// The three themes.
    pub themes: Themes,
    /// Whether the system prefers dark, as far as it says.
    pub system_is_dark: bool,
    /// The program is to end when the last save is done.
    pub is_quitting: bool,
    /// Articles to close when their save is done.
    pub closing: Vec<ArticleKey>,
    /// The window may close now.
    pub may_close: bool,
    /// What the last key needs that did nothing; shown until something is done.
    pub hint: Option<String>,
    /// Text for the clipboard.
    pub to_copy: Option<String>,
    /// The folder with sample articles.
    pub samples: Option<PathBuf>,
    /// The clock on the person's wall.
    pub zone: TimeZone,
    clock: Box<dyn Clock>,
    ids: Box<dyn IdSource + Send>,
    next_key: u64,
    /// What tools have not been told yet.
    events: VecDeque<Event>,
    /// What stops the opening of an article.
    stops: BTreeMap<ArticleKey, Arc<AtomicBool>>,
}

impl Session {
    /// Nothing open.
    ///
    /// # Errors
    /// When the themes that are part of the program cannot be read.
    pub fn new(surroundings: Surroundings) -> Result<Self, ThemeError> {
        Ok(Self {
            articles: Vec::new(),
            active: None,
            opening: Vec::new(),
            preferences: surroundings.preferences,
            keeps_preferences: surroundings.keeps_preferences,
            writing: Writing::Done,
            modal: None,
            drafts: Drafts::default(),
            list: ListWishes::default(),
            notifications: Notifications::default(),
            marker: None,
            last_marker: None,
            jobs: Jobs::new(surroundings.disk, surroundings.has_threads),
            journals: None,
            themes: Themes::read()?,
            system_is_dark: false,
            is_quitting: false,
            closing: Vec::new(),
            may_close: false,
            hint: None,
            to_copy: None,
            samples: surroundings.samples,
            zone: surroundings.zone,
            clock: surroundings.clock,
            ids: surroundings.ids,
            next_key: 0,
            events: VecDeque::new(),
            stops: BTreeMap::new(),
        })
    }

    /// Returns the name of an article's file for people, with its folder when another open article has the same name.
    pub fn name_of(&self, article: &OpenArticle) -> String {
        let name = article.path.file_name();
        let has_twin =
            |other: &OpenArticle| other.key != article.key && other.path.file_name() == name;
        let folder = article
            .path
            .parent()
            .filter(|_| self.articles.iter().any(has_twin));
        let shown = shown_file_name(&article.path);
        match folder.and_then(Path::file_name) {
            Some(folder) => format!("{}/{shown}", short::name(&folder.to_string_lossy())),
            None => shown,
        }
    }

    /// Returns the moment now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Tells the tools of `event`, as soon as the present message is handled.
    pub fn tell(&mut self, event: Event) {
        self.events.push_back(event);
    }

    /// Asks for a dialog.
    pub fn ask(&mut self, dialog: DialogKind) {
        self.tell(Event::Asked(dialog));
    }

    /// Returns the next event that the tools have not been told yet.
    pub fn next_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Begins to open the article called `key`; what was being read under that key is stopped. The flag becomes true
    /// when this is to stop.
    pub fn begin_opening(&mut self, key: ArticleKey) -> Arc<AtomicBool> {
        self.stop_opening(key);
        let stop = Arc::new(AtomicBool::new(false));
        self.stops.insert(key, Arc::clone(&stop));
        stop
    }

    /// Stops opening the article called `key`; what it had found is thrown away.
    pub fn stop_opening(&mut self, key: ArticleKey) {
        if let Some(stop) = self.stops.remove(&key) {
            stop.store(true, Ordering::Relaxed);
        }
    }

    /// The article that is shown.
    pub fn article(&self) -> Option<&OpenArticle> {
        self.find(self.active?)
    }

    /// The article that is shown.
    pub fn article_mut(&mut self) -> Option<&mut OpenArticle> {
        self.find_mut(self.active?)
    }

    /// The article with this key.
    pub fn find(&self, key: ArticleKey) -> Option<&OpenArticle> {
        self.articles.iter().find(|article| article.key == key)
    }

    /// The article with this key.
    pub fn find_mut(&mut self, key: ArticleKey) -> Option<&mut OpenArticle> {
        self.articles.iter_mut().find(|article| article.key == key)
    }

    /// A key never given before.
    pub fn new_key(&mut self) -> ArticleKey {
        self.next_key += 1;
        ArticleKey(self.next_key)
    }

    /// The theme that is shown.
    pub fn theme(&self) -> &Arc<Theme> {
        match self.preferences.theme {
            ThemeChoice::System if self.system_is_dark => &self.themes.dark,
            ThemeChoice::System | ThemeChoice::Light => &self.themes.light,
            ThemeChoice::Sepia => &self.themes.sepia,
            ThemeChoice::Dark => &self.themes.dark,
        }
    }

    /// How the page is set.
    pub fn page_style(&self) -> PageStyle {
        let preferences = &self.preferences;
        PageStyle {
            size: preferences.text_size,
            leading: 1.55,
            measure_chars: preferences.measure,
            face: preferences.face,
            numbering: preferences.numbering,
            margin_labels: preferences.margin_labels,
            reveal: preferences.reveal,
            colours: self.theme().page_colours(),
        }
    }

    /// Carries `edit` out on the article called `key`, signed by the person at this moment.
    ///
    /// # Errors
    /// See [`EditError`]; `None` when there is no such article.
    pub fn apply(&mut self, key: ArticleKey, edit: &Edit) -> Option<Result<Change, EditError>> {
        let mut stamp = Stamp {
            now: self.clock.now(),
            agent: self.preferences.me.clone(),
            ids: &mut *self.ids,
        };
        let article = self
            .articles
            .iter_mut()
            .find(|article| article.key == key)?;
        let result = article.workspace.apply(edit, &mut stamp);
        if let Ok(change) = &result {
            article.note(change);
        }
        Some(result)
    }

    /// Carries all of `edits` out on the article called `key` as one step that can be undone, or none of them.
    ///
    /// # Errors
    /// That of the first edit that cannot be carried out; `None` when there is no such article.
    pub fn apply_all(
        &mut self,
        key: ArticleKey,
        edits: &[Edit],
        label: &str,
    ) -> Option<Result<(), EditError>> {
        let mut stamp = Stamp {
            now: self.clock.now(),
            agent: self.preferences.me.clone(),
            ids: &mut *self.ids,
        };
        let mut articles = self.articles.iter_mut();
        let article = articles.find(|article| article.key == key)?;
        // On a copy first: either all are carried out or none.
        let mut copy = article.workspace.clone();
        for edit in edits {
            if let Err(error) = copy.apply(edit, &mut stamp) {
                return Some(Err(error));
            }
        }
        let change = difference(article.workspace.set(), copy.set());
        article.adopt_worked_out(&change, label);
        Some(Ok(()))
    }

    /// What commands need to know.
    pub fn environment(&self) -> Environment {
        Environment {
            article: self.article().map(OpenArticle::environment),
            n_articles: self.articles.len(),
            n_unsaved: self
                .articles
                .iter()
                .filter(|article| article.is_unsaved())
                .count(),
            marker: self.marker.is_some(),
            left_panel: self.preferences.left_panel,
            right_panel: self.preferences.right_panel,
            theme: self.preferences.theme,
            face: self.preferences.face,
            numbering: self.preferences.numbering,
            reveal: self.preferences.reveal,
        }
    }
}
