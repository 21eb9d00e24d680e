//! Floor 5, merge: what several people made of one file, in one file again.
//!
//! Records are the same when their ids are. With the file that both sides began from, each field is merged by
//! itself: what one side left alone is the other's ([`three_way`]). Without it, tombstones tell what was
//! removed from what never was ([`without_base`]). The work of independent annotators is put side by side
//! ([`layers`]). Where sides differ nothing is decided and nothing is lost: the outcome is a whole file with the
//! conflicts in it, to be settled one by one and merged again.
//!
//! The outcome does not depend on which side comes first, up to the order of the sides in a conflict.

mod annotation_set;
mod collection;
mod diff;
mod fields;
mod ledger;
#[expect(
    clippy::module_inception,
    reason = "the room is named after its main work, and so is that work's file"
)]
mod merge;
mod note;
mod one_article;
mod prose;
mod questions;
mod reanchor;
mod removal;
mod segments;
mod stages;
mod table;
mod values;

pub use diff::{Difference, FieldChange, collection_differences, differences};
pub use merge::{Mergeable, layers, three_way, without_base};
pub use note::{Merged, Note};
pub use one_article::other_articles;
pub use prose::three_way as merge_prose;
pub use stages::{Comparable, Stages};
