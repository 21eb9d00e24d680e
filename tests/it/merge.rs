//! Several people's files in one: cases by name.

mod commands;
mod unseen;
mod walkthrough;
mod wordings;

use crate::support::{
    edits::{person, stamp},
    sets::{CountingIds, source},
};
use sourcemark::{
    annotation::{
        AnnotationId, AnnotationSet, Article, Choice, FieldValue, Fingerprint, LinkKind, Marks,
        Record, RecordRef, Tag, TagId, Timestamp, standard_tags,
    },
    edit::{Edit, Workspace},
    merge::{Note, layers, three_way, without_base},
    text::TextRange,
};

const TEXT: &str = "On Monday the firm denied it again, they say. An expert called it unlikely.\n\
    The ministry insists; nobody was asked.\n";

/// One person's copy of a file.
struct Copy {
    workspace: Workspace,
    who: u128,
    ids: CountingIds,
    second: i64,
}

impl Copy {
    fn of(set: &AnnotationSet, text: &str, who: u128) -> Self {
        let marks = Marks::find(&source(text), set, &|| true).unwrap();
        Self {
            workspace: Workspace::new(set.clone(), marks),
            who,
            ids: CountingIds(who << 20),
            second: 1_000 * who as i64,
        }
    }

    fn set(&self) -> &AnnotationSet {
        self.workspace.set()
    }

    #[track_caller]
    fn does(&mut self, edit: Edit) -> &mut Self {
        self.second += 1;
        let stamp = &mut stamp(person(self.who), &mut self.ids, self.second);
        self.workspace.apply(&edit, stamp).unwrap();
        self
    }

    #[track_caller]
    fn marks(&mut self, quote: &str, tag: &str) -> AnnotationId {
        let at = self.workspace.text().as_str().find(quote).unwrap();
        self.does(Edit::Annotate {
            segments: vec![TextRange::from_bytes(at..at + quote.len())],
            tags: vec![word(tag)],
            note: String::new(),
            speaker: None,
        });
        let newest = self.set().annotations.values().max_by_key(|it| it.created);
        newest.unwrap().id
    }
}

impl Copy {
    /// Goes on with another wording of the article, in which the mark that [`begun`] made stands unchanged.
    fn adopts(&mut self, text: &str, id: AnnotationId) {
        let set = self.set().clone();
        *self = Self::of(&set, text, self.who);
        let at = text.find("the firm denied it").unwrap();
        self.does(Edit::AdoptText {
            article: Box::new(Article::describe(&source(text), "a.txt", "UTF-8")),
            found: vec![(
                id,
                0,
                TextRange::from_bytes(at..at + "the firm denied it".len()),
            )],
        });
    }
}

fn word(tag: &str) -> TagId {
    TagId::parse(tag).unwrap()
}

/// The file that all begin from, with one mark on "the firm denied it".
fn begun() -> (AnnotationSet, AnnotationId) {
    let set = AnnotationSet::new(Article::describe(&source(TEXT), "a.txt", "UTF-8"));
    let mut copy = Copy::of(&set, TEXT, 1);
    let id = copy.marks("the firm denied it", "denial");
    copy.does(Edit::SetNote {
        id,
        note: "It was denied before.".to_owned(),
    });
    (copy.set().clone(), id)
}

fn two(set: &AnnotationSet) -> (Copy, Copy) {
    (Copy::of(set, TEXT, 2), Copy::of(set, TEXT, 3))
}

fn merge(
    base: &AnnotationSet,
    ours: &Copy,
    theirs: &Copy,
) -> sourcemark::merge::Merged<AnnotationSet> {
    three_way(base, ("Ana", ours.set()), ("Ben", theirs.set()), &[])
}

#[test]
fn a_change_beats_a_removal_and_nothing_else_does() {
    let (base, id) = begun();
    let (mut ana, mut ben) = two(&base);
    ana.does(Edit::Remove { ids: vec![id] });
    let merged = merge(&base, &ana, &ben);
    assert!(merged.set.annotations.is_empty() && merged.set.conflicts.is_empty());
    ben.does(Edit::SetNote {
        id,
        note: "No.".to_owned(),
    });
    let merged = merge(&base, &ana, &ben);
    assert_eq!(merged.set.annotations[&id].note, "No.");
    let [conflict] = merged.new_conflicts.as_slice() else {
        panic!("{merged:?}");
    };
    let found = &merged.set.conflicts[conflict];
    assert!(found.of_whole_record());
    assert_eq!(found.sides[0].name, "Ana");
    let changed = FieldValue::Record(Fingerprint::of_record(&ben.set().annotations[&id].fields()));
    assert_eq!(
        (&found.sides[0].value, &found.sides[1].value),
        (&None, &Some(changed))
    );
    // Kept: the copy in which it is removed does not take it away again, with a base or without.
    for (side, is_there) in [(1, true), (0, false)] {
        let mut settled = Copy::of(&merged.set, TEXT, 4);
        settled.does(Edit::Settle {
            conflict: *conflict,
            choice: Choice::Side(side),
        });
        assert_eq!(settled.set().annotations.contains_key(&id), is_there);
        for other in [&ana, &ben] {
            let again = merge(&base, &settled, other).set;
            assert_eq!(again.annotations.contains_key(&id), is_there);
            assert!(again.conflicts.is_empty());
        }
        let mailed = [("a", settled.set()), ("b", ana.set())];
        let mailed = without_base(&mailed, &[]).unwrap().set;
        assert_eq!(mailed.annotations.contains_key(&id), is_there);
        // And all of it can be undone.
        settled.workspace.undo();
        assert_eq!(settled.set(), &merged.set);
    }
}

