//! The query as it was typed, and its compiled form.

use super::{regular::Regular, stream::fold};
use memchr::memmem::Finder;

/// How words are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Case and accents count.
    pub is_exact: bool,
    /// Only whole words.
    pub whole_words: bool,
    /// The words are a regular expression.
    pub is_regex: bool,
}

/// What a person searches for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What was typed.
    pub words: String,
    /// How it is compared.
    pub options: Options,
}

/// Why a query is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// A mistake in a regular expression.
    #[error("{0}")]
    Syntax(String),
    /// A regular expression that would take too much memory.
    #[error("its repetitions are too many or too large")]
    TooLarge,
}

/// A compiled query.
pub struct Pattern {
    pub(super) kind: Kind,
    pub(super) whole_words: bool,
}

pub enum Kind {
    Plain(Box<Plain>),
    Regular(Box<Regular>),
}

/// Folded words.
pub struct Plain {
    pub finder: Finder<'static>,
    /// Bytes of the folded words, and of their first character.
    pub lens: (usize, usize),
    pub keeps_case: bool,
}

impl Pattern {
    /// Compiles `query`. `None` when there is nothing to search for.
    ///
    /// # Errors
    /// [`QueryError`] when the query is a regular expression that is not valid, or too large.
    pub fn new(query: &Query) -> Result<Option<Self>, QueryError> {
        let Options {
            is_exact,
            whole_words,
            is_regex,
        } = query.options;
        if query.words.is_empty() {
            return Ok(None);
        }
        let kind = if is_regex {
            Kind::Regular(Box::new(Regular::new(&query.words, is_exact)?))
        } else {
            let words = fold(&query.words, is_exact);
            let Some(first) = words.chars().next() else {
                return Ok(None);
            };
            Kind::Plain(Box::new(Plain {
                finder: Finder::new(&words).into_owned(),
                lens: (words.len(), first.len_utf8()),
                keeps_case: is_exact,
            }))
        };
        Ok(Some(Self { kind, whole_words }))
    }
}
