//! Everything the window knows: open articles, what the eye is on, what is being opened and saved.
//!
//! Panels read it and send commands; only `dispatch` writes it (and the panels their own view).

use super::{
    Surroundings,
    article::{Filter, Looks, TagMap},
    command::{ArticleEnvironment, ArticleKey, Environment},
    dialogs::Dialog,
    find::Find,
    jobs::Jobs,
    names::NameWarnings,
    notifications::Notifications,
    outside::Outside,
    panels::Views,
    preferences::{Preferences, ThemeChoice},
    recovery::{Unsaved, UnsavedId},
    short,
    tags::TagOrder,
    theme::{Theme, ThemeError, Themes},
    watch::Watch,
};
use crate::{
    annotation::{
        Annotation, AnnotationId, AnnotationSet, IdSource, Marks, TagId, Timestamp, companion_tags,
    },
    edit::{Change, Stamp, Workspace, difference},
    files::{ArticleFile, Holder, Identity, JournalStart, Journals, SaveOptions},
    reader::{PageStyle, Place, Reader},
    text::{SourceText, Survey, TextRange, beginning},
};
use jiff::tz::TimeZone;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

/// Where the time comes from.
pub trait Clock: Send {
    /// The moment now.
    fn now(&self) -> Timestamp;
}

/// One open article.
pub struct OpenArticle {
    /// Names it.
    pub key: ArticleKey,
    /// Where the article is.
    pub path: PathBuf,
    /// Where its annotations are saved.
    pub annotations_path: PathBuf,
    /// Encoding it was read in.
    pub encoding: &'static str,
    /// How many characters could not be read in it.
    pub n_replaced: usize,
    /// Records, places, history.
    pub workspace: Workspace,
    /// The pane.
    pub reader: Reader,
    /// What is on the disk.
    pub identity: Option<Identity>,
    /// How the annotation file is to be written.
    pub options: SaveOptions,
    /// Its marks are still looked for.
    pub is_loading: bool,
    /// Why nothing may be changed.
    pub read_only: Option<String>,
    /// Whether that is because the annotation file cannot be read.
    pub is_damaged: bool,
    /// A save is under way.
    pub is_saving: bool,
    /// The save that was asked for meanwhile.
    pub next_save: Option<NextSave>,
    /// The chosen annotation.
    pub chosen: Option<AnnotationId>,
    /// What is shown of it.
    pub filter: Filter,
    /// Looks of its tags.
    pub looks: Looks,
    /// Ticks of the map.
    pub map: TagMap,
    /// How many annotations stand elsewhere than they were marked; counted when the marks were found.
    pub n_moved: usize,
    /// Words of the article; counted when the marks were found.
    pub n_words: Option<usize>,
    /// What of the text is not what it looks like; empty until it was looked through.
    pub survey: Survey,
    /// What is odd about the names of its tags and persons.
    pub names: NameWarnings,
    /// Its tags in order.
    pub tags: TagOrder,
    /// Where the eye was before the last jumps, the latest last.
    pub came_from: Vec<Place>,
    /// Whether the pane has the keyboard.
    pub has_focus: bool,
    /// Other hands on its files.
    pub outside: Outside,
}

/// Jumps that can be gone back on.
const MAX_CAME_FROM: usize = 100;

/// A save that waits for the one under way: it must know what that one leaves on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextSave {
    /// Where the annotations are saved by then.
    InPlace,
    /// At this path.
    At(PathBuf),
}

/// Names of the codebook's further tags: asked for in every frame, made once.
static COMPANIONS: LazyLock<Vec<TagId>> =
    LazyLock::new(|| companion_tags().into_iter().map(|tag| tag.id).collect());

impl OpenArticle {
    /// The text.
    pub fn text(&self) -> &SourceText {
        self.workspace.text()
    }

    /// File name without folders.
    pub fn file_name(&self) -> String {
        file_name(&self.path)
    }

    /// Headline if known, else the file name; for people.
    pub fn title(&self) -> String {
        let title = self.workspace.set().article.title.trim_start();
        match short::name(title).trim_end() {
            "" => shown_file_name(&self.path),
            title => title.to_owned(),
        }
    }

    /// Whether something would be lost.
    pub fn is_unsaved(&self) -> bool {
        !self.workspace.history().is_saved()
    }

    /// Whether edits are taken.
    pub fn is_editable(&self) -> bool {
        !self.is_loading && self.why_read_only().is_none()
    }

    /// Whether its annotation file could not be read, and nothing stands in its place yet.
    pub fn shows_damage(&self) -> bool {
        self.is_damaged && self.read_only.is_some()
    }

