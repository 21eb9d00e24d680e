//! The reference values that others worked out, where a copy of them is at hand.
//!
//! The folder is `agreement` in the one that `SOURCEMARK_SHARED` names, or in `../shared/data`. Without it there is
//! nothing to hold, and the test says so; the published examples are held by `published` in any case.

use crate::support::machine::skip_optional;
use serde_json::Value;
use sourcemark::{
    agreement::{
        Coding, Coincidences, Contingency, Disagreement, FleissSums, Metric, Random, Undefined,
        Unitizing, UnitizingSums, bennett_s, cohen_kappa,
        gamma::{Continuum, GammaOptions, Optimum, Unit, Weights, best_alignment, gamma},
        gwet_ac1, gwet_ac2, scott_pi,
    },
    annotation::{Footprint, MatchRule, match_spans},
};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("SOURCEMARK_SHARED").map(PathBuf::from);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = shared.unwrap_or_else(|| root.join("../shared/data"));
    Some(shared.join("agreement")).filter(|folder| folder.is_dir())
}

/// Counts what was held.
#[derive(Default)]
struct Held {
    n_values: usize,
}

impl Held {
    #[track_caller]
    fn near(&mut self, what: &str, found: f64, wanted: f64, within: f64) {
        assert!(
            (found - wanted).abs() <= within,
            "{what}: {found} is not {wanted}"
        );
        self.n_values += 1;
    }

    /// To the six digits that are written.
    #[track_caller]
    fn digits(&mut self, what: &str, found: Result<f64, Undefined>, wanted: &Value) {
        let found = found.unwrap_or_else(|reason| panic!("{what}: {reason}"));
        self.near(what, found, wanted.as_f64().unwrap(), 0.500_01e-6);
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

#[test]
fn the_reference_data_is_held() {
    let Some(folder) = folder() else {
        return skip_optional("the reference data, which is not part of the project");
    };
    let mut held = Held::default();
    for case in list(&json(&folder.join("coding_unitizing_reference.json"))) {
        coding_or_unitizing(case, &mut held);
    }
    let n_coding = held.n_values;
    span_f1(&json(&folder.join("span_f1_reference.json")), &mut held);
    gamma_of_files(&folder, &mut held);
    let n_gamma = held.n_values - n_coding;
    for entry in fs::read_dir(folder.join("dkpro_fixtures")).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let fixture = json(&path);
            match fixture.get("table") {
                Some(_) => gwet(&fixture, &mut held),
                None => pygamma(&path.display().to_string(), &fixture, &mut held),
            }
        }
    }
    let n_fixtures = held.n_values - n_coding - n_gamma;
    eprintln!(
        "{} reference values held: {n_coding} of coding and unitizing, {n_gamma} of matching and gamma, {n_fixtures} of fixtures",
        held.n_values
    );
    assert!(
        held.n_values >= 1_000,
        "only {} values were found to hold",
        held.n_values
    );
}

fn coding_or_unitizing(case: &Value, held: &mut Held) {
    let name = case["name"].as_str().unwrap();
    let (input, expected) = (&case["input"], case["expected"].as_object().unwrap());
    if let Some(table) = input.get("table") {
        let rows: Vec<Vec<u64>> = list(table)
            .iter()
            .map(|row| list(row).iter().map(|n| n.as_u64().unwrap()).collect())
            .collect();
        let coded = two_annotators(&rows);
        on_two(name, &coded, expected, held);
    } else if let Some(coders) = input.get("coders") {
        let (coding, numbers) = dense(&list(coders).iter().map(list).collect::<Vec<_>>());
        let table = Coincidences::of(&coding);
        for (metric, wanted) in expected {
            let alpha = match metric.as_str() {
                "nominal" => table.alpha(Metric::Nominal, &numbers),
                "ordinal" => table.alpha(Metric::Ordinal, &numbers),
                "interval" => table.alpha(Metric::Interval, &numbers),
                "ratio" => table.alpha(Metric::Ratio, &numbers),
                other => panic!("{name} wants {other}"),
            };
            held.digits(&format!("{name} {metric}"), alpha, wanted);
        }
    } else if let Some(items) = input.get("items_by_rater_labels") {
        let n_raters = list(&items[0]).len();
        let by_rater: Vec<Vec<Value>> = (0..n_raters)
            .map(|rater| list(items).iter().map(|item| item[rater].clone()).collect())
            .collect();
        let (coding, _) = dense(&by_rater.iter().collect::<Vec<_>>());
        let sums = FleissSums::of(&coding);
        let (observed, chance) = sums.observed_and_expected().unwrap();
        for (what, wanted) in expected {
            let found = match what.as_str() {
                "observed" => Ok(observed),
                "expected" => Ok(chance),
                "kappa" => sums.kappa(),
                "alpha_nominal" => Coincidences::of(&coding).alpha(Metric::Nominal, &[]),
                other => panic!("{name} wants {other}"),
            };
            held.digits(&format!("{name} {what}"), found, wanted);
        }
    } else if let Some(a) = input.get("a") {
        let (coding, _) = dense(&[list(a), list(&input["b"])]);
        on_two(name, &coding, expected, held);
    } else {
        unitizing(name, input, expected, held);
    }
}

