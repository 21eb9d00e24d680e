//! What is known about an article, as fields.

use super::{Fields, KEPT, Misfit, Record, Taker, misfit, put_kept, put_list, put_text};
use crate::{
    annotation::{Article, RecordRef},
    text::{EditionId, Newline},
};
use std::sync::Arc;

impl Record for Article {
    /// A file has one article record.
    type Id = ();

    fn reference(_id: &()) -> RecordRef {
        RecordRef::article()
    }

    /// Returns what identifies the text as one field, because its parts make sense together only.
    fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        put_text(&mut fields, "file_name", &self.file_name);
        let mut text = vec![
            self.edition.to_string(),
            self.n_chars.to_string(),
            self.n_bytes.to_string(),
            self.encoding.clone(),
            self.newline.name().to_owned(),
        ];
        text.extend(self.embedded_text.as_deref().map(str::to_owned));
        put_list(&mut fields, "text", text);
        put_text(&mut fields, "title", &self.title);
        put_text(&mut fields, "url", &self.url);
        put_text(&mut fields, "publisher", &self.publisher);
        put_text(&mut fields, "author", &self.author);
        put_text(&mut fields, "date", &self.date);
        put_kept(&mut fields, KEPT, &self.kept);
        fields
    }

    fn with_fields(&self, fields: Fields) -> Result<Self, Misfit> {
        let mut taker = Taker(fields);
        let text = taker.list("text")?;
        let [edition, n_chars, n_bytes, encoding, newline, embedded @ ..] = text.as_slice() else {
            return Err(misfit("text"));
        };
        let bad = || misfit("text");
        let article = Self {
            file_name: taker.text("file_name")?,
            edition: EditionId::parse(edition).ok_or_else(bad)?,
            n_chars: n_chars.parse().map_err(|_| bad())?,
            n_bytes: n_bytes.parse().map_err(|_| bad())?,
            encoding: encoding.clone(),
            newline: Newline::parse(newline).ok_or_else(bad)?,
            title: taker.text("title")?,
            url: taker.text("url")?,
            publisher: taker.text("publisher")?,
            author: taker.text("author")?,
            date: taker.text("date")?,
            embedded_text: embedded.first().map(|text| Arc::from(text.as_str())),
            kept: taker.kept(KEPT)?,
        };
        taker.end()?;
        Ok(article)
    }
}
