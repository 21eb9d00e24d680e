//! `--key`: pupils against a key, by hand-made marks, by a class of which it is known what everybody did, and by laws.

use super::{ANA, ARTICLE, Agree as _, BEN, any_layer, corpus, desk, set};
use crate::support::{
    desk::{Desk, Said},
    sets::source,
};
use proptest::prelude::*;
use sourcemark::{
    agreement::{KEY, KeyReport, PointRule},
    annotation::TagId,
    cli::Exit,
    files::annotations_beside,
};
use std::{fs, sync::Arc};

#[expect(
    clippy::expect_used,
    reason = "the measurement needs it too, and says what could not be made"
)]
#[path = "../../../bench/class.rs"]
mod class;

/// Ana's marks as a key in `key/`, and in `class/` Ben's marks, Cai with three marks of no worth, and Dan, who marked
/// what the key has.
fn class_of_three() -> Desk {
    let desk = desk();
    let text = source(ARTICLE);
    desk.put("key/news.txt", ARTICLE, &set(&text, "Ana", ANA));
    let nothing: &[(&str, &[&str])] = &[
        ("Back doors?", &["denial"]),
        ("Nobody has", &["denial"]),
        ("whole file", &["precedent"]),
    ];
    for (name, marks) in [("Ben", BEN), ("Cai", nothing), ("Dan", ANA)] {
        let folder = format!("class/{}", name.to_lowercase());
        let file = format!("{folder}/news.txt.annotations.ron");
        desk.save(file, &set(&text, name, marks));
    }
    desk
}

const CLASS: [&str; 5] = ["--key", "@key", "@class/ben", "@class/cai", "@class/dan"];

#[track_caller]
fn json(desk: &Desk, args: &[&str]) -> serde_json::Value {
    let out = desk.report(&[args, &["--json"]].concat());
    serde_json::from_str(&out).unwrap()
}

/// By hand. Ben: "the firm built a back door" has other edges, "The firm denies it" is right, the expert has a tag too
/// many, "We never did" is missed, "Nobody has read the whole file." is extra: 1 + 0.5 − 0.5. Cai: three extra, below
/// nothing there is nothing.
#[test]
fn everybody_is_compared_with_the_key_only() {
    let out = class_of_three().report(&CLASS);
    let out = out.replace("01939f3a-7b1c-7000-8000-0001", "…");
    let expected = include_str!("key.txt");
    assert_eq!(out, expected, "{out}");
}

#[test]
fn points_can_be_others() {
    let desk = class_of_three();
    let points = "--points=right=2,edges=1,tag=0.25,missed=-1,extra=-2";
    let found = json(&desk, &[&CLASS[..], &[points]].concat());
    let points = |pupil: usize| found["pupils"][pupil]["points"].as_f64().unwrap();
    // 2 + 1 + 0.25 − 1 − 2, never below 0, and 4 × 2.
    assert_eq!((points(0), points(1), points(2)), (0.25, 0.0, 8.0));
    assert_eq!(found["pupils"][0]["points_possible"], 8.0);
    assert_eq!(found["pupils"][0]["score"], 0.25 / 8.0);
    let Said { exit, err, .. } = desk.agree(&[&CLASS[..], &["--points", "wrong=1"]].concat());
    assert_eq!(exit, Exit::Usage);
    assert!(
        err.contains("is not one of right, edges, tag, missed and extra"),
        "{err}"
    );
}

