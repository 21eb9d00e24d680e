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
mod bootstrap;
mod coding;
pub mod gamma;
mod kappa;
mod measure;
mod random;

pub use alpha::{Coincidences, Metric, krippendorff_alpha};
pub use alpha_u::{Disagreement, Unitizing, UnitizingSums};
pub use bootstrap::{ROUNDS, bootstrap};
pub use coding::{Coding, Contingency};
pub use kappa::{FleissSums, bennett_s, cohen_kappa, gwet_ac1, gwet_ac2, scott_pi};
pub use measure::{Interval, MIN_ITEMS, Measure, Undefined};
pub use random::Random;
