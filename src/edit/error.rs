//! Why an edit could not be made. After one of these errors nothing has changed.

use crate::{
    annotation::{AnnotationId, RecordRef, SettleError, TagId},
    text::{TextError, thousands},
};

/// An edit that does not fit the set or the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The passage is empty, or contains only blanks.
    #[error("the selection holds no text")]
    NothingSelected,
    /// The annotation does not exist.
    #[error("there is no annotation {0}")]
    NoSuchAnnotation(AnnotationId),
    /// The annotation has no such segment.
    #[error("annotation {id} has no segment {segment}")]
    NoSuchSegment {
        /// The annotation.
        id: AnnotationId,
        /// The segment asked for, from 0.
        segment: usize,
    },
    /// No record describes the tag.
    #[error("there is no tag `{0}`")]
    NoSuchTag(TagId),
    /// The tag is still given to annotations.
    #[error("the tag `{tag}` is still given to {n_annotations} annotations")]
    TagInUse {
        /// The tag.
        tag: TagId,
        /// How many carry it.
        n_annotations: usize,
    },
    /// Two tags would have one key.
    #[error("the key `{key}` already gives the tag `{tag}`")]
    KeyInUse {
        /// The key.
        key: char,
        /// The tag that has it.
        tag: TagId,
    },
    /// The conflict cannot be settled in this way.
    #[error(transparent)]
    Settle(#[from] SettleError),
    /// The two are not of one kind, or one is not there.
    #[error("{keep} and {other} cannot be merged: both must exist and be of one kind")]
    NoTwins {
        /// The one to keep.
        keep: RecordRef,
        /// The other.
        other: RecordRef,
    },
    /// A name or text is longer than a file may hold.
    #[error("{what} has {} {unit}; the limit is {}", thousands(*.found), thousands(*.most))]
    TooLong {
        /// The field, such as `the name of the tag`.
        what: &'static str,
        /// How long it is.
        found: usize,
        /// How long it may be.
        most: usize,
        /// `characters` or `bytes`.
        unit: &'static str,
    },
    /// The file has as many records of this kind as it may have, or more.
    #[error("a file may have at most {} {what}, and this one would have {}", thousands(*.most), thousands(*.found))]
    TooMany {
        /// The kind in the plural, such as `tags`.
        what: &'static str,
        /// How many there would be.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// The passage is not in the text.
    #[error(transparent)]
    Text(#[from] TextError),
}
