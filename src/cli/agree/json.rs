//! The comparison as one JSON object, for programs: every figure, even of few passages.

use super::sides::{self, place_of};
use crate::{
    agreement::{
        Agreement, Confusion, Corpus, Disagreed, Interval, Measure, PairCounts, Side, TagFigures,
        UnitKind,
        gamma::{Gamma, Optimum},
    },
    text::LineCol,
};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Returns the agreement as one JSON object.
pub fn json(agreement: &Agreement) -> Value {
    let corpus = &agreement.corpus;
    let name = |annotator: usize| corpus.annotators.get(annotator);
    let articles = corpus.articles.iter().map(|article| {
        let own = article
            .layers
            .iter()
            .enumerate()
            .filter(|(_, layer)| layer.is_some());
        json!({
            "name": article.name,
            "code_points": article.length,
            "annotators": own.map(|(annotator, _)| name(annotator)).collect::<Vec<_>>(),
        })
    });
    let attributes = agreement.attributes.iter().map(|attribute| {
        json!({
            "name": attribute.name,
            "alpha_nominal": Figure::of(&attribute.nominal),
            "alpha_ordinal": Figure::of(&attribute.ordinal),
            "alpha_interval": Figure::of(&attribute.interval),
            "gwet_ac2": Figure::of(&attribute.gwet_ac2),
        })
    });
    json!({
        "annotators": corpus.annotators,
        "articles": articles.collect::<Vec<_>>(),
        "unit": match agreement.unit {
            UnitKind::Character => "character",
            UnitKind::Sentence => "sentence",
        },
        "pairs": agreement.pairs.iter().map(|counts| pair(agreement, counts)).collect::<Vec<_>>(),
        "figures": agreement.tags.iter().map(|line| figures(agreement, line)).collect::<Vec<_>>(),
        "attributes": attributes.collect::<Vec<_>>(),
        "confusions": agreement.confusions.iter().map(|table| confusion(corpus, table)).collect::<Vec<_>>(),
        "disagreements": agreement.disagreements.iter().map(|found| disagreement(agreement, found)).collect::<Vec<_>>(),
        "not_compared": unplaced(corpus),
        "re_anchored": corpus.re_anchored,
    })
}

/// One figure; `value` is null where it is not defined, and `undefined` says why.
#[derive(Serialize)]
struct Figure {
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    passages: usize,
    too_few: bool,
    undefined: Option<String>,
}

impl Figure {
    fn of(measure: &Measure) -> Self {
        Self {
            value: measure.value.ok(),
            low: measure.interval.map(|interval| interval.low),
            high: measure.interval.map(|interval| interval.high),
            passages: measure.n,
            too_few: measure.is_too_few(),
            undefined: measure.value.err().map(|reason| reason.to_string()),
        }
    }
}

fn pair(agreement: &Agreement, counts: &PairCounts) -> Value {
    let name = |annotator: usize| agreement.corpus.annotators.get(annotator);
    json!({
        "a": name(counts.a),
        "b": name(counts.b),
        "articles": counts.n_articles,
        "passages_a": counts.n_a,
        "passages_b": counts.n_b,
        "same": counts.same,
        "same_with_other_edges": counts.edges,
        "other_tag": counts.other_tag,
        "only_a": counts.only_a,
        "only_b": counts.only_b,
    })
}

fn figures(agreement: &Agreement, line: &TagFigures) -> Value {
    let tag = line.tag.and_then(|tag| agreement.corpus.tags.get(tag));
    let measures = line
        .figures
        .iter()
        .map(|(kind, measure)| (kind.key().to_owned(), json!(Figure::of(measure))));
    json!({
        "tag": tag.and_then(|tag| tag.id.as_ref()).map(|id| id.as_str()),
        "name": tag.map_or("all tags", |tag| &tag.name),
        "passages": line.n_passages,
        "measures": measures.collect::<Map<_, _>>(),
        "gamma": line.gamma.as_ref().map(gamma),
        "alpha_u_left_out": line.n_skipped,
    })
}

