//! The comparison for people: a sentence and counts first, figures after, then every disagreement.

use super::{
    super::{CliError, Output, columns, edge_words::QUOTE_COLUMNS, output},
    ids::ShortIds,
    sides::{edge_sentence, place},
};
use crate::agreement::{
    Agreement, Corpus, Difference, Disagreed, Kind, MIN_ARTICLES, MIN_ITEMS, Measure, Side,
    TagFigures, Undefined, UnitKind,
    gamma::{Gamma, Optimum},
    sentence, tag_names,
};

/// Prints everything. `why_no_gamma` is what to say where gamma was left out without being told to.
///
/// # Errors
/// When the output is closed.
pub fn print(
    agreement: &Agreement,
    ids: &ShortIds,
    why_no_gamma: Option<&str>,
    output: &mut Output<'_>,
) -> Result<(), CliError> {
    for pair in &agreement.pairs {
        let (a, b) = (name(agreement, pair.a), name(agreement, pair.b));
        output.line(format_args!("{}", sentence(pair, &a, &b)))?;
    }
    figures(agreement, output)?;
    if let Some(why) = why_no_gamma {
        output.line(format_args!("  {why}"))?;
    }
    confusions(agreement, output)?;
    disagreements(agreement, ids, output)?;
    unplaced(&agreement.corpus, ids, output)
}

fn name(agreement: &Agreement, annotator: usize) -> String {
    name_in(&agreement.corpus, annotator)
}

/// Returns what to call an annotator.
pub fn name_in(corpus: &Corpus, annotator: usize) -> String {
    let name = corpus.annotators.get(annotator);
    output::one_line(name.map_or("", String::as_str), 60)
}

/// Returns the figures that people are shown; the rest is in the tables for programs.
fn shown(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Observed | Kind::ScottPi | Kind::BennettS | Kind::GwetAc1
    )
}

fn figures(agreement: &Agreement, output: &mut Output<'_>) -> Result<(), CliError> {
    let unit = match agreement.unit {
        UnitKind::Character => "characters",
        UnitKind::Sentence => "sentences",
    };
    let n_articles = agreement.corpus.articles.len();
    output.line(format_args!(
        "\nFigures: 1 is full agreement, 0 is chance (F1: no agreement). Kappa and alpha are over {unit}.\n{}",
        match n_articles {
            n if n < MIN_ARTICLES => format!("Intervals need at least {MIN_ARTICLES} articles."),
            n => format!("Intervals are 95 % intervals over {n} articles."),
        }
    ))?;
    let mut rows = Vec::new();
    for line in &agreement.tags {
        rows.extend(rows_of(agreement, line));
    }
    for attribute in &agreement.attributes {
        let figures = [
            ("alpha, equal or not", &attribute.nominal),
            ("alpha, by order", &attribute.ordinal),
            ("alpha, by difference", &attribute.interval),
        ];
        let n = attribute.nominal.n;
        let shown_name = output::one_line(&attribute.name, 40);
        let name = format!("attribute {shown_name} ({})", count(n, "passage"));
        if attribute.nominal.is_too_few() {
            rows.push(vec![name, "too few passages".to_owned()]);
            continue;
        }
        for (idx, (figure, measure)) in figures.into_iter().enumerate() {
            let first = if idx == 0 {
                name.clone()
            } else {
                String::new()
            };
            rows.push(row(first, figure, measure));
        }
    }
    for line in columns::table(&rows) {
        output.line(format_args!("  {line}"))?;
    }
    for (line, gamma) in agreement
        .tags
        .iter()
        .filter_map(|line| Some((line, line.gamma.as_ref()?)))
    {
        if line.tag.is_none() {
            for remark in of_gamma(gamma) {
                output.line(format_args!("  {remark}"))?;
            }
        }
    }
    let skipped: usize = agreement
        .tags
        .iter()
        .filter(|line| line.tag.is_some())
        .map(|line| line.n_skipped)
        .sum();
    if skipped > 0 {
        output.line(format_args!(
            "  Alpha-u leaves out {skipped} passages that overlap another one of the same annotator and tag; it keeps the earliest and longest."
        ))?;
    }
    Ok(())
}

