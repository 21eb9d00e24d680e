//! What nobody has seen is never decided: answers and removals count for what was seen, whatever clocks say.

use super::{Copy, TEXT, begun, merge, two, word};
use crate::support::edits::person;
use sourcemark::{
    annotation::{
        AnnotationId, AnnotationSet, Choice, Conflict, ConflictId, FieldValue, Record, RecordRef,
        Records, SettleError, Speaker, SpeakerId, Timestamp, WRITTEN_SINCE, as_asked, remove,
        settle,
    },
    edit::Edit,
    merge::{Merged, layers, three_way, without_base},
};
use std::sync::Arc;

impl Copy {
    fn notes(&mut self, id: AnnotationId, note: &str) -> &mut Self {
        let note = note.to_owned();
        self.does(Edit::SetNote { id, note })
    }

    fn settles(&mut self, conflict: ConflictId, choice: Choice) -> &mut Self {
        self.does(Edit::Settle { conflict, choice })
    }

    /// Answers every question so that the value of this side is removed, or that of this text is taken.
    fn takes(&mut self, is_meant: impl Fn(&Option<FieldValue>) -> bool) -> &mut Self {
        let open: Vec<Arc<Conflict>> = self.set().conflicts.values().cloned().collect();
        for conflict in open {
            let side = conflict.sides.iter().position(|side| is_meant(&side.value));
            self.settles(conflict.id, Choice::Side(side.unwrap()));
        }
        self
    }

    fn at(set: &AnnotationSet, who: u128, second: i64) -> Self {
        let mut copy = Self::of(set, TEXT, who);
        copy.second = second;
        copy
    }
}

fn is_text(wanted: &str) -> impl Fn(&Option<FieldValue>) -> bool {
    move |value| *value == Some(FieldValue::Text(wanted.to_owned()))
}

/// The note itself and what conflicts hold of it.
fn notes(set: &AnnotationSet, id: AnnotationId) -> Vec<String> {
    let conflicts = set.conflicts.values().filter(|it| it.field == "note");
    let values = conflicts.flat_map(|conflict| conflict.sides.iter().map(|it| it.value.clone()));
    let mut all: Vec<String> = values
        .filter_map(|value| match value {
            Some(FieldValue::Text(text)) => Some(text),
            _ => None,
        })
        .chain(set.annotations.get(&id).map(|it| it.note.clone()))
        .collect();
    all.sort();
    all.dedup();
    all
}

fn mailed(sides: &[&AnnotationSet]) -> Merged<AnnotationSet> {
    let names = ["a", "b", "c", "d"];
    let sides: Vec<(&str, &AnnotationSet)> = names.into_iter().zip(sides.iter().copied()).collect();
    without_base(&sides, &[]).unwrap()
}

/// Ana and Ben have written different notes, and the file in which both are.
fn open_note() -> (AnnotationSet, Copy, Copy, AnnotationSet, AnnotationId) {
    let (base, id) = begun();
    let (mut ana, mut ben) = two(&base);
    ana.notes(id, "Ana's.");
    ben.notes(id, "Ben's.");
    let open = merge(&base, &ana, &ben).set;
    assert_eq!(open.conflicts.len(), 1);
    (base, ana, ben, open, id)
}

#[test]
fn what_was_written_while_a_conflict_was_open_is_one_of_its_sides() {
    let (_, _, _, open, id) = open_note();
    let mut copy = Copy::of(&open, TEXT, 4);
    copy.notes(id, "Written on.");
    let conflict = open.conflicts.values().next().unwrap();
    assert_eq!(as_asked(&open, conflict), **conflict);
    let asked = as_asked(copy.set(), conflict);
    let names: Vec<&str> = asked.sides.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["Ana", "Ben", WRITTEN_SINCE]);
    let both = "Ana: Ana's.\n\nBen: Ben's.\n\nwritten since: Written on.";
    for (choice, expected) in [
        (Choice::Side(0), "Ana's."),
        (Choice::Side(2), "Written on."),
        (Choice::Both, both),
    ] {
        let mut set = copy.set().clone();
        settle(
            &mut set,
            conflict.id,
            &choice,
            (Timestamp::from_unix_seconds(9_000), None),
        )
        .unwrap();
        assert_eq!(set.annotations[&id].note, expected);
        assert!(set.conflicts.is_empty());
    }
    let mut set = copy.set().clone();
    let none = settle(
        &mut set,
        conflict.id,
        &Choice::Side(3),
        (Timestamp::from_unix_seconds(9_000), None),
    );
    assert_eq!(
        none,
        Err(SettleError::NoSuchSide {
            side: 3,
            n_sides: 3
        })
    );
}

