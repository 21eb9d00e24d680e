//! Caret and selection: places in the text, not on the screen, so they survive scrolling and a new layout.

use super::view::CaretPlace;
use crate::text::{ByteOffset, SourceText, TextRange, boundary};

/// The unit that a drag selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// Grapheme clusters.
    Cluster,
    /// Words, after a double click.
    Word,
    /// Sentences, after a triple click.
    Sentence,
    /// Paragraphs, after a fourth.
    Paragraph,
}

impl Grain {
    /// Returns the grain of the n-th click in a row, from 1.
    pub fn of_click(n: u32) -> Self {
        match n {
            0 | 1 => Self::Cluster,
            2 => Self::Word,
            3 => Self::Sentence,
            _ => Self::Paragraph,
        }
    }

    /// Returns the unit of this grain that holds `offset`.
    pub fn around(self, text: &SourceText, offset: ByteOffset) -> TextRange {
        match self {
            Self::Cluster => TextRange::empty(boundary::floor_grapheme(text, offset)),
            Self::Word => boundary::word_at(text, offset),
            Self::Sentence => boundary::sentence_at(text, offset),
            Self::Paragraph => boundary::paragraph_at(text, offset),
        }
    }
}

/// The two ends of a selection; equal for a caret alone.
#[derive(Clone, Debug)]
pub struct Caret {
    /// The fixed end.
    pub anchor: ByteOffset,
    /// The end that moves.
    pub focus: ByteOffset,
    /// Whether the caret is after the text before it, where a wrap gives `focus` two places on the page.
    pub upstream: bool,
    /// Horizontal position that up and down keep, in physical pixels of the column.
    pub goal_x: Option<f32>,
    grain: Grain,
    /// The unit in which the drag began.
    seed: TextRange,
    /// The smaller selections before it was grown.
    grown_from: Vec<TextRange>,
}

impl Caret {
    /// Returns a caret at the start.
    pub fn new() -> Self {
        Self {
            anchor: ByteOffset::ZERO,
            focus: ByteOffset::ZERO,
            upstream: false,
            goal_x: None,
            grain: Grain::Cluster,
            seed: TextRange::default(),
            grown_from: Vec::new(),
        }
    }

    /// Returns the moving end, with its side.
    pub fn place(&self) -> CaretPlace {
        CaretPlace {
            offset: self.focus,
            upstream: self.upstream,
        }
    }

    /// Returns whether a drag takes single clusters, not words or more.
    pub fn is_by_cluster(&self) -> bool {
        self.grain == Grain::Cluster
    }

    /// Returns the range between the ends.
    pub fn range(&self) -> TextRange {
        TextRange::new(self.anchor, self.focus)
    }

    /// Selects `range`, caret at its end.
    pub fn select(&mut self, range: TextRange) {
        *self = Self {
            anchor: range.start(),
            focus: range.end(),
            // What a press with shift continues from.
            seed: TextRange::empty(range.start()),
            ..Self::new()
        };
    }

    /// Called when the pointer is pressed at `offset`, for the n-th time in a row.
    pub fn press(&mut self, text: &SourceText, offset: ByteOffset, n_clicks: u32) {
        let grain = Grain::of_click(n_clicks);
        let seed = grain.around(text, offset);
        self.select(seed);
        (self.grain, self.seed) = (grain, seed);
    }

    /// Called when the pointer is dragged, or pressed with Shift, to `offset`; selects whole units at both ends.
    pub fn drag(&mut self, text: &SourceText, offset: ByteOffset) {
        let here = self.grain.around(text, offset);
        if here.start() < self.seed.start() {
            (self.anchor, self.focus) = (self.seed.end(), here.start());
        } else {
            (self.anchor, self.focus) = (self.seed.start(), self.seed.end().max(here.end()));
        }
        (self.upstream, self.goal_x) = (false, None);
        self.grown_from.clear();
    }

