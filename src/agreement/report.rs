//! The whole comparison of a corpus: counts, figures for each tag, confusions, disagreements.

use super::{
    Coincidences, Contingency, Corpus, Disagreement, FleissSums, MatchCounts, Measure, Metric,
    TagSets, Undefined, UnitKind, Unitizing, UnitizingSums, Units,
    attributes::{AttributeAgreement, attribute_agreement},
    bennett_s, bootstrap, cohen_kappa,
    compare::{Compared, Confusion, Disagreed, PairCounts, compare},
    gamma::{Continuum, Gamma, GammaOptions, Unit, gamma},
    gwet_ac1, scott_pi,
};
use crate::annotation::MatchRule;

/// Options of a report.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReportOptions {
    /// The unit of kappa and alpha.
    pub unit: UnitKind,
    /// How to compute gamma; `None` leaves it out, as it takes longer than all else.
    pub gamma: Option<GammaOptions>,
    /// The seed of the random drawing of articles.
    pub seed: u64,
}

impl Default for ReportOptions {
    fn default() -> Self {
        Self {
            unit: UnitKind::default(),
            gamma: Some(GammaOptions::default()),
            seed: 4_772,
        }
    }
}

/// A measure, in the order in which figures are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// F1 of passages on the same code points.
    F1Strict,
    /// F1 of passages that share a code point.
    F1Overlap,
    /// Share of the units of which two annotators say the same.
    Observed,
    /// Cohen's kappa, for two.
    CohenKappa,
    /// Scott's pi, for two.
    ScottPi,
    /// Bennett's S, for two.
    BennettS,
    /// Gwet's AC1, for two.
    GwetAc1,
    /// Fleiss' kappa, for more than two.
    FleissKappa,
    /// Krippendorff's alpha, nominal.
    Alpha,
    /// Krippendorff's alpha for unitizing.
    AlphaU,
    /// Gamma.
    Gamma,
}

impl Kind {
    /// Returns the name of the measure.
    pub fn name(self) -> &'static str {
        match self {
            Self::F1Strict => "F1 strict",
            Self::F1Overlap => "F1 overlap",
            Self::Observed => "observed agreement",
            Self::CohenKappa => "Cohen's kappa",
            Self::ScottPi => "Scott's pi",
            Self::BennettS => "Bennett's S",
            Self::GwetAc1 => "Gwet's AC1",
            Self::FleissKappa => "Fleiss' kappa",
            Self::Alpha => "Krippendorff's alpha",
            Self::AlphaU => "alpha-u",
            Self::Gamma => "gamma",
        }
    }

    /// Returns the name of the measure in exports.
    pub fn key(self) -> &'static str {
        match self {
            Self::F1Strict => "f1_strict",
            Self::F1Overlap => "f1_overlap",
            Self::Observed => "observed",
            Self::CohenKappa => "cohen_kappa",
            Self::ScottPi => "scott_pi",
            Self::BennettS => "bennett_s",
            Self::GwetAc1 => "gwet_ac1",
            Self::FleissKappa => "fleiss_kappa",
            Self::Alpha => "krippendorff_alpha",
            Self::AlphaU => "alpha_u",
            Self::Gamma => "gamma",
        }
    }
}

/// The figures of one tag, or of all tags together.
#[derive(Clone, Debug, PartialEq)]
pub struct TagFigures {
    /// Index into [`Corpus::tags`]; `None` for all together.
    pub tag: Option<usize>,
    /// Passages of each annotator.
    pub n_passages: Vec<usize>,
    /// The figures.
    pub figures: Vec<(Kind, Measure)>,
    /// The details of gamma, if requested.
    pub gamma: Option<Gamma>,
    /// Stretches that alpha for unitizing leaves out because they overlap another one of the same annotator.
    pub n_skipped: usize,
}

/// The full comparison of a corpus.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// The corpus.
    pub corpus: Corpus,
    /// The unit of kappa and alpha.
    pub unit: UnitKind,
    /// Counts for each two annotators who share an article.
    pub pairs: Vec<PairCounts>,
    /// All tags together, then each tag.
    pub tags: Vec<TagFigures>,
    /// Which tags met which, for the same pairs.
    pub confusions: Vec<Confusion>,
    /// Every disagreement, by pair of annotators, article and place.
    pub disagreements: Vec<Disagreed>,
    /// Attributes of passages that were marked by more than one.
    pub attributes: Vec<AttributeAgreement>,
}

