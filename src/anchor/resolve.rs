//! Resolves the selectors of a file to a range of the text, or reports that there is none.
//!
//! A ladder, the strongest rung first: the text is the very one; comparing it with the old text shows where the
//! passage went; the wording is at the same offset, between the same neighbours; it is found to the letter; it is
//! found but for blanks and typography; parts of it are found, in order; its neighbours are found; something like it
//! is found. What the upper rungs find is accepted when it is certain. What only the lower ones find is proposed,
//! never accepted.

use super::{
    Candidate, Missing, Remap, Resolution, Rung, Selector,
    clusters::cuts_cluster,
    context::context_share,
    describe,
    in_place::without_search,
    nearest::{Nearest, find_nearest},
    parts::Reach,
    passage::{Found, Passage},
    progress::{Progress, part},
    quotes::{MAX_PLACES, find_quotes},
};
use crate::text::{SourceText, TextRange, boundary};

/// A quotation of at least this many code points may be taken without its context when it occurs once: a shorter
/// one occurs elsewhere by accident too often.
pub const LONG_QUOTE_CHARS: usize = 24;
/// Share of the stored context that must still be around a place for its wording to be taken.
pub const MIN_CONTEXT: f32 = 0.4;
/// By how much the best place's share of context must exceed the second best.
const MIN_MARGIN: f32 = 0.25;
/// The same for a place around which all of the stored context is found to the letter.
const MIN_MARGIN_OF_WHOLE: f32 = 0.05;
/// A changed wording is proposed as the same passage from this score on.
const MIN_SCORE: f32 = 0.57;
/// And with at least this likeness of its neighbours.
const MIN_LIKENESS: f32 = 0.45;
/// Of a wording this like and this long, this likeness of its neighbours is enough: no other is so like by chance.
const SURE_WORDING: f32 = 0.8;
const SURE_BYTES: usize = 48;
const MIN_LIKENESS_OF_SURE: f32 = 0.15;
/// And when no other place comes nearer to its score than this; then both are shown.
const MIN_SCORE_MARGIN: f32 = 0.02;
/// What is between the neighbours of a passage is proposed only when it is this like it; otherwise it replaced the
/// passage. (Below this, on the tune half of the revisions, 13 places were right and 16 wrong.) What only resembles
/// the passage must be as like it as [`SURE_WORDING`]: between 0.4 and 0.8, more places were wrong than right where
/// too few parts of the passage had been found.
const MIN_WORDING: f32 = 0.5;
/// Parts of a passage are proposed when they are this share of its bytes,
const MIN_PARTS: f32 = 0.4;
/// when this many bytes of its neighbours are there as well, of at least 64 that are stored,
const MIN_BESIDE: usize = 16;
/// and when fewer bytes than this are missing at an end, unless what was beside that end is still there: then they
/// were removed, and are not elsewhere. (With these three numbers 3.5 % of the changed passages of the tune half are
/// proposed at a wrong place. A looser one finds two to eight more places for each wrong one that it adds, and adds
/// as many passages that were deleted; a stricter one loses three or more for each wrong one that it avoids.)
const MAX_LOST: usize = 16;
/// When comparing the texts shows that the passage was removed, only what is as like it as this is proposed: it was
/// moved and hardly edited. The rest is shown as the nearest place. (Of those below this, on the tune half, 26 had
/// been deleted and 4 were right.)
const MIN_WORDING_OF_REMOVED: f32 = 0.9;
/// Neighbours this like the stored ones are the very same, hardly edited. What is between them may be less like the
/// passage, from [`MIN_WORDING`] on.
const WHOLE_CONTEXT: f32 = 0.9;
/// An orphan's nearest is worth a look from this score on, when this much of its wording is the same.
const MIN_SHOWN: f32 = 0.5;
const MIN_SHOWN_WORDING: f32 = 0.35;
/// Most of a stretch that comes from elsewhere in the old text is that passage, not this one.
const MAX_KNOWN: f32 = 0.5;

