//! Where the marks of a disagreement are, and how their edges differ.

use super::super::{
    edge_words::{self, EdgeShift},
    output,
};
use crate::{
    agreement::{Corpus, Disagreed, Side},
    text::SourceText,
};

/// Returns the article and the place of a code point in it: `news.txt:3:1`, as `list` and `settle` print it and the
/// window shows it for the caret.
pub fn place(corpus: &Corpus, article: usize, at: usize) -> String {
    let name = corpus
        .articles
        .get(article)
        .map_or("", |article| &article.name);
    let name = output::one_line(name, 100);
    match place_of(corpus, article, at) {
        Some(place) => format!("{name}:{place}"),
        None => format!("{name}:code point {at}"),
    }
}

/// Returns the line and column of a code point, from 1; `None` without the text.
pub fn place_of(corpus: &Corpus, article: usize, at: usize) -> Option<String> {
    let place = corpus.articles.get(article)?.line_col(at)?;
    Some(place.to_string())
}

/// Returns the text of the article of a disagreement.
pub fn text<'a>(corpus: &'a Corpus, found: &Disagreed) -> Option<&'a SourceText> {
    corpus.articles.get(found.article)?.text.as_ref()
}

/// Returns at which ends the second mark differs from the first; `None` unless both have one.
pub fn shifts(found: &Disagreed) -> Option<Vec<EdgeShift>> {
    let (a, b) = (found.a.as_ref()?, found.b.as_ref()?);
    Some(edge_words::shifts(&stretches(a), &stretches(b)))
}

/// Returns how the second mark's edges differ from the first's; empty when they are the same, or only one has a mark.
pub fn edge_sentence(corpus: &Corpus, found: &Disagreed) -> String {
    let (Some(a), Some(b)) = (&found.a, &found.b) else {
        return String::new();
    };
    edge_words::edges(&stretches(a), &stretches(b), text(corpus, found))
}

fn stretches(side: &Side) -> Vec<(usize, usize)> {
    let stretches = side.footprint.stretches().iter();
    stretches
        .map(|stretch| (stretch.start, stretch.end))
        .collect()
}
