//! Brings several files to common records: a tag, speaker or claim of one name is one record for all.

use super::Side;
use crate::annotation::{
    Aliases, Annotation, AnnotationSet, Record, RecordRef, Twins, redirect, twins,
};
use imbl::OrdMap;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// All records that annotations refer to, each name once.
pub(super) struct Common {
    /// Tags, agents, speakers and claims of all sides; annotations and all else are those of the agreed set.
    pub pool: AnnotationSet,
    /// The sides' sets, led to these records.
    pub sides: Vec<AnnotationSet>,
}

impl Common {
    /// Puts the records of `sides` together. What the agreed set has goes first, then the oldest by its id.
    pub fn of(sides: &[Side], agreed: &AnnotationSet) -> Self {
        let mut pool = agreed.clone();
        for side in sides {
            add(&mut pool.tags, &side.set.tags, &agreed.tags);
            add(&mut pool.agents, &side.set.agents, &agreed.agents);
            add(&mut pool.speakers, &side.set.speakers, &agreed.speakers);
            add(&mut pool.claims, &side.set.claims, &agreed.claims);
        }
        let aliases = aliases(&twins(&pool), &pool, agreed);
        let sides = sides
            .iter()
            .map(|side| redirect(&side.set, &aliases))
            .collect();
        for record in aliases.records() {
            crate::annotation::Records::remove_record(&mut pool, record);
        }
        Self { pool, sides }
    }
}

/// Adds the records of one side. Of two versions of one record the agreed one stays, else the one that is the
/// same whichever side comes first.
fn add<R: Record + std::fmt::Debug>(
    pool: &mut OrdMap<R::Id, Arc<R>>,
    side: &OrdMap<R::Id, Arc<R>>,
    agreed: &OrdMap<R::Id, Arc<R>>,
) {
    for (id, record) in side {
        let is_better = match pool.get(id) {
            None => true,
            Some(_) if agreed.contains_key(id) => false,
            Some(known) => known != record && format!("{record:?}") < format!("{known:?}"),
        };
        if is_better {
            pool.insert(id.clone(), Arc::clone(record));
        }
    }
}

/// Returns which record replaces each of several records of one name.
fn aliases(twins: &[Twins], pool: &AnnotationSet, agreed: &AnnotationSet) -> Aliases {
    let mut stars: BTreeMap<&RecordRef, BTreeSet<&RecordRef>> = BTreeMap::new();
    for pair in twins {
        let star = stars.entry(&pair.keep).or_default();
        star.extend([&pair.keep, &pair.other]);
    }
    let is_there = |set: &AnnotationSet, record: &RecordRef| {
        crate::annotation::Records::fields_of(set, record).is_some()
    };
    let mut pairs = Vec::new();
    for star in stars.values() {
        let in_agreed = star.iter().find(|record| is_there(agreed, record));
        let Some(first) = in_agreed.or_else(|| star.first()) else {
            continue;
        };
        let others = star.iter().filter(|record| *record != first);
        // Only a person can merge what the agreed set has twice.
        let others = others.filter(|record| is_there(pool, record) && !is_there(agreed, record));
        pairs.extend(others.map(|other| ((*other).clone(), first.id.clone())));
    }
    Aliases::from_pairs(pairs)
}

/// Copies the records that `annotation` refers to from the pool into `set`.
pub(super) fn bring(set: &mut AnnotationSet, pool: &AnnotationSet, annotation: &Annotation) {
    for tag in &annotation.tags {
        copy(&mut set.tags, &pool.tags, tag);
    }
    let attribution = &annotation.attribution;
    for speaker in attribution.speaker.iter().chain(&attribution.reported_by) {
        copy(&mut set.speakers, &pool.speakers, speaker);
    }
    for stance in &annotation.claims {
        copy(&mut set.claims, &pool.claims, &stance.claim);
    }
    let authors = annotation.comments.iter().map(|comment| &comment.author);
    let makers = annotation.also_by.iter().chain([&annotation.creator]);
    for agent in authors.chain(makers) {
        copy(&mut set.agents, &pool.agents, agent);
    }
}

/// Copies one record, unless it is there already.
pub(super) fn copy<K: Ord + Clone, V>(
    to: &mut OrdMap<K, Arc<V>>,
    from: &OrdMap<K, Arc<V>>,
    id: &K,
) {
    if let (false, Some(record)) = (to.contains_key(id), from.get(id)) {
        to.insert(id.clone(), Arc::clone(record));
    }
}
