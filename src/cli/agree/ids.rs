//! Ids as short as they can be typed.

use crate::annotation::AnnotationId;
use std::collections::{BTreeMap, BTreeSet};

/// Fewest characters of an id that are shown.
const LEAST: usize = 8;

/// For each annotation the beginning of its id that no other annotation of the files has.
#[derive(Debug, Default)]
pub struct ShortIds(BTreeMap<AnnotationId, String>);

impl ShortIds {
    /// Collects the ids of all annotations of the files, compared or not.
    pub fn of(ids: impl IntoIterator<Item = AnnotationId>) -> Self {
        let ids: BTreeSet<(String, AnnotationId)> =
            ids.into_iter().map(|id| (id.to_string(), id)).collect();
        let ids: Vec<(String, AnnotationId)> = ids.into_iter().collect();
        let mut n_common = vec![0; ids.len() + 1];
        for (idx, pair) in ids.windows(2).enumerate() {
            if let ([(one, _), (other, _)], Some(n)) = (pair, n_common.get_mut(idx + 1)) {
                let pairs = one.bytes().zip(other.bytes());
                *n = pairs.take_while(|(a, b)| a == b).count();
            }
        }
        let short = ids.into_iter().zip(n_common.windows(2));
        Self(
            short
                .map(|((written, id), n)| {
                    let n_common = n.iter().copied().max().unwrap_or(0);
                    let n_shown = (n_common + 1).max(LEAST);
                    (id, written.chars().take(n_shown).collect())
                })
                .collect(),
        )
    }

    /// Returns the beginning of `id`.
    pub fn short(&self, id: AnnotationId) -> String {
        self.0.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_as_long_as_they_must_be() {
        let id = |written: &str| AnnotationId::parse(written).unwrap();
        let (a, b, c) = (
            id("01939f3a-7b1c-7000-8000-000000000001"),
            id("01939f3a-7b1d-7000-8000-000000000001"),
            id("02939f3a-7b1c-7000-8000-000000000001"),
        );
        let short = ShortIds::of([a, b, c, a]);
        assert_eq!(short.short(a), "01939f3a-7b1c");
        assert_eq!(short.short(b), "01939f3a-7b1d");
        assert_eq!(short.short(c), "02939f3a");
        assert_eq!(ShortIds::of([a]).short(a), "01939f3a");
    }
}
