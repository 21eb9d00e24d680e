//! Floor 3, annotation: what is recorded about an article.
//!
//! The words are those of the W3C Web Annotation model where it has one: an [`Annotation`] has a target (one or
//! more [`Selector`](crate::anchor::Selector)s) and bodies (tags, note, comments, attribution), a creator, and
//! times. All records of one article form an [`AnnotationSet`], which is cheap to clone, so a snapshot can be
//! saved while the person works on. [`Marks`] says where the annotations are in the text as it is now.
//!
//! Nothing here reads a clock, a disk or a random number, and nothing derives serde: files have their own types.

#[expect(
    clippy::module_inception,
    reason = "the room is named after its main type, and so is that type's file"
)]
mod annotation;
mod article;
mod assignment;
mod attribution;
mod claim;
mod collection;
mod conflict;
mod decision;
mod fields;
mod fingerprint;
mod id;
mod in_words;
mod interval;
mod limits;
mod link;
mod marks;
mod name;
mod record;
mod records;
mod set;
mod settle;
mod span_match;
mod tag;
mod time;
mod unify;
mod word;

pub use crate::anchor::Kept;
pub use annotation::{Agent, AgentKind, Annotation, Comment};
pub use article::Article;
pub use assignment::{Gain, best_pairs};
pub use attribution::{Attribution, QuoteMode, Speaker};
pub use claim::{Claim, ClaimStance, Stance};
pub use collection::{ArticlePath, Collection, Member};
pub use conflict::{Conflict, FieldValue, Side};
pub use decision::{DecidedMark, Decision};
pub use fields::{Fields, Misfit, Record, kept_fields, kept_of};
pub(crate) use fields::{comment_fields, comment_name};
pub use fingerprint::Fingerprint;
pub use id::{
    AgentId, AnnotationId, ClaimId, CommentId, ConflictId, DecisionId, IdSource, LinkId, SpeakerId,
    StateId, TagId,
};
pub use in_words::{ConflictWords, Names, OneLine, SideWords};
pub use interval::{IntervalIndex, Mark};
pub use limits::{MAX_ADDRESS_CHARS, MAX_NAME_CHARS, MAX_NAMED_RECORDS, MAX_TEXT_BYTES};
pub use link::{Link, LinkKind};
pub use marks::{Marks, Placement};
pub use name::folded_name;
pub use record::{RecordKind, RecordRef, Tombstone};
pub use records::Records;
pub use set::AnnotationSet;
pub use settle::{Choice, SettleError, WRITTEN_SINCE, as_asked, clear_tombstones, remove, settle};
pub use span_match::{Footprint, MatchRule, match_by, match_spans, pair_passages, touching_pairs};
pub use tag::{Pattern, Rgb8, Tag, companion_tags, standard_tags};
pub use time::Timestamp;
pub use unify::{Aliases, Twins, redirect, twins, unify, unify_same_names};
pub use word::Vocabulary;