#[test]
fn without_a_base_tombstones_tell_the_removed_from_the_new() {
    let (base, id) = begun();
    let (mut ana, mut ben) = two(&base);
    ana.does(Edit::Remove { ids: vec![id] });
    let new = ben.marks("An expert", "expert-opinion");
    let mailed = without_base(&[("ana", ana.set()), ("ben", ben.set())], &[])
        .unwrap()
        .set;
    assert!(!mailed.annotations.contains_key(&id) && mailed.annotations.contains_key(&new));
    assert!(mailed.conflicts.is_empty());
    // As layers, nobody removes what another has.
    let all = layers(&[("ana", ana.set()), ("ben", ben.set())], &[])
        .unwrap()
        .set;
    assert_eq!(all.annotations.len(), 2);
    // Forgotten, nobody can tell any more.
    ana.does(Edit::ClearTombstones {
        before: Timestamp::from_unix_seconds(1 << 40),
    });
    let mailed = without_base(&[("ana", ana.set()), ("ben", ben.set())], &[])
        .unwrap()
        .set;
    assert_eq!(mailed.annotations.len(), 2);
}

#[test]
fn ends_moved_two_ways_are_a_conflict_and_one_way_are_not() {
    let (base, id) = begun();
    let (mut ana, mut ben) = two(&base);
    let range = |quote: &str| {
        let at = TEXT.find(quote).unwrap();
        TextRange::from_bytes(at..at + quote.len())
    };
    let moved = |quote: &str| Edit::Retarget {
        id,
        segment: 0,
        range: range(quote),
    };
    ana.does(moved("the firm denied it again"));
    ben.does(Edit::Retag {
        ids: vec![id],
        tag: word("precedent"),
        give: true,
    });
    let merged = merge(&base, &ana, &ben).set;
    assert!(merged.conflicts.is_empty());
    assert_eq!(merged.annotations[&id].quote(), "the firm denied it again");
    assert_eq!(
        merged.annotations[&id].tags,
        [word("denial"), word("precedent")]
    );
    ben.does(moved("Monday the firm denied it"));
    let merged = merge(&base, &ana, &ben).set;
    let conflict = merged.conflicts.values().next().unwrap();
    assert_eq!(
        (conflict.field.as_str(), conflict.sides.len()),
        ("segments", 2)
    );
    let both = Edit::Settle {
        conflict: conflict.id,
        choice: Choice::Both,
    };
    let mut copy = Copy::of(&merged, TEXT, 4);
    let stamp = &mut stamp(person(4), &mut copy.ids, 9);
    let error = copy.workspace.apply(&both, stamp).unwrap_err().to_string();
    assert!(error.contains("only one `segments`"), "{error}");
}

#[test]
fn a_renamed_tag_is_not_in_the_way_and_one_in_use_is_kept() {
    let (base, _) = begun();
    let (mut ana, mut ben) = two(&base);
    let mut renamed = (*base.tags[&word("precedent")]).clone();
    renamed.name = "Comparison".to_owned();
    ana.does(Edit::DefineTag(renamed))
        .does(Edit::RemoveTag(word("allegation")));
    let used = ben.marks("The ministry insists", "allegation");
    ben.does(Edit::Retag {
        ids: vec![used],
        tag: word("precedent"),
        give: true,
    });
    let merged = merge(&base, &ana, &ben);
    assert!(merged.set.conflicts.is_empty());
    assert_eq!(merged.set.tag_name(&word("precedent")), "Comparison");
    assert!(merged.set.tag(&word("allegation")).is_some());
    let note = Note::StillUsed(RecordRef::from(&word("allegation")));
    assert!(merged.notes.contains(&note), "{:?}", merged.notes);
}

