//! The identity of the annotated article, as the annotation file records it.

use super::Kept;
use crate::text::{EditionId, Newline, SourceText};
use std::sync::Arc;

/// The text that the annotations were made on, and its details.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Name of the article's file, without folders.
    pub file_name: String,
    /// Identity of the wording.
    pub edition: EditionId,
    /// Length in Unicode code points.
    pub n_chars: usize,
    /// Length in bytes as UTF-8.
    pub n_bytes: usize,
    /// Encoding of the file (WHATWG name) that gave this text.
    pub encoding: String,
    /// The line endings.
    pub newline: Newline,
    /// Headline; empty if unknown, as are all that follow.
    pub title: String,
    /// Where it was published.
    pub url: String,
    /// Newspaper, agency, site.
    pub publisher: String,
    /// Byline.
    pub author: String,
    /// Date of publication as written by the annotator.
    pub date: String,
    /// The text itself, when one file is to be mailed alone.
    pub embedded_text: Option<Arc<str>>,
    /// Fields of a newer version.
    pub kept: Kept,
}

impl Article {
    /// Returns the identity of `text`, read from a file called `file_name` in `encoding`. The title is the first line
    /// with letters on it, without Markdown's heading marks, cut at 200 code points.
    pub fn describe(text: &SourceText, file_name: &str, encoding: &str) -> Self {
        Self {
            edition: text.edition(),
            n_chars: text.n_chars(),
            ..Self::unread(text, file_name, encoding)
        }
    }

    /// Returns this record for another wording of the article, read from a file called `file_name` in `encoding`: the
    /// identity is that of `text`, the details stay, and an embedded text is
    /// replaced by the new one.
    pub fn reworded(&self, text: &SourceText, file_name: &str, encoding: &str) -> Self {
        let embedded = self.embedded_text.as_ref().map(|_| text.as_str().into());
        Self {
            title: self.title.clone(),
            url: self.url.clone(),
            publisher: self.publisher.clone(),
            author: self.author.clone(),
            date: self.date.clone(),
            embedded_text: embedded,
            kept: self.kept.clone(),
            ..Self::describe(text, file_name, encoding)
        }
    }

    /// Does as [`describe`](Self::describe), without what takes a pass over the whole text, its identity and its
    /// length in code points: to show an article at once. Nothing may be saved with it.
    pub fn unread(text: &SourceText, file_name: &str, encoding: &str) -> Self {
        Self {
            file_name: file_name.to_owned(),
            edition: EditionId::of(""),
            n_chars: 0,
            n_bytes: text.len(),
            encoding: encoding.to_owned(),
            newline: text.newline(),
            title: first_heading(text),
            url: String::new(),
            publisher: String::new(),
            author: String::new(),
            date: String::new(),
            embedded_text: None,
            kept: Kept::default(),
        }
    }
}

/// Looks at the first 50 lines only: an article whose first page has no word on it has no headline.
fn first_heading(text: &SourceText) -> String {
    (0..50)
        .map_while(|line| text.line(line))
        .map(|range| {
            let cut = text.floor_char(crate::text::ByteOffset::new(
                range.end().get().min(range.start().get() + 800),
            ));
            text.slice_or_empty(crate::text::TextRange::new(
                range.start(),
                cut.max(range.start()),
            ))
        })
        .map(|line| {
            line.trim()
                .trim_start_matches(['#', '*', '>', ' '])
                .trim_end_matches(['*', '#', ' '])
        })
        .find(|line| line.chars().any(char::is_alphabetic))
        .map(|line| line.chars().take(200).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_is_the_first_line_with_letters() {
        let text = SourceText::new("\n---\n## **Back doors?**\nText".to_owned()).unwrap();
        let article = Article::describe(&text, "a.md", "UTF-8");
        assert_eq!(article.title, "Back doors?");
        assert_eq!((article.n_chars, article.n_bytes), (28, 28));
    }
}
