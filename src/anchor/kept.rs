//! Fields of a newer version that this one does not understand: kept unchanged.

use std::collections::BTreeMap;

/// Fields of a record that this version does not know, by name, each value as it was in the file.
///
/// Empty for nearly every record, so it costs one pointer.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[expect(
    clippy::box_collection,
    reason = "one pointer instead of three words in each of 100,000 records that keep nothing"
)]
pub struct Kept(Option<Box<BTreeMap<String, String>>>);

impl Kept {
    /// Takes the fields as name → value as written.
    pub fn new(fields: BTreeMap<String, String>) -> Self {
        Self((!fields.is_empty()).then(|| Box::new(fields)))
    }

    /// Returns the fields in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .flat_map(|fields| fields.iter())
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns whether nothing was carried along.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}
