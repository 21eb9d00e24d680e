//! The whole window by keyboard: open, select, tag, undo, save, open again.

use crate::support::{
    sets::{CountingIds, time},
    soft_renderer::SoftRenderer,
};
use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use sourcemark::{
    annotation::Annotation,
    app::{App, AppCommand, DialogKind, OpenArticle, PickPurpose, UiCommand},
    files,
};
use std::{fs, path::PathBuf, sync::Arc};

const ARTICLE: &str = "The maker denies it.\n\nIt has a back door, an official said.\n";

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

#[test]
fn without_an_article_the_window_says_how_to_begin() {
    let window = empty();
    window.harness.get_by_label("Open an article…");
    assert!(window.harness.state().state().article().is_none());
}

#[test]
fn a_passage_is_marked_by_keyboard_alone() {
    let mut window = with_article(ARTICLE);
    window.select_words(2);
    window.key(Key::Num1);
    assert_eq!(window.marks(), ["The maker: allegation"]);
    window.key(Key::Num2);
    assert_eq!(
        window.marks(),
        ["The maker: allegation denial"],
        "one annotation, two tags"
    );
    window.key(Key::Num1);
    assert_eq!(
        window.marks(),
        ["The maker: denial"],
        "the same key takes the tag off"
    );
    window.key(Key::Num2);
    assert_eq!(
        window.marks(),
        ["The maker: "],
        "without tags it stays a highlight"
    );
}

#[test]
fn passages_may_overlap() {
    let mut window = with_article(ARTICLE);
    window.select_words(2);
    window.key(Key::Num1);
    window.select_words(1);
    window.key(Key::Num4);
    assert_eq!(
        window.marks(),
        ["The maker: allegation", "The maker denies: precedent"]
    );
    window.key(Key::Escape);
    window.key(Key::O);
    assert_eq!(window.article().chosen, Some(window.annotations()[0].id));
    window.key(Key::O);
    assert_eq!(window.article().chosen, Some(window.annotations()[1].id));
}

#[test]
fn undo_goes_back_and_redo_forth() {
    let mut window = with_article(ARTICLE);
    window.select_words(2);
    window.key(Key::Num1);
    window.key(Key::Num2);
    window.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.marks(), ["The maker: allegation"]);
    window.keys(Modifiers::COMMAND, Key::Z);
    assert!(window.marks().is_empty());
    assert!(!window.article().is_unsaved());
    window.keys(Modifiers::COMMAND, Key::Y);
    window.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(window.marks(), ["The maker: allegation denial"]);
}

#[test]
fn what_is_saved_is_there_again() {
    let mut window = with_article(ARTICLE);
    let path = window.article().path.clone();
    window.select_words(2);
    window.key(Key::Num2);
    assert!(window.article().is_unsaved());
    window.keys(Modifiers::COMMAND, Key::S);
    assert!(!window.article().is_unsaved());
    assert!(files::annotations_beside(&path).is_file());
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        ARTICLE,
        "the article is never written"
    );
    window.keys(Modifiers::COMMAND, Key::W);
    assert!(window.harness.state().state().article().is_none());
    window.open(files::annotations_beside(&path));
    assert_eq!(window.marks(), ["The maker: denial"]);
    assert_eq!(window.article().path, path);
}

#[test]
fn a_note_is_one_step_and_its_letters_are_no_commands() {
    let mut window = with_article(ARTICLE);
    window.select_words(2);
    window.key(Key::Num1);
    window.key(Key::Enter);
    let note = window
        .harness
        .get_by_role_and_label(Role::MultilineTextInput, "Note");
    note.type_text("n 1 m");
    window.harness.run();
    window.keys(Modifiers::COMMAND, Key::Enter);
    assert_eq!(window.annotations()[0].note, "n 1 m");
    assert_eq!(window.marks(), ["The maker: allegation"]);
    assert!(!window.harness.state().state().environment().marker);
    window.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.annotations()[0].note, "");
}

#[test]
fn an_unfinished_note_is_saved_too() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    window.key(Key::Num1);
    window.key(Key::Enter);
    window
        .harness
        .get_by_role_and_label(Role::MultilineTextInput, "Note")
        .type_text("seen");
    window.harness.run();
    window.keys(Modifiers::COMMAND, Key::S);
    assert_eq!(window.annotations()[0].note, "seen");
    assert!(!window.article().is_unsaved());
}

