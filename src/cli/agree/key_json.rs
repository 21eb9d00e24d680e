//! Pupils against a key as one JSON object, for programs.

use super::{
    json::{at, confusion, edges, side, unplaced},
    key::{Compared, left_out_words},
};
use crate::agreement::{ArticleLayers, Disagreed, KEY, KeyPassage, KeyScore};
use serde_json::{Value, json};

/// Returns the comparison as one JSON object.
pub fn json(compared: &Compared<'_>) -> Value {
    let (report, rule) = (&compared.report, &compared.rule);
    let corpus = &report.corpus;
    let articles = corpus.articles.iter().map(|article| {
        let pupils = (KEY + 1..corpus.annotators.len())
            .filter(|pupil| article.layer(*pupil).is_some())
            .filter_map(|pupil| corpus.annotators.get(pupil));
        json!({
            "name": article.name,
            "code_points": article.length,
            "passages": article.layer(KEY).map_or(0, <[_]>::len),
            "pupils": pupils.collect::<Vec<_>>(),
        })
    });
    let left_out = compared.left_out.iter().map(left_out_words);
    let unread = compared
        .unread
        .iter()
        .map(|why| format!("not compared: {why}"));
    json!({
        "key": compared.keys,
        "articles": articles.collect::<Vec<_>>(),
        "points": {
            "right": rule.right,
            "edges": rule.edges,
            "wrong_tag": rule.other_tag,
            "missed": rule.missed,
            "extra": rule.extra,
            "lowest_sum": 0,
        },
        "pupils": report.scores.iter().map(|score| pupil(compared, score)).collect::<Vec<_>>(),
        "passages": report.passages.iter().map(|sum| passage(compared, sum)).collect::<Vec<_>>(),
        "confusions": report.confusions.iter().map(|table| confusion(corpus, table)).collect::<Vec<_>>(),
        "disagreements": report.disagreements.iter().map(|found| difference(compared, found)).collect::<Vec<_>>(),
        "not_compared": unplaced(corpus),
        "files_not_compared": left_out.chain(unread).collect::<Vec<_>>(),
        "re_anchored": corpus.re_anchored,
    })
}

fn pupil(compared: &Compared<'_>, score: &KeyScore) -> Value {
    let (corpus, rule) = (&compared.report.corpus, &compared.rule);
    let name = |article: &ArticleLayers| article.name.clone();
    let without = score
        .without
        .iter()
        .filter_map(|article| corpus.articles.get(*article));
    json!({
        "name": corpus.annotators.get(score.pupil),
        "points": score.points(rule),
        "points_possible": score.best(rule),
        "score": score.share(rule),
        "passages": score.n_key,
        "right": score.right,
        "edges": score.edges,
        "wrong_tag": score.other_tag,
        "missed": score.missed,
        "extra": score.extra,
        "articles": corpus.articles.len() - score.without.len(),
        "not_handed_in": without.map(name).collect::<Vec<_>>(),
    })
}

fn passage(compared: &Compared<'_>, sum: &KeyPassage) -> Value {
    let corpus = &compared.report.corpus;
    let names = |tags: &[usize]| -> Vec<&str> {
        let tags = tags.iter().filter_map(|tag| corpus.tags.get(*tag));
        tags.map(|tag| tag.name.as_str()).collect()
    };
    let article = corpus.articles.get(sum.article);
    let own = article.and_then(|article| article.layer(KEY)?.get(sum.passage));
    let given = sum
        .given
        .iter()
        .map(|(tags, n)| json!({ "tags": names(tags), "pupils": n }));
    let start = own.map(|own| own.footprint.cover().start);
    let more = json!({
        "id": own.map(|own| own.id.to_string()),
        "tags": own.map(|own| names(&own.tags)),
        "quote": own.map(|own| &own.quote),
        "pupils": sum.n_pupils,
        "right": sum.right,
        "edges": sum.edges,
        "wrong_tag": sum.other_tag,
        "missed": sum.missed,
        "given": given.collect::<Vec<_>>(),
    });
    at(corpus, sum.article, sum.line_col, start, more)
}

fn difference(compared: &Compared<'_>, found: &Disagreed) -> Value {
    let corpus = &compared.report.corpus;
    let more = json!({
        "difference": found.difference.word_with_key(),
        "pupil": corpus.annotators.get(found.annotators.1),
        "of_key": side(corpus, found, &found.a),
        "of_pupil": side(corpus, found, &found.b),
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