impl Agreement {
    /// Computes everything. The figures are over all annotators: those that need the same articles from all use
    /// the articles that all annotated; F1, kappa of units and alpha use what any two share.
    pub fn of(corpus: Corpus, options: &ReportOptions) -> Self {
        let n_annotators = corpus.annotators.len();
        let mut compared: Vec<Compared> = Vec::new();
        for a in 0..n_annotators {
            for b in a + 1..n_annotators {
                let pair = compare(&corpus, a, b);
                if pair.counts.n_articles > 0 {
                    compared.push(pair);
                }
            }
        }
        let work = Work::new(&corpus, options);
        let tags = std::iter::once(None).chain((0..corpus.tags.len()).map(Some));
        let tags = tags.map(|tag| work.figures(tag)).collect();
        let attributes = attribute_agreement(&corpus, &compared, options.seed);
        let mut agreement = Self {
            unit: options.unit,
            pairs: Vec::new(),
            tags,
            confusions: Vec::new(),
            disagreements: Vec::new(),
            attributes,
            corpus,
        };
        for pair in compared {
            agreement.pairs.push(pair.counts);
            agreement.confusions.push(pair.confusion);
            agreement.disagreements.extend(pair.disagreed);
        }
        agreement
    }
}

/// A measure of two annotators.
type OnTwo = fn(&Contingency) -> Result<f64, Undefined>;

/// What all tags need.
struct Work<'a> {
    corpus: &'a Corpus,
    options: &'a ReportOptions,
    everybody: Vec<usize>,
    units: Result<Vec<Units>, Undefined>,
    sets: TagSets,
}

impl<'a> Work<'a> {
    fn new(corpus: &'a Corpus, options: &'a ReportOptions) -> Self {
        let units: Result<Vec<Units>, Undefined> = corpus
            .articles
            .iter()
            .map(|article| Units::of(article, options.unit))
            .collect();
        let sets = TagSets::of(units.iter().flatten());
        Self {
            corpus,
            options,
            everybody: (0..corpus.annotators.len()).collect(),
            units,
            sets,
        }
    }

    fn n_articles(&self) -> usize {
        self.corpus.articles.len()
    }

    /// Returns the tags of a line of figures.
    fn tags_of(&self, tag: Option<usize>) -> Vec<usize> {
        tag.map_or_else(|| (0..self.corpus.tags.len()).collect(), |tag| vec![tag])
    }

    fn figures(&self, tag: Option<usize>) -> TagFigures {
        let n = self.n_items(tag);
        let mut figures = vec![
            (Kind::F1Strict, self.f1(tag, MatchRule::Strict, n)),
            (Kind::F1Overlap, self.f1(tag, MatchRule::Overlap, n)),
        ];
        self.add_unit_figures(tag, n, &mut figures);
        let (alpha_u, n_skipped) = self.alpha_u(tag, n);
        figures.push((Kind::AlphaU, alpha_u));
        let gamma = self.options.gamma.map(|options| self.gamma(tag, &options));
        figures.push((
            Kind::Gamma,
            match &gamma {
                None => Measure::undefined(Undefined::NotAsked, n),
                Some(gamma) => Measure {
                    value: gamma.value,
                    interval: gamma.interval,
                    n,
                },
            },
        ));
        let count = |annotator: usize| {
            let layers = self
                .corpus
                .articles
                .iter()
                .filter_map(|article| article.layer(annotator));
            let passages = layers.flatten();
            passages
                .filter(|passage| tag.is_none_or(|tag| passage.tags.contains(&tag)))
                .count()
        };
        TagFigures {
            tag,
            n_passages: self
                .everybody
                .iter()
                .map(|annotator| count(*annotator))
                .collect(),
            figures,
            gamma,
            n_skipped,
        }
    }