#[test]
fn closing_with_unsaved_marks_asks_first() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    window.key(Key::H);
    window.keys(Modifiers::COMMAND, Key::W);
    window.harness.get_by_label("Save the annotations?");
    window.click("Cancel");
    assert!(window.article().is_unsaved());
    window.keys(Modifiers::COMMAND, Key::Q);
    assert!(!window.harness.state().may_close());
    window.click("Save");
    assert!(window.harness.state().may_close());
    let annotations = window.folder.path().join("article.txt.annotations.ron");
    assert!(annotations.is_file());
}

#[test]
fn the_ends_of_an_annotation_move_word_by_word() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    window.key(Key::Num1);
    window.key(Key::Escape);
    window.keys(Modifiers::ALT, Key::ArrowRight);
    window.keys(Modifiers::ALT, Key::ArrowRight);
    assert_eq!(window.marks(), ["The maker denies: allegation"]);
    window.keys(Modifiers::ALT, Key::ArrowLeft);
    window.keys(Modifiers::ALT | Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(window.marks(), ["maker: allegation"]);
    window.key(Key::Delete);
    assert!(window.marks().is_empty());
}

#[test]
fn opening_twice_shows_the_one_that_is_open() {
    let mut window = with_article(ARTICLE);
    let first = window.article().path.clone();
    let second = window.write("second.md", "# Another\n\nText\n");
    window.open(second);
    assert_eq!(window.article().file_name(), "second.md");
    window.open(first);
    assert_eq!(window.article().file_name(), "article.txt");
    assert_eq!(window.harness.state().state().articles.len(), 2);
    window.keys(Modifiers::CTRL, Key::Tab);
    assert_eq!(window.article().file_name(), "second.md");
}

#[test]
fn a_folder_opens_its_articles_by_name() {
    let mut window = empty();
    for name in [
        "b.txt",
        "a.md",
        "a.md.annotations.ron",
        ".hidden.txt",
        "picture.png",
    ] {
        window.write(name, "text");
    }
    let folder = window.folder.path().to_path_buf();
    window.open(folder);
    let names: Vec<String> = window
        .harness
        .state()
        .state()
        .articles
        .iter()
        .map(OpenArticle::file_name)
        .collect();
    assert_eq!(names, ["a.md", "b.txt"]);
}

#[test]
fn a_missing_passage_is_placed_by_hand() {
    let mut window = with_article(ARTICLE);
    let path = window.article().path.clone();
    window.select_words(2);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::S);
    window.keys(Modifiers::COMMAND, Key::W);
    fs::write(&path, "The builder denies it.\n").unwrap();
    window.open(path);
    window.harness.get_by_label("1 passage needs a decision");
    window.click("Look");
    window.select_words(2);
    window.click("Place here");
    assert_eq!(window.marks(), ["The builder: allegation"]);
    assert!(
        window
            .harness
            .query_by_label("1 passage needs a decision")
            .is_none()
    );
}

#[test]
fn a_damaged_annotation_file_is_never_written_over() {
    let mut window = empty();
    let path = window.write("article.txt", ARTICLE);
    let annotations = window.write("article.txt.annotations.ron", "(format: \"sourcemark");
    window.open(path);
    assert!(window.article().read_only.is_some());
    window.select_words(1);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::S);
    assert!(window.marks().is_empty());
    assert_eq!(
        fs::read_to_string(annotations).unwrap(),
        "(format: \"sourcemark"
    );
}

#[test]
fn the_list_shows_and_filters() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    window.key(Key::Num1);
    window.select_words(1);
    window.key(Key::Num2);
    window
        .harness
        .get_by_role_and_label(Role::ListItem, "Allegation: The");
    window
        .harness
        .get_by_role_and_label(Role::ListItem, "Denial: The maker");
    window.harness.get_by_label("Denial, 1 annotations").click();
    window.harness.run();
    assert!(
        window
            .harness
            .query_by_role_and_label(Role::ListItem, "Allegation: The")
            .is_none()
    );
    window
        .harness
        .get_by_role_and_label(Role::ListItem, "Denial: The maker");
}

#[test]
fn the_palette_finds_and_does() {
    let mut window = with_article(ARTICLE);
    window.keys(Modifiers::COMMAND, Key::K);
    window
        .harness
        .get_by_role_and_label(Role::SearchInput, "Find a command")
        .type_text("dark");
    window.harness.run();
    window.key(Key::Enter);
    assert_eq!(
        window.harness.state().state().preferences.theme,
        sourcemark::app::ThemeChoice::Dark
    );
    assert!(window.harness.state().state().dialog.is_none());
}

