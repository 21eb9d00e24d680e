//! No string of a file or of the clipboard is laid out whole, wherever in the window it is shown: a file that is huge in
//! every field, every panel and every dialog, and the length of whatever was painted and told in each frame.

use super::window::{Window, empty};
use crate::support::sets::{ARTICLE, CountingIds, merged_set, source, time};
use egui::{Event, Key, Modifiers, Shape, accesskit::Role, epaint::ClippedShape};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use proptest::{collection::vec, prelude::*, sample::select};
use sourcemark::{
    annotation::{
        AnnotationSet, Comment, CommentId, Conflict, FieldValue, Kept, MAX_NAME_CHARS, RecordRef,
        Side, Tag, TagId,
    },
    app::{AppCommand, DialogKind, PickPurpose},
    files,
    format::ron::{WriteOptions, write},
    reader::{Reader, TextEngine},
};
use std::{fs, sync::Arc};

/// Longest text that egui may be given to lay out at once, in code points: a full note field.
const MOST_LAID_OUT: usize = 10_000;
/// Most code points that egui may lay out in a frame.
const MOST_IN_ALL: usize = 40_000;
/// Most corners of glyphs and boxes that the reading pane's engine may paint in a frame.
const MOST_CORNERS: usize = 400_000;
/// Longest label or value that a screen reader is told, in code points.
const MOST_TOLD: usize = 10_100;

/// A string with letters of several kinds, of at least `n` code points.
fn long(n: usize) -> String {
    let part = "word, mot; слово नाम 名前 👩\u{200D}👧 e\u{301} \u{202E}x ";
    part.repeat(n / part.chars().count() + 1)
}

/// Every string of `set` made as long as `text` or longer.
fn blow_up(set: &mut AnnotationSet, text: &str) {
    let grow = |field: &mut String| field.push_str(text);
    let article = &mut set.article;
    for field in [
        &mut article.title,
        &mut article.url,
        &mut article.publisher,
        &mut article.author,
        &mut article.date,
        &mut article.file_name,
    ] {
        grow(field);
    }
    for (id, mut tag) in set.tags.clone() {
        let it = Arc::make_mut(&mut tag);
        grow(&mut it.name);
        grow(&mut it.guideline);
        set.tags.insert(id, tag);
    }
    for (id, mut agent) in set.agents.clone() {
        grow(&mut Arc::make_mut(&mut agent).name);
        set.agents.insert(id, agent);
    }
    for (id, mut speaker) in set.speakers.clone() {
        let it = Arc::make_mut(&mut speaker);
        for field in [&mut it.name, &mut it.role, &mut it.side] {
            grow(field);
        }
        it.aliases.iter_mut().for_each(grow);
        set.speakers.insert(id, speaker);
    }
    for (id, mut claim) in set.claims.clone() {
        let it = Arc::make_mut(&mut claim);
        grow(&mut it.text);
        grow(&mut it.note);
        set.claims.insert(id, claim);
    }
    let agent = *set.agents.keys().next().unwrap();
    let ids = &mut CountingIds(900);
    for (id, mut annotation) in set.annotations.clone() {
        let it = Arc::make_mut(&mut annotation);
        grow(&mut it.note);
        grow(&mut it.attribution.cue);
        it.attributes.insert(text.to_owned(), text.to_owned());
        it.comments.extend((0..30).map(|n| Comment {
            id: CommentId::new(ids),
            author: agent,
            created: time("2026-03-02T08:30:00Z"),
            text: format!("{n} {}", if n == 29 { text } else { "short" }),
            kept: Kept::default(),
        }));
        set.annotations.insert(id, annotation);
    }
    let annotation = *set.annotations.keys().next().unwrap();
    let side = |name: &str| Side {
        name: format!("{name} {text}"),
        value: Some(FieldValue::Text(format!("{name} {text}"))),
        kept: Kept::default(),
    };
    let conflict = Conflict::new(
        RecordRef::from(&annotation),
        "note".to_owned(),
        Some(FieldValue::Text(text.to_owned())),
        vec![side("a"), side("b")],
    );
    set.conflicts.insert(conflict.id, Arc::new(conflict));
}

