//! Other hands on the files that are open: noticed, told, and never at the cost of anybody's work.

use super::window::{Window, on};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use sourcemark::{
    annotation::Timestamp,
    files::{self, Disk, Expected, Loaded, fs::RealFs},
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

const ARTICLE: &str = "The maker denies it.\n\nIt has a back door, an official said.\n";

/// A folder with an article, and a place for journals, locks and earlier versions.
pub struct Place {
    pub folder: tempfile::TempDir,
    pub article: PathBuf,
}

impl Place {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let article = folder.path().join("article.txt");
        fs::write(&article, ARTICLE).unwrap();
        Self { folder, article }
    }

    pub fn disk(&self) -> Disk {
        Disk::new(Arc::new(RealFs), Some(self.state()))
    }

    /// Where journals, locks and earlier versions are.
    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    pub fn annotations(&self) -> PathBuf {
        files::annotations_beside(&self.article)
    }

    /// A link to the folder: the article and its annotations have another path through it.
    #[cfg(unix)]
    pub fn linked_folder(&self) -> PathBuf {
        let link = self.folder.path().join("link");
        std::os::unix::fs::symlink(self.folder.path(), &link).unwrap();
        link
    }

    /// A link to the article alone, in another folder: its annotations are beside the link.
    #[cfg(unix)]
    pub fn linked_file(&self) -> PathBuf {
        let folder = self.folder.path().join("elsewhere");
        fs::create_dir(&folder).unwrap();
        let link = folder.join("linked.txt");
        std::os::unix::fs::symlink(&self.article, &link).unwrap();
        link
    }

    /// A window in which the article is open, with two words tagged as denial and saved.
    pub fn window(&self) -> Window {
        let mut window = on(self.disk(), 0);
        window.open(self.article.clone());
        window.select_words(2);
        window.key(Key::Num2);
        window.keys(Modifiers::COMMAND, Key::S);
        assert!(!window.article().is_unsaved());
        window
    }

    /// What a colleague saves meanwhile: the same annotations with this note on the first.
    pub fn colleague_writes(&self, note: &str) {
        let mut file = load(&self.annotations());
        let first = file.set.annotations.values().next().unwrap().clone();
        let mut changed = (*first).clone();
        changed.note = note.to_owned();
        file.set.annotations.insert(changed.id, changed.into());
        let expected = Expected::Same(file.identity);
        files::save_annotations(&self.annotations(), &file.set, expected, false).unwrap();
    }
}

pub fn load(path: &Path) -> files::AnnotationsFile {
    match files::read_annotations(path) {
        Loaded::Loaded(file) => *file,
        other => panic!("{other:?}"),
    }
}

pub fn notes(window: &Window) -> Vec<String> {
    let annotations = window.annotations();
    let mut notes: Vec<String> = annotations.iter().map(|one| one.note.clone()).collect();
    notes.sort();
    notes
}

impl Window {
    pub fn look(&mut self) {
        self.key(Key::F5);
    }

    pub fn says(&self, words: &str) {
        let shown = self.harness.state().state().notifications.shown();
        assert!(
            shown
                .iter()
                .any(|one| one.title.contains(words) || one.text.contains(words)),
            "{shown:?}"
        );
    }
}

#[test]
fn what_a_colleague_saved_is_taken_over_when_nothing_is_unsaved_and_undo_brings_ours_back() {
    let place = Place::new();
    let mut window = place.window();
    place.colleague_writes("From a colleague.");
    window.look();
    assert_eq!(notes(&window), ["From a colleague."]);
    assert!(!window.article().is_unsaved());
    window.says("annotations reloaded");
    window.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(notes(&window), [""]);
    assert!(window.article().is_unsaved());
    window.keys(Modifiers::COMMAND, Key::S);
    assert!(
        !window.article().is_unsaved(),
        "what is on the disk is known"
    );
    assert_eq!(
        load(&place.annotations()).set,
        *window.article().workspace.set()
    );
}