/// Annotators' values with the values as categories in their order.
fn dense(rows: &[&Vec<Value>]) -> (Coding, Vec<f64>) {
    let mut numbers: Vec<f64> = rows
        .iter()
        .flat_map(|row| row.iter())
        .filter_map(Value::as_f64)
        .collect();
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    let category = |value: &Value| {
        let value = value.as_f64()?;
        numbers
            .iter()
            .position(|number| *number == value)
            .map(|at| at as u32)
    };
    let values: Vec<Vec<Option<u32>>> = rows
        .iter()
        .map(|row| row.iter().map(category).collect())
        .collect();
    (Coding::from_annotators(&values), numbers)
}

fn two_annotators(rows: &[Vec<u64>]) -> Coding {
    let mut coding = Coding::new(2, rows.len());
    for (first, row) in rows.iter().enumerate() {
        for (second, count) in row.iter().enumerate() {
            coding.push(&[Some(first as u32), Some(second as u32)], *count);
        }
    }
    coding
}

fn on_two(name: &str, coding: &Coding, expected: &serde_json::Map<String, Value>, held: &mut Held) {
    let table = Contingency::of(coding, 0, 1);
    for (what, wanted) in expected {
        let found = match what.as_str() {
            "observed" => table.observed(),
            "S" => bennett_s(&table),
            "pi" => scott_pi(&table),
            "kappa" => cohen_kappa(&table),
            "alpha" => Coincidences::of(coding).alpha(Metric::Nominal, &[]),
            other => panic!("{name} wants {other}"),
        };
        held.digits(&format!("{name} {what}"), found, wanted);
    }
}

fn unitizing(
    name: &str,
    input: &Value,
    expected: &serde_json::Map<String, Value>,
    held: &mut Held,
) {
    let place = |value: &Value| value.as_u64().unwrap() as usize;
    let begin = place(&input["begin"]);
    let category = |category: &str| -> Disagreement {
        let of = |rater: &str| {
            let units = list(&input["units"]).iter();
            let own = units.filter(|unit| unit["rater"] == rater && unit["category"] == category);
            own.map(|unit| {
                let start = place(&unit["begin"]) - begin;
                start..start + place(&unit["length"])
            })
            .collect()
        };
        let article = Unitizing::new(place(&input["length"]), [of("i"), of("j")]);
        UnitizingSums::new(&[article]).disagreement(&[])
    };
    let categories: Vec<&String> = expected.keys().filter(|key| *key != "ALL").collect();
    for name_of in &categories {
        let (found, wanted) = (category(name_of), &expected[*name_of]);
        held.digits(
            &format!("{name} {name_of} Do"),
            Ok(found.observed),
            &wanted["Do"],
        );
        held.digits(
            &format!("{name} {name_of} De"),
            Ok(found.expected),
            &wanted["De"],
        );
        held.digits(
            &format!("{name} {name_of} alpha"),
            found.alpha(),
            &wanted["alpha"],
        );
    }
    let all = Disagreement::sum(categories.iter().map(|name| category(name)));
    held.digits(&format!("{name} ALL"), all.alpha(), &expected["ALL"]);
}

fn span_f1(case: &Value, held: &mut Held) {
    let spans = |side: &str| -> Vec<(String, Footprint)> {
        let place = |value: &Value| value.as_u64().unwrap() as usize;
        let span = |span: &Value| {
            let footprint = Footprint::new(std::iter::once(place(&span[0])..place(&span[1])));
            (span[2].as_str().unwrap().to_owned(), footprint)
        };
        list(&case[side]).iter().map(span).collect()
    };
    let (a, b) = (spans("A"), spans("B"));
    for (rule, what) in [
        (MatchRule::Strict, "strict"),
        (MatchRule::Overlap, "overlap"),
    ] {
        let labels: std::collections::BTreeSet<&String> =
            a.iter().chain(&b).map(|(label, _)| label).collect();
        let n_same: usize = labels
            .iter()
            .map(|label| {
                let of = |list: &'_ [(String, Footprint)]| -> Vec<Footprint> {
                    list.iter()
                        .filter(|(own, _)| own == *label)
                        .map(|(_, footprint)| footprint.clone())
                        .collect()
                };
                let (a, b) = (of(&a), of(&b));
                match_spans(
                    &a.iter().collect::<Vec<_>>(),
                    &b.iter().collect::<Vec<_>>(),
                    rule,
                )
                .len()
            })
            .sum();
        held.near(what, n_same as f64, number(&case[what]["tp"]), 0.0);
        let f1 = 2.0 * n_same as f64 / (a.len() + b.len()) as f64;
        held.digits(what, Ok(f1), &case[what]["f1"]);
    }
}

