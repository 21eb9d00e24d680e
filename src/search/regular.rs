//! Searches for a regular expression, paragraph by paragraph.
//!
//! An engine that promises time in proportion to expression and text may still take a minute for a hundred megabytes,
//! and cannot be stopped on the way. A hit is within one paragraph, so it is never asked for more at a time.

use super::{
    edges::{is_between_clusters, is_between_words},
    pattern::QueryError,
    run::Slice,
};
use crate::text::{ByteOffset, SourceText, TextRange};
use regex_automata::{
    Input,
    meta::{BuildError, Config, Regex},
    util::syntax,
};

/// Most memory of the compiled expression in bytes: Unicode's `\w{40}` fits, `\w{1000}` does not.
const NFA_BYTES: usize = 2 << 20;
/// Memory for states that are computed during a search, in bytes.
const CACHE_BYTES: usize = 4 << 20;
/// Longest stretch in which a hit can be, in bytes; a longer paragraph is cut between lines, or after a blank.
pub const PARAGRAPH_BYTES: usize = 16 << 10;

/// A compiled expression.
pub struct Regular(Regex);

impl Regular {
    /// Compiles `expression`; case counts when `is_exact`. `^` and `$` match the ends of lines.
    pub fn new(expression: &str, is_exact: bool) -> Result<Self, QueryError> {
        let config = Config::new()
            .nfa_size_limit(Some(NFA_BYTES))
            .hybrid_cache_capacity(CACHE_BYTES);
        let rules = syntax::Config::new()
            .case_insensitive(!is_exact)
            .multi_line(true)
            .crlf(true);
        let regex = Regex::builder()
            .configure(config)
            .syntax(rules)
            .build(expression);
        regex.map(Self).map_err(|error| reason(&error))
    }
}

fn reason(error: &BuildError) -> QueryError {
    match error.syntax_error() {
        Some(error) => {
            // The message draws the expression with an arrow over several lines; the last one says what is wrong.
            let message = error.to_string();
            let reason = message.rsplit("error: ").next().unwrap_or_default();
            QueryError::Syntax(reason.trim().to_owned())
        }
        None => QueryError::TooLarge,
    }
}

/// A search for an expression on its way through a text.
pub struct RegularSearch {
    /// Where the next hit may begin.
    at: usize,
    /// The end of the paragraph that is searched.
    end: usize,
}

impl RegularSearch {
    /// Returns a search from the byte `start` on, where a line begins.
    pub fn new(start: usize) -> Self {
        Self {
            at: start,
            end: start,
        }
    }

    /// Returns where in the text the next hit may begin.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Continues until the slice is searched; stops between two hits when `may_go_on` says no.
    pub fn go_on(
        &mut self,
        expression: &Regular,
        slice: &Slice<'_>,
        hits: &mut Vec<TextRange>,
        may_go_on: &dyn Fn() -> bool,
    ) {
        let text = slice.text;
        while self.at < slice.until && hits.len() < slice.most && may_go_on() {
            if self.at >= self.end {
                self.end = paragraph_end(text, self.at);
            }
            let input = Input::new(text.as_str()).span(self.at..self.end);
            let Some(found) = expression.0.find(input) else {
                self.at = self.end;
                continue;
            };
            let range = TextRange::from_bytes(found.range());
            let is_hit = |at: ByteOffset| {
                is_between_clusters(text, at.get())
                    && (!slice.whole_words || is_between_words(text, at.get()))
            };
            if !range.is_empty() && is_hit(range.start()) && is_hit(range.end()) {
                hits.push(range);
            }
            let next = text.as_str().ceil_char_boundary(found.end() + 1);
            self.at = if found.is_empty() { next } else { found.end() };
        }
    }
}

/// Returns where the stretch that begins at `start` ends: after a blank line, or where the paragraph is cut.
fn paragraph_end(text: &SourceText, start: usize) -> usize {
    let lines = text.lines();
    let limit = start + PARAGRAPH_BYTES;
    let mut line = lines.line_at(ByteOffset::new(start));
    let mut end = start;
    loop {
        let next = lines.start(line + 1).map_or(text.len(), ByteOffset::get);
        if next > limit {
            break;
        }
        let is_blank = text
            .line(line)
            .is_some_and(|line| text.slice_or_empty(line).trim().is_empty());
        end = next;
        line += 1;
        if is_blank || end >= text.len() {
            return end;
        }
    }
    if end > start {
        return end;
    }
    let reach = text.as_str().floor_char_boundary(limit.min(text.len()));
    let stretch = text.as_str().get(start..reach).unwrap_or_default();
    let cut = stretch.trim_end_matches(|c: char| !c.is_whitespace()).len();
    if cut > 0 { start + cut } else { reach }
}
