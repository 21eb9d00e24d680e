//! Moving the caret with the keyboard: one table of keys, and the effect of each on the page.

use super::{
    edge::edge,
    engine::TextEngine,
    view::{CaretPlace, View},
};
use crate::text::{ByteOffset, SourceText, TextRange, boundary};
use egui::{Key, Modifiers};
use parley::{Affinity, Cursor};

/// Which way a key moves the caret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// One cluster to the left on the screen.
    Left,
    /// One cluster to the right on the screen.
    Right,
    /// One word to the left on the screen.
    WordLeft,
    /// One word to the right on the screen.
    WordRight,
    /// One line up.
    Up,
    /// One line down.
    Down,
    /// To the start of the line.
    LineStart,
    /// To the end of the line.
    LineEnd,
    /// To the start of this paragraph or the one before.
    ParagraphUp,
    /// To the start of the next paragraph.
    ParagraphDown,
    /// One page up.
    PageUp,
    /// One page down.
    PageDown,
    /// To the start of the article.
    TextStart,
    /// To the end of the article.
    TextEnd,
}

/// Key, with the command key (Ctrl) or without, what it does, in words for the help window. Shift extends the
/// selection with each of them.
pub const PANE_KEYS: [(Key, bool, Motion, &str); 15] = [
    (Key::ArrowLeft, false, Motion::Left, "One character left"),
    (Key::ArrowRight, false, Motion::Right, "One character right"),
    (Key::ArrowLeft, true, Motion::WordLeft, "One word left"),
    (Key::ArrowRight, true, Motion::WordRight, "One word right"),
    (Key::ArrowUp, false, Motion::Up, "One line up"),
    (Key::ArrowDown, false, Motion::Down, "One line down"),
    (Key::ArrowUp, true, Motion::ParagraphUp, "One paragraph up"),
    (
        Key::ArrowDown,
        true,
        Motion::ParagraphDown,
        "One paragraph down",
    ),
    (Key::Home, false, Motion::LineStart, "Start of the line"),
    (Key::End, false, Motion::LineEnd, "End of the line"),
    (Key::Home, true, Motion::TextStart, "Start of the article"),
    (Key::End, true, Motion::TextEnd, "End of the article"),
    (Key::PageUp, false, Motion::PageUp, "One page up"),
    (Key::PageDown, false, Motion::PageDown, "One page down"),
    (Key::Space, false, Motion::PageDown, "One page down"),
];

/// Returns the motion of a key press, if it is one of ours. Keys with Alt belong to the window.
pub fn motion_of(key: Key, modifiers: Modifiers) -> Option<Motion> {
    if modifiers.alt {
        return None;
    }
    let row = PANE_KEYS
        .iter()
        .find(|(known, command, ..)| *known == key && *command == modifiers.command)?;
    Some(row.2)
}

/// A caret after a motion: its place, and the horizontal place that up and down keep to.
pub struct Moved {
    pub place: CaretPlace,
    pub goal_x: Option<f32>,
}

/// Applies a motion from `from`.
pub fn carry_out(
    view: &mut View,
    engine: &mut TextEngine,
    motion: Motion,
    from: CaretPlace,
    goal_x: Option<f32>,
) -> Moved {
    let text = view.text().clone();
    let to = |place| Moved {
        place,
        goal_x: None,
    };
    let plain = |offset| to(before(offset));
    match motion {
        Motion::TextStart => plain(ByteOffset::ZERO),
        Motion::TextEnd => plain(text.end()),
        Motion::ParagraphUp => {
            let start = boundary::paragraph_at(&text, from.offset).start();
            plain(if start < from.offset {
                start
            } else {
                paragraph_before(&text, start)
            })
        }
        Motion::ParagraphDown => plain(paragraph_after(&text, from.offset)),
        Motion::WordLeft | Motion::WordRight => {
            let piece = view.piece_of(from);
            let forward = (motion == Motion::WordRight) != is_rtl(view, engine, piece);
            plain(if forward {
                boundary::next_word_end(&text, from.offset)
            } else {
                boundary::prev_word(&text, from.offset)
            })
        }
        Motion::Left | Motion::Right => to(sideways(view, engine, motion == Motion::Right, from)),
        Motion::LineStart | Motion::LineEnd => {
            to(line_edge(view, engine, motion == Motion::LineEnd, from))
        }
        Motion::Up => vertical(view, engine, from, goal_x, -1.0),
        Motion::Down => vertical(view, engine, from, goal_x, 1.0),
        Motion::PageUp | Motion::PageDown => {
            let line = view
                .setting()
                .map_or(20.0, |setting| setting.size * setting.leading);
            let lines = (view.height() / line - 2.0).max(1.0);
            let sign = if motion == Motion::PageUp { -1.0 } else { 1.0 };
            view.scroll_by(engine, sign * lines * line);
            vertical(view, engine, from, goal_x, sign * lines)
        }
    }
}