#[test]
fn programs_get_pupils_passages_and_differences() {
    let desk = class_of_three();
    let found = json(&desk, &CLASS);
    let ben = &found["pupils"][0];
    for (name, n) in [
        ("right", 1),
        ("edges", 1),
        ("wrong_tag", 1),
        ("missed", 1),
        ("extra", 1),
        ("passages", 4),
    ] {
        assert_eq!(ben[name], n, "{name}");
    }
    assert_eq!((&ben["points"], &ben["score"]), (&1.0.into(), &0.25.into()));
    let expert = &found["passages"][3];
    assert_eq!(
        (&expert["place"], &expert["pupils"]),
        (&"3:99".into(), &3.into())
    );
    assert_eq!(
        (&expert["missed"], &expert["wrong_tag"], &expert["right"]),
        (&1.into(), &1.into(), &1.into())
    );
    assert_eq!(
        expert["given"],
        serde_json::json!([{ "tags": ["Denial", "Expert opinion"], "pupils": 1 }])
    );
    let kinds: Vec<&str> = found["disagreements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| found["difference"].as_str().unwrap())
        .collect();
    assert_eq!(kinds[..4], ["edges", "missed", "wrong-tag", "extra"]);
    assert_eq!(
        found["disagreements"][0]["edges"][0]["words"],
        "The ministry says "
    );
    assert!(found["figures"].is_null(), "no figure is worked out");

    let csv = |table: &str| desk.report(&[&CLASS[..], &[table]].concat());
    assert_eq!(
        csv("--csv").lines().nth(1).unwrap(),
        "\"Ben\",\"1\",\"4\",\"0.250000\",\"1\",\"1\",\"1\",\"1\",\"1\",\"1\""
    );
    assert_eq!(csv("--csv"), csv("--csv=pupils"));
    assert!(
        csv("--csv=passages").contains("\"news.txt\",\"3\",\"99\",\"111\",\"Expert opinion\""),
        "{}",
        csv("--csv=passages")
    );
    assert!(csv("--csv=disagreements").contains("\"missed\",\"the key\",\"Ben\""));
    assert!(
        csv("--csv=confusion").contains("\"the key\",\"Cai\",\"Denial\",\"(not marked)\",\"2\"")
    );
    for (args, exit) in [
        (&["--csv=figures"][..], Exit::Usage),
        (&["--gamma"], Exit::Usage),
        (&["--unit=sentence"], Exit::Usage),
        (&["--no-gamma"], Exit::Done),
    ] {
        assert_eq!(
            desk.agree(&[&CLASS[..], args].concat()).exit,
            exit,
            "{args:?}"
        );
    }
    let Said { exit, .. } = desk.agree(&["@key", "@class/ben", "--csv=pupils"]);
    assert_eq!(exit, Exit::Usage, "there are pupils with a key only");
}

/// What cannot be compared is told and leaves the rest as it is.
#[test]
fn what_is_not_compared_is_told() {
    let desk = class_of_three();
    let folder = desk.folder();
    let before = desk.report(&[&CLASS[..], &["--csv"]].concat());
    // A file of another article.
    let other = source("An article that nobody gave a key for.");
    let mut of_other = set(&other, "Eve", &[("An article", &["denial"])]);
    of_other.article.file_name = "other.txt".to_owned();
    desk.save("class/eve/other.txt.annotations.ron", &of_other);
    let Said { exit, out, err } = desk.agree(&[&CLASS[..], &["@class/eve", "--csv"]].concat());
    assert_eq!((exit, &out), (Exit::Differences, &before));
    assert_eq!(
        err,
        "sourcemark: not compared: it annotates `other.txt`, and no key does; name the key of that article with --key: \
         `class/eve/other.txt.annotations.ron`\n"
    );
    // A damaged file, one that is not there, and an empty folder.
    fs::create_dir_all(folder.join("class/fay")).unwrap();
    fs::write(
        folder.join("class/fay/news.txt.annotations.ron"),
        "no annotations",
    )
    .unwrap();
    fs::create_dir_all(folder.join("class/gus")).unwrap();
    let missing = [
        "@class/fay",
        "@class/gus",
        "@class/hal/news.txt",
        "@class/eve",
    ];
    let Said { exit, out, err } = desk.agree(&[&CLASS[..], &missing, &["--csv"]].concat());
    assert_eq!((exit, &out), (Exit::Failed, &before));
    for name in ["fay/", "gus", "hal/", "eve/"] {
        let told = err
            .lines()
            .filter(|line| line.contains(&format!("class/{name}")));
        assert_eq!(told.count(), 1, "{name}: {err}");
    }
    let Said { exit, out, .. } = desk.agree(&[&CLASS[..], &missing].concat());
    assert_eq!(exit, Exit::Failed);
    assert!(out.contains("Files not compared: 4\n"), "{out}");
    // The key among the pupils, and a pupil twice.
    let again = ["@key/news.txt", "@class/ben/news.txt", "--csv"];
    let Said { exit, out, err } = desk.agree(&[&CLASS[..], &again].concat());
    assert_eq!((exit, &out), (Exit::Done, &before));
    assert!(err.contains("the key is not compared with itself"), "{err}");
    // Nobody at all, a key that is not there, and two keys.
    let Said { exit, err, .. } = desk.agree(&["--key", "@key", "@class/eve"]);
    assert_eq!(exit, Exit::Failed);
    assert!(
        err.contains("none of the files is on an article of the key"),
        "{err}"
    );
    let Said { exit, out, .. } = desk.agree(&["--key", "@nowhere.ron", "@class/ben"]);
    assert_eq!((exit, out.as_str()), (Exit::Failed, ""));
    let Said { exit, err, .. } =
        desk.agree(&["--key", "@key", "--key", "@class/dan", "@class/ben"]);
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("two keys are for `news.txt`"), "{err}");
}

