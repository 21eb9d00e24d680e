//! Records made twice under one name: finding them, and making them one.

use super::{
    AgentId, AnnotationSet, RecordKind, RecordRef, Records, SpeakerId, TagId, Timestamp, Tombstone,
    folded_name, settle::remove,
};
use imbl::OrdMap;
use std::{collections::BTreeMap, sync::Arc};

/// Which ids stand for others, of tags, speakers and claims.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aliases(BTreeMap<RecordRef, Box<str>>);

impl Aliases {
    /// The aliases that the tombstones of `sets` give to records that are not there any more, by `is_gone`. Where
    /// they differ the later removal is right.
    pub fn of<'a, S: Records + 'a>(
        sets: impl Iterator<Item = &'a S>,
        is_gone: impl Fn(&RecordRef) -> bool,
    ) -> Self {
        let mut latest: BTreeMap<RecordRef, Tombstone> = BTreeMap::new();
        for set in sets {
            for (record, tombstone) in set.tombstones() {
                if tombstone.instead.is_some() && is_gone(record) {
                    let known = latest.get(record).map(|known| known.together(tombstone));
                    let known = known.unwrap_or_else(|| Tombstone::clone(tombstone));
                    latest.insert(record.clone(), known);
                }
            }
        }
        let named = latest.into_iter();
        Self(
            named
                .filter_map(|(record, it)| Some((record, it.instead?)))
                .collect(),
        )
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The id that stands for `id` in the end; `None` when that is itself. Chains are followed. Of records that
    /// stand for each other, because two people have made them one in opposite ways, the first by its id does.
    fn resolve(&self, kind: &RecordKind, id: &str) -> Option<&str> {
        let mut path: Vec<&str> = Vec::new();
        let mut record = RecordRef {
            kind: kind.clone(),
            id: id.into(),
        };
        while let Some(next) = self.0.get(&record) {
            if let Some(at) = path.iter().position(|seen| *seen == &**next) {
                let circle = path.get(at..).unwrap_or_default();
                return circle.iter().min().copied().filter(|first| *first != id);
            }
            path.push(next);
            record.id = next.clone();
        }
        path.last().copied().filter(|last| *last != id)
    }
}

/// `set` with every reference to an alias led to the record that stands for it, except to those that the set
/// itself knows to have been removed: what still refers to them is meant so. The records themselves stay.
pub fn redirect(set: &AnnotationSet, aliases: &Aliases) -> AnnotationSet {
    if aliases.is_empty() {
        return set.clone();
    }
    let resolve = |kind: RecordKind, id: &str| -> Option<&str> {
        let record = RecordRef {
            kind,
            id: id.into(),
        };
        let known = set.tombstones.contains_key(&record);
        aliases.resolve(&record.kind, id).filter(|_| !known)
    };
    let mut redirected = set.clone();
    for (id, annotation) in &set.annotations {
        let mut new = (**annotation).clone();
        for tag in &mut new.tags {
            let other = resolve(RecordKind::Tag, tag.as_str());
            if let Some(other) = other.and_then(TagId::parse) {
                *tag = other;
            }
        }
        new.tags.sort();
        new.tags.dedup();
        let attribution = &mut new.attribution;
        let speakers = attribution.speaker.iter_mut();
        for speaker in speakers.chain(&mut attribution.reported_by) {
            let other = resolve(RecordKind::Speaker, &speaker.to_string());
            if let Some(other) = other.and_then(SpeakerId::parse) {
                *speaker = other;
            }
        }
        for stance in &mut new.claims {
            let other = resolve(RecordKind::Claim, &stance.claim.to_string());
            if let Some(other) = other.and_then(super::ClaimId::parse) {
                stance.claim = other;
            }
        }
        if new != **annotation {
            redirected.annotations.insert(*id, Arc::new(new));
        }
    }
    redirected
}

/// Two records of one kind with one name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Twins {
    /// The older one by its id, to keep.
    pub keep: RecordRef,
    /// The other.
    pub other: RecordRef,
    /// The name of the first.
    pub name: String,
}

