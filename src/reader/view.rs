//! What is in sight: lays pieces out as they are needed, keeps their heights, scrolls, and answers where on the
//! page a place of the text is and the other way round.
//!
//! All coordinates are physical pixels from the column's left edge and the pane's top edge.

use super::{
    cost,
    edge::{edge, rects},
    engine::{Setting, TextEngine, TextLayout},
    heights::Heights,
    marking::Marking,
    pieces::Pieces,
    quad::Quad,
    reveal::{Revealed, RevealedQuads},
};
use crate::text::{ByteOffset, SourceText, TextRange};
use egui::{Rect, Vec2};
use parley::{Affinity, Cluster, Cursor};
use std::collections::HashMap;

/// Laid-out pieces that are kept at most, beside those in sight.
const MAX_KEPT: usize = 400;
/// Bytes of text whose layout is kept at most, beside what is in sight: a laid-out byte takes 40 to 150.
const MAX_KEPT_BYTES: usize = 256 << 10;
/// What laying out new pieces may cost in one frame, see [`cost`]: some ten milliseconds. What is left of the page
/// follows in the next frames.
const FRAME_COST: usize = 48_000;
/// Frames after which a piece that was not in sight may go.
const KEEP_FRAMES: u64 = 120;
/// Height of a blank line as a share of a full one: a gap between paragraphs, not a hole.
const BLANK_LINE: f32 = 0.6;

/// One laid-out piece.
pub struct Piece {
    pub layout: TextLayout,
    /// The parts that are shown differently from the text.
    pub revealed: Revealed,
    /// The quads; made when the piece is first visible.
    pub quads: Option<PieceQuads>,
    pub marking: Option<Marking>,
    /// Blank space above the first line.
    pub top: i32,
    /// The full height, with the blank space.
    pub height: i32,
    last_used: u64,
}

/// The quads of a piece, without its marks.
pub struct PieceQuads {
    /// The generation of the atlas that the quads belong to.
    pub generation: u64,
    /// Its glyphs.
    pub glyphs: Vec<Quad>,
    /// Hidden characters and mixed words.
    pub revealed: RevealedQuads,
}

/// One piece in sight: its number and where its top edge is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InSight {
    pub piece: usize,
    pub y: f32,
}

/// A place in the text as a caret has it. At a wrap, and where directions meet, one offset has two places on
/// the page; `upstream` says the one after the text before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaretPlace {
    pub offset: ByteOffset,
    pub upstream: bool,
}

/// The place in the text that is nearest to a point of the pane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hit {
    /// Where a caret would go.
    pub place: CaretPlace,
    /// The start of the cluster there: what a double click means, also on a word's last half letter.
    pub cluster: ByteOffset,
}

/// Layout and scroll position of one article.
pub struct View {
    text: SourceText,
    pieces: Pieces,
    heights: Heights,
    kept: HashMap<usize, Piece>,
    /// Bytes of text that `kept` is made of.
    kept_bytes: usize,
    setting: Option<Setting>,
    /// The piece at the top edge and how many of its pixels are above it.
    scroll: (usize, f32),
    height: f32,
    frame: u64,
    /// The cost that layout may still have in this frame; `None` for a page that must be whole at once.
    budget: Option<usize>,
    /// Whether a part of the page was left for the next frame.
    is_unfinished: bool,
    /// Gap after a line that ends a paragraph, where the article has no blank lines to show it.
    loose: bool,
}

impl View {
    pub fn new(text: SourceText) -> Self {
        let pieces = Pieces::new(text.clone());
        let loose = has_long_lines(&text);
        Self {
            heights: Heights::new(Vec::new()),
            text,
            pieces,
            kept: HashMap::new(),
            kept_bytes: 0,
            setting: None,
            scroll: (0, 0.0),
            height: 0.0,
            frame: 0,
            budget: Some(FRAME_COST),
            is_unfinished: false,
            loose,
        }
    }

    pub fn text(&self) -> &SourceText {
        &self.text
    }

    pub fn pieces(&self) -> &Pieces {
        &self.pieces
    }

