//! Makes the agreed set: what all sides say, what was decided, and what was there before.

use super::{
    answer::{Answers, Pick},
    common::{Common, bring, copy},
    group::groups,
    question::{Finding, Question},
    reading::{Mark, Reading, Side, marks_of},
};
use crate::{
    annotation::{
        Agent, AgentId, Annotation, AnnotationId, AnnotationSet, DecidedMark, Decision, Kept, Link,
        Marks, RecordKind, RecordRef, StateId, Timestamp, remove,
    },
    text::SourceText,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The outcome of settling.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The agreed set; equal to the previous one if nothing is new.
    pub set: AnnotationSet,
    /// All differences, in the order of the article, including those settled before.
    pub questions: Vec<Question>,
    /// Marks that all sides have.
    pub n_same: usize,
    /// Number of marks that repeat another one of the same annotator, and were merged with it.
    pub n_repeated: usize,
    /// Marks that only the agreed set has; they stay.
    pub n_only_agreed: usize,
    /// Links of which one end is not in the agreed set.
    pub n_links_left: usize,
}

impl Outcome {
    /// Returns the open questions.
    pub fn open(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter().filter(|question| question.is_open())
    }
}

/// Settles what `sides` differ in. All sides and `agreed` are on the very same text; with `text` passages are looked
/// for in it, without it their recorded places count. `who` decides, at `now`.
pub fn settle(
    sides: &[Side],
    text: Option<&SourceText>,
    agreed: &AnnotationSet,
    answers: &Answers,
    (now, who): (Timestamp, Option<&Agent>),
) -> Outcome {
    let common = Common::of(sides, agreed);
    let n_sides = sides.len();
    let mut work = Work {
        set: agreed.clone(),
        n_sides,
        names: sides.iter().map(|side| side.name.as_str()).collect(),
        now,
        who,
        of_agreed: BTreeMap::new(),
        by_state: BTreeMap::new(),
        stands_for: BTreeMap::new(),
    };
    let marks = text.and_then(|text| Marks::find(text, agreed, &|| true));
    for (id, annotation) in &agreed.annotations {
        let mark = Mark::of(n_sides, &common.pool, marks.as_ref(), annotation);
        work.by_state.entry(mark.state).or_insert(*id);
        work.of_agreed.insert(*id, mark);
    }
    let marks = marks_of(&common.sides, &common.pool, text);
    let mut outcome = Outcome {
        set: agreed.clone(),
        questions: Vec::new(),
        n_same: 0,
        n_repeated: 0,
        n_only_agreed: 0,
        n_links_left: 0,
    };
    let mut met: BTreeSet<AnnotationId> = BTreeSet::new();
    for group in groups(marks, n_sides) {
        outcome.n_repeated += group.readings.iter().map(n_repeated).sum::<usize>();
        let ids: BTreeSet<AnnotationId> = group
            .readings
            .iter()
            .flat_map(|it| it.marks.iter().map(|mark| mark.annotation.id))
            .collect();
        let in_agreed = work.standing_for(&group.readings, &ids);
        met.extend(in_agreed.iter().map(|mark| mark.annotation.id));
        let is_removed = ids.iter().any(|id| work.is_removed(*id));
        match Finding::of(group, n_sides, &in_agreed, is_removed, &agreed.decisions) {
            Finding::Same(reading) => {
                outcome.n_same += 1;
                work.add(&reading, &in_agreed);
            }
            Finding::Differs(mut question) => {
                work.ask(&mut question, &in_agreed, answers);
                outcome.questions.push(*question);
            }
        }
    }
    outcome.n_only_agreed = agreed.annotations.len() - met.len();
    outcome.n_links_left = work.link(&common.sides);
    work.bring_records(&common.pool);
    outcome.set = work.set;
    outcome
}

/// Returns the number of marks of one annotator beyond the first.
fn n_repeated(reading: &Reading) -> usize {
    reading.marks.len() - reading.sides().len()
}

/// The agreed set while it is worked on.
struct Work<'a> {
    set: AnnotationSet,
    n_sides: usize,
    names: Vec<&'a str>,
    now: Timestamp,
    who: Option<&'a Agent>,
    /// What the marks of the agreed set said before.
    of_agreed: BTreeMap<AnnotationId, Mark>,
    by_state: BTreeMap<StateId, AnnotationId>,
    /// Which mark of the agreed set represents a mark of a side.
    stands_for: BTreeMap<(usize, AnnotationId), AnnotationId>,
}

