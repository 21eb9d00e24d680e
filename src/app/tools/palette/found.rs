//! What fits the words that were typed, looked for so much in each frame that typing stays smooth.

use crate::{
    annotation::{AnnotationId, Tag},
    app::{base::short, core::view::scene::Scene},
    text::beginning,
};

/// The tags that fit the words, as far as they were looked through.
#[derive(Default)]
pub struct FoundTags {
    words: String,
    n_all: usize,
    n_seen: usize,
    pub is_done: bool,
    /// Score and place in the order of the tags.
    pub best: Vec<(i32, usize)>,
}

/// The annotations whose passage, note or speaker have the words, as far as they were looked through.
#[derive(Default)]
pub struct FoundAnnotations {
    words: String,
    /// Of the records.
    revision: u64,
    n_seen: usize,
    pub is_done: bool,
    /// In the order of the text.
    pub found: Vec<AnnotationId>,
}

/// Annotations that are looked at in one frame.
const ANNOTATIONS_A_FRAME: usize = 1_000;
/// Longest beginning of a text that is looked at, in code points.
const MAX_LOOKED_AT: usize = 4_000;
/// Most annotations that are listed.
const MAX_ANNOTATIONS: usize = 20;
/// Fewest letters that annotations are looked through for.
const MIN_LETTERS: usize = 2;
/// Tags that are looked at in one frame: some two milliseconds.
const TAGS_A_FRAME: usize = 2_000;
/// Most tags that are listed.
const MAX_TAGS: usize = 100;
impl FoundTags {
    /// Goes on looking through the tags for `typed`, so many in each frame.
    pub fn look_on(&mut self, typed: &str, data: &Scene<'_>) {
        let tags = data.all_tags().map_or(&[][..], |tags| tags.all());
        let words = typed.trim();
        if self.words != words || self.n_all != tags.len() {
            *self = Self {
                words: words.to_owned(),
                n_all: tags.len(),
                ..Self::default()
            };
        }
        let found = self;
        let next = tags.get(found.n_seen..).unwrap_or_default();
        for (idx, tag) in next.iter().take(TAGS_A_FRAME).enumerate() {
            let text = tag_text(tag);
            if let Some(score) = score(words, &text) {
                found.best.push((score, found.n_seen + idx));
            }
        }
        found.n_seen += next.len().min(TAGS_A_FRAME);
        found.is_done = found.n_seen == tags.len();
        if !words.is_empty() {
            // Of equally good ones the first stays before the next.
            found.best.sort_by_key(|(score, idx)| (-score, *idx));
        }
        found.best.truncate(MAX_TAGS);
    }
}

impl FoundAnnotations {
    /// Goes on looking through the annotations of the article that is shown for `typed`.
    pub fn look_on(&mut self, typed: &str, data: &Scene<'_>) {
        let words = typed.trim().to_lowercase();
        let article = data.session.article();
        let article = article.filter(|_| words.chars().count() >= MIN_LETTERS);
        let Some(article) = article else {
            *self = Self {
                is_done: true,
                ..Self::default()
            };
            return;
        };
        let (workspace, revision) = (&article.workspace, article.workspace.revision());
        if self.words != words || self.revision != revision {
            *self = Self {
                words,
                revision,
                ..Self::default()
            };
        }
        let (set, order) = (workspace.set(), workspace.marks().order());
        let found = self;
        for _ in 0..ANNOTATIONS_A_FRAME {
            let mark = order.get(found.n_seen);
            let Some(mark) = mark.filter(|_| found.found.len() < MAX_ANNOTATIONS) else {
                found.is_done = true;
                return;
            };
            found.n_seen += 1;
            let Some(annotation) = set.annotations.get(&mark.id) else {
                continue;
            };
            let quotes = annotation.segments.iter().map(|it| &*it.quote.exact);
            let others = [annotation.note.as_str(), set.speaker_name(annotation)];
            let has_words = |text: &str| {
                let text = beginning(text, MAX_LOOKED_AT);
                text.to_lowercase().contains(&found.words)
            };
            if quotes.chain(others).any(has_words) && !found.found.contains(&mark.id) {
                found.found.push(mark.id);
            }
        }
    }
}

/// What the entry of a tag is called.
pub fn tag_text(tag: &Tag) -> String {
    format!("Tag as {}", short::name(&tag.name))
}

/// How well `words` are found in `text`, all of them, in any order; `None` when they are not. Beginnings of words count
/// most, then the insides of words; letters that are merely there in this order count least.
pub fn score(words: &str, text: &str) -> Option<i32> {
    let text = text.to_lowercase();
    let mut least = AT_BEGINNINGS;
    for word in words.to_lowercase().split_whitespace() {
        let starts_word = |at: usize| {
            let before = text.get(..at).and_then(|head| head.chars().next_back());
            before.is_none_or(|c| !c.is_alphanumeric())
        };
        let mut places = text.match_indices(word).map(|(at, _)| at);
        let found = if !text.contains(word) {
            let mut letters = text.chars();
            let mut wanted = word.chars();
            let all = wanted.all(|wanted| letters.any(|letter| letter == wanted));
            all.then_some(SCATTERED)?
        } else if places.any(starts_word) {
            AT_BEGINNINGS
        } else {
            INSIDE
        };
        least = least.min(found);
    }
    Some(least)
}

/// The score of words that are beginnings of words.
const AT_BEGINNINGS: i32 = 100;
/// Of words that are inside of others.
pub const INSIDE: i32 = 40;
/// Of letters that are there in this order.
pub const SCATTERED: i32 = 5;
/// What a name is worth more than what a tooltip says.
pub const IN_NAME: i32 = 30;

#[cfg(test)]
mod tests {
    use super::score;

    #[test]
    fn beginnings_of_words_come_first() {
        assert!(score("sav", "Save all") > score("ave", "Save all"));
        assert!(score("ave", "Save all") > score("sall", "Save all"));
        assert_eq!(score("zzz", "Save all"), None);
        assert!(score("", "Save all").is_some());
        assert!(score("all save", "Save all").is_some());
    }
}
