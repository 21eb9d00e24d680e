//! Measures the speed of the agreement figures: `cargo bench --no-default-features --bench agreement`.
//!
//! The annotations are made here, the same every time. *Alike* are those of annotators who mark the same passages
//! with shifted ends, other tags now and then, and some left out; *by chance* are those that gamma samples from them.

#![expect(
    clippy::expect_used,
    reason = "a measurement that cannot be made stops with the reason"
)]

#[expect(
    dead_code,
    clippy::disallowed_methods,
    reason = "the tests need the rest of it, and it makes the files it measures with"
)]
mod class;
#[expect(dead_code, reason = "the other bench needs the rest of it")]
mod measure;

use measure::{Table, shown, times};
use sourcemark::agreement::{
    Coding, Metric, Random,
    gamma::{Continuum, GammaOptions, Optimum, Unit, Weights, best_alignment, gamma, shuffled},
    krippendorff_alpha,
};
use sourcemark::cli::{self, Env, Exit, Outcome};
use std::{ffi::OsString, time::Duration};

fn main() {
    let mut table = Table::new();
    alpha(&mut table);
    alignments(&mut table);
    classes(&mut table);
    table.print();
}

/// The whole command, from the files to the last line: 25 pupils and a key, five articles of 25 passages.
fn classes(table: &mut Table) {
    for (attributes, what) in [(false, ""), (true, ", with attributes")] {
        let folder = tempfile::tempdir().expect("a folder");
        let (key, pupils) = class::write(&class::class(25, 5, attributes), folder.path());
        for (with_key, how) in [(true, "each with the key"), (false, "each with each")] {
            let mut args: Vec<OsString> = vec!["sourcemark".into(), "agree".into()];
            args.extend(with_key.then(|| "--key".into()));
            args.push(key.clone().into());
            args.extend(pupils.iter().map(|pupil| pupil.clone().into()));
            let taken = times(3, || {
                let (mut out, mut err) = (Vec::new(), Vec::new());
                let mut env = Env::of_this_machine();
                let outcome = cli::run(args.clone(), &mut out, &mut err, &mut env);
                assert_eq!(
                    outcome,
                    Outcome::Exit(Exit::Done),
                    "{}",
                    String::from_utf8_lossy(&err)
                );
            });
            table.time(
                format!("agree, 25 pupils × 5 articles, {how}{what}"),
                taken.median,
                Duration::from_secs(5),
            );
        }
    }
}

fn alpha(table: &mut Table) {
    let mut random = Random::new(1);
    let truth: Vec<u32> = (0..10_000).map(|_| random.below(5) as u32).collect();
    let annotators: Vec<Vec<Option<u32>>> = (0..5)
        .map(|_| {
            let value = |truth: &u32| match random.below(20) {
                0 => None,
                1..4 => Some(random.below(5) as u32),
                _ => Some(*truth),
            };
            truth.iter().map(value).collect()
        })
        .collect();
    let coding = Coding::from_annotators(&annotators);
    let taken = times(101, || {
        krippendorff_alpha(&coding, Metric::Nominal).expect("a figure")
    });
    table.time(
        "alpha, 5 annotators, 10,000 units",
        taken.median,
        Duration::from_millis(1),
    );
}

/// `n_units` true passages of 20 to 300 code points, about 450 apart from start to start or `spacing`, as each of
/// the annotators sees them.
fn alike(n_annotators: usize, n_units: usize, spacing: f64, seed: u64) -> Continuum {
    let mut random = Random::new(seed);
    let truth: Vec<Unit> = (0..n_units + n_units / 10)
        .map(|_| {
            let start = random.between(0.0, spacing * n_units as f64).trunc();
            Unit {
                start,
                end: start + 20.0 + random.below(280) as f64,
                category: random.below(4) as u32,
            }
        })
        .collect();
    let annotators = (0..n_annotators).map(|_| {
        let mut units = Vec::with_capacity(n_units);
        for unit in &truth {
            if random.below(11) == 0 || units.len() == n_units {
                continue;
            }
            let moved = |random: &mut Random| {
                if random.below(2) == 0 {
                    0.0
                } else {
                    random.below(21) as f64 - 10.0
                }
            };
            let start = (unit.start + moved(&mut random)).max(0.0);
            units.push(Unit {
                start,
                end: (unit.end + moved(&mut random)).max(start + 1.0),
                category: if random.below(10) == 0 {
                    random.below(4) as u32
                } else {
                    unit.category
                },
            });
        }
        units
    });
    Continuum::new(annotators.collect::<Vec<_>>())
}

fn alignments(table: &mut Table) {
    let weights = Weights::default();
    let options = GammaOptions {
        max_samples: 30,
        ..GammaOptions::default()
    };
    let two = alike(2, 1_000, 450.0, 2);
    let taken = times(5, || gamma(std::slice::from_ref(&two), &options));
    table.time(
        "gamma, 2 × 1,000, 30 samples",
        taken.median,
        Duration::from_millis(600),
    );
    for (n_annotators, n_units, spacing, goal_ms) in [
        (3, 300, 450.0, 500),
        (3, 300, 100.0, 500),
        (3, 1_000, 450.0, 2_000),
        (3, 1_000, 100.0, 2_000),
        (5, 100, 450.0, 0),
        (5, 100, 100.0, 0),
    ] {
        let real = alike(n_annotators, n_units, spacing, 3);
        let chance = shuffled(&real, &mut Random::new(4));
        for (kind, continuum) in [("alike", real), ("by chance", chance)] {
            let found = best_alignment(&continuum, &weights);
            let taken = times(3, || best_alignment(&continuum, &weights));
            let bound = match found.optimum() {
                Optimum::Proven => "proven".to_owned(),
                Optimum::Bounded { gap } => format!("gap {:.4} %", gap * 100.0),
            };
            let what = format!(
                "best alignment, {n_annotators} × {n_units}, one each {spacing} code points, {kind}: {:.6}, {bound}",
                found.disorder(&continuum)
            );
            match goal_ms {
                0 => table.note(what, shown(taken.median)),
                _ => table.time(what, taken.median, Duration::from_millis(goal_ms)),
            }
        }
    }
}