#[test]
fn pupils_are_told_apart() {
    let desk = class_of_three();
    let folder = desk.folder();
    let text = source(ARTICLE);
    let pupils = |args: &[&str]| -> Vec<String> {
        let found = json(&desk, &[&["--key", "@key"], args].concat());
        let pupils = found["pupils"].as_array().unwrap().iter();
        pupils
            .map(|pupil| pupil["name"].as_str().unwrap().to_owned())
            .collect()
    };
    // One name for all, as on a school's computers; then files in one folder.
    for name in ["jo", "kim"] {
        let student = set(&text, "Student", BEN);
        desk.save(format!("{name}/news.txt.annotations.ron"), &student);
        desk.save(format!("all/{name}-news.annotations.ron"), &student);
    }
    assert_eq!(
        pupils(&["@jo", "@kim", "@class/ben"]),
        ["Ben", "Student (jo)", "Student (kim)"]
    );
    assert_eq!(
        pupils(&["@all"])
            .iter()
            .map(|name| name.replace(&format!("{}/", folder.display()), ""))
            .collect::<Vec<_>>(),
        [
            "Student (all/jo-news.annotations.ron)",
            "Student (all/kim-news.annotations.ron)"
        ]
    );
    assert_eq!(pupils(&["@jo", "@class/ben", "--each-file"]), ["ben", "jo"]);
    // Copies of the key that were corrected are called by their folders: all is still the teacher's.
    let mut copy = set(&text, "Ana", ANA);
    let mut first = copy.annotations.values().next().unwrap().clone();
    Arc::make_mut(&mut first).tags = vec![TagId::parse("precedent").unwrap()];
    copy.annotations.insert(first.id, first);
    desk.save("lea/news.txt.annotations.ron", &copy);
    let found = json(&desk, &["--key", "@key", "@lea"]);
    let lea = &found["pupils"][0];
    assert_eq!(
        (&lea["name"], &lea["right"], &lea["wrong_tag"]),
        (&"lea".into(), &3.into(), &1.into())
    );
}

#[test]
fn a_file_on_another_wording_is_compared_where_its_passages_are_found() {
    let desk = class_of_three();
    let changed = ARTICLE.replace("Back doors?", "Are there back doors?");
    let file = "class/mia/news.txt.annotations.ron";
    desk.save(file, &set(&source(&changed), "Mia", ANA));
    let Said { exit, out, err } =
        desk.agree(&["--key", "@key", "@class/mia", "@class/dan", "--csv"]);
    assert_eq!(exit, Exit::Done);
    assert!(
        err.contains("the article has changed since it was annotated"),
        "{err}"
    );
    assert!(out.contains("\"Mia\",\"4\",\"4\",\"1.000000\""), "{out}");
    // Without the text nothing can be found.
    fs::remove_file(desk.path("key/news.txt")).unwrap();
    let Said { exit, out, err } =
        desk.agree(&["--key", "@key", "@class/mia", "@class/dan", "--csv"]);
    assert_eq!(exit, Exit::Differences, "{err}");
    assert!(err.contains("another edition of `news.txt`"), "{err}");
    assert!(
        !out.contains("Mia") && out.contains("\"Dan\",\"4\",\"4\""),
        "{out}"
    );
}