/// `n` more tags, every one with a name of `n_chars` code points.
fn add_tags(set: &mut AnnotationSet, n: usize, n_chars: usize) {
    let like = set.tags.values().next().unwrap().clone();
    for n in 0..n {
        let id = TagId::parse(&format!("more-{n}")).unwrap();
        let tag = Tag {
            id: id.clone(),
            name: format!("more {n} {}", long(n_chars)),
            key: None,
            ..Tag::clone(&like)
        };
        set.tags.insert(id, Arc::new(tag));
    }
}

/// What a window with these annotations shows, checked with every frame.
struct Watched {
    window: Window,
    n_frames: usize,
}

impl Watched {
    fn open(set: &AnnotationSet) -> Self {
        let window = empty();
        // There is no font here for all these scripts: boxes are as wide.
        let ctx = &window.harness.ctx;
        ctx.set_missing_glyph_policy(egui::MissingGlyphPolicy::Tofu);
        let path = window.write("back-doors.txt", ARTICLE);
        let beside = files::annotations_beside(&path);
        fs::write(beside, write(set, WriteOptions::default())).unwrap();
        window.harness.state().open(vec![path]);
        let mut watched = Self {
            window,
            n_frames: 0,
        };
        // Ten thousand names are looked at in twenty frames.
        watched.frames(30);
        assert!(
            watched.window.article().read_only.is_none(),
            "{:?}",
            watched.window.article().read_only
        );
        watched
    }

    fn frames(&mut self, n: usize) {
        for _ in 0..n {
            self.window.harness.step();
            self.check();
        }
    }

    fn send(&mut self, command: AppCommand) {
        self.window.harness.state().sender().send(command);
        self.frames(4);
    }

    fn event(&mut self, event: Event) {
        self.window.harness.event(event);
        self.frames(2);
    }

    fn check(&mut self) {
        self.n_frames += 1;
        let output = self.window.harness.output();
        let mut found = Painted::default();
        found.shapes(&output.shapes);
        assert!(found.longest <= MOST_LAID_OUT, "{found:?}");
        assert!(found.in_all <= MOST_IN_ALL, "{found:?}");
        assert!(found.n_corners <= MOST_CORNERS, "{found:?}");
        let told = output.platform_output.accesskit_update.iter();
        for (_, node) in told.flat_map(|update| &update.nodes) {
            for text in [node.label(), node.value(), node.description()] {
                let n_chars = text.unwrap_or_default().chars().count();
                assert!(
                    n_chars <= MOST_TOLD,
                    "{n_chars} are told: {:?}",
                    node.role()
                );
            }
        }
    }
}

#[derive(Debug, Default)]
struct Painted {
    longest: usize,
    in_all: usize,
    n_corners: usize,
    beginning: String,
}

impl Painted {
    fn shapes(&mut self, shapes: &[ClippedShape]) {
        for shape in shapes {
            self.shape(&shape.shape);
        }
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| self.shape(shape)),
            Shape::Text(text) => {
                let n_chars = text.galley.job.text.chars().count();
                if n_chars > self.longest {
                    self.longest = n_chars;
                    self.beginning = text.galley.job.text.chars().take(60).collect();
                }
                self.in_all += n_chars;
            }
            Shape::Mesh(mesh) => self.n_corners += mesh.vertices.len(),
            _ => {}
        }
    }
}

fn tag(id: &str) -> TagId {
    TagId::parse(id).unwrap()
}

