//! Keys and clicks that arrive together act one after the other, each on what the one before has left.
//!
//! A window that was busy for a moment finds everything that happened meanwhile in one frame. [`Scene::together`]
//! delivers it that way; [`Scene::one_by_one`] lets the window come to rest after each, as for a person who waits.

mod acts;
mod cases;
mod laws;
mod speed;

use crate::support::{
    sets::{CountingIds, time},
    soft_renderer::SoftRenderer,
};
use egui::{Event, Key, Modifiers, Pos2, accesskit::Role, pos2, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use sourcemark::{
    app::{App, OpenArticle},
    files::{self, Disk},
};
use std::{fmt::Write as _, fs, path::Path, sync::OnceLock};

const ARTICLE: &str = "The maker denies it.\n\nIt has a back door, an official said. Two others had said so.\n\n\
    Nobody has shown a single sample.\n\nThe minister will decide in May.\n";

/// What the window system delivers at a time: a key with the text it types, a button, a move.
pub type Delivery = Vec<Event>;

/// A window with three marks, the first of them chosen.
pub struct Scene {
    pub harness: Harness<'static, App>,
    pub folder: tempfile::TempDir,
    /// The folder around it, in which nothing else is.
    outer: tempfile::TempDir,
}

/// Places in the window at the start of a scene.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    /// In the first word of the text.
    pub first_word: Pos2,
    /// Some words to the right of it.
    pub further: Pos2,
    /// In a line below, where no mark is.
    pub unmarked: Pos2,
    /// On the second row of the list.
    pub second_row: Pos2,
    /// On the note of the chosen mark.
    pub note: Pos2,
}

impl Scene {
    /// The window with `ARTICLE` and its three marks, the first of them chosen.
    pub fn new() -> Self {
        let mut scene = Self::with(ARTICLE, annotations());
        scene.deliver(vec![press(Modifiers::NONE, Key::N)]);
        scene.deliver(vec![release(Modifiers::NONE, Key::N)]);
        scene
    }

    /// The window with `article` open in it, beside which lies `annotations` unless it is empty.
    pub fn with(article: &str, annotations: &[u8]) -> Self {
        let now = time("2026-03-01T12:00:00Z");
        // A new annotation must not get the id of one that is in the file.
        let ids = CountingIds(if annotations.is_empty() { 5_000 } else { 9_000 });
        let app = App::for_tests(Box::new(ids), now, Disk::plain()).unwrap();
        let outer = tempfile::tempdir().unwrap();
        let folder = tempfile::tempdir_in(outer.path()).unwrap();
        let path = folder.path().join("article.txt");
        fs::write(&path, article).unwrap();
        if !annotations.is_empty() {
            fs::write(files::annotations_beside(&path), annotations).unwrap();
        }
        app.open(vec![path]);
        let mut harness = Harness::builder()
            .with_size(vec2(1100.0, 760.0))
            .with_max_steps(1_000)
            // So little time passes that two clicks delivered one by one are a double click.
            .with_step_dt(0.004)
            .with_accessibility_check(false)
            .renderer(SoftRenderer::default())
            .build_ui_state(|ui, app: &mut App| app.ui_inner(ui), app);
        harness.run();
        Self {
            harness,
            folder,
            outer,
        }
    }

    /// Delivers `events` in one frame and lets the window come to rest.
    pub fn deliver(&mut self, events: Delivery) {
        self.harness.input_mut().events.extend(events);
        self.harness.run();
    }

    /// Delivers everything in one frame.
    pub fn together(&mut self, deliveries: &[Delivery]) {
        self.deliver(deliveries.concat());
    }

    /// Lets the window come to rest after each.
    pub fn one_by_one(&mut self, deliveries: &[Delivery]) {
        for delivery in deliveries {
            self.deliver(delivery.clone());
        }
    }

    pub fn article(&self) -> Option<&OpenArticle> {
        self.harness.state().state().article()
    }

    /// Each annotation as `quote: tag tag`, with its note behind it.
    pub fn marks(&self) -> Vec<String> {
        let Some(article) = self.article() else {
            return Vec::new();
        };
        let set = article.workspace.set();
        let describe = |annotation: &std::sync::Arc<sourcemark::annotation::Annotation>| {
            let tags: Vec<&str> = annotation.tags.iter().map(|tag| tag.as_str()).collect();
            let mut text = format!("{}: {}", annotation.quote(), tags.join(" "));
            if !annotation.note.is_empty() {
                write!(text, " ({})", annotation.note).unwrap();
            }
            text
        };
        set.annotations.values().map(describe).collect()
    }

    /// The value of the field with this label.
    pub fn field(&self, role: Role, label: &str) -> String {
        let field = self.harness.get_by_role_and_label(role, label);
        field.accesskit_node().value().unwrap_or_default()
    }

    /// Where things are now.
    pub fn places(&self) -> Places {
        let labelled = |role, label| self.harness.get_by_role_and_label(role, label).rect();
        let row = labelled(Role::ListItem, "Denial: It has a back");
        let note = labelled(Role::MultilineTextInput, "Note");
        let runs = self.runs();
        let (first, last) = (runs[0], runs[runs.len() - 1]);
        Places {
            first_word: pos2(first.left() + 8.0, first.center().y),
            further: pos2(first.left() + 120.0, first.center().y),
            unmarked: pos2(last.left() + 60.0, last.center().y),
            second_row: row.center(),
            note: note.center(),
        }
    }

