//! Stretches that two sides have moved, added or taken away.

use crate::{anchor::Selector, text::CharOffset};
use std::collections::BTreeSet;

type Segments<'a> = BTreeSet<&'a Selector>;

/// What both sides together make of the stretches in `base`; `None` when they differ about one, or when two
/// of the outcome would overlap, or nothing would be left.
///
/// A stretch that moved is one taken away and one added: nothing says more. So the sides differ when one took
/// away what the other reaches into with something new, as when both move an end, and when both took away the
/// same and each has something else instead. O(n log n).
pub(super) fn three_way(
    base: &[Selector],
    ours: &[Selector],
    theirs: &[Selector],
) -> Option<Vec<Selector>> {
    let [base, ours, theirs] =
        [base, ours, theirs].map(|side| side.iter().collect::<Segments<'_>>());
    let removed = [&base - &ours, &base - &theirs];
    let added = [&ours - &base, &theirs - &base];
    let only_ours = &added[0] - &added[1];
    let only_theirs = &added[1] - &added[0];
    let both_removed = !removed[0].is_disjoint(&removed[1]);
    if (both_removed && !only_ours.is_empty() && !only_theirs.is_empty())
        || overlap(&only_ours, &removed[1])
        || overlap(&only_theirs, &removed[0])
    {
        return None;
    }
    let stayed = &(&base & &ours) & &theirs;
    let merged: Segments<'_> = &(&stayed | &added[0]) | &added[1];
    let mut until = CharOffset::default();
    let apart = merged.iter().all(|segment| {
        let starts_after = until <= segment.position.start;
        until = segment.position.end;
        starts_after
    });
    (apart && !merged.is_empty()).then(|| merged.into_iter().cloned().collect())
}

/// Whether any of `some` overlaps any of `others`.
fn overlap(some: &Segments<'_>, others: &Segments<'_>) -> bool {
    let mut all: Vec<(&Selector, usize)> = some.iter().map(|it| (*it, 0)).collect();
    all.extend(others.iter().map(|it| (*it, 1)));
    all.sort_by_key(|(segment, _)| segment.position);
    // How far those seen so far reach, of either kind.
    let mut until = [CharOffset::default(); 2];
    all.into_iter().any(|(segment, kind)| {
        let [of_some, of_others] = &mut until;
        let (own, other) = match kind {
            0 => (of_some, of_others),
            _ => (of_others, of_some),
        };
        *own = (*own).max(segment.position.end);
        segment.position.start < *other
    })
}

#[cfg(test)]
mod tests {
    use super::three_way;
    use crate::anchor::{Kept, Selector, TextPositionSelector, TextQuoteSelector};
    use crate::text::CharOffset;

    /// `0-5 7-9` as stretches.
    fn stretches(places: &str) -> Vec<Selector> {
        let quote = TextQuoteSelector {
            exact: "".into(),
            prefix: "".into(),
            suffix: "".into(),
        };
        let stretch = |place: &str| {
            let (start, end) = place.split_once('-').unwrap();
            let [start, end] = [start, end].map(|it| CharOffset::new(it.parse().unwrap()));
            Selector {
                position: TextPositionSelector { start, end },
                quote: quote.clone(),
                kept: Kept::default(),
            }
        };
        places.split_whitespace().map(stretch).collect()
    }

    #[test]
    fn what_two_sides_did_to_the_stretches() {
        // base, ours, theirs, together; "?" for a conflict.
        let cases = [
            ("0-9", "0-7", "0-9", "0-7"),
            ("0-9", "0-7", "0-7", "0-7"),
            ("0-9", "0-7", "0-8", "?"),
            ("0-9", "20-25", "30-35", "?"),
            ("0-9 20-29", "0-7 20-29", "0-9 20-27", "0-7 20-27"),
            ("0-9 20-29", "0-9", "0-9 20-27", "?"),
            ("0-9 20-29", "0-9", "0-9", "0-9"),
            ("0-9 20-29", "0-9", "20-29", "?"),
            ("0-9 20-29", "0-9", "0-7 20-29", "0-7"),
            ("0-9", "0-9 20-29", "0-9 40-45", "0-9 20-29 40-45"),
            ("0-9", "0-9 20-29", "0-9 25-35", "?"),
            ("0-9", "0-9 20-29", "0-7", "0-7 20-29"),
            // Not in order, as in a file written by hand, and lying on each other.
            ("50-60 0-9", "0-9 70-80", "50-60 0-5", "0-5 70-80"),
            ("0-90 20-30", "0-90 13-18", "5-95 20-30", "?"),
        ];
        for (base, ours, theirs, together) in cases {
            let [base, ours, theirs] = [base, ours, theirs].map(stretches);
            let expected = (together != "?").then(|| stretches(together));
            let merged = three_way(&base, &ours, &theirs);
            assert_eq!(merged, expected, "{base:?}");
            assert_eq!(three_way(&base, &theirs, &ours), expected, "sides swapped");
            if let Some(merged) = merged {
                let again = three_way(&base, &merged, &theirs);
                assert_eq!(again.as_ref(), Some(&merged), "merged once more");
            }
        }
    }
}
