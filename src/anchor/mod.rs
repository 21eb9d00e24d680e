//! Floor 2, anchor: how a passage is described so that it can be found again, and how it is found.
//!
//! A passage is described twice, in the words of the W3C Web Annotation model: where it stands
//! ([`TextPositionSelector`]) and what it says between which neighbours ([`TextQuoteSelector`]).
//! Finding it again gives a [`Resolution`]; "not found" and "found in several places" are results, never
//! guesses. Only wordings that agree to the letter are taken here: rungs for changed wordings (a diff of two
//! editions, a folded view, approximate search) have their place between [`resolve`] and its `NotFound`.

mod describe;
mod find_quote;
mod kept;
mod resolve;
mod selector;

pub use describe::{CONTEXT_CHARS, describe};
pub use find_quote::find_quote;
pub use kept::Kept;
pub use resolve::{Missing, Resolution, Rung, resolve, resolve_all};
pub use selector::{Selector, TextPositionSelector, TextQuoteSelector};