#[test]
fn every_dialog_opens_and_closes_with_escape() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    window.key(Key::Num1);
    for command in [
        UiCommand::OpenByPath,
        UiCommand::ArticleDetails,
        UiCommand::Encoding,
        UiCommand::Preferences,
        UiCommand::NewTag,
        UiCommand::Guideline,
        UiCommand::Palette,
        UiCommand::Help,
        UiCommand::About,
    ] {
        let environment = window.harness.state().state().environment();
        let resolved = command.resolve(&environment);
        assert!(resolved.is_some(), "{command:?}");
        window.harness.state().sender().send_some(resolved);
        window.harness.run();
        assert!(
            window.harness.state().state().dialog.is_some(),
            "{command:?}"
        );
        window.key(Key::Escape);
        assert!(
            window.harness.state().state().dialog.is_none(),
            "{command:?}"
        );
    }
}

#[test]
fn idle_asks_for_no_frame() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    window.key(Key::Num1);
    assert!(
        window.harness.run() <= 2,
        "nothing moves, so nothing is painted"
    );
    let node = window.harness.get_by_role(Role::Document);
    assert!(node.accesskit_node().text_selection().is_some());
}

#[test]
fn a_path_is_completed_and_opened() {
    let mut window = empty();
    window.write("news.txt", ARTICLE);
    window.write("news.txt.annotations.ron.old", "");
    window.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::O);
    let typed = window.folder.path().join("ne");
    let field = window
        .harness
        .get_by_role_and_label(Role::TextInput, "Path");
    field.focus();
    window.keys(Modifiers::COMMAND, Key::A);
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Path")
        .type_text(typed.to_str().unwrap());
    window.harness.run();
    window.key(Key::Tab);
    window.key(Key::Enter);
    assert_eq!(window.article().file_name(), "news.txt");
}

#[test]
fn a_statement_goes_on_elsewhere_and_loses_its_part_again() {
    let mut window = with_article(ARTICLE);
    window.select_words(2);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::ArrowDown);
    window.select_words(2);
    window.key(Key::A);
    assert_eq!(window.marks(), ["The maker … It has: allegation"]);
    let shown = window.article().workspace.marks().index().len();
    assert_eq!(shown, 2, "both parts stand in the text");
    let remove = UiCommand::RemovePart;
    let command = remove.resolve(&window.harness.state().state().environment());
    window.harness.state().sender().send(command.unwrap());
    window.harness.run();
    assert_eq!(window.marks(), ["The maker: allegation"]);
    window.keys(Modifiers::COMMAND, Key::Z);
    window.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.marks(), ["The maker: allegation"]);
}

#[test]
fn an_annotation_file_that_carries_its_article_opens_alone() {
    let mut window = with_article(ARTICLE);
    window.select_words(2);
    window.key(Key::Num2);
    window.keys(Modifiers::COMMAND, Key::I);
    window.click("Keep the article’s text in the annotation file");
    window.click("Save details");
    window.keys(Modifiers::COMMAND, Key::S);
    let article = window.article().path.clone();
    let annotations = files::annotations_beside(&article);
    assert!(annotations.exists());
    fs::remove_file(&article).unwrap();

    let mut elsewhere = empty();
    elsewhere.open(annotations);
    assert_eq!(elsewhere.marks(), ["The maker: denial"]);
    assert_eq!(elsewhere.article().text().as_str(), ARTICLE);
}

#[test]
fn an_article_of_unknown_encoding_is_read_as_it_was_annotated() {
    let mut window = empty();
    let path = window.write("article.txt", "");
    let (bytes, ..) = encoding_rs::KOI8_R.encode("Нет.");
    fs::write(&path, &bytes).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert_ne!(text, "Нет.");
    window.open(path.clone());
    let key = window.article().key;
    let reopen = AppCommand::Reopen(key, "KOI8-R");
    window.harness.state().sender().send(reopen);
    window.harness.run();
    assert_eq!(window.article().text().as_str(), "Нет.");
    window.select_words(1);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::S);

    let mut again = empty();
    again.open(path);
    assert_eq!(again.article().text().as_str(), "Нет.");
    assert_eq!(again.marks(), ["Нет: allegation"]);
}