/// The tags, speakers and claims of `set` that have the name of another, by [`folded_name`]; a speaker's
/// further names count too. Each is paired with the first of its name.
pub fn twins(set: &AnnotationSet) -> Vec<Twins> {
    let tags = named(&set.tags, |tag| vec![tag.name.clone()]);
    let speakers = named(&set.speakers, |speaker| {
        let names = std::iter::once(&speaker.name).chain(&speaker.aliases);
        names.cloned().collect()
    });
    let claims = named(&set.claims, |claim| vec![claim.text.clone()]);
    [tags, speakers, claims].into_iter().flatten().collect()
}

fn named<R: super::Record>(
    records: &OrdMap<R::Id, Arc<R>>,
    names: impl Fn(&R) -> Vec<String>,
) -> Vec<Twins> {
    let mut first: BTreeMap<String, RecordRef> = BTreeMap::new();
    let mut found = Vec::new();
    for (id, record) in records {
        let reference = R::reference(id);
        let mut twin: Option<Twins> = None;
        for name in names(record) {
            let folded = folded_name(&name);
            if folded.is_empty() {
                continue;
            }
            let known = first.entry(folded).or_insert_with(|| reference.clone());
            if *known != reference && twin.is_none() {
                twin = Some(Twins {
                    keep: known.clone(),
                    other: reference.clone(),
                    name,
                });
            }
        }
        found.extend(twin);
    }
    found
}

/// Makes `other` one with `keep`: whatever refers to it refers to `keep` then, and its id stays as an alias, so
/// that a copy of the file that still uses it can be merged.
///
/// Says whether that was possible: both are there, of one kind, tags, speakers or claims.
pub fn unify(
    set: &mut AnnotationSet,
    keep: &RecordRef,
    other: &RecordRef,
    (now, who): (Timestamp, Option<AgentId>),
) -> bool {
    let kinds = [RecordKind::Tag, RecordKind::Speaker, RecordKind::Claim];
    let both_there = set.fields_of(keep).is_some() && set.fields_of(other).is_some();
    if keep == other || keep.kind != other.kind || !kinds.contains(&keep.kind) || !both_there {
        return false;
    }
    replace(set, keep, other, (now, who));
    true
}

/// Removes `other`, which is there, and leads whatever refers to it to `keep`. Its id stays as an alias.
pub(super) fn replace<S: Records>(
    set: &mut S,
    keep: &RecordRef,
    other: &RecordRef,
    (now, who): (Timestamp, Option<AgentId>),
) {
    // An older removal of the record was overruled, or it would not be there. What it saw is not forgotten.
    let old = set.tombstones_mut().remove(other);
    set.redirect(
        &Aliases(BTreeMap::from([(other.clone(), keep.id.clone())])),
        now,
    );
    remove(set, other, (now, who));
    let alias = set.tombstones().get(other).map(|tombstone| Tombstone {
        instead: Some(keep.id.clone()),
        seen: old
            .into_iter()
            .flat_map(|old| old.seen.clone())
            .chain(tombstone.seen.iter().copied())
            .collect(),
        ..Tombstone::clone(tombstone)
    });
    if let Some(alias) = alias {
        set.tombstones_mut().insert(other.clone(), Arc::new(alias));
    }
}

/// [`redirect`] as something done at `now`.
pub(super) fn redirect_now(set: &mut AnnotationSet, aliases: &Aliases, now: Timestamp) {
    let mut redirected = redirect(set, aliases);
    let changed: Vec<_> = redirected
        .annotations
        .iter()
        .filter(|(id, annotation)| set.annotations.get(*id) != Some(*annotation))
        .map(|(id, annotation)| (*id, Arc::clone(annotation)))
        .collect();
    for (id, mut annotation) in changed {
        Arc::make_mut(&mut annotation).modified = now;
        redirected.annotations.insert(id, annotation);
    }
    *set = redirected;
}