    pub fn heights(&self) -> &Heights {
        &self.heights
    }

    pub fn setting(&self) -> Option<&Setting> {
        self.setting.as_ref()
    }

    /// Returns the height of the pane.
    pub fn height(&self) -> f32 {
        self.height
    }

    /// Takes the setting and size of this frame. A new setting throws the layouts away and estimates all
    /// heights again (linear in the number of pieces, some milliseconds for three hundred thousand); the text
    /// at the top edge stays there.
    pub fn begin_frame(&mut self, setting: &Setting, height: f32) {
        self.frame += 1;
        self.height = height;
        self.budget = self.budget.map(|_| FRAME_COST);
        self.is_unfinished = false;
        if self.setting.as_ref() != Some(setting) {
            let old_top = self.setting.is_some().then(|| self.known_height());
            self.setting = Some(setting.clone());
            self.rest();
            self.estimate(setting);
            if let Some(old) = old_top {
                let new = self.heights.top(self.scroll.0 + 1) - self.heights.top(self.scroll.0);
                self.scroll.1 *= new as f32 / old;
            }
        }
        // What was in sight in the frame before stays in any case: most of it is in sight in this one.
        for oldest in [KEEP_FRAMES, 1] {
            if self.kept.len() <= MAX_KEPT && self.kept_bytes <= MAX_KEPT_BYTES {
                break;
            }
            let oldest = self.frame.saturating_sub(oldest);
            self.kept.retain(|_, piece| piece.last_used >= oldest);
            self.kept_bytes = self
                .kept
                .keys()
                .map(|piece| self.pieces.range(*piece).len())
                .sum();
        }
    }

    /// Lays out the whole page in each frame, however long that takes: for pictures.
    pub fn be_patient(&mut self) {
        self.budget = None;
    }

    /// Returns whether a part of the page was left for the next frame.
    pub fn is_unfinished(&self) -> bool {
        self.is_unfinished
    }

    /// Returns whether a piece must wait for the next frame.
    fn must_wait(&self, piece: usize) -> bool {
        self.budget == Some(0) && !self.kept.contains_key(&piece)
    }

    /// Frees the layouts: the text is not shown for a while.
    pub fn rest(&mut self) {
        self.kept = HashMap::new();
        self.kept_bytes = 0;
    }

    /// Returns the height of the piece at the top edge, as far as it is known.
    fn known_height(&self) -> f32 {
        let (here, next) = (self.scroll.0, self.scroll.0 + 1);
        (self.heights.top(next) - self.heights.top(here)).max(1) as f32
    }

    fn estimate(&mut self, setting: &Setting) {
        let line = setting.size * setting.leading;
        // Latin: one byte and half an em a character; Arabic, Cyrillic: two and a half; Han: three and one.
        let sample = self
            .text
            .as_str()
            .get(..self.text.as_str().floor_char_boundary(65_536))
            .unwrap_or("");
        let chars_per_byte = sample.chars().count() as f32 / sample.len().max(1) as f32;
        let em_per_char = if chars_per_byte < 0.45 { 0.9 } else { 0.48 };
        let bytes_per_line =
            (setting.width / (setting.size * em_per_char) / chars_per_byte.max(0.2)).max(1.0);
        let estimates = (0..self.pieces.len()).map(|piece| {
            let n_bytes = self.pieces.range(piece).len() as f32;
            let height = if n_bytes == 0.0 {
                line * BLANK_LINE
            } else {
                (n_bytes / bytes_per_line).ceil() * line
            };
            height.ceil() as i32 + self.gap_after(piece, setting)
        });
        self.heights = Heights::new(estimates.collect());
    }

    /// Returns the blank space below a piece.
    fn gap_after(&self, piece: usize, setting: &Setting) -> i32 {
        let is_last = piece + 1 >= self.pieces.len();
        if is_last {
            return (setting.size * 3.0) as i32;
        }
        if self.loose && self.pieces.ends_line(piece) && !self.pieces.range(piece).is_empty() {
            return (setting.size * 0.5).round() as i32;
        }
        0
    }