impl Work<'_> {
    /// Returns the marks of the agreed set that represent these readings: they say the same, or have the id of one of
    /// them.
    fn standing_for(&self, readings: &[Reading], ids: &BTreeSet<AnnotationId>) -> Vec<Mark> {
        let states = readings
            .iter()
            .flat_map(|it| it.marks.iter().map(|mark| mark.state).chain([it.state]));
        let by_state = states.filter_map(|state| self.by_state.get(&state));
        let all: BTreeSet<&AnnotationId> = by_state.chain(ids).collect();
        let found = all.into_iter().filter_map(|id| self.of_agreed.get(id));
        found.cloned().collect()
    }

    fn is_removed(&self, id: AnnotationId) -> bool {
        self.set.tombstones.contains_key(&RecordRef::from(&id))
            && !self.set.annotations.contains_key(&id)
    }

    /// Puts a reading into the agreed set, or names its makers in the mark that is there already.
    fn add(&mut self, reading: &Reading, in_agreed: &[Mark]) -> Option<AnnotationId> {
        let new = reading.agreed()?;
        let known = in_agreed.iter().find(|mark| reading.has_state(mark.state));
        let id = match known {
            Some(known) => known.annotation.id,
            None => self.free_id(&new, reading.state),
        };
        let annotation = match known.and_then(|_| self.set.annotations.get(&id)) {
            Some(old) => with_makers(old, &new),
            None => Annotation { id, ..new },
        };
        let is_there = self.set.annotations.get(&id).map(|it| &**it) == Some(&annotation);
        if !is_there {
            self.set.annotations.insert(id, Arc::new(annotation));
        }
        self.name(reading, id);
        Some(id)
    }

    fn name(&mut self, reading: &Reading, id: AnnotationId) {
        for mark in &reading.marks {
            self.stands_for.insert((mark.side, mark.annotation.id), id);
        }
    }

    /// Returns the mark's own id, unless the agreed set has another mark of this id: copies of one mark may have
    /// become two.
    fn free_id(&self, new: &Annotation, state: StateId) -> AnnotationId {
        match self.stands_for.values().any(|id| *id == new.id) {
            false => new.id,
            true => AnnotationId::from_u128(state.as_u128()),
        }
    }

    /// Settles a question if there is an answer to it.
    fn ask(&mut self, question: &mut Question, in_agreed: &[Mark], answers: &Answers) {
        let explicit = answers.by_id.get(&question.id);
        let explicit = explicit.and_then(|(pick, reason)| {
            let taken = question.picked(*pick)?;
            Some((taken, reason.clone(), *pick == Pick::Both))
        });
        let (taken, reason, both) = match explicit {
            Some((taken, reason, both)) if !self.is_settled_so(question, &taken, &reason) => {
                (taken, reason, both)
            }
            _ if question.decision.is_some() => return self.remember(question, in_agreed),
            _ => match answers.rules.answer(question, self.n_sides) {
                Some((taken, rule)) => {
                    let both = taken.len() > 1;
                    let reason = match answers.reason.as_str() {
                        "" => rule,
                        reason => reason.to_owned(),
                    };
                    (taken, reason, both)
                }
                None => return,
            },
        };
        let decision = Arc::new(self.decision(question, &taken, reason));
        self.take(question, &taken, in_agreed, both);
        self.set
            .decisions
            .insert(question.id, Arc::clone(&decision));
        question.decision = Some(decision);
        question.is_new = true;
    }

    fn is_settled_so(&self, question: &Question, taken: &[usize], reason: &str) -> bool {
        let Some(decision) = &question.decision else {
            return false;
        };
        let asked = self.decision(question, taken, reason.to_owned());
        let said = |decision: &Decision| -> BTreeSet<StateId> {
            decision.taken().map(|mark| mark.state).collect()
        };
        said(&asked) == said(decision) && (reason.is_empty() || reason == decision.reason)
    }

    /// Remembers, for links, which marks of the agreed set replace those of the sides. What was settled before is
    /// unchanged.
    fn remember(&mut self, question: &Question, in_agreed: &[Mark]) {
        for reading in &question.readings {
            let known = in_agreed.iter().find(|mark| reading.has_state(mark.state));
            if let Some(known) = known {
                self.name(reading, known.annotation.id);
            }
        }
    }

    fn take(&mut self, question: &Question, taken: &[usize], in_agreed: &[Mark], both: bool) {
        let meant: Vec<&Reading> = taken
            .iter()
            .filter_map(|idx| question.readings.get(*idx))
            .collect();
        let mut stay: BTreeSet<AnnotationId> = BTreeSet::new();
        if both && question.only_notes_differ() {
            stay.extend(self.join_notes(&meant));
        } else {
            for reading in meant {
                stay.extend(self.add(reading, in_agreed));
            }
        }
        let signature = (self.now, self.who.map(|who| who.id));
        for mark in in_agreed {
            let id = mark.annotation.id;
            if !stay.contains(&id) {
                remove(&mut self.set, &RecordRef::from(&id), signature);
            }
        }
    }

    /// Makes one mark with all the notes, each with the name of who wrote it.
    fn join_notes(&mut self, readings: &[&Reading]) -> Option<AnnotationId> {
        let all = Reading::together(readings)?;
        let mut one = all.agreed()?;
        let mut notes: Vec<String> = Vec::new();
        for reading in readings {
            let names: Vec<&str> = reading
                .sides()
                .iter()
                .filter_map(|side| self.names.get(*side).copied())
                .collect();
            if let Some(note) = reading.details.get("note") {
                notes.push(format!("{}: {note}", names.join(", ")));
            }
        }
        notes.sort();
        one.note = notes.join("\n\n");
        one.modified = self.now;
        let id = one.id;
        self.set.annotations.insert(id, Arc::new(one));
        self.name(&all, id);
        Some(id)
    }

    fn decision(&self, question: &Question, taken: &[usize], reason: String) -> Decision {
        let readings = question.readings.iter().enumerate();
        let mut marks: Vec<DecidedMark> = readings
            .flat_map(|(idx, reading)| {
                reading.marks.iter().map(move |mark| DecidedMark {
                    id: mark.annotation.id,
                    creator: mark.annotation.creator,
                    state: mark.state,
                    quote: mark.annotation.quote(),
                    tags: mark.annotation.tags.clone(),
                    taken: taken.contains(&idx),
                    kept: Kept::default(),
                })
            })
            .collect();
        marks.sort_by_key(|mark| (mark.id, mark.state, mark.creator));
        Decision {
            id: question.id,
            when: self.now,
            who: self.who.map(|who| who.id),
            reason,
            marks,
            kept: Kept::default(),
        }
    }

    /// Adds the links between marks that are in the agreed set; returns how many have an end elsewhere.
    fn link(&mut self, sides: &[AnnotationSet]) -> usize {
        let mut n_left = 0;
        for (side, set) in sides.iter().enumerate() {
            for link in set.links.values() {
                let end = |id: AnnotationId| self.stands_for.get(&(side, id)).copied();
                let (Some(from), Some(to)) = (end(link.from), end(link.to)) else {
                    n_left += 1;
                    continue;
                };
                let is_same = |known: &Arc<Link>| {
                    (known.from, known.to, &known.kind) == (from, to, &link.kind)
                };
                let is_removed = self.set.tombstones.contains_key(&RecordRef::from(&link.id));
                if is_removed || self.set.links.values().any(is_same) {
                    continue;
                }
                let link = Link {
                    from,
                    to,
                    ..Link::clone(link)
                };
                self.set.links.insert(link.id, Arc::new(link));
            }
        }
        n_left
    }

    /// Adds what the marks, links and decisions refer to, and the tags that can be given.
    fn bring_records(&mut self, pool: &AnnotationSet) {
        for annotation in self.set.annotations.clone().values() {
            bring(&mut self.set, pool, annotation);
        }
        let mut agents: BTreeSet<AgentId> = BTreeSet::new();
        for decision in self.set.decisions.values() {
            agents.extend(decision.who);
            agents.extend(decision.marks.iter().map(|mark| mark.creator));
        }
        agents.extend(self.set.links.values().map(|link| link.creator));
        if let Some(who) = self.who.filter(|who| agents.contains(&who.id)) {
            let known = self.set.agents.entry(who.id);
            known.or_insert_with(|| Arc::new(who.clone()));
        }
        for agent in agents {
            copy(&mut self.set.agents, &pool.agents, &agent);
        }
        for (id, tag) in &pool.tags {
            let record = RecordRef {
                kind: RecordKind::Tag,
                id: id.as_str().into(),
            };
            if self.set.tags.contains_key(id) || self.set.tombstones.contains_key(&record) {
                continue;
            }
            let mut tag = Arc::clone(tag);
            let has_key = |other: &Arc<crate::annotation::Tag>| other.key == tag.key;
            if tag.key.is_some() && self.set.tags.values().any(has_key) {
                Arc::make_mut(&mut tag).key = None;
            }
            self.set.tags.insert(id.clone(), tag);
        }
    }
}

/// Returns the mark as it is, with all its makers.
fn with_makers(old: &Annotation, new: &Annotation) -> Annotation {
    let makers = old.also_by.iter().chain(&new.also_by);
    let mut makers: BTreeSet<AgentId> = makers.chain([&new.creator]).copied().collect();
    makers.remove(&old.creator);
    Annotation {
        also_by: makers.into_iter().collect(),
        ..old.clone()
    }
}