#[test]
fn a_file_that_is_huge_in_every_field_is_shown_by_beginnings() {
    let mut set = merged_set();
    blow_up(&mut set, &long(60_000));
    let mut watched = Watched::open(&set);
    let key = watched.window.article().key;
    for annotation in set.annotations.keys() {
        watched.send(AppCommand::GoTo(*annotation));
    }
    for kind in [
        DialogKind::Palette,
        DialogKind::Help,
        DialogKind::About,
        DialogKind::Preferences,
        DialogKind::NewTag,
        DialogKind::EditTag(tag("denial")),
        DialogKind::Guideline(tag("denial")),
        DialogKind::ArticleDetails,
        DialogKind::Encoding,
        DialogKind::OpenPath,
        DialogKind::SavePath(key),
    ] {
        watched.send(AppCommand::Show(kind));
        assert!(watched.window.harness.state().state().modal.is_some());
        watched.send(AppCommand::CloseDialog);
    }
    watched.send(AppCommand::Show(DialogKind::Conflicts(key)));
    watched.send(AppCommand::CloseDialog);
    for label in ["File", "Edit", "Annotate", "View", "Go", "Help"] {
        let menu = watched.window.harness.query_all_by_label(label).next();
        menu.unwrap().click();
        watched.frames(3);
        watched.window.harness.key_press(Key::Escape);
        watched.frames(2);
    }
    // Over everything: tooltips and cards.
    for step in 0..60 {
        let at = egui::pos2(
            20.0 + (step * 37 % 1160) as f32,
            60.0 + (step * 71 % 700) as f32,
        );
        watched.window.harness.hover_at(at);
        watched.frames(3);
    }
    // An edit whose undo has a long name in it, and a version of somebody else.
    watched.send(AppCommand::TakeMarker(tag("denial")));
    watched.send(AppCommand::Cancel);
    let chosen = *set.annotations.keys().next().unwrap();
    watched.send(AppCommand::GoTo(chosen));
    watched.send(AppCommand::FilterTag(tag("denial")));
    watched.send(AppCommand::Remove(chosen));
    let path = watched.window.article().annotations_path.clone();
    let mut theirs = set.clone();
    theirs.tags.remove(&tag("precedent"));
    theirs.article.title = "Theirs".to_owned();
    fs::write(&path, write(&theirs, WriteOptions::default())).unwrap();
    watched.send(AppCommand::LookAtAll);
    watched.send(AppCommand::Show(DialogKind::Theirs(key)));
    watched.send(AppCommand::CloseDialog);
    assert!(watched.n_frames > 100);
}

#[test]
fn long_notes_are_read_and_not_edited() {
    let mut set = merged_set();
    let id = *set.annotations.keys().next().unwrap();
    let note = long(30_000);
    let mut annotation = set.annotations[&id].clone();
    Arc::make_mut(&mut annotation).note = note.clone();
    set.annotations.insert(id, annotation);
    let mut watched = Watched::open(&set);
    watched.send(AppCommand::GoTo(id));
    let harness = &watched.window.harness;
    assert!(
        harness
            .query_by_role_and_label(Role::MultilineTextInput, "Note")
            .is_none()
    );
    harness.get_by_label_contains("At most 10,000 can be edited here");
    harness.get_by_label("Read note…").click_accesskit();
    watched.frames(4);
    let document = watched
        .window
        .harness
        .get_all_by_role(Role::Document)
        .map(|node| node.accesskit_node().document_range().text())
        .find(|text| text.starts_with("word, mot; слово"));
    assert!(document.is_some(), "the note is shown by the reading pane");
    watched.send(AppCommand::CloseDialog);
    assert_eq!(watched.window.annotations()[0].note, note, "as it was");
    // Cleared, written anew, and back again.
    watched
        .window
        .harness
        .get_by_label("Clear the field Note")
        .click_accesskit();
    watched.frames(4);
    let field = watched
        .window
        .harness
        .get_by_role_and_label(Role::MultilineTextInput, "Note");
    field.type_text("Short.");
    watched.frames(4);
    watched.send(AppCommand::CommitDrafts);
    assert_eq!(watched.window.annotations()[0].note, "Short.");
    watched.send(AppCommand::Undo);
    assert_eq!(watched.window.annotations()[0].note, note);
}