/// The window with an unsaved mark, and the file changed by a colleague.
pub fn at_odds(place: &Place) -> Window {
    let mut window = place.window();
    window.select_words(1);
    window.key(Key::Num1);
    place.colleague_writes("From a colleague.");
    window.look();
    window.harness.get_by_label("Somebody else saved this file");
    assert_eq!(
        window.annotations().len(),
        2,
        "nothing was taken over unasked"
    );
    window
}

#[test]
fn mine_can_be_kept_and_theirs_is_among_the_earlier_versions() {
    let place = Place::new();
    let mut window = at_odds(&place);
    window.click("Keep mine");
    assert!(!window.article().is_unsaved());
    assert_eq!(notes(&window), ["", ""]);
    assert_eq!(load(&place.annotations()).set.annotations.len(), 2);
    let versions = place.disk().earlier_versions(&place.annotations()).unwrap();
    let theirs = place.disk().read_version(&versions[0]).unwrap();
    let kept: Vec<&str> = theirs
        .set
        .annotations
        .values()
        .map(|one| one.note.as_str())
        .collect();
    assert_eq!(kept, ["From a colleague."]);
}

#[test]
fn theirs_can_be_taken_and_undo_brings_mine_back() {
    let place = Place::new();
    let mut window = at_odds(&place);
    window.click("Use theirs");
    assert_eq!(notes(&window), ["From a colleague."]);
    assert!(!window.article().is_unsaved());
    window.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(notes(&window), ["", ""]);
}

#[test]
fn a_save_never_replaces_what_a_colleague_wrote_a_moment_ago() {
    let place = Place::new();
    let mut window = place.window();
    window.select_words(1);
    window.key(Key::Num1);
    place.colleague_writes("From a colleague.");
    window.keys(Modifiers::COMMAND, Key::S);
    let saved = load(&place.annotations());
    assert_eq!(saved.set.annotations.len(), 1, "theirs is still there");
    assert!(window.article().is_unsaved());
    window.harness.get_by_label("Somebody else saved this file");
    window.key(Key::Escape);
    window.click("Compare…");
    window.harness.get_by_label("Somebody else saved this file");
}

#[test]
fn a_file_that_is_gone_is_told_and_saved_anew() {
    let place = Place::new();
    let mut window = place.window();
    fs::remove_file(place.annotations()).unwrap();
    window.look();
    window.says("is missing");
    assert!(window.article().is_unsaved());
    window.keys(Modifiers::COMMAND, Key::S);
    assert_eq!(load(&place.annotations()).set.annotations.len(), 1);
}

#[test]
fn a_file_that_became_unreadable_is_not_written_over() {
    let place = Place::new();
    let mut window = place.window();
    fs::write(place.annotations(), "<html>Log in to the network").unwrap();
    window.look();
    window.says("cannot be read");
    window.select_words(1);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::S);
    assert!(window.article().is_unsaved());
    let there = fs::read_to_string(place.annotations()).unwrap();
    assert_eq!(there, "<html>Log in to the network");
}

#[test]
fn a_changed_article_is_shown_with_its_marks_and_its_annotation_file_left_alone() {
    let place = Place::new();
    let mut window = place.window();
    let before = fs::read(place.annotations()).unwrap();
    fs::write(&place.article, format!("A new first line.\n\n{ARTICLE}")).unwrap();
    window.look();
    assert!(
        window
            .article()
            .text()
            .as_str()
            .starts_with("A new first line.")
    );
    window.says("by another program");
    assert_eq!(window.article().n_moved, 1);
    assert_eq!(window.marks(), ["The maker: denial"]);
    assert!(!window.article().is_unsaved());
    assert_eq!(fs::read(place.annotations()).unwrap(), before);
    window.harness.get_by_label("Use this version");
}

#[test]
fn an_article_that_was_only_touched_stays_as_it_is() {
    let place = Place::new();
    let mut window = place.window();
    fs::write(&place.article, ARTICLE).unwrap();
    window.look();
    assert!(
        window
            .harness
            .state()
            .state()
            .notifications
            .shown()
            .is_empty()
    );
    assert!(!window.article().has_changed_text());
}

