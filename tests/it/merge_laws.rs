//! Laws of merging, held to what people do: two or three of them edit copies of one file.

mod collection_words;
mod collections;
pub mod histories;
mod same_names;
mod stages;
pub mod words;

use crate::support::{
    any_set::any_set,
    edits::{N_KINDS, Step, UNIFY, edit_of, person, range_in, stamp},
    sets::{CountingIds, source},
};
use proptest::{collection::vec, prelude::*};
use sourcemark::{
    annotation::{
        AnnotationSet, Article, Choice, Conflict, FieldValue, Fields, Marks, Record, RecordRef,
        Records, Side,
    },
    edit::{Edit, Workspace},
    format::ron::{WriteOptions, read, write},
    merge::{Merged, Note, layers, three_way, without_base},
    text::SourceText,
};
use std::sync::Arc;

const TEXT: &str = "The minister denied it. “We never built a back door,” said the firm on Monday.\n\
    An expert called it unlikely; the court found nothing. It was like the Brantwell case.\n\
    मंत्रालय ने कहा कि यह झूठ है। The agency would not comment, and nobody was asked again.\n";

fn steps(max: usize) -> impl Strategy<Value = Vec<Step>> {
    vec(
        (0..N_KINDS, 0usize..4000, 0usize..4000, any::<bool>()),
        0..max,
    )
}

fn text() -> SourceText {
    source(TEXT)
}

/// What `person_number` makes of `set` by `steps`, at different times than anybody else.
fn edited(set: &AnnotationSet, person_number: u128, steps: &[Step]) -> AnnotationSet {
    // The base is older than a hundred seconds, so that forgetting old removals forgets those of the base only.
    let start = if person_number == 1 { 10 } else { 100 };
    let text = text();
    let marks = Marks::find(&text, set, &|| true).unwrap();
    let mut workspace = Workspace::new(set.clone(), marks);
    let ids = &mut CountingIds(person_number * 1_000);
    for (n, step) in steps.iter().enumerate() {
        let second = start + 3 * n as i64 + person_number as i64;
        // One whose present state does not allow it is left out.
        drop(workspace.apply(
            &edit_of(&workspace, *step),
            &mut stamp(person(person_number), ids, second),
        ));
    }
    workspace.set().clone()
}

/// The file that all begin from.
fn base(steps: &[Step]) -> AnnotationSet {
    let text = text();
    let mut set = AnnotationSet::new(Article::describe(&text, "a.txt", "UTF-8"));
    let marks = Marks::find(&text, &set, &|| true).unwrap();
    let mut workspace = Workspace::new(set, marks);
    let ids = &mut CountingIds(100);
    for n in 0..6 {
        let edit = Edit::Annotate {
            segments: vec![range_in(&text, n * 29, n * 29 + 17)],
            tags: Vec::new(),
            note: "A note on this passage, with words enough to change some.".repeat(n % 2),
            speaker: (n % 3 == 0).then(|| "Speaker 1".to_owned()),
        };
        drop(workspace.apply(&edit, &mut stamp(person(1), ids, n as i64)));
    }
    set = workspace.set().clone();
    edited(&set, 1, steps)
}

fn merge(base: &AnnotationSet, ours: &AnnotationSet, theirs: &AnnotationSet) -> AnnotationSet {
    merged(base, ours, theirs).set
}

fn merged(
    base: &AnnotationSet,
    ours: &AnnotationSet,
    theirs: &AnnotationSet,
) -> Merged<AnnotationSet> {
    three_way(base, ("ours", ours), ("theirs", theirs), &[])
}

/// Without what depends on which side is called what.
fn nameless<S: Records>(set: &S) -> S {
    let mut all = set.clone();
    for conflict in set.conflicts().values() {
        let mut conflict = Conflict::clone(conflict);
        for side in &mut conflict.sides {
            side.name.clear();
        }
        let order = |side: &Side| side.value.as_ref().map(FieldValue::encode);
        conflict.sides.sort_by_key(order);
        all.conflicts_mut().insert(conflict.id, Arc::new(conflict));
    }
    all
}

