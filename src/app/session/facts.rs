//! What a command needs to know to say whether it makes sense now.

use crate::{
    annotation::{AnnotationId, TagId},
    app::session::{article::ArticleKey, preferences::ThemeChoice},
    reader::{Face, Numbering},
    text::hidden::Reveal,
};

/// The active article, as far as commands care.
#[derive(Clone, Debug, PartialEq)]
pub struct ArticleEnvironment {
    /// Its key.
    pub key: ArticleKey,
    /// Its marks are still looked for.
    pub is_loading: bool,
    /// Nothing may be changed.
    pub is_read_only: bool,
    /// Somebody else has the annotations open.
    pub has_holder: bool,
    /// Text is selected.
    pub has_selection: bool,
    /// The chosen annotation.
    pub chosen: Option<AnnotationId>,
    /// First tag of the chosen annotation.
    pub chosen_tag: Option<TagId>,
    /// Whether the chosen annotation stands in the text.
    pub chosen_is_placed: bool,
    /// Number of segments of the chosen annotation.
    pub n_chosen_parts: usize,
    /// Characters that deceive, or words of mixed alphabets, were found in it.
    pub has_hidden: bool,
    /// There was a jump to come back from.
    pub can_go_back: bool,
    /// Number of annotations.
    pub n_annotations: usize,
    /// What undo would take back.
    pub undo: Option<String>,
    /// What redo would carry out again.
    pub redo: Option<String>,
    /// Something is not saved.
    pub is_unsaved: bool,
    /// The annotation file cannot be read.
    pub is_damaged: bool,
    /// There is an annotation file.
    pub has_file: bool,
    /// Somebody else has written it, and it is not settled whose version stays.
    pub has_theirs: bool,
    /// How many conflicts are open.
    pub n_conflicts: usize,
    /// The text is another one than the annotations were made on.
    pub has_changed_text: bool,
    /// All of the codebook's tags are there.
    pub has_companion_tags: bool,
}

/// The whole program, as far as commands care.
#[derive(Clone, Debug, PartialEq)]
pub struct Environment {
    /// The active article.
    pub article: Option<ArticleEnvironment>,
    /// Number of open articles.
    pub n_articles: usize,
    /// How many of them have unsaved annotations.
    pub n_unsaved: usize,
    /// Marker in hand.
    pub marker: bool,
    /// Left panel shown.
    pub left_panel: bool,
    /// Right panel shown.
    pub right_panel: bool,
    /// Theme.
    pub theme: ThemeChoice,
    /// Face.
    pub face: Face,
    /// Numbers in the margin.
    pub numbering: Numbering,
    /// Which hidden characters are shown.
    pub reveal: Reveal,
}

impl Environment {
    /// The active article, if it can be edited.
    pub fn editable(&self) -> Option<&ArticleEnvironment> {
        self.article
            .as_ref()
            .filter(|article| !article.is_loading && !article.is_read_only)
    }
}
