//! Passages as they are named on the command line: by their wording, or by counts of code points.

use super::{CliError, columns, output::one_line};
use crate::{
    anchor::find_quote,
    text::{ByteOffset, CharOffset, SourceText, TextRange, boundary},
};
use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches, error::ErrorKind};

/// Most places of a repeated quote that are listed.
const MAX_LISTED: usize = 20;
/// Bytes of context shown on each side of a place.
const CONTEXT_BYTES: usize = 36;
/// Longest quote that is shown in a message, in columns of a terminal.
const QUOTE_COLUMNS: usize = 80;

/// One passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// By its wording.
    Quote {
        /// The wording; white space counts as one blank.
        quote: String,
        /// Which of its occurrences, from 1.
        nth: Option<usize>,
    },
    /// By its offsets.
    At {
        /// Its first code point, from 0.
        start: usize,
        /// The code point after its last.
        end: usize,
    },
}

/// The passages in the order in which they were typed. `--nth` belongs to the `--quote` before it, which clap's
/// derive cannot say; so this reads the arguments by their places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places(pub Vec<Place>);

/// What the options are called by which a command names passages.
struct Names {
    quote: &'static str,
    nth: &'static str,
    at: Option<&'static str>,
    quote_help: &'static str,
    at_help: &'static str,
}

const NTH_HELP: [&str; 2] = [
    "Occurrence of the preceding --quote, from 1",
    "Occurrence of the preceding --to, from 1",
];

impl Names {
    fn declare(&self, command: Command) -> Command {
        let nth_help = NTH_HELP[usize::from(self.quote == "to")];
        let command = command
            .arg(
                Arg::new(self.quote)
                    .long(self.quote)
                    .value_name("WORDING")
                    .action(ArgAction::Append)
                    .allow_hyphen_values(true)
                    .help(self.quote_help),
            )
            .arg(
                Arg::new(self.nth)
                    .long(self.nth)
                    .value_name("N")
                    .action(ArgAction::Append)
                    .requires(self.quote)
                    .value_parser(clap::value_parser!(u32).range(1..))
                    .help(nth_help),
            );
        let Some(at) = self.at else { return command };
        command.arg(
            Arg::new(at)
                .long(at)
                .value_name("START..END")
                .action(ArgAction::Append)
                .value_parser(span)
                .help(self.at_help),
        )
    }

    fn read(&self, matches: &ArgMatches) -> Result<Vec<Place>, clap::Error> {
        let mut typed: Vec<(usize, Typed)> = Vec::new();
        let quotes = with_index::<String>(matches, self.quote);
        typed.extend(quotes.map(|(at, quote)| (at, Typed::Quote(quote))));
        let numbers = with_index::<u32>(matches, self.nth);
        typed.extend(numbers.map(|(at, n)| (at, Typed::Nth(n as usize))));
        if let Some(name) = self.at {
            typed.extend(with_index(matches, name).map(|(at, span)| (at, Typed::At(span))));
        }
        typed.sort_by_key(|(at, _)| *at);
        let mut places: Vec<Place> = Vec::new();
        for (_, typed) in typed {
            match (typed, places.last_mut()) {
                (Typed::Quote(quote), _) => places.push(Place::Quote { quote, nth: None }),
                (Typed::At((start, end)), _) => places.push(Place::At { start, end }),
                (
                    Typed::Nth(n),
                    Some(Place::Quote {
                        nth: nth @ None, ..
                    }),
                ) => *nth = Some(n),
                (Typed::Nth(n), _) => {
                    let (nth, quote) = (self.nth, self.quote);
                    return Err(clap::Error::raw(
                        ErrorKind::ArgumentConflict,
                        format!("--{nth} {n} must follow the --{quote} that it belongs to\n"),
                    ));
                }
            }
        }
        Ok(places)
    }
}

/// Lets clap read passages by options of these names.
macro_rules! read_by {
    ($type:ident, $names:expr, $wrap:expr) => {
        impl clap::Args for $type {
            fn augment_args(command: Command) -> Command {
                $names.declare(command)
            }

            fn augment_args_for_update(command: Command) -> Command {
                Self::augment_args(command)
            }
        }

        impl FromArgMatches for $type {
            fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
                $names.read(matches).map($wrap)
            }

            fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
                *self = Self::from_arg_matches(matches)?;
                Ok(())
            }
        }
    };
}