#[test]
fn no_file_takes_the_window_down_or_is_written_over() {
    let annotations = "bad.txt.annotations.ron";
    let cases: [(&str, &[u8], &str); 7] = [
        ("bad.txt", b"%PDF-1.7\n\x00\x01", ""),
        ("bad.txt", b"PK\x03\x04\x00\x00", ""),
        ("bad.txt", b"text\x00with\x00nul", ""),
        (
            "bad.txt",
            b"",
            "(format: \"sourcemark-annotations\", version: (1,",
        ),
        ("bad.txt", b"Text.", "(format: \"something else\")"),
        ("bad.txt", b"Text.", "not RON at all"),
        (
            "bad.txt",
            b"Text.",
            "(format: \"sourcemark-annotations\", version: (9, 0), all: \"new\")",
        ),
    ];
    for (name, article, marks) in cases {
        let mut window = empty();
        let path = window.folder.path().join(name);
        fs::write(&path, article).unwrap();
        if !marks.is_empty() {
            window.write(annotations, marks);
        }
        window.open(path.clone());
        window.key(Key::Num1);
        window.keys(Modifiers::COMMAND, Key::S);
        let told = window.harness.state().state().article().is_none()
            || window.article().read_only.is_some();
        assert!(told, "{marks:?} must not be writable");
        assert_eq!(
            fs::read(&path).unwrap(),
            article,
            "the article is as it was"
        );
        let beside = window.folder.path().join(annotations);
        if !marks.is_empty() {
            assert_eq!(
                fs::read_to_string(beside).unwrap(),
                marks,
                "so is what lay beside it"
            );
        }
    }
}

#[test]
fn a_jump_to_a_mark_can_be_gone_back_on() {
    let mut window = with_article(&format!("{ARTICLE}{}", "A line of text.\n\n".repeat(300)));
    window.select_words(2);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::End);
    let far = window.article().reader.place();
    window.key(Key::N);
    assert_ne!(
        window.article().reader.place(),
        far,
        "the mark is at the start"
    );
    window.key(Key::B);
    assert_eq!(window.article().reader.place(), far);
}

#[test]
fn the_status_bar_counts_the_words() {
    let mut window = with_article(ARTICLE);
    window.harness.get_by_label("12 words");
    window.select_words(2);
    window
        .harness
        .get_by_label("2 words, 9 characters selected");
}

#[test]
fn what_was_not_saved_is_told_until_it_is() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    window.key(Key::Num1);
    let stranger = window.write("article.txt.annotations.ron", "of another program");
    window.keys(Modifiers::COMMAND, Key::S);
    let told = "article.txt.annotations.ron was not saved";
    window.harness.get_by_label(told);
    fs::remove_file(stranger).unwrap();
    window.keys(Modifiers::COMMAND, Key::S);
    assert!(!window.article().is_unsaved());
    assert!(window.harness.query_by_label(told).is_none());
}

#[test]
fn a_path_to_save_at_is_asked_for_the_article_it_is_about() {
    let mut window = with_article(ARTICLE);
    let first = window.article().key;
    let second = window.write("second.txt", "Another.\n");
    window.open(second);
    let asked = AppCommand::Picked(PickPurpose::SaveAs(first), None);
    window.harness.state().sender().send(asked);
    window.harness.run();
    let field = window
        .harness
        .get_by_role_and_label(Role::TextInput, "Path");
    let path = field.accesskit_node().value().unwrap();
    assert!(path.ends_with("article.txt.annotations.ron"), "{path}");
}

#[test]
fn saved_elsewhere_it_stays_there_in_another_encoding() {
    let mut window = with_article(ARTICLE);
    window.select_words(2);
    window.key(Key::Num1);
    let elsewhere = window.folder.path().join("mine.ron");
    let key = window.article().key;
    let command = AppCommand::SaveAt(key, elsewhere.clone());
    window.harness.state().sender().send(command);
    window.harness.run();
    let command = AppCommand::Reopen(key, "windows-1252");
    window.harness.state().sender().send(command);
    window.harness.run();
    assert_eq!(window.article().encoding, "windows-1252");
    assert_eq!(window.article().annotations_path, elsewhere);
    assert_eq!(window.marks(), ["The maker: allegation"]);
}

/// The window with two words marked and saved, closed, and the article then holding `text`.
fn reopened_with(text: &str) -> Window {
    let mut window = with_article(ARTICLE);
    let path = window.article().path.clone();
    window.select_words(2);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::S);
    window.keys(Modifiers::COMMAND, Key::W);
    fs::write(&path, text).unwrap();
    window.open(path);
    window
}

#[test]
fn words_in_the_filter_fit_an_article_that_is_opened_later() {
    let mut window = reopened_with(ARTICLE);
    let path = window.article().path.clone();
    window
        .harness
        .get_by_role_and_label(Role::SearchInput, "Filter annotations")
        .focus();
    window.harness.run();
    window
        .harness
        .get_by_role_and_label(Role::SearchInput, "Filter annotations")
        .type_text("maker");
    window.harness.run();
    window.keys(Modifiers::COMMAND, Key::W);
    window.open(path);
    assert!(
        window
            .harness
            .query_by_label("Nothing fits the filter")
            .is_none()
    );
}