    /// Returns a piece, laid out if it was not. Its real height replaces the estimate.
    pub fn piece(&mut self, engine: &mut TextEngine, piece: usize) -> Option<&mut Piece> {
        let setting = self.setting.clone()?;
        if !self.kept.contains_key(&piece) {
            let range = self.pieces.range(piece);
            let text = self.text.slice_or_empty(range);
            let revealed = Revealed::new(text, setting.reveal);
            let price = cost::of(text);
            self.budget = self.budget.map(|left| left.saturating_sub(price));
            let layout = engine.layout_revealed(text, &setting, &revealed);
            let top = if piece == 0 {
                (setting.size * 1.6) as i32
            } else {
                0
            };
            let line = setting.size * setting.leading;
            let body = if text.trim().is_empty() && revealed.rows.is_empty() {
                line * BLANK_LINE
            } else {
                layout.height()
            };
            let height = top + body.ceil() as i32 + self.gap_after(piece, &setting);
            self.heights.set(piece, height);
            let made = Piece {
                layout,
                revealed,
                quads: None,
                marking: None,
                top,
                height,
                last_used: 0,
            };
            self.kept_bytes += range.len();
            self.kept.insert(piece, made);
        }
        let found = self.kept.get_mut(&piece)?;
        found.last_used = self.frame;
        Some(found)
    }

    /// Returns a piece that is laid out already.
    pub fn kept(&self, piece: usize) -> Option<&Piece> {
        self.kept.get(&piece)
    }

    /// Returns the height of a piece: by its layout, or what is known of it when there is no time for that in this
    /// frame.
    fn height_of(&mut self, engine: &mut TextEngine, piece: usize) -> f32 {
        if self.must_wait(piece) {
            return (self.heights.top(piece + 1) - self.heights.top(piece)).max(1) as f32;
        }
        self.piece(engine, piece)
            .map_or(1.0, |piece| piece.height as f32)
    }

    /// Scrolls down by `pixels` (up when negative), at most to the two ends.
    pub fn scroll_by(&mut self, engine: &mut TextEngine, pixels: f32) {
        // Far jumps go by the sums; laying out every piece on the way would take for ever.
        if pixels.abs() > 40.0 * self.height.max(100.0) {
            let y = self.top_y() + pixels as i64;
            self.scroll_to_y(y);
            return;
        }
        let (mut piece, mut offset) = (self.scroll.0, self.scroll.1 + pixels);
        while offset < 0.0 && piece > 0 {
            piece -= 1;
            offset += self.height_of(engine, piece);
        }
        offset = offset.max(0.0);
        while piece + 1 < self.pieces.len() {
            let height = self.height_of(engine, piece);
            if offset < height {
                break;
            }
            offset -= height;
            piece += 1;
        }
        self.scroll = (piece, offset);
    }

    /// Returns the piece at the top edge and the share of it that is above.
    pub fn place(&self) -> (usize, f32) {
        (self.scroll.0, self.scroll.1 / self.known_height())
    }

    /// Puts a piece at the top edge, or where `share` of it is above it.
    pub fn return_to(&mut self, engine: &mut TextEngine, piece: usize, share: f32) {
        let height = self.height_of(engine, piece);
        self.scroll = (piece, height * share);
    }

    /// Pixels of the article above the top edge, by the heights known so far.
    pub fn top_y(&self) -> i64 {
        self.heights.top(self.scroll.0) + self.scroll.1 as i64
    }

    /// Puts this place of the article at the top edge.
    pub fn scroll_to_y(&mut self, y: i64) {
        let y = y.clamp(0, (self.heights.total() - 1).max(0));
        let piece = self.heights.at(y);
        self.scroll = (piece, (y - self.heights.top(piece)) as f32);
    }

    /// Puts the line that holds `offset` at `share` of the pane's height.
    pub fn scroll_to(&mut self, engine: &mut TextEngine, offset: ByteOffset, share: f32) {
        let piece = self.pieces.at(offset);
        let base = self.pieces.range(piece).start().get();
        let Some(found) = self.piece(engine, piece) else {
            return;
        };
        let at = offset.get().saturating_sub(base);
        let y = found.top as f32 + edge(&found.layout, at, false).rect.min.y;
        self.scroll = (piece, y);
        let above = -self.height * share;
        self.scroll_by(engine, above);
    }

