//! The comparison as rows of cells, the first with the names of the columns.

use super::{args::TableName, sides::edge_sentence};
use crate::agreement::{Agreement, Confusion, Corpus, Disagreed, Measure, Side, tag_names};

/// Returns the rows of one table.
pub fn rows(agreement: &Agreement, table: TableName) -> Vec<Vec<String>> {
    match table {
        TableName::Disagreements => disagreements(agreement),
        TableName::Confusion => confusion(&agreement.corpus, &agreement.confusions),
        _ => figures(agreement),
    }
}

/// Returns one row of cells.
pub fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

fn figures(agreement: &Agreement) -> Vec<Vec<String>> {
    let mut rows = vec![row([
        "tag",
        "figure",
        "value",
        "low",
        "high",
        "passages",
        "too_few",
        "undefined",
    ])];
    for line in &agreement.tags {
        let tag = line.tag.and_then(|tag| agreement.corpus.tags.get(tag));
        let name = tag.map_or("all tags", |tag| tag.name.as_str());
        for (kind, measure) in &line.figures {
            rows.push(figure(name, kind.key(), measure));
        }
    }
    for attribute in &agreement.attributes {
        let name = format!("attribute {}", attribute.name);
        for (key, measure) in [
            ("alpha_nominal", &attribute.nominal),
            ("alpha_ordinal", &attribute.ordinal),
            ("alpha_interval", &attribute.interval),
            ("gwet_ac2", &attribute.gwet_ac2),
        ] {
            rows.push(figure(&name, key, measure));
        }
    }
    rows
}

fn figure(name: &str, key: &str, measure: &Measure) -> Vec<String> {
    let number = |value: f64| format!("{value:.6}");
    let (value, why) = match measure.value {
        Ok(value) => (number(value), String::new()),
        Err(reason) => (String::new(), reason.to_string()),
    };
    let ends = measure
        .interval
        .map(|interval| (number(interval.low), number(interval.high)));
    let (low, high) = ends.unwrap_or_default();
    let too_few = if measure.is_too_few() { "yes" } else { "no" };
    vec![
        name.to_owned(),
        key.to_owned(),
        value,
        low,
        high,
        measure.n.to_string(),
        too_few.to_owned(),
        why,
    ]
}

fn disagreements(agreement: &Agreement) -> Vec<Vec<String>> {
    let mut rows = vec![row([
        "article",
        "line",
        "column",
        "start",
        "difference",
        "annotator_a",
        "annotator_b",
        "tags_a",
        "tags_b",
        "quote_a",
        "quote_b",
        "id_a",
        "id_b",
        "edges",
    ])];
    let corpus = &agreement.corpus;
    let found = agreement.disagreements.iter();
    rows.extend(found.map(|found| disagreement(corpus, found, found.difference.word())));
    rows
}

/// Returns one disagreement, with `difference` as its kind.
pub fn disagreement(corpus: &Corpus, found: &Disagreed, difference: &str) -> Vec<String> {
    let name = |annotator: usize| {
        corpus
            .annotators
            .get(annotator)
            .cloned()
            .unwrap_or_default()
    };
    let tags = |side: &Option<Side>| {
        side.as_ref()
            .map_or(String::new(), |side| tag_names(&corpus.tags, &side.tags))
    };
    let quote = |side: &Option<Side>| {
        side.as_ref()
            .map_or(String::new(), |side| side.quote.clone())
    };
    let id = |side: &Option<Side>| {
        let id = side.as_ref().map(|side| side.id.to_string());
        id.unwrap_or_default()
    };
    let article = corpus.articles.get(found.article);
    // From 1, as people count.
    let place = found
        .line_col
        .map(|place| ((place.line + 1).to_string(), (place.column + 1).to_string()));
    let (line, column) = place.unwrap_or_default();
    vec![
        article.map_or(String::new(), |article| article.name.clone()),
        line,
        column,
        found.start.to_string(),
        difference.to_owned(),
        name(found.annotators.0),
        name(found.annotators.1),
        tags(&found.a),
        tags(&found.b),
        quote(&found.a),
        quote(&found.b),
        id(&found.a),
        id(&found.b),
        edge_sentence(corpus, found),
    ]
}

/// Returns which tags met which.
pub fn confusion(corpus: &Corpus, confusions: &[Confusion]) -> Vec<Vec<String>> {
    let mut rows = vec![row([
        "annotator_a",
        "annotator_b",
        "tag_a",
        "tag_b",
        "passages",
    ])];
    let name = |tag: usize| {
        corpus
            .tags
            .get(tag)
            .map_or("(not marked)", |tag| tag.name.as_str())
    };
    let annotator = |annotator: usize| corpus.annotators.get(annotator).map_or("", String::as_str);
    for table in confusions {
        for (a, counts) in table.counts.iter().enumerate() {
            for (b, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                let (tag_a, tag_b) = (name(a), name(b));
                rows.push(row([
                    annotator(table.a),
                    annotator(table.b),
                    tag_a,
                    tag_b,
                    &count.to_string(),
                ]));
            }
        }
    }
    rows
}
