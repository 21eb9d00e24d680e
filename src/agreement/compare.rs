//! Two annotators side by side: the same passages, passages with other tags, passages that one marked alone.
//!
//! Passages are paired one to one when they share at least one code point; a passage is one annotation with all
//! its segments and tags. Of all pairings the one is taken that has the most pairs with the same tags, then the
//! most pairs, then the most tags in common, then the most code points in common, then the most on the very same code
//! points.

use super::{ArticleLayers, Corpus, Passage, TagName};
use crate::{
    annotation::{AnnotationId, Footprint, MatchRule, match_spans, pair_passages},
    text::LineCol,
};

/// How two annotators' passages relate. `same + other_tag + only_a` is `n_a`, the same with `b`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PairCounts {
    /// Index of the first annotator.
    pub a: usize,
    /// Index of the second annotator.
    pub b: usize,
    /// Articles that both annotated.
    pub n_articles: usize,
    /// Passages of the first in these articles.
    pub n_a: usize,
    /// Passages of the second annotator.
    pub n_b: usize,
    /// The same passage with the same tags.
    pub same: usize,
    /// Those of these pairs that do not begin and end at the same places.
    pub edges: usize,
    /// The same passage with other tags.
    pub other_tag: usize,
    /// Marked by the first alone.
    pub only_a: usize,
    /// Marked by the second alone.
    pub only_b: usize,
}

/// What two annotators disagree about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The same passage with other tags.
    OtherTag,
    /// The same passage with the same tags, but other edges.
    Edges,
    /// Marked by the first alone.
    OnlyA,
    /// Marked by the second alone.
    OnlyB,
}

impl Difference {
    /// Returns one word for exports: `other-tag`, `edges`, `only-a` or `only-b`.
    pub fn word(self) -> &'static str {
        match self {
            Self::OtherTag => "other-tag",
            Self::Edges => "edges",
            Self::OnlyA => "only-a",
            Self::OnlyB => "only-b",
        }
    }
}

/// One side of a disagreement.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// The annotation.
    pub id: AnnotationId,
    /// The code points it covers.
    pub footprint: Footprint,
    /// Its tags as indexes into [`Corpus::tags`].
    pub tags: Vec<usize>,
    /// The wording of the passage.
    pub quote: String,
}

/// One disagreement, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreed {
    /// Index of the article.
    pub article: usize,
    /// Indexes of the two annotators.
    pub annotators: (usize, usize),
    /// What they disagree about.
    pub difference: Difference,
    /// Where the passage begins: line and column, if the text is available.
    pub line_col: Option<LineCol>,
    /// Where the passage begins, in code points.
    pub start: usize,
    /// What the first marked.
    pub a: Option<Side>,
    /// What the second marked.
    pub b: Option<Side>,
}

/// Which tags met which: rows are those of the first annotator. The last row and column mean "not marked".
///
/// A tag is counted against the same tag of the partner. What is left over on both sides is counted each against
/// each; what is left over on one side alone, and every tag of a passage without a partner, against "not marked".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confusion {
    /// Index of the first annotator.
    pub a: usize,
    /// Index of the second annotator.
    pub b: usize,
    /// Rows of counts, one row and column for each tag of the corpus and one more.
    pub counts: Vec<Vec<usize>>,
}

/// The comparison of two annotators.
pub(super) struct Compared {
    pub(super) counts: PairCounts,
    pub(super) confusion: Confusion,
    pub(super) disagreed: Vec<Disagreed>,
    /// The pairs in each article that both annotated: the article and the indexes in both layers.
    pub(super) pairs: Vec<(usize, Vec<(usize, usize)>)>,
}

/// Compares annotators `a` and `b` in all articles that both annotated.
pub(super) fn compare(corpus: &Corpus, a: usize, b: usize) -> Compared {
    let n_tags = corpus.tags.len();
    let mut compared = Compared {
        counts: PairCounts {
            a,
            b,
            ..PairCounts::default()
        },
        confusion: Confusion {
            a,
            b,
            counts: vec![vec![0; n_tags + 1]; n_tags + 1],
        },
        disagreed: Vec::new(),
        pairs: Vec::new(),
    };
    for (article_idx, article) in corpus.shared_by(&[a, b]) {
        let (Some(of_a), Some(of_b)) = (article.layer(a), article.layer(b)) else {
            continue;
        };
        let pairs = pair_up(of_a, of_b);
        let mut partner_of_b = vec![None; of_b.len()];
        let mut partner_of_a = vec![None; of_a.len()];
        for (x, y) in &pairs {
            partner_of_a[*x] = Some(*y);
            partner_of_b[*y] = Some(*x);
        }
        compared.counts.n_articles += 1;
        compared.counts.n_a += of_a.len();
        compared.counts.n_b += of_b.len();
        for (passage, partner) in of_a.iter().zip(&partner_of_a) {
            let partner = partner.and_then(|y| of_b.get(y));
            compared.add(article_idx, article, Some(passage), partner);
        }
        for (passage, partner) in of_b.iter().zip(&partner_of_b) {
            if partner.is_none() {
                compared.add(article_idx, article, None, Some(passage));
            }
        }
        compared.pairs.push((article_idx, pairs));
    }
    compared
        .disagreed
        .sort_by_key(|found| (found.article, found.start));
    compared
}