/// A name that leads to one side is that side.
#[test]
fn a_speaker_who_was_made_one_with_a_side_s_is_nothing_written_since() {
    let (base, id) = begun();
    let (mut ana, mut ben) = two(&base);
    for (copy, speaker) in [(&mut ana, "The firm"), (&mut ben, "The Firm Ltd")] {
        let speaker = speaker.to_owned();
        copy.does(Edit::SetSpeaker { id, speaker });
    }
    let open = merge(&base, &ana, &ben).set;
    let [keep, other] = [0, 1].map(|n| RecordRef::from(open.speakers.keys().nth(n).unwrap()));
    let mut copy = Copy::of(&open, TEXT, 4);
    copy.does(Edit::Unify { keep, other });
    let of_speaker = |it: &&Arc<Conflict>| it.field == "attribution/speaker";
    let conflict = copy.set().conflicts.values().find(of_speaker);
    if let Some(conflict) = conflict {
        assert_eq!(as_asked(copy.set(), conflict), **conflict);
    }
}

#[test]
fn a_note_written_on_while_its_conflict_is_settled_elsewhere_is_asked_about() {
    let (base, _, _, open, id) = open_note();
    for taken in ["Ana's.", "Ben's."] {
        let (mut x, mut y) = (Copy::of(&open, TEXT, 4), Copy::of(&open, TEXT, 5));
        x.takes(is_text(taken));
        y.notes(id, "Written on.");
        let both = [taken, "Written on."].map(str::to_owned).to_vec();
        let merges = [
            merge(&open, &x, &y),
            merge(&open, &y, &x),
            merge(&base, &x, &y),
            merge(&base, &y, &x),
            mailed(&[x.set(), y.set()]),
            mailed(&[y.set(), x.set()]),
            layers(&[("x", x.set()), ("y", y.set())], &[]).unwrap(),
        ];
        for merged in merges {
            assert_eq!(notes(&merged.set, id), both, "{taken}");
            assert_eq!(merged.new_conflicts.len(), 1);
            assert_eq!(merged.set.conflicts.len(), 1);
            // It goes on so: merged once more nothing changes, and the next answer holds.
            for side in [x.set(), y.set()] {
                let again = three_way(&open, ("m", &merged.set), ("s", side), &[]);
                assert_eq!(again.set, merged.set);
                assert_eq!(again.new_conflicts, []);
            }
            let mut z = Copy::of(&merged.set, TEXT, 6);
            z.takes(is_text("Written on."));
            for side in [x.set(), y.set(), &open] {
                for merged in [
                    three_way(&open, ("z", z.set()), ("s", side), &[]).set,
                    mailed(&[z.set(), side]).set,
                ] {
                    assert_eq!(notes(&merged, id), ["Written on."], "{taken}");
                    assert!(merged.conflicts.is_empty());
                }
            }
        }
        // Whoever wrote nothing is not asked again.
        for old in [&open, &base] {
            let merged = three_way(&base, ("x", x.set()), ("old", old), &[]).set;
            assert_eq!(notes(&merged, id), [taken]);
            assert!(merged.conflicts.is_empty());
        }
    }
}