    /// Returns each pair of annotators with what `rule` counts for each article; an article they do not share counts
    /// nothing.
    fn match_counts(&self, tag: Option<usize>, rule: MatchRule) -> Vec<Vec<MatchCounts>> {
        let mut pairs = Vec::new();
        for a in &self.everybody {
            for b in self.everybody.iter().filter(|b| *b > a) {
                let counts = self.corpus.articles.iter().map(|article| {
                    let mut sum = MatchCounts::default();
                    if let (Some(of_a), Some(of_b)) = (article.layer(*a), article.layer(*b)) {
                        for tag in self.tags_of(tag) {
                            sum.add(MatchCounts::of(of_a, of_b, tag, rule), 1);
                        }
                    }
                    sum
                });
                pairs.push(counts.collect());
            }
        }
        pairs
    }

    fn n_items(&self, tag: Option<usize>) -> usize {
        let pairs = self
            .match_counts(tag, MatchRule::Overlap)
            .into_iter()
            .enumerate();
        let shared = pairs.filter(|(idx, _)| {
            self.pair(*idx)
                .is_some_and(|(a, b)| self.corpus.shared_by(&[a, b]).next().is_some())
        });
        let items = shared.map(|(_, counts)| counts.iter().map(|counts| counts.n_items()).sum());
        items.min().unwrap_or(0)
    }

    /// Returns the annotators of the pair with this number.
    fn pair(&self, idx: usize) -> Option<(usize, usize)> {
        let everybody = &self.everybody;
        let pairs = everybody.iter().flat_map(|a| {
            everybody
                .iter()
                .filter(move |b| *b > a)
                .map(move |b| (*a, *b))
        });
        pairs.into_iter().nth(idx)
    }

    fn measure(
        &self,
        n: usize,
        mut value: impl FnMut(&[u64]) -> Result<f64, Undefined>,
    ) -> Measure {
        let once = vec![1; self.n_articles()];
        let found = value(&once);
        Measure {
            interval: found
                .ok()
                .and_then(|_| bootstrap(self.n_articles(), self.options.seed, value)),
            value: found,
            n,
        }
    }

    fn f1(&self, tag: Option<usize>, rule: MatchRule, n: usize) -> Measure {
        let mut by_article = vec![MatchCounts::default(); self.n_articles()];
        for pair in self.match_counts(tag, rule) {
            for (sum, counts) in by_article.iter_mut().zip(pair) {
                sum.add(counts, 1);
            }
        }
        self.measure(n, |times| {
            let mut sum = MatchCounts::default();
            for (counts, times) in by_article.iter().zip(times) {
                sum.add(*counts, *times);
            }
            sum.f1()
        })
    }

