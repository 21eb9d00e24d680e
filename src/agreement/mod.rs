//! Floor 5, agreement: how far annotators mark the same passages as the same thing.
//!
//! Counts come first ("33 the same passage with the same tag"), figures second. Every figure is a [`Measure`]: it
//! says on how many passages it rests, and where it is not defined it says why and is never called 0 or 1. All
//! results are plain data that a window can show and step through.
//!
//! Chance is drawn from a seed, articles and annotators are brought into an order of their own first: the same files give
//! the same figures in whatever order they are named.

mod alpha;
mod alpha_u;
mod attributes;
mod bootstrap;
mod coding;
mod compare;
mod error;
pub mod gamma;
mod kappa;
mod key;
mod layers;
mod measure;
mod random;
mod report;
mod units;
mod words;

pub use alpha::{Coincidences, Metric, krippendorff_alpha};
pub use alpha_u::{Disagreement, Unitizing, UnitizingSums};
pub use attributes::AttributeAgreement;
pub use bootstrap::{MIN_ARTICLES, ROUNDS, bootstrap};
pub use coding::{Coding, Contingency};
pub use compare::{Confusion, Difference, Disagreed, MatchCounts, PairCounts, Side, tag_names};
pub use error::AgreementError;
pub use kappa::{FleissSums, bennett_s, cohen_kappa, gwet_ac1, gwet_ac2, scott_pi};
pub use key::{KEY, KeyPassage, KeyReport, KeyScore, LeftOut, LeftOutWhy, PointRule, with_key};
pub use layers::{ArticleLayers, Corpus, LayerFile, Passage, TagName, Unplaced, Who};
pub use measure::{Interval, MIN_ITEMS, Measure, Undefined};
pub use random::Random;
pub use report::{Agreement, Kind, ReportOptions, TagFigures};
pub use units::{TagSets, UnitKind, Units};
pub use words::sentence;