#[test]
fn ten_thousand_tags_are_rows_only_where_they_are_seen() {
    let mut set = merged_set();
    add_tags(&mut set, 9_990, 40);
    let mut watched = Watched::open(&set);
    let n_rows = || -> usize {
        let rows = watched.window.harness.get_all_by_role(Role::ListItem);
        rows.count()
    };
    assert!(n_rows() < 60, "{}", n_rows());
    let chosen = *set.annotations.keys().next().unwrap();
    watched.send(AppCommand::GoTo(chosen));
    watched.send(AppCommand::Show(DialogKind::Palette));
    watched.event(Event::Text("more 9876".to_owned()));
    watched.frames(12);
    watched
        .window
        .harness
        .get_by_label_contains("Tag as more 9876");
    watched.window.harness.key_press(Key::Enter);
    watched.frames(4);
    let tags = &watched.window.annotations()[0].tags;
    assert!(tags.contains(&tag("more-9876")), "{tags:?}");
}

#[test]
fn no_tag_is_added_beyond_the_limit_and_the_file_is_reported() {
    let mut set = merged_set();
    add_tags(&mut set, 10_000, 4);
    let mut watched = Watched::open(&set);
    watched
        .window
        .harness
        .get_by_label_contains("10,004 tags, and at most 10,000 are allowed; all are kept");
    watched.send(AppCommand::AddCompanionTags);
    watched
        .window
        .harness
        .get_by_label_contains("A file may have at most 10,000 tags");
    assert_eq!(watched.window.article().workspace.set().tags.len(), 10_004);
    watched.send(AppCommand::Show(DialogKind::NewTag));
    watched
        .window
        .harness
        .get_by_label_contains("The file has 10,004 tags");
}

#[test]
fn what_is_pasted_is_cut_to_what_the_field_holds() {
    let mut watched = Watched::open(&merged_set());
    let chosen = watched.window.annotations()[0].id;
    watched.send(AppCommand::GoTo(chosen));
    watched.send(AppCommand::FocusSpeaker);
    watched.event(Event::Paste(format!("{}\n", long(1_000_000))));
    watched
        .window
        .harness
        .get_by_label("Only part of the text was pasted");
    watched.send(AppCommand::CommitDrafts);
    let set = watched.window.article().workspace.set().clone();
    let name = set.speaker_name(&set.annotations[&chosen]).to_owned();
    assert!(name.starts_with("The vendorword, mot"), "{name}");
    assert!(name.chars().count() <= MAX_NAME_CHARS);
    watched.send(AppCommand::FocusNote);
    watched.event(Event::Paste(long(1_000_000)));
    watched.send(AppCommand::CommitDrafts);
    assert_eq!(watched.window.annotations()[0].note.chars().count(), 10_000);
}

#[test]
fn a_paste_is_cut_between_letters_and_not_inside_one() {
    let mut watched = Watched::open(&merged_set());
    let chosen = watched.window.annotations()[0].id;
    watched.send(AppCommand::GoTo(chosen));
    watched.send(AppCommand::FocusNote);
    let before = watched.window.annotations()[0].note.clone();
    let family = "👩\u{200D}👩\u{200D}👧";
    let room = 10_000 - before.chars().count();
    // So that the limit is after the third of the five code points.
    let letters = "abcde".get(..(room + 2) % 5).unwrap();
    watched.event(Event::Paste(format!("{letters}{}", family.repeat(2_500))));
    watched
        .window
        .harness
        .get_by_label("Only part of the text was pasted");
    watched.send(AppCommand::CommitDrafts);
    let note = watched.window.annotations()[0].note.clone();
    assert_eq!(note.chars().count(), 10_000 - 3);
    assert_eq!(note.matches(family).count(), (room - letters.len()) / 5);
    // What is typed in one go, as from a list of emoji, comes whole or not at all.
    watched.send(AppCommand::FocusNote);
    for typed in [family, "e\u{301}", "e\u{301}"] {
        watched.event(Event::Text(typed.to_owned()));
    }
    watched.send(AppCommand::CommitDrafts);
    let note = watched.window.annotations()[0].note.clone();
    assert_eq!(note.chars().count(), 10_000 - 1);
    assert_eq!(note.matches("e\u{301}").count(), 1);
}

