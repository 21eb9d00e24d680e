//! Laws of merging again what git could not merge, whatever is in the folder by then.

use super::{assert_nothing_lost, assert_same, base, edited, merge, steps};
use proptest::prelude::*;
use sourcemark::{
    annotation::{AnnotationSet, RecordRef},
    merge::Stages,
};

/// What may be in the folder: a side alone, the outcome of a merge, any of these with work that went on, or nothing
/// that can be read.
fn here(kind: u8, sides: [&AnnotationSet; 3], more: &[super::Step]) -> Option<AnnotationSet> {
    let [ours, theirs, merged] = sides;
    let found = match kind % 4 {
        0 => ours,
        1 => theirs,
        2 => merged,
        _ => return None,
    };
    Some(match kind / 4 {
        0 => found.clone(),
        _ => edited(found, 4, more),
    })
}

proptest! {
    #![proptest_config(super::histories::config())]

    #[test]
    fn no_mark_of_any_version_is_lost(
        first in steps(12), one in steps(8), two in steps(8), more in steps(6),
        kind in 0u8..8, knows_base: bool,
    ) {
        let base = base(&first);
        let (ours, theirs) = (edited(&base, 2, &one), edited(&base, 3, &two));
        let whole = merge(&base, &ours, &theirs);
        let here = here(kind, [&ours, &theirs, &whole], &more);
        let stages = Stages {
            base: knows_base.then(|| base.clone()),
            ours: ours.clone(),
            theirs: theirs.clone(),
        };
        let merged = stages.merged(here.as_ref(), ["ours", "theirs"], &[]).unwrap().set;
        let versions: Vec<&AnnotationSet> = [&ours, &theirs].into_iter().chain(&here).collect();
        for id in versions.iter().flat_map(|set| set.annotations.keys()) {
            let record = RecordRef::from(id);
            // Old removals may have been forgotten on one side; then the common version tells.
            let is_removed = versions.iter().any(|set| {
                set.tombstones.contains_key(&record)
                    || knows_base && base.annotations.contains_key(id) && !set.annotations.contains_key(id)
            });
            prop_assert!(merged.annotations.contains_key(id) || is_removed, "{record} is lost");
        }
        if knows_base && kind == 0 {
            assert_nothing_lost(&base, &ours, &theirs, &merged);
            assert_nothing_lost(&base, &theirs, &ours, &merged);
            // Where the sides differ in nothing but the times of their last changes, nothing is missing.
            let expected = if stages.n_missing(&ours, &[]) > 0 { &whole } else { &ours };
            assert_same(&merged, expected, "our side alone, merged again");
            prop_assert_eq!(sourcemark::merge::differences(&merged, &whole), []);
        }
    }

    /// A merge that came to its end has nothing missing; a side alone has, unless the other did nothing.
    #[test]
    fn what_is_missing_is_known(first in steps(12), one in steps(8), two in steps(8)) {
        let base = base(&first);
        let (ours, theirs) = (edited(&base, 2, &one), edited(&base, 3, &two));
        let whole = merge(&base, &ours, &theirs);
        let stages = Stages { base: Some(base), ours: ours.clone(), theirs };
        prop_assert_eq!(stages.n_missing(&whole, &[]), 0);
        prop_assert_eq!(stages.n_lost(&whole, &[]), 0);
        let differs = !sourcemark::merge::differences(&ours, &whole).is_empty();
        prop_assert_eq!(stages.n_missing(&ours, &[]) > 0, differs);
        prop_assert_eq!(stages.n_lost(&ours, &[]) > 0, differs);
    }
}
