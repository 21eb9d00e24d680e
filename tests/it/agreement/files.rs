//! Files brought together and compared: through the command line, and as records.

mod key;
mod several;

use crate::support::{
    desk::{Desk, Said},
    sets::{CountingIds, annotation, source},
};
use proptest::{collection::vec, prelude::*};
use sourcemark::{
    agreement::{
        Agreement, AgreementError, ArticleLayers, Corpus, Kind, LayerFile, Passage, ReportOptions,
        TagName, UnitKind, Who,
    },
    annotation::{
        Agent, AgentId, AgentKind, AnnotationId, AnnotationSet, Article, Footprint, Kept, TagId,
    },
    cli::Exit,
    text::SourceText,
};
use std::{collections::BTreeMap, fs, sync::Arc};

const ARTICLE: &str = "Back doors?\n\nThe ministry says the firm built a back door. The firm denies it: \
    “We never did,” said Ann Smith. An expert, Bo Li, doubts both sides. Nobody has read the whole file.\n";

/// A set by `annotator`: quotes and their tags, several segments divided by `|`.
fn set(text: &SourceText, annotator: &str, marked: &[(&str, &[&str])]) -> AnnotationSet {
    let id = annotator
        .bytes()
        .fold(7, |id: u128, byte| id * 131 + u128::from(byte));
    let mut set = AnnotationSet::new(Article::describe(text, "news.txt", "UTF-8"));
    let agent = Agent {
        id: AgentId::from_u128(id),
        name: annotator.to_owned(),
        kind: AgentKind::Person,
        kept: Kept::default(),
    };
    set.agents.insert(agent.id, Arc::new(agent.clone()));
    let mut ids = CountingIds(id << 8);
    for (quotes, tags) in marked {
        let mut parts = quotes
            .split('|')
            .map(|quote| annotation(text, quote, &mut ids));
        let mut made = parts.next().unwrap();
        made.segments.extend(parts.flat_map(|part| part.segments));
        made.tags = tags.iter().map(|tag| TagId::parse(tag).unwrap()).collect();
        made.tags.sort();
        made.creator = agent.id;
        set.annotations.insert(made.id, Arc::new(made));
    }
    set
}

const ANA: &[(&str, &[&str])] = &[
    (
        "The ministry says the firm built a back door.",
        &["allegation"],
    ),
    ("The firm denies it", &["denial"]),
    ("“We never did,” said Ann Smith.", &["denial"]),
    ("An expert, Bo Li, doubts both sides.", &["expert-opinion"]),
];
const BEN: &[(&str, &[&str])] = &[
    ("the firm built a back door", &["allegation"]),
    ("The firm denies it", &["denial"]),
    (
        "An expert, Bo Li, doubts both sides.",
        &["denial", "expert-opinion"],
    ),
    ("Nobody has read the whole file.", &["precedent"]),
];

/// A desk with the article and the files of Ana (beside it) and Ben (in a folder of his own).
fn desk() -> Desk {
    let desk = Desk::new();
    let text = source(ARTICLE);
    desk.put("news.txt", ARTICLE, &set(&text, "Ana", ANA));
    desk.save("ben/news.txt.annotations.ron", &set(&text, "Ben", BEN));
    desk
}

/// The command that the tests of agreement run.
trait Agree {
    /// Runs `agree` with these arguments.
    fn agree(&self, args: &[&str]) -> Said;
    /// Returns what `agree` reports, which must succeed.
    fn report(&self, args: &[&str]) -> String;
}

impl Agree for Desk {
    #[track_caller]
    fn agree(&self, args: &[&str]) -> Said {
        self.run(&[&["agree"], args].concat())
    }

    #[track_caller]
    fn report(&self, args: &[&str]) -> String {
        let Said { exit, out, err } = self.agree(args);
        assert_eq!(exit, Exit::Done, "{err}");
        out
    }
}

const BOTH: [&str; 2] = ["@news.txt", "@ben/news.txt.annotations.ron"];