#[test]
fn a_text_that_was_adopted_is_not_after_undo() {
    let mut window = reopened_with(&format!("News.\n\n{ARTICLE}"));
    let told = "This article has changed since it was annotated: 1 has moved.";
    window.harness.get_by_label(told);
    window.click("Adopt this text");
    assert!(window.harness.query_by_label(told).is_none());
    window.keys(Modifiers::COMMAND, Key::Z);
    window.harness.get_by_label(told);
}

#[test]
fn a_comment_without_enter_is_kept() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    window.key(Key::Num1);
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "New comment")
        .focus();
    window.harness.run();
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "New comment")
        .type_text("ask him");
    window.harness.run();
    window.keys(Modifiers::COMMAND, Key::S);
    assert_eq!(window.annotations()[0].comments[0].text, "ask him");
    assert!(!window.article().is_unsaved());
}

#[test]
fn another_annotation_file_is_replaced_only_by_the_button_that_says_so() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::S);
    let beside = window.article().annotations_path.clone();
    let other = window.folder.path().join("other.ron");
    fs::copy(beside, &other).unwrap();
    let before = fs::read(&other).unwrap();
    window.key(Key::Num2);
    let dialog = DialogKind::SavePath(window.article().key);
    window
        .harness
        .state()
        .sender()
        .send(AppCommand::Show(dialog));
    window.harness.run();
    window.keys(Modifiers::COMMAND, Key::A);
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Path")
        .type_text(other.to_str().unwrap());
    window.harness.run();
    window.key(Key::Enter);
    assert_eq!(fs::read(&other).unwrap(), before);
    window.click("Replace");
    assert_eq!(window.article().annotations_path, other);
    assert_ne!(fs::read(&other).unwrap(), before);
}

#[test]
fn tab_leaves_the_path_when_there_is_nothing_to_complete() {
    let mut window = empty();
    window.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::O);
    window.keys(Modifiers::COMMAND, Key::A);
    let field = |window: &Window| {
        let field = window
            .harness
            .get_by_role_and_label(Role::TextInput, "Path");
        field.accesskit_node().is_focused()
    };
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Path")
        .type_text("/no such folder/");
    window.harness.run();
    assert!(field(&window));
    window.key(Key::Tab);
    assert!(!field(&window));
}

#[test]
fn enter_adds_the_tag_and_its_key_is_a_letter_or_digit() {
    let mut window = with_article(ARTICLE);
    window.keys(Modifiers::COMMAND, Key::T);
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Name")
        .type_text("Apology");
    window.harness.run();
    window.key(Key::Enter);
    let tags = window.article().workspace.set().tags.clone();
    assert!(tags.values().any(|tag| tag.name == "Apology"));
    window.keys(Modifiers::COMMAND, Key::T);
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Name")
        .type_text("Doubt");
    window.harness.run();
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Key")
        .focus();
    window.harness.run();
    window.key(Key::Backspace);
    window.key(Key::Delete);
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Key")
        .type_text("?");
    window.harness.run();
    window.harness.get_by_label("A key is a digit or a letter.");
}

#[test]
fn panels_leave_room_for_the_text_in_the_smallest_window() {
    let mut window = with_article(ARTICLE);
    window.harness.set_size(egui::vec2(720.0, 480.0));
    window.harness.run();
    let add = window.harness.get_by_label("New tag").rect();
    let list = window.harness.get_by_label("Filter annotations").rect();
    assert!(list.left() - add.right() >= 290.0, "{add} {list}");
}

#[test]
fn an_annotation_with_many_tags_keeps_to_its_panel() {
    let mut window = with_article(ARTICLE);
    window.select_words(1);
    for key in [Key::Num1, Key::Num2, Key::Num3, Key::Num4] {
        window.key(key);
    }
    for tag in ["Allegation", "Denial", "Expert opinion", "Precedent"] {
        let label = format!("Take off {tag}");
        let button = window.harness.get_by_label(&label);
        let right = button.rect().right();
        assert!(right <= 1200.0, "{tag}: {right}");
    }
}

#[test]
fn companion_tags_come_and_go_in_one_step() {
    let mut window = with_article(ARTICLE);
    let command = UiCommand::CompanionTags;
    let resolved = command.resolve(&window.harness.state().state().environment());
    window.harness.state().sender().send(resolved.unwrap());
    window.harness.run();
    assert_eq!(window.article().workspace.set().tags.len(), 10);
    window.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.article().workspace.set().tags.len(), 4);
}
