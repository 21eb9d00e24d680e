//! A decision as fields: its marks one by one, and the answer as one value, so that two answers to one question are
//! one conflict.

use super::{Fields, KEPT, Misfit, Record, Taker, misfit, put_kept};
use crate::annotation::{
    AgentId, AnnotationId, DecidedMark, Decision, DecisionId, FieldValue, Kept, RecordRef, StateId,
    TagId, Timestamp,
};
use std::collections::{BTreeMap, BTreeSet};

const MARKS: &str = "marks/";
const ANSWER: &str = "answer";

impl Record for Decision {
    type Id = DecisionId;

    fn reference(id: &DecisionId) -> RecordRef {
        id.into()
    }

    fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        let mut answer = vec![
            self.when.to_string(),
            self.who.map(|who| who.to_string()).unwrap_or_default(),
            self.reason.clone(),
        ];
        let mut n_of_id: BTreeMap<AnnotationId, usize> = BTreeMap::new();
        for mark in &self.marks {
            // Copies of one annotation may have become different marks.
            let n = n_of_id.entry(mark.id).or_default();
            *n += 1;
            let name = match *n {
                1 => mark.id.to_string(),
                n => format!("{}#{n}", mark.id),
            };
            if mark.taken {
                answer.push(name.clone());
            }
            let tags: Vec<&str> = mark.tags.iter().map(TagId::as_str).collect();
            let mut parts = vec![
                mark.creator.to_string(),
                mark.state.to_string(),
                mark.quote.clone(),
                tags.join(" "),
            ];
            for (name, value) in mark.kept.iter() {
                parts.extend([name.to_owned(), value.to_owned()]);
            }
            fields.insert(format!("{MARKS}{name}"), FieldValue::List(parts));
        }
        fields.insert(ANSWER.to_owned(), FieldValue::List(answer));
        put_kept(&mut fields, KEPT, &self.kept);
        fields
    }

    fn with_fields(&self, fields: Fields) -> Result<Self, Misfit> {
        let mut taker = Taker(fields);
        let answer = taker.list(ANSWER)?;
        let [when, who, reason, taken @ ..] = answer.as_slice() else {
            return Err(misfit(ANSWER));
        };
        let taken: BTreeSet<&str> = taken.iter().map(String::as_str).collect();
        let mut marks = Vec::new();
        for (name, value) in taker.below(MARKS) {
            let mark = mark_of(&name, value, taken.contains(name.as_str()));
            marks.push(mark.ok_or_else(|| misfit(&format!("{MARKS}{name}")))?);
        }
        let decision = Self {
            id: self.id,
            when: Timestamp::parse(when).ok_or_else(|| misfit(ANSWER))?,
            who: match who.as_str() {
                "" => None,
                who => Some(AgentId::parse(who).ok_or_else(|| misfit(ANSWER))?),
            },
            reason: reason.clone(),
            marks,
            kept: taker.kept(KEPT)?,
        };
        taker.end()?;
        Ok(decision)
    }

    fn modified(&self) -> Option<Timestamp> {
        Some(self.when)
    }
}

fn mark_of(name: &str, value: FieldValue, taken: bool) -> Option<DecidedMark> {
    let id = name.split('#').next().unwrap_or_default();
    let FieldValue::List(parts) = value else {
        return None;
    };
    let [creator, state, quote, tags, kept @ ..] = parts.as_slice() else {
        return None;
    };
    let kept = kept.chunks_exact(2).filter_map(|pair| match pair {
        [name, value] => Some((name.clone(), value.clone())),
        _ => None,
    });
    Some(DecidedMark {
        id: AnnotationId::parse(id)?,
        creator: AgentId::parse(creator)?,
        state: StateId::parse(state)?,
        quote: quote.clone(),
        tags: tags
            .split(' ')
            .filter(|tag| !tag.is_empty())
            .map(TagId::parse)
            .collect::<Option<_>>()?,
        taken,
        kept: Kept::new(kept.collect::<BTreeMap<_, _>>()),
    })
}