#[test]
fn counts_come_first_and_every_disagreement_has_its_place() {
    let out = desk().report(&BOTH);
    let mut lines = out.lines();
    assert_eq!(
        lines.next().unwrap(),
        "Ana and Ben marked 4 and 4 passages: 2 the same passage with the same tag, 1 the same passage with another \
         tag, 1 only Ana, 1 only Ben; 1 of the 2 differs only at its edges."
    );
    assert!(out.contains("all tags (6 tagged passages)"), "{out}");
    assert!(out.contains("too few passages"), "{out}");
    for line in [
        "news.txt:3:1: Allegation; Ben begins without “The ministry says” and ends without “.”: The ministry says the firm built a back door. [Ana …5d3101, Ben …9bac01]",
        "news.txt:3:67: only Ana: Denial: “We never did,” said Ann Smith. [Ana …5d3103]",
        "news.txt:3:99: Ana: Expert opinion; Ben: Denial, Expert opinion: An expert, Bo Li, doubts both sides. [Ana …5d3104, Ben …9bac03]",
        "news.txt:3:136: only Ben: Precedent: Nobody has read the whole file. [Ben …9bac04]",
    ] {
        // Ids of tests differ at their ends alone.
        let out = out.replace("01939f3a-7b1c-7000-8000-000101", "…");
        assert!(
            out.lines().any(|said| said == line),
            "{line}\nis not in\n{out}"
        );
    }
}

/// Ids and places are those that the other commands print, and the ids can be given to them.
#[test]
fn disagreements_have_the_ids_and_places_of_the_marks() {
    let desk = desk();
    let json = |args: &[&str]| -> serde_json::Value {
        let Said { out, err, .. } = desk.run(args);
        serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"))
    };
    let found = json(&["agree", BOTH[0], BOTH[1], "--json"]);
    let found = found["disagreements"].as_array().unwrap();
    let table = desk.report(&[BOTH[0], BOTH[1], "--csv=disagreements"]);
    let mut n_marks = 0;
    for (file, side) in [(BOTH[0], "a"), ("@ben/news.txt", "b")] {
        fs::write(desk.path("ben/news.txt"), ARTICLE).unwrap();
        let table_of_marks = desk.run(&["list", file]).out;
        for found in found.iter().filter(|found| !found[side].is_null()) {
            let (id, place) = (&found[side]["id"], &found[side]["place"]);
            let (id, place) = (id.as_str().unwrap(), place.as_str().unwrap());
            let of_list = table_of_marks.lines().find(|line| line.ends_with(id));
            assert!(
                of_list.unwrap().starts_with(&format!("{place} ")),
                "{place}: {of_list:?}"
            );
            assert!(table.contains(id), "{table}");
            let Said { exit, err, .. } = desk.run(&["edit", file, id, "--note", "Seen."]);
            assert_eq!(exit, Exit::Done, "{err}");
            n_marks += 1;
        }
    }
    assert_eq!(n_marks, 6);
    assert_eq!(
        found[0]["edges"],
        serde_json::json!([
            { "at": "start", "change": "less", "words": "The ministry says ", "stretch": [13, 31] },
            { "at": "end", "change": "less", "words": ".", "stretch": [57, 58] },
        ])
    );
    assert_eq!(found[1]["edges"], serde_json::Value::Null);
    assert_eq!(found[2]["edges"], serde_json::json!([]));
    assert!(
        table.contains("\"begins without “The ministry says” and ends without “.”\""),
        "{table}"
    );
}

#[test]
fn the_order_of_files_does_not_matter() {
    let desk = desk();
    let turned = [BOTH[1], BOTH[0]];
    for format in [
        "--json",
        "--csv=figures",
        "--csv=disagreements",
        "--csv=confusion",
        "--unit=sentence",
    ] {
        let with = |files: [&str; 2]| desk.report(&[files[0], files[1], format]);
        assert_eq!(with(BOTH), with(turned));
    }
}