/// Returns where Left and Right collapse a selection: at its end on that side. `None` for every other motion, and
/// where nothing is selected.
pub fn leave(
    view: &mut View,
    engine: &mut TextEngine,
    motion: Motion,
    selected: TextRange,
) -> Option<Moved> {
    if selected.is_empty() || !matches!(motion, Motion::Left | Motion::Right) {
        return None;
    }
    let piece = view.pieces().at(selected.start());
    let forward = (motion == Motion::Right) != is_rtl(view, engine, piece);
    let place = if forward {
        CaretPlace {
            offset: selected.end(),
            upstream: true,
        }
    } else {
        before(selected.start())
    };
    Some(Moved {
        place,
        goal_x: None,
    })
}

/// Returns the place before the text at `offset`: nearly always what is meant.
fn before(offset: ByteOffset) -> CaretPlace {
    CaretPlace {
        offset,
        upstream: false,
    }
}

/// Returns whether a piece reads from the right. A blank one reads as the text above it, or the arrow that led to it
/// would lead back.
fn is_rtl(view: &mut View, engine: &mut TextEngine, piece: usize) -> bool {
    const MAX_BLANK: usize = 16;
    let pieces = view.pieces();
    let above = (0..=piece).rev().take(MAX_BLANK);
    let with_text = above.into_iter().find(|at| !pieces.range(*at).is_empty());
    view.piece(engine, with_text.unwrap_or(piece))
        .is_some_and(|piece| piece.layout.is_rtl())
}

fn paragraph_before(text: &SourceText, start: ByteOffset) -> ByteOffset {
    let ink = boundary::last_ink(text, start);
    boundary::paragraph_at(text, ink).start()
}

fn paragraph_after(text: &SourceText, from: ByteOffset) -> ByteOffset {
    let end = boundary::paragraph_at(text, from).end().max(from);
    let next_line = text.lines().start(text.lines().line_at(end) + 1);
    next_line.map_or(text.end(), |start| boundary::first_ink(text, start))
}

/// Moves one cluster to the side on the screen; over the edge of a line to the next one in reading order.
fn sideways(view: &mut View, engine: &mut TextEngine, right: bool, from: CaretPlace) -> CaretPlace {
    let piece_idx = view.piece_of(from);
    let forward = right != is_rtl(view, engine, piece_idx);
    let range = view.pieces().range(piece_idx);
    let base = range.start().get();
    let ends_line = view.pieces().ends_line(piece_idx);
    let text = view.text().clone();
    view.piece(engine, piece_idx);
    let Some(piece) = view.kept(piece_idx) else {
        return from;
    };
    let layout = &piece.layout;
    let here = edge(layout, from.offset.get() - base, from.upstream);
    let is_last = here.line + 1 >= layout.len();
    let Some(line) = layout.get(here.line) else {
        return from;
    };
    let beside = if right {
        Some(here.n_left)
    } else {
        here.n_left.checked_sub(1)
    };
    let mut clusters = line.runs().flat_map(|run| run.visual_clusters());
    if let Some(cluster) = beside.and_then(|idx| clusters.nth(idx)) {
        let over = cluster.text_range();
        let after = right != cluster.is_rtl();
        let at = if after { over.end } else { over.start };
        // Reading on over a wrap leads to the next line at once.
        let wraps = at == line.text_range().end && !(is_last && ends_line);
        return CaretPlace {
            offset: ByteOffset::new((base + at).min(range.end().get())),
            upstream: after && !(forward && wraps),
        };
    }
    if forward {
        return match layout.get(here.line + 1) {
            Some(next) => before(ByteOffset::new(base + next.text_range().start)),
            None if piece_idx + 1 < view.pieces().len() => {
                before(view.pieces().range(piece_idx + 1).start())
            }
            None => from,
        };
    }
    let line_start = ByteOffset::new(base + line.text_range().start);
    if here.line > 0 {
        return before(boundary::prev_grapheme(&text, line_start));
    }
    let Some(piece_before) = piece_idx.checked_sub(1) else {
        return from;
    };
    let end = view.pieces().range(piece_before).end();
    // Where a long line was cut, the end of the one piece is the start of the other.
    before(if end == range.start() {
        boundary::prev_grapheme(&text, end)
    } else {
        end
    })
}