    /// Begins a journal of what will be unsaved, in the place of the one before.
    pub fn begin_journal(&mut self, journals: Option<&Journals>) {
        let start = JournalStart {
            article: self.path.clone(),
            annotations: self.annotations_path.clone(),
            identity: self.identity.clone(),
            set: self.workspace.set().clone(),
        };
        let old = self.outside.journal.take();
        self.outside.journal = journals.map(|journals| journals.begin(start));
        if let Some(old) = old {
            old.end();
        }
    }

    /// Begins a journal if there is none yet: what could only be looked at when it was opened can be changed now.
    pub fn ensure_journal(&mut self, journals: Option<&Journals>) {
        if self.outside.journal.is_none() {
            self.begin_journal(journals);
        }
    }

    /// Why nothing may be changed, in a sentence.
    pub fn why_read_only(&self) -> Option<String> {
        let holder = || self.outside.holder.as_ref().map(in_other_hands);
        self.read_only.clone().or_else(holder)
    }

    /// The chosen annotation's record.
    pub fn chosen_annotation(&self) -> Option<&Arc<Annotation>> {
        self.workspace.set().annotations.get(&self.chosen?)
    }

    /// Where an annotation begins in the text.
    pub fn place_of(&self, id: AnnotationId) -> Option<TextRange> {
        self.workspace
            .marks()
            .placement(id)
            .and_then(|placement| placement.first_range())
    }

    /// Whether the text is another one than the annotations were made on.
    pub fn has_changed_text(&self) -> bool {
        let set = self.workspace.set();
        !self.is_loading
            && !set.annotations.is_empty()
            && set.article.edition != self.text().edition()
    }

    /// Shows another text of the article, in which the records stand at `marks`; the eye stays about where it was.
    pub fn show_text(
        &mut self,
        file: ArticleFile,
        marks: Marks,
        map: TagMap,
        n_words: usize,
        theme: &Theme,
    ) {
        let place = self.reader.place();
        self.reader = Reader::new(file.text);
        self.reader.return_to(place);
        self.workspace.stand_in(marks);
        self.n_replaced = file.n_replaced;
        self.n_words = Some(n_words);
        self.n_moved = self.workspace.marks().n_moved(self.workspace.set());
        self.map = map;
        self.came_from.clear();
        self.looks.renew(&self.workspace, theme, &self.filter);
    }

    /// Remembers a place to come back to.
    pub fn remember(&mut self, place: Place) {
        self.came_from.push(place);
        let too_many = self.came_from.len().saturating_sub(MAX_CAME_FROM);
        self.came_from.drain(..too_many);
    }

    /// Follows a change that was carried out: the journal has it, the map shows it.
    pub fn note(&mut self, change: &Change) {
        if let Some(journal) = &self.outside.journal {
            journal.append(change);
        }
        self.map.follow(change, self.workspace.marks());
    }

    /// Carries out a change that was worked out elsewhere, as one step that can be undone; returns what it came
    /// to.
    pub fn adopt_change(&mut self, change: &Change, label: &str) -> Change {
        let change = self.workspace.adopt(change, label);
        self.map.follow(&change, self.workspace.marks());
        self.n_moved = self.workspace.marks().n_moved(self.workspace.set());
        let annotations = &self.workspace.set().annotations;
        if self.chosen.is_some_and(|id| !annotations.contains_key(&id)) {
            self.chosen = None;
        }
        change
    }

    /// Puts `set` in the place of the records, as one step that can be undone.
    pub fn adopt(&mut self, set: &AnnotationSet, label: &str) {
        self.adopt_worked_out(&difference(self.workspace.set(), set), label);
    }

    /// Carries out a change that was worked out elsewhere, as one step that can be undone, and writes it down.
    pub fn adopt_worked_out(&mut self, change: &Change, label: &str) {
        let change = self.adopt_change(change, label);
        if let Some(journal) = &self.outside.journal {
            journal.append(&change);
        }
    }

    /// The annotations that stand over `range`, innermost first.
    pub fn annotations_at(&self, range: TextRange) -> Vec<AnnotationId> {
        let mut found: Vec<(usize, TextRange, AnnotationId)> = self
            .workspace
            .marks()
            .index()
            .touching(range)
            .map(|mark| (mark.range.len(), mark.range, mark.id))
            .collect();
        found.sort();
        found.into_iter().map(|(_, _, id)| id).collect()
    }

