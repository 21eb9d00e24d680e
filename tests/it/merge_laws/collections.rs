//! The same laws for collections.

use super::nameless;
use crate::support::{edits::person, sets::time};
use proptest::{collection::vec, prelude::*};
use sourcemark::{
    annotation::{
        ArticlePath, Claim, ClaimId, Collection, Kept, Member, Record, RecordRef, Records, Speaker,
        SpeakerId, Timestamp, remove,
    },
    format::ron::{WriteOptions, read_collection, write_collection},
    merge::three_way,
    text::EditionId,
};
use std::sync::Arc;

/// What is done, to which of a few records, with which of a few values.
type Step = (u8, u8, u8);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    vec((0u8..8, 0u8..4, 0u8..4), 0..10)
}

fn later(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(time("2026-03-01T12:00:00Z").unix_seconds() + seconds)
}

fn edited(collection: &Collection, who: u128, steps: &[Step]) -> Collection {
    let mut all = collection.clone();
    for (n, (kind, which, value)) in steps.iter().enumerate() {
        let id = u128::from(*which) + 1;
        let path = ArticlePath::parse(&format!("news/{which}.txt")).unwrap();
        let (speaker, claim) = (SpeakerId::from_u128(id), ClaimId::from_u128(id));
        let words = format!("word {value}");
        match kind {
            0 | 1 => {
                let member = Member {
                    path: path.clone(),
                    edition: EditionId::of(&words),
                    annotations: format!("news/{which}.txt.annotations.ron"),
                    title: words,
                    kept: Kept::default(),
                };
                all.articles.insert(path, Arc::new(member));
            }
            2 | 3 => {
                let new = Speaker {
                    id: speaker,
                    name: format!("Speaker {which}"),
                    aliases: (0..*value).map(|n| format!("Name {n}")).collect(),
                    role: words,
                    side: String::new(),
                    kept: Kept::default(),
                };
                all.speakers.insert(speaker, Arc::new(new));
            }
            4 => {
                let new = Claim {
                    id: claim,
                    text: format!("The claim {which}."),
                    note: words.repeat(usize::from(*value)),
                    kept: Kept::default(),
                };
                all.claims.insert(claim, Arc::new(new));
            }
            5 => all.name = words,
            _ => {
                let record = match value {
                    0 => Member::reference(&path),
                    1 => RecordRef::from(&claim),
                    _ => RecordRef::from(&speaker),
                };
                // Times differ, so that two removals of one record are not the same.
                let when = later(60 * n as i64 + who as i64);
                remove(&mut all, &record, (when, Some(person(who).id)));
            }
        }
    }
    all
}

fn merge(base: &Collection, ours: &Collection, theirs: &Collection) -> Collection {
    three_way(base, ("ours", ours), ("theirs", theirs), &[]).set
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_people_s_work_on_a_collection(b in steps(), x in steps(), y in steps()) {
        let base = edited(&Collection::default(), 1, &b);
        let (x, y) = (edited(&base, 2, &x), edited(&base, 3, &y));
        prop_assert_eq!(&merge(&x, &x, &x), &x);
        prop_assert_eq!(&merge(&base, &x, &base), &x);
        prop_assert_eq!(&merge(&base, &base, &x), &x);
        let merged = merge(&base, &x, &y);
        prop_assert_eq!(nameless(&merged), nameless(&merge(&base, &y, &x)));
        prop_assert_eq!(&merge(&base, &merged, &y), &merged);
        prop_assert_eq!(&merge(&base, &merged, &x), &merged);
        for (side, other) in [(&x, &y), (&y, &x)] {
            let articles = side.articles.keys().map(Member::reference);
            let speakers = side.speakers.keys().map(RecordRef::from);
            let claims = side.claims.keys().map(RecordRef::from);
            for record in articles.chain(speakers).chain(claims) {
                let is_there = merged.fields_of(&record).is_some();
                prop_assert!(is_there || other.tombstones.contains_key(&record), "{record} is gone");
            }
        }
        let written = write_collection(&merged, WriteOptions::default());
        prop_assert_eq!(read_collection(&written).unwrap().collection, merged);
    }
}