#[test]
fn a_link_that_leads_nowhere_is_kept_and_told() {
    let (base, id) = begun();
    let (mut ana, mut ben) = two(&base);
    ana.does(Edit::Remove { ids: vec![id] });
    let from = ben.marks("The ministry insists", "allegation");
    ben.does(Edit::Link {
        from,
        to: id,
        kind: LinkKind::RespondsTo,
    });
    let merged = merge(&base, &ana, &ben);
    assert_eq!(merged.set.links.len(), 1);
    let broken = |note: &Note| matches!(note, Note::BrokenLink { missing, .. } if *missing == id);
    assert!(merged.notes.iter().any(broken));
}

#[test]
fn what_was_made_twice_is_proposed_and_joined_by_an_alias() {
    let (base, id) = begun();
    let (mut ana, mut ben) = two(&base);
    ana.does(Edit::SetSpeaker {
        id,
        speaker: "Ann Smith".to_owned(),
    });
    let theirs = ben.marks("The ministry insists", "allegation");
    ben.does(Edit::SetSpeaker {
        id: theirs,
        speaker: "ann  smith".to_owned(),
    });
    let merged = merge(&base, &ana, &ben);
    let proposed = merged.notes.iter().find_map(|note| match note {
        Note::Twins(twins) => Some(twins.clone()),
        _ => None,
    });
    let twins = proposed.unwrap();
    let mut joined = Copy::of(&merged.set, TEXT, 4);
    joined.does(Edit::Unify {
        keep: twins.keep.clone(),
        other: twins.other.clone(),
    });
    assert_eq!(joined.set().speakers.len(), 1);
    let speaker = |set: &AnnotationSet, id| set.annotations[&id].attribution.speaker;
    assert_eq!(speaker(joined.set(), id), speaker(joined.set(), theirs));
    // Both go on with their own copies; whichever speaker is the alias there now, it leads to the other.
    for copy in [&mut ana, &mut ben] {
        let later = copy.marks("nobody was asked", "denial");
        let name = match copy.who {
            2 => "Ann Smith",
            _ => "ann  smith",
        };
        copy.does(Edit::SetSpeaker {
            id: later,
            speaker: name.to_owned(),
        });
        let again = merge(&base, &joined, copy).set;
        assert_eq!(again.speakers.len(), 1);
        assert_eq!(speaker(&again, later), speaker(joined.set(), id));
    }
}

fn irony(id: &str, name: &str) -> Tag {
    let denial = standard_tags().remove(1);
    Tag {
        id: word(id),
        name: name.to_owned(),
        key: None,
        ..denial
    }
}

#[test]
fn a_tag_changed_here_and_made_one_with_another_there_keeps_its_marks() {
    let (base, id) = begun();
    let mut copy = Copy::of(&base, TEXT, 1);
    copy.does(Edit::DefineTag(irony("irony", "Irony")));
    copy.does(Edit::DefineTag(irony("sarcasm", "Sarcasm")));
    let base = copy.set().clone();
    let (mut ana, mut ben) = two(&base);
    ana.does(Edit::DefineTag(irony("sarcasm", "Mockery")));
    let marked = ana.marks("The ministry insists", "sarcasm");
    ben.does(Edit::Unify {
        keep: RecordRef::from(&word("irony")),
        other: RecordRef::from(&word("sarcasm")),
    });
    let merged = merge(&base, &ana, &ben).set;
    assert_eq!(merged.conflicts.len(), 1);
    assert_eq!(merged.tags[&word("sarcasm")].name, "Mockery");
    assert_eq!(merged.annotations[&marked].tags, [word("sarcasm")]);
    for again in [ana.set(), ben.set()] {
        let again = three_way(&base, ("merged", &merged), ("again", again), &[]).set;
        assert_eq!(again, merged, "merged with one of the sides again");
    }
    // Whoever takes the removal takes the one that stands for it, too.
    let mut joined = Copy::of(&merged, TEXT, 4);
    let conflict = merged.conflicts.values().next().unwrap();
    let removal = conflict.sides.iter().position(|side| side.value.is_none());
    joined.does(Edit::Settle {
        conflict: conflict.id,
        choice: Choice::Side(removal.unwrap()),
    });
    assert!(!joined.set().tags.contains_key(&word("sarcasm")));
    assert_eq!(joined.set().annotations[&marked].tags, [word("irony")]);
    assert_eq!(joined.set().annotations[&id], base.annotations[&id]);
    let late = ana.marks("nobody was asked", "sarcasm");
    let again = merge(&base, &joined, &ana).set;
    assert!(again.conflicts.is_empty());
    assert_eq!(again.annotations[&late].tags, [word("irony")]);
}

