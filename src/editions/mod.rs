//! Floor 5, editions: what a publisher did to the statements of an article from one edition to the next.
//!
//! [`compare`] follows each annotated statement by comparing the two texts and says whether it was kept, changed,
//! softened or removed. "Softened" has a narrow rule with its own list of words ([`softening`]); whatever the
//! rule does not cover is "changed".

mod compare;
mod softening;

pub use compare::{Fate, Statement, compare};
pub use softening::softening;
