//! Answers as they are typed, and as a table that is filled in.

use super::Listed;
use crate::{
    cli::{CliError, output},
    format::csv::{self, Spreadsheet},
    settling::{EdgeRule, Pick, Rules, Side},
};
use std::path::Path;

/// One answer: what to take, the beginning of an id, why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// What to take.
    pub take: String,
    /// The beginning of the id of a difference.
    pub id: String,
    /// Why; may be empty.
    pub reason: String,
}

/// Returns what `word` means among `sides`: a name goes before a letter.
///
/// # Errors
/// When it means nothing.
pub fn pick(word: &str, sides: &[Side]) -> Result<Pick, CliError> {
    let word = word.trim();
    if let Some(side) = sides.iter().position(|side| side.name == word) {
        return Ok(Pick::Side(side));
    }
    let letter = |n: usize| char::from_u32('a' as u32 + n as u32).map(String::from);
    let lower = word.to_lowercase();
    let by_letter = (0..sides.len().min(26)).find(|n| letter(*n).as_deref() == Some(&lower));
    let found = match lower.as_str() {
        "both" | "all" => Some(Pick::Both),
        "neither" | "none" => Some(Pick::Neither),
        "agreed" => Some(Pick::Agreed),
        number => by_letter
            .map(Pick::Side)
            .or_else(|| number.parse().ok().map(Pick::Number)),
    };
    found.ok_or_else(|| CliError::WhichPick {
        take: output::one_line(word, 60),
        sides: sides
            .iter()
            .enumerate()
            .map(|(n, side)| {
                let letter = letter(n).unwrap_or_default();
                format!("{letter} {}", output::one_line(&side.name, 60))
            })
            .collect(),
    })
}

/// Returns the rules of the command for an article with these sides.
///
/// # Errors
/// When a rule means nothing.
pub fn rules(args: &super::SettleArgs, sides: &[Side]) -> Result<Rules, CliError> {
    let side = |word: &Option<String>| word.as_ref().map(|word| pick(word, sides)).transpose();
    let edges = match args.edges.as_deref() {
        None => None,
        Some("shorter") => Some(EdgeRule::Shorter),
        Some("longer") => Some(EdgeRule::Longer),
        Some(word) => Some(EdgeRule::Take(pick(word, sides)?)),
    };
    let only = match args.only.as_deref() {
        Some("keep") => Some(Pick::Both),
        Some("drop") => Some(Pick::Neither),
        _ => side(&args.only)?,
    };
    Ok(Rules {
        edges,
        tags: side(&args.tags)?,
        only,
        details: side(&args.details)?,
        majority: args.majority,
        rest: side(&args.rest)?,
    })
}

/// Returns the answers in `text`, each with its line: a table with the headings `id`, `answer` and, if there are any,
/// `reason`, or lines `SIDE ID REASON…`. What has no answer is passed over.
///
/// # Errors
/// When a line is neither; the message names it.
pub fn read(text: &str, path: &Path) -> Result<Vec<(usize, Typed)>, CliError> {
    let bad = |line: usize, why: &str| CliError::BadAnswer {
        path: output::path(path),
        line,
        why: why.to_owned(),
    };
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let head = text.lines().next().unwrap_or_default();
    let separator = [',', ';', '\t']
        .into_iter()
        .max_by_key(|separator| head.matches(*separator).count());
    let separator = separator.unwrap_or(',');
    let is_heading = |cell: &str| cell.trim().to_lowercase();
    let headings: Vec<String> = match csv::rows(head, separator) {
        Ok(rows) => rows
            .into_iter()
            .flat_map(|(_, cells)| cells)
            .map(|cell| is_heading(&cell))
            .collect(),
        Err(_) => Vec::new(),
    };
    let column = |name: &str| headings.iter().position(|heading| heading == name);
    let (Some(id), Some(answer)) = (column("id"), column("answer")) else {
        return lines(text, &bad);
    };
    let reason = column("reason");
    let rows = csv::rows(text, separator).map_err(|error| bad(error.line, error.why))?;
    let mut typed = Vec::new();
    for (line, cells) in rows.into_iter().skip(1) {
        let cell = |at: usize| {
            let cell = cells.get(at).map_or("", |cell| cell.trim());
            // A spreadsheet may keep the apostrophe that made it text.
            cell.strip_prefix('\'').unwrap_or(cell).to_owned()
        };
        let (id, take) = (cell(id), cell(answer));
        if take.is_empty() {
            continue;
        }
        if id.is_empty() {
            return Err(bad(line, "the answer has no id"));
        }
        let reason = reason.map(cell).unwrap_or_default();
        typed.push((line, Typed { take, id, reason }));
    }
    Ok(typed)
}

fn lines(
    text: &str,
    bad: &dyn Fn(usize, &str) -> CliError,
) -> Result<Vec<(usize, Typed)>, CliError> {
    let mut typed = Vec::new();
    for (idx, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut words = line.split_whitespace();
        let (Some(take), Some(id)) = (words.next(), words.next()) else {
            return Err(bad(idx + 1, "expected SIDE ID and optionally a reason"));
        };
        let reason: Vec<&str> = words.collect();
        typed.push((
            idx + 1,
            Typed {
                take: take.to_owned(),
                id: id.to_owned(),
                reason: reason.join(" "),
            },
        ));
    }
    Ok(typed)
}

/// Returns the open differences as a table to fill in.
pub fn template(listed: &[Listed<'_>]) -> String {
    let headings = [
        "answer",
        "reason",
        "id",
        "article",
        "place",
        "kind",
        "difference",
    ];
    let mut out = csv::line(headings.into_iter(), Spreadsheet::Safe);
    for row in listed.iter().filter(|row| row.question.is_open()) {
        let id = row.question.id.to_string();
        let words = row.words();
        let cells = [
            "",
            "",
            id.as_str(),
            row.article.name.as_str(),
            row.place.as_str(),
            row.question.kind.word(),
            words.as_str(),
        ];
        out.push_str(&csv::line(cells.into_iter(), Spreadsheet::Safe));
    }
    out
}
