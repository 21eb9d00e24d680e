//! What a screen reader reads: the text in sight as runs with their real direction, the selection, and what
//! stands out.
//!
//! Each visual run becomes a `TextRun` node under the pane's `Document` node, in reading order, as egui's own
//! labels do it, but with grapheme clusters as characters and the direction as laid out. Only what is in sight
//! is reported; a screen reader reads on by scrolling.

use super::{
    decoration::{Decoration, DecorationKey, Decorations},
    reveal::Ink,
    view::{InSight, Piece, View},
};
use crate::text::{ByteOffset, TextRange, hidden::visible};
use egui::{Id, Rect, Ui, Vec2, accesskit as ak, pos2};
use parley::PositionedLayoutItem;
use std::{borrow::Cow, ops::Range};

/// AccessKit's word starts are `u8`, so a run holds at most 255 characters, one of them a line ending.
const MAX_CHARS: usize = 254;

/// One run that was reported: where its characters begin in the text.
struct Told {
    id: Id,
    range: Range<usize>,
    starts: Vec<usize>,
}

/// Reports all visible paragraphs under the node `parent`, and the selection. `origin` is the top left corner of
/// the column in physical pixels. Does nothing unless something listens.
pub fn tell(
    ui: &mut Ui,
    parent: Id,
    name: &str,
    view: &View,
    in_sight: &[InSight],
    origin: Vec2,
    selection: (ByteOffset, ByteOffset),
) {
    let listening = ui.ctx().accesskit_node_builder(parent, |node| {
        node.set_role(ak::Role::Document);
        node.set_label(name);
        node.set_read_only();
    });
    if listening.is_none() {
        return;
    }
    let mut told = Vec::new();
    for seen in in_sight {
        tell_piece(ui, parent, view, seen, origin, &mut told);
    }
    let (anchor, focus) = selection;
    if let (Some(anchor), Some(focus)) = (position(&told, anchor), position(&told, focus)) {
        ui.ctx().accesskit_node_builder(parent, |node| {
            node.set_text_selection(ak::TextSelection { anchor, focus })
        });
    }
}

fn tell_piece(
    ui: &mut Ui,
    parent: Id,
    view: &View,
    seen: &InSight,
    origin: Vec2,
    told: &mut Vec<Told>,
) {
    let Some(piece) = view.kept(seen.piece) else {
        return;
    };
    let range = view.pieces().range(seen.piece);
    let text = view.text().slice_or_empty(range);
    let corner = origin + Vec2::new(0.0, seen.y + piece.top as f32);
    let line_end = view.pieces().ends_line(seen.piece).then_some(range.end());
    if text.is_empty() {
        // A blank line has no run to lay out, but a caret can be on it.
        let height = (piece.height - piece.top) as f32;
        let rect = Rect::from_min_size(pos2(0.0, 0.0), Vec2::new(1.0, height)).translate(corner);
        let id = blank_id(parent, range.start());
        Run::new(false).finish(ui, id, rect, Some(range.end()), told);
        return;
    }
    for (line_idx, line) in piece.layout.lines().enumerate() {
        let metrics = *line.metrics();
        let mut runs: Vec<(usize, usize, f32)> = line
            .items()
            .filter_map(|item| match item {
                PositionedLayoutItem::GlyphRun(run) => Some((
                    run.run().text_range().start,
                    run.run().index(),
                    run.offset(),
                )),
                PositionedLayoutItem::InlineBox(_) => None,
            })
            .collect();
        runs.dedup_by_key(|(_, index, _)| *index);
        runs.sort_by_key(|(start, ..)| *start);
        for (_, index, left) in runs {
            let Some(run) = line.runs().find(|run| run.index() == index) else {
                continue;
            };
            let characters = characters(&run, piece, text);
            let width: f32 = characters.iter().map(|character| character.advance).sum();
            // The parts of a long run follow each other in its own direction.
            let mut told_width = 0.0;
            for (part, chunk) in characters.chunks(MAX_CHARS).enumerate() {
                let mut node = Run::new(run.is_rtl());
                for character in chunk {
                    node.push(character, range.start().get());
                }
                let id = parent.with((range.start().get(), line_idx, index, part));
                let before = if run.is_rtl() {
                    width - told_width - node.x
                } else {
                    told_width
                };
                told_width += node.x;
                let rect = Rect::from_min_max(
                    pos2(left + before, metrics.block_min_coord),
                    pos2(left + before + node.x, metrics.block_max_coord),
                );
                let is_end = chunk
                    .last()
                    .is_some_and(|character| character.range.end == text.len());
                node.finish(
                    ui,
                    id,
                    rect.translate(corner),
                    line_end.filter(|_| is_end),
                    told,
                );
            }
        }
    }
}

/// A cluster as it is reported: its text, or the name of what is hidden there.
struct Character<'a> {
    text: Cow<'a, str>,
    /// In bytes of the piece.
    range: Range<usize>,
    advance: f32,
    is_word_boundary: bool,
}