#[test]
fn programs_get_every_figure_and_every_reason() {
    let out = desk().report(&[BOTH[0], BOTH[1], "--json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["pairs"][0]["same_with_other_edges"], 1);
    assert_eq!(
        json["articles"][0]["annotators"],
        serde_json::json!(["Ana", "Ben"])
    );
    let figures = |name: &str| {
        let all = json["figures"].as_array().unwrap();
        all.iter().find(|line| line["name"] == name).unwrap()["measures"].clone()
    };
    // Of 4 and 5 tagged passages, 2 stand on the same code points and 3 overlap.
    assert_eq!(figures("all tags")["f1_strict"]["value"], 2.0 * 2.0 / 9.0);
    assert_eq!(figures("all tags")["f1_overlap"]["value"], 2.0 * 3.0 / 9.0);
    assert_eq!(figures("Denial")["f1_overlap"]["value"], 0.5);
    assert_eq!(figures("Precedent")["f1_overlap"]["value"], 0.0);
    assert_eq!(
        figures("Precedent")["alpha_u"]["value"],
        0.0,
        "one unit says nothing"
    );
    assert_eq!(figures("Allegation")["f1_overlap"]["too_few"], true);
    assert_eq!(
        figures("Allegation")["f1_overlap"]["low"],
        serde_json::Value::Null
    );
    assert!(json["figures"][0]["gamma"]["samples"].as_u64().unwrap() >= 30);
    assert_eq!(json["figures"][0]["gamma"]["alignment_gap"], 0.0);
    let quiet = desk().report(&[BOTH[0], BOTH[1], "--json", "--no-gamma"]);
    let quiet: serde_json::Value = serde_json::from_str(&quiet).unwrap();
    assert_eq!(
        quiet["figures"][0]["measures"]["gamma"]["undefined"],
        "it was not asked for"
    );
}

#[test]
fn a_figure_that_is_not_defined_is_no_number() {
    let desk = desk();
    let text = source(ARTICLE);
    let all: &[(&str, &[&str])] = &[(ARTICLE, &["denial"])];
    for name in ["cai", "dan"] {
        let file = format!("{name}/news.txt.annotations.ron");
        desk.save(file, &set(&text, name, all));
    }
    let out = desk.report(&[
        "@cai/news.txt.annotations.ron",
        "@dan/news.txt.annotations.ron",
        "--csv",
    ]);
    let figure = |key: &str| {
        out.lines()
            .find(|line| line.starts_with("\"all tags\"") && line.contains(key))
            .unwrap()
    };
    assert!(figure("f1_strict").starts_with("\"all tags\",\"f1_strict\",\"1.000000\""));
    for key in ["cohen_kappa", "scott_pi", "krippendorff_alpha"] {
        assert!(
            figure(key).ends_with(",\"\",\"\",\"\",\"1\",\"yes\",\"only one category was used\""),
            "{}",
            figure(key)
        );
    }
    assert!(
        figure("alpha_u").ends_with("\"1.000000\",\"\",\"\",\"1\",\"yes\",\"\""),
        "{}",
        figure("alpha_u")
    );
}

#[test]
fn sentences_are_units_too() {
    let out = desk().report(&[
        BOTH[0],
        BOTH[1],
        "--unit",
        "sentence",
        "--csv",
        "--tag",
        "Allegation",
    ]);
    // Both mark the same of the sentences, however far.
    assert!(
        out.contains("\"Allegation\",\"cohen_kappa\",\"1.000000\""),
        "{out}"
    );
    let out = desk().report(&[BOTH[0], BOTH[1], "--csv", "--tag", "Allegation"]);
    assert!(
        !out.contains("\"Allegation\",\"cohen_kappa\",\"1.000000\""),
        "{out}"
    );
    assert!(!out.contains("Denial"), "{out}");
}

#[test]
fn spreadsheets_carry_nothing_out() {
    let desk = desk();
    let text = source("=1+1 said nobody. @all");
    for (name, marked) in [("=cai", "=1+1"), ("dan", "@all")] {
        let folder = name.trim_start_matches('=');
        let marks = set(&text, name, &[(marked, &["denial"])]);
        desk.save(format!("{folder}/sum.txt.annotations.ron"), &marks);
    }
    let files = [
        "@cai/sum.txt.annotations.ron",
        "@dan/sum.txt.annotations.ron",
        "--csv=disagreements",
    ];
    let safe = desk.report(&files);
    assert!(
        safe.contains("\"'=cai\"") && safe.contains("\"'=1+1\"") && safe.contains("\"'@all\""),
        "{safe}"
    );
    let raw = desk.report(&[&files[..], &["--raw"]].concat());
    assert!(
        raw.contains("\"=cai\"") && raw.contains("\"=1+1\""),
        "{raw}"
    );
}

fn file(label: &str, set: AnnotationSet, text: Option<&SourceText>) -> LayerFile {
    LayerFile {
        folder: label.to_owned(),
        label: format!("{label}/news.txt.annotations.ron"),
        set,
        text: text.cloned(),
    }
}

#[test]
fn stored_places_do_where_the_text_is_not_at_hand() {
    let text = source(ARTICLE);
    let files = [
        file("a", set(&text, "Ana", ANA), None),
        file("b", set(&text, "Ben", BEN), None),
    ];
    let without = Agreement::of(
        Corpus::new(&files, &[], Who::Creator).unwrap(),
        &ReportOptions::default(),
    );
    let files = files.map(|file| LayerFile {
        text: Some(text.clone()),
        ..file
    });
    let with = Agreement::of(
        Corpus::new(&files, &[], Who::Creator).unwrap(),
        &ReportOptions::default(),
    );
    assert_eq!((&without.pairs, &without.tags), (&with.pairs, &with.tags));
    assert_eq!(without.disagreements[0].line_col, None);
    let sentences = ReportOptions {
        unit: UnitKind::Sentence,
        gamma: None,
        ..ReportOptions::default()
    };
    let without = Agreement::of(without.corpus, &sentences);
    let kappa = without.tags[0]
        .figures
        .iter()
        .find(|(kind, _)| *kind == Kind::CohenKappa)
        .unwrap();
    assert_eq!(
        kappa.1.value.unwrap_err().to_string(),
        "the article's text is not at hand"
    );
}

#[test]
fn a_changed_article_is_compared_on_the_text_at_hand_or_not_at_all() {
    let old = source(ARTICLE);
    let new = source(
        &ARTICLE
            .replace("Back doors?", "Are there back doors in it?")
            .replace("“We never did,” said Ann Smith. ", ""),
    );
    let in_both: &[(&str, &[&str])] = &[("An expert, Bo Li, doubts both sides.", &["denial"])];
    let files = [
        file("a", set(&old, "Ana", ANA), None),
        file("b", set(&new, "Ben", in_both), Some(&new)),
    ];
    let corpus = Corpus::new(&files, &[], Who::Creator).unwrap();
    assert_eq!(corpus.re_anchored, ["a/news.txt.annotations.ron"]);
    assert_eq!(
        corpus.unplaced.len(),
        1,
        "what is gone is listed: {:?}",
        corpus.unplaced
    );
    assert_eq!(corpus.unplaced[0].why, "orphan");
    let found = Agreement::of(corpus, &ReportOptions::default());
    assert_eq!(
        (
            found.pairs[0].n_a,
            found.pairs[0].other_tag,
            found.pairs[0].only_a
        ),
        (3, 1, 2)
    );
    let files = files.map(|file| LayerFile { text: None, ..file });
    let refused = Corpus::new(&files, &[], Who::Creator).unwrap_err();
    assert!(matches!(&refused, AgreementError::EditionsDiffer { files, .. } if files.len() == 2));
    assert!(
        refused
            .to_string()
            .starts_with("the files annotate different wordings of `news.txt`")
    );
}

#[test]
fn annotators_are_told_apart() {
    let text = source(ARTICLE);
    // Both layers in one file.
    let mut both = set(&text, "Ana", ANA);
    let ben = set(&text, "Ben", BEN);
    both.agents.extend(ben.agents.clone());
    both.annotations.extend(ben.annotations.clone());
    let corpus = Corpus::new(&[file("a", both.clone(), None)], &[], Who::Creator).unwrap();
    assert_eq!(corpus.annotators, ["Ana", "Ben"]);
    // The same annotations once more change nothing.
    let corpus = Corpus::new(
        &[file("a", both, None), file("b", ben.clone(), None)],
        &[],
        Who::Creator,
    )
    .unwrap();
    assert_eq!(corpus.articles[0].layer(1).unwrap().len(), 4);
    // Two people of one name.
    let mut other = set(&text, "Other", ANA);
    for (id, mut agent) in other.agents.clone() {
        Arc::make_mut(&mut agent).name = "Ben".to_owned();
        other.agents.insert(id, agent);
    }
    let corpus = Corpus::new(
        &[file("a", other, None), file("b", ben.clone(), None)],
        &[],
        Who::Creator,
    )
    .unwrap();
    assert_eq!(corpus.annotators, ["Ben (a)", "Ben (b)"]);
    // Who read the article and found nothing has annotated it.
    let nothing = set(&text, "Cai", &[]);
    let corpus = Corpus::new(
        &[file("a", nothing, None), file("b", ben.clone(), None)],
        &[],
        Who::Creator,
    )
    .unwrap();
    let found = Agreement::of(corpus, &ReportOptions::default());
    assert_eq!((found.pairs[0].only_a, found.pairs[0].only_b), (4, 0));
    let alone = Corpus::new(&[file("b", ben, None)], &[], Who::Creator).unwrap_err();
    assert_eq!(
        alone.to_string(),
        "agreement needs two annotators, and only `Ben` annotated"
    );
}

#[test]
fn attributes_are_compared_on_passages_that_both_marked() {
    let words = ["one", "two", "three", "four", "five", "six", "seven"];
    let text = source(&words.join(" "));
    let with_certainty = |annotator: &str, values: [&str; 7]| {
        let marked: Vec<(&str, &[&str])> =
            words.iter().map(|word| (*word, &["denial"][..])).collect();
        let mut set = set(&text, annotator, &marked);
        for ((id, mut annotation), value) in set.annotations.clone().into_iter().zip(values) {
            let attributes = &mut Arc::make_mut(&mut annotation).attributes;
            attributes.insert("certainty".to_owned(), value.to_owned());
            set.annotations.insert(id, annotation);
        }
        set
    };
    let files = [
        file(
            "a",
            with_certainty("Ana", ["1", "1", "2", "3", "3", "2", "1"]),
            None,
        ),
        file(
            "b",
            with_certainty("Ben", ["1", "2", "2", "3", "2", "2", ""]),
            None,
        ),
    ];
    let found = Agreement::of(
        Corpus::new(&files, &[], Who::Creator).unwrap(),
        &ReportOptions::default(),
    );
    let certainty = &found.attributes[0];
    assert_eq!(
        (certainty.name.as_str(), certainty.nominal.n),
        ("certainty", 6)
    );
    // By hand: 12 values (1: 3, 2: 6, 3: 3), of 6 units 2 differ, by one step each.
    let nominal = 1.0 - 11.0 * 4.0 / (2.0 * (18.0 + 9.0 + 18.0));
    let interval = 1.0 - 11.0 * 4.0 / (2.0 * (18.0 + 4.0 * 9.0 + 18.0));
    assert!((certainty.nominal.value.unwrap() - nominal).abs() < 1e-12);
    assert!((certainty.interval.value.unwrap() - interval).abs() < 1e-12);
    assert!(certainty.ordinal.value.unwrap() > nominal);
}

/// Layers of two annotators in one article: passages as (start, length, tag).
fn corpus(layers: Vec<Vec<(usize, usize, usize)>>) -> Corpus {
    let mut id = 0;
    let mut passage = |(start, len, tag): (usize, usize, usize)| {
        id += 1;
        Passage {
            id: AnnotationId::from_u128(id),
            footprint: Footprint::new(std::iter::once(start..start + len)),
            tags: vec![tag],
            quote: String::new(),
            attributes: BTreeMap::new(),
        }
    };
    let mut layer = |list: Vec<(usize, usize, usize)>| {
        let mut passages: Vec<Passage> = list.into_iter().map(&mut passage).collect();
        passages.sort_by_key(|passage| passage.footprint.cover().start);
        Some(passages)
    };
    Corpus {
        annotators: (0..layers.len())
            .map(|n| format!("annotator {n}"))
            .collect(),
        tags: (0..3)
            .map(|n| TagName {
                id: TagId::parse(&format!("t{n}")),
                name: format!("Tag {n}"),
            })
            .collect(),
        articles: vec![ArticleLayers {
            name: "a.txt".to_owned(),
            length: 100,
            text: None,
            layers: layers.into_iter().map(&mut layer).collect(),
        }],
        unplaced: Vec::new(),
        re_anchored: Vec::new(),
        n_differing: 0,
    }
}

fn any_layer() -> impl Strategy<Value = Vec<(usize, usize, usize)>> {
    vec((0usize..80, 1usize..20, 0usize..3), 0..9)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn counts_add_up_and_figures_know_no_order(a in any_layer(), b in any_layer()) {
        let options = ReportOptions { gamma: None, ..ReportOptions::default() };
        let found = Agreement::of(corpus(vec![a.clone(), b.clone()]), &options);
        let counts = &found.pairs[0];
        prop_assert_eq!(counts.same + counts.other_tag + counts.only_a, a.len());
        prop_assert_eq!(counts.same + counts.other_tag + counts.only_b, b.len());
        prop_assert!(counts.edges <= counts.same);
        prop_assert_eq!(found.disagreements.len(), counts.edges + counts.other_tag + counts.only_a + counts.only_b);
        let cells: usize = found.confusions[0].counts.iter().flatten().sum();
        prop_assert_eq!(cells, counts.same + counts.other_tag + counts.only_a + counts.only_b);

        // Turned round, and with the tags under each other's names.
        let renamed = |list: Vec<(usize, usize, usize)>| list.into_iter().map(|(start, len, tag)| (start, len, (tag + 1) % 3)).collect();
        let turned = Agreement::of(corpus(vec![renamed(b), renamed(a)]), &options);
        for (one, other) in found.tags.iter().map(|line| (line, &turned.tags[line.tag.map_or(0, |tag| 1 + (tag + 1) % 3)])) {
            for ((kind, measure), (other_kind, other)) in one.figures.iter().zip(&other.figures) {
                prop_assert_eq!(kind, other_kind);
                match (measure.value, other.value) {
                    (Ok(value), Ok(other)) => {
                        prop_assert!((value - other).abs() < 1e-9, "{}: {} and {}", kind.name(), value, other);
                        prop_assert!(value <= 1.0 + 1e-12);
                    }
                    (value, other) => prop_assert_eq!(value, other),
                }
                prop_assert_eq!(measure.n, other.n);
            }
            let f1 = |kind| one.figures.iter().find(|(own, _)| *own == kind).unwrap().1.value;
            if let (Ok(strict), Ok(overlap)) = (f1(Kind::F1Strict), f1(Kind::F1Overlap)) {
                prop_assert!(0.0 <= strict && strict <= overlap && overlap <= 1.0);
            }
        }
    }

    #[test]
    fn three_who_mark_the_same_agree_fully(a in any_layer()) {
        // Footprints of one annotator that overlap are left out of alpha-u for all three alike.
        let found = Agreement::of(corpus(vec![a.clone(), a.clone(), a.clone()]), &ReportOptions { gamma: None, ..ReportOptions::default() });
        for counts in &found.pairs {
            prop_assert_eq!((counts.same, counts.edges), (a.len(), 0));
        }
        for (kind, measure) in found.tags.iter().flat_map(|line| &line.figures) {
            if let Ok(value) = measure.value {
                prop_assert!((value - 1.0).abs() < 1e-9, "{}: {}", kind.name(), value);
            }
        }
    }
}