    /// Adds kappa and alpha over units.
    fn add_unit_figures(&self, tag: Option<usize>, n: usize, figures: &mut Vec<(Kind, Measure)>) {
        let two = self.everybody.len() == 2;
        let on_two = [
            Kind::Observed,
            Kind::CohenKappa,
            Kind::ScottPi,
            Kind::BennettS,
            Kind::GwetAc1,
        ];
        let units = match &self.units {
            Ok(units) => units,
            Err(reason) => {
                let kinds = on_two
                    .into_iter()
                    .filter(|_| two)
                    .chain((!two).then_some(Kind::FleissKappa))
                    .chain([Kind::Alpha]);
                figures.extend(kinds.map(|kind| (kind, Measure::undefined(*reason, n))));
                return;
            }
        };
        let nothing = |n_categories: usize| {
            (
                Contingency::new(n_categories),
                Coincidences::new(n_categories),
            )
        };
        let codings: Vec<_> = units
            .iter()
            .map(|units| match tag {
                Some(tag) => units.with_tag(tag, &self.everybody),
                None => units.with_sets(&self.sets, &self.everybody),
            })
            .collect();
        let n_categories = codings.first().map_or(0, super::Coding::n_categories);
        let (no_table, no_coincidences) = nothing(n_categories);
        if two {
            let tables: Vec<Contingency> = codings
                .iter()
                .map(|coding| Contingency::of(coding, 0, 1))
                .collect();
            let measures: [OnTwo; 5] = [
                Contingency::observed,
                cohen_kappa,
                scott_pi,
                bennett_s,
                gwet_ac1,
            ];
            for (kind, measure) in on_two.into_iter().zip(measures) {
                let found = self.measure(n, |times| {
                    let mut sum = no_table.clone();
                    for (table, times) in tables.iter().zip(times) {
                        sum.add_table(table, *times);
                    }
                    measure(&sum)
                });
                figures.push((kind, found));
            }
        } else {
            // It wants the same number of judges everywhere.
            let by_all: Vec<FleissSums> = self
                .corpus
                .articles
                .iter()
                .zip(&codings)
                .map(|(article, coding)| {
                    let all = self
                        .everybody
                        .iter()
                        .all(|annotator| article.layer(*annotator).is_some());
                    if all {
                        FleissSums::of(coding)
                    } else {
                        FleissSums::default()
                    }
                })
                .collect();
            let found = self.measure(n, |times| {
                let mut sum = FleissSums::default();
                for (sums, times) in by_all.iter().zip(times) {
                    sum.add(sums, *times);
                }
                sum.kappa()
            });
            figures.push((Kind::FleissKappa, found));
        }
        let tables: Vec<Coincidences> = codings.iter().map(Coincidences::of).collect();
        let found = self.measure(n, |times| {
            let mut sum = no_coincidences.clone();
            for (table, times) in tables.iter().zip(times) {
                sum.add(table, *times);
            }
            sum.alpha(Metric::Nominal, &[])
        });
        figures.push((Kind::Alpha, found));
    }

    fn alpha_u(&self, tag: Option<usize>, n: usize) -> (Measure, usize) {
        let articles: Vec<_> = self
            .corpus
            .shared_by(&self.everybody)
            .map(|(_, article)| article)
            .collect();
        if articles.is_empty() {
            return (Measure::undefined(Undefined::NoSharedArticle, n), 0);
        }
        let mut n_skipped = 0;
        let mut of_tags = Vec::new();
        for tag in self.tags_of(tag) {
            let unitized: Vec<Unitizing> = articles
                .iter()
                .map(|article| {
                    let stretches = |annotator: &usize| {
                        let passages = article.layer(*annotator).unwrap_or_default().iter();
                        let tagged = passages.filter(|passage| passage.tags.contains(&tag));
                        tagged
                            .flat_map(|passage| passage.footprint.stretches().to_vec())
                            .collect()
                    };
                    Unitizing::new(article.length, self.everybody.iter().map(stretches))
                })
                .collect();
            n_skipped += unitized.iter().map(Unitizing::n_skipped).sum::<usize>();
            of_tags.push(UnitizingSums::new(&unitized));
        }
        let value = |times: &[u64]| {
            Disagreement::sum(of_tags.iter().map(|sums| sums.disagreement(times))).alpha()
        };
        let found = value(&[]);
        let measure = Measure {
            interval: found
                .ok()
                .and_then(|_| bootstrap(articles.len(), self.options.seed, value)),
            value: found,
            n,
        };
        (measure, n_skipped)
    }

    fn gamma(&self, tag: Option<usize>, options: &GammaOptions) -> Gamma {
        let wanted = self.tags_of(tag);
        let articles: Vec<Continuum> = self
            .corpus
            .shared_by(&self.everybody)
            .map(|(_, article)| {
                let units = |annotator: &usize| {
                    let passages = article.layer(*annotator).unwrap_or_default().iter();
                    let tagged = passages.flat_map(|passage| {
                        let tags = passage.tags.iter().filter(|tag| wanted.contains(tag));
                        tags.map(|tag| (passage.footprint.cover(), *tag))
                    });
                    let unit = tagged.map(|(cover, tag)| Unit {
                        start: cover.start as f64,
                        end: cover.end as f64,
                        category: tag as u32,
                    });
                    unit.collect()
                };
                Continuum::new(self.everybody.iter().map(units).collect::<Vec<Vec<Unit>>>())
            })
            .collect();
        if articles.is_empty() {
            return Gamma::undefined(Undefined::NoSharedArticle);
        }
        gamma(&articles, options)
    }
}
