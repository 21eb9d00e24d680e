//! What annotators differ in, as a question with an id of its own.

use super::{
    answer::Pick,
    group::Group,
    reading::{Mark, Reading},
};
use crate::annotation::{Annotation, Decision, DecisionId};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// In what marks on one passage differ. The first that applies counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum QuestionKind {
    /// The marks have different tags, and may begin and end at different places as well.
    Tags,
    /// The marks begin or end at different places.
    Edges,
    /// One annotator marked the same twice and said different things about it.
    Duplicate,
    /// Notes, speakers or other details.
    Details,
    /// Some have marked it, others have not.
    Only,
    /// All sides say the same, but the agreed set says something else: one of them has changed since.
    Changed,
}

impl QuestionKind {
    /// Returns one word: `tags`, `edges`, `duplicate`, `details`, `only` or `changed`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tags => "tags",
            Self::Edges => "edges",
            Self::Duplicate => "duplicate",
            Self::Details => "details",
            Self::Only => "only",
            Self::Changed => "changed",
        }
    }
}

/// One possible answer.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Indexes of the sides that have this variant, in order; none for the agreed set's.
    pub sides: Vec<usize>,
    /// The mark, in the name of all these sides.
    pub annotation: Annotation,
    /// Code points it covers, as (start, end).
    pub stretches: Vec<(usize, usize)>,
    /// The other fields by name: `note`, `speaker`, `cue`, …
    pub details: BTreeMap<String, String>,
}

impl Variant {
    /// Returns how many code points it covers.
    pub fn n_chars(&self) -> usize {
        self.stretches.iter().map(|(start, end)| end - start).sum()
    }

    /// Returns whether only the agreed set has this variant.
    pub fn is_agreed(&self) -> bool {
        self.sides.is_empty()
    }
}

/// A difference between annotators.
#[derive(Clone, Debug)]
pub struct Question {
    /// The id, a hash of what the marks say and how many say it, so that it changes with them.
    pub id: DecisionId,
    /// The kind of difference.
    pub kind: QuestionKind,
    /// The possible answers, in the order of the article; the agreed set's comes last.
    pub variants: Vec<Variant>,
    /// The answer, given now or before; `None` while the question is open.
    pub decision: Option<Arc<Decision>>,
    /// Whether the question was settled just now.
    pub is_new: bool,
    /// Whether the agreed set has a version of its own, which only a person can have made.
    pub is_edited: bool,
    pub(super) readings: Vec<Reading>,
}

/// The result for one group.
pub(super) enum Finding {
    /// All sides say the same.
    Same(Reading),
    /// The sides differ.
    Differs(Box<Question>),
}

impl Finding {
    /// Makes the question about `group`. `in_agreed` are the marks of the agreed set for this group, `is_removed`
    /// whether it had one.
    pub fn of(
        group: Group,
        n_sides: usize,
        in_agreed: &[Mark],
        is_removed: bool,
        decisions: &imbl::OrdMap<DecisionId, Arc<Decision>>,
    ) -> Self {
        let mut readings = group.readings;
        let id = id_of(&readings);
        let kind = kind_of(&readings, n_sides);
        let own: Vec<Reading> = in_agreed
            .iter()
            .filter(|mark| !readings.iter().any(|it| it.has_state(mark.state)))
            .map(|mark| Reading::alone(mark.clone()))
            .collect();
        let is_gone = kind.is_none() && is_removed && in_agreed.is_empty();
        let decision = decisions.get(&id).cloned();
        if kind.is_none()
            && own.is_empty()
            && !is_gone
            && readings.len() == 1
            && let Some(only) = readings.pop()
        {
            return Self::Same(only);
        }
        let known: BTreeSet<_> = decisions
            .values()
            .flat_map(|decision| decision.marks.iter().map(|mark| mark.state))
            .collect();
        let is_edited = is_gone || own.iter().any(|it| !known.contains(&it.state));
        readings.extend(own);
        let variants = readings.iter().filter_map(|it| variant(it, n_sides));
        Self::Differs(Box::new(Question {
            id,
            kind: kind.unwrap_or(QuestionKind::Changed),
            variants: variants.collect(),
            decision,
            is_new: false,
            is_edited,
            readings,
        }))
    }
}

