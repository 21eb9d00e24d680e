//! How far a passage reaches whose words are still there in part: from the first to the last part of it, without
//! parts that are too weak for their distance.

use std::ops::Range;

/// A shorter part at an end of a passage, together with what follows of its surroundings, does not hold the passage
/// across a long insertion: such a part is a phrase that recurs, or belongs to another sentence. Bytes. (On the tune
/// half of the revisions, 16 bytes left ten more wrong ends in four thousand passages, and 32 bytes lost twenty
/// passages whose last words are really there.)
const MIN_FAR_PART: usize = 24;
/// From this many inserted bytes on, a short part is too far away. Between 50 and 200 the results hardly differ.
const MAX_NEAR_GAP: usize = 100;

/// A part of a passage, or of what surrounds it, that both texts have. The bytes may differ in typography.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The place of the part in the old text.
    pub old: Range<usize>,
    /// The place of the part in the new text.
    pub new: Range<usize>,
}

/// What is left of a passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// From its first to its last part, in the new text.
    pub new: Range<usize>,
    /// Bytes of the passage that are still there.
    pub n_kept: usize,
    /// Bytes of the passage that are not.
    pub n_lost: usize,
    /// Bytes of the parts before the passage.
    pub n_before: usize,
    /// Bytes of the parts after the passage.
    pub n_after: usize,
    /// Bytes of the passage before its first part.
    pub lost_before: usize,
    /// Bytes of the passage after its last part.
    pub lost_after: usize,
}

/// Returns how far `passage` reaches in the new text, given the `parts` of it and of its surroundings that are there,
/// in order. `None` when no part of the passage is.
pub fn reach(parts: &[Part], passage: &Range<usize>) -> Option<Reach> {
    let is_inside = |part: &&Part| part.old.end > passage.start && part.old.start < passage.end;
    let first = parts.iter().position(|part| is_inside(&part))?;
    let n_inside = parts.iter().filter(is_inside).count();
    let (mut from, mut to) = (first, first + n_inside);
    let len = |parts: &[Part]| parts.iter().map(|part| part.old.len()).sum::<usize>();
    let is_far = |one: &Part, next: &Part| {
        let was = next.old.start.saturating_sub(one.old.end);
        let is = next.new.start.saturating_sub(one.new.end);
        is > was + MAX_NEAR_GAP
    };
    // What surrounds the passage counts as long as it continues the part at the end.
    let mut beyond = parts.len();
    while let Some([.., before, last]) = parts.get(from..to) {
        let tail = parts.get(to - 1..beyond).unwrap_or_default();
        if !is_far(before, last) || len(tail) >= MIN_FAR_PART {
            break;
        }
        to -= 1;
        beyond = to;
    }
    let mut behind = 0;
    while let Some([first, after, ..]) = parts.get(from..to) {
        let head = parts.get(behind..=from).unwrap_or_default();
        if !is_far(first, after) || len(head) >= MIN_FAR_PART {
            break;
        }
        from += 1;
        behind = from;
    }
    let (first, last) = (parts.get(from)?, parts.get(to.checked_sub(1)?)?);
    // A part that reaches over an end of the passage is cut there; its bytes outside are surroundings.
    let over_start = passage.start.saturating_sub(first.old.start);
    let over_end = last.old.end.saturating_sub(passage.end);
    let inside = parts.get(from..to).unwrap_or_default();
    let new = first.new.start + over_start..last.new.end.saturating_sub(over_end);
    let n_kept = len(inside).saturating_sub(over_start + over_end);
    Some(Reach {
        new: new.start..new.end.max(new.start),
        n_kept,
        n_lost: passage.len().saturating_sub(n_kept),
        n_before: len(parts.get(behind..from).unwrap_or_default()) + over_start,
        n_after: len(parts.get(to..beyond).unwrap_or_default()) + over_end,
        lost_before: first.old.start.saturating_sub(passage.start),
        lost_after: passage.end.saturating_sub(last.old.end),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the reach of the passage 100..200; each part is given as its place in the old text and its start in the
    /// new one.
    #[track_caller]
    fn check(parts: &[(Range<usize>, usize)], expected: Range<usize>) {
        let parts: Vec<Part> = parts
            .iter()
            .map(|(old, new)| Part {
                old: old.clone(),
                new: *new..new + old.len(),
            })
            .collect();
        let found = reach(&parts, &(100..200)).unwrap();
        assert_eq!(found.new, expected);
    }

    #[test]
    fn a_passage_reaches_from_its_first_to_its_last_part() {
        check(&[(110..140, 510), (150..190, 950)], 510..990);
        check(&[(80..130, 480), (150..230, 950)], 500..1_000);
        assert_eq!(reach(&[], &(0..5)), None);
        let outside = Part {
            old: 0..100,
            new: 0..100,
        };
        assert_eq!(reach(&[outside], &(100..200)), None);
    }

    #[test]
    fn a_word_far_away_does_not_hold_an_end() {
        check(&[(100..160, 500), (190..198, 990)], 500..560);
        check(&[(102..110, 100), (120..180, 700)], 700..760);
        check(&[(100..160, 500), (190..198, 640)], 500..648);
    }

    #[test]
    fn a_word_far_away_holds_an_end_together_with_what_follows() {
        check(&[(100..160, 500), (192..232, 990)], 500..998);
        check(
            &[(100..160, 500), (192..200, 990), (204..230, 1_002)],
            500..998,
        );
        check(&[(60..90, 60), (96..104, 96), (120..180, 700)], 100..760);
    }

    #[test]
    fn what_is_left_is_counted() {
        let part = |old: Range<usize>, new: usize| Part {
            new: new..new + old.len(),
            old,
        };
        let parts = [
            part(70..90, 470),
            part(105..150, 505),
            part(160..190, 560),
            part(210..215, 610),
        ];
        let found = reach(&parts, &(100..200)).unwrap();
        assert_eq!((found.n_before, found.n_kept, found.n_after), (20, 75, 5));
        assert_eq!((found.lost_before, found.lost_after), (5, 10));
    }
}