const PASSAGE: Names = Names {
    quote: "quote",
    nth: "nth",
    at: Some("at"),
    quote_help: "Wording of the passage; any white space matches any other. Repeat it for further segments of the annotation",
    at_help: "Position of the passage in code points from 0, end excluded; may be repeated and mixed with --quote",
};

/// The passages of an annotation, by which a command finds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandsOn(pub Places);

const STANDS_ON: Names = Names {
    quote: "quote",
    nth: "nth",
    at: None,
    quote_help: "Wording of the annotation, instead of its ID; any white space matches any other. Repeat it for further segments",
    at_help: "",
};

/// The passages that an annotation moves to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MovesTo(pub Places);

const MOVES_TO: Names = Names {
    quote: "to",
    nth: "to-nth",
    at: Some("at"),
    quote_help: "Move the annotation to this wording; any white space matches any other. Repeat it for further segments",
    at_help: "Move the annotation to this position in code points from 0, end excluded; may be repeated and mixed with --to",
};

read_by!(Places, PASSAGE, Self);
read_by!(StandsOn, STANDS_ON, |places| Self(Places(places)));
read_by!(MovesTo, MOVES_TO, |places| Self(Places(places)));

enum Typed {
    Quote(String),
    Nth(usize),
    At((usize, usize)),
}

fn with_index<T: Clone + Send + Sync + 'static>(
    matches: &ArgMatches,
    name: &str,
) -> impl Iterator<Item = (usize, T)> {
    let values = matches.get_many::<T>(name).into_iter().flatten().cloned();
    matches.indices_of(name).into_iter().flatten().zip(values)
}

fn span(written: &str) -> Result<(usize, usize), String> {
    let ends = written
        .split_once("..")
        .and_then(|(start, end)| Some((start.parse().ok()?, end.parse().ok()?)));
    match ends {
        Some((start, end)) if start < end => Ok((start, end)),
        Some(_) => Err("the start must come before the end".to_owned()),
        None => Err("expected two numbers such as 120..145".to_owned()),
    }
}

impl Place {
    /// Returns all places that match: for a quote without a number, all its occurrences.
    ///
    /// # Errors
    /// When it is not found.
    pub fn candidates(&self, text: &SourceText) -> Result<Vec<TextRange>, CliError> {
        match self {
            Self::At { start, end } => Ok(vec![at(text, *start, *end)?]),
            Self::Quote { quote, nth } => {
                let found = find_quote(text, quote);
                if found.is_empty() {
                    return Err(CliError::QuoteNotFound {
                        quote: one_line(quote, QUOTE_COLUMNS),
                        found: longest_beginning(text, quote),
                    });
                }
                let Some(nth) = *nth else { return Ok(found) };
                let chosen = nth.checked_sub(1).and_then(|idx| found.get(idx));
                let chosen = chosen.ok_or_else(|| CliError::NoSuchOccurrence {
                    quote: one_line(quote, QUOTE_COLUMNS),
                    nth,
                    n_places: found.len(),
                })?;
                Ok(vec![*chosen])
            }
        }
    }

    /// Returns its only place.
    ///
    /// # Errors
    /// When it is not found, or in several places.
    pub fn resolve(&self, text: &SourceText) -> Result<TextRange, CliError> {
        let found = self.candidates(text)?;
        match (found.as_slice(), self) {
            ([only], _) => Ok(*only),
            (_, Self::Quote { quote, .. }) => Err(CliError::QuoteRepeated {
                quote: one_line(quote, QUOTE_COLUMNS),
                n_places: found.len(),
                places: listed(text, &found),
            }),
            (_, Self::At { start, end }) => Err(outside(text, *start, *end)),
        }
    }
}

impl Places {
    /// Returns the segments of one annotation, in the order of the text.
    ///
    /// # Errors
    /// When one of them is nowhere, in several places, or shares text with another.
    pub fn segments(&self, text: &SourceText) -> Result<Vec<TextRange>, CliError> {
        let found = self.0.iter().map(|place| place.resolve(text));
        let mut segments = found.collect::<Result<Vec<_>, _>>()?;
        segments.sort_unstable();
        let pairs = segments.iter().zip(segments.iter().skip(1));
        for (first, second) in pairs {
            if first.overlaps(*second) {
                let place = text.line_col(second.start()).to_string();
                return Err(CliError::Overlap { place });
            }
        }
        Ok(segments)
    }
}

