//! Answers to questions: one by one, and by rules for all questions of a kind.

use super::question::{Question, QuestionKind};
use crate::annotation::DecisionId;
use std::collections::BTreeMap;

/// One answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// The mark of the side with this index; no mark if it has none.
    Side(usize),
    /// The mark of the agreed set.
    Agreed,
    /// The marks of all sides; if only notes differ, one mark with all the notes.
    Both,
    /// No mark.
    Neither,
    /// The variant of this number, from 1.
    Number(usize),
}

/// The choice for marks that begin or end at different places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeRule {
    /// The mark that covers the fewest code points.
    Shorter,
    /// The mark that covers the most code points.
    Longer,
    /// The same for all.
    Take(Pick),
}

/// Answers for all questions of a kind. What a person has edited in the agreed set is never settled by a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// The rule for marks whose ends differ.
    pub edges: Option<EdgeRule>,
    /// The rule for marks whose tags differ.
    pub tags: Option<Pick>,
    /// The rule for passages that only some sides marked.
    pub only: Option<Pick>,
    /// The rule for marks whose notes, speakers or other details differ.
    pub details: Option<Pick>,
    /// Whether to choose what more than half of the sides say.
    pub majority: bool,
    /// The rule for all other questions.
    pub rest: Option<Pick>,
}

/// All answers.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Single answers with reasons; they also count for questions that were settled before.
    pub by_id: BTreeMap<DecisionId, (Pick, String)>,
    /// Rules for open questions.
    pub rules: Rules,
    /// The reason for using the rules; if empty, the words of the rule itself.
    pub reason: String,
}

impl Rules {
    /// Returns the variants to take of an open question, and the rule that says so; `None` when no rule does.
    pub(super) fn answer(
        &self,
        question: &Question,
        n_sides: usize,
    ) -> Option<(Vec<usize>, String)> {
        if question.is_edited {
            return None;
        }
        let picked = |rule: &str, pick: Option<Pick>| {
            let taken = question.picked(pick?)?;
            Some((taken, format!("rule for {rule}")))
        };
        let by_kind = match question.kind {
            QuestionKind::Edges => match self.edges {
                Some(EdgeRule::Take(pick)) => picked("edges", Some(pick)),
                Some(rule) => by_length(question, rule),
                None => None,
            },
            QuestionKind::Tags => picked("tags", self.tags),
            QuestionKind::Only => picked("only", self.only),
            QuestionKind::Details => picked("details", self.details),
            QuestionKind::Duplicate | QuestionKind::Changed => None,
        };
        let by_majority = || {
            let taken = self.majority.then(|| majority(question, n_sides))??;
            Some((taken, "majority".to_owned()))
        };
        by_kind
            .or_else(by_majority)
            .or_else(|| picked("the rest", self.rest))
    }
}

/// Returns the shortest or the longest, if it is the only one.
fn by_length(question: &Question, rule: EdgeRule) -> Option<(Vec<usize>, String)> {
    let variants = question.variants.iter().enumerate();
    let mut lengths: Vec<(usize, usize)> = variants
        .filter(|(_, it)| !it.is_agreed())
        .map(|(idx, it)| (it.n_chars(), idx))
        .collect();
    lengths.sort_unstable();
    let mut word = "shorter";
    if rule == EdgeRule::Longer {
        lengths.reverse();
        word = "longer";
    }
    match lengths.as_slice() {
        [(best, idx), (next, _), ..] if best != next => {
            Some((vec![*idx], format!("rule for edges: {word}")))
        }
        _ => None,
    }
}

/// Returns what more than half of the sides have, or nothing where more than half have nothing.
fn majority(question: &Question, n_sides: usize) -> Option<Vec<usize>> {
    let is_most = |n: usize| 2 * n > n_sides;
    let variants = question.variants.iter().enumerate();
    let mut most = variants.filter(|(_, it)| is_most(it.sides.len()));
    if let Some((idx, _)) = most.next() {
        return Some(vec![idx]);
    }
    let n_with: usize = question.variants.iter().map(|it| it.sides.len()).sum();
    is_most(n_sides.saturating_sub(n_with)).then(Vec::new)
}
