//! One open article: its records and places, its files, and what the eye is on in it.

use crate::{
    annotation::{Annotation, AnnotationId, AnnotationSet, Marks, TagId, companion_tags},
    app::{
        base::{
            paths::{file_name, shown_file_name},
            short,
            theme::Theme,
        },
        session::{
            facts::ArticleEnvironment,
            names::NameWarnings,
            outside::Outside,
            shown::{Filter, Looks, TagMap},
            tags::TagOrder,
        },
    },
    edit::{Change, Workspace, difference},
    files::{ArticleFile, Holder, Identity, JournalStart, Journals, SaveOptions},
    reader::{Place, Reader},
    text::{SourceText, Survey, TextRange, beginning},
};
use std::{
    path::PathBuf,
    sync::{Arc, LazyLock},
};

/// Names an open article while the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleKey(pub u64);

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

    /// What actions may ask about it.
    pub fn environment(&self) -> ArticleEnvironment {
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