fn at(text: &SourceText, start: usize, end: usize) -> Result<TextRange, CliError> {
    let byte = |offset| text.to_byte(CharOffset::new(offset));
    match (byte(start), byte(end)) {
        (Ok(first), Ok(last)) => Ok(TextRange::new(first, last)),
        _ => Err(outside(text, start, end)),
    }
}

fn outside(text: &SourceText, start: usize, end: usize) -> CliError {
    let length = text.n_chars();
    CliError::SpanOutside { start, end, length }
}

/// Returns the first places of a quote: number, line and column, and the context.
fn listed(text: &SourceText, places: &[TextRange]) -> Vec<String> {
    let shown = places.iter().enumerate().take(MAX_LISTED);
    let rows: Vec<Vec<String>> = shown
        .map(|(idx, range)| {
            let reach = |offset: usize| boundary::floor_grapheme(text, ByteOffset::new(offset));
            let before = reach(range.start().get().saturating_sub(CONTEXT_BYTES));
            let after = reach(range.end().get() + CONTEXT_BYTES);
            let slice = |from, to| text.slice_or_empty(TextRange::new(from, to));
            let context = format!(
                "…{}[{}]{}…",
                slice(before, range.start()).trim_start(),
                slice(range.start(), range.end()),
                slice(range.end(), after).trim_end()
            );
            vec![
                format!("--nth {}", idx + 1),
                text.line_col(range.start()).to_string(),
                one_line(&context, QUOTE_COLUMNS + 2 * CONTEXT_BYTES),
            ]
        })
        .collect();
    columns::table(&rows)
}

/// Returns the longest sequence of first words of `quote` that occurs in `text`, cut at its start.
fn longest_beginning(text: &SourceText, quote: &str) -> String {
    let words: Vec<&str> = quote.split_whitespace().collect();
    let beginning = |n_words: usize| words.get(..n_words).unwrap_or_default().join(" ");
    // If fewer words do not occur, more do not either, so the search can halve; each step is a pass over the text.
    let (mut found, mut missing) = (0, words.len());
    while found + 1 < missing {
        let middle = found.midpoint(missing);
        if find_quote(text, &beginning(middle)).is_empty() {
            missing = middle;
        } else {
            found = middle;
        }
    }
    let whole = beginning(found);
    let tail = columns::ending(&whole, QUOTE_COLUMNS);
    let mark = if tail.len() < whole.len() { "…" } else { "" };
    format!("{mark}{}", one_line(tail, QUOTE_COLUMNS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Args as _;

    fn read(typed: &[&str]) -> Result<Vec<Place>, clap::Error> {
        let command = Places::augment_args(Command::new("test").no_binary_name(true));
        Ok(Places::from_arg_matches(&command.try_get_matches_from(typed)?)?.0)
    }

    fn quote(quote: &str, nth: Option<usize>) -> Place {
        let quote = quote.to_owned();
        Place::Quote { quote, nth }
    }

    #[test]
    fn a_number_belongs_to_the_quote_before_it() {
        let typed = [
            "--quote",
            "a",
            "--nth",
            "2",
            "--at",
            "3..7",
            "--quote",
            "-b",
            "--quote=c",
            "--nth=1",
        ];
        let expected = [
            quote("a", Some(2)),
            Place::At { start: 3, end: 7 },
            quote("-b", None),
            quote("c", Some(1)),
        ];
        assert_eq!(read(&typed).unwrap(), expected);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for typed in [
            &["--nth", "2", "--quote", "a"][..],
            &["--quote", "a", "--nth", "1", "--nth", "2"],
            &["--quote", "a", "--at", "1..2", "--nth", "1"],
            &["--quote", "a", "--nth", "0"],
            &["--at", "7..3"],
            &["--at", "3..3"],
            &["--at", "3-7"],
        ] {
            assert!(read(typed).is_err(), "{typed:?}");
        }
    }

    #[test]
    fn a_quote_that_is_not_there_says_how_far_it_agrees() {
        let text = SourceText::new("We deny\nall of it.".to_owned()).unwrap();
        assert_eq!(
            longest_beginning(&text, "We deny all of this."),
            "We deny all of"
        );
        assert_eq!(longest_beginning(&text, "They deny"), "");
        let error = quote("We deny any of it", None).resolve(&text).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the quote is not in the article; its longest beginning in the article is `We deny`: `We deny any of it`"
        );
    }
}
