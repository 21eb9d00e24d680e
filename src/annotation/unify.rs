//! Finds records of one kind with the same name, and merges them.

use super::{
    Agent, AgentId, AgentKind, AnnotationSet, Conflict, FieldValue, Fields, RecordKind, RecordRef,
    Records, SpeakerId, TagId, Timestamp, Tombstone, folded_name, settle::remove,
};
use imbl::OrdMap;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The aliases of tags, annotators, speakers and claims: for each the id of the record to use instead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aliases(BTreeMap<RecordRef, Alias>);

/// The record to use instead of one that was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Alias {
    id: Box<str>,
    /// The tombstone that makes the record an alias, if one does.
    removal: Option<Tombstone>,
}

impl Aliases {
    /// Collects the aliases that the tombstones of `sets` name for records for which `is_gone` holds. Where tombstones
    /// differ, the later one counts.
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
                .filter_map(|(record, it)| {
                    let id = it.instead.clone()?;
                    let removal = Some(it);
                    Some((record, Alias { id, removal }))
                })
                .collect(),
        )
    }

    /// Makes each record an alias of the id beside it.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (RecordRef, Box<str>)>) -> Self {
        let pairs = pairs.into_iter();
        let alias = |id| Alias { id, removal: None };
        Self(pairs.map(|(record, id)| (record, alias(id))).collect())
    }

    /// Returns whether the tombstones of `set` know of the removal that made `record` an alias.
    fn is_known_to(&self, set: &AnnotationSet, record: &RecordRef) -> bool {
        let removal = self.0.get(record).and_then(|it| it.removal.as_ref());
        let here = set.tombstones.get(record);
        here.is_some_and(|here| {
            // Files before version 1.2 do not say what was seen.
            removal.is_none_or(|removal| removal.seen.is_empty() || here.knows(removal))
        })
    }

    /// Returns the records that are aliases.
    pub fn records(&self) -> impl Iterator<Item = &RecordRef> {
        self.0.keys()
    }

    /// Returns whether there are no aliases.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the id to use instead of `id`; `None` when that is `id` itself. Follows chains of aliases. If two people
    /// unified the same records in opposite directions, they are aliases of each other, and the first id is used.
    fn resolve(&self, kind: &RecordKind, id: &str) -> Option<&str> {
        let mut path: Vec<&str> = Vec::new();
        let mut record = RecordRef {
            kind: kind.clone(),
            id: id.into(),
        };
        while let Some(next) = self.0.get(&record) {
            let next = &next.id;
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

/// Returns `id` if its record is in `set`, else the id of the record that it is an alias of by the tombstones, else `id`.
pub(super) fn living<S: Records>(set: &S, kind: RecordKind, id: &str) -> Box<str> {
    let mut record = RecordRef {
        kind,
        id: id.into(),
    };
    // Longer than any chain, and the end of a circle.
    for _ in 0..=set.tombstones().len() {
        if set.fields_of(&record).is_some() {
            return record.id;
        }
        let instead = set.tombstones().get(&record);
        match instead.and_then(|tombstone| tombstone.instead.clone()) {
            Some(next) => record.id = next,
            None => break,
        }
    }
    id.into()
}

/// Returns `set` with the record itself in every reference to an alias. References to records of whose removal `set` knows
/// stay as they are, because somebody kept them on purpose. No record is removed.
pub fn redirect(set: &AnnotationSet, aliases: &Aliases) -> AnnotationSet {
    if aliases.is_empty() {
        return set.clone();
    }
    let resolve = |kind: RecordKind, id: &str| -> Option<&str> {
        let record = RecordRef {
            kind,
            id: id.into(),
        };
        let other = aliases.resolve(&record.kind, id)?;
        (!aliases.is_known_to(set, &record)).then_some(other)
    };
    let lead = |agent: &mut AgentId| {
        let other = resolve(RecordKind::Agent, &agent.to_string());
        if let Some(other) = other.and_then(AgentId::parse) {
            *agent = other;
        }
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
        let authors = new.comments.iter_mut().map(|comment| &mut comment.author);
        let agents = authors.chain(&mut new.also_by);
        for agent in agents.chain([&mut new.creator]) {
            lead(agent);
        }
        let mut named = BTreeSet::from([new.creator]);
        new.also_by.retain(|agent| named.insert(*agent));
        if new != **annotation {
            redirected.annotations.insert(*id, Arc::new(new));
        }
    }
    for (id, link) in &set.links {
        let mut creator = link.creator;
        lead(&mut creator);
        if creator != link.creator {
            let mut new = (**link).clone();
            new.creator = creator;
            redirected.links.insert(*id, Arc::new(new));
        }
    }
    for (record, tombstone) in &set.tombstones {
        let mut who = tombstone.who;
        who.iter_mut().for_each(lead);
        if who != tombstone.who {
            let mut new = (**tombstone).clone();
            new.who = who;
            redirected.tombstones.insert(record.clone(), Arc::new(new));
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

/// Returns the tags, annotators, speakers and claims of `set` that have the name of another, by [`folded_name`]; a
/// speaker's further names count too, and a program is not the person of its name. Each is paired with the first of
/// its name, which depends on nothing but the ids: two people who join them apart from each other keep the same one.
pub fn twins(set: &AnnotationSet) -> Vec<Twins> {
    let tags = named(&set.tags, |tag| vec![tag.name.clone()]);
    let agents_of = |kind: AgentKind| {
        let agents = set.agents.iter().filter(|(_, agent)| agent.kind == kind);
        let agents: OrdMap<AgentId, Arc<Agent>> =
            agents.map(|(id, agent)| (*id, Arc::clone(agent))).collect();
        named(&agents, |agent| vec![agent.name.clone()])
    };
    let persons = agents_of(AgentKind::Person);
    let programs = agents_of(AgentKind::Software);
    let speakers = named(&set.speakers, |speaker| {
        let names = std::iter::once(&speaker.name).chain(&speaker.aliases);
        names.cloned().collect()
    });
    let claims = named(&set.claims, |claim| vec![claim.text.clone()]);
    let all = [tags, persons, programs, speakers, claims];
    all.into_iter().flatten().collect()
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

/// Merges `other` into `keep`. References to `other` become references to `keep`, and the id of `other` becomes an alias,
/// so that a copy of the file that still uses it can be merged. `keep` gets the details that it lacks from `other`, and
/// both where both have one, but keeps its own name, colour, pattern and key.
///
/// Returns whether this was possible: both exist and are tags, annotators, speakers or claims, of one kind.
pub fn unify(
    set: &mut AnnotationSet,
    keep: &RecordRef,
    other: &RecordRef,
    (now, who): (Timestamp, Option<AgentId>),
) -> bool {
    let is_possible = matches!(
        keep.kind,
        RecordKind::Tag | RecordKind::Agent | RecordKind::Speaker | RecordKind::Claim
    );
    if keep == other || keep.kind != other.kind || !is_possible {
        return false;
    }
    let (Some(kept), Some(taken)) = (set.fields_of(keep), set.fields_of(other)) else {
        return false;
    };
    // What signs with the id that goes signs with the one that stays, this removal too.
    let who = who.and_then(|who| AgentId::parse(&living(set, RecordKind::Agent, &who.to_string())));
    let is_other = |who: &AgentId| RecordRef::from(who) == *other;
    let who = match who.filter(is_other) {
        Some(_) => AgentId::parse(&keep.id),
        None => who,
    };
    let open: Vec<Arc<Conflict>> = set
        .conflicts
        .values()
        .filter(|conflict| conflict.record == *other && !conflict.of_whole_record())
        .cloned()
        .collect();
    replace(set, keep, other, (now, who));
    absorb(set, keep, kept, &taken);
    // A conflict about one of the two is a conflict about the merged record.
    for conflict in open {
        let Conflict {
            field, base, sides, ..
        } = Conflict::clone(&conflict);
        let moved = Conflict::new(keep.clone(), field, base, sides);
        if !set.tombstones.contains_key(&RecordRef::from(&moved.id)) {
            set.conflicts.insert(moved.id, Arc::new(moved));
        }
    }
    true
}

/// Unifies all records that have the same name, see [`twins`]. Returns the pairs that were unified, in order.
pub fn unify_same_names(
    set: &mut AnnotationSet,
    (now, who): (Timestamp, Option<AgentId>),
) -> Vec<Twins> {
    let mut joined = Vec::new();
    loop {
        let found = twins(set);
        let n_before = joined.len();
        for twins in found {
            if unify(set, &twins.keep, &twins.other, (now, who)) {
                joined.push(twins);
            }
        }
        // What a record has taken over may make it the twin of a third.
        if joined.len() == n_before {
            return joined;
        }
    }
}

/// Adds to `keep`, whose fields are `kept`, the details that a record unified with it has in its fields `taken`.
fn absorb(set: &mut AnnotationSet, keep: &RecordRef, kept: Fields, taken: &Fields) {
    let mut fields = kept.clone();
    for (field, value) in taken {
        match (field.as_str(), kept.get(field), value) {
            // These fields differ in any two records that were made separately, and are not significant.
            ("name" | "colour" | "pattern" | "kind", Some(_), _) | ("key" | "aliases", ..) => {}
            (_, None, value) => {
                fields.insert(field.clone(), value.clone());
            }
            (name, Some(FieldValue::Text(one)), FieldValue::Text(other)) => {
                let both = FieldValue::Text(both_texts(name, one, other));
                fields.insert(field.clone(), both);
            }
            _ => {}
        }
    }
    // Only speakers have several names.
    if keep.kind == RecordKind::Speaker {
        let names = all_names(&kept, taken);
        match names.is_empty() {
            true => fields.remove("aliases"),
            false => fields.insert("aliases".to_owned(), FieldValue::List(names)),
        };
    }
    if fields != kept {
        // Both are fields of records of one kind.
        let fits = set.put_fields(keep, fields);
        debug_assert!(fits.is_ok());
    }
}

/// Returns what two records say in one field, one after the other; once where it is the same, or part of the other.
fn both_texts(field: &str, one: &str, other: &str) -> String {
    let (folded, folded_other) = (folded_name(one), folded_name(other));
    if folded.contains(&folded_other) {
        return one.to_owned();
    }
    if folded_other.contains(&folded) {
        return other.to_owned();
    }
    match field {
        "guideline" | "note" => format!("{one}\n\n{other}"),
        field if field.starts_with("kept/") => one.to_owned(),
        _ => format!("{one}; {other}"),
    }
}

/// Returns the further names of two speakers that are one: of each, and the name of the second, none twice.
fn all_names(kept: &Fields, taken: &Fields) -> Vec<String> {
    let text = |fields: &Fields| match fields.get("name") {
        Some(FieldValue::Text(name)) => Some(name.clone()),
        _ => None,
    };
    let list = |fields: &Fields| match fields.get("aliases") {
        Some(FieldValue::List(names)) => names.clone(),
        _ => Vec::new(),
    };
    let mut all = list(kept);
    let mut known: Vec<String> = text(kept)
        .iter()
        .chain(&all)
        .map(|name| folded_name(name))
        .collect();
    for name in text(taken).into_iter().chain(list(taken)) {
        let folded = folded_name(&name);
        if !known.contains(&folded) {
            known.push(folded);
            all.push(name);
        }
    }
    all
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
        &Aliases::from_pairs([(other.clone(), keep.id.clone())]),
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

/// Does as [`redirect`], and records `now` as the time of the change.
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