/// The class knows what was done to each passage, because it did it.
#[test]
fn a_class_of_25_gets_what_it_did_on_five_articles() {
    let desk = Desk::new();
    let class = class::class(25, 5, true);
    let (_, folders) = class::write(&class, desk.folder());
    // One pupil has not handed in the last article.
    fs::remove_file(annotations_beside(&folders[7].join(&class[4].name))).unwrap();
    let names: Vec<String> = folders
        .iter()
        .map(|folder| format!("@class/{}", folder.file_name().unwrap().to_str().unwrap()))
        .collect();
    let args: Vec<&str> = ["--key", "@key"]
        .into_iter()
        .chain(names.iter().map(String::as_str))
        .collect();
    let found = json(&desk, &args);
    for pupil in 0..25 {
        let own = &found["pupils"][pupil];
        assert_eq!(own["name"], class::name_of(pupil).as_str());
        let n_articles = if pupil == 7 { 4 } else { 5 };
        let done = || {
            class
                .iter()
                .take(n_articles)
                .map(|article| article.done[pupil])
        };
        let n_key = n_articles * class::N_PASSAGES;
        for (name, n) in [
            ("articles", n_articles),
            ("passages", n_key),
            ("right", done().map(|it| it.right).sum()),
            ("edges", done().map(|it| it.edges).sum()),
            ("wrong_tag", done().map(|it| it.other_tag).sum()),
            ("missed", done().map(|it| it.missed).sum()),
            ("extra", done().map(|it| it.extra).sum()),
        ] {
            assert_eq!(own[name], n, "{pupil}: {name}");
        }
        let points: f64 = done()
            .map(|it| it.right as f64 + 0.5 * it.edges as f64 - 0.5 * it.extra as f64)
            .sum();
        assert_eq!(own["points"], points);
        assert_eq!(own["score"], points / n_key as f64);
    }
    let passages = found["passages"].as_array().unwrap();
    assert_eq!(passages.len(), 125);
    for (n, passage) in passages[..100].iter().enumerate() {
        let article = &class[n / class::N_PASSAGES];
        assert_eq!(
            passage["missed"],
            article.missed[n % class::N_PASSAGES],
            "{n}"
        );
        assert_eq!(passage["pupils"], 25);
    }
    assert!(
        passages[100..]
            .iter()
            .all(|passage| passage["pupils"] == 24)
    );
    let out = desk.report(&args);
    assert_eq!(
        out,
        desk.report(&["--key", "@key", "@class"]),
        "the folders of a folder"
    );
    let not_here = format!(
        "\nNot handed in, and not counted for the pupil:\n  Pupil 08: {}\n",
        class[4].name
    );
    assert!(out.contains(&not_here), "{out}");

    // Everybody with everybody: nothing in it takes minutes.
    let all: Vec<&str> = names.iter().map(String::as_str).chain(["@key"]).collect();
    let out = desk.report(&all);
    assert!(
        out.contains("Gamma was not computed: with 26 annotators"),
        "{out}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_was_done_adds_up_to_the_key(key in any_layer(), a in any_layer(), b in any_layer()) {
        let n_key = key.len();
        let marked = [a.len(), b.len()];
        let report = KeyReport::of(corpus(vec![key, a, b]));
        prop_assert_eq!(report.scores.len(), 2);
        let rule = PointRule::default();
        for (score, n_marked) in report.scores.iter().zip(marked) {
            let found = score.right + score.edges + score.other_tag;
            prop_assert_eq!((found + score.missed, score.n_key), (n_key, n_key));
            prop_assert_eq!(found + score.extra, n_marked);
            let points = score.points(&rule);
            prop_assert!(0.0 <= points && points <= score.best(&rule));
            let own = report.disagreements.iter().filter(|found| found.annotators == (KEY, score.pupil));
            prop_assert_eq!(own.count(), n_key - score.right + score.extra);
        }
        prop_assert_eq!(report.passages.len(), n_key);
        let mut sums = [0; 4];
        for passage in &report.passages {
            let parts = [passage.right, passage.edges, passage.other_tag, passage.missed];
            prop_assert_eq!((parts.iter().sum::<usize>(), passage.n_pupils), (2, 2));
            prop_assert_eq!(passage.given.values().sum::<usize>(), passage.other_tag);
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += part;
            }
        }
        let of = |part: fn(&sourcemark::agreement::KeyScore) -> usize| report.scores.iter().map(part).sum::<usize>();
        prop_assert_eq!(sums, [of(|it| it.right), of(|it| it.edges), of(|it| it.other_tag), of(|it| it.missed)]);
    }

    #[test]
    fn who_marks_all_that_the_key_has_has_it_right(key in any_layer(), more in any_layer()) {
        let (n_key, n_more) = (key.len(), more.len());
        let pupil = [more, key.clone()].concat();
        let score = &KeyReport::of(corpus(vec![key, pupil])).scores[0];
        prop_assert_eq!((score.right, score.extra), (n_key, n_more));
    }
}