fn line_edge(view: &mut View, engine: &mut TextEngine, end: bool, from: CaretPlace) -> CaretPlace {
    let piece_idx = view.piece_of(from);
    let range = view.pieces().range(piece_idx);
    let ends_line = view.pieces().ends_line(piece_idx);
    let text = view.text().clone();
    let Some(piece) = view.piece(engine, piece_idx) else {
        return from;
    };
    let base = range.start().get();
    let here = edge(&piece.layout, from.offset.get() - base, from.upstream);
    let Some(line) = piece.layout.get(here.line) else {
        return from;
    };
    let line_range = line.text_range();
    if !end {
        return before(ByteOffset::new(base + line_range.start));
    }
    let found = ByteOffset::new((base + line_range.end).min(range.end().get()));
    if here.line + 1 < piece.layout.len() || !ends_line {
        // Stay before the blank that a wrapped line was broken at.
        let blank = boundary::prev_grapheme(&text, found);
        let is_blank = text
            .slice_or_empty(TextRange::new(blank, found))
            .trim()
            .is_empty();
        if is_blank && blank.get() >= base + line_range.start {
            return before(blank);
        }
    }
    CaretPlace {
        offset: found,
        upstream: true,
    }
}

/// Moves some lines up or down, keeping to the horizontal place.
fn vertical(
    view: &mut View,
    engine: &mut TextEngine,
    from: CaretPlace,
    goal_x: Option<f32>,
    lines: f32,
) -> Moved {
    let mut piece_idx = view.piece_of(from);
    let line = view
        .setting()
        .map_or(20.0, |setting| setting.size * setting.leading);
    let start = view.pieces().range(piece_idx).start().get();
    let Some(piece) = view.piece(engine, piece_idx) else {
        return Moved {
            place: from,
            goal_x,
        };
    };
    let caret = edge(&piece.layout, from.offset.get() - start, from.upstream).rect;
    let x = goal_x.unwrap_or(caret.min.x);
    let mut y = caret.center().y + lines * line;
    while let Some(piece) = view.piece(engine, piece_idx) {
        let height = piece.layout.height();
        if y < 0.0 && piece_idx > 0 {
            piece_idx -= 1;
            let above = view
                .piece(engine, piece_idx)
                .map_or(line, |piece| piece.layout.height());
            // One line up from a first line is the last line above, however far the gap is.
            y = if y > -line {
                above - line / 2.0
            } else {
                y + above
            };
        } else if y >= height && piece_idx + 1 < view.pieces().len() {
            y = if y < height + line {
                line / 2.0
            } else {
                y - height
            };
            piece_idx += 1;
        } else {
            break;
        }
    }
    let range = view.pieces().range(piece_idx);
    let Some(piece) = view.piece(engine, piece_idx) else {
        return Moved {
            place: from,
            goal_x,
        };
    };
    let place = if y < 0.0 {
        before(range.start())
    } else if y >= piece.layout.height() {
        before(range.end())
    } else {
        let cursor = Cursor::from_point(&piece.layout, x, y);
        let at = range.start().get() + cursor.index();
        CaretPlace {
            offset: ByteOffset::new(at.min(range.end().get())),
            upstream: cursor.affinity() == Affinity::Upstream,
        }
    };
    Moved {
        place,
        goal_x: Some(x),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        reader::{engine::Setting, style::Face},
        text::{SourceText, hidden::Reveal},
    };

    /// Starts at `|`, presses the keys, shows where the caret is.
    #[track_caller]
    fn check(start: &str, motions: &[Motion], expected: &str) {
        let from = start.find('|').unwrap();
        let text = start.replace('|', "");
        let mut view = View::new(SourceText::new(text.clone()).unwrap());
        let mut engine = TextEngine::new(false);
        let setting = Setting {
            size: 18.0,
            leading: 1.5,
            face: Face::Serif,
            width: 300.0,
            language: None,
            reveal: Reveal::Nothing,
        };
        view.begin_frame(&setting, 500.0);
        let (mut at, mut goal_x) = (before(ByteOffset::new(from)), None);
        for motion in motions {
            let moved = carry_out(&mut view, &mut engine, *motion, at, goal_x);
            (at, goal_x) = (moved.place, moved.goal_x);
        }
        let mut shown = text;
        shown.insert(at.offset.get(), '|');
        assert_eq!(shown, expected);
    }

    /// Checks every offset at which the caret stops when one key is pressed repeatedly, from `start` to the end.
    #[track_caller]
    fn check_stops(text: &str, start: usize, motion: Motion, expected: &[usize]) {
        let mut view = View::new(SourceText::new(text.to_owned()).unwrap());
        let mut engine = TextEngine::new(false);
        let setting = Setting {
            size: 18.0,
            leading: 1.5,
            face: Face::Serif,
            width: 300.0,
            language: None,
            reveal: Reveal::Nothing,
        };
        view.begin_frame(&setting, 500.0);
        let (mut at, mut stops) = (before(ByteOffset::new(start)), vec![start]);
        for _ in 0..2 * text.len() {
            at = carry_out(&mut view, &mut engine, motion, at, None).place;
            if stops.last() != Some(&at.offset.get()) {
                stops.push(at.offset.get());
            }
        }
        assert_eq!(stops, expected, "{motion:?} from {start}");
    }

    #[test]
    fn left_and_right_go_through_wrapped_lines_and_blank_ones() {
        let latin = "He denied it at once, and she denied it later, but nobody had asked.\n\nNext.";
        let arabic =
            "نفى المتحدث باسم الشركة ذلك يوم الثلاثاء وقال إنه لا يعلم شيئا عن ذلك أبدا.\n\nثم ذهب";
        for (text, on, back) in [
            (latin, Motion::Right, Motion::Left),
            (arabic, Motion::Left, Motion::Right),
        ] {
            let places = text.char_indices().map(|(at, _)| at);
            let mut places: Vec<usize> = places.chain([text.len()]).collect();
            check_stops(text, 0, on, &places);
            places.reverse();
            check_stops(text, text.len(), back, &places);
        }
    }

    #[test]
    fn left_and_right_go_over_the_cut_of_a_very_long_line() {
        let text = "漢".repeat(6_000);
        let mut view = View::new(SourceText::new(text).unwrap());
        let mut engine = TextEngine::new(false);
        let setting = Setting {
            size: 18.0,
            leading: 1.5,
            face: Face::Serif,
            width: 300.0,
            language: None,
            reveal: Reveal::Nothing,
        };
        view.begin_frame(&setting, 500.0);
        let cut = view.pieces().range(1).start();
        let mut carry = |motion, at| carry_out(&mut view, &mut engine, motion, at, None).place;
        let back = carry(Motion::Left, before(cut));
        assert_eq!(back.offset.get(), cut.get() - 3);
        assert_eq!(carry(Motion::Right, back), before(cut));
        let end = carry(Motion::LineEnd, back);
        assert_eq!((end.offset, end.upstream), (cut, true));
        assert_eq!(carry(Motion::LineEnd, end), end);
        assert!(carry(Motion::LineStart, end).offset < back.offset);
    }

    #[test]
    fn the_end_of_a_wrapped_line_without_a_blank_stays_on_its_line() {
        let text = "漢".repeat(100);
        let mut view = View::new(SourceText::new(text).unwrap());
        let mut engine = TextEngine::new(false);
        let setting = Setting {
            size: 18.0,
            leading: 1.5,
            face: Face::Serif,
            width: 300.0,
            language: None,
            reveal: Reveal::Nothing,
        };
        view.begin_frame(&setting, 500.0);
        let mut carry = |motion, at, x| carry_out(&mut view, &mut engine, motion, at, x);
        let end = carry(Motion::LineEnd, before(ByteOffset::new(3)), None).place;
        assert!(end.upstream);
        assert_eq!(carry(Motion::LineEnd, end, None).place, end);
        let start = carry(Motion::LineStart, end, None).place;
        assert_eq!(start, before(ByteOffset::ZERO));
        // Down keeps to the right edge: the end of the second line, not the start of the third.
        let down = carry(Motion::Down, end, None);
        assert_eq!(down.place.offset.get(), 2 * end.offset.get());
        assert!(down.place.upstream);
        let up = carry(Motion::Up, down.place, down.goal_x);
        assert_eq!(up.place, end);
    }

    #[test]
    fn characters_are_whole_clusters() {
        check("a|👩‍👩‍👧‍👦b", &[Motion::Right], "a👩‍👩‍👧‍👦|b");
        check("ae\u{301}|", &[Motion::Left], "a|e\u{301}");
    }

    #[test]
    fn the_right_key_goes_forward_in_latin_and_back_in_arabic() {
        check("one |two", &[Motion::Right], "one t|wo");
        check("نفى |ذلك", &[Motion::Left], "نفى ذ|لك");
        check("نفى |ذلك", &[Motion::WordLeft], "نفى ذلك|");
    }

    #[test]
    fn edges_lead_to_the_neighbouring_paragraphs() {
        check("one|\ntwo", &[Motion::Right], "one\n|two");
        check("one\n|two", &[Motion::Left], "one|\ntwo");
        check(
            "one\n\n|two",
            &[Motion::Up, Motion::Up, Motion::Down, Motion::Down],
            "one\n\n|two",
        );
        check("on|e\ntwo", &[Motion::Down, Motion::LineEnd], "one\ntwo|");
        check(
            "one\ntwo|",
            &[Motion::TextStart, Motion::TextEnd, Motion::LineStart],
            "one\n|two",
        );
    }

    #[test]
    fn paragraphs_step_over_blank_lines() {
        check(
            "O|ne.\n\nTwo.\n\nThree.",
            &[Motion::ParagraphDown],
            "One.\n\n|Two.\n\nThree.",
        );
        check(
            "One.\n\nTwo.\n\nTh|ree.",
            &[Motion::ParagraphUp, Motion::ParagraphUp],
            "One.\n\n|Two.\n\nThree.",
        );
    }
}
