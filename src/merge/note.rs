//! What a merge leaves behind: the records, what is not settled, and what else a person should know.

use crate::annotation::{AnnotationId, ConflictId, LinkId, RecordRef, TagId, Twins};

/// The outcome of a merge. It always is a whole file: conflicts are kept in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged<S> {
    /// The records.
    pub set: S,
    /// The conflicts in it that were in no side before, by id. Those from before are in the set as well.
    pub new_conflicts: Vec<ConflictId>,
    /// What else there is to say.
    pub notes: Vec<Note>,
}

/// Something that is no conflict, because nothing is undecided, but worth a look.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// A link leads to an annotation that is not there any more. It is kept.
    BrokenLink {
        /// The link.
        link: LinkId,
        /// The annotation that is missing.
        missing: AnnotationId,
    },
    /// Two records have one name and are perhaps one thing.
    Twins(Twins),
    /// Several tags have one key; it gives the first of them.
    OneKey {
        /// The key.
        key: char,
        /// The tags.
        tags: Vec<TagId>,
    },
    /// One side removed a record that another had begun to use. It is kept.
    StillUsed(RecordRef),
    /// A side was made on another wording of the article, and its passages were looked for in the common one.
    Reanchored {
        /// The side.
        side: String,
        /// How many annotations were described anew.
        n_found: usize,
        /// How many were not found and keep what was recorded of them.
        n_not_found: usize,
    },
    /// Both sides have changed the same words of the article itself; in the common wording, in which passages are
    /// described now, stand those of one of them.
    Reworded {
        /// In how many places.
        n_clashes: usize,
        /// The name of the side whose words they are.
        taken: String,
    },
    /// The sides were made on different wordings of the article, and the text to look their passages up in
    /// was not at hand.
    OtherText,
}
