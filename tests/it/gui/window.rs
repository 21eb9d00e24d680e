//! A window without a display, driven by keyboard and pointer, with a folder of its own.

use crate::support::{
    sets::{CountingIds, time},
    soft_renderer::SoftRenderer,
};
use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::{Harness, kittest::Queryable as _};
use sourcemark::{
    annotation::Annotation,
    app::{App, OpenArticle},
    files,
};
use std::{fs, path::PathBuf, sync::Arc};

pub const ARTICLE: &str = "The maker denies it.\n\nIt has a back door, an official said.\n";

/// A window with a folder of its own.
pub struct Window {
    pub harness: Harness<'static, App>,
    pub folder: tempfile::TempDir,
}

/// The window with nothing open.
pub fn empty() -> Window {
    on(files::Disk::plain(), 0)
}

/// The window with nothing open, on `disk`. Ids are counted from `first_id` on.
pub fn on(disk: files::Disk, first_id: u128) -> Window {
    let now = time("2026-03-01T12:00:00Z");
    showing(App::for_tests(Box::new(CountingIds(first_id)), now, disk).unwrap())
}

/// The window of `app`.
pub fn showing(app: App) -> Window {
    let mut harness = Harness::builder()
        .with_size(egui::vec2(1200.0, 800.0))
        .with_max_steps(16)
        .renderer(SoftRenderer::default())
        .build_ui_state(|ui, app: &mut App| app.ui_inner(ui), app);
    harness.run();
    Window {
        harness,
        folder: tempfile::tempdir().unwrap(),
    }
}

/// The window with `text` open in it.
pub fn with_article(text: &str) -> Window {
    let mut window = empty();
    let path = window.write("article.txt", text);
    window.open(path);
    window
}

impl Window {
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    pub fn open(&mut self, path: PathBuf) {
        self.harness.state().open(vec![path]);
        self.harness.run();
    }

    pub fn key(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.run();
    }

    pub fn keys(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run();
    }

    pub fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.harness.run();
    }

    /// Asks for the action whose row has this name, which must be possible.
    pub fn act(&mut self, name: &str) {
        assert!(self.can_act(name), "{name}");
        self.harness.state().act(name);
        self.harness.run();
    }

    /// Whether the action whose row has this name is possible now.
    pub fn can_act(&self, name: &str) -> bool {
        self.harness.state().can_act(name)
    }

    pub fn article(&self) -> &OpenArticle {
        self.harness.state().state().article().unwrap()
    }

    pub fn annotations(&self) -> Vec<Arc<Annotation>> {
        let set = self.article().workspace.set();
        set.annotations.values().cloned().collect()
    }

    /// Each annotation as `quote: tag tag`.
    pub fn marks(&self) -> Vec<String> {
        self.annotations()
            .iter()
            .map(|annotation| {
                let tags: Vec<&str> = annotation.tags.iter().map(|tag| tag.as_str()).collect();
                format!("{}: {}", annotation.quote(), tags.join(" "))
            })
            .collect()
    }

    /// Writes `text` into the note of the chosen annotation, and goes back to the text.
    pub fn write_note(&mut self, text: &str) {
        self.key(Key::Enter);
        let note = self
            .harness
            .get_by_role_and_label(Role::MultilineTextInput, "Note");
        note.type_text(text);
        self.harness.run();
        self.key(Key::Escape);
        self.key(Key::Escape);
    }

    /// Selects the first `n` words from the caret on.
    pub fn select_words(&mut self, n: usize) {
        for _ in 0..n {
            self.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::ArrowRight);
        }
    }
}
