//! Laws of settling, for whatever annotators mark.

use super::{Annotator, TEXT, nothing, settled};
use crate::support::edits::range_in;
use proptest::{collection::vec, prelude::*, sample::select};
use sourcemark::{
    annotation::{RecordRef, TagId},
    edit::Edit,
    settling::{Answers, EdgeRule, Outcome, Pick, Rules, Side},
};
use std::collections::BTreeSet;

/// One mark: two places, a tag, a note, a speaker.
type Step = (
    usize,
    usize,
    &'static str,
    &'static str,
    Option<&'static str>,
);

fn any_step() -> impl Strategy<Value = Step> {
    (
        0usize..TEXT.len(),
        1usize..20,
        select(vec!["denial", "allegation"]),
        select(vec!["", "", "", "One.", "Two."]),
        select(vec![None, None, Some("The firm"), Some("An expert")]),
    )
        // Few places, so that marks meet.
        .prop_map(|(a, len, tag, note, speaker)| (a - a % 7, a - a % 7 + len, tag, note, speaker))
}

fn annotator(number: u128, steps: &[Step]) -> Annotator {
    let mut one = Annotator::new(number, &format!("Person {number}"));
    for (a, b, tag, note, speaker) in steps {
        let range = range_in(one.workspace.text(), *a, *b);
        let mark = Edit::Annotate {
            segments: vec![range],
            tags: vec![TagId::parse(tag).unwrap()],
            note: (*note).to_owned(),
            speaker: speaker.map(str::to_owned),
        };
        let blank = one.workspace.text().slice_or_empty(range).trim().is_empty();
        if !blank {
            one.does(mark);
        }
    }
    one
}

fn any_sides() -> impl Strategy<Value = Vec<Side>> {
    vec(vec(any_step(), 0..8), 2..4).prop_map(|all| {
        let numbered = all.iter().enumerate();
        numbered
            .map(|(n, steps)| annotator(2 + n as u128, steps).side())
            .collect()
    })
}

fn any_pick() -> impl Strategy<Value = Option<Pick>> {
    select(vec![
        None,
        Some(Pick::Side(0)),
        Some(Pick::Side(1)),
        Some(Pick::Both),
        Some(Pick::Neither),
    ])
}

fn any_rules() -> impl Strategy<Value = Rules> {
    let edges = select(vec![None, Some(EdgeRule::Shorter), Some(EdgeRule::Longer)]);
    (
        edges,
        any_pick(),
        any_pick(),
        any_pick(),
        any::<bool>(),
        any_pick(),
    )
        .prop_map(|(edges, tags, only, details, majority, rest)| Rules {
            edges,
            tags,
            only,
            details,
            majority,
            rest,
        })
}

fn answers(rules: Rules) -> Answers {
    Answers {
        rules,
        ..Answers::default()
    }
}

/// Every mark of every side is in the agreed set, or named by a decision, or in an open question.
#[track_caller]
fn nothing_is_lost(sides: &[Side], outcome: &Outcome) {
    let decided: BTreeSet<_> = outcome
        .set
        .decisions
        .values()
        .flat_map(|decision| decision.marks.iter().map(|mark| mark.id))
        .collect();
    for side in sides {
        for (id, mark) in &side.set.annotations {
            let same = outcome.set.annotations.values().any(|agreed| {
                let makers = [agreed.creator]
                    .into_iter()
                    .chain(agreed.also_by.iter().copied());
                agreed.segments == mark.segments
                    && agreed.tags == mark.tags
                    && makers.into_iter().any(|maker| maker == mark.creator)
                    && (mark.note.is_empty() || agreed.note.contains(&mark.note))
            });
            let is_open = outcome.open().any(|question| {
                question.variants.iter().any(|it| {
                    it.annotation.segments == mark.segments && it.annotation.tags == mark.tags
                })
            });
            assert!(
                same || decided.contains(id) || is_open,
                "{mark:?}\n{:?}",
                outcome.set
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_mark_is_lost(sides in any_sides(), rules in any_rules()) {
        let outcome = settled(&sides, &nothing(), &answers(rules));
        nothing_is_lost(&sides, &outcome);
        // Whatever is decided is said with its marks, and every record that is referred to is there.
        for decision in outcome.set.decisions.values() {
            prop_assert!(!decision.marks.is_empty());
            for mark in &decision.marks {
                prop_assert!(outcome.set.agents.contains_key(&mark.creator));
            }
        }
        for mark in outcome.set.annotations.values() {
            prop_assert!(mark.tags.iter().all(|tag| outcome.set.tags.contains_key(tag)));
            prop_assert!(mark.attribution.speaker.is_none_or(|it| outcome.set.speakers.contains_key(&it)));
        }
    }

    #[test]
    fn settling_again_changes_nothing(sides in any_sides(), rules in any_rules(), other in any_rules()) {
        let first = settled(&sides, &nothing(), &answers(rules));
        for again in [Answers::default(), answers(rules)] {
            let second = settled(&sides, &first.set, &again);
            prop_assert_eq!(&second.set, &first.set);
            let open = |outcome: &Outcome| outcome.open().map(|it| it.id).collect::<Vec<_>>();
            prop_assert_eq!(open(&second), open(&first));
        }
        // Another rule settles what is open and leaves alone what is settled.
        let third = settled(&sides, &first.set, &answers(other));
        for (id, decision) in &first.set.decisions {
            prop_assert_eq!(third.set.decisions.get(id), Some(decision));
        }
    }

    #[test]
    fn the_order_of_the_sides_is_nothing(sides in any_sides(), majority in any::<bool>()) {
        let rules = Rules {
            edges: Some(EdgeRule::Longer),
            tags: Some(Pick::Both),
            only: Some(Pick::Neither),
            majority,
            ..Rules::default()
        };
        let mut turned = sides.clone();
        turned.reverse();
        let one = settled(&sides, &nothing(), &answers(rules));
        let other = settled(&turned, &nothing(), &answers(rules));
        prop_assert_eq!(&one.set, &other.set);
        let ids = |outcome: &Outcome| -> BTreeSet<_> {
            outcome.questions.iter().map(|it| (it.id, it.kind)).collect()
        };
        prop_assert_eq!(ids(&one), ids(&other));
    }

    #[test]
    fn removals_in_the_agreed_set_stay(sides in any_sides(), which in any::<usize>()) {
        let first = settled(&sides, &nothing(), &answers(Rules { rest: Some(Pick::Both), ..Rules::default() }));
        let n = first.set.annotations.len();
        prop_assume!(n > 0);
        let id = *first.set.annotations.keys().nth(which % n).unwrap();
        let mut hand = Annotator::of(first.set.clone(), TEXT, 9, "Chitra");
        hand.does(Edit::Remove { ids: vec![id] });
        prop_assert!(hand.set().tombstones.contains_key(&RecordRef::from(&id)));
        let again = settled(&sides, hand.set(), &answers(Rules { rest: Some(Pick::Both), ..Rules::default() }));
        prop_assert!(!again.set.annotations.contains_key(&id));
    }
}