#[track_caller]
fn assert_same(one: &AnnotationSet, other: &AnnotationSet, what: &str) {
    if one != other {
        // Lines that differ say more than two walls of debug output.
        let lines = |set| write(set, WriteOptions::default());
        let (one, other) = (lines(one), lines(other));
        let only = |a: &str, b: &str| -> Vec<String> {
            let b: Vec<&str> = b.lines().collect();
            a.lines()
                .filter(|line| !b.contains(line))
                .map(str::to_owned)
                .collect()
        };
        panic!(
            "{what}\nonly in the first: {:#?}\nonly in the second: {:#?}\n{one}\n{other}",
            only(&one, &other),
            only(&other, &one)
        );
    }
}

/// Every field of every annotation of `side` is in the merged file, was left alone by `side`, or is in a
/// conflict; every annotation is there or has a tombstone that a side had.
#[track_caller]
fn assert_nothing_lost(
    base: &AnnotationSet,
    side: &AnnotationSet,
    other: &AnnotationSet,
    merged: &AnnotationSet,
) {
    for (id, annotation) in &side.annotations {
        let record = RecordRef::from(id);
        let Some(after) = merged.annotations.get(id) else {
            assert!(
                other.tombstones.contains_key(&record),
                "{record} is gone without a tombstone"
            );
            continue;
        };
        let before = base.annotations.get(id).map(|before| before.fields());
        let before = before.unwrap_or_default();
        let (fields, after) = (annotation.fields(), after.fields());
        for (name, value) in &fields {
            if before.get(name) != Some(value) {
                assert_kept(merged, &record, name, value, (&before, &after));
            }
        }
    }
    let maps = |set: &AnnotationSet| -> Vec<RecordRef> {
        let tags = set.tags.keys().map(RecordRef::from);
        let speakers = set.speakers.keys().map(RecordRef::from);
        let claims = set.claims.keys().map(RecordRef::from);
        let links = set.links.keys().map(RecordRef::from);
        tags.chain(speakers).chain(claims).chain(links).collect()
    };
    for record in maps(side) {
        assert!(
            merged.fields_of(&record).is_some() || other.tombstones.contains_key(&record),
            "{record} is gone without a tombstone"
        );
    }
}

#[track_caller]
fn assert_kept(
    merged: &AnnotationSet,
    record: &RecordRef,
    name: &str,
    value: &FieldValue,
    (before, after): (&Fields, &Fields),
) {
    if name == "modified" || after.get(name) == Some(value) {
        return;
    }
    // The record that a speaker or tag was made one with.
    let aliased = merged
        .tombstones
        .values()
        .any(|tombstone| tombstone.instead.is_some());
    if aliased && (name.starts_with("tags/") || name.starts_with("attribution/")) {
        return;
    }
    let is_side = |conflict: &&Arc<Conflict>| {
        conflict.record == *record
            && conflict.field == name
            && conflict
                .sides
                .iter()
                .any(|side| side.value.as_ref() == Some(value))
    };
    if merged.conflicts.values().any(|conflict| is_side(&conflict)) {
        return;
    }
    if let Some(comment) = name.strip_prefix("comments/") {
        let comment = RecordRef {
            kind: sourcemark::annotation::RecordKind::Comment,
            id: comment.into(),
        };
        assert!(merged.tombstones.contains_key(&comment), "{record}: {name}");
        return;
    }
    match (before.get(name), value, after.get(name)) {
        (Some(FieldValue::Text(before)), FieldValue::Text(text), Some(FieldValue::Text(after))) => {
            for word in text
                .split_whitespace()
                .filter(|word| !before.contains(*word))
            {
                assert!(
                    after.contains(word),
                    "{record}: {name} lost `{word}`: {after}"
                );
            }
        }
        (_, FieldValue::Segments(ours), Some(FieldValue::Segments(all))) => {
            let before = match before.get(name) {
                Some(FieldValue::Segments(before)) => before.as_slice(),
                _ => &[],
            };
            for segment in ours.iter().filter(|segment| !before.contains(segment)) {
                assert!(all.contains(segment), "{record}: a stretch was lost");
            }
        }
        _ => panic!(
            "{record}: {name} was {value:?} and is {:?}",
            after.get(name)
        ),
    }
}