fn rows_of(agreement: &Agreement, line: &TagFigures) -> Vec<Vec<String>> {
    let tag = line.tag.and_then(|tag| agreement.corpus.tags.get(tag));
    let n = line.figures.first().map_or(0, |(_, measure)| measure.n);
    let name = match tag {
        Some(tag) => format!(
            "{} ({})",
            output::one_line(&tag.name, 40),
            count(n, "passage")
        ),
        None => format!("all tags ({})", count(n, "tagged passage")),
    };
    if n < MIN_ITEMS {
        return vec![vec![name, "too few passages".to_owned()]];
    }
    let asked = line
        .figures
        .iter()
        .filter(|(kind, measure)| shown(*kind) && measure.value != Err(Undefined::NotAsked));
    asked
        .enumerate()
        .map(|(idx, (kind, measure))| {
            let first = if idx == 0 {
                name.clone()
            } else {
                String::new()
            };
            row(first, kind.name(), measure)
        })
        .collect()
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn row(first: String, figure: &str, measure: &Measure) -> Vec<String> {
    let value = match measure.value {
        Ok(value) => number(value),
        Err(reason) => format!("— {reason}"),
    };
    let interval = measure
        .interval
        .map(|interval| format!("{} to {}", number(interval.low), number(interval.high)));
    vec![
        first,
        figure.to_owned(),
        value,
        interval.unwrap_or_default(),
    ]
}

/// Returns two digits; a value that would be shown as full agreement and is none is not rounded up to it.
fn number(value: f64) -> String {
    let shown = format!("{value:.2}");
    match shown.as_str() {
        "1.00" if value < 1.0 => "0.99+".to_owned(),
        "-0.00" => "0.00".to_owned(),
        _ => shown,
    }
}

fn of_gamma(gamma: &Gamma) -> Vec<String> {
    let Some(range) = gamma.range.filter(|_| gamma.value.is_ok()) else {
        return Vec::new();
    };
    let mut lines = vec![format!(
        "Gamma uses {} random samples; their spread puts the gamma of all tags between {} and {}.",
        gamma.n_samples,
        number(range.low),
        number(range.high)
    )];
    for (what, optimum) in [
        ("the annotations", gamma.optimum),
        ("chance", gamma.samples_optimum),
    ] {
        if let Optimum::Bounded { gap } = optimum {
            lines.push(format!(
                "The alignment of {what} may not be optimal; a better one is better by at most {:.2} %.",
                gap * 100.0
            ));
        }
    }
    lines
}

fn confusions(agreement: &Agreement, output: &mut Output<'_>) -> Result<(), CliError> {
    let names: Vec<String> = agreement
        .corpus
        .tags
        .iter()
        .map(|tag| output::one_line(&tag.name, 24))
        .chain(["(not marked)".to_owned()])
        .collect();
    for table in &agreement.confusions {
        output.line(format_args!(
            "\nTags of {} (rows) and {} (columns)",
            name(agreement, table.a),
            name(agreement, table.b)
        ))?;
        let mut rows = vec![
            std::iter::once(String::new())
                .chain(names.clone())
                .collect::<Vec<_>>(),
        ];
        for (name, counts) in names.iter().zip(&table.counts) {
            let counts = counts.iter().map(|count| {
                if *count == 0 {
                    "·".to_owned()
                } else {
                    count.to_string()
                }
            });
            rows.push(std::iter::once(name.clone()).chain(counts).collect());
        }
        for line in columns::table(&rows) {
            output.line(format_args!("  {line}"))?;
        }
    }
    Ok(())
}

fn disagreements(
    agreement: &Agreement,
    ids: &ShortIds,
    output: &mut Output<'_>,
) -> Result<(), CliError> {
    if agreement.disagreements.is_empty() {
        return output.line(format_args!("\nNo disagreements."));
    }
    output.line(format_args!(
        "\nDisagreements: {}",
        agreement.disagreements.len()
    ))?;
    for found in &agreement.disagreements {
        output.line(format_args!("{}", disagreement(agreement, ids, found)))?;
    }
    Ok(())
}

fn disagreement(agreement: &Agreement, ids: &ShortIds, found: &Disagreed) -> String {
    let corpus = &agreement.corpus;
    let (a, b) = (
        name_in(corpus, found.annotators.0),
        name_in(corpus, found.annotators.1),
    );
    let (tags_a, tags_b) = (tags(corpus, &found.a), tags(corpus, &found.b));
    let (quote_a, quote_b) = (quote(&found.a), quote(&found.b));
    let edges = edge_sentence(corpus, found);
    let what = match found.difference {
        Difference::OtherTag if edges.is_empty() => {
            format!("{a}: {tags_a}; {b}: {tags_b}: {quote_a}")
        }
        Difference::OtherTag => format!("{a}: {tags_a}; {b}: {tags_b}, {edges}: {quote_a}"),
        Difference::Edges => format!("{tags_a}; {b} {edges}: {quote_a}"),
        Difference::OnlyA => format!("only {a}: {tags_a}: {quote_a}"),
        Difference::OnlyB => format!("only {b}: {tags_b}: {quote_b}"),
    };
    let place = place(corpus, found.article, found.start);
    let marks = marks(corpus, ids, found);
    format!("{place}: {what} {marks}")
}

/// Returns the marks of both by whom and id: `[Ana 0193a1b2, Ben 0193a1c3]`.
pub fn marks(corpus: &Corpus, ids: &ShortIds, found: &Disagreed) -> String {
    let sides = [
        (found.annotators.0, &found.a),
        (found.annotators.1, &found.b),
    ];
    let marks: Vec<String> = sides
        .into_iter()
        .filter_map(|(annotator, side)| {
            let id = ids.short(side.as_ref()?.id);
            Some(format!("{} {id}", name_in(corpus, annotator)))
        })
        .collect();
    format!("[{}]", marks.join(", "))
}

/// Returns the tags of one side.
pub fn tags(corpus: &Corpus, side: &Option<Side>) -> String {
    let tags = side
        .as_ref()
        .map_or(String::new(), |side| tag_names(&corpus.tags, &side.tags));
    output::one_line(&tags, 60)
}

/// Returns the beginning of what one side marked.
pub fn quote(side: &Option<Side>) -> String {
    output::one_line(side.as_ref().map_or("", |side| &side.quote), QUOTE_COLUMNS)
}

/// Prints the annotations without a place.
///
/// # Errors
/// When the output is closed.
pub fn unplaced(corpus: &Corpus, ids: &ShortIds, output: &mut Output<'_>) -> Result<(), CliError> {
    if corpus.unplaced.is_empty() {
        return Ok(());
    }
    output.line(format_args!("\nNot compared: {}", corpus.unplaced.len()))?;
    for lost in &corpus.unplaced {
        let article = corpus.articles.get(lost.article);
        output.line(format_args!(
            "{}: {}: {}: {} [{}]",
            output::one_line(article.map_or("", |article| &article.name), 100),
            name_in(corpus, lost.annotator),
            lost.why,
            output::one_line(&lost.quote, QUOTE_COLUMNS),
            ids.short(lost.id)
        ))?;
    }
    Ok(())
}
