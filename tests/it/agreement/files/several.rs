//! Several articles in one call, and several annotators in one file.

use super::{ANA, ARTICLE, Agree as _, BEN, BOTH, desk, file, set};
use crate::support::{
    desk::{Desk, Said},
    sets::source,
};
use sourcemark::{
    agreement::{Agreement, Corpus, ReportOptions, Who},
    annotation::TagId,
    cli::Exit,
    merge::layers,
};
use std::sync::Arc;

/// Writes `n` articles, each annotated by Ana and by Ben; with Ana's own marks for Ben's in every third.
fn articles(desk: &Desk, n: usize) -> Vec<String> {
    let mut files = Vec::new();
    for n in 0..n {
        let text = format!("{ARTICLE}\nThe article number {n} ends here.\n");
        for (who, marked) in [("Ana", ANA), ("Ben", if n % 3 == 0 { ANA } else { BEN })] {
            let article = format!("{who}/{n}.txt");
            desk.put(&article, &text, &set(&source(&text), who, marked));
            files.push(format!("@{article}"));
        }
    }
    files
}

/// The figures over all tags, without gamma.
fn figures(desk: &Desk, files: &[String]) -> serde_json::Value {
    let mut args: Vec<&str> = files.iter().map(String::as_str).collect();
    args.extend(["--json", "--no-gamma"]);
    let json: serde_json::Value = serde_json::from_str(&desk.report(&args)).unwrap();
    let all = json["figures"].as_array().unwrap();
    let all = all.iter().find(|line| line["tag"].is_null()).unwrap();
    all["measures"].clone()
}

#[test]
fn intervals_come_of_drawing_articles() {
    let desk = desk();
    let files = articles(&desk, 6);
    let six = figures(&desk, &files);
    assert_eq!(six, figures(&desk, &files), "the same draws every time");
    // Four articles are too few to draw from.
    let four = figures(&desk, &files[..8]);
    for name in [
        "f1_strict",
        "f1_overlap",
        "cohen_kappa",
        "krippendorff_alpha",
        "alpha_u",
    ] {
        let found = &six[name];
        let number = |key: &str| {
            found[key]
                .as_f64()
                .unwrap_or_else(|| panic!("{name}: {found}"))
        };
        let (low, value, high) = (number("low"), number("value"), number("high"));
        assert!(low <= value && value <= high, "{name}: {found}");
        // Some articles agree fully and some do not, so draws differ.
        assert!(low < high && high <= 1.0, "{name}: {found}");
        let found = &four[name];
        assert!(
            found["low"].is_null() && found["value"].is_f64(),
            "{name}: {found}"
        );
    }
}

/// Layers that were put into one file are compared as the files were.
#[test]
fn annotators_of_one_file_are_compared_as_those_of_two() {
    let desk = desk();
    let text = source(ARTICLE);
    let (ana, ben) = (set(&text, "Ana", ANA), set(&text, "Ben", BEN));
    let both = layers(&[("ana", &ana), ("ben", &ben)], &[]).unwrap().set;
    desk.put("both/news.txt", ARTICLE, &both);
    for more in [
        &["--no-gamma"][..],
        &["--no-gamma", "--csv=disagreements"],
        &["--no-gamma", "--unit", "sentence"],
    ] {
        let apart = desk.report(&[&BOTH[..], more].concat());
        let together = desk.report(&[&["@both/news.txt"], more].concat());
        assert_eq!(together, apart);
    }
}

#[test]
fn gamma_of_more_than_two_is_for_those_who_ask() {
    let desk = desk();
    let text = source(ARTICLE);
    let mut files = Vec::new();
    for n in 0..10 {
        let article = format!("pupil {n}/news.txt");
        let own = set(&text, &format!("Pupil {n}"), &ANA[..2]);
        desk.put(&article, ARTICLE, &own);
        files.push(format!("@{article}"));
    }
    let all: Vec<&str> = files.iter().map(String::as_str).collect();
    let left_out = |n: usize| {
        format!(
            "  Gamma was not computed: with {n} annotators it can take minutes. Ask for it with --gamma.\n"
        )
    };
    let Said { out, err, .. } = desk.agree(&all);
    assert_eq!(err, "");
    assert!(out.contains(&left_out(10)), "{out}");
    assert!(out.contains("Pupil 8 and Pupil 9"), "{out}");
    let Said { out, .. } = desk.agree(&all[..3]);
    assert!(out.contains(&left_out(3)), "{out}");
    let Said { out, .. } = desk.agree(&[&all[..3], &["--no-gamma"]].concat());
    assert!(!out.contains("Gamma"), "{out}");
    let Said { out, .. } = desk.agree(&all[..2]);
    assert!(out.contains("  Gamma uses "), "{out}");
    let Said { out, err, .. } = desk.agree(&[&all[..3], &["--gamma"]].concat());
    assert_eq!(err, "");
    assert!(out.contains("  Gamma uses "), "{out}");
    let Said { exit, .. } = desk.agree(&[&all[..2], &["--gamma", "--no-gamma"]].concat());
    assert_eq!(exit, Exit::Usage);
}

#[test]
fn copies_that_were_corrected_are_told_and_can_be_compared() {
    let text = source(ARTICLE);
    let teacher = set(
        &text,
        "Teacher",
        &[
            ("The ministry says", &["allegation"]),
            ("The firm denies it", &["allegation"]),
        ],
    );
    // A pupil's copy, in which the second mark got its right tag.
    let mut pupil = teacher.clone();
    let wrong = pupil
        .annotations
        .values()
        .find(|it| it.quote() == "The firm denies it");
    let mut right = (**wrong.unwrap()).clone();
    right.tags = vec![TagId::parse("denial").unwrap()];
    pupil.annotations.insert(right.id, Arc::new(right));
    let mut files = [file("key", teacher, None), file("anna", pupil, None)];
    let nobody = Corpus::new(&files, &[], Who::Creator).unwrap_err();
    assert!(nobody.to_string().contains("agree --each-file"), "{nobody}");
    let corpus = Corpus::new(&files, &[], Who::File).unwrap();
    assert_eq!(corpus.annotators, ["anna", "key"]);
    let found = Agreement::of(corpus, &ReportOptions::default());
    assert_eq!((found.pairs[0].same, found.pairs[0].other_tag), (1, 1));
    // In one folder they are called by their paths.
    for file in &mut files {
        file.folder = "class".to_owned();
    }
    let corpus = Corpus::new(&files, &[], Who::File).unwrap();
    assert_eq!(
        corpus.annotators,
        files
            .each_ref()
            .map(|file| file.label.clone())
            .into_iter()
            .rev()
            .collect::<Vec<_>>()
    );
    // With a mark of a pupil's own there are two annotators, and the copy that differs is told.
    let own = set(&text, "Anna", &[("Nobody has read", &["denial"])]);
    files[1].set.annotations.extend(own.annotations);
    files[1].set.agents.extend(own.agents);
    let corpus = Corpus::new(&files, &[], Who::Creator).unwrap();
    assert_eq!(corpus.n_differing, 1);
}