fn gamma(gamma: &Gamma) -> Value {
    let gap = |optimum: Optimum| match optimum {
        Optimum::Proven => 0.0,
        Optimum::Bounded { gap } => gap,
    };
    json!({
        "observed_disorder": gamma.observed,
        "expected_disorder": gamma.expected,
        "samples": gamma.n_samples,
        "range": gamma.range.map(|Interval { low, high }| [low, high]),
        "alignment_gap": gap(gamma.optimum),
        "samples_gap": gap(gamma.samples_optimum),
    })
}

/// Returns which tags of one met which of the other.
pub fn confusion(corpus: &Corpus, table: &Confusion) -> Value {
    let tags = corpus
        .tags
        .iter()
        .map(|tag| tag.name.as_str())
        .chain(["(not marked)"]);
    json!({
        "a": corpus.annotators.get(table.a),
        "b": corpus.annotators.get(table.b),
        "tags": tags.collect::<Vec<_>>(),
        "counts": table.counts,
    })
}

fn disagreement(agreement: &Agreement, found: &Disagreed) -> Value {
    let corpus = &agreement.corpus;
    let more = json!({
        "difference": found.difference.word(),
        "annotator_a": corpus.annotators.get(found.annotators.0),
        "annotator_b": corpus.annotators.get(found.annotators.1),
        "a": side(corpus, found, &found.a),
        "b": side(corpus, found, &found.b),
        "edges": edges(corpus, found),
    });
    at(
        corpus,
        found.article,
        found.line_col,
        Some(found.start),
        more,
    )
}

/// Returns `more` together with where in which article it is: line and column from 1, `start` in code points from 0.
pub fn at(
    corpus: &Corpus,
    article: usize,
    place: Option<LineCol>,
    start: Option<usize>,
    mut more: Value,
) -> Value {
    more["article"] = json!(corpus.articles.get(article).map(|article| &article.name));
    more["place"] = json!(place.map(|place| place.to_string()));
    more["line"] = json!(place.map(|place| place.line + 1));
    more["column"] = json!(place.map(|place| place.column + 1));
    more["start"] = json!(start);
    more
}

/// Returns what one side marked, with the place it begins at; null when it marked nothing.
pub fn side(corpus: &Corpus, found: &Disagreed, side: &Option<Side>) -> Value {
    let Some(side) = side else {
        return Value::Null;
    };
    let tags = side.tags.iter().filter_map(|tag| corpus.tags.get(*tag));
    let stretches = side.footprint.stretches().iter();
    json!({
        "id": side.id.to_string(),
        "place": place_of(corpus, found.article, side.footprint.cover().start),
        "tags": tags.map(|tag| tag.name.as_str()).collect::<Vec<_>>(),
        "stretches": stretches.map(|stretch| [stretch.start, stretch.end]).collect::<Vec<_>>(),
        "quote": side.quote,
    })
}

/// Returns at which ends the second mark has more or less than the first, and which words; null unless both marked.
pub fn edges(corpus: &Corpus, found: &Disagreed) -> Value {
    let Some(shifts) = sides::shifts(found) else {
        return Value::Null;
    };
    let text = sides::text(corpus, found);
    let shifts = shifts.iter().map(|shift| {
        json!({
            "at": if shift.at_start { "start" } else { "end" },
            "change": if shift.has_more { "more" } else { "less" },
            "words": shift.words(text),
            "stretch": [shift.span.0, shift.span.1],
        })
    });
    Value::Array(shifts.collect())
}

/// Returns the annotations that have no place.
pub fn unplaced(corpus: &Corpus) -> Value {
    let unplaced = corpus.unplaced.iter().map(|lost| {
        json!({
            "article": corpus.articles.get(lost.article).map(|article| &article.name),
            "annotator": corpus.annotators.get(lost.annotator),
            "id": lost.id.to_string(),
            "quote": lost.quote,
            "why": lost.why,
        })
    });
    Value::Array(unplaced.collect())
}
