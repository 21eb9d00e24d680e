//! Moving the caret with the keyboard: one table of keys, and what each comes to in the text on the page.

use super::{engine::TextEngine, view::View};
use crate::text::{ByteOffset, boundary};
use egui::{Key, Modifiers};
use parley::{Affinity, Cursor, Selection};

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

/// The motion of a key press, if it is one of ours. Keys with Alt belong to the window.
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
    pub offset: ByteOffset,
    pub goal_x: Option<f32>,
}

/// Carries a motion out from `from`.
pub fn carry_out(
    view: &mut View,
    engine: &mut TextEngine,
    motion: Motion,
    from: ByteOffset,
    goal_x: Option<f32>,
) -> Moved {
    let text = view.text().clone();
    let plain = |offset| Moved {
        offset,
        goal_x: None,
    };
    match motion {
        Motion::TextStart => plain(ByteOffset::ZERO),
        Motion::TextEnd => plain(text.end()),
        Motion::ParagraphUp => {
            let start = boundary::paragraph_at(&text, from).start();
            let before = if start < from {
                start
            } else {
                paragraph_before(&text, start)
            };
            plain(before)
        }
        Motion::ParagraphDown => plain(paragraph_after(&text, from)),
        Motion::WordLeft | Motion::WordRight => {
            let forward = (motion == Motion::WordRight) != is_rtl(view, engine, from);
            plain(if forward {
                boundary::next_word_end(&text, from)
            } else {
                boundary::prev_word(&text, from)
            })
        }
        Motion::Left | Motion::Right => {
            plain(sideways(view, engine, motion == Motion::Right, from))
        }
        Motion::LineStart | Motion::LineEnd => {
            plain(line_edge(view, engine, motion == Motion::LineEnd, from))
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

fn is_rtl(view: &mut View, engine: &mut TextEngine, offset: ByteOffset) -> bool {
    let piece = view.pieces().at(offset);
    view.piece(engine, piece)
        .is_some_and(|piece| piece.layout.is_rtl())
}

fn paragraph_before(text: &crate::text::SourceText, start: ByteOffset) -> ByteOffset {
    let mut line = text.lines().line_at(start);
    while let Some(before) = line.checked_sub(1) {
        line = before;
        let Some(range) = text.line(line) else { break };
        if !text.slice_or_empty(range).trim().is_empty() {
            return boundary::paragraph_at(text, range.start()).start();
        }
    }
    ByteOffset::ZERO
}

fn paragraph_after(text: &crate::text::SourceText, from: ByteOffset) -> ByteOffset {
    let end = boundary::paragraph_at(text, from).end().max(from);
    let mut line = text.lines().line_at(end) + 1;
    while let Some(range) = text.line(line) {
        if !text.slice_or_empty(range).trim().is_empty() {
            return boundary::trim(text, range).start();
        }
        line += 1;
    }
    text.end()
}

/// One cluster to the side on the screen; over the edge of a paragraph to the next one in its direction.
fn sideways(view: &mut View, engine: &mut TextEngine, right: bool, from: ByteOffset) -> ByteOffset {
    let piece_idx = view.pieces().at(from);
    let range = view.pieces().range(piece_idx);
    let Some(piece) = view.piece(engine, piece_idx) else {
        return from;
    };
    let here = Cursor::from_byte_index(
        &piece.layout,
        from.get() - range.start().get(),
        Affinity::Downstream,
    );
    let next = if right {
        here.next_visual(&piece.layout)
    } else {
        here.previous_visual(&piece.layout)
    };
    let moved = ByteOffset::new((range.start().get() + next.index()).min(range.end().get()));
    if moved != from {
        return moved;
    }
    let forward = right != piece.layout.is_rtl();
    if forward && piece_idx + 1 < view.pieces().len() {
        view.pieces().range(piece_idx + 1).start()
    } else if !forward && piece_idx > 0 {
        view.pieces().range(piece_idx - 1).end()
    } else {
        from
    }
}

fn line_edge(view: &mut View, engine: &mut TextEngine, end: bool, from: ByteOffset) -> ByteOffset {
    let piece_idx = view.pieces().at(from);
    let range = view.pieces().range(piece_idx);
    let Some(piece) = view.piece(engine, piece_idx) else {
        return from;
    };
    let at = from.get() - range.start().get();
    let here = Selection::from_byte_index(&piece.layout, at, Affinity::Downstream);
    let edge = if end {
        here.line_end(&piece.layout, false)
    } else {
        here.line_start(&piece.layout, false)
    };
    let mut found = range.start().get() + edge.focus().index();
    if end && found > from.get() && found < range.end().get() {
        // The end of a wrapped line is the start of the next one: stay before the blank that was broken at.
        let text = view.text();
        let before = boundary::prev_grapheme(text, ByteOffset::new(found));
        if text
            .slice_or_empty(crate::text::TextRange::from_bytes(before.get()..found))
            .trim()
            .is_empty()
        {
            found = before.get();
        }
    }
    ByteOffset::new(found.min(range.end().get()))
}

/// Some lines up or down, keeping to the horizontal place.
fn vertical(
    view: &mut View,
    engine: &mut TextEngine,
    from: ByteOffset,
    goal_x: Option<f32>,
    lines: f32,
) -> Moved {
    let mut piece_idx = view.pieces().at(from);
    let line = view
        .setting()
        .map_or(20.0, |setting| setting.size * setting.leading);
    let start = view.pieces().range(piece_idx).start().get();
    let Some(piece) = view.piece(engine, piece_idx) else {
        return Moved {
            offset: from,
            goal_x,
        };
    };
    let caret = Cursor::from_byte_index(&piece.layout, from.get() - start, Affinity::Downstream)
        .geometry(&piece.layout, 1.0);
    let x = goal_x.unwrap_or(caret.x0 as f32);
    let mut y = (caret.y0 + caret.y1) as f32 / 2.0 + lines * line;
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
            offset: from,
            goal_x,
        };
    };
    let offset = if y < 0.0 {
        range.start()
    } else if y >= piece.layout.height() {
        range.end()
    } else {
        let at = Cursor::from_point(&piece.layout, x, y).index();
        ByteOffset::new((range.start().get() + at).min(range.end().get()))
    };
    Moved {
        offset,
        goal_x: Some(x),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        reader::{engine::Setting, style::Face},
        text::SourceText,
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
        };
        view.begin_frame(&setting, 500.0);
        let (mut at, mut goal_x) = (ByteOffset::new(from), None);
        for motion in motions {
            let moved = carry_out(&mut view, &mut engine, *motion, at, goal_x);
            (at, goal_x) = (moved.offset, moved.goal_x);
        }
        let mut shown = text;
        shown.insert(at.get(), '|');
        assert_eq!(shown, expected);
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