#[test]
fn what_was_typed_in_one_note_cannot_come_back_in_another() {
    let mut watched = Watched::open(&merged_set());
    let ids: Vec<_> = watched
        .window
        .annotations()
        .iter()
        .map(|it| it.id)
        .collect();
    let second = watched.window.annotations()[1].note.clone();
    watched.send(AppCommand::GoTo(ids[0]));
    watched.send(AppCommand::FocusNote);
    for _ in 0..3 {
        watched.event(Event::Text(" more".to_owned()));
        watched.frames(80);
    }
    watched.send(AppCommand::GoTo(ids[1]));
    watched.send(AppCommand::FocusNote);
    for _ in 0..5 {
        watched
            .window
            .harness
            .key_press_modifiers(Modifiers::COMMAND, Key::Z);
        watched.frames(2);
    }
    watched.send(AppCommand::CommitDrafts);
    assert_eq!(watched.window.annotations()[1].note, second);
}

#[test]
fn a_save_keeps_what_is_beyond_the_limits() {
    let mut set = merged_set();
    blow_up(&mut set, &long(3_000));
    let mut watched = Watched::open(&set);
    let chosen = *set.annotations.keys().next().unwrap();
    watched.send(AppCommand::GoTo(chosen));
    let retag = sourcemark::edit::Edit::Retag {
        ids: vec![chosen],
        tag: tag("precedent"),
        give: true,
    };
    watched.send(AppCommand::Edit(retag));
    let key = watched.window.article().key;
    watched.send(AppCommand::Save(key));
    let path = watched.window.article().annotations_path.clone();
    let again = sourcemark::format::ron::read(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(again.set.tags, set.tags);
    assert_eq!(again.set.article.title, set.article.title);
    assert_eq!(again.set.speakers, set.speakers);
    let before = &set.annotations[&chosen];
    let after = &again.set.annotations[&chosen];
    assert_eq!(
        (&after.note, &after.comments),
        (&before.note, &before.comments)
    );
    assert!(after.has_tag(&tag("precedent")));
    watched.send(AppCommand::PickFiles(PickPurpose::Open));
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(12))]

    /// Whatever is piled up, a frame of the pane paints no more than a page holds.
    #[test]
    fn no_text_makes_a_frame_of_the_pane_paint_more_than_a_page(
        parts in vec((select(vec![
            "a", " ", "\u{200B}", "\u{200D}", "👩\u{200D}", "👩\u{200D}👩\u{200D}👧\u{200D}👦", "e\u{301}",
            "\u{301}", "\u{202E}", "क्", "漢", "\u{FE0F}", "🇸", "\u{E0041}", "\n",
        ]), 1usize..4_000), 1..6),
    ) {
        let text: String = parts.iter().map(|(part, n)| part.repeat(*n)).collect();
        let state = (Reader::new(source(&text)), TextEngine::new(false));
        let mut harness = egui_kittest::Harness::builder()
            .with_size(egui::vec2(700.0, 900.0))
            .build_ui_state(|ui: &mut egui::Ui, state: &mut (Reader, TextEngine)| {
                super::pane::show_plain(ui, &mut state.0, &mut state.1);
            }, state);
        harness.step();
        let mut found = Painted::default();
        found.shapes(&harness.output().shapes);
        prop_assert!(found.n_corners <= MOST_CORNERS, "{found:?}");
    }
}