/// What is known about the text that the selectors were made on.
#[derive(Clone, Copy, Debug)]
pub enum Origin<'a> {
    /// The selectors were made on the text that is searched.
    This,
    /// The selectors were made on another text, which is not available.
    Unknown,
    /// The selectors were made on another text, which was compared with the one that is searched.
    Known(&'a Remap),
}

/// Finds one passage. O(log n) when it is where it was marked or the old text is known; else scans of the
/// text. For many use [`resolve_all`].
pub fn resolve(text: &SourceText, origin: Origin<'_>, selector: &Selector) -> Resolution {
    resolve_all(text, origin, &[selector], &|_| true)
        .and_then(|found| found.into_iter().next())
        .unwrap_or(Resolution::Orphan {
            missing: Missing::NotInText,
            best: None,
        })
}

/// Finds many passages; the answers are in the order of `selectors`. `None` when `progress` said no.
///
/// Those that are where they were, or where comparing the texts shows, cost O(log n) each. All others together
/// cost one pass over the text for each two thousand of them, and two more for those that are not found to the
/// letter; a text of many megabytes is searched on all processors. Takes some twenty megabytes for each of these
/// besides the text.
pub fn resolve_all(
    text: &SourceText,
    origin: Origin<'_>,
    selectors: &[&Selector],
    progress: Progress<'_>,
) -> Option<Vec<Resolution>> {
    let mut found: Vec<Option<Resolution>> = selectors
        .iter()
        .map(|selector| without_search(text, origin, selector))
        .collect();
    let open = |found: &[Option<Resolution>]| -> Vec<usize> {
        (0..found.len())
            .filter(|idx| found.get(*idx).is_some_and(Option::is_none))
            .collect()
    };
    let of = |open: &[usize]| -> Vec<&Selector> {
        open.iter()
            .filter_map(|idx| selectors.get(*idx).copied())
            .collect()
    };
    let search = Search { text, origin };

    let wanted = open(&found);
    if wanted.is_empty() {
        return progress(1.0).then(|| found.into_iter().flatten().collect());
    }
    let quotes: Vec<&str> = of(&wanted)
        .iter()
        .map(|selector| &*selector.quote.exact)
        .collect();
    let places = find_quotes(text, &quotes, &part(progress, 0.0, 0.4))?;
    let mut doubtful: Vec<Vec<Candidate>> = Vec::new();
    for ((idx, selector), places) in wanted.iter().zip(of(&wanted)).zip(places) {
        let same = search.to_the_letter(selector, &places);
        let taken = search.take_at_once(selector, &same, places.len());
        if taken.is_none() {
            doubtful.push(same);
        }
        if let Some(slot) = found.get_mut(*idx) {
            *slot = taken;
        }
    }

    let wanted = open(&found);
    let selectors_left = of(&wanted);
    let nearest = find_nearest(text, &selectors_left, &part(progress, 0.4, 1.0))?;
    let rest = wanted
        .iter()
        .zip(selectors_left)
        .zip(doubtful.into_iter().zip(nearest));
    for ((idx, selector), (same, near)) in rest {
        if let Some(slot) = found.get_mut(*idx) {
            *slot = Some(search.judge(selector, same, near));
        }
    }
    progress(1.0).then(|| found.into_iter().flatten().collect())
}

fn is_long(selector: &Selector) -> bool {
    let mut chars = selector.quote.exact.chars();
    chars.nth(LONG_QUOTE_CHARS - 1).is_some()
}

/// A search, and where it is made.
struct Search<'a> {
    text: &'a SourceText,
    origin: Origin<'a>,
}

