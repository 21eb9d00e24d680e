//! Differences for people, one line each, and for programs.

use super::{Job, Listed, SettleArgs};
use crate::{
    annotation::{AnnotationSet, TagId},
    cli::{
        CliError, Output, columns,
        edge_words::{edges, quoted},
        output,
    },
    settling::{QuestionKind, Side, Variant},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Hexadecimal digits of an id that are shown.
const ID_CHARS: usize = 8;

/// Prints the differences and how many there are.
///
/// # Errors
/// When the output is closed.
pub fn print(
    jobs: &[Job<'_>],
    listed: &[Listed<'_>],
    args: &SettleArgs,
    output: &mut Output<'_>,
) -> Result<(), CliError> {
    let count = |is_meant: &dyn Fn(&Listed<'_>) -> bool| -> usize {
        listed.iter().filter(|it| is_meant(it)).count()
    };
    let n_open = count(&|it| it.question.is_open());
    let n_now = count(&|it| it.question.is_new);
    let n_before = listed.len() - n_open - n_now;
    if args.json {
        let rows: Vec<Value> = listed.iter().map(Listed::json).collect();
        output.json(&rows)?;
    } else {
        let shown = listed
            .iter()
            .filter(|it| args.all || it.question.is_open() || it.question.is_new);
        let cells: Vec<Vec<String>> = shown.map(Listed::cells).collect();
        for line in columns::table(&cells) {
            output.line(format_args!("{line}"))?;
        }
    }
    let total = |of: fn(&Job<'_>) -> usize| jobs.iter().map(of).sum::<usize>();
    let n_same = total(|job| job.outcome.n_same);
    let summary = format!(
        "{}: {n_same} marks are the same, {}: {n_now} settled now, {n_before} before, {n_open} open{}",
        output::count(jobs.len(), "article"),
        output::count(listed.len(), "difference"),
        if args.dry_run {
            "; nothing was written"
        } else {
            ""
        },
    );
    if args.json {
        output.remark(format_args!("{summary}"));
    } else {
        output.line(format_args!("{summary}"))?;
    }
    let notes = [
        (
            total(|job| job.outcome.n_repeated),
            "mark that one annotator made twice is now one",
            "marks that one annotator made twice are now one each",
        ),
        (
            total(|job| job.outcome.n_only_agreed),
            "mark is only in the agreed file and stays there",
            "marks are only in the agreed file and stay there",
        ),
        (
            total(|job| job.outcome.n_links_left),
            "link to a mark that is not agreed on stays in the annotator's file",
            "links to marks that are not agreed on stay in the annotators' files",
        ),
    ];
    for (n, one, several) in notes {
        match n {
            0 => {}
            1 => output.remark(format_args!("1 {one}")),
            n => output.remark(format_args!("{n} {several}")),
        }
    }
    Ok(())
}

/// Returns the letter and name of a side: `a Ana`.
fn side_name(sides: &[Side], side: usize) -> String {
    let name = sides.get(side).map_or("", |side| side.name.as_str());
    let letter = char::from_u32('a' as u32 + side as u32).filter(char::is_ascii_lowercase);
    let letter = letter.map_or_else(|| (side + 1).to_string(), String::from);
    format!("{letter} {}", output::one_line(name, 40))
}

impl Listed<'_> {
    fn cells(&self) -> Vec<String> {
        let id: String = self
            .question
            .id
            .to_string()
            .chars()
            .take(ID_CHARS)
            .collect();
        let article = output::one_line(&self.article.name, 100);
        let words = match self.outcome() {
            None => self.words(),
            Some(outcome) => format!("{} — {outcome}", self.words()),
        };
        vec![
            id,
            format!("{article}:{}", self.place),
            self.question.kind.word().to_owned(),
            words,
        ]
    }

    /// Returns the difference on one line.
    pub fn words(&self) -> String {
        let question = self.question;
        let Some(first) = question.variants.first() else {
            return String::new();
        };
        let quote = quoted(&first.annotation.quote());
        let tags = tags(self.set, &first.annotation.tags);
        let each = |what: &dyn Fn(&Variant) -> String| -> String {
            let numbered = question.variants.iter().enumerate();
            let phrases =
                numbered.map(|(n, variant)| format!("{}: {}", self.who(n), what(variant)));
            phrases.collect::<Vec<_>>().join("; ")
        };
        let text = self.article.text.as_ref();
        let edges = |variant: &Variant| edges(&first.stretches, &variant.stretches, text);
        match question.kind {
            QuestionKind::Only => format!("only {}: {tags} {quote}", self.who(0)),
            QuestionKind::Tags => {
                let phrase = |variant: &Variant| {
                    let tags = tags_of(self.set, variant);
                    match edges(variant) {
                        moved if moved.is_empty() => tags,
                        moved => format!("{tags}, {moved}"),
                    }
                };
                format!("{quote}: {}", each(&phrase))
            }
            QuestionKind::Edges => {
                let phrase = |variant: &Variant| match edges(variant) {
                    moved if moved.is_empty() => quoted(&variant.annotation.quote()),
                    moved => moved,
                };
                format!("{tags}: {}", each(&phrase))
            }
            QuestionKind::Details | QuestionKind::Duplicate => {
                format!("{tags} {quote}: {}", each(&|it| self.details(it)))
            }
            QuestionKind::Changed => {
                let phrase = |variant: &Variant| {
                    let tags = tags_of(self.set, variant);
                    let quote = quoted(&variant.annotation.quote());
                    format!("{tags} {quote}, {}", self.details(variant))
                };
                let gone = match question.variants.len() {
                    1 => "; agreed: removed",
                    _ => "",
                };
                format!("{}{gone}", each(&phrase))
            }
        }
    }

    /// Returns who has the variant of this number, from 0.
    fn who(&self, number: usize) -> String {
        let Some(variant) = self.question.variants.get(number) else {
            return String::new();
        };
        let names: Vec<String> = variant
            .sides
            .iter()
            .map(|side| side_name(&self.article.sides, *side))
            .collect();
        let names = match names.is_empty() {
            true => "agreed".to_owned(),
            false => names.join(", "),
        };
        match self.question.kind {
            QuestionKind::Duplicate => format!("{} {names}", number + 1),
            _ => names,
        }
    }

    /// Returns what a variant says that not all say.
    fn details(&self, variant: &Variant) -> String {
        let variants = &self.question.variants;
        let names: BTreeSet<&String> = variants.iter().flat_map(|it| it.details.keys()).collect();
        let differs = |name: &&String| {
            let of = |it: &Variant| it.details.get(*name).cloned();
            variants.iter().any(|it| of(it) != of(variant))
        };
        let said: Vec<String> = names
            .into_iter()
            .filter(differs)
            .map(|name| match variant.details.get(name) {
                Some(value) => format!("{} {}", output::one_line(name, 60), quoted(value)),
                None => format!("no {}", output::one_line(name, 60)),
            })
            .collect();
        match said.is_empty() {
            true => "nothing else".to_owned(),
            false => said.join(", "),
        }
    }

    /// Returns how it was settled; `None` while it is open.
    fn outcome(&self) -> Option<String> {
        let decision = self.question.decision.as_ref()?;
        let numbered = self.question.variants.iter().enumerate();
        let is_taken = |variant: &Variant| {
            let id = variant.annotation.id;
            decision
                .taken()
                .any(|mark| mark.id == id && same(mark, variant))
        };
        let taken: Vec<String> = numbered
            .filter(|(_, variant)| is_taken(variant))
            .map(|(n, _)| self.who(n))
            .collect();
        let what = match (taken.as_slice(), decision.taken().next()) {
            ([], None) => "took none".to_owned(),
            ([], Some(_)) => "took what is in the agreed file".to_owned(),
            (taken, _) => format!("took {}", taken.join(" and ")),
        };
        let who = decision.who.and_then(|who| self.set.agents.get(&who));
        let who = who.map_or(String::new(), |who| {
            format!(", said {}", output::one_line(&who.name, 40))
        });
        Some(match decision.reason.as_str() {
            "" => format!("{what}{who}"),
            reason => format!("{what}{who}: {}", output::one_line(reason, 100)),
        })
    }

    fn json(&self) -> Value {
        let question = self.question;
        let decision = question.decision.as_deref();
        let state = match decision {
            None => "open",
            Some(_) if question.is_new => "settled now",
            Some(_) => "settled",
        };
        let marks: Vec<Value> = question
            .variants
            .iter()
            .map(|variant| {
                let sides = variant.sides.iter();
                let names: Vec<&str> = sides
                    .filter_map(|side| self.article.sides.get(*side))
                    .map(|side| side.name.as_str())
                    .collect();
                let tags: Vec<&str> = variant.annotation.tags.iter().map(TagId::as_str).collect();
                let id = variant.annotation.id;
                json!({
                    "id": id.to_string(),
                    "sides": names,
                    "agreed": variant.is_agreed(),
                    "tags": tags,
                    "quote": variant.annotation.quote(),
                    "start": variant.stretches.first().map(|(start, _)| *start),
                    "end": variant.stretches.last().map(|(_, end)| *end),
                    "details": variant.details,
                    "taken": decision.map(|it| it.taken().any(|mark| mark.id == id && same(mark, variant))),
                })
            })
            .collect();
        let who = decision
            .and_then(|it| it.who)
            .and_then(|who| self.set.agents.get(&who));
        json!({
            "id": question.id.to_string(),
            "article": self.article.name,
            "place": self.place,
            "start": question.start(),
            "kind": question.kind.word(),
            "state": state,
            "marks": marks,
            "who": who.map(|who| who.name.as_str()),
            "when": decision.map(|it| it.when.to_string()),
            "reason": decision.map(|it| it.reason.as_str()),
            "words": self.words(),
        })
    }
}

/// Returns whether a mark of a decision is one of a variant: copies of one mark have one id.
fn same(mark: &crate::annotation::DecidedMark, variant: &Variant) -> bool {
    mark.tags == variant.annotation.tags && mark.quote == variant.annotation.quote()
}

fn tags_of(set: &AnnotationSet, variant: &Variant) -> String {
    tags(set, &variant.annotation.tags)
}

fn tags(set: &AnnotationSet, tags: &[TagId]) -> String {
    let names: Vec<&str> = tags.iter().map(|tag| set.tag_name(tag)).collect();
    match names.is_empty() {
        true => "(no tag)".to_owned(),
        false => output::one_line(&names.join(", "), 60),
    }
}