/// Returns the characters of a run in logical order. Hidden ones that are shown as one are one.
fn characters<'a>(
    run: &parley::layout::Run<'_, Ink>,
    piece: &Piece,
    text: &'a str,
) -> Vec<Character<'a>> {
    run.clusters()
        .filter_map(|cluster| {
            let range = cluster.text_range();
            let (text, range) = if cluster.style().brush == Ink::StandIn {
                let row = piece.revealed.row_at(range.start)?;
                if row.range.start != range.start {
                    return None;
                }
                (format!("[{}]", row.label()).into(), row.range.clone())
            } else {
                (text.get(range.clone()).unwrap_or_default().into(), range)
            };
            Some(Character {
                text,
                range,
                advance: cluster.advance(),
                is_word_boundary: cluster.is_word_boundary(),
            })
        })
        .collect()
}

/// Most marks in sight that are reported one by one.
const MAX_MARKS: usize = 300;
/// Most hidden characters and mixed words in sight that are explained one by one.
const MAX_EXPLAINED: usize = 64;

/// Reports the name of each hidden character and each mixed word in sight. `tell` must have found somebody
/// listening in this frame; else this costs one question.
pub fn tell_revealed(ui: &mut Ui, parent: Id, view: &View, in_sight: &[InSight], origin: Vec2) {
    if ui.ctx().accesskit_node_builder(parent, |_| ()).is_none() {
        return;
    }
    let mut n_told = 0;
    for seen in in_sight {
        let Some(piece) = view.kept(seen.piece) else {
            continue;
        };
        let here = view.pieces().range(seen.piece);
        let text = view.text().slice_or_empty(here);
        let rows = piece.revealed.rows.iter().map(|row| row.range.clone());
        for range in rows.chain(piece.revealed.words.iter().cloned()) {
            if n_told >= MAX_EXPLAINED {
                return;
            }
            let base = here.start().get();
            let in_text = TextRange::from_bytes(base + range.start..base + range.end);
            let (Some(label), Some((rect, _))) = (
                piece.revealed.explain(text, range.start),
                view.range_rects(in_sight, in_text).first().copied(),
            ) else {
                continue;
            };
            n_told += 1;
            let id = parent.with(("hidden", in_text.start().get()));
            tell_mark(ui, id, rect.translate(origin), label);
        }
    }
}

/// Reports a mark with its label; `rect` is in physical pixels of the screen.
fn tell_mark(ui: &mut Ui, id: Id, rect: Rect, label: String) {
    let rect = rect / ui.ctx().pixels_per_point();
    ui.interact(rect, id, egui::Sense::hover());
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_role(ak::Role::Mark);
        node.set_label(label);
        node.set_bounds(ak::Rect {
            x0: rect.min.x.into(),
            y0: rect.min.y.into(),
            x1: rect.max.x.into(),
            y1: rect.max.y.into(),
        });
    });
}

/// Reports the decorated stretches in sight, each as a mark with its labels and its words. `tell` must have found
/// somebody listening in this frame; else this costs one question.
pub fn tell_marks(
    ui: &mut Ui,
    parent: Id,
    view: &View,
    in_sight: &[InSight],
    origin: Vec2,
    source: &dyn Decorations,
) {
    if ui.ctx().accesskit_node_builder(parent, |_| ()).is_none() {
        return;
    }
    let markings = in_sight
        .iter()
        .filter_map(|seen| view.kept(seen.piece)?.marking.as_ref());
    let mut told: Vec<(DecorationKey, u32)> = Vec::new();
    for decoration in markings.flat_map(|marking| &marking.decorations) {
        if told.len() >= MAX_MARKS {
            return;
        }
        let name = (decoration.key, decoration.segment);
        let rects = view.range_rects(in_sight, decoration.range);
        let (false, Some((rect, _))) = (told.contains(&name), rects.first()) else {
            continue;
        };
        told.push(name);
        let label = mark_label(view, decoration, source);
        let id = parent.with(("mark", name));
        tell_mark(ui, id, rect.translate(origin), label);
    }
}

/// Returns `Denial, Expert opinion: the words`, the words cut at 120 code points.
fn mark_label(view: &View, decoration: &Decoration, source: &dyn Decorations) -> String {
    let labels: Vec<&str> = decoration
        .looks
        .iter()
        .filter_map(|look| source.looks().get(usize::from(*look)))
        .map(|look| look.label.as_str())
        .collect();
    let words = view.text().slice_or_empty(decoration.range);
    let cut = words
        .char_indices()
        .nth(120)
        .map_or(words.len(), |(at, _)| at);
    let words = visible(words.get(..cut).unwrap_or(words));
    if labels.is_empty() {
        format!("{}: {words}", source.plain().label)
    } else {
        format!("{}: {words}", labels.join(", "))
    }
}

fn blank_id(parent: Id, start: ByteOffset) -> Id {
    parent.with(("blank line", start.get()))
}