fn continuum_of_csv(path: &Path) -> Continuum {
    let mut annotators: BTreeMap<String, Vec<Unit>> = BTreeMap::new();
    let mut categories: Vec<String> = Vec::new();
    for line in fs::read_to_string(path).unwrap().lines() {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let category = categories
            .iter()
            .position(|known| known == cells[1])
            .unwrap_or_else(|| {
                categories.push(cells[1].to_owned());
                categories.len() - 1
            });
        annotators
            .entry(cells[0].to_owned())
            .or_default()
            .push(Unit {
                start: cells[2].parse().unwrap(),
                end: cells[3].parse().unwrap(),
                category: category as u32,
            });
    }
    Continuum::new(annotators.into_values())
}

/// `name.csv alpha=3 beta=1`: disorder, number of groups, gamma of three seeds of pygamma-agreement.
fn gamma_of_files(folder: &Path, held: &mut Held) {
    for (title, wanted) in json(&folder.join("gamma_reference.json"))
        .as_object()
        .unwrap()
    {
        let words: Vec<&str> = title.split(' ').collect();
        let weight = |word: &str| word.split_once('=').unwrap().1.parse::<f64>().unwrap();
        let weights = Weights {
            position: weight(words[1]),
            category: weight(words[2]),
            empty: 1.0,
        };
        let continuum = continuum_of_csv(&folder.join(words[0]));
        let alignment = best_alignment(&continuum, &weights);
        assert_eq!(alignment.optimum(), Optimum::Proven, "{title}");
        held.near(
            title,
            alignment.disorder(&continuum),
            number(&wanted["observed_disorder"]),
            1e-6,
        );
        held.near(
            title,
            alignment.groups.len() as f64,
            number(&wanted["n_unitary"]),
            0.0,
        );
        let options = GammaOptions {
            weights,
            ..GammaOptions::default()
        };
        let found = gamma(&[continuum], &options).value.unwrap();
        for seed in list(&wanted["gamma_seeds"]) {
            // Both sides know their expected disorder to 2 % with 95 % certainty: 1 − γ is as uncertain.
            let within = 2.0 * 0.02 * (1.0 - found);
            held.near(&format!("{title} gamma"), found, number(seed), within);
        }
    }
}

/// Values of irrCAC as DKPro Statistics holds them.
fn gwet(fixture: &Value, held: &mut Held) {
    let rows: Vec<Vec<u64>> = list(&fixture["table"])
        .iter()
        .map(|row| list(row).iter().map(|n| n.as_u64().unwrap()).collect())
        .collect();
    let table = Contingency::from_rows(&rows);
    assert_eq!(table.n_units(), fixture["n"].as_u64().unwrap());
    for case in list(&fixture["cases"]) {
        let measure = case["measure"].as_str().unwrap();
        let found = match measure {
            "AC1" => gwet_ac1(&table),
            "AC2" => gwet_ac2(&table),
            other => panic!("{other} is not known"),
        };
        let (agreed, chance) = (number(&case["pa"]), number(&case["pe"]));
        // Printed to five digits; pa and pe are held through it: it is (pa − pe) / (1 − pe).
        held.near(
            measure,
            found.unwrap(),
            number(&case["coefficient"]),
            0.500_01e-5,
        );
        held.near(
            measure,
            found.unwrap(),
            (agreed - chance) / (1.0 - chance),
            1e-12,
        );
        if measure == "AC1" {
            held.near("pa", table.observed().unwrap(), agreed, 1e-12);
        }
    }
}

fn continuum_of_units(units: &Value) -> Continuum {
    let mut annotators: BTreeMap<String, Vec<Unit>> = BTreeMap::new();
    for unit in list(units) {
        let category = unit["category"].as_str().unwrap();
        annotators
            .entry(unit["annotator"].as_str().unwrap().to_owned())
            .or_default()
            .push(Unit {
                start: number(&unit["start"]),
                end: number(&unit["end"]),
                category: u32::from(category.bytes().next().unwrap()),
            });
    }
    Continuum::new(annotators.into_values())
}

