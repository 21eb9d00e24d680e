//! Merging collections, with the same code as annotation files.

use super::{
    Note,
    ledger::Ledger,
    merge::{Mergeable, Sides},
    table,
};
use crate::{
    annotation::{Collection, RecordRef, Records},
    text::SourceText,
};

impl Mergeable for Collection {
    fn prepare(_sides: &mut Sides<'_, Self>, _texts: &[SourceText]) -> Vec<Note> {
        Vec::new()
    }

    fn merge_records(&self, ledger: &mut Ledger<'_>, base: Option<&Self>, sides: &[&Self]) -> Self {
        macro_rules! table {
            ($field:ident) => {{
                let maps: Vec<_> = sides.iter().map(|side| &side.$field).collect();
                table::merge(ledger, base.map(|base| &base.$field), &maps)
            }};
        }
        let mut merged = Self {
            articles: table!(articles),
            tags: table!(tags),
            agents: table!(agents),
            speakers: table!(speakers),
            claims: table!(claims),
            ..self.clone()
        };
        let file = RecordRef::file();
        let own = |set: &Self| set.fields_of(&file).unwrap_or_default();
        let parts: Vec<_> = sides
            .iter()
            .enumerate()
            .map(|(side, set)| (side, own(set), None))
            .collect();
        let fields = table::merge_fields(ledger, &file, base.map(own).as_ref(), &parts);
        // Made of the same fields, so they fit.
        let fits = merged.put_fields(&file, fields);
        debug_assert!(fits.is_ok());
        merged
    }

    /// Nothing in a collection refers to its records; the annotation files have copies of those they use.
    fn keep_used(
        &mut self,
        _ledger: &mut Ledger<'_>,
        _base: Option<&Self>,
        _sides: &[&Self],
    ) -> Vec<Note> {
        Vec::new()
    }

    fn notes(&self) -> Vec<Note> {
        Vec::new()
    }
}
