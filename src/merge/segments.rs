//! Stretches that two sides have moved, added or taken away.

use crate::anchor::Selector;

/// What both sides together make of the stretches in `base`; `None` when they differ about one, or when two
/// of the outcome would overlap.
///
/// With as many stretches as before, each is looked at for itself. Otherwise both sides may only have added.
pub(super) fn three_way(
    base: &[Selector],
    ours: &[Selector],
    theirs: &[Selector],
) -> Option<Vec<Selector>> {
    let mut merged = if ours.len() == base.len() && theirs.len() == base.len() {
        one_by_one(base, ours, theirs)?
    } else {
        let only_added = |side: &[Selector]| base.iter().all(|segment| side.contains(segment));
        if !only_added(ours) || !only_added(theirs) {
            return None;
        }
        let more = theirs.iter().filter(|segment| !ours.contains(segment));
        ours.iter().chain(more).cloned().collect()
    };
    if merged.is_empty() {
        return None;
    }
    merged.sort_by_key(|segment| segment.position);
    let overlap = merged.windows(2).any(|pair| match pair {
        [a, b] => a.position.end > b.position.start,
        _ => false,
    });
    (!overlap).then_some(merged)
}

fn one_by_one(base: &[Selector], ours: &[Selector], theirs: &[Selector]) -> Option<Vec<Selector>> {
    let sides = base.iter().zip(ours.iter().zip(theirs));
    sides
        .map(|(base, (ours, theirs))| {
            if ours == theirs || theirs == base {
                Some(ours.clone())
            } else if ours == base {
                Some(theirs.clone())
            } else {
                None
            }
        })
        .collect()
}