    fn environment(&self) -> ArticleEnvironment {
        let history = self.workspace.history();
        let tags = &self.workspace.set().tags;
        ArticleEnvironment {
            key: self.key,
            is_loading: self.is_loading,
            is_read_only: !self.is_loading && !self.is_editable(),
            has_holder: self.outside.holder.is_some(),
            has_selection: self.reader.selection().is_some(),
            chosen: self.chosen,
            chosen_tag: self
                .chosen_annotation()
                .and_then(|annotation| annotation.tags.first().cloned()),
            chosen_is_placed: self.chosen.is_some_and(|id| self.place_of(id).is_some()),
            has_hidden: !self.survey.is_clean(),
            can_go_back: !self.came_from.is_empty(),
            n_chosen_parts: self
                .chosen_annotation()
                .map_or(0, |annotation| annotation.segments.len()),
            n_annotations: self.workspace.marks().n_annotations(),
            undo: history.next_undo().map(|step| step.label.clone()),
            redo: history.next_redo().map(|step| step.label.clone()),
            is_unsaved: self.is_unsaved(),
            is_damaged: self.shows_damage(),
            has_file: self.identity.is_some(),
            has_theirs: self.outside.theirs.is_some(),
            n_conflicts: self.workspace.set().conflicts.len(),
            has_changed_text: self.has_changed_text(),
            has_companion_tags: COMPANIONS.iter().all(|id| tags.contains_key(id)),
        }
    }
}

/// Who has the annotations open, in a sentence.
fn in_other_hands(holder: &Holder) -> String {
    let who = match beginning(holder.name.trim(), short::NAME_CHARS) {
        "" => "Another window of Sourcemark".to_owned(),
        name => format!("{name}, in another window of Sourcemark,"),
    };
    let which = match (holder.pid, holder.host.as_str()) {
        (Some(pid), "") => format!(" (process {pid})"),
        (Some(pid), host) => {
            let host = beginning(host, short::NAME_CHARS);
            format!(" (process {pid} on {host})")
        }
        (None, _) => String::new(),
    };
    format!(
        "{who} has these annotations open{which}. You can read them, or save yours under another name."
    )
}

/// File name without folders, or the path when it has none.
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// [`file_name`] for people: what cannot be seen in it is named.
pub fn shown_file_name(path: &Path) -> String {
    short::name(&file_name(path)).into_owned()
}

/// Longest path that is shown, in code points. No system opens a longer one.
const PATH_CHARS: usize = 4_096;

/// A whole path for people.
pub fn shown_path(path: &Path) -> String {
    short::line(&path.display().to_string(), PATH_CHARS).into_owned()
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

/// Everything the window knows.
pub struct AppState {
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
    /// The open dialog.
    pub dialog: Option<Dialog>,
    /// What the eye is on.
    pub views: Views,
    /// What is looked for in the text.
    pub find: Find,
    /// What the person is told.
    pub notifications: Notifications,
    /// The tag of the marker in hand; `Some(None)` marks without tag.
    pub marker: Option<Option<TagId>>,
    /// Work on other threads.
    pub jobs: Jobs,
    /// The journals of unsaved work; `None` when this machine has no place for them.
    pub journals: Option<Journals>,
    /// Unsaved work of a program that has ended, not decided about yet.
    pub unsaved_work: Vec<Unsaved>,
    /// The one among it whose article is being opened.
    pub looking_at: Option<UnsavedId>,
    /// What the system tells about the open files.
    pub watch: Watch,
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
    /// Text for the clipboard.
    pub to_copy: Option<String>,
    /// The folder with sample articles.
    pub samples: Option<PathBuf>,
    /// The clock on the person's wall.
    pub zone: TimeZone,
    pub(super) clock: Box<dyn Clock>,
    pub(super) ids: Box<dyn IdSource + Send>,
    pub(super) next_key: u64,
}

impl AppState {
    /// Nothing open.
    pub(super) fn new(surroundings: Surroundings) -> Result<Self, ThemeError> {
        Ok(Self {
            articles: Vec::new(),
            active: None,
            opening: Vec::new(),
            preferences: surroundings.preferences,
            keeps_preferences: surroundings.keeps_preferences,
            writing: Writing::Done,
            dialog: None,
            views: Views::default(),
            find: Find::default(),
            notifications: Notifications::default(),
            marker: None,
            jobs: Jobs::new(surroundings.disk, surroundings.has_threads),
            journals: None,
            unsaved_work: Vec::new(),
            looking_at: None,
            watch: Watch::default(),
            themes: Themes::read()?,
            system_is_dark: false,
            is_quitting: false,
            closing: Vec::new(),
            may_close: false,
            to_copy: None,
            samples: surroundings.samples,
            zone: surroundings.zone,
            clock: surroundings.clock,
            ids: surroundings.ids,
            next_key: 0,
        })
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
    /// See [`crate::edit::EditError`]; `None` when there is no such article.
    pub fn apply(
        &mut self,
        key: ArticleKey,
        edit: &crate::edit::Edit,
    ) -> Option<Result<Change, crate::edit::EditError>> {
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
            has_unsaved_work: !self.unsaved_work.is_empty(),
            has_query: self.find.has_query(),
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
