//! Floor 5, settling: one agreed set of marks out of several annotators' work on one article.
//!
//! Marks that say the same (the same passage, tags, note, speaker, …) become one that names all its makers. What
//! differs becomes a [`Question`] whose id is a hash of its content: the same difference has the same id next time,
//! in whatever order the files are named, and a mark that has changed since makes it another. Answers are kept as
//! [`Decision`](crate::annotation::Decision)s in the agreed set. Nothing else in the agreed set is changed: what a
//! person has edited there becomes one more variant of a question.
//!
//! Open questions are not in the agreed set; their marks are in the annotators' own files.

mod answer;
mod common;
mod group;
mod outcome;
mod question;
mod reading;

pub use answer::{Answers, EdgeRule, Pick, Rules};
pub use outcome::{Outcome, settle};
pub use question::{Question, QuestionKind, Variant};
pub use reading::Side;