impl Search<'_> {
    /// Returns whether the passage may be there: not where the old text had something else that is still there.
    fn is_free(&self, range: TextRange) -> bool {
        match self.origin {
            Origin::Known(remap) => remap.share_known(range) < MAX_KNOWN,
            Origin::This | Origin::Unknown => true,
        }
    }

    /// Returns whether the wording there is only a part of what a reader sees. In the very text it was marked on, a
    /// passage that cuts a letter is one that another program has marked so.
    fn cuts(&self, range: TextRange, selector: &Selector) -> bool {
        !matches!(self.origin, Origin::This) && cuts_cluster(self.text, range, selector)
    }

    fn to_the_letter(&self, selector: &Selector, places: &[TextRange]) -> Vec<Candidate> {
        let places = places
            .iter()
            .filter(|range| self.is_free(**range) && !cuts_cluster(self.text, **range, selector));
        places
            .map(|range| Candidate {
                range: *range,
                rung: Rung::Quote,
                wording: 1.0,
                context: context_share(self.text, *range, selector),
            })
            .collect()
    }

    /// Takes the wording where its neighbours are around it to the letter, and around no other as well.
    fn take_at_once(
        &self,
        selector: &Selector,
        same: &[Candidate],
        n_places: usize,
    ) -> Option<Resolution> {
        (n_places < MAX_PLACES)
            .then(|| self.take(selector, same))
            .flatten()
    }

    /// Takes the place whose neighbours decide.
    fn take(&self, selector: &Selector, same: &[Candidate]) -> Option<Resolution> {
        let mut by_context: Vec<&Candidate> = same.iter().collect();
        by_context.sort_by(|a, b| b.context.total_cmp(&a.context));
        let best = by_context.first()?;
        let margin = by_context
            .get(1)
            .map_or(1.0, |second| best.context - second.context);
        let is_whole = best.context >= 1.0 && margin >= MIN_MARGIN_OF_WHOLE;
        let decides = is_whole || best.context >= MIN_CONTEXT && margin >= MIN_MARGIN;
        let others = by_context.get(1..).unwrap_or_default();
        (decides && !self.may_be_copy(selector, others) && !self.is_contested(selector, best))
            .then(|| self.moved(selector, best))
    }

    /// Returns whether the passage may be at one of the `others` all the same: comparing the texts has lost it, and
    /// what is around one of them resembles what was around it. Then the better place may be a copy, and this
    /// the original, which was edited. Without the old text nothing would speak for that.
    fn may_be_copy(&self, selector: &Selector, others: &[&Candidate]) -> bool {
        if !matches!(self.origin, Origin::Known(_)) || others.is_empty() {
            return false;
        }
        let passage = Passage::new(selector);
        others
            .iter()
            .any(|other| passage.context_at(self.text, other.range) >= MIN_LIKENESS)
    }

    /// Returns whether other words of the old text, the same as the passage's, were removed too, and may as well be
    /// what is at `place`: its present neighbours were their neighbours, or nearly as much of it as for the passage.
    fn is_contested(&self, selector: &Selector, place: &Candidate) -> bool {
        let Origin::Known(remap) = self.origin else {
            return false;
        };
        let (old, wording) = (remap.old(), selector.quote.exact.as_bytes());
        let own = old.to_byte(selector.position.start).ok();
        memchr::memmem::find_iter(old.as_str().as_bytes(), wording)
            .map(|at| TextRange::from_bytes(at..at + wording.len()))
            .filter(|twin| Some(twin.start()) != own)
            .take(MAX_PLACES)
            .filter(|twin| {
                remap
                    .map(*twin)
                    .is_none_or(|mapped| 2 * mapped.n_kept < twin.len())
            })
            .filter_map(|twin| describe(old, twin).ok())
            .any(|twin| context_share(self.text, place.range, &twin) > place.context - MIN_MARGIN)
    }

    fn moved(&self, selector: &Selector, to: &Candidate) -> Resolution {
        let start = self.text.to_char(to.range.start()).ok();
        let is_same_place = to.rung == Rung::Quote && start == Some(selector.position.start);
        if is_same_place && matches!(self.origin, Origin::This) {
            return Resolution::Exact {
                range: to.range,
                rung: Rung::Quote,
            };
        }
        Resolution::Moved {
            range: to.range,
            rung: to.rung,
            context: to.context,
        }
    }

    /// Decides from all that was found: places with the same wording, and places that resemble the passage.
    fn judge(&self, selector: &Selector, mut same: Vec<Candidate>, near: Nearest) -> Resolution {
        let Nearest { alike, in_parts } = near;
        let (folded, mut near): (Vec<Candidate>, Vec<Candidate>) = alike
            .into_iter()
            .filter(|candidate| self.is_free(candidate.range))
            .partition(|candidate| {
                candidate.rung == Rung::Folded && !self.cuts(candidate.range, selector)
            });
        for candidate in folded {
            if !same
                .iter()
                .any(|known| known.range.overlaps(candidate.range))
            {
                same.push(candidate);
            }
        }
        near.retain(|candidate| {
            !same
                .iter()
                .any(|known| known.range.overlaps(candidate.range))
        });
        if same.is_empty() {
            return self.judge_changed(near, in_parts);
        }
        // An edit close by has destroyed the neighbours to the letter, but not their likeness.
        let passage = Passage::new(selector);
        for candidate in &mut same {
            let likeness = passage.context_at(self.text, candidate.range);
            candidate.context = candidate.context.max(likeness);
        }
        // Between its old neighbours is something else that could be it: it was corrected, perhaps, and the
        // same words are elsewhere.
        let rival = near.into_iter().find(|near| {
            is_proposable(near) && same.iter().all(|same| near.context > same.context)
        });
        if rival.is_none() && same.len() < MAX_PLACES {
            if let Some(taken) = self.take(selector, &same) {
                return taken;
            }
            if let [only] = same.as_slice()
                && is_long(selector)
                && !self.is_contested(selector, only)
            {
                return self.moved(selector, only);
            }
        }
        same.extend(rival.map(|rival| self.snapped(rival)));
        same.sort_by_key(|candidate| candidate.range);
        Resolution::Ambiguous { candidates: same }
    }

    /// Returns the candidate with ends that cut no grapheme cluster, so that it can be accepted as it is.
    fn snapped(&self, candidate: Candidate) -> Candidate {
        Candidate {
            range: boundary::snap(self.text, candidate.range),
            ..candidate
        }
    }

    fn judge_changed(&self, near: Vec<Candidate>, in_parts: Vec<Found>) -> Resolution {
        // A changed word at an end of the passage is no part that is left, but belongs to it.
        let is_preferred = |in_parts: &Found| {
            near.first().is_some_and(|alike| {
                alike.wording >= SURE_WORDING
                    && is_proposable(alike)
                    && alike.range.encloses(in_parts.candidate.range)
            })
        };
        if !in_parts.first().is_some_and(is_preferred)
            && let Some(found) = self.judge_parts(in_parts)
        {
            return found;
        }
        let mut near = near.into_iter().map(|candidate| self.snapped(candidate));
        let Some(best) = near.next() else {
            return self.orphan(None);
        };
        let min_wording = if matches!(self.origin, Origin::Known(_)) {
            min_wording_of_removed(&best)
        } else if best.rung == Rung::Bracket {
            MIN_WORDING
        } else {
            SURE_WORDING
        };
        if best.wording < min_wording || !is_proposable(&best) {
            return self.orphan(Some(best));
        }
        let mut equals: Vec<Candidate> = near
            .filter(|other| is_proposable(other) && best.score() - other.score() < MIN_SCORE_MARGIN)
            .collect();
        if equals.is_empty() {
            return Resolution::Changed { best };
        }
        equals.push(best);
        equals.sort_by_key(|candidate| candidate.range);
        Resolution::Ambiguous { candidates: equals }
    }

    /// Proposes what is left of the passage in parts, if that is enough.
    fn judge_parts(&self, in_parts: Vec<Found>) -> Option<Resolution> {
        let mut enough = in_parts
            .into_iter()
            .filter(|found| self.is_free(found.candidate.range) && is_enough(&found.reach));
        let best = enough.next()?;
        let equal = enough
            .next()
            .filter(|other| other.n_bytes() == best.n_bytes());
        let best = self.snapped(best.candidate);
        let is_removed =
            matches!(self.origin, Origin::Known(_)) && best.wording < min_wording_of_removed(&best);
        if is_removed {
            return None;
        }
        let Some(equal) = equal else {
            return Some(Resolution::Changed { best });
        };
        let mut candidates = vec![best, self.snapped(equal.candidate)];
        candidates.sort_by_key(|candidate| candidate.range);
        Some(Resolution::Ambiguous { candidates })
    }

    fn orphan(&self, best: Option<Candidate>) -> Resolution {
        let best =
            best.filter(|best| best.score() >= MIN_SHOWN && best.wording >= MIN_SHOWN_WORDING);
        let missing = match self.origin {
            Origin::Known(_) => Missing::Removed,
            Origin::This | Origin::Unknown => Missing::NotInText,
        };
        Resolution::Orphan { missing, best }
    }
}

