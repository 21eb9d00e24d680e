//! What a mark says, in terms that are the same in every file; marks that say the same are one reading.

use crate::annotation::{
    AgentId, Annotation, AnnotationId, AnnotationSet, Comment, CommentId, Footprint, Marks,
    StateId, TagId, Vocabulary, folded_name,
};
use crate::text::{CharOffset, EditionId, SourceText};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// One annotator's file on the article.
#[derive(Clone, Debug)]
pub struct Side {
    /// The name of the annotator.
    pub name: String,
    /// The records.
    pub set: AnnotationSet,
}

/// The place and the content of a mark.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Core {
    /// The code points it covers, as (start, end); empty when it has no place in the text.
    pub stretches: Vec<(usize, usize)>,
    /// The wording of a mark without a place.
    pub quote: String,
    /// The tags of the mark.
    pub tags: Vec<TagId>,
}

impl Core {
    pub fn footprint(&self) -> Footprint {
        Footprint::new(self.stretches.iter().map(|(start, end)| *start..*end))
    }
}

/// The other fields of the mark: names, not ids. Comments are left out.
pub(super) type Details = BTreeMap<String, String>;

/// One mark of one side.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    /// Index of the side; the number of sides for a mark of the agreed set.
    pub side: usize,
    /// The mark, led to common records.
    pub annotation: Arc<Annotation>,
    pub core: Core,
    pub details: Details,
    /// The reading of the mark, as one hash.
    pub state: StateId,
    edition: EditionId,
}

impl Mark {
    /// Returns the reading of a mark of a side. `marks` give its place; without them its recorded place counts. `pool`
    /// has the records that it refers to: a set that was led to common records need not have them.
    pub fn of(
        side: usize,
        pool: &AnnotationSet,
        marks: Option<&Marks>,
        annotation: &Arc<Annotation>,
    ) -> Self {
        let core = core(annotation, marks);
        let details = details(annotation, pool);
        let edition = pool.article.edition;
        Self {
            side,
            state: state(edition, &core, &details),
            edition,
            annotation: Arc::clone(annotation),
            core,
            details,
        }
    }

    /// Returns the order of marks that does not depend on the order of the sides.
    fn age(&self) -> (crate::annotation::Timestamp, AnnotationId, StateId, AgentId) {
        let annotation = &self.annotation;
        (
            annotation.created,
            annotation.id,
            self.state,
            annotation.creator,
        )
    }
}

/// Returns the marks of all of `sets`, with the places that they have in `text`.
pub(super) fn marks_of(
    sets: &[AnnotationSet],
    pool: &AnnotationSet,
    text: Option<&SourceText>,
) -> Vec<Mark> {
    let mut all = Vec::new();
    for (side, set) in sets.iter().enumerate() {
        let marks = text.and_then(|text| Marks::find(text, set, &|| true));
        let annotations = set.annotations.values();
        all.extend(annotations.map(|it| Mark::of(side, pool, marks.as_ref(), it)));
    }
    all
}

fn core(annotation: &Annotation, marks: Option<&Marks>) -> Core {
    let placed = marks.and_then(|marks| {
        let placement = marks.placement(annotation.id)?;
        let char = |offset| marks.text().to_char(offset).map(CharOffset::get).ok();
        let stretches = placement
            .ranges()
            .map(|(_, range)| Some((char(range.start())?, char(range.end())?)));
        placement
            .is_whole()
            .then(|| stretches.collect::<Option<Vec<_>>>())?
    });
    let recorded = || {
        let segments = annotation.segments.iter();
        segments
            .map(|it| (it.position.start.get(), it.position.end.get()))
            .collect()
    };
    let stretches = match marks {
        Some(_) => placed.unwrap_or_default(),
        None => recorded(),
    };
    let quote = match stretches.is_empty() {
        true => annotation.quote(),
        false => String::new(),
    };
    Core {
        stretches,
        quote,
        tags: annotation.tags.clone(),
    }
}

fn details(annotation: &Annotation, set: &AnnotationSet) -> Details {
    let mut details = Details::new();
    let mut put = |name: String, value: String| {
        if !value.is_empty() {
            details.insert(name, value);
        }
    };
    let speaker = |id: &crate::annotation::SpeakerId| match set.speakers.get(id) {
        Some(speaker) => folded_name(&speaker.name),
        None => id.to_string(),
    };
    let attribution = &annotation.attribution;
    put("note".to_owned(), annotation.note.clone());
    let who = attribution.speaker.as_ref().map(speaker);
    put("speaker".to_owned(), who.unwrap_or_default());
    put("cue".to_owned(), attribution.cue.clone());
    let mode = attribution.mode.as_ref();
    put(
        "mode".to_owned(),
        mode.map_or(String::new(), |mode| mode.written().to_owned()),
    );
    let reporters: Vec<String> = attribution.reported_by.iter().map(speaker).collect();
    put("reporters".to_owned(), reporters.join("\n"));
    for stance in &annotation.claims {
        let claim = set.claims.get(&stance.claim);
        let claim = claim.map_or(stance.claim.to_string(), |claim| folded_name(&claim.text));
        put(format!("claim {claim}"), stance.stance.written().to_owned());
    }
    for (name, value) in &annotation.attributes {
        put(format!("attribute {name}"), value.clone());
    }
    details
}