    /// Where the lines of the article with words in them are.
    fn runs(&self) -> Vec<egui::Rect> {
        let page = self.harness.get_by_role(Role::Document);
        page.children_recursive()
            .filter(|node| node.accesskit_node().role() == Role::TextRun)
            .filter(|node| {
                let words = node.accesskit_node().value().unwrap_or_default();
                !words.trim().is_empty()
            })
            .map(|node| node.rect())
            .collect()
    }

    /// All that must be the same, a line each: records, selection, history, files, and what the window reports to a
    /// screen reader. Places are left out: a dialog that was just opened takes frames to find its own.
    pub fn picture(&self) -> String {
        let state = self.harness.state().state();
        let mut lines = self.marks();
        for article in &state.articles {
            let reader = &article.reader;
            lines.push(format!(
                "{}: chosen {:?}, range {:?}, caret {:?}, focus {}, point {:?}, saved {}, only {:?}",
                article.file_name(),
                article.chosen,
                reader.range(),
                reader.caret(),
                article.has_focus,
                article.workspace.history().point(),
                !article.is_unsaved(),
                article.filter.only,
            ));
        }
        lines.push(format!(
            "marker {:?}, dialog {}, may close {}",
            state.marker,
            state.modal.is_some(),
            state.may_close,
        ));
        let saved = files::annotations_beside(&self.folder.path().join("article.txt"));
        lines.push(fs::read_to_string(saved).unwrap_or_default());
        self.tell(self.harness.root(), &mut lines);
        lines.join("\n")
    }

    fn tell(&self, node: egui_kittest::Node<'_>, lines: &mut Vec<String>) {
        let known = node.accesskit_node();
        let mut line = format!("{:?}", known.role());
        for text in [known.label(), known.value()].into_iter().flatten() {
            write!(line, " “{text}”").unwrap();
        }
        for (is_so, word) in [
            (known.is_focused(), "focused"),
            (known.is_selected() == Some(true), "selected"),
            (known.is_disabled(), "disabled"),
        ] {
            if is_so {
                write!(line, " {word}").unwrap();
            }
        }
        for (folder, name) in [(&self.folder, "FOLDER"), (&self.outer, "OUTER")] {
            line = line.replace(&*folder.path().to_string_lossy(), name);
        }
        let name = self.folder.path().file_name().unwrap_or_default();
        lines.push(line.replace(&*name.to_string_lossy(), "NAME"));
        for child in node.children() {
            self.tell(child, lines);
        }
    }
}

/// The annotation file of `ARTICLE`, made once: an allegation, a denial with a note, and a highlight.
fn annotations() -> &'static [u8] {
    static MADE: OnceLock<Vec<u8>> = OnceLock::new();
    MADE.get_or_init(|| {
        let mut scene = Scene::with(ARTICLE, &[]);
        let word =
            |n| vec![key(Modifiers::COMMAND | Modifiers::SHIFT, Key::ArrowRight); n].concat();
        let down = || key(Modifiers::COMMAND, Key::ArrowDown);
        scene.one_by_one(&[word(2), typed(Key::Num1, "1")].concat());
        scene.one_by_one(&[down(), word(4), typed(Key::Num2, "2")].concat());
        scene.one_by_one(&[key(Modifiers::NONE, Key::Enter), letters("who?")].concat());
        scene.one_by_one(&[key(Modifiers::COMMAND, Key::Enter), down()].concat());
        scene.one_by_one(&[word(3), typed(Key::H, "h"), key(Modifiers::COMMAND, Key::S)].concat());
        let saved = files::annotations_beside(&scene.folder.path().join("article.txt"));
        assert_eq!(scene.marks().len(), 3, "{:?}", scene.marks());
        fs::read(saved).unwrap()
    })
}

/// The bytes of what lies at `path`; nothing when nothing does.
pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn event(key: Key, modifiers: Modifiers, pressed: bool) -> Event {
    Event::Key {
        key,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers,
    }
}

pub fn press(modifiers: Modifiers, key: Key) -> Event {
    event(key, modifiers, true)
}

pub fn release(modifiers: Modifiers, key: Key) -> Event {
    event(key, modifiers, false)
}

/// A key that types nothing, with the modifiers pressed before and released after it.
pub fn key(modifiers: Modifiers, key: Key) -> Vec<Delivery> {
    with_modifiers(
        modifiers,
        vec![vec![press(modifiers, key)], vec![release(modifiers, key)]],
    )
}

/// What happens while modifiers are held.
pub fn with_modifiers(modifiers: Modifiers, mut deliveries: Vec<Delivery>) -> Vec<Delivery> {
    if modifiers != Modifiers::NONE {
        deliveries.insert(0, vec![Event::ModifiersChanged(modifiers)]);
        deliveries.push(vec![Event::ModifiersChanged(Modifiers::NONE)]);
    }
    deliveries
}

/// A key that types `text`: both come in one delivery, as from a keyboard.
pub fn typed(key: Key, text: &str) -> Vec<Delivery> {
    let pressed = vec![press(Modifiers::NONE, key), Event::Text(text.to_owned())];
    vec![pressed, vec![release(Modifiers::NONE, key)]]
}

/// Letters, digits and signs, one key after the other.
pub fn letters(text: &str) -> Vec<Delivery> {
    let one = |letter: char| {
        let text = letter.to_string();
        match Key::from_name(&text.to_uppercase()) {
            Some(key) => typed(key, &text),
            None => vec![vec![Event::Text(text)]],
        }
    };
    text.chars().flat_map(one).collect()
}
