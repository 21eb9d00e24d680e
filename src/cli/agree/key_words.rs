//! Pupils against a key, for people: points and counts first, the passages of the key after, then every difference.

use super::{
    ids::ShortIds,
    key::{Compared, left_out_words},
    sides::{edge_sentence, place},
    words::{marks, name_in, quote, tags, unplaced},
};
use crate::{
    agreement::{Difference, Disagreed, KEY, KeyPassage, KeyScore, PointRule, tag_names},
    cli::{
        CliError, Output, columns,
        edge_words::QUOTE_COLUMNS,
        output::{count, one_line},
    },
};

/// Prints everything.
///
/// # Errors
/// When the output is closed.
pub fn print(
    compared: &Compared<'_>,
    ids: &ShortIds,
    output: &mut Output<'_>,
) -> Result<(), CliError> {
    let report = &compared.report;
    output.line(format_args!(
        "{} against the key: {} in {}.\n{}\n",
        count(report.scores.len(), "pupil"),
        count(report.passages.len(), "passage"),
        count(report.corpus.articles.len(), "article"),
        rule_words(&compared.rule)
    ))?;
    let mut rows = vec![
        [
            "pupil",
            "points",
            "score",
            "right",
            "other edges",
            "wrong tag",
            "missed",
            "extra",
        ]
        .map(str::to_owned)
        .to_vec(),
    ];
    let scores = report.scores.iter();
    rows.extend(scores.map(|score| score_cells(compared, score)));
    for line in columns::table(&rows) {
        output.line(format_args!("  {line}"))?;
    }
    without_file(compared, output)?;
    passages(compared, ids, output)?;
    differences(compared, ids, output)?;
    unplaced(&report.corpus, ids, output)?;
    let n_files = compared.left_out.len() + compared.unread.len();
    if n_files > 0 {
        output.line(format_args!("\nFiles not compared: {n_files}"))?;
        for file in &compared.left_out {
            output.line(format_args!("{}", left_out_words(file)))?;
        }
        for why in &compared.unread {
            output.line(format_args!("not compared: {why}"))?;
        }
    }
    Ok(())
}

/// Returns what counts how much.
pub fn rule_words(rule: &PointRule) -> String {
    format!(
        "Points for each passage: right {}, right tag with other edges {}, wrong tag {}, missed {}, extra {}; a pupil's total is never below 0.",
        number(rule.right),
        number(rule.edges),
        number(rule.other_tag),
        number(rule.missed),
        number(rule.extra)
    )
}

/// Returns a number of points, with two digits at most.
pub fn number(value: f64) -> String {
    let written = format!("{value:.2}");
    let short = written.trim_end_matches('0').trim_end_matches('.');
    match short {
        "-0" => "0".to_owned(),
        short => short.to_owned(),
    }
}

fn score_cells(compared: &Compared<'_>, score: &KeyScore) -> Vec<String> {
    let rule = &compared.rule;
    let share = score.share(rule).map(|share| {
        // Full marks are for those who have them.
        let percent = (share * 100.0).round();
        let percent = if share < 1.0 {
            percent.min(99.0)
        } else {
            percent
        };
        format!("{percent} %")
    });
    vec![
        name_in(&compared.report.corpus, score.pupil),
        format!(
            "{} of {}",
            number(score.points(rule)),
            number(score.best(rule))
        ),
        share.unwrap_or_else(|| "—".to_owned()),
        score.right.to_string(),
        score.edges.to_string(),
        score.other_tag.to_string(),
        score.missed.to_string(),
        score.extra.to_string(),
    ]
}

/// Names the pupils who have no file on an article: nothing of it is counted for them.
fn without_file(compared: &Compared<'_>, output: &mut Output<'_>) -> Result<(), CliError> {
    let corpus = &compared.report.corpus;
    let lacking = compared
        .report
        .scores
        .iter()
        .filter(|score| !score.without.is_empty());
    for (n, score) in lacking.enumerate() {
        if n == 0 {
            output.line(format_args!(
                "\nNot handed in, and not counted for the pupil:"
            ))?;
        }
        let articles = score
            .without
            .iter()
            .filter_map(|at| corpus.articles.get(*at));
        let articles: Vec<String> = articles
            .map(|article| one_line(&article.name, 100))
            .collect();
        output.line(format_args!(
            "  {}: {}",
            name_in(corpus, score.pupil),
            articles.join(", ")
        ))?;
    }
    Ok(())
}

fn passages(
    compared: &Compared<'_>,
    ids: &ShortIds,
    output: &mut Output<'_>,
) -> Result<(), CliError> {
    output.line(format_args!("\nPassages of the key"))?;
    let cells = compared
        .report
        .passages
        .iter()
        .filter_map(|passage| passage_cells(compared, ids, passage));
    for line in columns::table(&cells.collect::<Vec<_>>()) {
        output.line(format_args!("  {line}"))?;
    }
    Ok(())
}

fn passage_cells(compared: &Compared<'_>, ids: &ShortIds, sum: &KeyPassage) -> Option<Vec<String>> {
    let corpus = &compared.report.corpus;
    let article = corpus.articles.get(sum.article)?;
    let passage = article.layer(KEY)?.get(sum.passage)?;
    let mut said = vec![format!("missed by {} of {}", sum.missed, sum.n_pupils)];
    if sum.other_tag > 0 {
        let given = sum
            .given
            .iter()
            .map(|(tags, n)| format!("{} {n}", one_line(&tag_names(&corpus.tags, tags), 60)));
        said.push(format!(
            "wrong tag by {} ({})",
            sum.other_tag,
            given.collect::<Vec<_>>().join("; ")
        ));
    }
    if sum.edges > 0 {
        said.push(format!("other edges by {}", sum.edges));
    }
    Some(vec![
        place(corpus, sum.article, passage.footprint.cover().start),
        said.join(", "),
        one_line(&tag_names(&corpus.tags, &passage.tags), 60),
        one_line(&passage.quote, QUOTE_COLUMNS),
        format!("[{}]", ids.short(passage.id)),
    ])
}

fn differences(
    compared: &Compared<'_>,
    ids: &ShortIds,
    output: &mut Output<'_>,
) -> Result<(), CliError> {
    let all = &compared.report.disagreements;
    if all.is_empty() {
        return output.line(format_args!("\nNo pupil differs from the key."));
    }
    output.line(format_args!("\nDifferences: {}", all.len()))?;
    for found in all {
        output.line(format_args!("{}", difference(compared, ids, found)))?;
    }
    Ok(())
}

fn difference(compared: &Compared<'_>, ids: &ShortIds, found: &Disagreed) -> String {
    let corpus = &compared.report.corpus;
    let pupil = name_in(corpus, found.annotators.1);
    let (of_key, given) = (tags(corpus, &found.a), tags(corpus, &found.b));
    let edges = edge_sentence(corpus, found);
    let what = match found.difference {
        Difference::OtherTag if edges.is_empty() => {
            format!(
                "wrong tag {given}, the key has {of_key}: {}",
                quote(&found.a)
            )
        }
        Difference::OtherTag => format!(
            "wrong tag {given}, the key has {of_key}; {edges}: {}",
            quote(&found.a)
        ),
        Difference::Edges => format!("other edges of {of_key}, {edges}: {}", quote(&found.a)),
        Difference::OnlyA => format!("missed {of_key}: {}", quote(&found.a)),
        Difference::OnlyB => format!("extra {given}: {}", quote(&found.b)),
    };
    let place = place(corpus, found.article, found.start);
    format!("{place}: {pupil}: {what} {}", marks(corpus, ids, found))
}