#[test]
fn the_second_window_may_look_and_edit_when_the_first_has_closed_the_article() {
    let place = Place::new();
    let mut first = place.window();
    let mut second = on(place.disk(), 1_000);
    second.open(place.article.clone());
    assert_eq!(second.marks(), ["The maker: denial"]);
    second.select_words(3);
    second.key(Key::Num1);
    assert_eq!(second.annotations().len(), 1, "looking only");
    let why =
        "Read-only. Test annotator, in another window of Sourcemark, has these annotations open";
    second.harness.get_by_label_contains(why);

    first.select_words(1);
    first.key(Key::Num4);
    first.keys(Modifiers::COMMAND, Key::S);
    first.keys(Modifiers::COMMAND, Key::W);
    second.click("Retry editing");
    assert_eq!(
        second.annotations().len(),
        2,
        "what the first has saved is there"
    );
    second.select_words(1);
    second.key(Key::Num1);
    assert!(second.article().is_unsaved());
}

#[test]
fn an_earlier_version_is_compared_and_restored_and_that_undone() {
    let place = Place::new();
    let mut window = place.window();
    window.key(Key::Escape);
    window.select_words(1);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::S);
    let now = window.marks();
    assert_eq!(now.len(), 2);
    window.act("EarlierVersions");
    let look = "Compare with the version of ";
    window.harness.get_by_label_contains(look).click();
    window.harness.run();
    window.harness.get_by_label("1 annotation only here.");
    window.click("Restore this version");
    assert_eq!(window.marks(), ["The maker: denial"]);
    assert!(window.article().is_unsaved());
    window.keys(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.marks(), now);
}

#[test]
fn a_copy_that_a_syncing_service_laid_beside_is_offered() {
    let place = Place::new();
    drop(place.window());
    let copy = place
        .folder
        .path()
        .join("article.txt.annotations (conflicted copy 2026-03-01).ron");
    fs::copy(place.annotations(), &copy).unwrap();
    place.colleague_writes("Saved on this machine.");
    let mut window = on(place.disk(), 2_000);
    window.open(place.article.clone());
    window.click("Compare…");
    window.harness.get_by_label("Conflicting copy");
    window.click("Merge");
    let set = window.article().workspace.set();
    assert_eq!(set.annotations.len(), 1);
    assert_eq!(set.conflicts.len(), 1, "nobody knows who changed the note");
    window.says("The common earlier version is unknown");
    assert!(copy.is_file());
}

#[test]
fn in_the_smallest_window_a_strip_leaves_the_text_in_sight() {
    let place = Place::new();
    drop(place.window());
    let copy = "article.txt.annotations (conflicted copy 2026-03-01).ron";
    fs::copy(place.annotations(), place.folder.path().join(copy)).unwrap();
    place.colleague_writes("Saved on this machine.");
    let mut window = on(place.disk(), 2_000);
    window.open(place.article.clone());
    window.harness.set_size(egui::vec2(720.0, 480.0));
    window.harness.run();
    let words = window
        .harness
        .get_by_label_contains("sync program left a conflicting copy");
    let button = window.harness.get_by_label("Compare…").rect();
    assert!(words.rect().height() < 80.0, "{}", words.rect());
    assert!(button.top() >= words.rect().bottom(), "{button}");
    window.click("Compare…");
}

#[test]
fn a_version_that_a_killed_save_has_left_is_offered() {
    let place = Place::new();
    drop(place.window());
    // A colleague's version came out of the file, and the program was killed: on another machine, a day ago.
    let name = place.annotations().file_name().unwrap().to_owned();
    let name = blake3::hash(name.as_encoded_bytes()).to_hex();
    let hash = "0".repeat(16);
    let left = format!(
        ".sourcemark-1-00000000dddddddd-{}-{hash}-{hash}.tmp",
        &name[..16]
    );
    fs::copy(place.annotations(), place.folder.path().join(&left)).unwrap();
    place.colleague_writes("Saved on this machine.");
    let later = files::SystemClock.now().unix_seconds() + 25 * 3600;
    let disk = place.disk();
    let disk = disk.with_clock(move || Timestamp::from_unix_seconds(later));
    let mut window = on(disk, 2_000);
    window.open(place.article.clone());
    assert!(!place.folder.path().join(&left).exists());
    window.click("Compare…");
    window.harness.get_by_label("Conflicting copy");
}

