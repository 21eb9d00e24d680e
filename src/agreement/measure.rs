//! A measure with its interval and the number of passages that it is based on, or why it is undefined.

use std::fmt;

/// Figures that rest on fewer passages are too few to say anything: the sampling error of a kappa of 30 items is
/// about a tenth even where agreement is good.
pub const MIN_ITEMS: usize = 30;

/// One figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// The value, or why it is undefined. An undefined value is never 0 or 1.
    pub value: Result<f64, Undefined>,
    /// 95 % interval; `None` where there is none, as with few articles.
    pub interval: Option<Interval>,
    /// Passages it rests on: those that at least one of two annotators marked, pairs counted once, and a passage
    /// with two tags twice where all tags are taken together. Of several annotators, the fewest of any two.
    pub n: usize,
}

impl Measure {
    /// Returns a figure that is not defined.
    pub fn undefined(reason: Undefined, n: usize) -> Self {
        Self {
            value: Err(reason),
            interval: None,
            n,
        }
    }

    /// Returns whether it rests on so few passages that it should not be shown to people as a figure.
    pub fn is_too_few(&self) -> bool {
        self.n < MIN_ITEMS
    }
}

/// Two ends of an interval, the lower first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Why a figure is not defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undefined {
    /// Nobody marked anything.
    NothingMarked,
    /// There is only one annotator.
    OneAnnotator,
    /// No article was annotated by all of them.
    NoSharedArticle,
    /// No unit was judged by two.
    NoSharedUnit,
    /// Only one category was used, so that any two would agree by chance alone.
    OneCategory,
    /// Not every unit was judged by equally many annotators.
    UnequalJudges,
    /// The measure compares two annotators, and there are more.
    NotTwo,
    /// The measure compares more than two annotators.
    NotMany,
    /// The values are not numbers, so they have no order and no distance.
    NotNumbers,
    /// Chance would give no disagreement at all.
    NothingExpected,
    /// The article's text is not available, so its sentences are not known.
    NoText,
    /// The measure was not requested.
    NotAsked,
}

impl fmt::Display for Undefined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NothingMarked => "nobody marked anything",
            Self::OneAnnotator => "there is only one annotator",
            Self::NoSharedArticle => "no article was annotated by all",
            Self::NoSharedUnit => "no unit was judged by two annotators",
            Self::OneCategory => "only one category was used",
            Self::UnequalJudges => "not every unit was judged by equally many",
            Self::NotTwo => "it compares two annotators",
            Self::NotMany => "it compares more than two annotators",
            Self::NotNumbers => "the values are not numbers",
            Self::NothingExpected => "chance would give no disagreement",
            Self::NoText => "the article's text is not at hand",
            Self::NotAsked => "it was not asked for",
        })
    }
}
