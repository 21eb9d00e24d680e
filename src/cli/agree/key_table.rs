//! Pupils against a key as rows of cells, the first with the names of the columns.

use super::{
    args::TableName,
    key::Compared,
    table::{confusion, disagreement, row},
};
use crate::{
    agreement::{KEY, tag_names},
    cli::CliError,
};

/// Returns the rows of one table; without a name, of the pupils.
///
/// # Errors
/// When the comparison with a key has no such table.
pub fn rows(
    compared: &Compared<'_>,
    table: Option<TableName>,
) -> Result<Vec<Vec<String>>, CliError> {
    match table {
        None | Some(TableName::Pupils) => Ok(pupils(compared)),
        Some(TableName::Passages) => Ok(passages(compared)),
        Some(TableName::Disagreements) => Ok(disagreements(compared)),
        Some(TableName::Confusion) => {
            let report = &compared.report;
            Ok(confusion(&report.corpus, &report.confusions))
        }
        Some(table @ TableName::Figures) => Err(CliError::NoSuchTable {
            table: table.name(),
            with_key: true,
        }),
    }
}

fn pupils(compared: &Compared<'_>) -> Vec<Vec<String>> {
    let mut rows = vec![row([
        "pupil",
        "points",
        "points_possible",
        "score",
        "right",
        "edges",
        "wrong_tag",
        "missed",
        "extra",
        "articles",
    ])];
    let (report, rule) = (&compared.report, &compared.rule);
    for score in &report.scores {
        let name = report.corpus.annotators.get(score.pupil);
        let share = score.share(rule);
        let n_articles = report.corpus.articles.len() - score.without.len();
        rows.push(vec![
            name.cloned().unwrap_or_default(),
            score.points(rule).to_string(),
            score.best(rule).to_string(),
            share.map_or(String::new(), |share| format!("{share:.6}")),
            score.right.to_string(),
            score.edges.to_string(),
            score.other_tag.to_string(),
            score.missed.to_string(),
            score.extra.to_string(),
            n_articles.to_string(),
        ]);
    }
    rows
}

fn passages(compared: &Compared<'_>) -> Vec<Vec<String>> {
    let mut rows = vec![row([
        "article",
        "line",
        "column",
        "start",
        "tags",
        "quote",
        "pupils",
        "right",
        "edges",
        "wrong_tag",
        "missed",
        "given",
        "id",
    ])];
    let corpus = &compared.report.corpus;
    for sum in &compared.report.passages {
        let article = corpus.articles.get(sum.article);
        let passage = article.and_then(|article| article.layer(KEY)?.get(sum.passage));
        let (Some(article), Some(passage)) = (article, passage) else {
            continue;
        };
        let number = |n: Option<usize>| n.map_or_else(String::new, |n| (n + 1).to_string());
        let given = sum
            .given
            .iter()
            .map(|(tags, n)| format!("{} {n}", tag_names(&corpus.tags, tags)));
        rows.push(vec![
            article.name.clone(),
            number(sum.line_col.map(|place| place.line)),
            number(sum.line_col.map(|place| place.column)),
            passage.footprint.cover().start.to_string(),
            tag_names(&corpus.tags, &passage.tags),
            passage.quote.clone(),
            sum.n_pupils.to_string(),
            sum.right.to_string(),
            sum.edges.to_string(),
            sum.other_tag.to_string(),
            sum.missed.to_string(),
            given.collect::<Vec<_>>().join("; "),
            passage.id.to_string(),
        ]);
    }
    rows
}

fn disagreements(compared: &Compared<'_>) -> Vec<Vec<String>> {
    let mut rows = vec![row([
        "article",
        "line",
        "column",
        "start",
        "difference",
        "key",
        "pupil",
        "tags_key",
        "tags_pupil",
        "quote_key",
        "quote_pupil",
        "id_key",
        "id_pupil",
        "edges",
    ])];
    let corpus = &compared.report.corpus;
    let found = compared.report.disagreements.iter();
    rows.extend(found.map(|found| disagreement(corpus, found, found.difference.word_with_key())));
    rows
}
