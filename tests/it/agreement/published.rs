//! Examples of the papers, typed in, with the figures printed there.

use sourcemark::agreement::{
    Coding, Coincidences, Contingency, Disagreement, FleissSums, Metric, Unitizing, UnitizingSums,
    bennett_s, cohen_kappa, gwet_ac1, krippendorff_alpha, scott_pi,
};
use std::ops::Range;

/// Whether `value` rounds to `printed`, a number as a paper prints it.
#[track_caller]
fn prints(value: f64, printed: &str) {
    let digits = printed
        .split_once('.')
        .map_or(0, |(_, digits)| digits.len());
    assert_eq!(format!("{value:.digits$}"), printed);
}

fn table(rows: &[&[u64]]) -> Contingency {
    Contingency::from_rows(&rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>())
}

/// Values as printed in a row: digits, and `.` where an annotator said nothing.
fn coding(rows: &[&str]) -> Coding {
    let values = |row: &&str| row.chars().map(|c| c.to_digit(10)).collect();
    Coding::from_annotators(&rows.iter().map(values).collect::<Vec<_>>())
}

/// Artstein and Poesio 2008, "Inter-coder agreement for computational linguistics", tables 2 and 5.
#[test]
fn artstein_and_poesio_2008() {
    let two = table(&[&[20, 10], &[20, 50]]);
    prints(two.observed().unwrap(), "0.7");
    prints(bennett_s(&two).unwrap(), "0.4");
    prints(scott_pi(&two).unwrap(), "0.341");
    prints(cohen_kappa(&two).unwrap(), "0.348");
    let three = table(&[&[46, 0, 0], &[6, 32, 6], &[0, 0, 10]]);
    prints(three.observed().unwrap(), "0.88");
    prints(bennett_s(&three).unwrap(), "0.82");
    prints(scott_pi(&three).unwrap(), "0.7995");
    prints(cohen_kappa(&three).unwrap(), "0.8013");
}

/// Cohen 1960, page 45.
#[test]
fn cohen_1960() {
    let table = table(&[&[88, 14, 18], &[10, 40, 10], &[2, 6, 12]]);
    prints(cohen_kappa(&table).unwrap(), "0.492");
}

/// The paradox of Feinstein and Cicchetti 1990: 85 % agreement and a kappa of a third; Gwet's AC1 does not share it.
#[test]
fn a_rare_category_pulls_kappa_down() {
    let skewed = table(&[&[80, 7], &[8, 5]]);
    prints(skewed.observed().unwrap(), "0.85");
    prints(gwet_ac1(&skewed).unwrap(), "0.808");
    assert!(cohen_kappa(&skewed).unwrap() < 0.35);
}

/// Fleiss 1971: 30 patients, 6 psychiatrists, 5 diagnoses, as counts of each diagnosis.
#[test]
fn fleiss_1971() {
    let patients = [
        "00060", "03003", "01401", "00006", "03030", "20400", "00402", "20310", "20040", "00006",
        "10050", "11040", "03300", "10050", "02031", "00501", "30012", "51000", "02040", "10203",
        "00006", "01050", "02013", "20040", "10041", "05010", "40002", "02040", "10500", "00006",
    ];
    let mut judges = vec![Vec::new(); 6];
    for counts in patients {
        let diagnoses = counts.chars().enumerate();
        let all = diagnoses.flat_map(|(d, n)| vec![d as u32; n.to_digit(10).unwrap() as usize]);
        for (judge, diagnosis) in judges.iter_mut().zip(all) {
            judge.push(Some(diagnosis));
        }
    }
    let sums = FleissSums::of(&Coding::from_annotators(&judges));
    let (observed, expected) = sums.observed_and_expected().unwrap();
    // The paper prints 0.5556, 0.2201 from rounded shares, and 0.430.
    prints(observed, "0.5556");
    prints(expected, "0.22");
    prints(sums.kappa().unwrap(), "0.430");
}