/// Takes the first side, the second or both in every conflict.
fn settled(set: &AnnotationSet, choices: &[usize]) -> AnnotationSet {
    let text = text();
    let marks = Marks::find(&text, set, &|| true).unwrap();
    let mut workspace = Workspace::new(set.clone(), marks);
    let ids = &mut CountingIds(9_000);
    for (n, conflict) in set.conflicts.keys().enumerate() {
        let choice = match choices.get(n % choices.len().max(1)) {
            Some(0) => Choice::Both,
            Some(n) => Choice::Side(n % 2),
            None => Choice::Side(0),
        };
        for choice in [choice, Choice::Side(0)] {
            let edit = Edit::Settle {
                conflict: *conflict,
                choice,
            };
            let stamp = &mut stamp(person(9), ids, 10_000 + n as i64);
            // What cannot be both is one; what went with its record needs nothing.
            if !workspace.set().conflicts.contains_key(conflict)
                || workspace.apply(&edit, stamp).is_ok()
            {
                break;
            }
        }
    }
    workspace.set().clone()
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn fields_make_the_record_again(set in any_set()) {
        for annotation in set.annotations.values() {
            let again = annotation.with_fields(annotation.fields()).unwrap();
            prop_assert_eq!(again.fields(), annotation.fields());
            prop_assert_eq!(again.comments.len(), annotation.comments.len());
            prop_assert_eq!(again.claims.len(), annotation.claims.len());
        }
        for tag in set.tags.values() {
            prop_assert_eq!(&tag.with_fields(tag.fields()).unwrap(), &**tag);
        }
        for speaker in set.speakers.values() {
            prop_assert_eq!(&speaker.with_fields(speaker.fields()).unwrap(), &**speaker);
        }
        for link in set.links.values() {
            prop_assert_eq!(&link.with_fields(link.fields()).unwrap(), &**link);
        }
        prop_assert_eq!(&set.article.with_fields(set.article.fields()).unwrap(), &set.article);
    }

    #[test]
    fn what_one_side_did_is_taken_whole(base in any_set(), x in any_set()) {
        assert_same(&merge(&x, &x, &x), &x, "merge(x, x, x) = x");
        assert_same(&merge(&base, &x, &base), &x, "merge(b, x, b) = x");
        assert_same(&merge(&base, &base, &x), &x, "merge(b, b, x) = x");
        assert_same(&merge(&base, &x, &x), &x, "merge(b, x, x) = x");
    }

    #[test]
    fn any_two_sets_merge_into_a_file(base in any_set(), x in any_set(), y in any_set()) {
        let merged = merge(&base, &x, &y);
        let options = WriteOptions::default();
        let written = write(&merged, options);
        let file = read(&written).unwrap_or_else(|error| panic!("{error}\n{written}"));
        assert_same(&file.set, &merged, "what was merged is read as it was");
        assert_same(&nameless(&merged), &nameless(&merge(&base, &y, &x)), "sides swapped");
        assert_same(&merge(&base, &merged, &y), &merged, "merged with theirs again");
    }

    #[test]
    fn two_people_s_work(b in steps(12), x in steps(12), y in steps(12)) {
        let base = base(&b);
        let (x, y) = (edited(&base, 2, &x), edited(&base, 3, &y));
        assert_same(&merge(&base, &x, &base), &x, "merge(b, x, b) = x");
        assert_same(&merge(&base, &base, &x), &x, "merge(b, b, x) = x");
        let merged = merge(&base, &x, &y);
        assert_same(&nameless(&merged), &nameless(&merge(&base, &y, &x)), "sides swapped");
        assert_same(&merge(&base, &merged, &y), &merged, "merged with theirs again");
        assert_same(&merge(&base, &merged, &x), &merged, "merged with ours again");
        assert_same(&merge(&base, &x, &merged), &merged, "the other way round");
        assert_same(&merge(&merged, &merged, &merged), &merged, "merged with itself");
        assert_nothing_lost(&base, &x, &y, &merged);
        assert_nothing_lost(&base, &y, &x, &merged);
        let written = write(&merged, WriteOptions::default());
        prop_assert_eq!(&write(&merge(&base, &x, &y), WriteOptions::default()), &written);
        assert_same(&read(&written).unwrap().set, &merged, "a whole file");
    }

    #[test]
    fn three_people_s_work_without_conflicts(b in steps(8), x in steps(5), y in steps(5), z in steps(5)) {
        let base = base(&b);
        // Two people who make the same records one in opposite ways have decided something too.
        let plain = |mut steps: Vec<Step>| {
            steps.retain(|(kind, ..)| *kind != UNIFY);
            steps
        };
        let [x, y, z] = [(2, x), (3, y), (4, z)].map(|(n, steps)| edited(&base, n, &plain(steps)));
        let one = merge(&base, &merge_ok(&base, &x, &y)?, &z);
        let other = merge(&base, &x, &merge_ok(&base, &y, &z)?);
        if one.conflicts.is_empty() && other.conflicts.is_empty() {
            assert_same(&one, &other, "whoever merges first");
        }
    }

    #[test]
    fn files_without_a_base_in_any_order(b in steps(8), x in steps(8), y in steps(8), z in steps(8)) {
        let base = base(&b);
        let [x, y, z] = [(2, x), (3, y), (4, z)].map(|(n, steps)| edited(&base, n, &steps));
        let (x, y, z) = (("x", &x), ("y", &y), ("z", &z));
        let all = without_base(&[x, y, z], &[]).unwrap().set;
        let side_by_side = layers(&[x, y, z], &[]).unwrap().set;
        for order in [[z, y, x], [y, x, z], [x, z, y]] {
            assert_same(&without_base(&order, &[]).unwrap().set, &all, "another order");
            assert_same(&layers(&order, &[]).unwrap().set, &side_by_side, "another order");
        }
        for (_, set) in [x, y, z] {
            for id in set.annotations.keys() {
                prop_assert!(side_by_side.annotations.contains_key(id), "a layer is never thinned");
                let record = RecordRef::from(id);
                let is_dead = [x, y, z].iter().any(|(_, set)| set.tombstones.contains_key(&record));
                prop_assert!(all.annotations.contains_key(id) || is_dead);
            }
        }
        assert_same(&without_base(&[x, x], &[]).unwrap().set, x.1, "one file twice");
        let again = without_base(&[("all", &all), y], &[]).unwrap().set;
        assert_same(&nameless(&again), &nameless(&all), "merged with one of them again");
    }

    #[test]
    fn what_was_settled_stays_settled(b in steps(8), x in steps(10), y in steps(10), choices in vec(0usize..3, 1..6)) {
        let base = base(&b);
        let (x, y) = (edited(&base, 2, &x), edited(&base, 3, &y));
        let open = merge(&base, &x, &y);
        let settled = settled(&open, &choices);
        prop_assert!(settled.conflicts.is_empty());
        // Who removes both of two tags that were made one leaves marks with a tag that is gone: that is asked about again.
        let mut tags = settled.annotations.values().flat_map(|it| &it.tags);
        prop_assume!(tags.all(|tag| settled.tags.contains_key(tag)));
        // Another copy of the merge, in which nothing is settled yet, learns the answers.
        assert_same(&merge(&open, &settled, &open), &settled, "with the open file as base");
        let late = merge(&base, &settled, &open);
        prop_assert!(late.conflicts.is_empty(), "{:?}", late.conflicts);
    }
}

/// The merge, if nothing is left open; else the case says nothing about associativity.
fn merge_ok(
    base: &AnnotationSet,
    x: &AnnotationSet,
    y: &AnnotationSet,
) -> Result<AnnotationSet, TestCaseError> {
    let merged = merged(base, x, y);
    let is_decision = |note: &Note| matches!(note, Note::StillUsed(_));
    if !merged.new_conflicts.is_empty() || merged.notes.iter().any(is_decision) {
        return Err(TestCaseError::reject("something to decide"));
    }
    Ok(merged.set)
}
