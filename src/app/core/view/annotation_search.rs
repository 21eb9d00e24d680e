//! Looks through the annotations for words, so much in each frame that typing stays smooth: a hundred thousand
//! annotations, or one with a note of sixteen megabytes, take some frames.

use crate::{
    annotation::{Annotation, AnnotationId},
    app::{
        core::view::annotation_list::ArticleData,
        session::{article::ArticleKey, shown::Filter},
    },
    search::fold,
};

/// Bytes that are looked through in one frame: some milliseconds where letters are not ASCII.
const BYTES_A_FRAME: usize = 400_000;
/// Annotations that are looked at in one frame.
const ANNOTATIONS_A_FRAME: usize = 10_000;

/// The annotations that pass filter and words, as far as they were looked through; begun anew when either changes.
pub struct Search {
    stamp: (ArticleKey, u64, Filter, String),
    found: Vec<AnnotationId>,
    /// The annotation that is next, by rank.
    rank: usize,
    /// Where in it: which of its texts, and the byte in that.
    place: (usize, usize),
    is_done: bool,
}

impl Search {
    /// A search in `article` for `words`, folded as Find folds them.
    pub fn new(article: &ArticleData<'_>, words: &str) -> Self {
        Self {
            stamp: stamp(article, words),
            found: Vec::new(),
            rank: 0,
            place: (0, 0),
            is_done: false,
        }
    }

    /// Whether it is the search for `words` in `article` as it is now.
    pub fn is_for(&self, article: &ArticleData<'_>, words: &str) -> bool {
        self.stamp == stamp(article, words)
    }

    /// What was found so far, in the order of the text.
    pub fn found(&self) -> &[AnnotationId] {
        &self.found
    }

    /// Whether all were looked at.
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// Looks on.
    pub fn go_on(&mut self, article: &ArticleData<'_>) {
        let (order, set) = (article.workspace.marks().order(), article.workspace.set());
        let mut bytes = BYTES_A_FRAME;
        let last = self.rank + ANNOTATIONS_A_FRAME;
        while bytes > 0 && self.rank < last && !self.is_done {
            let Some(mark) = order.get(self.rank) else {
                self.is_done = true;
                return;
            };
            let annotation = set.annotations.get(&mark.id);
            let annotation = annotation.filter(|it| article.filter.shows(it));
            let fits = match annotation {
                Some(annotation) => self.look_at(article, annotation, &mut bytes),
                None => Some(false),
            };
            let Some(fits) = fits else { return };
            if fits {
                self.found.push(mark.id);
            }
            (self.rank, self.place) = (self.rank + 1, (0, 0));
        }
    }

    /// Whether `annotation` has the words; `None` when it is so long that it goes on in the next frame.
    fn look_at(
        &mut self,
        article: &ArticleData<'_>,
        annotation: &Annotation,
        bytes: &mut usize,
    ) -> Option<bool> {
        let words = self.stamp.3.as_str();
        if words.is_empty() {
            return Some(true);
        }
        let set = article.workspace.set();
        let quotes = annotation.segments.iter().map(|it| &*it.quote.exact);
        let annotator = set.agents.get(&annotation.creator);
        let annotator = annotator.map_or("", |agent| agent.name.as_str());
        let texts = quotes
            .chain([
                annotation.note.as_str(),
                set.speaker_name(annotation),
                annotator,
            ])
            .chain(annotation.tags.iter().map(|tag| set.tag_name(tag)));
        let (first, mut at) = self.place;
        for (idx, text) in texts.enumerate().skip(first) {
            loop {
                let end = text.ceil_char_boundary(text.len().min(at + (*bytes).max(1)));
                // Words that begin in this stretch may end behind it.
                let reach = text.ceil_char_boundary(text.len().min(end + 4 * words.len()));
                let stretch = text.get(at..reach).unwrap_or_default();
                *bytes = bytes.saturating_sub(end - at);
                if fold(stretch, false).contains(words) {
                    return Some(true);
                }
                at = end;
                if at >= text.len() {
                    break;
                }
                if *bytes == 0 {
                    self.place = (idx, at);
                    return None;
                }
            }
            at = 0;
        }
        Some(false)
    }
}

fn stamp(article: &ArticleData<'_>, words: &str) -> (ArticleKey, u64, Filter, String) {
    (
        article.key,
        article.workspace.revision(),
        article.filter.clone(),
        words.to_owned(),
    )
}
