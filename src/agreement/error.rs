//! Why files cannot be compared.

/// Files that do not go together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AgreementError {
    /// The files annotate different wordings of one article, and none of the wordings is here to find the passages
    /// of the others in.
    #[error(
        "the files annotate different wordings of `{article}`, and its text is missing; put the article beside one of the files: {}",
        .files.join(", ")
    )]
    EditionsDiffer {
        /// Name of the article's file.
        article: String,
        /// The annotation files.
        files: Vec<String>,
    },
    /// There is nobody to compare with.
    #[error("agreement needs two annotators, and {}", match .annotators.as_slice() {
        [] => "nobody annotated".to_owned(),
        [only] => format!("only `{only}` annotated"),
        _ => format!("no two of {} annotated the same article", .annotators.join(", ")),
    } + if *.n_files > 1 {
        "; `agree --each-file` takes each file for one annotator's work"
    } else {
        ""
    })]
    NobodyToCompare {
        /// The names that exist.
        annotators: Vec<String>,
        /// How many files there are.
        n_files: usize,
    },
    /// Two keys are for one article.
    #[error("two keys are for `{article}`; name only one of them: {}", .files.join(", "))]
    TwoKeys {
        /// Name of the article's file.
        article: String,
        /// The keys.
        files: Vec<String>,
    },
    /// No file can be compared with a key.
    #[error(
        "none of the files is on an article of the key; name the pupils' files after the options"
    )]
    NobodyForKey,
}