impl Compared {
    fn add(
        &mut self,
        article_idx: usize,
        article: &ArticleLayers,
        a: Option<&Passage>,
        b: Option<&Passage>,
    ) {
        let counts = &mut self.counts;
        let difference = match (a, b) {
            (Some(a), Some(b)) if a.tags == b.tags => {
                counts.same += 1;
                let differs = a.footprint != b.footprint;
                counts.edges += usize::from(differs);
                differs.then_some(Difference::Edges)
            }
            (Some(_), Some(_)) => {
                counts.other_tag += 1;
                Some(Difference::OtherTag)
            }
            (Some(_), None) => {
                counts.only_a += 1;
                Some(Difference::OnlyA)
            }
            (None, _) => {
                counts.only_b += 1;
                Some(Difference::OnlyB)
            }
        };
        let tags = |side: Option<&Passage>| side.map_or(Vec::new(), |passage| passage.tags.clone());
        self.confuse(&tags(a), &tags(b));
        let Some(difference) = difference else {
            return;
        };
        let start = a
            .into_iter()
            .chain(b)
            .map(|side| side.footprint.cover().start)
            .min()
            .unwrap_or(0);
        self.disagreed.push(Disagreed {
            article: article_idx,
            annotators: (self.counts.a, self.counts.b),
            difference,
            line_col: article.line_col(start),
            start,
            a: a.map(side),
            b: b.map(side),
        });
    }

    fn confuse(&mut self, a: &[usize], b: &[usize]) {
        let unmarked = self.confusion.counts.len() - 1;
        let counts = &mut self.confusion.counts;
        let left_a: Vec<usize> = a.iter().copied().filter(|tag| !b.contains(tag)).collect();
        let left_b: Vec<usize> = b.iter().copied().filter(|tag| !a.contains(tag)).collect();
        for tag in a.iter().filter(|tag| b.contains(tag)) {
            counts[*tag][*tag] += 1;
        }
        let or_unmarked = |left: Vec<usize>| {
            if left.is_empty() {
                vec![unmarked]
            } else {
                left
            }
        };
        if left_a.is_empty() && left_b.is_empty() {
            return;
        }
        let right = or_unmarked(left_b);
        for row in or_unmarked(left_a) {
            for column in &right {
                counts[row][*column] += 1;
            }
        }
    }
}

fn side(passage: &Passage) -> Side {
    Side {
        id: passage.id,
        footprint: passage.footprint.clone(),
        tags: passage.tags.clone(),
        quote: passage.quote.clone(),
    }
}

/// Returns the pairing described above.
fn pair_up(a: &[Passage], b: &[Passage]) -> Vec<(usize, usize)> {
    pair_passages(&with_tags(a), &with_tags(b))
}

fn with_tags(passages: &[Passage]) -> Vec<(&Footprint, &[usize])> {
    let passages = passages.iter();
    passages
        .map(|passage| (&passage.footprint, passage.tags.as_slice()))
        .collect()
}

/// Returns the footprints of the passages with `tag`, or of all.
pub(super) fn footprints(passages: &[Passage], tag: Option<usize>) -> Vec<&Footprint> {
    let with_tag = passages
        .iter()
        .filter(|passage| tag.is_none_or(|tag| passage.tags.contains(&tag)));
    with_tag.map(|passage| &passage.footprint).collect()
}

/// What F1 is computed from: passages of both, and pairs. Those of several articles and tags add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MatchCounts {
    /// Passages of the first annotator.
    pub n_a: u64,
    /// Passages of the second annotator.
    pub n_b: u64,
    /// Pairs.
    pub n_pairs: u64,
}

impl MatchCounts {
    /// Returns the passages of two layers that carry `tag`, paired by `rule`.
    pub fn of(a: &[Passage], b: &[Passage], tag: usize, rule: MatchRule) -> Self {
        let (a, b) = (footprints(a, Some(tag)), footprints(b, Some(tag)));
        Self {
            n_a: a.len() as u64,
            n_b: b.len() as u64,
            n_pairs: match_spans(&a, &b, rule).len() as u64,
        }
    }

    /// Adds `times` times `other`.
    pub fn add(&mut self, other: Self, times: u64) {
        self.n_a += times * other.n_a;
        self.n_b += times * other.n_b;
        self.n_pairs += times * other.n_pairs;
    }

    /// Returns F1: twice the pairs as a share of all passages, the harmonic mean of precision and recall, whichever of
    /// the two is taken for right (van Rijsbergen 1979; Hripcsak and Rothschild 2005 on its use as agreement).
    ///
    /// # Errors
    /// [`NothingMarked`](super::Undefined::NothingMarked) when neither marked anything.
    pub fn f1(self) -> Result<f64, super::Undefined> {
        let n_all = self.n_a + self.n_b;
        (n_all > 0)
            .then(|| 2.0 * self.n_pairs as f64 / n_all as f64)
            .ok_or(super::Undefined::NothingMarked)
    }

    /// Passages that at least one of the two marked.
    pub fn n_items(self) -> usize {
        (self.n_a + self.n_b - self.n_pairs) as usize
    }
}

/// Returns the names of `tags`, joined.
pub fn tag_names(all: &[TagName], tags: &[usize]) -> String {
    let names = tags.iter().filter_map(|tag| all.get(*tag));
    names
        .map(|tag| tag.name.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}
