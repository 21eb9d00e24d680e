//! Laws of joining records of one name, in clones that do not know of each other.

use super::{base, edited, merge, steps};
use proptest::prelude::*;
use sourcemark::annotation::{
    AgentId, AnnotationSet, FieldValue, RecordRef, Records, Timestamp, folded_name, twins,
    unify_same_names,
};
use std::sync::Arc;

/// The file with everybody called the same, so that there is something to join.
fn with_one_name(set: &AnnotationSet) -> AnnotationSet {
    let mut set = set.clone();
    for (id, agent) in &set.agents.clone() {
        let mut agent = (**agent).clone();
        agent.name = "Ana".to_owned();
        set.agents.insert(*id, Arc::new(agent));
    }
    set
}

fn joined(set: &AnnotationSet, second: i64) -> AnnotationSet {
    let mut set = set.clone();
    unify_same_names(&mut set, (Timestamp::from_unix_seconds(second), None));
    set
}

/// What is referred to and is not there; what was not there before either does not count.
fn dangling(set: &AnnotationSet) -> Vec<RecordRef> {
    let mut all: Vec<RecordRef> = Vec::new();
    for annotation in set.annotations.values() {
        all.push(RecordRef::from(&annotation.creator));
        all.extend(
            annotation
                .comments
                .iter()
                .map(|it| RecordRef::from(&it.author)),
        );
        let attribution = &annotation.attribution;
        let speakers = attribution.speaker.iter().chain(&attribution.reported_by);
        all.extend(speakers.map(RecordRef::from));
        all.extend(
            annotation
                .claims
                .iter()
                .map(|it| RecordRef::from(&it.claim)),
        );
        all.extend(annotation.tags.iter().map(RecordRef::from));
    }
    all.extend(set.links.values().map(|it| RecordRef::from(&it.creator)));
    all.retain(|record| set.fields_of(record).is_none());
    all
}

/// Every word that a record said of itself and that people wrote.
fn words(set: &AnnotationSet) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for speaker in set.speakers.values() {
        all.extend([&speaker.role, &speaker.side].map(Clone::clone));
        all.extend(speaker.aliases.iter().cloned());
    }
    all.extend(set.claims.values().map(|claim| claim.note.clone()));
    all.extend(set.tags.values().map(|tag| tag.guideline.clone()));
    all.retain(|word| !word.is_empty());
    all
}

fn has_word(set: &AnnotationSet, word: &str) -> bool {
    let is_in = |text: &String| folded_name(text).contains(&folded_name(word));
    let in_value = |value: &FieldValue| match value {
        FieldValue::Text(text) => is_in(text),
        FieldValue::List(texts) => texts.iter().any(is_in),
        _ => false,
    };
    let mut sides = set.conflicts.values().flat_map(|conflict| &conflict.sides);
    let is_name = set.speakers.values().any(|speaker| is_in(&speaker.name));
    words(set).iter().any(is_in)
        || is_name
        || sides.any(|side| side.value.as_ref().is_some_and(in_value))
}

proptest! {
    #![proptest_config(super::histories::config())]

    #[test]
    fn joining_leaves_no_two_of_one_name_and_loses_no_word(first in steps(20), second in steps(10)) {
        let set = with_one_name(&edited(&base(&first), 2, &second));
        let after = joined(&set, 500);
        prop_assert!(twins(&after).is_empty());
        prop_assert!(dangling(&after).iter().all(|record| dangling(&set).contains(record)));
        for word in words(&set) {
            prop_assert!(has_word(&after, &word), "{word} is lost");
        }
        let who = after.tombstones.values().filter_map(|it| it.who);
        let was: Vec<AgentId> = set.tombstones.values().filter_map(|it| it.who).collect();
        for who in who {
            let known = set.agents.contains_key(&who) == after.agents.contains_key(&who);
            prop_assert!(known || !was.contains(&who), "a removal is signed by nobody");
        }
        prop_assert_eq!(joined(&after, 600), after, "once more");
    }

    /// Two clones join the same records, and work goes on in both: nothing is asked that neither asked.
    #[test]
    fn two_clones_that_join_the_same_fit(first in steps(20), one in steps(5), two in steps(5)) {
        let base = with_one_name(&edited(&base(&first), 2, &one));
        let (left, right) = (joined(&base, 500), joined(&base, 700));
        let merged = merge(&base, &left, &right);
        prop_assert!(merged.conflicts.keys().all(|id| left.conflicts.contains_key(id)));
        prop_assert!(twins(&merged).is_empty());
        let right = edited(&right, 3, &two);
        let merged = merge(&base, &left, &right);
        let before: Vec<_> = [&left, &right].into_iter().flat_map(dangling).collect();
        prop_assert!(dangling(&merged).iter().all(|record| before.contains(record)));
    }
}