#[test]
fn an_answer_of_an_older_version_counts_for_what_is_in_the_conflict() {
    let (_, ana, ben, open, id) = open_note();
    let (mut x, mut y) = (Copy::of(&open, TEXT, 4), Copy::of(&open, TEXT, 5));
    x.takes(is_text("Ben's."));
    y.notes(id, "Written on.");
    let mut x = x.set().clone();
    let old: Vec<_> = x
        .tombstones
        .iter()
        .map(|(record, it)| (record.clone(), it.clone()))
        .collect();
    for (record, mut tombstone) in old {
        Arc::make_mut(&mut tombstone).seen.clear();
        x.tombstones.insert(record, tombstone);
    }
    let mut without = x.clone();
    without.tombstones.clear();
    for x in [&x, &without] {
        let merged = three_way(&open, ("x", x), ("y", y.set()), &[]);
        assert_eq!(notes(&merged.set, id), ["Ben's.", "Written on."]);
        let merged = three_way(&open, ("x", x), ("open", &open), &[]);
        assert_eq!(notes(&merged.set, id), ["Ben's."]);
    }
    let merged = mailed(&[&x, &open]);
    assert_eq!(notes(&merged.set, id), ["Ben's."]);
    for side in [ana.set(), ben.set(), y.set()] {
        let merged = mailed(&[&x, side]);
        let note = &side.annotations[&id].note;
        assert!(notes(&merged.set, id).contains(note), "{note}");
    }
}

#[test]
fn what_was_answered_of_one_change_says_nothing_of_the_next() {
    let (base, id) = begun();
    let (mut ana, mut ben) = two(&base);
    ana.does(Edit::Remove { ids: vec![id] });
    ben.notes(id, "First.");
    let open = merge(&base, &ana, &ben).set;
    let mut x = Copy::of(&open, TEXT, 4);
    x.takes(Option::is_none);
    assert!(x.set().annotations.is_empty());
    // What was seen is gone for good.
    for side in [&open, ben.set(), &base] {
        for merged in [
            three_way(&base, ("x", x.set()), ("s", side), &[]).set,
            mailed(&[side, x.set()]).set,
        ] {
            assert!(merged.annotations.is_empty() && merged.conflicts.is_empty());
        }
    }
    // What was not is asked about, whoever wrote it, and on whatever copy.
    let mut later = Copy::of(&open, TEXT, 5);
    later.notes(id, "Second.");
    ben.notes(id, "Third.");
    for (side, note) in [(later.set(), "Second."), (ben.set(), "Third.")] {
        for merged in [
            three_way(&base, ("x", x.set()), ("s", side), &[]),
            three_way(&base, ("s", side), ("x", x.set()), &[]),
            mailed(&[x.set(), side]),
        ] {
            assert_eq!(notes(&merged.set, id), [note]);
            assert_eq!(merged.set.conflicts.len(), 1, "{note}");
            assert_eq!(merged.new_conflicts.len(), 1, "{note}");
            let id = merged.new_conflicts[0];
            assert!(
                !open.conflicts.contains_key(&id),
                "another change, another question"
            );
        }
    }
}

#[test]
fn without_a_base_no_clock_is_believed() {
    let (base, id) = begun();
    for (changed, removed) in [(5_000, 90_000), (90_000, 5_000), (5_000, 5_000)] {
        let (mut ana, mut ben) = (Copy::at(&base, 2, changed), Copy::at(&base, 3, removed));
        ana.notes(id, "Unseen.");
        ben.does(Edit::Remove { ids: vec![id] });
        let zoe = base.clone();
        for sides in [
            vec![ana.set(), ben.set()],
            vec![ben.set(), ana.set()],
            vec![&zoe, ben.set(), ana.set()],
        ] {
            let merged = mailed(&sides);
            assert_eq!(notes(&merged.set, id), ["Unseen."]);
            assert_eq!(merged.new_conflicts.len(), 1);
        }
        // What was seen is removed, whenever that was.
        let merged = mailed(&[&base, ben.set()]);
        assert!(merged.set.annotations.is_empty() && merged.set.conflicts.is_empty());
        // A removal that does not say what it saw is a question.
        let mut old = ben.set().clone();
        for tombstone in old.tombstones.clone().values() {
            let mut tombstone = tombstone.clone();
            Arc::make_mut(&mut tombstone).seen.clear();
            old.tombstones.insert(RecordRef::from(&id), tombstone);
        }
        let merged = mailed(&[&base, &old]);
        assert_eq!(
            (merged.set.annotations.len(), merged.new_conflicts.len()),
            (1, 1)
        );
    }
}

