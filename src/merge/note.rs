//! What a merge leaves behind: the records, what is not settled, and what else a person should know.

use crate::annotation::{AnnotationId, ConflictId, LinkId, Names, RecordRef, TagId, Twins};

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

impl Note {
    /// What it says.
    pub fn in_words(&self, names: &Names<'_>) -> String {
        match self {
            Self::BrokenLink { link, missing } => {
                let unknown = || [missing.to_string(), missing.to_string()];
                let [from, to] = names.link_ends(*link).unwrap_or_else(unknown);
                format!("the link from {from} to {to} is kept, but annotation {missing} is gone")
            }
            Self::Twins(twins) => format!(
                "two {}s are called {}",
                twins.keep.kind.noun(),
                names.quoted(&twins.name),
            ),
            Self::OneKey { key, tags } => {
                let tags: Vec<String> = tags.iter().map(|tag| names.tag(tag.as_str())).collect();
                let key = names.quoted(&key.to_string());
                format!("the key {key} gives several tags: {}", tags.join(", "))
            }
            Self::StillUsed(record) => format!(
                "{} was removed by one side and used by another; it is kept",
                names.one_line(&record.to_string())
            ),
            Self::Reanchored {
                side,
                n_found,
                n_not_found,
            } => format!(
                "{} was made on another wording of the article: {n_found} annotations were found in the common one, {n_not_found} were not and are kept as recorded",
                names.quoted(side)
            ),
            Self::Reworded { n_clashes, taken } => format!(
                "both sides changed the same words of the article in {n_clashes} place{}; passages are described with those of {}",
                if *n_clashes == 1 { "" } else { "s" },
                names.quoted(taken)
            ),
            Self::OtherText => "the files were made on different wordings of the article, and the text is not at hand; passages will be looked for by what they say".to_owned(),
        }
    }
}