#[test]
fn the_commands_about_other_hands_are_grey_when_there_are_none() {
    let place = Place::new();
    let window = place.window();
    assert!(window.can_act("EarlierVersions"));
    for name in ["CompareTheirs", "TryLock"] {
        assert!(!window.can_act(name), "{name}");
    }
}

#[test]
fn what_can_be_read_of_a_damaged_file_opens_as_a_copy() {
    let place = Place::new();
    let mut window = place.window();
    window.key(Key::Escape);
    window.select_words(1);
    window.key(Key::Num1);
    window.keys(Modifiers::COMMAND, Key::S);
    drop(window);
    let written = fs::read_to_string(place.annotations()).unwrap();
    // Cut off in the last annotation.
    let last = written.rfind("created:").unwrap();
    let damaged = &written[..last];
    fs::write(place.annotations(), damaged).unwrap();

    let mut window = on(place.disk(), 2_000);
    window.open(place.article.clone());
    assert!(window.annotations().is_empty());
    window.click("Recover…");
    window
        .harness
        .get_by_label_contains("1 annotation can be recovered.");
    window.click("Open as a copy");
    assert_eq!(window.annotations().len(), 1);
    assert!(window.article().is_unsaved());
    window.keys(Modifiers::COMMAND, Key::S);
    assert!(!window.article().is_unsaved());
    let copy = place
        .folder
        .path()
        .join("article (rescued).txt.annotations.ron");
    assert_eq!(load(&copy).set.annotations.len(), 1);
    let there = fs::read_to_string(place.annotations()).unwrap();
    assert_eq!(there, damaged, "the damaged file stays as it is");
}

#[test]
fn a_damaged_file_is_told_once_and_taken_when_it_can_be_read_again() {
    let place = Place::new();
    drop(place.window());
    let good = fs::read(place.annotations()).unwrap();
    fs::write(place.annotations(), &good[..200]).unwrap();
    let mut window = on(place.disk(), 2_000);
    window.open(place.article.clone());
    window
        .harness
        .get_by_label("The annotations cannot be read");
    window.look();
    let told = window.harness.state().state().notifications.shown();
    assert!(told.is_empty(), "the strip has said it: {told:?}");
    fs::write(place.annotations(), &good).unwrap();
    window.look();
    assert_eq!(window.marks(), ["The maker: denial"]);
    window.select_words(1);
    window.key(Key::Num1);
    assert_eq!(window.annotations().len(), 2, "it can be edited again");
}

#[cfg(unix)]
#[test]
fn an_article_reached_by_two_links_is_open_once_unless_it_has_other_annotations() {
    let place = Place::new();
    let mut window = place.window();
    let key = window.article().key;
    window.open(place.linked_folder().join("article.txt"));
    assert_eq!(window.article().key, key);
    assert_eq!(window.harness.state().state().articles.len(), 1);
    window.open(place.linked_file());
    assert_ne!(window.article().key, key);
    assert!(window.annotations().is_empty());
}

/// Quitting asked for a save that was refused: a save long after that must not quit.
#[test]
fn a_save_that_was_refused_while_quitting_leaves_nothing_to_close_later() {
    let place = Place::new();
    let first = place.window();
    let mut second = on(place.disk(), 1_000);
    second.open(place.article.clone());
    fs::remove_file(place.annotations()).unwrap();
    second.look();
    assert!(second.article().is_unsaved());
    for key in [Key::W, Key::Q] {
        second.keys(Modifiers::COMMAND, key);
        second.harness.get_by_label("Save the annotations?");
        second.key(Key::Enter);
        second.harness.get_by_label("This article is read-only");
    }
    drop(first);
    second.click("Retry editing");
    second.key(Key::Escape);
    second.select_words(1);
    second.key(Key::Num1);
    second.keys(Modifiers::COMMAND, Key::S);
    assert!(!second.article().is_unsaved());
    assert!(!second.harness.state().state().may_close);
}