fn state(edition: EditionId, core: &Core, details: &Details) -> StateId {
    let mut bytes = Vec::new();
    let mut put = |text: &str| {
        bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
        bytes.extend_from_slice(text.as_bytes());
    };
    put(&edition.to_string());
    put(&core.stretches.len().to_string());
    for (start, end) in &core.stretches {
        put(&format!("{start}..{end}"));
    }
    put(&core.quote);
    put(&core.tags.len().to_string());
    for tag in &core.tags {
        put(tag.as_str());
    }
    for (name, value) in details {
        put(name);
        put(value);
    }
    StateId::of_content(&bytes)
}

/// Marks that say the same, where a mark that leaves a field empty agrees with any other.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub core: Core,
    /// What the marks say together.
    pub details: Details,
    /// The marks, the oldest first.
    pub marks: Vec<Mark>,
    /// What the marks say together, as one hash.
    pub state: StateId,
}

impl Reading {
    fn new(mut marks: Vec<Mark>) -> Option<Self> {
        marks.sort_by_key(Mark::age);
        let first = marks.first()?;
        let (core, edition) = (first.core.clone(), first.edition);
        let all = marks.iter().flat_map(|mark| &mark.details);
        let details: Details = all
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        Some(Self {
            state: state(edition, &core, &details),
            core,
            details,
            marks,
        })
    }

    /// Returns the sides that have this reading.
    pub fn sides(&self) -> BTreeSet<usize> {
        self.marks.iter().map(|mark| mark.side).collect()
    }

    /// Returns whether the marks together, or one of them, say exactly this.
    pub fn has_state(&self, state: StateId) -> bool {
        self.state == state || self.marks.iter().any(|mark| mark.state == state)
    }

    /// Returns a reading of one mark.
    pub fn alone(mark: Mark) -> Self {
        Self {
            core: mark.core.clone(),
            details: mark.details.clone(),
            state: mark.state,
            marks: vec![mark],
        }
    }

    /// Returns all marks of several readings of one passage as one.
    pub fn together(readings: &[&Self]) -> Option<Self> {
        let marks = readings
            .iter()
            .flat_map(|reading| reading.marks.iter().cloned());
        Self::new(marks.collect())
    }

    /// Returns one mark for the reading, in the name of all its makers.
    pub fn agreed(&self) -> Option<Annotation> {
        let (first, others) = self.marks.split_first()?;
        let mut one = Annotation::clone(&first.annotation);
        let mut makers: BTreeSet<AgentId> = one.also_by.iter().copied().collect();
        let mut comments: BTreeMap<CommentId, Comment> = BTreeMap::new();
        for mark in &self.marks {
            makers.insert(mark.annotation.creator);
            makers.extend(&mark.annotation.also_by);
            for comment in &mark.annotation.comments {
                comments
                    .entry(comment.id)
                    .or_insert_with(|| comment.clone());
            }
        }
        for mark in others {
            fill(&mut one, &mark.annotation);
        }
        makers.remove(&one.creator);
        one.also_by = makers.into_iter().collect();
        one.comments = comments.into_values().collect();
        one.comments
            .sort_by_key(|comment| (comment.created, comment.id));
        Some(one)
    }
}

/// Takes from `other` what `one` says nothing about.
fn fill(one: &mut Annotation, other: &Annotation) {
    if one.note.is_empty() {
        one.note.clone_from(&other.note);
    }
    let (mine, its) = (&mut one.attribution, &other.attribution);
    mine.speaker = mine.speaker.or(its.speaker);
    if mine.cue.is_empty() {
        mine.cue.clone_from(&its.cue);
    }
    if mine.mode.is_none() {
        mine.mode.clone_from(&its.mode);
    }
    if mine.reported_by.is_empty() {
        mine.reported_by.clone_from(&its.reported_by);
    }
    for stance in &other.claims {
        let mut known = one.claims.iter();
        if !known.any(|known| known.claim == stance.claim) {
            one.claims.push(stance.clone());
        }
    }
    for (name, value) in &other.attributes {
        let known = one.attributes.entry(name.clone()).or_default();
        if known.is_empty() {
            known.clone_from(value);
        }
    }
    one.modified = one.modified.max(other.modified);
}

/// Returns the readings of marks with one core: one if no two contradict each other, else one for each that says
/// something else.
pub(super) fn readings(marks: Vec<Mark>) -> Vec<Reading> {
    let mut said: Details = Details::new();
    let mut agree = true;
    for (name, value) in marks.iter().flat_map(|mark| &mark.details) {
        let known = said.entry(name.clone()).or_insert_with(|| value.clone());
        agree &= known == value;
    }
    if agree {
        return Reading::new(marks).into_iter().collect();
    }
    let mut by_state: BTreeMap<StateId, Vec<Mark>> = BTreeMap::new();
    for mark in marks {
        by_state.entry(mark.state).or_default().push(mark);
    }
    by_state.into_values().filter_map(Reading::new).collect()
}