    /// Returns the pieces in sight from top to bottom, laid out. Leaves no blank page below the end.
    pub fn in_sight(&mut self, engine: &mut TextEngine) -> Vec<InSight> {
        let (list, bottom) = self.list(engine);
        if bottom >= self.height || self.scroll == (0, 0.0) || self.is_unfinished {
            return list;
        }
        self.scroll_by(engine, bottom - self.height);
        self.list(engine).0
    }

    fn list(&mut self, engine: &mut TextEngine) -> (Vec<InSight>, f32) {
        // A corrected height may have left the scroll position below its piece.
        let height = self
            .piece(engine, self.scroll.0)
            .map_or(1.0, |piece| piece.height as f32);
        self.scroll.1 = self.scroll.1.min((height - 1.0).max(0.0));
        let mut y = -self.scroll.1.round();
        let mut list = Vec::new();
        let mut piece = self.scroll.0;
        while piece < self.pieces.len() && y < self.height {
            if !list.is_empty() && self.must_wait(piece) {
                self.is_unfinished = true;
                break;
            }
            list.push(InSight { piece, y });
            y += self.height_of(engine, piece);
            piece += 1;
        }
        (list, y)
    }

    /// Returns the piece that a caret is on: where a long line was cut, upstream is the end of the piece before.
    pub fn piece_of(&self, place: CaretPlace) -> usize {
        let piece = self.pieces.at(place.offset);
        let is_there = |before: &usize| self.pieces.range(*before).end() == place.offset;
        let before = piece.checked_sub(1).filter(|_| place.upstream);
        before.filter(is_there).unwrap_or(piece)
    }

    /// Returns the place of the text nearest to a point of the pane, given what is in sight.
    pub fn hit(&self, in_sight: &[InSight], point: Vec2) -> Hit {
        let under = in_sight
            .iter()
            .rev()
            .find(|seen| seen.y <= point.y)
            .or(in_sight.first());
        let Some((seen, piece)) = under.and_then(|seen| Some((seen, self.kept.get(&seen.piece)?)))
        else {
            return Hit::default();
        };
        let range = self.pieces.range(seen.piece);
        let y = (point.y - seen.y - piece.top as f32)
            .clamp(0.0, (piece.layout.height() - 1.0).max(0.0));
        let cursor = Cursor::from_point(&piece.layout, point.x, y);
        let cluster = Cluster::from_point(&piece.layout, point.x, y)
            .map_or(cursor.index(), |(cluster, _)| cluster.text_range().start);
        let in_text =
            |at: usize| ByteOffset::new((range.start().get() + at).min(range.end().get()));
        Hit {
            place: CaretPlace {
                offset: in_text(cursor.index()),
                upstream: cursor.affinity() == Affinity::Upstream,
            },
            cluster: in_text(cluster),
        }
    }

    /// Returns the place of the character directly under a point; `None` beside and between the lines.
    pub fn hit_exact(&self, in_sight: &[InSight], point: Vec2) -> Option<ByteOffset> {
        let seen = in_sight.iter().rev().find(|seen| seen.y <= point.y)?;
        let piece = self.kept.get(&seen.piece)?;
        let y = point.y - seen.y - piece.top as f32;
        let (cluster, _) = Cluster::from_point_exact(&piece.layout, point.x, y)?;
        Some(ByteOffset::new(
            self.pieces.range(seen.piece).start().get() + cluster.text_range().start,
        ))
    }