fn variant(reading: &Reading, n_sides: usize) -> Option<Variant> {
    let sides = reading.sides().into_iter().filter(|side| *side < n_sides);
    Some(Variant {
        sides: sides.collect(),
        annotation: reading.agreed()?,
        stretches: reading.core.stretches.clone(),
        details: reading.details.clone(),
    })
}

/// Returns the kind of difference; `None` when all sides say the same.
fn kind_of(readings: &[Reading], n_sides: usize) -> Option<QuestionKind> {
    let (first, others) = readings.split_first()?;
    if others.iter().any(|it| it.core.tags != first.core.tags) {
        return Some(QuestionKind::Tags);
    }
    if others.iter().any(|it| it.core != first.core) {
        return Some(QuestionKind::Edges);
    }
    let n_in_all: usize = readings.iter().map(|it| it.sides().len()).sum();
    let sides: BTreeSet<usize> = readings.iter().flat_map(Reading::sides).collect();
    match others {
        [] if sides.len() < n_sides => Some(QuestionKind::Only),
        [] => None,
        _ if n_in_all > sides.len() => Some(QuestionKind::Duplicate),
        _ => Some(QuestionKind::Details),
    }
}

/// Returns what is asked: every reading with the number of sides that have it.
fn id_of(readings: &[Reading]) -> DecisionId {
    let mut said: Vec<(u128, u64)> = readings
        .iter()
        .map(|it| (it.state.as_u128(), it.sides().len() as u64))
        .collect();
    said.sort_unstable();
    let bytes = said.into_iter().flat_map(|(state, n)| {
        let state = state.to_be_bytes();
        state.into_iter().chain(n.to_be_bytes())
    });
    DecisionId::of_content(&bytes.collect::<Vec<u8>>())
}

impl Question {
    /// Returns whether the question is open.
    pub fn is_open(&self) -> bool {
        self.decision.is_none()
    }

    /// Returns whether the id of one of its marks, in any annotator's file, begins so.
    pub fn has_mark(&self, prefix: &str) -> bool {
        let mut marks = self.readings.iter().flat_map(|reading| &reading.marks);
        marks.any(|mark| mark.annotation.id.to_string().starts_with(prefix))
    }

    /// Returns where the passage begins, in code points; `None` when no mark has a place.
    pub fn start(&self) -> Option<usize> {
        let stretches = self.variants.iter().flat_map(|it| &it.stretches);
        stretches.map(|(start, _)| *start).min()
    }

    /// Returns whether the marks differ in nothing but their notes.
    pub fn only_notes_differ(&self) -> bool {
        let without_note = |variant: &Variant| {
            let mut details = variant.details.clone();
            details.remove("note");
            details
        };
        let mut variants = self.variants.iter().map(without_note);
        let first = variants.next();
        self.kind == QuestionKind::Details && variants.all(|other| Some(other) == first)
    }

    /// Returns the variants that `pick` means, by their indexes; `None` when it means nothing here.
    pub fn picked(&self, pick: Pick) -> Option<Vec<usize>> {
        let numbered = || self.variants.iter().enumerate();
        let of = |is_meant: &dyn Fn(&Variant) -> bool| -> Vec<usize> {
            let meant = numbered().filter(|(_, it)| is_meant(it));
            meant.map(|(idx, _)| idx).collect()
        };
        match pick {
            Pick::Neither => Some(Vec::new()),
            Pick::Both => Some(of(&|it| !it.is_agreed())),
            // Of what one side has twice, the first. A side that has nothing there wants nothing there.
            Pick::Side(side) => {
                let mut own = of(&|it| it.sides.contains(&side));
                own.truncate(1);
                Some(own)
            }
            Pick::Agreed => {
                let own = of(&Variant::is_agreed);
                let is_known = !own.is_empty() || self.kind == QuestionKind::Changed;
                is_known.then_some(own)
            }
            Pick::Number(number) => {
                let idx = number.checked_sub(1)?;
                self.variants.get(idx).map(|_| vec![idx])
            }
        }
    }
}