/// Krippendorff 2011, "Computing Krippendorff's alpha-reliability", examples A and C/D.
#[test]
fn krippendorff_2011() {
    let two = coding(&["0100000010", "0110010100"]);
    prints(krippendorff_alpha(&two, Metric::Nominal).unwrap(), "0.095");
    let four = coding(&[
        "123321412...",
        "1233224125.3",
        ".3332342251.",
        "12332441251.",
    ]);
    let alpha = |metric| krippendorff_alpha(&four, metric).unwrap();
    prints(alpha(Metric::Nominal), "0.743");
    prints(alpha(Metric::Ordinal), "0.815");
    prints(alpha(Metric::Interval), "0.849");
    prints(alpha(Metric::Ratio), "0.797");
}

/// Krippendorff 1995, "On the reliability of unitizing continuous data", figure 2 cut into 24 tokens.
#[test]
fn krippendorff_1995_tokens() {
    for (first, second, kappa) in [
        (
            "001111111100001111110000",
            "000011110000000110000000",
            "0.385",
        ),
        (
            "111111111111111111000000",
            "111111111100000000000000",
            "0.385",
        ),
        (
            "001111110011001111001100",
            "110011110011110011001100",
            "0.314",
        ),
    ] {
        let tokens = coding(&[first, second]);
        let table = Contingency::of(&tokens, 0, 1);
        prints(cohen_kappa(&table).unwrap(), kappa);
        prints(scott_pi(&table).unwrap(), "0.314");
        prints(
            Coincidences::of(&tokens)
                .alpha(Metric::Nominal, &[])
                .unwrap(),
            "0.329",
        );
    }
}

fn unitizing(length: usize, annotators: &[&[Range<usize>]]) -> Disagreement {
    let article = Unitizing::new(length, annotators.iter().map(|passages| passages.to_vec()));
    UnitizingSums::new(&[article]).disagreement(&[])
}

/// Krippendorff 2004, "Measuring the reliability of qualitative text analysis data", the worked example; places
/// are counted from the start of the continuum at 150.
#[test]
fn krippendorff_2004_unitizing() {
    let c = unitizing(300, &[&[75..145, 220..250], &[70..150, 205..225, 250..270]]);
    prints(c.observed, "0.0144");
    prints(c.expected, "0.0532");
    prints(c.alpha().unwrap(), "0.7286");
    let k = unitizing(300, &[&[30..90, 150..200], &[30..90, 150..200]]);
    prints(k.observed, "0.0000");
    prints(k.expected, "0.0490");
    prints(k.alpha().unwrap(), "1.0000");
    // The paper prints .8591, from rounded disagreements.
    let all = Disagreement::sum([c, k]).alpha().unwrap();
    assert!((all - 0.8591).abs() < 0.0005, "{all}");
}

/// Krippendorff 1995, figure 2, on a continuum so fine that the paper's limit is met. Its third value is a
/// misprint of the formula (noted in DKPro Statistics): 0.679 there.
#[test]
fn krippendorff_1995_unitizing() {
    type Lengths = &'static [(usize, usize)];
    let figures: [(&str, &str, Lengths, Lengths); 4] = [
        ("0.03125", "0.553", &[(2, 8), (14, 6)], &[(4, 4), (15, 2)]),
        (
            "2.26736",
            "-0.928",
            &[(0, 18)],
            &[(0, 2), (2, 1), (3, 1), (4, 1), (5, 1), (6, 3), (9, 1)],
        ),
        (
            "0.02778",
            "0.693",
            &[(2, 6), (10, 2), (14, 4), (20, 2)],
            &[(0, 2), (4, 4), (10, 4), (16, 2), (20, 2)],
        ),
        (
            "0.38715",
            "0.066",
            &[(0, 2), (2, 8), (10, 4), (14, 6), (20, 4)],
            &[(0, 4), (4, 4), (8, 7), (15, 2), (17, 7)],
        ),
    ];
    const FINE: usize = 50_000;
    for (observed, alpha, first, second) in figures {
        let passages = |list: Lengths| -> Vec<Range<usize>> {
            list.iter()
                .map(|(start, len)| start * FINE..(start + len) * FINE)
                .collect()
        };
        let found = unitizing(24 * FINE, &[&passages(first), &passages(second)]);
        prints(found.observed, observed);
        prints(found.alpha().unwrap(), alpha);
    }
}