    /// Moves the caret; `extend` keeps the other end.
    pub fn move_to(&mut self, offset: ByteOffset, extend: bool) {
        self.focus = offset;
        if !extend {
            self.anchor = offset;
        }
        self.grain = Grain::Cluster;
        self.seed = TextRange::empty(self.anchor);
        (self.upstream, self.goal_x) = (false, None);
        self.grown_from.clear();
    }

    /// Selects the next larger unit around the selection: word, sentence, paragraph, whole text.
    pub fn grow(&mut self, text: &SourceText) {
        let now = self.range();
        let at = now.start();
        let units = [
            boundary::word_at(text, at),
            boundary::sentence_at(text, at),
            boundary::paragraph_at(text, at),
            text.full_range(),
        ];
        let larger = units
            .into_iter()
            .map(|unit| unit.cover(now))
            .find(|unit| unit.len() > now.len());
        if let Some(larger) = larger {
            let mut path = std::mem::take(&mut self.grown_from);
            path.push(now);
            self.select(larger);
            self.grown_from = path;
        }
    }

    /// Restores the selection before it was grown; without one, selects the sentence or word at its start.
    pub fn shrink(&mut self, text: &SourceText) {
        let mut path = std::mem::take(&mut self.grown_from);
        if let Some(smaller) = path.pop() {
            self.select(smaller);
            self.grown_from = path;
            return;
        }
        let now = self.range();
        let units = [
            boundary::paragraph_at(text, now.start()),
            boundary::sentence_at(text, now.start()),
        ];
        let word = boundary::word_at(text, now.start());
        let smaller = units
            .into_iter()
            .chain([word])
            .find(|unit| now.encloses(*unit) && unit.len() < now.len());
        self.select(smaller.unwrap_or(TextRange::empty(now.start())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "He denied it. She did not.\nNobody else spoke.";

    fn source() -> SourceText {
        SourceText::new(TEXT.to_owned()).unwrap()
    }

    fn shown(caret: &Caret) -> &'static str {
        &TEXT[caret.range().bytes()]
    }

    #[test]
    fn growing_and_shrinking_go_the_same_way() {
        let (text, mut caret) = (source(), Caret::new());
        caret.move_to(ByteOffset::new(5), false);
        let mut seen = Vec::new();
        for _ in 0..4 {
            caret.grow(&text);
            seen.push(shown(&caret));
        }
        assert_eq!(
            seen,
            [
                "denied",
                "He denied it.",
                "He denied it. She did not.",
                TEXT
            ]
        );
        caret.grow(&text);
        assert_eq!(shown(&caret), TEXT);
        caret.shrink(&text);
        caret.shrink(&text);
        assert_eq!(shown(&caret), "He denied it.");
    }

    #[test]
    fn a_drag_by_words_takes_whole_words_in_both_directions() {
        let (text, mut caret) = (source(), Caret::new());
        caret.press(&text, ByteOffset::new(5), 2);
        assert_eq!(shown(&caret), "denied");
        caret.drag(&text, ByteOffset::new(15));
        assert_eq!(shown(&caret), "denied it. She");
        caret.drag(&text, ByteOffset::new(1));
        assert_eq!(shown(&caret), "He denied");
        assert_eq!(caret.focus, ByteOffset::ZERO);
    }

    #[test]
    fn three_clicks_take_the_sentence_and_four_the_paragraph() {
        let (text, mut caret) = (source(), Caret::new());
        caret.press(&text, ByteOffset::new(15), 3);
        assert_eq!(shown(&caret), "She did not.");
        caret.press(&text, ByteOffset::new(15), 4);
        assert_eq!(shown(&caret), "He denied it. She did not.");
    }

    #[test]
    fn a_press_with_shift_goes_on_from_what_was_selected_before() {
        let (text, mut caret) = (source(), Caret::new());
        caret.select(TextRange::from_bytes(14..17));
        caret.drag(&text, ByteOffset::new(21));
        assert_eq!(shown(&caret), "She did");
        caret.drag(&text, ByteOffset::new(10));
        assert_eq!(shown(&caret), "it. ");
    }
}
