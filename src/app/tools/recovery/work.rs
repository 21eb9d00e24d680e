//! What unsaved work would change, worked out beside the window.

use crate::{
    annotation::{AnnotationSet, Timestamp},
    app::{
        core::differences::{Row, Wording, rows},
        session::article::ArticleKey,
        tools::recovery::UnsavedId,
    },
    files::{Base, Recovered, Recovery},
};

/// What unsaved work comes to on the open article.
#[derive(Debug)]
pub struct Effect {
    /// The work.
    pub id: UnsavedId,
    /// The article, which is open.
    pub key: ArticleKey,
    /// The revision of the article's records that it was worked out for.
    pub revision: u64,
    /// What can be taken over.
    pub recovered: Recovered,
    /// How the annotation file stands to the one the work was done on.
    pub base: Base,
    /// Whether a last change is lost.
    pub is_torn: bool,
    /// When the last of it was written down.
    pub written: Option<Timestamp>,
    /// All of it in a few words.
    pub summary: String,
    /// What can be recovered without losing anything.
    pub would_change: Vec<Row>,
    /// What others have changed since.
    pub left_out: Vec<Row>,
}

impl Effect {
    /// Works out what `recovery` would change in `ours`.
    pub fn work_out(
        id: UnsavedId,
        key: ArticleKey,
        revision: u64,
        recovery: &Recovery,
        ours: &AnnotationSet,
    ) -> Self {
        let recovered = recovery.apply_to(ours);
        let (would_change, _) = rows(&recovered.change, ours, &recovered.set, Wording::Effect);
        let mut all = recovered.set.clone();
        recovered.left_out.replay(&mut all);
        let (left_out, _) = rows(&recovered.left_out, ours, &all, Wording::Effect);
        Self {
            id,
            key,
            revision,
            base: recovery.base,
            is_torn: recovery.is_torn,
            written: recovery.last_written,
            summary: recovered.change.summary().to_string(),
            would_change,
            left_out,
            recovered,
        }
    }
}
