//! The law: what arrives in one frame comes to the same as what arrives one by one.

use super::{Delivery, Scene, acts};

/// What a sequence of acts comes to, delivered together or one by one.
fn outcomes(acts: &[&(&'static str, Vec<Delivery>)]) -> (String, String) {
    let deliveries: Vec<Delivery> = acts.iter().flat_map(|(_, events)| events.clone()).collect();
    let mut together = Scene::new();
    together.together(&deliveries);
    let mut one_by_one = Scene::new();
    one_by_one.one_by_one(&deliveries);
    (together.picture(), one_by_one.picture())
}

/// The lines in which two pictures differ.
fn difference(together: &str, one_by_one: &str) -> String {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (left, right) = (lines(together), lines(one_by_one));
    let only = |of: &[String], other: &[String]| {
        let own: Vec<_> = of
            .iter()
            .filter(|line| !other.contains(line))
            .take(6)
            .cloned()
            .collect();
        own.join("\n    ")
    };
    format!(
        "  together:\n    {}\n  one by one:\n    {}",
        only(&left, &right),
        only(&right, &left)
    )
}

/// Runs the sequences and lists those that differ.
fn check<'a>(sequences: impl Iterator<Item = Vec<&'a (&'static str, Vec<Delivery>)>>) -> usize {
    let (mut n_cases, mut n_wrong) = (0, 0);
    let mut told = Vec::new();
    for sequence in sequences {
        n_cases += 1;
        let (together, one_by_one) = outcomes(&sequence);
        if together != one_by_one {
            n_wrong += 1;
            let names: Vec<_> = sequence.iter().map(|(name, _)| *name).collect();
            if told.len() < 40 {
                told.push(format!(
                    "{}:\n{}",
                    names.join(", "),
                    difference(&together, &one_by_one)
                ));
            }
        }
    }
    assert!(
        told.is_empty(),
        "{n_wrong} of {n_cases} differ.\n{}",
        told.join("\n")
    );
    n_cases
}

/// Numbers that are the same in every run.
fn numbers(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as usize) % below
    }
}

/// How many sequences the normal run takes of each kind.
fn sample() -> usize {
    std::env::var("ORDER_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(16)
}

#[test]
fn some_pairs_and_triples_come_to_the_same() {
    let places = Scene::new().places();
    let acts = acts::more(&places);
    let mut next = numbers(7);
    let pairs: Vec<_> = (0..sample())
        .map(|_| [next(acts.len()), next(acts.len())])
        .collect();
    check(
        pairs
            .iter()
            .map(|pair| pair.iter().map(|idx| &acts[*idx]).collect()),
    );
    let triples: Vec<_> = (0..sample())
        .map(|_| [(); 3].map(|()| next(acts.len())))
        .collect();
    check(
        triples
            .iter()
            .map(|triple| triple.iter().map(|idx| &acts[*idx]).collect()),
    );
}

/// Of many sequences a part at a time: `ORDER_PART=2/8` takes every eighth, from the third on.
fn is_in_part(idx: usize) -> bool {
    let part = std::env::var("ORDER_PART").unwrap_or_else(|_| "0/1".to_owned());
    let (part, of) = part.split_once('/').unwrap();
    let (part, of): (usize, usize) = (part.parse().unwrap(), of.parse().unwrap());
    idx % of == part
}

#[test]
#[ignore = "takes minutes"]
fn every_pair_comes_to_the_same() {
    let places = Scene::new().places();
    let acts = acts::more(&places);
    let pairs = acts
        .iter()
        .flat_map(|first| acts.iter().map(move |second| vec![first, second]));
    let mine = pairs.enumerate().filter(|(idx, _)| is_in_part(*idx));
    println!("{} pairs", check(mine.map(|(_, pair)| pair)));
}

#[test]
#[ignore = "takes an hour"]
fn every_triple_comes_to_the_same() {
    let places = Scene::new().places();
    let acts = acts::all(&places);
    let pairs = acts
        .iter()
        .flat_map(|first| acts.iter().map(move |second| (first, second)));
    let triples =
        pairs.flat_map(|(first, second)| acts.iter().map(move |third| vec![first, second, third]));
    let mine = triples.enumerate().filter(|(idx, _)| is_in_part(*idx));
    println!("{} triples", check(mine.map(|(_, triple)| triple)));
}