#[test]
fn without_a_base_comments_tags_and_speakers_are_asked_about_as_well() {
    let (base, id) = begun();
    let mut copy = Copy::of(&base, TEXT, 1);
    copy.does(Edit::AddComment {
        id,
        text: "Seen.".to_owned(),
    });
    copy.does(Edit::SetSpeaker {
        id,
        speaker: "Ann Smith".to_owned(),
    });
    let base = copy.set().clone();
    let comment = base.annotations[&id].comments[0].clone();
    let speaker = base.speakers.values().next().unwrap().clone();
    let (mut ana, mut ben) = (Copy::at(&base, 2, 5_000), Copy::at(&base, 3, 90_000));
    ben.does(Edit::RemoveComment {
        id,
        comment: comment.id,
    });
    ben.does(Edit::RemoveTag(word("precedent")));
    let merged = mailed(&[&base, ben.set()]).set;
    assert!(merged.annotations[&id].comments.is_empty());
    assert!(merged.tag(&word("precedent")).is_none() && merged.conflicts.is_empty());
    let mut tag = (*base.tags[&word("precedent")]).clone();
    tag.guideline = "Unseen guideline.".to_owned();
    ana.does(Edit::DefineTag(tag));
    let mut ana = ana.set().clone();
    let mut annotation = (*ana.annotations[&id]).clone();
    annotation.comments[0].text = "Unseen comment.".to_owned();
    ana.annotations.insert(id, Arc::new(annotation));
    let mut role = Speaker::clone(&speaker);
    role.role = "Unseen role.".to_owned();
    ana.speakers.insert(speaker.id, Arc::new(role));
    let mut gone = ben.set().clone();
    remove(
        &mut gone,
        &RecordRef::from(&speaker.id),
        (Timestamp::from_unix_seconds(1 << 40), Some(person(3).id)),
    );
    for sides in [[&ana, &gone], [&gone, &ana]] {
        let merged = mailed(&sides);
        let written = sourcemark::format::ron::write(&merged.set, Default::default());
        for unseen in ["Unseen guideline.", "Unseen comment.", "Unseen role."] {
            assert!(written.contains(unseen), "{unseen}");
        }
        let mut fields: Vec<&str> = merged
            .set
            .conflicts
            .values()
            .map(|it| it.field.split('/').next().unwrap())
            .collect();
        fields.sort_unstable();
        assert_eq!(fields, ["", "", "comments"]);
    }
}

#[test]
fn what_was_restored_stays_where_the_removal_was_known() {
    let (base, id) = begun();
    let mut ana = Copy::of(&base, TEXT, 2);
    let mut ben = Copy::of(&base, TEXT, 3);
    ben.notes(id, "Changed.");
    ana.does(Edit::Remove { ids: vec![id] });
    let removed = ana.set().clone();
    let mut kept = Copy::of(&merge(&base, &ana, &ben).set, TEXT, 4);
    kept.takes(Option::is_some);
    // Whoever kept it knew of the removal.
    let merged = mailed(&[kept.set(), &removed]).set;
    assert_eq!(merged.annotations.len(), 1);
    assert!(merged.conflicts.is_empty());
    // One who removes it again has seen that it was kept.
    let mut again = Copy::of(kept.set(), TEXT, 5);
    again.does(Edit::Remove { ids: vec![id] });
    for other in [kept.set(), &removed, ben.set(), &base] {
        let merged = mailed(&[again.set(), other]).set;
        assert!(merged.annotations.is_empty() && merged.conflicts.is_empty());
    }
    // A removal taken back is none.
    ana.workspace.undo();
    let merged = mailed(&[ana.set(), ben.set(), &base]).set;
    assert_eq!(merged.annotations.len(), 1);
    // A removal that was forgotten is none either, and what others have is back.
    again.does(Edit::ClearTombstones {
        before: Timestamp::from_unix_seconds(1 << 40),
    });
    assert_eq!(mailed(&[again.set(), &base]).set.annotations.len(), 1);
}

