//! Find in the article: the bar, the way from hit to hit, and what becomes of the reader's place.

use super::{
    order,
    window::{Window, with_article},
};
use egui::{Key, Modifiers, accesskit::Role, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use sourcemark::{reader::Place, text::TextRange};

const FIELD: &str = "Find in the article";
const NEXT: &str = "Next hit (F3)";
const PREVIOUS: &str = "Previous hit (Shift+F3)";

/// Sixty paragraphs, the needle in every twentieth.
fn haystack() -> String {
    let paragraph = |n: usize| {
        let straw =
            format!("Paragraph {n} says what a paragraph says when it has nothing to say.\n\n");
        match n % 20 {
            10 => format!("{straw}Here is needle {n}.\n\n"),
            _ => straw,
        }
    };
    (0..60).map(paragraph).collect()
}

impl Window {
    /// Opens the bar and types `words` into it.
    fn find(&mut self, words: &str) {
        self.keys(Modifiers::COMMAND, Key::F);
        self.type_words(words);
    }

    fn type_words(&mut self, words: &str) {
        for letter in words.chars() {
            let event = egui::Event::Text(letter.to_string());
            self.harness.input_mut().events.push(event);
            self.harness.run();
        }
    }

    #[track_caller]
    fn bar_says(&self, words: &str) {
        let is_said = self.harness.query_by_label(words).is_some();
        let status = self.harness.state().find().status();
        assert!(is_said, "{words:?} is not said: {status:?}");
    }

    fn is_bar_open(&self) -> bool {
        let field = self
            .harness
            .query_by_role_and_label(Role::SearchInput, FIELD);
        field.is_some()
    }

    fn hit(&self) -> Option<&str> {
        let hit = self.harness.state().find().current()?;
        Some(self.article().text().slice(hit).unwrap())
    }

    #[track_caller]
    fn sees_hit(&self) {
        let hit = self.harness.state().find().current();
        let visible = self.article().reader.visible();
        let is_seen = hit.is_some_and(|hit| visible.contains(hit.start()));
        assert!(is_seen, "{hit:?} is not in {visible:?}");
    }

    fn place(&self) -> Place {
        self.article().reader.place()
    }

    fn selected(&self) -> Option<&str> {
        let range: TextRange = self.article().reader.selection()?;
        Some(self.article().text().slice(range).unwrap())
    }
}

#[test]
fn typing_finds_while_typing() {
    let mut window = with_article(&haystack());
    window.find("n");
    assert_eq!(window.hit(), Some("n"));
    window.type_words("eedle");
    window.bar_says("1 of 3");
    assert_eq!(window.hit(), Some("needle"));
    window.sees_hit();
    window.type_words(" 30");
    window.bar_says("1 of 1");
    window.sees_hit();
}

#[test]
fn next_and_previous_go_round() {
    let mut window = with_article(&haystack());
    window.find("NEEDLE");
    window.bar_says("1 of 3");
    window.key(Key::Enter);
    window.bar_says("2 of 3");
    window.key(Key::F3);
    window.bar_says("3 of 3");
    window.sees_hit();
    window.click(NEXT);
    window.bar_says("1 of 3, from the top again");
    window.sees_hit();
    window.click(PREVIOUS);
    window.bar_says("3 of 3, from the end again");
    window.keys(Modifiers::SHIFT, Key::F3);
    window.bar_says("2 of 3");
    window.keys(Modifiers::COMMAND, Key::F);
    window.keys(Modifiers::SHIFT, Key::Enter);
    window.bar_says("1 of 3");
}

#[test]
fn escape_returns_to_where_the_reader_was() {
    let mut window = with_article(&haystack());
    let place = window.place();
    window.find("needle 50");
    assert_ne!(window.place(), place);
    window.key(Key::Escape);
    assert!(!window.is_bar_open());
    assert_eq!(window.place(), place);
    assert_eq!(window.selected(), None);
    assert!(window.article().has_focus);
}

#[test]
fn a_hit_is_tagged_with_one_key() {
    let mut window = with_article(&haystack());
    window.find("needle 30");
    window.key(Key::Enter);
    window.key(Key::Escape);
    assert!(!window.is_bar_open());
    assert_eq!(window.selected(), Some("needle 30"));
    window.key(Key::Num2);
    assert_eq!(window.marks(), ["needle 30: denial"]);
}

#[test]
fn the_bar_closed_f3_goes_on() {
    let mut window = with_article(&haystack());
    window.find("needle");
    window.key(Key::Escape);
    window.key(Key::F3);
    assert_eq!(window.selected(), Some("needle"));
    let first = window.article().reader.range();
    window.key(Key::F3);
    assert!(window.article().reader.range().start() > first.end());
    window.keys(Modifiers::SHIFT, Key::F3);
    assert_eq!(window.article().reader.range(), first);
    window.key(Key::Num1);
    assert_eq!(window.marks(), ["needle: allegation"]);
}

#[test]
fn a_selection_is_looked_for() {
    let mut window = with_article(&haystack());
    window.select_words(1);
    window.keys(Modifiers::COMMAND, Key::F);
    let field = window
        .harness
        .get_by_role_and_label(Role::SearchInput, FIELD);
    assert_eq!(
        field.accesskit_node().value().unwrap_or_default(),
        "Paragraph"
    );
    // Each paragraph has the word twice.
    window.bar_says("1 of 120");
    window.type_words("needle");
    window.bar_says("1 of 3");
}

#[test]
fn options_count() {
    let mut window = with_article("Café cafe CAFETERIA.\n");
    window.find("cafe");
    window.bar_says("1 of 3");
    window.click("Whole words");
    window.bar_says("1 of 2");
    window.click("Match case and accents");
    window.bar_says("1 of 1");
    window.click("Whole words");
    window.click("Match case and accents");
    window.click("Regular expression");
    window.bar_says("1 of 2");
}

#[test]
fn arabic_and_japanese_are_found() {
    let mut window = with_article("قال إنَّ الحُكُومَةَ تنكر.\n\n政府は否\n定した。ﾆｭｰｽ。\n");
    // The field is egui's, whose fonts in tests have none of these letters.
    let tofu = egui::MissingGlyphPolicy::Tofu;
    window.harness.ctx.set_missing_glyph_policy(tofu);
    window.find("الحكومة");
    window.bar_says("1 of 1");
    assert_eq!(window.hit(), Some("الحُكُومَةَ"));
    window.key(Key::Escape);
    window.find("否定");
    assert_eq!(window.hit(), Some("否\n定"));
    window.key(Key::Escape);
    window.find("ニュース");
    assert_eq!(window.hit(), Some("ﾆｭｰｽ"));
}

#[test]
fn an_expression_that_is_not_valid_is_explained() {
    let mut window = with_article(&haystack());
    let place = window.place();
    window.keys(Modifiers::COMMAND, Key::F);
    window.click("Regular expression");
    window.keys(Modifiers::COMMAND, Key::F);
    window.type_words("needle (5");
    window.bar_says("This is not a valid regular expression: unclosed group.");
    assert!(window.harness.state().state().modal.is_none());
    window.type_words("0|3)");
    window.bar_says("1 of 2");
    assert_ne!(window.place(), place);
}

#[test]
fn what_is_not_there_is_said() {
    let mut window = with_article(&haystack());
    let place = window.place();
    window.find("needle x");
    window.bar_says("Not found");
    assert_eq!(window.place(), place);
    window.key(Key::Enter);
    window.bar_says("Not found");
}

#[test]
fn another_article_is_searched_anew() {
    let mut window = with_article(&haystack());
    window.find("needle");
    window.bar_says("1 of 3");
    let path = window.write("other.txt", "One needle.\n");
    window.open(path);
    window.bar_says("1 hit");
    window.keys(Modifiers::CTRL, Key::Tab);
    window.bar_says("3 hits");
    window.key(Key::F3);
    window.bar_says("1 of 3");
}

#[test]
fn a_click_into_the_text_stays() {
    let mut window = with_article(&haystack());
    window.find("needle 50");
    let strip = window
        .harness
        .get_by_label("Map of the marks in the whole article");
    let at = strip.rect().left_center() - vec2(300.0, 0.0);
    window.harness.drag_at(at);
    window.harness.drop_at(at);
    window.harness.run();
    let place = window.place();
    window.key(Key::Escape);
    assert!(!window.is_bar_open());
    assert_eq!(window.place(), place);
}

#[test]
fn the_bar_fits_a_narrow_window() {
    let mut window = with_article(&haystack());
    window.find("needle");
    for width in [1200.0, 1000.0, 880.0, 720.0] {
        window.harness.set_size(vec2(width, 600.0));
        window.harness.run();
        let screen = window.harness.ctx.content_rect();
        for label in [
            "Close Find (Esc)",
            NEXT,
            PREVIOUS,
            "Whole words",
            "Match case and accents",
            "Regular expression",
            "1 of 3",
        ] {
            let rect = window.harness.get_by_label(label).rect();
            assert!(screen.contains_rect(rect), "{label} at {width}: {rect}");
        }
        let field = window
            .harness
            .get_by_role_and_label(Role::SearchInput, FIELD);
        assert!(field.rect().width() > 100.0, "{width}");
        window.keys(Modifiers::SHIFT, Key::Enter);
        let words = window
            .harness
            .get_by_label("3 of 3, from the end again")
            .rect();
        assert!(words.width() > 150.0 && screen.contains_rect(words));
        // Back to the first hit without going round.
        window.key(Key::Enter);
        window.key(Key::Enter);
        window.keys(Modifiers::SHIFT, Key::Enter);
    }
}

#[test]
fn keys_that_come_with_ctrl_f_go_to_the_field() {
    let deliveries = [
        order::key(Modifiers::COMMAND, Key::F),
        order::letters("said"),
        order::key(Modifiers::NONE, Key::Enter),
        order::key(Modifiers::NONE, Key::Escape),
        order::typed(Key::Num1, "1"),
    ]
    .concat();
    let mut together = order::Scene::new();
    together.together(&deliveries);
    let mut apart = order::Scene::new();
    apart.one_by_one(&deliveries);
    assert_eq!(together.picture(), apart.picture());
    let marks = together.marks();
    assert!(marks.contains(&"said: allegation".to_owned()), "{marks:?}");
}

#[test]
fn all_hits_are_tagged_in_one_step_once_that_is_confirmed() {
    let mut window = with_article(&haystack());
    window.find("needle");
    window.click("Tag all hits…");
    window.click("Tag all hits as Denial…");
    window.bar_says("Tag 3 hits as Denial?");
    assert!(window.marks().is_empty());
    window.click("Tag 3 hits");
    assert_eq!(window.marks(), ["needle: denial"; 3]);
    window.key(Key::Escape);
    window.keys(Modifiers::COMMAND, Key::Z);
    assert!(window.marks().is_empty());
}