#[test]
fn a_tag_removed_here_and_made_anew_there_is_not_the_old_one() {
    let (base, _) = begun();
    let mut copy = Copy::of(&base, TEXT, 1);
    copy.does(Edit::DefineTag(irony("irony", "Irony")));
    let base = copy.set().clone();
    let (mut ana, mut ben) = two(&base);
    let zoe = Copy::of(&base, TEXT, 5);
    ben.does(Edit::RemoveTag(word("irony")));
    ben.does(Edit::DefineTag(irony("irony", "Mockery")));
    ben.marks("nobody was asked", "irony");
    ana.second = ben.second + 1;
    ana.does(Edit::RemoveTag(word("irony")));
    let sides = [("Ana", ana.set()), ("Ben", ben.set()), ("Zoe", zoe.set())];
    let merged = without_base(&sides, &[]).unwrap();
    // Ana and Ben have both seen the old one and removed it; of the new one Ana knows nothing.
    assert_eq!(merged.set.tags[&word("irony")].name, "Mockery");
    let conflict = merged.set.conflicts.values().next().unwrap();
    assert!(conflict.of_whole_record(), "{conflict:?}");
    assert_eq!(conflict.sides.len(), 2);
    let again = without_base(&[("merged", &merged.set), ("Ben", ben.set())], &[]).unwrap();
    assert_eq!(again.set, merged.set);
}

#[test]
fn another_wording_of_the_article_is_no_change_of_marks() {
    let (base, id) = begun();
    let (mut ana, mut ben) = two(&base);
    // Both have changed the article, each elsewhere, and marked in their own wording.
    let our_text = TEXT.replace("On Monday", "Late on Monday");
    let their_text = TEXT.replace("nobody was asked", "nobody else was asked");
    ana.adopts(&our_text, id);
    ben.adopts(&their_text, id);
    let ours = ana.marks("Late on", "precedent");
    let theirs = ben.marks("nobody else", "denial");
    let texts = [TEXT, &our_text, &their_text].map(source);
    let merged = three_way(&base, ("Ana", ana.set()), ("Ben", ben.set()), &texts);
    assert!(
        merged.set.conflicts.is_empty(),
        "{:?}",
        merged.set.conflicts
    );
    let both = our_text.replace("nobody was asked", "nobody else was asked");
    let both = source(&both);
    assert_eq!(merged.set.article.edition, both.edition());
    let marks = Marks::find(&both, &merged.set, &|| true).unwrap();
    for mark in [id, ours, theirs] {
        assert_eq!(marks.placement(mark).unwrap().word(), "exact");
    }
    // Without the texts the question which it is stays, and nothing seems to have moved.
    let merged = merge(&base, &ana, &ben);
    let fields: Vec<&str> = merged
        .set
        .conflicts
        .values()
        .map(|it| it.field.as_str())
        .collect();
    assert_eq!(fields, ["text"]);
    assert!(merged.notes.contains(&Note::OtherText));
}

#[test]
fn wordings_that_clash_are_told_and_no_mark_is_lost() {
    let (base, id) = begun();
    let (mut ana, mut ben) = two(&base);
    let our_text = TEXT.replace("The ministry insists", "The ministry still insists");
    let their_text = TEXT
        .replace("The ministry insists", "The ministry now insists")
        .replace("nobody was asked", "nobody else was asked");
    ana.adopts(&our_text, id);
    ben.adopts(&their_text, id);
    let ours = ana.marks("An expert called it", "expert-opinion");
    let theirs = ben.marks("nobody else", "denial");
    let texts = [TEXT, &our_text, &their_text].map(source);
    let merged = three_way(&base, ("Ana", ana.set()), ("Ben", ben.set()), &texts);
    let places = merged.notes.iter().find_map(|note| match note {
        Note::Reworded { n_clashes, .. } => Some(*n_clashes),
        _ => None,
    });
    assert_eq!(places, Some(1));
    assert!(
        merged.set.conflicts.is_empty(),
        "{:?}",
        merged.set.conflicts
    );
    // In either wording everything is where it was.
    for text in [&our_text, &their_text] {
        let marks = Marks::find(&source(text), &merged.set, &|| true).unwrap();
        for mark in [id, ours, theirs] {
            let there = marks.placement(mark).unwrap().word();
            let is_new = mark == theirs && text == &our_text;
            assert!(is_new || ["exact", "moved"].contains(&there), "{there}");
        }
    }
    // Texts that are kept in the files are a question, for the words not taken would be gone.
    let with_text = |copy: &Copy, text: &str| {
        let mut set = copy.set().clone();
        set.article.embedded_text = Some(text.into());
        set
    };
    let sides = [with_text(&ana, &our_text), with_text(&ben, &their_text)];
    let merged = three_way(&base, ("Ana", &sides[0]), ("Ben", &sides[1]), &texts);
    let mut conflicts = merged.set.conflicts.values();
    assert!(conflicts.any(|it| it.record == RecordRef::article()));
    assert!(merged.set.annotations.contains_key(&theirs));
}
