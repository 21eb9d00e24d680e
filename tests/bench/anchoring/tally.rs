//! What the program said about many passages, held against what became of them, and the tables of it.

use crate::truth::{Excuse, Fate};
use sourcemark::{
    anchor::Resolution,
    text::{SourceText, TextRange},
};
use std::ops::{AddAssign, Range};

/// Share of a passage that may be left for it to count as deleted.
const DELETED: f64 = 0.15;
/// A passage that has grown to more than twice its length and this is torn apart, not changed.
const TORN_BYTES: usize = 64;
/// Ends that are wrong by no more than this many bytes still show the person the right passage.
const NEAR_BYTES: usize = 12;
/// So does a range that has at least this share of its bytes in common with the right one.
const NEAR_SHARE: f64 = 0.8;

/// What really became of a passage, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Every byte of it is there, in one piece.
    Unchanged,
    /// Part of it is there.
    Changed,
    /// Part of it is there, and between its first and its last word more than its own length was put in.
    Torn,
    /// Next to nothing of it is there.
    Deleted,
}

impl Kind {
    /// `None` for what is neither: the passage was taken out, and the same words stand elsewhere.
    pub fn of(old: &SourceText, new: &SourceText, passage: TextRange, fate: &Fate) -> Option<Self> {
        let wording = old.slice_or_empty(passage);
        let is_unchanged = fate.start.is_empty()
            && fate.end.is_empty()
            && new.as_str().get(fate.start.start..fate.end.start) == Some(wording);
        if is_unchanged {
            return Some(Self::Unchanged);
        }
        if fate.survives > DELETED {
            let is_torn = fate.shortest().len() > 2 * passage.len() + TORN_BYTES;
            return Some(if is_torn { Self::Torn } else { Self::Changed });
        }
        (!new.as_str().contains(wording)).then_some(Self::Deleted)
    }

    /// Whether `range` is where a passage of this kind stands now.
    pub fn is_right(self, range: TextRange, fate: &Fate) -> bool {
        let off = |at: usize, place: &Range<usize>| {
            place
                .start
                .saturating_sub(at)
                .max(at.saturating_sub(place.end))
        };
        let (start, end) = (range.start().get(), range.end().get());
        match self {
            Self::Unchanged => start == fate.start.start && end == fate.end.start,
            Self::Deleted => false,
            Self::Changed | Self::Torn => {
                let is_near =
                    off(start, &fate.start) <= NEAR_BYTES && off(end, &fate.end) <= NEAR_BYTES;
                let shortest = fate.shortest();
                let common = end
                    .min(shortest.end)
                    .saturating_sub(start.max(shortest.start));
                let all = end.max(shortest.end) - start.min(shortest.start);
                is_near || common as f64 >= NEAR_SHARE * all as f64
            }
        }
    }
}

/// What the program said about the passages of one kind.
#[derive(Clone, Copy, Default)]
pub struct Tally {
    /// Passages.
    pub n: usize,
    /// Taken without asking, at the right place.
    pub taken_right: usize,
    /// Taken, elsewhere than the diff says.
    pub taken_elsewhere: usize,
    /// Of these, those that no [`Excuse`] covers.
    pub misplaced: usize,
    /// One place is offered, the right one.
    pub offered_right: usize,
    /// One place is offered, another one.
    pub offered_wrong: usize,
    /// Asked, with the right place among those shown.
    pub asked_right: usize,
    /// Asked where it belongs.
    pub asked: usize,
    /// Of those offered wrongly, how many are the passage all the same, to four fifths: it was moved and edited,
    /// which a diff calls deleted.
    pub offered_alike: usize,
    /// Of those offered wrongly, how many lie between the first and the last word that the diff sees: a part of the
    /// passage.
    pub offered_part: usize,
}

