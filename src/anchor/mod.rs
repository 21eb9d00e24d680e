//! Floor 2, anchor: how a passage is described so that it can be found again, and how it is found.
//!
//! A passage is described twice, in the words of the W3C Web Annotation model: where it is
//! ([`TextPositionSelector`]) and what it says between which neighbours ([`TextQuoteSelector`]).
//! Finding it again ([`resolve_all`]) gives a [`Resolution`] that says how it was found: `Exact` and `Moved` are
//! certain; `Changed`, `Ambiguous` and `Orphan` are for a person to decide, and never guesses.

mod align;
mod approx;
mod chain;
mod chunks;
mod clusters;
mod common;
mod context;
mod describe;
mod find_quote;
mod frequencies;
mod heaviest;
mod in_place;
mod kept;
mod nearest;
mod parts;
mod passage;
mod progress;
mod quotes;
mod remap;
mod resolution;
mod resolve;
mod runs;
mod seeds;
mod selector;
mod strays;
mod unparted;
mod words;

pub use common::{Common, common_tokens};
pub use describe::{CONTEXT_CHARS, describe};
pub use find_quote::find_quote;
pub use kept::Kept;
pub use progress::Progress;
pub use remap::{Mapped, Remap};
pub use resolution::{Candidate, Missing, Resolution, Rung};
pub use resolve::{Origin, resolve, resolve_all};
pub use selector::{Selector, TextPositionSelector, TextQuoteSelector};
pub use words::{WordChange, word_diff, words};
