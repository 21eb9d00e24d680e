//! Laws of the agreement measures.

use proptest::{collection::vec, prelude::*};
use sourcemark::agreement::{
    Coding, Contingency, FleissSums, Metric, Random, Undefined, cohen_kappa,
    gamma::{Continuum, GammaOptions, Optimum, Unit, Weights, best_alignment, gamma},
    krippendorff_alpha, scott_pi,
};

fn any_units(n: usize) -> impl Strategy<Value = Vec<Unit>> {
    let unit = (0u32..40, 1u32..9, 0u32..3).prop_map(|(start, len, category)| Unit {
        start: f64::from(start),
        end: f64::from(start + len),
        category,
    });
    vec(unit, 0..=n)
}

fn any_continuum(n_annotators: usize, n_units: usize) -> impl Strategy<Value = Continuum> {
    vec(any_units(n_units), n_annotators).prop_map(Continuum::new)
}

/// The least cost of any alignment, by trying all.
fn by_trial(continuum: &Continuum, weights: &Weights) -> f64 {
    type Group = Vec<(usize, Unit)>;
    fn cost(group: &Group, n: usize, weights: &Weights) -> f64 {
        let n_pairs = n * (n - 1) / 2;
        let n_own = group.len() * group.len().saturating_sub(1) / 2;
        let mut cost = (n_pairs - n_own) as f64 * weights.empty;
        for (idx, (_, a)) in group.iter().enumerate() {
            for (_, b) in &group[idx + 1..] {
                cost += weights.dissimilarity(a, b);
            }
        }
        cost / n_pairs as f64
    }
    fn place(units: &[(usize, Unit)], groups: &mut Vec<Group>, n: usize, weights: &Weights) -> f64 {
        let Some(((annotator, unit), rest)) = units.split_first() else {
            return groups.iter().map(|group| cost(group, n, weights)).sum();
        };
        groups.push(vec![(*annotator, *unit)]);
        let mut best = place(rest, groups, n, weights);
        groups.pop();
        for idx in 0..groups.len() {
            if groups[idx].iter().all(|(other, _)| other != annotator) {
                groups[idx].push((*annotator, *unit));
                best = best.min(place(rest, groups, n, weights));
                groups[idx].pop();
            }
        }
        best
    }
    let lists = continuum.annotators().iter().enumerate();
    let units: Vec<(usize, Unit)> = lists
        .flat_map(|(a, list)| list.iter().map(move |unit| (a, *unit)))
        .collect();
    place(
        &units,
        &mut Vec::new(),
        continuum.annotators().len(),
        weights,
    )
}

fn any_weights() -> impl Strategy<Value = Weights> {
    (1u32..4, 0u32..3, 1u32..3).prop_map(|(position, category, empty)| Weights {
        position: f64::from(position),
        category: f64::from(category),
        empty: f64::from(empty),
    })
}

fn any_continuum_of_some() -> impl Strategy<Value = Continuum> {
    prop_oneof![
        any_continuum(2, 4),
        any_continuum(3, 3),
        any_continuum(4, 2),
        any_continuum(5, 2)
    ]
}

fn any_coding(n_annotators: usize) -> impl Strategy<Value = Vec<Vec<Option<u32>>>> {
    (1usize..30).prop_flat_map(move |n_units| {
        let value = prop_oneof![4 => (0u32..4).prop_map(Some), 1 => Just(None)];
        vec(vec(value, n_units), n_annotators)
    })
}

fn close(a: Result<f64, Undefined>, b: Result<f64, Undefined>) -> bool {
    match (a, b) {
        (Ok(a), Ok(b)) => (a - b).abs() < 1e-9,
        (a, b) => a == b,
    }
}

/// Too large to try all alignments: costs that the integer solver HiGHS found (gap 0) among all groups that
/// cost no more than their units alone. The instances are made here from a seed.
#[test]
fn an_integer_solver_finds_no_better_alignment() {
    for (n_annotators, n_units, length, seed, cost) in [
        (3, 30, 1_500.0, 1, 30.694_936_771_865),
        (3, 40, 1_500.0, 2, 30.774_925_438_149),
        (3, 40, 4_000.0, 3, 54.107_861_973_178),
        (3, 60, 3_000.0, 8, 61.842_785_299_533),
        (4, 14, 700.0, 4, 16.433_579_702_890),
        (4, 12, 2_000.0, 5, 18.913_311_653_667),
        (5, 7, 400.0, 6, 7.420_453_283_347),
        (5, 8, 900.0, 7, 11.439_167_694_006),
    ] {
        let mut random = Random::new(seed);
        let annotators = (0..n_annotators).map(|_| {
            let unit = |_| {
                let start = random.between(0.0, length).trunc();
                Unit {
                    start,
                    end: start + 20.0 + random.below(200) as f64,
                    category: random.below(4) as u32,
                }
            };
            (0..n_units).map(unit).collect()
        });
        let continuum = Continuum::new(annotators.collect::<Vec<Vec<Unit>>>());
        let found = best_alignment(&continuum, &Weights::default());
        assert!(
            (found.cost - cost).abs() < 1e-9,
            "{} is not {cost}",
            found.cost
        );
        assert_eq!(found.optimum(), Optimum::Proven);
    }
}