impl Tally {
    /// Counts one answer. `excuse` is asked about a place that was taken and is not where the diff says.
    pub fn add(
        &mut self,
        found: &Resolution,
        kind: Kind,
        fate: &Fate,
        excuse: impl FnOnce(TextRange) -> Option<Excuse>,
    ) {
        self.n += 1;
        let right = |range: TextRange| kind.is_right(range, fate);
        match found {
            Resolution::Exact { range, .. } | Resolution::Moved { range, .. } => {
                if right(*range) {
                    self.taken_right += 1;
                } else {
                    self.taken_elsewhere += 1;
                    self.misplaced += usize::from(excuse(*range).is_none());
                }
            }
            Resolution::Changed { best } if right(best.range) => self.offered_right += 1,
            Resolution::Changed { best } => {
                self.offered_wrong += 1;
                self.offered_alike += usize::from(best.wording >= 0.8);
                let all = fate.start.start.saturating_sub(NEAR_BYTES)..fate.end.end + NEAR_BYTES;
                let is_part =
                    all.start <= best.range.start().get() && best.range.end().get() <= all.end;
                self.offered_part += usize::from(is_part);
            }
            Resolution::Ambiguous { .. } | Resolution::Orphan { .. } => {
                self.asked += 1;
                let shown = found.candidates();
                self.asked_right += usize::from(shown.iter().any(|place| right(place.range)));
            }
        }
    }

    /// At the right place, taken or offered.
    pub fn right(&self) -> usize {
        self.taken_right + self.offered_right
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.n += other.n;
        self.taken_right += other.taken_right;
        self.taken_elsewhere += other.taken_elsewhere;
        self.misplaced += other.misplaced;
        self.offered_right += other.offered_right;
        self.offered_wrong += other.offered_wrong;
        self.asked_right += other.asked_right;
        self.asked += other.asked;
        self.offered_alike += other.offered_alike;
        self.offered_part += other.offered_part;
    }
}

/// How exactly the ends that are still there were found.
#[derive(Clone, Copy, Default)]
pub struct Ends {
    /// Ends of passages that are the end of a word, or inside one, that is still there.
    pub n: usize,
    /// Of these, those that were found to the byte.
    pub exact: usize,
}

impl Ends {
    /// Counts the two ends of one passage: where it was taken, or where it is offered first.
    pub fn add(&mut self, found: &Resolution, fate: &Fate) {
        let range = found
            .range()
            .or(found.candidates().first().map(|place| place.range));
        let (start, end) = fate.ends_survive;
        let is_at = |at: Option<usize>, place: &Range<usize>| at == Some(place.start);
        if start {
            self.n += 1;
            self.exact += usize::from(is_at(range.map(|range| range.start().get()), &fate.start));
        }
        if end {
            self.n += 1;
            self.exact += usize::from(is_at(range.map(|range| range.end().get()), &fate.end));
        }
    }
}

impl AddAssign for Ends {
    fn add_assign(&mut self, other: Self) {
        self.n += other.n;
        self.exact += other.exact;
    }
}

/// Prints what was said about passages of each [`Kind`], in its order; those that changed also with those that were
/// torn apart, so that leaving these out misleads nobody.
pub fn print(name: &str, tallies: &[Tally; 4]) {
    println!(
        "| {name} | passages | taken, right | taken elsewhere | of these misplaced | offered, right | offered, wrong | \
         asked, right place shown | asked, not shown | right | wrong |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|");
    let [unchanged, changed, torn, deleted] = *tallies;
    let mut all_changed = changed;
    all_changed += torn;
    for (kind, tally) in [
        ("unchanged", unchanged),
        ("changed", changed),
        ("torn apart", torn),
        ("changed or torn apart", all_changed),
        ("deleted", deleted),
    ] {
        let right = match kind {
            "deleted" => tally.asked,
            _ => tally.right(),
        };
        println!(
            "| {kind} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            tally.n,
            tally.taken_right,
            tally.taken_elsewhere,
            tally.misplaced,
            tally.offered_right,
            tally.offered_wrong,
            tally.asked_right,
            tally.asked - tally.asked_right,
            percent(right, tally.n),
            percent(tally.taken_elsewhere + tally.offered_wrong, tally.n),
        );
    }
    println!(
        "\nOf the deleted passages that are offered, {} of {} are still there to 80 % or more: moved and edited, which \
         the diff that gives the truth cannot see. Of those torn apart that are offered wrongly, {} of {} lie between \
         the first and the last of their words: a part of the passage is shown.\n",
        deleted.offered_alike, deleted.offered_wrong, torn.offered_part, torn.offered_wrong
    );
}

/// `part` of `all` as text.
pub fn percent(part: usize, all: usize) -> String {
    if all == 0 {
        return "–".to_owned();
    }
    format!("{:.2} %", part as f64 * 100.0 / all as f64)
}