    /// Returns where a caret at `place` is, if its piece is in sight.
    pub fn caret_rect(&self, in_sight: &[InSight], place: CaretPlace) -> Option<Rect> {
        let piece_idx = self.piece_of(place);
        let seen = in_sight.iter().find(|seen| seen.piece == piece_idx)?;
        let piece = self.kept.get(&piece_idx)?;
        let start = self.pieces.range(piece_idx).start().get();
        let at = place.offset.get().saturating_sub(start);
        let rect = edge(&piece.layout, at, place.upstream).rect;
        // A blank line is less than a line high: its caret must not reach into the next.
        let rect = rect.with_max_y(rect.max.y.min((piece.height - piece.top) as f32));
        Some(rect.translate(Vec2::new(0.0, seen.y + piece.top as f32)))
    }

    /// Returns the rectangles of `range` in sight, one or more a line, with the baseline of their line.
    pub fn range_rects(&self, in_sight: &[InSight], range: TextRange) -> Vec<(Rect, f32)> {
        let mut found = Vec::new();
        for seen in in_sight {
            let here = self.pieces.range(seen.piece);
            let Some(piece) = self.kept.get(&seen.piece) else {
                continue;
            };
            let Some(local) = super::marking::local(range, here) else {
                continue;
            };
            let down = seen.y + piece.top as f32;
            for (rect, line) in rects(&piece.layout, local) {
                let baseline = piece
                    .layout
                    .get(line)
                    .map_or(0.0, |line| line.metrics().baseline);
                found.push((rect.translate(Vec2::new(0.0, down)), baseline + down));
            }
        }
        found
    }
}

/// Returns whether lines are paragraphs (a saved web page) rather than wrapped lines (text out of a PDF): more than
/// 120 bytes on average, estimated from the first thousand lines with text.
fn has_long_lines(text: &SourceText) -> bool {
    let lengths = (0..text.lines().n_lines())
        .filter_map(|line| text.line(line))
        .map(TextRange::len);
    let (n, sum) = lengths
        .filter(|len| *len > 0)
        .take(1000)
        .fold((0, 0), |(n, sum), len| (n + 1, sum + len));
    n > 0 && sum / n > 120
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{reader::style::Face, text::hidden::Reveal};

    fn view(text: &str) -> (View, TextEngine) {
        let mut view = View::new(SourceText::new(text.to_owned()).unwrap());
        let setting = Setting {
            size: 18.0,
            leading: 1.5,
            face: Face::Serif,
            width: 400.0,
            language: None,
            reveal: Reveal::Nothing,
        };
        view.begin_frame(&setting, 500.0);
        (view, TextEngine::new(false))
    }

    #[test]
    fn scrolling_to_both_ends_stops_there() {
        let (mut view, mut engine) =
            view(&"A line of text that is wrapped once or twice.\n".repeat(3000));
        view.scroll_by(&mut engine, 1e9);
        let list = view.in_sight(&mut engine);
        assert_eq!(list.last().unwrap().piece, 3000);
        assert!(list.first().unwrap().y <= 0.0);
        view.scroll_by(&mut engine, -1e9);
        assert_eq!(
            view.in_sight(&mut engine).first(),
            Some(&InSight { piece: 0, y: 0.0 })
        );
    }

    #[test]
    fn a_corrected_height_above_does_not_move_the_text() {
        let (mut view, mut engine) = view(&"Short.\n".repeat(2000));
        view.scroll_to_y(20_000);
        let before = view.in_sight(&mut engine);
        view.heights.set(3, 5_000);
        assert_eq!(view.in_sight(&mut engine), before);
    }

    #[test]
    fn a_point_and_its_place_agree_in_both_directions_of_writing() {
        for text in [
            "He denied it at once, she said.",
            "نفى المتحدث باسم الشركة ذلك يوم الثلاثاء.",
        ] {
            let (mut view, mut engine) = view(text);
            let list = view.in_sight(&mut engine);
            for (at, _) in text.char_indices() {
                let place = CaretPlace {
                    offset: ByteOffset::new(at),
                    upstream: false,
                };
                let caret = view.caret_rect(&list, place).unwrap();
                let hit = view.hit(&list, caret.center().to_vec2());
                let again = view.caret_rect(&list, hit.place).unwrap();
                assert!(
                    (again.min.x - caret.min.x).abs() < 1.5,
                    "{text:?} at {at}: {caret} {again}"
                );
            }
        }
    }
}
