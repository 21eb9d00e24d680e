//! An article whose own text both sides have changed all over, with everybody's marks.

use super::Copy;
use crate::support::sets::source;
use sourcemark::{
    annotation::{AnnotationId, AnnotationSet, Article, Marks},
    edit::Edit,
    merge::three_way,
    text::TextRange,
};

const WORDS: [&str; 24] = [
    "the", "firm", "denied", "it", "again", "and", "court", "found", "nothing", "on", "Monday",
    "minister", "says", "that", "a", "witness", "was", "never", "asked", "about", "dossier", "by",
    "agency", "since",
];

/// Numbers without a pattern, the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(0x5851_F42D_4C95_7F2D)
            .wrapping_add(0x1405_7B7E_F767_814F);
        (self.0 >> 33) as usize % limit
    }
}

fn prose(n_words: usize) -> String {
    let mut numbers = Numbers(1);
    let mut text = String::new();
    for n in 0..n_words {
        text.push_str(WORDS[numbers.below(WORDS.len())]);
        text.push_str(match n % 90 {
            89 => ".\n",
            n if n % 15 == 14 => ". ",
            _ => " ",
        });
    }
    text
}

/// One word in a hundred is another one, doubled or gone.
fn reworded(text: &str, seed: u64) -> String {
    let mut numbers = Numbers(seed);
    let words = text.split(' ').map(|word| match numbers.below(300) {
        0 => format!("{word} indeed"),
        1 => "otherwise".to_owned(),
        2 => String::new(),
        _ => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The file after a person has taken `text` for the article, and marked ten passages of it.
fn worked_on(base: &AnnotationSet, text: &str, who: u128) -> Copy {
    let mut copy = Copy::of(base, text, who);
    let marks = Marks::find(&source(text), base, &|| true).unwrap();
    let place = |id: &AnnotationId| Some((*id, 0, marks.placement(*id)?.first_range()?));
    copy.does(Edit::AdoptText {
        article: Box::new(Article::describe(&source(text), "a.txt", "UTF-8")),
        found: base.annotations.keys().filter_map(place).collect(),
    });
    for n in 0..10 {
        let start = text[n * text.len() / 10..].find(' ').unwrap() + n * text.len() / 10 + 1;
        copy.does(Edit::Annotate {
            segments: vec![TextRange::from_bytes(start..start + 40)],
            tags: Vec::new(),
            note: format!("Mark {n} of {who}."),
            speaker: None,
        });
    }
    copy
}

#[test]
fn two_people_s_changes_all_over_the_article_cost_no_mark() {
    let text = prose(9_000);
    let set = AnnotationSet::new(Article::describe(&source(&text), "a.txt", "UTF-8"));
    let mut begun = Copy::of(&set, &text, 1);
    for n in 0..100 {
        let start = n * text.len() / 100;
        begun.does(Edit::Annotate {
            segments: vec![TextRange::from_bytes(start..start + 45)],
            tags: Vec::new(),
            note: String::new(),
            speaker: None,
        });
    }
    let base = begun.set().clone();
    let texts = [text.clone(), reworded(&text, 7), reworded(&text, 8)];
    let (ana, ben) = (
        worked_on(&base, &texts[1], 2),
        worked_on(&base, &texts[2], 3),
    );
    let texts = texts.map(|text| source(&text));
    let merged = three_way(&base, ("Ana", ana.set()), ("Ben", ben.set()), &texts);
    let all = merged.set.annotations;
    assert_eq!(all.len(), 100 + 10 + 10);
    for side in [ana.set(), ben.set()] {
        assert!(side.annotations.keys().all(|id| all.contains_key(id)));
    }
    let n_conflicts = merged.set.conflicts.len();
    assert!(n_conflicts * 100 <= all.len(), "{:?}", merged.set.conflicts);
}