/// Fixtures of DKPro Statistics made with pygamma-agreement, which counts in 32-bit floats.
fn pygamma(name: &str, fixture: &Value, held: &mut Held) {
    let params = &fixture["params"];
    let weights = Weights {
        position: number(&params["alpha"]),
        category: number(&params["beta"]),
        empty: number(&params["deltaEmpty"]),
    };
    let continuum = continuum_of_units(&fixture["continuum"]);
    for pair in list(&fixture["tier1"]["pairDissimilarities"]) {
        let unit = |annotator: &str, index: &str| {
            let annotator: usize = pair[annotator]
                .as_str()
                .unwrap()
                .trim_start_matches("Ann")
                .parse()
                .unwrap();
            let index = pair[index].as_u64().unwrap() as usize;
            continuum.annotators()[annotator - 1][index]
        };
        let (a, b) = (
            unit("annotatorA", "unitIndexA"),
            unit("annotatorB", "unitIndexB"),
        );
        let within = |wanted: f64| 1e-6 * wanted.abs().max(1.0);
        for (what, found) in [
            ("positional", weights.positional(&a, &b)),
            ("categorical", weights.categorical(&a, &b)),
            ("combined", weights.dissimilarity(&a, &b)),
        ] {
            let wanted = number(&pair[what]);
            held.near(&format!("{name} {what}"), found, wanted, within(wanted));
        }
    }
    let mut disorder = |continuum: &Continuum, wanted: &Value| {
        let alignment = best_alignment(continuum, &weights);
        assert_eq!(alignment.optimum(), Optimum::Proven, "{name}");
        held.near(name, alignment.disorder(continuum), number(wanted), 1e-6);
        alignment.disorder(continuum)
    };
    let observed = disorder(&continuum, &fixture["tier1"]["bestAlignmentDisorder"]);
    for sampled in list(&fixture["tier2"]["sampledContinua"]) {
        disorder(
            &continuum_of_units(&sampled["units"]),
            &sampled["bestAlignmentDisorder"],
        );
        let scaled = &sampled["scaled"];
        disorder(
            &continuum_of_units(&scaled["units"]),
            &scaled["bestAlignmentDisorder"],
        );
    }
    // Its chance is not the shuffled annotations but normal distributions fitted to them.
    let tier3 = &fixture["tier3"];
    let expected = number(&tier3["expectedDisorder"]);
    held.near(
        name,
        1.0 - observed / expected,
        number(&tier3["gamma"]),
        1e-5,
    );
    let n_samples = tier3["nSamples"].as_u64().unwrap() as usize;
    let mut random = Random::new(number(&fixture["metadata"]["seed"]) as u64);
    let samples: Vec<f64> = (0..30 * n_samples)
        .map(|_| {
            let sample = fitted(&continuum, &mut random);
            best_alignment(&sample, &weights).disorder(&sample)
        })
        .collect();
    let mean = samples.iter().sum::<f64>() / samples.len() as f64;
    let variance = samples
        .iter()
        .map(|sample| (sample - mean).powi(2))
        .sum::<f64>()
        / samples.len() as f64;
    // Four standard errors of the mean of the fixture's 30 samples.
    held.near(
        name,
        mean,
        expected,
        4.0 * (variance / n_samples as f64).sqrt(),
    );
}

/// Chance as pygamma-agreement's statistical sampler makes it: numbers of units, gaps and lengths are normally
/// distributed with the means and deviations of the real ones, categories are drawn by their shares.
fn fitted(continuum: &Continuum, random: &mut Random) -> Continuum {
    let normal = |(mean, deviation): (f64, f64), random: &mut Random| {
        let (a, b) = (1.0 - random.unit(), random.unit());
        mean + deviation * (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos()
    };
    let mean_and_deviation = |values: Vec<f64>| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let squares = values.iter().map(|value| (value - mean).powi(2));
        (mean, (squares.sum::<f64>() / values.len() as f64).sqrt())
    };
    let annotators = continuum.annotators();
    let units: Vec<Unit> = annotators.iter().flatten().copied().collect();
    let counts = mean_and_deviation(annotators.iter().map(|units| units.len() as f64).collect());
    let lengths = mean_and_deviation(units.iter().map(|unit| unit.end - unit.start).collect());
    let between = annotators
        .iter()
        .flat_map(|units| units.windows(2).map(|two| two[1].start - two[0].end));
    let before = annotators
        .iter()
        .map(|units| units[0].start)
        .filter(|start| *start > 0.0);
    let gaps = mean_and_deviation(between.chain(before).collect());
    Continuum::new(
        annotators
            .iter()
            .map(|_| {
                let n_units = (normal(counts, random) as i64).max(1);
                let mut at = 0.0;
                let unit = |_| {
                    let start: f64 = at + normal(gaps, random);
                    let end = start + normal(lengths, random).abs();
                    at = end;
                    Unit {
                        start,
                        end,
                        category: units[random.below(units.len())].category,
                    }
                };
                (0..n_units).map(unit).collect::<Vec<Unit>>()
            })
            .collect::<Vec<_>>(),
    )
}