#[test]
fn a_conflict_that_was_left_open_does_not_stop_the_next_merge() {
    use crate::support::desk::Desk;
    use sourcemark::{annotation::Tag, cli::Exit};
    let (_, _, _, open, id) = open_note();
    let mut later = Copy::of(&open, TEXT, 4);
    later.marks("nobody was asked", "denial");
    let desk = Desk::new();
    desk.put("open.txt", TEXT, &open);
    desk.put("later.txt", TEXT, later.set());
    let merge = |ours, theirs, out| ["merge", "@open.txt", ours, theirs, "-o", out];
    let (exit, said) = desk.run_joined(&merge("@open.txt", "@later.txt", "@out.annotations.ron"));
    assert_eq!(exit, Exit::Done, "{said}");
    assert!(
        said.contains("still open from before: 1 conflict\n"),
        "{said}"
    );
    assert!(!said.contains("to settle"), "{said}");
    let merged = desk.set("out.annotations.ron");
    assert_eq!((merged.annotations.len(), merged.conflicts.len()), (2, 1));
    // A new one beside it does, and it alone is listed.
    let mut other = Copy::of(&open, TEXT, 5);
    for copy in [&mut later, &mut other] {
        let name = format!("Tag of {}", copy.who);
        let tag = (*open.tags[&word("precedent")]).clone();
        copy.does(Edit::DefineTag(Tag { name, ..tag }));
    }
    desk.put("x.txt", TEXT, later.set());
    desk.put("y.txt", TEXT, other.set());
    let (exit, said) = desk.run_joined(&merge("@x.txt", "@y.txt", "@new.annotations.ron"));
    assert_eq!(exit, Exit::Differences, "{said}");
    assert!(said.contains("1 conflict to settle"), "{said}");
    assert!(
        said.contains("still open from before: 1 conflict\n"),
        "{said}"
    );
    assert!(
        !said.contains("Ana's.") && said.contains("Tag of 4"),
        "{said}"
    );
    let merged = desk.set("new.annotations.ron");
    assert_eq!(merged.annotations[&id].note, open.annotations[&id].note);
}

#[test]
fn what_was_seen_in_a_collection_counts_as_well() {
    use sourcemark::annotation::{Collection, settle};
    let signature = |second| (Timestamp::from_unix_seconds(second), Some(person(2).id));
    let named = |collection: &Collection, role: &str| {
        let mut all = collection.clone();
        let speaker = Speaker {
            id: SpeakerId::from_u128(1),
            name: "Ann Smith".to_owned(),
            aliases: Vec::new(),
            role: role.to_owned(),
            side: String::new(),
            kept: Default::default(),
        };
        all.speakers.insert(speaker.id, Arc::new(speaker));
        all
    };
    let base = named(&Collection::default(), "Seen.");
    let record = RecordRef::from(&SpeakerId::from_u128(1));
    let (one, other) = (named(&base, "Unseen."), {
        let mut gone = base.clone();
        remove(&mut gone, &record, signature(90_000));
        gone
    });
    let mailed =
        |a: &Collection, b: &Collection| without_base(&[("a", a), ("b", b)], &[]).unwrap().set;
    assert!(mailed(&base, &other).speakers.is_empty());
    for open in [mailed(&one, &other), mailed(&other, &one)] {
        assert_eq!((open.speakers.len(), open.conflicts.len()), (1, 1));
        let mut settled = open.clone();
        let conflict = open.conflicts.values().next().unwrap();
        let removal = conflict.sides.iter().position(|side| side.value.is_none());
        settle(
            &mut settled,
            conflict.id,
            &Choice::Side(removal.unwrap()),
            signature(91_000),
        )
        .unwrap();
        assert!(mailed(&settled, &one).speakers.is_empty());
        let later = mailed(&settled, &named(&open, "Later."));
        let shown = &later.speakers[&SpeakerId::from_u128(1)];
        assert_eq!((&*shown.role, later.conflicts.len()), ("Later.", 1));
        assert_eq!(
            shown.fields()["role"],
            FieldValue::Text("Later.".to_owned())
        );
        assert!(later.fields_of(&record).is_some());
    }
}
