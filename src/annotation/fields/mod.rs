//! Any record as a list of named fields and back. Field-level merging, comparing and settling work on these fields,
//! whatever the kind of record; code for special fields and for the list of kinds is elsewhere.
//!
//! A field that is empty is not listed. What is a set in the record is a field for each element (`tags/denial`),
//! so that elements come and go one by one.

mod annotation;
mod article;
mod decision;
mod others;

pub(crate) use annotation::{comment_fields, comment_name};

use super::{FieldValue, Kept, RecordRef, Timestamp, Vocabulary};
use std::collections::BTreeMap;

/// The fields of one record by name. A `/` leads to an element or an inner record.
pub type Fields = BTreeMap<String, FieldValue>;

/// A field that the record does not have, or whose value does not belong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The field.
    pub field: String,
}

/// A record that can be taken apart into fields.
pub trait Record: Clone + PartialEq {
    /// How records of this kind are named.
    type Id: Ord + Clone;

    /// Returns the name of the record with this id, whatever its kind.
    fn reference(id: &Self::Id) -> RecordRef;

    /// Returns the fields of the record; those of a newer version are `kept/…`.
    fn fields(&self) -> Fields;

    /// Returns the record of the same id with these fields and no others. Comments and claim stances come back sorted
    /// by time and by claim.
    ///
    /// # Errors
    /// When a field is not one of this kind of record.
    fn with_fields(&self, fields: Fields) -> Result<Self, Misfit>;

    /// Returns when the record was last changed, if it says so.
    fn modified(&self) -> Option<Timestamp> {
        None
    }
}

pub(super) const KEPT: &str = "kept/";

/// Returns the fields of a newer version as fields.
pub fn kept_fields(kept: &Kept) -> Fields {
    let mut fields = Fields::new();
    put_kept(&mut fields, KEPT, kept);
    fields
}

/// Returns fields that [`kept_fields`] has made as [`Kept`] again.
///
/// # Errors
/// When there is another field among them.
pub fn kept_of(fields: Fields) -> Result<Kept, Misfit> {
    let mut taker = Taker(fields);
    let kept = taker.kept(KEPT)?;
    taker.end()?;
    Ok(kept)
}

pub(super) fn put_kept(fields: &mut Fields, prefix: &str, kept: &Kept) {
    for (name, value) in kept.iter() {
        fields.insert(
            format!("{prefix}{name}"),
            FieldValue::Text(value.to_owned()),
        );
    }
}

/// Lists a text unless it is empty.
pub(super) fn put_text(fields: &mut Fields, name: &str, text: &str) {
    if !text.is_empty() {
        fields.insert(name.to_owned(), FieldValue::Text(text.to_owned()));
    }
}

/// Lists several texts unless there is none.
fn put_list(fields: &mut Fields, name: &str, texts: Vec<String>) {
    if !texts.is_empty() {
        fields.insert(name.to_owned(), FieldValue::List(texts));
    }
}

/// Takes fields out one by one; none may be left over.
pub(super) struct Taker(pub(super) Fields);

impl Taker {
    fn text_if_any(&mut self, name: &str) -> Result<Option<String>, Misfit> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(FieldValue::Text(text)) => Ok(Some(text)),
            Some(_) => Err(misfit(name)),
        }
    }

    pub(super) fn text(&mut self, name: &str) -> Result<String, Misfit> {
        Ok(self.text_if_any(name)?.unwrap_or_default())
    }

    /// Returns a value that is written as a text and must be there.
    pub(super) fn parsed<T>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, Misfit> {
        self.parsed_if_any(name, parse)?.ok_or_else(|| misfit(name))
    }

    fn parsed_if_any<T>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Misfit> {
        let text = self.text_if_any(name)?;
        text.map(|text| parse(&text).ok_or_else(|| misfit(name)))
            .transpose()
    }

    fn word<T: Vocabulary>(&mut self, name: &str) -> Result<T, Misfit> {
        self.parsed(name, |word| Some(T::of_word(word)))
    }

    fn list(&mut self, name: &str) -> Result<Vec<String>, Misfit> {
        match self.0.remove(name) {
            None => Ok(Vec::new()),
            Some(FieldValue::List(texts)) => Ok(texts),
            Some(_) => Err(misfit(name)),
        }
    }

    /// Returns all fields whose names begin with `prefix`, with the rest of the name.
    fn below(&mut self, prefix: &str) -> Vec<(String, FieldValue)> {
        let mut found = Vec::new();
        while let Some(name) = self
            .0
            .range(prefix.to_owned()..)
            .next()
            .map(|(name, _)| name.clone())
            .filter(|name| name.starts_with(prefix))
        {
            if let Some(value) = self.0.remove(&name) {
                let rest = name.get(prefix.len()..).unwrap_or_default();
                found.push((rest.to_owned(), value));
            }
        }
        found
    }

    fn texts_below(&mut self, prefix: &str) -> Result<BTreeMap<String, String>, Misfit> {
        let pair = |(name, value)| match value {
            FieldValue::Text(text) => Ok((name, text)),
            _ => Err(misfit(&format!("{prefix}{name}"))),
        };
        self.below(prefix).into_iter().map(pair).collect()
    }

    pub(super) fn kept(&mut self, prefix: &str) -> Result<Kept, Misfit> {
        Ok(Kept::new(self.texts_below(prefix)?))
    }

    pub(super) fn end(self) -> Result<(), Misfit> {
        match self.0.into_keys().next() {
            None => Ok(()),
            Some(field) => Err(Misfit { field }),
        }
    }
}

fn misfit(field: &str) -> Misfit {
    Misfit {
        field: field.to_owned(),
    }
}