#[test]
fn very_many_annotators_are_aligned_within_a_bound() {
    // Thirty pupils and more than the bits of a number: there are more groups than could ever be looked at.
    for n_annotators in [31, 70] {
        let mut random = Random::new(n_annotators as u64);
        let annotators = (0..n_annotators).map(|_| {
            let unit = |at: usize| {
                let start = (at * 300) as f64 + random.between(0.0, 60.0).trunc();
                Unit {
                    start,
                    end: start + 40.0 + random.below(40) as f64,
                    category: u32::from(random.below(5) == 0),
                }
            };
            (0..4).map(unit).collect()
        });
        let continuum = Continuum::new(annotators.collect::<Vec<Vec<Unit>>>());
        let found = best_alignment(&continuum, &Weights::default());
        assert!(found.lower_bound <= found.cost, "{found:?}");
        assert!(found.lower_bound > 0.5 * found.cost, "{found:?}");
        let n_units: usize = found.groups.iter().flatten().flatten().count();
        assert_eq!(n_units, 4 * n_annotators);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn no_alignment_costs_less_than_the_best(continuum in any_continuum_of_some(), weights in any_weights()) {
        let best = best_alignment(&continuum, &weights);
        let trial = by_trial(&continuum, &weights);
        prop_assert!((best.cost - trial).abs() < 1e-9, "{} is not {}", best.cost, trial);
        prop_assert_eq!(best.optimum(), Optimum::Proven);
        prop_assert!(best.lower_bound <= trial + 1e-9);
        // Every unit is in exactly one group.
        for (annotator, units) in continuum.annotators().iter().enumerate() {
            let mut seen: Vec<usize> = best.groups.iter().filter_map(|group| group[annotator]).collect();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..units.len()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn annotators_and_names_of_categories_do_not_matter_to_the_alignment(
        continuum in any_continuum_of_some(), shift in 1usize..5,
    ) {
        let weights = Weights::default();
        let mut annotators = continuum.annotators().to_vec();
        let n = annotators.len();
        annotators.rotate_left(shift % n);
        for unit in annotators.iter_mut().flatten() {
            unit.category = 90 - unit.category;
        }
        let renamed = Continuum::new(annotators);
        let (one, other) = (best_alignment(&continuum, &weights), best_alignment(&renamed, &weights));
        prop_assert!((one.cost - other.cost).abs() < 1e-9);
    }

    #[test]
    fn kappa_pi_and_alpha_know_no_order(values in any_coding(2), shift in 1u32..4) {
        let swapped: Vec<Vec<Option<u32>>> = values.iter().rev()
            .map(|list| list.iter().map(|value| value.map(|value| (value + shift) % 4)).collect())
            .collect();
        let (one, other) = (Coding::from_annotators(&values), Coding::from_annotators(&swapped));
        let (a, b) = (Contingency::of(&one, 0, 1), Contingency::of(&other, 0, 1));
        prop_assert!(close(cohen_kappa(&a), cohen_kappa(&b)));
        prop_assert!(close(scott_pi(&a), scott_pi(&b)));
        prop_assert!(close(krippendorff_alpha(&one, Metric::Nominal), krippendorff_alpha(&other, Metric::Nominal)));
    }

    #[test]
    fn kappa_is_one_for_equal_codings_alone(values in any_coding(2)) {
        let coding = Coding::from_annotators(&values);
        let judged = values[0].iter().zip(&values[1]).filter(|(a, b)| a.is_some() && b.is_some());
        let same = judged.clone().all(|(a, b)| a == b);
        match cohen_kappa(&Contingency::of(&coding, 0, 1)) {
            Ok(kappa) => {
                prop_assert_eq!(kappa > 1.0 - 1e-12, same);
                prop_assert!((-1.0 - 1e-12..=1.0).contains(&kappa));
            }
            Err(_) => prop_assert!(same, "kappa is defined wherever two differ"),
        }
    }

    #[test]
    fn fleiss_for_two_is_scott(values in any_coding(2)) {
        let filled: Vec<Vec<Option<u32>>> = values.iter()
            .map(|list| list.iter().map(|value| Some(value.unwrap_or(0))).collect())
            .collect();
        let coding = Coding::from_annotators(&filled);
        prop_assert!(close(FleissSums::of(&coding).kappa(), scott_pi(&Contingency::of(&coding, 0, 1))));
    }

    #[test]
    fn equal_annotations_have_gamma_one(units in any_units(5)) {
        let continuum = Continuum::new(vec![units.clone(), units.clone(), units]);
        let found = gamma(&[continuum], &GammaOptions { max_samples: 30, ..GammaOptions::default() });
        match found.value {
            Ok(value) => prop_assert!((value - 1.0).abs() < 1e-9),
            Err(reason) => prop_assert!(
                matches!(reason, Undefined::NothingMarked | Undefined::NothingExpected), "{reason}"
            ),
        }
    }
}

#[test]
fn a_unit_that_cannot_be_moved_is_no_measure_of_chance() {
    let unit = Unit {
        start: 0.0,
        end: 1.0,
        category: 0,
    };
    let alike = vec![unit];
    let continuum = Continuum::new(vec![alike.clone(), alike.clone(), alike]);
    let options = GammaOptions {
        max_samples: 30,
        ..GammaOptions::default()
    };
    let found = gamma(&[continuum], &options);
    assert!(
        found.value.as_ref().is_err()
            || found
                .value
                .as_ref()
                .is_ok_and(|value| (value - 1.0).abs() < 1e-9),
        "{:?}",
        found.value
    );
}