/// Returns how like the passage a place must be although comparing the texts shows that the passage was removed.
fn min_wording_of_removed(place: &Candidate) -> f32 {
    if place.context >= WHOLE_CONTEXT {
        MIN_WORDING
    } else {
        MIN_WORDING_OF_REMOVED
    }
}

/// Returns whether the parts of a passage that were found are enough to propose what is between them.
fn is_enough(reach: &Reach) -> bool {
    let length = reach.n_kept + reach.n_lost;
    let is_found = |n_lost: usize, n_beside: usize| n_lost < MAX_LOST || n_beside > 0;
    reach.n_kept as f32 >= MIN_PARTS * length as f32
        && reach.n_before + reach.n_after >= MIN_BESIDE
        && is_found(reach.lost_before, reach.n_before)
        && is_found(reach.lost_after, reach.n_after)
}

fn is_proposable(candidate: &Candidate) -> bool {
    let is_sure = candidate.wording >= SURE_WORDING && candidate.range.len() >= SURE_BYTES;
    let min_context = if is_sure {
        MIN_LIKENESS_OF_SURE
    } else {
        MIN_LIKENESS
    };
    candidate.score() >= MIN_SCORE && candidate.context >= min_context
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anchor::describe;

    fn source(text: &str) -> SourceText {
        SourceText::new(text.to_owned()).unwrap()
    }

    /// Marks the text between `[` and `]` in `old`, searches for it in `new`, and shows the answer in one line.
    #[track_caller]
    fn check(old: &str, new: &str, expected: &str) {
        let (start, end) = (old.find('[').unwrap(), old.find(']').unwrap() - 1);
        let old = source(&old.replace(['[', ']'], ""));
        let selector = describe(&old, TextRange::from_bytes(start..end)).unwrap();
        let new = source(new);
        let origin = if old.edition() == new.edition() {
            Origin::This
        } else {
            Origin::Unknown
        };
        let alone = resolve(&new, origin, &selector);
        let shown = |r: &Resolution| match r.range() {
            Some(range) => format!("{} {}", r.word(), range.start().get()),
            None => r.word().to_owned(),
        };
        assert_eq!(shown(&alone), expected);
        let many = vec![&selector; 10];
        for found in resolve_all(&new, origin, &many, &|_| true).unwrap() {
            assert_eq!(found, alone, "one by one and many at once must agree");
        }
    }

    #[test]
    fn the_same_text_gives_the_same_place() {
        check("He [denied] it.", "He denied it.", "exact 3");
    }

    #[test]
    fn a_change_elsewhere_moves_it() {
        check(
            "He [denied] it, she said.",
            "Yesterday he denied it, she said.",
            "moved 13",
        );
        check(
            "Start. He [denied] it, she said. End.",
            "Start. He denied it, she said. Fin.",
            "exact 10",
        );
    }

    #[test]
    fn a_deleted_passage_is_not_found_though_a_lookalike_stands_elsewhere() {
        check(
            "They [denied the charge] at once.",
            "They said nothing at once.",
            "orphan",
        );
        check(
            "The lawyer [denied] it.",
            "Nothing. Others denied everything.",
            "ambiguous",
        );
    }

    #[test]
    fn two_equal_places_are_not_chosen_between() {
        check(
            "[no comment], he said",
            "So: no comment, he said; no comment, he said",
            "ambiguous",
        );
    }

    #[test]
    fn context_decides_between_two_places() {
        check(
            "Ana said [no], Ben said yes.",
            "Ben said no, nobody asked. Ana said no, Ben said yes.",
            "moved 36",
        );
    }

    #[test]
    fn a_wrong_offset_in_a_file_does_not_mislead() {
        let text = source("He denied it and she denied that.");
        let mut selector = describe(&text, TextRange::from_bytes(21..27)).unwrap();
        selector.position.start = crate::text::CharOffset::new(4_000_000_000);
        assert_eq!(
            resolve(&text, Origin::This, &selector),
            Resolution::Moved {
                range: TextRange::from_bytes(21..27),
                rung: Rung::Quote,
                context: 1.0
            }
        );
    }

    #[test]
    fn one_word_marked_thousands_of_times_is_searched_once() {
        let old = source(&format!("x{}", "e".repeat(5_000)));
        let selectors: Vec<Selector> = (1..2_000)
            .map(|at| describe(&old, TextRange::from_bytes(at..at + 1)).unwrap())
            .chain(
                ["ab", "cd", "fg", "hi", "jk", "lm", "no", "pq", "rs"].map(|absent| {
                    let text = source(absent);
                    describe(&text, text.full_range()).unwrap()
                }),
            )
            .collect();
        let selectors: Vec<&Selector> = selectors.iter().collect();
        let new = source(&format!("yy{}", "ezz".repeat(2_000_000)));
        let found = resolve_all(&new, Origin::Unknown, &selectors, &|_| true).unwrap();
        assert!(found.iter().all(|found| found.range().is_none()));
    }

    /// Marks the text between `[` and `]` in `old`, and compares the one place that is proposed for it in `new` with
    /// the text between the brackets there; without brackets in `new`, nothing is proposed. `knows` says whether the
    /// old text is given.
    #[track_caller]
    fn check_proposed(old: &str, new: &str, knows: bool) {
        let marked = |text: &str| {
            let start = text.find('[')?;
            Some(TextRange::from_bytes(start..text.find(']')? - 1))
        };
        let plain = |text: &str| source(&text.replace(['[', ']'], ""));
        let (old_text, new_text) = (plain(old), plain(new));
        let selector = describe(&old_text, marked(old).unwrap()).unwrap();
        let remap = Remap::new(&old_text, &new_text);
        let origin = if knows {
            Origin::Known(&remap)
        } else {
            Origin::Unknown
        };
        let proposed = match resolve(&new_text, origin, &selector) {
            Resolution::Changed { best } => Some(best.range),
            Resolution::Orphan { .. } => None,
            other => panic!("{other:?}"),
        };
        let text = |range: Option<TextRange>| range.map(|range| new_text.slice_or_empty(range));
        assert_eq!(text(proposed), text(marked(new)));
    }

    const INSERTED: &str = "A second ferry was bought by the island council in spring, after two winters of quarrels \
        about its price, and a third was leased from a yard across the sound until the pier could be mended again.";

    #[test]
    fn the_whole_of_a_passage_that_was_split_apart_is_proposed() {
        check_proposed(
            "It was late. [The harbour master closed the quay. Fishermen blocked the road with nets.] Talks began.",
            &format!(
                "It was late. [The harbour master closed the quay. {INSERTED} {INSERTED} \
                 Fishermen blocked the road with nets.] Talks began."
            ),
            false,
        );
    }

    #[test]
    fn half_of_a_passage_is_not_proposed_for_the_whole() {
        check_proposed(
            "It was late. [The harbour master closed the quay. Fishermen blocked the road with nets.] Talks began.",
            &format!("It was late. The harbour master closed the quay. {INSERTED}"),
            false,
        );
    }

    #[test]
    fn what_is_left_beside_both_neighbours_is_proposed() {
        check_proposed(
            "It was late. [The harbour master closed the quay. Fishermen blocked the road.] Talks began at noon.",
            &format!(
                "{INSERTED} It was late. [The harbour master closed the quay.] Talks began at noon."
            ),
            false,
        );
    }

    #[test]
    fn what_only_resembles_a_removed_passage_is_not_proposed() {
        let old = "It was calm. [The lighthouse keeper counted eleven barges before noon.] Then it rained.";
        let moved = "No boat came. The keeper of the old lighthouse had counted nine barges.";
        let new = format!("It was calm. Then it rained. {INSERTED} {moved}");
        check_proposed(old, &new, true);
    }
}
