//! Floor 5, search: words in the text of an article.
//!
//! A [`Query`] is what a person types, with three options; a [`Pattern`] is the compiled query; a [`Search`] looks
//! for it in one text, slice by slice, so that whoever runs it can stop between two slices. [`Hits`] are ranges of the
//! text as it was read.
//!
//! Without options a search looks at a folded view of the text ([`fold`]): letters without case and accents, typography
//! as a typewriter has it, a line break as a blank. The view is made on the way, a stretch at a time, with the way back
//! to the text; ASCII prose is copied into it 16 bytes at once, so that a hundred megabytes take a fraction of a second.

mod edges;
mod hits;
mod letters;
mod pattern;
mod plain;
mod regular;
mod run;
mod stream;

pub use hits::{Hits, MAX_HITS};
pub use pattern::{Options, Pattern, Query, QueryError};
pub use run::{SLICE_BYTES, Search};
pub use stream::fold;