/// One text run in the making; positions in physical pixels until it is finished.
struct Run {
    rtl: bool,
    value: String,
    lengths: Vec<u8>,
    lefts: Vec<f32>,
    widths: Vec<f32>,
    words: Vec<u8>,
    starts: Vec<usize>,
    x: f32,
    end: usize,
}

impl Run {
    fn new(rtl: bool) -> Self {
        Self {
            rtl,
            value: String::new(),
            lengths: Vec::new(),
            lefts: Vec::new(),
            widths: Vec::new(),
            words: Vec::new(),
            starts: Vec::new(),
            x: 0.0,
            end: 0,
        }
    }

    /// Adds a character of a piece that begins at `base`.
    fn push(&mut self, character: &Character<'_>, base: usize) {
        let text = &*character.text;
        let Ok(length) = u8::try_from(text.len()) else {
            return;
        };
        if character.is_word_boundary && text.chars().next().is_some_and(char::is_alphanumeric) {
            self.words
                .push(u8::try_from(self.lengths.len()).unwrap_or(u8::MAX));
        }
        self.value.push_str(text);
        self.lengths.push(length);
        self.lefts.push(self.x);
        self.widths.push(character.advance);
        self.starts.push(base + character.range.start);
        self.x += character.advance;
        self.end = base + character.range.end;
    }

    fn finish(
        mut self,
        ui: &mut Ui,
        id: Id,
        rect: Rect,
        line_end: Option<ByteOffset>,
        told: &mut Vec<Told>,
    ) {
        if let Some(end) = line_end {
            let line_end = Character {
                text: "\n".into(),
                range: 0..1,
                advance: 0.0,
                is_word_boundary: false,
            };
            self.push(&line_end, end.get());
        }
        let scale = ui.ctx().pixels_per_point();
        let rect = rect / scale;
        // The public way to hang a node under this one: egui keeps the direct one to itself.
        ui.interact(rect, id, egui::Sense::hover());
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_role(ak::Role::TextRun);
            let direction = if self.rtl {
                ak::TextDirection::RightToLeft
            } else {
                ak::TextDirection::LeftToRight
            };
            node.set_text_direction(direction);
            node.set_bounds(ak::Rect {
                x0: rect.min.x.into(),
                y0: rect.min.y.into(),
                x1: rect.max.x.into(),
                y1: rect.max.y.into(),
            });
            node.set_value(self.value);
            node.set_character_lengths(self.lengths);
            node.set_character_positions(self.lefts.iter().map(|x| x / scale).collect::<Vec<_>>());
            node.set_character_widths(self.widths.iter().map(|x| x / scale).collect::<Vec<_>>());
            node.set_word_starts(self.words);
        });
        let start = self.starts.first().copied().unwrap_or(self.end);
        told.push(Told {
            id,
            range: start..self.end,
            starts: self.starts,
        });
    }
}

fn position(told: &[Told], offset: ByteOffset) -> Option<ak::TextPosition> {
    let at = offset.get();
    let run = told
        .iter()
        .find(|run| run.range.contains(&at))
        .or_else(|| told.iter().find(|run| run.range.end == at))?;
    Some(ak::TextPosition {
        node: run.id.accesskit_id(),
        character_index: run.starts.partition_point(|start| *start < at),
    })
}

/// Returns the selection that a screen reader asks for, if it asked for one among the runs that were reported last.
pub fn asked_selection(
    ui: &Ui,
    parent: Id,
    view: &View,
    in_sight: &[InSight],
) -> Option<TextRange> {
    let request = ui.input(|input| {
        input
            .accesskit_action_requests(parent, ak::Action::SetTextSelection)
            .filter_map(|request| match &request.data {
                Some(ak::ActionData::SetTextSelection(selection)) => Some(*selection),
                _ => None,
            })
            .last()
    })?;
    let place = |position: ak::TextPosition| {
        in_sight
            .iter()
            .find_map(|seen| find_place(parent, view, seen, position))
    };
    Some(TextRange::new(
        place(request.anchor)?,
        place(request.focus)?,
    ))
}

/// Goes through the runs of a piece as [`tell_piece`] does and finds a node's character again.
fn find_place(
    parent: Id,
    view: &View,
    seen: &InSight,
    position: ak::TextPosition,
) -> Option<ByteOffset> {
    let piece = view.kept(seen.piece)?;
    let range = view.pieces().range(seen.piece);
    if position.node == blank_id(parent, range.start()).accesskit_id() {
        return Some(range.start());
    }
    for (line_idx, line) in piece.layout.lines().enumerate() {
        for run in line.runs() {
            let text = view.text().slice_or_empty(range);
            let characters = characters(&run, piece, text);
            for (part, chunk) in characters.chunks(MAX_CHARS).enumerate() {
                let id = parent.with((range.start().get(), line_idx, run.index(), part));
                if id.accesskit_id() == position.node {
                    let at = chunk
                        .get(position.character_index)
                        .map(|character| character.range.start)
                        .or_else(|| chunk.last().map(|character| character.range.end))?;
                    return Some(ByteOffset::new(range.start().get() + at));
                }
            }
        }
    }
    None
}
